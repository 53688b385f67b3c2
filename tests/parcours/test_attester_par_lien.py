"""Attester par lien, sur un écran de téléphone : moins de dix gestes, moins de 120 mots, moins d'une minute ; au clavier aussi."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.core import mail
from playwright.sync_api import Browser, Locator
from pytest_django.live_server_helper import LiveServer

from mesures.frappe import Passage
from parchemin.carnet.selectors import carnet
from parchemin.courriels.models import Envoi
from parchemin.demonstration.selectors import lire_recit
from parchemin.demonstration.services.liens import DEMANDEES
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dossiers
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil, maintenant
from tests.parcours.conftest import composer
from tests.parcours.postes import ALaSouris, AuClavier, Poste

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.lent]

MOTS_VISIBLES = """() => {
    const page = document.body.cloneNode(true);
    document.body.after(page);
    page.querySelectorAll(".hors-vue, .evitement, script").forEach((muet) => muet.remove());
    const mots = page.innerText.split(/\\s+/).filter((mot) => /[\\p{L}\\d]/u.test(mot)).length;
    page.remove();
    return mots;
}"""
"""Les mots que l'œil lit : sans ceux réservés aux lecteurs d'écran, sans la ponctuation seule."""

GESTES_MAX, MOTS_MAX, SECONDES_MAX = 10, 120, 60


def lien(cle: str, page: str = "lien") -> str:
    """L'adresse que porte le dernier courriel reçu : composer la cohorte remet tous ses courriels."""
    recus = [m for m in mail.outbox if m.to == [lire_recit().personnes[cle].courriel] and f"/carnet/{page}/" in m.body]
    trouve = re.search(rf"/carnet/{page}/[\w-]+/", str(recus[-1].body))
    assert trouve is not None
    return trouve[0]


def code(cle: str) -> str:
    """Le code du courriel que personne n'a encore remis : il n'y a pas de worker ici."""
    envoi = Envoi.objects.get(genre="carnet.code", adresse=lire_recit().personnes[cle].courriel)
    trouve = re.search(r"(\d{3}) (\d{3})", envoi.texte)
    assert trouve is not None
    return trouve[1] + trouve[2]


class Compteur:
    """Compte ce que fait le doigt et ce que lit l'œil : tout mot visible de chaque page compte."""

    def __init__(self, poste: Poste) -> None:
        self.poste = poste
        self.gestes = self.touches = self.decisions = self.attentes = self.mots = 0

    def page(self) -> None:
        """Une page s'affiche : on l'attend, on la lit en entier."""
        self.attentes += 1
        self.mots += self.poste.page.evaluate(MOTS_VISIBLES)

    def geste(self, cible: Locator, *, page: bool = False, decision: bool = False) -> None:
        self.gestes += 1
        self.decisions += decision
        if page:
            self.poste.suivre(cible)
            self.page()
        else:
            self.poste.cocher(cible)


def attester(poste: Poste, cle: str) -> Passage:
    """De la lecture du courriel à « C'est attesté »."""
    compte = Compteur(poste)
    compte.gestes += 1  # ouvrir le lien, depuis le courriel
    poste.ouvrir(lien(cle))
    compte.page()
    compte.geste(poste.bouton("Recevoir le code"), page=True)
    compte.gestes += 1  # regarder le courriel du code, et revenir
    compte.attentes += 1
    compte.mots += 12  # son objet, que montre la notification
    compte.touches += 6
    compte.decisions += 1
    poste.ecrire(poste.champ("Code à six chiffres"), code(cle))
    compte.geste(poste.bouton("Continuer"), page=True)
    for competence in DEMANDEES:
        compte.geste(poste.page.locator(f'input[name="{competence}"][value="maitrisee"]'), decision=True)
    with poste.page.expect_navigation():
        poste.presser(poste.bouton("Attester"))
    compte.gestes += 1
    poste.regarder()
    poste.lire("C'est attesté. Merci.")
    return Passage(compte.gestes, compte.touches, compte.decisions, compte.attentes, compte.mots)


@pytest.mark.parametrize(("poste", "cle"), [(ALaSouris, "fabrice.da-silva"), (AuClavier, "gaelle.kervella")])
def test_trois_competences_au_telephone(
    live_server: LiveServer, browser: Browser, poste: type[Poste], cle: str
) -> None:
    composer()
    contexte = browser.new_context(
        locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True, reduced_motion="reduce"
    )
    qui = poste(contexte.new_page(), live_server.url)
    fait = attester(qui, cle)
    assert (fait.gestes <= GESTES_MAX, fait.mots <= MOTS_MAX, fait.secondes < SECONDES_MAX) == (True, True, True), fait
    assert (qui.bruits, qui.fautes) == ([], [])

    recit = lire_recit().personnes["camille.zoe"]
    (dossier,) = dossiers(SYSTEME, jour_civil(maintenant()), recherche=f"{recit.prenom} {recit.nom}")
    vue = carnet(SYSTEME, dossier.pk)
    assert vue is not None
    qualite = Qualite.MANAGER if cle == "fabrice.da-silva" else Qualite.TUTEUR
    assert {ligne.competence: ligne.vaut(qualite) for ligne in vue.lignes if ligne.competence in DEMANDEES} == (
        dict.fromkeys(DEMANDEES, True)
    )
    # Rejoué sur un autre appareil, le lien n'ouvre plus rien ; sans le code, il n'ouvrait rien non plus.
    autre = browser.new_context(locale="fr-FR")
    reponse = autre.request.get(live_server.url + lien(cle))
    assert (reponse.status, autre.request.get(f"{live_server.url}/carnet/lien/attester/").status) == (410, 410)
    assert settings.SESSION_COOKIE_NAME not in {biscuit["name"] for biscuit in autre.cookies()}
    autre.close()
    # Ce que le manager a répudié se relit par son lien ; rien ne s'y redit.
    qui.ouvrir(lien("fabrice.da-silva", "repudier"))
    qui.lire("C'est noté")
    assert qui.fautes == []
    contexte.close()
