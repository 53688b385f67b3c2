"""Passer un dossier d'un organisme à un autre : l'un propose, l'autre accueille ou refuse ; ce qui est fait reste."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits, noms_organismes
from parchemin.comptes.services import chaine_organisme, donner_role, verifier_organisme_ouvert
from parchemin.parcours.enums import Action, EtatMutation
from parchemin.parcours.evenements import MutationProposee, MutationTranchee
from parchemin.parcours.models import Dossier, Mutation
from parchemin.parcours.permissions import verifier_peut_accueillir, verifier_peut_ceder
from parchemin.parcours.services.dossiers import borne, designer, verifier_referent, verrouiller
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus


def proposer_mutation(*, dossier: UUID, vers: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> UUID:
    """Propose à un autre organisme de reprendre ce dossier ; rien ne bouge avant son accord. Le redire rend la même.

    Lève `RefusDroit("dossier_reserve" | "cause_propre")`, `Introuvable`, `Refus` : `dossier_clos`, `motif_manquant`,
    `meme_organisme`, `mutation_en_cours`, `organisme_ferme`.
    """
    motif = motif.strip()
    jour = jour_civil(maintenant)
    if vers not in noms_organismes(auteur, [vers]):
        raise Introuvable("Cet organisme n'est pas enregistré.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.MUTATION_PROPOSEE) as journal:
        ligne = verrouiller(dossier)
        verifier_peut_ceder(droits(auteur, jour), ligne.organisme_id, ligne.referentiel_code, ligne.candidat_id)
        if not ligne.ouvert:
            raise Refus("dossier_clos", "Ce dossier est clos : il reste où il est.")
        if vers == ligne.organisme_id:
            raise Refus("meme_organisme", "Le dossier est déjà dans cet organisme.")
        en_cours = Mutation.objects.filter(dossier=ligne, etat=EtatMutation.PROPOSEE).first()
        if en_cours is not None and en_cours.vers_id == vers:
            journal.rien_a_inscrire()
            return en_cours.pk
        if en_cours is not None:
            raise Refus("mutation_en_cours", "Une mutation attend déjà une réponse : retirez-la d'abord.")
        if not motif:
            raise Refus(
                "motif_manquant", "Dites pourquoi ce dossier change d'organisme : l'autre gestionnaire le lira."
            )
        verifier_organisme_ouvert(vers, jour)
        mutation = Mutation.objects.create(
            dossier=ligne,
            de_id=ligne.organisme_id,
            vers_id=vers,
            motif=motif,
            proposee_par=auteur.id,
            proposee_le=maintenant,
        )
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"mutation": mutation.pk, "de": ligne.organisme_id, "vers": vers},
            personnel={"motif": motif},
            chaine=chaine_organisme(ligne.organisme_id),
        )
        annoncer(MutationProposee(mutation.pk, maintenant))
    return mutation.pk


def retirer_mutation(*, mutation: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """L'organisme qui la propose la retire. La retirer deux fois ne change rien.

    Lève `RefusDroit("dossier_reserve" | "cause_propre")`, `Introuvable`, `Refus("mutation_tranchee")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.MUTATION_RETIREE) as journal:
        dossier, ligne = _tenir(mutation)
        siens = droits(auteur, jour_civil(maintenant))
        verifier_peut_ceder(siens, ligne.de_id, dossier.referentiel_code, dossier.candidat_id)
        if ligne.etat == EtatMutation.RETIREE:
            journal.rien_a_inscrire()
            return
        _trancher(ligne, EtatMutation.RETIREE, auteur, maintenant)
        journal.inscrire(
            objet=("dossier", dossier.pk),
            donnees={"mutation": ligne.pk, "vers": ligne.vers_id},
            chaine=chaine_organisme(ligne.de_id),
        )


def refuser_mutation(*, mutation: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """L'organisme d'accueil refuse, en disant pourquoi ; le dossier reste où il est. Le redire ne change rien.

    Lève `RefusDroit("accueil_reserve" | "cause_propre")`, `Introuvable`, `Refus` : `motif_manquant`, `mutation_tranchee`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.MUTATION_REFUSEE) as journal:
        dossier, ligne = _tenir(mutation)
        siens = droits(auteur, jour_civil(maintenant))
        verifier_peut_accueillir(siens, ligne.vers_id, dossier.referentiel_code, dossier.candidat_id)
        if ligne.etat == EtatMutation.REFUSEE:
            journal.rien_a_inscrire()
            return
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : l'organisme qui propose le lira.")
        ligne.reponse = motif
        _trancher(ligne, EtatMutation.REFUSEE, auteur, maintenant)
        journal.inscrire(
            objet=("dossier", dossier.pk),
            donnees={"mutation": ligne.pk, "vers": ligne.vers_id},
            personnel={"motif": motif},
            chaine=chaine_organisme(ligne.de_id),
        )


def accueillir(
    *,
    mutation: UUID,
    tuteur: UUID | None,
    manager: UUID | None,
    referent_rh: UUID | None,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    """L'organisme d'accueil reprend le dossier, et dit qui accompagne. Le redire ne change rien.

    Un dossier qui avait un tuteur et un manager en a toujours : sans eux, plus personne n'aurait la main ; qui n'est pas nommé de
    nouveau n'accompagne plus. Les rôles de chacun
    valent dès lors dans le nouvel organisme ; ceux de l'ancien ne s'y ôtent pas, mais n'ouvrent plus ce dossier. Annonce
    `MutationTranchee`. Lève `RefusDroit("accueil_reserve" | "cause_propre")`, `Introuvable`, `Refus` : `mutation_tranchee`,
    `dossier_clos`, `accompagnants_manquants`, `organisme_ferme`, `referent_inconnu`, et ceux de `nommer_tuteur_manager`.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.MUTATION_ACCUEILLIE) as journal:
        dossier, ligne = _tenir(mutation)
        siens = droits(auteur, jour)
        verifier_peut_accueillir(siens, ligne.vers_id, dossier.referentiel_code, dossier.candidat_id)
        if ligne.etat == EtatMutation.ACCUEILLIE:
            journal.rien_a_inscrire()
            return
        if not dossier.ouvert:
            raise Refus("dossier_clos", "Ce dossier s'est clos entre-temps : il reste où il est.")
        accompagne = dossier.tuteur_id is not None and dossier.manager_id is not None
        if accompagne and (tuteur is None or manager is None):
            raise Refus(
                "accompagnants_manquants", "Nommez le tuteur et le manager : sans eux, rien ne s'attesterait plus."
            )
        verifier_referent(dossier.candidat_id, ligne.vers_id, referent_rh, jour)
        verifier_organisme_ouvert(ligne.vers_id, jour)
        avant = (dossier.tuteur_id, dossier.manager_id)
        dossier.organisme_id, dossier.referent_rh_id = ligne.vers_id, referent_rh
        dossier.save(update_fields=["organisme", "referent_rh"])
        certification = borne(siens, ligne.vers_id, dossier.referentiel_code)
        for nature, personne in (
            (NatureRole.CANDIDAT, dossier.candidat_id),
            (NatureRole.TUTEUR, tuteur),
            (NatureRole.MANAGER, manager),
        ):
            if personne is not None:
                donner_role(
                    personne=personne,
                    nature=nature,
                    organisme=ligne.vers_id,
                    certification=certification,
                    auteur=auteur,
                    maintenant=maintenant,
                )
        designer(dossier, tuteur, manager, auteur, maintenant)  # qui n'est pas nommé ici n'accompagne plus
        _trancher(ligne, EtatMutation.ACCUEILLIE, auteur, maintenant)
        donnees = {
            "mutation": ligne.pk,
            "de": ligne.de_id,
            "vers": ligne.vers_id,
            "tuteur": tuteur,
            "manager": manager,
            "tuteur_precedent": avant[0],
            "manager_precedent": avant[1],
        } | ({"referent_rh": referent_rh} if referent_rh else {})
        journal.inscrire(objet=("dossier", dossier.pk), donnees=donnees, chaine=chaine_organisme(ligne.vers_id))
        with acte(auteur=auteur, maintenant=maintenant, action=Action.MUTATION_ACCUEILLIE) as chez_l_ancien:
            chez_l_ancien.inscrire(
                objet=("dossier", dossier.pk),
                donnees={"mutation": ligne.pk, "de": ligne.de_id, "vers": ligne.vers_id},
                chaine=chaine_organisme(ligne.de_id),
            )


def _tenir(mutation: UUID) -> tuple[Dossier, Mutation]:
    """Verrouille le dossier, puis la mutation. Lève `Introuvable`."""
    lue = Mutation.objects.filter(pk=mutation).first()
    if lue is None:
        raise Introuvable
    dossier = verrouiller(lue.dossier_id)
    return dossier, Mutation.objects.select_for_update(of=("self",)).get(pk=mutation)


def _trancher(ligne: Mutation, etat: EtatMutation, auteur: Acteur, maintenant: datetime) -> None:
    if ligne.etat != EtatMutation.PROPOSEE:
        raise Refus("mutation_tranchee", f"Cette mutation est déjà {EtatMutation(ligne.etat).label.lower()}.")
    ligne.etat, ligne.tranchee_par, ligne.tranchee_le = etat, auteur.id, maintenant
    ligne.save(update_fields=["etat", "reponse", "tranchee_par", "tranchee_le"])
    annoncer(MutationTranchee(ligne.pk, maintenant))
