"""Les pages d'erreur tiennent debout sans base, ni requête, ni processeur de contexte ; elles disent trois choses."""

import re

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from parchemin.socle.middleware import ErreursMiddleware
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

TITRES = {
    "400.html": "Cette demande n’a pas été comprise",
    "403.html": "Cette page ne vous est pas ouverte",
    "403_csrf.html": "Le formulaire avait expiré",
    "404.html": "Il n’y a rien à cette adresse",
    "500.html": "Parchemin a rencontré une panne",
    "503.html": "La base de données ne répond pas",
}


def texte(page: str) -> str:
    """Ce qui se lit, sur une ligne."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]*>", " ", page))


@pytest.mark.parametrize(("gabarit", "titre"), TITRES.items())
def test_une_page_d_erreur_se_rend_seule(gabarit, titre):
    page = render_to_string(gabarit, {})
    assert re.findall(r"<h1>(.*?)</h1>", page) == [titre]
    assert re.findall(r"<dt>(.*?)</dt>", page) == ["Ce qui a été gardé", "Ce qu’il faut faire"]
    assert [len(suite.split()) > 4 for suite in re.findall(r"<dd>(.*?)</dd>", page, re.DOTALL)] == [True, True]
    assert re.findall(r'<html lang="(.*?)">', page) == ["fr"]
    assert re.findall(r" style=| on\w+=|<style", page) == []


def repondre(exception: Exception):
    """La réponse du traducteur d'erreurs à cette exception, sans processeur de contexte."""
    return ErreursMiddleware(lambda _: HttpResponse()).process_exception(RequestFactory().get("/x"), exception)


@pytest.fixture
def _sans_contexte(settings):
    """Des gabarits sans processeur : la page ne dépend d'aucune capacité."""
    moteur = settings.TEMPLATES[0]
    options = moteur["OPTIONS"] | {"context_processors": []}
    with override_settings(TEMPLATES=[moteur | {"OPTIONS": options}]):
        yield


@pytest.mark.usefixtures("_sans_contexte")
def test_un_refus_dit_sa_raison_ce_qui_manque_et_ce_qui_est_garde():
    refus = Refus(
        "grille_incomplete", "Il manque 2 choix.", conserve="Vos 28 observations.", details=["K1.2.3", "K1.4.1"]
    )
    reponse = repondre(refus)
    page = reponse.content.decode()
    assert reponse.status_code == 409
    assert re.findall(r"<h1>(.*?)</h1>", page) == ["Ce geste n’a pas été accepté"]
    assert "Il manque 2 choix. K1.2.3 K1.4.1 Ce qui a été gardé Vos 28 observations. Ce qu’il faut faire" in texte(page)
    assert "Refus « grille_incomplete »" in texte(page)


@pytest.mark.usefixtures("_sans_contexte")
def test_un_refus_sans_details_dit_que_rien_d_autre_n_a_change():
    page = repondre(Refus("trop_tard", "C'est trop tard.")).content.decode()
    assert "C’est trop tard. Ce qui a été gardé Tout ce qui était enregistré avant ce geste." in texte(page)


@pytest.mark.usefixtures("_sans_contexte")
def test_un_droit_manquant_et_une_page_absente_disent_leur_raison():
    droit = repondre(RefusDroit("lecture", "Ce dossier n'est pas le vôtre.", details=["Voyez votre gestionnaire."]))
    absente = repondre(Introuvable("Cette grille n'existe pas."))
    assert (droit.status_code, absente.status_code) == (403, 404)
    assert "Ce dossier n’est pas le vôtre. Voyez votre gestionnaire." in texte(droit.content.decode())
    assert "Cette grille n’existe pas." in texte(absente.content.decode())
