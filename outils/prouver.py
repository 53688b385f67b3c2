"""Prouver le moteur : tout énumérer, essayer les propriétés, puis casser le code et vérifier que les tests le voient.

python outils/prouver.py                 # les trois
python outils/prouver.py enumeration     # les tests, énumérations lourdes comprises
python outils/prouver.py mutation        # chaque mutant du moteur doit être tué, ou nommé avec sa raison

Un mutant est une petite faute mise exprès dans le code. S'il passe tous les tests, soit il manque un test, soit la faute
n'en est pas une : elle est alors dans `moteur/mutants_equivalents.toml`, avec sa raison. Cette liste ne garde rien
d'inutile : une entrée qui ne sert plus fait échouer la preuve. Les mutants se font dans une copie, jetée à la fin.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

RACINE = Path(__file__).resolve().parent.parent
MOTEUR = RACINE / "moteur"
EQUIVALENTS = MOTEUR / "mutants_equivalents.toml"
#: Les empreintes git du moteur et de ce fichier, tels qu'ils ont été prouvés en entier ; `.ci/run` les compare.
PREUVE = RACINE / "outils" / "preuve.txt"
#: Un mutant qui tourne sans fin est vu : les tests ne finissent pas.
TUES = {"killed", "timeout"}
#: Les modules d'extension de pytest installés ici ne servent pas au moteur, et ralentissent chaque mutant.
ENVIRONNEMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """Une faute : dans quelle fonction, la ligne d'avant et celle d'après."""

    fonction: str
    avant: str
    apres: str

    def __str__(self) -> str:
        return f"{self.fonction}\n    - {self.avant}\n    + {self.apres}"


def enumerer() -> bool:
    """Passe tous les tests du moteur, énumérations lourdes comprises."""
    mots = [sys.executable, "-m", "pytest", "-q", "-m", "prouver or not prouver", "-p", "no:cacheprovider", "tests"]
    environnement = {**os.environ, **ENVIRONNEMENT, "PARCHEMIN_HYPOTHESIS": "prouver"}
    return subprocess.run(mots, cwd=MOTEUR, env=environnement, check=False).returncode == 0


def muter() -> bool:
    """Fait tous les mutants, et compare les survivants aux équivalents connus."""
    with tempfile.TemporaryDirectory(prefix="parchemin-mutants-") as dossier:
        copie = Path(dossier) / "moteur"
        shutil.copytree(MOTEUR, copie, ignore=shutil.ignore_patterns("mutants", "__pycache__", ".*", "dist"))
        journal = Path(dossier) / "journal.txt"
        with journal.open("wb") as sortie:
            fini = _mutmut(copie, "run", sortie=sortie).returncode == 0
        if not fini:
            print(journal.read_text(encoding="utf-8", errors="replace")[-4_000:])
            return False
        etats = dict(_etats(copie))
        survivants = {nom: _mutant(copie, nom) for nom, etat in etats.items() if etat not in TUES}
    print(f"{len(etats)} mutants, {len(etats) - len(survivants)} vus par les tests.")
    return comparer(etats, survivants, equivalents())


def comparer(etats: dict[str, str], survivants: dict[str, Mutant], connus: dict[Mutant, str]) -> bool:
    """Dit les survivants qui n'ont pas de raison, et les raisons qui n'ont plus de survivant."""
    inconnus = {nom: mutant for nom, mutant in survivants.items() if mutant not in connus}
    perimes = sorted(set(connus) - set(survivants.values()))
    for nom, mutant in inconnus.items():
        print(f"\nAucun test ne voit cette faute ({etats[nom]}, {nom}) :\n  {mutant}")
    for mutant in perimes:
        print(f"\nÀ ôter de {EQUIVALENTS.name}, les tests voient cette faute ou elle n'existe plus :\n  {mutant}")
    if not inconnus and not perimes:
        print(f"{len(survivants)} équivalents, chacun avec sa raison ; aucun autre survivant.")
    return etats != {} and not inconnus and not perimes


def equivalents() -> dict[Mutant, str]:
    """Les mutants qui ne changent rien à ce que le moteur répond, et pourquoi."""
    lus = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8"))
    return {Mutant(e["fonction"], e["avant"], e["apres"]): e["raison"] for e in lus["equivalent"]}


def _mutmut(dossier: Path, *mots: str, sortie: IO[bytes] | int = subprocess.PIPE) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *mots],
        cwd=dossier,
        env={**os.environ, **ENVIRONNEMENT, "PARCHEMIN_HYPOTHESIS": "mutation"},
        stdout=sortie,
        stderr=subprocess.STDOUT,
        check=False,
    )


def _etats(dossier: Path) -> Iterator[tuple[str, str]]:
    """Chaque mutant et ce qu'il est devenu."""
    for ligne in _mutmut(dossier, "results", "--all", "true").stdout.decode().splitlines():
        if trouve := re.fullmatch(r"\s+(\S+__mutmut_\d+): (.+)", ligne):
            yield trouve[1], trouve[2]


