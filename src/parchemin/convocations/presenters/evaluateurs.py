"""Qui peut évaluer, qui est écarté, et pourquoi."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parchemin.comptes.selectors import AU_PLUS, Proposition
from parchemin.convocations.enums import Qualite
from parchemin.convocations.permissions import raisons
from parchemin.convocations.selectors import (
    Examine,
)
from parchemin.socle.cles import cle_recherche
from parchemin.socle.composants import Colonne, Tableau
from parchemin.socle.typographie import date_en_clair, majuscule, pluriel


@dataclass(frozen=True, slots=True)
class Ecartes:
    """Qui tient le rôle et ne peut pas évaluer cette épreuve, avec la raison."""

    titre: str
    tableau: Tableau
    ouvert: bool
    suite: str


PERSONNE_NE_REPOND = "Aucun évaluateur admissible ne porte ce nom ; plus bas, qui est écarté, et pourquoi."


PERSONNE_DU_TOUT = (
    "Aucun évaluateur admissible ne porte ce nom, ni aucun de ceux qui sont écartés : essayez un seul mot."
)


PERSONNE_N_EST_ADMISSIBLE = "Personne n’est admissible en cette qualité : plus bas, ce qui écarte chacun."


SE_LIT_D_UN_COUP_D_OEIL = 8
"""Au-delà, un menu dont l'ordre est celui des charges se cherche par un nom."""


def propositions_evaluateurs(
    examines: Sequence[Examine], cherche: str, choisi: str, pris: str = "", pris_en: Qualite | None = None
) -> Proposition:
    """Quelques admissibles qui répondent à la recherche, les moins chargés d'abord : « Hugo Bernard — 2 épreuves à venir ».

    Qui est déjà choisi reste proposé, même écarté : le refus dira pourquoi. Qui est `pris` pour l'autre qualité ne l'est pas.
    """
    trouves = [e for e in examines if e.avis.admissible and _repond(e, cherche) and str(e.personne) != pris]
    garde = [e for e in examines if str(e.personne) == choisi and e not in trouves[:AU_PLUS]]
    return Proposition(
        tuple(
            (
                str(e.personne),
                f"{e.nom} — {pluriel(e.charge, 'épreuve', 'épreuves')} en cours" if e.charge else e.nom,
            )
            for e in (*garde, *trouves[:AU_PLUS])
        ),
        len(trouves) > AU_PLUS,
        a_chercher=len(examines) > SE_LIT_D_UN_COUP_D_OEIL,
        si_personne=_si_personne(examines, cherche, pris, pris_en),
    )


def _si_personne(examines: Sequence[Examine], cherche: str, pris: str, pris_en: Qualite | None) -> str:
    """Ce que dit un menu vide."""
    autre = next((e for e in examines if e.avis.admissible and str(e.personne) == pris and _repond(e, cherche)), None)
    if autre is not None and pris_en is not None:
        return f"{autre.nom} est déjà {_CHOISI_COMME[pris_en]} ; deux personnes sont nécessaires."
    if not cherche.strip():
        return PERSONNE_N_EST_ADMISSIBLE
    ecarte = any(not e.avis.admissible and _repond(e, cherche) for e in examines)
    return PERSONNE_NE_REPOND if ecarte else PERSONNE_DU_TOUT


_CHOISI_COMME = {
    Qualite.METIER: "choisi comme représentant métier",
    Qualite.CERTIFICATEUR: "choisi pour l’organisme certificateur",
}


def sans_personne(examines: Mapping[Qualite, Sequence[Examine]], pris: Mapping[Qualite, str]) -> tuple[str, ...]:
    """Ce qui manque pour tenir l'épreuve, qualité par qualité, hors toute recherche ; vide s'il y a quelqu'un pour chacune.

    `pris` : qui est déjà choisi pour l'autre qualité. Une qualité où il ne reste que lui n'a personne.
    """
    return tuple(
        f"Personne n’est admissible comme {qualite.label}."
        for qualite, lignes in examines.items()
        if not any(e.avis.admissible and str(e.personne) != pris[qualite] for e in lignes)
    )


def pourquoi_ecarte(examine: Examine) -> str:
    """Ce qui écarte quelqu'un, en mots ; d'un rôle qu'il n'a pas ce jour-là, depuis ou à partir de quand."""
    if examine.fini_le is not None:
        return f"n’a plus ce rôle depuis le {date_en_clair(examine.fini_le)}"
    if examine.commence_le is not None:
        return f"n’a ce rôle qu’à partir du {date_en_clair(examine.commence_le)}"
    return raisons(examine.avis.obstacles)


def _repond(examine: Examine, cherche: str) -> bool:
    """Vrai si chaque mot cherché commence un mot de ce nom, sans accents ni casse."""
    mots = cle_recherche(examine.nom).split()
    return all(any(mot.startswith(debut) for mot in mots) for debut in cle_recherche(cherche).split())


def ecartes(
    examines: Mapping[Qualite, Sequence[Examine]], cherches: Mapping[str, str], *, ouverts: bool = False
) -> tuple[Ecartes, ...]:
    """Ceux que la barrière écarte, par qualité ; le genre du lien, jamais la nature d'un lien personnel.

    Une recherche ne garde que ceux qui y répondent, et s'ouvre (`ouverts` : tout s'ouvre) ; au-delà de quelques noms, il faut chercher.
    """
    pages = []
    for qualite, lignes in examines.items():
        cherche = cherches.get(qualite.value, "").strip()
        hors = [e for e in lignes if not e.avis.admissible and _repond(e, cherche)]
        if not hors:
            continue
        tableau = Tableau(
            f"Écartés, {qualite.label}",
            (Colonne("Personne"), Colonne("Pourquoi")),
            tuple((e.nom, majuscule(pourquoi_ecarte(e))) for e in hors[:AU_PLUS]),
        )
        reste = len(hors) - AU_PLUS
        pages.append(
            Ecartes(
                f"{majuscule(qualite.label)} : {pluriel(len(hors), 'personne écartée', 'personnes écartées')}",
                tableau,
                ouvert=ouverts or bool(cherche),
                suite=f"Et {reste} de plus : cherchez un nom pour savoir ce qui l’écarte." if reste > 0 else "",
            )
        )
    return tuple(pages)
