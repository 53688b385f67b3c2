"""La liste des épreuves ; planifier, affecter, annuler."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from parchemin.comptes.forms import CHERCHER
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.enums import AVANT_L_EPREUVE, Qualite
from parchemin.convocations.permissions import (
    verifier_peut_lister,
    verifier_peut_planifier,
)
from parchemin.convocations.views.commun import (
    choix_de_salles,
    ecrire_malgre,
    montrer_refus,
    place_saisie,
    statut_http,
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
    liens = presenters.liens_de_la_liste(request.acteur, request.droits)
    page = presenters.page_liste(request.acteur, jour_civil(maintenant()), request.GET.get("page"), liens)
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
    formulaire = forms.FormPlace(request.POST or None, salles=choix_de_salles(request.acteur, jour_civil(instant)))
    if request.method == "POST" and formulaire.is_valid():
        try:
            place = place_saisie(request.acteur, formulaire)
            epreuve = ecrire_malgre(
                formulaire,
                lambda malgre: services.planifier_epreuve(
                    dossier=dossier, bloc=bloc, auteur=request.acteur, maintenant=instant, malgre=malgre, **place
                ),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            montrer_refus(formulaire, refus)
        else:
            messages.success(request, "L'épreuve est planifiée. Il reste à affecter ses deux évaluateurs.")
            return redirect("convocations:affecter", epreuve)
    intitule = norme(request.acteur, vue.norme_empreinte).bloc(bloc).intitule
    contexte = {"formulaire": formulaire, "dossier": vue, "bloc": f"Bloc {bloc[1:]} — {intitule}"}
    return render(request, "convocations/planifier.html", contexte, status=statut_http(formulaire))


@lire_ou_envoyer
@connecte
def deplacer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Change le jour, l'heure ou la place d'une épreuve qui n'a pas commencé."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE))
    formulaire = forms.FormPlace(
        request.POST or None,
        salles=choix_de_salles(request.acteur, jour_civil(instant)),
        initial=presenters.place_actuelle(epreuve),
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            place = place_saisie(request.acteur, formulaire)
            ecrire_malgre(
                formulaire,
                lambda malgre: services.deplacer_epreuve(
                    epreuve=identifiant, auteur=request.acteur, maintenant=instant, malgre=malgre, **place
                ),
            )
        except Refus as refus:
            montrer_refus(formulaire, refus)
        else:
            messages.success(request, "L'épreuve est à sa nouvelle place.")
            return redirect("evaluation:voir", identifiant)
    contexte = {
        "formulaire": formulaire if epreuve.etat in AVANT_L_EPREUVE else None,
        "epreuve": epreuve,
        "ou": selectors.rendez_vous(request.acteur, epreuve).quand_et_ou,
    }
    return render(request, "convocations/deplacer.html", contexte, status=statut_http(formulaire))


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
        voulus = {nom: UUID(formulaire.cleaned_data[nom]) for nom in ("metier", "certificateur")}
        try:
            ecrire_malgre(
                formulaire,
                lambda malgre: services.affecter_evaluateurs(
                    epreuve=identifiant, auteur=request.acteur, maintenant=instant, malgre=malgre, **voulus
                ),
            )
        except Refus as refus:
            montrer_refus(formulaire, refus)
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
        "conflits": presenters.conflits_presents(request.acteur, epreuve, jour_civil(instant)),
        "agendas": presenters.agendas_des_evaluateurs(request.acteur, epreuve, jour_civil(instant)),
    }
    return render(request, "convocations/affecter.html", contexte, status=statut_http(formulaire))


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
    return render(request, "convocations/annuler.html", contexte, status=statut_http(formulaire))
