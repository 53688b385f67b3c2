"""Chercher dans les mots d'une norme, sans accents ni casse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moteur.referentiel import Referentiel
from parchemin.referentiels.selectors.versions import norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.cles import cle_recherche


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """Un endroit de la norme dont les mots contiennent ceux que l'on cherche."""

    nature: str
    code: str
    intitule: str
    bloc: str
    competence: str


def chercher(lecteur: Acteur | None, empreinte: str, texte: str) -> tuple[Trouvaille, ...]:
    """Les blocs, activités, compétences et critères qui contiennent chaque mot cherché, dans l'ordre de la norme.

    Un code (« C1.2 ») se cherche comme un mot. Sans mot, rien n'est trouvé. Lève `Introuvable` pour une empreinte inconnue.
    """
    mots = mots_cherches(texte)
    if not mots:
        return ()
    return tuple(
        trouvaille
        for trouvaille in _tout(norme(lecteur, empreinte))
        if all(mot in cle_recherche(f"{trouvaille.code} {trouvaille.intitule}") for mot in mots)
    )


def mots_cherches(texte: str) -> tuple[str, ...]:
    """Les mots d'une recherche, en clés de recherche ; un code reste d'un seul tenant (« c1 2 »)."""
    return tuple(cle for cle in map(cle_recherche, texte.split()) if cle)


def _tout(arbre: Referentiel) -> Iterator[Trouvaille]:
    for bloc in arbre.blocs:
        yield Trouvaille("Bloc", bloc.code, bloc.intitule, bloc.code, "")
        for activite in bloc.activites:
            yield Trouvaille("Activité", activite.code, activite.intitule, bloc.code, "")
            for competence in activite.competences:
                yield Trouvaille("Compétence", competence.code, competence.intitule, bloc.code, competence.code)
                for critere in competence.criteres:
                    yield Trouvaille("Critère", critere.code, critere.intitule, bloc.code, competence.code)
