"""Le code d'une page de grille papier : de quelle épreuve, pour quel évaluateur, quelle page, sous quelle version.

Le code QR porte la forme longue, entière ; sous lui s'imprime la forme courte, qui se tape. Un lecteur de codes, ou une
personne, donne l'une ou l'autre. Pur : du texte entre, un code ou un refus sort.

========  =======================================================================================================
longue    ``PARCHEMIN:GRILLE:1:<épreuve, 32 hexadécimaux>:<M ou C>:<page>/<pages>:<norme, 64 hexadécimaux>``
courte    ``<épreuve, 8 premiers>-<M ou C><page>/<pages>-<norme, 8 premiers>``
========  =======================================================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from parchemin.convocations.enums import Qualite
from parchemin.socle.refus import Refus

LETTRES = {Qualite.METIER: "M", Qualite.CERTIFICATEUR: "C"}
_QUALITES = {lettre: qualite for qualite, lettre in LETTRES.items()}
_LONGUE = re.compile(r"PARCHEMIN:GRILLE:1:([0-9A-F]{32}):([MC]):([0-9]{1,2})/([0-9]{1,2}):([0-9A-F]{64})")
_COURTE = re.compile(r"([0-9A-F]{8})-([MC])([0-9]{1,2})/([0-9]{1,2})-([0-9A-F]{8})")
PAGES_MAXIMUM = 40


@dataclass(frozen=True, slots=True)
class CodePage:
    """Une page lue. `epreuve` et `norme` sont entières, ou leurs huit premiers chiffres hexadécimaux, en capitales."""

    epreuve: str
    qualite: Qualite
    page: int
    pages: int
    norme: str


def code_long(epreuve: UUID, qualite: Qualite, page: int, pages: int, norme: str) -> str:
    """Ce que porte le code QR : en capitales, pour qu'il reste petit."""
    return f"PARCHEMIN:GRILLE:1:{epreuve.hex.upper()}:{LETTRES[qualite]}:{page}/{pages}:{norme.upper()}"


def code_court(epreuve: UUID, qualite: Qualite, page: int, pages: int, norme: str) -> str:
    """Ce qui s'imprime sous le code QR, et se tape."""
    return f"{epreuve.hex[:8].upper()}-{LETTRES[qualite]}{page}/{pages}-{norme[:8].upper()}"


def lire_code(texte: str) -> CodePage:
    """Le code d'une page, sous l'une ou l'autre forme ; espaces et minuscules sont admis. Lève `Refus("code_illisible")`."""
    serre = "".join(texte.split()).upper()
    trouve = _LONGUE.fullmatch(serre) or _COURTE.fullmatch(serre)
    if trouve is None:
        raise Refus(
            "code_illisible",
            f"« {texte.strip()[:60]} » n'est pas le code d'une page de grille : lisez le code QR, ou tapez ce qui est "
            "écrit dessous.",
        )
    epreuve, lettre, page, pages, norme = trouve.groups()
    return CodePage(epreuve, _QUALITES[lettre], int(page), int(pages), norme)


def verifier_pages(codes: Iterable[CodePage], epreuve: UUID, qualite: Qualite, norme: str) -> int:
    """Vérifie que ces pages sont toutes celles de cette grille, et d'elle seule ; rend leur nombre. Une page lue deux fois n'en fait qu'une.

    Lève `Refus` : `codes_absents`, `code_autre_epreuve`, `code_autre_evaluateur`, `code_autre_version`, `pages_melees`,
    `pages_manquantes` (le message les nomme).
    """
    lus = tuple(dict.fromkeys(codes))
    if not lus:
        raise Refus("codes_absents", "Lisez le code de chaque page de la grille.")
    for code in lus:
        if not epreuve.hex.upper().startswith(code.epreuve):
            raise Refus(
                "code_autre_epreuve",
                f"La page {code.page} est celle d'une autre épreuve : elle n'entre pas dans celle-ci.",
            )
        if code.qualite != qualite:
            raise Refus(
                "code_autre_evaluateur", f"La page {code.page} est celle de l'autre évaluateur : chacun a la sienne."
            )
        if not norme.upper().startswith(code.norme):
            raise Refus(
                "code_autre_version",
                f"La page {code.page} vient d'une autre version du référentiel que celle de l'épreuve : ses critères ne "
                "sont pas ceux que l'on juge. Rien n'en est repris ; gardez la feuille et dites-le au certificateur.",
            )
    if len({code.pages for code in lus}) > 1:
        raise Refus("pages_melees", "Ces pages viennent de deux impressions différentes : prenez-les d'une seule.")
    pages = lus[0].pages
    presentes = {code.page for code in lus}
    if not 1 <= pages <= PAGES_MAXIMUM or not presentes <= set(range(1, pages + 1)):
        raise Refus("code_illisible", "Le numéro d'une de ces pages n'existe pas : relisez son code.")
    if manquantes := [str(page) for page in range(1, pages + 1) if page not in presentes]:
        mots = f"la page {manquantes[0]}" if len(manquantes) == 1 else f"les pages {', '.join(manquantes)}"
        raise Refus(
            "pages_manquantes",
            f"Il manque {mots} sur {pages} : retrouvez-la avant de ressaisir, une grille s'entre entière."
            if len(manquantes) == 1
            else f"Il manque {mots} sur {pages} : retrouvez-les avant de ressaisir, une grille s'entre entière.",
        )
    return pages
