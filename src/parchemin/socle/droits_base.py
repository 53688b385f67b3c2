"""Les droits du rôle de l'application dans la base : lire et écrire, sans rien posséder ni rien définir.

Un déclencheur refuse déjà de changer une table à insertion seule ; mais qui possède la table peut l'éteindre. L'application
sert donc avec un rôle qui ne possède rien. Ce qu'il peut se déduit de la base telle qu'elle est : une table que garde
`parchemin_refuser()` se lit et s'allonge ; une table que seules les migrations remplissent se lit ; les autres se changent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from psycopg import sql

LIRE = frozenset({"SELECT"})
ALLONGER = frozenset({"SELECT", "INSERT"})
CHANGER = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
"""Tous ceux d'une table, jusqu'à PostgreSQL 16 ; `MAINTAIN` s'y ajoute ensuite."""

DES_MIGRATIONS = frozenset({"django_migrations", "django_content_type", "auth_permission"})
"""Les tables que seules les migrations remplissent."""

VERROUILLEES = {"referentiels_version": "id"}
"""Les tables à insertion seule dont on verrouille une ligne (`FOR UPDATE`) : PostgreSQL veut pour cela le droit de changer une
colonne, fût-elle une seule. Le déclencheur refuse tout changement, celui-là compris."""


class RoleImpossible(Exception):
    """Ce rôle ne peut pas servir l'application ; `defauts` : pourquoi, une phrase chacun."""

    def __init__(self, defauts: Iterable[str]) -> None:
        self.defauts = tuple(defauts)
        super().__init__("\n".join(self.defauts))


