"""Inviter, et ouvrir son compte."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parchemin.comptes import selectors, services
from parchemin.comptes.forms import FormInviter, FormMotDePasse, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_gerer_les_comptes
from parchemin.comptes.views.commun import lire_ou_envoyer
from parchemin.comptes.views.fiches_personnes import page_personne
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus


@require_POST
@connecte
@never_cache
def inviter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Émettre un lien d'invitation : il est montré ici, une fois, et n'est gardé nulle part."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    form = FormInviter(request.POST)
    if form.is_valid():
        try:
            emise = services.inviter(
                personne=identifiant,
                courriel=form.cleaned_data["courriel"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            lien = request.build_absolute_uri(reverse("comptes:invitation", args=[emise.jeton]))
            return page_personne(request, identifiant, form_inviter=form, lien=lien, expire=emise.expire)
    return page_personne(request, identifiant, status=422, form_inviter=form)


@lire_ou_envoyer
@never_cache
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """Ouvrir son compte : la lecture ne consomme rien, seul l'envoi le fait."""
    ouverte = selectors.invitation_ouverte(jeton, maintenant())
    form = FormMotDePasse(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.accepter_invitation(
                jeton=jeton, mot_de_passe=form.cleaned_data["mot_de_passe"], maintenant=maintenant()
            )
        except Refus as refus:
            if not refus.code.startswith("mot_de_passe"):
                return render(request, "comptes/invitation_close.html", {"refus": refus}, status=410)
            porter_refus(form, refus, "mot_de_passe")
        else:
            messages.success(request, "Votre compte est ouvert. Connectez-vous avec votre courriel et ce mot de passe.")
            return redirect("account_login")
    if ouverte is None:
        close = Refus("invitation_close", "Ce lien a déjà servi, a expiré, ou n'est pas entier.")
        return render(request, "comptes/invitation_close.html", {"refus": close}, status=410)
    contexte = {"form": form, "invitation": ouverte}
    return render(request, "comptes/invitation.html", contexte, status=422 if form.errors else 200)
