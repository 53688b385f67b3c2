"""La page qu'un appareil garde d'une grille s'efface dès que la lecture est scellée ; un texte contredit se reprend à l'écran."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.test_hors_ligne import garde
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, choix, etat, ouvrir, ouvrir_session
from parchemin.evaluation.tests.test_tablette_partagee import lignes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("adresse", ["", "grille/"])
def test_une_lecture_scellee_ne_laisse_pas_sa_grille_sur_l_appareil(
    live_server, page: Page, salle: Salle, adresse: str
):
    ouvrir(page, live_server, salle)
    choix(page, "K3.1.1", "Validé").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    garde(page)
    page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/")
    page.wait_for_load_state("networkidle")
    assert lignes(page, "pages") == 1  # rien n'est scellé : elle se rouvrira sans réseau
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    page.goto(f"{live_server.url}/epreuves/{salle.epreuve}/{adresse}")
    page.wait_for_load_state("networkidle")
    for _ in range(50):
        if not lignes(page, "pages"):
            break
        page.wait_for_timeout(100)
    assert lignes(page, "pages") == 0


def test_un_texte_contredit_se_lit_en_entier_et_se_reprend(live_server, page: Page, salle: Salle):
    longs = [f"{debut} {'mot ' * 40}fin." for debut in ("Un", "Deux")]
    for texte in longs:
        services.recevoir_faits(
            epreuve=salle.epreuve,
            lot=[fait(salle, 1, "commentaire:K3.1.1", texte, appareil=uuid4())],
            auteur=salle.metier,
            maintenant=JOUR,
        )
    ouvrir(page, live_server, salle)
    dits = page.locator(".conflit-texte")
    expect(dits).to_have_count(2)
    dits.filter(has_text="Deux mot").get_by_role("button", name="Reprendre ce texte").click()
    expect(etat(page)).to_have_text(ENREGISTRE)
    expect(dits).to_have_count(0)
    expect(page.locator('[id="K3-1-1"] textarea')).to_have_value(longs[1])
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.commentaires, grille.conflits) == ({"K3.1.1": longs[1]}, ())


def test_les_gestes_au_dela_de_trente_se_montrent_a_la_demande(live_server, context: BrowserContext, page: Page):
    salle = convocations.salle("B1", ("B1",))
    factories.remplir(salle, salle.metier)
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page, live_server, salle)
    page.get_by_role("button", name="Mes gestes").click()
    montres = page.locator("#liste-gestes li").filter(visible=True)
    expect(montres).to_have_count(30)
    page.get_by_label("Voir tous mes gestes").check()
    tous = page.locator("#liste-gestes li").count()
    assert tous > 30
    expect(montres).to_have_count(tous)
