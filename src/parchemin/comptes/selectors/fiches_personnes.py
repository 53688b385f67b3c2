"""Lire les personnes du périmètre d'un lecteur."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Personne, Role
from parchemin.comptes.selectors.nommer import chercher
from parchemin.comptes.selectors.portees import Portee, droits, roles_en_cours
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueRole:
    """Un rôle en cours, son périmètre nommé (`organisme` vaut `None` : partout)."""

    id: UUID
    nature: NatureRole
    organisme: UUID | None
    organisme_nom: str
    organisme_nom_court: str
    du: date
    au: date | None = None
    certification: str = ""

    @property
    def portee(self) -> Portee:
        """Le rôle et son périmètre, tels que les droits les comptent."""
        return Portee(self.nature, self.organisme, self.certification)

    @property
    def perimetre(self) -> str:
        """« CPAM Haut-Aubrac, certification cqp-cos »."""
        return f"{self.organisme_nom}, certification {self.certification}" if self.certification else self.organisme_nom


@dataclass(frozen=True, slots=True)
class VuePersonne:
    """Une personne, ses rôles du jour (ceux que le lecteur peut voir), et si elle a de quoi se connecter."""

    id: UUID
    nom: str
    courriel_pro: str
    a_un_compte: bool
    roles: tuple[VueRole, ...]


def personnes(
    lecteur: Acteur,
    jour: date,
    recherche: str = "",
    natures: Collection[NatureRole] = (),
    organisme: UUID | None = None,
) -> QuerySet[Personne]:
    """Les personnes du périmètre du lecteur, triées par nom puis prénom à la française.

    Qui gère partout ou administre voit chacun ; qui gère un organisme, ou en est les ressources humaines, voit celles qui y
    tiennent ou y ont tenu un rôle.
    `natures` et `organisme` restreignent à celles qui tiennent un tel rôle ce jour-là. Chaque ligne se lit par
    `vue_personne` sans autre requête.
    """
    siens = droits(lecteur, jour)
    lignes = chercher(Personne.objects.filter(alias_de=None), recherche)
    visibles = roles_en_cours(jour)
    geres = None if siens.est_administrateur else siens.connait(NatureRole.GESTIONNAIRE, NatureRole.RH)
    if geres is not None:
        lignes = lignes.filter(Exists(Role.objects.filter(personne=OuterRef("pk"), organisme_id__in=geres)))
        visibles = visibles.filter(Q(organisme_id__in=geres) | Q(organisme=None))
    if natures or organisme is not None:
        roles = visibles.filter(personne=OuterRef("pk"))
        roles = roles.filter(nature__in=natures) if natures else roles
        roles = roles.filter(organisme_id=organisme) if organisme is not None else roles
        lignes = lignes.filter(Exists(roles))
    visibles = visibles.select_related("organisme").order_by("nature", F("organisme__cle_tri").asc(nulls_first=True))
    return (
        lignes.annotate(a_un_compte=Exists(Compte.objects.filter(personne=OuterRef("pk"), is_active=True)))
        .prefetch_related(Prefetch("roles", queryset=visibles, to_attr="roles_du_jour"))
        .order_by("cle_tri", "pk")
    )


def vue_personne(ligne: Personne) -> VuePersonne:
    """La vue figée d'une ligne rendue par `personnes`."""
    roles: list[Role] = ligne.roles_du_jour  # type: ignore[attr-defined]
    return VuePersonne(
        id=ligne.pk,
        nom=str(ligne),
        courriel_pro=ligne.courriel_pro,
        a_un_compte=ligne.a_un_compte,  # type: ignore[attr-defined]
        roles=tuple(map(_vue_role, roles)),
    )


def _vue_role(role: Role) -> VueRole:
    return VueRole(
        id=role.pk,
        nature=NatureRole(role.nature),
        organisme=role.organisme_id,
        organisme_nom=role.organisme.nom if role.organisme else "Tous les organismes",
        organisme_nom_court=role.organisme.nom_court if role.organisme else "tous les organismes",
        du=role.du,
        au=role.au,
        certification=role.certification,
    )


def histoire_des_roles(lecteur: Acteur, personne: UUID, jour: date) -> tuple[VueRole, ...]:
    """Les rôles passés et à venir d'une personne, que le lecteur peut voir, le plus récent d'abord ; fiche réunie comprise.

    Ceux du jour sont dans `VuePersonne.roles`. Un rôle retiré avant d'avoir commencé n'est pas une histoire.
    """
    siens = droits(lecteur, jour)
    autres = Role.objects.filter(Q(personne_id=personne) | Q(personne__alias_de_id=personne)).exclude(au=F("du"))
    autres = autres.filter(Q(au__lte=jour) | Q(du__gt=jour))
    geres = None if siens.est_administrateur else siens.connait(NatureRole.GESTIONNAIRE, NatureRole.RH)
    if geres is not None:
        autres = autres.filter(Q(organisme_id__in=geres) | Q(organisme=None))
    return tuple(map(_vue_role, autres.select_related("organisme").order_by("-du", "nature", "pk")))


def est_un_role_de(lecteur: Acteur, personne: UUID, role: UUID) -> bool:
    """Vrai si ce rôle, en cours ou non, est à cette personne (ou à une fiche réunie à la sienne), que le lecteur voit."""
    siens = Q(personne_id=personne) | Q(personne__alias_de_id=personne)
    return Role.objects.filter(siens, pk=role).exists()


def personne(lecteur: Acteur, identifiant: UUID, jour: date) -> VuePersonne:
    """Une personne du périmètre du lecteur ; lève `Introuvable` sinon."""
    trouvee = personnes(lecteur, jour).filter(pk=identifiant).first()
    if trouvee is None:
        raise Introuvable
    return vue_personne(trouvee)


def prenom_et_nom(lecteur: Acteur, identifiant: UUID) -> tuple[str, str]:
    """Le prénom et le nom d'une personne du périmètre du lecteur (l'appelant l'a établi) ; lève `Introuvable`."""
    trouvee = Personne.objects.filter(pk=identifiant).values_list("prenom", "nom").first()
    if trouvee is None:
        raise Introuvable
    return trouvee


def courriel_de_connexion(lecteur: Acteur, identifiant: UUID) -> str:
    """Le courriel du compte actif d'une personne ; vide si elle n'en a pas."""
    return (
        Compte.objects.filter(personne_id=identifiant, is_active=True).values_list("courriel", flat=True).first() or ""
    )
