"""Toutes les adresses de l'application, capacité par capacité."""

from __future__ import annotations

import importlib.util

from django.urls import URLResolver, include, path

from parchemin.portail.views import accueil, dossier, style


def _capacites() -> list[URLResolver]:
    """Transitoire : n'inclut que les capacités dont les adresses existent."""
    prevues = {
        "comptes": "comptes/",
        "referentiels": "referentiels/",
        "parcours": "candidats/",
        "carnet": "carnet/",
        "convocations": "epreuves/",
        "evaluation": "",
    }
    return [
        path(prefixe, include(f"parchemin.{nom}.urls"))
        for nom, prefixe in prevues.items()
        if importlib.util.find_spec(f"parchemin.{nom}") and importlib.util.find_spec(f"parchemin.{nom}.urls")
    ]


urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("candidats/<uuid:identifiant>/", dossier.voir, name="dossier"),
    path("connexion/", include("allauth.account.urls")),
    path("style/", style.voir, name="style"),
    *_capacites(),
]

handler400 = "parchemin.portail.views.erreurs.requete_invalide"
handler403 = "parchemin.portail.views.erreurs.interdit"
handler404 = "parchemin.portail.views.erreurs.introuvable"
handler500 = "parchemin.portail.views.erreurs.panne"
