"""Composer un document : un gabarit Typst, des données en JSON, un PDF archivable et accessible (PDF/A-3a et PDF/UA-1).

Les données n'entrent jamais par assemblage de texte : le gabarit les lit comme du JSON, et ce qu'elles contiennent reste
du texte. Mêmes données, même instant : mêmes octets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from parchemin.socle.horloge import PARIS

RACINE = Path(__file__).resolve().parent.parent
"""Le dossier que les gabarits voient comme « / » : ils y importent `/socle/gabarits/commun.typ`."""


@dataclass(frozen=True, slots=True)
class PieceJointe:
    """Un fichier de texte attaché au PDF. `relation` : « data », « source », « alternative » ou « supplement » (PDF/A-3)."""

    nom: str
    contenu: str
    type_mime: str
    description: str
    relation: str = "data"


def composer(
    gabarit: Path, donnees: Mapping[str, Any], *, instant: datetime, pieces: Sequence[PieceJointe] = ()
) -> bytes:
    """Le PDF de ce gabarit, daté de `instant` (aware), avec ses pièces jointes.

    Dans le gabarit : `#import "/socle/gabarits/commun.typ": *`, puis `#show: document.with(titre: …)` ; les données sont
    dans `donnees`. Lève `ValueError` pour un gabarit hors de l'application ou un instant sans fuseau, et l'erreur de
    Typst (`RuntimeError`) si le gabarit ne se compose pas : c'est une faute de programme.
    """
    entrees = _entrees(gabarit, donnees, instant, pieces)
    import typst  # 30 Mo en mémoire : seulement quand un document se compose

    octets: bytes = typst.compile(
        str(gabarit),
        root=str(RACINE),
        format="pdf",
        pdf_standards=["a-3a", "ua-1"],  # archivage, pièces jointes permises ; lisible par une aide technique
        ignore_system_fonts=True,
        timestamp=int(instant.timestamp()),
        sys_inputs=entrees,
    )
    return octets


def compter_pages(gabarit: Path, donnees: Mapping[str, Any], *, instant: datetime) -> int:
    """Combien de pages aurait ce document, sans l'écrire : le gabarit pose `#metadata(…) <pages>` à sa fin (`commun.typ`).

    Mêmes erreurs que `composer`.
    """
    entrees = _entrees(gabarit, donnees, instant, ())
    import typst

    trouve: str = typst.query(
        str(gabarit), "<pages>", field="value", one=True, root=str(RACINE), ignore_system_fonts=True, sys_inputs=entrees
    )
    return int(json.loads(trouve))


def _entrees(
    gabarit: Path, donnees: Mapping[str, Any], instant: datetime, pieces: Sequence[PieceJointe]
) -> dict[str, str]:
    if not gabarit.resolve().is_relative_to(RACINE):
        raise ValueError(f"gabarit hors de l'application : {gabarit.name}")
    if instant.tzinfo is None:
        raise ValueError("l'instant d'un document a un fuseau")
    local = instant.astimezone(PARIS)
    return {
        "donnees": json.dumps(donnees, ensure_ascii=False),
        "pieces": json.dumps([asdict(piece) for piece in pieces], ensure_ascii=False),
        "instant": json.dumps(
            {
                "year": local.year, "month": local.month, "day": local.day,
                "hour": local.hour, "minute": local.minute, "second": local.second,
            }
        ),
    }  # fmt: skip
