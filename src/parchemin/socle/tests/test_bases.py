"""Ce qui est scellé ne bouge plus : le déclencheur refuse, quelle que soit la session."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from parchemin.socle.bases import insertion_seule, repr_court
from parchemin.socle.models import Installation

pytestmark = pytest.mark.django_db


@pytest.fixture
def scellee() -> str:
    """Une table d'essai d'une ligne, tenue par la fonction `parchemin_refuser()`, comme toute table scellée."""
    with connection.cursor() as curseur:
        curseur.execute("CREATE TEMPORARY TABLE scellee (id int, texte text) ON COMMIT DROP")
        curseur.execute("INSERT INTO scellee VALUES (1, 'écrit')")
        curseur.execute(
            "CREATE TRIGGER ni_update BEFORE UPDATE OR DELETE ON scellee FOR EACH ROW EXECUTE FUNCTION parchemin_refuser()"
        )
        curseur.execute(
            "CREATE TRIGGER ni_truncate BEFORE TRUNCATE ON scellee FOR EACH STATEMENT EXECUTE FUNCTION parchemin_refuser()"
        )
    return "scellee"


@pytest.mark.parametrize("sql", ["UPDATE scellee SET texte = 'autre'", "DELETE FROM scellee", "TRUNCATE scellee"])
@pytest.mark.parametrize("reglage", ["", "ni_update", "scellee:ni_update", "{ni_update,ni_truncate}"])
def test_ni_update_ni_delete_ni_truncate_meme_en_demandant_de_l_ignorer(scellee: str, sql: str, reglage: str) -> None:
    with connection.cursor() as curseur:
        if reglage:
            curseur.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [reglage])
        with pytest.raises(IntegrityError) as erreur, transaction.atomic():
            curseur.execute(sql)
        assert getattr(erreur.value.__cause__, "sqlstate", None) == "23001"
        assert str(erreur.value).splitlines()[0] == "scellee : insertion seule"
        curseur.execute("SELECT id, texte FROM scellee")
        assert curseur.fetchall() == [(1, "écrit")]


def test_les_declencheurs_d_une_table_scellee() -> None:
    ligne, table = insertion_seule()
    assert (ligne.name, str(ligne.operation)) == ("ni_update_ni_delete", "UPDATE OR DELETE")
    assert (table.name, str(table.operation)) == ("ni_truncate", "TRUNCATE")
    assert ligne.render_execute(Installation) == table.render_execute(Installation) == "parchemin_refuser()"


def test_la_representation_courte_ne_dit_que_la_cle() -> None:
    identifiant = uuid.UUID(int=7)
    assert repr_court(Installation(pk=identifiant)) == f"Installation:{identifiant}"
