"""Des verrous que le système rend de lui-même quand un processus meurt (`flock`)."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parchemin.embarque.erreurs import EmbarqueImpossible


class Verrou:
    """Un fichier-verrou ouvert : partagé (les usagers) ou exclusif (qui démarre, qui arrête)."""

    def __init__(self, fichier: Path) -> None:
        self.fichier = fichier
        try:
            self._descripteur = os.open(fichier, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as erreur:
            raise EmbarqueImpossible(
                "dossier_interdit",
                f"Impossible d'ouvrir le verrou « {fichier} » : {erreur.strerror}.",
            ) from erreur

    def essayer(self, *, exclusif: bool) -> bool:
        """Prend le verrou s'il est libre ; un essai manqué rend aussi la part que l'on tenait."""
        try:
            fcntl.flock(
                self._descripteur,
                (fcntl.LOCK_EX if exclusif else fcntl.LOCK_SH) | fcntl.LOCK_NB,
            )
        except OSError as erreur:
            if erreur.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return False
            raise EmbarqueImpossible(
                "verrou_pris",
                f"Le verrou « {self.fichier} » ne peut pas être pris : {erreur.strerror}.",
            ) from erreur
        return True

    def attendre(self, *, exclusif: bool, secondes: float) -> None:
        """Prend le verrou, en attendant au plus `secondes`. Lève `EmbarqueImpossible("verrou_pris")`."""
        limite = time.monotonic() + secondes
        while not self.essayer(exclusif=exclusif):
            if time.monotonic() >= limite:
                tenu = self.fichier.read_text(encoding="ascii", errors="replace").strip()
                qui = f" (processus {tenu})" if tenu.isdigit() else ""
                raise EmbarqueImpossible(
                    "verrou_pris",
                    f"Un autre programme Parchemin{qui} démarre ou arrête la base de ce dossier depuis plus de "
                    f"{secondes:.0f} secondes : verrou « {self.fichier} ». Attendez qu'il finisse, ou arrêtez-le.",
                )
            time.sleep(0.02)
        if exclusif:
            os.ftruncate(self._descripteur, 0)
            os.pwrite(self._descripteur, str(os.getpid()).encode("ascii"), 0)

    def rendre(self) -> None:
        """Rend le verrou et ferme le fichier."""
        os.close(self._descripteur)


@contextmanager
def exclusif(fichier: Path, *, secondes: float) -> Iterator[None]:
    """Le temps d'un bloc, être seul. Lève `EmbarqueImpossible("verrou_pris")`."""
    verrou = Verrou(fichier)
    try:
        verrou.attendre(exclusif=True, secondes=secondes)
        yield
    finally:
        verrou.rendre()
