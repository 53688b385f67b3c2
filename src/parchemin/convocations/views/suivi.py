"""Le suivi des épreuves, et convoquer à plusieurs d'un coup ; le jour dit ; le calendrier privé d'un évaluateur."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.permissions import RequeteConnectee, connecte, reauthentifie
from parchemin.convocations import forms, presenters, selectors, services
from parchemin.convocations.documents.flux import flux_de
from parchemin.convocations.enums import MoyenIdentite
from parchemin.convocations.permissions import (
    peut_controler,
    verifier_peut_controler,
    verifier_peut_s_abonner,
    verifier_peut_suivre,
)
from parchemin.convocations.views.commun import statut_http
from parchemin.parcours.selectors import regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.telechargements import tableur_a_emporter
from parchemin.socle.typographie import pluriel

LOT_MAX = 25


@require_safe
@connecte
def suivi(request: RequeteConnectee) -> HttpResponse:
    """Ce qui est en retard, à risque ou à planifier, dans son périmètre."""
    verifier_peut_suivre(request.droits)
    page = presenters.page_suivi(
        request.acteur, jour_civil(maintenant()), request.GET.get("page"), request.GET.get("dossiers")
    )
    return render(request, "convocations/suivi.html", {"page": page})


@require_safe
@connecte
def exporter_suivi(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le même suivi, en CSV ou en classeur : toutes les lignes, quelle que soit la page."""
    verifier_peut_suivre(request.droits)
    jour = jour_civil(maintenant())
    lignes = presenters.lignes_du_suivi(request.acteur, jour)
    return tableur_a_emporter(
        forme, f"suivi-{jour.isoformat()}", "Suivi des épreuves", presenters.ENTETES_SUIVI, lignes
    )


@require_POST
@connecte
def convoquer_lot(request: RequeteConnectee) -> HttpResponse:
    """Convoque à plusieurs épreuves ; chacune à part : ce qui est refusé à l'une n'empêche pas les autres."""
    verifier_peut_suivre(request.droits)
    choisies = _identifiants(request.POST.getlist("epreuves"))
    derogation = request.POST.get("derogation", "")[:500]
    if not choisies:
        messages.error(request, "Choisissez au moins une épreuve.")
        return redirect("convocations:suivi")
    ouvertes = selectors.epreuves_ouvertes(request.acteur, choisies, jour_civil(maintenant()))
    faites = 0
    for epreuve in selectors.epreuves_lues(request.acteur, ouvertes):
        try:
            faites += len(
                services.convoquer(
                    epreuve=epreuve.id, derogation=derogation, auteur=request.acteur, maintenant=maintenant()
                )
            )
        except Refus as refus:
            messages.error(request, f"{epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]} : {refus.message}")
    if faites:
        messages.success(request, f"{pluriel(faites, 'convocation envoyée', 'convocations envoyées')}.")
    return redirect("convocations:suivi")


def _identifiants(textes: list[str]) -> list[UUID]:
    trouves = []
    for texte in textes[:LOT_MAX]:
        try:
            trouves.append(UUID(texte))
        except ValueError:
            continue
    return trouves


# Le jour dit ----------------------------------------------------------------------------------------------------------


@lire_ou_envoyer
@connecte
def presence(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """La feuille de présence : contrôler l'identité du candidat, constater qu'il est là."""
    instant = maintenant()
    epreuve = selectors.epreuve(request.acteur, identifiant, jour_civil(instant))
    controle = peut_controler(request.acteur, request.droits, epreuve)
    regarder(request, regard(epreuve.dossier, PageConsultee.EPREUVE, (e.personne for e in epreuve.evaluateurs)))
    rdv = selectors.rendez_vous(request.acteur, epreuve)
    constate = request.POST.get("geste") == "constater"
    formulaire = forms.Identite(request.POST if request.method == "POST" and not constate else None)
    if request.method == "POST":
        verifier_peut_controler(request.acteur, request.droits, epreuve)
        try:
            if constate:
                services.constater_presence(epreuve=identifiant, auteur=request.acteur, maintenant=instant)
                messages.success(request, "La présence du candidat est constatée.")
                return redirect("convocations:presence", identifiant)
            if formulaire.is_valid():
                services.controler_identite(
                    epreuve=identifiant,
                    moyen=MoyenIdentite(formulaire.cleaned_data["moyen"]),
                    auteur=request.acteur,
                    maintenant=instant,
                )
                messages.success(request, "L'identité du candidat est contrôlée.")
                return redirect("convocations:presence", identifiant)
        except RefusDroit:
            raise
        except Refus as refus:
            messages.error(request, refus.message)
    page = presenters.page_presence(
        epreuve,
        rdv,
        selectors.places(request.acteur, epreuve),
        selectors.presences(request.acteur, identifiant, rdv.jour),
        selectors.identite_controlee(request.acteur, identifiant, rdv.jour),
        formulaire if controle else None,
        request.acteur.id,
        le_jour=rdv.est_le_jour(instant),
    )
    contexte = {"page": page, "formulaire": page.formulaire}
    return render(request, "convocations/presence.html", contexte, status=statut_http(formulaire))


@require_POST
@connecte
@reauthentifie()
def signer(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Signe sa propre présence, avec une preuve récente."""
    try:
        services.signer_sa_presence(epreuve=identifiant, auteur=request.acteur, maintenant=maintenant())
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Votre présence est signée.")
    return redirect("convocations:presence", identifiant)


# Le calendrier privé --------------------------------------------------------------------------------------------------


@lire_ou_envoyer
@connecte
@never_cache
def calendrier(request: RequeteConnectee) -> HttpResponse:
    """Ouvrir, renouveler ou fermer son calendrier privé. L'adresse ne se montre qu'une fois."""
    verifier_peut_s_abonner(request.acteur, request.droits)
    adresse = ""
    if request.method == "POST":
        if request.POST.get("geste") == "fermer":
            services.fermer_calendrier(auteur=request.acteur, maintenant=maintenant())
            messages.success(request, "Votre calendrier privé est fermé : son adresse n'ouvre plus rien.")
            return redirect("convocations:calendrier")
        jeton = services.ouvrir_calendrier(auteur=request.acteur, maintenant=maintenant())
        adresse = f"{settings.PARCHEMIN_ADRESSE}{reverse('convocations:flux', args=[jeton])}"
    contexte = {"adresse": adresse, "ouvert_le": selectors.calendrier_ouvert(request.acteur)}
    return render(request, "convocations/calendrier.html", contexte)


@require_safe
@never_cache
def flux(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le calendrier privé d'un évaluateur, sans connexion : qui a l'adresse le lit, et rien d'autre."""
    personne = selectors.personne_du_calendrier(jeton)
    if personne is None:
        raise Introuvable("Cette adresse n’ouvre aucun calendrier : elle a été renouvelée ou fermée.")
    reponse = HttpResponse(flux_de(Acteur(personne), maintenant()), content_type="text/calendar; charset=utf-8")
    reponse["Content-Disposition"] = 'inline; filename="epreuves.ics"'
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
