"""Un geste de grille à travers toute la pile, rapporté à un `INSERT` nu de la même ligne, l'un après l'autre."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from time import perf_counter
from uuid import UUID, uuid4

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile
from mesures.serveur import Servie
from mesures.visiteur import Visiteur

SUJET = "Geste de grille"
ETATS = ("valide", "non_valide", "non_observe")
CRITERES = tuple(f"K1.1.{rang}" for rang in range(1, 6))


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """Un fait par requête : réseau local, droits, règles, journal chaîné, sceau, réponse."""
    import psycopg
    from django.db import connection

    lieux = lire_lieux()
    visiteur = servie.visiteur(lieux.evaluateur)
    visiteur.suivre(f"/epreuves/{lieux.epreuve}/grille/")
    acces = connection.get_connection_params()
    pairs: list[float] = []
    gestes: list[float] = []
    with psycopg.connect(**{cle: acces[cle] for cle in ("host", "dbname", "user")}, autocommit=True) as base:
        base.execute("CREATE TABLE mesure_fait (LIKE evaluation_fait INCLUDING ALL)")
        colonnes = [ligne.name for ligne in base.execute("SELECT * FROM evaluation_fait LIMIT 0").description or ()]
        modele = base.execute("SELECT * FROM evaluation_fait LIMIT 1").fetchone()
        assert modele is not None
        insertion = f"INSERT INTO mesure_fait VALUES ({', '.join(['%s'] * len(colonnes))})"
        appareil = str(uuid4())
        for rang in range(1, (60 if rapide else 400) + 1):
            ligne = dict(zip(colonnes, modele, strict=True)) | {"id": uuid4(), "appareil": uuid4(), "rang": rang}
            ligne |= {cle: json.dumps(ligne[cle]) for cle in ("valeur", "vus")}
            depart = perf_counter()
            base.execute(insertion, list(ligne.values()))
            pairs.append((perf_counter() - depart) * 1000)
            gestes.append(_geste(visiteur, lieux.epreuve, lieux.norme, appareil, rang) * 1000)
        base.execute("DROP TABLE mesure_fait")
    visiteur.fermer()
    note = f"{len(gestes)} gestes, un par requête, alternés avec l'insertion d'une ligne de mêmes colonnes, validée"
    return [
        Mesure(
            SUJET,
            f"p{rang}",
            centile(gestes, rang),
            "ms",
            pair="INSERT nu",
            valeur_pair=centile(pairs, rang),
            note=note,
        )
        for rang in (50, 95)
    ]


def _geste(visiteur: Visiteur, epreuve: UUID, norme: str, appareil: str, rang: int) -> float:
    fait = {
        "id": str(uuid4()),
        "appareil": appareil,
        "rang": rang,
        "cible": f"critere:{CRITERES[rang % len(CRITERES)]}",
        "valeur": ETATS[rang % len(ETATS)],
        "mural": datetime.now(UTC).isoformat(),
        "monotone_ms": rang * 1000,
        "norme": norme,
    }
    reponse = visiteur.envoyer(f"/epreuves/{epreuve}/faits", json.dumps({"faits": [fait]}).encode(), "application/json")
    recues = json.loads(reponse.corps).get("reponses", ())
    if reponse.statut != 200 or [recue["etat"] for recue in recues] != ["acceptee"]:
        raise AssertionError(f"geste refusé : {reponse.statut} {reponse.texte[:200]}")
    return reponse.secondes
