"""Attester sans compte, par un lien et un code ; demander ; répudier ; lever le gel d'un carnet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from moteur.phrases import enumerer
from parchemin.carnet import presenters, selectors, services
from parchemin.carnet.forms import Attestations, Code, Demande, Lever, Repudier
from parchemin.carnet.permissions import verifier_peut_demander, verifier_peut_lever
from parchemin.carnet.selectors import VueLien
from parchemin.carnet.views.carnets import dire_le_refus, ouvrir
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel

SESSION_LIEN = "carnet_lien"
"""La clé de session du lien que son code a ouvert sur cet appareil, et jusqu'à quand."""
OUVERT_PENDANT = timedelta(minutes=30)
SUR_LE_CODE = frozenset({"code_absent", "code_echu", "code_faux", "code_trop_tot"})
"""Les refus qui se règlent sur la page même : le lien vaut encore."""


# Le lien et son code --------------------------------------------------------------------------------------------------


@require_safe
@never_cache
def lien(request: HttpRequest, jeton: str) -> HttpResponse:
    """Où mène un lien. Le lire ne consomme rien et n'envoie rien : les messageries ouvrent les liens."""
    vue = selectors.lien_ouvrable(jeton, maintenant())
    if vue is None:
        return _clos(request, Refus("lien_clos", "Ce lien a déjà servi, a expiré, ou n'est pas entier."))
    return _page_du_code(request, vue, jeton, Code())


@require_POST
@never_cache
def lien_code(request: HttpRequest, jeton: str) -> HttpResponse:
    """Faire partir un code à l'adresse professionnelle de la personne du lien."""
    try:
        services.demander_code(jeton=jeton, connecte=_connecte(request), maintenant=maintenant())
    except Refus as refus:
        return _refuse(request, jeton, refus, Code())
    return redirect("carnet:lien", jeton)


