"""Ce qui s'est noté sur papier : une tablette en panne, une feuille saisie une fois, que quelqu'un d'autre doit contrôler."""

from __future__ import annotations

from datetime import datetime, time

from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.demonstration.selectors.recit import LectureEcrite
from parchemin.demonstration.services.gestes import gestes
from parchemin.demonstration.services.scene import Scene
from parchemin.evaluation import documents
from parchemin.evaluation import services as evaluation
from parchemin.socle.acteur import SYSTEME

CANDIDAT, BLOC, SAISISSEUR = "karim.ait-ahmed", "B4", "bertrand.le-goff"
LECTURE = LectureEcrite(non_valides=frozenset({"K4.2.1"}), commentaires={"K4.2.1": "Contrôle de cohérence oublié."})
JOURS, HEURE = 1, time(16)


def raconter_papier(scene: Scene) -> None:
    """Note la première saisie, au lendemain de l'épreuve."""
    scene.chronologie.noter(scene.chronologie.il_y_a(JOURS, HEURE), lambda instant: _saisir(scene, instant))


def _saisir(scene: Scene, instant: datetime) -> None:
    (dossier,) = (d for d in scene.recit.dossiers if d.candidat == CANDIDAT)
    (ecrite,) = (e for e in dossier.epreuves if e.bloc == BLOC)
    epreuve = epreuve_par_id(SYSTEME, scene.epreuves[CANDIDAT, BLOC])
    bloc = scene.arbre.bloc(BLOC)
    auteur = scene.personnes[SAISISSEUR]
    ressaisie = evaluation.ouvrir_ressaisie(
        epreuve=epreuve.id,
        qualite=Qualite.METIER,
        codes=documents.codes_de_la_grille(SYSTEME, epreuve, Qualite.METIER),
        auteur=auteur,
        maintenant=instant,
    )
    lus = {g.cible: g.valeur for g in gestes(bloc, ecrite, LECTURE) if not g.cible.startswith("phase:")}
    minutes = {f"phase:{p.code}:duree": p.duree.minutes if p.duree else 15 for p in bloc.epreuve.phases}
    evaluation.saisir(ressaisie=ressaisie, contenu=lus | minutes, auteur=auteur, maintenant=instant)
