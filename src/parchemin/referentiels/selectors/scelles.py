"""Relire les lignes scellées depuis leurs colonnes : `parchemin journal verifier` compare au journal."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from moteur.empreinte import empreinte
from parchemin.referentiels.models import EditionReglement, RevisionAnnexes, RevisionFiche, Version
from parchemin.registre import sceaux
from parchemin.registre.sceaux import Scelle

VERSION = "referentiels.version"
EDITION = "referentiels.edition_reglement"
FICHE = "referentiels.revision_fiche"
ANNEXES = "referentiels.revision_annexes"

type Revisee = EditionReglement | RevisionFiche | RevisionAnnexes
_NOMS: dict[type[Revisee], str] = {EditionReglement: EDITION, RevisionFiche: FICHE, RevisionAnnexes: ANNEXES}


def sceau_version(ligne: Version) -> Scelle:
    """Le sceau d'une version : toutes ses colonnes, hors l'empreinte que la base vérifie elle-même."""
    contenu = {
        "auteur": str(ligne.auteur_id),
        "code": ligne.code,
        "norme": ligne.norme,
        "publiee_le": _millisecondes(ligne.publiee_le.timestamp()),
        "version": ligne.version,
    }
    return Scelle(VERSION, str(ligne.pk), empreinte(contenu))


def sceau_revision(ligne: Revisee) -> Scelle:
    """Le sceau d'une révision : toutes ses colonnes, hors l'empreinte que la base vérifie elle-même."""
    contenu: dict[str, object] = {
        "auteur": str(ligne.auteur_id),
        "contenu": ligne.contenu,
        "instant": _millisecondes(ligne.instant.timestamp()),
        "motif": ligne.motif,
        "rang": ligne.rang,
        "version": str(ligne.version_id),
    }
    if isinstance(ligne, EditionReglement):
        contenu["depuis"] = ligne.depuis.isoformat()
    return Scelle(_NOMS[type(ligne)], str(ligne.pk), empreinte(contenu))


def _millisecondes(secondes: float) -> int:
    return round(secondes * 1000)


def declarer() -> None:
    """Déclare les quatre tables au registre."""
    sceaux.declarer(VERSION, _relire_version, lambda: _cles(Version))
    for table, nom in _NOMS.items():
        sceaux.declarer(nom, _relire(table), _lister(table))


def _relire_version(cle: str) -> str | None:
    ligne = Version.objects.filter(pk=cle).first()
    return sceau_version(ligne).empreinte if ligne else None


def _relire(table: type[Revisee]) -> sceaux.Relire:
    def relire(cle: str) -> str | None:
        ligne = table.objects.filter(pk=cle).first()
        return sceau_revision(ligne).empreinte if ligne else None

    return relire


def _lister(table: type[Revisee]) -> sceaux.Lister:
    return lambda: _cles(table)


def _cles(table: type[Version | Revisee]) -> Iterable[UUID]:
    return table.objects.order_by("pk").values_list("pk", flat=True).iterator()
