"""Un script se connecte comme chacun des comptes de la démonstration, avec ce que `demo --comptes --json` donne et rien d'autre."""

from __future__ import annotations

import pytest
from django.test import Client

from mesures.codes import code_du_moment
from parchemin.demonstration.services import comptes

pytestmark = [pytest.mark.lent]


@pytest.mark.parametrize("compte", comptes(), ids=lambda compte: compte["courriel"])
def test_chacun_arrive_chez_lui(compte: dict[str, str], cohorte_du_module: object) -> None:
    client = Client()
    entree = client.post("/connexion/login/", {"login": compte["courriel"], "password": compte["mot_de_passe"]})
    if "totp" in compte:
        assert entree.headers["Location"] == "/connexion/second-facteur/code/"
        entree = client.post(entree.headers["Location"], {"code": code_du_moment(compte["totp"])})
    assert (entree.status_code, entree.headers["Location"], client.get("/").status_code) == (302, "/", 200)
