"""Les adresses dont les pages du socle ont besoin, sans celles des capacités."""

from django.urls import include, path

urlpatterns = [path("connexion/", include("parchemin.comptes.urls.connexion"))]
