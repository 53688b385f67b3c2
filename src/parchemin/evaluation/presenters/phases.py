"""Les phases de l'épreuve et sa couverture : ce que le référentiel exige, ce qui est fait, à chaque instant."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moteur.faits import Borne, Cible, Fait, Genre, analyser
from moteur.grille import EtatPhase, GrilleCourante, Pause, Temps, grille_courante
from moteur.referentiel import Bloc, Phase
from moteur.regles.grille_complete import comptes, duree_attendue
from moteur.vocabulaire import CodeExigence, SensDuree
from parchemin.socle.composants import Jauge
from parchemin.socle.typographie import chrono, heure

_COURTS = {"observation": "Observation", "questions": "Questions", "expose": "Exposé", "echange": "Échange"}
"""Le nom d'une phase là où la place manque ; une phase d'un autre référentiel garde son intitulé."""
_SENS = {SensDuree.MINIMUM: "au moins", SensDuree.PREVU: "prévu", SensDuree.MAXIMUM: "au plus"}
_JOUR_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Trace:
    """Ce qui a été noté (entretien, courrier, pause), et que l'on peut retirer. `compte` : faux pour un entretien d'une autre voie."""

    cible: str
    libelle: str
    compte: bool = True


@dataclass(frozen=True, slots=True)
class VuePhase:
    """Une phase : où elle en est, son temps.

    `depuis_ms` : l'instant d'où compter le chronomètre, pauses ôtées ; `arret_ms` : celui où une pause, ou la fin, l'a arrêté.
    `contredites` : les gestes que deux appareils disent autrement, et que la page n'offre plus de refaire.
    `bornes` : les instants de ses gestes, en JSON, d'où la page refait tout cela sans réseau.
    """

    code: str
    intitule: str
    court: str
    attendu: str
    amenagee: bool
    prevu: int | None
    etat: EtatPhase
    compteur: str
    reste: str
    jauge: Jauge | None
    depuis_ms: int | None
    arret_ms: int | None
    bornes: str
    pause: str
    pauses: tuple[Trace, ...]
    minutes: int | None
    contredites: frozenset[Borne]


@dataclass(frozen=True, slots=True)
class Compte:
    """Ce que le référentiel demande de compter. `genre` : le premier mot de la cible qui le fait monter ; `exige` : ce
    qu'un fait doit dire pour compter. Pour des entretiens, en JSON : `voies`, celle de chacun, et `comptent`, celles où il compte.
    """

    genre: str
    exige: str
    jauge: Jauge
    voies: str = ""
    comptent: str = ""


def vues_des_phases(
    bloc: Bloc, grille: GrilleCourante, durees: Mapping[str, int], maintenant: datetime
) -> tuple[VuePhase, ...]:
    """Chaque phase de l'épreuve, dans l'ordre. `durees` : les minutes aménagées du candidat, par phase."""
    return tuple(_phase(phase, grille, durees, maintenant) for phase in bloc.epreuve.phases)


def nom_court(phase: Phase) -> str:
    """Le nom d'une phase là où la place manque."""
    return _COURTS.get(phase.code, phase.intitule)


