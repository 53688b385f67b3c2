"""La grille courante : ce que disent ensemble tous les faits d'une lecture, quel que soit leur ordre d'arrivée.

Chaque cible est un registre. Un fait qui en avait vu un autre le corrige. Restent les faits que nul n'avait vus : s'ils
disent la même chose, c'est la valeur ; s'ils disent des choses différentes, c'est un **conflit**, montré à la personne
et jamais tranché en silence. L'heure affichée ne décide de rien.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from moteur.durees import duree_utile_ms, ecart_ms
from moteur.empreinte import canonique
from moteur.faits import Borne, Cible, Fait, Genre, analyser
from moteur.vocabulaire import Etat, Refus

MS_PAR_MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class Conflit:
    """Des faits sur une même cible, qui ne s'étaient pas vus et ne disent pas la même chose."""

    cible: str
    faits: tuple[Fait, ...]

    @property
    def valeurs(self) -> tuple[object, ...]:
        """Ce que dit chacun, dans l'ordre de `faits`."""
        return tuple(fait.valeur for fait in self.faits)


@dataclass(frozen=True, slots=True)
class Courrier:
    """Un courrier ou un courriel observé."""

    motif: str
    preselectionne: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Un arrêt dans une phase, et pourquoi. `duree_ms` : `None` tant qu'elle dure, ou si les horloges se contredisent."""

    cle: str
    motif: str
    debut: Fait
    reprise: Fait | None
    duree_ms: int | None


class EtatPhase(StrEnum):
    """Où en est une phase de l'épreuve."""

    A_COMMENCER = "a_commencer"
    EN_COURS = "en_cours"
    EN_PAUSE = "en_pause"
    FINIE = "finie"


