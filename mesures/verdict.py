"""`parchemin verdict` : lignes par seconde, et mémoire sur un million de lignes toutes différentes."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from mesures.mesure import Mesure, Sens
from mesures.processus import memoire_mio
from parchemin.referentiels.fichier import charger_norme

SUJET = "Verdict"
BUT_LIGNES = 20_000
"""Par seconde, sur un cœur."""
BUT_CROISSANCE_MIO = 8
GRAINE = 20_261_124
VARIANTES = 500
"""Par compétence ; dix-huit tirages par ligne font des lignes qui ne se répètent pas."""


def mesurer(rapide: bool) -> list[Mesure]:
    """Les deux mesures : 200 000 lignes chronométrées, un million de lignes surveillées (dix fois moins en rapide)."""
    return [debit(20_000 if rapide else 200_000), croissance(100_000 if rapide else 1_000_000)]


def debit(combien: int) -> Mesure:
    """Lignes par seconde, démarrage du programme compris, d'un fichier vers un fichier."""
    with tempfile.TemporaryDirectory() as dossier:
        entree, sortie = Path(dossier) / "grilles.jsonl", Path(dossier) / "verdicts.jsonl"
        with entree.open("wb") as fichier:
            fichier.writelines(grilles(combien))
        with sortie.open("wb") as fichier:
            depart = perf_counter()
            subprocess.run([*_COMMANDE, str(entree)], stdout=fichier, check=True)
            duree = perf_counter() - depart
        with sortie.open("rb") as fichier:
            rendues = sum(1 for _ in fichier)
    if rendues != combien:
        raise AssertionError(f"{combien} lignes données, {rendues} rendues")
    note = f"{combien:_} lignes de 73 critères, toutes différentes, démarrage compris".replace("_", " ")
    return Mesure(SUJET, "lignes par seconde", combien / duree, "lignes/s", BUT_LIGNES, Sens.AU_MOINS, note=note)


def croissance(combien: int) -> Mesure:
    """Ce que la mémoire du programme gagne entre le premier dixième et la fin."""
    with subprocess.Popen([*_COMMANDE, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as programme:
        assert programme.stdin is not None
        debut = fin = 0.0
        for rang, ligne in enumerate(grilles(combien)):
            programme.stdin.write(ligne)
            if rang == combien // 10:
                debut = memoire_mio(programme.pid)
        programme.stdin.flush()
        fin = memoire_mio(programme.pid)
        programme.stdin.close()
        if programme.wait() != 0:
            raise AssertionError(f"verdict est sorti en {programme.returncode}")
    note = f"de {debut:.0f} à {fin:.0f} Mio, du premier dixième à la fin de {combien:_} lignes".replace("_", " ")
    return Mesure(SUJET, "croissance de la mémoire", fin - debut, "Mio", BUT_CROISSANCE_MIO, Sens.AU_PLUS, note=note)


_COMMANDE = [sys.executable, "-m", "parchemin", "verdict"]


def grilles(combien: int) -> Iterator[bytes]:
    """Des lignes JSON complètes ou presque, tirées d'une graine fixe : aucune ne ressemble à une autre."""
    hasard = random.Random(GRAINE)
    etats, poids = ("valide", "non_valide", "non_observe"), (90, 7, 3)
    par_competence = []
    for competence in charger_norme().competences():
        codes = [critere.code for critere in competence.criteres]
        tirages = (hasard.choices(etats, poids, k=len(codes)) for _ in range(VARIANTES))
        par_competence.append(
            [",".join(f'"{code}":"{etat}"' for code, etat in zip(codes, tires, strict=True)) for tires in tirages]
        )
    for rang in range(combien):
        criteres = ",".join(map(hasard.choice, par_competence))
        yield f'{{"id":{rang},"criteres":{{{criteres}}}}}\n'.encode()
