"""Les faits : ce qu'un évaluateur a constaté, un geste à la fois, sans avis et pour toujours.

Un fait parle d'une **cible**, et lui donne une **valeur** :

=============================  ==============================================================================
cible                          valeur
=============================  ==============================================================================
``critere:K1.1.1``             « valide », « non_valide » ou « non_observe », ou ``None`` : plus rien n'en est dit
``commentaire:K1.1.1``         un texte ; vide : le commentaire est retiré (code d'un critère, d'une compétence
                               ou du bloc)
``alternative``                le code de la voie choisie, ou ``None``
``entretien:<id>``             ``{"alternative": code ou None}``, ou ``None`` : l'entretien est retiré
``courrier:<id>``              ``{"motif": texte, "preselectionne": booléen}``, ou ``None`` : retiré
``competence_abordee:C2.1``    un booléen
``phase:<code>:debut``         ``True`` (l'heure est celle du fait), ou ``None`` : retiré
``phase:<code>:fin``           de même
``phase:<code>:duree``         des minutes déclarées à la main, ou ``None``
``phase:<code>:pause:<id>``    ``{"motif": texte non vide}`` (la pause commence à l'heure du fait), ou ``None``
``phase:<code>:reprise:<id>``  ``True`` : la pause de cet identifiant finit à l'heure du fait ; ou ``None``
``question:K1.1.1:<id>``       le texte d'une question posée sur ce critère, ou ``None`` : elle ne l'a pas été
``lieu``                       un texte
=============================  ==============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from moteur.referentiel import Bloc
from moteur.vocabulaire import Etat, Refus

#: L'identifiant qu'un appareil donne à un entretien, un courrier, une pause ou une question.
FORME_D_IDENTIFIANT = re.compile(r"[A-Za-z0-9_-]{1,64}")
#: Un texte libre plus long n'est pas un geste d'évaluateur.
TEXTE_MAXIMAL = 10_000
#: Une durée déclarée plus longue n'est pas celle d'une épreuve.
MINUTES_MAXIMALES = 24 * 60


class Genre(StrEnum):
    """De quoi parle un fait : le premier mot de sa cible."""

    CRITERE = "critere"
    COMMENTAIRE = "commentaire"
    ALTERNATIVE = "alternative"
    ENTRETIEN = "entretien"
    COURRIER = "courrier"
    COMPETENCE_ABORDEE = "competence_abordee"
    PHASE = "phase"
    QUESTION = "question"
    LIEU = "lieu"


class Borne(StrEnum):
    """Ce qu'un fait de phase note : le début, la fin, une durée déclarée, une pause ou sa reprise."""

    DEBUT = "debut"
    FIN = "fin"
    DUREE = "duree"
    PAUSE = "pause"
    REPRISE = "reprise"


@dataclass(frozen=True, slots=True)
class Cible:
    """Une cible analysée : `code` est vide pour `alternative` et `lieu` ; `borne` n'existe que pour une phase.

    `cle` : l'identifiant d'une pause dans sa phase, ou d'une question sur son critère.
    """

    genre: Genre
    code: str = ""
    borne: Borne | None = None
    cle: str = ""

    def __str__(self) -> str:
        return ":".join(morceau for morceau in (self.genre, self.code, self.borne, self.cle) if morceau)


@dataclass(frozen=True, slots=True)
class Fait:
    """Un geste. Jamais modifié ni effacé : un fait plus récent, qui l'avait vu, le corrige.

    `id` est fait par l'appareil ; `rang` compte les faits de cet appareil, à partir de 1 ; `vus` donne, pour chaque
    autre appareil, le plus haut rang que celui-ci connaissait ; `remplace` nomme le fait corrigé (pour le lecteur :
    c'est `vus` qui décide). `mural` est l'heure affichée, qui peut mentir et ne décide de rien ; `monotone_ms` vient
    d'une horloge de l'appareil qui ne recule pas. `norme` est l'empreinte de la norme sous laquelle le geste est fait.
    """

    id: str
    epreuve: str
    evaluateur: str
    appareil: str
    rang: int
    cible: str
    valeur: object
    remplace: str | None
    vus: Mapping[str, int]
    mural: datetime
    monotone_ms: int
    norme: str

    def avait_vu(self, autre: Fait) -> bool:
        """Cet appareil connaissait-il `autre` quand il a fait ce geste ?"""
        if self.appareil == autre.appareil:
            return self.rang > autre.rang
        return self.vus.get(autre.appareil, 0) >= autre.rang


def analyser(cible: str) -> Cible:
    """La cible, analysée. Lève `Refus("cible_inconnue")` si elle n'a pas une des formes admises."""
    genre, *reste = cible.split(":")
    match genre, reste:
        case (("alternative" | "lieu"), []):
            return Cible(Genre(genre))
        case (("critere" | "commentaire" | "entretien" | "courrier" | "competence_abordee"), [code]) if code:
            return Cible(Genre(genre), code)
        case "phase", [code, ("debut" | "fin" | "duree") as borne] if code:
            return Cible(Genre.PHASE, code, Borne(borne))
        case "phase", [code, ("pause" | "reprise") as borne, cle] if code and cle:
            return Cible(Genre.PHASE, code, Borne(borne), cle)
        case "question", [code, cle] if code and cle:
            return Cible(Genre.QUESTION, code, cle=cle)
    raise Refus("cible_inconnue", f"La cible « {cible} » n'a pas une forme connue.")