@require_POST
@never_cache
def lien_ouvrir(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le bon code ouvre le lien sur cet appareil, pour une demi-heure."""
    formulaire = Code(request.POST)
    vue = selectors.lien_ouvrable(jeton, maintenant())
    if not formulaire.is_valid() and vue is not None:
        return _page_du_code(request, vue, jeton, formulaire, statut=422)
    instant = maintenant()
    try:
        ouvert = services.ouvrir_le_lien(
            jeton=jeton,
            code=formulaire.cleaned_data.get("code", ""),
            connecte=_connecte(request),
            maintenant=instant,
        )
    except Refus as refus:
        return _refuse(request, jeton, refus, formulaire)
    request.session.cycle_key()
    request.session[SESSION_LIEN] = {"lien": str(ouvert), "jusqu_a": (instant + OUVERT_PENDANT).isoformat()}
    return redirect("carnet:lien_attester")


@lire_ou_envoyer
@never_cache
def lien_attester(request: HttpRequest) -> HttpResponse:
    """Attester les compétences du lien que cet appareil a ouvert."""
    instant = maintenant()
    vue = _lien_de_la_session(request, instant)
    if vue is None:
        return _clos(
            request, Refus("lien_non_ouvert", "Rouvrez le lien de votre courriel : un code vous sera demandé.")
        )
    auteur = Acteur(vue.personne)
    dossier = dossiers_par_ids(auteur, [vue.dossier])[vue.dossier]
    carnet = selectors.carnet(auteur, vue.dossier)
    if carnet is None:
        raise Introuvable
    lignes = presenters.lignes_du_lien(auteur, dossier, carnet, vue)
    formulaire = Attestations(request.POST if request.method == "POST" else None, lignes=lignes)
    if request.method == "POST" and formulaire.is_valid():
        try:
            changees = services.attester_par_lien(
                lien=vue.id, dires=formulaire.dires(), connecte=_connecte(request), maintenant=instant
            )
        except Refus as refus:
            if selectors.lien_par_id(vue.id, instant) is None or refus.code in ("autre_identite", "plus_designe"):
                return _clos(request, refus)
            dire_le_refus(formulaire, refus)
        else:
            restent = len(lignes) - len(changees)
            request.session.pop(SESSION_LIEN, None)
            contexte = {"faites": len(changees), "restent": max(restent, 0), "candidat": dossier.candidat_nom}
            return render(request, "carnet/lien_merci.html", contexte)
    page = presenters.page_par_lien(auteur, dossier, vue, lignes, formulaire)
    contexte = {"page": page, "formulaire": formulaire}
    return render(request, "carnet/lien_attester.html", contexte, status=422 if formulaire.errors else 200)


def _page_du_code(
    request: HttpRequest, vue: VueLien, jeton: str, formulaire: Code, *, statut: int = 200
) -> HttpResponse:
    page = presenters.page_lien(vue, jeton, formulaire)
    return render(request, "carnet/lien.html", {"page": page}, status=statut)


def _refuse(request: HttpRequest, jeton: str, refus: Refus, formulaire: Code) -> HttpResponse:
    vue = selectors.lien_ouvrable(jeton, maintenant())
    if vue is None or refus.code not in SUR_LE_CODE:
        return _clos(request, refus)
    repris = Code(formulaire.data or {"code": ""})
    repris.is_valid()
    repris.errors.clear()
    repris.add_error("code", refus.message)
    return _page_du_code(request, vue, jeton, repris, statut=422)


def _clos(request: HttpRequest, refus: Refus) -> HttpResponse:
    return render(request, "carnet/lien_clos.html", {"refus": refus}, status=410)


def _connecte(request: HttpRequest) -> Acteur | None:
    acteur: Acteur | None = cast(Any, request).acteur
    return acteur


def _lien_de_la_session(request: HttpRequest, instant: datetime) -> VueLien | None:
    garde = request.session.get(SESSION_LIEN)
    if garde is None or datetime.fromisoformat(garde["jusqu_a"]) <= instant:
        return None
    return selectors.lien_par_id(UUID(garde["lien"]), instant)


# Répudier, lever ------------------------------------------------------------------------------------------------------


@lire_ou_envoyer
@never_cache
def repudier(request: HttpRequest, jeton: str) -> HttpResponse:
    """Dire que l'on n'a pas attesté ce qui porte son nom. Le lire ne change rien."""
    avis = selectors.avis_du_jeton(jeton)
    if avis is None:
        return _clos(
            request, Refus("avis_inconnu", "Ce lien n'est pas entier : copiez l'adresse depuis votre courriel.")
        )
    formulaire = Repudier(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            services.repudier(jeton=jeton, motif=formulaire.cleaned_data["motif"], maintenant=maintenant())
        except Refus as refus:
            return _clos(request, refus)
        return redirect("carnet:repudier", jeton)
    dossier = dossiers_par_ids(SYSTEME, [avis.dossier])[avis.dossier]
    page = presenters.page_repudier(dossier, avis, formulaire, maintenant())
    return render(request, "carnet/repudier.html", {"page": page}, status=422 if formulaire.errors else 200)


@lire_ou_envoyer
@connecte
def lever(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Le gestionnaire dit ce qu'il a éclairci, et lève le gel."""
    vue, _ = ouvrir(request, dossier)
    gel = selectors.gel(request.acteur, dossier)
    verifier_peut_lever(request.droits, vue, gel.personne if gel else None)
    if gel is None:
        messages.info(request, "Ce carnet n'est pas gelé.")
        return redirect("carnet:voir", dossier)
    formulaire = Lever(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        services.lever_le_gel(
            repudiation=gel.repudiation,
            motif=formulaire.cleaned_data["motif"],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
        messages.success(request, "Le gel est levé. Ce qui fut répudié reste à attester de nouveau.")
        return redirect("carnet:voir", dossier)
    page = presenters.page_lever(vue, gel, formulaire)
    return render(request, "carnet/lever.html", {"page": page}, status=422 if formulaire.errors else 200)


# Demander -------------------------------------------------------------------------------------------------------------


@lire_ou_envoyer
@connecte
def demander(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Choisir des compétences, et envoyer au tuteur, au manager, un lien pour les attester."""
    vue, carnet = ouvrir(request, dossier)
    verifier_peut_demander(request.acteur, request.droits, vue)
    qualites, competences = presenters.choix_de_demande(request.acteur, vue, carnet)
    formulaire = Demande(request.POST if request.method == "POST" else None, qualites=qualites, competences=competences)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parties = services.demander_attestations(
                dossier=dossier,
                qualites=formulaire.demandees(),
                competences=formulaire.cleaned_data["competences"],
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            formulaire.add_error(None, refus.message)
        else:
            if parties:
                noms = enumerer([dict(qualites)[qualite.value] for qualite in parties])
                messages.success(request, f"{pluriel(len(parties), 'lien envoyé', 'liens envoyés')} : {noms}.")
            else:
                messages.info(request, "Rien à demander : ces compétences sont déjà attestées.")
            return redirect("carnet:voir", dossier)
    page = presenters.page_demande(
        vue,
        selectors.derniers_liens(request.acteur, dossier),
        formulaire,
        maintenant(),
        rien=not (qualites and competences),
    )
    return render(request, "carnet/demander.html", {"page": page}, status=422 if formulaire.errors else 200)
