"""Toutes les lectures. Le référentiel est public : `lecteur` peut être `None` (page ouverte sans connexion)."""

from parchemin.referentiels.selectors.equivalences import equivalences
from parchemin.referentiels.selectors.parties import (
    Annexes,
    Fiche,
    Mention,
    Reglage,
    Reglement,
    annexes,
    edition_en_vigueur,
    editions,
    fiche,
    libelles_courts,
    panel_de_courriers,
    reglement_en_vigueur,
)
from parchemin.referentiels.selectors.recherche import Trouvaille, chercher, mots_cherches
from parchemin.referentiels.selectors.versions import (
    VersionPubliee,
    contenu_norme,
    norme,
    version_d_empreinte,
    version_publiee,
    versions_publiees,
)

__all__ = [
    "Annexes",
    "Fiche",
    "Mention",
    "Reglage",
    "Reglement",
    "Trouvaille",
    "VersionPubliee",
    "annexes",
    "chercher",
    "contenu_norme",
    "edition_en_vigueur",
    "editions",
    "equivalences",
    "fiche",
    "libelles_courts",
    "mots_cherches",
    "norme",
    "panel_de_courriers",
    "reglement_en_vigueur",
    "version_d_empreinte",
    "version_publiee",
    "versions_publiees",
]
