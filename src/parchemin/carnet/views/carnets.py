"""Les pages du carnet : le voir, en confirmer la remise, attester, retirer."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.carnet import documents, presenters, selectors, services
from parchemin.carnet.forms import Attestations, Retrait
from parchemin.carnet.permissions import (
    peut_demander,
    peut_dispenser,
    peut_lever,
    peut_lire_entrees,
    qualites_de,
    verifier_peut_attester,
)
from parchemin.carnet.selectors import VueCarnet
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier, dossier_parti, regard
from parchemin.registre.consultations import regarder
from parchemin.registre.enums import PageConsultee
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import pluriel


@require_safe
@connecte
def voir(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le carnet d'un dossier ouvert au lecteur."""
    vue, carnet = ouvrir(request, dossier)
    gel = selectors.gel(request.acteur, dossier)
    page = presenters.page_carnet(
        request.acteur,
        vue,
        carnet,
        demande=peut_demander(request.acteur, request.droits, vue),
        dispense=peut_dispenser(request.droits, vue)
        and selectors.regle_de_convocation(request.acteur, vue, _jour()).dispensable,
        entrees=peut_lire_entrees(request.acteur, request.droits, vue),
        gel=presenters.avis_de_gel(gel, peut_lever=peut_lever(request.droits, vue, gel.personne)) if gel else None,
    )
    return render(request, "carnet/voir.html", {"page": page})


@require_safe
@connecte
def voir_pdf(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le carnet en PDF accessible, tel que ce lecteur peut le lire : sans les entrées du candidat s'il n'y a pas droit."""
    vue, carnet = ouvrir(request, dossier, PageConsultee.CARNET_PDF)
    lit = peut_lire_entrees(request.acteur, request.droits, vue)
    pdf = documents.carnet_pdf(
        request.acteur,
        vue,
        carnet,
        selectors.repudiations(request.acteur, dossier),
        selectors.entrees(request.acteur, dossier) if lit else None,
    )
    return _en_pdf(pdf)


@require_safe
@connecte
def parti_pdf(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le carnet tel qu'il était le jour où le dossier a quitté l'organisme du lecteur, sans les entrées du candidat."""
    parti = dossier_parti(request.acteur, dossier, _jour())
    carnet = selectors.carnet(request.acteur, dossier, avant=parti.le)
    if carnet is None:
        raise Introuvable("Ce parcours n'avait pas de carnet.")
    regarder(request, regard(parti.dossier, PageConsultee.CARNET_PDF))
    repudiations = selectors.repudiations(request.acteur, dossier, avant=parti.le)
    return _en_pdf(documents.carnet_pdf(request.acteur, parti.dossier, carnet, repudiations, None))


def _en_pdf(pdf: bytes) -> HttpResponse:
    reponse = HttpResponse(pdf, content_type="application/pdf")
    reponse["Content-Disposition"] = 'inline; filename="carnet.pdf"'
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@require_POST
@connecte
def recevoir(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le candidat confirme qu'il a reçu son carnet."""
    ouvrir(request, dossier)
    services.accuser_reception(dossier=dossier, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "C'est noté : vous avez reçu votre carnet.")
    return redirect("carnet:voir", dossier)


@lire_ou_envoyer
@connecte
def attester(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Attester les compétences qui restent, en sa qualité de tuteur ou de manager."""
    vue, carnet = ouvrir(request, dossier)
    qualite = _qualite(request, vue)
    envoi = request.method == "POST"
    # Un envoi se lit sur toutes les lignes : ce qui a été attesté entre-temps (autre onglet, second clic) y est aussi.
    lignes = presenters.lignes_a_saisir(request.acteur, vue, carnet, qualite, toutes=envoi)
    formulaire = Attestations(request.POST if envoi else None, lignes=lignes)
    relues: frozenset[str] = frozenset()
    if request.method == "POST" and formulaire.is_valid():
        try:
            changees = services.attester(
                dossier=dossier,
                qualite=qualite,
                dires=formulaire.dires(),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except Refus as refus:
            dire_le_refus(formulaire, refus)
            if refus.code == "change_depuis":
                relues = frozenset(refus.details)
        else:
            if changees:
                messages.success(request, f"{pluriel(len(changees), 'attestation enregistrée')}.")
            else:
                messages.info(request, "Rien n'a changé : tout était déjà attesté ainsi.")
            return redirect("carnet:voir", dossier)
    page = presenters.page_attester(request.acteur, vue, carnet, qualite, formulaire, relues)
    contexte = {"page": page, "formulaire": formulaire}
    return render(request, "carnet/attester.html", contexte, status=422 if formulaire.errors else 200)


@lire_ou_envoyer
@connecte
def retirer(request: RequeteConnectee, dossier: UUID, competence: str) -> HttpResponse:
    """Retirer ce que l'on avait attesté : une page demande pourquoi."""
    vue, carnet = ouvrir(request, dossier)
    qualite = _qualite(request, vue)
    ligne = next((une for une in carnet.lignes if une.competence == competence), None)
    if ligne is None:
        raise Introuvable
    formulaire = Retrait(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        services.retirer_attestation(
            dossier=dossier,
            qualite=qualite,
            competence=competence,
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
        messages.success(request, "L'attestation est retirée. Elle reste dans l'histoire du carnet.")
        return redirect("carnet:voir", dossier)
    page = presenters.page_retrait(request.acteur, vue, ligne, qualite, formulaire)
    return render(request, "carnet/retirer.html", {"page": page}, status=422 if formulaire.errors else 200)


def ouvrir(
    request: RequeteConnectee, dossier: UUID, page: PageConsultee = PageConsultee.CARNET
) -> tuple[VueDossier, VueCarnet]:
    """Le dossier et son carnet, pour qui peut le lire ; note le regard. Lève `Introuvable`."""
    vue = selectors.dossier_du_carnet(request.acteur, dossier, _jour())
    carnet = selectors.carnet(request.acteur, dossier)
    if carnet is None:
        if not selectors.carnet_attendu(request.acteur, vue, _jour()):
            raise Introuvable("Ce parcours n'a pas de carnet : son dossier de validation en tient lieu.")
        raise Introuvable("Ce carnet n'est pas encore remis : revenez dans un instant.")
    regarder(request, regard(vue, page))
    return vue, carnet


def _qualite(request: RequeteConnectee, vue: VueDossier) -> Qualite:
    """La qualité en laquelle le lecteur atteste ; lève `RefusDroit` s'il n'en a aucune."""
    siennes = qualites_de(request.acteur, vue)
    qualite = siennes[0] if siennes else Qualite.TUTEUR
    verifier_peut_attester(request.acteur, vue, qualite)
    return qualite


def dire_le_refus(formulaire: Attestations, refus: Refus) -> None:
    """Pose le refus sous chaque compétence qu'il nomme, ou en tête s'il n'en nomme aucune."""
    codes = [code for code in refus.details if code in formulaire.codes]
    for code in codes:
        formulaire.add_error(f"{code}-mot", refus.message)
    if not codes:
        formulaire.add_error(None, refus.message)


def _jour() -> date:
    return jour_civil(maintenant())
