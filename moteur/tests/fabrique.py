"""Des référentiels et des faits pour les tests : la vraie forme du CQP, et toute autre forme voulue."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from moteur.faits import Fait
from moteur.referentiel import Referentiel, construire

#: Critères par compétence, bloc par bloc : 4 blocs, 18 compétences, 73 critères.
FORME_REELLE = ((5, 6, 6, 4, 4, 5), (6, 3, 4, 4, 3), (4, 3, 3), (4, 3, 3, 3))

ALTERNATIVES = [
    {"code": "double_ecoute", "intitule": "Double écoute"},
    {"code": "accueil_physique", "intitule": "Accueil physique"},
]
EVALUATEURS = [
    {"qualite": "metier", "texte": "Un représentant métier"},
    {"qualite": "certificateur", "texte": "L'organisme certificateur ou son délégué"},
]
OBSERVATION = {
    "nature": "observation",
    "textes": [{"code": "M1", "texte": "L'évaluation s'appuie sur une observation."}],
    "phases": [
        {
            "code": "observation",
            "intitule": "Observation",
            "duree": {"minutes": 20, "sens": "minimum", "lecture": "20 minutes : un minimum"},
        },
        {
            "code": "questions",
            "intitule": "Questionnement",
            "duree": {"minutes": 15, "sens": "prevu", "lecture": "15 minutes : prévu"},
        },
    ],
    "alternatives": ALTERNATIVES,
    "exigences": [
        {"code": "entretiens", "minimum": 2, "alternatives": ["double_ecoute", "accueil_physique"]},
        {"code": "courriers", "minimum": 5, "motif_requis": True, "preselection_requise": True},
    ],
    "documents_remis": "libres",
    "evaluateurs": EVALUATEURS,
}
PRESENTATION = {
    "nature": "presentation",
    "textes": [{"code": "M2", "texte": "Une présentation orale."}],
    "phases": [
        {
            "code": "expose",
            "intitule": "Exposé",
            "duree": {"minutes": 10, "sens": "prevu", "lecture": "10 minutes : prévu"},
        },
        {
            "code": "echange",
            "intitule": "Échange",
            "duree": {"minutes": 30, "sens": "maximum", "lecture": "30 minutes : au plus"},
        },
        {"code": "deliberation", "intitule": "Délibération"},
    ],
    "exigences": [{"code": "competences_abordees", "minimum": 2}],
    "documents_remis": "interdits",
    "evaluateurs": EVALUATEURS,
}


def norme(
    forme: Sequence[Sequence[int]] = FORME_REELLE,
    seuil_competence: tuple[int, int] = (4, 5),
    seuil_bloc: tuple[int, int] = (4, 5),
) -> dict[str, Any]:
    """Une norme de cette forme, avec l'épreuve d'observation partout, sauf au bloc 2 (présentation)."""
    return {
        "seuils": {
            "competence": {"numerateur": seuil_competence[0], "denominateur": seuil_competence[1]},
            "bloc": {"numerateur": seuil_bloc[0], "denominateur": seuil_bloc[1]},
        },
        "certification": {"regle": "tous_les_blocs"},
        "blocs": [
            {
                "code": f"B{b}",
                "intitule": f"Bloc {b}",
                "activites": [
                    {
                        "code": f"A{b}",
                        "intitule": f"Activité {b}",
                        "competences": [
                            {
                                "code": f"C{b}.{c}",
                                "intitule": f"Compétence {b}.{c}",
                                "criteres": [
                                    {"code": f"K{b}.{c}.{k}", "intitule": f"Critère {b}.{c}.{k}"}
                                    for k in range(1, nombre + 1)
                                ],
                            }
                            for c, nombre in enumerate(bloc, 1)
                        ],
                    }
                ],
                "epreuve": copy.deepcopy(PRESENTATION if b == 2 else OBSERVATION),
            }
            for b, bloc in enumerate(forme, 1)
        ],
    }


@cache
def referentiel(
    forme: tuple[tuple[int, ...], ...] = FORME_REELLE,
    seuil_competence: tuple[int, int] = (4, 5),
    seuil_bloc: tuple[int, int] = (4, 5),
) -> Referentiel:
    return construire("essai", "2021", norme(forme, seuil_competence, seuil_bloc))


def codes(ref: Referentiel) -> list[str]:
    return [critere.code for critere in ref.criteres()]


DEPART = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NORME = "0" * 64


def fait(
    identifiant: str,
    cible: str,
    valeur: object,
    appareil: str = "t1",
    rang: int = 1,
    vus: Mapping[str, int] | None = None,
    a: int = 0,
    monotone_ms: int | None = None,
    **autres: object,
) -> Fait:
    """Un fait ; `a` : sa minute après le départ (l'horloge monotone suit, sauf si on la donne)."""
    champs: dict[str, object] = {
        "id": identifiant,
        "epreuve": "e1",
        "evaluateur": "p1",
        "appareil": appareil,
        "rang": rang,
        "cible": cible,
        "valeur": valeur,
        "remplace": None,
        "vus": vus or {},
        "mural": DEPART + timedelta(minutes=a),
        "monotone_ms": a * 60_000 if monotone_ms is None else monotone_ms,
        "norme": NORME,
        **autres,
    }
    return Fait(**champs)  # type: ignore[arg-type]
