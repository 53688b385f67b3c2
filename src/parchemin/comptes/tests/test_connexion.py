"""Se connecter : le second facteur exigé, donné, retrouvé ; les essais comptés ; les sessions bornées, listées, fermées."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from parchemin.comptes import services
from parchemin.comptes.enums import SECOND_FACTEUR_EXIGE, Action, NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from tests.connexions import force_login_sans_second_facteur, vieillir_les_preuves

pytestmark = pytest.mark.django_db

CONNEXION = "/connexion/login/"
CODE = "/connexion/second-facteur/code/"
MISE_EN_PLACE = "/connexion/second-facteur/"
APPLICATION = "/connexion/second-facteur/application/"
SECURITE = "/connexion/securite/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, pas: int = 0) -> str:
    """Le code qu'affiche l'application ; `pas` : celui d'avant (-1), d'après (1)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + pas))


def avec_code(acteur) -> str:
    """Un compte qui a une application de codes ; rend son courriel."""
    courriel = factories.compte(acteur)
    services.installer_code_temporel(personne=acteur.id, secret=SECRET, auteur=SYSTEME, maintenant=JADIS)
    return courriel


def entrer(client: Client, courriel: str, mot_de_passe: str = MOT_DE_PASSE, suite: str = "/comptes/"):
    return client.post(CONNEXION, {"login": courriel, "password": mot_de_passe, "next": suite})


