"""Les six pages principales : leur poids, et le temps du serveur."""

from __future__ import annotations

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure, centile
from mesures.serveur import Servie
from mesures.visiteur import Visiteur

SUJET = "Pages"
KIO = 1024
BUTS_ORDINAIRES = (60.0, 50.0)
BUTS_DES_PLUS_LOURDES = (100.0, 100.0)
"""Kio de HTML, millisecondes."""


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """Poids du HTML, temps médian de la page (connexion ouverte, serveur chaud), poids de la feuille et des scripts."""
    fois = 15 if rapide else 60
    mesures = []
    visiteurs: dict[str, Visiteur] = {}
    accessoires: dict[str, float] = {}
    for nom, courriel, adresse, lourde in lire_lieux().pages:
        visiteur = visiteurs.setdefault(courriel, servie.visiteur(courriel))
        page = visiteur.suivre(adresse)
        for lien in page.liens(r"/static/[^\"]+\.(?:css|js)"):
            if lien not in accessoires:
                accessoires[lien] = len(visiteur.suivre(lien).corps) / KIO
        durees = [visiteur.suivre(adresse).secondes * 1000 for _ in range(fois)]
        but_poids, but_temps = BUTS_DES_PLUS_LOURDES if lourde else BUTS_ORDINAIRES
        note = (
            f"HTML sans compression ; médiane de {fois} lectures par HTTP, sur une démonstration servie comme en vrai"
        )
        mesures += [
            Mesure(SUJET, f"{nom} : poids", len(page.corps) / KIO, "Kio", but_poids, note=note),
            Mesure(SUJET, f"{nom} : temps", centile(durees, 50), "ms", but_temps),
        ]
    note = "sans compression ; une fois, puis gardés par le navigateur"
    mesures.append(
        Mesure(SUJET, "feuilles et scripts de toutes ces pages", sum(accessoires.values()), "Kio", note=note)
    )
    for visiteur in visiteurs.values():
        visiteur.fermer()
    return mesures
