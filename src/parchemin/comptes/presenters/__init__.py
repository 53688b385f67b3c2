"""Les pages des personnes et des organismes : des valeurs figées, tout ce que montre le gabarit."""

from parchemin.comptes.presenters.a_faire import a_faire
from parchemin.comptes.presenters.choisir import propositions
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.presenters.delegations import PageDeleguer, page_deleguer
from parchemin.comptes.presenters.fiches_organismes import (
    PageOrganisme,
    choix_organismes,
    fiche_initiale,
    organisme,
    organismes,
)
from parchemin.comptes.presenters.fiches_personnes import (
    LigneRole,
    PagePersonne,
    choix_certifications,
    natures_donnables,
    personne,
    personnes,
)
from parchemin.comptes.presenters.habilitations import (
    ENTETES_REGISTRE,
    PageHabilitation,
    PageRegistre,
    a_faire_habilitations,
    certifications_habilitables,
    choix_blocs,
    habilitation,
    lignes_du_registre,
    page_habilitations,
)
from parchemin.comptes.presenters.imports import PageImport, page_import_liens, page_import_organismes
from parchemin.comptes.presenters.liens import PageLiens, blocs_de_formation, page_liens
from parchemin.comptes.presenters.registre import ENTETES_DU_FICHIER, lignes_des_personnes, page_registre
from parchemin.comptes.presenters.securite import (
    LigneFournisseur,
    LigneSession,
    PageSecurite,
    appareil,
    nom_du_fournisseur,
    page_securite,
)

__all__ = [
    "ENTETES_DU_FICHIER",
    "ENTETES_REGISTRE",
    "PAR_PAGE",
    "LigneFournisseur",
    "LigneRole",
    "LigneSession",
    "PageDeleguer",
    "PageHabilitation",
    "PageImport",
    "PageLiens",
    "PageListe",
    "PageOrganisme",
    "PagePersonne",
    "PageRegistre",
    "PageSecurite",
    "a_faire",
    "a_faire_habilitations",
    "appareil",
    "blocs_de_formation",
    "certifications_habilitables",
    "choix_blocs",
    "choix_certifications",
    "choix_organismes",
    "fiche_initiale",
    "habilitation",
    "lignes_des_personnes",
    "lignes_du_registre",
    "natures_donnables",
    "nom_du_fournisseur",
    "organisme",
    "organismes",
    "page_deleguer",
    "page_habilitations",
    "page_import_liens",
    "page_import_organismes",
    "page_liens",
    "page_registre",
    "page_securite",
    "personne",
    "personnes",
    "propositions",
]
