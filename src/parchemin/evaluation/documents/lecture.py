"""Le fichier qui refait l'empreinte d'une lecture révélée, avec une ligne de n'importe quel langage."""

from __future__ import annotations

import json

from parchemin.evaluation.selectors import LectureRevelee

COMMENT = (
    "Prendre le texte de « forme_canonique » (une fois ce JSON lu), l'écrire en UTF-8, en calculer le SHA-256 : c'est "
    "« empreinte », celle du relevé de calcul. Le sel, tiré au hasard au sceau, est dans ce texte : sans lui, l'empreinte "
    "d'une lecture se retrouverait en essayant toutes les grilles."
)


def fichier_de_lecture(lecture: LectureRevelee) -> str:
    """Le JSON à emporter : la forme exacte, le sel, l'empreinte, et comment la recalculer."""
    return json.dumps(
        {
            "objet": "Lecture scellée d'une épreuve",
            "epreuve": str(lecture.epreuve),
            "qualite": lecture.qualite.value,
            "algorithme": "SHA-256",
            "empreinte": lecture.empreinte,
            "sel": lecture.sel,
            "forme_canonique": lecture.canonique,
            "comment_verifier": COMMENT,
        },
        ensure_ascii=False,
        indent=2,
    )
