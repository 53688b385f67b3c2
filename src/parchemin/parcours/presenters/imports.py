"""Les pages de l'import de candidats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from parchemin.parcours.selectors import PlanCandidats, VueImportCandidats
from parchemin.socle.composants import Colonne, Tableau
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel

MONTREES = 100
"""Au-delà, une page ne se relit plus : le nombre suffit."""


@dataclass(frozen=True, slots=True)
class PageImportCandidats:
    """Ce que ferait le fichier, avant de le confirmer."""

    id: UUID
    fichier: str
    resume: str
    tableau: Tableau | None
    avertissements: Tableau | None
    suite: str
    rien: bool
    jusqu_au: date


def page_import_candidats(vue: VueImportCandidats, plan: PlanCandidats) -> PageImportCandidats:
    """Le plan d'un import en attente, en une page."""
    gestes = {geste: plan.faire(geste) for geste in ("inscrire", "completer", "inchange")}
    agit = (*gestes["inscrire"], *gestes["completer"])
    averties = [(une, constat) for une in plan.candidatures for constat in une.avertissements]
    return PageImportCandidats(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=_resume({geste: len(siens) for geste, siens in gestes.items()}),
        tableau=Tableau(
            "À inscrire ou à compléter",
            tuple(map(Colonne, ("Candidat", "Naissance", "Voie", "Blocs", "Entrée", "Ligne du fichier"))),
            tuple(
                (
                    f"{une.etat.prenoms[0]} {une.nom}",
                    str(une.etat.naissance.annee),
                    une.voie.label,
                    ", ".join(une.blocs),
                    date_en_clair(une.entree_le),
                    une.numero,
                )
                for une in agit[:MONTREES]
            ),
            legende_visible=True,
        )
        if agit
        else None,
        avertissements=Tableau(
            f"{pluriel(len(averties), 'point')} à regarder, qui n'empêche rien"
            if len(averties) == 1
            else f"{len(averties)} points à regarder, qui n'empêchent rien",
            tuple(map(Colonne, ("Candidat", "À regarder", "Ligne du fichier"))),
            tuple(
                (f"{une.etat.prenoms[0]} {une.nom}", constat.message, une.numero)
                for une, constat in averties[:MONTREES]
            ),
            legende_visible=True,
        )
        if averties
        else None,
        suite=f"Les {MONTREES} premières lignes sont montrées." if max(len(agit), len(averties)) > MONTREES else "",
        rien=not agit,
        jusqu_au=jour_civil(vue.expire),
    )


def _resume(combien: Mapping[str, int]) -> str:
    """« 40 candidats à inscrire, 2 sans changement. » : ce qui n'est pas ne se dit pas."""
    dits = [f"{pluriel(combien['inscrire'], 'candidat')} à inscrire"]
    if combien["completer"]:
        dits.append(f"{combien['completer']} dont l'état civil manquait")
    if combien["inchange"]:
        dits.append(f"{combien['inchange']} sans changement")
    return f"{', '.join(dits)}."
