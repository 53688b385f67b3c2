"""Convoquer à une épreuve, renvoyer sa convocation à quelqu'un, l'imprimer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import VueConvocation, VueEpreuve
from parchemin.convocations.views.a_emporter import convocation_a_emporter, pdf_de
from parchemin.convocations.views.commun import statut_http
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel


@lire_ou_envoyer
@connecte
def convocations(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Les convocations d'une épreuve ; le POST convoque qui ne l'est pas encore."""
    instant = maintenant()
    jour = jour_civil(instant)
    epreuve = selectors.epreuve(request.acteur, identifiant, jour)
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    rdv = selectors.rendez_vous(request.acteur, epreuve)
    places = selectors.places(request.acteur, epreuve)
    faites = selectors.convocations(request.acteur, [identifiant]).get(identifiant, ())
    delais, _ = selectors.delais_de_convocation(request.acteur, epreuve.norme, jour)
    offerts = selectors.panel_a_choisir(request.acteur, epreuve)
    restent = [une for une in places if une.personne not in {faite.personne for faite in faites}]
    panel = selectors.panel_choisi(request.acteur, identifiant) or offerts
    formulaire = forms.Convoquer(
        request.POST if request.method == "POST" else None,
        offerts=offerts,
        tard=presenters.un_delai_est_passe(restent, delais, rdv, rdv.jour_de(instant)),
        initial={"motifs": list(panel)},
    )
    if request.method == "POST" and formulaire.is_valid():
        try:
            parties = services.convoquer(
                epreuve=identifiant,
                derogation=formulaire.cleaned_data.get("derogation", ""),
                motifs=formulaire.cleaned_data.get("motifs"),
                auteur=request.acteur,
                maintenant=instant,
            )
        except (RefusDroit, Refus) as refus:
            if isinstance(refus, RefusDroit) and refus.code in ("planification_reservee", "cause_propre"):
                raise
            for phrase in (refus.message, *refus.details):
                formulaire.add_error(None, phrase)
        else:
            if parties:
                messages.success(request, f"{pluriel(len(parties), 'convocation envoyée', 'convocations envoyées')}.")
            elif (selectors.panel_choisi(request.acteur, identifiant) or offerts) != panel:
                messages.success(request, "Le choix des courriers est enregistré.")
            else:
                messages.info(request, "Rien n'a changé : chacun est déjà convoqué.")
            return redirect("convocations:convocations", identifiant)
    page = presenters.page_convocations(
        epreuve,
        rdv,
        places,
        faites,
        delais,
        formulaire,
        rdv.jour_de(instant),
        ouverte=epreuve.attend and rdv.debut > instant,
    )
    contexte = {"page": page, "formulaire": formulaire, "epreuve": epreuve}
    return render(request, "convocations/convocations.html", contexte, status=statut_http(formulaire))


@require_POST
@connecte
def renvoyer(request: RequeteConnectee, identifiant: UUID, convocation: UUID) -> HttpResponse:
    """Renvoie sa convocation à une personne, avec un lien neuf."""
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    _de_l_epreuve(request.acteur, epreuve, convocation)
    try:
        services.renvoyer_convocation(convocation=convocation, auteur=request.acteur, maintenant=maintenant())
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Sa convocation est renvoyée, avec un lien neuf.")
    return redirect("convocations:convocations", identifiant)


@require_safe
@connecte
def pdf(request: RequeteConnectee, identifiant: UUID, convocation: UUID) -> HttpResponse:
    """Une convocation en PDF : à sa personne, et à qui planifie l'épreuve."""
    siennes = selectors.convocation_de(request.acteur, identifiant)
    if siennes is not None and siennes.id == convocation:
        return convocation_a_emporter(request.acteur, siennes)
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    return pdf_de(request.acteur, epreuve, _de_l_epreuve(request.acteur, epreuve, convocation))


def _de_l_epreuve(lecteur: Acteur, epreuve: VueEpreuve, convocation: UUID) -> VueConvocation:
    for une in selectors.convocations(lecteur, [epreuve.id]).get(epreuve.id, ()):
        if une.id == convocation:
            return une
    raise Introuvable
