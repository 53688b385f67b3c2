"""Vérifier un export du journal, ailleurs et sans base : refaire chaque empreinte, et la suite là où elle se suit."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.registre.chainage import GENESE, corps, maillon
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.anomalies import entree as lieu

_CLES = frozenset(
    {"chaine", "instant", "auteur", "nature", "action", "objet_type", "objet_id", "donnees", "engagements", "scelles"}
)


def examiner_export(lignes: Iterable[str]) -> Iterator[Anomalie]:
    """Les endroits où l'export ne tient pas. Un export filtré a des trous : seules deux entrées qui se suivent s'accrochent.

    Ce que cela ne dit pas : que l'export est complet. Pour cela, le journal lui-même et ses lignes signées.
    """
    precedente: tuple[object, object, object] | None = None
    for numero, texte in enumerate(lignes, start=1):
        if not texte.strip():
            continue
        try:
            une = json.loads(texte)
            contenu = {cle: une[cle] for cle in _CLES}
            chaine, rang, avant, dite = une["chaine"], une["rang"], une["precedent"], une["empreinte"]
            refaite = maillon(avant, rang, corps(**contenu))
        except (ValueError, TypeError, KeyError, RecursionError, RefusMoteur):
            yield Anomalie(f"ligne {numero}", "ligne_illisible", "elle ne se lit pas comme une entrée du journal")
            precedente = None
            continue
        if refaite != dite:
            yield Anomalie(
                lieu(chaine, rang), "entree_alteree", "son contenu ou son rang n'est plus celui qui fut haché"
            )
        attendue = (
            GENESE if rang == 1 else precedente[2] if precedente and precedente[:2] == (chaine, rang - 1) else None
        )
        if attendue is not None and avant != attendue:
            yield Anomalie(lieu(chaine, rang), "suite_rompue", "elle ne suit pas l'entrée qui la précède")
        precedente = (chaine, rang, dite)
