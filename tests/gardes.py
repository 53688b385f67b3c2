"""Des fautes rendues impossibles : chacune fait échouer le test qui la commet.

* une variable inconnue dans un de nos gabarits (y compris la liste d'un `{% for %}`) ;
* un formulaire POST sans jeton CSRF ;
* une suite sans ordre parcourue par un gabarit, ou coupée (`[:3]`) par notre code ;
* une date sans fuseau, ou un instant rangé dans une date (les avertissements sont des erreurs) ;
* une écriture pendant un GET (`parchemin.socle.middleware`, actif aussi en service) ;
* un appel au réseau (pytest-socket, réglé dans `pyproject.toml`).
"""

from __future__ import annotations

import functools
import re
import sys
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

RACINE = Path(__file__).resolve().parent.parent


class VariableInconnue:
    """Tient lieu de `string_if_invalid` : Django l'interroge quand une variable de gabarit n'existe pas."""

    def __contains__(self, signe: object) -> bool:
        return signe == "%s"

    def __mod__(self, variable: object) -> str:
        gabarit = _gabarit_en_cours()
        if _est_a_nous(gabarit):
            pytest.fail(f"variable inconnue « {variable} » dans {gabarit}", pytrace=False)
        return ""

    def __str__(self) -> str:
        return ""


_BALISES = re.compile(r"""</form\s*>|<(?:form|input)\b(?:[^"'>]|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
"""Les seules balises que lit `_Formulaires` : dix fois moins à analyser qu'une page entière."""


class _Formulaires(HTMLParser):
    """Les formulaires POST d'une page qui n'ont pas de jeton CSRF."""

    def __init__(self) -> None:
        super().__init__()
        self.sans_jeton: list[str] = []
        self._ouvert: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        champs = dict(attrs)
        if tag == "form" and (champs.get("method") or "").lower() == "post":
            self._ouvert = champs.get("action") or "(cette page)"
        elif tag == "input" and champs.get("name") == "csrfmiddlewaretoken" and champs.get("value"):
            self._ouvert = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._ouvert is not None:
            self.sans_jeton.append(self._ouvert)
            self._ouvert = None


def verifier_jetons(page: str) -> None:
    """Fait échouer le test si un formulaire POST de la page n'a pas de jeton CSRF."""
    formulaires = _Formulaires()
    formulaires.feed("".join(_BALISES.findall(page)))
    formulaires.close()
    if formulaires.sans_jeton:
        pytest.fail(f"formulaire POST sans jeton CSRF : {', '.join(formulaires.sans_jeton)}", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def _gardes() -> None:
    """Pose les gardes une fois par processus de test."""
    from django.conf import settings
    from django.db.models import DateField, DateTimeField, QuerySet
    from django.template.defaulttags import ForNode
    from django.test import Client

    settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = VariableInconnue()

    requete, rendu, coupe, date_vers_base = (
        Client.request,
        ForNode.render,
        QuerySet.__getitem__,
        DateField.get_prep_value,
    )

    def request(self: Client, **demande: Any) -> Any:
        reponse = requete(self, **demande)
        if not reponse.streaming and reponse.headers.get("Content-Type", "").startswith("text/html"):
            verifier_jetons(reponse.content.decode(reponse.charset))
        return reponse

    def render(self: Any, context: Any) -> Any:
        suite = self.sequence.resolve(context, ignore_failures=True)
        gabarit = self.origin.name
        if _est_a_nous(gabarit):
            if suite is None and not _connue(self.sequence, context):
                pytest.fail(f"liste inconnue « {self.sequence} » dans {gabarit}", pytrace=False)
            if isinstance(suite, QuerySet) and not suite.ordered:
                pytest.fail(f"suite sans ordre « {self.sequence} » parcourue dans {gabarit}", pytrace=False)
        return rendu(self, context)

    def getitem(self: QuerySet[Any], rang: Any) -> Any:
        appelant = sys._getframe(1).f_globals.get("__name__", "")
        if self._result_cache is None and not self.ordered and appelant.startswith("parchemin."):
            pytest.fail(f"suite sans ordre coupée dans {appelant} : ajoutez order_by()", pytrace=False)
        return coupe(self, rang)

    def get_prep_value(self: DateField[Any, Any], valeur: Any) -> Any:
        if isinstance(valeur, datetime) and not isinstance(self, DateTimeField):
            pytest.fail(f"instant rangé dans la date « {self.name} » : le jour dépend du fuseau", pytrace=False)
        return date_vers_base(self, valeur)

    Client.request = request  # type: ignore[method-assign]
    ForNode.render = render  # type: ignore[method-assign]
    QuerySet.__getitem__ = getitem  # type: ignore[method-assign]
    DateField.get_prep_value = get_prep_value  # type: ignore[method-assign,assignment]


def _gabarit_en_cours() -> str:
    """Le fichier du gabarit en train d'être rendu, lu dans la pile d'appels."""
    cadre: FrameType | None = sys._getframe(1)
    while cadre is not None:
        if cadre.f_code.co_name in {"render", "render_annotated"}:
            origine = getattr(cadre.f_locals.get("self"), "origin", None)
            if origine is not None:
                return str(origine.name)
        cadre = cadre.f_back
    return "<unknown source>"


@functools.cache
def _est_a_nous(gabarit: str) -> bool:
    """Vrai pour nos gabarits et ceux écrits dans un test ; les paquets tiers répondent d'eux-mêmes."""
    return gabarit == "<unknown source>" or Path(gabarit).is_relative_to(RACINE / "src")


def _connue(expression: Any, context: Any) -> bool:
    """Vrai si la variable existe (fût-elle `None`)."""
    from django.template.base import Variable, VariableDoesNotExist

    if not isinstance(expression.var, Variable):
        return True
    try:
        expression.var.resolve(context)
    except VariableDoesNotExist:
        return False
    return True
