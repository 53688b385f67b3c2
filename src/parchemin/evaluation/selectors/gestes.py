"""Les gestes que l'on peut annuler : une lecture des faits, sans base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moteur.faits import Fait


@dataclass(frozen=True, slots=True)
class Geste:
    """Un geste que l'on peut annuler : le fait, et la valeur qu'avait sa cible avant lui."""

    fait: Fait
    avant: object


_SANS_VALEUR: Mapping[str, object] = {
    "commentaire": "",
    "lieu": "",
    "competence_abordee": False,
}
"""Ce que vaut une cible dont nul n'a encore rien dit ; ailleurs : rien (`None`)."""


def gestes_annulables(faits_connus: Iterable[Fait]) -> tuple[Geste, ...]:
    """Les gestes que l'on peut annuler, le dernier arrivé d'abord : pour chaque cible, celui qui lui donne sa valeur.

    Un fait qui corrige le dernier de sa cible en lui rendant la valeur d'avant est une annulation : les deux s'effacent, et
    le geste d'avant redevient celui qu'on peut annuler. « Annuler », deux fois de suite, remonte ainsi de deux gestes.
    """
    piles: dict[str, list[tuple[int, Geste]]] = {}
    valeurs: dict[str, object] = {}
    for rang, fait in enumerate(faits_connus):
        avant = valeurs.get(fait.cible, _SANS_VALEUR.get(fait.cible.partition(":")[0]))
        pile = piles.setdefault(fait.cible, [])
        if pile and fait.remplace is not None and fait.valeur == pile[-1][1].avant:
            pile.pop()
        else:
            pile.append((rang, Geste(fait, avant)))
        valeurs[fait.cible] = fait.valeur
    derniers = sorted((pile[-1] for pile in piles.values() if pile), key=lambda une: une[0], reverse=True)
    return tuple(geste for _, geste in derniers)
