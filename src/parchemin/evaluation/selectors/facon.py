"""La façon de noter d'un évaluateur : la sienne, et celle de personne d'autre."""

from __future__ import annotations

from dataclasses import dataclass

from parchemin.evaluation.enums import Main
from parchemin.evaluation.models import FaconDeNoter
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueFacon:
    """La façon de noter d'un évaluateur ; `rang` : combien de fois il l'a enregistrée (0 : celle de départ)."""

    phrases: tuple[str, ...] = ()
    main: Main = Main.DROITE
    raccourcis: bool = True
    rang: int = 0


FACON_DE_DEPART = VueFacon()


def facon_de_noter(lecteur: Acteur) -> VueFacon:
    """La façon de noter du lecteur, et d'elle seule. Une requête."""
    ligne = FaconDeNoter.objects.filter(pk=lecteur.id).first()
    if ligne is None:
        return FACON_DE_DEPART
    return VueFacon(tuple(ligne.phrases), Main(ligne.main), ligne.raccourcis, ligne.rang)
