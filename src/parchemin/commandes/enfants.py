"""Les processus que `demo` lance : nés ensemble, arrêtés ensemble, même si `demo` est tué."""

from __future__ import annotations

import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

POLITESSE = 1.5
"""Le temps, en secondes, laissé à un enfant pour finir avant d'être tué."""


class Enfants:
    """Un groupe de processus ; en sortant du bloc, tous sont arrêtés.

    Chacun est à l'abri du Ctrl-C du terminal (c'est `demo` qui l'arrête) et garde notre bout de son entrée standard :
    si nous disparaissons, elle se ferme et il s'arrête (voir `environnement.suivre_le_parent`).
    """

    def __init__(self) -> None:
        self._enfants: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, genre: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.arreter()

    def lancer(self, nom: str, commande: Sequence[str]) -> None:
        """Lance un enfant ; sa sortie va sur notre erreur standard."""
        self._enfants[nom] = subprocess.Popen(
            commande,
            stdin=subprocess.PIPE,
            stdout=2,
            env=os.environ | {"PARCHEMIN_SUIVRE_LE_PARENT": "1"},
            start_new_session=True,
        )

    def attendre_page(self, adresse: str, *, secondes: float = 60.0) -> bool:
        """Vrai quand l'adresse répond (n'importe quoi) ; faux si un enfant finit avant, ou au bout du temps."""
        limite = time.monotonic() + secondes
        while time.monotonic() < limite and self._fini() is None:
            try:
                urllib.request.urlopen(adresse, timeout=secondes).close()  # noqa: S310 : notre propre serveur
            except urllib.error.HTTPError:
                return True
            except OSError:
                time.sleep(0.05)
            else:
                return True
        return False

    def attendre_une_fin(self) -> str:
        """Attend qu'un enfant finisse de lui-même, et rend son nom."""
        while (nom := self._fini()) is None:
            time.sleep(0.2)
        return nom

    def arreter(self) -> None:
        """Demande à tous de finir, les attend un peu, puis tue ceux qui restent."""
        for enfant in self._enfants.values():
            enfant.terminate()
        limite = time.monotonic() + POLITESSE
        for enfant in self._enfants.values():
            try:
                enfant.wait(max(0.0, limite - time.monotonic()))
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(enfant.pid, signal.SIGKILL)  # lui et les siens : chacun mène son propre groupe
                enfant.wait()
            if enfant.stdin is not None:
                enfant.stdin.close()
        self._enfants.clear()

    def _fini(self) -> str | None:
        return next((nom for nom, enfant in self._enfants.items() if enfant.poll() is not None), None)
