"""L'examen complet : un seul instantané de la base, lu au fil de curseurs, la mémoire plate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction

from parchemin.registre import lignes
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.chaines import examiner_chaines
from parchemin.registre.verification.compte import Compte
from parchemin.registre.verification.lignes_signees import Ancres, examiner_jetons, examiner_lignes
from parchemin.registre.verification.scelles import examiner_oublies
from parchemin.registre.verification.valeurs import examiner_valeurs


@dataclass(frozen=True, slots=True)
class Rapport:
    """Ce qui a été examiné, et ce qui a été trouvé."""

    anomalies: tuple[Anomalie, ...]
    chaines: int
    entrees: int
    scelles: int
    derniere_ligne: lignes.Ligne | None
    derniere_horodatee: int | None


def verifier(dossier: Path, cles_publiques: Sequence[Ed25519PublicKey]) -> tuple[Anomalie, ...]:
    """Toutes les anomalies, dans l'ordre où on les rencontre ; voir `examiner`."""
    return examiner(dossier, cles_publiques).anomalies


def examiner(
    dossier: Path, cles_publiques: Sequence[Ed25519PublicKey], racines: Sequence[x509.Certificate] = ()
) -> Rapport:
    """Refait toutes les empreintes du journal et des lignes scellées, et les confronte aux lignes signées du dossier.

    Un fichier absent n'est une anomalie que si le journal dit qu'une ligne y fut écrite. Les jetons RFC 3161 ne sont
    vérifiés que si des certificats racines sont donnés. L'examen n'écrit rien et ne gêne aucune écriture.
    """
    ancres, compte = Ancres(), Compte()
    with ExitStack() as pile:
        with lignes.lecture(dossier) as fichier:
            # Le fichier est tenu (nul n'y ajoute) pendant que l'instantané de la base est pris : ils se correspondent.
            pile.enter_context(_instantane())
            octets = list(lignes.octets_des_lignes(fichier)) if fichier else []
        anomalies = [*examiner_lignes(octets, cles_publiques, ancres)]
        if racines:
            anomalies += examiner_jetons(octets, dossier, racines, ancres)
        anomalies += examiner_chaines(ancres, compte)
        anomalies += examiner_valeurs()
        anomalies += examiner_oublies()
    return Rapport(
        anomalies=tuple(anomalies),
        chaines=compte.chaines,
        entrees=compte.entrees,
        scelles=compte.scelles,
        derniere_ligne=ancres.derniere,
        derniere_horodatee=ancres.horodatee,
    )


@contextmanager
def _instantane() -> Iterator[None]:
    """Une transaction en lecture seule dont toutes les requêtes voient le même moment."""
    seul = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as curseur:
        if seul:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        curseur.execute("SELECT 1")  # la première lecture prend l'instantané
        yield
