"""La base refuse ce que le code n'a pas à faire : insertion seule, têtes d'un pas, valeurs qu'on ne peut que vider."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from parchemin.registre.tests.factories import agir

pytestmark = pytest.mark.django_db

REFUSES = [
    "UPDATE registre_acteuropaque SET nature = 'systeme'",
    "DELETE FROM registre_acteuropaque",
    "TRUNCATE registre_acteuropaque CASCADE",
    "UPDATE registre_entree SET action = 'essai.defaite'",
    "UPDATE registre_entree SET empreinte = empreinte",
    "DELETE FROM registre_entree",
    "TRUNCATE registre_entree CASCADE",
    "UPDATE registre_chaine SET longueur = 1, precedente = tete",
    "UPDATE registre_chaine SET longueur = longueur + 2, precedente = tete",
    "UPDATE registre_chaine SET longueur = longueur + 1, precedente = repeat('0', 64)",
    "UPDATE registre_chaine SET nom = 'autre', longueur = longueur + 1, precedente = tete",
    "DELETE FROM registre_chaine",
    "TRUNCATE registre_chaine CASCADE",
    "UPDATE registre_valeurpersonnelle SET valeur = 'autre'",
    "UPDATE registre_valeurpersonnelle SET valeur = NULL",
    "UPDATE registre_valeurpersonnelle SET nom = 'autre', sel = NULL, valeur = NULL",
    "DELETE FROM registre_valeurpersonnelle",
    "TRUNCATE registre_valeurpersonnelle",
]


@pytest.fixture
def _journal():
    agir("essai", personnel={"nom": "Zoé"})
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.usefixtures("_journal")
@pytest.mark.parametrize("instruction", REFUSES)
@pytest.mark.parametrize("reglage", ["", "SET LOCAL pgtrigger.ignore = '{registre_entree:ni_update_ni_delete}';"])
def test_la_base_refuse(instruction, reglage):
    with pytest.raises(IntegrityError) as refus, transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(reglage + instruction)
    assert refus.value.__cause__.sqlstate == "23001"


@pytest.mark.usefixtures("_journal")
def test_une_valeur_se_vide_et_la_tete_avance():
    with connection.cursor() as curseur:
        curseur.execute("UPDATE registre_valeurpersonnelle SET sel = NULL, valeur = NULL")
        assert curseur.rowcount == 1
        curseur.execute("UPDATE registre_chaine SET longueur = longueur + 1, precedente = tete, tete = repeat('f', 64)")
        assert curseur.rowcount == 1
