"""La grille vierge : un PDF archivable et accessible, aux mots du référentiel."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from parchemin.referentiels.documents import donnees_grille, grille_vierge
from parchemin.referentiels.selectors import contenu_norme, norme
from parchemin.referentiels.tests.factories import publier
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db


def serre(texte: str) -> str:
    """Le texte sans blancs ni apostrophes : un PDF coupe les lignes et compose les apostrophes à sa façon."""
    return re.sub(r"[\s'’]", "", texte)


def lire(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


@pytest.mark.parametrize("code_bloc", ["B1", "B2", "B3", "B4"])
def test_la_grille_porte_les_mots_de_chaque_critere_et_l_empreinte_a_chaque_page(code_bloc):
    version = publier()
    pages = [serre(page.extract_text()) for page in lire(grille_vierge(version, code_bloc)).pages]
    tout = "".join(pages)
    bloc = norme(None, version.empreinte).bloc(code_bloc)
    for competence in bloc.competences():
        assert serre(competence.intitule) in tout
    absents = [critere.code for critere in bloc.criteres() if serre(critere.intitule) not in tout]
    assert absents == []
    for rang, page in enumerate(pages, start=1):
        assert version.empreinte in page
        assert f"page{rang}sur{len(pages)}" in page


def test_la_grille_est_archivable_accessible_et_titree():
    version = publier()
    lu = lire(grille_vierge(version, "B1"))
    racine: Any = lu.trailer["/Root"]
    marques = racine["/Metadata"].get_data().decode()
    assert re.findall(r"<pdfaid:part>(\d)</pdfaid:part>", marques) == ["3"]
    assert re.findall(r"<pdfaid:conformance>(\w)</pdfaid:conformance>", marques) == ["A"]
    assert re.findall(r"<pdfuaid:part>(\d)</pdfuaid:part>", marques) == ["1"]
    assert racine["/Lang"] == "fr-FR"
    assert bool(racine["/MarkInfo"]["/Marked"].value) is True
    assert lu.metadata is not None
    assert lu.metadata.title == "Grille d'évaluation, Bloc 1 : Gestion de la relation client"


def test_les_memes_donnees_font_les_memes_octets():
    version = publier()
    premiere = grille_vierge(version, "B3")
    grille_vierge.cache_clear()
    assert grille_vierge(version, "B3") == premiere


def test_les_conditions_de_chaque_epreuve():
    version = publier()
    arbre, contenu = norme(None, version.empreinte), contenu_norme(None, version.empreinte)
    donnees = {code: donnees_grille(version, arbre, contenu, code) for code in ("B1", "B2", "B3", "B4")}
    assert {code: d["alternatives"] for code, d in donnees.items()} == {
        "B1": ["Double écoute", "Accueil physique"],
        "B2": [],
        "B3": ["Double écoute", "Accueil physique"],
        "B4": [],
    }
    assert {code: [p["duree"] for p in d["phases"]] for code, d in donnees.items()} == {
        "B1": ["au moins 20 minutes", "15 minutes"],
        "B2": ["10 minutes", "10 minutes"],
        "B3": ["au moins 20 minutes", "15 minutes"],
        "B4": ["au moins 20 minutes", "15 minutes"],
    }
    assert {code: [(e["minimum"], len(e["lignes"]), e["competences"]) for e in d["exigences"]] for code, d in donnees.items()} == {
        "B1": [(2, 4, []), (5, 5, [])],
        "B2": [(2, 0, ["C2.1", "C2.2", "C2.3", "C2.4", "C2.5"])],
        "B3": [(2, 4, [])],
        "B4": [],
    }  # fmt: skip
    assert {code: d["documents_interdits"] for code, d in donnees.items()} == {
        "B1": False, "B2": True, "B3": False, "B4": False,
    }  # fmt: skip
    assert [e["texte"] for e in donnees["B4"]["evaluateurs"]][1] == "L'organisme certificateur ou son délégataire."


def test_un_bloc_inconnu_est_introuvable():
    with pytest.raises(Introuvable):
        grille_vierge(publier(), "B5")
