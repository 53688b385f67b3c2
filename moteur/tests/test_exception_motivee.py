"""L'exception motivée : ce qu'un motif lève, et ce qu'aucun motif ne lève."""

from __future__ import annotations

from itertools import product

import pytest

from moteur.regles.exception_motivee import EXCUSABLES, excusable, restants, retenues
from moteur.regles.grille_complete import Manque

CODES = (
    "conflit",
    "critere_non_observe",
    "critere_ouvert",
    "alternative_absente",
    "exigence_non_remplie",
    "duree_insuffisante",
    "duree_inconnue",
)
COURT = Manque("duree_insuffisante", "phase:observation", "12 minutes sur 20.")
PEU = Manque("exigence_non_remplie", "entretiens", "1 sur 2.")
OUVERT = Manque("critere_ouvert", "critere:K1.1.1", "Pas tranché.")


@pytest.mark.parametrize("code", CODES)
def test_seules_les_conditions_s_excusent(code: str) -> None:
    manque = Manque(code, "cible", "…")
    assert excusable(manque) is (code in {"exigence_non_remplie", "duree_insuffisante", "duree_inconnue"})
    assert frozenset({"exigence_non_remplie", "duree_insuffisante", "duree_inconnue"}) == EXCUSABLES
    assert restants([manque], {"cible": "Incendie."}, permises=True) == (() if excusable(manque) else (manque,))


def test_tous_les_motifs_possibles_de_deux_conditions() -> None:
    motifs = (None, "", "  ", "Incendie.")
    for court, peu, permises in product(motifs, motifs, (True, False)):
        dits = {"phase:observation": court, "entretiens": peu}
        exceptions = {cible: motif for cible, motif in dits.items() if motif is not None}
        excuses = {cible for cible, motif in dits.items() if permises and motif == "Incendie."}
        attendu = tuple(m for m in (OUVERT, COURT, PEU) if m.cible not in excuses)
        assert restants((OUVERT, COURT, PEU), exceptions, permises=permises) == attendu
        assert retenues((OUVERT, COURT, PEU), exceptions, permises=permises) == dict.fromkeys(
            [cible for cible in ("phase:observation", "entretiens") if cible in excuses], "Incendie."
        )


def test_une_exception_a_ce_qui_est_rempli_ne_se_scelle_pas() -> None:
    assert retenues((COURT,), {"phase:observation": " Évacuation. ", "courriers": "Pour rien."}, permises=True) == {
        "phase:observation": "Évacuation."
    }
    assert retenues((OUVERT,), {"critere:K1.1.1": "Non."}, permises=True) == {}
