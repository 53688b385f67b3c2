"""Les pages des personnes et de leurs rôles."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.forms import FiltrePersonnes, FormInviter, FormPersonne, FormRole, porter_refus
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_gerer_les_comptes
from parchemin.comptes.views.commun import choix_de_role
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def personnes(request: RequeteConnectee) -> HttpResponse:
    """La liste des personnes : chercher, filtrer, ouvrir."""
    verifier_peut_gerer_les_comptes(request.droits)
    filtre = FiltrePersonnes(request.GET, organismes=presenters.choix_organismes(request.acteur))
    valeurs = filtre.cleaned_data if filtre.is_valid() else {}
    page = presenters.personnes(request.acteur, request.droits, valeurs, request.GET.get("page"))
    return render(request, "comptes/personnes.html", {"page": page, "filtre": filtre})


@lire_ou_envoyer
@connecte
def nouvelle(request: RequeteConnectee) -> HttpResponse:
    """Ajouter une personne et son premier rôle."""
    verifier_peut_gerer_les_comptes(request.droits)
    form = FormPersonne(request.POST if request.method == "POST" else None, choix=choix_de_role(request))
    if request.method == "POST" and form.is_valid():
        champs = form.cleaned_data
        try:
            personne = services.accueillir_personne(
                prenom=champs["prenom"],
                nom=champs["nom"],
                courriel_pro=champs["courriel_pro"],
                nature=NatureRole(champs["nature"]),
                organisme=champs["organisme"],
                homonyme_admis=champs["homonyme_admis"],
                **form.periode,
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit as refus:
            porter_refus(form, refus, "nature" if refus.code == "role_reserve" else "organisme")
        except Refus as refus:
            if refus.code == "homonyme":
                form.proposer_homonyme()
            porter_refus(
                form, refus, {"courriel_deja_pris": "courriel_pro", "homonyme": "homonyme_admis"}.get(refus.code)
            )
        else:
            messages.success(request, "Personne ajoutée. Vous pouvez l'inviter à ouvrir son compte.")
            return redirect("comptes:personne", personne.pk)
    return render(request, "comptes/nouvelle.html", {"form": form}, status=422 if form.errors else 200)


def page_personne(request: RequeteConnectee, identifiant: UUID, status: int = 200, **contexte: object) -> HttpResponse:
    page = presenters.personne(request.acteur, request.droits, identifiant)
    defauts = {
        "page": page,
        "form_inviter": FormInviter(initial={"courriel": page.courriel_propose}),
        "form_role": FormRole(choix=choix_de_role(request)),
    }
    return render(request, "comptes/personne.html", defauts | contexte, status=status)


@require_safe
@connecte
def personne(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une personne : ses rôles, son compte."""
    verifier_peut_gerer_les_comptes(request.droits)
    return page_personne(request, identifiant)


@require_POST
@connecte
def donner_role(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Donner un rôle de plus à une personne."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    form = FormRole(request.POST, choix=choix_de_role(request))
    if form.is_valid():
        try:
            services.donner_role(
                personne=identifiant,
                nature=NatureRole(form.cleaned_data["nature"]),
                organisme=form.cleaned_data["organisme"],
                **form.periode,
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(request, "Rôle donné.")
            return redirect("comptes:personne", identifiant)
    return page_personne(request, identifiant, status=422, form_role=form)


@require_POST
@connecte
def retirer_role(request: RequeteConnectee, identifiant: UUID, role: UUID) -> HttpResponse:
    """Mettre fin à un rôle."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    if not selectors.est_un_role_de(request.acteur, identifiant, role):
        raise Introuvable
    try:
        services.retirer_role(role=role, auteur=request.acteur, maintenant=maintenant())
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Rôle retiré : il n'ouvre plus rien dès maintenant.")
    return redirect("comptes:personne", identifiant)
