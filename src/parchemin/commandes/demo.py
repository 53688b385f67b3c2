"""`parchemin demo` : la démonstration, de rien à la première page, sur cette machine seulement.

Les mots de passe y sont connus de tous et `--reset` efface tout : elle refuse donc toute base qui ne porte pas la marque
« démonstration », et n'écoute que sur 127.0.0.1. La marque est posée dans la transaction même qui crée les premières
tables : une base est vide, ou elle est marquée.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from parchemin.commandes import environnement, mots, ports
from parchemin.commandes.enfants import Enfants
from parchemin.embarque import dossiers, verrous
from parchemin.embarque.erreurs import EmbarqueImpossible

if TYPE_CHECKING:
    from collections.abc import Iterator

ADRESSE = "127.0.0.1"
PORT = 8000
ATTENTE_PREPARATION = 300.0


def executer(arguments: Sequence[str], sortie: TextIO, erreur: TextIO) -> int:
    """Prépare la démonstration, puis la sert jusqu'à Ctrl-C."""
    lecteur = mots.Lecteur(
        "demo",
        "Prépare et sert la démonstration : base, référentiel, cohorte, serveur et worker, sur cette machine seulement.",
    )
    lecteur.add_argument("--port", type=mots.port, default=PORT, help=f"port d'écoute ({PORT})")
    lecteur.add_argument("--no-serve", action="store_true", help="prépare, puis sort")
    lecteur.add_argument("--reset", action="store_true", help="efface la démonstration et la refait")
    lecteur.add_argument("--comptes", action="store_true", help="prépare, montre les comptes, puis sort")
    lecteur.add_argument("--json", action="store_true", help="avec --comptes : en JSON, et rien d'autre sur la sortie")
    options = mots.lire(lecteur, arguments)
    if options.json and not options.comptes:
        lecteur.error("--json ne va qu'avec --comptes")
    sert = not (options.no_serve or options.comptes)
    os.environ["PARCHEMIN_ENV"] = "demo"
    os.environ.setdefault("PARCHEMIN_ADRESSE", f"http://localhost:{options.port}")
    if sert:
        ports.verifier(ADRESSE, options.port, commande="./parchemin demo")
    with environnement.base():
        environnement.preparer_django()
        with _en_service(remise_a_zero=options.reset, sert=sert):
            _preparer(remise_a_zero=options.reset, erreur=erreur)
            comptes = _comptes()
            if options.json:
                json.dump(comptes, sortie, ensure_ascii=False, indent=2)
                sortie.write("\n")
            elif options.comptes:
                sortie.write(_en_tableau(comptes))
            if not sert:
                if not options.comptes:
                    erreur.write("La démonstration est prête.\n")
                return 0
            _liberer_django()
            return _servir(options.port, comptes, sortie, erreur)


# --- préparer ---------------------------------------------------------------------------------------------------------


def _preparer(*, remise_a_zero: bool, erreur: TextIO) -> None:
    """Migre, publie le référentiel et compose la cohorte ; ce qui est déjà fait n'est pas refait."""
    from django.db import connection, transaction

    from parchemin.demonstration import services as demonstration
    from parchemin.registre.services import relever_tetes
    from parchemin.registre.tasks import dossier_journal
    from parchemin.socle.horloge import maintenant
    from parchemin.socle.models import Installation
    from parchemin.socle.services import est_demonstration, marquer_installation

    with verrous.exclusif(dossiers.donnees() / "preparation.lock", secondes=ATTENTE_PREPARATION):
        tables = connection.introspection.table_names()
        if tables and ("socle_installation" not in tables or not est_demonstration()):
            raise EmbarqueImpossible(
                "base_non_marquee",
                "Cette base n'est pas marquée « démonstration » : ./parchemin demo n'y touche pas. "
                "Donnez-lui une base vide, ou retirez DATABASE_URL pour prendre la base embarquée.",
            )
        if tables and remise_a_zero:
            erreur.write("Remise à zéro…\n")
            with connection.cursor() as curseur:
                curseur.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
            shutil.rmtree(dossier_journal(), ignore_errors=True)  # les lignes signées parlaient de l'ancienne base
            shutil.rmtree(
                dossiers.donnees() / "courriels", ignore_errors=True
            )  # et ses courriels, à d'anciennes personnes
            tables = []
        if not tables:
            erreur.write("Création de la base…\n")
            with transaction.atomic():
                environnement.migrer("socle")
                marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=maintenant())
        environnement.migrer()
        if not demonstration.est_construite():
            erreur.write("Composition de la cohorte…\n")
            demonstration.construire(maintenant=maintenant())
            relever_tetes(maintenant=maintenant(), dossier=dossier_journal())


