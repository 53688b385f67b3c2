"""Le suivi : ce qui menace une épreuve, l'ordre, le périmètre, un nombre de requêtes qui ne grandit pas."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine
from django.urls import reverse
from openpyxl import load_workbook

from moteur.phrases import enumerer
from moteur.regles.epreuve_a_risque import Gravite, Menace
from parchemin.carnet import services as carnet
from parchemin.carnet.tests import factories as carnets
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.presenters import ENTETES_SUIVI, lignes_du_suivi, page_suivi, suivi
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import (
    CONVOCATION,
    JOUR,
    PLANIFICATION,
    Salle,
    convoquee,
    convoquer,
    salle,
    sienne,
)
from parchemin.parcours.enums import Qualite
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte

pytestmark = pytest.mark.django_db
REQUETES = 28
"""À une comme à trois : la page entière, les carnets et les blocs acquis autrement compris."""


def dites(une, jours: int) -> list[str]:
    """Ce qui menace, tant de jours avant l'épreuve."""
    jour = jour_civil(JOUR) - timedelta(days=jours)
    return [m.value for bref in selectors.epreuves_menacees(une.monde.gestionnaire, jour) for m, _ in bref.menaces]


def test_une_epreuve_convoquee_n_est_menacee_que_du_silence() -> None:
    une = convoquee()
    assert [dites(une, jours) for jours in (46, 40, 39)] == [[], [], []]
    assert dites(une, 38) == ["sans_reponse"]
    for acteur in (une.monde.candidat, une.metier, une.certificateur, une.monde.manager):
        services.repondre(
            convocation=sienne(une, acteur).id, accepte=True, auteur=acteur, maintenant=CONVOCATION + timedelta(days=1)
        )
    assert dites(une, 38) == []
    assert dites(une, 0) == []
    assert dites(une, -1) == ["passee"]


def test_ce_qui_manque_a_une_epreuve() -> None:
    une = salle()
    assert dites(une, 40) == ["non_convoquee"]
    services.declarer(epreuve=une.epreuve, genre="professionnel", auteur=une.metier, maintenant=PLANIFICATION)
    assert dites(une, 40) == ["sans_evaluateurs"]


def test_un_manager_nomme_apres_la_convocation_reste_a_convoquer() -> None:
    une, nouveau = convoquee(), comptes.personne("Irène", "Vasseur")
    nommer_tuteur_manager(
        dossier=une.monde.dossier,
        tuteur=une.monde.tuteur.id,
        manager=nouveau.id,
        auteur=une.monde.gestionnaire,
        maintenant=CONVOCATION,
    )
    services.suivre_les_convocations(epreuve=une.epreuve, maintenant=CONVOCATION)
    assert dites(une, 40) == ["non_convoquee"]
    (ligne,) = page_suivi(une.monde.gestionnaire, jour_civil(JOUR) - timedelta(days=40), None, None).lignes
    assert (ligne.pourquoi, ligne.a_convoquer) == ("À convoquer : Irène Vasseur", True)
    convoquer(une)
    assert dites(une, 40) == []


def test_la_page_nomme_qui_n_a_pas_repondu_et_dit_l_heure_du_site() -> None:
    une = convoquee()
    (ligne,) = page_suivi(une.monde.gestionnaire, jour_civil(JOUR) - timedelta(days=38), None, None).lignes
    epreuve = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    noms = [vue.nom for vue in selectors.convocations(une.monde.gestionnaire, [une.epreuve])[une.epreuve]]
    assert ligne.pourquoi == f"Sans réponse de {enumerer(noms)}"
    assert ligne.quand == f"{date_courte(epreuve.jour)}, {epreuve.heure}"


def test_un_refus_passe_devant() -> None:
    une = convoquee()
    services.repondre(
        convocation=sienne(une, une.metier).id,
        accepte=False,
        motif="Absent.",
        auteur=une.metier,
        maintenant=CONVOCATION,
    )
    assert dites(une, 38) == ["refus", "sans_reponse"]


def test_un_carnet_repris_se_dit_quand_l_epreuve_approche() -> None:
    une = convoquee()
    carnet.retirer_attestation(
        dossier=une.monde.dossier,
        qualite=Qualite.TUTEUR,
        competence="C3.1",
        motif="Une erreur.",
        auteur=une.monde.tuteur,
        maintenant=CONVOCATION,
    )
    assert dites(une, 46) == []
    assert dites(une, 44) == ["carnet"]
    assert dites(une, 38) == ["carnet", "sans_reponse"]


def test_le_retard_d_abord_puis_la_menace_puis_le_plus_proche() -> None:
    """Rien n'est dans l'ordre des dates : la plus proche se lit la dernière, la première est plus loin qu'elle."""
    silence = convoquee()
    refusee = _convoquee_le(JOUR + timedelta(days=3))
    services.repondre(
        convocation=sienne(refusee, refusee.metier).id,
        accepte=False,
        motif="Absent.",
        auteur=refusee.metier,
        maintenant=CONVOCATION,
    )
    loin = factories.planifier(carnets.complet(("B3",)), "B3", JOUR + timedelta(days=30))
    proche = factories.planifier(carnets.complet(("B4",)), "B4", JOUR + timedelta(days=10))
    lues = selectors.epreuves_menacees(comptes.gestionnaire(), jour_civil(JOUR) - timedelta(days=38))
    assert [(une.id, *une.menaces[0]) for une in lues] == [
        (refusee.epreuve, Menace.REFUS, Gravite.RETARD),
        (proche, Menace.SANS_EVALUATEURS, Gravite.RISQUE),
        (loin, Menace.SANS_EVALUATEURS, Gravite.RISQUE),
        (silence.epreuve, Menace.SANS_REPONSE, Gravite.RISQUE),
    ]


