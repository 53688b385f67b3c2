"""La liste des épreuves, et l'état de chacune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.urls import reverse

from moteur.etats import EPREUVE
from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.selectors import Droits
from parchemin.convocations.permissions import peut_s_abonner, peut_suivre, peut_tenir_les_lieux
from parchemin.convocations.selectors import VueEpreuve, epreuves_en_liste, vues
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.typographie import date_courte, date_longue

PAR_PAGE = 25
_TONS = {
    "a_planifier": Ton.ATTENTE,
    "affectee": Ton.INFO,
    "en_cours": Ton.INFO,
    "lectures_scellees": Ton.ATTENTE,
    "accordee": Ton.OUI,
    "suspendue": Ton.ATTENTE,
    "non_evaluee": Ton.NEUTRE,
    "annulee": Ton.NEUTRE,
}


@dataclass(frozen=True, slots=True)
class PageListe:
    """Les épreuves du lecteur : celles qui viennent ou attendent encore, jour par jour, puis les terminées."""

    jours: tuple[tuple[str, Tableau], ...]
    terminees: Tableau | None
    vide: Vide | None
    page: Page[Any]
    liens: tuple[Lien, ...] = ()


def page_liste(lecteur: Acteur, jour: date, numero: str | None = None, liens: tuple[Lien, ...] = ()) -> PageListe:
    """Une page de la liste : ce qui reste à faire, le plus ancien d'abord ; puis ce qui est fini, le plus récent d'abord."""
    page = Paginator(epreuves_en_liste(lecteur, jour), PAR_PAGE).get_page(numero)
    par_jour: dict[date, list[VueEpreuve]] = {}
    terminees = []
    for epreuve in vues(lecteur, page):
        if epreuve.etat in EPREUVE.terminaux:
            terminees.append(epreuve)
        else:
            par_jour.setdefault(epreuve.jour, []).append(epreuve)
    return PageListe(
        jours=tuple(
            (date_longue(prevu).capitalize(), _tableau(lecteur, f"Épreuves du {date_courte(prevu)}", "Heure", du_jour))
            for prevu, du_jour in par_jour.items()
        ),
        terminees=_tableau(lecteur, "Épreuves terminées", "Jour", terminees) if terminees else None,
        vide=None
        if page.paginator.count
        else Vide(
            "Aucune épreuve", "Une épreuve apparaît ici dès qu’elle est planifiée depuis le dossier d’un candidat."
        ),
        page=page,
        liens=liens,
    )


def liens_de_la_liste(acteur: Acteur, droits: Droits) -> tuple[Lien, ...]:
    """Où aller d'ici : le suivi et les sites, pour qui planifie ; ses disponibilités et son calendrier privé, pour qui évalue."""
    liens = []
    if peut_suivre(droits):
        liens.append(Lien("En retard, à risque, à planifier", reverse("convocations:suivi")))
    if any(droits.a(nature) for nature in EVALUATEURS):
        liens.append(Lien("Dire mes disponibilités", reverse("convocations:mes_disponibilites")))
    if peut_tenir_les_lieux(droits):
        liens.append(Lien("Préparer un plan d’épreuves", reverse("convocations:plans")))
        liens.append(Lien("Voir les sites et leurs salles", reverse("convocations:sites")))
    if peut_s_abonner(acteur, droits):
        liens.append(Lien("Mon calendrier privé", reverse("convocations:calendrier")))
    return tuple(liens)


def _tableau(lecteur: Acteur, legende: str, quand: str, epreuves: Sequence[VueEpreuve]) -> Tableau:
    """`quand` : « Heure » (le jour est alors dans le titre) ou « Jour »."""
    return Tableau(
        legende=legende,
        colonnes=(
            Colonne("Candidat"),
            Colonne("Bloc"),
            Colonne(quand),
            Colonne("Lieu", discrete=True),
            Colonne("Évaluateurs", discrete=True),
            Colonne("État"),
        ),
        lignes=tuple(
            (
                Lien(epreuve.dossier.candidat_nom, reverse("evaluation:voir", args=[epreuve.id])),
                f"Bloc {epreuve.bloc[1:]}",
                epreuve.heure if quand == "Heure" else epreuve.jour,
                epreuve.lieu,
                ", ".join(e.nom for e in epreuve.evaluateurs) or None,
                statut(lecteur, epreuve),
            )
            for epreuve in epreuves
        ),
    )


def statut(lecteur: Acteur, epreuve: VueEpreuve) -> Statut:
    """L'état d'une épreuve, sa forme et son mot ; qui l'évalue ne lit pas si l'autre a commencé."""
    if epreuve.tait_son_debut(lecteur.id):
        return Statut(Ton.INFO, "lectures à sceller")
    return Statut(_TONS[epreuve.etat], EPREUVE.etat(epreuve.etat).intitule.lower())
