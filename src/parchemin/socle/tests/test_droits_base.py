"""Le rôle de l'application ne possède rien : sur un vrai PostgreSQL, par une vraie connexion à lui."""

from __future__ import annotations

import os
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle import droits_base
from parchemin.socle.bases import InsertionSeule

ROLE = f"web_{os.getpid()}"
"""Un rôle vaut pour tout le serveur, que d'autres processus partagent."""
MOT = "un-mot-pour-l-essai"
INTERDIT = "42501"
"""Le code SQL d'un droit qui manque."""


def executer(texte: str, *parts: sql.Composable) -> None:
    with connection.cursor() as curseur:
        curseur.execute(sql.SQL(texte).format(sql.Identifier(ROLE), *parts))


def gardees() -> set[str]:
    """Les tables que le code déclare à insertion seule."""
    return {
        modele._meta.db_table
        for modele in apps.get_models()
        for declencheur in getattr(modele._meta, "triggers", ())
        if isinstance(declencheur, InsertionSeule) and declencheur.name == "ni_update_ni_delete"
    }


@pytest.fixture
def role(transactional_db: None) -> Iterator[str]:
    """Un rôle de plus, sans aucun droit ; effacé ensuite."""
    executer("CREATE ROLE {} LOGIN PASSWORD {}", sql.Literal(MOT))
    try:
        yield ROLE
    finally:
        executer("DROP OWNED BY {}")
        executer("DROP ROLE {}")


@pytest.fixture
def chez_lui(role: str) -> Iterator[psycopg.Connection[Any]]:
    """Sa connexion, une fois ses droits donnés par la commande."""
    sortie = StringIO()
    call_command("droits_base", role, stdout=sortie)
    assert sortie.getvalue().startswith(f"✓ « {role} »")
    reglages = connection.settings_dict
    with psycopg.connect(
        host=reglages["HOST"],
        port=reglages["PORT"],
        dbname=reglages["NAME"],
        user=role,
        password=MOT,
        autocommit=True,
    ) as ouverte:
        yield ouverte


def code(chez_lui: psycopg.Connection[Any], texte: str) -> str | None:
    """Le code SQL du refus ; rien si l'instruction a réussi."""
    try:
        chez_lui.execute(texte)  # type: ignore[call-overload]  # un texte de ce fichier
    except psycopg.Error as erreur:
        return erreur.sqlstate
    return None


def test_il_lit_et_allonge_chaque_table_scellee_sans_pouvoir_la_changer(chez_lui: psycopg.Connection[Any]) -> None:
    scellees = {nom for nom, permis in droits_base.attendus().items() if permis == droits_base.ALLONGER}
    assert scellees == gardees()
    assert len(scellees) > 20
    for table in sorted(scellees):
        assert code(chez_lui, f'SELECT 1 FROM "{table}" LIMIT 1') is None
        for geste in (f'DELETE FROM "{table}"', f'TRUNCATE "{table}"'):
            assert (geste, code(chez_lui, geste)) == (geste, INTERDIT)
    autres = scellees - set(droits_base.VERROUILLEES)
    for table in sorted(autres):
        colonne = next(iter(connection.introspection.get_table_description(connection.cursor(), table))).name
        changer = f'UPDATE "{table}" SET "{colonne}" = "{colonne}"'
        assert (changer, code(chez_lui, changer)) == (changer, INTERDIT)
        assert code(chez_lui, f'SELECT 1 FROM "{table}" FOR UPDATE') == INTERDIT


def test_il_verrouille_une_version_publiee_que_son_declencheur_garde(chez_lui: psycopg.Connection[Any]) -> None:
    referentiels.publier()
    assert code(chez_lui, "SELECT 1 FROM referentiels_version FOR UPDATE") is None
    assert code(chez_lui, "UPDATE referentiels_version SET id = id") == "23001"
    assert code(chez_lui, "UPDATE referentiels_version SET code = 'autre'") == INTERDIT


