"""Enregistrer beaucoup de personnes et de rôles d'un coup : mêmes règles qu'un à un, quelques requêtes, une entrée de journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Personne, Role
from parchemin.comptes.permissions import verifier_peut_donner_role
from parchemin.comptes.services.commun import chaine_organisme, cle_de_recherche, droits_de, propre
from parchemin.comptes.services.organismes import verifier_organisme_ouvert
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_tri
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

TITRES_EN_NOMBRE = frozenset({NatureRole.CANDIDAT, NatureRole.TUTEUR, NatureRole.MANAGER})
"""Ce qui se donne en nombre : ni un titre de juge, ni un rôle qui ouvre les dossiers d'autrui."""


@dataclass(frozen=True, slots=True)
class PersonneNouvelle:
    """Une personne à enregistrer, sous un identifiant déjà choisi."""

    id: UUID
    prenom: str
    nom: str
    courriel_pro: str


def accueillir_en_nombre(
    *,
    organisme: UUID,
    personnes: Collection[PersonneNouvelle],
    roles: Iterable[tuple[UUID, NatureRole]],
    auteur: Acteur,
    maintenant: datetime,
    certification: str = "",
) -> None:
    """Enregistre des personnes, et donne des rôles (à elles ou à d'autres) dans un organisme, dès aujourd'hui et sans fin.

    Un rôle déjà tenu sans fin n'est pas redonné. Lève `RefusDroit`, `Refus("organisme_ferme")`, et `IntegrityError` si un
    courriel vient d'être pris (l'appelant le dit avec ses mots).
    """
    voulus = sorted(set(roles))
    jour = jour_civil(maintenant)
    for nature in {nature for _, nature in voulus}:
        if nature not in TITRES_EN_NOMBRE:
            raise Refus("role_un_a_un", "Ce rôle se donne personne par personne.")
        verifier_peut_donner_role(droits_de(auteur, maintenant), nature, organisme, certification)
    with acte(
        auteur=auteur, maintenant=maintenant, action=Action.ACCUEIL_EN_NOMBRE, chaine=chaine_organisme(organisme)
    ) as journal:
        verifier_organisme_ouvert(organisme, jour)
        Personne.objects.bulk_create([_ligne(une) for une in personnes], batch_size=1_000)
        list(Personne.objects.select_for_update(of=("self",)).filter(pk__in={p for p, _ in voulus}).order_by("pk"))
        tenus = set(
            Role.objects.filter(
                Q(au=None), organisme=organisme, certification=certification, session=None, du__lte=jour,
                personne__in={personne for personne, _ in voulus},
            ).values_list("personne_id", "nature")
        )  # fmt: skip
        donnes = [
            Role(personne_id=personne, nature=nature, organisme_id=organisme, certification=certification, du=jour)
            for personne, nature in voulus
            if (personne, nature) not in tenus
        ]
        if not donnes and not personnes:
            journal.rien_a_inscrire()
            return
        Role.objects.bulk_create(donnes, batch_size=1_000)
        journal.inscrire(
            objet=("organisme", organisme), donnees=_dit(personnes, donnes), personnel=_noms(personnes) or None
        )


def _ligne(une: PersonneNouvelle) -> Personne:
    prenom, nom = propre(une.prenom), propre(une.nom)
    return Personne(
        pk=une.id,
        prenom=prenom,
        nom=nom,
        courriel_pro=une.courriel_pro,
        cle_tri=f"{cle_tri(nom)} {cle_tri(prenom)}",
        cle_recherche=cle_de_recherche(nom, prenom),
    )


def _dit(personnes: Collection[PersonneNouvelle], roles: Collection[Role]) -> dict[str, Any]:
    return {
        "personnes": len(personnes),
        "roles": len(roles),
        "donnes": [{"personne": str(role.personne_id), "nature": role.nature, "role": str(role.pk)} for role in roles],
    }


def _noms(personnes: Collection[PersonneNouvelle]) -> dict[str, str]:
    return {str(une.id): f"{propre(une.prenom)} {propre(une.nom)} <{une.courriel_pro}>" for une in personnes}