def connecte(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions(*voulues: Action) -> list[str]:
    return list(Entree.objects.filter(action__in=voulues).order_by("pk").values_list("action", flat=True))


# --- qui doit un second facteur ------------------------------------------------------------------------------------


def test_les_roles_qui_doivent_un_second_facteur():
    assert {nature.value for nature in NatureRole} - {nature.value for nature in SECOND_FACTEUR_EXIGE} == {
        "candidat",
        "tuteur",
        "manager",
    }


@pytest.mark.parametrize("nature", NatureRole)
def test_chaque_role_qui_en_doit_un_est_mene_a_sa_mise_en_place(nature):
    acteur = factories.avec_role(nature)
    client = Client()
    entrer(client, factories.compte(acteur), suite="/")
    page = client.get("/?a=1")
    attendue = f"{MISE_EN_PLACE}?next=%2F%3Fa%3D1" if nature in SECOND_FACTEUR_EXIGE else None
    assert page.headers.get("Location") == attendue


def test_un_reglage_l_exige_aussi_du_tuteur(settings):
    settings.PARCHEMIN_SECOND_FACTEUR_AUSSI = frozenset({"tuteur"})
    client = Client()
    entrer(client, factories.compte(factories.avec_role(NatureRole.TUTEUR)), suite="/")
    assert client.get("/").headers["Location"] == f"{MISE_EN_PLACE}?next=%2F"


def test_aucune_page_ne_s_ouvre_sans_lui_ni_en_lecture_ni_en_ecriture():
    gestionnaire = factories.gestionnaire()
    client = Client()
    force_login_sans_second_facteur(client, Compte.objects.get(courriel=factories.compte(gestionnaire)))
    lu, envoye = client.get("/comptes/"), client.post("/comptes/personnes/nouvelle/", {"nom": "X"})
    json = client.post("/comptes/", "{}", content_type="application/json")
    assert (lu.headers["Location"], envoye.headers["Location"]) == (
        f"{MISE_EN_PLACE}?next=%2Fcomptes%2F",
        f"{MISE_EN_PLACE}?next=%2F",
    )
    assert (json.status_code, json.json()["erreur"]["code"]) == (401, "second_facteur_requis")


def test_un_role_donne_a_quelqu_un_deja_connecte_exige_aussitot_le_second_facteur():
    acteur = factories.avec_role(NatureRole.TUTEUR)
    client = Client()
    entrer(client, factories.compte(acteur), suite="/")
    assert client.get("/").status_code == 200
    services.donner_role(
        personne=acteur.id, nature=NatureRole.GESTIONNAIRE, organisme=None, auteur=SYSTEME, maintenant=JADIS
    )
    assert client.get("/").headers["Location"] == f"{MISE_EN_PLACE}?next=%2F"


# --- le mettre en place, le donner ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_de_la_premiere_connexion_a_la_page_voulue():
    client = Client()
    entrer(client, factories.compte(factories.gestionnaire()))
    assert client.get("/comptes/", follow=True).redirect_chain == [(f"{MISE_EN_PLACE}?next=%2Fcomptes%2F", 302)]
    page = client.get(APPLICATION)
    secret = re.findall(r'cle-secrete">(.*?)<', page.content.decode())[0]
    assert (page.content.count(b"<svg"), page.content.count(b"data:")) == (2, 0)
    fait = client.post(APPLICATION, {"code": code(secret)})
    assert fait.headers["Location"] == "/connexion/second-facteur/codes/"
    codes = client.get(fait.headers["Location"])
    assert re.findall(r'class="bouton" href="(.*?)"', codes.content.decode()) == ["/comptes/"]
    assert len(re.findall(r"<li><code>\d{8}</code></li>", codes.content.decode())) == 10
    assert client.get("/comptes/").status_code == 200
    assert actions(Action.SECOND_FACTEUR_AJOUTE) == [Action.SECOND_FACTEUR_AJOUTE] * 2
    ecouler()
    assert [courriel.subject for courriel in mail.outbox] == ["Une application de codes protège votre compte"]


@pytest.mark.parametrize(
    ("utilises", "dit"), [(0, "10 codes de secours"), (9, "1 code de secours"), (10, "0 code de secours")]
)
def test_la_page_de_securite_compte_les_codes_qui_restent(utilises, dit):
    acteur = factories.gestionnaire()
    client = Client()
    entrer(client, avec_code(acteur))
    client.post(CODE, {"code": code()})
    codes = Authenticator.objects.get(type="recovery_codes").wrap()
    for secours in codes.get_unused_codes()[:utilises]:
        codes.validate_code(secours)
    assert factories.texte(client.get(SECURITE)).count(f"Il vous reste {dit},") == 1


def test_un_mauvais_premier_code_ne_met_rien_en_place():
    client = Client()
    entrer(client, factories.compte(factories.gestionnaire()))
    client.get(APPLICATION)
    refus = client.post(APPLICATION, {"code": "000000"})
    assert (refus.status_code, Authenticator.objects.count()) == (200, 0)
    assert factories.texte(refus).count("Ce code ne va pas.") == 2


def test_on_revient_avec_son_code_puis_on_est_chez_soi():
    client = Client()
    courriel = avec_code(factories.gestionnaire())
    assert entrer(client, courriel).headers["Location"] == CODE
    assert (connecte(client), client.get("/comptes/").headers["Location"]) == (
        False,
        f"{CONNEXION}?next=/comptes/",
    )
    assert client.get(CODE).status_code == 200
    assert client.post(CODE, {"code": code()}).headers["Location"] == "/comptes/"
    assert client.get("/comptes/").status_code == 200


def test_le_secret_n_est_pas_en_clair_dans_la_base():
    avec_code(factories.gestionnaire())
    assert [SECRET in str(facteur.data) for facteur in Authenticator.objects.all()] == [False, False]


@pytest.mark.parametrize("pas", [-1, 0, 1])
def test_un_code_ne_sert_qu_une_fois_tant_qu_il_passerait(pas):
    courriel = avec_code(factories.gestionnaire())
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC), tick=False) as temps:
        premier = code(pas=pas)
        un, deux = Client(), Client()
        entrer(un, courriel)
        assert un.post(CODE, {"code": premier}).status_code == 302
        temps.shift(timedelta(seconds=31 + 30 * pas))
        entrer(deux, courriel)
        assert (deux.post(CODE, {"code": premier}).status_code, connecte(deux)) == (200, False)


def test_un_code_de_secours_sert_une_fois():
    acteur = factories.gestionnaire()
    courriel = avec_code(acteur)
    secours = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[3]
    un, deux = Client(), Client()
    entrer(un, courriel)
    entrer(deux, courriel)
    assert (un.post(CODE, {"code": secours}).status_code, deux.post(CODE, {"code": secours}).status_code) == (302, 200)
    assert (connecte(un), connecte(deux)) == (True, False)