@dataclass(frozen=True, slots=True)
class Temps:
    """Le temps d'une phase : les faits qui la bornent, et sa durée en millisecondes quand elle est connue, pauses ôtées.

    `declaree` : les minutes écrites à la main, qui l'emportent sur la mesure. `pauses` : dans l'ordre de leur heure.
    """

    debut: Fait | None
    fin: Fait | None
    declaree: int | None
    duree_ms: int | None
    pauses: tuple[Pause, ...] = ()

    @property
    def en_pause(self) -> Pause | None:
        """La pause que rien n'a encore reprise."""
        return next((pause for pause in self.pauses if pause.reprise is None), None)

    @property
    def etat(self) -> EtatPhase:
        """À commencer, en cours, en pause ou finie."""
        if self.declaree is not None or self.fin is not None:
            return EtatPhase.FINIE
        if self.debut is None:
            return EtatPhase.A_COMMENCER
        return EtatPhase.EN_PAUSE if self.en_pause else EtatPhase.EN_COURS

    def ecoule_ms(self, maintenant: datetime) -> int:
        """Le temps fait à cet instant, pauses ôtées : celui qu'affiche un chronomètre. La durée qui compte est `duree_ms`."""
        if self.duree_ms is not None:
            return self.duree_ms
        if self.debut is None:
            return 0
        borne = self.en_pause.debut.mural if self.en_pause else maintenant
        faites = sum(pause.duree_ms or 0 for pause in self.pauses)
        return max((borne - self.debut.mural) // timedelta(milliseconds=1) - faites, 0)


@dataclass(frozen=True, slots=True)
class GrilleCourante:
    """Une lecture, à l'instant où on la regarde. Les cibles en conflit n'ont de valeur nulle part ailleurs.

    `etats` : les critères tranchés ou dits non observés. `entretiens` : la voie de chacun. `reperes` : pour chaque
    cible, le fait qui lui donne sa valeur (le plus petit `id` quand plusieurs disent la même chose). `questions` : pour
    chaque critère interrogé, le texte de chaque question posée, par identifiant.
    """

    etats: Mapping[str, Etat]
    commentaires: Mapping[str, str]
    alternative: str | None
    entretiens: Mapping[str, str | None]
    courriers: Mapping[str, Courrier]
    competences_abordees: frozenset[str]
    phases: Mapping[str, Temps]
    lieu: str
    conflits: tuple[Conflit, ...]
    reperes: Mapping[str, Fait]
    questions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def grille_courante(faits: Iterable[Fait]) -> GrilleCourante:
    """La grille que disent ces faits, tous d'une même épreuve et d'un même évaluateur, sous une même norme.

    Le résultat ne dépend ni de leur ordre ni de leurs doublons. Chaque fait a passé `moteur.faits.verifier_fait` : ici,
    les valeurs ne sont plus vérifiées. Lève `Refus` : `lectures_melees` (deux épreuves, deux
    évaluateurs ou deux normes), `fait_altere` (un même `id` pour deux contenus), `cible_inconnue`.
    """
    uniques = _sans_doublons(faits)
    registre, conflits = _registre(_par_cible(uniques))
    phases = _phases(registre, uniques)
    # Des chronomètres qui se contredisent ne comptent plus dès qu'une durée est déclarée : c'est ainsi qu'on les départage.
    declarees = {code for code, temps in phases.items() if temps.declaree is not None}
    restants = [conflit for cible, conflit in conflits if not (_chronometre(cible) and cible.code in declarees)]
    valeurs = {cible: fait.valeur for cible, fait in registre.items()}
    return GrilleCourante(
        etats={c.code: Etat(str(v)) for c, v in valeurs.items() if c.genre is Genre.CRITERE and v is not None},
        commentaires={c.code: str(v) for c, v in valeurs.items() if c.genre is Genre.COMMENTAIRE and v},
        alternative=_texte_ou_rien(valeurs.get(Cible(Genre.ALTERNATIVE))),
        entretiens={
            c.code: _texte_ou_rien(v["alternative"])
            for c, v in valeurs.items()
            if c.genre is Genre.ENTRETIEN and isinstance(v, Mapping)
        },
        courriers={
            c.code: Courrier(str(v["motif"]), v["preselectionne"] is True)
            for c, v in valeurs.items()
            if c.genre is Genre.COURRIER and isinstance(v, Mapping)
        },
        competences_abordees=frozenset(c.code for c, v in valeurs.items() if c.genre is Genre.COMPETENCE_ABORDEE and v),
        phases=phases,
        lieu=str(valeurs.get(Cible(Genre.LIEU), "")),
        conflits=tuple(restants),
        reperes={str(cible): fait for cible, fait in registre.items()},
        questions=_questions(valeurs),
    )


def _sans_doublons(faits: Iterable[Fait]) -> list[Fait]:
    """Un fait par `id`, triés par `id` : l'ordre d'arrivée s'arrête ici."""
    par_id: dict[str, Fait] = {}
    for fait in faits:
        connu = par_id.setdefault(fait.id, fait)
        if connu != fait:
            raise Refus("fait_altere", f"Le geste {fait.id} est arrivé avec deux contenus différents.")
    uniques = [par_id[identifiant] for identifiant in sorted(par_id)]
    if len({(fait.epreuve, fait.evaluateur, fait.norme) for fait in uniques}) > 1:
        raise Refus(
            "lectures_melees", "Ces gestes ne sont pas d'une même épreuve, d'un même évaluateur et d'une même norme."
        )
    return uniques


def _par_cible(faits: Iterable[Fait]) -> dict[Cible, list[Fait]]:
    """Les faits de chaque cible, les cibles dans l'ordre de leur texte."""
    par_cible: dict[Cible, list[Fait]] = defaultdict(list)
    for fait in faits:
        par_cible[analyser(fait.cible)].append(fait)
    return {cible: par_cible[cible] for cible in sorted(par_cible, key=str)}


def _registre(par_cible: Mapping[Cible, list[Fait]]) -> tuple[dict[Cible, Fait], list[tuple[Cible, Conflit]]]:
    registre: dict[Cible, Fait] = {}
    conflits: list[tuple[Cible, Conflit]] = []
    for cible, faits in par_cible.items():
        tetes = _tetes(faits)
        if len({_dit(cible, fait) for fait in tetes}) > 1:
            conflits.append((cible, Conflit(str(cible), tuple(tetes))))
        else:
            registre[cible] = tetes[0]
    return registre, conflits


def _dit(cible: Cible, fait: Fait) -> object:
    """Ce qu'un fait affirme, sous une forme comparable : pour un chronomètre lancé, l'heure est propre à chaque fait."""
    if _chronometre(cible) and fait.valeur is not None:
        return fait.id
    return canonique(fait.valeur)


def _chronometre(cible: Cible) -> bool:
    return cible.borne is not None and cible.borne is not Borne.DUREE


def _tetes(faits: list[Fait]) -> list[Fait]:
    """Les faits que nul autre n'avait vus.

    Des appareils honnêtes ne se voient jamais en rond. Si des `vus` faux forment un cercle, aucun de ses faits n'est
    une tête et ils disparaîtraient : on montre alors tout le cercle.
    """
    derniers: dict[str, int] = {}
    for fait in faits:
        derniers[fait.appareil] = max(fait.rang, derniers.get(fait.appareil, fait.rang))
    # Seul le dernier geste d'un appareil peut être une tête : ne chercher que là garde le calcul court.
    candidats = [fait for fait in faits if fait.rang == derniers[fait.appareil]]
    tetes = [fait for fait in candidats if not any(autre.avait_vu(fait) for autre in faits)]
    expliques = list(tetes)
    restants = [fait for fait in faits if fait not in tetes]
    for fait in expliques:  # la liste grandit pendant le parcours : de proche en proche, tout ce qu'une tête explique
        expliques.extend(autre for autre in restants if fait.avait_vu(autre))
        restants = [autre for autre in restants if not fait.avait_vu(autre)]
    return sorted([*tetes, *restants], key=lambda fait: fait.id)


def _questions(valeurs: Mapping[Cible, object]) -> dict[str, dict[str, str]]:
    questions: dict[str, dict[str, str]] = defaultdict(dict)
    for cible, valeur in valeurs.items():
        if cible.genre is Genre.QUESTION and valeur is not None:
            questions[cible.code][cible.cle] = str(valeur)
    return dict(questions)


def _phases(registre: Mapping[Cible, Fait], gestes: list[Fait]) -> dict[str, Temps]:
    codes = sorted({cible.code for cible in registre if cible.genre is Genre.PHASE})
    return {code: _temps(registre, code, gestes) for code in codes}


def _temps(registre: Mapping[Cible, Fait], code: str, gestes: list[Fait]) -> Temps:
    debut = _pose(registre.get(Cible(Genre.PHASE, code, Borne.DEBUT)))
    fin = _pose(registre.get(Cible(Genre.PHASE, code, Borne.FIN)))
    declaree = _pose(registre.get(Cible(Genre.PHASE, code, Borne.DUREE)))
    pauses = _pauses(registre, code, gestes)
    if declaree is not None and isinstance(declaree.valeur, int):
        return Temps(debut, fin, declaree.valeur, declaree.valeur * MS_PAR_MINUTE, pauses)
    bornees = [(pause.debut, pause.reprise) for pause in pauses]
    return Temps(debut, fin, None, duree_utile_ms(debut, fin, bornees, gestes) if debut and fin else None, pauses)


def _pauses(registre: Mapping[Cible, Fait], code: str, gestes: list[Fait]) -> tuple[Pause, ...]:
    pauses = []
    for cible, fait in registre.items():
        if cible.borne is Borne.PAUSE and cible.code == code and isinstance(fait.valeur, Mapping):
            reprise = _pose(registre.get(Cible(Genre.PHASE, code, Borne.REPRISE, cible.cle)))
            duree = ecart_ms(fait, reprise, gestes) if reprise else None
            pauses.append(Pause(cible.cle, str(fait.valeur["motif"]), fait, reprise, duree))
    return tuple(sorted(pauses, key=lambda pause: (pause.debut.mural, pause.cle)))


def _pose(fait: Fait | None) -> Fait | None:
    """Un fait retiré (`None`) ne borne rien."""
    return None if fait is None or fait.valeur is None else fait


def _texte_ou_rien(valeur: object) -> str | None:
    return None if valeur is None else str(valeur)
