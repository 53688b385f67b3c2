"""Ce qui est en retard, à risque, ou à planifier : une page, le plus urgent d'abord."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.urls import reverse

from moteur.phrases import enumerer
from moteur.regles.epreuve_a_risque import Gravite, Menace
from parchemin.convocations.selectors import (
    Menacee,
    blocs_planifies,
    dossiers_a_planifier,
    epreuves_menacees,
    menacees,
    restent_a_convoquer,
)
from parchemin.parcours.presenters import a_faire_vae
from parchemin.parcours.selectors import VueDossier, blocs_acquis, complets, vae_suivies, vue_dossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Colonne, Lien, LigneAFaire, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_courte, de, majuscule

PAR_PAGE = 25
VAE_MAX = 31
"""Les VAE qui attendent depuis le plus longtemps."""
VAE_PROCHE = timedelta(days=30)
"""Une échéance de VAE se dit ici dans son dernier mois."""

_MENACES = {
    Menace.PASSEE: "heure passée, sans résultat",
    Menace.SUSPENDUE: "suspendue : décidez de la suite",
    Menace.REFUS: "convocation refusée",
    Menace.SANS_EVALUATEURS: "évaluateurs à affecter",
    Menace.CARNET: "carnet à reprendre",
    Menace.NON_CONVOQUEE: "à convoquer",
    Menace.SANS_REPONSE: "sans réponse",
}
_GRAVITES = {Gravite.RETARD: (Ton.NON, "en retard"), Gravite.RISQUE: (Ton.ATTENTE, "à risque")}


@dataclass(frozen=True, slots=True)
class LigneSuivi:
    """Une épreuve menacée : ce qui la menace, et le geste qui la sauve."""

    id: UUID
    candidat: Lien
    bloc: str
    quand: str
    statut: Statut
    pourquoi: str
    geste: Action
    a_convoquer: bool


@dataclass(frozen=True, slots=True)
class PageSuivi:
    """Toute la page. Chaque partie a sa pagination."""

    lignes: tuple[LigneSuivi, ...]
    page: Page[Any]
    retards: int
    risques: int
    dossiers: Tableau | None
    page_dossiers: Page[Any]
    vae: tuple[LigneAFaire, ...]
    vide: Vide | None
    exports: tuple[Action, ...]

    @property
    def en_lot(self) -> bool:
        """Vrai si plusieurs épreuves de la page se convoquent ensemble."""
        return any(ligne.a_convoquer for ligne in self.lignes)


def page_suivi(lecteur: Acteur, jour: date, numero: str | None, numero_dossiers: str | None) -> PageSuivi:
    """Une page du suivi : les épreuves menacées, les blocs sans épreuve, les VAE proches de leur échéance."""
    bref = epreuves_menacees(lecteur, jour)
    retards = sum(min(gravite for _, gravite in une.menaces) is Gravite.RETARD for une in bref)
    page = Paginator(bref, PAR_PAGE).get_page(numero)
    page_dossiers = Paginator(complets(dossiers_a_planifier(lecteur, jour)), PAR_PAGE).get_page(numero_dossiers)
    vae = tuple(une.ligne for _, une in vae_proches(lecteur, jour))
    rien = not bref and not page_dossiers.paginator.count and not vae
    return PageSuivi(
        lignes=tuple(_ligne(une) for une in menacees(lecteur, page)),
        page=page,
        retards=retards,
        risques=len(bref) - retards,
        dossiers=_dossiers(lecteur, page_dossiers, jour) if page_dossiers.paginator.count else None,
        page_dossiers=page_dossiers,
        vae=vae,
        vide=Vide("Rien n’est en retard, rien n’est à risque", "Ce qui demandera votre attention apparaîtra ici.")
        if rien
        else None,
        exports=()
        if rien
        else tuple(
            Action(f"Exporter en {forme.upper()}", reverse("convocations:exporter_suivi", args=[forme]))
            for forme in ("csv", "xlsx")
        ),
    )


def _ligne(une: Menacee) -> LigneSuivi:
    epreuve = une.epreuve
    premiere = une.menaces[0][0]
    return LigneSuivi(
        id=epreuve.id,
        candidat=Lien(epreuve.dossier.candidat_nom, reverse("evaluation:voir", args=[epreuve.id])),
        bloc=f"Bloc {epreuve.bloc[1:]}",
        quand=f"{date_courte(epreuve.jour)}, {epreuve.heure}",
        statut=gravite(une),
        pourquoi=pourquoi(une),
        geste=_geste(une, premiere),
        a_convoquer=any(menace is Menace.NON_CONVOQUEE for menace, _ in une.menaces),
    )


def gravite(une: Menacee) -> Statut:
    """« En retard » ou « à risque » : la pire de ses menaces."""
    return Statut(*_GRAVITES[min(gravite for _, gravite in une.menaces)])


def pourquoi(une: Menacee) -> str:
    """Tout ce qui la menace, et de qui l'on attend quoi."""
    dites = []
    for menace, _ in une.menaces:
        phrase = _MENACES[menace]
        if menace is Menace.REFUS:
            phrase = f"{phrase} par {enumerer([c.nom for c in une.convocations if c.etat == 'refusee'])}"
        elif menace is Menace.SANS_REPONSE:
            phrase = f"{phrase} {de(enumerer([c.nom for c in une.convocations if c.etat == 'envoyee']))}"
        elif menace is Menace.NON_CONVOQUEE and une.convocations:
            phrase = f"{phrase} : {enumerer(restent_a_convoquer(une.epreuve, une.convocations))}"
        dites.append(phrase)
    return majuscule(" ; ".join(dites))


