"""Chaque page de la démonstration répond comme attendu, avec un seul titre, dans une langue, sans rien d'interdit."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from outils.catalogue import Page, catalogue
from parchemin.comptes.models import Compte
from parchemin.demonstration.services import Cohorte

pytestmark = pytest.mark.django_db

INTERDITS = re.compile(r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def ouvrir(page: Page) -> tuple[int, str]:
    client = Client(raise_request_exception=True)
    if page.courriel:
        client.force_login(Compte.objects.get(courriel=page.courriel))
    reponse = client.get(page.adresse)
    return reponse.status_code, reponse.content.decode()


def test_chaque_page_repond(cohorte_du_module: Cohorte) -> None:
    fautes = {}
    for page in catalogue():
        try:
            statut, _ = ouvrir(page)
        except Exception as panne:  # noqa: BLE001 : toutes les pages se regardent, et toutes leurs pannes se lisent
            statut = repr(panne)  # type: ignore[assignment]
        if statut != page.statut:
            fautes[page.nom] = statut
    assert fautes == {}


def test_chaque_page_a_un_seul_titre_et_se_dit_en_francais(cohorte_du_module: Cohorte) -> None:
    fautes = {}
    for page in catalogue():
        _, html = ouvrir(page)
        vu = (len(re.findall(r"<h1\b", html)), len(re.findall(r"<main\b", html)), '<html lang="fr"' in html)
        if vu != (1, 1, True):
            fautes[page.nom] = vu
    assert fautes == {}


def test_rien_n_est_ecrit_dans_la_page_que_la_csp_refuserait(cohorte_du_module: Cohorte) -> None:
    fautes = {page.nom: trouves for page in catalogue() if (trouves := INTERDITS.findall(ouvrir(page)[1]))}
    assert fautes == {}
