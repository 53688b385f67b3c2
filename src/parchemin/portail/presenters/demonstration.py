"""La boîte de la démonstration, en tableau, et un courriel, en page."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from parchemin.courriels.fichiers import CourrielEcrit
from parchemin.socle.composants import Colonne, Lien, Tableau, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, heure


@dataclass(frozen=True, slots=True)
class PageBoite:
    """Tous les courriels, ou une phrase."""

    tableau: Tableau | None
    vide: Vide | None


@dataclass(frozen=True, slots=True)
class PageCourriel:
    """Un courriel, tel qu'il est parti."""

    objet: str
    destinataire: str
    quand: str
    en_tetes: Tableau
    texte: str
    url_html: str


def page_boite(courriels: tuple[CourrielEcrit, ...]) -> PageBoite:
    """La liste, le plus récent d'abord."""
    if not courriels:
        return PageBoite(
            None,
            Vide(
                "Aucun courriel n’est encore parti",
                "Invitez quelqu’un, affectez un évaluateur : le courriel arrive ici.",
            ),
        )
    lignes = tuple(
        (
            Lien(courriel.objet, reverse("demonstration_courriel", args=[courriel.nom])),
            courriel.destinataire,
            _quand(courriel),
        )
        for courriel in courriels
    )
    return PageBoite(
        Tableau("Les courriels de la démonstration", (Colonne("Objet"), Colonne("À"), Colonne("Le")), lignes), None
    )


def page_courriel(courriel: CourrielEcrit) -> PageCourriel:
    """Un courriel : les en-têtes dans l'ordre où ils partent."""
    return PageCourriel(
        objet=courriel.objet,
        destinataire=courriel.destinataire,
        quand=_quand(courriel),
        en_tetes=Tableau("Les en-têtes", (Colonne("Nom"), Colonne("Valeur")), courriel.en_tetes),
        texte=courriel.texte,
        url_html=reverse("demonstration_courriel_corps", args=[courriel.nom]),
    )


def _quand(courriel: CourrielEcrit) -> str:
    return f"{date_courte(jour_civil(courriel.date))}, {heure(courriel.date)}"
