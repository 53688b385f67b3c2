"""Déléguer pendant une absence, et agir pour la personne absente."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.forms import CHERCHER, FormDeleguer, porter_refus
from parchemin.comptes.permissions import SESSION_DELEGATION, RequeteConnectee, connecte, verifier_peut_deleguer
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus

_CHAMPS = {
    "delegation_a_soi": "delegue",
    "delegue_sans_compte": "delegue",
    "delegation_dates": "dernier_jour",
    "delegation_passee": "du",
    "role_trop_court": "dernier_jour",
}


@lire_ou_envoyer
@connecte
def deleguer(request: RequeteConnectee) -> HttpResponse:
    """Confier un rôle ; voir ce qu'on a confié et ce qu'on a reçu."""
    page = presenters.page_deleguer(request.acteur)
    form = None
    if page.roles:
        envoi = request.method == "POST" and CHERCHER not in request.POST
        saisi = FormDeleguer.saisi(request.POST)
        personnes = presenters.propositions(request.acteur, jour_civil(maintenant()), FormDeleguer.CHOISIS, saisi)
        form = FormDeleguer(request.POST if envoi else None, roles=page.roles, personnes=personnes, initial=saisi)
        if envoi and form.is_valid():
            try:
                services.deleguer(
                    role=UUID(form.cleaned_data["role"]),
                    delegue=form.choisie,
                    du=form.cleaned_data["du"],
                    au=form.fin,
                    motif=form.cleaned_data["motif"],
                    auteur=request.acteur,
                    maintenant=maintenant(),
                )
            except Refus as refus:
                porter_refus(form, refus, _CHAMPS.get(refus.code))
            else:
                messages.success(request, "Délégation donnée. Elle se montre à l'accueil, chez vous et chez l'autre.")
                return redirect("comptes:deleguer")
    elif request.method == "POST":
        verifier_peut_deleguer(request.acteur)
        raise Introuvable("Vous n'avez aucun rôle à confier.")
    contexte = {"page": page, "form": form}
    return render(request, "comptes/deleguer.html", contexte, status=422 if form and form.errors else 200)


@require_POST
@connecte
def revoquer(request: RequeteConnectee, delegation: UUID) -> HttpResponse:
    """Mettre fin à une délégation, donnée ou reçue."""
    services.revoquer_delegation(delegation=delegation, auteur=_soi(request), maintenant=maintenant())
    messages.success(request, "La délégation a pris fin.")
    return redirect("comptes:deleguer")


@require_POST
@connecte
def agir(request: RequeteConnectee, delegation: UUID) -> HttpResponse:
    """Agir désormais pour la personne absente : avec ses droits confiés, sous son propre nom."""
    jour = jour_civil(maintenant())
    recues = selectors.delegations_recues(_soi(request), jour)
    choisie = next((une for une in recues if une.id == delegation and une.en_cours(jour)), None)
    if choisie is None:
        raise Introuvable
    request.session[SESSION_DELEGATION] = str(choisie.delegant)
    messages.info(request, f"Vous agissez pour {choisie.delegant_nom}. Vos actes portent votre nom, et le disent.")
    return redirect("accueil")


@require_POST
@connecte
def reprendre(request: RequeteConnectee) -> HttpResponse:
    """Reprendre son nom et ses propres droits."""
    request.session.pop(SESSION_DELEGATION, None)
    messages.info(request, "Vous agissez de nouveau en votre nom.")
    return redirect("accueil")


def _soi(request: RequeteConnectee) -> Acteur:
    return Acteur(request.acteur.id)
