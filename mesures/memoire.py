"""La mémoire résidente du serveur et du worker après deux mille requêtes, et ce qu'elle a gagné en route."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from mesures.lieux import lire_lieux
from mesures.mesure import Mesure
from mesures.processus import memoire_mio
from mesures.serveur import Servie

SUJET = "Mémoire"
BUT_MIO = 250
BUT_CROISSANCE_MIO = 15
FILS = 4


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """Deux mille lectures des six pages, par quatre visiteurs à la fois (quatre cents en rapide)."""
    combien = 400 if rapide else 2_000
    _visiter(servie, combien // 4)
    debut = _plus_gros(servie.serveurs())
    _visiter(servie, combien - combien // 4)
    serveur, worker = _plus_gros(servie.serveurs()), _plus_gros(servie.workers())
    note = f"le plus gros processus, après {combien} requêtes ; croissance depuis le premier quart"
    return [
        Mesure(SUJET, "serveur", serveur, "Mio", BUT_MIO, note=note),
        Mesure(SUJET, "croissance du serveur", serveur - debut, "Mio", BUT_CROISSANCE_MIO),
        Mesure(SUJET, "worker", worker, "Mio", BUT_MIO),
    ]


def _plus_gros(processus: list[int]) -> float:
    return max(map(memoire_mio, processus))


def _visiter(servie: Servie, combien: int) -> None:
    pages = lire_lieux().pages

    def visiter(fil: int) -> None:
        visiteurs = {courriel: servie.visiteur(courriel) for courriel in {page[1] for page in pages}}
        for rang in range(fil, combien, FILS):
            _, courriel, adresse, _ = pages[rang % len(pages)]
            visiteurs[courriel].suivre(adresse)

    with ThreadPoolExecutor(FILS) as equipe:
        list(equipe.map(visiter, range(FILS)))
