"""Une auditrice cherche, ouvre, revient et exporte, dans un vrai navigateur, sans une infraction ni un mot à la console."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.evaluation.tests import factories as evaluation
from parchemin.registre.enums import Action
from parchemin.registre.models import Entree
from tests.parcours.postes import violations

pytestmark = pytest.mark.django_db(transaction=True)


def sans_infraction(page: Page) -> None:
    assert violations(page) == []


def photographier(page: Page, nom: str) -> None:
    """Garde une image si `PARCHEMIN_IMAGES` nomme un dossier : pour regarder, pas pour comparer."""
    if dossier := os.environ.get("PARCHEMIN_IMAGES"):
        page.screenshot(path=Path(dossier) / f"{nom}.png", full_page=True)


@pytest.mark.parametrize(("largeur", "theme"), [(1280, "light"), (390, "dark")])
def test_de_la_recherche_a_la_preuve(page_muette: Page, live_server, largeur, theme):
    page, salle = page_muette, evaluation.evalue()
    nom = evaluation.dossier(salle).candidat_nom
    comptes.client(comptes.gestionnaire()).get(f"/carnet/{salle.monde.dossier}/")
    lectrice = comptes.avec_role(NatureRole.AUDITEUR, prenom="Apolline", nom="Rey")
    cookie = comptes.client(lectrice).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page.set_viewport_size({"width": largeur, "height": 900})
    page.emulate_media(color_scheme=theme)

    page.goto(f"{live_server.url}/journal/")
    sans_infraction(page)
    photographier(page, f"journal-{largeur}")
    page.get_by_label("Personne").fill(nom)
    page.get_by_role("button", name="Chercher").click()
    expect(page.get_by_text("Chercher quelqu’un d’autre")).to_be_visible()
    regard = page.get_by_role("link", name="qui n’est pas de l’équipe, a regardé le dossier")
    regard.click()
    expect(page.get_by_text("l’empreinte se refait, la suite tient")).to_be_visible()
    sans_infraction(page)
    photographier(page, f"entree-{largeur}")

    page.go_back()
    with page.expect_download() as emporte:
        page.get_by_role("button", name="En entrées vérifiables (JSON)").click()
    assert emporte.value.suggested_filename == "journal.jsonl"
    assert Entree.objects.filter(action=Action.JOURNAL_EXPORTE, auteur_id=lectrice.id).count() == 1

    page.goto(f"{live_server.url}/journal/chaines/")
    sans_infraction(page)
    photographier(page, f"chaines-{largeur}")
    page.get_by_role("button", name="Vérifier maintenant").click()
    expect(page.get_by_text("Une vérification est dans la file.", exact=False).first).to_be_visible()
    page.goto(f"{live_server.url}/accessibilite/")
    sans_infraction(page)
    photographier(page, f"accessibilite-{largeur}")
