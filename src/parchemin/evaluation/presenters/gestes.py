"""Un geste, dit en quelques mots : ce qui se lit dans la liste de ceux que l'on peut annuler."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moteur.faits import Borne, Cible, Genre, analyser
from moteur.referentiel import Bloc
from parchemin.evaluation.presenters.phases import nom_court
from parchemin.evaluation.selectors import Geste
from parchemin.socle.composants import OPTIONS_CRITERE
from parchemin.socle.typographie import heure

MOTS = {option.valeur: option.libelle.lower() for option in OPTIONS_CRITERE}
_TEMPS = {  # des noms : une phase est au féminin, au masculin ou au pluriel
    Borne.DEBUT: "début",
    Borne.FIN: "fin",
    Borne.DUREE: "durée écrite",
    Borne.PAUSE: "pause",
    Borne.REPRISE: "reprise",
}
_SUJETS = {
    Genre.CRITERE: "{code}",
    Genre.COMMENTAIRE: "La remarque de {code}",
    Genre.ALTERNATIVE: "La voie de l’épreuve",
    Genre.ENTRETIEN: "Un entretien",
    Genre.COURRIER: "Un courrier",
    Genre.COMPETENCE_ABORDEE: "{code} abordée",
    Genre.QUESTION: "Une question sur {code}",
    Genre.LIEU: "Le lieu",
}
EXTRAIT = 60
"""Signes d'un texte que l'on cite."""


@dataclass(frozen=True, slots=True)
class VueGeste:
    """Un geste que l'on peut annuler. `avant`, `valeur` : celle à rendre, celle qu'il donne, en JSON ; `remplace` : de ce qui l'annule."""

    cible: str
    libelle: str
    heure: str
    avant: str
    valeur: str
    remplace: str


def vues_des_gestes(bloc: Bloc, gestes: tuple[Geste, ...]) -> tuple[VueGeste, ...]:
    """Tous les gestes, le plus récent d'abord : la page en montre trente, et les autres à la demande."""
    return tuple(
        VueGeste(
            geste.fait.cible,
            libelle(bloc, analyser(geste.fait.cible), geste.fait.valeur),
            heure(geste.fait.mural),
            json.dumps(geste.avant, ensure_ascii=False),
            json.dumps(geste.fait.valeur, ensure_ascii=False),
            geste.remplace,
        )
        for geste in gestes
    )


def libelle(bloc: Bloc, cible: Cible, valeur: object) -> str:
    """« K1.1.3 : non validé », « Observation : pause, Alerte »."""
    return _DIRE[cible.genre](bloc, cible, valeur)


def sujet(bloc: Bloc, cible: Cible) -> str:
    """Ce dont parle un geste, quoi qu'il en dise : « K1.1.3 », « La remarque de K1.1.3 », « Le lieu »."""
    if cible.genre is Genre.PHASE:
        phase = bloc.epreuve.phase(cible.code)
        return f"{nom_court(phase) if phase else cible.code} ({_TEMPS[cible.borne or Borne.DUREE]})"
    return _SUJETS[cible.genre].format(code=cible.code)


def valeur_dite(bloc: Bloc, cible: Cible, valeur: object) -> str:
    """La valeur d'un geste, en peu de mots, quand deux se contredisent."""
    match valeur:
        case None | "":
            return "rien"
        case bool():
            return "oui" if valeur else "non"
        case Mapping() if cible.genre is Genre.ENTRETIEN:
            return f"« {_voie(bloc, cible, valeur['alternative'])} »"
        case Mapping():
            return f"« {valeur['motif'] or 'sans motif'} »"
        case str() if cible.genre is Genre.ALTERNATIVE:
            return f"« {_voie(bloc, cible, valeur)} »"
        case int():
            return f"{valeur} min"
        case _:
            texte = str(valeur)
            return MOTS.get(texte) or f"« {texte if len(texte) <= EXTRAIT else texte[: EXTRAIT - 1] + '…'} »"


def _critere(_bloc: Bloc, cible: Cible, valeur: object) -> str:
    return f"{cible.code} : {MOTS.get(str(valeur), 'plus rien')}"


def _phase(bloc: Bloc, cible: Cible, valeur: object) -> str:
    phase = bloc.epreuve.phase(cible.code)
    nom = nom_court(phase) if phase else cible.code
    if cible.borne is Borne.PAUSE and isinstance(valeur, Mapping):
        return f"{nom} : pause, {valeur['motif']}"
    return f"{nom} : {_TEMPS[cible.borne or Borne.DUREE]}{' (retiré)' if valeur is None else ''}"


def _courrier(_bloc: Bloc, _cible: Cible, valeur: object) -> str:
    return f"Courrier : {valeur['motif'] or 'sans motif'}" if isinstance(valeur, Mapping) else "Courrier retiré"


def _voie(bloc: Bloc, _cible: Cible, valeur: object) -> str:
    return next((a.intitule for a in bloc.epreuve.alternatives if a.code == valeur), "Aucune voie")


_DIRE: dict[Genre, Callable[[Bloc, Cible, object], str]] = {
    Genre.CRITERE: _critere,
    Genre.COMMENTAIRE: lambda _b, cible, valeur: f"{cible.code} : remarque{'' if valeur else ' retirée'}",
    Genre.ALTERNATIVE: _voie,
    Genre.ENTRETIEN: lambda _b, _c, valeur: "Entretien retiré" if valeur is None else "Entretien noté",
    Genre.COURRIER: _courrier,
    Genre.COMPETENCE_ABORDEE: lambda _b, cible, oui: f"{cible.code} : {'abordée' if oui else 'non abordée'}",
    Genre.PHASE: _phase,
    Genre.QUESTION: lambda _b, cible, valeur: f"{cible.code} : question {'retirée' if valeur is None else 'posée'}",
    Genre.LIEU: lambda _b, _c, valeur: f"Lieu : {valeur or 'effacé'}",
}
