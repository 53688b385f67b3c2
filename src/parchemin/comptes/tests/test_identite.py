"""Entrer par un fournisseur d'identité : qui entre, qui n'entre pas, et ce qu'un jeton douteux ne fait jamais."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import timedelta

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from parchemin.comptes import adapter, services
from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Compte, Invitation, Role
from parchemin.comptes.services import identite
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS
from parchemin.comptes.tests.fournisseur import AUTRE_CLE, CLE, CLIENT, EMETTEUR, FauxFournisseur
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db


@pytest.fixture
def fournisseur(settings, monkeypatch) -> FauxFournisseur:
    """Réglé comme ProConnect : userinfo signé, courriel toujours vérifié."""
    application = {
        "provider_id": "essai",
        "name": "Essai",
        "client_id": CLIENT,
        "secret": "secret",
        "settings": {"server_url": EMETTEUR, "userinfo_signe": True, "courriel_toujours_verifie": True},
    }
    settings.FOURNISSEURS = [application]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [application]}}
    faux = FauxFournisseur()
    monkeypatch.setattr(adapter.AdaptateurIdentite, "get_requests_session", lambda self: faux)
    return faux


def candidat(courriel: str = "essai@caisse.example"):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.ouvrir_compte(personne=acteur.id, courriel=courriel, mot_de_passe=None, auteur=SYSTEME, maintenant=JADIS)
    return acteur


def entrer(fournisseur: FauxFournisseur, client: Client | None = None):
    client = client or Client()
    porte = fournisseur.demander(client)
    return client, fournisseur.revenir(client, porte["state"])


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_la_demande_porte_un_etat_et_un_nonce_longs_et_neufs(fournisseur):
    un, deux = fournisseur.demander(Client()), fournisseur.demander(Client())
    assert {len(porte[cle]) for porte in (un, deux) for cle in ("state", "nonce")} == {43}
    assert len({porte[cle] for porte in (un, deux) for cle in ("state", "nonce")}) == 4
    assert (un["client_id"], un["response_type"]) == (CLIENT, "code")
    assert un["redirect_uri"] == "http://testserver/connexion/identite/essai/retour/"


def test_une_personne_connue_par_son_courriel_entre_et_n_est_liee_qu_une_fois(fournisseur):
    acteur = candidat()
    client, retour = entrer(fournisseur)
    assert (retour.status_code, retour.headers["Location"], client.get("/").status_code) == (302, "/", 200)
    fournisseur.courriel = "elle-a-change@caisse.example"  # ensuite, `sub` suffit
    client, _ = entrer(fournisseur)
    assert client.session["_auth_user_id"] == str(Compte.objects.get(personne_id=acteur.id).pk)
    assert list(SocialAccount.objects.values_list("uid", flat=True)) == ["sub-1"]
    assert Entree.objects.filter(action=Action.IDENTITE_LIEE).count() == 1


def test_ni_droit_ni_revendication_ne_sont_gardes(fournisseur):
    candidat()
    roles = Role.objects.count()
    fournisseur.visage = {"roles": ["administrateur"], "siret": "11111111111111", "given_name": "Ada"}
    entrer(fournisseur)
    assert (Role.objects.count(), SocialToken.objects.count()) == (roles, 0)
    assert SocialAccount.objects.get().extra_data == {"acr": "eidas1"}


def test_une_personne_invitee_ouvre_son_compte_en_entrant(fournisseur):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    emise = services.inviter(
        personne=acteur.id, courriel="Essai@caisse.example", auteur=SYSTEME, maintenant=maintenant()
    )
    client, _ = entrer(fournisseur)
    compte = Compte.objects.get(personne_id=acteur.id)
    assert (connecte(client), compte.has_usable_password()) == (True, False)
    lien = f"/comptes/invitation/{emise.jeton}/"
    assert Client().get(lien).status_code == 410


def test_une_invitation_annulee_pendant_qu_on_entre_n_ouvre_rien(monkeypatch):
    """Le gestionnaire annule entre la première lecture et l'acte : relue sous verrou, l'invitation ne vaut plus."""
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.inviter(personne=acteur.id, courriel="essai@caisse.example", auteur=SYSTEME, maintenant=JADIS)
    ouvrir_l_acte = identite.acte

    def annuler_puis_ouvrir(**arguments):
        services.annuler_invitation(personne=acteur.id, auteur=SYSTEME, maintenant=JADIS)
        return ouvrir_l_acte(**arguments)

    monkeypatch.setattr(identite, "acte", annuler_puis_ouvrir)
    entree = {"fournisseur": "essai", "courriel": "essai@caisse.example", "verifie": True, "maintenant": JADIS}
    with pytest.raises(Refus) as erreur:
        services.rattacher_identite(**entree)
    assert (erreur.value.code, Compte.objects.count()) == ("identite_inconnue", 0)
    assert list(Invitation.objects.values_list("utilisee_le", "remplacee_le")) == [(None, JADIS)]


@pytest.mark.parametrize("cas", ["inconnue", "invitation expirée", "désactivée", "courriel non vérifié"])
def test_qui_n_est_pas_attendu_n_entre_pas(fournisseur, settings, cas):
    match cas:
        case "invitation expirée":
            services.inviter(
                personne=factories.avec_role(NatureRole.CANDIDAT).id,
                courriel="essai@caisse.example",
                auteur=SYSTEME,
                maintenant=maintenant() - timedelta(days=8),
            )
        case "désactivée":
            services.desactiver_compte(personne=candidat().id, auteur=SYSTEME, maintenant=JADIS)
        case "courriel non vérifié":
            candidat()
            settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["courriel_toujours_verifie"] = (
                False
            )
            fournisseur.visage = {"email_verified": "true"}  # une chaîne n'est pas un oui
    client, retour = entrer(fournisseur)
    assert (retour.status_code, connecte(client), SocialAccount.objects.count()) == (403, False, 0)
    assert factories.texte(retour).count("Nous ne vous reconnaissons pas") == 2


FAUX_JETONS = {
    "signé par un autre": {"cle": AUTRE_CLE},
    "sans signature": {"alg": "none"},
    "signé du secret partagé": {"alg": "HS256", "cle": "secret-de-plus-de-trente-deux-octets"},
    "pour un autre": {"jeton": {"aud": "un-autre"}},
    "d'un autre émetteur": {"jeton": {"iss": "https://ailleurs.example"}},
    "expiré": {"jeton": {"exp": int(time.time()) - 120, "iat": int(time.time()) - 180}},
    "sans fin": {"jeton": {"exp": None}},
    "sans nonce": {"jeton": {"nonce": None}},
    "au nonce d'une autre demande": {"jeton": {"nonce": "n" * 43}},
    "userinfo signé par un autre": {"cle_visage": AUTRE_CLE},
    "userinfo non signé": {"signe": False},
    "userinfo de quelqu'un d'autre": {"visage": {"sub": "sub-2"}},
    "userinfo pour un autre": {"visage": {"aud": "un-autre"}},
}


@pytest.mark.parametrize("faux", FAUX_JETONS)
def test_un_jeton_douteux_n_ouvre_rien(fournisseur, faux):
    candidat()
    for nom, valeur in FAUX_JETONS[faux].items():
        setattr(fournisseur, nom, valeur)
    client, retour = entrer(fournisseur)
    assert (retour.status_code, connecte(client), SocialAccount.objects.count()) == (401, False, 0)


def test_la_cle_publique_ne_sert_pas_de_secret(fournisseur, monkeypatch):
    """L'attaque classique : HS256 signé avec la clé publique du fournisseur."""
    candidat()
    publique = CLE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setattr(jwt.algorithms.HMACAlgorithm, "prepare_key", lambda self, cle: cle)  # l'attaquant, lui, le fait
    fournisseur.alg, fournisseur.cle = "HS256", publique
    client, retour = entrer(fournisseur)
    assert (retour.status_code, connecte(client)) == (401, False)


