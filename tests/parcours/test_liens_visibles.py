"""Ce qui se voit s'ouvre : chaque lien et chaque formulaire des pages de chaque compte de la démonstration, suivis un à un.

Un lien qui mène à un refus est une promesse que la page ne tient pas : aucun ne répond 403, 404, 405 ou 500. Un formulaire
d'envoi part tel qu'il se montre, dans une transaction annulée : il peut être refusé pour ce qu'il contient, jamais pour qui
l'envoie.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import pytest
from django.db import transaction
from django.http import SimpleCookie
from django.test import Client
from django.urls import Resolver404, resolve

from parchemin.comptes.models import Compte
from parchemin.demonstration.services import comptes

pytestmark = [pytest.mark.lent]

AILLEURS = ("/static/", "/connexion/identite/")
"""Les fichiers, et ce qui mène hors de l'application."""
FAUTES = frozenset({400, 403, 404, 405, 410, 500})
RECHERCHES = 2
"""Combien de fois suivre les mêmes critères d'une recherche, sur une même page : leurs valeurs ne changent pas les droits."""
PAGES = 25
"""Combien d'objets ouvrir par la même adresse : assez pour chaque dossier et chaque épreuve de la cohorte."""
FICHIERS = 3
"""Combien de fichiers (PDF, tableur, calendrier) ouvrir par la même adresse."""
ENVOIS = 6
"""Sur combien d'objets différents envoyer les formulaires d'une même famille (même adresse, mêmes champs)."""
_ENVOYES: set[tuple[str, str]] = set()
"""Les champs et les boutons déjà envoyés, par n'importe quel compte : chacun part au moins une fois, quelle que soit sa famille."""


TOUS = {"accueil", "mfa_index", "mes_courriels", "accessibilite", "comptes:deleguer"}
ARRIVEES: dict[str, set[str]] = {
    "administrateur": TOUS
    | {"comptes:personne", "comptes:habilitations", "comptes:importer_organismes", "journal_chaines"},
    "gestionnaire": TOUS
    | {"parcours:inscrire", "dossier", "evaluation:voir", "comptes:personne", "comptes:habilitations"},
    "candidat": TOUS | {"dossier", "carnet:voir"},
    "tuteur": TOUS | {"dossier", "carnet:attester"},
    "manager": TOUS | {"dossier", "carnet:attester"},
    "evaluateur_metier": TOUS | {"evaluation:journee", "evaluation:grille", "evaluation:voir"},
    "evaluateur_certificateur": TOUS | {"evaluation:journee", "evaluation:grille", "evaluation:voir"},
    "rh": TOUS | {"parcours:inscrire", "dossier", "comptes:personne", "comptes:organisme"},
    "jure": TOUS,
    "president_jury": TOUS,
    "auditeur": TOUS | {"journal", "journal_entree", "journal_chaines", "comptes:habilitations"},
    "dpo": TOUS | {"journal"},
}
"""Jusqu'où chacun arrive au moins : une promenade qui n'irait nulle part ne prouverait rien."""
AUTREMENT = {
    "tanguy.rouvrel@vermeille.example": TOUS | {"evaluation:journee"},
    "loic.gueguen@vermeille.example": TOUS | {"dossier", "evaluation:voir", "evaluation:resultat"},
}
"""L'un a laissé échoir son habilitation : rien ne lui est confié. L'autre vient par la VAE : il n'a pas de carnet."""


@dataclass(frozen=True, slots=True)
class Envoi:
    """Un formulaire qui envoie, tel qu'il se montre."""

    adresse: str
    champs: tuple[tuple[str, str], ...]

    @property
    def famille(self) -> tuple[frozenset[str], str]:
        """Les champs et le bouton, sans ce qu'ils désignent : les boutons de tous les critères d'une grille en sont une."""
        familles = [nom.partition(":")[0] for nom, _ in self.champs]
        return frozenset(familles), familles[-1] if familles else ""


