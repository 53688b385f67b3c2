"""Les adresses de la capacité. La page d'un dossier, composée de plusieurs capacités, est servie par le portail."""

from __future__ import annotations

from django.urls import path

from parchemin.parcours import views

app_name = "parcours"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("inscrire/", views.inscrire, name="inscrire"),
    path("importer/", views.importer, name="importer"),
    path("importer/modele.<str:forme>", views.modele_import, name="modele_import"),
    path("importer/<uuid:identifiant>/", views.confirmer_import, name="confirmer_import"),
    path("importer/<uuid:identifiant>/colonnes/", views.colonnes_import, name="colonnes_import"),
    path("importer/<uuid:identifiant>/abandonner/", views.abandonner_import, name="abandonner_import"),
    path("importer/<uuid:identifiant>/fait/", views.import_fait, name="import_fait"),
    path("importer/<uuid:identifiant>/defaire/", views.defaire_import, name="defaire_import"),
    path("titulaires/", views.titulaires, name="titulaires"),
    path("titulaires/reprendre/", views.reprendre, name="reprendre"),
    path("titulaires/modele.<str:forme>", views.modele_reprise, name="modele_reprise"),
    path("titulaires/<uuid:identifiant>/", views.confirmer_reprise, name="confirmer_reprise"),
    path("titulaires/<uuid:identifiant>/abandonner/", views.abandonner_reprise, name="abandonner_reprise"),
    path("titulaires/repris/<uuid:acquis>/retirer/", views.retirer_repris, name="retirer_repris"),
    path("lieux/", views.lieux, name="lieux"),
    path("<uuid:identifiant>/etat-civil/", views.etat_civil, name="etat_civil"),
    path("<uuid:identifiant>/nir/", views.nir, name="nir"),
    path("<uuid:identifiant>/nir/effacer/", views.effacer_nir, name="effacer_nir"),
    path("<uuid:identifiant>/designer/", views.designer, name="designer"),
    path("<uuid:identifiant>/corriger/", views.corriger, name="corriger"),
    path("mutations/<uuid:identifiant>/", views.accueillir, name="accueillir"),
    path("<uuid:identifiant>/mutation/", views.mutation, name="mutation"),
    path("<uuid:identifiant>/parti/", views.parti, name="parti"),
    path("<uuid:identifiant>/version/", views.version, name="version"),
    path("<uuid:identifiant>/amenagements/", views.amenager, name="amenager"),
    path("<uuid:identifiant>/reconnaitre/", views.reconnaitre, name="reconnaitre"),
    path("<uuid:identifiant>/dispenser-bloc/", views.dispenser_bloc, name="dispenser_bloc"),
    path("<uuid:identifiant>/acquis/<uuid:acquis>/retirer/", views.retirer_acquis, name="retirer_acquis"),
    path("<uuid:identifiant>/vae/", views.etape_vae, name="etape_vae"),
    path("<uuid:identifiant>/vae/caducite/", views.constater_caducite, name="constater_caducite"),
    path("<uuid:identifiant>/abandonner/", views.abandonner, name="abandonner"),
]
