"""L'aperçu d'un changement en cours de parcours, et la page d'une autre version."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.urls import reverse

from parchemin.parcours.forms import Choix
from parchemin.parcours.presenters.dossiers import titre_version
from parchemin.parcours.selectors import Apercu, VueDossier
from parchemin.referentiels.selectors import VersionPubliee, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Lien

_TITRES = {
    "reste": "Ce qui reste",
    "tombe": "Ce qui tombe",
    "redemande": "Ce qui sera demandé",
    "acces": "Qui perd et qui gagne l'accès",
    "a_verifier": "Les épreuves dont l'indépendance se revérifie",
}


@dataclass(frozen=True, slots=True)
class PageApercu:
    """Ce qui se passerait : chaque partie et ses phrases, ou ce qui l'empêche. `de` : ce que l'on a sous les yeux."""

    parties: tuple[tuple[str, tuple[str, ...]], ...]
    obstacles: tuple[str, ...]
    de: str


def page_apercu(apercu: Apercu, de: str) -> PageApercu:
    """L'aperçu, sans ses parties vides."""
    parties = ((titre, getattr(apercu, champ)) for champ, titre in _TITRES.items())
    return PageApercu(tuple((titre, dites) for titre, dites in parties if dites), apercu.obstacles, de)


@dataclass(frozen=True, slots=True)
class PageVersion:
    """La page où l'on poursuit un dossier sous une autre version ; sans formulaire, aucune n'est ouverte."""

    fil: tuple[Lien, ...]
    candidat: str
    actuelle: str
    formulaire: BaseForm | None
    apercu: PageApercu | None
    retour: Lien


def choix_de_version(lecteur: Acteur, versions: tuple[VersionPubliee, ...]) -> Choix:
    """Les versions où ce dossier peut se poursuivre."""
    return [(version.nom(), titre_version(lecteur, version)) for version in versions]


def page_version(
    lecteur: Acteur, dossier: VueDossier, formulaire: BaseForm | None, apercu: PageApercu | None
) -> PageVersion:
    """La page, avec l'aperçu s'il est demandé."""
    retour = Lien("Revenir au dossier", reverse("dossier", args=[dossier.id]))
    return PageVersion(
        fil=(Lien(dossier.candidat_nom, retour.url),),
        candidat=dossier.candidat_nom,
        actuelle=titre_version(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte)),
        formulaire=formulaire,
        apercu=apercu,
        retour=retour,
    )
