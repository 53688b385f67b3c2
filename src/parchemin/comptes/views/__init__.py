"""Les pages des personnes, des organismes et des invitations."""

from parchemin.comptes.views.acces import oublier_facteur
from parchemin.comptes.views.delegations import agir, deleguer, reprendre, revoquer
from parchemin.comptes.views.fiches_organismes import (
    fermer_organisme,
    modifier_organisme,
    nouvel_organisme,
    organisme,
    organismes,
    rouvrir_organisme,
)
from parchemin.comptes.views.fiches_personnes import donner_role, nouvelle, personne, personnes, retirer_role
from parchemin.comptes.views.habilitations import (
    avenant,
    declarer,
    etat,
    exporter,
    habilitation,
    habilitations,
    nouvelle_habilitation,
)
from parchemin.comptes.views.imports_liens import (
    abandonner_import_liens,
    confirmer_import_liens,
    importer_liens,
    modele_import_liens,
)
from parchemin.comptes.views.imports_organismes import (
    abandonner_import,
    confirmer_import,
    importer_organismes,
    modele_import,
)
from parchemin.comptes.views.invitations import annuler_invitation, invitation, inviter
from parchemin.comptes.views.liens import annuler_lien, clore_lien, liens, nouveau_lien
from parchemin.comptes.views.registre import habiliter, radier, registre, registre_csv
from parchemin.comptes.views.vie import modifier, partir, reunir, revenir

__all__ = [
    "abandonner_import",
    "abandonner_import_liens",
    "agir",
    "annuler_invitation",
    "annuler_lien",
    "avenant",
    "clore_lien",
    "confirmer_import",
    "confirmer_import_liens",
    "declarer",
    "deleguer",
    "donner_role",
    "etat",
    "exporter",
    "fermer_organisme",
    "habilitation",
    "habilitations",
    "habiliter",
    "importer_liens",
    "importer_organismes",
    "invitation",
    "inviter",
    "liens",
    "modele_import",
    "modele_import_liens",
    "modifier",
    "modifier_organisme",
    "nouveau_lien",
    "nouvel_organisme",
    "nouvelle",
    "nouvelle_habilitation",
    "organisme",
    "organismes",
    "oublier_facteur",
    "partir",
    "personne",
    "personnes",
    "radier",
    "registre",
    "registre_csv",
    "reprendre",
    "retirer_role",
    "reunir",
    "revenir",
    "revoquer",
    "rouvrir_organisme",
]