def _convoquee_le(prevue_le: datetime) -> Salle:
    """Une épreuve affectée et convoquée, un autre jour que `JOUR`."""
    monde = carnets.complet(("B3",))
    epreuve = factories.planifier(monde, "B3", prevue_le)
    paire = (comptes.avec_role(NatureRole.EVALUATEUR_METIER), comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR))
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=paire[0].id,
        certificateur=paire[1].id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    une = Salle(monde, "B3", epreuve, *paire)
    convoquer(une)
    return une


def test_chacun_ne_suit_que_son_perimetre() -> None:
    une = salle()
    jour = jour_civil(JOUR)
    assert [m.id for m in selectors.epreuves_menacees(une.monde.gestionnaire, jour - timedelta(days=1))] == [
        une.epreuve
    ]
    ailleurs = comptes.gestionnaire(comptes.organisme())
    assert selectors.epreuves_menacees(ailleurs, jour - timedelta(days=1)) == ()
    assert page_suivi(ailleurs, jour, None, None).vide is not None


def test_les_blocs_sans_epreuve() -> None:
    monde = carnets.complet(("B1", "B3"))
    factories.planifier(monde, "B3")
    page = page_suivi(monde.gestionnaire, jour_civil(CONVOCATION), None, None)
    assert page.dossiers is not None
    ((candidat, blocs, etat, _),) = page.dossiers.lignes
    assert (candidat.url, blocs, etat) == (f"/candidats/{monde.dossier}/", "1", "En évaluation")
    factories.planifier(monde, "B1")
    assert page_suivi(monde.gestionnaire, jour_civil(CONVOCATION), None, None).dossiers is None


@pytest.mark.parametrize("nombre", [1, 3])
def test_le_suivi_ne_coute_pas_plus_avec_plus_d_epreuves(nombre, django_assert_num_queries) -> None:
    gestionnaire = comptes.gestionnaire()
    for _ in range(nombre):
        une = salle("B3", ("B1", "B3"), paire=None)
        convoquer(une)
        services.repondre(
            convocation=sienne(une, une.metier).id,
            accepte=False,
            motif="Absent.",
            auteur=une.metier,
            maintenant=CONVOCATION,
        )
    with django_assert_num_queries(REQUETES):
        page = page_suivi(gestionnaire, jour_civil(JOUR) - timedelta(days=10), None, None)
    assert (len(page.lignes), page.retards) == (nombre, nombre)


def test_une_page_s_arrete_et_la_suivante_reprend() -> None:
    assert suivi.PAR_PAGE == 25
    gestionnaire = comptes.gestionnaire()
    paire = (comptes.avec_role(NatureRole.EVALUATEUR_METIER), comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR))
    monde = carnets.complet()
    for bloc in ("B1", "B2", "B3", "B4"):
        salle(bloc, monde=monde, paire=paire)
    jour = jour_civil(JOUR)
    with patch.object(suivi, "PAR_PAGE", 3):
        pages = [page_suivi(gestionnaire, jour, numero, None) for numero in ("1", "2")]
    assert [(len(page.lignes), page.page.paginator.count, page.retards, page.en_lot) for page in pages] == [
        (3, 4, 4, True),
        (1, 4, 4, True),
    ]
    dites = [ligne.id for page in pages for ligne in page.lignes]
    assert dites == [une.id for une in selectors.epreuves_menacees(gestionnaire, jour)]


def test_le_suivi_s_emporte_ligne_pour_ligne() -> None:
    """Le fichier dit ce que dit la page, toutes pages ensemble."""
    gestionnaire = comptes.gestionnaire()
    salle(), salle("B3", ("B1", "B3"))
    jour = jour_civil(JOUR) - timedelta(days=20)
    page = page_suivi(gestionnaire, jour, None, None)
    lignes = lignes_du_suivi(gestionnaire, jour)
    menacees = [ligne for ligne in lignes if ligne[0] in ("En retard", "À risque")]
    assert len(menacees) == 2
    assert [(ligne[1], f"Bloc {ligne[3]}", ligne[-1]) for ligne in menacees] == [
        (ligne.candidat.libelle, ligne.bloc, ligne.pourquoi) for ligne in page.lignes
    ]
    assert page.dossiers is not None
    a_planifier = [(ligne[1], ligne[3], ligne[-1]) for ligne in lignes if ligne[0] == "À planifier"]
    assert a_planifier == [(qui.libelle, blocs, etat) for qui, blocs, etat, _ in page.dossiers.lignes] != []
    assert {len(ligne) for ligne in lignes} == {len(ENTETES_SUIVI)}
    with time_machine.travel(JOUR - timedelta(days=20), tick=False):
        navigateur = comptes.client(gestionnaire)
        reponse = navigateur.get(page.exports[0].url)
        classeur = navigateur.get(page.exports[1].url)
        assert navigateur.get(reverse("convocations:exporter_suivi", args=["pdf"])).status_code == 404
    assert reponse["Content-Disposition"] == f'attachment; filename="suivi-{jour.isoformat()}.csv"'
    assert len(reponse.content.decode("utf-8-sig").splitlines()) == 1 + len(lignes)
    assert len(load_workbook(io.BytesIO(classeur.content)).active["A"]) == 1 + len(lignes)
