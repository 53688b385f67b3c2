"""Ce que le candidat écrit : lire, écrire et garder, publier, corriger, effacer un brouillon, ouvrir un fichier joint."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from parchemin.carnet import presenters, selectors, services
from parchemin.carnet.forms import Entree
from parchemin.carnet.permissions import (
    peut_ecrire_entree,
    verifier_peut_ecrire_entree,
    verifier_peut_lire_entrees,
)
from parchemin.carnet.selectors import VueBrouillon
from parchemin.carnet.views.carnets import ouvrir
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.socle import prudence
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@require_safe
@connecte
def entrees(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Les entrées publiées ; pour le candidat, ses brouillons."""
    vue, _ = ouvrir(request, dossier)
    verifier_peut_lire_entrees(request.acteur, request.droits, vue)
    page = presenters.page_entrees(
        request.acteur,
        vue,
        selectors.entrees(request.acteur, dossier),
        selectors.brouillons(request.acteur, dossier),
        ecrit=peut_ecrire_entree(request.acteur, vue),
    )
    return render(request, "carnet/entrees.html", {"page": page})


@lire_ou_envoyer
@connecte
def ecrire(request: RequeteConnectee, dossier: UUID) -> HttpResponse:
    """Écrire une entrée, reprendre un brouillon (`?brouillon=`), corriger une entrée (`?entree=`) ; garder ou publier."""
    vue, carnet = ouvrir(request, dossier)
    verifier_peut_ecrire_entree(request.acteur, vue)
    voulu, corrigee = _identifiant(request, "brouillon"), _identifiant(request, "entree")
    brouillon = selectors.brouillon(request.acteur, dossier, voulu) if voulu and request.method == "GET" else None
    if request.method == "POST":
        brouillon = _garde(request, dossier)
    entree = selectors.entree(request.acteur, dossier, corrigee) if corrigee else None
    competences = presenters.competences_par_bloc(request.acteur, vue, carnet)
    initial = presenters.saisie_initiale(
        brouillon,
        entree.derniere if entree else None,
        cle=brouillon.id if brouillon else uuid4(),
        jour=jour_civil(maintenant()),
    )
    donnees = request.POST.copy() if request.method == "POST" else None
    formulaire = Entree(
        donnees,
        request.FILES if request.method == "POST" else None,
        competences=competences,
        initial=initial,
        joint=bool((brouillon and brouillon.genre) or (entree and entree.derniere.genre)),
        a_relire=bool(prudence.avertissement(request.POST.get("texte", "") or str(initial["texte"]))),
    )
    change = False
    if request.method == "POST" and formulaire.is_valid():
        try:
            return _enregistrer(request, dossier, formulaire, corrigee)
        except (RefusDroit, Introuvable):
            raise
        except Refus as refus:
            change = refus.code == "change_depuis"
            brouillon = _garde(request, dossier)
            _dire(formulaire, refus)
            if donnees is not None and brouillon is not None:
                donnees["vu"] = str(brouillon.revision)  # la page a maintenant sous les yeux ce qui est gardé
    formulaire.montrer_ce_qu_il_faut()
    page = presenters.page_ecrire(
        vue, formulaire, brouillon, corrige=bool(entree or (brouillon and brouillon.entree)), change=change
    )
    return render(request, "carnet/ecrire.html", {"page": page}, status=422 if formulaire.errors else 200)


@require_POST
@connecte
def effacer_brouillon(request: RequeteConnectee, dossier: UUID, brouillon: UUID) -> HttpResponse:
    """Effacer un brouillon et son fichier."""
    vue, _ = ouvrir(request, dossier)
    verifier_peut_ecrire_entree(request.acteur, vue)
    services.effacer_brouillon(dossier=dossier, brouillon=brouillon, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Le brouillon est effacé.")
    return redirect("carnet:entrees", dossier)


@require_safe
@connecte
def fichier(request: RequeteConnectee, dossier: UUID, identifiant: UUID) -> HttpResponse:
    """Un fichier joint, toujours téléchargé, jamais ouvert dans la page."""
    vue, _ = ouvrir(request, dossier)
    verifier_peut_lire_entrees(request.acteur, request.droits, vue)
    joint = selectors.fichier_joint(request.acteur, dossier, identifiant)
    with default_storage.open(joint.nom) as contenu:
        reponse = HttpResponse(contenu.read(), content_type=joint.genre)
    extension = joint.nom.rpartition(".")[2]
    reponse["Content-Disposition"] = f'attachment; filename="entree.{extension}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _enregistrer(request: RequeteConnectee, dossier: UUID, formulaire: Entree, corrigee: UUID | None) -> HttpResponse:
    """Garde toujours, puis publie si c'est demandé : un refus de publier ne perd rien."""
    cle, instant = formulaire.cleaned_data["cle"], maintenant()
    services.garder_brouillon(
        dossier=dossier,
        brouillon=cle,
        ecrit=formulaire.ecrit(),
        auteur=request.acteur,
        maintenant=instant,
        entree=corrigee,
    )
    if request.POST.get("geste") != "publier":
        messages.success(request, "Votre brouillon est gardé. Vous seul le voyez.")
        return redirect(f"{reverse('carnet:ecrire', args=[dossier])}?brouillon={cle}")
    services.publier_entree(
        dossier=dossier,
        brouillon=cle,
        relu=formulaire.cleaned_data.get("relu", False),
        auteur=request.acteur,
        maintenant=instant,
    )
    messages.success(request, "Votre entrée est publiée : votre tuteur et votre manager peuvent la lire.")
    return redirect("carnet:entrees", dossier)


def _dire(formulaire: Entree, refus: Refus) -> None:
    """Pose le refus sous le champ qu'il nomme, ou en tête."""
    champs = [champ for champ in refus.details if champ in formulaire.fields]
    if refus.code.startswith(("fichier_", "image_", "pdf_")):
        champs = ["fichier"]
    elif refus.code == "a_relire":
        champs = ["relu"]
    elif refus.code == "jour_a_venir":
        champs = ["fait_le"]
    for champ in champs:
        formulaire.add_error(champ, refus.message)
    if not champs:
        formulaire.add_error(None, refus.message)


def _garde(request: RequeteConnectee, dossier: UUID) -> VueBrouillon | None:
    """Le brouillon que cette page écrit, tel qu'il est gardé."""
    cle = request.POST.get("cle", "")
    return next((vue for vue in selectors.brouillons(request.acteur, dossier) if str(vue.id) == cle), None)


def _identifiant(request: RequeteConnectee, nom: str) -> UUID | None:
    texte = request.GET.get(nom, "")
    try:
        return UUID(texte) if texte else None
    except ValueError:
        raise Introuvable from None
