"""« Ma journée » : les épreuves d'un évaluateur, ce qui est scellé, ce qui attend l'autre, ce qui est encore ici seulement."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from parchemin.comptes.selectors import nom
from parchemin.convocations.enums import ATTENDENT
from parchemin.convocations.selectors import VueEpreuve, epreuves_de_l_evaluateur, vues
from parchemin.evaluation.selectors import lectures_closes, mes_gestes_a_part
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Statut, Ton, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_longue, heure, pluriel

HORIZON = timedelta(days=14)
"""Ce que l'on montre des jours à venir."""


@dataclass(frozen=True, slots=True)
class LigneJournee:
    """Une épreuve. `grille` : l'adresse à garder sur l'appareil ; vide quand il n'y a plus rien à y noter."""

    id: UUID
    heure: str
    jour: str
    candidat: str
    bloc: str
    lieu: str
    statut: Statut
    action: Action
    grille: str


@dataclass(frozen=True, slots=True)
class PageJournee:
    """La page : trois temps, chacun vide ou non. `personne` et `nom` nomment le coffre de cet appareil.

    `a_part` dit ce que le serveur a reçu de cette personne, et que le gestionnaire n'a encore ni repris ni écarté ; ou rien.
    """

    jour: str
    personne: UUID
    nom: str
    aujourd_hui: tuple[LigneJournee, ...]
    a_finir: tuple[LigneJournee, ...]
    a_venir: tuple[LigneJournee, ...]
    vide: Vide | None
    a_part: str

    @property
    def a_preparer(self) -> bool:
        """Vrai s'il reste une grille à noter, aujourd'hui, en retard ou bientôt."""
        return any(ligne.grille for ligne in (*self.aujourd_hui, *self.a_finir, *self.a_venir))


def page_journee(lecteur: Acteur, maintenant: datetime) -> PageJournee:
    """La journée de cet évaluateur, les plus proches d'abord ; ses épreuves accordées d'un autre jour n'y sont plus."""
    jour = jour_civil(maintenant)
    miennes = vues(lecteur, epreuves_de_l_evaluateur(lecteur, jour).filter(prevue_le__lt=maintenant + HORIZON))
    scellees = lectures_closes(lecteur, [vue.id for vue in miennes])
    la_bas = {vue.id: jour_civil(maintenant, vue.zone) for vue in miennes}
    du_jour = [vue for vue in miennes if vue.jour == la_bas[vue.id]]
    passees = [
        vue for vue in miennes if vue.jour < la_bas[vue.id] and vue.etat not in EPREUVE.terminaux and vue.dossier.ouvert
    ]
    futures = [vue for vue in miennes if vue.jour > la_bas[vue.id]]
    rien = not (du_jour or passees or futures)
    return PageJournee(
        jour=date_longue(jour),
        personne=lecteur.id,
        nom=nom(lecteur, lecteur.id),
        aujourd_hui=_lignes(du_jour, scellees),
        a_finir=_lignes(passees, scellees),
        a_venir=_lignes(futures, scellees),
        vide=Vide("Aucune épreuve", "Celles où l’on vous affectera apparaîtront ici, le jour venu et avant.")
        if rien
        else None,
        a_part=_a_part(*mes_gestes_a_part(lecteur)),
    )


def _a_part(nombre: int, dernier: datetime | None) -> str:
    if dernier is None:
        return ""
    quoi = pluriel(nombre, "geste a été reçu", "gestes ont été reçus")
    return (
        f"{quoi}, mais hors de la grille ({'le' if nombre == 1 else 'le dernier, le'} {date_longue(jour_civil(dernier))} à "
        f"{heure(dernier)}) : vous n’évaluiez plus cette épreuve, ou elle était close. Le gestionnaire décidera d’en tenir compte ou non."
    )


def _lignes(epreuves: Iterable[VueEpreuve], scellees: Collection[UUID]) -> tuple[LigneJournee, ...]:
    return tuple(_ligne(vue, scellee=vue.id in scellees) for vue in epreuves)


def _ligne(vue: VueEpreuve, *, scellee: bool) -> LigneJournee:
    statut, libelle, adresse = _ou_en_est(vue, scellee=scellee)
    return LigneJournee(
        id=vue.id,
        heure=vue.heure,
        jour=date_longue(vue.jour),
        candidat=vue.dossier.candidat_nom,
        bloc=f"Bloc {vue.bloc[1:]}",
        lieu=vue.lieu,
        statut=statut,
        action=Action(libelle, reverse(adresse, args=[vue.id]), precision=vue.dossier.candidat_nom),
        grille=reverse("evaluation:grille", args=[vue.id]) if adresse == "evaluation:grille" else "",
    )


def _ou_en_est(vue: VueEpreuve, *, scellee: bool) -> tuple[Statut, str, str]:
    match vue.etat:
        case "accordee":
            return Statut(Ton.OUI, "résultat établi"), "Voir l’épreuve", "evaluation:voir"
        case "suspendue":
            return Statut(Ton.ATTENTE, "suspendue, le gestionnaire décide"), "Voir l’épreuve", "evaluation:voir"
        case "non_evaluee":
            return Statut(Ton.NEUTRE, "close, non évaluée"), "Voir l’épreuve", "evaluation:voir"
        case "lectures_scellees":
            return Statut(Ton.ATTENTE, "à accorder à deux"), "Voir ce qui diffère", "evaluation:voir"
        case etat if etat in ATTENDENT and not vue.attend:
            return Statut(Ton.NEUTRE, "dossier clos"), "Voir l’épreuve", "evaluation:voir"
        case _ if scellee:
            return Statut(Ton.OUI, "scellée, l’autre lecture est attendue"), "Voir l’épreuve", "evaluation:voir"
        case "a_planifier":
            return Statut(Ton.ATTENTE, "l’autre évaluateur est à désigner"), "Voir l’épreuve", "evaluation:voir"
        case _:
            return Statut(Ton.NEUTRE, "à évaluer"), "Ouvrir la grille", "evaluation:grille"
