"""Les genres de courriel : chaque capacité déclare les siens, avec leur nom français ; on n'envoie rien d'autre."""

from __future__ import annotations

import re
from dataclasses import dataclass

from parchemin.courriels.enums import Rythme

_FORME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_DECLARES: dict[str, Genre] = {}


@dataclass(frozen=True, slots=True)
class Genre:
    """Un genre de courriel. Un obligatoire part toujours, et tout de suite ; un facultatif suit la préférence de chacun.

    Un rappel est obligatoire sans jamais partir seul : il se dit dans le courriel du jour, avec tout le reste, même à qui ne
    veut pas de ce courriel. `code` (`domaine.nom`) est gardé en base ; `rythme` est celui de qui n'a rien réglé.
    """

    code: str
    libelle: str
    obligatoire: bool = False
    rythme: Rythme = Rythme.QUOTIDIEN
    rappel: bool = False


class GenreInconnu(LookupError):
    """Un genre que personne n'a déclaré : c'est une faute de programme."""


def declarer(genre: Genre) -> Genre:
    """Déclare un genre, dans l'`enums.py` de la capacité qui l'envoie. Lève `ValueError` s'il est mal formé ou déjà pris."""
    if not _FORME.fullmatch(genre.code):
        raise ValueError(f"« {genre.code} » n'a pas la forme domaine.nom")
    if genre.rappel and not genre.obligatoire:
        raise ValueError(f"« {genre.code} » : un rappel ne se coupe pas")
    if _DECLARES.setdefault(genre.code, genre) != genre:
        raise ValueError(f"le genre « {genre.code} » est déjà déclaré autrement")
    return genre


def exiger(code: str) -> Genre:
    """Le genre de ce code, ou lève `GenreInconnu`."""
    try:
        return _DECLARES[code]
    except KeyError:
        raise GenreInconnu(f"genre de courriel non déclaré : {code} (voir courriels/README.md)") from None


def tous() -> tuple[Genre, ...]:
    """Les genres déclarés, les obligatoires d'abord, puis par libellé."""
    return tuple(sorted(_DECLARES.values(), key=lambda genre: (not genre.obligatoire, genre.libelle)))


DU_JOUR = declarer(Genre("courriels.du_jour", "Le courriel du jour : ce qui vous attend"))
"""Le courriel quotidien, qui regroupe les nouvelles gardées et « À faire »."""
