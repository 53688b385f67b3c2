"""Ce que toutes les pages du référentiel disent de la même façon : son nom, son adresse, ses comptes, ses seuils."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from moteur.referentiel import Bloc, Referentiel
from parchemin.referentiels.selectors import Fiche, VersionPubliee
from parchemin.socle.composants import Lien, RangeePoints
from parchemin.socle.typographie import pluriel


@dataclass(frozen=True, slots=True)
class RangeeSeuil(RangeePoints):
    """La rangée d'une compétence ou d'un bloc que nul n'a encore jugés : combien d'éléments, et combien il en faut."""

    quoi: str = "critère"

    @property
    def phrase(self) -> str:
        """« 5 critères ; il en faut 4 »."""
        return f"{pluriel(self.total, self.quoi)} ; il en faut {self.requis}"


def url_version(version: VersionPubliee) -> str:
    """L'adresse d'une version."""
    return reverse("referentiels:version", args=[version.code, version.version])


def lien_liste() -> Lien:
    """Le chemin vers la liste des versions."""
    return Lien("Référentiels", reverse("referentiels:liste"))


def intitule(version: VersionPubliee, fiche: Fiche) -> str:
    """L'intitulé enregistré s'il est connu, sinon l'usuel, sinon le nom de la version."""
    return str(fiche.valeur("intitule_enregistre") or fiche.valeur("intitule_usuel") or version.nom())


def comptes(arbre: Referentiel) -> str:
    """« 4 blocs, 12 activités, 18 compétences, 73 critères »."""
    activites = sum(len(bloc.activites) for bloc in arbre.blocs)
    return ", ".join(
        (
            pluriel(len(arbre.blocs), "bloc"),
            pluriel(activites, "activité"),
            pluriel(len(list(arbre.competences())), "compétence"),
            pluriel(len(list(arbre.criteres())), "critère"),
        )
    )


def points_bloc(arbre: Referentiel, bloc: Bloc) -> RangeeSeuil:
    n = len(bloc.competences())
    return RangeeSeuil(0, 0, n, arbre.seuil_bloc.requis(n), quoi="compétence")


def ordinal(rang: int) -> str:
    """« 1re », « 2e »."""
    return "1re" if rang == 1 else f"{rang}e"
