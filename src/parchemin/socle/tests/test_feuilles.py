"""Les feuilles de style : légères, rangées en couches, et une seule nomme les couleurs."""

import re
from pathlib import Path

import pytest

DOSSIER = Path(__file__).resolve().parent.parent / "static" / "socle"
FEUILLES = ("jetons", "base", "mise-en-page", "composants", "impression")


def lire(nom: str) -> str:
    return (DOSSIER / f"{nom}.css").read_text(encoding="utf-8")


def test_les_feuilles_de_toute_page_pesent_moins_de_40_ko():
    assert sum(len(lire(nom).encode()) for nom in FEUILLES) < 40_000


@pytest.mark.parametrize("nom", FEUILLES)
def test_chaque_feuille_a_sa_couche_annoncee_dans_l_ordre(nom):
    assert re.findall(r"@layer ([\w, -]+);", lire("jetons")) == [", ".join(FEUILLES)]
    assert re.findall(r"@layer ([\w-]+) {", lire(nom)) == [nom]


@pytest.mark.parametrize("nom", ["base", "mise-en-page", "composants", "style-vivant"])
def test_seuls_les_jetons_nomment_une_couleur(nom):
    assert (
        re.findall(r"#[0-9a-f]{3,8}\b(?! [.\w:]*\s*{)|\brgba?\(|\bhsla?\(|\blight-dark\(", sans_selecteurs(lire(nom)))
        == []
    )


def sans_selecteurs(feuille: str) -> str:
    """Les déclarations seules : un identifiant de page n'est pas une couleur."""
    return "\n".join(re.findall(r"{([^{}]*)}", feuille))


def test_chaque_jeton_employe_est_defini():
    definis = set(re.findall(r"(--[\w-]+):", "".join(lire(nom) for nom in FEUILLES)))
    employes = set(re.findall(r"var\((--[\w-]+)", "".join(lire(nom) for nom in (*FEUILLES, "style-vivant"))))
    assert employes - definis == set()


def test_chaque_couleur_a_ses_deux_visages():
    [clair] = re.findall(r"@layer jetons {\s*:root {(.*?)\n  }", lire("jetons"), re.DOTALL)
    couleurs = re.findall(r"--([\w-]+): (.*?#.*?);", clair)
    assert [nom for nom, valeur in couleurs if not valeur.startswith("light-dark(")] == []
    assert len(couleurs) > 10
