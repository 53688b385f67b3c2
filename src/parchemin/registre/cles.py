"""La clé Ed25519 qui signe les lignes : tirée une fois, fermée aux autres comptes ; sa moitié publique se diffuse."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from parchemin.socle.refus import Refus

PRIVEE = "cle-privee.pem"
PUBLIQUE = "cle-publique.pem"
_BLOC_PEM = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


def nom(cle: Ed25519PublicKey) -> str:
    """Le nom d'une clé publique : SHA-256 de ses 32 octets (64 hexadécimaux)."""
    return hashlib.sha256(cle.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()


def cle_privee(dossier: Path) -> Ed25519PrivateKey:
    """La clé de signature du dossier, tirée au premier appel (mode 0600) avec sa moitié publique à côté.

    À appeler sous le verrou du dossier. Lève `Refus` : `cle_trop_ouverte` si d'autres comptes peuvent la lire,
    `cle_illisible` si le fichier n'est pas une clé Ed25519 sans mot de passe.
    """
    fichier = dossier / PRIVEE
    if not fichier.exists():
        nouvelle = Ed25519PrivateKey.generate()
        _ecrire_fermee(fichier, nouvelle.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    if fichier.stat().st_mode & 0o077:
        raise Refus(
            "cle_trop_ouverte",
            f"D'autres comptes peuvent lire la clé de signature « {fichier} ». Remettez-la en mode 0600, "
            "et remplacez-la si vous ne savez pas qui a pu la lire.",
        )
    try:
        cle = load_pem_private_key(fichier.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as erreur:
        raise Refus("cle_illisible", f"« {fichier} » n'est pas une clé de signature lisible.") from erreur
    if not isinstance(cle, Ed25519PrivateKey):
        raise Refus("cle_illisible", f"« {fichier} » n'est pas une clé Ed25519.")
    publique = dossier / PUBLIQUE
    if not publique.exists():
        publique.write_bytes(cle.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return cle


def cles_publiques(fichier: Path) -> tuple[Ed25519PublicKey, ...]:
    """Les clés publiques d'un fichier PEM (plusieurs à la suite si la clé a été remplacée).

    Lève `Refus` : `cle_absente` ou `cle_illisible`.
    """
    try:
        contenu = fichier.read_bytes()
    except OSError as erreur:
        raise Refus("cle_absente", f"La clé publique « {fichier} » ne se lit pas : {erreur.strerror}.") from erreur
    cles = []
    for bloc in _BLOC_PEM.findall(contenu):
        try:
            cle = load_pem_public_key(bloc)
        except (ValueError, UnsupportedAlgorithm) as erreur:
            raise Refus("cle_illisible", f"« {fichier} » contient une clé publique illisible.") from erreur
        if not isinstance(cle, Ed25519PublicKey):
            raise Refus("cle_illisible", f"« {fichier} » contient une clé qui n'est pas Ed25519.")
        cles.append(cle)
    if not cles:
        raise Refus("cle_illisible", f"« {fichier} » ne contient aucune clé publique.")
    return tuple(cles)


def signee(message: bytes, signature: bytes, nom_cle: str, cles: Sequence[Ed25519PublicKey]) -> bool:
    """Vrai si la clé de ce nom, parmi celles-ci, a signé ce message."""
    for cle in cles:
        if nom(cle) == nom_cle:
            try:
                cle.verify(signature, message)
            except InvalidSignature:
                return False
            return True
    return False


def _ecrire_fermee(fichier: Path, contenu: bytes) -> None:
    """Écrit d'un bloc un fichier que seul son propriétaire lit, sans jamais en écraser un autre."""
    provisoire = fichier.with_name(f".{fichier.name}.{os.getpid()}")
    descripteur = os.open(provisoire, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descripteur, "wb") as sortie:
            sortie.write(contenu)
            sortie.flush()
            os.fsync(sortie.fileno())
        os.link(provisoire, fichier)
    finally:
        provisoire.unlink()
