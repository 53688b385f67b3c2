"""Les courriels que cause un geste sur un compte : ils passent par la boîte d'envoi, comme tous les autres.

django-allauth les demande par un nom de gabarit (`adapter`) ; ce qu'ils disent est ici.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from parchemin.comptes.enums import COURRIEL_DE_SECURITE
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Geste, Message
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_longue, heure

AVIS = {
    "account/email/password_changed": (
        "Votre mot de passe est changé",
        "Le mot de passe de votre compte Parchemin vient d’être changé.",
    ),
    "account/email/password_reset": (
        "Votre mot de passe est changé",
        "Le mot de passe de votre compte Parchemin vient d’être changé, par le lien envoyé à cette adresse.",
    ),
    "account/email/password_set": (
        "Un mot de passe est enregistré",
        "Un mot de passe vient d’être enregistré pour votre compte Parchemin.",
    ),
    "mfa/email/recovery_codes_generated": (
        "De nouveaux codes de secours",
        "De nouveaux codes de secours viennent d’être faits pour votre compte Parchemin : les anciens ne valent plus.",
    ),
    "mfa/email/totp_activated": (
        "Une application de codes protège votre compte",
        "Une application de codes vient d’être mise en service sur votre compte Parchemin.",
    ),
    "mfa/email/totp_deactivated": (
        "L’application de codes est retirée de votre compte",
        "L’application de codes vient d’être retirée de votre compte Parchemin.",
    ),
    "mfa/email/webauthn_added": (
        "Une clé d’accès est ajoutée à votre compte",
        "Une clé d’accès vient d’être ajoutée à votre compte Parchemin.",
    ),
    "mfa/email/webauthn_removed": (
        "Une clé d’accès est retirée de votre compte",
        "Une clé d’accès vient d’être retirée de votre compte Parchemin.",
    ),
    "socialaccount/email/account_connected": (
        "Un fournisseur d’identité est lié à votre compte",
        "Votre compte Parchemin vient d’être lié à un fournisseur d’identité : vous pourrez y entrer par là.",
    ),
    "comptes/connexion_a_changer": (
        "Un changement d’adresse est demandé",
        "Votre compte Parchemin doit s’ouvrir par une autre adresse. Rien ne change tant qu’elle n’est pas confirmée.",
    ),
    "comptes/connexion_changee": (
        "Vous ne vous connectez plus par cette adresse",
        "Votre compte Parchemin s’ouvre désormais par une autre adresse : celle-ci ne sert plus.",
    ),
    "comptes/identite_deliee": (
        "Un fournisseur d’identité n’ouvre plus votre compte",
        "Vous ne pouvez plus entrer dans votre compte Parchemin par le fournisseur d’identité que vous venez d’ôter.",
    ),
}
"""Ce dont une personne est avisée : l'objet et la phrase, par nom de gabarit d'allauth, ou le nôtre."""

ALARME = (
    "Si ce n’était pas vous, changez tout de suite votre mot de passe, fermez vos autres sessions (« Connexion et sécurité ») "
    "et prévenez la personne qui gère Parchemin dans votre organisme."
)


def aviser(
    *, avis: str, personne: UUID, adresse: str, depuis: str, auteur: Acteur, maintenant: datetime, precision: str = ""
) -> bool:
    """Dit à une personne ce qui vient de changer sur son compte (`avis` : une clé d'`AVIS` ; `depuis` : l'adresse réseau).

    Faux si le même avis, de la même seconde, est déjà déposé. Lève `KeyError` pour un avis que personne n'a écrit.
    """
    objet, phrase = AVIS[avis]
    quand = f"C’était le {_instant(maintenant)}" + (f", depuis l’adresse {depuis}." if depuis else ".")
    return courriels.envoyer(
        cle=cle_opaque(avis, personne, maintenant.replace(microsecond=0)),
        genre=COURRIEL_DE_SECURITE,
        destinataire=personne,
        adresse=adresse,
        message=Message(
            objet=objet, titre=objet, paragraphes=tuple(filter(None, (phrase, precision, quand))), apres=(ALARME,)
        ),
        auteur=auteur,
        maintenant=maintenant,
    )


def envoyer_lien_de_mot_de_passe(*, personne: UUID, adresse: str, chemin: str, maintenant: datetime) -> bool:
    """Envoie le lien qui choisit un nouveau mot de passe. Il se vide dès qu'il est parti, et ne part plus s'il ne vaut plus.

    `chemin` porte le jeton : ni la clé de l'envoi ni le journal ne le gardent.
    """
    fin = maintenant + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    return courriels.envoyer(
        cle=cle_opaque("mot_de_passe_oublie", personne, chemin),
        genre=COURRIEL_DE_SECURITE,
        destinataire=personne,
        adresse=adresse,
        message=Message(
            objet="Choisir un nouveau mot de passe",
            titre="Choisir un nouveau mot de passe",
            paragraphes=("Quelqu’un, vous sans doute, a demandé à changer le mot de passe de votre compte Parchemin.",),
            geste=Geste("Choisir mon mot de passe", chemin),
            apres=(
                f"Ce lien ne sert qu’une fois, et vaut jusqu’au {_instant(fin)}. Ne le transférez à personne.",
                "Si ce n’était pas vous, il n’y a rien à faire : votre mot de passe ne change pas.",
            ),
        ),
        secret=True,
        perime_le=fin,
        auteur=SYSTEME,
        maintenant=maintenant,
    )


def repondre_a_une_adresse_inconnue(*, adresse: str, maintenant: datetime) -> bool:
    """Répond, à l'adresse même, qu'aucun compte ne la porte : la page, elle, ne le dit jamais. Une fois par minute au plus.

    Personne ne la porte : le journal ne la garde pas, et le corps se vide une fois parti.
    """
    return courriels.envoyer(
        cle=cle_opaque("adresse_inconnue", adresse.strip().lower(), maintenant.replace(second=0, microsecond=0)),
        genre=COURRIEL_DE_SECURITE,
        destinataire=None,
        adresse=adresse,
        message=Message(
            objet="Aucun compte à cette adresse",
            titre="Aucun compte à cette adresse",
            paragraphes=(
                "Un nouveau mot de passe a été demandé pour cette adresse, mais aucun compte Parchemin ne la porte.",
                "Votre compte est peut-être ouvert sous une autre adresse : essayez-la, ou écrivez à qui gère votre dossier.",
            ),
            apres=("Si ce n’était pas vous, il n’y a rien à faire.",),
        ),
        secret=True,
        auteur=SYSTEME,
        maintenant=maintenant,
    )


def cle_opaque(*parties: object) -> str:
    """Une clé d'envoi tirée de ces parties, qui n'en laisse lire aucune (HMAC sous la clé du site)."""
    empreinte = salted_hmac("parchemin.courriels", "\x1f".join(map(str, parties)), algorithm="sha256")
    return f"{COURRIEL_DE_SECURITE.code}:{empreinte.hexdigest()[:40]}"


def _instant(quand: datetime) -> str:
    return f"{date_longue(jour_civil(quand))} à {heure(quand)}"
