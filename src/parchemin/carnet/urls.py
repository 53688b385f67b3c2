"""Les adresses du carnet, sous `/carnet/`."""

from __future__ import annotations

from django.urls import path

from parchemin.carnet import views

app_name = "carnet"
urlpatterns = [
    path("<uuid:dossier>/", views.voir, name="voir"),
    path("<uuid:dossier>/reception/", views.recevoir, name="recevoir"),
    path("<uuid:dossier>/attester/", views.attester, name="attester"),
    path("<uuid:dossier>/retirer/<str:competence>/", views.retirer, name="retirer"),
]
