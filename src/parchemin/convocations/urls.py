"""Les adresses des convocations."""

from __future__ import annotations

from django.urls import path

from parchemin.convocations import views

app_name = "convocations"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("planifier/<uuid:dossier>/<slug:bloc>/", views.planifier, name="planifier"),
    path("<uuid:identifiant>/evaluateurs/", views.affecter, name="affecter"),
    path("<uuid:identifiant>/deplacer/", views.deplacer, name="deplacer"),
    path("<uuid:identifiant>/annuler/", views.annuler, name="annuler"),
    path("<uuid:identifiant>/declaration/", views.declarer, name="declarer"),
    path("<uuid:identifiant>/recusation/", views.recuser, name="recuser"),
    path("<uuid:identifiant>/recusation/<uuid:recusation>/", views.trancher, name="trancher"),
    path("<uuid:identifiant>/incident/", views.signaler, name="signaler"),
    path("<uuid:identifiant>/incident/suite/", views.suite, name="suite"),
]
