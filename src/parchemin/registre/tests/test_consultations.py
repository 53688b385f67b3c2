"""Un regard s'inscrit une fois par lecteur, page et jour, avec son entrée, et deux regards au même instant n'en font qu'un."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from parchemin.registre import selectors
from parchemin.registre.consultations import Regard
from parchemin.registre.enums import Action, PageConsultee
from parchemin.registre.models import Consultation, Entree
from parchemin.registre.services import consigner_consultation
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI

DOSSIER = UUID("d0551e40-0000-4000-8000-000000000000")


def regard(page: PageConsultee = PageConsultee.CARNET) -> Regard:
    return Regard(objet=("dossier", DOSSIER), page=page, chaine="organisme:1", equipe=frozenset())


@pytest.mark.django_db
def test_le_premier_regard_du_jour_s_inscrit_et_lui_seul():
    faits = [
        consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI),
        consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI + timedelta(hours=3)),
        consigner_consultation(regard=regard(PageConsultee.DOSSIER), auteur=ALICE, maintenant=MIDI),
        consigner_consultation(regard=regard(), auteur=BRUNO, maintenant=MIDI),
        consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI + timedelta(days=1)),
    ]
    assert faits == [True, False, True, True, True]
    inscrites = selectors.entrees(ALICE, chaines=["organisme:1"]).order_by("rang")
    assert [(e.action, e.auteur_id, e.objet_id, e.donnees) for e in inscrites] == [
        (Action.CONSULTATION, ALICE.id, str(DOSSIER), {"page": "carnet", "jour": "2026-11-24"}),
        (Action.CONSULTATION, ALICE.id, str(DOSSIER), {"page": "dossier", "jour": "2026-11-24"}),
        (Action.CONSULTATION, BRUNO.id, str(DOSSIER), {"page": "carnet", "jour": "2026-11-24"}),
        (Action.CONSULTATION, ALICE.id, str(DOSSIER), {"page": "carnet", "jour": "2026-11-25"}),
    ]


@pytest.mark.django_db
def test_le_jour_est_celui_de_paris():
    minuit_passe = MIDI.replace(hour=23, minute=30)  # 0 h 30 le 25, à Paris
    consigner_consultation(regard=regard(), auteur=ALICE, maintenant=minuit_passe)
    assert list(Consultation.objects.values_list("jour", flat=True)) == [date(2026, 11, 25)]


@pytest.mark.django_db
def test_sans_entree_pas_de_regard(monkeypatch):
    def en_panne(*args, **kwargs):
        raise RuntimeError("journal en panne")

    monkeypatch.setattr("parchemin.registre.services.actes.inscrire_tout", en_panne)
    with pytest.raises(RuntimeError, match="journal en panne"):
        consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI)
    assert (Consultation.objects.count(), Entree.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE registre_consultation SET page = 'x'", "DELETE FROM registre_consultation"])
def test_un_regard_ne_s_efface_pas(sql):
    consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI)
    with pytest.raises(IntegrityError, match="insertion seule"), transaction.atomic():
        connection.cursor().execute(sql)


@pytest.mark.django_db(transaction=True)
def test_deux_regards_au_meme_instant_n_en_font_qu_un():
    depart, faits = threading.Barrier(2), []

    def regarder() -> None:
        try:
            depart.wait()
            faits.append(consigner_consultation(regard=regard(), auteur=ALICE, maintenant=MIDI))
        finally:
            connection.close()

    fils = [threading.Thread(target=regarder) for _ in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    assert sorted(faits) == [False, True]
    assert (Consultation.objects.count(), Entree.objects.count()) == (1, 1)
