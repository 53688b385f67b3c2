"""Importer des liens entre personnes : le modèle, l'essai à blanc, la confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_gerer_les_comptes
from parchemin.comptes.selectors import COLONNES_LIENS, imports_liens_en_attente
from parchemin.comptes.views.imports import deposer, modele, refuse_a_la_confirmation
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel

GABARIT = "comptes/importer_liens.html"
_EXEMPLES = (
    ("agent@caisse.example", "Lien hiérarchique", "responsable@caisse.example", "01/09/2025", "", "", ""),
    (
        "agent@caisse.example",
        "Formation",
        "formateur@institut.example",
        "02/03/2026",
        "14/03/2026",
        "Mars 2026",
        "B1, B2",
    ),
    ("agent@caisse.example", "Relation professionnelle", "collegue@caisse.example", "", "01/01/2026", "", ""),
)


@lire_ou_envoyer
@connecte
def importer_liens(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, ou la page qui demande de confirmer. Rien n'est inscrit ici."""
    verifier_peut_gerer_les_comptes(request.droits)
    return deposer(
        request,
        services.lire_liens,
        gabarit=GABARIT,
        suite="comptes:confirmer_import_liens",
        en_attente_de=imports_liens_en_attente,
    )


@require_safe
@connecte
def modele_import_liens(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le modèle à remplir, avec trois lignes d'exemple."""
    verifier_peut_gerer_les_comptes(request.droits)
    return modele(forme, "Liens", tuple(COLONNES_LIENS.values()), _EXEMPLES)


@lire_ou_envoyer
@connecte
def confirmer_import_liens(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Les liens que le fichier inscrirait ; l'envoi le fait, tout ou rien."""
    verifier_peut_gerer_les_comptes(request.droits)
    try:
        if request.method == "POST":
            plan = services.confirmer_import_liens(
                identifiant=identifiant, auteur=request.acteur, maintenant=maintenant()
            )
            faits = pluriel(len(plan.faire("ajouter")), "lien inscrit", "liens inscrits")
            messages.success(request, f"Import fait : {faits}. Les épreuves qu'ils touchent se revérifient.")
            return redirect("comptes:personnes")
        page = presenters.page_import_liens(request.acteur, identifiant)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        return refuse_a_la_confirmation(request, GABARIT, refus)
    return render(request, "comptes/confirmer_import.html", {"page": page})


@require_POST
@connecte
def abandonner_import_liens(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renoncer à un import en attente."""
    verifier_peut_gerer_les_comptes(request.droits)
    services.abandonner_import_liens(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Import abandonné : aucun lien n'a été inscrit.")
    return redirect("comptes:personnes")
