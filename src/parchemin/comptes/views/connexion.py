"""Changer l'adresse par laquelle on se connecte ; ôter un fournisseur d'identité, ou l'admettre de nouveau."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.forms import FormCourriel, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, reauthentifie
from parchemin.socle.debits import adresse_de
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import date_en_clair, heure


@lire_ou_envoyer
@connecte
@never_cache
@reauthentifie()
def changer_courriel(request: RequeteConnectee) -> HttpResponse:
    """Demander à se connecter par une autre adresse ; rien ne change avant qu'elle ne soit confirmée."""
    form = FormCourriel(request.POST if request.method == "POST" else None)
    if form.is_valid():
        nouvelle = form.cleaned_data["courriel"]
        try:
            expire = services.demander_nouveau_courriel(
                courriel=nouvelle, auteur=request.acteur, maintenant=maintenant(), depuis=adresse_de(request)
            )
        except Introuvable:
            raise
        except Refus as refus:
            porter_refus(form, refus, "courriel")
        else:
            messages.success(
                request,
                f"Un lien est envoyé à {nouvelle}. Ouvrez-le avant le {date_en_clair(expire)} à {heure(expire)}.",
            )
            return redirect("mfa_index")
    contexte = {"form": form, "connexion": selectors.connexion(request.acteur, maintenant())}
    return render(request, "comptes/changer_courriel.html", contexte, status=422 if form.errors else 200)


@require_POST
@connecte
def garder_courriel(request: RequeteConnectee) -> HttpResponse:
    """Annuler le changement demandé : on garde son adresse."""
    if services.annuler_nouveau_courriel(auteur=request.acteur, maintenant=maintenant()):
        messages.success(request, "Vous gardez votre adresse : le lien envoyé ne vaut plus.")
    else:
        messages.info(request, "Il n'y avait plus de changement en attente.")
    return redirect("mfa_index")


@lire_ou_envoyer
@connecte
@never_cache
def confirmer_courriel(request: RequeteConnectee, jeton: str) -> HttpResponse:
    """Le lien reçu à la nouvelle adresse. Le lire ne change rien ; seul l'envoi le fait, par la personne même."""
    if request.method == "POST":
        try:
            nouvelle = services.confirmer_nouveau_courriel(
                jeton=jeton,
                auteur=request.acteur,
                maintenant=maintenant(),
                session=request.session.session_key or "",
                depuis=adresse_de(request),
            )
        except Introuvable:
            raise
        except Refus as refus:
            return render(request, "comptes/changement_clos.html", {"refus": refus}, status=410)
        messages.success(request, f"Vous vous connectez désormais par {nouvelle}. Vos autres sessions sont fermées.")
        return redirect("mfa_index")
    nouvelle = selectors.changement_ouvert(request.acteur, jeton, maintenant())
    if not nouvelle:
        clos = Refus("changement_clos", "Ce lien a déjà servi, a expiré, ou n'est pas celui de votre compte.")
        return render(request, "comptes/changement_clos.html", {"refus": clos}, status=410)
    connexion = selectors.connexion(request.acteur, maintenant())
    return render(request, "comptes/confirmer_courriel.html", {"nouvelle": nouvelle, "connexion": connexion})


@require_POST
@connecte
@reauthentifie()
def delier_identite(request: RequeteConnectee, fournisseur: str) -> HttpResponse:
    """Ôter un fournisseur d'identité de son compte, jamais le dernier moyen d'entrer."""
    libelle = presenters.nom_du_fournisseur(fournisseur)
    try:
        services.delier_identite(
            fournisseur=fournisseur, auteur=request.acteur, maintenant=maintenant(), depuis=adresse_de(request)
        )
    except Introuvable as absent:
        messages.info(request, absent.message)
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, f"{libelle} n'ouvre plus votre compte.")
    return redirect("mfa_index")


@require_POST
@connecte
@reauthentifie()
def permettre_identite(request: RequeteConnectee, fournisseur: str) -> HttpResponse:
    """Admettre de nouveau un fournisseur ôté : il se liera à la prochaine entrée."""
    libelle = presenters.nom_du_fournisseur(fournisseur)
    try:
        services.permettre_identite(fournisseur=fournisseur, auteur=request.acteur, maintenant=maintenant())
    except Introuvable as absent:
        messages.info(request, absent.message)
    else:
        messages.success(request, f"{libelle} peut de nouveau ouvrir votre compte : entrez une fois par lui.")
    return redirect("mfa_index")