def test_une_autre_session_ouverte_avant_doit_le_donner_a_son_tour():
    acteur = factories.gestionnaire()
    client = Client()
    entrer(client, factories.compte(acteur))
    services.installer_code_temporel(personne=acteur.id, secret=SECRET, auteur=SYSTEME, maintenant=JADIS)
    chaine = client.get("/comptes/", follow=True).redirect_chain
    confirmer = "/connexion/second-facteur/confirmer/?next=%2Fcomptes%2F"
    assert [adresse for adresse, _ in chaine] == [f"{MISE_EN_PLACE}?next=%2Fcomptes%2F", confirmer]
    assert client.post(confirmer, {"code": code(), "next": "/comptes/"}).headers["Location"] == "/comptes/"
    assert client.get("/comptes/").status_code == 200


def test_le_dernier_facteur_d_un_role_qui_en_doit_un_ne_se_retire_pas():
    client = Client()
    acteur = factories.gestionnaire()
    entrer(client, avec_code(acteur))
    client.post(CODE, {"code": code()})
    refus = client.post("/connexion/second-facteur/application/retirer/")
    assert (refus.status_code, Authenticator.objects.count()) == (200, 2)
    assert factories.texte(refus).count("Votre rôle exige un second facteur") == 1


def test_qui_n_en_doit_pas_peut_le_retirer_et_cela_s_inscrit():
    client = Client()
    entrer(client, avec_code(factories.avec_role(NatureRole.CANDIDAT)))
    client.post(CODE, {"code": code()})
    assert client.post("/connexion/second-facteur/application/retirer/").headers["Location"] == SECURITE
    assert (Authenticator.objects.count(), actions(Action.SECOND_FACTEUR_RETIRE)) == (
        0,
        [Action.SECOND_FACTEUR_RETIRE] * 2,
    )


def test_la_suite_ne_mene_pas_ailleurs():
    client = Client()
    entrer(client, factories.compte(factories.gestionnaire()))
    client.get(f"{MISE_EN_PLACE}?next=https://ailleurs.example/")
    assert client.session["second_facteur_suite"] == "/"


# --- force brute ---------------------------------------------------------------------------------------------------


@pytest.fixture
def limites(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.LIMITES_D_ESSAIS


def test_cinq_mauvais_mots_de_passe_bloquent_le_compte_et_cela_s_inscrit(limites):
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    for rang in range(5):
        entrer(Client(REMOTE_ADDR=f"192.0.2.{rang}"), courriel, "faux-mot-de-passe")
    client = Client(REMOTE_ADDR="192.0.2.99")
    bloque = entrer(client, courriel)  # le bon mot de passe, d'une autre adresse : c'est le compte qui est protégé
    assert (connecte(client), factories.texte(bloque).count("Trop d'essais.")) == (False, 1)
    assert actions(Action.CONNEXION_BLOQUEE) == [Action.CONNEXION_BLOQUEE]
    entrer(client, courriel)
    assert actions(Action.CONNEXION_BLOQUEE) == [Action.CONNEXION_BLOQUEE]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=6)):
        entrer(client, courriel)
        assert connecte(client)


def test_une_adresse_qui_essaie_beaucoup_de_comptes_est_bloquee(limites):
    courriels = [factories.compte(factories.avec_role(NatureRole.CANDIDAT)) for _ in range(11)]
    for courriel in courriels[:10]:
        entrer(Client(), courriel, "faux-mot-de-passe")
    client = Client()
    entrer(client, courriels[10])
    assert not connecte(client)
    ailleurs = Client(REMOTE_ADDR="192.0.2.7")
    entrer(ailleurs, courriels[10])
    assert connecte(ailleurs)


def test_cinq_mauvais_codes_bloquent_le_second_facteur(limites):
    client = Client()
    entrer(client, avec_code(factories.gestionnaire()))
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    bloque = client.post(CODE, {"code": code()})
    assert (connecte(client), factories.texte(bloque).count("Trop d'essais.")) == (False, 2)


def test_trop_de_demandes_d_une_adresse_se_disent_en_francais(settings):
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    demandes = [Client().post("/connexion/password/reset/", {"email": "a@caisse.example"}) for _ in range(2)]
    assert [demande.status_code for demande in demandes] == [302, 429]
    assert factories.texte(demandes[1]).count("Trop de demandes à la fois") == 2


