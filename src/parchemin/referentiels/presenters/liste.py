"""La liste des versions publiées."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from moteur.referentiel import Referentiel
from parchemin.referentiels.presenters.commun import RangeeSeuil, comptes, intitule, points_bloc, url_version
from parchemin.referentiels.selectors import Fiche, VersionPubliee
from parchemin.socle.composants import Statut, Ton, Vide
from parchemin.socle.typographie import date_en_clair


@dataclass(frozen=True, slots=True)
class CarteVersion:
    """Une version dans la liste."""

    titre: str
    nom: str
    url: str
    resume: str
    statut: Statut
    points: tuple[tuple[str, RangeeSeuil], ...]


@dataclass(frozen=True, slots=True)
class PageListe:
    """La liste des versions publiées."""

    cartes: tuple[CarteVersion, ...]
    vide: Vide


def page_liste(versions: tuple[tuple[VersionPubliee, Referentiel, Fiche], ...], jour: date) -> PageListe:
    """La page `/referentiels/`."""
    return PageListe(
        cartes=tuple(_carte(version, arbre, fiche, jour) for version, arbre, fiche in versions),
        vide=Vide(
            "Aucun référentiel publié",
            "Un référentiel paraît ici dès qu'un administrateur le publie ; sa norme ne change plus ensuite.",
        ),
    )


def _carte(version: VersionPubliee, arbre: Referentiel, fiche: Fiche, jour: date) -> CarteVersion:
    return CarteVersion(
        titre=intitule(version, fiche),
        nom=version.nom(),
        url=url_version(version),
        resume=comptes(arbre),
        statut=_statut_enregistrement(fiche, jour),
        points=tuple((bloc.code, points_bloc(arbre, bloc)) for bloc in arbre.blocs),
    )


def _statut_enregistrement(fiche: Fiche, jour: date) -> Statut:
    fin = fiche.valeur("date_fin")
    if fin is None:
        return Statut(Ton.ATTENTE, "Dates d'enregistrement à compléter")
    fin = date.fromisoformat(fin)
    if jour > fin:
        return Statut(Ton.NEUTRE, f"Enregistrement terminé le {date_en_clair(fin)}")
    return Statut(Ton.OUI, f"Enregistrée jusqu'au {date_en_clair(fin)}")
