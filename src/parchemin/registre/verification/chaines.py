"""Refaire les chaînes, une entrée après l'autre, et les confronter à leurs têtes et aux lignes signées."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from moteur.vocabulaire import Refus as RefusMoteur
from parchemin.registre.chainage import GENESE, corps, maillon
from parchemin.registre.enums import Action
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.anomalies import entree as lieu
from parchemin.registre.verification.anomalies import ligne as lieu_ligne
from parchemin.registre.verification.compte import Compte
from parchemin.registre.verification.curseurs import lire
from parchemin.registre.verification.lignes_signees import Ancres
from parchemin.registre.verification.scelles import examiner_scelles

# Tout est lu en texte : une valeur que Python ne saurait pas porter est une anomalie, pas une panne.
_ENTREES = """
SELECT e.chaine_id, e.rang, to_char(e.instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
       e.auteur_id::text, a.nature, e.action, e.objet_type, e.objet_id, e.donnees::text, e.engagements::text,
       e.scelles::text, e.precedent, e.empreinte
FROM registre_entree e LEFT JOIN registre_acteuropaque a ON a.id = e.auteur_id
ORDER BY e.chaine_id, e.rang, e.id
"""
_TETES = "SELECT nom, longueur, tete FROM registre_chaine ORDER BY nom"


class Lue(NamedTuple):
    """Une entrée telle que la base la montre."""

    chaine: str
    rang: int
    instant: str
    auteur: str
    nature: str
    action: str
    objet_type: str
    objet_id: str
    donnees: str
    engagements: str
    scelles: str
    precedent: str
    empreinte: str


def examiner_chaines(ancres: Ancres, compte: Compte) -> Iterator[Anomalie]:
    """Examine toutes les chaînes de la base, puis ce que les lignes signées annoncent et que la base n'a plus."""
    tetes: dict[str, tuple[int, str]] = {nom: (longueur, tete) for nom, longueur, tete in lire(_TETES)}
    lignes_inscrites: dict[str, object] = {}
    restantes = dict(ancres.par_chaine)
    compte.chaines = len(tetes)
    entrees = (Lue(*brute) for brute in lire(_ENTREES))
    for chaine, suite in groupby(entrees, key=lambda lue: lue.chaine):
        yield from _chaine(chaine, suite, tetes.pop(chaine, None), restantes.pop(chaine, {}), compte, lignes_inscrites)
    for chaine, (longueur, _) in tetes.items():
        yield Anomalie(
            f"chaîne « {chaine} »",
            "entrees_disparues",
            f"sa tête compte {longueur} entrée(s), la base n'en a plus aucune",
        )
    for chaine, annonces in restantes.items():
        yield _queue_coupee(chaine, 0, max(annonces), annonces[max(annonces)][1].numero)
    for numero, empreinte in lignes_inscrites.items():
        if ancres.empreintes.get(numero) != empreinte:
            yield Anomalie(
                lieu_ligne(numero),
                "ligne_disparue",
                "le journal dit qu'elle fut signée ; le fichier ne l'a pas, ou en a une autre",
            )


def _chaine(
    chaine: str,
    suite: Iterator[Lue],
    tete: tuple[int, str] | None,
    annonces: dict[int, tuple[str, Any]],
    compte: Compte,
    lignes_inscrites: dict[str, object],
) -> Iterator[Anomalie]:
    rang, empreinte = 0, GENESE
    contredites: list[tuple[int, int]] = []
    for lue in suite:
        compte.entrees += 1
        if lue.rang > rang + 1:
            yield _trou(chaine, rang + 1, lue.rang - 1)
        elif lue.rang <= rang:
            yield Anomalie(lieu(chaine, lue.rang), "rang_en_double", "deux entrées portent ce rang")
        elif lue.precedent != empreinte:
            yield Anomalie(lieu(chaine, lue.rang), "suite_rompue", "elle ne suit pas l'entrée qui la précède")
        contenu = _contenu(lue)
        if contenu is None:
            yield Anomalie(
                lieu(chaine, lue.rang), "entree_alteree", "son contenu ou son rang n'est plus celui qui fut haché"
            )
        else:
            donnees, scelles = contenu
            if lue.action == Action.TETES_RELEVEES:
                lignes_inscrites[str(donnees.get("numero"))] = donnees.get("empreinte")
            yield from examiner_scelles(lieu(chaine, lue.rang), scelles, compte)
        if lue.rang in annonces and annonces[lue.rang][0] != lue.empreinte:
            contredites.append((lue.rang, annonces[lue.rang][1].numero))
        rang, empreinte = lue.rang, lue.empreinte
    if contredites:
        premier, numero = contredites[0]
        yield Anomalie(
            lieu(chaine, premier),
            "chaine_refaite",
            f"la ligne signée n° {numero} lui donne une autre empreinte : la chaîne a été réécrite à cette entrée "
            "ou avant elle",
        )
    if tete is None:
        yield Anomalie(f"chaîne « {chaine} »", "tete_disparue", "elle a des entrées et n'a plus de tête")
    elif tete[0] > rang:
        yield _trou(chaine, rang + 1, tete[0])
    elif tete != (rang, empreinte):
        yield Anomalie(
            f"chaîne « {chaine} »", "tete_alteree", f"sa tête ne correspond pas à sa dernière entrée, n° {rang}"
        )
    if annonces and max(annonces) > rang:
        yield _queue_coupee(chaine, rang, max(annonces), annonces[max(annonces)][1].numero)


def _contenu(lue: Lue) -> tuple[dict[str, Any], list[dict[str, str]]] | None:
    """Les données et les scellés d'une entrée intacte ; `None` si son empreinte ne se retrouve pas."""
    try:
        donnees, engagements, scelles = json.loads(lue.donnees), json.loads(lue.engagements), json.loads(lue.scelles)
        refait = corps(
            chaine=lue.chaine,
            instant=lue.instant,
            auteur=lue.auteur,
            nature=lue.nature,
            action=lue.action,
            objet_type=lue.objet_type,
            objet_id=lue.objet_id,
            donnees=donnees,
            engagements=engagements,
            scelles=scelles,
        )
        intacte = maillon(lue.precedent, lue.rang, refait) == lue.empreinte
    except (ValueError, TypeError, RecursionError, RefusMoteur):
        return None
    return (donnees, scelles) if intacte and _bien_formee(donnees, scelles) else None


def _bien_formee(donnees: object, scelles: object) -> bool:
    """Vrai si l'entrée a la forme que donne `inscrire` : une entrée forgée ne doit pas arrêter l'examen."""
    return (
        isinstance(donnees, dict)
        and isinstance(scelles, list)
        and all(
            isinstance(scelle, dict)
            and scelle.keys() == {"table", "cle", "empreinte"}
            and all(isinstance(texte, str) for texte in scelle.values())
            for scelle in scelles
        )
    )


def _trou(chaine: str, premier: int, dernier: int) -> Anomalie:
    if premier == dernier:
        return Anomalie(lieu(chaine, premier), "entree_disparue", "elle a disparu")
    return Anomalie(f"chaîne « {chaine} », entrées n° {premier} à {dernier}", "entree_disparue", "elles ont disparu")


def _queue_coupee(chaine: str, reste: int, annoncee: int, numero: int) -> Anomalie:
    return Anomalie(
        f"chaîne « {chaine} »",
        "queue_coupee",
        f"la ligne signée n° {numero} atteste {annoncee} entrée(s), il en reste {reste}",
    )
