"""Limites de débit, partagées par tous les processus : un compteur par fenêtre, en une instruction SQL.

Qui est connecté est compté par personne ; sinon par adresse, dont la base ne garde qu'une empreinte salée par la clé du
site. Une fenêtre est une tranche fixe : au plus deux fois la limite passe à cheval sur deux tranches, ce qui suffit ici.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac

from parchemin.socle.horloge import maintenant

_FORME = re.compile(r"(\d+)/(\d*)([smh])")
_SECONDES = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Limite:
    """Tant de requêtes par fenêtre de tant de secondes."""

    nombre: int
    secondes: int

    @classmethod
    def lire(cls, texte: str) -> Limite:
        """« 30/m », « 100/10m ». Lève `ValueError`."""
        lue = _FORME.fullmatch(texte)
        if lue is None:
            raise ValueError(f"limite illisible : {texte!r} (exemple : « 30/m »)")
        return cls(int(lue[1]), int(lue[2] or 1) * _SECONDES[lue[3]])


def compter(*, nom: str, qui: str, limite: Limite, instant: datetime) -> int:
    """Compte une requête de plus dans la fenêtre en cours ; rend combien elle en a maintenant. Exact entre processus."""
    tranche = int(instant.timestamp()) // limite.secondes
    fin = datetime.fromtimestamp((tranche + 1) * limite.secondes, UTC)
    cle = salted_hmac("parchemin.debits", f"{nom}|{qui}|{tranche}", algorithm="sha256").hexdigest()
    with connection.cursor() as curseur:
        curseur.execute(
            "INSERT INTO socle_debit (cle, fin, nombre) VALUES (%s, %s, 1)"
            " ON CONFLICT (cle) DO UPDATE SET nombre = socle_debit.nombre + 1 RETURNING nombre",
            [cle, fin],
        )
        nombre: int = curseur.fetchone()[0]
    return nombre


def oublier(*, avant: datetime) -> int:
    """Ôte les fenêtres finies ; rend leur nombre."""
    from parchemin.socle.models import Debit

    return Debit.objects.filter(fin__lt=avant - timedelta(hours=1)).delete()[0]


def adresse_de(request: HttpRequest) -> str:
    """L'adresse du visiteur : celle que dit le dernier mandataire de confiance, sinon celle de la connexion."""
    relais: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    suite = [mot.strip() for mot in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if mot.strip()]
    if relais and len(suite) >= relais:
        return suite[-relais]
    return str(request.META.get("REMOTE_ADDR", ""))


class DebitMiddleware:
    """Refuse (429) ce qui dépasse la limite de sa route (`PARCHEMIN_DEBITS`). Au-dessus de la garde des lectures."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        limites: dict[str, str] = settings.PARCHEMIN_DEBITS
        try:
            nom = resolve(request.path_info).view_name if limites else ""
        except Resolver404:
            nom = ""
        texte = limites.get(f"{request.method} {nom}") or limites.get(nom)
        if not texte:
            return self.get_response(request)
        limite, instant = Limite.lire(texte), maintenant()
        acteur: Any = getattr(request, "acteur", None)
        qui = f"personne:{acteur.id}" if acteur is not None else f"adresse:{adresse_de(request)}"
        if compter(nom=nom, qui=qui, limite=limite, instant=instant) <= limite.nombre:
            return self.get_response(request)
        return _trop(request, limite, instant)


def _trop(request: HttpRequest, limite: Limite, instant: datetime) -> HttpResponse:
    reste = limite.secondes - int(instant.timestamp()) % limite.secondes
    message = "Trop de demandes en peu de temps. Attendez un instant, puis recommencez : rien n’est perdu."
    reponse: HttpResponse
    if request.content_type == "application/json":
        reponse = JsonResponse({"erreur": {"code": "trop_de_demandes", "message": message}}, status=429)
    else:
        reponse = render(request, "429.html", status=429)
    reponse["Retry-After"] = str(reste)
    return reponse
