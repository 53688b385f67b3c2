"""Sous quelle identité lancer PostgreSQL, qui refuse le compte « root ».

Sans être root : soi-même. En root : un espace de noms d'utilisateurs où root porte un autre numéro (rien à créer,
aucun propriétaire à changer, les dossiers fermés aux autres comptes restent lisibles) ; là où le système le refuse,
un compte existant, à qui le dossier de la base est donné.
"""

from __future__ import annotations

import functools
import os
import pwd
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from parchemin.embarque.erreurs import EmbarqueImpossible

COMPTES_DE_REPLI = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Identite:
    """L'identité des processus de PostgreSQL ; `uid` est le propriétaire de leurs fichiers, vu d'ici."""

    uid: int
    gid: int
    avant: Callable[[], None] | None = None
    change_de_compte: bool = False

    def lancer(self, commande: Sequence[str | Path], *, sortie: IO[Any] | int) -> int:
        """Lance une commande sous cette identité, à l'abri du Ctrl-C du terminal, et rend son code de sortie."""
        return self._lancer(commande, sortie=sortie, erreur=subprocess.STDOUT).returncode

    def detacher(self, commande: Sequence[str | Path], *, trace: IO[Any]) -> int:
        """Lance une commande qui nous survivra, sa sortie dans `trace`, et rend son numéro de processus.

        Un sh s'interpose et finit aussitôt : le processus n'est l'enfant de personne ici. Les mots lui sont passés tels
        quels, sans qu'aucun signe d'un chemin (« $ », guillemets) ne soit lu comme du sh.
        """
        relais = ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", *commande]
        fait = self._lancer(relais, sortie=subprocess.PIPE, erreur=trace)
        return int(fait.stdout)

    def _lancer(
        self, commande: Sequence[str | Path], *, sortie: IO[Any] | int, erreur: IO[Any] | int
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(mot) for mot in commande],
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=erreur,
            cwd="/",
            env=environnement(),
            start_new_session=True,
            preexec_fn=self.avant,
            check=False,
            user=self.uid if self.change_de_compte else None,
            group=self.gid if self.change_de_compte else None,
            extra_groups=[] if self.change_de_compte else None,
        )


def environnement() -> dict[str, str]:
    """L'environnement sans les réglages `PG*` de l'appelant, qui changeraient le port, la base ou les options."""
    return {nom: valeur for nom, valeur in os.environ.items() if not nom.startswith("PG")} | {"LC_ALL": "C"}


def choisir(racine: Path, *, base: Path, binaire: Path) -> Identite:
    """L'identité qui convient à la base, selon son propriétaire et ce que le système permet.

    `racine` est le dossier donné au compte de repli s'il en faut un. Lève `EmbarqueImpossible("compte_impossible")`.
    """
    if os.geteuid() != 0:
        return Identite(os.geteuid(), os.getegid())
    proprietaire = base.stat().st_uid
    if proprietaire == 0 and espace_de_noms_permis():
        return Identite(0, 0, avant=devenir_quelqu_un)
    return _repli(racine, proprietaire, binaire)


def devenir_quelqu_un() -> None:
    """Dans le processus enfant : root devient « nobody » à ses propres yeux, et reste root pour ses fichiers."""
    personne = pwd.getpwnam("nobody")
    os.unshare(os.CLONE_NEWUSER)  # type: ignore[attr-defined,unused-ignore]  # Linux seulement
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{personne.pw_uid} 0 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{personne.pw_gid} 0 1", encoding="ascii")


@functools.cache
def espace_de_noms_permis() -> bool:
    """Vrai si le système accorde un espace de noms d'utilisateurs (beaucoup de conteneurs le refusent)."""
    if not hasattr(os, "unshare"):
        return False
    try:
        return Identite(0, 0, avant=devenir_quelqu_un).lancer(["/bin/sh", "-c", ":"], sortie=subprocess.DEVNULL) == 0
    except (OSError, subprocess.SubprocessError):
        return False


def _repli(racine: Path, proprietaire: int, binaire: Path) -> Identite:
    compte = pwd.getpwuid(proprietaire) if proprietaire else _compte_de_repli()
    identite = Identite(compte.pw_uid, compte.pw_gid, change_de_compte=True)
    if not proprietaire:
        for fichier in (racine, *racine.rglob("*")):
            os.chown(fichier, compte.pw_uid, compte.pw_gid, follow_symlinks=False)
    for chemin, drapeau in ((binaire, "-x"), (racine, "-w")):
        if identite.lancer(
            ["/bin/sh", "-c", f'test {drapeau} "$1"', "sh", chemin],
            sortie=subprocess.DEVNULL,
        ):
            raise EmbarqueImpossible(
                "compte_impossible",
                f"PostgreSQL refuse de tourner en root, et le compte « {compte.pw_name} » n'atteint pas « {chemin} ». "
                "Lancez Parchemin avec un compte ordinaire, ou placez-le (et PARCHEMIN_DONNEES) sous un dossier "
                "ouvert à ce compte, par exemple /var/lib/parchemin.",
            )
    return identite


def _compte_de_repli() -> pwd.struct_passwd:
    for nom in COMPTES_DE_REPLI:
        try:
            return pwd.getpwnam(nom)
        except KeyError:
            continue
    raise EmbarqueImpossible(
        "compte_impossible",
        "PostgreSQL refuse de tourner en root et aucun compte ordinaire n'existe ici. "
        "Créez-en un, ou lancez Parchemin sans être root.",
    )
