"""Les pages des convocations : la liste, planifier, affecter, annuler ; déclarer, récuser, trancher ; les incidents."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.forms import CHERCHER
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.enums import GenreDeclare, GenreIncident, Qualite, SuiteIncident
from parchemin.convocations.permissions import (
    peut_planifier,
    verifier_peut_lister,
    verifier_peut_planifier,
    verifier_peut_recuser,
    verifier_peut_signaler,
    verifier_peut_trancher,
)
from parchemin.parcours.selectors import dossier as lire_dossier
from parchemin.parcours.selectors import regard
from parchemin.referentiels.selectors import norme
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def liste(request: RequeteConnectee) -> HttpResponse:
    """Les épreuves du lecteur."""
    verifier_peut_lister(request.droits)
    lignes = (
        selectors.epreuves_visibles(request.acteur, jour_civil(maintenant()))
        if request.droits.est_gestionnaire
        else selectors.epreuves_de_l_evaluateur(request.acteur, jour_civil(maintenant()))
    )
    page = presenters.page_liste(selectors.vues(request.acteur, lignes))
    return render(request, "convocations/liste.html", {"page": page})


@lire_ou_envoyer
@connecte
def planifier(request: RequeteConnectee, dossier: UUID, bloc: str) -> HttpResponse:
    """Planifie l'épreuve d'un bloc."""
    instant = maintenant()
    vue = lire_dossier(request.acteur, dossier, jour_civil(instant))
    verifier_peut_planifier(request.droits, vue)
    regarder(request, regard(vue, PageConsultee.DOSSIER))
    if bloc not in vue.blocs:
        raise Introuvable
    formulaire = forms.Planification(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            epreuve = services.planifier_epreuve(
                dossier=dossier, bloc=bloc, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "L'épreuve est planifiée. Il reste à affecter ses deux évaluateurs.")
            return redirect("convocations:affecter", epreuve)
    intitule = norme(request.acteur, vue.norme_empreinte).bloc(bloc).intitule
    contexte = {"formulaire": formulaire, "dossier": vue, "bloc": f"Bloc {bloc[1:]} — {intitule}"}
    return render(request, "convocations/planifier.html", contexte, status=_statut(formulaire))


@lire_ou_envoyer
@connecte
def affecter(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Choisit les deux évaluateurs parmi ceux que rien n'écarte."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    examines = {
        q: (
            *selectors.evaluateurs_examines(request.acteur, epreuve, q, jour_civil(instant)),
            *selectors.evaluateurs_hors_role(request.acteur, epreuve, q),
        )
        for q in Qualite
    }
    proposes = epreuve.evaluateurs or selectors.evaluateurs_d_avant(request.acteur, identifiant)
    actuels = {e.qualite.value: str(e.personne) for e in proposes}
    envoi = request.method == "POST" and CHERCHER not in request.POST
    saisi = actuels | forms.AffectationForm.saisi(request.POST if request.method == "POST" else request.GET)
    cherches = {q.value: str(saisi.get(f"{q.value}_cherche", "")) for q in Qualite}
    pris = {q: str(saisi.get(q.autre.value, "")) for q in Qualite}
    propositions = {
        q.value: presenters.propositions_evaluateurs(
            lignes, cherches[q.value], str(saisi.get(q.value, "")), pris[q], q.autre
        )
        for q, lignes in examines.items()
    }
    manque = presenters.sans_personne(examines, pris)
    formulaire = forms.AffectationForm(request.POST if envoi else None, personnes=propositions, initial=saisi)
    if envoi and formulaire.is_valid():
        try:
            services.affecter_evaluateurs(
                epreuve=identifiant,
                metier=UUID(formulaire.cleaned_data["metier"]),
                certificateur=UUID(formulaire.cleaned_data["certificateur"]),
                auteur=request.acteur,
                maintenant=instant,
            )
        except Refus as refus:
            for phrase in (refus.message, *refus.details):
                formulaire.add_error(None, phrase)
        else:
            messages.success(request, "Les deux évaluateurs sont affectés.")
            return redirect("evaluation:voir", identifiant)
    signales = selectors.a_verifier(request.acteur, [identifiant]).get(identifiant, ())
    contexte = {
        "formulaire": formulaire,
        "epreuve": epreuve,
        "ecartes": presenters.ecartes(examines, cherches, ouverts=bool(manque)),
        "manque": manque,
        "a_verifier": presenters.phrases_a_verifier(signales),
    }
    return render(request, "convocations/affecter.html", contexte, status=_statut(formulaire))


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
    return render(request, "convocations/declarer.html", contexte, status=_statut(formulaire))


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
        "formulaire": formulaire if epreuve.etat in services.AVANT_L_EPREUVE and epreuve.evaluateurs else None,
        "epreuve": epreuve,
        "recusations": selectors.recusations(request.acteur, [identifiant]),
    }
    return render(request, "convocations/recuser.html", contexte, status=_statut(formulaire))


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
    return render(request, "convocations/trancher.html", contexte, status=_statut(formulaire))


@lire_ou_envoyer
@connecte
def annuler(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Annule une épreuve, avec son motif."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    formulaire = forms.Annulation(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.annuler_epreuve(
                epreuve=identifiant, auteur=request.acteur, maintenant=instant, **formulaire.cleaned_data
            )
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "L'épreuve est annulée.")
            return redirect("dossier", epreuve.dossier.id)
    contexte = {"formulaire": formulaire, "epreuve": epreuve}
    return render(request, "convocations/annuler.html", contexte, status=_statut(formulaire))


@lire_ou_envoyer
@connecte
def signaler(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Un évaluateur, ou le gestionnaire, signale ce qui empêche l'épreuve d'aller au bout : elle est suspendue."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_signaler(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    genres = selectors.incidents_signalables(request.acteur, epreuve, instant)
    formulaire = forms.SignalementForm(request.POST or None, genres=genres)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.signaler_incident(
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
            if peut_planifier(request.droits, epreuve.dossier):
                messages.success(request, "L'incident est noté, l'épreuve suspendue. Décidez de la suite.")
                return redirect("convocations:suite", identifiant)
            messages.success(
                request, "L'incident est signalé, l'épreuve suspendue. Tout ce que vous avez noté est gardé."
            )
            return redirect("evaluation:voir", identifiant)
    contexte = {"formulaire": formulaire if genres else None, "epreuve": epreuve}
    return render(request, "convocations/signaler.html", contexte, status=_statut(formulaire))


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
        suites=presenters.choix_de_suite(
            offertes,
            a_neuf=SuiteIncident.REPLANIFIER in offertes
            and selectors.replanifie_a_neuf(request.acteur, epreuve, instant),
        ),
    )
    if request.method == "POST" and formulaire.is_valid():
        choisie = SuiteIncident(formulaire.cleaned_data["suite"])
        try:
            continue_en = services.trancher_incident(
                epreuve=identifiant,
                suite=choisie,
                motif=formulaire.cleaned_data["motif"],
                prevue_le=formulaire.cleaned_data["prevue_le"],
                lieu=formulaire.cleaned_data["lieu"],
                auteur=request.acteur,
                maintenant=instant,
            )
        except RefusDroit:
            raise
        except Refus as refus:
            champ = "prevue_le" if refus.code in ("date_manquante", "date_passee") else None
            formulaire.add_error(champ, refus.message)
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
    return render(request, "convocations/suite.html", contexte, status=_statut(formulaire))


def _statut(formulaire: Form) -> int:
    return 422 if formulaire.is_bound and formulaire.errors else 200
