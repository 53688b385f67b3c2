"""Ces attestations de maîtrise des compétences consignées dans ce carnet sont attestées par le tuteur et par le manager.

Une compétence attend deux attestations, l'une du tuteur, l'autre du manager : « et » les joint, aucune ne remplace
l'autre. Le carnet est complet quand chaque compétence des blocs demandés porte les deux. Le carnet ne compte jamais dans
les 80 % : il ouvre, ou non, la convocation (`avant_de_convoquer`). Quand l'un la dit maîtrisée et l'autre non, le désaccord
se montre ; ce n'est pas au programme de le trancher.
"""

from __future__ import annotations

from collections.abc import Collection

from moteur.vocabulaire import Verdict, au_moins

CODE = "CARNET-COMPLET"
SOURCE = (
    "Référentiel du CQP Conseiller Offres de Service de la Sécurité sociale, « Carnet de suivi des compétences » de chaque "
    "bloc ; qu'il doive être complet avant la convocation est un réglage par défaut, à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def verdict(attestations: Collection[Verdict]) -> Verdict:
    """Le verdict d'un carnet d'après toutes les attestations attendues : deux par compétence.

    Chacune vaut `True` (maîtrisée), `False` (pas encore) ou `None` (attendue). Un carnet sans ligne est complet.
    """
    return au_moins(len(attestations), attestations)


def desaccord(tuteur: Verdict, manager: Verdict) -> bool:
    """Vrai si les deux se sont prononcés sur une compétence, et ne disent pas la même chose."""
    return None not in (tuteur, manager) and tuteur is not manager
