"""Ce qui menace une épreuve se dit avant le jour dit : ce qui lui manque, ce qui attend, et à partir de quand c'est un retard.

Une menace est un *retard* si ce qu'il fallait faire aurait dû l'être ; un *risque* si le temps reste. Une épreuve dont l'heure est
passée sans résultat est en retard, quoi qu'il lui manque. Rien ici n'empêche d'agir : cela ordonne ce que lit le gestionnaire.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from moteur.regles.delai_de_convocation import Delai, Destinataire

CODE = "EPREUVE-A-RISQUE"
SOURCE = (
    "Non dit par le référentiel ; réglages « convocation_delais » et « convocation_reponse_jours » du règlement, à confirmer "
    "par le certificateur."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Menace(StrEnum):
    """Ce qui menace une épreuve ; de la plus proche de l'empêcher à la plus lointaine."""

    PASSEE = "passee"
    SUSPENDUE = "suspendue"
    REFUS = "refus"
    SANS_EVALUATEURS = "sans_evaluateurs"
    CARNET = "carnet"
    NON_CONVOQUEE = "non_convoquee"
    SANS_REPONSE = "sans_reponse"


class Gravite(IntEnum):
    """Ce qui est en retard se lit d'abord."""

    RETARD = 0
    RISQUE = 1


@dataclass(frozen=True, slots=True)
class Situation:
    """Ce que l'on sait d'une épreuve qui n'est pas finie. `attendent` : depuis quel jour chacun de ceux qui se taisent."""

    epreuve: date
    evaluateurs: int
    convoquee: bool
    refus: int = 0
    attendent: tuple[date, ...] = ()
    suspendue: bool = False
    carnet_en_regle: bool = True


def menaces(
    situation: Situation, *, jour: date, table: Iterable[Delai], reponse_jours: int
) -> tuple[tuple[Menace, Gravite], ...]:
    """Ce qui menace cette épreuve, vu de ce jour, la plus pressante d'abord ; vide : rien.

    `table` : les délais du règlement ; `reponse_jours` : les jours laissés à une personne convoquée pour répondre.
    """
    trouvees: list[tuple[Menace, Gravite]] = []
    delai = next(ligne for ligne in table if ligne.destinataire is Destinataire.EVALUATEUR)
    if situation.epreuve < jour:
        trouvees.append((Menace.PASSEE, Gravite.RETARD))
    if situation.suspendue:
        trouvees.append((Menace.SUSPENDUE, Gravite.RETARD))
    a_venir = situation.epreuve >= jour
    if a_venir and situation.refus:
        trouvees.append((Menace.REFUS, Gravite.RETARD))
    tard = Gravite.RETARD if jour > delai.dernier_jour(situation.epreuve) else Gravite.RISQUE
    if a_venir and situation.evaluateurs < 2:
        trouvees.append((Menace.SANS_EVALUATEURS, tard))
    if a_venir and not situation.carnet_en_regle:
        trouvees.append((Menace.CARNET, tard))
    if a_venir and not situation.convoquee and situation.evaluateurs >= 2:
        trouvees.append((Menace.NON_CONVOQUEE, tard))
    if a_venir and any(jour > depuis + timedelta(days=reponse_jours) for depuis in situation.attendent):
        trouvees.append((Menace.SANS_REPONSE, Gravite.RISQUE))
    return tuple(sorted(trouvees, key=_ordre))


def _ordre(une: tuple[Menace, Gravite]) -> tuple[int, int]:
    """L'ordre de lecture : le retard d'abord, puis la menace la plus pressante."""
    return une[1], list(Menace).index(une[0])
