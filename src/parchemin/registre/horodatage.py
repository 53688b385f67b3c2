"""L'horodatage RFC 3161 des lignes signées : un tiers atteste, par un jeton, que la ligne existait à telle heure.

Un jeton par ligne, dans `horodatages/<numero>.tsr`, à côté du fichier des lignes. Le réseau entre au bord : `horodater`
reçoit la fonction qui porte la demande (`demander_par_http` en service).
"""

from __future__ import annotations

import hashlib
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from parchemin.registre import lignes
from parchemin.socle.refus import Refus

DOSSIER = "horodatages"
DELAI_SECONDES = 20
TAILLE_MAXIMALE = 1_000_000

type Demander = Callable[[bytes], bytes]
"""Porte une demande (TimeStampReq, DER) au service et rend sa réponse (TimeStampResp, DER)."""


class JetonRefuse(ValueError):
    """Un jeton ne prouve rien pour cette ligne."""


def demander_par_http(adresse: str) -> Demander:
    """La fonction qui porte les demandes à un service RFC 3161 par HTTP(S) (RFC 3161, §3.4).

    Elle lève `Refus("horodatage_injoignable")` si le service ne répond pas.
    """

    def demander(demande: bytes) -> bytes:
        requete = urllib.request.Request(  # noqa: S310 (l'adresse vient des réglages de l'installation)
            adresse, data=demande, headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(requete, timeout=DELAI_SECONDES) as reponse:  # noqa: S310
                contenu: bytes = reponse.read(TAILLE_MAXIMALE)
                return contenu
        except (OSError, urllib.error.URLError) as erreur:
            raise Refus(
                "horodatage_injoignable",
                f"Le service d'horodatage « {adresse} » n'a pas répondu ({erreur}). La ligne signée reste valable : "
                "son jeton sera redemandé au prochain relevé.",
                conserve="La ligne signée est écrite.",
            ) from erreur

    return demander


def jeton(dossier: Path, numero: int) -> Path:
    """Le fichier du jeton d'une ligne (il peut ne pas exister)."""
    return dossier / DOSSIER / f"{numero:08d}.tsr"


def horodater(*, dossier: Path, demander: Demander) -> int:
    """Demande un jeton pour chaque ligne qui n'en a pas, dans l'ordre ; rend le nombre de jetons obtenus.

    Lève `Refus` : `horodatage_refuse` si la réponse n'est pas un jeton accordé pour cette ligne, et ce que lève
    `demander` ; les jetons déjà obtenus sont gardés.
    """
    with lignes.lecture(dossier) as fichier:
        toutes = [lignes.lire_ligne(octets) for octets in lignes.octets_des_lignes(fichier)] if fichier else []
    obtenus = 0
    for ligne in toutes:
        destination = jeton(dossier, ligne.numero)
        if destination.exists():
            continue
        reponse = _demander(ligne.octets, demander)
        destination.parent.mkdir(mode=0o700, exist_ok=True)
        provisoire = destination.with_name(f".{destination.name}.{os.getpid()}")
        provisoire.write_bytes(reponse)
        provisoire.rename(destination)
        obtenus += 1
    return obtenus


def _demander(octets: bytes, demander: Demander) -> bytes:
    demande = TimestampRequestBuilder().data(octets).hash_algorithm(HashAlgorithm.SHA256).build()
    reponse = demander(demande.as_bytes())
    try:
        lue = decode_timestamp_response(reponse)
        accordee = (
            lue.status == PKIStatus.GRANTED
            and lue.tst_info.message_imprint.message == hashlib.sha256(octets).digest()
            and lue.tst_info.nonce == demande.nonce
        )
    except ValueError as erreur:
        raise Refus("horodatage_refuse", "Le service d'horodatage a répondu autre chose qu'un jeton.") from erreur
    if not accordee:
        raise Refus(
            "horodatage_refuse",
            f"Le service d'horodatage n'a pas accordé de jeton pour cette ligne (état {lue.status}).",
        )
    return reponse


def verifier_jeton(reponse: bytes, octets: bytes, racines: Sequence[x509.Certificate]) -> datetime:
    """L'heure attestée par un jeton pour ces octets, signée sous l'une de ces racines. Lève `JetonRefuse`."""
    verificateur = VerifierBuilder(roots=list(racines)).build()
    try:
        lue = decode_timestamp_response(reponse)
        verificateur.verify_message(lue, octets)
    except (ValueError, VerificationError) as erreur:
        raise JetonRefuse(str(erreur)) from erreur
    return lue.tst_info.gen_time


def racines(fichier: Path) -> tuple[x509.Certificate, ...]:
    """Les certificats racines d'un fichier PEM. Lève `Refus("racines_illisibles")`."""
    try:
        return tuple(x509.load_pem_x509_certificates(fichier.read_bytes()))
    except (OSError, ValueError) as erreur:
        raise Refus("racines_illisibles", f"« {fichier} » ne contient pas de certificats PEM lisibles.") from erreur
