"""Quelqu'un devant un navigateur : à la souris, ou au clavier seul. Les mêmes gestes, sur les mêmes mots de la page."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from mesures.codes import code_du_moment
from parchemin.comptes.tests import factories as comptes

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage

    from parchemin.socle.acteur import Acteur

TABULATIONS_MAXIMALES = 250
"""Au-delà, un élément n'est pas atteignable au clavier."""
FORMULAIRE_A_REPRENDRE = "status of 422"
"""Un formulaire refusé répond 422 : le navigateur le note, et c'est voulu."""
DEBORDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
ECRAN = "`${innerWidth} ${matchMedia('(prefers-color-scheme: dark)').matches}`"
REPROCHES_D_AXE = """async (options) =>
  (await axe.run(options)).violations.map(({ id, nodes }) => `axe ${id} : ${nodes[0].html.slice(0, 160)}`)"""
"""Tout ce qu'axe a vu reste dans la page : n'en sort que ce qu'il reproche."""
PROPRE_A_CETTE_FOIS = re.compile(
    r'csrfmiddlewaretoken" value="\w+|nonce="[^"]*|[0-9a-f]{8}-[0-9a-f-]{27}|(?<![\w-])\d+'
)
"""Jetons, identifiants, nombres : ce qui change d'une fois à l'autre dans une page qu'axe juge pareille."""
_JUGEES: set[tuple[str, str]] = set()
"""Les pages qu'axe a déjà jugées, et l'écran où elles s'affichaient."""
A_LE_FOCUS = "element => element === document.activeElement"


