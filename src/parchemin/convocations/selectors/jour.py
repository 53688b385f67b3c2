"""Le jour de l'épreuve : qui a contrôlé l'identité, qui a signé sa présence ; et les épreuves d'un calendrier privé."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from parchemin.comptes.selectors import empreinte_jeton, noms
from parchemin.convocations.enums import Convoque, MoyenIdentite, MoyenPresence
from parchemin.convocations.models import CalendrierPrive, ControleIdentite, Presence
from parchemin.convocations.selectors.epreuves import VueEpreuve, epreuves_de_l_evaluateur, vues
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

GARDEES = timedelta(days=60)
"""Les épreuves passées restent tant de jours dans un calendrier privé."""


@dataclass(frozen=True, slots=True)
class VueIdentite:
    """Le contrôle de l'identité du candidat."""

    moyen: MoyenIdentite
    par_nom: str
    le: datetime


@dataclass(frozen=True, slots=True)
class VuePresence:
    """Une présence signée ou constatée."""

    personne: UUID
    place: Convoque
    moyen: MoyenPresence
    par_nom: str
    le: datetime


def identite_controlee(lecteur: Acteur, epreuve: UUID, jour: date) -> VueIdentite | None:
    """Le contrôle d'identité, ce jour-là, d'une épreuve ouverte au lecteur : le premier enregistré."""
    ligne = ControleIdentite.objects.filter(epreuve_id=epreuve, jour=jour).order_by("le", "pk").first()
    if ligne is None:
        return None
    return VueIdentite(MoyenIdentite(ligne.moyen), noms(lecteur, [ligne.par]).get(ligne.par, ""), ligne.le)


def presences(lecteur: Acteur, epreuve: UUID, jour: date) -> dict[UUID, VuePresence]:
    """Les présences, ce jour-là, à une épreuve ouverte au lecteur, par personne."""
    lignes = list(Presence.objects.filter(epreuve_id=epreuve, jour=jour))
    connus = noms(lecteur, {ligne.par for ligne in lignes}) if lignes else {}
    return {
        ligne.personne_id: VuePresence(
            ligne.personne_id, Convoque(ligne.place), MoyenPresence(ligne.moyen), connus.get(ligne.par, ""), ligne.le
        )
        for ligne in lignes
    }


def calendrier_ouvert(lecteur: Acteur) -> datetime | None:
    """Depuis quand le lecteur a un calendrier privé ouvert ; `None` s'il n'en a pas."""
    return (
        CalendrierPrive.objects.filter(personne_id=lecteur.id, ferme_le=None)
        .values_list("ouvert_le", flat=True)
        .first()
    )


def personne_du_calendrier(jeton: str) -> UUID | None:
    """À qui est ce calendrier privé ; `None` si l'adresse n'ouvre rien, ou plus rien."""
    ouverts = CalendrierPrive.objects.filter(empreinte=empreinte_jeton(jeton), ferme_le=None)
    return ouverts.values_list("personne_id", flat=True).first()


def epreuves_du_calendrier(lecteur: Acteur, maintenant: datetime) -> tuple[VueEpreuve, ...]:
    """Les épreuves d'un évaluateur, de deux mois passés à tout ce qui vient ; annulées et non évaluées exceptées."""
    lignes = epreuves_de_l_evaluateur(lecteur, jour_civil(maintenant)).exclude(etat="non_evaluee")
    return vues(lecteur, lignes.filter(prevue_le__gte=maintenant - GARDEES))
