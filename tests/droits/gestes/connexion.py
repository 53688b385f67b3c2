"""La connexion, les courriels, le journal."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

from parchemin.comptes import services as comptes_services
from parchemin.comptes.tests import factories as comptes
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Geste
from tests.droits.gestes.comptes import INVITES, personne_sans_compte
from tests.droits.monde import INSTANT, Caisse


def _inviter_ici(caisse: Caisse) -> None:
    """Une personne d'ici, sans compte, dont l'invitation court encore."""
    personne_sans_compte(caisse)
    comptes_services.inviter(
        personne=INVITES[caisse.dossier], courriel=f"{uuid4()}@caisse.example", auteur=SYSTEME, maintenant=INSTANT
    )


NOUVEAU = "sceau-encre-papier-plume"


def _changer(*_: object) -> Mapping[str, str]:
    return {"oldpassword": comptes.MOT_DE_PASSE, "password1": NOUVEAU, "password2": NOUVEAU}


GESTES: dict[str, Geste] = {
    nom: Geste()
    for nom in (
        "account_logout",
        "account_inactive",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "mfa_index",
        "fermer_les_autres",
        "garder_courriel",
        "second_facteur",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_login_webauthn",
        "mfa_reauthenticate_webauthn",
        "socialaccount_login_cancelled",
        "demonstration_courriels",
        "journal",
        "journal_chaines",
        "journal_verifier",
    )
}
GESTES |= {
    "account_login": Geste(corps=lambda *_: {"login": "personne@caisse.example", "password": "n'importe quoi"}),
    "account_signup": Geste(corps=lambda *_: {"email": "intrus@caisse.example", "password1": NOUVEAU}),
    "account_reauthenticate": Geste(corps=lambda *_: {"password": comptes.MOT_DE_PASSE}),
    "account_change_password": Geste(corps=_changer),
    "account_set_password": Geste(corps=_changer),
    "account_reset_password": Geste(corps=lambda *_: {"email": "personne@caisse.example"}),
    "account_reset_password_from_key": Geste(lambda _: {"uidb36": "1z", "key": "abc-def"}, _changer),
    "changer_courriel": Geste(corps=lambda *_: {"courriel": "nouvelle@caisse.example"}),
    "confirmer_courriel": Geste(lambda _: {"jeton": "inconnu"}),
    "delier_identite": Geste(lambda _: {"fournisseur": "inconnu"}),
    "permettre_identite": Geste(lambda _: {"fournisseur": "inconnu"}),
    "fermer_session": Geste(lambda _: {"identifiant": 1}),
    "mfa_edit_webauthn": Geste(lambda _: {"pk": 1}, lambda *_: {"name": "Ma clé"}),
    "mfa_remove_webauthn": Geste(lambda _: {"pk": 1}),
    "openid_connect_login": Geste(lambda _: {"provider_id": "inconnu"}),
    "openid_connect_callback": Geste(lambda _: {"provider_id": "inconnu"}),
    "mes_courriels": Geste(corps=lambda *_: {}),
    "demonstration_courriel": Geste(lambda _: {"nom": "inconnu"}),
    "demonstration_courriel_corps": Geste(lambda _: {"nom": "inconnu"}),
    "journal_exporter": Geste(corps=lambda *_: {"forme": "jsonl"}),
    "journal_entree": Geste(lambda caisse: {"chaine": f"organisme:{caisse.organisme}", "rang": 1}),
    "comptes:annuler_invitation": Geste(lambda caisse: {"identifiant": INVITES[caisse.dossier]}, avant=_inviter_ici),
}
