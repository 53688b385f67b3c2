"""La boîte de la démonstration dans un vrai navigateur : le courriel se voit, avec ses couleurs, et n'a droit à rien."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from parchemin.comptes.tests import factories as comptes
from parchemin.courriels.fichiers import EmailBackend
from parchemin.courriels.messages import Message
from parchemin.courriels.services.remise import en_courriel
from parchemin.courriels.tests import factories as envois
from parchemin.socle.models import Installation
from parchemin.socle.services import marquer_installation
from tests.parcours.postes import violations

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.navigateur]


def test_un_courriel_s_ouvre_depuis_la_boite_et_rien_de_ce_qu_il_porte_ne_s_execute(
    live_server, page: Page, settings, tmp_path
):
    """On ouvre la boîte, puis le courriel ; son HTML se montre dans un cadre, avec ses styles ; aucun script n'y tourne."""
    marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=envois.MIDI)
    settings.DONNEES = tmp_path
    envoi = envois.envoyer(
        message=Message(objet="Une invitation", titre="Bienvenue", paragraphes=("Votre compte vous attend.",))
    )
    envoi.html = envoi.html.replace(
        "</body>", "<script>document.title = 'pris'; top.document.title = 'pris'</script></body>"
    )
    EmailBackend(dossier=str(tmp_path / "courriels"), alias="essai").send_messages([en_courriel(envoi)])
    page.goto(f"{live_server.url}/demonstration/courriels/")
    page.get_by_role("link", name="Une invitation").click()
    titre = page.frame_locator("iframe").get_by_role("heading", name="Bienvenue")
    expect(titre).to_be_visible()
    expect(titre).to_have_css("font-weight", "400")
    assert "pris" not in page.title()
    expect(page.get_by_role("rowheader", name="Message-ID")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("teinte", ["light", "dark"])
def test_chacun_regle_ses_courriels_au_clavier(live_server, page: Page, teinte):
    """La personne ouvre « Mes courriels », coupe le courriel du jour au clavier, enregistre : son choix est là."""
    acteur = comptes.personne()
    navigateur = comptes.client(acteur)
    page.emulate_media(color_scheme=teinte)
    page.context.add_cookies(
        [{"name": "sessionid", "value": navigateur.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/mes-courriels/")
    assert violations(page) == []
    groupe = page.get_by_role("group", name="Le courriel du jour")
    groupe.get_by_role("radio", name="Chaque jour").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vos choix sont enregistrés.")).to_be_visible()
    expect(groupe.get_by_role("radio", name="Jamais")).to_be_checked()
