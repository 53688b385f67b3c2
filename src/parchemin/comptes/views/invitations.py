"""Inviter, et ouvrir son compte."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parchemin.comptes import selectors, services
from parchemin.comptes.forms import FormInviter, FormMotDePasse, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_gerer_les_comptes
from parchemin.comptes.views.fiches_personnes import page_personne
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_longue

technique = structlog.get_logger("parchemin.acces")


@require_POST
@connecte
@never_cache
def inviter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Envoyer (ou renvoyer) par courriel un lien d'invitation : personne d'autre que son destinataire ne le voit."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    form = FormInviter(request.POST)
    if form.is_valid():
        try:
            emise = services.inviter_par_courriel(
                personne=identifiant,
                courriel=form.cleaned_data["courriel"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus, "courriel" if refus.code == "adresse_invalide" else None)
        else:
            messages.success(
                request,
                f"Invitation envoyée à {form.cleaned_data['courriel']}. Son lien vaut jusqu'au {date_longue(emise.expire)}.",
            )
            return redirect("comptes:personne", identifiant)
    return page_personne(request, identifiant, status=422, form_inviter=form)


@require_POST
@connecte
def annuler_invitation(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Rendre sans effet l'invitation en cours."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    if services.annuler_invitation(personne=identifiant, auteur=request.acteur, maintenant=maintenant()):
        messages.success(request, "Invitation annulée : son lien n'ouvre plus rien.")
    else:
        messages.info(request, "Il n'y avait plus d'invitation en cours.")
    return redirect("comptes:personne", identifiant)


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
        technique.warning("invitation_close")
        close = Refus("invitation_close", "Ce lien a déjà servi, a expiré, ou n'est pas entier.")
        return render(request, "comptes/invitation_close.html", {"refus": close}, status=410)
    contexte = {"form": form, "invitation": ouverte}
    return render(request, "comptes/invitation.html", contexte, status=422 if form.errors else 200)
