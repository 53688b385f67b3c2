"""Le jury d'une VAE se tient avant la fin du troisième mois qui suit le dépôt du dossier de validation.

Compté de quantième à quantième, la lecture la plus exigeante. Le nombre de mois est un réglage (`vae_jury_mois`).
"""

from __future__ import annotations

from datetime import date

from moteur.delais import ajouter_mois
from moteur.horloges import GenreHorloge, Horloge

CODE = "JURY-VAE"
SOURCE = (
    "Code du travail, article R6412-5 ; décompte de quantième à quantième (article 641 du code de procédure civile)."
)
DEPUIS = "1er janvier 2024 (décret n° 2023-1275)"
JUSQU_A = None


def horloge(depot: date, mois: int, jury: date | None = None) -> Horloge:
    """L'horloge d'un dossier de validation déposé ce jour-là ; `jury` : le jour où le jury s'est tenu."""
    return Horloge(GenreHorloge.JURY, depot, ajouter_mois(depot, mois), jury)
