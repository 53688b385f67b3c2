"""La compétence est validée si au minimum 80% des critères qui permettent d'apprécier l'acquisition de la compétence sont validés.

Le taux est une donnée du référentiel (`seuils.competence`), comparée en entiers : 5 × validés ≥ 4 × critères.
"""

from __future__ import annotations

from collections.abc import Iterable

from moteur.vocabulaire import Verdict, au_moins

CODE = "COMPETENCE-VALIDEE"
SOURCE = "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, première règle de l'en-tête."
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def verdict(criteres: Iterable[Verdict], requis: int) -> Verdict:
    """Le verdict d'une compétence d'après celui de ses critères, quand il en faut `requis`."""
    return au_moins(requis, criteres)
