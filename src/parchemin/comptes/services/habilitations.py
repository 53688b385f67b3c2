"""Donner une habilitation, la changer, la suspendre, la reprendre, la résilier, déclarer ses changements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError

from moteur.etats import HABILITATION, passer
from moteur.regles import habilitation as regle
from parchemin.comptes.certifications import certification as certification_publiee
from parchemin.comptes.enums import Action, EtatHabilitation, Mission, TitreHabilitation
from parchemin.comptes.evenements import HabilitationChangee
from parchemin.comptes.models import DeclarationHabilitation, Habilitation, LigneHabilitation, Organisme
from parchemin.comptes.permissions import verifier_peut_tenir_habilitations
from parchemin.comptes.selectors.habilitations import histoire
from parchemin.comptes.services.commun import chaine_organisme, droits_de, propre
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, au_nom_du_moteur


@dataclass(frozen=True, slots=True)
class Portee:
    """Ce que permet une habilitation : ses missions, ses blocs (`None` : la certification entière), son dernier jour."""

    missions: frozenset[Mission]
    blocs: frozenset[str] | None
    dernier_jour: date | None


def donner_habilitation(
    *,
    organisme: UUID,
    certification: str,
    titre: TitreHabilitation,
    missions: Collection[Mission],
    blocs: Collection[str] | None,
    du: date,
    dernier_jour: date | None,
    auteur: Acteur,
    maintenant: datetime,
    convention: str = "",
    signee_le: date | None = None,
) -> UUID:
    """Inscrit une habilitation au registre ; rend son identifiant. La même convention, redite à l'identique, ne change rien.

    Lève `RefusDroit("habilitations_reservees")`, `Introuvable`, et `Refus` : `organisme_ferme`, `certification_inconnue`,
    `bloc_inconnu`, `mission_manquante`, `dates_a_l_envers`, `convention_manquante`, `habilitation_deja_la`.
    """
    verifier_peut_tenir_habilitations(droits_de(auteur, maintenant))
    portee = Portee(frozenset(missions), None if blocs is None else frozenset(blocs), dernier_jour)
    convention = propre(convention)
    if titre == TitreHabilitation.DELEGATAIRE and not (convention and signee_le):
        raise Refus(
            "convention_manquante",
            "Un délégataire agit par convention : dites sa référence et le jour de sa signature.",
        )
    _verifier_portee(certification, portee, du)
    premiere = _ligne(portee, du, EtatHabilitation.EN_VIGUEUR)
    try:
        with acte(
            auteur=auteur,
            maintenant=maintenant,
            action=Action.HABILITATION_DONNEE,
            chaine=chaine_organisme(organisme),
        ) as journal:
            lu = Organisme.objects.select_for_update(of=("self",)).filter(pk=organisme).first()
            if lu is None:
                raise Introuvable("Cet organisme n'existe pas.")
            if lu.ferme_le is not None and lu.ferme_le <= max(du, jour_civil(maintenant)):
                raise Refus("organisme_ferme", f"{lu.nom} est fermé : on ne l'habilite plus.")
            deja = Habilitation.objects.filter(
                organisme=lu, certification=certification, convention=convention, titre=titre, signee_le=signee_le
            ).first()
            if deja is not None and histoire(deja) == (premiere,):
                journal.rien_a_inscrire()
                return deja.pk
            habilitation = Habilitation.objects.create(
                organisme=lu, certification=certification, titre=titre, convention=convention, signee_le=signee_le
            )
            _ecrire(habilitation, premiere, "", auteur, maintenant)
            journal.inscrire(
                objet=("habilitation", habilitation.pk),
                donnees=_dit(premiere)
                | {
                    "organisme": str(organisme),
                    "certification": certification,
                    "titre": str(titre),
                    "convention": convention,
                    "signee_le": signee_le.isoformat() if signee_le else None,
                },
            )
            annoncer(HabilitationChangee(organisme, maintenant))
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "habilitation_une_par_convention":
            raise Refus(
                "habilitation_deja_la",
                "Cette convention est déjà au registre pour cet organisme : ouvrez-la pour la changer.",
            ) from erreur
        raise
    return habilitation.pk


def changer_portee(
    *,
    habilitation: UUID,
    missions: Collection[Mission],
    blocs: Collection[str] | None,
    dernier_jour: date | None,
    effet: date,
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    """Écrit un avenant : missions, blocs ou terme changent à partir du jour `effet`. La même portée ne change rien.

    Lève `RefusDroit`, `Introuvable`, et `Refus` : `bloc_inconnu`, `mission_manquante`, `dates_a_l_envers`,
    `effet_trop_tot`, `habilitation_finie`, `motif_manquant`.
    """
    portee = Portee(frozenset(missions), None if blocs is None else frozenset(blocs), dernier_jour)
    _ajouter(habilitation, portee, None, effet, motif, auteur, maintenant)


def changer_etat(
    *, habilitation: UUID, vers: EtatHabilitation, effet: date, motif: str, auteur: Acteur, maintenant: datetime
) -> None:
    """Suspend, reprend ou résilie à partir du jour `effet`, avec un motif. Y être déjà ne change rien.

    Lève `RefusDroit`, `Introuvable`, et `Refus` : `passage_interdit`, `effet_trop_tot`, `habilitation_finie`,
    `motif_manquant`, `etat_du_calendrier`.
    """
    if vers in (EtatHabilitation.A_VENIR, EtatHabilitation.ECHUE):
        raise Refus("etat_du_calendrier", "Cet état vient tout seul, à la date que dit la convention.")
    _ajouter(habilitation, None, vers, effet, motif, auteur, maintenant)


def declarer_changement(
    *, ligne: int, au_terme: bool, declaree_le: date, auteur: Acteur, maintenant: datetime, reference: str = ""
) -> None:
    """Note qu'un changement a été déclaré à France compétences, tel jour. Le redire ne change rien.

    Lève `RefusDroit("habilitations_reservees")`, `Introuvable`, et `Refus` : `declaration_a_venir`, `rien_a_declarer`.
    """
    verifier_peut_tenir_habilitations(droits_de(auteur, maintenant))
    with acte(auteur=auteur, maintenant=maintenant, action=Action.HABILITATION_DECLAREE) as journal:
        lue = LigneHabilitation.objects.filter(pk=ligne).first()
        if lue is None:
            raise Introuvable("Ce changement n'existe pas.")
        habilitation = _verrouiller(lue.habilitation_id)
        jour = jour_civil(maintenant)
        terme = regle.echeance_naturelle(histoire(habilitation))
        venu = (terme is not None and terme <= jour and lue.rang == habilitation.derniere_ligne) if au_terme else True
        if habilitation.titre != TitreHabilitation.DELEGATAIRE or not venu:
            raise Refus("rien_a_declarer", "Ce changement ne se déclare pas : relisez le registre.")
        if declaree_le > jour:
            raise Refus(
                "declaration_a_venir", "La déclaration est datée d'un jour à venir : donnez le jour où elle est partie."
            )
        if DeclarationHabilitation.objects.filter(ligne=lue, au_terme=au_terme).exists():
            journal.rien_a_inscrire()
            return
        DeclarationHabilitation.objects.create(
            ligne=lue,
            au_terme=au_terme,
            declaree_le=declaree_le,
            reference=propre(reference),
            auteur=auteur.id,
            instant=maintenant,
        )
        journal.inscrire(
            objet=("habilitation", habilitation.pk),
            donnees={
                "rang": lue.rang,
                "au_terme": au_terme,
                "declaree_le": declaree_le.isoformat(),
                "reference": propre(reference),
            },
            chaine=chaine_organisme(habilitation.organisme_id),
        )


def _ajouter(
    cle: UUID,
    portee: Portee | None,
    vers: EtatHabilitation | None,
    effet: date,
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    verifier_peut_tenir_habilitations(droits_de(auteur, maintenant))
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.HABILITATION_CHANGEE) as journal:
        habilitation = _verrouiller(cle)
        lignes = histoire(habilitation)
        derniere = lignes[-1]
        actuelle = Portee(
            frozenset(Mission(mission.value) for mission in derniere.missions), derniere.blocs, derniere.dernier_jour
        )
        etat = EtatHabilitation(derniere.etat.value)
        if (portee or actuelle) == actuelle and (vers or etat) == etat:
            journal.rien_a_inscrire()
            return
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : le registre garde la raison de chaque changement.")
        _verifier_suite(lignes, effet, vers)
        if portee is not None:
            _verifier_portee(habilitation.certification, portee, effet)
        suivante = _ligne(portee or actuelle, effet, vers or etat)
        habilitation.derniere_ligne += 1
        habilitation.save(update_fields=["derniere_ligne"])
        _ecrire(habilitation, suivante, motif, auteur, maintenant)
        journal.inscrire(
            objet=("habilitation", habilitation.pk),
            donnees=_dit(suivante) | {"rang": habilitation.derniere_ligne},
            personnel={"motif": motif},
            chaine=chaine_organisme(habilitation.organisme_id),
        )
        annoncer(HabilitationChangee(habilitation.organisme_id, maintenant))


def _verrouiller(cle: UUID) -> Habilitation:
    ligne = Habilitation.objects.select_for_update(of=("self",)).filter(pk=cle).first()
    if ligne is None:
        raise Introuvable("Cette habilitation n'existe pas.")
    return ligne


def _verifier_suite(lignes: tuple[regle.Ligne, ...], effet: date, vers: EtatHabilitation | None) -> None:
    derniere = lignes[-1]
    if derniere.etat == regle.EtatHabilitation.RESILIEE:
        raise Refus(
            "habilitation_finie", "Cette habilitation est résiliée : une nouvelle convention en ouvre une autre."
        )
    if effet < derniere.effet:
        raise Refus(
            "effet_trop_tot",
            f"La dernière ligne prend effet le {derniere.effet:%d/%m/%Y} : ce changement ne peut pas la précéder.",
        )
    if derniere.dernier_jour is not None and effet > derniere.dernier_jour:
        raise Refus(
            "habilitation_finie",
            f"La convention est à son terme le {derniere.dernier_jour:%d/%m/%Y} : une nouvelle convention en ouvre une autre.",
        )
    if vers is not None:
        with au_nom_du_moteur():
            passer(HABILITATION, derniere.etat.value, vers.value)


def _verifier_portee(certification: str, portee: Portee, effet: date) -> None:
    connue = certification_publiee(certification)
    if connue is None:
        raise Refus("certification_inconnue", "Cette certification n'est pas publiée ici.")
    if portee.blocs is not None and (not portee.blocs or portee.blocs - connue.codes_des_blocs):
        raise Refus("bloc_inconnu", "Choisissez au moins un bloc de la certification, ou la certification entière.")
    if not portee.missions:
        raise Refus("mission_manquante", "Dites ce que l'organisme peut faire : évaluer, préparer, ou les deux.")
    if portee.dernier_jour is not None and portee.dernier_jour < effet:
        raise Refus("dates_a_l_envers", "Le dernier jour ne peut pas précéder la prise d'effet.")


def _ligne(portee: Portee, effet: date, etat: EtatHabilitation) -> regle.Ligne:
    return regle.Ligne(
        effet=effet,
        etat=regle.EtatHabilitation(etat.value),
        missions=frozenset(regle.Mission(mission.value) for mission in portee.missions),
        blocs=portee.blocs,
        dernier_jour=portee.dernier_jour,
    )


def _ecrire(habilitation: Habilitation, ligne: regle.Ligne, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    LigneHabilitation.objects.create(
        habilitation=habilitation,
        rang=habilitation.derniere_ligne,
        effet=ligne.effet,
        etat=ligne.etat.value,
        evaluer=regle.Mission.EVALUER in ligne.missions,
        preparer=regle.Mission.PREPARER in ligne.missions,
        blocs=None if ligne.blocs is None else sorted(ligne.blocs),
        dernier_jour=ligne.dernier_jour,
        motif=motif,
        auteur=auteur.id,
        instant=maintenant,
    )


def _dit(ligne: regle.Ligne) -> dict[str, object]:
    return {
        "effet": ligne.effet.isoformat(),
        "etat": ligne.etat.value,
        "missions": sorted(mission.value for mission in ligne.missions),
        "blocs": None if ligne.blocs is None else sorted(ligne.blocs),
        "dernier_jour": ligne.dernier_jour.isoformat() if ligne.dernier_jour else None,
    }
