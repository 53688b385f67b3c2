"""Ce que devient l'épreuve d'un bloc qui est acquis autrement : prévue, elle s'annule ; commencée, elle s'y oppose."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from parchemin.convocations.enums import AVANT_L_EPREUVE
from parchemin.convocations.selectors.epreuves import VueEpreuve, epreuves_du_dossier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.typographie import date_en_clair


def epreuve_prevue(dossier: UUID, bloc: str) -> VueEpreuve | None:
    """L'épreuve de ce bloc, si elle n'a pas commencé."""
    epreuve = epreuves_du_dossier(SYSTEME, dossier).get(bloc)
    return epreuve if epreuve is not None and epreuve.etat in AVANT_L_EPREUVE else None


def obstacles_au_bloc_acquis(dossier: UUID, bloc: str) -> Iterable[str]:
    """Une épreuve commencée, ou déjà jugée : elle va à son terme, et son résultat se lit."""
    epreuve = epreuves_du_dossier(SYSTEME, dossier).get(bloc)
    if epreuve is None or epreuve.etat in (*AVANT_L_EPREUVE, "non_evaluee"):
        return
    if epreuve.etat == "accordee":
        yield f"Le bloc {bloc[1:]} a déjà son résultat : c'est lui qui se lit."
    else:
        yield (
            f"L'épreuve du bloc {bloc[1:]} est commencée ({epreuve.etat_intitule.lower()}) : elle va à son terme, ou s'annule "
            "d'abord."
        )


def effets_du_bloc_acquis(dossier: UUID, bloc: str) -> Iterable[str]:
    """L'épreuve prévue sera annulée, et chacun en sera averti."""
    epreuve = epreuve_prevue(dossier, bloc)
    if epreuve is not None:
        yield f"L'épreuve prévue le {date_en_clair(epreuve.jour)}, {epreuve.lieu}, sera annulée."
