"""Une vraie base PostgreSQL pour chaque processus de test, en moins d'une demi-seconde.

Un serveur (celui de `DATABASE_URL`, sinon l'embarqué), une base modèle par empreinte des migrations,
une copie du modèle par processus. Les tests « transactionnels » sont vidés sans TRUNCATE, que nos déclencheurs refusent.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from parchemin.embarque import dossiers, processus
from parchemin.embarque.postgres import base_embarquee, parametres_connexion

VERROU_MODELE = 7_262_437_100
"""Le verrou consultatif pris, sur le serveur, par qui bâtit le modèle ou le copie."""

TABLES_DE_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}
"""Remplies par les migrations, jamais touchées par un test."""

SEUILS_DU_RAMASSE_MIETTES = (20_000, 20, 10)
"""Dix fois plus d'objets neufs qu'à l'ordinaire avant de chercher les cycles : il y passait une seconde sur quinze."""
VIDAGES = 3
"""Fois que la base se vide avant de renoncer : une requête partie d'une page juste fermée peut encore s'y croiser."""
_etat: dict[str, Path] = {}
_graines: dict[str, list[str]] = {}
"""Les tables que les migrations ont remplies, et leurs colonnes."""
_connues: dict[str, list[str]] = {}
"""Les colonnes déjà lues, par table : le schéma ne change pas pendant une suite."""


ESSAIS = "PARCHEMIN_ESSAIS"
"""Où vivent le serveur, ses modèles et le code compilé, d'une suite à l'autre : les ouvriers le tiennent de qui les conduit."""


def preparer_environnement(*, dossier: str) -> None:
    """Fixe, avant que Django ne lise ses réglages, l'environnement d'une suite de tests."""
    _etat["essais"] = Path(os.environ.setdefault(ESSAIS, str(dossiers.donnees() / "essais")))
    _etat["dossier"] = Path(dossier)
    os.environ["PARCHEMIN_ENV"] = "test"
    os.environ["PARCHEMIN_DONNEES"] = dossier
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")
    _garder_le_code_compile(_etat["essais"] / "python")
    for nom in ("SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "PARCHEMIN_REFERENTIEL"):
        os.environ.pop(nom, None)


def _garder_le_code_compile(dossier: Path) -> None:
    """Pour ce processus et ceux qu'il lance : un module ne se compile qu'une fois, même si l'environnement interdit d'écrire à côté."""
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(dossier)
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def demarrer_django(config: pytest.Config) -> None:
    """Charge les réglages et les applications (pytest-django ne le fait que si l'environnement était déjà fixé)."""
    import django

    django.setup()
    gc.freeze()  # ce qui est chargé le reste : le ramasse-miettes n'a pas à le reparcourir
    gc.set_threshold(*SEUILS_DU_RAMASSE_MIETTES)


@pytest.hookimpl(optionalhook=True)
def laisser_les_reglages_aux_ouvriers(config: pytest.Config, specs: object) -> None:
    """Un ouvrier lit les siens, après avoir choisi son dossier de données : nommés d'avance, ils seraient lus dans le nôtre."""
    del os.environ["DJANGO_SETTINGS_MODULE"]


def garder_ce_qui_est_charge(session: pytest.Session) -> None:
    """La collecte a chargé le reste : les tests eux-mêmes, et ce dont ils se servent."""
    gc.collect()
    gc.freeze()


def dossier() -> Path:
    """Le dossier de données de ce processus."""
    return _etat["dossier"]


def effacer_dossier(config: pytest.Config) -> None:
    """Retire le dossier de données de ce processus."""
    shutil.rmtree(_etat["dossier"], ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Remplace celle de pytest-django : la base de ce processus est une copie du modèle."""
    from django.conf import settings
    from django.db import connections

    with contextlib.ExitStack() as pile:
        reglages = connections["default"].settings_dict
        embarque = "DATABASE_URL" not in os.environ
        if embarque:
            pile.enter_context(base_embarquee(_etat["essais"]))
            reglages.update(parametres_connexion(_etat["essais"]))
        nom = reglages["NAME"]
        pile.enter_context(django_db_blocker.unblock())
        maitre = pile.enter_context(psycopg.connect(**_acces(reglages), dbname="postgres", autocommit=True))
        copie = f"{nom}_essai_{os.getpid()}_{os.environ.get('PYTEST_XDIST_WORKER', 'seul')}"
        _batir_et_copier(maitre, modele=f"{nom}_modele_{empreinte()}", copie=copie, effacer_les_morts=embarque)
        settings.DATABASES["default"]["NAME"] = reglages["NAME"] = copie
        _graines.update(_mettre_de_cote())
        _remplacer_le_vidage(_graines)
        yield
        connections.close_all()
        _effacer(maitre, copie)


def empreinte() -> str:
    """Change dès qu'une migration, une application ou un paquet verrouillé change."""
    from django.apps import apps

    resume = hashlib.sha256()
    for config in apps.get_app_configs():
        resume.update(config.name.encode())
        for fichier in sorted((Path(config.path) / "migrations").glob("*.py")):
            resume.update(fichier.name.encode() + fichier.read_bytes())
    return resume.hexdigest()[:16]


def _batir_et_copier(maitre: psycopg.Connection[Any], *, modele: str, copie: str, effacer_les_morts: bool) -> None:
    maitre.execute("SELECT pg_advisory_lock(%s)", [VERROU_MODELE])
    try:
        existantes = {nom for (nom,) in maitre.execute("SELECT datname FROM pg_database").fetchall()}
        if modele not in existantes:
            _batir(maitre, modele, existantes)
        if effacer_les_morts:
            for nom in existantes:
                morceaux = nom.partition("_essai_")[2].split("_")
                if len(morceaux) == 2 and morceaux[0].isdigit() and not processus.vivant(int(morceaux[0])):
                    _effacer(maitre, nom)
        _effacer(maitre, copie)
        maitre.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(copie), sql.Identifier(modele)))
        maitre.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(sql.Identifier(copie)))
    finally:
        maitre.execute("SELECT pg_advisory_unlock(%s)", [VERROU_MODELE])


