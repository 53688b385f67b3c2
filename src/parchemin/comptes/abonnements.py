"""Ce que fait la capacité quand django-allauth annonce quelque chose : l'inscrire.

allauth ne parle que par signaux ; ils s'arrêtent ici, chacun traduit en un appel de service. Rien d'autre ne les écoute.
"""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from parchemin.comptes import services
from parchemin.comptes.enums import Action
from parchemin.comptes.services.securite import technique
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import maintenant


@receiver(authenticator_added)
def facteur_ajoute(request: HttpRequest, user: Any, authenticator: Any, **_: Any) -> None:
    """Le facteur que l'on vient de mettre en place vaut preuve pour cette session ; il entre au journal."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    _noter(Action.SECOND_FACTEUR_AJOUTE, user, authenticator)


@receiver(authenticator_removed)
def facteur_retire(user: Any, authenticator: Any, **_: Any) -> None:
    """Le retrait entre au journal."""
    _noter(Action.SECOND_FACTEUR_RETIRE, user, authenticator)


@receiver(authenticator_reset)
def codes_renouveles(user: Any, authenticator: Any, **_: Any) -> None:
    """De nouveaux codes de secours : les anciens ne valent plus."""
    _noter(Action.CODES_RENOUVELES, user, authenticator)


def _noter(action: Action, compte: Any, facteur: Any) -> None:
    services.noter_second_facteur(
        compte=compte.pk,
        genre=str(facteur.type),
        action=action,
        auteur=Acteur(compte.personne_id),
        maintenant=maintenant(),
    )


@receiver([password_changed, password_reset, password_set])
def mot_de_passe_change(user: Any, **_: Any) -> None:
    """Un nouveau mot de passe entre au journal ; aucune des sessions d'avant ne vaut plus."""
    services.noter_mot_de_passe(compte=user.pk, auteur=Acteur(user.personne_id), maintenant=maintenant())


@receiver(user_logged_in)
def entree(user: Any, **_: Any) -> None:
    """Une connexion réussie, au journal technique."""
    technique.info("connexion", compte=str(user.pk))


@receiver(user_logged_out)
def sortie(user: Any, **_: Any) -> None:
    """Une déconnexion, au journal technique."""
    technique.info("deconnexion", compte=str(user.pk) if user else None)


@receiver(user_login_failed)
def refus_de_connexion(**_: Any) -> None:
    """Un mot de passe refusé, au journal technique : sans le courriel, qui est peut-être un mot de passe tapé trop tôt."""
    technique.warning("connexion_refusee")


@receiver(authentication_failed)
def second_facteur_refuse(user: Any, authenticator: Any, **_: Any) -> None:
    """Un code refusé, au journal technique."""
    technique.warning("second_facteur_refuse", compte=str(user.pk), genre=str(authenticator.type))
