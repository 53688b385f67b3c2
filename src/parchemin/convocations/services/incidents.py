"""Les incidents : signaler suspend l'épreuve ; le gestionnaire tranche, et la table du règlement dit la conséquence ; après les sceaux, on consigne."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from moteur.regles.incident import GenreIncident as GenreDuMoteur
from moteur.regles.incident import Suite, consequence
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import (
    APRES_LES_SCEAUX,
    ATTENDENT,
    AVANT_L_EPREUVE,
    Action,
    GenreIncident,
    SuiteIncident,
)
from parchemin.convocations.evenements import EpreuvePlanifiee, IncidentConsigne, IncidentSignale, IncidentTranche
from parchemin.convocations.models import Epreuve, Incident, SuiteDIncident
from parchemin.convocations.permissions import verifier_peut_planifier, verifier_peut_signaler
from parchemin.convocations.selectors import (
    VueEpreuve,
    epreuve_par_id,
    incidents_consignables,
    incidents_ouverts,
    incidents_signalables,
    table_des_incidents,
)
from parchemin.convocations.services.epreuves import installer, ouvrir
from parchemin.convocations.services.passages import passer_ligne, verrouiller
from parchemin.convocations.services.places import Place, place_verifiee
from parchemin.convocations.services.preavis import verifier_preavis
from parchemin.parcours.services import verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus, au_nom_du_moteur


def signaler_incident(*, epreuve: UUID, genre: GenreIncident, motif: str, auteur: Acteur, maintenant: datetime) -> UUID:
    """Signale ce qui empêche l'épreuve d'aller au bout, et la suspend ; rend l'incident. Redire ne change rien.

    Ouvert aux évaluateurs de l'épreuve et à son gestionnaire. Les gestes déjà faits, et ceux qu'un appareil sans réseau
    enverra encore, restent reçus. Lève `Introuvable`, `RefusDroit("signalement_reserve")`, et `Refus` :
    `motif_manquant`, `incident_hors_de_propos`, `incident_trop_tot`.
    """
    genre, motif = GenreIncident(genre), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INCIDENT_SIGNALE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_signaler(auteur, droits(auteur, jour_civil(maintenant)), vue)
        ouverts = incidents_ouverts(epreuve)
        deja = next((i for i in ouverts if i.genre == genre and i.auteur == auteur.id), None)
        if deja is not None:
            journal.rien_a_inscrire()
            return deja.pk
        _verifier_a_propos(auteur, vue, genre, maintenant)
        if not motif:
            raise Refus("motif_manquant", "Dites ce qui s'est passé : le gestionnaire le lira pour décider.")
        incident = Incident.objects.create(
            epreuve=ligne,
            genre=genre,
            motif=motif,
            auteur=auteur.id,
            le=maintenant,
            etat_avant=ouverts[0].etat_avant if ouverts else ligne.etat,
        )
        if ligne.etat != "suspendue":
            passer_ligne(ligne, "suspendue", auteur, maintenant, "")
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"incident": incident.pk, "de": incident.etat_avant, "vers": "suspendue"},
            personnel={"genre": genre.value, "motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(IncidentSignale(incident.pk, ligne.pk, vue.dossier.id, maintenant))
    return incident.pk


def consigner_incident(
    *, epreuve: UUID, genre: GenreIncident, motif: str, auteur: Acteur, maintenant: datetime
) -> UUID:
    """Consigne un incident appris après les deux sceaux ; rend l'incident. Redire mot pour mot n'ajoute rien.

    Rien n'est suspendu : les lectures, l'accord et le résultat restent ce qu'ils sont ; le jury lit l'incident. Ouvert aux
    évaluateurs de l'épreuve et à son gestionnaire. Lève `Introuvable`, `RefusDroit("signalement_reserve")`, et `Refus` :
    `motif_manquant`, `incident_hors_de_propos`.
    """
    genre, motif = GenreIncident(genre), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INCIDENT_CONSIGNE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_signaler(auteur, droits(auteur, jour_civil(maintenant)), vue)
        if genre not in incidents_consignables(auteur, vue, maintenant):
            raise Refus(
                "incident_hors_de_propos",
                "Cet incident ne se consigne qu'après les deux lectures, et s'il peut arriver dans cette épreuve.",
            )
        if not motif:
            raise Refus("motif_manquant", "Dites ce qui s'est passé : le gestionnaire et le jury le liront.")
        dits = Incident.objects.filter(epreuve=ligne, genre=genre, motif=motif, auteur=auteur.id)
        deja = dits.filter(etat_avant__in=APRES_LES_SCEAUX).first()
        if deja is not None:
            journal.rien_a_inscrire()
            return deja.pk
        incident = Incident.objects.create(
            epreuve=ligne, genre=genre, motif=motif, auteur=auteur.id, le=maintenant, etat_avant=ligne.etat
        )
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"incident": incident.pk, "pendant": ligne.etat},
            personnel={"genre": genre.value, "motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(IncidentConsigne(incident.pk, ligne.pk, vue.dossier.id, auteur.id, maintenant))
    return incident.pk


def _verifier_a_propos(auteur: Acteur, epreuve: VueEpreuve, genre: GenreIncident, maintenant: datetime) -> None:
    if genre not in incidents_signalables(auteur, epreuve, maintenant):
        raise Refus("incident_hors_de_propos", _hors_de_propos(epreuve, genre))
    if genre == GenreIncident.ABSENT and maintenant < epreuve.prevue_le:
        raise Refus("incident_trop_tot", "L'heure de l'épreuve n'est pas passée : le candidat n'est pas encore absent.")


def _hors_de_propos(epreuve: VueEpreuve, genre: GenreIncident) -> str:
    if epreuve.etat not in ATTENDENT:
        return (
            "L'épreuve n'est plus en cours : un incident ne la suspend plus. Après les deux lectures, il se consigne."
        )
    if genre in (GenreIncident.ABSENT, GenreIncident.EXCUSE):
        return "Des gestes sont déjà notés : le candidat était là. Signalez plutôt que l'épreuve a dû s'interrompre."
    return "Cet incident ne peut pas arriver dans l'épreuve de ce bloc."


def trancher_incident(
    *,
    epreuve: UUID,
    suite: SuiteIncident,
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
    prevue_le: datetime | None = None,
    lieu: str = "",
    salle: UUID | None = None,
    malgre: bool = False,
) -> UUID:
    """Donne sa suite à une épreuve suspendue ; rend l'épreuve où l'on continue : la même, ou la nouvelle.

    La conséquence vient de la table du règlement. Replanifier veut une date (ni `salle` ni `lieu` : la même place). Redire la même
    suite ne change rien. Lève `Introuvable`, `RefusDroit("planification_reservee")`, et `Refus` : `motif_manquant`,
    `date_manquante`, `date_passee`, `suite_interdite`, `sans_incident`, `dossier_clos`, `conflit`, `avertissements`,
    `convocation_impossible` (la même épreuve, un autre jour : ses évaluateurs gardent leur préavis).
    """
    suite, motif, lieu = SuiteIncident(suite), motif.strip(), lieu.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.INCIDENT_TRANCHE) as journal:
        ligne = verrouiller(epreuve)
        verrouiller_dossier(ligne.dossier_id)  # l'épreuve, puis son dossier, comme qui établit un résultat
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        ouverts = incidents_ouverts(epreuve)
        if not ouverts:
            derniere = SuiteDIncident.objects.filter(incident__epreuve=ligne).order_by("-le").first()
            if derniere is not None and derniere.suite == suite:
                journal.rien_a_inscrire()
                return derniere.nouvelle_id or ligne.pk
            raise Refus("sans_incident", "Aucun incident n'attend de suite : quelqu'un a peut-être déjà décidé.")
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : le candidat le lira.")
        voulue = _consequence(auteur, vue, ouverts, suite, maintenant)
        if suite == SuiteIncident.REPLANIFIER:
            quand = _verifier_date(vue, prevue_le, maintenant)
            ou = salle or (None if lieu else ligne.salle_id)
            if voulue is None:
                verifier_preavis(auteur, vue, quand, ou, maintenant)
            place = place_verifiee(
                dossier=vue.dossier,
                bloc=vue.bloc,
                prevue_le=quand,
                salle=ou,
                lieu=lieu or ligne.lieu,
                evaluateurs={} if voulue else {e.qualite: e.personne for e in vue.evaluateurs},
                malgre=malgre,
                auteur=auteur,
                maintenant=maintenant,
                epreuve=ligne.pk,
            )
        nouvelle: Epreuve | None = None
        vers = voulue or _retour(vue, ouverts[0].etat_avant, suite)
        passer_ligne(ligne, vers, auteur, maintenant, motif)
        if suite == SuiteIncident.REPLANIFIER and voulue is None:
            installer(ligne, place)
            annoncer(EpreuvePlanifiee(ligne.pk, vue.dossier.id, vue.bloc, quand))
        elif suite == SuiteIncident.REPLANIFIER:
            nouvelle = _remplacer(ligne, vue, place, auteur, maintenant)
        SuiteDIncident.objects.bulk_create(
            SuiteDIncident(
                incident=incident, suite=suite, motif=motif, auteur=auteur.id, le=maintenant, nouvelle=nouvelle
            )
            for incident in ouverts
        )
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={
                "incidents": [incident.pk for incident in ouverts],
                "suite": suite,
                "vers": vers,
                "nouvelle": nouvelle.pk if nouvelle else None,
            },
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        suivante = None if suite == SuiteIncident.CLORE else (nouvelle or ligne).pk
        annoncer(IncidentTranche(ligne.pk, vue.dossier.id, suite.value, suivante, maintenant))
    return suivante or ligne.pk


def replanifier_epreuve(
    *,
    epreuve: UUID,
    prevue_le: datetime,
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
    lieu: str = "",
    salle: UUID | None = None,
    malgre: bool = False,
) -> UUID:
    """Ouvre une nouvelle épreuve à la place d'une épreuve qui n'ira pas au bout ; celle-ci est non évaluée. Rend la neuve.

    Pour qui constate une carence sans incident du candidat (un évaluateur qui ne scellera pas) : suspend, puis tranche. Ce
    que l'autre évaluateur avait constaté reste, avec l'ancienne épreuve. Mêmes refus que `signaler_incident` et
    `trancher_incident`.
    """
    with transaction.atomic():
        signaler_incident(
            epreuve=epreuve, genre=GenreIncident.INTERROMPU, motif=motif, auteur=auteur, maintenant=maintenant
        )
        return trancher_incident(
            epreuve=epreuve,
            suite=SuiteIncident.REPLANIFIER,
            motif=motif,
            prevue_le=prevue_le,
            lieu=lieu,
            salle=salle,
            malgre=malgre,
            auteur=auteur,
            maintenant=maintenant,
        )


def _consequence(
    auteur: Acteur, epreuve: VueEpreuve, ouverts: tuple[Incident, ...], suite: SuiteIncident, maintenant: datetime
) -> str | None:
    """L'état où va l'épreuve ; `None` : celui d'avant."""
    table = table_des_incidents(auteur, epreuve, maintenant)
    with au_nom_du_moteur():
        genres = [GenreDuMoteur(i.genre) for i in ouverts]
        return consequence(table, genres, Suite(suite.value), commencee=epreuve.commencee).etat


