"""Importer des organismes : le modèle, l'essai à blanc, la confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_creer_organisme
from parchemin.comptes.selectors import COLONNES_ORGANISMES, imports_organismes_en_attente
from parchemin.comptes.views.imports import deposer, modele, refuse_a_la_confirmation
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel

GABARIT = "comptes/importer_organismes.html"


@lire_ou_envoyer
@connecte
def importer_organismes(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, ou la page qui demande de confirmer. Rien n'est ajouté ici."""
    verifier_peut_creer_organisme(request.droits)
    return deposer(
        request,
        services.lire_organismes,
        gabarit=GABARIT,
        suite="comptes:confirmer_import",
        en_attente_de=imports_organismes_en_attente,
    )


@require_safe
@connecte
def modele_import(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le modèle à remplir, avec une ligne d'exemple."""
    verifier_peut_creer_organisme(request.droits)
    exemple = ("Caisse d'exemple", "CPAM d'exemple", "Maladie", "", "1 rue de l'Exemple", "61000", "Alençon", "", "oui")
    return modele(forme, "Organismes", tuple(COLONNES_ORGANISMES.values()), [exemple])


@lire_ou_envoyer
@connecte
def confirmer_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que le fichier ferait ; l'envoi le fait, tout ou rien."""
    verifier_peut_creer_organisme(request.droits)
    try:
        if request.method == "POST":
            plan = services.confirmer_import(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
            crees, modifies = len(plan.faire("ajouter")), len(plan.faire("modifier"))
            messages.success(request, f"Import fait : {pluriel(crees, 'organisme ajouté')}, {modifies} modifiés.")
            return redirect("comptes:organismes")
        page = presenters.page_import_organismes(request.acteur, identifiant)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        return refuse_a_la_confirmation(request, GABARIT, refus)
    return render(request, "comptes/confirmer_import.html", {"page": page})


@require_POST
@connecte
def abandonner_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renoncer à un import en attente."""
    verifier_peut_creer_organisme(request.droits)
    services.abandonner_import(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Import abandonné : rien n'a été écrit.")
    return redirect("comptes:organismes")
