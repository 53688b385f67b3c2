"""La certification est obtenue si tous ses blocs sont acquis.

Un bloc acquis par une autre voie (équivalence) compte comme acquis. La règle des 80 % ne s'applique pas aux blocs.
"""

from __future__ import annotations

from collections.abc import Collection

from moteur.vocabulaire import Verdict, au_moins

CODE = "CERTIFICATION-OBTENUE"
SOURCE = (
    "Le référentiel ne dit rien de la certification entière ; réglage par défaut, conforme à la doctrine générale de "
    "France compétences (valider tous les blocs, c'est valider la certification), à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def verdict(blocs: Collection[Verdict]) -> Verdict:
    """Le verdict de la certification d'après celui de tous ses blocs."""
    return au_moins(len(blocs), blocs)
