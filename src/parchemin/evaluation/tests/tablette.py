"""Un client de l'échange des faits, comme en vrai : la session d'une personne, son jeton CSRF exigé, des octets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from parchemin.comptes.models import Compte, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.socle.acteur import Acteur

DOCUMENT = Path(__file__).parents[4] / "docs" / "echange-des-faits.md"
JETON = "j" * 32
JSON = "application/json"


def tablette(acteur: Acteur) -> Client:
    """Un navigateur où cette personne est connectée, qui tient un jeton CSRF (son compte s'ouvre au besoin)."""
    navigateur = Client(enforce_csrf_checks=True)
    compte = Compte.objects.filter(personne_id=acteur.id).first()
    navigateur.force_login(compte or Compte.objects.get(courriel=comptes.compte(acteur)))
    navigateur.cookies[settings.CSRF_COOKIE_NAME] = JETON
    return navigateur


def retirer_son_role(acteur: Acteur) -> None:
    """Dès ce jour, cette personne n'est plus évaluatrice : ce qu'elle envoie se met à part, même d'une épreuve commencée."""
    Role.objects.filter(personne_id=acteur.id).update(au=JOUR.date())


def poster(depuis: Client, salle: Salle, corps: Any, quoi: str = "faits", genre: str = JSON, **tetes: str) -> Any:
    """La réponse à cet envoi ; `corps` : des octets tels quels, ou de quoi faire un objet JSON."""
    octets = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
    en_tetes = {"X-CSRFToken": JETON, **tetes}
    return depuis.generic("POST", f"/epreuves/{salle.epreuve}/{quoi}", octets, content_type=genre, headers=en_tetes)


def etats(reponse: Any) -> list[tuple[str, str]]:
    """L'état et le code de chaque réponse."""
    assert reponse.status_code == 200, (reponse.status_code, reponse.content[:200])
    return [(une["etat"], une.get("code", "")) for une in reponse.json()["reponses"]]


def erreur(reponse: Any) -> tuple[int, str]:
    """Le statut et le code d'un envoi refusé en entier ; le document doit les dire."""
    assert set(reponse.json()) == {"erreur"}
    assert set(reponse.json()["erreur"]) == {"code", "message"}
    dite = (reponse.status_code, reponse.json()["erreur"]["code"])
    assert dite in erreurs_du_document()
    return dite


def erreurs_du_document() -> set[tuple[int, str]]:
    """Chaque statut, et son code, de « Quand l'envoi entier ne passe pas »."""
    texte = DOCUMENT.read_text(encoding="utf-8")
    tableau = texte.partition("## Quand l'envoi entier ne passe pas")[2].partition("\n## ")[0]
    return {(int(statut), code) for statut, code in re.findall(r"^\| (\d+) \| `(\w+)` \|", tableau, re.MULTILINE)}
