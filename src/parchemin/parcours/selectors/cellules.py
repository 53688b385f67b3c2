"""Lire une cellule d'un import, la même pour tous : une adresse, un jour. Ce qui ne se lit pas est une faute, dite avec sa cellule."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from parchemin.comptes.selectors.imports import Fautes
from parchemin.parcours.ecritures_de_dates import lire_jour, nombre_d_excel
from parchemin.socle.tableur import Ligne

COURRIEL_MAX = 254
"""La plus longue adresse qui puisse servir (RFC 5321), et celle que gardent les fiches."""


def adresse(fautes: Fautes, ligne: Ligne, colonne: str) -> str | None:
    """L'adresse de cette cellule, en minuscules ; vide, elle l'est aussi."""
    dite = ligne[colonne].strip().lower()
    if len(dite) > COURRIEL_MAX:
        fautes.dire(ligne, colonne, f"{COURRIEL_MAX} signes au plus.")
        return None
    try:
        if dite:
            validate_email(dite)
    except ValidationError:
        fautes.dire(ligne, colonne, f"« {dite[:60]} » n'est pas une adresse de courriel.")
        return None
    return dite


def jour(fautes: Fautes, ligne: Ligne, colonne: str) -> date | None:
    """Le jour de cette cellule."""
    lu = lire_jour(ligne[colonne])
    if lu is None:
        pas_une_date(fautes, ligne, colonne, "n'est pas une date : écrivez 31/12/2026.")
    return lu


def pas_une_date(fautes: Fautes, ligne: Ligne, colonne: str, pourquoi: str) -> None:
    """La faute, avec ce qui est écrit ; le nombre qu'un tableur garde pour une date a la sienne."""
    dit = ligne[colonne]
    if nombre_d_excel(dit):
        pourquoi = "est le nombre d'une date : mettez la colonne au format Date, ou écrivez 31/12/1990."
    fautes.dire(ligne, colonne, f"« {dit[:20]} » {pourquoi}")
