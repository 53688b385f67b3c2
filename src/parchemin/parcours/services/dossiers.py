"""Écrire un dossier : inscrire, désigner, changer d'état, abandonner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError

from moteur.etats import DOSSIER, DOSSIER_CLOS
from moteur.referentiel import Referentiel
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Droits, droits, noms, noms_organismes
from parchemin.comptes.services import (
    accueillir_personne,
    chaine_organisme,
    donner_role,
    verifier_organisme_ouvert,
)
from parchemin.parcours.enums import AccesVae, Action, Initiative, Qualite, Voie
from parchemin.parcours.evenements import DossierInscrit, DossierPasse, PersonneDesignee
from parchemin.parcours.models import BlocDemande, Designation, Dossier, EtatCivil
from parchemin.parcours.permissions import (
    INSCRIVENT,
    verifier_hors_de_cause,
    verifier_peut_designer,
    verifier_peut_gerer_dossier,
    verifier_peut_inscrire,
)
from parchemin.parcours.selectors import enregistrement, homonyme_titulaire, titulaire_deja
from parchemin.parcours.services.etapes_vae import ouvrir_la_vae
from parchemin.referentiels.selectors import Fiche, fiche, norme, version_publiee
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage, passer_la_ligne
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_en_clair


def inscrire(
    *,
    candidat: UUID,
    organisme: UUID,
    referentiel: str,
    voie: Voie,
    initiative: Initiative,
    entree_le: date,
    blocs: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
    tuteur: UUID | None = None,
    manager: UUID | None = None,
    recevable_le: date | None = None,
    acces_vae: AccesVae | str = "",
    referent_rh: UUID | None = None,
    importation: UUID | None = None,
    titulaire_admis: bool = False,
) -> Dossier:
    """Inscrit un candidat aux blocs qu'il demande d'une version publiée (`referentiel` : « code@version »).

    Avec un tuteur et un manager, le parcours s'ouvre aussitôt (état `en_parcours`) ; sinon il les attend (`inscrit`).
    Annonce `DossierInscrit`. Lève `RefusDroit("inscription_reservee")`, `Introuvable`, et `Refus` : `bloc_manquant`,
    `bloc_inconnu`, `bloc_en_double`, `entree_avant_enregistrement`, `entree_apres_enregistrement`, `entree_a_venir`,
    `dossier_deja_ouvert`, `recevabilite_en_trop`, `recevabilite_a_venir`, `referent_inconnu`, `deja_titulaire` (sauf `titulaire_admis`), et les
    refus de `nommer_tuteur_manager`.

    `recevable_le` : le jour où la VAE a été déclarée recevable ; c'est lui qui doit tomber pendant l'enregistrement. Sans
    lui, la recevabilité est à décider (état `recevabilite`), et `entree_le` est le jour où la demande complète fut reçue.
    `acces_vae` : pendant un congé ou non, si on le sait. `importation` : l'import de candidats dont c'est une ligne.
    """
    voie, acces_vae = Voie(voie), AccesVae(acces_vae) if acces_vae else ""
    jour = jour_civil(maintenant)
    code, _, numero = referentiel.partition("@")
    siens = droits(auteur, jour)
    verifier_peut_inscrire(siens, organisme, code)
    version = version_publiee(auteur, code, numero)
    rangs = _rangs_des_blocs(norme(auteur, version.empreinte), blocs)
    verifier_recevabilite(voie, recevable_le, acces_vae)
    verifier_entree(fiche(auteur, version), version.nom(), jour, entree_le, recevable_le)
    if candidat not in noms(auteur, [candidat]):
        raise Introuvable("Ce candidat n'est pas enregistré.")
    if organisme not in noms_organismes(auteur, [organisme]):
        raise Introuvable("Cet organisme n'est pas enregistré.")
    verifier_referent(candidat, organisme, referent_rh, jour)
    if not titulaire_admis:
        _verifier_titulaire(candidat, version.nom(), auteur)
    try:
        with acte(
            auteur=auteur, maintenant=maintenant, action=Action.DOSSIER_INSCRIT, chaine=chaine_organisme(organisme)
        ) as journal:
            verifier_organisme_ouvert(organisme, jour)
            dossier = Dossier.objects.create(
                candidat_id=candidat,
                organisme_id=organisme,
                referentiel_code=version.code,
                referentiel_version=version.version,
                norme_empreinte=version.empreinte,
                voie=voie,
                initiative=Initiative(initiative),
                entree_le=entree_le,
                recevable_le=recevable_le,
                acces_vae=acces_vae,
                referent_rh_id=referent_rh,
                importation_id=importation,
                etat=DOSSIER.depart,
                depuis=maintenant,
                ouvert=True,
                inscrit_le=maintenant,
            )
            BlocDemande.objects.bulk_create(
                BlocDemande(dossier=dossier, code=bloc, rang=rang) for bloc, rang in rangs.items()
            )
            inscrire_passage(dossier, auteur=auteur, maintenant=maintenant)
            ouvert_en = ouvrir_la_vae(dossier, auteur=auteur, maintenant=maintenant) if voie == Voie.VAE else "inscrit"
            passer(dossier, ouvert_en, auteur, maintenant)
            donner_role(
                personne=candidat,
                nature=NatureRole.CANDIDAT,
                organisme=organisme,
                certification=borne(siens, organisme, code),
                auteur=auteur,
                maintenant=maintenant,
            )
            if tuteur is not None or manager is not None:
                designer(dossier, tuteur, manager, auteur, maintenant)
            journal.inscrire(
                objet=("dossier", dossier.pk),
                donnees={
                    "candidat": candidat,
                    "referentiel": version.nom(),
                    "norme": version.empreinte,
                    "blocs": list(rangs),
                    "voie": dossier.voie,
                    "initiative": dossier.initiative,
                    "entree_le": entree_le,
                    "tuteur": tuteur,
                    "manager": manager,
                }
                | ({"recevable_le": recevable_le, "acces_vae": str(acces_vae)} if recevable_le else {})
                | ({"referent_rh": referent_rh} if referent_rh else {})
                | {
                    "etat": dossier.etat,
                },
            )
            annoncer(DossierInscrit(dossier.pk))
    except IntegrityError as erreur:
        if contrainte_violee(erreur) == "dossier_un_ouvert_par_version":
            raise Refus(
                "dossier_deja_ouvert",
                "Ce candidat a déjà un dossier ouvert pour cette version : ouvrez-le, ou abandonnez-le d'abord.",
            ) from erreur
        raise
    return dossier


def inscrire_nouveau(
    *,
    prenom: str,
    nom: str,
    courriel_pro: str,
    homonyme_admis: bool,
    organisme: UUID,
    referentiel: str,
    voie: Voie,
    initiative: Initiative,
    entree_le: date,
    blocs: Sequence[str],
    auteur: Acteur,
    maintenant: datetime,
    tuteur: UUID | None = None,
    manager: UUID | None = None,
    recevable_le: date | None = None,
    acces_vae: AccesVae | str = "",
    referent_rh: UUID | None = None,
    titulaire_admis: bool = False,
) -> Dossier:
    """Enregistre une personne et l'inscrit, tout ou rien.

    Mêmes refus qu'`inscrire`, `homonyme_titulaire` (sauf `titulaire_admis`), et ceux de `comptes.services.accueillir_personne` (`homonyme`, `courriel_deja_pris`).
    """
    verifier_peut_inscrire(droits(auteur, jour_civil(maintenant)), organisme, referentiel.partition("@")[0])
    if not titulaire_admis and homonyme_titulaire(auteur, prenom, nom, referentiel):
        raise Refus(
            "homonyme_titulaire",
            "Le registre des années papier tient une personne de ce nom pour cette certification. Si c'est elle, demandez au "
            "certificateur de l'inscrire sous sa fiche : ses blocs y compteront. Si c'en est une autre, dites-le et recommencez.",
        )
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DOSSIER_INSCRIT) as journal:
        personne = accueillir_personne(
            prenom=prenom,
            nom=nom,
            courriel_pro=courriel_pro,
            homonyme_admis=homonyme_admis,
            nature=NatureRole.CANDIDAT,
            organisme=organisme,
            certification=borne(droits(auteur, jour_civil(maintenant)), organisme, referentiel.partition("@")[0]),
            auteur=auteur,
            maintenant=maintenant,
        )
        dossier = inscrire(
            candidat=personne.pk,
            organisme=organisme,
            referentiel=referentiel,
            voie=voie,
            initiative=initiative,
            entree_le=entree_le,
            blocs=blocs,
            tuteur=tuteur,
            manager=manager,
            recevable_le=recevable_le,
            acces_vae=acces_vae,
            referent_rh=referent_rh,
            titulaire_admis=titulaire_admis,
            auteur=auteur,
            maintenant=maintenant,
        )
        journal.rien_a_inscrire()  # chaque acte du dessous a son entrée
    return dossier


def nommer_tuteur_manager(
    *, dossier: UUID, tuteur: UUID, manager: UUID, auteur: Acteur, maintenant: datetime
) -> Dossier:
    """Nomme (ou remplace) le tuteur et le manager ; ouvre le parcours s'il ne l'était pas. Redire ne change rien.

    Les attestations déjà données par la personne remplacée restent, sous son nom.
    Lève `RefusDroit("dossier_reserve" | "cause_propre")`, `Introuvable`, `Refus("dossier_clos" | "tuteur_est_manager" |
    "candidat_designe" | "personne_inconnue")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DESIGNATION) as journal:
        ligne = verrouiller(dossier)
        siens = droits(auteur, jour_civil(maintenant))
        verifier_peut_designer(siens, ligne.organisme_id, ligne.referentiel_code)
        if (ligne.tuteur_id, ligne.manager_id) == (tuteur, manager):
            journal.rien_a_inscrire()
            return ligne
        avant = (ligne.tuteur_id, ligne.manager_id)
        # Qui atteste ne choisit pas l'autre voix ; il peut se retirer, ou être nommé.
        verifier_hors_de_cause(
            siens,
            ligne.candidat_id,
            ligne.tuteur_id if ligne.manager_id not in (None, manager) else None,
            ligne.manager_id if ligne.tuteur_id not in (None, tuteur) else None,
        )
        designer(ligne, tuteur, manager, auteur, maintenant)
        journal.inscrire(
            objet=("dossier", ligne.pk),
            donnees={
                "tuteur": tuteur,
                "manager": manager,
                "tuteur_precedent": avant[0],
                "manager_precedent": avant[1],
                "etat": ligne.etat,
            },
            chaine=chaine_organisme(ligne.organisme_id),
        )
    return ligne


def passer_etat(*, dossier: UUID, vers: str, auteur: Acteur, maintenant: datetime, motif: str = "") -> Dossier:
    """Passe un dossier à un autre état de `moteur.etats.DOSSIER`. Y être déjà ne change rien.

    Le droit est celui de l'acte qui l'entraîne : la capacité appelante l'a vérifié.
    Lève `Introuvable`, `Refus("passage_interdit" | "etat_inconnu")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ETAT_PASSE) as journal:
        ligne = verrouiller(dossier)
        if ligne.etat == vers:
            journal.rien_a_inscrire()
            return ligne
        _passer_et_inscrire(ligne, vers, motif, auteur, maintenant, journal)
    return ligne


