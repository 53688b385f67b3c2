"""Enregistrer beaucoup de personnes et de rôles d'un coup, ou revenir dessus : mêmes règles qu'un à un, quelques requêtes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from parchemin.comptes.enums import Action, NatureRole
from parchemin.comptes.models import Invitation, Personne, Role
from parchemin.comptes.permissions import verifier_peut_donner_role, verifier_peut_gerer_les_comptes
from parchemin.comptes.selectors import encore_ouverts
from parchemin.comptes.services.commun import CHAINE, chaine_organisme, cle_de_recherche, droits_de, propre
from parchemin.comptes.services.invitations import clore_les_invitations
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
) -> tuple[UUID, ...]:
    """Enregistre des personnes, et donne des rôles (à elles ou à d'autres) dans un organisme, dès aujourd'hui et sans fin.

    Rend les rôles donnés : de quoi les refermer (`refermer_en_nombre`). Un rôle déjà tenu sans fin n'est pas redonné. Lève `RefusDroit`, `Refus("organisme_ferme")`, et `IntegrityError` si un
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
            return ()
        Role.objects.bulk_create(donnes, batch_size=1_000)
        journal.inscrire(
            objet=("organisme", organisme), donnees=_dit(personnes, donnes), personnel=_noms(personnes) or None
        )
    return tuple(role.pk for role in donnes)


@dataclass(frozen=True, slots=True)
class Place:
    """Ce qui fait qu'un rôle sert encore : cette personne tient cette place, ici, pour cette certification."""

    personne: UUID
    nature: NatureRole
    organisme: UUID
    certification: str


def tenir_en_nombre(personnes: Collection[UUID], roles: Collection[UUID]) -> None:
    """Verrouille ces personnes, celles qui tiennent ces rôles, et leurs invitations, jusqu'à la fin de la transaction.

    Rien ne s'appuie plus sur elles en silence : une invitation que l'on accepte ailleurs a déjà servi, ou ne servira plus. Le
    verrou laisse ouvrir un compte à qui tient déjà son invitation : les deux ne s'attendent jamais en croix.
    """
    qui = Q(pk__in=personnes) | Q(pk__in=Role.objects.filter(pk__in=roles).order_by().values("personne"))
    tenues = list(Personne.objects.select_for_update(of=("self",), no_key=True).filter(qui).order_by("pk"))
    en_attente = Invitation.objects.select_for_update(of=("self",)).filter(utilisee_le=None, remplacee_le=None)
    list(en_attente.filter(personne__in=tenues).order_by("pk"))


def refermer_en_nombre(
    *,
    roles: Collection[UUID],
    personnes: Collection[UUID],
    servent: Collection[Place],
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[UUID, ...]:
    """Ferme des rôles donnés en nombre, dès aujourd'hui, sauf ceux qui `servent` encore à autre chose ; rend les fermés.

    Les invitations en attente de ces `personnes` à qui il ne reste aucun rôle ne valent plus. Une entrée de journal par organisme.
    Lève `RefusDroit` comme `donner_role`. Redire ne change rien.
    """
    siens, jour = droits_de(auteur, maintenant), jour_civil(maintenant)
    utiles = {(p.personne, p.nature, p.organisme, c) for p in servent for c in ("", p.certification)}
    ouverts = Role.objects.select_for_update(of=("self",)).filter(
        encore_ouverts(jour), pk__in=roles, nature__in=TITRES_EN_NOMBRE
    )
    a_clore = [
        role
        for role in ouverts.order_by("organisme", "pk")
        if (role.personne_id, role.nature, role.organisme_id, role.certification) not in utiles
    ]
    for organisme, groupe in groupby(a_clore, key=lambda role: role.organisme_id):
        fermes = list(groupe)
        for nature, certification in {(NatureRole(role.nature), role.certification) for role in fermes}:
            verifier_peut_donner_role(siens, nature, organisme, certification)
        with acte(
            auteur=auteur, maintenant=maintenant, action=Action.REFERMES_EN_NOMBRE, chaine=chaine_organisme(organisme)
        ) as journal:
            Role.objects.filter(pk__in=[role.pk for role in fermes]).update(au=jour)
            journal.inscrire(objet=("organisme", organisme), donnees={"roles": [str(role.pk) for role in fermes]})
    restent = Role.objects.filter(encore_ouverts(jour), personne=OuterRef("personne"))
    invites = Invitation.objects.filter(~Exists(restent), personne__in=personnes, utilisee_le=None, remplacee_le=None)
    for personne in invites.order_by("personne").values_list("personne", flat=True):
        clore_les_invitations(personne, auteur=auteur, maintenant=maintenant)
    return tuple(role.pk for role in a_clore)


def creer_en_nombre(
    *, personnes: Collection[PersonneNouvelle], objet: tuple[str, UUID], auteur: Acteur, maintenant: datetime
) -> None:
    """Enregistre des personnes sans rôle ni compte ; `objet` : d'où elles viennent. Sans personne, n'écrit rien.

    Lève `RefusDroit`, et `IntegrityError` si un courriel vient d'être pris (l'appelant le dit avec ses mots).
    """
    verifier_peut_gerer_les_comptes(droits_de(auteur, maintenant))
    if not personnes:
        return
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ACCUEIL_EN_NOMBRE, chaine=CHAINE) as journal:
        Personne.objects.bulk_create([_ligne(une) for une in personnes], batch_size=1_000)
        journal.inscrire(objet=objet, donnees=_dit(personnes, ()), personnel=_noms(personnes))


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
