"""Nommer, et chercher par un nom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Organisme, Personne
from parchemin.comptes.selectors.portees import roles_en_cours
from parchemin.socle.acteur import Acteur, une_fois
from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Introuvable


def tenants_du_role(
    lecteur: Acteur, nature: NatureRole, jour: date, certification: str | None = None
) -> dict[UUID, str]:
    """« Prénom Nom » de qui tient ce rôle ce jour-là, en tout organisme, à la française : de quoi désigner un évaluateur.

    Un rôle borné à une certification ne compte que pour elle, un rôle borné à une session ne compte pas. Un évaluateur vient d'ailleurs que de l'organisme du candidat : qui désigne doit voir au-delà de son périmètre, et
    n'apprend que des noms.
    """
    tenus = roles_en_cours(jour).filter(
        personne=OuterRef("pk"), nature=nature, certification__in=("", certification or ""), session=None
    )
    lignes = (
        Personne.objects.filter(Exists(tenus), alias_de=None)
        .order_by("cle_tri", "pk")
        .values_list("pk", "prenom", "nom")
    )
    return {pk: f"{prenom} {nom}" for pk, prenom, nom in lignes}


def bornes_du_role(
    lecteur: Acteur, nature: NatureRole, jour: date, certification: str | None = None
) -> dict[UUID, tuple[str, date | None, date | None]]:
    """Qui a tenu ce rôle, ou le tiendra, sans le tenir ce jour-là : « Prénom Nom », depuis quand il a pris fin, ou quand il commence.

    Mêmes bornes que `tenants_du_role`, même ordre ; une personne partie y est aussi. De quoi dire pourquoi quelqu'un n'est plus
    proposé. Une requête.
    """
    de_la_nature = Q(roles__nature=nature, roles__certification__in=("", certification or ""), roles__session=None)
    tenus = roles_en_cours(jour).filter(
        personne=OuterRef("pk"), nature=nature, certification__in=("", certification or ""), session=None
    )
    lignes = (
        Personne.objects.filter(~Exists(tenus), de_la_nature, alias_de=None)
        .annotate(
            fini=Max("roles__au", filter=de_la_nature & Q(roles__du__lte=jour)),
            commence=Min(
                "roles__du",
                filter=de_la_nature & Q(roles__du__gt=jour) & (Q(roles__au=None) | Q(roles__au__gt=F("roles__du"))),
            ),
        )
        .order_by("cle_tri", "pk")
        .values_list("pk", "prenom", "nom", "fini", "commence")
    )
    return {pk: (f"{prenom} {nom}", fini, commence) for pk, prenom, nom, fini, commence in lignes}


def noms(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """« Prénom Nom » de chaque identifiant connu ; une fiche réunie à une autre porte le nom de celle-ci.

    À n'appeler qu'avec des identifiants d'une page ouverte au lecteur.
    """
    lignes = Personne.objects.filter(pk__in=set(ids)).select_related("alias_de").order_by()
    return {ligne.pk: str(ligne.alias_de or ligne) for ligne in lignes}


def nom(lecteur: Acteur, personne: UUID) -> str:
    """« Prénom Nom » ; lève `Introuvable` pour un inconnu."""
    try:
        return une_fois(lecteur, ("nom", personne), lambda: noms(lecteur, [personne])[personne])
    except KeyError:
        raise Introuvable from None


def noms_organismes(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Le nom complet de chaque organisme connu."""
    return dict(Organisme.objects.filter(pk__in=set(ids)).order_by().values_list("pk", "nom"))


def personnes_trouvees(recherche: str) -> QuerySet[Personne]:
    """Les personnes dont le prénom et le nom contiennent chaque mot cherché, sans égard aux accents ni à la casse.

    Sert de sous-requête aux capacités du dessus (`candidat_id__in=…values("pk")`) : elles bornent au lecteur.
    """
    return chercher(Personne.objects.all(), recherche)


def chercher[M: (Personne, Organisme)](lignes: QuerySet[M], recherche: str) -> QuerySet[M]:
    for mot in cle_recherche(recherche).split():
        lignes = lignes.filter(cle_recherche__contains=mot)
    return lignes
