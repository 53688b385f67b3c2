"""Un dossier se clôt sans résultat : ses épreuves ne se tiendront plus, chacun l'apprend et se libère."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from ical.calendar_stream import IcsCalendarStream

from moteur.etats import EPREUVE
from parchemin.carnet.tests import factories as carnets
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.documents.flux import flux_de
from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.models import Occupation, PassageEpreuve
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import CONVOCATION, JOUR, PLANIFICATION, Salle, courriels_de, sienne
from parchemin.parcours.services import abandonner, passer_etat
from parchemin.parcours.tests.factories import Monde
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db
DEMAIN = CONVOCATION + timedelta(days=1)
DEVIENT = {
    "a_planifier": "annulee",
    "affectee": "annulee",
    "en_cours": "annulee",
    "suspendue": "non_evaluee",
    "lectures_scellees": "non_evaluee",
}


def mener(monde: Monde, vers: str) -> UUID:
    """Une épreuve dans cet état."""
    if vers == "a_planifier":
        return factories.planifier(monde, "B3")
    salle = factories.salle(monde=monde)
    par = {"epreuve": salle.epreuve, "auteur": salle.metier, "maintenant": JOUR}
    if vers in ("en_cours", "lectures_scellees"):
        services.passer_epreuve(vers="en_cours", **par)
    if vers == "lectures_scellees":
        services.passer_epreuve(vers=vers, **par)
    if vers == "suspendue":
        services.signaler_incident(genre=GenreIncident.INTERROMPU, motif="Alarme.", **par)
    assert selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat == vers
    return salle.epreuve


def quitter(monde: Monde, maintenant: datetime = DEMAIN, *, suivi: bool = True) -> None:
    """Le gestionnaire abandonne le dossier ; les nouvelles montent (sauf avis contraire)."""
    abandonner(dossier=monde.dossier, motif="Arrêt maladie.", auteur=monde.gestionnaire, maintenant=maintenant)
    if suivi:
        with time_machine.travel(maintenant, tick=False):
            ecouler()


def test_chaque_etat_d_une_epreuve_vivante_est_essaye() -> None:
    assert set(DEVIENT) == set(EPREUVE.etats) - EPREUVE.terminaux


@pytest.mark.parametrize("etat", DEVIENT)
def test_aucune_epreuve_ne_survit_a_son_dossier(etat: str, tmp_path) -> None:
    monde = carnets.complet(["B3"])
    epreuve = mener(monde, etat)
    quitter(monde, JOUR)
    assert selectors.epreuve_par_id(SYSTEME, epreuve).etat == DEVIENT[etat]
    dernier = PassageEpreuve.objects.filter(epreuve_id=epreuve).order_by("rang").last()
    assert dernier is not None
    assert (dernier.etat, dernier.auteur) == (DEVIENT[etat], SYSTEME.id)
    assert dernier.motif == "Le dossier du candidat est clos (abandonné) : l'épreuve n'a plus d'objet."
    assert selectors.incidents_ouverts(epreuve) == ()
    assert examiner(tmp_path, (), ()).anomalies == ()
    assert services.clore_avec_le_dossier(dossier=monde.dossier, maintenant=JOUR) == 0  # redire ne change rien
    assert PassageEpreuve.objects.filter(epreuve_id=epreuve).count() == dernier.rang


def test_l_incident_d_une_epreuve_suspendue_a_sa_suite_sans_le_motif_du_dossier() -> None:
    salle = factories.salle()
    services.signaler_incident(
        epreuve=salle.epreuve, genre=GenreIncident.PANNE, motif="Plus de réseau.", auteur=salle.metier, maintenant=JOUR
    )
    quitter(salle.monde, JOUR)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    (lu,) = selectors.incidents(salle.metier, vue, gere=False)
    assert (lu.suite, "maladie" in lu.reponse, "abandonné" in lu.reponse) == (SuiteIncident.CLORE, False, True)


def test_une_epreuve_accordee_garde_son_resultat() -> None:
    salle = factories.salle()
    for vers in ("en_cours", "lectures_scellees", "accordee"):
        services.passer_epreuve(epreuve=salle.epreuve, vers=vers, auteur=salle.metier, maintenant=JOUR)
    quitter(salle.monde, JOUR)
    assert selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat == "accordee"


def test_un_dossier_qui_avance_ou_que_le_jury_attend_ne_clot_rien() -> None:
    salle = factories.salle()
    assert services.clore_avec_le_dossier(dossier=salle.monde.dossier, maintenant=DEMAIN) == 0
    passer_etat(dossier=salle.monde.dossier, vers="evalue", auteur=SYSTEME, maintenant=DEMAIN)
    assert services.clore_avec_le_dossier(dossier=salle.monde.dossier, maintenant=DEMAIN) == 0
    assert selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat == "affectee"


def test_l_invitation_se_retire_de_chaque_agenda() -> None:
    une = factories.convoquee()
    gens = (une.monde.candidat, une.metier, une.certificateur, une.monde.manager)
    assert str(une.epreuve)[:8] in flux_de(une.metier, DEMAIN)
    quitter(une.monde)
    for qui in gens:
        dernier = courriels_de(qui)[-1]
        (evenement,) = IcsCalendarStream.calendar_from_ics(dernier.calendrier).events
        assert (dernier.calendrier_methode, evenement.status) == ("CANCEL", "CANCELLED")
        assert sienne(une, qui).etat == "annulee"
    assert str(une.epreuve)[:8] not in flux_de(une.metier, DEMAIN)


def test_la_salle_et_les_personnes_se_liberent() -> None:
    monde = carnets.complet(["B3"])
    piece = factories.piece(factories.site(monde.organisme))
    epreuve = factories.en_salle(monde, "B3", piece)
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id,
        certificateur=comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR).id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    assert Occupation.objects.filter(epreuve_id=epreuve).count() == 4
    quitter(monde)
    assert not Occupation.objects.filter(epreuve_id=epreuve).exists()


@pytest.mark.parametrize("suivi", [False, True], ids=["aussitôt", "une fois la nouvelle montée"])
def test_plus_rien_n_est_demande_a_personne(suivi: bool) -> None:
    une, apres = factories.convoquee(), jour_civil(JOUR) + timedelta(days=3)
    assert _demande(une, apres) == (1, 1, 1)
    quitter(une.monde, suivi=suivi)
    assert _demande(une, apres) == (0, 0, 0)


def _demande(une: Salle, jour) -> tuple[int, int, int]:
    """Ce qu'attend chaque accueil : la réponse du convoqué, la grille de l'évaluateur, le retard du gestionnaire."""
    return (
        len(selectors.convocations_a_repondre(une.metier)),
        len(selectors.epreuves_en_cours_de_l_evaluateur(une.metier, jour)),
        len(selectors.epreuves_a_suivre(une.monde.gestionnaire, jour, 31)),
    )
