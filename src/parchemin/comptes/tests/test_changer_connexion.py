"""Changer l'adresse par laquelle on se connecte, ôter un fournisseur : jamais sans preuve, jamais au point de s'enfermer dehors."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from parchemin.comptes import services
from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import ChangementDeCourriel, Compte, IdentiteRefusee
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE, texte
from parchemin.comptes.tests.test_identite import connecte, entrer, fournisseur
from parchemin.courriels.enums import Etat
from parchemin.courriels.models import Envoi
from parchemin.registre.models import Entree, ValeurPersonnelle
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Introuvable, Refus
from tests.connexions import vieillir_les_preuves

__all__ = ["fournisseur"]
pytestmark = pytest.mark.django_db

NEUVE = "neuve@caisse.example"


@pytest.fixture
def personne():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    return acteur, factories.compte(acteur), factories.client(acteur)


def demander(client: Client, courriel: str = NEUVE):
    return client.post("/connexion/courriel/", {"courriel": courriel})


def lien(a: str = NEUVE) -> str:
    ecouler()
    recus = [courriel for courriel in mail.outbox if courriel.to == [a]]
    return re.findall(r"/connexion/courriel/confirmer/[^/\s]+/", str(recus[-1].body))[0]


def se_connecte(courriel: str) -> bool:
    client = Client()
    client.post("/connexion/login/", {"login": courriel, "password": MOT_DE_PASSE})
    return connecte(client)


def actions() -> list[str]:
    voulues = [
        action for action in Action.values if action.startswith("comptes.connexion_") and "bloquee" not in action
    ]
    return list(Entree.objects.filter(action__in=voulues).order_by("rang").values_list("action", flat=True))


def test_de_la_demande_a_la_nouvelle_connexion(personne):
    acteur, ancienne, client = personne
    autre = Client()
    autre.post("/connexion/login/", {"login": ancienne, "password": MOT_DE_PASSE})
    assert autre.get("/connexion/securite/").status_code == 200
    assert demander(client).headers["Location"] == "/connexion/securite/"
    assert Compte.objects.get(personne_id=acteur.id).courriel == ancienne
    adresse = lien()
    assert sorted((c.to[0], c.subject) for c in mail.outbox) == sorted(
        [(NEUVE, "Confirmez votre nouvelle adresse"), (ancienne, "Un changement d’adresse est demandé")]
    )
    assert client.get(adresse).status_code == 200
    assert client.post(adresse).headers["Location"] == "/connexion/securite/"
    ecouler()
    assert [(c.to[0], c.subject) for c in mail.outbox[2:]] == [
        (ancienne, "Vous ne vous connectez plus par cette adresse")
    ]
    assert (se_connecte(ancienne), se_connecte(NEUVE)) == (False, True)
    assert EmailAddress.objects.filter(email=ancienne).count() == 0
    assert (client.get("/connexion/securite/").status_code, autre.get("/connexion/securite/").status_code) == (200, 302)
    assert actions() == [Action.CONNEXION_A_CHANGER, Action.CONNEXION_CHANGEE]


def test_lire_le_lien_ne_change_rien_meme_pour_un_robot(personne):
    acteur, ancienne, client = personne
    demander(client)
    adresse = lien()
    assert Client().get(adresse).status_code == 302  # pas connecté : la connexion d'abord
    client.get(adresse)
    assert Compte.objects.get(personne_id=acteur.id).courriel == ancienne


def test_sans_preuve_recente_on_la_demande_puis_l_envoi_reprend(personne):
    _, _, client = personne
    vieillir_les_preuves(client, 11)
    retour = demander(client)
    assert retour.headers["Location"].startswith("/connexion/reauthenticate/?next=%2Fconnexion%2Fcourriel%2F")
    assert ChangementDeCourriel.objects.count() == 0
    client.post(retour.headers["Location"], {"password": MOT_DE_PASSE, "next": "/connexion/courriel/"})
    assert ChangementDeCourriel.objects.values_list("courriel", flat=True).get() == NEUVE


def test_le_lien_ne_vaut_que_pour_le_compte_qui_l_a_demande(personne):
    _, _, client = personne
    demander(client)
    adresse = lien()
    voleur = factories.avec_role(NatureRole.CANDIDAT)
    navigateur = factories.client(voleur)
    assert (navigateur.get(adresse).status_code, navigateur.post(adresse).status_code) == (410, 410)
    assert Compte.objects.filter(courriel=NEUVE).count() == 0


def test_le_lien_ne_sert_qu_une_fois_expire_et_se_remplace(personne):
    _, _, client = personne
    demander(client)
    premier = lien()
    demander(client, "autre@caisse.example")
    second = lien("autre@caisse.example")
    assert client.post(premier).status_code == 410
    with time_machine.travel(maintenant() + services.VALIDITE_CHANGEMENT, tick=False):
        assert factories.client(personne[0]).post(second).status_code == 410
    assert client.post(second).status_code == 302
    assert client.post(second).status_code == 410


def test_on_garde_son_adresse_et_le_courriel_ne_part_plus(personne):
    _, ancienne, client = personne
    demander(client)
    client.get("/connexion/securite/")  # le message de la demande
    assert texte(client.get("/connexion/securite/")).count(NEUVE) == 1
    client.post("/connexion/courriel/garder/")
    assert dict(Envoi.objects.values_list("adresse", "etat")) == {NEUVE: Etat.ANNULE, ancienne: Etat.A_ENVOYER}
    assert Envoi.objects.get(adresse=NEUVE).texte == ""
    assert texte(client.get("/connexion/securite/")).count(NEUVE) == 0
    assert actions() == [Action.CONNEXION_A_CHANGER, Action.CONNEXION_GARDEE]
    client.post("/connexion/courriel/garder/")
    assert len(actions()) == 2


def test_une_adresse_deja_prise_ne_se_dit_qu_a_qui_la_lit(personne):
    _, ancienne, client = personne
    prise = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    reponses = [demander(client, courriel) for courriel in (prise, NEUVE, prise)]
    assert {(r.status_code, r.headers["Location"]) for r in reponses} == {(302, "/connexion/securite/")}
    refusee = client.post(lien(prise))
    assert (refusee.status_code, texte(refusee).count("Un autre compte se connecte déjà par cette adresse")) == (410, 1)
    assert Compte.objects.filter(courriel=ancienne).count() == 1


@pytest.mark.parametrize("saisie", ["", "pas-une-adresse", "la même"])
def test_une_mauvaise_saisie_garde_ce_qui_etait_tape(personne, saisie):
    _, ancienne, client = personne
    courriel = ancienne.upper() if saisie == "la même" else saisie
    page = demander(client, courriel)
    assert (page.status_code, ChangementDeCourriel.objects.count()) == (422, 0)
    assert re.findall(r'name="courriel" value="(.*?)"', page.content.decode()) == ([courriel] if courriel else [])


def test_ni_le_lien_ni_l_adresse_ne_sont_dans_le_journal(personne):
    _, ancienne, client = personne
    demander(client)
    jeton = lien().rstrip("/").rpartition("/")[2]
    client.post(f"/connexion/courriel/confirmer/{jeton}/")
    entrees = [str(ligne) for ligne in Entree.objects.values()]
    assert [ligne for ligne in entrees if any(mot in ligne for mot in (jeton, NEUVE, ancienne))] == []
    tout = [
        str(ligne) for table in (ChangementDeCourriel, Envoi, ValeurPersonnelle) for ligne in table.objects.values()
    ]
    assert [ligne for ligne in tout if jeton in ligne] == []
    assert [ligne for ligne in tout if NEUVE in ligne] != []


# --- ôter un fournisseur d'identité ---------------------------------------------------------------------------------


def lie(fournisseur, mot_de_passe: str | None):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.ouvrir_compte(
        personne=acteur.id,
        courriel="essai@caisse.example",
        mot_de_passe=mot_de_passe,
        auteur=SYSTEME,
        maintenant=JADIS,
    )
    client, _ = entrer(fournisseur)
    return acteur, client


def test_ote_un_fournisseur_n_ouvre_plus_rien_meme_au_bon_courriel_puis_s_admet(fournisseur):
    acteur, client = lie(fournisseur, MOT_DE_PASSE)
    assert texte(client.get("/connexion/securite/")).count("Il ouvre votre compte.") == 1
    services.delier_identite(fournisseur="essai", auteur=acteur, maintenant=maintenant())
    assert SocialAccount.objects.count() == 0
    retour = entrer(fournisseur)[1]
    assert (retour.status_code, texte(retour).count("Vous avez ôté ce fournisseur")) == (403, 1)
    ecouler()
    assert mail.outbox[-1].subject == "Un fournisseur d’identité n’ouvre plus votre compte"
    services.permettre_identite(fournisseur="essai", auteur=acteur, maintenant=maintenant())
    assert connecte(entrer(fournisseur)[0])
    voulues = [Action.IDENTITE_LIEE, Action.IDENTITE_DELIEE, Action.IDENTITE_PERMISE]
    notees = Entree.objects.filter(action__in=voulues).order_by("rang")
    assert list(notees.values_list("action", flat=True)) == [*voulues, Action.IDENTITE_LIEE]


def test_on_n_ote_jamais_son_dernier_moyen_d_entrer(fournisseur):
    acteur, _ = lie(fournisseur, None)
    with pytest.raises(Refus) as leve:
        services.delier_identite(fournisseur="essai", auteur=acteur, maintenant=maintenant())
    assert (leve.value.code, SocialAccount.objects.count()) == ("dernier_moyen_d_entrer", 1)
    services.installer_code_temporel(personne=acteur.id, secret="A" * 32, auteur=SYSTEME, maintenant=JADIS)
    with pytest.raises(Refus):  # un second facteur n'est pas une entrée
        services.delier_identite(fournisseur="essai", auteur=acteur, maintenant=maintenant())
    SocialAccount.objects.create(user=Compte.objects.get(personne_id=acteur.id), provider="second", uid="2")
    services.delier_identite(fournisseur="essai", auteur=acteur, maintenant=maintenant())
    assert list(SocialAccount.objects.values_list("provider", flat=True)) == ["second"]


def test_on_n_ote_que_le_sien(fournisseur):
    lie(fournisseur, MOT_DE_PASSE)
    autre = factories.avec_role(NatureRole.CANDIDAT)
    factories.compte(autre)
    for geste in (services.delier_identite, services.permettre_identite):
        with pytest.raises(Introuvable):
            geste(fournisseur="essai", auteur=autre, maintenant=maintenant())
    assert (SocialAccount.objects.count(), IdentiteRefusee.objects.count()) == (1, 0)


def test_par_la_page_une_preuve_locale_recente_est_due(fournisseur):
    """Entrer par le fournisseur ne suffit pas pour l'ôter : il faut le mot de passe, ou un second facteur."""
    acteur, par_le_fournisseur = lie(fournisseur, MOT_DE_PASSE)
    retour = par_le_fournisseur.post("/connexion/identite/essai/oter/")
    assert (retour.status_code, SocialAccount.objects.count()) == (302, 1)
    assert retour.headers["Location"].startswith("/connexion/reauthenticate/")
    client = factories.client(acteur)
    client.post("/connexion/identite/essai/oter/")
    assert SocialAccount.objects.count() == 0
    page = texte(client.get("/connexion/securite/"))
    assert (page.count("n'ouvre plus votre compte."), page.count("/identite/essai/admettre/")) == (2, 1)
    client.post("/connexion/identite/essai/admettre/")
    assert IdentiteRefusee.objects.count() == 0
    assert client.get("/connexion/identite/essai/oter/").status_code == 405
