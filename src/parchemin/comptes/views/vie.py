"""Ce qui arrive à une personne : un autre nom, un départ, un retour, deux fiches réunies."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from parchemin.comptes import presenters, selectors, services
from parchemin.comptes.forms import CHERCHER, FormDepart, FormIdentite, FormReunir, porter_refus
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    verifier_peut_gerer_les_comptes,
    verifier_peut_inviter,
    verifier_peut_reunir,
    verifier_peut_tenir_fiche,
)
from parchemin.comptes.selectors import VuePersonne
from parchemin.comptes.views.commun import choix_de_role
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus


def _fiche(request: RequeteConnectee, identifiant: UUID) -> VuePersonne:
    """Une personne du périmètre du lecteur, dont il tient la fiche."""
    verifier_peut_gerer_les_comptes(request.droits)
    vue = selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_tenir_fiche(request.droits, tuple(role.portee for role in vue.roles))
    return vue


@lire_ou_envoyer
@connecte
def modifier(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Changer le nom ou le courriel professionnel."""
    vue = _fiche(request, identifiant)
    prenom, nom = selectors.prenom_et_nom(request.acteur, identifiant)
    initial = {"prenom": prenom, "nom": nom, "courriel_pro": vue.courriel_pro}
    form = FormIdentite(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        champs, instant = form.cleaned_data, maintenant()
        try:
            services.changer_identite(
                personne=identifiant,
                prenom=champs["prenom"],
                nom=champs["nom"],
                courriel_pro=champs["courriel_pro"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            porter_refus(form, refus, "courriel_pro" if refus.code == "courriel_deja_pris" else None)
        else:
            messages.success(
                request, "Fiche à jour. L'ancien nom reste dans son histoire et dans les documents d'avant."
            )
            return redirect("comptes:personne", identifiant)
    contexte = {"form": form, "vue": vue}
    return render(request, "comptes/modifier.html", contexte, status=422 if form.errors else 200)


@lire_ou_envoyer
@connecte
def partir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Noter un départ : la page dit d'abord ce qui restera à reprendre."""
    vue = _fiche(request, identifiant)
    jour = jour_civil(maintenant())
    choix = choix_de_role(request)
    siens = {str(role.organisme) for role in vue.roles}
    organismes = [(pk, nom) for pk, nom in choix.organismes if pk in siens]
    partout = choix.partout or not organismes
    form = FormDepart(
        request.POST if request.method == "POST" else None,
        organismes=organismes,
        partout=partout,
        initial={"le": jour},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.partir(
                personne=identifiant,
                organisme=form.cleaned_data["organisme"],
                le=form.cleaned_data["le"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            porter_refus(form, refus, "le" if refus.code.startswith("depart") else None)
        else:
            messages.success(request, "Départ noté. Ce que la personne laisse est à confier à d'autres.")
            return redirect("comptes:partir", identifiant)
    contexte = {"form": form, "vue": vue, "taches": selectors.taches_a_reprendre(request.acteur, identifiant, jour)}
    return render(request, "comptes/partir.html", contexte, status=422 if form.errors else 200)


@require_POST
@connecte
def revenir(request: RequeteConnectee, identifiant: UUID, depart: UUID) -> HttpResponse:
    """Noter un retour, dès aujourd'hui ; avec ou sans les rôles d'avant."""
    verifier_peut_gerer_les_comptes(request.droits)
    selectors.personne(request.acteur, identifiant, jour_civil(maintenant()))
    if all(depart != note.id for note in selectors.vie(request.acteur, identifiant).departs):
        raise Introuvable
    instant = maintenant()
    redonnes = services.revenir(
        depart=depart,
        le=jour_civil(instant),
        reprendre="reprendre" in request.POST,
        auteur=request.acteur,
        maintenant=instant,
    )
    messages.success(request, "Retour noté." + (" Ses rôles lui sont redonnés." if redonnes else ""))
    return redirect("comptes:personne", identifiant)


@lire_ou_envoyer
@connecte
def reunir(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Réunir à cette fiche une autre fiche de la même personne : chercher, voir ce qui se passerait, confirmer."""
    verifier_peut_reunir(request.droits)
    vue = _fiche(request, identifiant)
    verifier_peut_inviter(request.droits, tuple(role.portee for role in vue.roles))
    jour = jour_civil(maintenant())
    saisi = FormReunir.saisi(request.POST)
    form = FormReunir(
        request.POST if request.method == "POST" and CHERCHER not in request.POST else None,
        personnes=presenters.propositions(request.acteur, jour, FormReunir.CHOISIS, saisi),
        initial=saisi,
    )
    apercu = None
    if form.is_bound and form.is_valid():
        autre = UUID(form.cleaned_data["autre"])
        try:
            if "confirmer" in request.POST:
                services.fusionner(
                    alias=autre,
                    gardee=identifiant,
                    fermer_compte=form.cleaned_data["fermer_compte"],
                    auteur=request.acteur,
                    maintenant=maintenant(),
                )
                messages.success(request, "Les deux fiches n'en font plus qu'une.")
                return redirect("comptes:personne", identifiant)
            apercu = None if autre == identifiant else selectors.apercu_fusion(request.acteur, autre, identifiant, jour)
            if autre == identifiant:
                form.add_error("autre", "C'est cette fiche-ci : choisissez l'autre.")
        except Refus as refus:
            porter_refus(form, refus)
    contexte = {"form": form, "vue": vue, "apercu": apercu}
    return render(request, "comptes/reunir.html", contexte, status=422 if form.errors else 200)
