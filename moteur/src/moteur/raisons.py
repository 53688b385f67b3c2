"""Une phrase française par décision, qui cite la règle appliquée : le relevé de calcul la recopie telle quelle."""

from __future__ import annotations

from collections.abc import Sequence

from moteur.phrases import accorder, enumerer
from moteur.regles import bloc_valide, certification_obtenue, competence_validee
from moteur.vocabulaire import Verdict


def competence(code: str, acquis: Verdict, valides: int, criteres: int, requis: int, ouverts: int) -> str:
    """« C1.1 est validée : 4 critères validés sur 5, il en faut 4 (COMPETENCE-VALIDEE). »"""
    debut = {
        True: f"{code} est validée",
        False: f"{code} n'est pas validée",
        None: f"{code} n'est pas encore décidée",
    }[acquis]
    compte = f"{accorder(valides, 'critère validé', 'critères validés')} sur {criteres}, il en faut {requis}"
    reste = f", {accorder(ouverts, 'reste', 'restent')} à trancher" if ouverts else ""
    return f"{debut} : {compte}{reste} ({competence_validee.CODE})."


def bloc(code: str, acquis: Verdict, acquises: int, competences: int, requis: int, origine: str | None) -> str:
    """« B1 est validé : 5 compétences acquises sur 6, il en faut 5 (BLOC-VALIDE). »"""
    if origine is not None:
        return f"{code} compte comme acquis, par une autre voie (origine : {origine})."
    debut = {
        True: f"{code} est validé",
        False: f"{code} n'est pas validé",
        None: f"{code} n'est pas encore décidé",
    }[acquis]
    compte = f"{accorder(acquises, 'compétence acquise', 'compétences acquises')} sur {competences}"
    return f"{debut} : {compte}, il en faut {requis} ({bloc_valide.CODE})."


def certification(acquis: Verdict, manquants: Sequence[str]) -> str:
    """« La certification n'est pas obtenue : il manque B3 (CERTIFICATION-OBTENUE). »"""
    regle = f"({certification_obtenue.CODE})"
    if acquis:
        return f"La certification est obtenue : tous les blocs sont acquis {regle}."
    debut = "n'est pas obtenue" if acquis is False else "n'est pas encore décidée"
    return f"La certification {debut} : il manque {enumerer(manquants)} {regle}."
