"""Reconnaître un identifiant : de qui ou de quoi parle une entrée du journal, et tout ce qui tient à une personne."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from parchemin.comptes.models import Compte, Invitation, Organisme, Role
from parchemin.comptes.selectors.nommer import noms, personnes_trouvees
from parchemin.socle.acteur import Acteur


def reperes(lecteur: Acteur, ids: Collection[UUID]) -> dict[UUID, str]:
    """Comment dire chaque identifiant que cette capacité connaît : une personne, un organisme, un rôle, un compte…

    Pour qui lit le journal : les identifiants viennent d'entrées ouvertes au lecteur. Cinq requêtes, quel que soit leur
    nombre.
    """
    cherches = set(ids)
    dits = noms(lecteur, cherches)
    dits |= dict(Organisme.objects.filter(pk__in=cherches).order_by().values_list("pk", "nom_court"))
    for table, quoi in ((Compte, "le compte de"), (Role, "un rôle de"), (Invitation, "l’invitation de")):
        lignes = table.objects.filter(pk__in=cherches).order_by()
        for pk, prenom, nom in lignes.values_list("pk", "personne__prenom", "personne__nom"):
            dits[pk] = f"{quoi} {prenom} {nom}"
    return dits


def identifiants_de(lecteur: Acteur, personne: UUID) -> tuple[UUID, ...]:
    """Ce qui, dans les comptes, tient à une personne : elle, son compte, ses rôles, ses invitations. Trois requêtes."""
    siens = [personne]
    for table in (Compte, Role, Invitation):
        siens += table.objects.filter(personne=personne).order_by("pk").values_list("pk", flat=True)
    return tuple(siens)


def homonymes(lecteur: Acteur, recherche: str, au_plus: int) -> dict[UUID, str]:
    """Les premières personnes que trouve une recherche, de tout organisme, à la française.

    Pour qui lit le journal au-delà d'un organisme (auditeur, DPO) ; l'appelant a établi ce droit.
    """
    lignes = personnes_trouvees(recherche).order_by("cle_tri", "pk").values_list("pk", "prenom", "nom")[:au_plus]
    return {pk: f"{prenom} {nom}" for pk, prenom, nom in lignes}
