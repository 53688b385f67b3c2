"""Tuteur de, manager de, évaluateur de : lus des actes, montrés avec eux, et qui ne se corrigent pas."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role, fusionner
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations import services
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.socle.acteur import SYSTEME, Acteur

pytestmark = pytest.mark.django_db

LIGNE = re.compile(r"<strong>([^<]+)</strong> <p class=\"discret\"> ([^·]+) · <a href=\"([^\"]+)\">([^<]+)</a>")


def lignes(lecteur: Acteur, personne: Acteur) -> set[tuple[str, str, str]]:
    """Ce que la page dit des actes : la phrase (le nom réduit au prénom), les dates, l'acte."""
    page = texte(client(lecteur).get(f"/comptes/personnes/{personne.id}/liens/"))
    return {(re.sub(r" Essai \d+", "", phrase), dates, acte) for phrase, dates, _, acte in LIGNE.findall(page)}


def test_les_actes_disent_qui_lie_le_candidat_et_de_quand_a_quand():
    salle = factories.salle()
    monde, remplacante = salle.monde, comptes.personne("Inès")
    nommer_tuteur_manager(
        dossier=monde.dossier, tuteur=monde.tuteur.id, manager=remplacante.id, auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )  # fmt: skip
    services.annuler_epreuve(
        epreuve=salle.epreuve,
        motif="Souffrant.",
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(days=3),
    )
    fini_le_5 = "depuis le 2 octobre 2026, jusqu'au 6 octobre 2026 non compris"
    assert lignes(monde.gestionnaire, monde.candidat) == {
        ("Théo est son tuteur", "depuis le 2 septembre 2026", "désignation du 2 septembre 2026"),
        ("Maud était son manager", "depuis le 2 septembre 2026, jusqu'au 2 octobre 2026 non compris", "désignation du 2 septembre 2026"),
        ("Inès est son manager", "depuis le 2 octobre 2026", "désignation du 2 octobre 2026"),
        ("Hugo était son évaluateur", fini_le_5, "épreuve du bloc 3"),
        ("Salomé était son évaluateur", fini_le_5, "épreuve du bloc 3"),
    }  # fmt: skip
    page = texte(client(monde.gestionnaire).get(f"/comptes/personnes/{monde.candidat.id}/liens/"))
    assert "Clore ou annuler" not in page
    assert "Aucun lien connu" not in page


def test_ils_se_lisent_aussi_de_l_autre_cote_sans_rien_dire_d_un_autre_organisme():
    salle, ailleurs = factories.salle(), comptes.organisme()
    partout = comptes.gestionnaire()
    donner_role(
        personne=salle.metier.id, nature=NatureRole.TUTEUR, organisme=ailleurs, auteur=SYSTEME, maintenant=PLANIFICATION
    )
    attendu = ("Évaluateur de Camille", "depuis le 2 octobre 2026", "épreuve du bloc 3")
    assert lignes(partout, salle.metier) == {attendu}
    assert lignes(comptes.gestionnaire(ailleurs), salle.metier) == set()


def test_une_fiche_reunie_garde_les_liens_que_ses_actes_disent():
    salle, gardee = factories.salle(), comptes.personne("Odile")
    services.annuler_epreuve(
        epreuve=salle.epreuve, motif="Souffrant.", auteur=salle.monde.gestionnaire, maintenant=PLANIFICATION
    )
    fusionner(alias=salle.metier.id, gardee=gardee.id, auteur=SYSTEME, maintenant=JOUR)
    attendu = (
        "Évaluateur de Camille",
        "depuis le 2 octobre 2026, jusqu'au 3 octobre 2026 non compris",
        "épreuve du bloc 3",
    )
    assert lignes(comptes.gestionnaire(), gardee) == {attendu}


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_autant_a_une_et_a_trois_epreuves(nombre, django_assert_num_queries):
    premiere = factories.salle("B3", ("B2", "B3", "B4"))
    for bloc in ("B2", "B4")[: nombre - 1]:
        factories.salle(bloc, monde=premiere.monde, paire=(premiere.metier, premiere.certificateur))
    page, navigateur = f"/comptes/personnes/{premiere.metier.id}/liens/", client(comptes.gestionnaire())
    navigateur.get(page)
    with django_assert_num_queries(14):
        assert texte(navigateur.get(page)).count("Évaluateur de Camille") == nombre
