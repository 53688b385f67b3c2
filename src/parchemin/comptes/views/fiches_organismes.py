"""Les pages des organismes."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.enums import Branche
from parchemin.comptes.forms import FormFermeture, FormOrganisme, porter_refus
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    verifier_peut_creer_organisme,
    verifier_peut_gerer_les_comptes,
)
from parchemin.comptes.selectors import FicheOrganisme
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
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
    form = FormOrganisme(
        request.POST if request.method == "POST" else None, parents=presenters.choix_organismes(request.acteur)
    )
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data | {"branche": Branche(form.cleaned_data["branche"])}
        try:
            cree = services.creer_organisme(**champs, auteur=request.acteur, maintenant=maintenant())
        except Refus as refus:
            porter_refus(form, refus, _CHAMPS.get(refus.code))
        else:
            messages.success(request, "Organisme ajouté.")
            return redirect("comptes:organisme", cree.pk)
    return render(request, "comptes/nouvel_organisme.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@connecte
def organisme(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La fiche d'un organisme."""
    verifier_peut_gerer_les_comptes(request.droits)
    page = presenters.organisme(request.acteur, request.droits, identifiant)
    return render(request, "comptes/organisme.html", {"page": page})


@lire_ou_envoyer
@connecte
def modifier_organisme(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Corriger la fiche d'un organisme."""
    verifier_peut_creer_organisme(request.droits)
    initiale = presenters.fiche_initiale(request.acteur, identifiant)
    parents = [choix for choix in presenters.choix_organismes(request.acteur) if choix[0] != str(identifiant)]
    form = FormOrganisme(request.POST if request.method == "POST" else None, initial=initiale, parents=parents)
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data | {"branche": Branche(form.cleaned_data["branche"])}
        try:
            services.modifier_organisme(
                organisme=identifiant, fiche=FicheOrganisme(**champs), auteur=request.acteur, maintenant=maintenant()
            )
        except Refus as refus:
            porter_refus(form, refus, _CHAMPS.get(refus.code))
        else:
            messages.success(request, "Fiche enregistrée.")
            return redirect("comptes:organisme", identifiant)
    contexte = {"form": form, "nom": initiale["nom"], "identifiant": identifiant}
    return render(request, "comptes/modifier_organisme.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def fermer_organisme(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Fermer un organisme."""
    verifier_peut_creer_organisme(request.droits)
    page = presenters.organisme(request.acteur, request.droits, identifiant)
    jour = jour_civil(maintenant())
    form = FormFermeture(request.POST if request.method == "POST" else None, initial={"ferme_le": jour})
    if request.method == "POST" and form.is_valid():
        try:
            services.fermer_organisme(
                organisme=identifiant, **form.cleaned_data, auteur=request.acteur, maintenant=maintenant()
            )
        except Refus as refus:
            porter_refus(form, refus, "ferme_le" if refus.code == "habilitation_en_cours" else None)
        else:
            messages.success(request, "Organisme fermé. Son histoire reste.")
            return redirect("comptes:organisme", identifiant)
    contexte = {"form": form, "page": page}
    return render(request, "comptes/fermer_organisme.html", contexte, status=422 if form.errors else 200)


@require_POST
@connecte
def rouvrir_organisme(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Rouvrir un organisme fermé par erreur."""
    verifier_peut_creer_organisme(request.droits)
    services.rouvrir_organisme(organisme=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Organisme rouvert.")
    return redirect("comptes:organisme", identifiant)


_CHAMPS = {
    "organisme_deja_la": "nom",
    "siret_deja_la": "siret",
    "siret_faux": "siret",
    "code_postal_faux": "code_postal",
    "parent_inconnu": "parent",
    "parent_ferme": "parent",
    "parent_en_cercle": "parent",
}
