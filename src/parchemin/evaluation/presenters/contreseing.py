"""La page où le second évaluateur lit la grille commune, puis la contresigne."""

from __future__ import annotations

from dataclasses import dataclass

from moteur.conditions import codes
from moteur.referentiel import Bloc
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.presenters.conditions import en_mots, libelle
from parchemin.evaluation.presenters.differences import MOTS
from parchemin.evaluation.selectors import VueLecture
from parchemin.socle.composants import Colonne, Intitule, Tableau


@dataclass(frozen=True, slots=True)
class PageContreseing:
    """Toute la page. `par` : qui a tenu la grille."""

    epreuve: VueEpreuve
    bloc: str
    par: str
    conditions: Tableau
    competences: tuple[Tableau, ...]


def page_contreseing(epreuve: VueEpreuve, bloc: Bloc, lecture: VueLecture) -> PageContreseing:
    """La lecture scellée, compétence par compétence, avec ses commentaires et ses conditions."""
    return PageContreseing(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        par=next(e.nom for e in epreuve.evaluateurs if e.personne == lecture.evaluateur),
        conditions=Tableau(
            "Les conditions de l’épreuve",
            (Colonne("Condition"), Colonne("Constaté"), Colonne("Exception", discrete=True)),
            tuple(
                (
                    libelle(bloc.epreuve, code),
                    en_mots(bloc.epreuve, lecture.conditions, code),
                    lecture.conditions.exceptions.get(code) or None,
                )
                for code in codes(bloc.epreuve)
            ),
            legende_visible=True,
        ),
        competences=tuple(
            Tableau(
                f"{competence.code} · {competence.intitule}",
                (Colonne("Critère"), Colonne("Constaté"), Colonne("Commentaire", discrete=True)),
                (
                    *(
                        (
                            Intitule(critere.code, critere.intitule),
                            MOTS[lecture.etats[critere.code]],
                            lecture.commentaires.get(critere.code) or None,
                        )
                        for critere in competence.criteres
                    ),
                    *(
                        (("Faits observés sur toute la compétence", None, lecture.commentaires[competence.code]),)
                        if lecture.commentaires.get(competence.code)
                        else ()
                    ),
                ),
                legende_visible=True,
            )
            for competence in bloc.competences()
        ),
    )
