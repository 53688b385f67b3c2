"""Le registre des titulaires repris du papier : la liste, et ce que change un retrait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse

from parchemin.parcours import selectors
from parchemin.parcours.presenters.blocs_acquis import acquis_en_phrase
from parchemin.parcours.selectors import VueBlocAcquis
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, pluriel

PAR_PAGE = 25


@dataclass(frozen=True, slots=True)
class PageTitulaires:
    """La liste des titulaires repris du papier."""

    resume: str
    tableau: Tableau | None
    page: Page[Any]
    vide: Vide
    reprendre: Action


@dataclass(frozen=True, slots=True)
class PageRetraitRepris:
    """Ce que l'on retire du registre, et ce qui suivra."""

    personne: str
    quoi: str
    phrase: str
    effets: tuple[str, ...]


def page_titulaires(lecteur: Acteur, filtre: dict[str, str], numero: str | None) -> PageTitulaires:
    """Ce que le registre tient, filtré. Deux requêtes."""
    page = Paginator(
        selectors.titulaires_repris(lecteur, filtre.get("q", ""), filtre.get("etat", "")), PAR_PAGE
    ).get_page(numero)
    rangs = tuple(_rang(selectors.vue_repris(ligne)) for ligne in page)
    colonnes = tuple(map(Colonne, ("Personne", "Tient", "Obtenu", "Numéro", "Au registre", "Retrait")))
    return PageTitulaires(
        resume=pluriel(page.paginator.count, "document repris", "documents repris"),
        tableau=Tableau("Titulaires repris du papier", colonnes, rangs) if rangs else None,
        page=page,
        vide=Vide("Rien ne répond à cette recherche", "Essayez un seul mot du nom, ou le numéro du parchemin.")
        if any(filtre.values())
        else Vide(
            "Aucun titulaire repris",
            "Reprenez d'un fichier qui tient déjà la certification, ou des blocs, des années papier : les équivalences et les "
            "nouveaux essais les connaîtront.",
        ),
        reprendre=Action("Reprendre un fichier", reverse("parcours:reprendre"), principale=True),
    )


def page_retrait_repris(lecteur: Acteur, identifiant: UUID) -> PageRetraitRepris:
    """Ce que l'on retirerait, et les dossiers ouverts où cela compte. Lève `Introuvable`."""
    vue = selectors.repris(lecteur, identifiant)
    dossiers = selectors.dossiers_ou_compte(lecteur, identifiant)
    return PageRetraitRepris(
        personne=vue.candidat_nom,
        quoi=tient_en_clair(vue.acquis),
        phrase=acquis_en_phrase(vue.acquis),
        effets=tuple(
            f"Dans son dossier ouvert ({un.organisme_nom}, {un.referentiel}), ce qui en dépend sera de nouveau à juger, et son "
            "carnet de nouveau attendu. Une épreuve annulée ne revient pas d'elle-même."
            for un in dossiers
        )
        or (
            "Aucun dossier ouvert n'en tient compte : rien d'autre ne change. Un dossier clos reste tel qu'à sa clôture.",
        ),
    )


def tient_en_clair(vue: VueBlocAcquis) -> str:
    """« cqp-cos@2021, certification entière » ; « RNCP35729, bloc 1 »."""
    return f"{vue.referentiel}, {f'bloc {vue.bloc[1:]}' if vue.bloc else 'certification entière'}"


def _rang(vue: selectors.VueRepris) -> tuple[Cellule, ...]:
    acquis = vue.acquis
    session = f", session {acquis.session}" if acquis.session else ""
    return (
        vue.candidat_nom,
        tient_en_clair(acquis),
        f"{date_courte(acquis.obtenu_le)}{session}",
        acquis.numero,
        Statut(Ton.NEUTRE, "retiré") if acquis.retire_le else Statut(Ton.OUI, "tenu"),
        f"le {date_courte(jour_civil(acquis.retire_le))}"
        if acquis.retire_le
        else Lien("Retirer", reverse("parcours:retirer_repris", args=[acquis.id])),
    )
