"""Les pages des personnes et des organismes : des valeurs figées, tout ce que montre le gabarit."""

from parchemin.comptes.presenters.a_faire import a_faire
from parchemin.comptes.presenters.choisir import propositions
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.presenters.delegations import PageDeleguer, page_deleguer
from parchemin.comptes.presenters.fiches_organismes import choix_organismes, organismes
from parchemin.comptes.presenters.fiches_personnes import (
    LigneRole,
    PagePersonne,
    choix_certifications,
    natures_donnables,
    personne,
    personnes,
)
from parchemin.comptes.presenters.liens import PageLiens, page_liens
from parchemin.comptes.presenters.registre import page_registre, registre_en_csv
from parchemin.comptes.presenters.securite import LigneSession, PageSecurite, appareil, page_securite

__all__ = [
    "PAR_PAGE",
    "LigneRole",
    "LigneSession",
    "PageDeleguer",
    "PageLiens",
    "PageListe",
    "PagePersonne",
    "PageSecurite",
    "a_faire",
    "appareil",
    "choix_certifications",
    "choix_organismes",
    "natures_donnables",
    "organismes",
    "page_deleguer",
    "page_liens",
    "page_registre",
    "page_securite",
    "personne",
    "personnes",
    "propositions",
    "registre_en_csv",
]
