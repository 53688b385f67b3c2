"""Lire l'état civil d'un candidat, et les lieux de l'Insee."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from parchemin.comptes.selectors import droits
from parchemin.parcours import identite
from parchemin.parcours.enums import GenreLieu, Piece
from parchemin.parcours.identite import Constat, Lieux, Periode
from parchemin.parcours.models import EtatCivil, Lieu
from parchemin.parcours.selectors.fiches_dossiers import OUVRENT_UN_ORGANISME, VueDossier, etat_de
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueEtatCivil:
    """L'état civil tel qu'enregistré ; `piece` vide : pas encore vu sur pièce. `constats` : ce qui reste à regarder."""

    etat: identite.EtatCivil
    piece: Piece | None
    vu_le: date | None
    vu_par: str
    constats: tuple[Constat, ...]


def etat_civil(lecteur: Acteur, vue: VueDossier, jour: date) -> VueEtatCivil | None:
    """L'état civil du candidat d'un dossier : à qui le tient (gestion, RH) et au candidat ; rien pour les autres, ni sans lui."""
    siens = droits(lecteur, jour)
    tient = any(siens.couvre(nature, vue.organisme, vue.referentiel_code) for nature in OUVRENT_UN_ORGANISME)
    if not tient and lecteur.id != vue.candidat:
        return None
    ligne = EtatCivil.objects.select_related("vu_par").filter(candidat_id=vue.candidat).first()
    if ligne is None:
        return None
    etat = etat_de(ligne)
    return VueEtatCivil(
        etat,
        Piece(ligne.piece) if ligne.piece else None,
        ligne.vu_le,
        str(ligne.vu_par) if ligne.vu_par else "",
        identite.controler(etat, jour, lieux_de(lecteur, [etat])),
    )


def lieux_de(lecteur: Acteur, etats: Iterable[identite.EtatCivil]) -> Lieux:
    """Ce que les listes chargées disent des codes de ces états civils. Deux requêtes, quel que soit leur nombre."""
    codes = {etat.lieu.commune_code if etat.lieu.en_france else etat.lieu.pays_code for etat in etats} - {""}
    charges = set(Lieu.objects.order_by().values_list("genre", flat=True).distinct())
    periodes: dict[str, list[Periode]] = {}
    for code, libelle, du, au in Lieu.objects.filter(code__in=codes).values_list("code", "libelle", "du", "au"):
        periodes.setdefault(code, []).append(Periode(libelle, du, au))
    return Lieux(GenreLieu.COMMUNE in charges, GenreLieu.PAYS in charges, periodes)


def listes_chargees(lecteur: Acteur) -> dict[GenreLieu, int]:
    """Combien de lignes de chaque liste de l'Insee sont chargées."""
    comptes = dict(Lieu.objects.order_by().values("genre").annotate(n=Count("pk")).values_list("genre", "n"))
    return {genre: comptes.get(genre, 0) for genre in GenreLieu}
