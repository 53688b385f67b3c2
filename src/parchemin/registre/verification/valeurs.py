"""Confronter les valeurs personnelles à leurs engagements, et les vidages à leurs entrées."""

from __future__ import annotations

from collections.abc import Iterator

from parchemin.registre.chainage import engagement
from parchemin.registre.enums import Action
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.anomalies import entree as lieu
from parchemin.registre.verification.curseurs import lire

_EFFACEES = """
WITH effacees AS (
  SELECT DISTINCT e.chaine_id, p->>0 AS rang, p->>1 AS nom
  FROM registre_entree e, jsonb_array_elements(
    CASE WHEN jsonb_typeof(e.donnees->'valeurs') = 'array' THEN e.donnees->'valeurs' ELSE '[]' END) AS p
  WHERE e.action = %s
)
"""
_VALEURS = (
    _EFFACEES
    + """
SELECT e.chaine_id, e.rang, v.id, v.nom, encode(v.sel, 'hex'), v.valeur, e.engagements ->> v.nom,
       f.rang IS NOT NULL
FROM registre_valeurpersonnelle v
LEFT JOIN registre_entree e ON e.id = v.entree_id
LEFT JOIN effacees f ON f.chaine_id = e.chaine_id AND f.rang = e.rang::text AND f.nom = v.nom
ORDER BY e.chaine_id, e.rang, v.nom
"""
)
_DISPARUES = """
SELECT e.chaine_id, e.rang, n.nom
FROM registre_entree e
CROSS JOIN LATERAL jsonb_object_keys(
  CASE WHEN jsonb_typeof(e.engagements) = 'object' THEN e.engagements ELSE '{}' END) AS n(nom)
LEFT JOIN registre_valeurpersonnelle v ON v.entree_id = e.id AND v.nom = n.nom
WHERE v.id IS NULL
ORDER BY e.chaine_id, e.rang, n.nom
"""


def examiner_valeurs() -> Iterator[Anomalie]:
    """Les valeurs changées, disparues, ajoutées, vidées sans entrée, ou revenues après leur effacement."""
    for chaine, rang, identifiant, nom, sel, valeur, engagee, effacee in lire(
        _VALEURS, [Action.VALEURS_EFFACEES.value]
    ):
        if chaine is None:
            yield Anomalie(f"valeur personnelle {identifiant}", "valeur_sans_entree", "son entrée a disparu")
        elif engagee is None:
            yield Anomalie(lieu(chaine, rang), "valeur_ajoutee", f"elle n'engage aucune valeur « {nom} »")
        elif sel is None or valeur is None:
            if not effacee:
                yield Anomalie(
                    lieu(chaine, rang), "valeur_videe", f"sa valeur « {nom} » a été vidée sans entrée d'effacement"
                )
        elif effacee:
            yield Anomalie(lieu(chaine, rang), "valeur_revenue", f"sa valeur « {nom} », effacée, est de nouveau là")
        elif engagement(bytes.fromhex(sel), nom, valeur) != engagee:
            yield Anomalie(
                lieu(chaine, rang), "valeur_alteree", f"sa valeur « {nom} » n'est plus celle qui fut engagée"
            )
    for chaine, rang, nom in lire(_DISPARUES):
        yield Anomalie(lieu(chaine, rang), "valeur_disparue", f"sa valeur « {nom} » a disparu de la base")
