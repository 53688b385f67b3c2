"""Une tablette : Chromium et son profil, une horloge qui peut mentir, la page de la grille et les gestes qu'on y fait."""

from __future__ import annotations

import copy
import os
import re
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, BrowserContext, Playwright
from playwright.sync_api import Error as ErreurPlaywright

from mesures.processus import descendants
from parchemin.commandes import chromium

if TYPE_CHECKING:
    from mesures.campagne.scene import Place, Scene

ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage"]
ATTENTE_MS = 15_000
HORLOGE = """(() => {
  const Vraie = Date;
  let ecart = %d;
  const origine = performance.timeOrigin + ecart;  // celle d'un vrai navigateur ne bouge plus une fois la page ouverte
  globalThis.Date = class extends Vraie {
    constructor(...tout) { tout.length ? super(...tout) : super(Vraie.now() + ecart); }
    static now() { return Vraie.now() + ecart; }
  };
  Object.defineProperty(performance, "timeOrigin", { get: () => origine });
  globalThis.reglerLHorloge = (ms) => { ecart = ms; };
})()"""
COMPTER = """(magasin) => new Promise((oui, non) => {
  const demande = indexedDB.open("parchemin");
  demande.onerror = () => non(demande.error);
  demande.onsuccess = () => {
    const base = demande.result;
    if (!base.objectStoreNames.contains(magasin)) { base.close(); return oui(0); }
    const compte = base.transaction(magasin).objectStore(magasin).count();
    compte.onsuccess = () => { base.close(); oui(compte.result); };
  };
})"""


