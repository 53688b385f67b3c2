"""Les adresses de l'évaluation."""

from __future__ import annotations

from django.urls import path

from parchemin.evaluation import views

app_name = "evaluation"
urlpatterns = [
    path("ma-journee/", views.journee, name="journee"),
    path("ma-facon-de-noter/", views.facon, name="facon"),
    path("hors-ligne/", views.coquille, name="hors_ligne"),
    path("hors-ligne/cle/", views.cle, name="cle_hors_ligne"),
    path("epreuves/<uuid:identifiant>/", views.epreuve, name="voir"),
    path("epreuves/<uuid:identifiant>/grille/", views.grille, name="grille"),
    path("epreuves/<uuid:identifiant>/faits", views.faits, name="faits"),
    path("epreuves/<uuid:identifiant>/abandons", views.abandons, name="abandons"),
    path("epreuves/<uuid:identifiant>/clore/", views.clore, name="clore"),
    path("epreuves/<uuid:identifiant>/quarantaine/", views.quarantaine, name="quarantaine"),
    path("epreuves/<uuid:identifiant>/accord/", views.accord, name="accord"),
    path("epreuves/<uuid:identifiant>/lectures/<slug:qualite>.json", views.lecture, name="lecture"),
    path("epreuves/<uuid:identifiant>/contresigner/", views.contresigner, name="contresigner"),
    path("epreuves/<uuid:identifiant>/suites/", views.suites, name="suites"),
    path("epreuves/<uuid:identifiant>/confirmer/", views.confirmer, name="confirmer"),
    path("epreuves/<uuid:identifiant>/second-regard/", views.second_regard, name="second_regard"),
    path("epreuves/<uuid:identifiant>/second-regard/designer/", views.designer, name="designer_second_regard"),
    path("epreuves/<uuid:identifiant>/second-regard/sans-avis/", views.sans_avis, name="second_regard_sans_avis"),
    path("epreuves/<uuid:identifiant>/second-regard/declarer/", views.declarer, name="declarer_second_regard"),
    path("epreuves/<uuid:identifiant>/second-regard/laisser/", views.laisser, name="laisser_second_regard"),
    path("epreuves/<uuid:identifiant>/second-regard/avis/", views.avis, name="avis_second_regard"),
    path("epreuves/<uuid:identifiant>/papier/", views.papier, name="papier"),
    path("epreuves/<uuid:identifiant>/papier/<slug:qualite>.pdf", views.papier_pdf, name="papier_pdf"),
    path("epreuves/<uuid:identifiant>/papier/<slug:qualite>/", views.ouvrir_papier, name="ouvrir_papier"),
    path("papier/<uuid:identifiant>/saisir/", views.saisir_papier, name="saisir_papier"),
    path("papier/<uuid:identifiant>/differences/", views.regler_papier, name="regler_papier"),
    path("papier/<uuid:identifiant>/feuilles/", views.joindre_papier, name="joindre_papier"),
    path("papier/<uuid:identifiant>/abandonner/", views.abandonner_papier, name="abandonner_papier"),
    path("papier/feuilles/<uuid:identifiant>/", views.piece_papier, name="piece_papier"),
    path("candidats/<uuid:identifiant>/resultat/", views.resultat, name="resultat"),
    path("candidats/<uuid:identifiant>/releve.pdf", views.releve, name="releve"),
]
