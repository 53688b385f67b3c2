"""Qui n'est pas de l'équipe d'un candidat ne regarde pas son dossier sans que cela s'inscrive ; l'équipe, si."""

from __future__ import annotations

import inspect

import pytest
import time_machine
from django.test import Client
from django.urls import get_resolver

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation.tests import factories as evaluation
from parchemin.registre.enums import Action
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

PAGES = {
    "dossier": "/candidats/{dossier}/",
    "carnet": "/carnet/{dossier}/",
    "epreuve": "/epreuves/{epreuve}/",
    "resultat": "/candidats/{dossier}/resultat/",
    "releve": "/candidats/{dossier}/releve.pdf",
}
AUTRES = {
    "/candidats/{dossier}/designer/": "dossier",
    "/candidats/{dossier}/abandonner/": "dossier",
    "/candidats/{dossier}/version/": "dossier",
    "/carnet/{dossier}/carnet.pdf": "carnet_pdf",
    "/epreuves/{epreuve}/evaluateurs/": "epreuve",
    "/epreuves/{epreuve}/annuler/": "epreuve",
}


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(evaluation.CLOTURE, tick=False):
        yield


@pytest.fixture
def salle():
    return evaluation.evalue()


def regards() -> list[tuple[str, str, dict[str, str], str]]:
    lignes = Entree.objects.filter(action=Action.CONSULTATION).order_by("chaine", "rang")
    return [(str(e.auteur_id), e.objet_id, e.donnees, e.chaine_id) for e in lignes]


def adresse(modele: str, salle) -> str:
    return modele.format(dossier=salle.monde.dossier, epreuve=salle.epreuve)


def inscrit(lecteur, salle, page: str):
    return (
        str(lecteur.id),
        str(salle.monde.dossier),
        {"page": page, "jour": "2026-11-20"},
        f"organisme:{salle.monde.organisme}",
    )


@pytest.mark.parametrize("page", PAGES)
def test_qui_gere_partout_n_est_pas_de_l_equipe_chaque_page_s_inscrit(page, salle):
    national = comptes.gestionnaire()
    client = comptes.client(national)
    assert client.get(adresse(PAGES[page], salle)).status_code == 200
    assert regards() == [inscrit(national, salle, page)]
    client.get(adresse(PAGES[page], salle))
    assert len(regards()) == 1


@pytest.mark.parametrize(("modele", "page"), AUTRES.items())
def test_les_pages_de_gestion_aussi(modele, page):
    salle = convocations.salle()
    national = comptes.gestionnaire()
    assert comptes.client(national).get(adresse(modele, salle)).status_code == 200
    assert regards() == [inscrit(national, salle, page)]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("qui", ["candidat", "tuteur", "manager", "gestionnaire", "metier", "certificateur"])
def test_l_equipe_regarde_sans_que_cela_s_inscrive(qui, page, salle):
    lecteur = getattr(salle.monde, qui, None) or getattr(salle, qui)
    reponse = comptes.client(lecteur).get(adresse(PAGES[page], salle))
    assert reponse.status_code in (200, 404)
    assert regards() == []


def test_un_gestionnaire_de_l_organisme_qui_gere_aussi_partout_est_de_l_equipe(salle):
    for organisme in (None, salle.monde.organisme):
        donner_role(
            personne=salle.metier.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=organisme,
            auteur=SYSTEME,
            maintenant=comptes.JADIS,
        )
    comptes.client(salle.metier).get(adresse(PAGES["carnet"], salle))
    assert regards() == []


def test_une_page_refusee_n_est_pas_un_regard(salle):
    ailleurs = comptes.gestionnaire(comptes.organisme())
    for modele in PAGES.values():
        assert comptes.client(ailleurs).get(adresse(modele, salle)).status_code == 404
    assert regards() == []


def test_une_page_en_panne_ne_montre_rien_et_n_inscrit_rien(salle, monkeypatch):
    monkeypatch.setattr("parchemin.carnet.presenters.page_carnet", lambda *args: 1 / 0)
    client = comptes.client(comptes.gestionnaire())
    client.raise_request_exception = False
    assert client.get(adresse(PAGES["carnet"], salle)).status_code == 500
    assert regards() == []


def test_si_le_regard_ne_s_inscrit_pas_la_page_ne_s_affiche_pas(salle, monkeypatch):
    def en_panne(**kwargs):
        raise RuntimeError("journal en panne")

    monkeypatch.setattr("parchemin.portail.middleware.consigner_consultation", en_panne)
    client = comptes.client(comptes.gestionnaire())
    client.raise_request_exception = False
    reponse = client.get(adresse(PAGES["carnet"], salle))
    assert reponse.status_code == 500
    assert "Camille" not in reponse.content.decode()


