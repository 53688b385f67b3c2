"""`parchemin test` : toute la suite, sur un vrai PostgreSQL et dans un vrai navigateur."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TextIO

from parchemin.commandes import chromium, environnement, moteur_seul, mots
from parchemin.embarque import dossiers

PROCESSUS = min(os.cpu_count() or 1, 3) + 1
"""Un ouvrier de plus que de cœurs : quand l'un attend le navigateur ou le disque, un autre travaille. Au-delà de quatre, plus rien à gagner."""


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
        "Passe toute la suite, navigateur compris ; à côté, le moteur seul dans son environnement.",
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
    if not entier:
        compte, code = _pytest(sys.executable, pour_pytest, racine)
    else:
        pour_pytest += ["-n", str(PROCESSUS), "--dist", "loadfile", "--no-loadscope-reorder", "src", "tests"]
        dit = io.StringIO()
        with ThreadPoolExecutor(1) as a_cote:
            moteur = a_cote.submit(_moteur_seul, racine, dit)
            compte, code = _pytest(sys.executable, pour_pytest, racine)
        compte_moteur, code_moteur = moteur.result()
        sortie.write(f"\nLe moteur, seul dans son environnement :\n{dit.getvalue()}")
        compte, code = compte + compte_moteur, code or code_moteur
    sortie.write(f"\n{compte}\n")
    return int(bool(code or compte.echecs or not compte.passes))


def _moteur_seul(racine: Path, dit: TextIO) -> tuple[Compte, int]:
    """Les tests du moteur, à côté des autres ; ce qu'ils disent attend dans `dit`."""
    try:
        python = moteur_seul.preparer(racine, dossiers.donnees() / "moteur-seul")
    except subprocess.CalledProcessError as echec:
        dit.write(f"L'environnement du moteur n'a pas pu être fait :\n{echec.stdout}{echec.stderr}\n")
        return Compte(echecs=1), 1
    return _pytest(str(python), ["-q"], racine / "moteur", isole=True, dit=dit)


def _pytest(
    python: str, arguments: Sequence[str], dossier: Path, *, isole: bool = False, dit: TextIO | None = None
) -> tuple[Compte, int]:
    """Lance pytest ; le compte vient de son rapport, pas de ce qu'il écrit (à l'écran, ou dans `dit`)."""
    with tempfile.TemporaryDirectory() as temporaire:
        rapport = Path(temporaire) / "rapport.xml"
        commande = [python, *(["-P"] if isole else []), "-m", "pytest", *arguments, f"--junit-xml={rapport}"]
        sorties: dict[str, Any] = {} if dit is None else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        fait = subprocess.run(commande, cwd=dossier, stdin=subprocess.DEVNULL, encoding="utf-8", check=False, **sorties)
        if dit is not None:
            dit.write(fait.stdout)
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
