"""Dispenser du carnet d'un bloc ; retirer la dispense."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from moteur.phrases import enumerer
from parchemin.carnet import presenters, services
from parchemin.carnet.forms import Dispense, RetraitDispense
from parchemin.carnet.permissions import verifier_peut_dispenser
from parchemin.carnet.views.carnets import ouvrir
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@lire_ou_envoyer
@connecte
def dispenser(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le gestionnaire dispense du carnet de quelques blocs, et dit pourquoi."""
    vue, carnet = ouvrir(request, dossier)
    verifier_peut_dispenser(request.droits, vue)
    blocs = presenters.blocs_a_dispenser(request.acteur, vue, carnet)
    formulaire = Dispense(request.POST if request.method == "POST" else None, blocs=blocs)
    if request.method == "POST" and formulaire.is_valid():
        try:
            dispenses = services.dispenser(
                dossier=dossier,
                blocs=formulaire.cleaned_data["blocs"],
                motif=formulaire.cleaned_data["motif"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            mots = enumerer(dispenses)
            messages.success(request, f"Dispense enregistrée pour {mots} : le motif se lit dans le carnet.")
            return redirect("carnet:voir", dossier)
    page = presenters.page_dispense(vue, formulaire, rien=not blocs)
    return render(request, "carnet/dispenser.html", {"page": page}, status=422 if formulaire.errors else 200)


@lire_ou_envoyer
@connecte
def retirer_dispense(request: RequeteConnectee, dossier: UUID, bloc: str) -> HttpResponse:
    """Le gestionnaire retire la dispense d'un bloc, et dit pourquoi."""
    vue, carnet = ouvrir(request, dossier)
    verifier_peut_dispenser(request.droits, vue)
    dispense = carnet.dispenses.get(bloc)
    if dispense is None:
        raise Introuvable("Ce bloc n'est pas dispensé de carnet.")
    formulaire = RetraitDispense(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        services.retirer_dispense(
            dossier=dossier,
            bloc=bloc,
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
        messages.success(request, f"La dispense du bloc {bloc[1:]} est retirée. Elle reste dans l'histoire.")
        return redirect("carnet:voir", dossier)
    page = presenters.page_retrait_dispense(vue, dispense, formulaire)
    return render(request, "carnet/dispenser.html", {"page": page}, status=422 if formulaire.errors else 200)
