"""Un client de l'échange des faits, comme en vrai : la session d'une personne, son jeton CSRF exigé, des octets."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.test import Client

from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests.factories import Salle
from parchemin.socle.acteur import Acteur

JETON = "j" * 32
JSON = "application/json"


def tablette(acteur: Acteur) -> Client:
    """Un navigateur où cette personne est connectée, qui tient un jeton CSRF (son compte s'ouvre au besoin)."""
    navigateur = Client(enforce_csrf_checks=True)
    compte = Compte.objects.filter(personne_id=acteur.id).first()
    navigateur.force_login(compte or Compte.objects.get(courriel=comptes.compte(acteur)))
    navigateur.cookies[settings.CSRF_COOKIE_NAME] = JETON
    return navigateur


def poster(depuis: Client, salle: Salle, corps: Any, quoi: str = "faits", genre: str = JSON, **tetes: str) -> Any:
    """La réponse à cet envoi ; `corps` : des octets tels quels, ou de quoi faire un objet JSON."""
    octets = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
    en_tetes = {"X-CSRFToken": JETON, **tetes}
    return depuis.post(f"/epreuves/{salle.epreuve}/{quoi}", octets, content_type=genre, headers=en_tetes)


def etats(reponse: Any) -> list[tuple[str, str]]:
    """L'état et le code de chaque réponse."""
    assert reponse.status_code == 200, (reponse.status_code, reponse.content[:200])
    return [(une["etat"], une.get("code", "")) for une in reponse.json()["reponses"]]


def erreur(reponse: Any) -> tuple[int, str]:
    """Le statut et le code d'un envoi refusé en entier."""
    return reponse.status_code, reponse.json()["erreur"]["code"]
