"""Un mandataire entre le client et le serveur, qui commet les fautes qu'on lui demande.

Il coupe une requête ou une réponse à l'octet près, répond lui-même (409, 500…), retarde, double, rejoue. Une faute est
armée pour une requête à venir ; sans faute armée, il ne fait que passer ce qu'il reçoit.
"""

from __future__ import annotations

import http.client
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

ECHANGE = re.compile(r"^POST /epreuves/[0-9a-f-]{36}/faits$")
ATTENTE = 30.0
"""Secondes laissées au serveur pour répondre."""
_DE_BOUT_EN_BOUT = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})


class Genre(StrEnum):
    """Ce que le mandataire fait à une requête."""

    COUPE_REQUETE = "coupe_requete"
    """Le serveur reçoit le début de la requête, puis plus rien."""
    COUPE_REPONSE = "coupe_reponse"
    """Le serveur a tout reçu et tout fait ; le client n'a que le début de la réponse."""
    RETARD = "retard"
    """Le serveur a répondu ; le client attend encore."""
    STATUT = "statut"
    """Le mandataire répond lui-même, sans rien transmettre."""
    STATUT_APRES = "statut_apres"
    """Le mandataire a transmis, puis répond une erreur à la place de la réponse."""
    DOUBLE = "double"
    """Le serveur reçoit la requête deux fois ; le client a la seconde réponse."""
    REJOUE = "rejoue"
    """Une ancienne requête repasse d'abord, comme sortie d'une file d'attente du réseau."""
    GESTE = "geste"
    """`geste()` est appelé pendant que le serveur traite (tuer le serveur, redémarrer la base)."""


@dataclass(slots=True)
class Faute:
    """Une faute armée pour la prochaine requête qui répond au motif, `fois` fois."""

    genre: Genre
    fois: int = 1
    part: float = 0.5
    """Où couper, de 0 (rien ne passe) à 1 (presque tout passe)."""
    statut: int = 500
    corps: bytes = b"<html><title>Erreur</title></html>"
    secondes: float = 0.0
    motif: re.Pattern[str] = ECHANGE
    geste: Callable[[], None] | None = None
    commises: int = field(default=0, init=False)


@dataclass(frozen=True, slots=True)
class _Requete:
    methode: str
    chemin: str
    entetes: list[tuple[str, str]]
    corps: bytes

    @property
    def trait(self) -> str:
        return f"{self.methode} {self.chemin.partition('?')[0]}"


