"""Le bras d'un superutilisateur, pour abîmer un journal d'essai."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from parchemin.registre.chainage import GENESE, corps, instant_texte, maillon
from parchemin.registre.models import Entree
from parchemin.registre.sceaux import Scelle
from parchemin.registre.tests.factories import agir

LIGNES_SCELLEES = {"01": "avis favorable", "02": "avis réservé", "03": "avis défavorable"}


def empreinte_de(texte: str) -> str:
    """Le sceau d'essai."""
    return hashlib.sha256(texte.encode()).hexdigest()


@contextmanager
def superutilisateur() -> Iterator:
    """Un curseur pour qui aucun déclencheur n'existe."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        if not curseur.fetchone()[0]:
            pytest.skip("ce compte PostgreSQL ne peut pas couper les déclencheurs : rien à falsifier")
        curseur.execute("SET LOCAL session_replication_role = 'replica'")
        yield curseur
        curseur.execute("SET LOCAL session_replication_role = 'origin'")


def refaire_la_chaine(curseur, chaine: str) -> None:
    """Ce que ferait un faussaire patient : recalculer tous les rangs, toutes les empreintes, puis la tête."""
    precedent = GENESE
    entrees = list(Entree.objects.filter(chaine=chaine).select_related("auteur").order_by("rang"))
    curseur.execute("UPDATE registre_entree SET rang = rang + 1000 WHERE chaine_id = %s", [chaine])
    for rang, e in enumerate(entrees, start=1):
        refait = corps(
            chaine=chaine, instant=instant_texte(e.instant), auteur=str(e.auteur_id), nature=e.auteur.nature,
            action=e.action, objet_type=e.objet_type, objet_id=e.objet_id, donnees=e.donnees,
            engagements=e.engagements, scelles=e.scelles,
        )  # fmt: skip
        empreinte = maillon(precedent, rang, refait)
        curseur.execute(
            "UPDATE registre_entree SET rang = %s, precedent = %s, empreinte = %s WHERE id = %s",
            [rang, precedent, empreinte, e.pk],
        )
        avant, precedent = precedent, empreinte
    curseur.execute(
        "UPDATE registre_chaine SET longueur = %s, precedente = %s, tete = %s WHERE nom = %s",
        [len(entrees), avant, precedent, chaine],
    )


def sceller(cle: str, **options) -> None:
    """Une ligne scellée et l'entrée qui en parle."""
    with connection.cursor() as curseur:
        curseur.execute("INSERT INTO essai_scelle VALUES (%s, %s)", [cle, LIGNES_SCELLEES[cle]])
    agir("a", objet=cle, scelles=[Scelle("essai.scelle", cle, empreinte_de(LIGNES_SCELLEES[cle]))], **options)
