"""Une démonstration toute neuve, dans un dossier à elle, servie par les mêmes processus que `./parchemin demo`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from mesures.mesure import Mesure
from mesures.processus import descendants
from mesures.visiteur import Visiteur

if TYPE_CHECKING:
    from mesures.campagne.scene import Scene

RACINE = Path(__file__).resolve().parents[1]
BUT_DEMARRAGE = 10
"""Secondes."""
ATTENTE_MAXIMALE = 60


@dataclass(frozen=True, slots=True)
class Compte:
    """Un compte de la démonstration, tel que `demo --comptes --json` le donne."""

    courriel: str
    mot_de_passe: str
    role: str
    a_voir: str
    totp: str = ""


@dataclass(frozen=True, slots=True)
class Servie:
    """La démonstration qui tourne : son adresse, son programme, ses comptes, le temps qu'elle a mis à répondre."""

    adresse: str
    pid: int
    dossier: Path
    comptes: tuple[Compte, ...]
    demarrage: Mesure

    def visiteur(self, courriel: str = "") -> Visiteur:
        """Un visiteur, connecté si un courriel est donné."""
        visiteur = Visiteur(self.adresse)
        if courriel:
            compte = next(compte for compte in self.comptes if compte.courriel == courriel)
            visiteur.se_connecter(compte.courriel, compte.mot_de_passe, compte.totp)
        return visiteur

    def serveurs(self) -> list[int]:
        """Les processus de granian : celui qui surveille, et ceux qui servent."""
        return [pid for pid, commande in descendants(self.pid).items() if commande.startswith("granian")]

    def workers(self) -> list[int]:
        """Les processus du worker."""
        return [pid for pid, commande in descendants(self.pid).items() if commande.endswith("parchemin worker")]


@contextmanager
def demonstration() -> Iterator[Servie]:
    """Prépare, puis sert, le temps du bloc. Le dossier de données de ce processus devient celui de la démonstration."""
    with tempfile.TemporaryDirectory(prefix="parchemin-mesures-") as nom:
        os.environ |= {"PARCHEMIN_DONNEES": nom, "PARCHEMIN_ENV": "demo"}
        os.environ.pop("DATABASE_URL", None)
        subprocess.run([*_commande(), "--no-serve"], check=True, stdout=subprocess.DEVNULL)
        comptes = tuple(Compte(**ligne) for ligne in _comptes())
        port = _port_libre()
        depart = perf_counter()
        with subprocess.Popen([*_commande(), "--port", str(port)], stdout=subprocess.DEVNULL) as programme:
            try:
                adresse = f"http://127.0.0.1:{port}"
                _attendre(adresse, programme)
                duree = perf_counter() - depart
                note = "déjà installé et préparé ; base, serveur et worker compris"
                mesure = Mesure(
                    "Démarrage", "de ./parchemin demo à la première page", duree, "s", BUT_DEMARRAGE, note=note
                )
                yield Servie(adresse, programme.pid, Path(nom), comptes, mesure)
            finally:
                programme.send_signal(signal.SIGTERM)
                programme.wait(timeout=ATTENTE_MAXIMALE)


@contextmanager
def en_production(servie: Servie, processus: int = 2) -> Iterator[Scene]:
    """Un second serveur, tel que `parchemin serveur` le lance, sur la base de cette démonstration."""
    from mesures.campagne.scene import Scene
    from parchemin.embarque.postgres import Serveur

    scene = Scene(servie.dossier, Serveur(servie.dossier), processus)
    try:
        scene.servir()
        yield scene
    finally:
        scene.fermer()


def _commande() -> list[str]:
    """`./parchemin demo` si cet environnement est celui qu'il a installé, à jour ; sinon le même programme sans script."""
    temoin = RACINE / ".venv" / "parchemin-installe"
    verrous = ["requirements.lock", "requirements-dev.lock", "pyproject.toml"]
    empreinte = subprocess.run(["cksum", *verrous], cwd=RACINE, capture_output=True, text=True, check=True).stdout
    if temoin.exists() and temoin.read_text().endswith(empreinte):
        return [str(RACINE / "parchemin"), "demo"]
    return [sys.executable, "-m", "parchemin", "demo"]


def _comptes() -> list[dict[str, str]]:
    lu = subprocess.run([*_commande(), "--comptes", "--json"], check=True, capture_output=True, text=True)
    comptes: list[dict[str, str]] = json.loads(lu.stdout)
    return comptes


def _attendre(adresse: str, programme: subprocess.Popen[bytes]) -> None:
    limite = perf_counter() + ATTENTE_MAXIMALE
    while perf_counter() < limite:
        if programme.poll() is not None:
            raise RuntimeError(f"la démonstration s'est arrêtée (code {programme.returncode})")
        try:
            visiteur = Visiteur(adresse)
            visiteur.suivre("/")
        except OSError:
            sleep(0.02)
        else:
            visiteur.fermer()
            return
    raise TimeoutError(f"pas de réponse en {ATTENTE_MAXIMALE} s")


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])