class Mandataire:
    """Écoute sur un port à lui ; `amont` est le port du serveur du moment. Sert jusqu'à `fermer`."""

    def __init__(self) -> None:
        self.amont = 0
        self.reecrire: Callable[[str, bytes], bytes] | None = None
        """Change le corps d'une réponse GET : `(chemin, corps) -> corps` (une autre version de l'application)."""
        self._fautes: list[Faute] = []
        self._passees: list[_Requete] = []
        self._verrou = threading.Lock()
        self._ecoute = _Ecoute(("127.0.0.1", 0), _Poignee)
        self._ecoute.mandataire = self
        self.port = int(self._ecoute.server_address[1])
        threading.Thread(target=self._ecoute.serve_forever, args=(0.05,), name="mandataire", daemon=True).start()

    @property
    def adresse(self) -> str:
        """L'adresse que prennent les clients (un contexte sûr pour le navigateur)."""
        return f"http://localhost:{self.port}"

    def armer(self, faute: Faute, *, d_abord: bool = False) -> Faute:
        """La faute attend sa requête ; `d_abord` : avant celles qui attendent déjà."""
        with self._verrou:
            self._fautes.insert(0 if d_abord else len(self._fautes), faute)
        return faute

    def desarmer(self) -> None:
        """Plus aucune faute n'attend ; les anciennes requêtes sont oubliées."""
        with self._verrou:
            self._fautes.clear()
            self._passees.clear()

    def fermer(self) -> None:
        """N'écoute plus."""
        self._ecoute.shutdown()
        self._ecoute.server_close()

    # --- une requête -------------------------------------------------------------------------------------------------

    def faute_pour(self, requete: _Requete) -> Faute | None:
        """La première faute armée pour elle, décomptée."""
        with self._verrou:
            for faute in self._fautes:
                if faute.motif.match(requete.trait):
                    faute.commises += 1
                    if faute.commises >= faute.fois:
                        self._fautes.remove(faute)
                    return faute
        return None

    def traiter(self, requete: _Requete, prise: socket.socket) -> bool:
        """Passe la requête et sa réponse, faute comprise. Rend faux quand la connexion doit se fermer."""
        faute = self.faute_pour(requete)
        if faute is None:
            return self._rendre(prise, *self._passer(requete))
        match faute.genre:
            case Genre.COUPE_REQUETE:
                self._entamer(requete, faute.part)
                return False
            case Genre.COUPE_REPONSE:
                brut = _reponse(*self._passer(requete))
                prise.sendall(brut[: int(len(brut) * faute.part)])
                _rompre(prise)
                return False
            case Genre.RETARD:
                reponse = self._passer(requete)
                time.sleep(faute.secondes)
                return self._rendre(prise, *reponse)
            case Genre.STATUT | Genre.STATUT_APRES:
                if faute.genre is Genre.STATUT_APRES:
                    self._passer(requete)
                time.sleep(faute.secondes)
                return self._rendre(prise, faute.statut, [("Content-Type", "text/html")], faute.corps)
            case Genre.DOUBLE:
                self._passer(requete)
                return self._rendre(prise, *self._passer(requete))
            case Genre.REJOUE:
                with self._verrou:
                    anciennes = self._passees[-3:]
                for ancienne in reversed(anciennes):
                    self._passer(ancienne)
                return self._rendre(prise, *self._passer(requete))
            case Genre.GESTE:
                if faute.geste is not None:
                    threading.Timer(faute.secondes, faute.geste).start()
                return self._rendre(prise, *self._passer(requete))

    def _passer(self, requete: _Requete) -> tuple[int, list[tuple[str, str]], bytes]:
        """Transmet au serveur et rend sa réponse. Lève `OSError` ou `HTTPException` s'il n'en donne pas."""
        connexion = http.client.HTTPConnection("127.0.0.1", self.amont, timeout=ATTENTE)
        try:
            connexion.putrequest(requete.methode, requete.chemin, skip_host=True, skip_accept_encoding=True)
            for nom, valeur in requete.entetes:
                if nom.lower() not in _DE_BOUT_EN_BOUT:
                    connexion.putheader(nom, valeur)
            connexion.putheader("Content-Length", str(len(requete.corps)))
            connexion.putheader("Connection", "close")
            connexion.endheaders(requete.corps)
            rendu = connexion.getresponse()
            corps = rendu.read()
        finally:
            connexion.close()
        if ECHANGE.match(requete.trait):
            with self._verrou:
                self._passees.append(requete)
        if self.reecrire is not None and requete.methode == "GET":
            corps = self.reecrire(requete.chemin, corps)
        return rendu.status, rendu.getheaders(), corps

    def _entamer(self, requete: _Requete, part: float) -> None:
        """Le serveur reçoit le début, puis la ligne tombe."""
        entetes = [(nom, valeur) for nom, valeur in requete.entetes if nom.lower() not in _DE_BOUT_EN_BOUT]
        entetes.append(("Content-Length", str(len(requete.corps))))
        tete = f"{requete.methode} {requete.chemin} HTTP/1.1\r\n" + "".join(f"{n}: {v}\r\n" for n, v in entetes)
        brut = tete.encode("latin-1") + b"\r\n" + requete.corps
        with socket.create_connection(("127.0.0.1", self.amont), timeout=ATTENTE) as amont:
            amont.sendall(brut[: int(len(brut) * part)])
            _rompre(amont)

    @staticmethod
    def _rendre(prise: socket.socket, statut: int, entetes: list[tuple[str, str]], corps: bytes) -> bool:
        prise.sendall(_reponse(statut, entetes, corps))
        return True


class _Ecoute(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64
    mandataire: Mandataire

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Un client qui part, un serveur tué : c'est le métier de ce mandataire."""


class _Poignee(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    server: _Ecoute

    def handle(self) -> None:
        while (requete := self._lire()) is not None:
            try:
                if not self.server.mandataire.traiter(requete, self.connection):
                    return
            except (OSError, http.client.HTTPException):
                _rompre(self.connection)
                return

    def _lire(self) -> _Requete | None:
        premiere = self.rfile.readline(65_536)
        if not premiere.strip():
            return None
        methode, chemin, _ = premiere.decode("latin-1").split(" ", 2)
        entetes = []
        longueur = 0
        while (ligne := self.rfile.readline(65_536).decode("latin-1").rstrip("\r\n")) != "":
            nom, _, valeur = ligne.partition(":")
            entetes.append((nom, valeur.strip()))
            if nom.lower() == "content-length":
                longueur = int(valeur)
        corps = self.rfile.read(longueur)
        return None if len(corps) < longueur else _Requete(methode, chemin, entetes, corps)


def _reponse(statut: int, entetes: list[tuple[str, str]], corps: bytes) -> bytes:
    gardes = [(nom, valeur) for nom, valeur in entetes if nom.lower() not in _DE_BOUT_EN_BOUT]
    if statut not in {204, 304}:
        gardes.append(("Content-Length", str(len(corps))))
    tete = f"HTTP/1.1 {statut} {http.client.responses.get(statut, 'Statut')}\r\n"
    return (tete + "".join(f"{nom}: {valeur}\r\n" for nom, valeur in gardes) + "\r\n").encode("latin-1") + corps


def _rompre(prise: socket.socket) -> None:
    """Ferme sans politesse : l'autre bout voit une connexion rompue, pas une fin normale."""
    try:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        prise.close()
    except OSError:
        pass
