"""Le moteur par lots : grilles par seconde, rapportées à un simple produit de matrices sur les mêmes grilles."""

from __future__ import annotations

import numpy as np

from mesures.mesure import Mesure, Sens, chronometrer
from moteur.lot import Lot
from parchemin.referentiels.fichier import charger_norme

SUJET = "Moteur"
BUT_GRILLES = 2_000_000
"""Par seconde, sur un cœur, un fil ; l'entrée est une matrice de booléens en mémoire."""
GRAINE = 20_261_124


def mesurer(rapide: bool) -> list[Mesure]:
    """Le meilleur de plusieurs passages sur un million de grilles (dix fois moins en rapide)."""
    combien, fois = (100_000, 5) if rapide else (1_000_000, 7)
    referentiel = charger_norme()
    competences = list(referentiel.competences())
    tailles = [len(competence.criteres) for competence in competences]
    grilles = np.random.default_rng(GRAINE).random((combien, sum(tailles))) < 0.9

    lot = Lot(referentiel)
    duree = min(chronometrer(lambda: lot.marges(grilles), fois))

    flottants = grilles.astype(np.float32)
    appartient = np.repeat(np.eye(len(tailles), dtype=np.float32), tailles, axis=0)
    produit = np.empty((combien, len(tailles)), dtype=np.float32)
    pair = min(chronometrer(lambda: np.matmul(flottants, appartient, out=produit), fois))

    note = (
        f"{combien:_} grilles de {sum(tailles)} critères ; verdicts et marges des compétences, des blocs et de la"
        " certification ; le pair ne fait que compter les critères de chaque compétence, matrice déjà en float32"
    ).replace("_", " ")
    return [
        Mesure(
            SUJET,
            "grilles par seconde (lot)",
            combien / duree,
            "grilles/s",
            BUT_GRILLES,
            Sens.AU_MOINS,
            "produit numpy nu",
            combien / pair,
            note,
        )
    ]
