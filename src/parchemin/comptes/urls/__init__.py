"""Les adresses de la capacité."""

from __future__ import annotations

from django.urls import path

from parchemin.comptes import views

app_name = "comptes"
urlpatterns = [
    path("", views.personnes, name="personnes"),
    path("personnes/nouvelle/", views.nouvelle, name="nouvelle"),
    path("personnes/<uuid:identifiant>/", views.personne, name="personne"),
    path("personnes/<uuid:identifiant>/inviter/", views.inviter, name="inviter"),
    path("personnes/<uuid:identifiant>/second-facteur/", views.oublier_facteur, name="oublier_facteur"),
    path("personnes/<uuid:identifiant>/invitation/annuler/", views.annuler_invitation, name="annuler_invitation"),
    path("personnes/<uuid:identifiant>/roles/", views.donner_role, name="donner_role"),
    path("personnes/<uuid:identifiant>/roles/<uuid:role>/retirer/", views.retirer_role, name="retirer_role"),
    path("personnes/<uuid:identifiant>/liens/", views.liens, name="liens"),
    path("personnes/<uuid:identifiant>/liens/nouveau/", views.nouveau_lien, name="nouveau_lien"),
    path("personnes/<uuid:identifiant>/liens/<uuid:lien>/clore/", views.clore_lien, name="clore_lien"),
    path("personnes/<uuid:identifiant>/liens/<uuid:lien>/annuler/", views.annuler_lien, name="annuler_lien"),
    path("personnes/<uuid:identifiant>/modifier/", views.modifier, name="modifier"),
    path("personnes/<uuid:identifiant>/depart/", views.partir, name="partir"),
    path("personnes/<uuid:identifiant>/departs/<uuid:depart>/retour/", views.revenir, name="revenir"),
    path("personnes/<uuid:identifiant>/reunir/", views.reunir, name="reunir"),
    path("personnes/<uuid:identifiant>/habiliter/", views.habiliter, name="habiliter"),
    path("liens/importer/", views.importer_liens, name="importer_liens"),
    path("liens/importer/modele.<str:forme>", views.modele_import_liens, name="modele_import_liens"),
    path("liens/importer/<uuid:identifiant>/", views.confirmer_import_liens, name="confirmer_import_liens"),
    path(
        "liens/importer/<uuid:identifiant>/abandonner/", views.abandonner_import_liens, name="abandonner_import_liens"
    ),
    path("registre/", views.registre, name="registre"),
    path("registre/registre.csv", views.registre_csv, name="registre_csv"),
    path("registre/<uuid:ligne>/radier/", views.radier, name="radier"),
    path("deleguer/", views.deleguer, name="deleguer"),
    path("delegations/<uuid:delegation>/revoquer/", views.revoquer, name="revoquer"),
    path("delegations/<uuid:delegation>/agir/", views.agir, name="agir"),
    path("reprendre-mon-nom/", views.reprendre, name="reprendre"),
    path("organismes/", views.organismes, name="organismes"),
    path("organismes/nouveau/", views.nouvel_organisme, name="nouvel_organisme"),
    path("organismes/importer/", views.importer_organismes, name="importer_organismes"),
    path("organismes/importer/modele.<str:forme>", views.modele_import, name="modele_import"),
    path("organismes/importer/<uuid:identifiant>/", views.confirmer_import, name="confirmer_import"),
    path("organismes/importer/<uuid:identifiant>/abandonner/", views.abandonner_import, name="abandonner_import"),
    path("organismes/<uuid:identifiant>/", views.organisme, name="organisme"),
    path("organismes/<uuid:identifiant>/modifier/", views.modifier_organisme, name="modifier_organisme"),
    path("organismes/<uuid:identifiant>/fermer/", views.fermer_organisme, name="fermer_organisme"),
    path("organismes/<uuid:identifiant>/rouvrir/", views.rouvrir_organisme, name="rouvrir_organisme"),
    path("organismes/<uuid:identifiant>/habiliter/", views.nouvelle_habilitation, name="nouvelle_habilitation"),
    path("habilitations/", views.habilitations, name="habilitations"),
    path("habilitations/registre.<str:forme>", views.exporter, name="exporter_habilitations"),
    path("habilitations/<uuid:identifiant>/", views.habilitation, name="habilitation"),
    path("habilitations/<uuid:identifiant>/avenant/", views.avenant, name="avenant"),
    path("habilitations/<uuid:identifiant>/etat/", views.etat, name="etat_habilitation"),
    path(
        "habilitations/<uuid:identifiant>/declarer/<int:ligne>/<slug:quoi>/",
        views.declarer,
        name="declarer_habilitation",
    ),
    path("invitation/<str:jeton>/", views.invitation, name="invitation"),
]
