"""Répondre à sa convocation et signer sa présence, de son compte ou par son lien personnel ; emporter l'une et l'autre."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.enums import Convoque, MoyenPresence
from parchemin.convocations.selectors import VueConvocation
from parchemin.convocations.views.a_emporter import convocation_a_emporter, invitation_a_emporter
from parchemin.convocations.views.commun import statut_http
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@lire_ou_envoyer
@connecte
@never_cache
def repondre(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Sa convocation, pour qui est connecté."""
    vue = selectors.convocation_de(request.acteur, identifiant)
    if vue is None:
        raise Introuvable
    pdf = reverse("convocations:pdf", args=[identifiant, vue.id])
    ics = reverse("convocations:repondre_ics", args=[identifiant])
    return _repondre(request, vue, request.acteur, pdf=pdf, ics=ics, jeton="")


@require_safe
@connecte
@never_cache
def repondre_ics(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """L'invitation à mettre dans son agenda, pour qui est connecté."""
    vue = selectors.convocation_de(request.acteur, identifiant)
    if vue is None:
        raise Introuvable
    return invitation_a_emporter(request.acteur, vue)


def _par_son_lien(vue: Callable[[HttpRequest, str, VueConvocation], HttpResponse]) -> Callable[..., HttpResponse]:
    """La vue reçoit la convocation de son lien ; un lien qui n'ouvre rien, ou pas à qui est connecté, le dit (410)."""

    @wraps(vue)
    def ouvrir(request: HttpRequest, jeton: str) -> HttpResponse:
        acteur: Acteur | None = cast(Any, request).acteur
        try:
            convocation = selectors.convocation_du_lien(jeton, acteur)
        except Refus as refus:
            return render(request, "convocations/lien_clos.html", {"refus": refus}, status=410)
        return vue(request, jeton, convocation)

    return ouvrir


@lire_ou_envoyer
@never_cache
@_par_son_lien
def reponse(request: HttpRequest, jeton: str, vue: VueConvocation) -> HttpResponse:
    """Sa convocation, par son lien personnel. La lire ne répond rien : les messageries ouvrent les liens."""
    pdf = reverse("convocations:reponse_pdf", args=[jeton])
    ics = reverse("convocations:reponse_ics", args=[jeton])
    return _repondre(request, vue, Acteur(vue.personne), pdf=pdf, ics=ics, jeton=jeton)


@require_safe
@never_cache
@_par_son_lien
def reponse_pdf(_request: HttpRequest, _jeton: str, vue: VueConvocation) -> HttpResponse:
    """Sa convocation en PDF, par son lien personnel."""
    return convocation_a_emporter(Acteur(vue.personne), vue)


@require_safe
@never_cache
@_par_son_lien
def reponse_ics(_request: HttpRequest, _jeton: str, vue: VueConvocation) -> HttpResponse:
    """L'invitation à mettre dans son agenda, par son lien personnel : celle de son courriel."""
    return invitation_a_emporter(Acteur(vue.personne), vue)


@require_POST
@never_cache
@_par_son_lien
def signer_par_lien(request: HttpRequest, jeton: str, vue: VueConvocation) -> HttpResponse:
    """Signe sa présence par son lien personnel, le jour de l'épreuve."""
    try:
        services.signer_sa_presence(
            epreuve=vue.epreuve, auteur=Acteur(vue.personne), maintenant=maintenant(), moyen=MoyenPresence.LIEN
        )
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Votre présence est signée.")
    return redirect("convocations:reponse", jeton)


def _repondre(
    request: HttpRequest, vue: VueConvocation, auteur: Acteur, *, pdf: str, ics: str, jeton: str
) -> HttpResponse:
    instant = maintenant()
    epreuve = selectors.epreuve_par_id(auteur, vue.epreuve)
    if selectors.est_retiree(epreuve, vue):
        return render(request, "convocations/repondre.html", {"page": presenters.RETIREE, "jeton": jeton})
    rdv = selectors.rendez_vous(auteur, epreuve)
    ouverte = vue.vit and rdv.fin > instant
    remplacants = (
        selectors.remplacants_possibles(auteur, epreuve, vue.place, jour_civil(instant))
        if ouverte and vue.place.evalue
        else {}
    )
    donnees = request.POST if request.method == "POST" else None
    formulaire = forms.Reponse(donnees, remplacants=remplacants) if ouverte else None
    if request.method == "POST" and formulaire is not None and formulaire.is_valid():
        try:
            services.repondre(convocation=vue.id, auteur=auteur, maintenant=instant, **formulaire.reponse_donnee())
        except RefusDroit:
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "Votre réponse est enregistrée.")
            return redirect("convocations:reponse", jeton) if jeton else redirect("convocations:repondre", vue.epreuve)
    page = presenters.page_reponse(
        epreuve,
        rdv,
        vue,
        formulaire,
        pdf=pdf,
        ics=ics if vue.vit else "",
        presence=_presence(vue, jeton) if rdv.est_le_jour(instant) else None,
        connecte=not jeton,
    )
    statut = statut_http(formulaire) if formulaire is not None else 200
    return render(
        request, "convocations/repondre.html", {"page": page, "formulaire": formulaire, "jeton": jeton}, status=statut
    )


def _presence(vue: VueConvocation, jeton: str) -> Action | None:
    """Signer sa présence, le jour dit, à qui l'épreuve attend sur place."""
    if vue.place is Convoque.MANAGER or not vue.vit:
        return None
    adresse = (
        reverse("convocations:signer_par_lien", args=[jeton])
        if jeton
        else reverse("convocations:signer", args=[vue.epreuve])
    )
    return Action("Signer ma présence", adresse, methode="post")
