"""Deux lectures scellées font un résultat commun : on ne revient que sur ce qui diffère.

Les deux lectures sont gardées telles quelles ; ce que les évaluateurs tranchent ensemble s'ajoute à elles. Qui s'écarte
de sa propre lecture dit pourquoi. Un critère que la lecture d'un remplaçant n'a pas pu juger n'a qu'un avis : il est
laissé au jury.
"""

from __future__ import annotations

from collections.abc import Mapping

from moteur.phrases import enumerer
from moteur.vocabulaire import Etat, Refus

CODE = "ACCORD-DES-LECTURES"
SOURCE = (
    "Le référentiel demande deux évaluateurs et une grille, sans dire comment ils s'accordent ; réglage par défaut "
    "(deux lectures, un résultat commun, le désaccord va au jury), à confirmer par le certificateur."
)
DEPUIS = "version 2021 du référentiel"
JUSQU_A = None


def differences(lecture1: Mapping[str, Etat], lecture2: Mapping[str, Etat]) -> tuple[str, ...]:
    """Les critères sur lesquels deux lectures complètes diffèrent, dans l'ordre de la première.

    Lève `Refus("lecture_incomplete")` si un critère n'est pas tranché, ou n'est pas dans les deux.
    """
    _verifier_complete(lecture1)
    _verifier_complete(lecture2)
    if set(lecture1) != set(lecture2):
        raise Refus("lecture_incomplete", "Les deux lectures ne portent pas sur les mêmes critères.")
    return tuple(code for code, etat in lecture1.items() if lecture2[code] != etat)


def resultat_commun(
    lecture1: Mapping[str, Etat], lecture2: Mapping[str, Etat], tranches: Mapping[str, Etat]
) -> dict[str, Etat]:
    """Le résultat commun : ce sur quoi les lectures s'accordent, et pour le reste ce que disent les `tranches`.

    Lève `Refus` : `lecture_incomplete`, `critere_concordant` (on ne touche pas à un critère sur lequel les lectures
    s'accordent, ni à un critère qu'elles n'ont pas), `critere_non_tranche` (il en reste, ou une tranche n'est ni
    validé ni non validé).
    """
    a_trancher = differences(lecture1, lecture2)
    for code in tranches:
        if code not in a_trancher:
            raise Refus(
                "critere_concordant", f"Les deux lectures ne diffèrent pas sur « {code} » : il ne se rediscute pas."
            )
    restants = [code for code in a_trancher if not _tranche(tranches.get(code))]
    if restants:
        raise Refus("critere_non_tranche", f"Il reste à trancher ensemble : {enumerer(restants)}.")
    return {code: Etat(tranches.get(code, etat)) for code, etat in lecture1.items()}


def au_jury_d_office(lecture1: Mapping[str, Etat], lecture2: Mapping[str, Etat]) -> tuple[str, ...]:
    """Les critères qu'une lecture au moins n'a pas pu juger : nul accord ne les tranche."""
    return tuple(code for code, etat in lecture1.items() if Etat.NON_OBSERVE in (etat, lecture2.get(code)))


def motif_exige(*, ma_lecture: object, choix: object, rejoint: bool) -> bool:
    """Faut-il dire pourquoi ? Oui si l'on s'écarte de sa propre lecture, ou si l'on ne rejoint pas l'autre."""
    return choix != ma_lecture or not rejoint


def _verifier_complete(lecture: Mapping[str, Etat]) -> None:
    ouverts = [code for code, etat in lecture.items() if not _tranche(etat)]
    if ouverts:
        raise Refus("lecture_incomplete", f"Une lecture n'est pas complète : {enumerer(ouverts)}.")


def _tranche(etat: str | None) -> bool:
    return etat in (Etat.VALIDE, Etat.NON_VALIDE)
