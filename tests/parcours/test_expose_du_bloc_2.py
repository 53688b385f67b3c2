"""Le bloc 2 est un exposé : rien n'est remis, deux compétences au moins sont abordées, le reste se demande."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from outils.catalogue import catalogue
from parchemin.comptes.models import Compte
from parchemin.demonstration.selectors import lire_recit
from parchemin.socle.acteur import Acteur
from tests.parcours.conftest import composer
from tests.parcours.postes import ALaSouris

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]


def test_l_expose_se_cote_et_se_scelle_sans_document(live_server: LiveServer, browser: Browser) -> None:
    composer()
    recit = lire_recit()
    (grille,) = [page for page in catalogue() if page.nom == "grille-expose"]
    poste = ALaSouris(browser.new_page(), live_server.url)
    evaluateur = Compte.objects.get(courriel=recit.personnes[grille.compte].courriel)
    poste.entrer(Acteur(evaluateur.personne_id))

    poste.ouvrir(grille.adresse)
    assert poste.page.locator("input[type=file]").count() == 0
    if not poste.champ("Lieu").is_visible():
        poste.presser(poste.page.locator("details.grille-conditions > summary"))
    poste.lire("Le candidat ne remet ni document ni support")

    for critere in poste.page.locator("[data-parchemin-critere]").all():
        bouton = critere.get_by_role("button", name="Validé", exact=True)
        poste.presser(bouton)
        expect(bouton).to_have_attribute("aria-pressed", "true")
    poste.suivre(poste.lien("Clore la grille"))
    poste.lire("Compétences abordées par le candidat : 0 sur 2 au minimum")
    poste.suivre(poste.lien("Revenir à la grille"))

    for competence in ("C2.1", "C2.4"):
        abordee = poste.page.locator(f'button[name="competence_abordee:{competence}"]')
        poste.presser(abordee)
        expect(abordee).to_have_attribute("aria-pressed", "true")
    poste.suivre(poste.lien("Clore la grille"))
    poste.lire("Une fois scellée, votre lecture ne change plus")
    poste.suivre(poste.bouton("Sceller ma lecture"))
    poste.lire("Votre lecture est scellée")

    poste.ouvrir(grille.adresse)
    poste.lire("Vous avez scellé cette lecture")
    expect(poste.page.locator("[data-parchemin-critere] button:not([disabled])")).to_have_count(0)
    assert (poste.bruits, poste.fautes) == ([], [])
    poste.page.close()
