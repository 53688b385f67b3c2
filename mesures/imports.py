"""Importer deux mille organismes d'un fichier : le lire à blanc, puis tout écrire. Rien n'en reste."""

from __future__ import annotations

import csv
import io
from time import perf_counter

from mesures.mesure import Mesure

SUJET = "Import"
ORGANISMES = 2_000
BUT_LIRE, BUT_ECRIRE = 3.0, 10.0
"""Secondes : ce qu'une personne attend devant la page, puis devant « Importer »."""


def mesurer(rapide: bool) -> list[Mesure]:
    """L'essai à blanc (toutes les fautes de toutes les lignes), puis l'import, journal compris ; la transaction est annulée."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from parchemin.comptes.services import confirmer_import, lire_organismes
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import maintenant

    combien = ORGANISMES // 10 if rapide else ORGANISMES
    with transaction.atomic():
        depart = perf_counter()
        lu = lire_organismes(
            nom_fichier="caisses.csv", octets=_fichier(combien), auteur=SYSTEME, maintenant=maintenant()
        )
        lire = perf_counter() - depart
        with CaptureQueriesContext(connection) as requetes:
            depart = perf_counter()
            plan = confirmer_import(identifiant=lu.pk, auteur=SYSTEME, maintenant=maintenant())
            ecrire = perf_counter() - depart
        if len(plan.faire("ajouter")) != combien:
            raise AssertionError("il manque des organismes")
        transaction.set_rollback(True)
    note = f"{combien} organismes, neuf sur dix rattachés à un autre du fichier ; {len(requetes)} requêtes pour écrire"
    return [
        Mesure(SUJET, f"{combien} organismes : essai à blanc", lire, "s", BUT_LIRE, note=note),
        Mesure(SUJET, f"{combien} organismes : import", ecrire, "s", BUT_ECRIRE),
    ]


def _fichier(combien: int) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(["Nom", "Branche", "Dépend de (SIRET ou nom)"])
    for rang in range(combien):
        parent = f"Caisse importée {rang // 10 * 10:04}" if rang % 10 else ""
        ecrivain.writerow([f"Caisse importée {rang:04}", "maladie", parent])
    return sortie.getvalue().encode()