def test_un_retour_ne_sert_qu_une_fois(fournisseur):
    candidat()
    client = Client()
    porte = fournisseur.demander(client)
    assert fournisseur.revenir(client, porte["state"]).status_code == 302
    assert fournisseur.revenir(client, porte["state"]).status_code == 401


def test_un_nonce_rejoue_dans_une_autre_demande_est_refuse(fournisseur):
    candidat()
    client = Client()
    ancien = fournisseur.demander(client)["nonce"]
    suite = fournisseur.demander(client)
    fournisseur.nonce = ancien
    assert (fournisseur.revenir(client, suite["state"]).status_code, connecte(client)) == (401, False)


def test_le_retour_d_un_autre_navigateur_est_refuse(fournisseur):
    candidat()
    porte = fournisseur.demander(Client())
    victime = Client()
    assert (fournisseur.revenir(victime, porte["state"]).status_code, connecte(victime)) == (401, False)


def test_abandonner_ramene_a_la_connexion(fournisseur):
    client = Client()
    porte = fournisseur.demander(client)
    abandon = client.get("/connexion/identite/essai/retour/", {"state": porte["state"], "error": "access_denied"})
    assert client.get(abandon.headers["Location"]).headers["Location"] == "/connexion/login/"


def test_un_fournisseur_inconnu_n_existe_pas(fournisseur):
    assert Client().post("/connexion/identite/autre/").status_code == 404
    assert Client().get("/connexion/identite/autre/retour/").status_code == 404
    assert Client().get("/connexion/identite/essai/").status_code == 405
    assert Client().post("/connexion/identite/essai/retour/").status_code == 405


