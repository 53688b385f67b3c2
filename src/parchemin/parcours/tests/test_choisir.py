"""Choisir quelqu'un parmi vingt mille : on cherche, on choisit ; le menu reste court, la saisie reste, sans JavaScript."""

from __future__ import annotations

import re

import pytest
import time_machine

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import personnes_proposees
from parchemin.comptes.selectors.proposer import AU_PLUS
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours.models import Dossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db

JOUR = jour_civil(INSCRIPTION)


@pytest.fixture(autouse=True)
def _ce_jour_la():
    with time_machine.travel(INSCRIPTION, tick=False):
        yield


@pytest.fixture
def organisme():
    referentiels.publier()
    organisme = comptes.organisme()
    for rang in range(AU_PLUS + 5):
        comptes.avec_role(NatureRole.TUTEUR, organisme, "Ada", f"Abel {rang:02}")
    comptes.avec_role(NatureRole.MANAGER, organisme, "Zoé", "Élan")
    return organisme


def options(page: str, champ: str) -> list[str]:
    (menu,) = re.findall(rf'<select[^>]*name="{champ}"[^>]*>(.*?)</select>', page, re.DOTALL)
    return [libelle.strip() for libelle in re.findall(r"<option[^>]*>([^<]*)</option>", menu)]


def test_le_menu_reste_court_et_la_recherche_trouve_sans_accent_en_gardant_la_saisie(organisme):
    ouvert = client(comptes.gestionnaire(organisme))
    page = texte(ouvert.get("/candidats/inscrire/"))
    assert len(options(page, "tuteur")) == 1 + AU_PLUS
    assert "Élan Zoé" not in options(page, "manager")
    saisie = {"prenom": "Camille", "blocs": ["B3"], "manager_cherche": "elan", "chercher": "manager"}
    page = texte(ouvert.post("/candidats/inscrire/", saisie))
    assert options(page, "manager") == ["Choisir…", "Élan Zoé"]
    assert len(options(page, "tuteur")) == 1 + AU_PLUS
    assert 'value="Camille"' in page
    assert re.findall(r'value="(B\d)"[^>]*checked', page) == ["B3"]
    assert Dossier.objects.count() == 0


def test_qui_est_choisi_le_reste_meme_hors_des_premiers_noms_et_qui_est_d_ailleurs_ne_se_propose_pas(organisme):
    gestionnaire = comptes.gestionnaire(organisme)
    zoe = comptes.avec_role(NatureRole.TUTEUR, organisme, "Zoé", "Zola")
    ailleurs = comptes.avec_role(NatureRole.TUTEUR, comptes.organisme(), "Zoé", "Autre")
    proposees = personnes_proposees(gestionnaire, JOUR, "abel", [zoe.id, ailleurs.id])
    assert [nom for _, nom in proposees.choix] == ["Zola Zoé", *(f"Abel {n:02} Ada" for n in range(AU_PLUS))]
    assert proposees.d_autres is True
    dossier = factories.monde(organisme=organisme).dossier
    ouvert = client(gestionnaire)
    reponse = ouvert.post(f"/candidats/{dossier}/designer/", {"tuteur": str(ailleurs.id), "manager": str(zoe.id)})
    assert reponse.status_code == 422
    assert ouvert.post(
        f"/candidats/{dossier}/designer/",
        {"tuteur": str(zoe.id), "manager": str(Dossier.objects.get(pk=dossier).manager_id), "tuteur_cherche": "zola"},
    ).status_code in (200, 422)
    assert Dossier.objects.get(pk=dossier).tuteur_id != ailleurs.id


@pytest.mark.parametrize("nombre", [1, 3])
def test_proposer_coute_le_meme_nombre_de_requetes(nombre, django_assert_num_queries):
    organisme = comptes.organisme()
    gestionnaire = comptes.gestionnaire(organisme)
    for _ in range(nombre):
        comptes.avec_role(NatureRole.TUTEUR, organisme)
    with django_assert_num_queries(3):  # les droits (deux fois), les premiers noms
        assert len(personnes_proposees(gestionnaire, JOUR).choix) == nombre + 1


def test_deux_homonymes_se_distinguent_par_leur_courriel():
    from parchemin.comptes import services
    from parchemin.socle.acteur import SYSTEME

    organisme = comptes.organisme()
    for courriel in ("un@caisse.example", "deux@caisse.example"):
        services.accueillir_personne(
            prenom="Ada",
            nom="Abel",
            nature=NatureRole.TUTEUR,
            organisme=organisme,
            courriel_pro=courriel,
            homonyme_admis=True,
            auteur=SYSTEME,
            maintenant=INSCRIPTION,
        )
    gestionnaire = comptes.gestionnaire(organisme)
    noms = sorted(nom for _, nom in personnes_proposees(gestionnaire, JOUR, "abel").choix)
    assert noms == ["Abel Ada (deux@caisse.example)", "Abel Ada (un@caisse.example)"]
