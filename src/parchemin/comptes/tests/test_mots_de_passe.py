"""Un bon mot de passe est long et difficile à deviner, quels que soient ses signes ; en taper un très long ne bloque rien."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from parchemin.comptes import mots_de_passe, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.socle.acteur import SYSTEME

COMPTE = Compte(courriel="zoe.nguyen@caisse-haute.example")


def raisons(mot: str) -> list[str]:
    try:
        validate_password(mot, COMPTE)
    except ValidationError as erreur:
        return sorted(e.code for e in erreur.error_list)
    return []


@pytest.mark.parametrize(
    "mot",
    [
        "papier-encre-sceau",
        "trois mots sans rapport",
        "azulejo brouette mirabelle",  # sans chiffre, sans majuscule, sans signe
        "ÉtéÀlaMontagneBleue",
        "正しい馬の電池ホッチキス留め具",
        "correcte 🐎 batterie agrafe",
        "zJ4!k-Qp0w7_Vt",
    ],
)
def test_ce_qui_est_accepte(mot):
    assert raisons(mot) == []


@pytest.mark.parametrize(
    ("mot", "attendues"),
    [
        ("Court7!", ["mot_de_passe_devinable", "password_too_short"]),
        ("motdepasse123", ["mot_de_passe_devinable"]),
        ("azertyuiopqsdfgh", ["mot_de_passe_devinable"]),
        ("Password2026!", ["mot_de_passe_devinable"]),
        ("aaaaaaaaaaaaaaaaaaaa", ["mot_de_passe_devinable"]),
        ("zoe.nguyen.2026", ["mot_de_passe_devinable"]),  # tiré de son courriel
        ("parchemin2026", ["mot_de_passe_devinable"]),
        ("Gestionnaire2026", ["mot_de_passe_devinable"]),
        ("securitesociale", ["mot_de_passe_devinable"]),
        ("x" * 257, ["mot_de_passe_trop_long"]),
        ("papier-encre-sceau " * 14, ["mot_de_passe_trop_long"]),
    ],
)
def test_ce_qui_est_refuse_et_pourquoi(mot, attendues):
    assert raisons(mot) == attendues


def test_on_ne_donne_a_juger_que_le_debut(monkeypatch):
    """Le juge est plus que linéaire : un mot de passe de 256 signes ne doit pas occuper un processus."""
    vus: list[int] = []
    juge = mots_de_passe.zxcvbn
    monkeypatch.setattr(mots_de_passe, "zxcvbn", lambda mot, **options: (vus.append(len(mot)), juge(mot, **options))[1])
    validate_password("papier-encre-sceau " * 13, COMPTE)
    assert vus == [mots_de_passe.SIGNES_JUGES]


def test_un_mot_de_passe_trop_long_n_est_pas_juge_du_tout(monkeypatch):
    monkeypatch.setattr(mots_de_passe, "zxcvbn", lambda *a, **k: pytest.fail("jugé"))
    assert raisons("papier-encre-sceau " * 1000) == ["mot_de_passe_trop_long"]


def test_l_aide_ne_dit_aucune_regle_de_composition():
    assert mots_de_passe.DifficileADeviner().get_help_text() == (
        "Trois mots sans rapport entre eux font un bon mot de passe."
    )


# Les réglages d'argon2id de l'aide-mémoire OWASP « Password Storage » : (mémoire en Kio, passes), à une voie.
OWASP = ((47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5))


@pytest.mark.parametrize(("memoire", "passes"), OWASP)
def test_le_hachage_coute_au_moins_ce_que_demande_l_owasp(memoire, passes):
    """Ce qu'un attaquant doit remplir de mémoire, toutes passes comptées."""
    reglage = mots_de_passe.Argon2
    assert reglage.memory_cost * reglage.time_cost > memoire * passes
    assert (reglage.memory_cost >= memoire, reglage.parallelism) == (True, 1)


@pytest.mark.django_db
def test_une_empreinte_d_un_autre_reglage_se_refait_a_la_connexion(settings):
    """Y compris celle que Django faisait d'avance, à huit voies et 100 Mio."""
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    courriel = factories.compte(acteur)
    settings.PASSWORD_HASHERS = [
        "parchemin.comptes.mots_de_passe.Argon2",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    compte = Compte.objects.get(courriel=courriel)
    compte.password = Argon2PasswordHasher().encode(MOT_DE_PASSE, "0" * 22)
    compte.save()
    assert compte.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    Client().post("/connexion/login/", {"login": courriel, "password": MOT_DE_PASSE})
    assert Compte.objects.get(courriel=courriel).password.startswith("argon2$argon2id$v=19$m=47104,t=2,p=1$")


# --- choisir, changer, donner le sien --------------------------------------------------------------------------------

EXACT = " Trois mots  sans Rapport "


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("donne", "entre"),
    [(EXACT, True), (EXACT.strip(), False), (EXACT.lower(), False), (EXACT[:-4], False), (f"{EXACT}x", False)],
)
def test_le_mot_de_passe_se_verifie_tel_quel(donne, entre):
    """Ni coupé, ni rogné, ni ramené à une casse."""
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.ouvrir_compte(
        personne=acteur.id, courriel="tel@quel.example", mot_de_passe=EXACT, auteur=SYSTEME, maintenant=JADIS
    )
    client = Client()
    client.post("/connexion/login/", {"login": "tel@quel.example", "password": donne})
    assert ("_auth_user_id" in client.session) is entre


@pytest.mark.django_db
def test_soixante_quatre_signes_et_plus_conviennent():
    long = "papier encre sceau " * 5
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    services.ouvrir_compte(
        personne=acteur.id, courriel="long@quel.example", mot_de_passe=long, auteur=SYSTEME, maintenant=JADIS
    )
    assert (len(long) > 64, Compte.objects.get(courriel="long@quel.example").check_password(long)) == (True, True)


@pytest.mark.django_db
def test_changer_demande_l_ancien():
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    client = factories.client(acteur)
    neuf = {"password1": "encre-papier-tampon", "password2": "encre-papier-tampon"}
    for ancien in ("", "pas-le-bon-du-tout"):
        client.post("/connexion/password/change/", {"oldpassword": ancien, **neuf})
        assert Compte.objects.get(personne_id=acteur.id).check_password(MOT_DE_PASSE)
    client.post("/connexion/password/change/", {"oldpassword": MOT_DE_PASSE, **neuf})
    assert Compte.objects.get(personne_id=acteur.id).check_password("encre-papier-tampon")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("adresse", "attendus"),
    [
        ("/connexion/login/", ["current-password"]),
        ("/connexion/password/change/", ["current-password", "new-password", "new-password"]),
    ],
)
def test_un_mot_de_passe_est_masque_se_colle_et_se_remplit_seul(adresse, attendus):
    acteur = factories.avec_role(NatureRole.CANDIDAT)
    client = Client() if "login" in adresse else factories.client(acteur)
    page = client.get(adresse).content.decode()
    champs = re.findall(r"<input[^>]*type=\"password\"[^>]*>", page)
    assert [re.findall(r"autocomplete=\"(.*?)\"", champ)[0] for champ in champs] == attendus
    assert [
        nom for nom in ("onpaste", "onkeydown", "readonly", "maxlength") if any(nom in champ for champ in champs)
    ] == []
