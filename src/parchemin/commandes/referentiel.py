"""`parchemin referentiel verifier FICHIER` : dire tous les défauts d'un fichier de référentiel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from parchemin.referentiels.fichier import charger, problemes

USAGE = """usage : parchemin referentiel verifier FICHIER

Vérifie un fichier de référentiel (YAML) : sa forme, son arbre, ses renvois d'une partie à l'autre.

Sortie : 0, le fichier est bon ; 1, il a des défauts, dits un par ligne ; 2, la commande est mal écrite
ou le fichier ne s'ouvre pas.
"""


def executer(argv: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Exécute la commande : `argv` sont les mots qui suivent « referentiel ». Rend le code de sortie."""
    if argv and argv[-1] in {"-h", "--help", "--aide"}:
        sortie.write(USAGE)
        return 0
    if len(argv) != 2 or argv[0] != "verifier":
        erreur.write(USAGE)
        return 2
    chemin = Path(argv[1])
    try:
        defauts = problemes(chemin)
    except OSError as refus:
        erreur.write(f"{chemin} : le fichier ne s'ouvre pas ({refus.strerror}).\n")
        return 2
    sortie.writelines(f"{defaut}\n" for defaut in defauts)
    if defauts:
        return 1
    fichier = charger(chemin)
    blocs = fichier.norme["blocs"]
    competences = [c for bloc in blocs for activite in bloc["activites"] for c in activite["competences"]]
    criteres = sum(len(competence["criteres"]) for competence in competences)
    sortie.write(
        f"{fichier.nom()} : {len(blocs)} blocs, {len(competences)} compétences, {criteres} critères. Rien à redire.\n"
    )
    return 0
