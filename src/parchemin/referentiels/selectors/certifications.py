"""Ce que les comptes ont besoin de savoir des certifications, pour les habilitations : codes, titres, blocs."""

from __future__ import annotations

from parchemin.comptes.certifications import Certification
from parchemin.referentiels.selectors.parties import fiche
from parchemin.referentiels.selectors.versions import contenu_norme, versions_publiees


def certifications_publiees() -> tuple[Certification, ...]:
    """Chaque certification publiée, avec le titre de sa version la plus récente et les blocs de toutes ses versions."""
    trouvees: dict[str, Certification] = {}
    for version in versions_publiees(None):  # par certification, la plus récente d'abord
        contenu = contenu_norme(None, version.empreinte)
        blocs = tuple((bloc["code"], bloc["intitule"]) for bloc in contenu["blocs"])
        connue = trouvees.get(version.code)
        if connue is None:
            mentions = fiche(None, version)
            titre = mentions.valeur("intitule_enregistre") or mentions.valeur("intitule_usuel") or version.code
            trouvees[version.code] = Certification(version.code, str(titre), blocs)
        else:
            anciens = tuple(bloc for bloc in blocs if bloc[0] not in connue.codes_des_blocs)
            trouvees[version.code] = Certification(connue.code, connue.titre, connue.blocs + anciens)
    return tuple(trouvees.values())
