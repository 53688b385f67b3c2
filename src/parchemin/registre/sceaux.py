"""Les lignes scellées : qui sait les relire, et ce qu'une entrée du journal dit d'elles.

Une capacité déclare ici chacune de ses tables scellées (depuis son `AppConfig.ready`). `parchemin journal verifier`
relit alors chaque ligne dont une entrée parle, et cherche celles dont aucune ne parle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

type Relire = Callable[[str], str | None]
type Lister = Callable[[], Iterable[str | UUID]]


@dataclass(frozen=True, slots=True)
class Scelle:
    """Une ligne scellée dans l'acte : `nom` déclaré, `cle` primaire en texte, `empreinte` SHA-256 (64 hexadécimaux)."""

    nom: str
    cle: str
    empreinte: str


@dataclass(frozen=True, slots=True)
class TableScellee:
    """Comment relire une table scellée."""

    nom: str
    relire: Relire
    lister: Lister | None


_TABLES: dict[str, TableScellee] = {}


def declarer(nom: str, relire: Relire, lister: Lister | None = None) -> None:
    """Déclare une table scellée ; la redire remplace.

    `relire(cle)` recalcule l'empreinte **depuis les colonnes de la ligne** (jamais depuis une colonne « empreinte »),
    `None` si la ligne n'existe pas. `lister()` rend les clés de toutes les lignes, **dans l'ordre croissant de leur
    texte** (`order_by("pk")` convient aux UUID) et sans tout charger (`.iterator()`).
    """
    _TABLES[nom] = TableScellee(nom, relire, lister)


def table(nom: str) -> TableScellee | None:
    """La table scellée de ce nom, `None` si nul ne l'a déclarée."""
    return _TABLES.get(nom)


def tables() -> tuple[TableScellee, ...]:
    """Toutes les tables scellées, par nom."""
    return tuple(_TABLES[nom] for nom in sorted(_TABLES))
