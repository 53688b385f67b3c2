"""Déclarer des actions : la forme du nom, un seul libellé."""

from __future__ import annotations

import pytest
from django.db import models

from parchemin.registre import actions


@pytest.mark.parametrize("nom", ["faite", "essai.Faite", "essai.", "essai.faite.deux", "essai faite.x"])
def test_un_nom_a_la_forme_domaine_verbe(nom):
    choix = models.TextChoices("Choix", [("UN", (nom, "Libellé"))])
    with pytest.raises(ValueError, match="domaine"):
        actions.declarees(choix)


def test_un_nom_n_a_qu_un_libelle():
    actions.declarees(models.TextChoices("Choix", [("UN", ("essai.faite", "Chose faite"))]))
    with pytest.raises(ValueError, match="déjà"):
        actions.declarees(models.TextChoices("Choix", [("UN", ("essai.faite", "Autre chose"))]))
