"""Un bloc acquis le reste, sauf terme dit par le règlement.

Le terme se compte en mois depuis le jour où le bloc fut obtenu ; le dernier jour compte encore. Ce qui vaut est ce qu'il en
était le jour de l'inscription : un terme échu en cours de parcours ne retire rien à qui est déjà inscrit.
"""

from __future__ import annotations

from datetime import date

from moteur.delais import ajouter_mois

CODE = "BLOC-RESTE-ACQUIS"
SOURCE = "Réglage « bloc_validite_mois » du règlement (sans terme), à confirmer par le certificateur."
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


def dernier_jour(obtenu_le: date, validite_mois: int | None) -> date | None:
    """Le dernier jour où ce bloc est encore acquis, compris ; `None` : sans terme."""
    return None if validite_mois is None else ajouter_mois(obtenu_le, validite_mois)


def reste_acquis(obtenu_le: date, validite_mois: int | None, jour: date) -> bool:
    """Vrai si un bloc obtenu ce jour-là l'est encore au jour dit."""
    fin = dernier_jour(obtenu_le, validite_mois)
    return obtenu_le <= jour and (fin is None or jour <= fin)