def _batir(maitre: psycopg.Connection[Any], modele: str, existantes: set[str]) -> None:
    """Migre une base neuve, puis seulement lui donne son nom de modèle : une coupure ne laisse pas de modèle à moitié."""
    from django.core.management import call_command
    from django.db import connection

    chantier = f"{modele}_en_cours"
    for ancien in existantes:
        if ancien.startswith(modele.rpartition("_")[0] + "_"):
            _effacer(maitre, ancien)
    maitre.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(chantier)))
    connection.close()
    connection.settings_dict["NAME"] = chantier
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    maitre.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(chantier), sql.Identifier(modele)))


def _effacer(maitre: psycopg.Connection[Any], base: str) -> None:
    maitre.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(base)))


def _acces(reglages: dict[str, Any]) -> dict[str, Any]:
    acces = {"host": reglages["HOST"], "port": reglages["PORT"], "user": reglages["USER"]}
    acces["password"] = reglages.get("PASSWORD", "")
    acces |= {nom: valeur for nom, valeur in reglages.get("OPTIONS", {}).items() if isinstance(valeur, str)}
    return {nom: valeur for nom, valeur in acces.items() if valeur}


# --- vider après un test transactionnel -----------------------------------------------------------------------------


def _mettre_de_cote() -> dict[str, list[str]]:
    """Les tables que les migrations ont remplies, mises de côté dans le schéma `graine` ; avec leurs colonnes."""
    from django.db import connection

    with connection.cursor() as curseur:
        remplies = [table for table in _tables(curseur) if _a_des_lignes(curseur, [table])]
        curseur.execute("CREATE SCHEMA graine")
        graines = {}
        for table in remplies:
            curseur.execute(f'CREATE TABLE graine."{table}" AS TABLE public."{table}"')
            graines[table] = _colonnes(curseur, table)
    connection.close()
    return graines


def _remplacer_le_vidage(graines: dict[str, list[str]]) -> None:
    from django.db import OperationalError, connections, transaction
    from django.test import TransactionTestCase
    from psycopg.errors import DeadlockDetected

    def vider(self: TransactionTestCase) -> None:
        for alias in self._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
            for reste in reversed(range(VIDAGES)):
                try:
                    vider_une(alias)
                    break
                except OperationalError as erreur:
                    if not (reste and isinstance(erreur.__cause__, DeadlockDetected)):
                        raise

    def vider_une(alias: str) -> None:
        with transaction.atomic(using=alias), connections[alias].cursor() as curseur:
            pleines = _a_des_lignes(curseur, _tables(curseur))
            declencheurs_coupes = _couper_les_declencheurs(curseur, pleines)
            for table in pleines:
                curseur.execute(f'DELETE FROM public."{table}"')
            for table in graines:
                _semer(curseur, table)
            for table in declencheurs_coupes:
                curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
                curseur.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')

    TransactionTestCase._fixture_teardown = vider  # type: ignore[attr-defined]


def _semer(curseur: Any, table: str) -> None:
    """Remet dans une table vide ce que les migrations y avaient mis."""
    liste = ", ".join(_graines[table])
    curseur.execute(
        f'INSERT INTO public."{table}" ({liste}) OVERRIDING SYSTEM VALUE SELECT {liste} FROM graine."{table}"'
    )


def _couper_les_declencheurs(curseur: Any, tables: list[str]) -> list[str]:
    """Pour cette transaction ; rend les tables à rétablir (aucune si le compte peut le demander à la session)."""
    from django.db import connection

    if _peut_couper_les_declencheurs(curseur):
        curseur.execute("SET LOCAL session_replication_role = 'replica'")
        return []
    curseur.execute("SET CONSTRAINTS ALL DEFERRED")
    for table in tables:
        curseur.execute(f"ALTER TABLE public.{connection.ops.quote_name(table)} DISABLE TRIGGER USER")
    return tables


