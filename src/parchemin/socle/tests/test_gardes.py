"""Une lecture n'écrit pas, quel que soit le chemin."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.socle.annonces import remettre
from parchemin.socle.gardes import EcritureEnLecture, lecture_seule
from parchemin.socle.models import Installation

MIDI = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_lire_est_permis_meme_dans_une_transaction_imbriquee() -> None:
    with lecture_seule(), transaction.atomic():
        assert list(Installation.objects.order_by("pk")) == []


def test_une_ecriture_est_refusee_et_rien_n_est_ecrit() -> None:
    with pytest.raises(EcritureEnLecture) as faute, transaction.atomic(), lecture_seule():
        Installation.objects.create(nature="production", depuis=MIDI)
    assert str(faute.value) == "écriture dans une lecture : ['INSERT', 'INTO', '\"socle_installation\"']"
    assert Installation.objects.count() == 0


def test_une_union_est_une_lecture() -> None:
    with lecture_seule(), connection.cursor() as curseur:
        curseur.execute("(SELECT 1 AS un) UNION (SELECT 2) ORDER BY un")
        assert curseur.fetchall() == [(1,), (2,)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE socle_installation SET nature = 'x'",
        "  delete from socle_installation",
        "(UPDATE socle_installation SET nature = 'x')",
        "(SELECT 1) UNION (SELECT nextval('procrastinate_jobs_id_seq'))",
        "TRUNCATE socle_installation",
        "CREATE TABLE tentative (id int)",
        "WITH morts AS (DELETE FROM socle_installation RETURNING 1) SELECT * FROM morts",
        "(WITH morts AS (DELETE FROM socle_installation RETURNING 1) SELECT * FROM morts)",
        "/* SELECT */ INSERT INTO socle_installation VALUES (true, 'x', now())",
        "SELECT 1; DELETE FROM socle_installation",
        "EXPLAIN ANALYZE DELETE FROM socle_installation",
        "COPY socle_installation FROM STDIN",
        "SELECT nextval('procrastinate_jobs_id_seq')",
        "SELECT \"nextval\" ('procrastinate_jobs_id_seq')",
        "SELECT setval('procrastinate_jobs_id_seq', 9)",
        "SELECT * INTO copie FROM socle_installation",
        "SELECT 1 AS un\nINTO TEMP copie",
        "SELECT nature FROM socle_installation FOR UPDATE",
        "SELECT nature FROM socle_installation for  no key\nupdate OF socle_installation",
        "SELECT nature FROM socle_installation FOR SHARE SKIP LOCKED",
        "SELECT nature FROM socle_installation FOR KEY SHARE",
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_xact_lock(1)",
        "SELECT pg_try_advisory_lock(1)",
        "SELECT pg_advisory_unlock_all()",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SELECT pg_notify('procrastinate_any_queue', 'x')",
        "SELECT lo_create(0)",
        "SELECT query_to_xml('DELETE FROM socle_installation', true, true, '')",
        "SELECT pg_terminate_backend(1)",
        "WITH neuf AS (INSERT INTO socle_installation VALUES (true, 'x', now()) RETURNING 1) SELECT * FROM neuf",
        "WITH change AS (UPDATE socle_installation SET nature = 'x' RETURNING 1) SELECT * FROM change",
        "SELECT * FROM (WITH morts AS (DELETE FROM socle_installation RETURNING 1) SELECT * FROM morts) AS m",
        "DECLARE c CURSOR FOR SELECT nextval('procrastinate_jobs_id_seq')",
        "MERGE INTO socle_installation USING (SELECT 1) ON false WHEN NOT MATCHED THEN DO NOTHING",
        "SET session_replication_role = 'replica'",
        "LOCK TABLE socle_installation",
        "CALL quelque_chose()",
        "DO $$ BEGIN END $$",
        "LISTEN x",
        "REFRESH MATERIALIZED VIEW x",
    ],
)
def test_aucune_de_ces_formes_ne_passe(sql: str) -> None:
    with connection.cursor() as curseur, lecture_seule(), pytest.raises(EcritureEnLecture):
        curseur.execute(sql)


@pytest.mark.parametrize(
    ("sql", "rendu"),
    [
        ("SELECT 'SELECT 1 INTO copie; DELETE FROM x'", "SELECT 1 INTO copie; DELETE FROM x"),
        ("SELECT 'nextval(', 'l''un; INSERT INTO'", "nextval("),
        ('SELECT 1 AS "into"', 1),
        ('SELECT n."update" FROM (SELECT 2 AS "update") AS n', 2),
        ("SELECT 3 AS suite_into_copie", 3),
        ("SELECT 4 AS depuis_nextval FROM socle_installation RIGHT JOIN (SELECT 1) AS u ON true", 4),
    ],
)
def test_un_mot_d_ecriture_dans_une_valeur_ou_un_nom_n_en_est_pas_une(sql: str, rendu: object) -> None:
    with lecture_seule(), connection.cursor() as curseur:
        curseur.execute(sql)
        assert curseur.fetchone()[0] == rendu


def test_toute_fonction_de_la_base_qui_peut_ecrire_est_refusee_dans_une_lecture() -> None:
    """Celles que la base tient d'ailleurs que de PostgreSQL, et qu'un `SELECT` peut appeler (pas un déclencheur)."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT DISTINCT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND provolatile = 'v' "
            "AND prokind = 'f' AND prorettype <> 'trigger'::regtype ORDER BY proname"
        )
        noms = [nom for (nom,) in curseur.fetchall()]
    assert len(noms) > 10
    for nom in noms:
        if nom != "_pgtrigger_should_ignore":  # lit un réglage, n'écrit rien
            with connection.cursor() as curseur, lecture_seule(), pytest.raises(EcritureEnLecture):
                curseur.execute(f"SELECT {nom}()")


