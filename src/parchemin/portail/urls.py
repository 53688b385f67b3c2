"""Toutes les adresses de l'application, capacité par capacité."""

from __future__ import annotations

from django.urls import include, path

from parchemin.portail.views import (
    accueil,
    demonstration,
    dossier,
    exploitation,
    gardien,
    journal,
    mes_courriels,
    style,
)

urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("candidats/<uuid:identifiant>/", dossier.voir, name="dossier"),
    path("connexion/", include("parchemin.comptes.urls.connexion")),
    path("mes-courriels/", mes_courriels.regler, name="mes_courriels"),
    path("demonstration/courriels/", demonstration.boite, name="demonstration_courriels"),
    path("demonstration/courriels/<slug:nom>/", demonstration.courriel, name="demonstration_courriel"),
    path("demonstration/courriels/<slug:nom>/corps/", demonstration.corps, name="demonstration_courriel_corps"),
    path("sante/", exploitation.sante, name="sante"),
    path("version/", exploitation.version, name="version"),
    path("accessibilite/", exploitation.accessibilite, name="accessibilite"),
    path("journal/", journal.liste, name="journal"),
    path("journal/exporter/", journal.exporter, name="journal_exporter"),
    path("journal/chaines/", journal.chaines, name="journal_chaines"),
    path("journal/chaines/verifier/", journal.verifier, name="journal_verifier"),
    path("journal/<str:chaine>/<int:rang>/", journal.entree, name="journal_entree"),
    path("style/", style.voir, name="style"),
    path("service-worker.js", gardien.gardien, name="gardien"),
    path("comptes/", include("parchemin.comptes.urls")),
    path("referentiels/", include("parchemin.referentiels.urls")),
    path("candidats/", include("parchemin.parcours.urls")),
    path("carnet/", include("parchemin.carnet.urls")),
    path("epreuves/", include("parchemin.convocations.urls")),
    path("", include("parchemin.evaluation.urls")),
]

handler400 = "parchemin.portail.views.erreurs.requete_invalide"
handler403 = "parchemin.portail.views.erreurs.interdit"
handler404 = "parchemin.portail.views.erreurs.introuvable"
handler500 = "parchemin.portail.views.erreurs.panne"
