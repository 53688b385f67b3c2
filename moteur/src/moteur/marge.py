"""La marge : à combien de critères est-on de la décision contraire, et lesquels ?

La même question se pose à chaque étage de l'arbre, et la même réponse s'y donne. Un élément (critère, compétence,
bloc, certification) est acquis quand au moins `requis` de ses enfants le sont. Le renverser, c'est :

- s'il est acquis avec `a` enfants acquis, en faire perdre `a − requis + 1`, les moins coûteux ;
- s'il ne l'est pas, en faire gagner `requis − a`, les moins coûteux.

Le coût d'un critère est 1. C'est exact parce que deux enfants ne partagent aucun critère : le plus petit ensemble de
critères qui renverse le tout est la réunion des plus petits ensembles des enfants choisis.

Dans la marge, un critère ouvert compte comme non validé.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from moteur.vocabulaire import Verdict


@dataclass(frozen=True, slots=True)
class Renversement:
    """Comment la décision d'un élément se renverse au plus court, ses critères ouverts comptés non validés.

    `cout` : le plus petit nombre de critères à changer, au moins 1. `criteres` : ceux qui sont dans au moins un des
    plus petits ensembles, dans l'ordre du référentiel. `porteurs` : les rangs des enfants dont ils viennent.
    """

    acquis: bool
    cout: int
    criteres: tuple[str, ...]
    porteurs: tuple[int, ...]


def critere(code: str, *, valide: bool) -> Renversement:
    """Renverser un critère, c'est le changer lui-même."""
    return Renversement(valide, 1, (code,), ())


def renverser(requis: int, enfants: Sequence[Renversement]) -> Renversement:
    """Le renversement d'un élément acquis quand au moins `requis` de ses `enfants` le sont (1 ≤ requis ≤ enfants)."""
    obtenus = 0
    for enfant in enfants:
        obtenus += enfant.acquis
    acquis = obtenus >= requis
    nombre = obtenus - requis + 1 if acquis else requis - obtenus
    candidats = [(rang, enfant) for rang, enfant in enumerate(enfants) if enfant.acquis is acquis]
    couts = sorted([enfant.cout for _, enfant in candidats])
    # Un enfant sert à l'un des plus petits ensembles dès qu'il ne coûte pas plus que le dernier enfant choisi.
    plafond = couts[nombre - 1]
    retenus = [(rang, enfant) for rang, enfant in candidats if enfant.cout <= plafond]
    return Renversement(
        acquis=acquis,
        cout=sum(couts[:nombre]),
        criteres=tuple([code for _, enfant in retenus for code in enfant.criteres]),
        porteurs=tuple([rang for rang, _ in retenus]),
    )


def marge(acquis: Verdict, renversement: Renversement) -> int | None:
    """La marge signée : positive si c'est acquis, négative si ce ne l'est pas, `None` tant que ce n'est pas décidé."""
    if acquis is None:
        return None
    return renversement.cout if acquis else -renversement.cout


def bascule(acquis: Verdict, renversement: Renversement) -> tuple[str, ...] | None:
    """Les critères qui appartiennent à au moins un des plus petits ensembles ; `None` tant que ce n'est pas décidé."""
    return None if acquis is None else renversement.criteres
