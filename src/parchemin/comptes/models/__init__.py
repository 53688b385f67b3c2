"""Les tables : organismes, habilitations, personnes, comptes de connexion, rôles datés, invitations.

Une personne n'est pas un compte : un tuteur peut attester sans mot de passe, un candidat peut n'en avoir jamais.
Les clés de tri et de recherche sont calculées par les services ; leur ordre est celui des octets (`C`), sur toute base.
"""

from parchemin.comptes.models.acces import ChangementDeCourriel, Compte, IdentiteRefusee, Invitation
from parchemin.comptes.models.delegations import Delegation
from parchemin.comptes.models.habilitations import DeclarationHabilitation, Habilitation, LigneHabilitation
from parchemin.comptes.models.imports import ImportLiens, ImportOrganismes
from parchemin.comptes.models.liens import Lien
from parchemin.comptes.models.organismes import Organisme
from parchemin.comptes.models.personnes import Personne
from parchemin.comptes.models.registre import LigneRegistre
from parchemin.comptes.models.roles import Role
from parchemin.comptes.models.vie import Depart, NomPorte

__all__ = [
    "ChangementDeCourriel",
    "Compte",
    "DeclarationHabilitation",
    "Delegation",
    "Depart",
    "Habilitation",
    "IdentiteRefusee",
    "ImportLiens",
    "ImportOrganismes",
    "Invitation",
    "Lien",
    "LigneHabilitation",
    "LigneRegistre",
    "NomPorte",
    "Organisme",
    "Personne",
    "Role",
]
