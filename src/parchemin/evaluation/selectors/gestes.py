"""Les gestes que l'on peut annuler : une lecture des faits, sans base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from moteur.faits import Fait

RIEN = "00000000-0000-0000-0000-000000000000"
"""Le `remplace` de ce qui annule un geste qui ne remplaçait rien (`docs/echange-des-faits.md`)."""


@dataclass(frozen=True, slots=True)
class Geste:
    """Un geste que l'on peut annuler : le fait, et la valeur qu'avait sa cible avant lui."""

    fait: Fait
    avant: object

    @property
    def remplace(self) -> str:
        """Le `remplace` du fait qui annule ce geste : le sien, dont il prend la place."""
        return self.fait.remplace or RIEN

    def est_annule_par(self, fait: Fait) -> bool:
        """Vrai si ce fait rend la valeur d'avant et le dit. Une correction, même revenue à cette valeur, nomme ce qu'elle corrige."""
        return fait.remplace == self.remplace and fait.valeur == self.avant and fait.avait_vu(self.fait)


_SANS_VALEUR: Mapping[str, object] = {
    "commentaire": "",
    "lieu": "",
    "competence_abordee": False,
}
"""Ce que vaut une cible dont nul n'a encore rien dit ; ailleurs : rien (`None`)."""


def gestes_annulables(faits_connus: Iterable[Fait]) -> tuple[Geste, ...]:
    """Les gestes que l'on peut annuler, le dernier arrivé d'abord : pour chaque cible, celui qui lui donne sa valeur.

    Un geste et ce qui l'annule s'effacent tous deux, et le geste d'avant redevient celui qu'on peut annuler : « Annuler », deux
    fois de suite, remonte de deux gestes. Toute autre correction reste un geste, fût-elle revenue à la valeur d'avant : ainsi
    de ce qui fut annulé avant que l'annulation ne se dise (`remplace` y nommait le fait corrigé), que rien n'en distingue.
    """
    piles: dict[str, list[tuple[int, Geste]]] = {}
    valeurs: dict[str, object] = {}
    for rang, fait in enumerate(_comme_ils_se_sont_vus(faits_connus)):
        avant = valeurs.get(fait.cible, _SANS_VALEUR.get(fait.cible.partition(":")[0]))
        pile = piles.setdefault(fait.cible, [])
        if pile and pile[-1][1].est_annule_par(fait):
            pile.pop()
        else:
            pile.append((rang, Geste(fait, avant)))
        valeurs[fait.cible] = fait.valeur
    derniers = sorted((pile[-1] for pile in piles.values() if pile), key=lambda une: une[0], reverse=True)
    return tuple(geste for _, geste in derniers)


def _comme_ils_se_sont_vus(faits_connus: Iterable[Fait]) -> list[Fait]:
    """Dans l'ordre d'arrivée, mais aucun après qui l'avait vu : un lot peut porter les gestes de deux appareils (un onglet tué)."""
    ranges: list[Fait] = []
    for fait in faits_connus:
        place = len(ranges)
        while place and ranges[place - 1].avait_vu(fait):
            place -= 1
        ranges.insert(place, fait)
    return ranges
