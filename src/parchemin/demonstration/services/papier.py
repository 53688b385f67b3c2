"""Ce qui s'est noté sur papier : une grille saisie une fois, à contrôler ; l'autre saisie par deux personnes, à régler."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

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
CONTROLEUR = "heloise.vasseur"
AUTREMENT = LectureEcrite(non_valides=frozenset({"K4.2.1", "K4.3.1"}))
"""Ce qu'en lit la seconde personne : un critère de plus non validé, un commentaire oublié ; à régler ensemble."""
JOURS, HEURE, SECONDE = 1, time(16), time(16, 30)


def raconter_papier(scene: Scene) -> None:
    """Note, au lendemain de l'épreuve, une grille saisie une fois, et l'autre saisie deux fois, qui diffère."""
    noter = scene.chronologie.noter
    noter(scene.chronologie.il_y_a(JOURS, HEURE), partial(_saisir, scene, Qualite.METIER, ((SAISISSEUR, LECTURE),)))
    deux = ((SAISISSEUR, LECTURE), (CONTROLEUR, AUTREMENT))
    noter(scene.chronologie.il_y_a(JOURS, SECONDE), partial(_saisir, scene, Qualite.CERTIFICATEUR, deux))


def _saisir(scene: Scene, qualite: Qualite, saisies: tuple[tuple[str, LectureEcrite], ...], instant: datetime) -> None:
    (dossier,) = (d for d in scene.recit.dossiers if d.candidat == CANDIDAT)
    (ecrite,) = (e for e in dossier.epreuves if e.bloc == BLOC)
    epreuve = epreuve_par_id(SYSTEME, scene.epreuves[CANDIDAT, BLOC])
    bloc = scene.arbre.bloc(BLOC)
    ressaisie = evaluation.ouvrir_ressaisie(
        epreuve=epreuve.id,
        qualite=qualite,
        codes=documents.codes_de_la_grille(SYSTEME, epreuve, qualite),
        auteur=scene.personnes[saisies[0][0]],
        maintenant=instant,
    )
    minutes = {f"phase:{p.code}:duree": p.duree.minutes if p.duree else 15 for p in bloc.epreuve.phases}
    for qui, lecture in saisies:
        lus = {g.cible: g.valeur for g in gestes(bloc, ecrite, lecture) if not g.cible.startswith("phase:")}
        evaluation.saisir(ressaisie=ressaisie, contenu=lus | minutes, auteur=scene.personnes[qui], maintenant=instant)
