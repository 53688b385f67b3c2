r"""Ce qui, dans un texte libre, ressemble à l'identité d'un tiers : on prévient, on ne refuse jamais.

Une observation porte sur de vrais usagers : ni leur numéro de sécurité sociale, ni leur téléphone, ni leur courriel n'ont
à y être. La règle est écrite une fois, ici, dans la part des expressions régulières que Python et JavaScript lisent pareil
(`[0-9]`, jamais `\d`) : le serveur l'applique, et la donne aux pages, qui l'appliquent à la frappe.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ESPACE = r"[ .\-\u00a0\u202f]?"


@dataclass(frozen=True, slots=True)
class Signe:
    """Un signe d'identité : sa forme, et comment il se nomme dans « semble porter … »."""

    code: str
    forme: str
    nom: str


SIGNES = (
    Signe(
        "nir",
        rf"(?<![0-9])[12378]{_ESPACE}[0-9]{{2}}{_ESPACE}[0-9]{{2}}{_ESPACE}(?:[0-9]{{2}}|2[ABab]){_ESPACE}"
        rf"[0-9]{{3}}{_ESPACE}[0-9]{{3}}(?:{_ESPACE}[0-9]{{2}})?(?![0-9])",
        "un numéro de sécurité sociale",
    ),
    Signe(
        "telephone",
        rf"(?<![0-9])(?:(?:\+|00)33{_ESPACE}(?:\(0\){_ESPACE})?|0)[1-9](?:{_ESPACE}[0-9]{{2}}){{4}}(?![0-9])",
        "un numéro de téléphone",
    ),
    Signe("courriel", r"[^\s@<>(),;:]+@[^\s@<>(),;:]+\.[A-Za-z]{2,}", "une adresse de courriel"),
)
CONSEIL = "Aucun usager ne doit pouvoir y être reconnu."


def signes(texte: str) -> tuple[Signe, ...]:
    """Les signes d'identité que porte ce texte, dans l'ordre de `SIGNES`."""
    return tuple(signe for signe in SIGNES if re.search(signe.forme, texte))


def avertissement(texte: str) -> str:
    """« Ce texte semble porter un numéro de téléphone. Aucun usager ne doit… » ; vide s'il n'y a rien à dire."""
    noms = [signe.nom for signe in signes(texte)]
    if not noms:
        return ""
    *premiers, dernier = noms
    return f"Ce texte semble porter {' et '.join(filter(None, (', '.join(premiers), dernier)))}. {CONSEIL}"


def masquer(texte: str) -> str:
    """Le même texte, chaque signe d'identité remplacé par son nom entre crochets : ce qui s'imprime ne se reprend plus.

    >>> masquer("Rappeler au 06 12 34 56 78 demain.")
    'Rappeler au [un numéro de téléphone, masqué] demain.'
    """
    for signe in SIGNES:
        texte = re.sub(signe.forme, f"[{signe.nom}, masqué{'e' if signe.nom.startswith('une') else ''}]", texte)
    return texte


def en_json() -> dict[str, object]:
    """La même règle, pour une page : `signes` ([forme, nom]) et `conseil`."""
    return {"signes": [[signe.forme, signe.nom] for signe in SIGNES], "conseil": CONSEIL}