def verifier_fait(bloc: Bloc, norme: str, fait: Fait) -> Cible:
    """Vérifie qu'un fait peut entrer dans la grille de ce bloc, et rend sa cible analysée.

    Lève `Refus` : `autre_norme`, `rang_invalide`, `vus_invalides`, `heure_invalide`, `cible_inconnue`,
    `valeur_inconnue`.
    """
    if fait.norme != norme:
        raise Refus("autre_norme", "Cette grille est jugée sous une autre version du référentiel que celle du geste.")
    if not _est_entier(fait.rang) or fait.rang < 1:
        raise Refus("rang_invalide", "Le rang d'un geste est un entier, à partir de 1.")
    if not all(_est_entier(rang) and rang >= 0 for rang in fait.vus.values()):
        raise Refus("vus_invalides", "Les gestes vus se donnent par un rang entier pour chaque appareil.")
    if fait.mural.utcoffset() is None or not _est_entier(fait.monotone_ms) or fait.monotone_ms < 0:
        raise Refus(
            "heure_invalide", "L'heure d'un geste porte son fuseau, et son horloge compte des millisecondes entières."
        )
    cible = analyser(fait.cible)
    if not _code_connu(bloc, cible):
        raise Refus("cible_inconnue", f"La cible « {fait.cible} » n'existe pas dans la grille du bloc {bloc.code}.")
    if not _valeur_admise(bloc, cible, fait.valeur):
        raise Refus("valeur_inconnue", f"La valeur donnée à « {fait.cible} » n'est pas admise.")
    return cible


def hors_du_panel(fait: Fait, panel: Collection[str]) -> bool:
    """Vrai si ce geste dit présélectionné un courrier dont le motif n'est pas du panel du certificateur.

    Sans panel, tout motif est admis. Un courrier dit hors du panel l'est toujours : il ne compte pas parmi les exigés.
    """
    if not panel or not fait.cible.startswith(f"{Genre.COURRIER}:") or not isinstance(fait.valeur, Mapping):
        return False
    return fait.valeur["preselectionne"] is True and str(fait.valeur["motif"]).strip() not in panel


def _code_connu(bloc: Bloc, cible: Cible) -> bool:
    criteres = {critere.code for critere in bloc.criteres()}
    competences = {competence.code for competence in bloc.competences()}
    match cible.genre:
        case Genre.CRITERE:
            return cible.code in criteres
        case Genre.COMMENTAIRE:
            return cible.code in criteres | competences | {bloc.code}
        case Genre.COMPETENCE_ABORDEE:
            return cible.code in competences
        case Genre.PHASE:
            return bloc.epreuve.phase(cible.code) is not None and _cle_admise(cible)
        case Genre.QUESTION:
            return cible.code in criteres and _cle_admise(cible)
        case Genre.ENTRETIEN | Genre.COURRIER:
            return FORME_D_IDENTIFIANT.fullmatch(cible.code) is not None
        case Genre.ALTERNATIVE | Genre.LIEU:
            return True


def _cle_admise(cible: Cible) -> bool:
    return not cible.cle or FORME_D_IDENTIFIANT.fullmatch(cible.cle) is not None


def _valeur_admise(bloc: Bloc, cible: Cible, valeur: object) -> bool:
    return _ADMET[cible.genre](bloc, cible, valeur)


def _admet_etat(_bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    return valeur is None or (isinstance(valeur, str) and valeur in list(Etat))


def _admet_texte(_bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    return _est_texte(valeur)


def _admet_alternative(bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    return _est_alternative(bloc, valeur)


def _admet_entretien(bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    if valeur is None:
        return True
    return (
        isinstance(valeur, Mapping) and set(valeur) == {"alternative"} and _est_alternative(bloc, valeur["alternative"])
    )


def _admet_courrier(_bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    if valeur is None:
        return True
    return (
        isinstance(valeur, Mapping)
        and set(valeur) == {"motif", "preselectionne"}
        and _est_texte(valeur["motif"])
        and isinstance(valeur["preselectionne"], bool)
    )


def _admet_booleen(_bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    return isinstance(valeur, bool)


def _admet_temps(_bloc: Bloc, cible: Cible, valeur: object) -> bool:
    if valeur is None:
        return True
    if cible.borne is Borne.DUREE:
        return isinstance(valeur, int) and _est_entier(valeur) and 0 <= valeur <= MINUTES_MAXIMALES
    if cible.borne is Borne.PAUSE:
        return isinstance(valeur, Mapping) and set(valeur) == {"motif"} and _est_dit(valeur["motif"])
    return valeur is True


def _admet_question(_bloc: Bloc, _cible: Cible, valeur: object) -> bool:
    return valeur is None or _est_dit(valeur)


def _est_alternative(bloc: Bloc, valeur: object) -> bool:
    return valeur is None or valeur in [alternative.code for alternative in bloc.epreuve.alternatives]


def _est_texte(valeur: object) -> bool:
    return isinstance(valeur, str) and len(valeur) <= TEXTE_MAXIMAL


def _est_dit(valeur: object) -> bool:
    return _est_texte(valeur) and bool(str(valeur).strip())


def _est_entier(valeur: object) -> bool:
    return type(valeur) is int  # un booléen n'est pas un nombre


_ADMET: dict[Genre, Callable[[Bloc, Cible, object], bool]] = {
    Genre.CRITERE: _admet_etat,
    Genre.COMMENTAIRE: _admet_texte,
    Genre.ALTERNATIVE: _admet_alternative,
    Genre.ENTRETIEN: _admet_entretien,
    Genre.COURRIER: _admet_courrier,
    Genre.COMPETENCE_ABORDEE: _admet_booleen,
    Genre.PHASE: _admet_temps,
    Genre.QUESTION: _admet_question,
    Genre.LIEU: _admet_texte,
}
