"""Les adresses de la connexion : celles de django-allauth que nous ouvrons, et les nôtres. Aucune autre n'existe.

Ni inscription libre, ni plusieurs adresses : on entre par invitation, et un compte a un courriel, que sa personne change.
"""

from __future__ import annotations

from allauth.account import views as compte
from allauth.mfa.base import views as facteur
from allauth.mfa.recovery_codes.views import generate_recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as cle
from django.urls import path, re_path
from django.views.decorators.http import require_http_methods
from django.views.generic import RedirectView

from parchemin.comptes.views import acces, connexion, identite

urlpatterns = [
    path("login/", acces.Entree.as_view(), name="account_login"),
    path("logout/", acces.Deconnexion.as_view(), name="account_logout"),
    path("inactive/", compte.account_inactive, name="account_inactive"),
    path("signup/", compte.signup, name="account_signup"),
    path("reauthenticate/", compte.reauthenticate, name="account_reauthenticate"),
    path("password/change/", compte.password_change, name="account_change_password"),
    path("password/set/", compte.password_set, name="account_set_password"),
    path("password/reset/", compte.password_reset, name="account_reset_password"),
    path("password/reset/done/", compte.password_reset_done, name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        compte.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        compte.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("securite/", acces.securite, name="mfa_index"),
    path("securite/sessions/fermer/", acces.fermer_les_autres, name="fermer_les_autres"),
    path("securite/sessions/<int:identifiant>/fermer/", acces.fermer_session, name="fermer_session"),
    path("courriel/", connexion.changer_courriel, name="changer_courriel"),
    path("courriel/garder/", connexion.garder_courriel, name="garder_courriel"),
    path("courriel/confirmer/<str:jeton>/", connexion.confirmer_courriel, name="confirmer_courriel"),
    path("second-facteur/", acces.second_facteur, name="second_facteur"),
    path("second-facteur/code/", acces.SecondeEtape.as_view(), name="mfa_authenticate"),
    path("second-facteur/confirmer/", facteur.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/application/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", acces.CodesDeSecours.as_view(), name="mfa_view_recovery_codes"),
    path("second-facteur/codes/fichier/", acces.TelechargerCodes.as_view(), name="mfa_download_recovery_codes"),
    path("second-facteur/codes/renouveler/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("cles/", acces.Cles.as_view(), name="mfa_list_webauthn"),
    path("cles/ajouter/", cle.add_webauthn, name="mfa_add_webauthn"),
    path("cles/entrer/", cle.login_webauthn, name="mfa_login_webauthn"),
    path("cles/confirmer/", cle.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("cles/<int:pk>/nommer/", cle.edit_webauthn, name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", cle.remove_webauthn, name="mfa_remove_webauthn"),
    path("identite/abandon/", RedirectView.as_view(pattern_name="account_login"), name="socialaccount_login_cancelled"),
    path("identite/<slug:fournisseur>/oter/", connexion.delier_identite, name="delier_identite"),
    path("identite/<slug:fournisseur>/admettre/", connexion.permettre_identite, name="permettre_identite"),
    path("identite/<slug:provider_id>/", identite.entrer, name="openid_connect_login"),
    path("identite/<slug:provider_id>/retour/", identite.revenir, name="openid_connect_callback"),
]

# Les vues d'allauth répondent aussi à OPTIONS, et traitent un PUT comme un POST : ici comme ailleurs, lire ou envoyer.
for _motif in urlpatterns:
    _motif.callback = require_http_methods(["GET", "HEAD", "POST"])(_motif.callback)
