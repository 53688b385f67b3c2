"""Ce qui diffère entre deux lectures scellées : des critères, des conditions ; et ce que chacun en dit maintenant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from moteur import conditions as regle_conditions
from moteur.conditions import Conditions
from moteur.referentiel import Bloc, Epreuve
from moteur.regles import accord
from moteur.vocabulaire import Etat
from parchemin.comptes.selectors import Droits
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, ouverture_de_l_accord
from parchemin.evaluation.enums import Position
from parchemin.evaluation.models import Confirmation, PositionAccord
from parchemin.evaluation.selectors.lectures import VueLecture, bloc_de, lectures_visibles, reglement_du_jour
from parchemin.socle.acteur import Acteur

ECART_PAR_DEFAUT = 2
"""Minutes, sous un règlement écrit avant que ce réglage n'existe."""


@dataclass(frozen=True, slots=True)
class VuePosition:
    """La dernière position d'un évaluateur sur un point qui diffère."""

    id: UUID
    evaluateur: UUID
    choix: Position
    motif: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Un critère sur lequel les deux lectures scellées diffèrent, et ce que chacun en dit maintenant.

    `d_office` : une lecture n'a pas pu le juger ; nul accord ne le tranche, il est laissé au jury. `faits` : ce que chacun a
    observé sur toute sa compétence.
    """

    critere: str
    competence: str
    lectures: Mapping[Qualite, Etat]
    commentaires: Mapping[Qualite, str]
    faits: Mapping[Qualite, str]
    positions: Mapping[UUID, VuePosition]
    d_office: bool = False

    @property
    def regle(self) -> Position | None:
        """Ce sur quoi les deux s'accordent, s'ils s'accordent."""
        return Position.DESACCORD if self.d_office else _regle(self.positions)


@dataclass(frozen=True, slots=True)
class DifferenceDeCondition:
    """Une condition que les deux lectures ne constatent pas de même, et quelle lecture chacun dit faire foi."""

    condition: str
    lectures: Mapping[Qualite, Conditions]
    positions: Mapping[UUID, VuePosition]

    @property
    def regle(self) -> Position | None:
        """Ce sur quoi les deux s'accordent, s'ils s'accordent."""
        return _regle(self.positions)


@dataclass(frozen=True, slots=True)
class Ecarts:
    """Tout ce qui diffère, dans l'ordre du référentiel : les critères, puis les conditions."""

    criteres: tuple[Difference, ...]
    conditions: tuple[DifferenceDeCondition, ...]

    @property
    def tous(self) -> tuple[Difference | DifferenceDeCondition, ...]:
        """Les critères, puis les conditions."""
        return (*self.criteres, *self.conditions)

    @property
    def aucun(self) -> bool:
        """Vrai si les deux lectures disent la même chose."""
        return not (self.criteres or self.conditions)

    @property
    def a_regler(self) -> tuple[Difference | DifferenceDeCondition, ...]:
        """Ce qui n'est pas encore réglé."""
        return tuple(ecart for ecart in self.tous if ecart.regle is None)

    @property
    def laisses_au_jury(self) -> bool:
        """Vrai si un point au moins est laissé au jury."""
        return any(ecart.regle == Position.DESACCORD for ecart in self.tous)


def _regle(positions: Mapping[UUID, VuePosition]) -> Position | None:
    choix = {position.choix for position in positions.values()}
    return choix.pop() if len(positions) == len(Qualite) and len(choix) == 1 else None


def ecarts(lecteur: Acteur, droits: Droits, epreuve: VueEpreuve) -> Ecarts | None:
    """Ce qui diffère entre les deux lectures ; `None` si le lecteur ne les voit pas.

    Les motifs de chacun, comme leurs commentaires, ne s'ouvrent qu'aux deux évaluateurs.
    """
    vues = lectures_visibles(lecteur, droits, epreuve)
    if len(vues) < len(Qualite):
        return None
    trouves = ecarts_de(lecteur, epreuve, vues)
    if epreuve.qualite_de(lecteur.id):
        return trouves
    return Ecarts(tuple(map(_sans_motifs, trouves.criteres)), tuple(map(_sans_motifs, trouves.conditions)))


def _sans_motifs[E: (Difference, DifferenceDeCondition)](ecart: E) -> E:
    return replace(ecart, positions={qui: replace(p, motif="") for qui, p in ecart.positions.items()})


