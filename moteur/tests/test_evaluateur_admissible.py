"""Qui peut évaluer : les 32 situations possibles, une par une."""

from itertools import product

import pytest

from moteur.regles import evaluateur_admissible
from moteur.regles.evaluateur_admissible import Obstacle, Situation, obstacles


def test_sans_lien_et_avec_le_role_on_peut_evaluer() -> None:
    libre = Situation(
        est_le_candidat=False, est_tuteur=False, est_manager=False, tient_l_autre_qualite=False, a_le_role=True
    )
    assert obstacles(libre) == ()


@pytest.mark.parametrize("drapeaux", list(product((False, True), repeat=5)))
def test_chaque_obstacle_est_dit_le_plus_grave_d_abord(drapeaux: tuple[bool, bool, bool, bool, bool]) -> None:
    candidat, tuteur, manager, deux, role = drapeaux
    attendus = []
    if candidat:
        attendus.append("evaluateur_est_candidat")
    if tuteur:
        attendus.append("evaluateur_est_tuteur")
    if manager:
        attendus.append("evaluateur_est_manager")
    if deux:
        attendus.append("evaluateur_deux_qualites")
    if not role:
        attendus.append("evaluateur_sans_role")
    assert [str(code) for code in obstacles(Situation(candidat, tuteur, manager, deux, role))] == attendus


def test_la_regle_a_un_code_une_phrase_et_une_source() -> None:
    assert evaluateur_admissible.CODE == "EVALUATEUR-ADMISSIBLE"
    assert (evaluateur_admissible.__doc__ or "").startswith("Un représentant métier (sans lien hiérarchique")
    assert "Evaluation faite par" in evaluateur_admissible.SOURCE
    assert evaluateur_admissible.JUSQU_A is None
    assert len(Obstacle) == 5
