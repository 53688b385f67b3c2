"""Les documents du référentiel : la grille vierge d'un bloc. Les mots y sont ceux de la norme, jamais les libellés courts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from moteur.referentiel import Bloc, Duree, Exigence, Referentiel
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Qualite, SensDuree
from parchemin.referentiels.selectors import VersionPubliee, contenu_norme, norme
from parchemin.socle.documents import composer
from parchemin.socle.refus import Introuvable

GABARIT = Path(__file__).parent / "gabarits" / "grille.typ"

QUALITES = {
    Qualite.METIER: ("Représentant métier", "Métier"),
    Qualite.CERTIFICATEUR: ("Organisme certificateur ou son délégué", "Certificateur"),
}
SENS = {
    SensDuree.MINIMUM: "au moins {} minutes",
    SensDuree.PREVU: "{} minutes",
    SensDuree.MAXIMUM: "au plus {} minutes",
}


@lru_cache(maxsize=32)
def grille_vierge(version: VersionPubliee, code_bloc: str) -> bytes:
    """Le PDF de la grille de ce bloc, à imprimer. Daté de la publication : mêmes octets à chaque demande.

    Lève `Introuvable` si la version n'a pas ce bloc.
    """
    arbre = norme(None, version.empreinte)
    if code_bloc not in {bloc.code for bloc in arbre.blocs}:
        raise Introuvable("Ce référentiel n'a pas ce bloc.")
    donnees = donnees_grille(version, arbre, contenu_norme(None, version.empreinte), code_bloc)
    return composer(GABARIT, donnees, instant=version.publiee_le)


def donnees_grille(
    version: VersionPubliee,
    arbre: Referentiel,
    contenu: Mapping[str, Any],
    code_bloc: str,
    durees: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Any]:
    """Ce que lit `grille.typ`. `contenu` est la norme entière, dont l'arbre ne garde pas toutes les phrases.

    `durees` : les minutes aménagées du candidat, par phase.
    """
    bloc = arbre.bloc(code_bloc)
    brut = next(b for b in contenu["blocs"] if b["code"] == code_bloc)
    epreuve = bloc.epreuve
    return {
        "certification": contenu["titre"],
        "version": version.nom(),
        "numero": version.version,
        "empreinte": version.empreinte,
        "bloc": {"titre": brut["titre"], "activites": [activite.intitule for activite in bloc.activites]},
        "regles": [contenu["regles"]["competence"], contenu["regles"]["bloc"]],
        "textes": [texte for texte in epreuve.textes if not texte.endswith(":")],
        "alternatives": [a.intitule for a in epreuve.alternatives] if len(epreuve.alternatives) > 1 else [],
        "phases": [{"intitule": p.intitule, "duree": _duree(p.duree, durees.get(p.code))} for p in epreuve.phases],
        "exigences": [
            _exigence(bloc, exigence, brute["intitule"])
            for exigence, brute in zip(epreuve.exigences, brut["epreuve"]["exigences"], strict=True)
        ],
        "documents_interdits": epreuve.documents_remis is DocumentsRemis.INTERDITS,
        "evaluateurs": [
            {"qualite": QUALITES[e.qualite][0], "court": QUALITES[e.qualite][1], "texte": e.texte}
            for e in epreuve.evaluateurs
        ],
        "competences": [
            {
                "code": competence.code,
                "intitule": competence.intitule,
                "total": len(competence.criteres),
                "requis": arbre.seuil_competence.requis(len(competence.criteres)),
                "criteres": [{"code": k.code, "intitule": k.intitule} for k in competence.criteres],
            }
            for competence in bloc.competences()
        ],
        "requis": arbre.seuil_bloc.requis(len(bloc.competences())),
    }


def _duree(duree: Duree | None, amenagee: int | None) -> str:
    if duree is None:
        return "durée non dite"
    return (
        SENS[duree.sens].format(duree.minutes)
        if amenagee is None
        else f"{SENS[duree.sens].format(amenagee)}, durée aménagée"
    )


def _exigence(bloc: Bloc, exigence: Exigence, intitule: str) -> dict[str, Any]:
    competences: list[str] = []
    lignes: list[str] = []
    match exigence.code:
        case CodeExigence.COMPETENCES_ABORDEES:
            competences = [competence.code for competence in bloc.competences()]
        case CodeExigence.ENTRETIENS:
            lignes = [f"Entretien {rang}" for rang in range(1, exigence.minimum * 2 + 1)]
        case CodeExigence.COURRIERS:
            lignes = [f"{rang}. Motif" for rang in range(1, exigence.minimum + 1)]
    return {
        "intitule": intitule,
        "minimum": exigence.minimum,
        "competences": competences,
        "lignes": lignes,
        "preselection": exigence.preselection_requise,
    }
