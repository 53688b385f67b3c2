"""Les pages des organismes."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.enums import Branche
from parchemin.comptes.forms import FormOrganisme, porter_refus
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    verifier_peut_creer_organisme,
    verifier_peut_gerer_les_comptes,
)
from parchemin.comptes.views.commun import lire_ou_envoyer
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Refus


@require_safe
@connecte
def organismes(request: RequeteConnectee) -> HttpResponse:
    """La liste des organismes."""
    verifier_peut_gerer_les_comptes(request.droits)
    recherche = request.GET.get("q", "")[:80]
    page = presenters.organismes(request.acteur, request.droits, recherche, request.GET.get("page"))
    return render(request, "comptes/organismes.html", {"page": page, "recherche": recherche})


@lire_ou_envoyer
@connecte
def nouvel_organisme(request: RequeteConnectee) -> HttpResponse:
    """Ajouter un organisme."""
    verifier_peut_creer_organisme(request.droits)
    form = FormOrganisme(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data
        try:
            services.creer_organisme(
                nom=champs["nom"],
                nom_court=champs["nom_court"],
                branche=Branche(champs["branche"]),
                adresse=champs["adresse"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus, "nom" if refus.code == "organisme_deja_la" else None)
        else:
            messages.success(request, "Organisme ajouté.")
            return redirect("comptes:organismes")
    return render(request, "comptes/nouvel_organisme.html", {"form": form}, status=422 if form.errors else 200)
