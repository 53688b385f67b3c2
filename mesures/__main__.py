"""Passer les mesures : `python -m mesures [--rapide] [--json] [SUJET …]`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from mesures import lot, planificateur, second_regard, verdict
from mesures.mesure import Mesure, tableau

HORS_LIGNE: dict[str, Callable[[bool], list[Mesure]]] = {
    "lot": lot.mesurer,
    "verdict": verdict.mesurer,
    "second-regard": second_regard.mesurer,
    "planificateur": planificateur.mesurer,
}
"""Sans base ni réseau."""
SERVIES = (
    "demarrage", "connexion", "pages", "geste", "foule", "tablette", "releve", "memoire", "grandeur", "personnes",
    "barriere", "imports",
)  # fmt: skip
"""Sur une démonstration toute neuve, servie par les mêmes processus que `./parchemin demo`."""
SUJETS = (*HORS_LIGNE, *SERVIES)


def main(arguments: Sequence[str] | None = None) -> int:
    """Passe les mesures demandées (toutes, sans précision). Rend 0 si chaque but est tenu, 1 sinon."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    if arguments[:2] == ["--campagne", "hors-ligne"]:
        from mesures.campagne import conduite

        return conduite.main(arguments[2:])
    analyseur = argparse.ArgumentParser(
        prog="parchemin mesurer", description="Mesure ce que coûte chaque chose, et le rapporte à un but ou à un pair."
    )
    analyseur.add_argument("sujets", nargs="*", metavar="SUJET", help=f"parmi : {', '.join(SUJETS)} (tous par défaut)")
    analyseur.add_argument("--rapide", action="store_true", help="des courses plus courtes, moins précises")
    analyseur.add_argument("--json", action="store_true", help="écrit du JSON sur la sortie, et rien d'autre")
    analyseur.add_argument(
        "--campagne", choices=["hors-ligne"], help="une campagne de fautes (voir --campagne hors-ligne --help)"
    )
    choix = analyseur.parse_args(arguments)
    if inconnus := [sujet for sujet in choix.sujets if sujet not in SUJETS]:
        analyseur.error(f"sujet inconnu : {', '.join(inconnus)} (choisir parmi {', '.join(SUJETS)})")
    mesures = []
    for mesure in _passer(choix.sujets or SUJETS, rapide=choix.rapide):
        mesures.append(mesure)
        print(f"… {mesure.sujet} : {mesure.nom}", file=sys.stderr)
    if choix.json:
        print(json.dumps([mesure.en_json() for mesure in mesures], ensure_ascii=False, indent=2))
    else:
        print(tableau(mesures))
    return int(any(mesure.tenu is False for mesure in mesures))


def _passer(sujets: Sequence[str], *, rapide: bool) -> Iterator[Mesure]:
    for sujet, mesurer in HORS_LIGNE.items():
        if sujet in sujets:
            yield from mesurer(rapide)
    if not set(SERVIES) & set(sujets):
        return
    from mesures import (  # Django et la base : seulement si l'on en a besoin
        barriere,
        connexion,
        foule,
        geste,
        grandeur,
        imports,
        memoire,
        pages,
        personnes,
        releve,
        tablette,
    )
    from mesures.serveur import demonstration

    with ExitStack() as pile:
        servie = pile.enter_context(demonstration())
        if "demarrage" in sujets:
            yield servie.demarrage
        if "connexion" in sujets:
            yield from connexion.mesurer(servie, rapide)
        if "pages" in sujets:
            yield from pages.mesurer(servie, rapide)
        if "geste" in sujets:
            yield from geste.mesurer(servie, rapide)
        if "foule" in sujets:
            yield from foule.mesurer(servie, rapide)
        if "tablette" in sujets:
            yield from tablette.mesurer(servie, rapide)
        if "releve" in sujets:
            yield from releve.mesurer(rapide)
        if "memoire" in sujets:
            yield from memoire.mesurer(servie, rapide)
        if "grandeur" in sujets:
            yield from grandeur.mesurer(servie, rapide)
        if "personnes" in sujets:
            yield from personnes.mesurer(servie, rapide, peuplee="grandeur" in sujets)
            yield from connexion.mesurer(
                servie, rapide, f" (devant {grandeur.PERSONNES} personnes, {grandeur.LIENS} liens)"
            )
        if "barriere" in sujets:
            yield from barriere.mesurer(rapide, peuplee=not {"grandeur", "personnes"}.isdisjoint(sujets))
        if "imports" in sujets:
            yield from imports.mesurer(rapide)


if __name__ == "__main__":
    raise SystemExit(main())
