"""Signaler un incident ; décider de la suite."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.permissions import (
    peut_planifier,
    verifier_peut_planifier,
    verifier_peut_signaler,
)
from parchemin.convocations.views.commun import (
    choix_de_salles,
    ecrire_malgre,
    montrer_refus,
    place_saisie,
    statut_http,
)
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Refus, RefusDroit


@lire_ou_envoyer
@connecte
def signaler(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Un évaluateur, ou le gestionnaire, signale ce qui empêche l'épreuve d'aller au bout : elle est suspendue.

    Une fois les deux lectures scellées, le même geste consigne l'incident pour le jury, sans rien suspendre.
    """
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_signaler(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    signalables = selectors.incidents_signalables(request.acteur, epreuve, instant)
    consignables = selectors.incidents_consignables(request.acteur, epreuve, instant)
    formulaire = forms.SignalementForm(
        request.POST or None, genres=signalables or consignables, pour_le_jury=bool(consignables)
    )
    if request.method == "POST" and formulaire.is_valid():
        ecrire = services.consigner_incident if consignables else services.signaler_incident
        try:
            ecrire(
                epreuve=identifiant,
                genre=GenreIncident(formulaire.cleaned_data["genre"]),
                motif=formulaire.cleaned_data["motif"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except RefusDroit:
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            if consignables:
                messages.success(request, "L'incident est consigné. Les lectures ne changent pas ; le jury le lira.")
                return redirect("evaluation:voir", identifiant)
            if peut_planifier(request.droits, epreuve.dossier):
                messages.success(request, "L'incident est noté, l'épreuve suspendue. Décidez de la suite.")
                return redirect("convocations:suite", identifiant)
            messages.success(
                request, "L'incident est signalé, l'épreuve suspendue. Tout ce que vous avez noté est gardé."
            )
            return redirect("evaluation:voir", identifiant)
    contexte = {
        "formulaire": formulaire if signalables or consignables else None,
        "epreuve": epreuve,
        "consigne": bool(consignables),
    }
    return render(request, "convocations/signaler.html", contexte, status=statut_http(formulaire))


@lire_ou_envoyer
@connecte
def suite(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Le gestionnaire tranche : reprendre, replanifier ou clore ; ce que le règlement permet, et ce que cela fera."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    offertes = selectors.suites_offertes(request.acteur, epreuve, instant)
    formulaire = forms.SuiteForm(
        request.POST or None,
        salles=choix_de_salles(request.acteur, jour_civil(instant)),
        suites=presenters.choix_de_suite(
            offertes,
            a_neuf=SuiteIncident.REPLANIFIER in offertes
            and selectors.replanifie_a_neuf(request.acteur, epreuve, instant),
        ),
    )
    if request.method == "POST" and formulaire.is_valid():
        choisie = SuiteIncident(formulaire.cleaned_data["suite"])
        try:
            place = place_saisie(request.acteur, formulaire, meme=epreuve.salle)
            continue_en = ecrire_malgre(
                formulaire,
                lambda malgre: services.trancher_incident(
                    epreuve=identifiant,
                    suite=choisie,
                    motif=formulaire.cleaned_data["motif"],
                    auteur=request.acteur,
                    maintenant=instant,
                    malgre=malgre,
                    **place,
                ),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            montrer_refus(formulaire, refus)
        else:
            messages.success(request, presenters.MOT_DE_SUITE[choisie])
            if continue_en != identifiant:
                return redirect("convocations:affecter", continue_en)
            return redirect("evaluation:voir", identifiant)
    contexte = {
        "formulaire": formulaire if offertes else None,
        "epreuve": epreuve,
        "incidents": presenters.lignes_incidents(
            selectors.incidents(request.acteur, epreuve, gere=True), attendus_seulement=True
        ),
    }
    return render(request, "convocations/suite.html", contexte, status=statut_http(formulaire))
