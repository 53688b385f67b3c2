"""Les guides ne montrent que des images qui existent, légères, toutes utilisées et toutes refaites par l'outil."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outils.captures import GUIDES, IMAGES, POIDS_MAXIMAL
from parchemin.demonstration.selectors import lire_recit

RACINE = Path(__file__).resolve().parents[2]
PAGES = sorted((RACINE / "docs" / "guides").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_chaque_lien_mene_quelque_part_et_chaque_image_se_decrit(page: Path) -> None:
    texte = page.read_text(encoding="utf-8")
    liens = re.findall(r"(!?)\[([^\]]*)\]\(([^)]+)\)", texte)
    perdus = [cible for _, _, cible in liens if not cible.startswith("http") and not (page.parent / cible).exists()]
    assert perdus == []
    assert [cible for image, mot, cible in liens if image and len(mot) < 10] == []


def test_chaque_image_est_refaite_par_l_outil_et_legere() -> None:
    presentes = {image.stem for image in IMAGES.glob("*.png")}
    assert presentes == set(GUIDES)
    assert {image.name for image in IMAGES.glob("*.png") if image.stat().st_size > POIDS_MAXIMAL} == set()


def test_chaque_image_sert() -> None:
    textes = "".join(page.read_text(encoding="utf-8") for page in (*PAGES, RACINE / "README.md"))
    assert [nom for nom in GUIDES if f"images/{nom}.png" not in textes] == []


def test_les_comptes_que_nomment_les_guides_existent() -> None:
    recit = lire_recit()
    courriels = {personne.courriel for personne in recit.personnes.values()}
    texte = (RACINE / "docs" / "guides" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"[a-z.-]+@[a-z]+\.example", texte)) <= courriels
    assert f"`{recit.mot_de_passe}`" in texte