def ecarts_de(lecteur: Acteur, epreuve: VueEpreuve, lectures: Mapping[Qualite, VueLecture]) -> Ecarts:
    """Les écarts de deux lectures scellées, sans contrôle de vue ; les durées, celles du candidat, sous le règlement
    du jour où l'accord s'est ouvert.
    """
    bloc = bloc_de(lecteur, epreuve)
    metier, certificateur = lectures[Qualite.METIER], lectures[Qualite.CERTIFICATEUR]
    reglement = reglement_du_jour(lecteur, epreuve, ouverture_de_l_accord(lecteur, epreuve))
    codes = regle_conditions.differences(
        _amenagee(bloc.epreuve, metier.durees),
        metier.conditions,
        certificateur.conditions,
        ecart_minutes=reglement.valeur("ecart_des_durees_minutes", ECART_PAR_DEFAUT),
    )
    positions = _dernieres_positions(epreuve.id)
    return Ecarts(
        _differences(bloc, lectures, positions),
        tuple(
            DifferenceDeCondition(
                code, {q: lue.conditions for q, lue in lectures.items()}, positions.get(("condition", code), {})
            )
            for code in codes
        ),
    )


def _amenagee(epreuve: Epreuve, durees: Mapping[str, int]) -> Epreuve:
    """L'épreuve telle que ce candidat la passe : un minimum aménagé sépare deux lectures comme celui du référentiel.

    Les deux lectures sont scellées sous les mêmes durées (`durees_amenagees`).
    """
    return replace(
        epreuve,
        phases=tuple(
            replace(phase, duree=replace(phase.duree, minutes=durees[phase.code]))
            if phase.duree is not None and phase.code in durees
            else phase
            for phase in epreuve.phases
        ),
    )


def differences_de(bloc: Bloc, epreuve: UUID, lectures: Mapping[Qualite, VueLecture]) -> tuple[Difference, ...]:
    """Les critères sur lesquels deux lectures scellées diffèrent, avec la dernière position de chacun."""
    return _differences(bloc, lectures, _dernieres_positions(epreuve))


def _differences(
    bloc: Bloc,
    lectures: Mapping[Qualite, VueLecture],
    positions: Mapping[tuple[str, str], Mapping[UUID, VuePosition]],
) -> tuple[Difference, ...]:
    une, autre = lectures[Qualite.METIER].etats, lectures[Qualite.CERTIFICATEUR].etats
    d_office = set(accord.au_jury_d_office(une, autre))
    codes = d_office | set(
        accord.differences(
            {code: etat for code, etat in une.items() if code not in d_office},
            {code: etat for code, etat in autre.items() if code not in d_office},
        )
    )
    return tuple(
        Difference(
            critere=critere.code,
            competence=competence.code,
            lectures={qualite: lecture.etats[critere.code] for qualite, lecture in lectures.items()},
            commentaires={q: lecture.commentaires.get(critere.code, "") for q, lecture in lectures.items()},
            faits={q: lecture.commentaires.get(competence.code, "") for q, lecture in lectures.items()},
            positions=positions.get(("critere", critere.code), {}),
            d_office=critere.code in d_office,
        )
        for competence in bloc.competences()
        for critere in competence.criteres
        if critere.code in codes
    )


def confirmations(lecteur: Acteur, epreuve: UUID) -> frozenset[UUID]:
    """Qui a déjà confirmé le résultat d'une épreuve ouverte au lecteur, où les lectures concordent."""
    return frozenset(Confirmation.objects.filter(epreuve_id=epreuve).values_list("evaluateur_id", flat=True))


def _dernieres_positions(epreuve: UUID) -> dict[tuple[str, str], dict[UUID, VuePosition]]:
    dernieres: dict[tuple[str, str], dict[UUID, VuePosition]] = {}
    for ligne in PositionAccord.objects.filter(epreuve_id=epreuve).order_by("rang"):
        point = ("critere", ligne.critere) if ligne.critere else ("condition", ligne.condition)
        dernieres.setdefault(point, {})[ligne.evaluateur_id] = VuePosition(
            ligne.pk, ligne.evaluateur_id, Position(ligne.choix), ligne.motif
        )
    return dernieres