def test_differer_un_job_est_une_ecriture_bien_que_ce_soit_un_select() -> None:
    with pytest.raises(EcritureEnLecture), transaction.atomic(), lecture_seule():
        remettre.defer(evenement="x", abonne="y", donnees={})
    assert ProcrastinateJob.objects.count() == 0


def test_le_point_virgule_final_et_celui_d_une_valeur_ne_genent_pas() -> None:
    with connection.cursor() as curseur, lecture_seule():
        curseur.execute("SELECT %s ;\n", ["a; b"])
        assert curseur.fetchone() == ("a; b",)


def test_apres_le_bloc_on_ecrit_de_nouveau() -> None:
    with lecture_seule():
        pass
    Installation.objects.create(nature="production", depuis=MIDI)
    assert Installation.objects.count() == 1


def test_une_ecriture_assumee_passe_puis_la_garde_revient():
    from parchemin.socle.gardes import EcritureEnLecture, ecriture_assumee, lecture_seule

    with lecture_seule():
        with ecriture_assumee(), connection.cursor() as curseur:
            curseur.execute("CREATE TEMP TABLE essai_assume (n int)")
        with pytest.raises(EcritureEnLecture), connection.cursor() as curseur:
            curseur.execute("INSERT INTO essai_assume VALUES (1)")


def test_compter_un_essai_passe_pendant_une_lecture():
    """La page qui ouvre une connexion par clé d'accès se demande en GET, et ses essais se comptent."""
    from django.core.cache import cache

    from parchemin.socle.gardes import lecture_seule

    with lecture_seule():
        assert cache.add("essai-de-connexion", 1, timeout=60)
    assert cache.get("essai-de-connexion") == 1


def test_une_reunion_de_lectures_se_lit_une_ecriture_entre_parentheses_non():
    """Une UNION s'écrit « (SELECT …) UNION (SELECT …) » : la parenthèse n'est pas une écriture, et n'en cache aucune."""
    with connection.cursor() as curseur, lecture_seule():
        curseur.execute("(SELECT 1) UNION (SELECT 2)")
        assert sorted(curseur.fetchall()) == [(1,), (2,)]
    for cachee in (
        "(WITH x AS (DELETE FROM socle_installation RETURNING 1) SELECT 1)",
        "(DELETE FROM socle_installation)",
    ):
        with connection.cursor() as curseur, lecture_seule(), pytest.raises(EcritureEnLecture):
            curseur.execute(cachee)