class Poste:
    """Une personne, sa page. `bruits` garde ce que dit la console, `fautes` ce que voit axe, page par page.

    `avec_axe` : faux si quelqu'un d'autre passe déjà ces mêmes pages à axe.
    """

    nom: ClassVar[str]

    def __init__(self, page: Page, adresse: str, *, avec_axe: bool = True) -> None:
        self.page = page
        self._avec_axe = avec_axe
        self.bruits: list[str] = []
        self.fautes: list[str] = []
        self._adresse = adresse
        page.on("console", self._entendre)
        page.on("pageerror", lambda erreur: self.bruits.append(f"erreur : {erreur}"))

    def ouvrir(self, chemin: str) -> None:
        """Va à cette adresse, et regarde."""
        self.page.goto(self._adresse + chemin)
        self.regarder()

    def regarder(self) -> None:
        """Passe la page à axe, s'il n'a pas déjà jugé la même, et vérifie que rien n'en déborde."""
        if self._avec_axe and _est_nouvelle(self.page):
            self.fautes += [f"{self.page.url} {faute}" for faute in violations(self.page)]
        if (trop := self.page.evaluate(DEBORDE)) > 0:
            self.fautes.append(f"{self.page.url} déborde de {trop} px")

    def lire(self, texte: str) -> None:
        """La page dit ces mots."""
        expect(self.page.locator("body")).to_contain_text(_souple(texte))

    def ne_pas_lire(self, texte: str) -> None:
        """La page ne dit pas ces mots."""
        expect(self.page.locator("body")).not_to_contain_text(_souple(texte))

    def bouton(self, texte: str, rang: int = 0) -> Locator:
        """Un bouton, par son nom accessible."""
        return self.page.get_by_role("button", name=_souple(texte)).nth(rang)

    def lien(self, texte: str, rang: int = 0) -> Locator:
        """Un lien, par son nom accessible."""
        return self.page.get_by_role("link", name=_souple(texte)).nth(rang)

    def champ(self, etiquette: str, rang: int = 0) -> Locator:
        """Un champ, par son étiquette."""
        return self.page.get_by_label(_souple(etiquette)).nth(rang)

    # --- ce que chaque façon de faire définit --------------------------------------------------------------------

    def presser(self, cible: Locator) -> None:
        """Active un bouton ou un lien, sans attendre de nouvelle page."""
        raise NotImplementedError

    def ecrire(self, cible: Locator, texte: str) -> None:
        """Remplace ce que contient un champ."""
        raise NotImplementedError

    def dater(self, cible: Locator, jour: date) -> None:
        """Donne un jour à un champ de date."""
        raise NotImplementedError

    def choisir(self, cible: Locator, texte: str) -> None:
        """Choisit, dans une liste, l'option qui contient ces mots."""
        raise NotImplementedError

    def cocher(self, cible: Locator) -> None:
        """Coche une case ou un bouton radio."""
        raise NotImplementedError

    # --- ce qui en découle -----------------------------------------------------------------------------------------

    @property
    def epreuve(self) -> str:
        """L'épreuve dont cette page parle, lue dans son adresse."""
        trouvee = re.search(r"/epreuves/([0-9a-f-]{36})/", self.page.url)
        assert trouvee is not None, self.page.url
        return trouvee[1]

    def suivre(self, cible: Locator) -> None:
        """Active un bouton ou un lien qui mène à une autre page, puis la regarde."""
        with self.page.expect_navigation():
            self.presser(cible)
        self.regarder()

    def se_connecter(self, courriel: str, mot_de_passe: str, totp: str | None = None) -> None:
        """Passe la page de connexion, puis celle du second facteur si le compte en a un (`totp` : son secret)."""
        self.ouvrir("/connexion/login/")
        self.ecrire(self.champ("Adresse électronique"), courriel)
        self.ecrire(self.champ("Mot de passe"), mot_de_passe)
        self.suivre(self.bouton("Se connecter"))
        if totp:
            self.ecrire(self.champ("Code de l'application"), code_du_moment(totp))
            self.suivre(self.bouton("Continuer"))

    def entrer(self, acteur: Acteur) -> None:
        """Arrive à l'accueil, déjà connecté : ce que raconte ce parcours commence après la page de connexion."""
        cookie = comptes.client(acteur).cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": self._adresse}])
        self.ouvrir("/")

    def _entendre(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and FORMULAIRE_A_REPRENDRE not in message.text:
            self.bruits.append(f"{message.type} : {message.text}")


class ALaSouris(Poste):
    """La souris et le clavier, comme presque tout le monde."""

    nom = "à la souris"

    def presser(self, cible: Locator) -> None:
        cible.click()

    def ecrire(self, cible: Locator, texte: str) -> None:
        cible.fill(texte)
        cible.blur()

    def dater(self, cible: Locator, jour: date) -> None:
        cible.fill(jour.isoformat())

    def choisir(self, cible: Locator, texte: str) -> None:
        cible.select_option(label=_option(cible, texte))

    def cocher(self, cible: Locator) -> None:
        self.page.locator(f'label[for="{cible.get_attribute("id")}"]').click()
        expect(cible).to_be_checked()


class AuClavier(Poste):
    """Le clavier seul : chaque élément s'atteint par Tab, en se voyant, et s'active par Entrée, Espace ou les flèches."""

    nom = "au clavier seul"

    def presser(self, cible: Locator) -> None:
        self._atteindre(cible)
        self.page.keyboard.press("Enter")

    def ecrire(self, cible: Locator, texte: str) -> None:
        self._atteindre(cible)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(texte)
        self.page.keyboard.press("Tab")

    def dater(self, cible: Locator, jour: date) -> None:
        self._atteindre(cible)
        for ordre in (f"{jour:%m%d%Y}", f"{jour:%d%m%Y}"):  # celui de la langue du navigateur, pas de la page
            self.page.keyboard.type(ordre)
            if cible.input_value() == jour.isoformat():
                return
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"le jour {jour} ne s'écrit pas au clavier : {cible.input_value()}")

    def choisir(self, cible: Locator, texte: str) -> None:
        voulu = _option(cible, texte)
        self._atteindre(cible)
        self.page.keyboard.press("Home")
        for _ in range(cible.locator("option").count()):
            if cible.evaluate("liste => liste.selectedOptions[0].label.trim()") == voulu:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"« {voulu} » ne se choisit pas au clavier")

    def cocher(self, cible: Locator) -> None:
        if cible.get_attribute("type") == "radio":
            self._cocher_un_choix(cible)
        else:
            self._atteindre(cible)
            self.page.keyboard.press("Space")
        expect(cible).to_be_checked()

    def _cocher_un_choix(self, cible: Locator) -> None:
        """Dans un groupe de boutons radio, Tab entre dans le groupe, les flèches y choisissent."""
        nom, formulaire = cible.get_attribute("name"), "xpath=ancestor::form"
        groupe = cible.locator(formulaire).locator(f'input[type=radio][name="{nom}"]')
        for _ in range(TABULATIONS_MAXIMALES):
            if groupe.evaluate_all("choix => choix.includes(document.activeElement)"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"le choix « {nom} » ne s'atteint pas au clavier")
        self.page.keyboard.press("Space")
        for _ in range(groupe.count()):
            if cible.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

    def _atteindre(self, cible: Locator) -> None:
        expect(cible).to_be_visible()
        for _ in range(TABULATIONS_MAXIMALES):
            if cible.evaluate(A_LE_FOCUS):  # retrouvé à chaque pas : la page peut l'avoir remplacé depuis
                self._verifier_que_cela_se_voit(cible)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{cible} ne s'atteint pas au clavier sur {self.page.url}")

    def _verifier_que_cela_se_voit(self, cible: Locator) -> None:
        style, largeur = cible.evaluate(
            "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth] }"
        )
        assert (style == "none", largeur == "0px") == (False, False), f"le focus ne se voit pas sur {cible}"


def _est_nouvelle(page: Page) -> bool:
    html = PROPRE_A_CETTE_FOIS.sub("", page.content())
    jugee = hashlib.sha256(html.encode()).hexdigest(), page.evaluate(ECRAN)
    if jugee in _JUGEES:
        return False
    _JUGEES.add(jugee)
    return True


def violations(page: Page, *, regles: tuple[str, ...] = ()) -> list[str]:
    """Ce qu'axe reproche à la page : la règle, et où. `regles` : seulement celles-ci (toutes, sans précision)."""
    options: dict[str, object] = {"resultTypes": ["violations"]}  # axe ne détaille pas ce qui va bien
    if regles:
        options["runOnly"] = {"type": "rule", "values": list(regles)}
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    trouvees: list[str] = page.evaluate(REPROCHES_D_AXE, options)
    return trouvees


def _option(cible: Locator, texte: str) -> str:
    libelles = [libelle.strip() for libelle in cible.locator("option").all_inner_texts()]
    (trouve,) = [libelle for libelle in libelles if _souple(texte).search(libelle)]
    return trouve


def _souple(texte: str) -> re.Pattern[str]:
    """Les mots, quelles que soient leurs espaces (insécables ou non) et leur apostrophe."""
    return re.compile(r"\s+".join(re.escape(mot).replace("'", "['’]") for mot in texte.split()))
