"""Convoquer, renvoyer ; répondre à sa convocation, de son compte ou par son lien ; l'imprimer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.documents.calendrier import Adresse
from parchemin.convocations.documents.convocation import convocation_pdf
from parchemin.convocations.documents.courriels import invitation
from parchemin.convocations.enums import Convoque, MoyenPresence
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import VueConvocation, VueEpreuve
from parchemin.convocations.views.commun import statut_http
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action
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
        return _la_sienne(request.acteur, siennes)
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(maintenant()))
    verifier_peut_planifier(request.droits, epreuve.dossier)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    return _pdf(request.acteur, epreuve, _de_l_epreuve(request.acteur, epreuve, convocation))


# Répondre -------------------------------------------------------------------------------------------------------------


@lire_ou_envoyer
@connecte
@never_cache
def repondre(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Sa convocation, pour qui est connecté."""
    vue = selectors.convocation_de(request.acteur, identifiant)
    if vue is None:
        raise Introuvable
    pdf = reverse("convocations:pdf", args=[identifiant, vue.id])
    return _repondre(request, vue, request.acteur, pdf=pdf, jeton="")


def _par_son_lien(vue: Callable[[HttpRequest, str, VueConvocation], HttpResponse]) -> Callable[..., HttpResponse]:
    """La vue reçoit la convocation de son lien ; un lien qui n'ouvre rien, ou pas à qui est connecté, le dit (410)."""

    @wraps(vue)
    def ouvrir(request: HttpRequest, jeton: str) -> HttpResponse:
        acteur: Acteur | None = cast(Any, request).acteur
        try:
            convocation = selectors.convocation_du_lien(jeton, acteur)
        except Refus as refus:
            return render(request, "convocations/lien_clos.html", {"refus": refus}, status=410)
        return vue(request, jeton, convocation)

    return ouvrir


@lire_ou_envoyer
@never_cache
@_par_son_lien
def reponse(request: HttpRequest, jeton: str, vue: VueConvocation) -> HttpResponse:
    """Sa convocation, par son lien personnel. La lire ne répond rien : les messageries ouvrent les liens."""
    pdf = reverse("convocations:reponse_pdf", args=[jeton])
    ics = reverse("convocations:reponse_ics", args=[jeton]) if vue.vit else ""
    return _repondre(request, vue, Acteur(vue.personne), pdf=pdf, ics=ics, jeton=jeton)


@require_safe
@never_cache
@_par_son_lien
def reponse_pdf(_request: HttpRequest, _jeton: str, vue: VueConvocation) -> HttpResponse:
    """Sa convocation en PDF, par son lien personnel."""
    return _la_sienne(Acteur(vue.personne), vue)


@require_safe
@never_cache
@_par_son_lien
def reponse_ics(_request: HttpRequest, _jeton: str, vue: VueConvocation) -> HttpResponse:
    """L'invitation à mettre dans son agenda, par son lien personnel : celle de son courriel."""
    lecteur = Acteur(vue.personne)
    epreuve = selectors.epreuve_par_id(lecteur, vue.epreuve)
    if not vue.vit or selectors.est_retiree(epreuve, vue):
        raise Introuvable
    (sienne,) = (une for une in selectors.places(lecteur, epreuve) if une.place == vue.place)
    octets = invitation(
        epreuve,
        selectors.rendez_vous(lecteur, epreuve),
        place=vue.place,
        convie=Adresse(sienne.nom, sienne.adresse) if sienne.adresse else None,
        personne=vue.personne,
        sequence=vue.sequence,
        instant=vue.dite_le,
    )
    reponse = HttpResponse(octets, content_type="text/calendar; charset=utf-8; method=REQUEST")
    reponse["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return reponse


@require_POST
@never_cache
@_par_son_lien
def signer_par_lien(request: HttpRequest, jeton: str, vue: VueConvocation) -> HttpResponse:
    """Signe sa présence par son lien personnel, le jour de l'épreuve."""
    try:
        services.signer_sa_presence(
            epreuve=vue.epreuve, auteur=Acteur(vue.personne), maintenant=maintenant(), moyen=MoyenPresence.LIEN
        )
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Votre présence est signée.")
    return redirect("convocations:reponse", jeton)


def _repondre(
    request: HttpRequest, vue: VueConvocation, auteur: Acteur, *, pdf: str, jeton: str, ics: str = ""
) -> HttpResponse:
    instant = maintenant()
    epreuve = selectors.epreuve_par_id(auteur, vue.epreuve)
    if selectors.est_retiree(epreuve, vue):
        return render(request, "convocations/repondre.html", {"page": presenters.RETIREE, "jeton": jeton})
    rdv = selectors.rendez_vous(auteur, epreuve)
    ouverte = vue.vit and rdv.fin > instant
    remplacants = (
        selectors.remplacants_possibles(auteur, epreuve, vue.place, jour_civil(instant))
        if ouverte and vue.place.evalue
        else {}
    )
    donnees = request.POST if request.method == "POST" else None
    formulaire = forms.Reponse(donnees, remplacants=remplacants) if ouverte else None
    if request.method == "POST" and formulaire is not None and formulaire.is_valid():
        try:
            services.repondre(convocation=vue.id, auteur=auteur, maintenant=instant, **formulaire.reponse_donnee())
        except RefusDroit:
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            messages.success(request, "Votre réponse est enregistrée.")
            return redirect("convocations:reponse", jeton) if jeton else redirect("convocations:repondre", vue.epreuve)
    page = presenters.page_reponse(
        epreuve,
        rdv,
        vue,
        formulaire,
        pdf=pdf,
        ics=ics,
        presence=_presence(vue, jeton) if rdv.est_le_jour(instant) else None,
        connecte=not jeton,
    )
    statut = statut_http(formulaire) if formulaire is not None else 200
    return render(
        request, "convocations/repondre.html", {"page": page, "formulaire": formulaire, "jeton": jeton}, status=statut
    )


def _presence(vue: VueConvocation, jeton: str) -> Action | None:
    """Signer sa présence, le jour dit, à qui l'épreuve attend sur place."""
    if vue.place is Convoque.MANAGER or not vue.vit:
        return None
    adresse = (
        reverse("convocations:signer_par_lien", args=[jeton])
        if jeton
        else reverse("convocations:signer", args=[vue.epreuve])
    )
    return Action("Signer ma présence", adresse, methode="post")


def _de_l_epreuve(lecteur: Acteur, epreuve: VueEpreuve, convocation: UUID) -> VueConvocation:
    for une in selectors.convocations(lecteur, [epreuve.id]).get(epreuve.id, ()):
        if une.id == convocation:
            return une
    raise Introuvable


def _la_sienne(lecteur: Acteur, vue: VueConvocation) -> HttpResponse:
    """Le PDF de sa propre convocation ; à qui n'est plus attendu, rien."""
    epreuve = selectors.epreuve_par_id(lecteur, vue.epreuve)
    if selectors.est_retiree(epreuve, vue):
        raise Introuvable
    return _pdf(lecteur, epreuve, vue)


def _pdf(lecteur: Acteur, epreuve: VueEpreuve, vue: VueConvocation) -> HttpResponse:
    octets = convocation_pdf(lecteur, epreuve, selectors.rendez_vous(lecteur, epreuve), vue)
    reponse = HttpResponse(octets, content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="convocation.pdf"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse
