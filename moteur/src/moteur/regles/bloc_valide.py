"""Le bloc de compétences est validé si au minimum 80% des compétences qui le constituent sont acquises.

Le taux est une donnée du référentiel (`seuils.bloc`). N'importe quelle compétence peut manquer : aucune n'est
éliminatoire.
"""

from __future__ import annotations

from collections.abc import Iterable

from moteur.vocabulaire import Verdict, au_moins

CODE = "BLOC-VALIDE"
SOURCE = "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, seconde règle de l'en-tête."
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def verdict(competences: Iterable[Verdict], requis: int) -> Verdict:
    """Le verdict d'un bloc d'après celui de ses compétences, quand il en faut `requis`."""
    return au_moins(requis, competences)
