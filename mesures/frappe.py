"""Le modèle frappe à frappe (KLM, Card, Moran et Newell, 1980) d'un passage au doigt : des secondes, sans chronomètre.

Chaque opérateur a sa durée publiée ; on compte les opérateurs d'un vrai parcours au navigateur, on ne les suppose pas.
Lire se compte à part, à 238 mots par minute (Brysbaert, 2019, lecture silencieuse d'adulte).
"""

from __future__ import annotations

from dataclasses import dataclass

TOUCHE = 0.28
"""K : une touche, pour qui ne tape pas vite."""
POINTER = 1.1
"""P : viser une cible."""
APPUI = 0.2
"""B : toucher l'écran."""
DECIDER = 1.35
"""M : se préparer, décider."""
REPONSE = 1.5
"""R : attendre une page, ou que le courriel s'affiche."""
MOTS_PAR_MINUTE = 238


@dataclass(frozen=True, slots=True)
class Passage:
    """Ce que fait une personne : gestes du doigt, touches, décisions, attentes d'une page, mots sous ses yeux."""

    gestes: int
    touches: int
    decisions: int
    attentes: int
    mots: int

    @property
    def secondes(self) -> float:
        """La durée du passage, en secondes."""
        return (
            self.gestes * (POINTER + APPUI)
            + self.touches * TOUCHE
            + self.decisions * DECIDER
            + self.attentes * REPONSE
            + self.mots / MOTS_PAR_MINUTE * 60
        )
