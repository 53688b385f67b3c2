"""Les adresses du référentiel."""

from __future__ import annotations

from django.urls import path

from parchemin.referentiels import views

app_name = "referentiels"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("<slug:code>/<str:version>/", views.version, name="version"),
    path("<slug:code>/<str:version>/reglement/", views.reglement, name="reglement"),
    path("<slug:code>/<str:version>/aides/<slug:bloc>/", views.aides, name="aides"),
    path("<slug:code>/<str:version>/grilles/<slug:bloc>.pdf", views.grille, name="grille"),
]