@dataclass(slots=True)
class Page(HTMLParser):
    """Les liens et les formulaires d'une page."""

    adresse: str
    liens: list[str] = field(default_factory=list)
    envois: list[Envoi] = field(default_factory=list)
    _formulaire: dict[str, str | None] | None = None
    _champs: list[tuple[str, str]] = field(default_factory=list)
    _boutons: list[tuple[str, str]] = field(default_factory=list)
    _choix: tuple[str, bool] | None = None

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Relève un lien, ouvre un formulaire, y ajoute un champ."""
        dits = dict(attrs)
        nom, valeur = dits.get("name") or "", dits.get("value") or ""
        if tag == "a" and dits.get("href"):
            self.liens.append(urljoin(self.adresse, dits["href"] or ""))
        elif tag == "form":
            self._formulaire, self._champs, self._boutons = dits, [], []
        elif self._formulaire is None or "disabled" in dits:
            return
        elif tag == "input" and nom and dits.get("type") not in ("file", "submit"):
            if dits.get("type") not in ("checkbox", "radio") or "checked" in dits:
                self._champs.append((nom, valeur))
        elif tag == "select" and nom:
            self._choix = (nom, False)
        elif tag == "option" and self._choix is not None:
            if "selected" in dits or not self._choix[1]:
                if self._choix[1]:
                    self._champs.pop()
                self._champs.append((self._choix[0], valeur))
            self._choix = (self._choix[0], True)
        elif tag == "textarea" and nom:
            self._champs.append((nom, ""))
        elif tag == "button" and dits.get("type", "submit") == "submit":
            if dits.get("formaction"):
                self.envois.append(Envoi(urljoin(self.adresse, dits["formaction"] or ""), ()))
            self._boutons.append((nom, valeur))

    def handle_endtag(self, tag: str) -> None:
        """Ferme un formulaire : une recherche est un lien, un envoi se garde, une fois par bouton."""
        if tag == "select":
            self._choix = None
        if tag != "form" or self._formulaire is None:
            return
        cible = urljoin(self.adresse, self._formulaire.get("action") or self.adresse)
        for nom, valeur in self._boutons or [("", "")]:
            champs = [*self._champs, *([(nom, valeur)] if nom else [])]
            if (self._formulaire.get("method") or "get").lower() == "post":
                self.envois.append(Envoi(urldefrag(cible).url, tuple(champs)))
            else:
                self.liens.append(f"{cible.partition('?')[0]}?{urlencode(champs)}")
        self._formulaire = None


@dataclass(slots=True)
class Promenade:
    """Tout ce qu'un compte voit, de proche en proche depuis l'accueil."""

    client: Client
    fautes: list[str] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    envois: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    _comptes: Counter[object] = field(default_factory=Counter)
    _fichiers: set[str] = field(default_factory=set)

    def faire(self) -> None:
        """Suit tout."""
        reste = deque([("/", "l'adresse du site")])
        while reste:
            adresse, depuis = reste.popleft()
            if not self._nouvelle(adresse):
                continue
            reponse = self.client.get(adresse, follow=True)
            if reponse.status_code in FAUTES:
                self.fautes.append(f"{reponse.status_code} : {adresse}, lien de {depuis}")
                continue
            if not reponse.headers.get("Content-Type", "").startswith("text/html"):
                self._fichiers.add(_nom(adresse))
                continue
            page = Page(reponse.redirect_chain[-1][0] if reponse.redirect_chain else adresse)
            page.feed(reponse.content.decode())
            reste += [(self._ici(lien), adresse) for lien in page.liens if self._ici(lien)]
            for envoi in page.envois:
                self._envoyer(envoi, adresse)

    def _nouvelle(self, adresse: str) -> bool:
        if adresse in self.pages:
            return False
        morceaux = urlsplit(adresse)
        criteres = frozenset(nom for nom, valeur in parse_qsl(morceaux.query) if valeur)
        if criteres:
            return self._encore((morceaux.path, criteres), RECHERCHES) and self._garder(adresse)
        nom = _nom(morceaux.path)
        return self._encore(("page", nom), FICHIERS if nom in self._fichiers else PAGES) and self._garder(adresse)

    def _encore(self, quoi: object, plafond: int) -> bool:
        self._comptes[quoi] += 1
        return self._comptes[quoi] <= plafond

    def _garder(self, adresse: str) -> bool:
        self.pages.add(adresse)
        return True

    def _ici(self, lien: str) -> str:
        """Le chemin, ou rien si le lien sort de l'application ou désigne un fichier."""
        morceaux = urlsplit(urldefrag(lien).url)
        if morceaux.scheme or morceaux.netloc or morceaux.path.startswith(AILLEURS):
            return ""
        return morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")

    def _envoyer(self, envoi: Envoi, depuis: str) -> None:
        chemin = self._ici(envoi.adresse)
        cle = (chemin, tuple(nom for nom, _ in envoi.champs))
        if not chemin or cle in self.envois:
            return
        noms = {(_nom(chemin), nom) for nom in cle[1]}
        if noms <= _ENVOYES and not (
            self._encore(("objet", chemin, envoi.famille), 1)
            and self._encore(("envoi", _nom(chemin), envoi.famille), ENVOIS)
        ):
            return
        _ENVOYES.update(noms)
        self.envois.add(cle)
        temoins = SimpleCookie(self.client.cookies.output(header="", sep=";"))
        with transaction.atomic():
            corps: dict[str, list[str]] = {}
            for nom, valeur in envoi.champs:
                corps.setdefault(nom, []).append(valeur)
            reponse = self.client.post(chemin, corps)
            transaction.set_rollback(True)
        self.client.cookies = temoins
        if reponse.status_code in FAUTES:
            self.fautes.append(f"{reponse.status_code} : envoi à {chemin}, formulaire de {depuis}")


def _nom(chemin: str) -> str:
    """Le nom d'une adresse, ou elle-même si l'application n'en a pas de telle."""
    try:
        return resolve(urlsplit(chemin).path).view_name
    except Resolver404:
        return chemin


@pytest.mark.parametrize("compte", comptes(), ids=lambda compte: compte["courriel"])
def test_aucun_lien_visible_ne_se_refuse(compte: dict[str, str], cohorte_du_module: object) -> None:
    client = Client()
    client.force_login(Compte.objects.get(courriel=compte["courriel"]))
    promenade = Promenade(client)
    promenade.faire()
    assert promenade.fautes == [], "\n".join(promenade.fautes)
    vues = {_nom(page) for page in promenade.pages}
    assert AUTREMENT.get(compte["courriel"], ARRIVEES[compte["role"]]) <= vues