def _peut_couper_les_declencheurs(curseur: Any) -> bool:
    """Vrai si le rôle du moment peut les couper tous pour sa transaction."""
    curseur.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
    return bool(curseur.fetchone()[0])


def _colonnes(curseur: Any, table: str) -> list[str]:
    """Les colonnes qui s'écrivent, prêtes à entrer dans une requête."""
    if table in _connues:
        return _connues[table]
    curseur.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table],
    )
    _connues[table] = [f'"{colonne}"' for (colonne,) in curseur.fetchall()]
    return _connues[table]


def _tables(curseur: Any) -> list[str]:
    tables = _noms(curseur, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [table for table in tables if table not in TABLES_DE_DJANGO]


def _a_des_lignes(curseur: Any, tables: list[str]) -> list[str]:
    """Celles de ces tables qui ne sont pas vides."""
    une = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM public.\"{0}\")"
    return _noms(curseur, " UNION ALL ".join(une.format(table) for table in tables)) if tables else []


def _noms(curseur: Any, demande: str) -> list[str]:
    """La première colonne de cette requête, préparée : la même se redemande plusieurs fois par test."""
    with psycopg.Cursor(curseur.connection) as prepare:
        return [nom for (nom,) in prepare.execute(demande.encode(), prepare=True)]


# --- relever ce qu'une fabrique a écrit, et le rejouer (voir `tests/scenes.py`) --------------------------------------


@dataclass(frozen=True, slots=True)
class Lignes:
    """Le contenu d'une table, dans le format de COPY."""

    table: str
    colonnes: str
    contenu: bytes


def est_neuve() -> bool:
    """Vrai si la base ne contient que ce que les migrations y ont mis, et si ce compte peut y rejouer des lignes."""
    from django.db import connection

    with connection.cursor() as curseur:
        return _peut_couper_les_declencheurs(curseur) and set(_a_des_lignes(curseur, _tables(curseur))) == set(_graines)


def relever() -> list[Lignes]:
    """Les lignes de chaque table qui n'est plus comme les migrations l'ont laissée."""
    from django.db import connection

    with connection.cursor() as curseur:
        return [
            _lire_les_lignes(curseur, table)
            for table in _a_des_lignes(curseur, _tables(curseur))
            if table not in _graines or _a_change(curseur, table)
        ]


def _lire_les_lignes(curseur: Any, table: str) -> Lignes:
    colonnes = ", ".join(_colonnes(curseur, table))
    with curseur.copy(f'COPY public."{table}" ({colonnes}) TO STDOUT') as copie:
        return Lignes(table, colonnes, b"".join(copie))


def rejouer(releve: Sequence[Lignes], sur: Sequence[Lignes] = ()) -> None:
    """Remet ces lignes, sans déclencheurs (elles les ont passés la première fois), dans une base neuve ou qui contient `sur`."""
    from django.db import connection, transaction

    avant, apres = ({lignes.table: lignes for lignes in lot} for lot in (sur, releve))
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET LOCAL session_replication_role = 'replica'")
        for table in avant.keys() | apres.keys():
            if avant.get(table) == apres.get(table):
                continue
            if table in avant or table in _graines:
                curseur.execute(f'DELETE FROM public."{table}"')
            if table in apres:
                with curseur.copy(f'COPY public."{table}" ({apres[table].colonnes}) FROM STDIN') as copie:
                    copie.write(apres[table].contenu)
            elif table in _graines:
                _semer(curseur, table)
        curseur.execute("SET LOCAL session_replication_role = 'origin'")


def sequences() -> dict[str, int]:
    """Où en est chaque séquence dont la base s'est servie."""
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value FROM pg_sequences"
            " WHERE last_value IS NOT NULL"
        )
        return dict(curseur.fetchall())


def avancer(releve: Mapping[str, int]) -> None:
    """Porte chaque séquence au moins jusque-là : des lignes venues d'une autre base en ont pris les numéros."""
    from django.db import connection

    ici = sequences()
    with connection.cursor() as curseur:
        for nom, rang in releve.items():
            if ici.get(nom, 0) < rang:
                curseur.execute("SELECT setval(%s, %s)", [nom, rang])


def _a_change(curseur: Any, table: str) -> bool:
    """Vrai si une table remplie par les migrations n'est plus ce qu'elles en ont fait."""
    curseur.execute(
        f'SELECT EXISTS (TABLE public."{table}" EXCEPT ALL TABLE graine."{table}")'
        f' OR EXISTS (TABLE graine."{table}" EXCEPT ALL TABLE public."{table}")'
    )
    return bool(curseur.fetchone()[0])
