"""Lire les entrées du candidat : les publiées, pour qui en a le droit ; les brouillons, pour lui seul."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from parchemin.carnet.models import BrouillonEntree, VersionEntree
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueVersion:
    """Une version d'une entrée publiée."""

    id: UUID
    rang: int
    texte: str
    fait_le: date
    competences: tuple[str, ...]
    genre: str
    octets: int
    instant: datetime


@dataclass(frozen=True, slots=True)
class VueEntree:
    """Une entrée publiée : sa dernière version, et celles qu'elle a remplacées (la plus récente d'abord)."""

    id: UUID
    derniere: VueVersion
    anciennes: tuple[VueVersion, ...]


@dataclass(frozen=True, slots=True)
class VueBrouillon:
    """Un brouillon : ce qui est gardé, et la révision que l'on a sous les yeux. `entree` : celle qu'il corrige."""

    id: UUID
    entree: UUID | None
    revision: int
    texte: str
    fait_le: date | None
    competences: tuple[str, ...]
    genre: str
    octets: int
    instant: datetime


def entrees(lecteur: Acteur, dossier: UUID) -> tuple[VueEntree, ...]:
    """Les entrées publiées d'un dossier ouvert au lecteur, la plus récente d'abord. Une requête."""
    par_entree: dict[UUID, list[VueVersion]] = {}
    lignes = VersionEntree.objects.filter(entree__carnet__dossier_id=dossier).order_by("-rang")
    for ligne in lignes:
        par_entree.setdefault(ligne.entree_id, []).append(_version(ligne))
    vues = [VueEntree(entree, versions[0], tuple(versions[1:])) for entree, versions in par_entree.items()]
    return tuple(sorted(vues, key=lambda vue: (vue.derniere.fait_le, vue.derniere.instant, str(vue.id)), reverse=True))


def brouillons(lecteur: Acteur, dossier: UUID) -> tuple[VueBrouillon, ...]:
    """Les brouillons de ce lecteur pour son propre dossier, le plus récent d'abord. Une requête."""
    lignes = BrouillonEntree.objects.filter(carnet__dossier_id=dossier, carnet__dossier__candidat_id=lecteur.id)
    return tuple(map(_brouillon, lignes.order_by("-instant", "pk")))


def brouillon(lecteur: Acteur, dossier: UUID, identifiant: UUID) -> VueBrouillon:
    """Un brouillon de ce lecteur. Lève `Introuvable`."""
    trouve = next((vue for vue in brouillons(lecteur, dossier) if vue.id == identifiant), None)
    if trouve is None:
        raise Introuvable("Ce brouillon n'existe plus : il a été publié, ou effacé.")
    return trouve


def entree(lecteur: Acteur, dossier: UUID, identifiant: UUID) -> VueEntree:
    """Une entrée publiée d'un dossier ouvert au lecteur. Lève `Introuvable`."""
    trouvee = next((vue for vue in entrees(lecteur, dossier) if vue.id == identifiant), None)
    if trouvee is None:
        raise Introuvable
    return trouvee


@dataclass(frozen=True, slots=True)
class FichierJoint:
    """Un fichier joint, tel qu'il est au stockage."""

    nom: str
    genre: str


def fichier_joint(lecteur: Acteur, dossier: UUID, identifiant: UUID) -> FichierJoint:
    """Le fichier d'une version publiée, ou d'un brouillon de ce lecteur. Lève `Introuvable`."""
    for lignes in (
        VersionEntree.objects.filter(entree__carnet__dossier_id=dossier),
        BrouillonEntree.objects.filter(carnet__dossier_id=dossier, carnet__dossier__candidat_id=lecteur.id),
    ):
        ligne = lignes.filter(pk=identifiant).exclude(fichier="").first()
        if ligne is not None:
            return FichierJoint(ligne.fichier, ligne.genre)
    raise Introuvable


def _version(ligne: VersionEntree) -> VueVersion:
    if ligne.fait_le is None:  # la base l'interdit (version_entree_entiere)
        raise Introuvable
    return VueVersion(
        ligne.pk, ligne.rang, ligne.texte, ligne.fait_le, tuple(ligne.competences), ligne.genre, ligne.octets,
        ligne.instant,
    )  # fmt: skip


def _brouillon(ligne: BrouillonEntree) -> VueBrouillon:
    return VueBrouillon(
        ligne.pk, ligne.entree_id, ligne.revision, ligne.texte, ligne.fait_le, tuple(ligne.competences), ligne.genre,
        ligne.octets, ligne.instant,
    )  # fmt: skip
