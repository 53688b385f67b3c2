"""La simulation du second regard : la même graine donne les mêmes nombres, et les nombres connus s'y retrouvent."""

from __future__ import annotations

import numpy as np
import pytest

from mesures.second_regard import ERREURS, simuler
from parchemin.referentiels.fichier import charger_norme

COMBIEN = 20_000


@pytest.mark.parametrize("erreur", ERREURS)
def test_un_evaluateur_seul_refuse_ce_que_dit_le_calcul(erreur: float) -> None:
    """Les blocs 3 et 4 tombent sur un seul critère : 1 − (1 − e)^10, et 1 − (1 − e)^13."""
    issue = simuler(charger_norme(), erreur, COMBIEN)
    for rang, criteres in ((2, 10), (3, 13)):
        attendu = 1 - (1 - erreur) ** criteres
        ecart = 4 * np.sqrt(attendu * (1 - attendu) / COMBIEN)
        assert abs(issue.seul[rang] - attendu) < ecart


@pytest.mark.parametrize("erreur", ERREURS)
def test_deux_lectures_puis_le_second_regard_refusent_de_moins_en_moins(erreur: float) -> None:
    issue = simuler(charger_norme(), erreur, COMBIEN)
    assert issue.refuses_relus < issue.refuses_deux < issue.refuses_seul
    assert (issue.relus <= issue.deux).all()
    assert (issue.regards >= issue.deux - issue.relus).all()  # on ne corrige que ce que l'on relit


def test_sans_erreur_ni_refus_ni_regard() -> None:
    issue = simuler(charger_norme(), 0.0, 1_000)
    assert (issue.refuses_seul, issue.refuses_deux, issue.refuses_relus, issue.regards.sum()) == (0, 0, 0, 0)


def test_la_meme_graine_donne_les_memes_nombres() -> None:
    une, autre = (simuler(charger_norme(), 0.03, 2_000) for _ in range(2))
    assert (une.refuses_relus, une.regards.tolist()) == (autre.refuses_relus, autre.regards.tolist())
