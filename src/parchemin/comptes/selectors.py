"""Toutes les lectures : les droits d'un acteur, les personnes et les organismes qu'un lecteur peut voir.

Les fonctions internes à la capacité (`_…`) prennent un identifiant ; les autres prennent d'abord le lecteur.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Invitation, Organisme, Personne, Role
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class Portee:
    """Un rôle en cours et son périmètre ; `organisme` vaut `None` pour « partout »."""

    nature: NatureRole
    organisme: UUID | None


@dataclass(frozen=True, slots=True)
class Droits:
    """Les rôles en cours d'un acteur à une date. Sans acteur, ou sans rôle : rien."""

    acteur: Acteur | None
    portees: tuple[Portee, ...] = ()

    def a(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle, quel qu'en soit le périmètre."""
        return any(portee.nature == nature for portee in self.portees)

    def partout(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle sans borne d'organisme."""
        return any(portee.nature == nature and portee.organisme is None for portee in self.portees)

    def organismes(self, nature: NatureRole) -> frozenset[UUID]:
        """Les organismes où l'acteur tient ce rôle. Vide ne veut pas dire « partout » : voir `partout`."""
        return frozenset(p.organisme for p in self.portees if p.nature == nature and p.organisme is not None)

    def couvre(self, nature: NatureRole, organisme: UUID | None) -> bool:
        """Vrai si l'acteur tient ce rôle pour cet organisme ; `None` demande le rôle « partout »."""
        return self.partout(nature) or (organisme is not None and organisme in self.organismes(nature))

    @property
    def est_administrateur(self) -> bool:
        """Vrai pour qui installe et ouvre les accès."""
        return self.a(NatureRole.ADMINISTRATEUR)

    @property
    def est_gestionnaire(self) -> bool:
        """Vrai pour qui gère au moins un périmètre."""
        return self.a(NatureRole.GESTIONNAIRE)

    @property
    def natures(self) -> tuple[NatureRole, ...]:
        """Les rôles tenus, dans l'ordre de l'énumération, sans répétition."""
        tenues = {portee.nature for portee in self.portees}
        return tuple(nature for nature in NatureRole if nature in tenues)


AUCUN_DROIT = Droits(None)
_DROITS_SYSTEME = (Portee(NatureRole.ADMINISTRATEUR, None), Portee(NatureRole.GESTIONNAIRE, None))


def droits(acteur: Acteur | None, jour: date) -> Droits:
    """Les droits d'un acteur ce jour-là (une requête). Le système administre et gère partout ; il n'atteste ni ne juge."""
    if acteur is None:
        return AUCUN_DROIT
    if acteur.est_systeme:
        return Droits(acteur, _DROITS_SYSTEME)
    roles = _roles_en_cours(jour).filter(personne_id=acteur.id).order_by("nature", "organisme_id")
    return Droits(acteur, tuple(Portee(NatureRole(n), o) for n, o in roles.values_list("nature", "organisme_id")))


def _roles_en_cours(jour: date) -> QuerySet[Role]:
    return Role.objects.filter(du__lte=jour).filter(Q(au__isnull=True) | Q(au__gt=jour))


def roles_ouverts(lecteur: Acteur, personne: UUID, nature: NatureRole, jour: date) -> tuple[Portee, ...]:
    """Les rôles de cette nature que tient une personne ce jour-là : de quoi vérifier une désignation."""
    return tuple(p for p in droits(Acteur(personne), jour).portees if p.nature == nature)


def administrateur_existe(lecteur: Acteur, jour: date) -> bool:
    """Vrai si quelqu'un administre cette installation ce jour-là."""
    return _roles_en_cours(jour).filter(nature=NatureRole.ADMINISTRATEUR).exists()


def tenants_du_role(lecteur: Acteur, nature: NatureRole, jour: date) -> dict[UUID, str]:
    """« Prénom Nom » de qui tient ce rôle ce jour-là, en tout organisme, à la française : de quoi désigner un évaluateur.

    Un évaluateur vient d'ailleurs que de l'organisme du candidat : qui désigne doit voir au-delà de son périmètre, et
    n'apprend que des noms.
    """
    tenus = _roles_en_cours(jour).filter(personne=OuterRef("pk"), nature=nature)
    lignes = Personne.objects.filter(Exists(tenus)).order_by("cle_tri", "pk").values_list("pk", "prenom", "nom")
    return {pk: f"{prenom} {nom}" for pk, prenom, nom in lignes}


# Noms ---------------------------------------------------------------------------------------------------------------


def noms(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """« Prénom Nom » de chaque identifiant connu. À n'appeler qu'avec des identifiants d'une page ouverte au lecteur."""
    lignes = Personne.objects.filter(pk__in=set(ids)).order_by().values_list("pk", "prenom", "nom")
    return {pk: f"{prenom} {nom}" for pk, prenom, nom in lignes}


def nom(lecteur: Acteur, personne: UUID) -> str:
    """« Prénom Nom » ; lève `Introuvable` pour un inconnu."""
    try:
        return noms(lecteur, [personne])[personne]
    except KeyError:
        raise Introuvable from None


def noms_organismes(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Le nom complet de chaque organisme connu."""
    return dict(Organisme.objects.filter(pk__in=set(ids)).order_by().values_list("pk", "nom"))


def personnes_trouvees(recherche: str) -> QuerySet[Personne]:
    """Les personnes dont le prénom et le nom contiennent chaque mot cherché, sans égard aux accents ni à la casse.

    Sert de sous-requête aux capacités du dessus (`candidat_id__in=…values("pk")`) : elles bornent au lecteur.
    """
    return _chercher(Personne.objects.all(), recherche)


def _chercher[M: (Personne, Organisme)](lignes: QuerySet[M], recherche: str) -> QuerySet[M]:
    for mot in cle_recherche(recherche).split():
        lignes = lignes.filter(cle_recherche__contains=mot)
    return lignes


# Organismes ---------------------------------------------------------------------------------------------------------


def organismes(lecteur: Acteur, jour: date, recherche: str = "") -> QuerySet[Organisme]:
    """Les organismes que gère le lecteur (tous, s'il gère partout ou administre), triés à la française."""
    siens = droits(lecteur, jour)
    lignes = _chercher(Organisme.objects.all(), recherche).order_by("cle_tri", "pk")
    if siens.est_administrateur or siens.partout(NatureRole.GESTIONNAIRE):
        return lignes
    return lignes.filter(pk__in=siens.organismes(NatureRole.GESTIONNAIRE))


# Personnes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VueRole:
    """Un rôle en cours, son périmètre nommé (`organisme` vaut `None` : partout)."""

    id: UUID
    nature: NatureRole
    organisme: UUID | None
    organisme_nom: str
    organisme_nom_court: str
    du: date

    @property
    def portee(self) -> Portee:
        """Le rôle et son périmètre, tels que les droits les comptent."""
        return Portee(self.nature, self.organisme)


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

    Qui gère partout ou administre voit chacun ; qui gère un organisme voit celles qui y tiennent ou y ont tenu un rôle.
    `natures` et `organisme` restreignent à celles qui tiennent un tel rôle ce jour-là. Chaque ligne se lit par
    `vue_personne` sans autre requête.
    """
    siens = droits(lecteur, jour)
    lignes = _chercher(Personne.objects.all(), recherche)
    visibles = _roles_en_cours(jour)
    if not (siens.est_administrateur or siens.partout(NatureRole.GESTIONNAIRE)):
        geres = siens.organismes(NatureRole.GESTIONNAIRE)
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
        roles=tuple(
            VueRole(
                id=role.pk,
                nature=NatureRole(role.nature),
                organisme=role.organisme_id,
                organisme_nom=role.organisme.nom if role.organisme else "Tous les organismes",
                organisme_nom_court=role.organisme.nom_court if role.organisme else "tous les organismes",
                du=role.du,
            )
            for role in roles
        ),
    )


def personne(lecteur: Acteur, identifiant: UUID, jour: date) -> VuePersonne:
    """Une personne du périmètre du lecteur ; lève `Introuvable` sinon."""
    trouvee = personnes(lecteur, jour).filter(pk=identifiant).first()
    if trouvee is None:
        raise Introuvable
    return vue_personne(trouvee)


def courriel_de_connexion(lecteur: Acteur, identifiant: UUID) -> str:
    """Le courriel du compte actif d'une personne ; vide si elle n'en a pas."""
    return (
        Compte.objects.filter(personne_id=identifiant, is_active=True).values_list("courriel", flat=True).first() or ""
    )


# Invitations --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InvitationOuverte:
    """Ce que montre le formulaire d'une invitation valable."""

    prenom: str
    nom: str
    courriel: str
    expire: datetime


def empreinte_jeton(jeton: str) -> str:
    """L'empreinte sous laquelle la base connaît un jeton."""
    return sha256(jeton.encode()).hexdigest()


def invitation_ouverte(jeton: str, maintenant: datetime) -> InvitationOuverte | None:
    """L'invitation de ce jeton si elle peut encore servir, sinon `None`. Le porteur du jeton est le lecteur. N'écrit rien."""
    ligne = (
        Invitation.objects.filter(
            empreinte=empreinte_jeton(jeton), utilisee_le__isnull=True, remplacee_le__isnull=True, expire__gt=maintenant
        )
        .select_related("personne")
        .first()
    )
    if ligne is None:
        return None
    return InvitationOuverte(ligne.personne.prenom, ligne.personne.nom, ligne.courriel, ligne.expire)
