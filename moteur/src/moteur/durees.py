"""Combien de temps entre deux gestes, même si l'heure affichée saute, même si la page s'est rechargée.

Un geste porte deux heures : `mural`, que l'on peut régler, et `monotone_ms`, qui ne recule pas tant que la page vit. On
avance de geste en geste sur le même appareil, par l'horloge monotone ; là où elle est repartie de zéro, et là seulement, le
pas se fait à l'heure affichée. Entre deux appareils, il ne reste que l'heure affichée.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise

from moteur.faits import Fait

_MS = timedelta(milliseconds=1)
ECART_MAXIMAL_MS = 366 * 24 * 60 * 60 * 1000
"""Un an : au-delà, ce n'est plus une épreuve qui dure, c'est une horloge qui se trompe."""


def ecart_ms(de: Fait, a: Fait, gestes: Iterable[Fait] = ()) -> int | None:
    """De `de` à `a`, en millisecondes ; négatif si `a` vient avant. `None` quand les horloges se contredisent, ou disent plus d'un an.

    `gestes` : ceux de la même lecture, dans n'importe quel ordre ; ceux du même appareil servent de jalons.
    """
    if de.appareil != a.appareil:
        return _vraisemblable((a.mural - de.mural) // _MS)
    if a.rang < de.rang:
        retour = ecart_ms(a, de, gestes)
        return None if retour is None else -retour
    jalons = [fait for fait in gestes if fait.appareil == de.appareil and de.rang < fait.rang < a.rang]
    pas = [_pas_ms(avant, apres) for avant, apres in pairwise([de, *sorted(jalons, key=_place), a])]
    return _vraisemblable(sum(connu for connu in pas if connu is not None)) if None not in pas else None


def duree_utile_ms(
    debut: Fait, fin: Fait, pauses: Sequence[tuple[Fait, Fait | None]], gestes: Iterable[Fait] = ()
) -> int | None:
    """Du début à la fin, pauses ôtées, en millisecondes ; `None` quand les horloges se contredisent.

    Une pause (son début, sa reprise) que rien ne reprend dure jusqu'à la fin. Deux pauses qui se chevauchent ne comptent
    qu'une fois, et hors du début et de la fin une pause n'ôte rien.
    """
    gestes = tuple(gestes)
    total = ecart_ms(debut, fin, gestes)
    if total is None or total < 0:
        return None
    arrets: list[tuple[int, int]] = []
    for pause, reprise in pauses:
        de = ecart_ms(debut, pause, gestes)
        a = total if reprise is None else ecart_ms(debut, reprise, gestes)
        if de is None or a is None or (reprise is not None and a < de):
            return None
        arrets.append((max(de, 0), min(a, total)))
    utile, place = total, 0
    for de, a in sorted(arrets):
        utile -= max(a - max(de, place), 0)
        place = max(place, a)
    return utile


def _vraisemblable(ecart: int) -> int | None:
    return ecart if abs(ecart) <= ECART_MAXIMAL_MS else None


def _place(fait: Fait) -> tuple[int, str]:
    return fait.rang, fait.id


def _pas_ms(avant: Fait, apres: Fait) -> int | None:
    """Un pas, d'un geste au suivant du même appareil."""
    if apres.monotone_ms >= avant.monotone_ms:
        return apres.monotone_ms - avant.monotone_ms
    affiche = (apres.mural - avant.mural) // _MS
    return affiche if affiche >= 0 else None
