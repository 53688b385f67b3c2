"""Chaque garde fait échouer un test qui commet sa faute, et laisse passer ce qui est juste."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.db import models, transaction
from django.http import HttpResponse
from django.template import Context, Engine, Template
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone

from parchemin.socle.gardes import EcritureEnLecture
from parchemin.socle.middleware import LectureSeuleMiddleware
from parchemin.socle.models import Installation
from tests import gardes

Echec = pytest.fail.Exception


def _rendre(source: str, **contexte: object) -> str:
    return Template(source).render(Context(contexte))


# --- variables de gabarit ---------------------------------------------------------------------------------------------


def test_une_variable_inconnue_echoue() -> None:
    with pytest.raises(Echec, match="variable inconnue « titre »"):
        _rendre("<h1>{{ titre }}</h1>")


def test_un_attribut_inconnu_echoue() -> None:
    with pytest.raises(Echec, match=r"variable inconnue « page\.titre »"):
        _rendre("{{ page.titre }}", page={})


def test_la_liste_inconnue_d_une_boucle_echoue() -> None:
    with pytest.raises(Echec, match="liste inconnue « lignes »"):
        _rendre("{% for ligne in lignes %}{{ ligne }}{% endfor %}")


def test_ce_qui_existe_passe_fut_il_vide() -> None:
    assert (
        _rendre("{{ titre }}{% if absent %}x{% endif %}{% for l in lignes %}{{ l }}{% endfor %}", titre="", lignes=None)
        == ""
    )


def test_un_gabarit_tiers_repond_de_lui_meme(tmp_path: object) -> None:
    assert not gardes._est_a_nous(django_file())
    assert gardes._est_a_nous(str(gardes.RACINE / "src/parchemin/portail/templates/x.html"))


def django_file() -> str:
    import django.contrib.admin

    return django.contrib.admin.__path__[0] + "/templates/admin/base.html"


# --- jetons -----------------------------------------------------------------------------------------------------------

SANS_JETON = '<form method="POST" action="/clore"><button>Clore</button></form>'
AVEC_JETON = '<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="x"></form>'
RECHERCHE = '<form method="get" action="/chercher"><input name="q"></form>'

urlpatterns = [
    path("sans/", lambda requete: HttpResponse(SANS_JETON)),
    path("avec/", lambda requete: HttpResponse(RECHERCHE + AVEC_JETON)),
    path("json/", lambda requete: HttpResponse(SANS_JETON, content_type="application/json")),
    path("un-sur-deux/", lambda requete: HttpResponse(AVEC_JETON + SANS_JETON)),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("adresse", ["/sans/", "/un-sur-deux/"])
def test_un_formulaire_post_sans_jeton_echoue(adresse: str) -> None:
    with pytest.raises(Echec, match="sans jeton CSRF : /clore"):
        Client().get(adresse)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("adresse", ["/avec/", "/json/"])
def test_un_formulaire_avec_jeton_passe(adresse: str) -> None:
    assert Client().get(adresse).status_code == 200


# --- suites sans ordre ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_une_suite_sans_ordre_parcourue_par_un_gabarit_echoue() -> None:
    with pytest.raises(Echec, match="suite sans ordre « lignes »"):
        _rendre("{% for ligne in lignes %}{{ ligne.nature }}{% endfor %}", lignes=Installation.objects.all())
    assert _rendre("{% for l in lignes %}x{% endfor %}", lignes=Installation.objects.order_by("pk")) == ""


@pytest.mark.django_db
def test_une_suite_sans_ordre_coupee_par_notre_code_echoue() -> None:
    code = "def premiers(suite): return suite[:3]\n"
    notre: dict[str, object] = {"__name__": "parchemin.evaluation.selectors"}
    exec(code, notre)  # le nom du module décide
    with pytest.raises(Echec, match=r"coupée dans parchemin\.evaluation\.selectors"):
        notre["premiers"](Permission.objects.order_by())  # type: ignore[operator]
    assert len(notre["premiers"](Permission.objects.order_by("pk"))) == 3  # type: ignore[operator]
    assert len(Permission.objects.order_by()[:3]) == 3  # un tiers répond de lui-même


# --- dates ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_un_instant_sans_fuseau_echoue() -> None:
    with pytest.raises(RuntimeWarning, match="received a naive datetime"):
        Installation.objects.filter(depuis=datetime(2026, 11, 24, 9, 0)).exists()  # noqa: DTZ001
    assert not Installation.objects.filter(depuis=datetime(2026, 11, 24, 9, 0, tzinfo=UTC)).exists()


def test_un_instant_range_dans_une_date_echoue() -> None:
    jour = models.DateField(name="jour")
    with pytest.raises(Echec, match="instant rangé dans la date « jour »"):
        jour.get_prep_value(timezone.now())
    assert jour.get_prep_value(timezone.localdate()) == timezone.localdate()


# --- lectures et réseau -----------------------------------------------------------------------------------------------


def _ecrire(requete: object) -> HttpResponse:
    Installation.objects.create(nature=Installation.Nature.DEMONSTRATION, depuis=timezone.now())
    return HttpResponse()


@pytest.mark.django_db
@pytest.mark.parametrize("verbe", ["get", "head", "options"])
def test_une_ecriture_dans_une_lecture_echoue(verbe: str) -> None:
    requete = getattr(RequestFactory(), verbe)("/")
    with pytest.raises(EcritureEnLecture), transaction.atomic():
        LectureSeuleMiddleware(_ecrire)(requete)
    assert Installation.objects.count() == 0


@pytest.mark.django_db
def test_une_ecriture_dans_un_post_passe() -> None:
    LectureSeuleMiddleware(_ecrire)(RequestFactory().post("/"))
    assert Installation.objects.count() == 1


def test_le_reseau_est_ferme() -> None:
    with pytest.raises(UserWarning, match="tried to use socket"), socket.socket() as prise:
        prise.connect(("192.0.2.1", 80))


def test_cette_machine_reste_ouverte() -> None:
    with socket.create_server(("127.0.0.1", 0)) as serveur, socket.create_connection(serveur.getsockname(), timeout=5):
        pass


def test_les_gardes_sont_posees_dans_le_moteur_de_gabarits() -> None:
    assert isinstance(Engine.get_default().string_if_invalid, gardes.VariableInconnue)