@pytest.mark.parametrize(
    "geste",
    [
        "ALTER TABLE registre_entree DISABLE TRIGGER ALL",
        "ALTER TABLE registre_entree ADD COLUMN porte text",
        "DROP TABLE registre_entree",
        "DROP FUNCTION parchemin_refuser() CASCADE",
        "CREATE OR REPLACE FUNCTION parchemin_refuser() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "SET session_replication_role = 'replica'",
        "CREATE TABLE a_moi (id int)",
        "CREATE TEMPORARY TABLE registre_entree (id int)",
        "CREATE SCHEMA a_moi",
        "CREATE FUNCTION a_moi() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE ROLE complice",
        "ALTER DATABASE postgres SET session_replication_role = 'replica'",
        "DELETE FROM django_migrations",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "SELECT pg_read_file('PG_VERSION')",
    ],
)
def test_il_ne_definit_rien_et_n_eteint_rien(chez_lui: psycopg.Connection[Any], geste: str) -> None:
    assert code(chez_lui, geste) == INTERDIT


def test_les_autres_tables_se_changent_et_la_commande_se_relance(chez_lui: psycopg.Connection[Any]) -> None:
    assert code(chez_lui, "UPDATE comptes_personne SET nom = nom") is None
    assert code(chez_lui, "DELETE FROM django_session") is None
    chez_lui.execute("GRANT DELETE ON registre_entree TO PUBLIC")  # PostgreSQL n'en dit rien, et n'en fait rien
    assert code(chez_lui, "DELETE FROM registre_entree") == INTERDIT
    droits_base.donner(ROLE)
    assert droits_base.defauts(ROLE) == ()
    executer("GRANT DELETE ON registre_entree TO {}")
    executer("GRANT UPDATE (action) ON registre_entree TO {}")
    assert droits_base.defauts(ROLE) == (
        f"registre_entree : « {ROLE} » a DELETE.",
        f"registre_entree : « {ROLE} » peut changer action.",
    )
    with pytest.raises(CommandError) as refus:
        call_command("droits_base", ROLE, "--verifier")
    assert len(str(refus.value).splitlines()) == 3
    droits_base.donner(ROLE)
    assert droits_base.defauts(ROLE) == ()


@pytest.mark.parametrize(
    ("preparer", "dit"),
    [
        ("ALTER ROLE {} SUPERUSER", "est SUPERUSER"),
        ("ALTER ROLE {} CREATEROLE", "est CREATEROLE"),
        ("GRANT pg_write_all_data TO {}", "fait partie de « pg_write_all_data »"),
        ("ALTER TABLE registre_entree OWNER TO {}", "possède la table registre_entree"),
        ("ALTER FUNCTION parchemin_refuser() OWNER TO {}", "possède la fonction parchemin_refuser"),
        ("GRANT SET ON PARAMETER session_replication_role TO {}", "peut éteindre tous les déclencheurs"),
    ],
)
def test_un_role_qui_peut_trop_par_lui_meme_est_refuse_et_rien_ne_se_donne(role: str, preparer: str, dit: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_user")
        proprietaire = sql.Identifier(curseur.fetchone()[0])
    executer(preparer)
    try:
        with pytest.raises(CommandError) as refus:
            call_command("droits_base", role)
        lignes = str(refus.value).splitlines()
        assert lignes[0] == "Ce rôle ne convient pas. Rien n'a été donné."
        assert dit in lignes[1]
        with connection.cursor() as curseur:
            curseur.execute(
                "SELECT count(*) FROM information_schema.role_table_grants"
                " WHERE grantee = %s AND table_name = 'comptes_personne'",
                [role],
            )
            assert curseur.fetchone() == (0,)
    finally:
        executer("ALTER ROLE {} NOSUPERUSER NOCREATEROLE")
        executer("REASSIGN OWNED BY {} TO {}", proprietaire)


def test_un_role_inconnu_et_un_declencheur_eteint_se_disent(role: str) -> None:
    assert droits_base.defauts("personne_de_ce_nom")[0].startswith("Le rôle « personne_de_ce_nom » n'existe pas")
    droits_base.donner(role)
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'registre_entree'::regclass AND tgname ~ 'ni_upd'"
        )
        declencheur = sql.Identifier(curseur.fetchone()[0])
    with connection.cursor() as curseur:
        curseur.execute(sql.SQL("ALTER TABLE registre_entree DISABLE TRIGGER {}").format(declencheur))
        try:
            defauts = droits_base.defauts(role)
        finally:
            curseur.execute(sql.SQL("ALTER TABLE registre_entree ENABLE TRIGGER {}").format(declencheur))
    assert [defaut.split(" est éteint")[0].split(" : le")[0] for defaut in defauts] == ["registre_entree"]
