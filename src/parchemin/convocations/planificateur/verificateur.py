"""Relit un plan, quel que soit qui l'a fait : rien ici ne vient du glouton ni du solveur.

Naïf exprès : chaque règle se relit paire par paire, sur ce que dit l'instance. Un plan est bon s'il n'a aucun défaut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from parchemin.convocations.planificateur.instance import Instance, Placement, Plage


class Regle(StrEnum):
    """Ce qu'un plan doit tenir."""

    EPREUVE_INCONNUE = "epreuve_inconnue"
    EPREUVE_DEUX_FOIS = "epreuve_deux_fois"
    SALLE_INCONNUE = "salle_inconnue"
    SALLE_FERMEE = "salle_fermee"
    SALLE_PRISE = "salle_prise"
    CANDIDAT_PRIS = "candidat_pris"
    CANDIDAT_INDISPONIBLE = "candidat_indisponible"
    EVALUATEUR_INCONNU = "evaluateur_inconnu"
    EVALUATEUR_ECARTE = "evaluateur_ecarte"
    EVALUATEUR_INDISPONIBLE = "evaluateur_indisponible"
    EVALUATEUR_PRIS = "evaluateur_pris"
    DEUX_QUALITES = "deux_qualites"
    TRAJET_TROP_COURT = "trajet_trop_court"
    MAXIMUM_DEPASSE = "maximum_depasse"


@dataclass(frozen=True, slots=True)
class Defaut:
    """Une règle non tenue par une épreuve ; `qui` : la personne ou la salle en cause ; `avec` : l'autre épreuve du plan."""

    regle: Regle
    epreuve: str
    qui: str = ""
    avec: str = ""


@dataclass(frozen=True, slots=True)
class _Tenue:
    """Un temps tenu : celui d'une épreuve du plan, ou d'un engagement d'ailleurs (`epreuve` vide)."""

    epreuve: str
    plage: Plage
    site: str | None


def defauts(instance: Instance, plan: Iterable[Placement]) -> tuple[Defaut, ...]:
    """Tous les défauts d'un plan, épreuve par épreuve. Vide : le plan est bon."""
    plan = tuple(plan)
    connus = tuple(p for p in plan if p.epreuve in instance.epreuve and p.salle in instance.salle)
    return (
        *_formes(instance, plan),
        *(d for p in connus for d in _a_soi_seule(instance, p)),
        *_salles(instance, connus),
        *_personnes(instance, connus),
        *_maxima(instance, connus),
    )


def _formes(instance: Instance, plan: Sequence[Placement]) -> Iterator[Defaut]:
    vues: set[str] = set()
    for placement in plan:
        if placement.epreuve not in instance.epreuve:
            yield Defaut(Regle.EPREUVE_INCONNUE, placement.epreuve)
        if placement.salle not in instance.salle:
            yield Defaut(Regle.SALLE_INCONNUE, placement.epreuve, placement.salle)
        if placement.epreuve in vues:
            yield Defaut(Regle.EPREUVE_DEUX_FOIS, placement.epreuve)
        vues.add(placement.epreuve)


def _a_soi_seule(instance: Instance, placement: Placement) -> Iterator[Defaut]:
    """Ce qu'une épreuve doit tenir sans regarder les autres."""
    epreuve = instance.epreuve[placement.epreuve]
    plage = Plage(placement.debut, placement.debut + epreuve.duree)
    salle = instance.salle[placement.salle]
    if not any(o.plage.debut <= plage.debut and plage.fin <= o.plage.fin for o in salle.ouvertures):
        yield Defaut(Regle.SALLE_FERMEE, placement.epreuve, placement.salle)
    candidat = instance.candidat[epreuve.candidat]
    if candidat.libre is not None and not _libre(candidat.libre, plage):
        yield Defaut(Regle.CANDIDAT_INDISPONIBLE, placement.epreuve, candidat.cle)
    if placement.metier == placement.certificateur:
        yield Defaut(Regle.DEUX_QUALITES, placement.epreuve, placement.metier)
    for qui, admis in ((placement.metier, epreuve.metiers), (placement.certificateur, epreuve.certificateurs)):
        if qui not in instance.evaluateur:
            yield Defaut(Regle.EVALUATEUR_INCONNU, placement.epreuve, qui)
            continue
        if qui not in admis or qui == epreuve.candidat:
            yield Defaut(Regle.EVALUATEUR_ECARTE, placement.epreuve, qui)
        if not _libre(instance.evaluateur[qui].libre, plage):
            yield Defaut(Regle.EVALUATEUR_INDISPONIBLE, placement.epreuve, qui)


