"""Importer deux mille organismes, puis deux mille candidats, d'un fichier : le lire à blanc, puis tout écrire. Rien n'en reste."""

from __future__ import annotations

import csv
import io
from time import perf_counter

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure

SUJET = "Import"
ORGANISMES = 2_000
CANDIDATS = 2_000
BUT_LIRE, BUT_ECRIRE = 3.0, 10.0
"""Secondes : ce qu'une personne attend devant la page, puis devant « Importer »."""
BUT_CANDIDATS = 5.0
"""Secondes : deux mille candidats, lus puis inscrits, chacun en moins de cela."""


def mesurer(rapide: bool) -> list[Mesure]:
    """L'essai à blanc (toutes les fautes de toutes les lignes), puis l'import, journal compris ; la transaction est annulée."""
    lire_lieux()  # prépare Django : rien de la plateforme ne s'importe avant
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
        *_candidats(rapide),
    ]


def _candidats(rapide: bool) -> list[Mesure]:
    """Deux mille candidats de dix organismes : lire à blanc (toutes les règles de l'état civil), puis inscrire, journal compris."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    from parchemin.comptes.enums import Branche
    from parchemin.comptes.services import creer_organisme
    from parchemin.config import settings
    from parchemin.parcours.services import confirmer_candidats, deposer_candidats
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import maintenant

    combien = CANDIDATS // 10 if rapide else CANDIDATS
    with transaction.atomic():
        for rang in range(10):
            nom = f"Caisse des candidats {rang}"
            creer_organisme(nom=nom, nom_court=nom, branche=Branche.MALADIE, auteur=SYSTEME, maintenant=maintenant())
        depart = perf_counter()
        depose = deposer_candidats(
            nom_fichier="candidats.csv",
            octets=_fichier_candidats(combien),
            referentiel=settings.PARCHEMIN_REFERENTIEL,
            auteur=SYSTEME,
            maintenant=maintenant(),
        )
        lire = perf_counter() - depart
        with CaptureQueriesContext(connection) as requetes:
            depart = perf_counter()
            plan = confirmer_candidats(identifiant=depose.pk, auteur=SYSTEME, maintenant=maintenant())
            ecrire = perf_counter() - depart
        if len(plan.faire("inscrire")) != combien:
            raise AssertionError("il manque des candidats")
        transaction.set_rollback(True)
    note = f"{combien} candidats, dix organismes ; {len(requetes)} requêtes pour inscrire"
    return [
        Mesure(SUJET, f"{combien} candidats : essai à blanc", lire, "s", BUT_CANDIDATS, note=note),
        Mesure(SUJET, f"{combien} candidats : inscription", ecrire, "s", BUT_CANDIDATS),
    ]


def _fichier_candidats(combien: int) -> bytes:
    from parchemin.parcours.selectors import COLONNES

    lettres = "abcdefghijklmnopqrst"
    sortie = io.StringIO()
    ecrivain = csv.DictWriter(sortie, COLONNES, delimiter=";")
    ecrivain.writerow(dict(COLONNES))
    for rang in range(combien):
        nom = "".join(lettres[int(chiffre)] for chiffre in f"{rang:05}")
        ecrivain.writerow(
            {
                "courriel": f"candidat-{rang}@caisse.example", "nom_naissance": nom.title(), "prenom1": "Camille",
                "sexe": "FM"[rang % 2], "naissance": f"{rang % 28 + 1:02}/{rang % 12 + 1:02}/{1965 + rang % 40}",
                "commune_code": "61001", "commune": "Alençon", "organisme": f"Caisse des candidats {rang % 10}",
                "voie": "Formation continue", "initiative": "L'employeur", "entree_le": "12/01/2026",
                "blocs": "" if rang % 3 else "B1 B2",
            }
        )  # fmt: skip
    return sortie.getvalue().encode()


def _fichier(combien: int) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(["Nom", "Branche", "Dépend de (SIRET ou nom)"])
    for rang in range(combien):
        parent = f"Caisse importée {rang // 10 * 10:04}" if rang % 10 else ""
        ecrivain.writerow([f"Caisse importée {rang:04}", "maladie", parent])
    return sortie.getvalue().encode()
