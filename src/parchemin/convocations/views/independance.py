"""Déclarer ce qui lie au candidat ; récuser, trancher."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, selectors, services
from parchemin.convocations.enums import AVANT_L_EPREUVE, GenreDeclare
from parchemin.convocations.permissions import (
    verifier_peut_planifier,
    verifier_peut_recuser,
    verifier_peut_trancher,
)
from parchemin.convocations.views.commun import statut_http
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@lire_ou_envoyer
@connecte
def declarer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """L'évaluateur déclare ce qui le lie au candidat, avant d'ouvrir la grille. Un lien déclaré le retire."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    services.verifier_independance(request.acteur, epreuve, instant)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    formulaire = forms.DeclarationForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            libre = services.declarer(
                epreuve=identifiant,
                genre=GenreDeclare(formulaire.cleaned_data["genre"]),
                auteur=request.acteur,
                maintenant=instant,
            )
        except RefusDroit:
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            if libre:
                messages.success(request, "Votre déclaration est signée. Vous pouvez ouvrir la grille.")
                return redirect("evaluation:grille", identifiant)
            messages.success(
                request, "Merci. Vous n'évaluez plus ce candidat ; le gestionnaire nomme un autre évaluateur."
            )
            return redirect("convocations:liste")
    contexte = {
        "formulaire": formulaire,
        "epreuve": epreuve,
        "signee": selectors.declaration_signee(request.acteur, identifiant),
    }
    return render(request, "convocations/declarer.html", contexte, status=statut_http(formulaire))


@lire_ou_envoyer
@connecte
def recuser(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Le candidat récuse un évaluateur, avec son motif, avant l'épreuve."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_recuser(request.acteur, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    formulaire = forms.RecusationForm(
        request.POST or None, evaluateurs=[(str(e.personne), e.nom) for e in epreuve.evaluateurs]
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.recuser(
                epreuve=identifiant,
                evaluateur=UUID(formulaire.cleaned_data["evaluateur"]),
                motif=formulaire.cleaned_data["motif"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "Votre récusation est transmise. Le gestionnaire y répond avant l'épreuve.")
            return redirect("convocations:recuser", identifiant)
    contexte = {
        "formulaire": formulaire if epreuve.etat in AVANT_L_EPREUVE and epreuve.evaluateurs else None,
        "epreuve": epreuve,
        "recusations": selectors.recusations(request.acteur, [identifiant]),
    }
    return render(request, "convocations/recuser.html", contexte, status=statut_http(formulaire))


@lire_ou_envoyer
@connecte
def trancher(request: RequeteConnectee, identifiant: UUID, recusation: UUID) -> HttpResponse:
    """Le gestionnaire accueille ou écarte une récusation."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    vue = next((r for r in selectors.recusations(request.acteur, [identifiant]) if r.id == recusation), None)
    if vue is None:
        raise Introuvable
    verifier_peut_trancher(request.droits, epreuve.dossier, vue.evaluateur)
    formulaire = forms.ReponseARecusation(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.trancher(
                recusation=recusation, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            if formulaire.cleaned_data["vers"] == "accueillie":
                messages.success(request, "La récusation est accueillie. Choisissez un autre évaluateur.")
                return redirect("convocations:affecter", identifiant)
            messages.success(request, "La récusation est écartée ; le candidat lit votre réponse.")
            return redirect("evaluation:voir", identifiant)
    contexte = {"formulaire": formulaire if vue.etat == "deposee" else None, "epreuve": epreuve, "recusation": vue}
    return render(request, "convocations/trancher.html", contexte, status=statut_http(formulaire))
