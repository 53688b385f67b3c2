"""`parchemin journal verifier|relever|cle` : vérifier les chaînes, signer leurs têtes, montrer la clé publique."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from parchemin.registre.verification import Rapport

USAGE = """usage : parchemin journal verifier [--dossier DOSSIER] [--cle-publique FICHIER] [--racines FICHIER]
        parchemin journal relever  [--dossier DOSSIER]
        parchemin journal cle      [--dossier DOSSIER]

verifier  refait toutes les empreintes du journal et relit chaque ligne scellée, puis les confronte aux lignes signées.
relever   signe maintenant les têtes de toutes les chaînes (le worker le fait chaque nuit).
cle       écrit la clé publique, à garder ailleurs que sur cette machine.

--dossier       le dossier des lignes signées ; sans lui, « journal » dans le dossier de données
--cle-publique  les clés publiques de confiance (PEM) ; sans elle, celle du dossier, qui vaut ce que vaut le dossier
--racines       les certificats du service d'horodatage (PEM) ; avec eux, les jetons RFC 3161 sont vérifiés

Sortie : 0, rien à redire ; 1, chaque endroit rompu, un par ligne ; 2, la commande est mal écrite, ou un fichier
ou la base ne s'ouvre pas.
"""


class _MalEcrite(Exception):
    """Les mots de la commande ne conviennent pas."""


class _Mots(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _MalEcrite


def executer(argv: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Exécute la commande : `argv` sont les mots qui suivent « journal ». Rend le code de sortie."""
    if any(mot in {"-h", "--help", "--aide"} for mot in argv):
        sortie.write(USAGE)
        return 0
    mots = _Mots(add_help=False, allow_abbrev=False)
    mots.add_argument("verbe", choices=["verifier", "relever", "cle"])
    mots.add_argument("--dossier", type=Path)
    mots.add_argument("--cle-publique", type=Path)
    mots.add_argument("--racines", type=Path)
    try:
        choix = mots.parse_args(argv)
    except _MalEcrite:
        erreur.write(USAGE)
        return 2
    if choix.verbe != "verifier" and (choix.cle_publique or choix.racines):
        erreur.write(USAGE)
        return 2
    return _dans_django(choix, sortie, erreur)


def _dans_django(choix: argparse.Namespace, sortie: TextIO, erreur: TextIO) -> int:
    from django.db import OperationalError

    from parchemin.embarque.erreurs import EmbarqueImpossible
    from parchemin.socle.refus import Refus

    try:
        with _base():
            from parchemin.registre.tasks import dossier_journal

            dossier = choix.dossier or dossier_journal()
            if choix.verbe == "cle":
                return _cle(dossier, sortie)
            if choix.verbe == "relever":
                return _relever(dossier, sortie)
            return _verifier(dossier, choix.cle_publique, choix.racines, sortie, erreur)
    except (Refus, EmbarqueImpossible) as refus:
        erreur.write(f"{refus}\n")
    except OperationalError:
        erreur.write("La base ne répond pas : le journal n'a pas été lu.\n")
    return 2


def _cle(dossier: Path, sortie: TextIO) -> int:
    from parchemin.registre import cles, lignes

    with lignes.cahier(dossier):
        cles.cle_privee(dossier)
    sortie.write((dossier / cles.PUBLIQUE).read_text(encoding="ascii"))
    return 0


def _relever(dossier: Path, sortie: TextIO) -> int:
    from parchemin.registre.services import relever_tetes
    from parchemin.socle import horloge

    ligne = relever_tetes(maintenant=horloge.maintenant(), dossier=dossier)
    sortie.write(f"Ligne n° {ligne.numero} signée : {_chaines(len(ligne.tetes))}. Empreinte {ligne.empreinte}\n")
    return 0


def _verifier(dossier: Path, cle_publique: Path | None, racines: Path | None, sortie: TextIO, erreur: TextIO) -> int:
    from parchemin.registre import cles, horodatage
    from parchemin.registre.verification import examiner

    fichier_cle = cle_publique or dossier / cles.PUBLIQUE
    cles_publiques = cles.cles_publiques(fichier_cle) if cle_publique or fichier_cle.exists() else ()
    rapport = examiner(dossier, cles_publiques, horodatage.racines(racines) if racines else ())
    for anomalie in rapport.anomalies:
        sortie.write(f"{anomalie}\n")
    if rapport.anomalies:
        erreur.write(f"{len(rapport.anomalies)} endroit(s) rompu(s). {_couverture(rapport)}\n")
        return 1
    sortie.write(
        f"{_chaines(rapport.chaines)}, {rapport.entrees} entrée(s), {rapport.scelles} ligne(s) scellée(s) : "
        f"rien à redire. {_couverture(rapport)}\n"
    )
    return 0


def _couverture(rapport: Rapport) -> str:
    ligne = rapport.derniere_ligne
    if ligne is None:
        return "Aucune ligne signée : rien ne prouve que les chaînes n'ont pas été refaites en entier."
    le = datetime.fromisoformat(ligne.instant)
    jeton = (
        f", horodatage vérifié jusqu'à la ligne n° {rapport.derniere_horodatee}" if rapport.derniere_horodatee else ""
    )
    return (
        f"Dernière ligne signée : n° {ligne.numero}, du {le:%d/%m/%Y à %H:%M} UTC{jeton} ; "
        "ce qui fut écrit après elle attend la prochaine."
    )


def _chaines(nombre: int) -> str:
    return f"{nombre} chaîne" if nombre < 2 else f"{nombre} chaînes"


@contextmanager
def _base() -> Iterator[None]:
    """Django prêt, et la base ouverte : celle de `DATABASE_URL`, sinon l'embarquée, le temps de la commande."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")
    import django
    from django.apps import apps
    from django.conf import settings

    if not apps.ready:
        django.setup()
    if os.environ.get("DATABASE_URL") or os.environ.get("PARCHEMIN_ENV") == "test":
        yield
        return
    from parchemin.embarque.postgres import base_embarquee

    with base_embarquee(settings.DONNEES):
        yield
