"""Toutes les lectures : l'état des envois, les préférences d'une personne, ce qui reste à dire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parchemin.courriels import genres
from parchemin.courriels.enums import Etat, Rythme
from parchemin.courriels.genres import Genre
from parchemin.courriels.models import Envoi, Preference, Tournee
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueEnvoi:
    """Où en est un courriel : rien de ce qu'il dit, hors son objet."""

    cle: str
    genre: str
    destinataire: UUID | None
    objet: str
    etat: Etat
    essais: int
    derniere_erreur: str
    depose_le: datetime
    prochain_essai: datetime | None
    clos_le: datetime | None


@dataclass(frozen=True, slots=True)
class VuePreference:
    """Un genre, et le rythme qu'il a pour une personne."""

    genre: Genre
    rythme: Rythme


def envois(lecteur: Acteur, cles: Iterable[str]) -> dict[str, VueEnvoi]:
    """L'état de ces courriels, par clé. Pour la capacité qui les a causés, et qui sait que le lecteur peut le savoir."""
    return {ligne.cle: _vue(ligne) for ligne in Envoi.objects.filter(cle__in=set(cles)).order_by()}


def derniers_recus(lecteur: Acteur, au_plus: int) -> tuple[VueEnvoi, ...]:
    """Les derniers courriels adressés au lecteur, le plus récent d'abord."""
    lignes = Envoi.objects.filter(destinataire=lecteur.id).order_by("-depose_le", "pk")
    return tuple(map(_vue, lignes[:au_plus]))


def echecs(lecteur: Acteur, depuis: datetime, au_plus: int) -> tuple[VueEnvoi, ...]:
    """Les courriels à une personne qui n'ont pas pu partir depuis cet instant, le plus récent d'abord. Pour qui administre."""
    lignes = (
        Envoi.objects.filter(etat=Etat.ECHEC, clos_le__gte=depuis).exclude(destinataire=None).order_by("-clos_le", "pk")
    )
    return tuple(map(_vue, lignes[:au_plus]))


def preferences(lecteur: Acteur) -> tuple[VuePreference, ...]:
    """Le rythme de chaque genre pour le lecteur, dans l'ordre de `genres.tous`."""
    choisis = dict(Preference.objects.filter(personne=lecteur.id).order_by().values_list("genre", "rythme"))
    return tuple(VuePreference(genre, rythme_de(genre, choisis.get(genre.code))) for genre in genres.tous())


def rythme_de(genre: Genre, choisi: str | None) -> Rythme:
    """Le rythme qui vaut : un obligatoire part toujours tout de suite, un rappel dans le courriel du jour."""
    if genre.rappel:
        return Rythme.QUOTIDIEN
    if genre.obligatoire:
        return Rythme.IMMEDIAT
    return genre.rythme if choisi is None else Rythme(choisi)


def a_reprendre(lecteur: Acteur, maintenant: datetime, au_plus: int) -> tuple[UUID, ...]:
    """Les envois dont l'heure d'essai est passée : leur job s'est perdu avec le processus qui le tenait."""
    lignes = Envoi.objects.filter(etat=Etat.A_ENVOYER, prochain_essai__lte=maintenant).order_by("prochain_essai", "pk")
    return tuple(lignes.values_list("pk", flat=True)[:au_plus])


def tournee_finie(lecteur: Acteur, jour: date) -> bool:
    """Vrai si tous les courriels de ce jour sont composés."""
    return Tournee.objects.filter(jour=jour, finie_le__isnull=False).exists()


def _vue(ligne: Envoi) -> VueEnvoi:
    return VueEnvoi(
        cle=ligne.cle,
        genre=ligne.genre,
        destinataire=ligne.destinataire,
        objet=ligne.objet,
        etat=Etat(ligne.etat),
        essais=ligne.essais,
        derniere_erreur=ligne.derniere_erreur,
        depose_le=ligne.depose_le,
        prochain_essai=ligne.prochain_essai,
        clos_le=ligne.clos_le,
    )
