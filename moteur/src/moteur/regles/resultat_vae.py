"""Le résultat d'une VAE est notifié au candidat dans les quinze jours qui suivent le jury.

Des jours calendaires : le dernier compte encore. Leur nombre est un réglage (`vae_notification_jours`).
"""

from __future__ import annotations

from datetime import date, timedelta

from moteur.horloges import GenreHorloge, Horloge

CODE = "RESULTAT-VAE"
SOURCE = "Code du travail, article R6412-7."
DEPUIS = "1er janvier 2024 (décret n° 2023-1275)"
JUSQU_A = None


def horloge(jury: date, jours: int, notification: date | None = None) -> Horloge:
    """L'horloge d'un jury tenu ce jour-là ; `notification` : le jour où le résultat est notifié."""
    return Horloge(GenreHorloge.RESULTAT, jury, jury + timedelta(days=jours), notification)