def _retour(epreuve: VueEpreuve, etat_avant: str, suite: SuiteIncident) -> str:
    """L'état d'avant ; reprise, en cours si des gestes sont arrivés depuis ; à planifier de nouveau si, entre-temps, un évaluateur
    d'une épreuve non commencée n'en est plus.
    """
    if suite == SuiteIncident.REPRENDRE and etat_avant in AVANT_L_EPREUVE and epreuve.commencee:
        return "en_cours"
    return "a_planifier" if etat_avant == "affectee" and len(epreuve.evaluateurs) < 2 else etat_avant


def _verifier_date(epreuve: VueEpreuve, prevue_le: datetime | None, maintenant: datetime) -> datetime:
    if not epreuve.dossier.ouvert:
        raise Refus("dossier_clos", "Ce dossier est clos : on n'y planifie plus d'épreuve. Vous pouvez la clore.")
    if prevue_le is None:
        raise Refus("date_manquante", "Dites le jour et l'heure de la nouvelle épreuve.")
    if prevue_le < maintenant:
        raise Refus("date_passee", "Cette date est passée : choisissez un jour et une heure à venir.")
    return prevue_le


def _remplacer(ligne: Epreuve, epreuve: VueEpreuve, place: Place, auteur: Acteur, maintenant: datetime) -> Epreuve:
    """La nouvelle épreuve du bloc, jugée par la norme de l'ancienne ; ses évaluateurs restent à affecter."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_PLANIFIEE) as journal:
        nouvelle = ouvrir(epreuve.dossier, epreuve.bloc, place, auteur, maintenant, remplace=ligne)
        journal.inscrire(
            objet=("epreuve", nouvelle.pk),
            donnees={
                "dossier": epreuve.dossier.id,
                "bloc": epreuve.bloc,
                "norme": nouvelle.norme,
                **place.pour_le_journal,
                "remplace": ligne.pk,
            },
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )
        annoncer(EpreuvePlanifiee(nouvelle.pk, epreuve.dossier.id, epreuve.bloc, place.debut))
    return nouvelle
