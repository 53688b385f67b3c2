"""Chaque page de la démonstration répond comme attendu, avec un seul titre, dans une langue, sans rien d'interdit."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from outils.catalogue import Page, catalogue
from parchemin.comptes.models import Compte
from parchemin.demonstration.services import Cohorte

pytestmark = pytest.mark.django_db

INTERDITS = re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|\sstyle=|\son[a-z]+=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ouverte:
    """Une page du catalogue, ouverte par son compte : ce qui a répondu, ou la panne."""

    page: Page
    statut: int | str
    html: str = ""


@pytest.fixture(scope="module")
def ouvertes(cohorte_du_module: Cohorte) -> list[Ouverte]:
    """Chaque page du catalogue, ouverte une fois : les essais n'en font que lire la réponse."""
    return [_ouvrir(page) for page in catalogue()]


def _ouvrir(page: Page) -> Ouverte:
    client = Client(raise_request_exception=True)
    if page.courriel:
        client.force_login(Compte.objects.get(courriel=page.courriel))
    try:
        reponse = client.get(page.adresse)
    except Exception as panne:  # noqa: BLE001 : toutes les pages se regardent, et toutes leurs pannes se lisent
        return Ouverte(page, repr(panne))
    return Ouverte(page, reponse.status_code, reponse.content.decode())


def test_chaque_page_repond(ouvertes: list[Ouverte]) -> None:
    assert ouvertes != []
    fautes = {une.page.nom: une.statut for une in ouvertes if une.statut != une.page.statut}
    assert fautes == {}


def test_chaque_page_a_un_seul_titre_et_se_dit_en_francais(ouvertes: list[Ouverte]) -> None:
    fautes = {}
    for une in ouvertes:
        html = une.html
        vu = (len(re.findall(r"<h1\b", html)), len(re.findall(r"<main\b", html)), '<html lang="fr"' in html)
        if vu != (1, 1, True):
            fautes[une.page.nom] = vu
    assert fautes == {}


def test_rien_n_est_ecrit_dans_la_page_que_la_csp_refuserait(ouvertes: list[Ouverte]) -> None:
    fautes = {une.page.nom: trouves for une in ouvertes if (trouves := INTERDITS.findall(une.html))}
    assert fautes == {}
