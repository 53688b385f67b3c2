"""Qui agit, d'après la connexion : personne sans compte, personne avec un compte désactivé."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.middleware import ActeurMiddleware
from parchemin.comptes.models import Compte, Role
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil, maintenant

pytestmark = pytest.mark.django_db

PAGE = "/comptes/"
CONNEXION = "/connexion/login/"
JOUR = jour_civil(maintenant())


def test_un_compte_desactive_perd_l_acces_des_la_requete_suivante():
    gestionnaire = factories.gestionnaire()
    client = factories.client(gestionnaire)
    assert client.get(PAGE).status_code == 200
    services.desactiver_compte(personne=gestionnaire.id, auteur=SYSTEME, maintenant=JADIS)
    assert client.get(PAGE).headers["Location"] == f"{CONNEXION}?next={PAGE}"


def test_un_role_retire_ferme_la_page_sans_deconnecter():
    gestionnaire = factories.gestionnaire()
    client = factories.client(gestionnaire)
    services.retirer_role(role=Role.objects.get().pk, auteur=SYSTEME, maintenant=JADIS)
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("saisi", ["essai", "ESSAI"])
def test_on_se_connecte_avec_son_courriel_sans_egard_a_la_casse(saisi):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    courriel = factories.compte(acteur)
    client = Client()
    saisie = courriel.upper() if saisi == "ESSAI" else courriel
    reponse = client.post(f"{CONNEXION}?next=/", {"login": saisie, "password": MOT_DE_PASSE})
    assert (reponse.status_code, reponse.headers["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_un_compte_desactive_ne_se_connecte_pas():
    acteur = factories.avec_role(NatureRole.GESTIONNAIRE)
    courriel = factories.compte(acteur)
    services.desactiver_compte(personne=acteur.id, auteur=SYSTEME, maintenant=JADIS)
    client = Client()
    client.post(CONNEXION, {"login": courriel, "password": MOT_DE_PASSE})
    assert "_auth_user_id" not in client.session


def test_on_ne_s_inscrit_pas_soi_meme():
    reponse = Client().post(
        "/connexion/signup/", {"email": "intrus@ailleurs.example", "password1": MOT_DE_PASSE, "password2": MOT_DE_PASSE}
    )
    from parchemin.comptes.models import Compte

    assert (reponse.status_code, Compte.objects.count()) == (200, 0)


def test_une_page_qu_on_lit_ne_relit_pas_les_droits_celle_qui_ecrit_les_relit_toujours():
    gestionnaire = factories.gestionnaire()
    factories.compte(gestionnaire)
    vus: list[tuple[int, bool, bool]] = []

    def vue(request):
        acteur = request.acteur
        with CaptureQueriesContext(connection) as requetes:
            tenait = droits(acteur, JOUR).est_gestionnaire
            Role.objects.update(au=JOUR)
            tient_encore = droits(acteur, JOUR).est_gestionnaire
        lues = sum(requete["sql"].startswith("SELECT") for requete in requetes)
        vus.append((lues, tenait, tient_encore))
        return HttpResponse()

    intergiciel = ActeurMiddleware(vue)
    for methode in ("get", "head", "post", "put", "delete"):
        Role.objects.update(au=None)
        requete = getattr(RequestFactory(), methode)("/")
        requete.user, requete.session = Compte.objects.get(), {}
        intergiciel(requete)
    assert vus == [(1, True, True), (1, True, True), (2, True, False), (2, True, False), (2, True, False)]


def test_la_memoire_d_une_lecture_finit_avec_elle_et_ne_se_partage_pas():
    gestionnaire = factories.gestionnaire()
    factories.compte(gestionnaire)
    acteurs: list[Acteur] = []
    intergiciel = ActeurMiddleware(lambda request: acteurs.append(request.acteur) or HttpResponse())
    for _ in range(2):
        requete = RequestFactory().get("/")
        requete.user, requete.session = Compte.objects.get(), {}
        intergiciel(requete)
    une, autre = acteurs
    assert une == autre == gestionnaire
    assert droits(une, JOUR).est_gestionnaire
    Role.objects.update(au=JOUR)
    assert (droits(une, JOUR).est_gestionnaire, droits(autre, JOUR).est_gestionnaire) == (True, False)
    assert not droits(gestionnaire, JOUR).est_gestionnaire
