"""Ce que le journal ne montre pas encore à l'auditeur, ou au délégué, qui évalue : il y lirait combien l'autre note, et quand.

Rien ne disparaît en silence : la page, l'entrée et l'export disent ce qui manque, et pourquoi.
"""

from __future__ import annotations

from collections.abc import Collection

from parchemin.convocations.selectors import epreuves_a_taire
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Avis, Ton
from parchemin.socle.typographie import pluriel

ENTREE_RETENUE = Avis(
    Ton.ATTENTE,
    "Elle touche une épreuve que vous évaluez",
    "Elle se lira quand les deux lectures seront scellées : avant, elle dirait ce que fait l’autre évaluateur, et quand. "
    "Elle est au journal, à son rang.",
)


def tus_pour(lecteur: Acteur) -> frozenset[str]:
    """Les épreuves dont ce lecteur ne lit encore aucune entrée. Une requête."""
    return frozenset(map(str, epreuves_a_taire(lecteur)))


def avis_de_retenue(tus: Collection[str]) -> Avis | None:
    """Ce qu'une page dit de ce qu'elle ne montre pas ; le même, qu'il y ait à taire une entrée, cent, ou aucune."""
    if not tus:
        return None
    return Avis(
        Ton.ATTENTE,
        f"Le journal vous tait {pluriel(len(tus), 'épreuve')}",
        "Vous évaluez, ou avez évalué, et les deux lectures ne sont pas scellées : ce qui s’y fait ne se lit pas ici avant, et "
        "l’export ne l’emporte pas. Ces entrées sont au journal, à leur rang ; la vérification les relit.",
    )


def ligne_de_retenue(tus: Collection[str]) -> str:
    """La même chose, sur la dernière ligne d'un export en tableau ; vide s'il n'y manque rien."""
    avis = avis_de_retenue(tus)
    return f"{avis.titre}. {avis.texte}" if avis else ""