def _comptes() -> list[Mapping[str, Any]]:
    from parchemin.demonstration import services as demonstration

    return list(demonstration.comptes())


@contextmanager
def _en_service(*, remise_a_zero: bool, sert: bool) -> Iterator[None]:
    """Tient une part du verrou de service tant que la démonstration sert ; une remise à zéro le veut pour elle seule."""
    verrou = verrous.Verrou(dossiers.donnees() / "demonstration.lock")
    try:
        if remise_a_zero and not verrou.essayer(exclusif=True):
            raise EmbarqueImpossible(
                "demonstration_en_service", "La démonstration tourne : arrêtez-la (Ctrl-C) avant de la remettre à zéro."
            )
        if sert:
            verrou.attendre(exclusif=False, secondes=ATTENTE_PREPARATION)
        yield
    finally:
        verrou.rendre()


# --- servir -----------------------------------------------------------------------------------------------------------


def _servir(port: int, comptes: Sequence[Mapping[str, Any]], sortie: TextIO, erreur: TextIO) -> int:
    programme = [sys.executable, "-m", "parchemin"]
    with Enfants() as enfants:
        # fmt: off
        enfants.lancer("le serveur", [
            *programme, "serveur", "--adresse", ADRESSE, "--port", str(port), "--processus", "1",
        ])
        # fmt: on
        enfants.lancer("le worker", [*programme, "worker"])
        if enfants.attendre_page(f"http://{ADRESSE}:{port}/"):
            sortie.write(f"\nParchemin est là : http://localhost:{port}/\n\n{_en_tableau(comptes)}\n")
            sortie.write(f"Les courriels envoyés se lisent ici : http://localhost:{port}/demonstration/courriels/\n")
            sortie.write("Tout est inventé, rien ne sort de cette machine. Ctrl-C pour arrêter.\n")
            sortie.flush()
        nom = enfants.attendre_une_fin()
        erreur.write(f"{nom.capitalize()} s'est arrêté sans qu'on le lui demande : la démonstration s'arrête.\n")
        return 1


def _liberer_django() -> None:
    """Ce processus ne parlera plus à la base : il ne garde ni connexion ni réserve."""
    from django.db import connections

    for connexion in connections.all():
        connexion.close()
        getattr(connexion, "close_pool", lambda: None)()


def _en_tableau(comptes: Sequence[Mapping[str, Any]]) -> str:
    """Les comptes, une ligne chacun."""
    if not comptes:
        return ""
    largeur_courriel = max(len(compte["courriel"]) for compte in comptes)
    largeur_role = max(len(compte["role"]) for compte in comptes)
    lignes = [
        f"  {compte['courriel']:<{largeur_courriel}}  {compte['role']:<{largeur_role}}  {compte['a_voir']}"
        + (f"  (second facteur : {compte['totp']})" if compte.get("totp") else "")
        for compte in comptes
    ]
    communs = {str(compte["mot_de_passe"]) for compte in comptes}
    if len(communs) == 1:
        return f"Comptes (mot de passe : {communs.pop()})\n" + "\n".join(lignes) + "\n"
    lignes = [f"{ligne}  [{compte['mot_de_passe']}]" for ligne, compte in zip(lignes, comptes, strict=True)]
    return "Comptes [mot de passe]\n" + "\n".join(lignes) + "\n"
