"""Un visiteur HTTP minimal : une connexion gardée ouverte, ses témoins (cookies), son jeton CSRF."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from mesures.codes import code_du_moment

CONNEXION = "/connexion/login/"
SECOND_FACTEUR = "/connexion/second-facteur/code/"
REDIRECTIONS = frozenset({301, 302, 303, 307, 308})
_JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Reponse:
    """Ce que le serveur a rendu, et en combien de secondes."""

    statut: int
    entetes: http.client.HTTPMessage
    corps: bytes
    secondes: float

    @property
    def texte(self) -> str:
        """Le corps, en texte."""
        return self.corps.decode()

    def liens(self, motif: str) -> list[str]:
        """Les adresses de la page (`href`, `action`) qui répondent entièrement au motif, sans doublon, en ordre."""
        trouves = re.findall(r'(?:href|action|src)="([^"]+)"', self.texte)
        return list(dict.fromkeys(lien for lien in trouves if re.fullmatch(motif, lien)))


class Visiteur:
    """Une personne et son navigateur, sans navigateur."""

    def __init__(self, adresse: str) -> None:
        self._hote = urlsplit(adresse).netloc
        self._origine = adresse.rstrip("/")
        self._connexion = http.client.HTTPConnection(self._hote, timeout=30)
        self._temoins: dict[str, str] = {}

    def lire(self, chemin: str) -> Reponse:
        """GET, sans suivre de redirection."""
        return self._demander("GET", chemin)

    def suivre(self, chemin: str) -> Reponse:
        """GET, en suivant les redirections. Lève `AssertionError` si la page n'est pas rendue (200)."""
        reponse = self.lire(chemin)
        while reponse.statut in REDIRECTIONS:
            reponse = self.lire(reponse.entetes["Location"])
        if reponse.statut != 200:
            raise AssertionError(f"{chemin} : réponse {reponse.statut}")
        return reponse

    def envoyer(self, chemin: str, corps: bytes, genre: str = "application/x-www-form-urlencoded") -> Reponse:
        """POST, avec le jeton CSRF."""
        entetes = {"Content-Type": genre, "X-CSRFToken": self._temoins.get("csrftoken", ""), "Origin": self._origine}
        return self._demander("POST", chemin, corps, entetes)

    def se_connecter(self, courriel: str, mot_de_passe: str, totp: str = "") -> tuple[Reponse, ...]:
        """Passe la page de connexion, et celle du second facteur si `totp` (son secret) est donné.

        Rend les réponses aux envois. Lève `AssertionError` si l'une refuse.
        """
        etapes = [(CONNEXION, {"login": courriel, "password": mot_de_passe})]
        if totp:
            etapes.append((SECOND_FACTEUR, {"code": code_du_moment(totp)}))
        reponses = []
        for page, champs in etapes:
            jeton = _JETON.search(self.suivre(page).texte)
            if jeton is None:
                raise AssertionError(f"{page} n'a pas de jeton CSRF")
            reponse = self.envoyer(page, urlencode(champs | {"csrfmiddlewaretoken": jeton[1]}).encode())
            if reponse.statut not in REDIRECTIONS:
                raise AssertionError(f"connexion refusée à {courriel} : réponse {reponse.statut} de {page}")
            reponses.append(reponse)
        return tuple(reponses)

    def fermer(self) -> None:
        """Ferme la connexion."""
        self._connexion.close()

    def _demander(
        self, methode: str, chemin: str, corps: bytes | None = None, entetes: dict[str, str] | None = None
    ) -> Reponse:
        tous = {"Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self._temoins.items())} | (entetes or {})
        depart = perf_counter()
        self._connexion.request(methode, chemin, corps, tous)
        rendu = self._connexion.getresponse()
        contenu = rendu.read()
        secondes = perf_counter() - depart
        for ligne in rendu.headers.get_all("Set-Cookie") or ():
            for nom, temoin in SimpleCookie(ligne).items():
                self._temoins[nom] = temoin.value
        return Reponse(rendu.status, rendu.headers, contenu, secondes)
