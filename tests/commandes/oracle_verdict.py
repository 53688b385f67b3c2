"""Un second `verdict`, écrit à part et naïvement : des fractions, et toutes les façons de trancher ou de changer.

Il ne connaît du moteur ni une ligne ni une formule. La forme du référentiel lui est donnée : {bloc: {compétence: critères}}.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from itertools import combinations

QUATRE_CINQUIEMES = Fraction(4, 5)

type Arbre = Mapping[str, Mapping[str, list[str]]]


def verdict(
    arbre: Arbre,
    etats: Mapping[str, str],
    blocs: list[str] | None = None,
    blocs_acquis: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """La réponse attendue, sans l'`id`."""
    d_ailleurs = blocs_acquis or {}
    demandes = [code for code in arbre if blocs is None or code in blocs]
    reponses = {code: _bloc(arbre[code], etats, d_ailleurs.get(code)) for code in demandes}
    certification = None
    if blocs is None:
        certification = _certification(arbre, etats, d_ailleurs, reponses)
    return {"certification": certification, "blocs": reponses}


def _competence(criteres: list[str], etats: Mapping[str, str]) -> dict[str, object]:
    etat = tuple(etats.get(code, "non_observe") for code in criteres)
    acquis, requis, marge, rangs = _competence_par_etats(etat)
    return {
        "acquis": acquis,
        "valides": etat.count("valide"),
        "criteres": len(etat),
        "requis": requis,
        "ouverts": [code for code, e in zip(criteres, etat, strict=True) if e == "non_observe"],
        "marge": marge,
        "bascule": None if rangs is None else [criteres[rang] for rang in rangs],
    }


@cache
def _competence_par_etats(etat: tuple[str, ...]) -> tuple[bool | None, int, int | None, tuple[int, ...] | None]:
    n = len(etat)

    def validee(valides: int) -> bool:
        return Fraction(valides, n) >= QUATRE_CINQUIEMES

    certains, ouverts = etat.count("valide"), etat.count("non_observe")
    issues = {validee(certains + plus) for plus in range(ouverts + 1)}
    requis = min(v for v in range(n + 1) if validee(v))
    if len(issues) == 2:
        return None, requis, None, None
    (acquis,) = issues
    utiles = [rang for rang, e in enumerate(etat) if (e == "valide") is acquis]
    for taille in range(1, n + 1):
        gagnants = [
            c for c in combinations(utiles, taille) if validee(certains + (-taille if acquis else taille)) is not acquis
        ]
        if gagnants:
            rangs = tuple(sorted({rang for choix in gagnants for rang in choix}))
            return acquis, requis, taille if acquis else -taille, rangs
    raise AssertionError(etat)


def _bloc(competences: Mapping[str, list[str]], etats: Mapping[str, str], origine: str | None) -> dict[str, object]:
    detail = {code: _competence(criteres, etats) for code, criteres in competences.items()}
    n = len(detail)
    verdicts = [d["acquis"] for d in detail.values()]
    acquis: bool | None
    if origine is not None:
        acquis = True
    else:
        sures, possibles = verdicts.count(True), n - verdicts.count(False)
        issues = {Fraction(a, n) >= QUATRE_CINQUIEMES for a in range(sures, possibles + 1)}
        acquis = issues.pop() if len(issues) == 1 else None
    reponse: dict[str, object] = {
        "acquis": acquis,
        "competences_acquises": verdicts.count(True),
        "competences": n,
        "requis": min(a for a in range(n + 1) if Fraction(a, n) >= QUATRE_CINQUIEMES),
        "marge": None,
        "bascule": None,
        "detail": detail,
    }
    if origine is not None:
        return {**reponse, "bascule": [], "origine": origine}
    if acquis is not None:
        cout, criteres = renverser_bloc(competences, etats)
        reponse |= {"marge": cout if acquis else -cout, "bascule": criteres}
    return reponse


def renverser_bloc(competences: Mapping[str, list[str]], etats: Mapping[str, str]) -> tuple[int, list[str]]:
    """Le moindre coût pour renverser un bloc, et les critères d'au moins un ensemble de ce coût. Ouvert = non validé."""
    fermes = {
        code: "valide" if etats.get(code) == "valide" else "non_valide" for c in competences.values() for code in c
    }
    options = [_competence(criteres, fermes) for criteres in competences.values()]
    n = len(options)
    acquises = sum(o["acquis"] is True for o in options)
    acquis = Fraction(acquises, n) >= QUATRE_CINQUIEMES
    retournables = [o for o in options if o["acquis"] is acquis]
    essais: list[tuple[int, list[str]]] = []
    for taille in range(1, n + 1):
        apres = acquises - taille if acquis else acquises + taille
        if 0 <= apres <= n and (Fraction(apres, n) >= QUATRE_CINQUIEMES) is not acquis:
            for choix in combinations(retournables, taille):
                codes = [code for o in choix for code in o["bascule"]]  # type: ignore[attr-defined]
                essais.append((sum(abs(o["marge"]) for o in choix), codes))  # type: ignore[arg-type]
    cout = min(c for c, _ in essais)
    bons = {code for c, codes in essais if c == cout for code in codes}
    return cout, [code for criteres in competences.values() for code in criteres if code in bons]


def _certification(
    arbre: Arbre, etats: Mapping[str, str], d_ailleurs: Mapping[str, str], reponses: Mapping[str, dict[str, object]]
) -> dict[str, object]:
    verdicts = [r["acquis"] for r in reponses.values()]
    acquis = False if False in verdicts else None if None in verdicts else True
    reponse: dict[str, object] = {
        "acquis": acquis,
        "marge": None,
        "bascule": None if acquis is None else [],
        "blocs_manquants": [code for code, r in reponses.items() if r["acquis"] is not True],
    }
    en_jeu = [code for code in arbre if code not in d_ailleurs]
    if acquis is None or not en_jeu:
        return reponse
    couts = {code: renverser_bloc(arbre[code], etats) for code in en_jeu}
    if acquis:
        cout = min(c for c, _ in couts.values())
        bascule = [k for c, codes in couts.values() if c == cout for k in codes]
        return {**reponse, "marge": cout, "bascule": bascule}
    manquants = [code for code in en_jeu if reponses[code]["acquis"] is not True]
    return {
        **reponse,
        "marge": -sum(couts[code][0] for code in manquants),
        "bascule": [k for code in manquants for k in couts[code][1]],
    }
