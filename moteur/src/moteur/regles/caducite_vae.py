"""La recevabilité d'une VAE devient caduque si aucune étape n'est enregistrée au terme du sixième mois qui suit sa notification, sauf motif légitime.

Une seule étape enregistrée arrête l'horloge pour de bon. Un motif légitime (maladie, congé, mutation) la suspend : les jours
suspendus ne comptent pas. Le programme montre le terme ; une personne constate la caducité, jamais une machine. Le nombre de
mois est un réglage (`vae_caducite_mois`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from moteur.delais import ajouter_mois
from moteur.horloges import GenreHorloge, Horloge, Suspension, repousser

CODE = "CADUCITE-VAE"
SOURCE = (
    "Code du travail, article R6412-4 ; décompte de quantième à quantième (article 641 du code de procédure civile). Que le "
    "motif légitime suspende le délai, plutôt que de l'effacer, est un choix à confirmer par le certificateur."
)
DEPUIS = "1er janvier 2024 (décret n° 2023-1275)"
JUSQU_A = None


def horloge(
    notification: date, mois: int, etape: date | None = None, suspensions: Iterable[Suspension] = ()
) -> Horloge:
    """L'horloge d'une recevabilité notifiée ce jour-là ; `etape` : le jour de la première étape enregistrée."""
    dernier = repousser(notification, ajouter_mois(notification, mois), suspensions)
    return Horloge(GenreHorloge.CADUCITE, notification, dernier, etape)
