"""Le carnet complet : toutes les combinaisons de trois lignes, contre la phrase dite autrement."""

from itertools import product

import pytest

from moteur.regles import carnet_complet
from moteur.vocabulaire import Verdict

VALEURS = (True, False, None)


@pytest.mark.parametrize("nombre", range(7))
def test_le_carnet_est_complet_quand_tout_est_atteste(nombre: int) -> None:
    for attestations in product(VALEURS, repeat=nombre):
        attendu: Verdict = None
        if False in attestations:
            attendu = False
        elif None not in attestations:
            attendu = True
        assert carnet_complet.verdict(attestations) is attendu


def test_une_seule_attestation_absente_sur_trente_six_laisse_le_carnet_ouvert() -> None:
    assert carnet_complet.verdict([True] * 35 + [None]) is None
    assert carnet_complet.verdict([True] * 36) is True


def test_un_desaccord_demande_deux_avis_contraires() -> None:
    en_desaccord = [paire for paire in product(VALEURS, repeat=2) if carnet_complet.desaccord(*paire)]
    assert en_desaccord == [(True, False), (False, True)]


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert carnet_complet.CODE == "CARNET-COMPLET"
    assert (carnet_complet.__doc__ or "").startswith("Ces attestations de maîtrise des compétences consignées")
    assert "Carnet de suivi des compétences" in carnet_complet.SOURCE
    assert carnet_complet.DEPUIS == "version 2021 du référentiel"
    assert carnet_complet.JUSQU_A is None
