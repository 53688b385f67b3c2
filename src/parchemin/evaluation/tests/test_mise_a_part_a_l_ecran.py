"""Ce que voit l'évaluateur d'un geste mis à part : reçu, oui ; dans la grille, non."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations_services
from parchemin.convocations.tests.factories import PLANIFICATION, Salle
from parchemin.evaluation.models import Fait, GesteMisAPart
from parchemin.evaluation.tests.test_navigateur import choix, couper, etat, ouvrir, retablir

pytestmark = pytest.mark.django_db(transaction=True)

A_PART = "Reçu, mis à part pour le gestionnaire"


def remplacer(salle: Salle) -> None:
    """Un autre évaluateur métier prend la place."""
    convocations_services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Nina").id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def test_la_grille_ne_dit_pas_enregistre_de_ce_qui_est_mis_a_part(live_server, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    choix(page, "K3.1.2", "Non validé").click()
    expect(etat(page)).to_contain_text("2 gestes gardés")
    remplacer(salle)
    retablir(page)
    expect(etat(page)).to_have_text(A_PART)
    dit = page.locator("[data-parchemin-a-part]")
    expect(dit).to_have_count(1)
    expect(dit).to_contain_text("2 gestes ont été reçus, mais mis à part")
    assert (Fait.objects.count(), GesteMisAPart.objects.count()) == (0, 2)


def test_ma_journee_le_dit_quand_c_est_elle_qui_envoie(live_server, context: BrowserContext, page: Page, salle: Salle):
    ouvrir(page, live_server, salle)
    couper(page)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_contain_text("1 geste gardé")
    page.close()
    remplacer(salle)
    autre = context.new_page()
    autre.goto(f"{live_server.url}/ma-journee/")
    expect(autre.locator("[data-parchemin-a-part]")).to_contain_text("Un geste a été reçu, mais mis à part")
    autre.reload()
    expect(autre.get_by_role("heading", name="Reçu, mis à part")).to_be_visible()
    expect(autre.locator(".message-attente")).to_contain_text("1 geste a été reçu, mais hors de la grille")
