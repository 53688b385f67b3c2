"""Le gardien hors ligne (« service worker ») : servi à la racine, pour que toute adresse soit sous sa garde."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SOURCE = "portail/service-worker.js"
FICHIERS = (
    *(f"socle/{nom}" for nom in (
        "jetons.css", "base.css", "mise-en-page.css", "composants.css", "impression.css", "formulaires.js", "sceau.svg",
    )),
    *(f"evaluation/{nom}" for nom in (
        "evaluation.css", "grille.css", "affichage.js", "aides.js", "annulation.js", "appareil.js", "chrono.js", "code.js",
        "coffre.js", "depart.js", "entretien.js", "envoi.js", "file-d-avant.js", "focus.js", "grille.js",
        "hors-ligne.js", "jauges.js", "ordre.js", "perime.js", "preparation.js", "raccourcis.js", "recherche.js", "refus.js",
        "rejet.js", "relecture.js", "remarques.js", "renommage.js", "reserve.js", "secrets.js", "veille.js",
    )),
)  # fmt: skip
"""Tout ce que charge la coquille, et la grille qu'elle pose."""


@require_safe
@never_cache
def gardien(request: HttpRequest) -> HttpResponse:
    """Le script, précédé de sa version : un seul octet changé dans ce qu'il garde, et le navigateur le reprend en entier."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> str:
    adresses = [reverse("evaluation:hors_ligne"), *(static(nom) for nom in FICHIERS)]
    contenu = (
        b"".join(_octets(nom) for nom in (SOURCE, *FICHIERS)) + render_to_string("evaluation/hors_ligne.html").encode()
    )
    version = sha256(contenu).hexdigest()[:16]
    tete = f"const VERSION = {json.dumps(version)};\nconst COQUILLE = {json.dumps(adresses)};\n"
    return tete + _octets(SOURCE).decode()


def _octets(nom: str) -> bytes:
    chemin = find(nom)
    if chemin is None:
        raise FileNotFoundError(nom)
    return Path(chemin).read_bytes()
