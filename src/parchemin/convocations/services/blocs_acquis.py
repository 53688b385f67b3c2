"""Annuler l'épreuve d'un bloc qui vient d'être acquis autrement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from parchemin.convocations.selectors import epreuve_prevue
from parchemin.convocations.services.passages import annuler_epreuve
from parchemin.socle.acteur import Acteur

MOTIF = "Ce bloc est acquis autrement : l'épreuve n'a plus d'objet."


def annuler_pour_un_bloc_acquis(dossier: UUID, bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    """Annule l'épreuve prévue de ce bloc, au nom de qui l'a reconnu et dans sa transaction. Sans épreuve prévue, ne fait rien."""
    epreuve = epreuve_prevue(dossier, bloc)
    if epreuve is not None:
        annuler_epreuve(epreuve=epreuve.id, motif=MOTIF, auteur=auteur, maintenant=maintenant)
