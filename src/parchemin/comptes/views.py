"""Les pages des personnes, des organismes et des invitations."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.enums import Branche, NatureRole
from parchemin.comptes.forms import (
    ChoixDeRole,
    FiltrePersonnes,
    FormInviter,
    FormMotDePasse,
    FormOrganisme,
    FormPersonne,
    FormRole,
    porter_refus,
)
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    verifier_peut_creer_organisme,
    verifier_peut_gerer_les_comptes,
)
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus, RefusDroit

lire_ou_envoyer = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@connecte
def personnes(request: RequeteConnectee) -> HttpResponse:
    """La liste des personnes : chercher, filtrer, ouvrir."""
    verifier_peut_gerer_les_comptes(request.droits)
    filtre = FiltrePersonnes(request.GET, organismes=presenters.choix_organismes(request.acteur))
    valeurs = filtre.cleaned_data if filtre.is_valid() else {}
    page = presenters.personnes(request.acteur, valeurs, request.GET.get("page"))
    return render(request, "comptes/personnes.html", {"page": page, "filtre": filtre})


def _choix_de_role(request: RequeteConnectee) -> ChoixDeRole:
    droits = request.droits
    return ChoixDeRole(
        natures=presenters.natures_donnables(droits),
        organismes=presenters.choix_organismes(request.acteur),
        partout=droits.est_administrateur or droits.partout(NatureRole.GESTIONNAIRE),
    )


@lire_ou_envoyer
@connecte
def nouvelle(request: RequeteConnectee) -> HttpResponse:
    """Ajouter une personne et son premier rôle."""
    verifier_peut_gerer_les_comptes(request.droits)
    form = FormPersonne(request.POST if request.method == "POST" else None, choix=_choix_de_role(request))
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


def _page_personne(request: RequeteConnectee, identifiant: UUID, status: int = 200, **contexte: object) -> HttpResponse:
    page = presenters.personne(request.acteur, request.droits, identifiant)
    defauts = {
        "page": page,
        "form_inviter": FormInviter(initial={"courriel": page.courriel_propose}),
        "form_role": FormRole(choix=_choix_de_role(request)),
        "lien": "",
    }
    return render(request, "comptes/personne.html", defauts | contexte, status=status)


@require_safe
@connecte
def personne(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Une personne : ses rôles, son compte."""
    verifier_peut_gerer_les_comptes(request.droits)
    return _page_personne(request, identifiant)


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
            return _page_personne(request, identifiant, form_inviter=form, lien=lien, expire=emise.expire)
    return _page_personne(request, identifiant, status=422, form_inviter=form)


@require_POST
@connecte
def donner_role(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Donner un rôle de plus à une personne."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    form = FormRole(request.POST, choix=_choix_de_role(request))
    if form.is_valid():
        try:
            services.donner_role(
                personne=identifiant,
                nature=NatureRole(form.cleaned_data["nature"]),
                organisme=form.cleaned_data["organisme"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus)
        else:
            messages.success(request, "Rôle donné.")
            return redirect("comptes:personne", identifiant)
    return _page_personne(request, identifiant, status=422, form_role=form)


@require_POST
@connecte
def retirer_role(request: RequeteConnectee, identifiant: UUID, role: UUID) -> HttpResponse:
    """Mettre fin à un rôle."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    try:
        services.retirer_role(role=role, auteur=request.acteur, maintenant=maintenant())
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Rôle retiré : il n'ouvre plus rien dès maintenant.")
    return redirect("comptes:personne", identifiant)


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
