"""Ce que l'on observe sur toute une compétence (la feuille de papier le demande) : cela s'écrit, se corrige, et se lit."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from moteur.faits import TEXTE_MAXIMAL
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE, fait
from parchemin.evaluation.tests.test_navigateur import ENREGISTRE, etat, gestes, ouvrir, ouvrir_session
from parchemin.socle.acteur import Acteur

OBSERVE = "Propose l'offre, puis écoute."
CIBLE = "commentaire:C3.1"


@pytest.fixture
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


a_ce_jour = pytest.mark.usefixtures("_le_jour_de_l_epreuve")


def noter(salle: Salle, qui: Acteur, texte: str = OBSERVE, cible: str = CIBLE) -> None:
    services.poser(epreuve=salle.epreuve, appareil=uuid4(), cible=cible, valeur=texte, auteur=qui, maintenant=JOUR)


def grille(salle: Salle) -> str:
    return f"/epreuves/{salle.epreuve}/grille/"


def champ(page: str) -> tuple[bool, str, bool]:
    """Ce que la grille montre de C3.1 : ouvert ou replié, son texte, figé ou non."""
    pli = re.search(r'<details[^>]*id="C3-1"[^>]*>.*?</details>', page, re.DOTALL)
    assert pli
    saisie = re.search(r"<textarea([^>]*)>(.*?)</textarea>", pli[0], re.DOTALL)
    assert saisie
    return " open" in pli[0].partition(">")[0], saisie[2].replace("&#x27;", "'"), "readonly" in saisie[1]


@a_ce_jour
@pytest.mark.django_db
def test_ce_qui_vient_du_papier_se_relit_se_corrige_et_se_scelle():
    salle = convocations.salle()
    client = comptes.client(salle.metier)
    assert champ(client.get(grille(salle)).content.decode()) == (False, "", False)
    noter(salle, salle.metier)
    assert champ(client.get(grille(salle)).content.decode()) == (True, OBSERVE, False)
    client.post(grille(salle), {CIBLE: "Écoute, puis propose.", "geste": "enregistrer"})
    factories.remplir(salle, salle.metier)
    assert champ(client.get(grille(salle)).content.decode()) == (True, "Écoute, puis propose.", False)
    factories.clore(salle, salle.metier)
    scellee = client.get(grille(salle)).content.decode()
    assert champ(scellee) == (True, "Écoute, puis propose.", True)
    assert 'id="C3-2"' not in scellee  # rien d'écrit, rien à relire
    assert json.loads(Lecture.objects.get().canonique)["commentaires"] == {"C3.1": "Écoute, puis propose."}


@a_ce_jour
@pytest.mark.django_db
def test_deux_papiers_qui_different_se_departagent_sur_la_grille():
    salle = convocations.salle()
    lot = [fait(salle, 1, CIBLE, texte, appareil=uuid4()) for texte in ("Écoute.", "Coupe la parole.")]
    services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)
    assert len(selectors.grille(salle.metier, salle.epreuve).conflits) == 1
    client = comptes.client(salle.metier)
    assert f"{grille(salle)}#C3-1" in client.get(f"/epreuves/{salle.epreuve}/clore/").content.decode()
    page = client.get(grille(salle)).content.decode()
    assert champ(page)[0]
    pli = comptes.texte(client.get(grille(salle))).partition('id="C3-1"')[2].partition("</details>")[0]
    assert "« Écoute. »" in pli
    assert "« Coupe la parole. »" in pli
    client.post(grille(salle), {CIBLE: "Écoute, puis coupe la parole."})
    courante = selectors.grille(salle.metier, salle.epreuve)
    assert (courante.conflits, courante.commentaires) == ((), {"C3.1": "Écoute, puis coupe la parole."})


@a_ce_jour
@pytest.mark.django_db
def test_ce_qui_ressemble_a_un_usager_se_signale():
    salle = convocations.salle()
    noter(salle, salle.metier, "Rappelle l'allocataire au 06 12 34 56 78.")
    pli = comptes.texte(comptes.client(salle.metier).get(grille(salle))).partition('id="C3-1"')[2]
    assert "semble porter un numéro de téléphone" in pli.partition("</details>")[0]


@a_ce_jour
@pytest.mark.django_db
def test_a_l_accord_chacun_les_lit_sous_chaque_critere_qui_differe_et_nul_autre():
    salle = convocations.salle()
    noter(salle, salle.metier, "Écoute bien.")
    noter(salle, salle.certificateur, "Récite.")
    noter(salle, salle.metier, "Rien à dire.", "commentaire:C3.2")
    factories.deux_lectures(salle, {"K3.1.1"})
    for qui, lus in ((salle.metier, 1), (salle.certificateur, 1), (salle.monde.gestionnaire, 0)):
        page = comptes.texte(comptes.client(qui).get(f"/epreuves/{salle.epreuve}/"))
        vus = [page.count(f"Faits observés, C3.1 : {texte}") for texte in ("Écoute bien.", "Récite.")]
        assert (vus, "Rien à dire." in page) == ([lus, lus], False)


@a_ce_jour
@pytest.mark.django_db
def test_qui_contresigne_les_lit_avant():
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    noter(salle, salle.metier, "Écoute bien.")
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    page = comptes.texte(comptes.client(salle.certificateur).get(f"/epreuves/{salle.epreuve}/contresigner/"))
    assert page.count("Faits observés sur toute la compétence") == 1
    assert "Écoute bien." in page


@pytest.mark.django_db
def test_le_second_regard_les_lit_et_le_gestionnaire_non():
    salle = convocations.salle()
    noter(salle, salle.metier, "Écoute bien.")
    factories.confirmee(factories.deux_lectures(salle, {"K3.2.1"}, {"K3.2.1"}))
    personne = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR)
    acte = {"epreuve": salle.epreuve, "maintenant": CLOTURE}
    services.designer_second_regard(personne=personne.id, auteur=salle.monde.gestionnaire, **acte)
    services.declarer_avant_de_lire(genre=GenreDeclare.AUCUN, auteur=personne, **acte)
    with time_machine.travel(CLOTURE, tick=False):
        lus = [
            comptes.texte(comptes.client(qui).get(f"/epreuves/{salle.epreuve}/second-regard/"))
            for qui in (personne, salle.monde.gestionnaire)
        ]
    assert ["Écoute bien." in page for page in lus] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_ils_se_tapent_se_gardent_et_suivent_l_autre_appareil(live_server, context: BrowserContext, page: Page):
    salle = convocations.salle("B3")
    ouvrir_session(context, live_server, salle.metier)
    ouvrir(page, live_server, salle)
    pli = page.locator('[id="C3-1"]')
    expect(pli.locator("textarea")).not_to_be_visible()
    pli.get_by_text("Faits observés").first.click()
    pli.locator("textarea").fill("Joint au 06 12 34 56 78.")
    expect(pli.locator(".mot-alerte")).to_contain_text("un numéro de téléphone")
    with page.expect_response("**/faits"):
        pli.locator("textarea").blur()
    expect(etat(page)).to_have_text(ENREGISTRE)
    assert gestes(salle) == [(CIBLE, "Joint au 06 12 34 56 78.")]
    page.locator('[id="K3-1-1"]').get_by_role("button", name="Validé", exact=True).focus()
    noter(salle, salle.metier, "Vu d'ailleurs.")
    page.keyboard.press("Enter")
    expect(pli.locator("textarea")).to_have_value("Vu d'ailleurs.")
    expect(pli).to_have_attribute("open", "")


@a_ce_jour
@pytest.mark.django_db
def test_une_remarque_n_admet_pas_plus_de_signes_que_le_serveur_n_en_garde():
    salle = convocations.salle()
    page = comptes.client(salle.metier).get(grille(salle)).content.decode()
    textes = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]* maxlength="(\d+)"', page))
    assert len(textes) == page.count("<textarea")
    assert {"commentaire:K3.1.1", CIBLE} <= set(textes)
    assert set(textes.values()) == {str(TEXTE_MAXIMAL)}
