"""Importer des candidats : le modèle, le dépôt, les colonnes, l'essai à blanc, la confirmation."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes.forms import FormImport
from parchemin.comptes.permissions import RequeteConnectee, connecte
from parchemin.comptes.views.imports import modele
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.forms import FormColonnes
from parchemin.parcours.permissions import verifier_peut_inscrire
from parchemin.socle import tableur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.methodes import lire_ou_envoyer
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

_EXEMPLE = (
    "camille.exemple@caisse.example", "Exemple", "", "Camille", "", "", "F", "31/12/1990", "Alençon", "61001", "", "",
    "Nom de votre caisse", "Formation continue", "L'employeur", "12/01/2026", "", "B1 B2", "", "", "", "",
)  # fmt: skip


@lire_ou_envoyer
@connecte
def importer(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, la page qui demande ses colonnes, ou celle qui demande de confirmer."""
    verifier_peut_inscrire(request.droits)
    form = FormImport(request.POST, request.FILES) if request.method == "POST" else FormImport()
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            depose = services.deposer_candidats(
                nom_fichier=fichier.name,
                octets=fichier.read(tableur.TAILLE_MAX + 1),
                referentiel=request.GET.get("referentiel") or settings.PARCHEMIN_REFERENTIEL,
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            return _refuser(request, refus)
        suite = "parcours:confirmer_import" if depose.octets is None else "parcours:colonnes_import"
        return redirect(suite, depose.pk)
    contexte = {
        "form": form,
        "titre_version": _titre(request),
        "attendent": presenters.imports_en_attente(request.acteur, maintenant()),
        "derniers": presenters.derniers_imports(request.acteur, jour_civil(maintenant())),
    }
    return render(request, "parcours/importer.html", contexte, status=422 if form.errors else 200)


def _refuser(request: RequeteConnectee, refus: Refus) -> HttpResponse:
    contexte = {"form": FormImport(), "refus": refus, "titre_version": _titre(request)}
    return render(request, "parcours/importer.html", contexte, status=422)


def _titre(request: RequeteConnectee) -> str:
    version = presenters.version_demandee(request.acteur, request.GET.get("referentiel"))
    return presenters.titre_version(request.acteur, version)


@require_safe
@connecte
def modele_import(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le modèle à remplir, avec une ligne d'exemple."""
    verifier_peut_inscrire(request.droits)
    return modele(forme, "Candidats", tuple(selectors.COLONNES.values()), [_EXEMPLE])


@lire_ou_envoyer
@connecte
def colonnes_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Dire quelle colonne du fichier est laquelle ; l'essai à blanc suit."""
    verifier_peut_inscrire(request.droits)
    vue = selectors.import_candidats_en_attente(request.acteur, identifiant, maintenant())
    if vue.octets is None:
        return redirect("parcours:confirmer_import", identifiant)
    entetes = tableur.entetes(vue.octets)
    form = FormColonnes(
        request.POST if request.method == "POST" else None,
        entetes=entetes,
        proposees=selectors.colonnes_proposees(entetes),
        choix=list(selectors.COLONNES.items()),
    )
    refuse: Refus | None = None
    if request.method == "POST" and form.is_valid():
        try:
            services.dire_les_colonnes(
                identifiant=identifiant,
                correspondance=form.correspondance,
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except (Introuvable, RefusDroit):
            raise
        except Refus as refus:
            refuse = refus
        else:
            return redirect("parcours:confirmer_import", identifiant)
    contexte = {"form": form, "refus": refuse, "fichier": vue.nom_fichier, "id": identifiant}
    return render(request, "parcours/colonnes_import.html", contexte, status=422 if refuse or form.errors else 200)


@lire_ou_envoyer
@connecte
def confirmer_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que le fichier ferait ; l'envoi le fait, tout ou rien."""
    verifier_peut_inscrire(request.droits)
    instant = maintenant()
    try:
        if request.method == "POST":
            services.confirmer_candidats(identifiant=identifiant, auteur=request.acteur, maintenant=instant)
            messages.success(request, "Import fait : les carnets s'ouvrent, les tuteurs et les managers sont prévenus.")
            return redirect("parcours:import_fait", identifiant)
        if selectors.import_deja_fait(request.acteur, identifiant):
            return redirect("parcours:import_fait", identifiant)
        vue = selectors.import_candidats_en_attente(request.acteur, identifiant, instant)
        if vue.octets is not None:
            return redirect("parcours:colonnes_import", identifiant)
        plan = services.essayer_candidats(vue=vue, auteur=request.acteur, maintenant=instant)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        return _refuser(request, refus)
    return render(request, "parcours/confirmer_import.html", {"page": presenters.page_import_candidats(vue, plan)})


@require_POST
@connecte
def abandonner_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renoncer à un import en attente."""
    verifier_peut_inscrire(request.droits)
    services.abandonner_candidats(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Import abandonné : personne n'est inscrit.")
    return redirect("parcours:liste")
