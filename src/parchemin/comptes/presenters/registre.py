"""Le registre des évaluateurs et des jurés : la page, et le fichier."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.enums import EtatRegistre
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import pluriel

TONS = {
    EtatRegistre.A_JOUR: Ton.OUI,
    EtatRegistre.A_RENOUVELER: Ton.ATTENTE,
    EtatRegistre.EXPIREE: Ton.NON,
    EtatRegistre.RADIEE: Ton.NON,
    EtatRegistre.A_VENIR: Ton.NEUTRE,
}


def page_registre(lecteur: Acteur, filtre: dict[str, str], numero: str | None) -> PageListe:
    """Le registre, filtré, ce qui est à renouveler d'abord."""
    jour = jour_civil(maintenant())
    lignes = selectors.registre(lecteur, jour, filtre.get("q", ""), filtre.get("qualite", ""), filtre.get("etat", ""))
    page = Paginator(lignes, PAR_PAGE).get_page(numero)
    rangs: tuple[tuple[Cellule, ...], ...] = tuple(
        (
            Lien(vue.nom, reverse("comptes:personne", args=[vue.personne])),
            vue.qualite.label,
            Statut(TONS[vue.etat], vue.etat.label),
            vue.renouveler_le,
            vue.metier,
            vue.formation,
            Lien("Radier", reverse("comptes:radier", args=[vue.id])) if vue.radiee_le is None else vue.motif,
        )
        for vue in (selectors.vue_registre(ligne, jour) for ligne in page)
    )
    colonnes = tuple(map(Colonne, ("Personne", "Qualité", "État", "À renouveler le", "Métier", "Formation", "Fin")))
    parametres = urlencode({nom: valeur for nom, valeur in filtre.items() if valeur and nom != "q"})
    return PageListe(
        resume=pluriel(page.paginator.count, "habilitation"),
        tableau=Tableau("Registre des évaluateurs et des jurés", colonnes, rangs) if rangs else None,
        page=page,
        vide=Vide("Aucune habilitation ne répond à cette recherche", "Essayez un seul mot, ou ôtez un filtre.")
        if any(filtre.values())
        else Vide("Le registre est vide", "Ouvrez la fiche d'un évaluateur ou d'un juré : « Habiliter » l'y inscrit."),
        actions=(
            Action("Télécharger (CSV)", reverse("comptes:registre_csv") + (f"?{parametres}" if parametres else "")),
        ),
    )


ENTETES_DU_FICHIER = (
    "Personne", "Qualité", "État", "Métier", "Formation", "Formée le", "Habilitée le", "À renouveler le", "Radiée le",
    "Motif",
)  # fmt: skip


def lignes_des_personnes(lecteur: Acteur, filtre: dict[str, str]) -> Iterator[tuple[object, ...]]:
    """Le registre filtré, une ligne par habilitation, sous `ENTETES_DU_FICHIER`."""
    jour = jour_civil(maintenant())
    lignes = selectors.registre(lecteur, jour, "", filtre.get("qualite", ""), filtre.get("etat", ""))
    for vue in (selectors.vue_registre(ligne, jour) for ligne in lignes):
        yield (
            vue.nom, vue.qualite.label, vue.etat.label, vue.metier, vue.formation, vue.formee_le, vue.habilitee_le,
            vue.renouveler_le, vue.radiee_le, vue.motif,
        )  # fmt: skip
