"""Ce que le second regard fait aux refus à tort, et combien de regards il coûte : une simulation, à graine.

Des candidats entièrement compétents sont jugés par deux évaluateurs qui se trompent, chacun de son côté et critère par
critère, une fois sur cent, trois ou cinq. Où les lectures diffèrent, l'accord retient la juste `ACCORD_JUSTE` fois sur cent.
Un bloc signalé par la règle du moteur (`moteur.regles.second_regard`) est relu par une troisième personne, qui reconnaît
l'erreur `REGARD_JUSTE` fois sur cent ; le jury la suit. Les marges sont celles du moteur par lots.

Ce sont des hypothèses, dites ici : une simulation montre un ordre de grandeur, jamais ce que fera un vrai jury.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mesures.mesure import Mesure, Sens
from moteur.lot import Lot
from moteur.referentiel import Referentiel
from moteur.regles.second_regard import motifs
from parchemin.referentiels.fichier import charger_norme

SUJET = "Second regard"
GRAINE = 20_261_128
ERREURS = (0.01, 0.03, 0.05)
ACCORD_JUSTE, REGARD_JUSTE = 0.70, 0.80
CANDIDATS, CANDIDATS_RAPIDE = 200_000, 40_000
BUT_REDUCTION = 0.75
"""Les refus à tort qui restent, au plus, rapportés à ceux d'avant le second regard."""


@dataclass(frozen=True, slots=True)
class Issue:
    """Ce que donne une simulation, en parts : par bloc, refus d'un évaluateur seul, puis de deux, puis relus ; regards."""

    seul: NDArray[np.float64]
    deux: NDArray[np.float64]
    relus: NDArray[np.float64]
    regards: NDArray[np.float64]
    refuses_seul: float
    refuses_deux: float
    refuses_relus: float


def mesurer(rapide: bool) -> list[Mesure]:
    """Pour chaque taux d'erreur : les refus à tort de la certification et des blocs, et les regards pour cent blocs."""
    combien = CANDIDATS_RAPIDE if rapide else CANDIDATS
    referentiel = charger_norme()
    mesures = []
    for erreur in ERREURS:
        issue = simuler(referentiel, erreur, combien)
        dit = f"à {erreur:.0%} d'erreur".replace("%", " %")
        note = (
            f"{combien} candidats compétents ; accord juste {ACCORD_JUSTE:.0%}, regard juste {REGARD_JUSTE:.0%} ; "
            f"un évaluateur seul refuserait {issue.refuses_seul:.1%} des candidats"
        ).replace("%", " %")
        mesures.append(
            Mesure(
                SUJET,
                f"candidats refusés à tort, {dit}",
                100 * issue.refuses_relus,
                "%",
                100 * issue.refuses_deux * BUT_REDUCTION,
                Sens.AU_PLUS,
                "deux lectures sans second regard",
                100 * issue.refuses_deux,
                note,
            )
        )
        for rang, bloc in enumerate(referentiel.blocs):
            mesures.append(
                Mesure(
                    SUJET,
                    f"{bloc.code} refusé à tort, {dit}",
                    100 * issue.relus[rang],
                    "%",
                    pair="deux lectures sans second regard",
                    valeur_pair=100 * issue.deux[rang],
                    note=f"un évaluateur seul : {100 * issue.seul[rang]:.1f} %",
                )
            )
        mesures.append(
            Mesure(SUJET, f"seconds regards pour cent blocs jugés, {dit}", 100 * float(issue.regards.mean()), "regards")
        )
    return mesures


def simuler(referentiel: Referentiel, erreur: float, combien: int) -> Issue:
    """Juge `combien` candidats entièrement compétents. Même graine, mêmes nombres."""
    hasard = np.random.default_rng(GRAINE)
    lot = Lot(referentiel)
    colonnes = _colonnes(referentiel)
    nombre = colonnes[-1].stop
    premiere = hasard.random((combien, nombre)) >= erreur
    seconde = hasard.random((combien, nombre)) >= erreur
    differe = premiere != seconde
    accordee = premiere & seconde | differe & (hasard.random((combien, nombre)) < ACCORD_JUSTE)
    avant = lot.marges(accordee)
    signales = _signales(lot, referentiel, accordee, differe, avant.blocs)
    relue = accordee.copy()
    for rang, tranche in enumerate(colonnes):
        reconnus = hasard.random((combien, tranche.stop - tranche.start)) < REGARD_JUSTE
        relue[:, tranche] |= reconnus & signales[:, rang, None]
    apres, seul = lot.marges(relue), lot.marges(premiere)
    return Issue(
        (seul.blocs < 0).mean(axis=0),
        (avant.blocs < 0).mean(axis=0),
        (apres.blocs < 0).mean(axis=0),
        signales.mean(axis=0),
        float((seul.certification < 0).mean()),
        float((avant.certification < 0).mean()),
        float((apres.certification < 0).mean()),
    )


def _colonnes(referentiel: Referentiel) -> list[slice]:
    """Les colonnes de chaque bloc, dans l'ordre du référentiel."""
    fins = np.cumsum([len(bloc.criteres()) for bloc in referentiel.blocs])
    return [slice(int(fin) - len(bloc.criteres()), int(fin)) for bloc, fin in zip(referentiel.blocs, fins, strict=True)]


def _signales(
    lot: Lot,
    referentiel: Referentiel,
    grilles: NDArray[np.bool_],
    differe: NDArray[np.bool_],
    marges: NDArray[np.int16],
) -> NDArray[np.bool_]:
    """Les blocs qui reçoivent un second regard : la règle du moteur, sur les cas distincts qu'elle voit."""
    signales = np.zeros(marges.shape, dtype=bool)
    for rang, tranche in enumerate(_colonnes(referentiel)):
        discutes = _tient_a_un_discute(lot, grilles, differe, marges[:, rang], tranche, rang)
        for marge in np.unique(marges[:, rang]):
            for discute in (False, True):
                dits = motifs(
                    acquis=bool(marge > 0),
                    marge=int(marge),
                    bascule=("critère",),
                    differaient=("critère",) if discute else (),
                    sans_accord=False,
                )
                signales[(marges[:, rang] == marge) & (discutes == discute), rang] = bool(dits)
    return signales


def _tient_a_un_discute(
    lot: Lot,
    grilles: NDArray[np.bool_],
    differe: NDArray[np.bool_],
    marges: NDArray[np.int16],
    tranche: slice,
    rang: int,
) -> NDArray[np.bool_]:
    """Vrai où le bloc, acquis d'un critère, se perdrait si un critère discuté, retenu validé, ne l'était pas."""
    tient = np.zeros(len(grilles), dtype=bool)
    for colonne in range(tranche.start, tranche.stop):
        lignes = np.flatnonzero((marges == 1) & differe[:, colonne] & grilles[:, colonne] & ~tient)
        if len(lignes):
            sans = grilles[lignes]
            sans[:, colonne] = False
            tient[lignes] = lot.marges(sans).blocs[:, rang] < 0
    return tient