def _libre(libres: Iterable[Plage], plage: Plage) -> bool:
    """Vrai si chaque minute de la plage est libre, fût-ce à cheval sur deux plages qui se touchent."""
    instant = plage.debut
    for libre in sorted(libres):
        if libre.debut <= instant < libre.fin:
            instant = libre.fin
    return instant >= plage.fin


def _salles(instance: Instance, plan: Sequence[Placement]) -> Iterator[Defaut]:
    tenues: dict[str, list[tuple[str, Plage]]] = defaultdict(list)
    for placement in plan:
        tenues[placement.salle].append((placement.epreuve, instance.plage(placement)))
    for salle, siennes in tenues.items():
        for (une, plage), (autre, occupee) in combinations(siennes, 2):
            if plage.touche(occupee):
                yield Defaut(Regle.SALLE_PRISE, une, salle, autre)
                yield Defaut(Regle.SALLE_PRISE, autre, salle, une)
        for une, plage in siennes:
            if any(plage.touche(prise) for prise in instance.occupees.get(salle, ())):
                yield Defaut(Regle.SALLE_PRISE, une, salle)


def _personnes(instance: Instance, plan: Sequence[Placement]) -> Iterator[Defaut]:
    """Nul n'est à deux endroits à la fois, et chacun a le temps d'aller de l'un à l'autre."""
    tenues: dict[str, dict[str, _Tenue]] = defaultdict(dict)
    candidats = {instance.epreuve[p.epreuve].candidat for p in plan}
    for rang, placement in enumerate(plan):
        tenue = _Tenue(placement.epreuve, instance.plage(placement), instance.salle[placement.salle].site)
        for qui in (placement.metier, placement.certificateur, instance.epreuve[placement.epreuve].candidat):
            tenues[qui][str(rang)] = tenue
    for qui, siennes in tenues.items():
        personne = instance.candidat.get(qui) or instance.evaluateur.get(qui)
        ailleurs = [_Tenue("", e.plage, e.site) for e in personne.engagements] if personne else []
        paires = [*combinations(siennes.values(), 2), *((tenue, e) for tenue in siennes.values() for e in ailleurs)]
        for une, autre in paires:
            regle = None
            if une.plage.touche(autre.plage):
                regle = Regle.CANDIDAT_PRIS if qui in candidats else Regle.EVALUATEUR_PRIS
            elif _entre(une.plage, autre.plage) < instance.trajet(une.site, autre.site):
                regle = Regle.TRAJET_TROP_COURT
            if regle is not None:
                yield Defaut(regle, une.epreuve, qui, autre.epreuve)
                if autre.epreuve:
                    yield Defaut(regle, autre.epreuve, qui, une.epreuve)


def _entre(une: Plage, autre: Plage) -> int:
    """Les minutes de la fin de la première au début de la suivante."""
    return max(une.debut, autre.debut) - min(une.fin, autre.fin)


def _maxima(instance: Instance, plan: Sequence[Placement]) -> Iterator[Defaut]:
    """Nul n'évalue plus d'épreuves en un jour que son maximum ; ce qui l'engage déjà compte."""
    par_jour: dict[tuple[str, int], list[str]] = defaultdict(list)
    for placement in plan:
        jour = instance.jour(placement.salle, instance.plage(placement))
        if jour is not None:
            for qui in {placement.metier, placement.certificateur}:
                par_jour[qui, jour].append(placement.epreuve)
    for (qui, jour), siennes in par_jour.items():
        evaluateur = instance.evaluateur.get(qui)
        if evaluateur is None:
            continue
        deja = sum(e.jour == jour for e in evaluateur.engagements)
        if deja + len(siennes) > evaluateur.maximum:
            for epreuve in siennes:
                yield Defaut(Regle.MAXIMUM_DEPASSE, epreuve, qui)
