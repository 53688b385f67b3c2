"""La recevabilité d'une demande de VAE est décidée dans les deux mois d'un dossier complet ; le silence vaut recevabilité.

Le délai part du jour où le dossier complet est reçu et se compte en mois calendaires ; son dernier jour compte encore, et la
recevabilité née du silence prend date le lendemain. Le nombre de mois est un réglage (`vae_recevabilite_mois`).
"""

from __future__ import annotations

from datetime import date

from moteur.delais import ajouter_mois
from moteur.horloges import UN_JOUR, EtatHorloge, GenreHorloge, Horloge

CODE = "RECEVABILITE-VAE"
SOURCE = "Code du travail, articles L6412-2 et R6412-4 ; décompte de quantième à quantième (article 641 du code de procédure civile)."
DEPUIS = "1er janvier 2024 (décret n° 2023-1275)"
JUSQU_A = None


def horloge(demande: date, mois: int, reponse: date | None = None) -> Horloge:
    """L'horloge d'une demande complète reçue ce jour-là ; `reponse` : le jour où il y est répondu."""
    return Horloge(GenreHorloge.RECEVABILITE, demande, ajouter_mois(demande, mois), reponse)


def acquise_par_silence(demande: date, mois: int, jour: date) -> date | None:
    """Sans réponse, vu de ce jour : le jour où la demande est devenue recevable ; `None` si le délai court encore."""
    echue = horloge(demande, mois).etat(jour) is EtatHorloge.ECHUE
    return ajouter_mois(demande, mois) + UN_JOUR if echue else None