def test_on_ne_choisit_ni_le_procede_ni_la_portee_par_l_adresse(fournisseur):
    client = factories.client(factories.avec_role(NatureRole.CANDIDAT))
    reponse = client.post("/connexion/identite/essai/?process=connect&scope=admin&auth_params=prompt%3Dnone")
    assert [mot in reponse.headers["Location"] for mot in ("admin", "prompt")] == [False, False]
    (etat,) = client.session["socialaccount_states"].values()
    assert etat[0]["process"] == "login"


def test_qui_vient_d_un_fournisseur_doit_quand_meme_son_second_facteur_local(fournisseur):
    acteur = factories.gestionnaire()
    services.ouvrir_compte(
        personne=acteur.id, courriel="essai@caisse.example", mot_de_passe=None, auteur=SYSTEME, maintenant=JADIS
    )
    client, _ = entrer(fournisseur)
    assert client.get("/comptes/").headers["Location"] == "/connexion/second-facteur/?next=%2Fcomptes%2F"
    services.installer_code_temporel(personne=acteur.id, secret="A" * 32, auteur=SYSTEME, maintenant=JADIS)
    client, retour = entrer(fournisseur)
    assert (retour.headers["Location"], connecte(client)) == ("/connexion/second-facteur/code/", False)


def test_la_page_de_connexion_propose_le_fournisseur(fournisseur):
    assert factories.texte(Client().get("/connexion/login/")).count("Entrer avec Essai") == 1


LIRE = (
    "import json; from parchemin.config import settings as s;"
    "print(json.dumps([s.SECURE_CSP['form-action'], s.FOURNISSEURS]))"
)


def reglages(**variables: str) -> subprocess.CompletedProcess[str]:
    environnement = os.environ | {"OIDC": "essai-pro"} | variables
    return subprocess.run([sys.executable, "-c", LIRE], env=environnement, capture_output=True, text=True, check=False)


def test_le_prereglage_proconnect_et_la_csp_viennent_de_l_environnement():
    lu = reglages(
        OIDC_ESSAI_PRO_URL="https://identite.example/api/v2",
        OIDC_ESSAI_PRO_CLIENT="c",
        OIDC_ESSAI_PRO_SECRET="s",
        OIDC_ESSAI_PRO_PREREGLAGE="proconnect",
    )
    actions, ((un),) = json.loads(lu.stdout)
    assert actions == ["'self'", "https://identite.example"]
    assert (un["provider_id"], un["name"], un["settings"]["userinfo_signe"]) == ("essai-pro", "ProConnect", True)
    assert un["settings"]["scope"] == ["openid", "given_name", "usual_name", "email", "siret", "uid"]


def test_un_fournisseur_mal_regle_empeche_de_demarrer_et_dit_quoi_regler():
    lu = reglages(OIDC_ESSAI_PRO_URL="https://identite.example", OIDC_ESSAI_PRO_CLIENT="c")
    assert (lu.returncode, lu.stderr.strip()) == (
        1,
        "Réglage manquant : OIDC_ESSAI_PRO_SECRET (fournisseur d'identité « essai-pro »).",
    )
