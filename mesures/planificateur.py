"""Le planificateur sur trois instances fixes : le glouton, ce que le solveur y gagne en une minute, et l'écart à sa borne."""

from __future__ import annotations

from time import perf_counter

from mesures.instances import GENRES, instance
from mesures.mesure import Mesure, Sens
from parchemin.convocations.planificateur import glouton, solveur
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.verificateur import defauts

SUJET = "Planificateur"
SECONDES, ECART, SECONDES_DU_GLOUTON = 60, 15, 2


def mesurer(rapide: bool) -> list[Mesure]:
    """Soixante candidats, quatre blocs, trente évaluateurs, quatre semaines ; deux fils. Tout plan passe le vérificateur."""
    mesures = []
    secondes = 15 if rapide else SECONDES
    for genre in GENRES:
        donnee = instance(genre)
        debut = perf_counter()
        premier = glouton.planifier(donnee)
        attente = perf_counter() - debut
        mieux = solveur.ameliorer(donnee, premier, secondes=secondes)
        if defauts(donnee, premier) or defauts(donnee, mieux.plan):
            raise AssertionError("le vérificateur refuse un plan")
        total = cout(donnee, premier).total
        note = (
            f"{len(mieux.plan)} épreuves placées sur {len(donnee.epreuves)}, au plus {secondes} s sur 2 fils ; la borne"
            " est celle des plans par vacations, passages entiers"
        )
        mesures += [
            Mesure(SUJET, f"glouton, {genre}", attente, "s", SECONDES_DU_GLOUTON),
            Mesure(
                SUJET,
                f"points après le solveur, {genre}",
                mieux.cout,
                "points",
                total - 1,
                pair="glouton",
                valeur_pair=total,
                note=note,
            ),
            Mesure(SUJET, f"écart à la borne, {genre}", 100 * mieux.ecart, "%", ECART, Sens.AU_PLUS, note=note),
        ]
    return mesures
