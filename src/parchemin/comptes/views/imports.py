"""Importer des organismes : le modèle, l'essai à blanc, la confirmation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.forms import FormImport
from parchemin.comptes.permissions import RequeteConnectee, connecte, verifier_peut_creer_organisme
from parchemin.comptes.selectors import COLONNES_ORGANISMES
from parchemin.comptes.views.commun import lire_ou_envoyer
from parchemin.socle import tableur
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Introuvable, Refus, RefusDroit
from parchemin.socle.typographie import pluriel


@lire_ou_envoyer
@connecte
def importer_organismes(request: RequeteConnectee) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, ou la page qui demande de confirmer. Rien n'est ajouté ici."""
    verifier_peut_creer_organisme(request.droits)
    form = FormImport(request.POST, request.FILES) if request.method == "POST" else FormImport()
    refuse: Refus | None = None
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            en_attente = services.lire_organismes(
                nom_fichier=fichier.name,
                octets=fichier.read(tableur.TAILLE_MAX + 1),
                auteur=request.acteur,
                maintenant=maintenant(),
            )
        except RefusDroit:
            raise
        except Refus as refus:
            refuse = refus
        else:
            return redirect("comptes:confirmer_import", en_attente.pk)
    contexte = {"form": form, "refus": refuse}
    status = 422 if refuse or form.errors else 200
    return render(request, "comptes/importer_organismes.html", contexte, status=status)


@require_safe
@connecte
def modele_import(request: RequeteConnectee, forme: str) -> HttpResponse:
    """Le modèle à remplir, avec une ligne d'exemple."""
    verifier_peut_creer_organisme(request.droits)
    entetes = tuple(COLONNES_ORGANISMES.values())
    exemple = ("Caisse d'exemple", "CPAM d'exemple", "Maladie", "", "1 rue de l'Exemple", "61000", "Alençon", "", "oui")
    if forme == "csv":
        contenu, genre = tableur.ecrire_csv(entetes, [exemple]), tableur.TYPE_CSV
    elif forme == "xlsx":
        contenu, genre = tableur.ecrire_xlsx("Organismes", entetes, [exemple]), tableur.TYPE_XLSX
    else:
        raise Introuvable
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="modele-organismes.{forme}"'
    return reponse


@lire_ou_envoyer
@connecte
def confirmer_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ce que le fichier ferait ; l'envoi le fait, tout ou rien."""
    verifier_peut_creer_organisme(request.droits)
    try:
        if request.method == "POST":
            plan = services.confirmer_import(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
            crees, modifies = len(plan.faire("ajouter")), len(plan.faire("modifier"))
            messages.success(request, f"Import fait : {pluriel(crees, 'organisme ajouté')}, {modifies} modifiés.")
            return redirect("comptes:organismes")
        page = presenters.page_import(request.acteur, identifiant)
    except (Introuvable, RefusDroit):
        raise
    except Refus as refus:
        contexte = {"form": FormImport(), "refus": refus}
        return render(request, "comptes/importer_organismes.html", contexte, status=422)
    return render(request, "comptes/confirmer_import.html", {"page": page})


@require_POST
@connecte
def abandonner_import(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Renoncer à un import en attente."""
    verifier_peut_creer_organisme(request.droits)
    services.abandonner_import(identifiant=identifiant, auteur=request.acteur, maintenant=maintenant())
    messages.success(request, "Import abandonné : rien n'a été écrit.")
    return redirect("comptes:organismes")
