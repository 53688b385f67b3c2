"""Les adresses de la capacité. La page d'un dossier, composée de plusieurs capacités, est servie par le portail."""

from __future__ import annotations

from django.urls import path

from parchemin.parcours import views

app_name = "parcours"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("inscrire/", views.inscrire, name="inscrire"),
    path("lieux/", views.lieux, name="lieux"),
    path("<uuid:identifiant>/etat-civil/", views.etat_civil, name="etat_civil"),
    path("<uuid:identifiant>/designer/", views.designer, name="designer"),
    path("<uuid:identifiant>/amenagements/", views.amenager, name="amenager"),
    path("<uuid:identifiant>/abandonner/", views.abandonner, name="abandonner"),
]
