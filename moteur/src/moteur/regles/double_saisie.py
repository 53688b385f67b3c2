"""Une grille papier se ressaisit deux fois, par deux personnes qui ne se voient pas ; ce qui diffère se règle, le papier en main.

Une saisie est ce que la feuille dit de chaque cible (critère, commentaire, condition) ; une cible laissée vide n'y est pas.
Deux saisies semblables font une grille ; sinon chaque différence veut une décision, et une seule. Les espaces et les
retours à la ligne d'un texte ne font pas une différence. Rien n'est déduit : ce que nul n'a saisi n'entre pas.
"""

from __future__ import annotations

from collections.abc import Mapping

from moteur.empreinte import canonique
from moteur.vocabulaire import Refus

CODE = "DOUBLE-SAISIE"
SOURCE = "Usage de la saisie contrôlée (double saisie aveugle) ; réglage par défaut, à confirmer par le certificateur."
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None

type Saisie = Mapping[str, object]


def differences(une: Saisie, deux: Saisie) -> tuple[str, ...]:
    """Les cibles sur lesquelles deux saisies diffèrent, celles qu'une seule a remplies comprises ; dans l'ordre du texte."""
    return tuple(sorted(cible for cible in {*une, *deux} if _dit(une.get(cible)) != _dit(deux.get(cible))))


def reunir(une: Saisie, deux: Saisie, retenus: Saisie) -> dict[str, object]:
    """La grille que disent les deux saisies, chaque différence réglée par `retenus` (`None` : la feuille n'en dit rien).

    Lève `Refus("differences_a_regler")` s'il en reste une sans décision, ou si une décision porte sur ce qui ne diffère pas.
    """
    a_regler = differences(une, deux)
    if set(a_regler) != set(retenus):
        raise Refus("differences_a_regler", "Réglez chaque différence entre les deux saisies, et elles seules.")
    reunie = {cible: retenus[cible] if cible in retenus else une.get(cible) for cible in {*une, *deux}}
    return {cible: reunie[cible] for cible in sorted(reunie) if reunie[cible] is not None}


def _dit(valeur: object) -> bytes:
    """Ce qu'une valeur dit, sous une forme comparable : les blancs d'un texte ne comptent pas."""
    return canonique(_serree(valeur))


def _serree(valeur: object) -> object:
    match valeur:
        case str():
            return valeur.split()
        case Mapping():
            return {str(cle): _serree(sienne) for cle, sienne in valeur.items()}
        case _:
            return valeur
