"""Ce que deux appareils d'un même évaluateur disent autrement, et comment le départager."""

from __future__ import annotations

from dataclasses import dataclass

from moteur.faits import Cible, Genre, analyser
from moteur.grille import Conflit
from moteur.referentiel import Bloc
from parchemin.evaluation.presenters.gestes import sujet, valeur_dite
from parchemin.evaluation.presenters.phases import est_chronometre
from parchemin.socle.composants import Lien
from parchemin.socle.typographie import heure

SE_CONTREDISENT = "deux de vos appareils ne disent pas la même chose"
ECRIRE_LA_DUREE = "Écrivez la durée dans « Les conditions de l’épreuve »"


@dataclass(frozen=True, slots=True)
class TexteDit:
    """Un des textes qui se contredisent, en entier, et quand il fut écrit."""

    quand: str
    texte: str


@dataclass(frozen=True, slots=True)
class VueConflit:
    """Un conflit, dit en une phrase. `textes` : ceux que l'on peut reprendre ; `issue` : où aller s'il ne se choisit pas."""

    cible: str
    phrase: str
    textes: tuple[TexteDit, ...] = ()
    issue: Lien | None = None


def vue_conflit(bloc: Bloc, conflit: Conflit) -> VueConflit:
    """Deux textes se donnent en entier, à reprendre ou à récrire ; toute autre valeur se dit dans la phrase.

    Deux chronomètres ne se choisissent pas : l'heure d'un geste ne se refait pas, mais une durée écrite l'emporte.
    """
    cible = analyser(conflit.cible)
    tete = f"{sujet(bloc, cible)} : {SE_CONTREDISENT}"
    if cible.genre in (Genre.COMMENTAIRE, Genre.LIEU):
        textes = tuple(TexteDit(f"Écrit à {heure(fait.mural)}", str(fait.valeur or "")) for fait in conflit.faits)
        return VueConflit(conflit.cible, f"{tete}. Reprenez un texte, ou écrivez ce qui est juste.", textes)
    if est_chronometre(cible):
        dites = (f"{'retiré ' if fait.valeur is None else ''}à {heure(fait.mural)}" for fait in conflit.faits)
        issue = Lien(ECRIRE_LA_DUREE, f"#duree-{cible.code}")
        return VueConflit(conflit.cible, f"{tete} : {', '.join(dites)}.", issue=issue)
    return VueConflit(conflit.cible, f"{tete} : {_valeurs(bloc, conflit)}")


def indication_du_conflit(bloc: Bloc, conflit: Conflit | None) -> str:
    """La même chose, à l'endroit où l'on choisit ; vide s'il n'y en a pas."""
    return f"{SE_CONTREDISENT.capitalize()} : {_valeurs(bloc, conflit)}" if conflit else ""


def conflit_a_clore(bloc: Bloc, cible: Cible) -> str:
    """Le même, parmi ce qui empêche de clore."""
    quoi_faire = "écrivez la durée" if est_chronometre(cible) else "choisissez ce qui est juste"
    return f"{sujet(bloc, cible)} : {SE_CONTREDISENT}, {quoi_faire}."


def _valeurs(bloc: Bloc, conflit: Conflit) -> str:
    cible = analyser(conflit.cible)
    dites = (f"{valeur_dite(bloc, cible, fait.valeur)} à {heure(fait.mural)}" for fait in conflit.faits)
    return f"{', '.join(dites)}. Choisissez ce qui est juste."
