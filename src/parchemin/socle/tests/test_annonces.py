"""Une nouvelle part avec la transaction qui la cause, arrive à chaque abonné, telle qu'elle est partie."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.socle import annonces
from parchemin.socle.annonces import abonne, annoncer, ecouler, remettre

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True)
class GrilleClose:
    """Un événement d'essai : un champ de chaque sorte permise, dont des facultatifs."""

    grille: UUID
    rang: int
    complete: bool
    bloc: str
    le: dt.datetime
    jour: dt.date
    remplace: UUID | None = None
    avant: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Illisible:
    """Un événement qui porte ce qui ne se transporte pas."""

    blocs: tuple[str, ...]


CLOSE = GrilleClose(
    grille=UUID(int=7),
    rang=3,
    complete=True,
    bloc="B3",
    le=dt.datetime(2026, 11, 24, 9, 5, tzinfo=dt.UTC),
    jour=dt.date(2026, 11, 24),
)


@pytest.fixture(autouse=True)
def abonnements(monkeypatch: pytest.MonkeyPatch) -> None:
    """Aucun abonné de l'application pendant ces essais."""
    monkeypatch.setattr(annonces, "_ABONNES", {})


@pytest.fixture
def recus() -> list[tuple[str, object]]:
    """Ce que deux abonnés ont reçu, dans l'ordre."""
    recus: list[tuple[str, object]] = []

    @abonne(GrilleClose)
    def premier(evenement: GrilleClose) -> None:
        recus.append(("premier", evenement))

    @abonne(GrilleClose)
    def second(evenement: GrilleClose) -> None:
        recus.append(("second", evenement))

    return recus


def test_chaque_abonne_recoit_l_evenement_tel_qu_il_est_parti(recus: list[tuple[str, object]]) -> None:
    annoncer(CLOSE)
    assert recus == []
    assert ecouler() == 2
    assert recus == [("premier", CLOSE), ("second", CLOSE)]
    assert ecouler() == 0


def test_un_champ_facultatif_arrive_vide_ou_dans_son_type(recus: list[tuple[str, object]]) -> None:
    plein = GrilleClose(UUID(int=1), 1, False, "B1", CLOSE.le, CLOSE.jour, UUID(int=2), dt.date(2026, 1, 1))
    annoncer(plein)
    ecouler()
    assert recus == [("premier", plein), ("second", plein)]


def test_une_transaction_annulee_n_a_rien_annonce(recus: list[tuple[str, object]]) -> None:
    with transaction.atomic():
        annoncer(CLOSE)
        transaction.set_rollback(True)
    assert (ecouler(), recus) == (0, [])


def test_sans_abonne_rien_ne_part() -> None:
    annoncer(CLOSE)
    assert ProcrastinateJob.objects.count() == 0


def test_inscrire_deux_fois_la_meme_fonction_ne_la_double_pas(recus: list[tuple[str, object]]) -> None:
    def encore(evenement: GrilleClose) -> None:
        recus.append(("encore", evenement))

    assert abonne(GrilleClose)(encore) is encore
    abonne(GrilleClose)(encore)
    annoncer(CLOSE)
    assert ecouler() == 3


def test_le_nom_garde_dans_la_file_ne_dit_pas_le_fichier_de_l_abonne() -> None:
    def dire(evenement: GrilleClose) -> None:
        vus.append(evenement)

    vus: list[GrilleClose] = []
    dire.__qualname__ = "dire"
    for module in ("parchemin.portail.abonnements.lectures", "parchemin.portail.abonnements"):
        dire.__module__ = module
        abonne(GrilleClose)(dire)
    annoncer(CLOSE)
    (job,) = ProcrastinateJob.objects.all()
    assert job.args["abonne"] == "parchemin.portail.abonnements.dire"
    assert (ecouler(), vus) == (1, [CLOSE])


def test_une_annonce_faite_par_un_abonne_s_ecoule_aussi() -> None:
    vus: list[int] = []

    @abonne(GrilleClose)
    def propager(evenement: GrilleClose) -> None:
        vus.append(evenement.rang)
        if evenement.rang > 1:
            annoncer(GrilleClose(evenement.grille, evenement.rang - 1, True, "B3", CLOSE.le, CLOSE.jour))

    annoncer(CLOSE)
    assert (ecouler(), vus) == (3, [3, 2, 1])


def test_un_abonne_disparu_du_code_est_une_erreur_que_la_file_garde() -> None:
    with pytest.raises(LookupError, match=r"^aucun abonné parti pour ailleurs\.Evenement$"):
        remettre(evenement="ailleurs.Evenement", abonne="parti", donnees={})


def test_un_abonne_qui_echoue_laisse_son_job_en_attente() -> None:
    @abonne(GrilleClose)
    def echouer(evenement: GrilleClose) -> None:
        raise ConnectionError

    annoncer(CLOSE)
    with pytest.raises(ConnectionError):
        ecouler()
    assert list(ProcrastinateJob.objects.values_list("status", flat=True)) == ["todo"]


def test_un_evenement_ne_porte_que_des_valeurs_simples() -> None:
    @abonne(Illisible)
    def lire(evenement: Illisible) -> None:
        raise AssertionError("jamais appelé")

    with pytest.raises(TypeError, match=r"^un événement ne porte pas de tuple$"):
        annoncer(Illisible(("B1", "B2")))
