"""Un bloc manqué d'un seul critère, laissé sans accord, ou acquis par le seul critère sur lequel les lectures différaient, reçoit un second regard avant le jury.

Une troisième personne, que rien n'écarte et qui n'a pas évalué l'épreuve, lit les deux lectures scellées, leurs
commentaires et le relevé ; elle écrit un avis motivé : maintenir, ou quels critères reconsidérer et pourquoi. L'avis ne
change rien par lui-même : le jury le lit. Un bloc de trois ou quatre compétences entièrement validé a une marge de 1 :
cela seul n'appelle pas de second regard.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum

from moteur.vocabulaire import Refus, Verdict

CODE = "SECOND-REGARD"
SOURCE = (
    "Non dit par le référentiel ; réglages « second_regard », « second_regard_designation_jours » et "
    "« second_regard_delai_jours » du règlement, à confirmer par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Motif(StrEnum):
    """Pourquoi un résultat reçoit un second regard."""

    A_UN_CRITERE = "a_un_critere"
    SANS_ACCORD = "sans_accord"
    BASCULE_DISCUTEE = "bascule_discutee"


PHRASES = {
    Motif.A_UN_CRITERE: "Le bloc n'est pas acquis, à un critère près.",
    Motif.SANS_ACCORD: "Les deux évaluateurs ne se sont pas accordés.",
    Motif.BASCULE_DISCUTEE: "Le bloc n'est acquis que par un critère sur lequel les deux lectures différaient.",
}


class Sens(StrEnum):
    """Ce que dit un avis."""

    MAINTENIR = "maintenir"
    RECONSIDERER = "reconsiderer"


class Empechement(StrEnum):
    """Ce qui, en plus de la barrière d'indépendance, empêche quelqu'un de porter ce second regard."""

    A_EVALUE = "a_evalue_cette_epreuve"
    EVALUE_ENCORE = "evalue_encore_ce_candidat"


def motifs(
    *,
    acquis: Verdict,
    marge: int | None,
    bascule: Collection[str] | None,
    differaient: Collection[str],
    sans_accord: bool,
) -> tuple[Motif, ...]:
    """Pourquoi ce résultat de bloc reçoit un second regard, dans l'ordre des motifs ; vide : il n'en reçoit pas.

    `acquis`, `marge` et `bascule` sont ceux de la décision du bloc ; `differaient` : les critères sur lesquels les deux
    lectures différaient ; `sans_accord` : un point au moins est laissé au jury.
    """
    dits = {
        Motif.A_UN_CRITERE: marge == -1,
        Motif.SANS_ACCORD: sans_accord,
        Motif.BASCULE_DISCUTEE: acquis is True and marge == 1 and not set(bascule or ()).isdisjoint(differaient),
    }
    return tuple(motif for motif, dit in dits.items() if dit)


def empechements(*, a_evalue_l_epreuve: bool, evalue_encore_le_candidat: bool) -> tuple[Empechement, ...]:
    """Ce qui empêche quelqu'un d'être la troisième personne : elle a lu cette épreuve, ou lirait ce qui pèserait ailleurs."""
    dits = {Empechement.A_EVALUE: a_evalue_l_epreuve, Empechement.EVALUE_ENCORE: evalue_encore_le_candidat}
    return tuple(empechement for empechement, dit in dits.items() if dit)


def verifier_avis(sens: Sens, criteres: Sequence[str], motif: str, *, du_bloc: Collection[str]) -> None:
    """Vérifie la forme d'un avis. Lève `Refus` : `motif_manquant`, `critere_inconnu`, `critere_manquant`, `critere_en_trop`."""
    if not motif.strip():
        raise Refus("motif_manquant", "Écrivez pourquoi : le jury lira vos raisons.")
    for code in criteres:
        if code not in du_bloc:
            raise Refus("critere_inconnu", f"Le critère « {code} » n'est pas de ce bloc.")
    if sens is Sens.RECONSIDERER and not criteres:
        raise Refus("critere_manquant", "Dites quels critères le jury devrait reconsidérer.")
    if sens is Sens.MAINTENIR and criteres:
        raise Refus("critere_en_trop", "Maintenir le résultat ne désigne aucun critère à reconsidérer.")
