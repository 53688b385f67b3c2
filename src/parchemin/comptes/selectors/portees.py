"""Ce qu'un acteur peut, un jour donné."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Delegation, Role
from parchemin.socle.acteur import Acteur, une_fois
from parchemin.socle.horloge import jour_civil


@dataclass(frozen=True, slots=True)
class Portee:
    """Un rôle en cours et son périmètre : `organisme` `None`, `certification` vide et `session` `None` ne bornent rien."""

    nature: NatureRole
    organisme: UUID | None
    certification: str = ""
    session: UUID | None = None

    def atteint(self, organisme: UUID | None, certification: str | None = None, session: UUID | None = None) -> bool:
        """Vrai si ce périmètre contient ce qui est demandé ; demander `None`, c'est demander « sans borne »."""
        return (
            self.organisme in (None, organisme)
            and (not self.certification or self.certification == certification)
            and self.session in (None, session)
        )


@dataclass(frozen=True, slots=True)
class Droits:
    """Les rôles en cours d'un acteur à une date. Sans acteur, ou sans rôle : rien."""

    acteur: Acteur | None
    portees: tuple[Portee, ...] = ()

    def a(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle, quel qu'en soit le périmètre."""
        return any(portee.nature == nature for portee in self.portees)

    def de(self, nature: NatureRole) -> tuple[Portee, ...]:
        """Chaque périmètre où l'acteur tient ce rôle : de quoi filtrer une liste."""
        return tuple(portee for portee in self.portees if portee.nature == nature)

    def partout(self, nature: NatureRole) -> bool:
        """Vrai si l'acteur tient ce rôle sans aucune borne."""
        return self.couvre(nature, None)

    def organismes(self, nature: NatureRole) -> frozenset[UUID]:
        """Les organismes où l'acteur tient ce rôle, quelle qu'en soit la certification.

        Vide ne veut pas dire « partout » : voir `partout`. Dit où l'on connaît les gens ; un acte se vérifie par `couvre`.
        """
        return frozenset(p.organisme for p in self.de(nature) if p.organisme is not None)

    def couvre(
        self,
        nature: NatureRole,
        organisme: UUID | None,
        certification: str | None = None,
        session: UUID | None = None,
    ) -> bool:
        """Vrai si l'acteur tient ce rôle pour cet organisme, cette certification, cette session.

        `None` demande le rôle sans cette borne : un rôle borné à une certification ne couvre que ce qu'on dit d'elle.
        """
        return any(portee.atteint(organisme, certification, session) for portee in self.de(nature))

    def connait(self, *natures: NatureRole) -> frozenset[UUID] | None:
        """Les organismes dont l'acteur voit les gens à l'un de ces titres ; `None` : tous."""
        tenues = [portee for portee in self.portees if portee.nature in natures and portee.session is None]
        if any(portee.organisme is None for portee in tenues):
            return None
        return frozenset(portee.organisme for portee in tenues if portee.organisme is not None)

    @property
    def est_administrateur(self) -> bool:
        """Vrai pour qui installe et ouvre les accès."""
        return self.a(NatureRole.ADMINISTRATEUR)

    @property
    def est_gestionnaire(self) -> bool:
        """Vrai pour qui gère au moins un périmètre."""
        return self.a(NatureRole.GESTIONNAIRE)

    @property
    def est_rh(self) -> bool:
        """Vrai pour les ressources humaines d'au moins un organisme."""
        return self.a(NatureRole.RH)

    @property
    def natures(self) -> tuple[NatureRole, ...]:
        """Les rôles tenus, dans l'ordre de l'énumération, sans répétition."""
        tenues = {portee.nature for portee in self.portees}
        return tuple(nature for nature in NatureRole if nature in tenues)


AUCUN_DROIT = Droits(None)


_DROITS_SYSTEME = (Portee(NatureRole.ADMINISTRATEUR, None), Portee(NatureRole.GESTIONNAIRE, None))


def droits(acteur: Acteur | None, jour: date) -> Droits:
    """Les droits d'un acteur ce jour-là (une requête ; une seule pour toute une page qu'on lit, voir `une_fois`).

    Le système administre et gère partout ; il n'atteste ni ne juge. Qui agit par délégation n'a que les droits que la personne
    absente lui a confiés, tant qu'elle les tient elle-même.
    """
    if acteur is None:
        return AUCUN_DROIT
    if acteur.est_systeme:
        return Droits(acteur, _DROITS_SYSTEME)
    return une_fois(acteur, ("droits", jour), lambda: _lire_droits(acteur, jour))


def _lire_droits(acteur: Acteur, jour: date) -> Droits:
    roles = roles_en_cours(jour)
    if acteur.par_delegation_de is None:
        roles = roles.filter(personne_id=acteur.id)
    else:
        confies = Delegation.objects.filter(delegue_id=acteur.id, revoquee_le=None, du__lte=jour, au__gt=jour)
        roles = roles.filter(personne_id=acteur.par_delegation_de, pk__in=confies.values("role"))
    roles = roles.order_by("nature", "organisme_id", "certification", "pk")
    lignes = roles.values_list("nature", "organisme_id", "certification", "session")
    return Droits(
        acteur,
        tuple(
            Portee(NatureRole(n), organisme, certification, session) for n, organisme, certification, session in lignes
        ),
    )


def encore_ouverts(jour: date) -> Q:
    """Le filtre des rôles en cours ce jour-là, et de ceux qui viendront."""
    return Q(au__isnull=True) | Q(au__gt=jour)


def roles_en_cours(jour: date) -> QuerySet[Role]:
    return Role.objects.filter(encore_ouverts(jour), du__lte=jour)


def organismes_du_role(
    lecteur: Acteur, personnes: Iterable[UUID] | None, nature: NatureRole, jour: date, certification: str
) -> dict[UUID, frozenset[UUID | None]]:
    """Au nom de quels organismes chacune (`None` : toutes) tient ce rôle ce jour-là (`None` : d'aucun en particulier). Une requête."""
    tenus: dict[UUID, set[UUID | None]] = {}
    lignes = roles_en_cours(jour).filter(nature=nature, certification__in=("", certification), session=None).order_by()
    if personnes is not None:
        lignes = lignes.filter(personne_id__in=set(personnes))
    for personne, organisme in lignes.values_list("personne_id", "organisme_id"):
        tenus.setdefault(personne, set()).add(organisme)
    return {personne: frozenset(organismes) for personne, organismes in tenus.items()}


def gestionnaires_de(
    lecteur: Acteur, organisme: UUID, certification: str, jour: date, sauf: Collection[UUID] = ()
) -> tuple[UUID, ...]:
    """Qui gère les dossiers de cet organisme ce jour-là : les siens ; s'il n'en a pas, ceux qui gèrent partout.

    `sauf` : ceux dont c'est la cause. Si tous les siens en sont, la chose revient à ceux qui gèrent partout.
    """
    tenus = (
        roles_en_cours(jour)
        .filter(nature=NatureRole.GESTIONNAIRE, certification__in=("", certification), session=None)
        .exclude(personne_id__in=sauf)
    )
    siens = tuple(tenus.filter(organisme_id=organisme).order_by("personne_id").values_list("personne_id", flat=True))
    partout = tenus.filter(organisme=None).order_by("personne_id").values_list("personne_id", flat=True)
    return tuple(dict.fromkeys(siens or partout))


def role_tenu(lecteur: Acteur, nature: NatureRole, jour: date) -> Exists:
    """Sous-requête : vrai si le lecteur tient encore ce rôle ce jour-là. De quoi filtrer sans une requête de plus."""
    return Exists(roles_en_cours(jour).filter(personne_id=lecteur.id, nature=nature))


def periodes_du_role(
    lecteur: Acteur, personnes: Iterable[UUID], nature: NatureRole, organisme: UUID, certification: str
) -> dict[UUID, tuple[tuple[date, date | None], ...]]:
    """Quand chacune de ces personnes a pu agir à ce titre pour cet organisme et cette certification, en son nom ou par délégation.

    Premier et dernier jour, compris ; `None` : encore. Deux requêtes.
    """
    qui = set(personnes)
    tenus = Role.objects.filter(
        Q(organisme=None) | Q(organisme_id=organisme),
        nature=nature,
        certification__in=("", certification),
        session=None,
    ).order_by()
    confies = Delegation.objects.filter(delegue_id__in=qui, role__in=tenus).order_by()
    siens = tenus.filter(personne_id__in=qui).values_list("personne_id", "du", "au")
    periodes: dict[UUID, list[tuple[date, date | None]]] = {}
    for personne, du, au in siens:
        periodes.setdefault(personne, []).append((du, au))
    delegations = confies.values_list("delegue_id", "du", "au", "role__au", "revoquee_le")
    for personne, du, au, au_du_role, revoquee_le in delegations:
        fins = (au, au_du_role, jour_civil(revoquee_le) if revoquee_le else None)
        fin = min(une for une in fins if une is not None)
        if du <= fin:  # révoquée avant de commencer, elle n'a rien ouvert
            periodes.setdefault(personne, []).append((du, fin))
    return {personne: tuple(tenues) for personne, tenues in periodes.items()}


def roles_ouverts(
    lecteur: Acteur, personne: UUID, nature: NatureRole, jour: date, certification: str | None = None
) -> tuple[Portee, ...]:
    """Les rôles de cette nature que tient une personne ce jour-là : de quoi vérifier une désignation.

    Ceux qu'une certification borne ne comptent que pour elle ; ceux qu'une session borne ne comptent pas ici.
    """
    tenus = droits(Acteur(personne), jour).de(nature)
    return tuple(p for p in tenus if p.atteint(p.organisme, certification))


def administrateur_existe(lecteur: Acteur, jour: date) -> bool:
    """Vrai si quelqu'un administre cette installation ce jour-là."""
    return roles_en_cours(jour).filter(nature=NatureRole.ADMINISTRATEUR).exists()
