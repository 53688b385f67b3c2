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
from parchemin.comptes.selectors import VueLien
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Vide

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
    vide: Vide | None
    ajouter: Action


def page_liens(lecteur: Acteur, personne: UUID, jour: date) -> PageLiens:
    """Une personne du périmètre du lecteur, et ses liens ; lève `Introuvable` sinon."""
    vue = selectors.personne(lecteur, personne, jour)
    fiches = selectors.identites(lecteur, (personne,))[personne]
    liens = selectors.liens_de(lecteur, *fiches)
    siennes = selectors.fiches_du_lecteur(lecteur)
    finis = tuple(lien for lien in liens if lien.periode.au is not None and lien.periode.au <= jour)
    return PageLiens(
        personne=personne,
        nom=vue.nom,
        en_cours=tuple(_ligne(lien, personne, fiches, siennes) for lien in liens if lien not in finis),
        finis=tuple(_ligne(lien, personne, fiches, siennes) for lien in finis),
        vide=None
        if liens
        else Vide(
            "Aucun lien connu",
            "Ajoutez qui encadre cette personne, et qui l’a formée : la barrière d’indépendance s’en sert.",
        ),
        ajouter=Action("Ajouter un lien", reverse("comptes:nouveau_lien", args=[personne]), principale=True),
    )


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
