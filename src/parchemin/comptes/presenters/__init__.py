"""Les pages des personnes et des organismes : des valeurs figées, tout ce que montre le gabarit."""

from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.presenters.fiches_organismes import choix_organismes, organismes
from parchemin.comptes.presenters.fiches_personnes import (
    LigneRole,
    PagePersonne,
    natures_donnables,
    personne,
    personnes,
)

__all__ = [
    "PAR_PAGE",
    "LigneRole",
    "PageListe",
    "PagePersonne",
    "choix_organismes",
    "natures_donnables",
    "organismes",
    "personne",
    "personnes",
]
