"""Ce que toute page sait : qui est connecté, en quelle qualité, et où il peut aller."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse

from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.permissions import peut_gerer_les_comptes, peut_lire_habilitations
from parchemin.comptes.selectors import Droits, nom
from parchemin.parcours.permissions import peut_lister as peut_lister_les_dossiers
from parchemin.portail.permissions import peut_lire_le_journal, peut_suivre_les_chaines
from parchemin.socle.composants import Identite, Lien
from parchemin.socle.typographie import de

DEMONSTRATION = settings.PARCHEMIN_ENV == "demo"
"""Vrai quand les pages disent où se lisent les courriels ; cette page-là s'assure, elle, que la base est une démonstration."""


def page(request: HttpRequest) -> dict[str, Any]:
    """Le contexte `navigation`, `identite`, `demonstration` de `socle/page.html` ; vide pour qui n'est pas connecté."""
    acteur = getattr(request, "acteur", None)
    if acteur is None:
        return {
            "navigation": _liens(request, (("Référentiels", reverse("referentiels:liste")),)),
            "identite": None,
            "demonstration": DEMONSTRATION,
        }
    droits: Droits = request.droits  # type: ignore[attr-defined]
    qualite = " · ".join(nature.label for nature in droits.natures) or "Sans rôle en cours"
    if acteur.par_delegation_de is not None:
        qualite = f"{qualite}, par délégation {de(nom(acteur, acteur.par_delegation_de))}"
    return {
        "navigation": _liens(request, _entrees(droits)),
        "identite": Identite(
            nom(acteur, acteur.id),
            qualite,
            (
                Lien("Déléguer pendant une absence", reverse("comptes:deleguer")),
                Lien("Mes courriels", reverse("mes_courriels")),
            ),
            cle=str(acteur.id),
            modules=(static("evaluation/veille.js"),),
        ),
        "demonstration": DEMONSTRATION,
    }


def _entrees(droits: Droits) -> tuple[tuple[str, str], ...]:
    entrees = [("À faire", reverse("accueil"))]
    if peut_lister_les_dossiers(droits):
        entrees.append(("Candidats", reverse("parcours:liste")))
    if any(droits.a(nature) for nature in EVALUATEURS):
        entrees.append(("Ma journée", reverse("evaluation:journee")))
    if droits.est_gestionnaire or any(droits.a(nature) for nature in EVALUATEURS):
        entrees.append(("Épreuves", reverse("convocations:liste")))
    entrees.append(("Référentiels", reverse("referentiels:liste")))
    if peut_gerer_les_comptes(droits):
        entrees.append(("Personnes", reverse("comptes:personnes")))
    elif peut_lire_habilitations(droits):
        entrees.append(("Habilitations", reverse("comptes:habilitations")))
    if peut_lire_le_journal(droits):
        entrees.append(("Journal", reverse("journal")))
    elif peut_suivre_les_chaines(droits):
        entrees.append(("Journal", reverse("journal_chaines")))
    return tuple(entrees)


def _liens(request: HttpRequest, entrees: tuple[tuple[str, str], ...]) -> tuple[Lien, ...]:
    accueil = reverse("accueil")
    return tuple(
        Lien(libelle, url, courant=request.path == url or (url != accueil and request.path.startswith(url)))
        for libelle, url in entrees
    )
