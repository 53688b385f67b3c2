"""Les adresses des convocations."""

from __future__ import annotations

from django.urls import path

from parchemin.convocations import views

app_name = "convocations"
urlpatterns = [
    path("", views.liste, name="liste"),
    path("suivi/", views.suivi, name="suivi"),
    path("suivi/suivi.<str:forme>", views.exporter_suivi, name="exporter_suivi"),
    path("suivi/convoquer/", views.convoquer_lot, name="convoquer_lot"),
    path("calendrier/", views.calendrier, name="calendrier"),
    path("calendrier/<str:jeton>.ics", views.flux, name="flux"),
    path("convocation/<str:jeton>/", views.reponse, name="reponse"),
    path("convocation/<str:jeton>/convocation.pdf", views.reponse_pdf, name="reponse_pdf"),
    path("convocation/<str:jeton>/invitation.ics", views.reponse_ics, name="reponse_ics"),
    path("convocation/<str:jeton>/presence/", views.signer_par_lien, name="signer_par_lien"),
    path("plans/", views.plans, name="plans"),
    path("plans/<uuid:identifiant>/", views.plan, name="plan"),
    path("plans/<uuid:identifiant>/arreter/", views.arreter, name="arreter"),
    path("plans/<uuid:identifiant>/adopter/", views.adopter, name="adopter"),
    path("plans/<uuid:identifiant>/<uuid:dossier>/<slug:bloc>/", views.plan_epreuve, name="plan_epreuve"),
    path("planifier/<uuid:dossier>/<slug:bloc>/", views.planifier, name="planifier"),
    path("sites/", views.sites, name="sites"),
    path("sites/ajouter/", views.nouveau_site, name="nouveau_site"),
    path("sites/<uuid:identifiant>/", views.site, name="site"),
    path("sites/<uuid:identifiant>/semaine/", views.semaine, name="semaine"),
    path("sites/<uuid:identifiant>/modifier/", views.modifier_site, name="modifier_site"),
    path("sites/<uuid:identifiant>/fermer/", views.fermer_site, name="fermer_site"),
    path("sites/<uuid:identifiant>/salles/ajouter/", views.ajouter_salle, name="ajouter_salle"),
    path("sites/<uuid:identifiant>/trajets/", views.trajets, name="trajets"),
    path("salles/<uuid:identifiant>/", views.modifier_salle, name="modifier_salle"),
    path("disponibilites/", views.disponibilites, name="mes_disponibilites"),
    path("disponibilites/<uuid:identifiant>/", views.disponibilites, name="disponibilites"),
    path(
        "disponibilites/<uuid:identifiant>/exceptions/<uuid:exception>/oter/",
        views.oter_exception,
        name="oter_exception",
    ),
    path("<uuid:identifiant>/evaluateurs/", views.affecter, name="affecter"),
    path("<uuid:identifiant>/annuler/", views.annuler, name="annuler"),
    path("<uuid:identifiant>/deplacer/", views.deplacer, name="deplacer"),
    path("<uuid:identifiant>/convocations/", views.convocations, name="convocations"),
    path("<uuid:identifiant>/convocations/<uuid:convocation>/convocation.pdf", views.pdf, name="pdf"),
    path("<uuid:identifiant>/convocations/<uuid:convocation>/renvoyer/", views.renvoyer, name="renvoyer"),
    path("<uuid:identifiant>/reponse/", views.repondre, name="repondre"),
    path("<uuid:identifiant>/reponse/invitation.ics", views.repondre_ics, name="repondre_ics"),
    path("<uuid:identifiant>/presence/", views.presence, name="presence"),
    path("<uuid:identifiant>/presence/signer/", views.signer, name="signer"),
    path("<uuid:identifiant>/declaration/", views.declarer, name="declarer"),
    path("<uuid:identifiant>/recusation/", views.recuser, name="recuser"),
    path("<uuid:identifiant>/recusation/<uuid:recusation>/", views.trancher, name="trancher"),
    path("<uuid:identifiant>/incident/", views.signaler, name="signaler"),
    path("<uuid:identifiant>/incident/suite/", views.suite, name="suite"),
]
