"""Les journaux techniques ne disent rien de personnel : ni par nous, ni par une bibliothèque, ni par une exception."""

from __future__ import annotations

import json
import logging
import sys
import threading

import pytest
import structlog
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import include, path

from parchemin.comptes import services as comptes_services
from parchemin.comptes.tests import factories as comptes
from parchemin.registre.models import Entree
from parchemin.socle import journaux
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

NOM, COURRIEL, NIR = "Zyxwvut-Marqueur", "zyxwvut.marqueur@caisse.example", "299017512345678"
MARQUEURS = ("zyxwvut", "marqueur", NIR)


@pytest.fixture
def lignes(capsys):
    """Les lignes JSON écrites depuis le dernier appel, tous niveaux permis."""
    racine = logging.getLogger()
    avant = racine.level
    racine.setLevel(logging.DEBUG)
    yield lambda: [json.loads(ligne) for ligne in capsys.readouterr().err.splitlines()]
    racine.setLevel(avant)


def test_nos_lignes_ne_portent_que_des_cles_permises(lignes):
    structlog.get_logger("parchemin.essai").warning(
        "refus", code="droit", courriel=COURRIEL, route=f"/{NOM} /", nombre=3
    )
    (ligne,) = [une for une in lignes() if une["journal"] == "parchemin.essai"]
    assert {nom: ligne[nom] for nom in ligne if nom != "instant"} == {
        "niveau": "warning", "journal": "parchemin.essai", "evenement": "refus", "code": "droit", "nombre": 3,
        "cles_retirees": ["courriel", "route"],
    }  # fmt: skip
    assert ligne["instant"].endswith("+00:00")


def test_d_une_bibliotheque_on_ne_garde_que_le_gabarit_ou_l_endroit(lignes):
    autre = logging.getLogger("bibliotheque")
    autre.error("Not Found: %s", f"/invitation/{NOM}/")
    autre.error(f"Job de {COURRIEL} en échec")
    ecrites = [une for une in lignes() if une["journal"] == "bibliotheque"]
    assert [une.get("gabarit") for une in ecrites] == ["Not Found: %s", None]
    assert ecrites[1]["lieu"].startswith("test_journaux:")
    assert not any(marqueur in json.dumps(ecrites).lower() for marqueur in MARQUEURS)


