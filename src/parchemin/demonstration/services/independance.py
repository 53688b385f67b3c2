"""Ce qui lie les gens du récit : un N+2 que la barrière écarte, un lien tardif venu d'un fichier, une récusation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from parchemin.comptes import services as comptes
from parchemin.comptes.enums import GenreDeLien
from parchemin.comptes.selectors import COLONNES_LIENS
from parchemin.convocations import services as convocations
from parchemin.demonstration.services.scene import Scene
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

CANDIDATE, MANAGER, N_PLUS_DEUX = "solene.darc", "claire.de-la-tour", "raphael.lefevre"
"""Raphaël évalue d'autres candidats ; il encadre la manager de Solène : il ne l'évaluera pas."""
RECUSATION = ("linh.nguyen", "B4", "yann.quemener", "Nous avons été en désaccord sur un dossier l'an passé.")
IMPORTE_PAR = "ines.benhaddou"
TARDIF = ("jean-baptiste.ndiaye", "sabrina.haddad")
"""Sabrina a évalué Jean-Baptiste il y a quatre mois ; il vient de rejoindre son service. Rien n'est perdu, le jury le saura."""
ANCIEN = ("aurelien.zeller", "claire.de-la-tour")
EN_ATTENTE = (("marie-ange.peyrac", "olivier.mbaye"), ("aurelien.zeller", "olivier.mbaye"))
"""Les rattachements d'un second fichier, lu et sans faute, que la gestionnaire n'a pas encore confirmé."""
JOURS_LIENS, JOURS_TARDIF, JOURS_FICHIER, JOURS_RECUSATION = 8, 4, 2, 1


def raconter_independance(scene: Scene) -> None:
    """Note les liens et la récusation, à leur jour."""
    scene.chronologie.noter(scene.chronologie.il_y_a(JOURS_LIENS, time(9)), lambda instant: _lier(scene, instant))
    scene.chronologie.noter(
        scene.chronologie.il_y_a(JOURS_FICHIER, time(11)), lambda instant: _importer(scene, instant)
    )
    scene.chronologie.noter(scene.chronologie.maintenant, lambda instant: _faire_lire(scene, instant))
    scene.chronologie.noter(
        scene.chronologie.il_y_a(JOURS_RECUSATION, time(18)), lambda instant: _recuser(scene, instant)
    )


def _lier(scene: Scene, instant: datetime) -> None:
    for agent, responsable in ((CANDIDATE, MANAGER), (MANAGER, N_PLUS_DEUX)):
        comptes.declarer_lien(
            de=scene.personnes[agent].id,
            vers=scene.personnes[responsable].id,
            genre=GenreDeLien.HIERARCHIQUE,
            du=None,
            au=None,
            auteur=SYSTEME,
            maintenant=instant,
        )


def _importer(scene: Scene, instant: datetime) -> None:
    """Le fichier des ressources humaines : un rattachement d'un an, fini ; et celui qui arrive après l'épreuve."""
    jour = jour_civil(instant)
    depuis = jour - timedelta(days=JOURS_TARDIF - JOURS_FICHIER)
    fini = (jour - timedelta(days=500), jour - timedelta(days=135))
    lu = _lire(scene, "rattachements.csv", [(*ANCIEN, *fini), (*TARDIF, depuis, None)], instant)
    comptes.confirmer_import_liens(identifiant=lu, auteur=scene.personnes[IMPORTE_PAR], maintenant=instant)


def _faire_lire(scene: Scene, instant: datetime) -> None:
    depuis = jour_civil(instant).replace(day=1)
    _lire(scene, "rattachements-du-mois.csv", [(*paire, depuis, None) for paire in EN_ATTENTE], instant)


def _lire(scene: Scene, nom: str, lignes: Sequence[tuple[str, str, date, date | None]], instant: datetime) -> UUID:
    """Chacun s'y nomme par son courriel, comme dans un fichier venu d'ailleurs."""
    genre = str(GenreDeLien.HIERARCHIQUE.label)
    courriels = {cle: ecrite.courriel for cle, ecrite in scene.recit.personnes.items()}
    fichier = tableur.ecrire_csv(
        tuple(COLONNES_LIENS.values()),
        [(courriels[agent], genre, courriels[responsable], du, au, "", "") for agent, responsable, du, au in lignes],
    )
    return comptes.lire_liens(
        nom_fichier=nom, octets=fichier, auteur=scene.personnes[IMPORTE_PAR], maintenant=instant
    ).pk


def _recuser(scene: Scene, instant: datetime) -> None:
    candidat, bloc, evaluateur, motif = RECUSATION
    convocations.recuser(
        epreuve=scene.epreuves[candidat, bloc],
        evaluateur=scene.personnes[evaluateur].id,
        motif=motif,
        auteur=scene.personnes[candidat],
        maintenant=instant,
    )
