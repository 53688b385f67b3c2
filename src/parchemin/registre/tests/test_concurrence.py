"""Beaucoup d'actes à la fois : aucun rang perdu ni doublé, aucun interblocage."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from parchemin.registre.models import ActeurOpaque, Chaine, Entree
from parchemin.registre.services import acte
from parchemin.registre.tests.factories import MIDI, ActionEssai, agir
from parchemin.registre.verification import verifier
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db(transaction=True)

FILS, ACTES_PAR_FIL, CHAINES = 50, 4, 5
PLACES = threading.BoundedSemaphore(25)
"""Autant de connexions ouvertes à la fois, et d'actes qui se disputent les têtes."""


def en_parallele(travail, nombre=FILS):
    """Lance `nombre` fils sur une barrière ; rend les erreurs."""
    barriere, erreurs = threading.Barrier(nombre), []

    def un(rang):
        try:
            barriere.wait(30)
            with PLACES:
                try:
                    travail(rang)
                finally:
                    connections.close_all()
        except Exception as erreur:  # noqa: BLE001 (rendue au fil principal)
            erreurs.append(erreur)

    fils = [threading.Thread(target=un, args=(rang,)) for rang in range(nombre)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    return erreurs


def test_cinquante_fils_sur_cinq_chaines(tmp_path):
    def travail(fil):
        for essai in range(ACTES_PAR_FIL):
            agir(f"essai:{(fil + essai) % CHAINES}", objet=f"{fil}/{essai}", auteur=Acteur(uuid4()))

    assert en_parallele(travail) == []
    par_chaine = FILS * ACTES_PAR_FIL // CHAINES
    assert list(Chaine.objects.order_by("nom").values_list("nom", "longueur")) == [
        (f"essai:{n}", par_chaine) for n in range(CHAINES)
    ]
    assert sorted(Entree.objects.values_list("chaine", "rang")) == [
        (f"essai:{n}", rang) for n in range(CHAINES) for rang in range(1, par_chaine + 1)
    ]
    assert sorted(Entree.objects.values_list("objet_id", flat=True)) == sorted(
        f"{fil}/{essai}" for fil in range(FILS) for essai in range(ACTES_PAR_FIL)
    )
    assert verifier(tmp_path, ()) == ()


def test_deux_chaines_prises_en_croix_ne_se_bloquent_pas(tmp_path):
    """Chaque fil écrit sur les deux chaînes, la moitié dans un ordre, la moitié dans l'autre, sous deux auteurs."""
    auteurs = [Acteur(uuid4()), Acteur(uuid4())]

    def travail(fil):
        dehors, dedans = ("essai:a", "essai:b")[:: 1 if fil % 2 else -1]
        for _ in range(ACTES_PAR_FIL):
            with acte(auteur=auteurs[fil % 2], maintenant=MIDI, action=ActionEssai.FAITE, chaine=dehors) as journal:
                agir(dedans, auteur=auteurs[1 - fil % 2])
                journal.inscrire(objet=("essai.chose", str(fil)), donnees={})

    assert en_parallele(travail) == []
    total = FILS * ACTES_PAR_FIL
    assert list(Chaine.objects.order_by("nom").values_list("nom", "longueur")) == [
        ("essai:a", total),
        ("essai:b", total),
    ]
    assert ActeurOpaque.objects.count() == 2
    assert verifier(tmp_path, ()) == ()


def test_une_chaine_n_attend_pas_l_autre():
    """Un acte en suspens sur une chaîne n'en retient aucune autre (son auteur est déjà connu du journal)."""
    agir("essai:avant")
    tenue, lachee = threading.Event(), threading.Event()

    def tenir(_):
        with transaction.atomic():
            agir("essai:tenue")
            tenue.set()
            assert lachee.wait(30)

    fil = threading.Thread(target=lambda: en_parallele(tenir, 1))
    fil.start()
    assert tenue.wait(30)
    with connection.cursor() as curseur:
        curseur.execute("SET lock_timeout = '2s'")
    agir("essai:libre")
    lachee.set()
    fil.join(30)
    with connection.cursor() as curseur:
        curseur.execute("RESET lock_timeout")
    assert list(Chaine.objects.order_by("nom").values_list("nom", "longueur")) == [
        ("essai:avant", 1),
        ("essai:libre", 1),
        ("essai:tenue", 1),
    ]
