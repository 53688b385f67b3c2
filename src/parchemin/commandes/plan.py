"""`parchemin plan` : un plan d'épreuves pour une instance en JSON, et la relecture d'un plan. Ni base ni réseau."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from parchemin.commandes.mots import Lecteur, nombre
from parchemin.commandes.mots import lire as lire_mots
from parchemin.convocations.planificateur import glouton, solveur
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.fichier import Illisible, Lecture, ecrire_plan, lire, lire_plan
from parchemin.convocations.planificateur.instance import Placement
from parchemin.convocations.planificateur.modele import Suivi
from parchemin.convocations.planificateur.pourquoi import pourquoi
from parchemin.convocations.planificateur.verificateur import Defaut, defauts

SECONDES = 60
ILLISIBLE = 2


def executer(mots: Sequence[str], sortie: IO[str], erreur: IO[str]) -> int:
    """Exécute la commande. 0 : fait ; 1 : le plan relu, ou ce qui est fixé, a des défauts ; 2 : un fichier ne se lit pas."""
    lecteur = Lecteur(
        "plan",
        "Propose un plan d'épreuves : qui est évalué sur quoi, où, quand, devant qui. Ni base ni réseau.",
        suite="La forme des fichiers : docs/planificateur.md.\n"
        "Sortie : 0, fait ; 1, le plan relu a des défauts, dits un par ligne ; 2, un fichier ne se lit pas.",
    )
    lecteur.add_argument("instance", metavar="INSTANCE", help="le fichier JSON de ce qui est à planifier")
    lecteur.add_argument(
        "--relire", metavar="PLAN", help="ne planifie rien : relit ce plan, et dit chacun de ses défauts"
    )
    lecteur.add_argument("--glouton", action="store_true", help="le premier plan, sans le solveur")
    lecteur.add_argument(
        "--secondes",
        type=nombre,
        default=SECONDES,
        metavar="N",
        help=f"le temps donné au solveur, en secondes ({SECONDES} par défaut)",
    )
    options = lire_mots(lecteur, mots)
    try:
        lecture = lire(_json(options.instance))
        relu = lire_plan(_json(options.relire), lecture) if options.relire else None
    except (OSError, ValueError) as faute:
        erreur.write(f"{_dire(faute)}\n")
        return ILLISIBLE
    trouves = defauts(lecture.instance, lecture.fixes if relu is None else relu)
    if relu is not None or trouves:
        sortie.writelines(f"{phrase(defaut)}\n" for defaut in trouves)
        return int(bool(trouves))
    json.dump(
        proposer(lecture, 0 if options.glouton else options.secondes, erreur), sortie, ensure_ascii=False, indent=1
    )
    sortie.write("\n")
    return 0


def proposer(lecture: Lecture, secondes: int, erreur: IO[str]) -> dict[str, Any]:
    """Le plan, ce qu'il coûte, et pour chaque épreuve laissée de côté la plus petite chose à relâcher."""
    instance = lecture.instance
    plan: tuple[Placement, ...] = glouton.planifier(instance, lecture.fixes)
    reponse: dict[str, Any] = {"glouton": cout(instance, plan).total}
    if secondes and solveur.disponible():
        mieux = solveur.ameliorer(instance, plan, secondes=secondes, fixes=lecture.fixes, suivi=_suivi(erreur))
        plan = mieux.plan
        reponse |= {"borne": mieux.borne, "ecart": round(mieux.ecart, 4)}
    valeur = cout(instance, plan)
    placees = {p.epreuve for p in plan}
    reponse |= {"cout": valeur.total, "parts": asdict(valeur), "plan": ecrire_plan(plan, lecture), "laissees": []}
    for epreuve in instance.epreuves:
        if epreuve.cle not in placees:
            reponse_a = pourquoi(instance, plan, epreuve.cle)
            reponse["laissees"].append(
                {"epreuve": epreuve.cle, "relacher": list(reponse_a.relacher), "qui": list(reponse_a.qui)}
            )
    return reponse


def phrase(defaut: Defaut) -> str:
    """« evaluateur_pris : C02 B1, E07, avec C05 B3 »."""
    suite = [defaut.epreuve, *([defaut.qui] if defaut.qui else []), *([f"avec {defaut.avec}"] if defaut.avec else [])]
    return f"{defaut.regle} : {', '.join(suite)}"


def _suivi(erreur: IO[str]) -> Suivi:
    def dire(points: int, borne: int) -> bool:
        erreur.write(f"… {points} points, borne {borne}\n")
        return True

    return dire


def _json(chemin: str) -> Any:
    return json.loads(Path(chemin).read_text(encoding="utf-8"))


def _dire(faute: Exception) -> str:
    match faute:
        case Illisible():
            return str(faute)
        case json.JSONDecodeError():
            return f"Ce fichier n'est pas du JSON : ligne {faute.lineno}, colonne {faute.colno}."
        case OSError():
            return f"Le fichier « {faute.filename} » ne s'ouvre pas."
        case _:
            return "Ce fichier n'est pas du texte UTF-8."
