"""Les incidents d'une épreuve, et leur suite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from parchemin.convocations.enums import SuiteIncident
from parchemin.convocations.selectors import (
    VueEpreuve,
    VueIncident,
)
from parchemin.socle.composants import Action
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_longue, heure

_SUITES = {
    SuiteIncident.REPRENDRE: "reprise, sur la même grille",
    SuiteIncident.REPLANIFIER: "replanifiée",
    SuiteIncident.CLORE: "close : le bloc est non évalué",
}


_CE_QUE_CELA_FAIT = {
    SuiteIncident.REPRENDRE: "Reprendre : les évaluateurs continuent la même grille",
    SuiteIncident.REPLANIFIER: "Replanifier : la même épreuve, à une autre date",
    SuiteIncident.CLORE: "Clore : le bloc est non évalué, jamais non acquis",
}


MOT_DE_SUITE = {
    SuiteIncident.REPRENDRE: "L'épreuve reprend : les évaluateurs continuent leur grille.",
    SuiteIncident.REPLANIFIER: "L'épreuve est replanifiée.",
    SuiteIncident.CLORE: "L'épreuve est close. Le bloc est non évalué : une autre épreuve peut se planifier.",
}
"""Ce que la page répond au gestionnaire, suite par suite."""


@dataclass(frozen=True, slots=True)
class LigneIncident:
    """Un incident, tel que ce lecteur peut le lire : ce que c'est, qui l'a dit, ce qui fut décidé."""

    titre: str
    quand: str
    motif: str
    suite: str
    reponse: str
    nouvelle: str


@dataclass(frozen=True, slots=True)
class PartIncidents:
    """La part des incidents sur la page d'une épreuve : ceux qu'il y eut, et ce que ce lecteur peut faire."""

    lignes: tuple[LigneIncident, ...]
    suspendue: bool
    trancher: Action | None
    signaler: Action | None
    consigner: Action | None


def part_incidents(
    epreuve: VueEpreuve,
    incidents: Sequence[VueIncident],
    *,
    peut_signaler: bool,
    peut_gerer: bool,
    peut_consigner: bool = False,
) -> PartIncidents:
    """`peut_signaler` : ce lecteur le peut, et l'épreuve n'est pas finie ; `peut_consigner` : les deux lectures sont scellées."""
    suspendue = epreuve.etat == "suspendue"
    return PartIncidents(
        lignes=lignes_incidents(incidents),
        suspendue=suspendue,
        trancher=Action("Décider de la suite", reverse("convocations:suite", args=[epreuve.id]), principale=True)
        if suspendue and peut_gerer
        else None,
        signaler=Action("Signaler un incident", reverse("convocations:signaler", args=[epreuve.id]))
        if peut_signaler
        else None,
        consigner=Action("Consigner un incident", reverse("convocations:signaler", args=[epreuve.id]))
        if peut_consigner
        else None,
    )


def lignes_incidents(
    incidents: Sequence[VueIncident], *, attendus_seulement: bool = False
) -> tuple[LigneIncident, ...]:
    """Le plus récent d'abord ; `attendus_seulement` : ceux qui attendent encore leur suite."""
    return tuple(
        LigneIncident(
            titre=_titre(incident),
            quand=f"{'Consigné' if incident.consigne else 'Signalé'} le {date_longue(jour_civil(incident.le))} à {heure(incident.le)}"
            + (f", par {incident.auteur_nom}" if incident.auteur_nom else ""),
            motif=incident.motif,
            suite=CONSIGNE
            if incident.consigne
            else f"Décidé le {date_longue(jour_civil(incident.tranche_le))} : {_SUITES[incident.suite]}"
            if incident.suite and incident.tranche_le
            else "",
            reponse=incident.reponse,
            nouvelle=reverse("evaluation:voir", args=[incident.nouvelle]) if incident.nouvelle else "",
        )
        for incident in incidents
        if not (attendus_seulement and (incident.suite or incident.consigne))
    )


CONSIGNE = "Les deux lectures étaient scellées : elles ne changent pas, ni leur résultat ; le jury le lit"
"""Ce que devient un incident consigné."""


def _titre(incident: VueIncident) -> str:
    if incident.genre:
        return str(incident.genre.label)
    return "Un incident est consigné" if incident.consigne else "Un incident a suspendu l’épreuve"


def incidents_au_jury(incidents: Sequence[VueIncident], bloc: str) -> tuple[str, ...]:
    """Ce que le gestionnaire dit au jury des incidents consignés d'une épreuve qu'il lit en entier, le premier d'abord."""
    return tuple(
        f"Bloc {bloc[1:]}, incident consigné le {date_longue(jour_civil(incident.le))} : {_titre(incident)}. {incident.motif}"
        for incident in reversed(incidents)
        if incident.consigne
    )


def choix_de_suite(suites: Sequence[SuiteIncident], *, a_neuf: bool) -> list[tuple[SuiteIncident, str]]:
    """Ce que le gestionnaire peut décider, et ce que cela fera ; `a_neuf` : replanifier ouvre une autre épreuve."""
    dits = _CE_QUE_CELA_FAIT | (
        {
            SuiteIncident.REPLANIFIER: "Replanifier : une nouvelle épreuve, sur une grille vierge ; celle-ci est non évaluée"
        }
        if a_neuf
        else {}
    )
    return [(suite, dits[suite]) for suite in suites]