class Appareil:
    """Une tablette et la page qu'elle montre. `mortel` : son Chromium est à elle seule, et peut être tué."""

    def __init__(self, scene: Scene, place: Place, moteur: Playwright, commun: Browser, *, mortel: bool) -> None:
        self.scene = scene
        self.place = place
        self.ecart_ms = 0
        """De combien l'horloge des pages à venir ment."""
        self.morts: list[float] = []
        self._moteur = moteur
        self._profil = tempfile.mkdtemp(prefix="parchemin-profil-") if mortel else ""
        self._cookie = scene.connecter(place.evaluateur)
        self.contexte = self._lancer() if mortel else commun.new_context(locale="fr-FR", timezone_id="Europe/Paris")
        self._preparer()
        self.page = self.contexte.new_page()

    # --- naître, mourir -------------------------------------------------------------------------------------------------

    def _lancer(self) -> BrowserContext:
        return self._moteur.chromium.launch_persistent_context(
            self._profil,
            executable_path=chromium.trouver(),
            args=ARGUMENTS,
            locale="fr-FR",
            timezone_id="Europe/Paris",
        )

    def _preparer(self) -> None:
        self.contexte.set_default_timeout(ATTENTE_MS)
        self.poser_le_cookie()

    def poser_le_cookie(self) -> None:
        """Ce navigateur est connecté."""
        adresse = self.scene.mandataire.adresse
        self.contexte.add_cookies([{"name": self.scene.nom_du_cookie, "value": self._cookie, "url": adresse}])

    def expirer(self) -> None:
        """La connexion est morte au serveur ; ce navigateur ne le sait pas."""
        self.scene.expirer(self._cookie)

    def se_reconnecter(self) -> None:
        """Une nouvelle session, et un nouveau jeton CSRF : celui de la page est périmé."""
        self._cookie = self.scene.connecter(self.place.evaluateur)
        self.contexte.clear_cookies(name="csrftoken")
        self.poser_le_cookie()

    def se_deconnecter(self) -> None:
        """Par le bouton de l'accueil, en confirmant ce qu'il demande ; au retour, la page de connexion est là, entière."""
        page = self.page
        page.goto(self.scene.mandataire.adresse + "/")
        page.once("dialog", lambda dialogue: dialogue.accept())
        formulaire = page.locator("form[data-parchemin-deconnexion]").first
        formulaire.evaluate("formulaire => formulaire.requestSubmit()")
        page.wait_for_url(
            re.compile(r"/login/")
        )  # sa redirection comprise : ses cookies sont posés, nulle page n'est en route

    def dupliquer_l_onglet(self) -> Appareil:
        """Un second onglet du même navigateur, né du premier : il a reçu une copie de sa mémoire."""
        jumeau = copy.copy(self)
        with self.page.expect_popup() as attendu:
            self.page.evaluate("void open(location.href)")
        jumeau.page = attendu.value
        jumeau.morts = []
        jumeau.attendre_la_page()
        return jumeau

    def tuer_le_navigateur(self) -> float:
        """SIGKILL à Chromium, puis le même profil rouvert. Rend les secondes, de la mort à la page qui répond."""
        depart = time.monotonic()
        for pid, commande in descendants(os.getpid()).items():
            if self._profil in commande:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        with suppress(ErreurPlaywright):
            self.contexte.close()
        self.morts.append(time.monotonic())
        for verrou in Path(self._profil).glob("Singleton*"):
            verrou.unlink(missing_ok=True)
        self.contexte = self._lancer()
        self._preparer()
        self.page = self.contexte.new_page()
        self.ouvrir()
        return time.monotonic() - depart

    def tuer_l_onglet(self) -> None:
        """L'onglet disparaît sans prévenir la page ; un autre prend sa place."""
        ancien = self.page
        self.page = self.contexte.new_page()
        ancien.close(run_before_unload=False)
        self.morts.append(time.monotonic())
        self.ouvrir()

    def fermer(self) -> None:
        """Range la tablette."""
        with suppress(ErreurPlaywright):
            self.contexte.close()
        if self._profil:
            shutil.rmtree(self._profil, ignore_errors=True)

    # --- la page ----------------------------------------------------------------------------------------------------------

    def ouvrir(self) -> None:
        """Va à la grille (ou ce que le gardien en montre) et attend que la page ait retrouvé ses gestes."""
        if self.ecart_ms:
            self.page.add_init_script(HORLOGE % self.ecart_ms)
        self.page.goto(self.scene.mandataire.adresse + self.place.grille)
        self.attendre_la_page()

    def recharger(self) -> None:
        """Recharge, quoi qu'en pense la page."""
        self.page.once("dialog", lambda dialogue: dialogue.accept())
        self.page.reload()
        self.attendre_la_page()

    def attendre_la_page(self) -> None:
        """La grille est là, ses scripts ont parlé une première fois, et le gardien veille."""
        self.page.locator("form[data-parchemin-grille]").wait_for()
        self.page.locator("[data-parchemin-etat]").filter(has_not_text="Tout est enregistré").wait_for()

    def attendre_le_gardien(self) -> None:
        """La grille est gardée dans le coffre, et le gardien tient cette page."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        limite = time.monotonic() + ATTENTE_MS / 1000
        while time.monotonic() < limite:
            if self.compter("pages") and self.page.evaluate("Boolean(navigator.serviceWorker.controller)"):
                return
            self.page.wait_for_timeout(20)
        raise TimeoutError("le gardien ne tient pas la page")

    @property
    def etat(self) -> str:
        """Ce que dit la page de ses gestes."""
        return self.page.locator("[data-parchemin-etat]").inner_text()

    def compter(self, magasin: str) -> int:
        """Combien de lignes dans ce magasin de la réserve."""
        return int(self.page.evaluate(COMPTER, magasin))

    def reveiller(self) -> None:
        """La personne revient à la page."""
        self.page.evaluate("dispatchEvent(new Event('focus'))")

    def regler_l_horloge(self, ecart_ms: int) -> None:
        """L'horloge saute, page ouverte."""
        self.page.evaluate("(ms) => reglerLHorloge(ms)", ecart_ms)

    def saturer(self, octets: int | None) -> None:
        """Le vrai quota du navigateur pour ce site, en octets ; `None` : celui d'origine."""
        cdp = self.contexte.new_cdp_session(self.page)
        quota = {} if octets is None else {"quotaSize": octets}
        cdp.send("Storage.overrideQuotaForOrigin", {"origin": self.scene.mandataire.adresse} | quota)

    def couper(self) -> None:
        """Plus rien ne sort de cette tablette vers l'échange, page comprise."""
        self.contexte.set_offline(True)

    def retablir(self) -> None:
        """Le réseau revient."""
        self.contexte.set_offline(False)

    # --- les gestes --------------------------------------------------------------------------------------------------------

    def trancher(self, critere: str, valeur: str) -> None:
        """Un critère."""
        self.page.locator(f'button[name="critere:{critere}"][value="{valeur}"]').click()

    def remarquer(self, critere: str, texte: str) -> None:
        """Une remarque, que l'on quitte aussitôt."""
        bloc = self.page.locator(f'[id="{critere.replace(".", "-")}"]')
        zone = bloc.locator("textarea")
        if not zone.is_visible():
            bloc.locator("summary").click()
        zone.fill(texte)
        zone.blur()

    def etape(self, cible: str) -> None:
        """Commencer ou finir une phase, par le bouton du haut."""
        self.page.locator(f'button[name="{cible}"]').first.click()

    def entretien(self) -> None:
        """Un entretien de plus."""
        self.page.locator('button[name="geste"][value="entretien"]').click()

    def choix(self) -> dict[str, str]:
        """Ce que l'écran montre : la valeur pressée de chaque critère."""
        lus: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("button[name^='critere:'][aria-pressed=true]")]
                 .map((bouton) => [bouton.name, bouton.value]))"""
        )
        return lus

    def remarques(self) -> dict[str, str]:
        """Ce que l'écran montre : chaque remarque non vide."""
        lues: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("textarea[name^='commentaire:']")]
                 .filter(({ value }) => value).map(({ name, value }) => [name, value]))"""
        )
        return lues
