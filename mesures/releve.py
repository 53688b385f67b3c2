"""Le relevé en PDF, rapporté à la seule compilation Typst du même document."""

from __future__ import annotations

from typing import Any

import typst

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile, chronometrer

SUJET = "Relevé PDF"


def mesurer(rapide: bool) -> list[Mesure]:
    """De la base au PDF (lecture, décision, composition), quatre blocs ; puis la même compilation, nue."""
    from parchemin.evaluation import documents
    from parchemin.evaluation.selectors import resultats_du_dossier
    from parchemin.parcours.selectors import dossiers_par_ids
    from parchemin.socle.acteur import SYSTEME

    fois = 10 if rapide else 40
    identifiant = lire_lieux().dossier

    def composer() -> bytes:
        dossier = dossiers_par_ids(SYSTEME, [identifiant])[identifiant]
        return documents.releve(SYSTEME, dossier, resultats_du_dossier(SYSTEME, identifiant))

    appels: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    compiler = typst.compile

    def noter(*args: Any, **nommes: Any) -> Any:
        appels.append((args, nommes))
        return compiler(*args, **nommes)

    typst.compile = noter
    try:
        pdf = composer()
    finally:
        typst.compile = compiler
    ((args, nommes),) = appels
    if compiler(*args, **nommes)[:5] != b"%PDF-" or pdf[:5] != b"%PDF-":
        raise AssertionError("ce n'est pas un PDF")
    nos = [duree * 1000 for duree in chronometrer(composer, fois)]
    nues = [duree * 1000 for duree in chronometrer(lambda: compiler(*args, **nommes), fois)]
    note = f"dossier de quatre blocs, {len(pdf) // 1024} Kio, médiane de {fois} ; lecture de la base comprise"
    return [
        Mesure(
            SUJET,
            "de la base au PDF",
            centile(nos, 50),
            "ms",
            pair="Typst nu",
            valeur_pair=centile(nues, 50),
            note=note,
        )
    ]