def _mutant(dossier: Path, nom: str) -> Mutant:
    """La faute elle-même, lue dans la différence que montre l'outil."""
    lu = _mutmut(dossier, "show", nom).stdout.decode().splitlines()
    avant = " ".join(ligne[1:].strip() for ligne in lu if ligne.startswith("-") and not ligne.startswith("---"))
    apres = " ".join(ligne[1:].strip() for ligne in lu if ligne.startswith("+") and not ligne.startswith("+++"))
    return Mutant(fonction_de(nom), avant, apres)


def fonction_de(nom: str) -> str:
    """« moteur.lot.xǁLotǁ_remplir__mutmut_3 » → « moteur.lot.Lot._remplir » ; « moteur.marge.x_marge__mutmut_1 » → « moteur.marge.marge »."""
    module, _, reste = nom.rpartition(".")
    nue = re.sub(r"__mutmut_\d+$", "", reste)
    classe = re.fullmatch(r"xǁ(.+)ǁ(.+)", nue)
    return f"{module}.{classe[1]}.{classe[2]}" if classe else f"{module}.{nue.removeprefix('x_')}"


ETAPES: dict[str, Callable[[], bool]] = {"enumeration": enumerer, "mutation": muter}


def noter_la_preuve() -> None:
    """Garde les empreintes de ce qui vient d'être prouvé, si git en tient la version exacte."""
    suivis = ["moteur", "outils/prouver.py"]
    propre = subprocess.run(["git", "diff", "--quiet", "HEAD", "--", *suivis], cwd=RACINE, check=False).returncode == 0
    mots = ["git", "rev-parse", *(f"HEAD:{suivi}" for suivi in suivis)]
    lu = subprocess.run(mots, cwd=RACINE, capture_output=True, text=True, check=False)
    if propre and lu.returncode == 0:
        PREUVE.write_text(lu.stdout, encoding="ascii")
        print(f"Prouvé : {PREUVE.relative_to(RACINE)} le note, déposez-le avec le moteur.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Passe les étapes demandées (toutes par défaut) ; 1 si l'une échoue. Une preuve entière se note."""
    lecteur = argparse.ArgumentParser(description="Prouve le moteur : énumération, propriétés, mutations.")
    lecteur.add_argument("etapes", nargs="*", choices=[*ETAPES, []], help="les étapes à passer ; toutes par défaut")
    demandees = lecteur.parse_args(arguments).etapes or list(ETAPES)
    reussies = []
    for nom in demandees:
        print(f"— {nom} —", flush=True)
        debut = time.monotonic()
        reussies.append(ETAPES[nom]())
        print(f"{nom} : {'prouvé' if reussies[-1] else 'ÉCHEC'} en {time.monotonic() - debut:.0f} s\n", flush=True)
    if all(reussies) and set(demandees) == set(ETAPES):
        noter_la_preuve()
    return int(not all(reussies))


if __name__ == "__main__":
    raise SystemExit(main())
