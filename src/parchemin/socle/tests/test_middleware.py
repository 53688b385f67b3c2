"""Un refus, une panne, une écriture dans une lecture : ce que reçoit la personne."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NoReturn

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from psycopg_pool import PoolTimeout
from structlog.testing import capture_logs

from parchemin.socle.gardes import EcritureEnLecture
from parchemin.socle.models import Installation
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

FAUTES: dict[str, Exception] = {
    "regle": Refus(
        "grille_incomplete",
        "Il manque deux critères.",
        conserve="Vos coches sont gardées.",
        details=["K3.1.1", "K3.2.1"],
    ),
    "droit": RefusDroit("pas_gestionnaire", "Seul un gestionnaire inscrit un candidat."),
    "introuvable": Introuvable("Ce dossier ne vous est pas ouvert."),
    "base": OperationalError("connexion perdue"),
    "interface": InterfaceError("connexion fermée"),
    "reserve": PoolTimeout("plus de connexion libre"),
    "programme": ZeroDivisionError("secret interne"),
}


def echouer(request: HttpRequest, faute: str) -> NoReturn:
    """Une vue qui commet la faute demandée."""
    raise FAUTES[faute]


def ecrire(request: HttpRequest) -> HttpResponse:
    """Une vue qui écrit, quelle que soit la méthode."""
    Installation.objects.create(nature="production", depuis=datetime(2026, 11, 24, tzinfo=UTC))
    return HttpResponse("écrit")


urlpatterns = [
    path("essai/ecrire/", ecrire),
    path("essai/<str:faute>/", echouer),
    path("", include("parchemin.portail.urls")),
]
handler500 = "parchemin.portail.views.erreurs.panne"


@pytest.mark.parametrize(("faute", "statut"), [("regle", 409), ("droit", 403), ("introuvable", 404)])
def test_un_refus_devient_une_page_qui_dit_sa_raison(client: Client, faute: str, statut: int) -> None:
    reponse = client.get(f"/essai/{faute}/")
    refus = FAUTES[faute]
    assert isinstance(refus, Refus)
    assert reponse.status_code == statut
    assert [phrase for phrase in (refus.message, refus.conserve, *refus.details) if phrase not in _texte(reponse)] == []


@pytest.mark.parametrize(
    ("faute", "ligne"),
    [("introuvable", {"event": "introuvable"}), ("droit", {"event": "refus_de_droit", "code": "pas_gestionnaire"})],
)
def test_ce_qu_on_devine_s_inscrit_par_sa_route_et_rien_de_plus(client: Client, faute: str, ligne: dict) -> None:
    """De quoi voir qui essaie des identifiants, sans rien écrire de l'adresse demandée."""
    with capture_logs() as lignes:
        client.get(f"/essai/{faute}/?nom=Camille")
    averties = [une for une in lignes if une["log_level"] == "warning"]
    assert averties == [{"log_level": "warning", "route": "essai/<str:faute>/"} | ligne]
    assert "Camille" not in str(lignes)


@pytest.mark.parametrize("faute", ["base", "interface", "reserve"])
def test_une_base_arretee_repond_503_et_dit_quand_revenir(client: Client, faute: str) -> None:
    reponse = client.get(f"/essai/{faute}/")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "10")
    assert "connexion" not in _texte(reponse)


def test_une_base_arretee_avant_la_vue_repond_503_aussi(monkeypatch: pytest.MonkeyPatch) -> None:
    """La session se lit avant toute vue : c'est là que tombe d'abord une base arrêtée."""

    def tomber(self: SessionStore) -> NoReturn:
        raise OperationalError("serveur arrêté")

    monkeypatch.setattr(SessionStore, "load", tomber)
    client = Client(raise_request_exception=False)
    client.cookies[settings.SESSION_COOKIE_NAME] = "une-session"
    reponse = client.get("/essai/regle/")
    assert (reponse.status_code, reponse["Retry-After"]) == (503, "10")


def test_une_faute_de_programme_ne_montre_rien_de_l_interieur() -> None:
    reponse = Client(raise_request_exception=False).get("/essai/programme/")
    assert reponse.status_code == 500
    assert [mot for mot in ("secret interne", "ZeroDivisionError", "Traceback") if mot in _texte(reponse)] == []


@pytest.mark.parametrize("methode", ["get", "head", "options"])
def test_une_lecture_qui_ecrit_echoue_et_n_ecrit_rien(client: Client, methode: str) -> None:
    with pytest.raises(EcritureEnLecture), transaction.atomic():
        getattr(client, methode)("/essai/ecrire/")
    assert Installation.objects.count() == 0


def test_un_envoi_ecrit(client: Client) -> None:
    assert client.post("/essai/ecrire/").content.decode() == "écrit"
    assert Installation.objects.count() == 1


def _texte(reponse: HttpResponse) -> str:
    return reponse.content.decode()
