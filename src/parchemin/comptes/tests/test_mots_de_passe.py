"""Un bon mot de passe est long et difficile à deviner, quels que soient ses signes ; en taper un très long ne bloque rien."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from parchemin.comptes import mots_de_passe
from parchemin.comptes.models import Compte

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