def _geste(une: Menacee, menace: Menace) -> Action:
    epreuve = une.epreuve
    match menace:
        case Menace.SUSPENDUE:
            return Action("Décider", reverse("convocations:suite", args=[epreuve.id]))
        case Menace.SANS_EVALUATEURS:
            return Action("Affecter", reverse("convocations:affecter", args=[epreuve.id]))
        case Menace.CARNET:
            return Action("Voir le carnet", reverse("carnet:voir", args=[epreuve.dossier.id]))
        case Menace.REFUS | Menace.NON_CONVOQUEE | Menace.SANS_REPONSE:
            return Action("Convocations", reverse("convocations:convocations", args=[epreuve.id]))
        case _:
            return Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id]))


def _dossiers(lecteur: Acteur, page: Page[Any], jour: date) -> Tableau:
    vues = [vue_dossier(ligne) for ligne in page]
    blocs = a_planifier(lecteur, vues)
    return Tableau(
        legende="Blocs demandés, sans épreuve",
        colonnes=(
            Colonne("Candidat"),
            Colonne("Blocs à planifier"),
            Colonne("État"),
            Colonne("Dans cet état", discrete=True),
        ),
        lignes=tuple(
            (
                Lien(vue.candidat_nom, reverse("dossier", args=[vue.id])),
                blocs[vue.id] or None,
                vue.etat_intitule,
                anciennete(jour_civil(vue.depuis), jour),
            )
            for vue in vues
        ),
    )


def a_planifier(lecteur: Acteur, vues: Sequence[VueDossier]) -> dict[UUID, str]:
    """Pour chacun de ces dossiers, les blocs qui attendent leur épreuve : « 1, 3 »."""
    planifies, acquis = blocs_planifies(lecteur, [vue.id for vue in vues]), blocs_acquis(lecteur, vues)
    return {
        vue.id: ", ".join(
            bloc[1:] for bloc in vue.blocs if (vue.id, bloc) not in planifies and bloc not in acquis.get(vue.id, {})
        )
        for vue in vues
    }


def vae_proches(lecteur: Acteur, jour: date, combien: int = VAE_MAX) -> list[tuple[VueDossier, AFaire]]:
    """Les VAE dans leur dernier mois, ou passées, et ce qu'elles demandent : la plus pressée d'abord."""
    suivies, horloges = vae_suivies(lecteur, jour, combien)
    toutes = [(vue, une) for vue in suivies for une in a_faire_vae([vue], horloges, jour)]
    return sorted((paire for paire in toutes if paire[1].echeance <= jour + VAE_PROCHE), key=lambda p: p[1].echeance)
