"""Ce qui tarde chez un évaluateur, depuis quand, et ce que le règlement permet de faire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from moteur.regles.carences import (
    ACTES,
    TABLE_PAR_DEFAUT,
    Acte,
    Consequence,
    Etape,
    Horloge,
    Table,
    suites,
)
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.models import Relance
from parchemin.evaluation.selectors.accord import confirmations, ecarts_de
from parchemin.evaluation.selectors.lectures import lectures_scellees, reglement_du_jour
from parchemin.referentiels.selectors import Reglement
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil

DELAI_PAR_DEFAUT, RELANCE_PAR_DEFAUT = 7, 2
"""Sous un règlement écrit avant que ces réglages n'existent."""


@dataclass(frozen=True, slots=True)
class Carence:
    """Ce qui manque à une épreuve ouverte : à quel moment, de qui, jusqu'à quand, et les suites possibles.

    `suites` compte celles qu'ouvre un empêchement : le gestionnaire dit ce qu'il sait. `retard` : en jours, 0 tant que le
    délai court. `vacantes` : les places vides dont la lecture manque ; quelqu'un y est à nommer.
    """

    etape: Etape
    acte: Acte
    horloge: Horloge
    retard: int
    attendus: tuple[UUID, ...]
    suites: tuple[Consequence, ...]
    vacantes: tuple[Qualite, ...] = ()


def carence(lecteur: Acteur, epreuve: VueEpreuve, instant: datetime) -> Carence | None:
    """Ce qui manque à cette épreuve, si son heure est passée et qu'elle attend ses évaluateurs ; `None` sinon."""
    if epreuve.etat not in ("affectee", "en_cours", "lectures_scellees") or not epreuve.dossier.ouvert:
        return None
    if epreuve.prevue_le > instant and epreuve.commencee_le is None:
        return None
    reglement = reglement_du_jour(lecteur, epreuve, instant)
    etape, attendus, depuis = _attendus(lecteur, epreuve)
    delai = "delai_scellement_jours" if etape is Etape.LECTURE else "delai_accord_jours"
    horloge = Horloge(
        depuis, reglement.valeur(delai, DELAI_PAR_DEFAUT), reglement.valeur("relance_jours", RELANCE_PAR_DEFAUT)
    )
    retard = horloge.retard(jour_civil(instant))
    permises = suites(table_des_carences(reglement), etape, en_retard=retard > 0, empeche=True)
    return Carence(
        etape,
        ACTES[etape][0],
        horloge,
        retard,
        attendus,
        tuple(suite for suite in permises if attendus or suite is not Consequence.RELANCER),
        places_vacantes(epreuve),
    )


def places_vacantes(epreuve: VueEpreuve) -> tuple[Qualite, ...]:
    """Les places d'une épreuve commencée que personne ne tient plus, et dont la lecture n'est pas scellée. Aucune requête s'il
    ne manque personne.
    """
    vides = [qualite for qualite in Qualite if epreuve.evaluateur(qualite) is None]
    if not vides or epreuve.etat != "en_cours":
        return ()
    scellees = lectures_scellees(epreuve.id)
    return tuple(qualite for qualite in vides if qualite not in scellees)


def table_des_carences(reglement: Reglement) -> Table:
    """La table du règlement ; celle du moteur s'il a été écrit avant elle."""
    lignes = reglement.valeur("carences", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return {Acte(ligne["acte"]): tuple(map(Consequence, ligne["consequences"])) for ligne in lignes}


def relances(lecteur: Acteur, epreuve: UUID) -> dict[UUID, date]:
    """Le jour de la dernière relance de chaque évaluateur d'une épreuve ouverte au lecteur."""
    lignes = Relance.objects.filter(epreuve_id=epreuve).order_by("jour").values_list("evaluateur_id", "jour")
    return dict(lignes)


def _attendus(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[Etape, tuple[UUID, ...], date]:
    lectures = lectures_scellees(epreuve.id)
    en_place = tuple(e.personne for e in epreuve.evaluateurs)
    if epreuve.etat != "lectures_scellees":
        ont_scelle = {lue.evaluateur for lue in lectures.values()}
        depuis = jour_civil(epreuve.commencee_le or epreuve.prevue_le)
        return Etape.LECTURE, tuple(qui for qui in en_place if qui not in ont_scelle), depuis
    ecarts, depuis = ecarts_de(lecteur, epreuve, lectures), jour_civil(epreuve.depuis)
    if ecarts.a_regler:
        doivent = {
            qui
            for ecart in ecarts.a_regler
            for qui in en_place
            if qui not in ecart.positions or len(ecart.positions) == len(lectures)
        }
        return Etape.ACCORD, tuple(qui for qui in en_place if qui in doivent), depuis
    confirmees = confirmations(lecteur, epreuve.id)
    return Etape.CONFIRMATION, tuple(qui for qui in en_place if qui not in confirmees), depuis
