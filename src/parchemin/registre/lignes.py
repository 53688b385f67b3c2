"""Le fichier des lignes signées : hors de la base, une ligne JSON par relevé, chaînée à la précédente.

    {"cle": …, "instant": …, "numero": n, "precedente": …, "signature": …, "tetes": {chaîne: [longueur, tête]}}

`precedente` est le SHA-256 de la ligne précédente (octets du fichier, sans le saut de ligne) ; la signature porte
sur le JSON canonique de la ligne sans sa signature.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from moteur.empreinte import canonique
from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.registre import cles
from parchemin.registre.chainage import GENESE, instant_texte

FICHIER = "tetes.jsonl"


class LigneIllisible(ValueError):
    """Une ligne du fichier n'a pas la forme attendue."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """Un relevé signé. `empreinte` : SHA-256 de ses octets ; `message` : ce que la signature couvre."""

    numero: int
    instant: str
    tetes: Mapping[str, tuple[int, str]]
    precedente: str
    cle: str
    signature: bytes
    message: bytes
    octets: bytes

    @property
    def empreinte(self) -> str:
        """SHA-256 des octets de la ligne (64 hexadécimaux)."""
        return hashlib.sha256(self.octets).hexdigest()


def lire_ligne(octets: bytes) -> Ligne:
    """La ligne de ces octets (sans saut de ligne). Lève `LigneIllisible`. Ne vérifie pas la signature."""
    try:
        brut: dict[str, Any] = json.loads(octets)
        signature = base64.b64decode(brut.pop("signature"), validate=True)
        ligne = Ligne(
            numero=brut["numero"],
            instant=brut["instant"],
            tetes={chaine: (longueur, tete) for chaine, (longueur, tete) in brut["tetes"].items()},
            precedente=brut["precedente"],
            cle=brut["cle"],
            signature=signature,
            message=canonique(brut),
            octets=octets,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, RefusMoteur) as erreur:
        raise LigneIllisible(str(erreur)) from erreur
    entiers = [ligne.numero, *(longueur for longueur, _ in ligne.tetes.values())]
    textes = [ligne.instant, ligne.precedente, ligne.cle, *(tete for _, tete in ligne.tetes.values())]
    if not all(type(n) is int for n in entiers) or not all(type(t) is str for t in textes):
        raise LigneIllisible("types inattendus")
    return ligne


def signer(
    cle: Ed25519PrivateKey, *, precedente: Ligne | None, instant: datetime, tetes: Mapping[str, tuple[int, str]]
) -> Ligne:
    """La ligne suivante, signée."""
    contenu: dict[str, Any] = {
        "numero": precedente.numero + 1 if precedente else 1,
        "instant": instant_texte(instant),
        "tetes": {chaine: [longueur, tete] for chaine, (longueur, tete) in tetes.items()},
        "precedente": precedente.empreinte if precedente else GENESE,
        "cle": cles.nom(cle.public_key()),
    }
    signature = base64.b64encode(cle.sign(canonique(contenu))).decode("ascii")
    return lire_ligne(canonique(contenu | {"signature": signature}))


def octets_des_lignes(fichier: BinaryIO) -> Iterator[bytes]:
    """Les lignes entières du fichier, sans leur saut de ligne (une dernière ligne inachevée en fait partie)."""
    fichier.seek(0)
    for brute in fichier:
        yield brute.rstrip(b"\n")


class Cahier:
    """Le fichier ouvert et verrouillé pour y ajouter une ligne."""

    def __init__(self, fichier: BinaryIO) -> None:
        self._fichier = fichier

    def derniere(self) -> Ligne | None:
        """La dernière ligne, `None` si le fichier est vide. Lève `LigneIllisible` si elle a été abîmée.

        Une dernière ligne sans saut de ligne est un ajout interrompu (son acte n'a pas été validé) : elle est ôtée.
        """
        self._fichier.seek(0)
        fin_entiere, derniere = 0, None
        for brute in self._fichier:
            if brute.endswith(b"\n"):
                fin_entiere += len(brute)
                derniere = brute
        self._fichier.truncate(fin_entiere)
        return lire_ligne(derniere.rstrip(b"\n")) if derniere is not None else None

    def ajouter(self, ligne: Ligne) -> None:
        """Ajoute la ligne et attend qu'elle soit sur le disque."""
        self._fichier.seek(0, os.SEEK_END)
        self._fichier.write(ligne.octets + b"\n")
        self._fichier.flush()
        os.fsync(self._fichier.fileno())


@contextmanager
def cahier(dossier: Path) -> Iterator[Cahier]:
    """Ouvre (crée au besoin) le fichier du dossier, seul à y écrire jusqu'à la fin du bloc."""
    dossier.mkdir(mode=0o700, parents=True, exist_ok=True)
    descripteur = os.open(dossier / FICHIER, os.O_RDWR | os.O_CREAT, 0o644)
    with os.fdopen(descripteur, "r+b") as fichier:
        fcntl.flock(fichier, fcntl.LOCK_EX)
        yield Cahier(fichier)


@contextmanager
def lecture(dossier: Path) -> Iterator[BinaryIO | None]:
    """Ouvre le fichier pour le lire pendant que nul n'y ajoute ; `None` s'il n'existe pas."""
    try:
        fichier = (dossier / FICHIER).open("rb")
    except FileNotFoundError:
        yield None
        return
    with fichier:
        fcntl.flock(fichier, fcntl.LOCK_SH)
        yield fichier
