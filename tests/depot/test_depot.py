"""Ce que le dépôt promet de lui-même : décisions numérotées, mots du glossaire, liens vivants, rien de la machine d'un autre."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]


def _suivis(*motifs: str) -> list[Path]:
    """Les fichiers du dépôt, suivis ou sur le point de l'être."""
    fait = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *motifs],
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
    )
    if fait.returncode:
        pytest.skip("ce dossier n'est pas un dépôt git")
    return [RACINE / nom for nom in fait.stdout.splitlines() if (RACINE / nom).is_file()]


def test_les_decisions_sont_numerotees_sans_trou_ni_doublon() -> None:
    numeros = sorted(int(fichier.name[:4]) for fichier in (RACINE / "docs" / "adr").glob("*.md"))
    assert numeros == list(range(1, len(numeros) + 1))
    for fichier in (RACINE / "docs" / "adr").glob("*.md"):
        assert fichier.read_text(encoding="utf-8").startswith(f"# {int(fichier.name[:4])}. ")


def test_aucune_commande_ne_passe_par_un_interpreteur() -> None:
    """Un sous-processus se lance par une liste de mots ; et aucune page, aucun service n'en lance (moteur de PDF compris)."""
    interprete = re.compile(r"shell\s*=\s*True|\bos\.(system|popen)\b|\bgetoutput\b|create_subprocess_shell")
    lance = re.compile(r"\bsubprocess\b|\bos\.(spawn|exec|posix_spawn)\w*\(")
    sources = {
        str(un.relative_to(RACINE)): un.read_text(encoding="utf-8")
        for un in _suivis("src/**/*.py", "moteur/src/**/*.py")
        if "tests" not in un.parts
    }
    assert len(sources) > 300
    assert [nom for nom, texte in sources.items() if interprete.search(texte)] == []
    assert sorted({"/".join(nom.split("/")[:3]) for nom, texte in sources.items() if lance.search(texte)}) == [
        "src/parchemin/commandes",
        "src/parchemin/embarque",
    ]


def test_chaque_mot_du_glossaire_est_dans_le_code() -> None:
    code = "\n".join(
        fichier.read_text(encoding="utf-8")
        for fichier in _suivis("src/**/*.py", "moteur/src/**/*.py", "donnees/**/*.yaml")
    )
    lignes = (RACINE / "docs" / "glossaire.md").read_text(encoding="utf-8").splitlines()
    mots = [
        mot for ligne in lignes if ligne.startswith("| **") for mot in re.findall(r"`([^`]+)`", ligne.rsplit("|", 2)[1])
    ]
    assert len(mots) > 40
    assert [mot for mot in mots if not re.search(rf"\b{re.escape(mot)}", code)] == []


def test_les_liens_des_documents_menent_quelque_part() -> None:
    morts = []
    for document in _suivis("*.md", "docs/**/*.md", "src/**/*.md", "moteur/*.md"):
        for cible in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text(encoding="utf-8")):
            if not cible.startswith(("http", "mailto:")) and not (document.parent / cible).exists():
                morts.append(f"{document.relative_to(RACINE)} → {cible}")
    assert morts == []


def test_une_seule_version_de_python_et_un_seul_plancher() -> None:
    plancher = tomllib.loads((RACINE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    moteur = tomllib.loads((RACINE / "moteur" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert plancher == moteur["requires-python"] == ">=3.12"
    assert moteur.get("dependencies", []) == []
    assert (RACINE / ".python-version").read_text(encoding="utf-8").strip() == "3.13"
    assert "(3, 12)" in (RACINE / "parchemin").read_text(encoding="utf-8")


def test_aucun_verrou_que_la_maison_refuse() -> None:
    assert [
        str(fichier) for fichier in _suivis("uv.lock", "**/uv.lock", "package-lock.json", "**/package-lock.json")
    ] == []


def test_rien_ne_nomme_la_machine_de_quelqu_un() -> None:
    """Ni chemin absolu d'un poste, ni hôte d'un dépôt de paquets."""
    interdits = re.compile(r"/(?:home|Users|root)/\w|https?://[^\s\"']*(?:pypi\.org|pythonhosted|npmjs)")
    fautes = []
    for fichier in _suivis():
        if fichier.suffix in {".png", ".lock"} or fichier == Path(__file__).resolve():
            continue
        for numero, ligne in enumerate(fichier.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if interdits.search(ligne):
                fautes.append(f"{fichier.relative_to(RACINE)}:{numero}")
    assert fautes == []


def test_chaque_capacite_a_son_readme_court() -> None:
    for dossier in (
        "socle",
        "registre",
        "comptes",
        "referentiels",
        "parcours",
        "carnet",
        "convocations",
        "evaluation",
        "portail",
    ):
        texte = (RACINE / "src" / "parchemin" / dossier / "README.md").read_text(encoding="utf-8")
        assert texte.startswith(f"# {dossier}\n")
        assert "**La promesse.**" in texte
        assert len(texte.splitlines()) <= 60
