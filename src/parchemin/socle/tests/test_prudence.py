"""Ce qui ressemble à l'identité d'un tiers : la même table d'exemples, lue par Python et par le script de la grille."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parchemin.socle import prudence

CAS = json.loads((Path(__file__).parent / "prudence.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("texte", "attendus"), CAS)
def test_chaque_exemple_dit_ce_qu_il_porte(texte: str, attendus: list[str]) -> None:
    assert [signe.code for signe in prudence.signes(texte)] == attendus


def test_l_avertissement_nomme_tout_et_conseille() -> None:
    assert prudence.avertissement("Rien de tel.") == ""
    assert prudence.avertissement("0612345678, a.b@exemple.fr") == (
        "Ce texte semble porter un numéro de téléphone et une adresse de courriel. "
        "Aucun usager ne doit pouvoir y être reconnu."
    )
    assert prudence.avertissement("2 85 05 78 006 084, 0612345678, a.b@exemple.fr") == (
        "Ce texte semble porter un numéro de sécurité sociale, un numéro de téléphone et une adresse de courriel. "
        "Aucun usager ne doit pouvoir y être reconnu."
    )


def test_la_page_recoit_la_meme_regle() -> None:
    assert prudence.en_json() == {
        "signes": [[signe.forme, signe.nom] for signe in prudence.SIGNES],
        "conseil": "Aucun usager ne doit pouvoir y être reconnu.",
    }