def _phase(phase: Phase, grille: GrilleCourante, durees: Mapping[str, int], maintenant: datetime) -> VuePhase:
    temps = grille.phases.get(phase.code) or Temps(None, None, None, None)
    minutes, amenagee = duree_attendue(phase, durees), phase.code in durees
    ecoule = timedelta(milliseconds=temps.ecoule_ms(maintenant))
    court = nom_court(phase)
    sens = "" if phase.duree is None else _SENS[phase.duree.sens]
    prevu = minutes if phase.duree is not None and phase.duree.sens is not SensDuree.MINIMUM else None
    return VuePhase(
        code=phase.code,
        intitule=phase.intitule,
        court=court,
        attendu="" if minutes is None else f"{sens} {minutes} min{', durée aménagée' if amenagee else ''}",
        amenagee=amenagee,
        prevu=prevu,
        etat=temps.etat,
        compteur="à commencer" if temps.etat is EtatPhase.A_COMMENCER else chrono(ecoule),
        reste="" if prevu is None else reste(prevu, ecoule),
        jauge=None if minutes is None else Jauge(court, int(ecoule.total_seconds()) // 60, minutes, "min"),
        depuis_ms=_depuis_ms(temps),
        arret_ms=_arret_ms(temps),
        bornes=json.dumps(_bornes(temps)),
        pause=temps.en_pause.cle if temps.en_pause else "",
        pauses=tuple(Trace(f"phase:{phase.code}:pause:{pause.cle}", _libelle_pause(pause)) for pause in temps.pauses),
        minutes=temps.declaree,
        contredites=_contredites(grille, phase),
    )


def est_chronometre(cible: Cible) -> bool:
    """Vrai si c'est l'heure de ce geste qui compte : il ne se refait pas plus tard."""
    return cible.genre is Genre.PHASE and cible.borne is not Borne.DUREE


def _contredites(grille: GrilleCourante, phase: Phase) -> frozenset[Borne]:
    cibles = (analyser(conflit.cible) for conflit in grille.conflits)
    return frozenset(c.borne for c in cibles if c.borne and c.code == phase.code and est_chronometre(c))


def reste(prevu: int, ecoule: timedelta) -> str:
    """« reste 12 min », « dépassé de 3 min »."""
    minutes = prevu - int(ecoule.total_seconds()) // 60
    return f"reste {minutes} min" if minutes >= 0 else f"dépassé de {-minutes} min"


def _libelle_pause(pause: Pause) -> str:
    if pause.reprise is None:
        duree = "en cours"
    elif pause.duree_ms is None or pause.duree_ms < 0:  # remise après coup, ou les horloges se contredisent
        duree = "de durée inconnue"
    else:
        duree = f"{pause.duree_ms // 60_000} min"
    return f"Pause à {heure(pause.debut.mural)}, {duree} : {pause.motif}"


def _depuis_ms(temps: Temps) -> int | None:
    if temps.debut is None:
        return None
    return _instant_ms(temps.debut) + sum(pause.duree_ms or 0 for pause in temps.pauses)


def _arret_ms(temps: Temps) -> int | None:
    arret = temps.en_pause.debut if temps.en_pause else temps.fin
    return _instant_ms(arret) if arret else None


def _bornes(temps: Temps) -> dict[str, int]:
    """Sous le nom que chacune a dans sa cible ; la durée écrite en minutes, le reste en instants."""
    faits: dict[str, Fait | None] = {"debut": temps.debut, "fin": temps.fin}
    for pause in temps.pauses:
        faits |= {f"pause:{pause.cle}": pause.debut, f"reprise:{pause.cle}": pause.reprise}
    ecrite = {} if temps.declaree is None else {"duree": temps.declaree}
    return {nom: _instant_ms(fait) for nom, fait in faits.items() if fait} | ecrite


def _instant_ms(fait: Fait) -> int:
    """L'instant d'un geste sur l'horloge que lit la page : monotone, mais qui se lit comme l'heure.

    Quand celle du geste lui ressemble, c'est elle qui sert : un chronomètre ne saute pas avec l'heure affichée.
    """
    affiche = round(fait.mural.timestamp() * 1000)
    return fait.monotone_ms if abs(fait.monotone_ms - affiche) < _JOUR_MS else affiche


_GENRES = {
    CodeExigence.ENTRETIENS: ("entretien", "Entretiens"),
    CodeExigence.COURRIERS: ("courrier", "Courriers"),
    CodeExigence.COMPETENCES_ABORDEES: ("competence_abordee", "Compétences abordées"),
}


def vues_des_comptes(bloc: Bloc, grille: GrilleCourante, *, melange: bool) -> tuple[Compte, ...]:
    """Les comptes de l'épreuve, comme la clôture les compte."""
    vues = []
    for compte in comptes(bloc.epreuve, grille, melange=melange):
        genre, libelle = _GENRES[compte.exigence.code]
        exige = {"motif": compte.exigence.motif_requis, "preselectionne": compte.exigence.preselection_requise}
        vues.append(
            Compte(
                genre,
                " ".join(cle for cle, requis in exige.items() if requis),
                Jauge(libelle, compte.fait, compte.exigence.minimum),
                **_par_voie(bloc, grille, melange=melange) if compte.exigence.code is CodeExigence.ENTRETIENS else {},
            )
        )
    return tuple(vues)


def vues_des_entretiens(bloc: Bloc, grille: GrilleCourante, *, melange: bool) -> tuple[Trace, ...] | None:
    """Les entretiens notés ; `None` si l'épreuve n'en demande pas."""
    if not any(exigence.code is CodeExigence.ENTRETIENS for exigence in bloc.epreuve.exigences):
        return None
    comptent = _comptent(bloc, melange=melange)
    intitules = {voie.code: voie.intitule for voie in bloc.epreuve.alternatives}
    vues = []
    for rang, (cle, voie) in enumerate(grille.entretiens.items(), start=1):
        compte = (grille.alternative or "") in comptent[voie or ""]
        ailleurs = "" if compte or voie is None else f" ({intitules[voie]}), ne compte pas"
        vues.append(Trace(f"entretien:{cle}", f"Entretien {rang}{ailleurs}", compte))
    return tuple(vues)


def _par_voie(bloc: Bloc, grille: GrilleCourante, *, melange: bool) -> dict[str, str]:
    voies = {f"entretien:{cle}": voie or "" for cle, voie in grille.entretiens.items()}
    return {"voies": json.dumps(voies), "comptent": json.dumps(_comptent(bloc, melange=melange))}


def _comptent(bloc: Bloc, *, melange: bool) -> dict[str, list[str]]:
    """Pour la voie d'un entretien, les voies choisies où il compte (vide : aucune voie). C'est la clôture qui en juge."""
    voies = ("", *(voie.code for voie in bloc.epreuve.alternatives))

    def compte(notee: str, choisie: str) -> bool:
        seul = replace(grille_courante(()), alternative=choisie or None, entretiens={"un": notee or None})
        faits = {un.exigence.code: un.fait for un in comptes(bloc.epreuve, seul, melange=melange)}
        return faits.get(CodeExigence.ENTRETIENS, 0) > 0

    return {notee: [choisie for choisie in voies if compte(notee, choisie)] for notee in voies}