@pytest.mark.django_db
def test_une_exception_sql_dit_son_code_et_sa_contrainte_pas_la_valeur(lignes):
    comptes_services.creer_personne(
        prenom="Ada", nom=NOM, courriel_pro=COURRIEL, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    technique = logging.getLogger("parchemin.essai")
    with pytest.raises(IntegrityError), transaction.atomic():
        try:
            connection.cursor().execute(
                "INSERT INTO comptes_personne SELECT (jsonb_populate_record(p, jsonb_build_object('id', gen_random_uuid()))).*"
                " FROM comptes_personne p WHERE courriel_pro = %s", [COURRIEL],
            )  # fmt: skip
        except IntegrityError:
            technique.exception("échec")
            raise
    (ligne,) = [une for une in lignes() if une["journal"] == "parchemin.essai"]
    assert {(e["genre"], e.get("sql"), e.get("contrainte")) for e in ligne["exceptions"]} == {
        ("django.db.utils.IntegrityError", None, None),
        ("psycopg.errors.UniqueViolation", "23505", "personne_courriel_unique"),
    }
    assert not any(marqueur in json.dumps(ligne).lower() for marqueur in MARQUEURS)


def fauter(request, faute):
    """Une vue qui échoue de chaque façon, en citant une personne."""
    match faute:
        case "programme":
            raise ZeroDivisionError(f"{NOM} {COURRIEL} {NIR}")
        case "refus":
            raise Refus("essai", f"{NOM} ne peut pas.")
        case "sql":
            connection.cursor().execute("SELECT %s::integer", [NIR + NOM])
        case _:
            raise ValueError(faute)


urlpatterns = [path("essai/<str:faute>/", fauter), path("", include("parchemin.portail.urls"))]
handler404 = "parchemin.portail.views.erreurs.introuvable"
handler500 = "parchemin.portail.views.erreurs.panne"


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("adresse", "statut", "route"),
    [
        ("/essai/programme/", 500, "essai/<str:faute>/"),
        ("/essai/refus/", 409, "essai/<str:faute>/"),
        ("/essai/sql/", 500, "essai/<str:faute>/"),
        (f"/essai/{NOM}/", 500, "essai/<str:faute>/"),
        (f"/{NOM}/{NIR}/?q={COURRIEL}", 404, "aucune"),
        (f"/comptes/invitation/{NOM}/", 410, "comptes/invitation/<str:jeton>/"),
        (f"/connexion/login/?next=/{NOM}", 200, "connexion/login/"),
        (f"/comptes/?q={NOM}", 302, "comptes/"),
    ],
)
def test_une_requete_ne_laisse_ni_adresse_ni_personne(adresse, statut, route, lignes):
    client = Client(raise_request_exception=False)
    reponse = client.get(adresse, HTTP_USER_AGENT=NOM, HTTP_REFERER=f"https://{NOM}/")
    ecrites = lignes()
    acces = [une for une in ecrites if une["journal"] == "parchemin.acces_http"]
    assert [(une["statut"], une["route"], une["requete"]) for une in acces] == [
        (statut, route, reponse["X-Request-ID"])
    ]
    assert not any(marqueur in json.dumps(ecrites).lower() for marqueur in MARQUEURS)
    if statut == 500:
        assert [une["requete"] for une in ecrites if une["journal"] == "django.request"] == [reponse["X-Request-ID"]]


@pytest.mark.django_db
def test_un_parcours_complet_n_ecrit_personne(lignes):
    """Créer, inviter, se tromper de mot de passe, entrer, chercher, se faire refuser : rien de personnel n'est écrit."""
    gestionnaire = comptes.client(comptes.gestionnaire())
    personne = comptes_services.creer_personne(
        prenom="Nour", nom=NOM, courriel_pro=COURRIEL, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    comptes_services.ouvrir_compte(
        personne=personne.pk,
        courriel=COURRIEL,
        mot_de_passe=comptes.MOT_DE_PASSE,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    visiteur = Client(raise_request_exception=False)
    for mot_de_passe in (NIR, comptes.MOT_DE_PASSE):
        visiteur.post("/connexion/login/", {"login": COURRIEL, "password": mot_de_passe})
    visiteur.get("/")
    for adresse in (f"/comptes/?q={NOM}", f"/comptes/personnes/{personne.pk}/", f"/candidats/?q={NIR}"):
        gestionnaire.get(adresse)
    visiteur.get(f"/comptes/personnes/{personne.pk}/")
    with pytest.raises(DatabaseError), transaction.atomic():
        try:
            Entree.objects.filter(instant=NOM).exists()
        except Exception as erreur:
            logging.getLogger("parchemin.essai").exception("échec")
            raise DatabaseError from erreur
    ecrites = lignes()
    assert len(ecrites) > 6
    assert [une for une in ecrites if any(marqueur in json.dumps(une).lower() for marqueur in MARQUEURS)] == []


def test_la_panne_d_un_processus_ou_d_un_fil_suit_les_memes_regles(lignes, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    try:
        journaux.tenir_le_processus()
        fil = threading.Thread(target=lambda: int(NOM))
        fil.start()
        fil.join()
        try:
            int(NIR + NOM)
        except ValueError as erreur:
            sys.excepthook(type(erreur), erreur, erreur.__traceback__)
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        logging.captureWarnings(capture=False)
    pannes = [une for une in lignes() if une["journal"] == "parchemin.processus"]
    assert [une["exceptions"][0]["genre"] for une in pannes] == ["builtins.ValueError", "builtins.ValueError"]
    assert not any(marqueur in json.dumps(pannes).lower() for marqueur in MARQUEURS)
