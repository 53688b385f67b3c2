"""La vérification se demande, se fait dans la file, et garde ce qu'elle a trouvé."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.registre import selectors, tasks
from parchemin.registre.enums import Action
from parchemin.registre.models import Entree
from parchemin.registre.services import demander_verification, relever_tetes
from parchemin.registre.tests.factories import ALICE, BRUNO, MIDI, agir
from parchemin.socle.annonces import ecouler

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _dossier(settings, tmp_path):
    settings.DONNEES = tmp_path


def actes() -> list[str]:
    return list(Entree.objects.filter(chaine="registre").order_by("rang").values_list("action", flat=True))


def test_une_verification_demandee_passe_par_la_file_et_dit_ce_qu_elle_a_relu():
    agir("a")
    agir("a", minutes=1)
    relever_tetes(maintenant=MIDI, dossier=tasks.dossier_journal())
    assert selectors.derniere_verification(ALICE) is None
    assert demander_verification(auteur=ALICE, maintenant=MIDI) is True
    assert selectors.verification_en_file(ALICE) is True
    ecouler()
    faite = selectors.derniere_verification(ALICE)
    assert (faite.demandee_par, faite.entrees, faite.chaines, faite.nombre_anomalies, faite.ligne_numero) == (
        ALICE.id, 4, 2, 0, 1,
    )  # fmt: skip
    assert selectors.verification_en_file(ALICE) is False
    assert actes() == [Action.TETES_RELEVEES, Action.VERIFICATION_DEMANDEE, Action.JOURNAL_VERIFIE]


def test_une_seule_attend_son_tour():
    assert demander_verification(auteur=ALICE, maintenant=MIDI) is True
    assert demander_verification(auteur=BRUNO, maintenant=MIDI) is False
    assert ProcrastinateJob.objects.filter(task_name="registre.verifier").count() == 1
    assert actes() == [Action.VERIFICATION_DEMANDEE]


def test_une_entree_alteree_se_garde_en_toutes_lettres():
    agir("a")
    with connection.cursor() as curseur:
        curseur.execute("SET session_replication_role = replica")
        curseur.execute("UPDATE registre_entree SET objet_id = 'autre'")
        curseur.execute("SET session_replication_role = origin")
    tasks.verifier.func(str(ALICE.id))
    faite = selectors.derniere_verification(ALICE)
    assert (faite.nombre_anomalies, faite.anomalies) == (
        1,
        ["chaîne « a », entrée n° 1 : son contenu ou son rang n'est plus celui qui fut haché [entree_alteree]"],
    )


def test_chaque_semaine_le_systeme_verifie():
    tasks.verifier_chaque_semaine.func(0)
    assert selectors.derniere_verification(ALICE).nombre_anomalies == 0