def test_une_caisse_entiere_arrive_par_la_meme_adresse(limites):
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    for _ in range(31):
        client = Client()
        entrer(client, courriel)
    assert connecte(client)


def test_les_compteurs_sont_dans_la_base_donc_communs_a_tous_les_processus(settings):
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


def test_un_courriel_inconnu_et_un_mauvais_mot_de_passe_se_repondent_pareil():
    connu = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    pages = [
        factories.texte(entrer(Client(), courriel, "faux-mot-de-passe")).replace(courriel, "x")
        for courriel in (connu, "inconnu@caisse.example")
    ]
    sans_jeton = [re.sub(r'value="[^"]{64}"', "", page) for page in pages]
    assert sans_jeton[0] == sans_jeton[1]


def test_mot_de_passe_oublie_repond_pareil_que_le_compte_existe_ou_non():
    connu = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    reponses = [
        Client().post("/connexion/password/reset/", {"email": courriel})
        for courriel in (connu, "inconnu@caisse.example")
    ]
    assert {(r.status_code, r.headers["Location"]) for r in reponses} == {(302, "/connexion/password/reset/done/")}
    assert mail.outbox == []  # rien ne part dans la requête : le temps de réponse ne dit rien non plus
    ecouler()
    assert [courriel.to for courriel in mail.outbox] == [[connu], ["inconnu@caisse.example"]]


# --- sessions ------------------------------------------------------------------------------------------------------


def test_la_session_change_d_identifiant_a_la_connexion():
    client = Client()
    client.get(CONNEXION)
    session = client.session
    session["posee_par_un_autre"] = True
    session.save()
    avant = session.session_key
    client.cookies["sessionid"] = avant
    entrer(client, factories.compte(factories.avec_role(NatureRole.CANDIDAT)))
    assert (connecte(client), client.session.session_key == avant) == (True, False)
    assert Session.objects.filter(session_key=avant).count() == 0


def test_une_session_a_une_fin_meme_active():
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    client = Client()
    debut = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    with time_machine.travel(debut, tick=False) as temps:
        entrer(client, courriel, suite="/")
        for _ in range(4):
            temps.shift(timedelta(hours=3) - timedelta(seconds=1))
            assert client.get("/").status_code == 200
        temps.shift(timedelta(minutes=1))
        assert client.get("/").headers["Location"] == f"{CONNEXION}?next=/"


def test_une_session_delaissee_se_ferme():
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    client = Client()
    with time_machine.travel(datetime(2026, 11, 24, 7, 0, tzinfo=UTC), tick=False) as temps:
        entrer(client, courriel, suite="/")
        client.get("/")
        temps.shift(timedelta(hours=4, seconds=1))
        assert client.get("/").headers["Location"] == f"{CONNEXION}?next=/"


def test_chacun_voit_ses_sessions_et_les_ferme():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    courriel = factories.compte(acteur)
    bureau = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0")
    mobile = Client(
        HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Version/18.0 Mobile Safari/604.1"
    )
    entrer(bureau, courriel, suite="/")
    entrer(mobile, courriel, suite="/")
    page = bureau.get(SECURITE)
    assert re.findall(r"<strong>(\w+ sur \w+)</strong>", page.content.decode()) == [
        "Firefox sur Windows",
        "Safari sur iPhone",
    ]
    (fermer,) = re.findall(r'action="(/connexion/securite/sessions/\d+/fermer/)"', page.content.decode())
    assert bureau.post(fermer).headers["Location"] == SECURITE
    assert (bureau.get("/").status_code, mobile.get("/").status_code) == (200, 302)
    assert actions(Action.SESSIONS_FERMEES) == [Action.SESSIONS_FERMEES]
    assert bureau.post(fermer).headers["Location"] == SECURITE
    assert UserSession.objects.count() == 1


def test_fermer_toutes_les_autres_garde_celle_ci():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    courriel = factories.compte(acteur)
    clients = [Client() for _ in range(3)]
    for client in clients:
        entrer(client, courriel, suite="/")
    clients[0].post("/connexion/securite/sessions/fermer/")
    assert [client.get("/").status_code for client in clients] == [200, 302, 302]


