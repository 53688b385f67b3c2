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
from parchemin.comptes.presenters.liens import PageLiens, page_liens
from parchemin.comptes.presenters.securite import LigneSession, PageSecurite, appareil, page_securite

__all__ = [
    "PAR_PAGE",
    "LigneRole",
    "LigneSession",
    "PageLiens",
    "PageListe",
    "PagePersonne",
    "PageSecurite",
    "appareil",
    "choix_organismes",
    "natures_donnables",
    "organismes",
    "page_liens",
    "page_securite",
    "personne",
    "personnes",
]
