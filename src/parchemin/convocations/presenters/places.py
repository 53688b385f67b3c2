"""Où et quand se tient une épreuve, et ce qui s'y oppose maintenant."""

from __future__ import annotations

from datetime import date
from typing import Any

from parchemin.convocations.enums import AVANT_L_EPREUVE
from parchemin.convocations.selectors import Voulu, VueEpreuve, conflits, duree_prevue, reglages_de_planification
from parchemin.socle.acteur import Acteur
from parchemin.socle.typographie import pluriel


def place_actuelle(epreuve: VueEpreuve) -> dict[str, Any]:
    """Ce que montre d'abord le formulaire qui la déplace, à l'horloge de son site."""
    return {
        "salle": str(epreuve.salle or ""),
        "lieu": "" if epreuve.salle else epreuve.lieu,
        "prevue_le": epreuve.prevue_le.astimezone(epreuve.zone).replace(tzinfo=None),
    }


def conflits_presents(lecteur: Acteur, epreuve: VueEpreuve, jour: date) -> tuple[str, ...]:
    """Ce qui s'oppose aujourd'hui à cette épreuve telle qu'elle est, pour qui la planifie ; rien si elle a commencé."""
    if epreuve.duree is None or epreuve.etat not in AVANT_L_EPREUVE:
        return ()
    reglages = reglages_de_planification(lecteur, epreuve.norme, jour)
    prendrait = duree_prevue(lecteur, epreuve.dossier, epreuve.bloc, reglages)
    changee = []
    if prendrait != epreuve.duree:
        changee.append(
            f"Les durées ont changé : cette épreuve prend {pluriel(prendrait, 'minute')}, sa place en compte {epreuve.duree}. "
            "Déplacez-la, fût-ce à la même heure."
        )
    en_place = {e.qualite: e.personne for e in epreuve.evaluateurs}
    voulu = Voulu(epreuve.dossier, epreuve.bloc, epreuve.prevue_le, epreuve.duree, epreuve.salle, en_place, epreuve.id)
    return (*changee, *(conflit.phrase for conflit in conflits(lecteur, voulu, jour)))
