"""Reprendre les titulaires des années papier : le modèle, l'essai à blanc, la confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.views.imports import deposer, modele, refuse_a_la_confirmation
from parchemin.parcours import presenters, services
from parchemin.parcours.permissions import verifier_peut_reprendre
from parchemin.parcours.selectors import COLONNES_REPRISE, imports_reprise_en_attente
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel

GABARIT = "parcours/reprendre.html"
_EXEMPLES = (
    ("Exemple", "Camille", "camille.exemple@caisse.example", "", "cqp-cos@2021", "", "14/06/2022", "Juin 2022", "COS-2022-0001"),
    ("Exemple", "Claude", "", "", "RNCP35729", "B1, B2", "15/06/2019", "Juin 2019", "GC-2019-0042"),
)  # fmt: skip


@lire_ou_envoyer
@connecte
def reprendre(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, ou la page qui demande de confirmer. Personne n'est repris ici."""
    verifier_peut_reprendre(request.droits)
    return deposer(
        request,
        services.lire_reprise,
        gabarit=GABARIT,
        suite="parcours:confirmer_reprise",
        en_attente_de=imports_reprise_en_attente,
    )


@require_safe
@connecte
def modele_reprise(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le modèle à remplir, avec deux lignes d'exemple."""
    verifier_peut_reprendre(request.droits)
    return modele(forme, "Titulaires", tuple(COLONNES_REPRISE.values()), _EXEMPLES)


@lire_ou_envoyer
@connecte
def confirmer_reprise(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que le fichier reprendrait ; l'envoi le fait, tout ou rien."""
    verifier_peut_reprendre(request.droits)
    try:
        if request.method == "POST":
            plan = services.confirmer_reprise(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
            faits = pluriel(len(plan.faire("reprendre")), "document repris", "documents repris")
            messages.success(request, f"Reprise faite : {faits}. Les dossiers de ces personnes les connaissent.")
            return redirect("parcours:titulaires")
        page = presenters.page_reprise(request.acteur, identifiant)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        return refuse_a_la_confirmation(request, GABARIT, refus)
    return render(request, "parcours/confirmer_reprise.html", {"page": page})


@require_POST
@connecte
def abandonner_reprise(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renoncer à un fichier en attente."""
    verifier_peut_reprendre(request.droits)
    services.abandonner_reprise(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Reprise abandonnée : personne n'est repris.")
    return redirect("parcours:titulaires")
