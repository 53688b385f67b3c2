"""Ce que partagent les imports : déposer un fichier, son modèle à remplir."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from parchemin.comptes.forms import FormImport
from parchemin.comptes.permissions import RequeteConnectee
from parchemin.comptes.selectors import FichierDepose
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.refus import Refus, RefusDroit
from parchemin.socle.telechargements import tableur_a_emporter


class _EnAttente(Protocol):
    @property
    def pk(self) -> UUID: ...


class Lire(Protocol):
    """Le service qui lit un fichier et le garde en attente."""

    def __call__(self, *, nom_fichier: str, octets: bytes, auteur: Acteur, maintenant: datetime) -> _EnAttente: ...


def deposer(
    request: RequeteConnectee,
    lire: Lire,
    *,
    gabarit: str,
    suite: str,
    en_attente_de: Callable[[Acteur, datetime], tuple[FichierDepose, ...]],
) -> HttpResponse:
    """Déposer un fichier : toutes ses fautes, ou la page (`suite`) qui demande de confirmer. Rien n'est ajouté ici.

    La page dit aussi les fichiers que l'on a déposés sans les confirmer : on y revient.
    """
    form = FormImport(request.POST, request.FILES) if request.method == "POST" else FormImport()
    refuse: Refus | None = None
    if request.method == "POST" and form.is_valid():
        fichier = form.cleaned_data["fichier"]
        try:
            en_attente = lire(
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
            return redirect(suite, en_attente.pk)
    attentes = [
        (vue.nom_fichier, reverse(suite, args=[vue.id]), jour_civil(vue.expire))
        for vue in en_attente_de(request.acteur, maintenant())
    ]
    contexte = {"form": form, "refus": refuse, "attentes": attentes}
    return render(request, gabarit, contexte, status=422 if refuse or form.errors else 200)


def refuse_a_la_confirmation(request: RequeteConnectee, gabarit: str, refus: Refus) -> HttpResponse:
    """Le fichier ne va plus : ses fautes, et de quoi en déposer un autre."""
    return render(request, gabarit, {"form": FormImport(), "refus": refus}, status=422)


def modele(forme: str, titre: str, entetes: Sequence[str], exemples: Sequence[Sequence[str]]) -> HttpResponse:
    """Le modèle à remplir, avec ses lignes d'exemple, en `csv` ou en `xlsx`. Lève `Introuvable`."""
    return tableur_a_emporter(forme, f"modele-{titre.lower()}", titre, entetes, exemples)
