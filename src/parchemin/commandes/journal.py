"""`parchemin journal verifier|relever|cle` : vérifier les chaînes, signer leurs têtes, montrer la clé publique."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from parchemin.commandes import environnement, mots
from parchemin.embarque.erreurs import EmbarqueImpossible

if TYPE_CHECKING:
    from parchemin.registre.verification import Rapport

RESUME = """Vérifie le journal, ou le signe.

  verifier  refait toutes les empreintes du journal, relit chaque ligne scellée, et confronte le tout aux lignes signées
  relever   signe maintenant les têtes de toutes les chaînes (le worker le fait chaque nuit)
  cle       écrit la clé publique, à garder ailleurs que sur cette machine
  verifier-export FICHIER   refait chaque empreinte d'un export en JSON, sans base ni réseau"""

SUITE = """Sortie de « verifier » : 0, rien à redire ; 1, chaque endroit rompu, un par ligne ; 2, la commande est mal
écrite, ou un fichier ou la base ne s'ouvre pas. Ce que cette vérification ne trouve pas : docs/securite.md."""


def executer(argv: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Exécute la commande : `argv` sont les mots qui suivent « journal ». Rend le code de sortie."""
    lecteur = mots.Lecteur("journal", RESUME, suite=SUITE)
    lecteur.add_argument("verbe", choices=["verifier", "relever", "cle", "verifier-export"])
    lecteur.add_argument("fichier", nargs="?", type=Path, help="l'export à vérifier (verifier-export)")
    lecteur.add_argument(
        "--dossier", type=Path, help="le dossier des lignes signées (« journal », dans le dossier de données)"
    )
    lecteur.add_argument(
        "--cle-publique",
        type=Path,
        help="les clés publiques de confiance, PEM ; sans elle, celle du dossier, qui vaut ce que vaut le dossier",
    )
    lecteur.add_argument(
        "--racines", type=Path, help="les certificats du service d'horodatage, PEM : vérifie les jetons RFC 3161"
    )
    choix = mots.lire(lecteur, argv)
    if choix.verbe != "verifier" and (choix.cle_publique or choix.racines):
        lecteur.error("--cle-publique et --racines ne vont qu'avec « verifier »")
    if (choix.verbe == "verifier-export") != (choix.fichier is not None):
        lecteur.error("verifier-export veut un fichier, et lui seul")
    if choix.fichier is not None:
        return _verifier_export(choix.fichier, sortie, erreur)
    try:
        with environnement.base():
            environnement.preparer_django()
            return _faire(choix, sortie, erreur)
    except EmbarqueImpossible as refus:
        erreur.write(f"{refus.message}\n")
        return 2


def _faire(choix: argparse.Namespace, sortie: TextIO, erreur: TextIO) -> int:
    from parchemin.registre.tasks import dossier_journal
    from parchemin.socle.refus import Refus

    dossier = choix.dossier or dossier_journal()
    try:
        if choix.verbe == "cle":
            return _cle(dossier, sortie)
        if choix.verbe == "relever":
            return _relever(dossier, sortie)
        return _verifier(dossier, choix.cle_publique, choix.racines, sortie, erreur)
    except Refus as refus:
        erreur.write(f"{refus.message}\n")
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
    sortie.writelines(f"{anomalie}\n" for anomalie in rapport.anomalies)
    if rapport.anomalies:
        erreur.write(f"{len(rapport.anomalies)} endroit(s) rompu(s). {_couverture(rapport)}\n")
        return 1
    sortie.write(
        f"{_chaines(rapport.chaines)}, {rapport.entrees} entrée(s), {rapport.scelles} ligne(s) scellée(s) : "
        f"rien à redire. {_couverture(rapport)}\n"
    )
    return 0


def _verifier_export(fichier: Path, sortie: TextIO, erreur: TextIO) -> int:
    from parchemin.registre.verification.exports import examiner_export

    try:
        lignes = fichier.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        erreur.write(f"« {fichier} » ne s'ouvre pas.\n")
        return 2
    anomalies = list(examiner_export(lignes))
    sortie.writelines(f"{anomalie}\n" for anomalie in anomalies)
    if anomalies:
        erreur.write(f"{len(anomalies)} endroit(s) rompu(s) sur {len(lignes)} entrée(s).\n")
        return 1
    sortie.write(f"{len(lignes)} entrée(s) : chaque empreinte se refait.\n")
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