def test_on_ne_ferme_pas_la_session_d_un_autre():
    autre = Client()
    entrer(autre, factories.compte(factories.avec_role(NatureRole.CANDIDAT)), suite="/")
    client = Client()
    entrer(client, factories.compte(factories.avec_role(NatureRole.CANDIDAT)), suite="/")
    sienne = UserSession.objects.order_by("pk").first()
    client.post(f"/connexion/securite/sessions/{sienne.pk}/fermer/")
    assert (autre.get("/").status_code, actions(Action.SESSIONS_FERMEES)) == (200, [])


def test_changer_de_mot_de_passe_ferme_les_autres_sessions_et_s_inscrit():
    courriel = factories.compte(factories.avec_role(NatureRole.CANDIDAT))
    ici, la = Client(), Client()
    entrer(ici, courriel, suite="/")
    entrer(la, courriel, suite="/")
    nouveau = "rivage-marteau-olive"
    ici.post(
        "/connexion/password/change/",
        {"oldpassword": MOT_DE_PASSE, "password1": nouveau, "password2": nouveau},
    )
    assert (ici.get("/").status_code, la.get("/").status_code) == (200, 302)
    assert actions(Action.MOT_DE_PASSE_CHANGE) == [Action.MOT_DE_PASSE_CHANGE]
    assert factories.texte(ici.get(SECURITE)).count("Ouverte le") == 1


@pytest.mark.parametrize(("envoye", "entete"), [("1", '"cache", "cookies", "storage"'), ("", None), ("0", None)])
def test_la_deconnexion_ne_vide_l_appareil_que_s_il_n_a_rien_a_envoyer(envoye, entete):
    client = Client()
    entrer(client, factories.compte(factories.avec_role(NatureRole.CANDIDAT)), suite="/")
    sorti = client.post("/connexion/logout/", {"rien_en_attente": envoye})
    assert (sorti.headers.get("Clear-Site-Data"), connecte(client)) == (entete, False)


@pytest.mark.parametrize("adresse", ["/connexion/securite/sessions/fermer/", "/connexion/securite/sessions/1/fermer/"])
def test_fermer_se_fait_en_envoyant(adresse):
    client = factories.client(factories.gestionnaire())
    assert client.get(adresse).status_code == 405
    assert Client().post(adresse).headers["Location"] == f"{CONNEXION}?next={adresse}"


def test_ni_inscription_ni_gestion_d_adresses():
    client = factories.client(factories.gestionnaire())
    assert [client.get(f"/connexion/{page}").status_code for page in ("email/", "confirm-email/", "login/code/")] == [
        404
    ] * 3


@pytest.mark.parametrize("geste", ["nommer", "retirer"])
def test_la_cle_d_un_autre_est_introuvable(geste):
    autre = Compte.objects.get(courriel=factories.compte(factories.gestionnaire()))
    cle = Authenticator.objects.create(user=autre, type="webauthn", data={"name": "La sienne", "credential": {}})
    client = factories.client(factories.gestionnaire())
    adresse = f"/connexion/cles/{cle.pk}/{geste}/"
    assert [client.get(adresse).status_code, client.post(adresse, {"name": "À moi"}).status_code] == [404, 404]
    assert Authenticator.objects.get().data["name"] == "La sienne"


def test_les_codes_de_secours_d_un_autre_ne_se_lisent_pas():
    avec_code(factories.gestionnaire())
    client = factories.client(factories.gestionnaire())
    assert client.get("/connexion/second-facteur/codes/").status_code == 404
    assert client.get("/connexion/second-facteur/codes/fichier/").status_code == 404


def test_voir_ses_codes_redemande_une_preuve_recente():
    client = Client()
    entrer(client, avec_code(factories.gestionnaire()))
    client.post(CODE, {"code": code()})
    codes = "/connexion/second-facteur/codes/"
    assert client.get(codes).status_code == 200
    vieillir_les_preuves(client, 11)
    assert client.get(codes).headers["Location"] == f"/connexion/reauthenticate/?next={codes.replace('/', '%2F')}"
