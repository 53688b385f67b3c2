"""La tournée du jour : jusqu'à quelle personne les courriels du jour sont composés, pour reprendre après un arrêt."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from parchemin.courriels.enums import Action
from parchemin.courriels.models import Tournee
from parchemin.courriels.services.depot import CHAINE
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur


def ouvrir_tournee(*, jour: date) -> UUID | None:
    """Verrouille la tournée de ce jour jusqu'à la fin de la transaction, et rend son curseur. À n'appeler que dans un acte.

    Deux workers sur la même tournée se suivent : le second repart d'où le premier s'est arrêté.
    """
    Tournee.objects.bulk_create([Tournee(jour=jour)], ignore_conflicts=True)
    return Tournee.objects.select_for_update(of=("self",)).get(jour=jour).curseur


def avancer_tournee(
    *, jour: date, curseur: UUID | None, vues: int, parties: int, maintenant: datetime, auteur: Acteur = SYSTEME
) -> None:
    """Note la dernière personne vue ; `None` : la tournée est finie. `vues`, `parties` : combien dans ce pas."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.TOURNEE, chaine=CHAINE) as journal:
        champs = {"finie_le": maintenant} if curseur is None else {"curseur": curseur}
        Tournee.objects.filter(jour=jour).update(**champs)
        journal.inscrire(
            objet=("tournee", jour.isoformat()), donnees={"vues": vues, "parties": parties, "finie": curseur is None}
        )
