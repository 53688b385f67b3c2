"""Les mots du moteur : états d'un critère, verdicts, seuils, refus.

Un verdict a trois valeurs : `True` (acquis, quoi qu'on décide des critères ouverts), `False` (non acquis, quoi qu'on
en décide) et `None` (cela dépend des critères ouverts).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

type Verdict = bool | None


class Refus(Exception):
    """Une entrée que le moteur ne juge pas.

    `code` est stable et se compare ; `message` est en français et se lit ; on ne décide jamais sur son texte.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


class Etat(StrEnum):
    """Ce qu'un évaluateur dit d'un critère. Un critère non observé reste ouvert, comme un critère absent."""

    VALIDE = "valide"
    NON_VALIDE = "non_valide"
    NON_OBSERVE = "non_observe"


#: Le verdict que porte chaque état, à lui seul.
VERDICT_DE: dict[Etat, Verdict] = {Etat.VALIDE: True, Etat.NON_VALIDE: False, Etat.NON_OBSERVE: None}


class Nature(StrEnum):
    """La forme d'une épreuve."""

    OBSERVATION = "observation"
    PRESENTATION = "presentation"


class SensDuree(StrEnum):
    """Ce que vaut la durée écrite d'une phase : un plancher, une prévision, un plafond."""

    MINIMUM = "minimum"
    PREVU = "prevu"
    MAXIMUM = "maximum"


class DocumentsRemis(StrEnum):
    """Le candidat peut-il remettre un document ou un support aux évaluateurs ?"""

    INTERDITS = "interdits"
    LIBRES = "libres"


class Qualite(StrEnum):
    """La qualité au nom de laquelle un évaluateur juge."""

    METIER = "metier"
    CERTIFICATEUR = "certificateur"


class CodeExigence(StrEnum):
    """Ce qu'une épreuve demande de compter."""

    ENTRETIENS = "entretiens"
    COURRIERS = "courriers"
    COMPETENCES_ABORDEES = "competences_abordees"


@dataclass(frozen=True, slots=True)
class Seuil:
    """Une proportion exacte, par exemple 4/5 ; jamais un nombre à virgule.

    Lève `Refus("seuil_invalide")` si la fraction n'est pas dans ]0, 1].
    """

    numerateur: int
    denominateur: int

    def __post_init__(self) -> None:
        entiers = type(self.numerateur) is int and type(self.denominateur) is int  # un booléen n'est pas un nombre
        if not entiers or not 0 < self.numerateur <= self.denominateur:
            raise Refus(
                "seuil_invalide",
                f"Le seuil {self.numerateur!r}/{self.denominateur!r} doit être une fraction d'entiers, "
                "plus grande que 0 et au plus égale à 1.",
            )

    def requis(self, n: int) -> int:
        """Le plus petit nombre `v` d'éléments sur `n` tel que v/n atteigne le seuil : v × dénominateur ≥ n × numérateur.

        « Au minimum » ne permet pas d'arrondir vers le bas : 80 % de 6 fait 5, 80 % de 4 fait 4.
        """
        return -(-n * self.numerateur // self.denominateur)

    def __str__(self) -> str:
        return f"{self.numerateur}/{self.denominateur}"


def au_moins(requis: int, verdicts: Iterable[Verdict]) -> Verdict:
    """Faut-il `requis` verdicts vrais : est-ce atteint, hors d'atteinte, ou encore ouvert ?

    Exact parce que les éléments d'un même niveau ne partagent aucun critère : chacun des `None` peut devenir vrai ou
    faux indépendamment des autres.
    """
    acquis = ouverts = 0
    for verdict in verdicts:
        if verdict is None:
            ouverts += 1
        elif verdict:
            acquis += 1
    if acquis >= requis:
        return True
    if acquis + ouverts < requis:
        return False
    return None
