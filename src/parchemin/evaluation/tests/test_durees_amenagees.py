"""Les durées aménagées du candidat s'appliquent à son épreuve : grille, clôture, papier, relevé ; et à elle seule."""

from __future__ import annotations

import json

import pytest
import time_machine

from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation import presenters, services
from parchemin.evaluation.documents.papier import _donnees
from parchemin.evaluation.models import Lecture, Resultat
from parchemin.evaluation.selectors import bloc_de, durees_amenagees, ecarts_de, lectures_scellees, resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.parcours.services import amenager
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db


def accorder(salle, maintenant=PLANIFICATION, **minutes) -> int:
    return amenager(
        dossier=factories.dossier(salle).id,
        durees={("B1", phase): duree for phase, duree in minutes.items()},
        accorde_le=jour_civil(maintenant),
        auteur=salle.monde.gestionnaire,
        maintenant=maintenant,
    )


@pytest.fixture
def salle():
    return convocations.salle("B1", ("B1",))


def manque(salle, auteur) -> tuple[str, ...]:
    with pytest.raises(Refus) as refus:
        factories.clore(salle, auteur)
    assert refus.value.code == "grille_incomplete"
    return refus.value.details


def test_un_minimum_amenage_est_celui_qu_exige_la_cloture(salle):
    accorder(salle, observation=27)
    factories.remplir(salle, salle.metier)  # vingt minutes d'observation
    assert manque(salle, salle.metier) == (
        "La phase « Observation de situations réelles » a duré 20 minutes ; il faut au moins 27 min.",
    )
    factories.remplir(salle, salle.certificateur, autrement={"phase:observation:duree": 27})
    assert factories.clore(salle, salle.certificateur)


def test_une_duree_plus_courte_suffit_quand_elle_est_accordee(salle):
    accorder(salle, observation=12)
    factories.remplir(salle, salle.metier, autrement={"phase:observation:duree": 12})
    assert factories.clore(salle, salle.metier)
    contenu = json.loads(Lecture.objects.get().canonique)
    assert contenu["durees_amenagees"] == {"observation": 12}


def test_accordee_pendant_l_epreuve_elle_s_applique_aussitot_aux_deux(salle):
    factories.remplir(salle, salle.metier, autrement={"phase:observation:duree": 15})
    assert len(manque(salle, salle.metier)) == 1
    accorder(salle, maintenant=JOUR, observation=15)
    assert factories.clore(salle, salle.metier)


def test_apres_un_sceau_l_epreuve_garde_les_durees_sous_lesquelles_il_fut_mis(salle):
    accorder(salle, observation=25)
    factories.remplir(salle, salle.metier, autrement={"phase:observation:duree": 25})
    factories.remplir(salle, salle.certificateur, autrement={"phase:observation:duree": 25})
    factories.clore(salle, salle.metier)
    assert accorder(salle, maintenant=CLOTURE, observation=40) == 1
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert durees_amenagees(salle.certificateur, vue) == {"observation": 25}
    assert factories.clore(salle, salle.certificateur)
    assert {json.loads(lecture.canonique)["durees_amenagees"]["observation"] for lecture in Lecture.objects.all()} == {
        25
    }


def test_levee_avant_tout_sceau_la_duree_du_referentiel_revient(salle):
    accorder(salle, observation=12)
    accorder(salle, maintenant=JOUR, observation=None)
    factories.remplir(salle, salle.metier, autrement={"phase:observation:duree": 12})
    assert len(manque(salle, salle.metier)) == 1


def test_la_grille_et_le_papier_disent_la_duree_et_l_evaluateur_n_en_lit_pas_l_histoire(salle):
    accorder(salle, observation=27, questions=20)
    with time_machine.travel(JOUR, tick=False):
        page = texte(client(salle.metier).get(f"/epreuves/{salle.epreuve}/grille/"))
        dossier = texte(client(salle.metier).get(f"/candidats/{factories.dossier(salle).id}/"))
    assert page.count("durée aménagée") > 0
    assert "au lieu de" not in dossier
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert [phase["duree"] for phase in _donnees(salle.metier, vue, Qualite.METIER)["phases"]] == [
        "au moins 27 minutes, durée aménagée",
        "20 minutes, durée aménagée",
    ]


def test_le_resultat_scelle_et_son_releve_disent_la_duree_applicable_et_les_exceptions(salle):
    accorder(salle, questions=20)
    for auteur in (salle.metier, salle.certificateur):
        factories.remplir(salle, auteur, autrement={"phase:observation:duree": 15})
        services.clore_lecture(
            epreuve=salle.epreuve,
            auteur=auteur,
            maintenant=CLOTURE,
            exceptions={"phase:observation": "Plateau évacué."},
        )
    factories.confirmee(salle)
    assert json.loads(Resultat.objects.get().canonique)["durees_amenagees"] == {"questions": 20}
    lu = resultat(salle.monde.gestionnaire, salle.epreuve)
    bloc = bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve))
    assert presenters.conditions_du_resultat(bloc.epreuve, lu) == (
        ("Questionnement en entretien", "prévu 20 min, durée aménagée ; référentiel : prévu 15 min."),
        (
            "Exception : Durée : Observation de situations réelles",
            "« Plateau évacué. » (lecture du certificateur et lecture du représentant métier)",
        ),
    )


@pytest.mark.parametrize(("minutes", "differe"), [((29, 31), True), ((31, 32), False), ((28, 29), False)])
def test_un_minimum_amenage_tenu_par_une_seule_lecture_se_regle_ensemble(salle, minutes, differe):
    """Deux minutes d'écart se tolèrent, sauf de part et d'autre du minimum : celui du candidat, trente minutes, non les vingt du
    référentiel.
    """
    accorder(salle, observation=30)
    for auteur, duree in zip((salle.metier, salle.certificateur), minutes, strict=True):
        factories.remplir(salle, auteur, autrement={"phase:observation:duree": duree})
        services.clore_lecture(
            epreuve=salle.epreuve,
            auteur=auteur,
            maintenant=CLOTURE,
            exceptions={"phase:observation": "Plateau évacué."} if duree < 30 else {},
        )
    ecarts = ecarts_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve), lectures_scellees(salle.epreuve))
    assert [ecart.condition for ecart in ecarts.conditions] == (["phase:observation"] if differe else [])
