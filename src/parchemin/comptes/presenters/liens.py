"""La page des liens d'une personne."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.certifications import certifications
from parchemin.comptes.enums import GenreDeLien
from parchemin.comptes.permissions import lien_est_d_autrui
from parchemin.comptes.selectors import GenreDeduit, LienDeduit, VueLien
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Lien, Vide

_VU_DE_LA_FICHE = {
    GenreDeLien.HIERARCHIQUE: ("Encadrée par {}", "Encadre {}"),
    GenreDeLien.FORMATION: ("Formée par {}", "A formé {}"),
    GenreDeLien.ACCOMPAGNEMENT: ("Accompagnée par {}", "Accompagne {}"),
    GenreDeLien.PROFESSIONNEL: ("Relation professionnelle avec {}",) * 2,
    GenreDeLien.PERSONNEL: ("Lien personnel avec {}",) * 2,
    GenreDeLien.DELIBERATION_ANNULEE: (
        "{} a siégé dans une délibération annulée",
        "A siégé pour {}, délibération annulée",
    ),
}


_DEDUIT_VU_DE_LA_FICHE = {
    GenreDeduit.TUTEUR: ("{} est son tuteur", "{} était son tuteur", "Tuteur de {}"),
    GenreDeduit.MANAGER: ("{} est son manager", "{} était son manager", "Manager de {}"),
    GenreDeduit.EVALUATEUR: ("{} est son évaluateur", "{} était son évaluateur", "Évaluateur de {}"),
}
"""Vu du candidat, en cours puis fini ; vu de l'autre personne."""


@dataclass(frozen=True, slots=True)
class LigneDeduite:
    """Un lien que dit un acte : il se lit, et ne se corrige que par l'acte lui-même."""

    phrase: str
    dates: str
    acte: Lien


@dataclass(frozen=True, slots=True)
class LigneLien:
    """Un lien, vu de la fiche : ce qui lie, quand, d'où on le tient."""

    id: UUID
    phrase: str
    dates: str
    origine: str
    clore: str
    annuler: str
    """Vides : ce geste n'est pas offert (le lien est fini, ou touche qui le lit)."""


@dataclass(frozen=True, slots=True)
class PageLiens:
    """Les liens d'une personne : en cours d'abord, puis finis."""

    personne: UUID
    nom: str
    en_cours: tuple[LigneLien, ...]
    finis: tuple[LigneLien, ...]
    deduits: tuple[LigneDeduite, ...]
    vide: Vide | None
    ajouter: Action


def page_liens(lecteur: Acteur, personne: UUID, jour: date) -> PageLiens:
    """Une personne du périmètre du lecteur, et ses liens ; lève `Introuvable` sinon."""
    vue = selectors.personne(lecteur, personne, jour)
    fiches = selectors.identites(lecteur, (personne,))[personne]
    liens = selectors.liens_de(lecteur, *fiches)
    siennes = selectors.fiches_du_lecteur(lecteur)
    deduits = selectors.liens_deduits(lecteur, fiches, jour)
    finis = tuple(lien for lien in liens if lien.periode.au is not None and lien.periode.au <= jour)
    return PageLiens(
        personne=personne,
        nom=vue.nom,
        en_cours=tuple(_ligne(lien, personne, fiches, siennes) for lien in liens if lien not in finis),
        finis=tuple(_ligne(lien, personne, fiches, siennes) for lien in finis),
        deduits=tuple(_deduite(lien, fiches, jour) for lien in deduits),
        vide=None
        if liens or deduits
        else Vide(
            "Aucun lien connu",
            "Ajoutez qui encadre cette personne, et qui l’a formée : la barrière d’indépendance s’en sert.",
        ),
        ajouter=Action("Ajouter un lien", reverse("comptes:nouveau_lien", args=[personne]), principale=True),
    )


def _deduite(lien: LienDeduit, fiches: frozenset[UUID], jour: date) -> LigneDeduite:
    en_cours, finie, de_l_autre = _DEDUIT_VU_DE_LA_FICHE[lien.genre]
    vu_du_candidat = en_cours if lien.periode.contient(jour) else finie
    phrase = vu_du_candidat.format(lien.vers_nom) if lien.de in fiches else de_l_autre.format(lien.de_nom)
    return LigneDeduite(phrase, selectors.dates_du_lien(lien.periode), Lien(lien.acte, lien.url))


def blocs_de_formation() -> tuple[tuple[str, str], ...]:
    """Les blocs des certifications publiées, à cocher : code, et « B1 : son titre »."""
    blocs = dict(bloc for une in certifications() for bloc in une.blocs)
    return tuple((code, f"{code} : {titre}") for code, titre in sorted(blocs.items()))


def _ligne(lien: VueLien, personne: UUID, fiches: frozenset[UUID], siennes: Collection[UUID]) -> LigneLien:
    d_autrui = lien_est_d_autrui(siennes, lien.de, lien.vers)
    par_l_autre = lien.de in fiches
    modele = _VU_DE_LA_FICHE[lien.genre][0 if par_l_autre else 1]
    dites = " ; ".join(filter(None, (lien.session, ", ".join(lien.blocs))))
    precision = f" ({dites})" if dites else ""
    return LigneLien(
        id=lien.id,
        phrase=modele.format(lien.vers_nom if par_l_autre else lien.de_nom) + precision,
        dates=selectors.dates_du_lien(lien.periode),
        origine=str(lien.origine.label),
        clore=reverse("comptes:clore_lien", args=[personne, lien.id]) if d_autrui and lien.periode.au is None else "",
        annuler=reverse("comptes:annuler_lien", args=[personne, lien.id]) if d_autrui else "",
    )
