"""`parchemin test` : toute la suite, sur un vrai PostgreSQL et dans un vrai navigateur."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

from parchemin.commandes import chromium, environnement, moteur_seul, mots
from parchemin.embarque import dossiers

PROCESSUS = 2


@dataclass(frozen=True, slots=True)
class Compte:
    """Combien de tests sont passés, ont échoué, ont été sautés."""

    passes: int = 0
    echecs: int = 0
    sautes: int = 0

    def __add__(self, autre: Self) -> Self:
        return type(self)(self.passes + autre.passes, self.echecs + autre.echecs, self.sautes + autre.sautes)

    def __str__(self) -> str:
        """La ligne de clôture, dans la forme que lisent les outils."""
        return f"{self.passes} passed, {self.echecs} failed, {self.sautes} skipped"


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Passe la suite ; 1 si un test échoue, ou si rien n'a été passé."""
    lecteur = mots.Lecteur(
        "test",
        "Passe toute la suite : le moteur seul dans son environnement, puis tout, navigateur compris.",
        suite="Tout autre mot est passé à pytest (qui ne passe alors que ce qu'on lui désigne) :\n"
        "  ./parchemin test src/parchemin/comptes -k invitation",
    )
    lecteur.add_argument("--sans-navigateur", action="store_true", help="laisse les tests du navigateur")
    options, pour_pytest = lecteur.parse_known_args(list(arguments))
    racine = environnement.depot()
    entier = not pour_pytest
    if options.sans_navigateur:
        pour_pytest += ["-m", "not navigateur"]
    elif chemin := chromium.trouver() or (chromium.installer(erreur) if entier else None):
        os.environ["PARCHEMIN_CHROMIUM"] = chemin
    elif entier:
        erreur.write(chromium.expliquer())
        return 1
    compte, code = Compte(), 0
    if entier:
        pour_pytest += ["-n", str(PROCESSUS), "--dist", "loadfile", "--no-loadscope-reorder", "src", "tests"]
        compte, code = _moteur_seul(racine, sortie, erreur)
    sortie.flush()
    suite, code_suite = _pytest(sys.executable, pour_pytest, racine)
    compte += suite
    sortie.write(f"\n{compte}\n")
    return int(bool(code or code_suite or compte.echecs or not compte.passes))


def _moteur_seul(racine: Path, sortie: TextIO, erreur: TextIO) -> tuple[Compte, int]:
    sortie.write("Le moteur, seul dans son environnement :\n")
    sortie.flush()
    try:
        python = moteur_seul.preparer(racine, dossiers.donnees() / "moteur-seul")
    except subprocess.CalledProcessError as echec:
        erreur.write(f"L'environnement du moteur n'a pas pu être fait :\n{echec.stdout}{echec.stderr}\n")
        return Compte(echecs=1), 1
    return _pytest(str(python), ["-q"], racine / "moteur", isole=True)


def _pytest(python: str, arguments: Sequence[str], dossier: Path, *, isole: bool = False) -> tuple[Compte, int]:
    """Lance pytest ; le compte vient de son rapport, pas de ce qu'il écrit."""
    with tempfile.TemporaryDirectory() as temporaire:
        rapport = Path(temporaire) / "rapport.xml"
        commande = [python, *(["-P"] if isole else []), "-m", "pytest", *arguments, f"--junit-xml={rapport}"]
        fait = subprocess.run(commande, cwd=dossier, stdin=subprocess.DEVNULL, check=False)
        return _compter(rapport), fait.returncode


def _compter(rapport: Path) -> Compte:
    if not rapport.exists():
        return Compte(echecs=1)
    compte = Compte()
    for suite in ET.parse(rapport).iter("testsuite"):  # noqa: S314 : notre propre fichier
        total, echecs, erreurs, sautes = (
            int(suite.get(nom, "0")) for nom in ("tests", "failures", "errors", "skipped")
        )
        compte += Compte(total - echecs - erreurs - sautes, echecs + erreurs, sautes)
    return compte
