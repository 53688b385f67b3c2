"""Relire les lignes scellées : celles dont une entrée parle, et celles dont aucune ne parle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError

from parchemin.registre import sceaux
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.compte import Compte
from parchemin.registre.verification.curseurs import lire

_CLES = """
SELECT DISTINCT s->>'cle' COLLATE "C" AS cle
FROM registre_entree e,
     jsonb_array_elements(CASE WHEN jsonb_typeof(e.scelles) = 'array' THEN e.scelles ELSE '[]' END) AS s
WHERE s->>'table' = %s AND s->>'cle' IS NOT NULL
ORDER BY cle
"""


def examiner_scelles(lieu: str, scelles: Sequence[dict[str, str]], compte: Compte) -> Iterator[Anomalie]:
    """Relit chaque ligne qu'une entrée intacte dit scellée."""
    for scelle in scelles:
        nom, cle = scelle["table"], scelle["cle"]
        table = sceaux.table(nom)
        if table is None:
            if nom not in compte.tables_inconnues:
                compte.tables_inconnues.add(nom)
                yield Anomalie(lieu, "table_inconnue", f"le programme ne sait pas relire les lignes « {nom} »")
            continue
        compte.scelles += 1
        try:
            empreinte = table.relire(cle)
        except (ValueError, TypeError, LookupError, ValidationError):
            empreinte = ""
        if empreinte is None:
            yield Anomalie(lieu, "scelle_disparu", f"la ligne scellée {nom} {cle} a disparu")
        elif empreinte != scelle["empreinte"]:
            yield Anomalie(lieu, "scelle_altere", f"la ligne scellée {nom} {cle} n'est plus celle qui fut scellée")


def examiner_oublies() -> Iterator[Anomalie]:
    """Les lignes scellées dont aucune entrée ne parle, par fusion de deux listes triées."""
    for table in sceaux.tables():
        if table.lister is None:
            continue
        connues = (cle for (cle,) in lire(_CLES, [table.nom]))
        connue = next(connues, None)
        precedente = ""
        for brute in table.lister():
            cle = str(brute)
            if cle < precedente:
                raise ValueError(f"sceaux.declarer({table.nom!r}) : lister() ne rend pas les clés dans l'ordre")
            precedente = cle
            while connue is not None and connue < cle:
                connue = next(connues, None)
            if connue != cle:
                yield Anomalie(
                    f"ligne scellée {table.nom} {cle}", "scelle_sans_entree", "aucune entrée du journal n'en parle"
                )
