"""Les courriels des comptes : tous par la boîte d'envoi, une fois, et sans que le lien d'un mot de passe traîne nulle part."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from smtplib import SMTPServerDisconnected
from urllib.parse import urlsplit

import allauth
import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client

from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.services.avis import AVIS
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.courriels.enums import Etat
from parchemin.courriels.models import Envoi
from parchemin.courriels.services import poster_envoi
from parchemin.registre.models import Entree, ValeurPersonnelle
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import maintenant

pytestmark = pytest.mark.django_db

OUBLI = "/connexion/password/reset/"


def lien_recu() -> str:
    (courriel,) = mail.outbox
    return urlsplit(re.findall(r"http://\S+/reset/key/\S+", str(courriel.body))[0]).path


def test_le_lien_d_un_mot_de_passe_oublie_part_par_la_boite_et_ne_reste_nulle_part():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    Client().post(OUBLI, {"email": factories.compte(acteur)})
    envoi = Envoi.objects.get()
    assert (envoi.destinataire, envoi.etat, envoi.secret, envoi.essais) == (acteur.id, Etat.A_ENVOYER, True, 0)
    assert envoi.texte.count("/reset/key/") == 1
    ecouler()
    jeton = lien_recu().rstrip("/").rpartition("-")[2]
    envoi.refresh_from_db()
    assert (envoi.etat, envoi.texte, envoi.html) == (Etat.ENVOYE, "", "")
    traces = [str(ligne) for table in (Envoi, Entree, ValeurPersonnelle) for ligne in table.objects.values()]
    assert [trace for trace in traces if jeton in trace] == []
    assert [trace for trace in traces if str(acteur.id) in trace] != []  # la recherche, elle, trouve ce qui y est


def test_le_lien_recu_ouvre_et_ne_sert_qu_une_fois_un_robot_passe_devant():
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    Client().post(OUBLI, {"email": courriel})
    ecouler()
    lien = lien_recu()
    Client().get(lien)  # le robot d'une messagerie
    neuf = "encre-papier-tampon"
    for attendu in (302, 200):
        client = Client()
        page = client.get(lien, follow=True)
        assert page.status_code == 200
        suite = page.redirect_chain[-1][0] if page.redirect_chain else lien
        assert client.post(suite, {"password1": neuf, "password2": neuf}).status_code == attendu
    assert Compte.objects.get(courriel=courriel).check_password(neuf)


def test_le_meme_envoi_demande_deux_fois_ne_part_qu_une_fois():
    """Un double clic : le jeton d'une même seconde est le même, sa clé aussi."""
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    with time_machine.travel(maintenant(), tick=False):
        for _ in range(2):
            Client().post(OUBLI, {"email": courriel})
            Client().post(OUBLI, {"email": "inconnue@caisse.example"})
    assert Envoi.objects.count() == 2


def test_une_panne_du_serveur_d_envoi_se_reessaie_et_un_lien_mort_ne_part_plus():
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    Client().post(OUBLI, {"email": courriel})
    envoi = Envoi.objects.get()

    def poster(quand: datetime) -> Etat | None:
        def panne(_: object) -> None:
            raise SMTPServerDisconnected

        return poster_envoi(envoi=envoi.pk, maintenant=quand, remettre=panne)

    assert poster(maintenant()) == Etat.A_ENVOYER
    envoi.refresh_from_db()
    assert (envoi.essais, envoi.derniere_erreur) == (1, "SMTPServerDisconnected")
    assert poster(maintenant() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)) == Etat.ANNULE
    envoi.refresh_from_db()
    assert (envoi.essais, envoi.texte, envoi.html) == (1, "", "")


def test_une_adresse_que_personne_ne_porte_n_entre_pas_au_journal():
    Client().post(OUBLI, {"email": "inconnue@caisse.example"})
    ecouler()
    envoi = Envoi.objects.get()
    assert (envoi.destinataire, envoi.etat, envoi.texte) == (None, Etat.ENVOYE, "")
    traces = [str(ligne) for table in (Entree, ValeurPersonnelle) for ligne in table.objects.values()]
    assert [trace for trace in traces if "inconnue" in trace] == []


@pytest.mark.parametrize("avis", sorted(AVIS))
def test_chaque_avis_dit_quand_d_ou_et_que_faire(avis):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.aviser(
        avis=avis,
        personne=acteur.id,
        adresse="ada@caisse.example",
        depuis="192.0.2.7",
        auteur=acteur,
        maintenant=JADIS,
    )
    envoi = Envoi.objects.get()
    assert (envoi.objet, envoi.destinataire, envoi.secret) == (AVIS[avis][0], acteur.id, False)
    assert [envoi.texte.count(mot) for mot in ("192.0.2.7", "lundi 1er", "Si ce n’était pas vous")] == [1, 1, 1]


def test_chaque_courriel_d_allauth_que_nos_adresses_causent_est_ecrit():
    """Ses gabarits de courriel, moins ceux d'adresses que nous n'ouvrons pas : un nouveau, chez lui, se voit ici."""
    racine = Path(str(allauth.__file__)).parent / "templates"
    siens = {
        str(fichier.relative_to(racine)).removesuffix("_subject.txt")
        for fichier in racine.glob("*/email/*_subject.txt")
    }
    fermes = {
        "account/email/account_already_exists",
        "account/email/email_changed",
        "account/email/email_confirm",
        "account/email/email_confirmation",
        "account/email/email_confirmation_signup",
        "account/email/email_deleted",
        "account/email/login_code",
        "account/email/password_reset_code",
        "socialaccount/email/account_disconnected",
    }
    a_part = {"account/email/password_reset_key", "account/email/unknown_account"}
    assert siens - fermes == ({avis for avis in AVIS if not avis.startswith("comptes/")} | a_part)


def test_changer_son_mot_de_passe_avise_par_la_boite():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    factories.client(acteur).post(
        "/connexion/password/change/",
        {"oldpassword": MOT_DE_PASSE, "password1": "encre-papier-tampon", "password2": "encre-papier-tampon"},
    )
    assert list(Envoi.objects.values_list("objet", "destinataire")) == [("Votre mot de passe est changé", acteur.id)]


def test_un_mot_de_passe_refait_par_le_lien_ne_dispense_pas_du_second_facteur():
    acteur = factories.gestionnaire()
    courriel = factories.compte(acteur)
    services.installer_code_temporel(personne=acteur.id, secret="A" * 32, auteur=SYSTEME, maintenant=JADIS)
    Client().post(OUBLI, {"email": courriel})
    ecouler()
    client, neuf = Client(), "encre-papier-tampon"
    suite = client.get(lien_recu(), follow=True).redirect_chain[-1][0]
    assert client.post(suite, {"password1": neuf, "password2": neuf}).status_code == 302
    assert client.get("/").headers["Location"] == "/connexion/login/?next=/"
    entree = client.post("/connexion/login/", {"login": courriel, "password": neuf})
    assert (entree.headers["Location"], client.get("/").status_code) == ("/connexion/second-facteur/code/", 302)