@transaction.atomic
def donner(role: str) -> None:
    """Donne au rôle ses droits, ôte les autres, et s'assure qu'il n'en tient aucun par un autre chemin : tout ou rien.

    Se lance avec le propriétaire des tables, après chaque migration ; deux fois ne change rien. Lève `RoleImpossible` si le
    rôle n'existe pas, peut trop par lui-même, ou si quelque chose (un autre rôle, « PUBLIC ») lui donne davantage.
    """
    if empechements := tuple(_du_role(role)):
        raise RoleImpossible(empechements)
    a_qui, base = sql.Identifier(role), sql.Identifier(str(connection.settings_dict["NAME"]))
    _executer("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _executer("REVOKE CREATE, TEMPORARY ON DATABASE {} FROM PUBLIC", base)
    _executer("REVOKE ALL ON DATABASE {} FROM {}", base, a_qui)
    _executer("REVOKE ALL ON SCHEMA public FROM {}", a_qui)
    _executer("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", a_qui)
    _executer("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}", a_qui)
    _executer("GRANT CONNECT ON DATABASE {} TO {}", base, a_qui)
    _executer("GRANT USAGE ON SCHEMA public TO {}", a_qui)
    _executer("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}", a_qui)
    _executer("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}", a_qui)
    for table, permis in attendus().items():
        liste = sql.SQL(", ").join(map(sql.SQL, sorted(permis)))
        _executer("GRANT {} ON TABLE public.{} TO {}", liste, sql.Identifier(table), a_qui)
        if table in VERROUILLEES:
            colonne = sql.Identifier(VERROUILLEES[table])
            _executer("GRANT UPDATE ({}) ON TABLE public.{} TO {}", colonne, sql.Identifier(table), a_qui)
    if restent := defauts(role):
        raise RoleImpossible(restent)


def attendus() -> Mapping[str, frozenset[str]]:
    """Chaque table, et ce que l'application a le droit d'y faire."""
    gardees = {nom for (nom,) in _lire(_GARDEES)}
    return {
        nom: LIRE if nom in DES_MIGRATIONS else ALLONGER if nom in gardees else CHANGER for (nom,) in _lire(_TABLES)
    }


def defauts(role: str) -> tuple[str, ...]:
    """Ce que ce rôle peut de trop, ou ne peut pas et devrait : une phrase par défaut ; vide si tout convient."""
    empechements = tuple(_du_role(role))
    return empechements or (*_de_la_base(role), *_des_tables(role))


def _du_role(role: str) -> Iterator[str]:
    """Ce qu'il est : rien de ce qui suit ne se règle par des droits sur les tables."""
    trouve = _lire(_ROLE, role)
    if not trouve:
        yield f"Le rôle « {role} » n'existe pas : CREATE ROLE {role} LOGIN PASSWORD '…' (docs/installation.md)."
        return
    for peut, quoi in zip(trouve[0], ("superuser", "createdb", "createrole", "replication", "bypassrls"), strict=True):
        if peut:
            yield f"« {role} » est {quoi.upper()} : ALTER ROLE {role} NO{quoi.upper()}."
    for (autre,) in _lire("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole", role):
        yield f"« {role} » fait partie de « {autre} », dont il prend les droits : REVOKE {autre} FROM {role}."
    for (quoi,) in _lire(_POSSEDE, role, role, role, role):
        yield f"« {role} » possède {quoi} : qui possède une table en éteint les déclencheurs ; donnez-la au propriétaire."
    if _lire("SELECT has_parameter_privilege(%s, 'session_replication_role', 'SET')", role)[0][0]:
        yield f"« {role} » peut éteindre tous les déclencheurs (session_replication_role) : REVOKE SET ON PARAMETER."


def _de_la_base(role: str) -> Iterator[str]:
    nom = str(connection.settings_dict["NAME"])
    for droit in ("CREATE", "TEMPORARY"):
        if _lire("SELECT has_database_privilege(%s, %s, %s)", role, nom, droit)[0][0]:
            yield f"« {role} » a {droit} sur la base : REVOKE {droit} ON DATABASE {nom} FROM PUBLIC, par qui la possède."
    if _lire("SELECT has_schema_privilege(%s, 'public', 'CREATE')", role)[0][0]:
        yield f"« {role} » a CREATE sur le schéma public : REVOKE CREATE ON SCHEMA public FROM PUBLIC."
    for table, declencheur in _lire(_ETEINTS):
        yield f"{table} : le déclencheur {declencheur} est éteint (ALTER TABLE {table} ENABLE TRIGGER {declencheur})."


def _des_tables(role: str) -> Iterator[str]:
    version: int = connection.cursor().connection.info.server_version
    tous = (*PRIVILEGES, "MAINTAIN") if version >= 170000 else PRIVILEGES
    for table, permis in attendus().items():
        complet = f"public.{connection.ops.quote_name(table)}"
        for droit in tous:
            tenu = _lire("SELECT has_table_privilege(%s, %s, %s)", role, complet, droit)[0][0]
            if tenu != (droit in permis):
                yield f"{table} : « {role} » {'a' if tenu else 'n’a pas'} {droit}."
        if "UPDATE" not in permis:
            colonnes = tuple(nom for (nom,) in _lire(_COLONNES, role, complet))
            if colonnes != tuple(filter(None, [VERROUILLEES.get(table)])):
                yield f"{table} : « {role} » peut changer {', '.join(colonnes) or 'aucune colonne, ni en verrouiller une ligne'}."


def _executer(texte: str, *parts: sql.Composable) -> None:
    with connection.cursor() as curseur:
        curseur.execute(sql.SQL(texte).format(*parts))


def _lire(texte: str, *parametres: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(texte, parametres)
        lignes: list[tuple[Any, ...]] = curseur.fetchall()
    return lignes


_TABLES = """
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
ORDER BY c.relname
"""
_DECLENCHEURS = """
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = 'public'::regnamespace AND p.proname = 'parchemin_refuser'
"""
_GARDEES = f"SELECT DISTINCT c.relname {_DECLENCHEURS} AND t.tgqual IS NULL AND t.tgtype & 24 = 24"
"""24 : avant UPDATE (16) et DELETE (8), sans condition."""
_ETEINTS = f"SELECT c.relname, t.tgname {_DECLENCHEURS} AND t.tgenabled NOT IN ('O', 'A') ORDER BY 1, 2"
_ROLE = "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = %s"
_POSSEDE = """
SELECT 'la base ' || datname FROM pg_database WHERE datname = current_database() AND datdba = %s::regrole
UNION ALL SELECT 'le schéma public' FROM pg_namespace WHERE nspname = 'public' AND nspowner = %s::regrole
UNION ALL SELECT 'la table ' || relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND relowner = %s::regrole
UNION ALL SELECT 'la fonction ' || proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proowner = %s::regrole
"""
_COLONNES = """
SELECT a.attname FROM pg_attribute a, (SELECT %s AS role, %s::regclass AS relation) s
WHERE a.attrelid = s.relation AND a.attnum > 0 AND NOT a.attisdropped
    AND has_column_privilege(s.role, a.attrelid, a.attnum, 'UPDATE')
ORDER BY a.attnum
"""
