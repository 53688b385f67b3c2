"""La scène : une base embarquée et un serveur, que la campagne lance, tue et relance ; des épreuves légales à volonté."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen
from uuid import UUID

from mesures import sessions
from mesures.campagne.mandataire import Mandataire

if TYPE_CHECKING:
    from parchemin.embarque.postgres import Serveur as BaseEmbarquee
    from parchemin.socle.acteur import Acteur

ATTENTE = 60.0
"""Secondes au bout desquelles un serveur qui ne répond pas est une faute."""


@dataclass(frozen=True, slots=True)
class Place:
    """Un évaluateur devant sa grille d'une épreuve : là où se joue un essai."""

    epreuve: UUID
    bloc: str
    evaluateur: Acteur
    norme: str

    @property
    def grille(self) -> str:
        """L'adresse de sa page."""
        return f"/epreuves/{self.epreuve}/grille/"

    @property
    def faits(self) -> str:
        """L'adresse de l'échange."""
        return f"/epreuves/{self.epreuve}/faits"


class Scene:
    """Tout ce qui tourne. `reprises` : combien de secondes chaque chute a duré, par genre."""

    def __init__(self, dossier: Path, base: BaseEmbarquee, processus: int = 1) -> None:
        self.mandataire = Mandataire()
        self.reprises: dict[str, list[float]] = {"serveur": [], "base": []}
        self._dossier = dossier
        self._processus = str(processus)
        self._base = base
        self._serveur: subprocess.Popen[bytes] | None = None
        self._verrou = threading.Lock()
        self._places: list[Place] = []
        self._usages: list[Any] = []

    # --- le serveur ----------------------------------------------------------------------------------------------------

    def servir(self) -> None:
        """Lance un serveur sur un port neuf ; au retour, il répond à travers le mandataire."""
        with socket.socket() as prise:
            prise.bind(("127.0.0.1", 0))
            port = int(prise.getsockname()[1])
        commande = [sys.executable, "-m", "parchemin", "serveur", "--port", str(port), "--processus", self._processus]
        trace = (self._dossier / "serveur.log").open("ab")
        self._serveur = subprocess.Popen(
            commande,
            stdin=subprocess.PIPE,
            stdout=trace,
            stderr=trace,
            env=os.environ | {"PARCHEMIN_SUIVRE_LE_PARENT": "1"},
            start_new_session=True,
        )
        trace.close()
        _attendre(f"http://127.0.0.1:{port}/connexion/login/")
        self.mandataire.amont = port

    def tuer_le_serveur(self) -> float:
        """SIGKILL au serveur et aux siens, puis un neuf ; rend les secondes sans service."""
        with self._verrou:
            depart = time.monotonic()
            self.arreter(signal.SIGKILL)
            self.servir()
            self.reprises["serveur"].append(time.monotonic() - depart)
            return self.reprises["serveur"][-1]

    def arreter(self, signe: signal.Signals = signal.SIGTERM) -> None:
        """Arrête le serveur, ses enfants compris."""
        if self._serveur is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._serveur.pid, signe)
        try:
            self._serveur.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self._serveur.pid, signal.SIGKILL)
            self._serveur.wait()
        if self._serveur.stdin is not None:
            self._serveur.stdin.close()
        self._serveur = None

    # --- la base -------------------------------------------------------------------------------------------------------

    def redemarrer_la_base(self) -> float:
        """Arrêt immédiat de PostgreSQL (toutes les connexions tombent), puis retour ; rend les secondes sans base."""
        with self._verrou:
            depart = time.monotonic()
            pid = int((self._base.donnees / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGQUIT)
            while Path(f"/proc/{pid}").exists() and time.monotonic() - depart < ATTENTE:
                time.sleep(0.01)
            self._usages.append(self._base.entrer())
            _attendre(f"http://127.0.0.1:{self.mandataire.amont}/connexion/login/")
            self.reprises["base"].append(time.monotonic() - depart)
            return self.reprises["base"][-1]

    @staticmethod
    def oublier_les_connexions() -> None:
        """Ce processus rouvrira ses connexions : à appeler de son fil principal, après une chute de la base."""
        from django.db import connection

        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()

    # --- les épreuves --------------------------------------------------------------------------------------------------

    def place(self, bloc: str) -> Place:
        """Une grille vierge de ce bloc. Une épreuve en donne deux, une par évaluateur : jamais la même deux fois."""
        for place in self._places:
            if place.bloc == bloc:
                self._places.remove(place)
                return place
        from parchemin.comptes.tests import factories as comptes
        from parchemin.convocations.selectors import epreuve_par_id
        from parchemin.convocations.tests import factories as convocations
        from parchemin.socle.acteur import SYSTEME

        salle = convocations.salle(bloc)
        norme = epreuve_par_id(SYSTEME, salle.epreuve).norme
        for evaluateur in (salle.metier, salle.certificateur):
            comptes.compte(evaluateur)
        self._places.append(Place(salle.epreuve, bloc, salle.certificateur, norme))
        return Place(salle.epreuve, bloc, salle.metier, norme)

    # --- les sessions --------------------------------------------------------------------------------------------------

    @staticmethod
    def connecter(evaluateur: Acteur) -> str:
        """Une session ouverte, second facteur compris ; rend la valeur de son cookie."""
        from parchemin.comptes.models import Compte

        return sessions.ouvrir(Compte.objects.get(personne_id=evaluateur.id))

    @staticmethod
    def expirer(cookie: str) -> None:
        """La session n'existe plus côté serveur."""
        from django.contrib.sessions.backends.db import SessionStore

        SessionStore(cookie).delete()

    @property
    def nom_du_cookie(self) -> str:
        """Le nom du cookie de session."""
        from django.conf import settings

        return str(settings.SESSION_COOKIE_NAME)

    def fermer(self) -> None:
        """Arrête tout."""
        self.arreter()
        self.mandataire.fermer()
        self.oublier_les_connexions()
        for usage in self._usages:
            usage.rendre()


@contextmanager
def scene(processus: int = 1) -> Iterator[Scene]:
    """Le temps du bloc, une base neuve et un serveur, dans un dossier à eux."""
    with tempfile.TemporaryDirectory(prefix="parchemin-campagne-", ignore_cleanup_errors=True) as nom:
        os.environ |= {"PARCHEMIN_DONNEES": nom, "PARCHEMIN_ENV": "demo", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
        os.environ.pop("DATABASE_URL", None)
        from parchemin.commandes import environnement
        from parchemin.embarque.postgres import Serveur

        logging.disable(logging.INFO)

        with environnement.base():
            environnement.preparer_django()
            environnement.migrer()
            environnement.publier_referentiel()
            montee = Scene(Path(nom), Serveur(Path(nom)), processus)
            try:
                montee.servir()
                yield montee
            finally:
                montee.fermer()


def _attendre(adresse: str) -> None:
    limite = time.monotonic() + ATTENTE
    while time.monotonic() < limite:
        try:
            with urlopen(adresse, timeout=5):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"{adresse} ne répond pas en {ATTENTE:.0f} s")
