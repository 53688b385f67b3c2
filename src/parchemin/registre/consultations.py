"""Un regard : ce qu'une page montre d'un dossier, et pour qui ce dossier est le sien.

La vue dit ce qu'elle montre (`regarder`) ; elle n'écrit rien. L'intergiciel du portail, au-dessus de la garde qui refuse
toute écriture à une lecture, décide si le lecteur est de l'équipe, et inscrit le regard avant que la page ne parte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from parchemin.registre.enums import PageConsultee


@dataclass(frozen=True, slots=True)
class Regard:
    """Ce qui est montré (`objet`, `page`), la chaîne où l'inscrire, et les personnes à qui ce dossier appartient.

    `organisme` : ses gestionnaires et ses ressources humaines sont aussi de l'équipe.
    """

    objet: tuple[str, UUID | str]
    page: PageConsultee
    chaine: str
    equipe: frozenset[UUID]
    organisme: UUID | None = None


def regarder(request: HttpRequest, regard: Regard) -> None:
    """Dit que la réponse à cette requête montrera cela."""
    request.regard = regard  # type: ignore[attr-defined]


def regard_de(request: Any) -> Regard | None:
    """Ce que la vue a dit montrer ; `None` si rien."""
    regard = getattr(request, "regard", None)
    return regard if isinstance(regard, Regard) else None