def abandonner(*, dossier: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> Dossier:
    """Clôt un dossier sans résultat, avec son motif. Abandonner deux fois ne change rien.

    Lève `RefusDroit("dossier_reserve")`, `Introuvable`, `Refus("motif_manquant" | "passage_interdit")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.DOSSIER_ABANDONNE) as journal:
        ligne = verrouiller(dossier)
        verifier_peut_gerer_dossier(droits(auteur, jour_civil(maintenant)), ligne.organisme_id, ligne.referentiel_code)
        if ligne.etat == "abandonne":
            journal.rien_a_inscrire()
            return ligne
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi ce dossier est abandonné : le candidat le lira.")
        _passer_et_inscrire(ligne, "abandonne", motif, auteur, maintenant, journal)
    return ligne


def suivre_fusion(alias: UUID, gardee: UUID) -> None:
    """Deux fiches n'en font plus qu'une : la place courante de l'une dans les dossiers passe à l'autre.

    Les désignations, les passages, les attestations restent au nom de qui les a faits. Dans la transaction de la fusion, dont
    l'entrée de journal dit les deux identifiants.
    """
    for champ in ("candidat", "tuteur", "manager", "referent_rh"):
        tenus = Dossier.objects.select_for_update(of=("self",)).filter(**{champ: alias}).order_by("pk")
        Dossier.objects.filter(pk__in=[dossier.pk for dossier in tenus]).update(**{champ: gardee})
    if not EtatCivil.objects.filter(candidat_id=gardee).exists():
        EtatCivil.objects.filter(candidat_id=alias).update(candidat_id=gardee)


# Les règles de l'inscription ----------------------------------------------------------------------------------------


def _rangs_des_blocs(arbre: Referentiel, demandes: Sequence[str]) -> dict[str, int]:
    """Le rang de chaque bloc demandé, dans l'ordre du référentiel."""
    connus = [bloc.code for bloc in arbre.blocs]
    if not demandes:
        raise Refus("bloc_manquant", "Choisissez au moins un bloc.")
    inconnus = sorted(set(demandes) - set(connus))
    if inconnus:
        raise Refus("bloc_inconnu", f"Ce référentiel n'a pas de bloc {', '.join(inconnus)}.")
    if len(set(demandes)) != len(demandes):
        raise Refus("bloc_en_double", "Le même bloc est demandé deux fois.")
    return {code: rang for rang, code in enumerate(connus, start=1) if code in demandes}


def verifier_recevabilite(voie: Voie, recevable_le: date | None, acces_vae: str) -> None:
    """Seule une VAE est déclarée recevable (R6412-4) ; sans cette date, sa demande attend encore la réponse."""
    if voie != Voie.VAE and (recevable_le or acces_vae):
        raise Refus(
            "recevabilite_en_trop",
            "Seule une VAE est déclarée recevable : videz ces champs, ou choisissez la voie VAE.",
        )


def _verifier_titulaire(candidat: UUID, version: str, auteur: Acteur) -> None:
    """Qui tient déjà la certification n'y est pas réinscrit sans qu'on le sache."""
    deja = titulaire_deja(auteur, candidat, version)
    if deja is not None:
        session = f", session {deja.session}" if deja.session else ""
        raise Refus(
            "deja_titulaire",
            f"Cette personne tient déjà cette certification (parchemin n° {deja.numero}{session}) : tous ses blocs sont acquis. "
            "Pour l'inscrire malgré tout, dites-le et recommencez.",
        )


def verifier_referent(candidat: UUID, organisme: UUID, referent: UUID | None, jour: date) -> None:
    """Le référent RH tient ce jour-là les ressources humaines de l'organisme ; ce n'est pas le candidat."""
    if referent is None:
        return
    if referent == candidat or not droits(Acteur(referent), jour).couvre(NatureRole.RH, organisme):
        raise Refus(
            "referent_inconnu",
            "Le référent RH tient les ressources humaines de cet organisme, et n'est pas le candidat : "
            "donnez-lui d'abord ce rôle, ou laissez vide.",
        )


def verifier_entree(identite: Fiche, version: str, jour: date, entree_le: date, recevable_le: date | None) -> None:
    """L'entrée en formation tombe pendant l'enregistrement au RNCP : sans cela, pas de droit au titre.

    Code du travail, article L6113-9 : un titulaire se prévaut de l'enregistrement si la certification était en vigueur à
    la date où il est **entré en formation** (ou à celle où sa VAE a été déclarée recevable). Une date inconnue de la
    fiche n'arrête personne. Aucune des deux dates n'est à venir.
    """
    if recevable_le is not None and recevable_le > jour:
        raise Refus("recevabilite_a_venir", "Cette date de recevabilité n'est pas encore venue.")
    ouvre_droit = recevable_le or entree_le
    borne, nom = enregistrement(identite), identite.valeur("rncp") or version
    if borne.debut is not None and borne.pas_encore(ouvre_droit):
        raise Refus(
            "entree_avant_enregistrement",
            f"L'enregistrement {nom} commence le {date_en_clair(borne.debut)}. Qui est entré avant ne peut pas s'en prévaloir "
            "(code du travail, article L6113-9) : vérifiez la date, ou choisissez la version en vigueur ce jour-là.",
        )
    if borne.fin is not None and borne.plus(ouvre_droit):
        raise Refus(
            "entree_apres_enregistrement",
            f"L'enregistrement {nom} a pris fin le {date_en_clair(borne.fin)}. Qui entre après ne peut pas s'en prévaloir "
            "(code du travail, article L6113-9) : vérifiez la date, ou attendez la version suivante.",
        )
    if entree_le > jour:
        raise Refus("entree_a_venir", "La date d'entrée n'est pas encore passée : inscrivez le candidat ce jour-là.")


# Les gestes sur un dossier verrouillé -------------------------------------------------------------------------------


def verrouiller_dossier(dossier: UUID) -> None:
    """Verrouille le dossier jusqu'à la fin de la transaction : ce qu'on y décide ne se croise pas. Lève `Introuvable`."""
    verrouiller(dossier)


def verrouiller(dossier: UUID) -> Dossier:
    """La ligne du dossier, verrouillée jusqu'à la fin de la transaction. Lève `Introuvable`."""
    ligne = Dossier.objects.select_for_update(of=("self",)).filter(pk=dossier).first()
    if ligne is None:
        raise Introuvable
    return ligne


def designer(dossier: Dossier, tuteur: UUID | None, manager: UUID | None, auteur: Acteur, maintenant: datetime) -> None:
    """Désigne sur un dossier verrouillé ; ouvre le parcours s'il les attendait. Lève les refus de `nommer_tuteur_manager`."""
    if not dossier.ouvert:
        raise Refus("dossier_clos", "Ce dossier est clos : on n'y désigne plus personne.")
    if tuteur is not None and tuteur == manager:
        raise Refus("tuteur_est_manager", "Le tuteur et le manager sont deux personnes : chacun atteste de son côté.")
    if dossier.candidat_id in (tuteur, manager):
        raise Refus("candidat_designe", "Le candidat ne peut être ni son tuteur ni son manager.")
    designees = [(q, p) for q, p in ((Qualite.TUTEUR, tuteur), (Qualite.MANAGER, manager)) if p is not None]
    connues = noms(auteur, [p for _, p in designees])
    certification = borne(droits(auteur, jour_civil(maintenant)), dossier.organisme_id, dossier.referentiel_code)
    for qualite, personne in designees:
        if personne not in connues:
            raise Refus(
                "personne_inconnue", f"La personne choisie comme {qualite.label.lower()} n'est pas enregistrée."
            )
        actuelle = dossier.tuteur_id if qualite == Qualite.TUTEUR else dossier.manager_id
        if personne == actuelle:
            continue
        donner_role(
            personne=personne,
            nature=NatureRole(qualite.value),
            organisme=dossier.organisme_id,
            certification=certification,
            auteur=auteur,
            maintenant=maintenant,
        )
        Designation.objects.create(
            dossier=dossier, qualite=qualite, personne_id=personne, auteur=auteur.id, instant=maintenant
        )
        annoncer(PersonneDesignee(dossier.pk, personne, qualite.value, maintenant))
    dossier.tuteur_id, dossier.manager_id = tuteur, manager
    dossier.save(update_fields=["tuteur", "manager"])
    if dossier.etat == "inscrit" and tuteur is not None and manager is not None:
        passer(dossier, "en_parcours", auteur, maintenant)


def borne(siens: Droits, organisme: UUID, code: str) -> str:
    """La certification à laquelle borner un rôle donné ici : aucune, sauf si l'auteur ne tient que celle-là."""
    return "" if any(siens.couvre(nature, organisme) for nature in INSCRIVENT) else code


def _passer_et_inscrire(
    dossier: Dossier, vers: str, motif: str, auteur: Acteur, maintenant: datetime, journal: Journal
) -> None:
    de = dossier.etat
    passer(dossier, vers, auteur, maintenant, motif)
    journal.inscrire(
        objet=("dossier", dossier.pk),
        donnees={"de": de, "vers": vers},
        personnel={"motif": motif} if motif else None,
        chaine=chaine_organisme(dossier.organisme_id),
    )
    annoncer(DossierPasse(dossier.pk, vers))


def passer(dossier: Dossier, vers: str, auteur: Acteur, maintenant: datetime, motif: str = "") -> None:
    """Passe un dossier verrouillé à un autre état, et l'ajoute à son histoire. Lève `Refus("passage_interdit")`."""
    ouvert = vers not in DOSSIER_CLOS
    passer_la_ligne(
        DOSSIER, dossier, vers, auteur=auteur, maintenant=maintenant, motif=motif, depuis=maintenant, ouvert=ouvert
    )
