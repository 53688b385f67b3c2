"""Pourquoi une épreuve n'a pas de place, et la plus petite chose à relâcher pour qu'elle en ait une.

On essaie les relâchements un à un, du plus petit au plus grand, puis deux à la fois, le reste du plan tenu ; le premier qui
suffit est la réponse. Chaque essai repasse par le glouton, dont tout plan est sans défaut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from parchemin.convocations.planificateur.glouton import planifier
from parchemin.convocations.planificateur.instance import Instance, Ouverture, Placement, Plage

UNE_HEURE, UN_JOUR = 60, 24 * 60


class Relachement(StrEnum):
    """Ce que l'on peut relâcher, du plus petit au plus grand."""

    MAXIMUM = "maximum"
    HEURES_DU_CANDIDAT = "heures_du_candidat"
    OUVERTURE = "ouverture"
    DISPONIBILITE = "disponibilite"
    SALLE = "salle"
    PERIODE = "periode"
    ADMISSIBLE = "admissible"


@dataclass(frozen=True, slots=True)
class Reponse:
    """Ce qui suffit à placer l'épreuve (vide : rien de ce qu'on sait relâcher), et la place qu'elle aurait alors.

    `qui` : les évaluateurs dont le maximum ou la disponibilité sont à relâcher, s'il y en a.
    """

    relacher: tuple[Relachement, ...]
    placement: Placement | None
    qui: tuple[str, ...] = ()


def pourquoi(instance: Instance, plan: Sequence[Placement], epreuve: str) -> Reponse:
    """Le plus petit relâchement qui donne une place à une épreuve que le plan laisse de côté, sans déplacer les autres.

    Un relâchement vide avec une place : le plan en avait une, personne ne l'a prise.
    """
    for essai in _essais():
        relachee = instance
        for relachement in essai:
            relachee = relacher(relachee, relachement, epreuve)
        seule = replace(relachee, epreuves=tuple(e for e in relachee.epreuves if e.cle in {epreuve, *_cles(plan)}))
        trouve = next((p for p in planifier(seule, plan) if p.epreuve == epreuve), None)
        if trouve is not None:
            return Reponse(essai, trouve, _en_cause(instance, plan, trouve, essai))
    return Reponse((), None)


def _essais() -> Iterator[tuple[Relachement, ...]]:
    yield ()
    yield from ((un,) for un in Relachement)
    yield from combinations(Relachement, 2)


def _cles(plan: Sequence[Placement]) -> frozenset[str]:
    return frozenset(p.epreuve for p in plan)


def relacher(instance: Instance, relachement: Relachement, cle: str) -> Instance:
    """La même instance, une chose relâchée pour cette épreuve.

    Une épreuve de plus par jour ; le candidat à toute heure ; les salles ouvertes une heure de plus, avant et après ; les
    évaluateurs libres chaque jour ouvert ; une salle de plus par site ; une semaine de plus ; tous admissibles.
    """
    epreuve = instance.epreuve[cle]
    match relachement:
        case Relachement.MAXIMUM:
            return replace(instance, evaluateurs=tuple(replace(e, maximum=e.maximum + 1) for e in instance.evaluateurs))
        case Relachement.HEURES_DU_CANDIDAT:
            candidats = (replace(c, libre=None) if c.cle == epreuve.candidat else c for c in instance.candidats)
            return replace(instance, candidats=tuple(candidats))
        case Relachement.OUVERTURE:
            salles = (replace(s, ouvertures=tuple(map(_elargie, s.ouvertures))) for s in instance.salles)
            return replace(instance, salles=tuple(salles))
        case Relachement.DISPONIBILITE:
            ouvertes = tuple(o.plage for s in instance.salles for o in s.ouvertures)
            libres = (replace(e, libre=(*e.libre, *ouvertes)) for e in instance.evaluateurs)
            return replace(instance, evaluateurs=tuple(libres))
        case Relachement.SALLE:
            return replace(
                instance, salles=(*instance.salles, *(replace(s, cle=f"{s.cle} bis") for s in instance.salles))
            )
        case Relachement.PERIODE:
            return _une_semaine_de_plus(instance)
        case Relachement.ADMISSIBLE:
            tous = frozenset(instance.evaluateur)
            epreuves = (replace(e, metiers=tous, certificateurs=tous) if e.cle == cle else e for e in instance.epreuves)
            return replace(instance, epreuves=tuple(epreuves))


def _elargie(ouverture: Ouverture) -> Ouverture:
    plage = ouverture.plage
    return replace(ouverture, plage=Plage(plage.debut - UNE_HEURE, plage.fin + UNE_HEURE))


def _une_semaine_de_plus(instance: Instance) -> Instance:
    """La dernière semaine ouverte se répète : mêmes salles, mêmes disponibilités."""
    dernier = max((o.jour for s in instance.salles for o in s.ouvertures), default=0)
    saut = 7 * UN_JOUR

    def decalee(plage: Plage) -> Plage:
        return Plage(plage.debut + saut, plage.fin + saut)

    def suite(plages: tuple[Plage, ...]) -> tuple[Plage, ...]:
        return (*plages, *(decalee(p) for p in plages if p.fin > fin - saut))

    fin = max((o.plage.fin for s in instance.salles for o in s.ouvertures), default=0)
    salles = (
        replace(
            s,
            ouvertures=(
                *s.ouvertures,
                *(Ouverture(decalee(o.plage), o.jour + 7) for o in s.ouvertures if o.jour > dernier - 7),
            ),
        )
        for s in instance.salles
    )
    return replace(
        instance,
        salles=tuple(salles),
        evaluateurs=tuple(replace(e, libre=suite(e.libre)) for e in instance.evaluateurs),
        candidats=tuple(c if c.libre is None else replace(c, libre=suite(c.libre)) for c in instance.candidats),
    )


def _en_cause(
    instance: Instance, plan: Sequence[Placement], trouve: Placement, essai: tuple[Relachement, ...]
) -> tuple[str, ...]:
    """Les évaluateurs de cette place que l'instance d'origine aurait refusés pour leurs heures ou leur maximum."""
    if not {Relachement.MAXIMUM, Relachement.DISPONIBILITE} & set(essai):
        return ()
    plage, causes = instance.plage(trouve), []
    for qui in (trouve.metier, trouve.certificateur):
        evaluateur = instance.evaluateur[qui]
        jour = instance.jour(trouve.salle, plage) if trouve.salle in instance.salle else None
        tenues = sum(e.jour == jour for e in evaluateur.engagements) + sum(
            qui in (p.metier, p.certificateur) and instance.jour(p.salle, instance.plage(p)) == jour for p in plan
        )
        libre = any(p.contient(plage) for p in evaluateur.libre)
        if not libre or tenues + 1 > evaluateur.maximum:
            causes.append(qui)
    return tuple(causes)
