"""Les adresses du carnet, sous `/carnet/`."""

from __future__ import annotations

from django.urls import path

from parchemin.carnet import views

app_name = "carnet"
urlpatterns = [
    path("lien/attester/", views.lien_attester, name="lien_attester"),
    path("lien/<str:jeton>/", views.lien, name="lien"),
    path("lien/<str:jeton>/code/", views.lien_code, name="lien_code"),
    path("lien/<str:jeton>/ouvrir/", views.lien_ouvrir, name="lien_ouvrir"),
    path("repudier/<str:jeton>/", views.repudier, name="repudier"),
    path("<uuid:dossier>/", views.voir, name="voir"),
    path("<uuid:dossier>/carnet.pdf", views.voir_pdf, name="pdf"),
    path("<uuid:dossier>/parti.pdf", views.parti_pdf, name="parti_pdf"),
    path("<uuid:dossier>/reception/", views.recevoir, name="recevoir"),
    path("<uuid:dossier>/demander/", views.demander, name="demander"),
    path("<uuid:dossier>/lever/", views.lever, name="lever"),
    path("<uuid:dossier>/dispenser/", views.dispenser, name="dispenser"),
    path("<uuid:dossier>/dispenser/<str:bloc>/retirer/", views.retirer_dispense, name="retirer_dispense"),
    path("<uuid:dossier>/entrees/", views.entrees, name="entrees"),
    path("<uuid:dossier>/entrees/ecrire/", views.ecrire, name="ecrire"),
    path("<uuid:dossier>/entrees/<uuid:brouillon>/effacer/", views.effacer_brouillon, name="effacer_brouillon"),
    path("<uuid:dossier>/entrees/<uuid:identifiant>/fichier/", views.fichier, name="fichier"),
    path("<uuid:dossier>/attester/", views.attester, name="attester"),
    path("<uuid:dossier>/retirer/<str:competence>/", views.retirer, name="retirer"),
]