@pytest.mark.django_db(transaction=True)
def test_le_regard_est_valide_avant_que_la_page_ne_parte(monkeypatch):
    """Ce qui échoue après (la session, un intergiciel, le réseau) ne l'annule pas."""
    salle = evaluation.evalue()
    client = comptes.client(comptes.gestionnaire())
    client.raise_request_exception = False

    def casser(self, request, response):
        raise RuntimeError("après la page")

    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_response", casser)
    assert client.get(adresse(PAGES["carnet"], salle)).status_code == 500
    assert len(regards()) == 1


def test_l_equipe_ne_paie_rien(salle, django_assert_num_queries):
    """Le regard d'un membre de l'équipe ne coûte aucune requête ; celui d'un autre en coûte deux une fois inscrit."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def compte(lecteur) -> int:
        client = comptes.client(lecteur)
        client.get(adresse(PAGES["carnet"], salle))
        with CaptureQueriesContext(connection) as requetes:
            client.get(adresse(PAGES["carnet"], salle))
        return len([r for r in requetes if "registre_" in r["sql"]])

    assert (compte(salle.monde.gestionnaire), compte(comptes.gestionnaire())) == (0, 1)


def test_anonyme_mene_a_la_connexion_sans_regard(salle):
    for modele in PAGES.values():
        assert Client().get(adresse(modele, salle)).status_code == 302
    assert regards() == []


def test_chaque_adresse_qui_montre_un_dossier_annonce_son_regard():
    """Une adresse à identifiant, dans une capacité qui tient des dossiers, et qui répond à GET, annonce son regard."""
    muettes = set()
    for prefixe, motif in _motifs(get_resolver()):
        adresse = prefixe + str(motif.pattern)
        if not adresse.startswith(("candidats/", "carnet/", "epreuves/")) or "<" not in adresse:
            continue
        vue = inspect.unwrap(motif.callback)
        source = inspect.getsource(vue)
        if (
            "@require_POST" not in source
            and "regarder(" not in source
            and "ouvrir(request" not in source
            and "_epreuve(request" not in source
        ):
            muettes.add(adresse)
    assert muettes == SANS_REGARD


SANS_REGARD = {
    "candidats/importer/<uuid:identifiant>/",  # un fichier que l'on vient de déposer soi-même : aucun dossier encore
    "candidats/importer/<uuid:identifiant>/colonnes/",
    "candidats/importer/modele.<str:forme>",
    "candidats/importer/<uuid:identifiant>/fait/",  # une liste, comme celle des candidats : de ceux qui tiennent ces organismes
    "candidats/importer/<uuid:identifiant>/defaire/",
    "candidats/titulaires/<uuid:identifiant>/",  # un fichier que l'on vient de déposer soi-même
    "candidats/titulaires/modele.<str:forme>",
    "candidats/titulaires/repris/<uuid:acquis>/retirer/",  # un parchemin du registre : d'aucun dossier
    "epreuves/<uuid:identifiant>/reponse/",  # qui est convoqué répond pour soi
    "epreuves/<uuid:identifiant>/reponse/invitation.ics",
    "epreuves/calendrier/<str:jeton>.ics",
    "epreuves/convocation/<str:jeton>/",
    "epreuves/convocation/<str:jeton>/convocation.pdf",
    "epreuves/convocation/<str:jeton>/invitation.ics",
    "epreuves/disponibilites/<uuid:identifiant>/",  # les heures de quelqu'un : d'aucun dossier
    "epreuves/plans/<uuid:identifiant>/",  # une liste d'épreuves à placer, de qui les planifie
    "epreuves/plans/<uuid:identifiant>/adopter/",
    "epreuves/salles/<uuid:identifiant>/",  # un lieu, et ce qui s'y tient
    "epreuves/sites/<uuid:identifiant>/",
    "epreuves/sites/<uuid:identifiant>/fermer/",
    "epreuves/sites/<uuid:identifiant>/modifier/",
    "epreuves/sites/<uuid:identifiant>/salles/ajouter/",
    "epreuves/suivi/suivi.<str:forme>",  # une liste, comme la page du suivi : des épreuves que l'on planifie
    "epreuves/sites/<uuid:identifiant>/semaine/",
    "epreuves/sites/<uuid:identifiant>/trajets/",
    "carnet/lien/<str:jeton>/",  # qui tient ce lien est le tuteur ou le manager désigné, donc de l'équipe
    "carnet/repudier/<str:jeton>/",
}
"""Les adresses qui n'ont rien à annoncer, chacune avec sa raison."""


def _motifs(resolveur, prefixe=""):
    for motif in resolveur.url_patterns:
        if hasattr(motif, "url_patterns"):
            yield from _motifs(motif, prefixe + str(motif.pattern))
        else:
            yield prefixe, motif
