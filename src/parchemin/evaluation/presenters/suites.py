"""La page où le gestionnaire décide quand un évaluateur ne va pas au bout."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from moteur.regles.carences import Consequence, Etape
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import Examine, VueEpreuve
from parchemin.evaluation.selectors import Carence
from parchemin.socle.composants import Balle, Statut, Ton
from parchemin.socle.typographie import date_courte, date_longue, pluriel

SUITES = {
    Consequence.RELANCER: "Relancer par courriel",
    Consequence.REMPLACER: "Remplacer l’évaluateur",
    Consequence.REPLANIFIER: "Replanifier l’épreuve",
    Consequence.JURY: "Remettre au jury",
    Consequence.ETABLIR: "Établir le résultat",
}
EXPLICATIONS = {
    Consequence.RELANCER: "Elle se dit dans son courriel du jour ; celle du matin part d’elle-même une fois le délai passé.",
    Consequence.REMPLACER: "Quelqu’un d’autre lit ce qui peut encore être jugé ; le reste ira au jury.",
    Consequence.REPLANIFIER: "Une nouvelle épreuve prend la place de celle-ci, qui sera dite non évaluée.",
    Consequence.JURY: "Le jury lira les deux lectures et les raisons de chacun.",
    Consequence.ETABLIR: "Les deux lectures scellées concordent : le résultat s’établit sans attendre.",
}
REMPLACER_AVANT = "Quelqu’un d’autre évaluera l’épreuve, qui n’a pas commencé."
A_NOMMER = "un évaluateur à nommer"
"""Ce qui se dit d'une place vide : qui la tenait s'est retiré, ou fut récusé."""
A_PU_LIRE = " — a pu lire une grille papier : sa lecture le dira"
_QUOI = {
    Etape.LECTURE: "Sceller sa lecture.",
    Etape.ACCORD: "S’accorder sur ce qui diffère.",
    Etape.CONFIRMATION: "Confirmer le résultat commun.",
}


@dataclass(frozen=True, slots=True)
class LigneAttendue:
    """Un évaluateur attendu, et quand il a été relancé."""

    nom: str
    qualite: str
    statut: Statut


@dataclass(frozen=True, slots=True)
class PageSuites:
    """Toute la page."""

    epreuve: VueEpreuve
    balle: Balle
    attendus: tuple[LigneAttendue, ...]
    echeance: str
    delai: str


def page_suites(epreuve: VueEpreuve, carence: Carence, relances: Mapping[UUID, date], aujourdhui: date) -> PageSuites:
    """Qui est attendu, depuis quand, jusqu'à quand."""
    places = {e.personne: e for e in epreuve.evaluateurs}
    attendus = [places[qui] for qui in carence.attendus]
    balle = Balle(" et ".join(e.nom for e in attendus), _QUOI[carence.etape], carence.horloge.depuis, aujourdhui)
    if carence.vacantes or not attendus:
        quoi = f"{A_NOMMER.capitalize()}." if carence.vacantes else "Décider de la suite."
        balle = replace(balle, qui="Le gestionnaire", quoi=quoi)
    return PageSuites(
        epreuve=epreuve,
        balle=balle,
        attendus=(
            *(
                LigneAttendue(
                    e.nom,
                    str(e.qualite.label),
                    Statut(Ton.INFO, f"relancé le {date_courte(relances[e.personne])}")
                    if e.personne in relances
                    else Statut(Ton.ATTENTE, "attendu"),
                )
                for e in attendus
            ),
            *(
                LigneAttendue(A_NOMMER.capitalize(), str(qualite.label), Statut(Ton.ATTENTE, "à nommer"))
                for qualite in carence.vacantes
            ),
        ),
        echeance=date_longue(carence.horloge.echeance),
        delai=f"en retard de {pluriel(carence.retard, 'jour', 'jours')}" if carence.retard else "le délai court encore",
    )


def choix_suites(epreuve: VueEpreuve, carence: Carence) -> list[tuple[str, str, str]]:
    """Les suites que permet le règlement, dans son ordre : code, libellé, ce qu'elle fait."""
    dites = EXPLICATIONS if epreuve.commencee else EXPLICATIONS | {Consequence.REMPLACER: REMPLACER_AVANT}
    return [(suite.value, SUITES[suite], dites[suite]) for suite in carence.suites]


def choix_attendus(epreuve: VueEpreuve, carence: Carence) -> list[tuple[str, str]]:
    """Quelle place peut changer de mains : « Hugo Perrin, représentant métier » ; d'abord celles que personne ne tient."""
    return [
        *((qualite.value, f"{A_NOMMER}, {qualite.label}") for qualite in carence.vacantes),
        *(
            (e.qualite.value, f"{e.nom}, {e.qualite.label}")
            for e in epreuve.evaluateurs
            if e.personne in carence.attendus
        ),
    ]


def choix_remplacants(
    epreuve: VueEpreuve,
    examines: Mapping[Qualite, Sequence[Examine]],
    ecartes: Collection[UUID] = (),
    marques: Collection[UUID] = (),
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Par qualité, les admissibles qui n'évaluent pas déjà l'épreuve, les moins chargés d'abord.

    `ecartes` : qui connaît déjà ce qu'un évaluateur y a noté. `marques` : qui a pu le lire ; ils viennent en dernier, et cela se dit.
    """
    exclus = {e.personne for e in epreuve.evaluateurs} | set(ecartes)
    return [
        (
            str(qualite.label).capitalize(),
            [
                (f"{qualite.value}:{e.personne}", f"{e.nom}{A_PU_LIRE if e.personne in marques else ''}")
                for e in sorted(lignes, key=lambda e: e.personne in marques)
                if e.avis.admissible and e.personne not in exclus
            ],
        )
        for qualite, lignes in examines.items()
    ]
