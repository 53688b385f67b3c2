"""Les durées aménagées : ce qui s'accorde, ce qui se refuse, ce qui n'est écrit nulle part, qui lit quoi."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import presenters, services
from parchemin.parcours.models import Amenagement
from parchemin.parcours.selectors import amenagements, dossiers_par_ids, durees_accordees
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

PLUS_TARD = INSCRIPTION + timedelta(days=3)
JOUR = date(2026, 9, 2)
OBSERVATION, QUESTIONS = ("B1", "observation"), ("B1", "questions")


def amenager(monde, durees, **changements) -> int:
    options = {"accorde_le": JOUR, "auteur": monde.gestionnaire, "maintenant": PLUS_TARD, **changements}
    return services.amenager(dossier=monde.dossier, durees=durees, **options)


def test_la_derniere_duree_accordee_vaut_et_l_histoire_reste():
    monde = factories.monde()
    assert amenager(monde, {OBSERVATION: 27, QUESTIONS: 20}) == 2
    assert amenager(monde, {QUESTIONS: 25}, maintenant=PLUS_TARD + timedelta(hours=1)) == 1
    assert amenager(monde, {OBSERVATION: None}, maintenant=PLUS_TARD + timedelta(hours=2)) == 1
    assert durees_accordees(SYSTEME, monde.dossier) == {"B1": {"questions": 25}}
    assert [(a.phase, a.minutes) for a in amenagements(SYSTEME, monde.dossier)] == [
        ("observation", 27),
        ("questions", 20),
        ("questions", 25),
        ("observation", None),
    ]


def test_redire_ce_qui_vaut_ou_la_duree_du_referentiel_n_ecrit_rien():
    monde = factories.monde()
    amenager(monde, {QUESTIONS: 20})
    avant = (Amenagement.objects.count(), Entree.objects.count())
    assert amenager(monde, {QUESTIONS: 20, OBSERVATION: 20}) == 0
    assert (Amenagement.objects.count(), Entree.objects.count()) == avant
    assert (
        amenager(monde, {QUESTIONS: 15}, maintenant=PLUS_TARD + timedelta(hours=1)) == 1
    )  # celle du référentiel : levé
    assert durees_accordees(SYSTEME, monde.dossier) == {}


@pytest.mark.parametrize(
    ("durees", "changements", "attendu"),
    [
        ({("B1", "inconnue"): 20}, {}, "phase_inconnue"),
        ({("B9", "questions"): 20}, {}, "phase_inconnue"),
        ({("B4", "questions"): 20}, {}, "phase_inconnue"),
        ({QUESTIONS: 0}, {}, "duree_hors_bornes"),
        ({QUESTIONS: 241}, {}, "duree_hors_bornes"),
        ({QUESTIONS: 20}, {"accorde_le": date(2026, 9, 6)}, "accord_a_venir"),
    ],
)
def test_ce_qui_ne_s_accorde_pas(durees, changements, attendu):
    monde = factories.monde(("B1", "B2"))
    with pytest.raises(Refus) as refus:
        amenager(monde, {OBSERVATION: 27, **durees}, **changements)
    assert (refus.value.code, Amenagement.objects.count()) == (attendu, 0)


def test_un_dossier_clos_ne_s_amenage_plus():
    monde = factories.monde()
    services.abandonner(dossier=monde.dossier, motif="Départ.", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
    with pytest.raises(Refus) as refus:
        amenager(monde, {QUESTIONS: 20})
    assert refus.value.code == "dossier_clos"


def test_seul_le_gestionnaire_du_dossier_accorde():
    monde = factories.monde()
    rh = comptes.avec_role(NatureRole.RH, monde.organisme)
    for autre in (rh, comptes.gestionnaire(comptes.organisme()), monde.candidat, monde.tuteur):
        with pytest.raises(RefusDroit):
            amenager(monde, {QUESTIONS: 20}, auteur=autre)
    assert Amenagement.objects.count() == 0


def test_le_journal_engage_les_minutes_sans_les_ecrire():
    monde = factories.monde()
    amenager(monde, {QUESTIONS: 33})
    entree = Entree.objects.get(action="parcours.amenagement")
    assert entree.donnees == {"accorde_le": "2026-09-02", "phases": ["B1:questions"]}
    assert (entree.chaine_id, "33" in str(entree.donnees)) == (f"organisme:{monde.organisme}", False)
    assert list(entree.engagements) == ["B1:questions"]


def test_la_table_n_a_pas_de_place_pour_une_raison_et_ne_se_corrige_pas():
    monde = factories.monde()
    amenager(monde, {QUESTIONS: 20})
    assert {champ.name for champ in Amenagement._meta.get_fields()} == {
        "id",
        "dossier",
        "bloc",
        "phase",
        "minutes",
        "accorde_le",
        "auteur",
        "instant",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Amenagement.objects.update(minutes=99)
    with pytest.raises(IntegrityError), transaction.atomic():
        Amenagement.objects.all().delete()


def test_la_page_montre_chaque_phase_et_garde_la_saisie_refusee():
    monde = factories.monde(("B1", "B2"))
    adresse = f"/candidats/{monde.dossier}/amenagements/"
    with time_machine.travel(PLUS_TARD, tick=False):
        ouvert = client(monde.gestionnaire)
        page = ouvert.get(adresse)
        assert [nom for nom in page.context["form"].fields if nom != "accorde_le"] == [
            "duree:B1:observation",
            "duree:B1:questions",
            "duree:B2:expose",
            "duree:B2:echange",
        ]
        saisi = {"accorde_le": "2026-09-02", "duree:B1:observation": "27", "duree:B1:questions": "900"}
        refusee = ouvert.post(adresse, saisi)
        assert (refusee.status_code, Amenagement.objects.count()) == (422, 0)
        assert 'value="27"' in texte(refusee)
        assert ouvert.put(adresse).status_code == 405
        suite = ouvert.post(adresse, saisi | {"duree:B1:questions": "20"})
        assert (suite.status_code, suite.headers["Location"]) == (302, f"/candidats/{monde.dossier}/")
    assert durees_accordees(SYSTEME, monde.dossier) == {"B1": {"observation": 27, "questions": 20}}


def test_le_dossier_dit_les_durees_au_candidat_et_au_gestionnaire_seuls():
    monde = factories.monde(("B1",))
    amenager(monde, {QUESTIONS: 20})
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    dites = presenters.durees_du_dossier(monde.candidat, vue)
    assert dites == (("Bloc 1, Questionnement en entretien", "20 min au lieu de 15"),)
    lu = {}
    with time_machine.travel(PLUS_TARD, tick=False):
        for nom, qui in (("candidat", monde.candidat), ("gestionnaire", monde.gestionnaire), ("tuteur", monde.tuteur)):
            lu[nom] = "20 min au lieu de 15" in texte(client(qui).get(f"/candidats/{monde.dossier}/"))
    assert lu == {"candidat": True, "gestionnaire": True, "tuteur": False}
