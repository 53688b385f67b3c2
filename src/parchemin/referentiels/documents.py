"""Les documents du référentiel : la grille vierge d'un bloc. Les mots y sont ceux de la norme, jamais les libellés courts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moteur.referentiel import Bloc, Duree, Exigence, Referentiel
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Qualite, SensDuree
from parchemin.referentiels.selectors import VersionPubliee
from parchemin.socle.documents import composer

GABARIT = Path(__file__).parent / "gabarits" / "grille.typ"

QUALITES = {
    Qualite.METIER: ("Représentant métier", "Métier"),
    Qualite.CERTIFICATEUR: ("Organisme certificateur ou son délégué", "Certificateur"),
}
SENS = {SensDuree.MINIMUM: "au moins {} minutes", SensDuree.PREVU: "{} minutes", SensDuree.MAXIMUM: "au plus {} minutes"}


def grille_vierge(version: VersionPubliee, arbre: Referentiel, norme: Mapping[str, Any], code_bloc: str) -> bytes:
    """Le PDF de la grille de ce bloc, à imprimer. Daté de la publication : mêmes octets à chaque demande.

    Lève le `Refus` du moteur (`bloc_inconnu`).
    """
    return composer(GABARIT, donnees_grille(version, arbre, norme, code_bloc), instant=version.publiee_le)


def donnees_grille(
    version: VersionPubliee, arbre: Referentiel, norme: Mapping[str, Any], code_bloc: str
) -> dict[str, Any]:
    """Ce que lit `grille.typ`."""
    bloc = arbre.bloc(code_bloc)
    brut = next(b for b in norme["blocs"] if b["code"] == code_bloc)
    epreuve = bloc.epreuve
    return {
        "certification": norme["titre"],
        "version": version.nom(),
        "numero": version.version,
        "empreinte": version.empreinte,
        "bloc": {"titre": brut["titre"], "activites": [activite.intitule for activite in bloc.activites]},
        "regles": [norme["regles"]["competence"], norme["regles"]["bloc"]],
        "textes": [texte for texte in epreuve.textes if not texte.endswith(":")],
        "alternatives": [a.intitule for a in epreuve.alternatives] if len(epreuve.alternatives) > 1 else [],
        "phases": [{"intitule": p.intitule, "duree": _duree(p.duree)} for p in epreuve.phases],
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


def _duree(duree: Duree | None) -> str:
    return SENS[duree.sens].format(duree.minutes) if duree else "durée non dite"


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
    return {"intitule": intitule, "minimum": exigence.minimum, "competences": competences, "lignes": lignes}
