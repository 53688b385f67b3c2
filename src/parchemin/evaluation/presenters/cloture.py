"""La page qui clôt une grille : ce que l'on scelle, ou ce qui manque encore."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse

from moteur.faits import Genre, analyser
from moteur.referentiel import Bloc
from moteur.regles.exception_motivee import excusable
from moteur.regles.grille_complete import Manque
from moteur.vocabulaire import CodeExigence, Etat
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.presenters.conflits import conflit_a_clore
from parchemin.socle.composants import Lien
from parchemin.socle.typographie import pluriel

CONDITIONS = "conditions"
"""La vue de la grille qui ouvre les conditions de l'épreuve (`?vue=conditions`)."""
PREFIXE_EXCEPTION = "exception:"
"""Le nom des champs où s'écrit le motif d'une exception : ce préfixe, puis la condition."""


@dataclass(frozen=True, slots=True)
class ChampException:
    """Une condition qui n'est pas remplie, et le motif qu'on peut écrire pour sceller quand même."""

    nom: str
    ancre: str
    message: str
    url: str
    motif: str


@dataclass(frozen=True, slots=True)
class PageCloture:
    """Ce que l'on scelle, ou ce qui manque encore ; `exceptions` : ce qu'un motif peut lever, quand rien d'autre ne manque."""

    epreuve: VueEpreuve
    bloc: str
    manques: tuple[Lien, ...]
    exceptions: tuple[ChampException, ...]
    totaux: str
    scellee: bool
    suite: str


def page_cloture(
    epreuve: VueEpreuve,
    bloc: Bloc,
    manques: Sequence[Manque],
    etats: Sequence[Etat],
    *,
    scellee: bool,
    masquee: bool,
    exceptions_permises: bool = False,
    motifs: Mapping[str, str] = MappingProxyType({}),
    commune: bool = False,
    tenue_par: str = "",
    apres_lecture: bool = False,
    abordees: Collection[str] = (),
) -> PageCloture:
    """La page qui demande confirmation avant de sceller ; chaque manque mène à sa place dans la grille.

    Quand il ne manque que des conditions, et que le règlement le permet, chacune peut se sceller avec un motif (`motifs` :
    ce qui est déjà écrit, par condition). `commune` : le règlement demande une seule grille, contresignée ; `tenue_par` : qui
    l'a déjà scellée, quand le lecteur remplit la sienne plutôt que de la contresigner. `apres_lecture` : le lecteur pouvait
    lire une autre grille, et sa lecture le dira. `masquee` : le règlement cache les totaux jusqu'au sceau, et cette page est la
    dernière d'où l'on revient à la grille. `abordees` : les compétences déjà dites abordées.
    """
    url = reverse("evaluation:grille", args=[epreuve.id])
    motivables = exceptions_permises and all(map(excusable, manques))
    return PageCloture(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        manques=()
        if motivables
        else tuple(Lien(_message(bloc, m), f"{url}{_place(bloc, m.cible, abordees)}") for m in manques),
        exceptions=tuple(
            ChampException(
                f"{PREFIXE_EXCEPTION}{m.cible}",
                f"exception-{m.cible.replace(':', '-')}",
                m.message,
                f"{url}{_place(bloc, m.cible, abordees)}",
                motifs.get(m.cible, ""),
            )
            for m in manques
        )
        if motivables
        else (),
        totaux="" if masquee else _totaux(etats),
        scellee=scellee,
        suite=" ".join(
            filter(None, (_suite(commune=commune, tenue_par=tenue_par), APRES_LECTURE if apres_lecture else ""))
        ),
    )


APRES_LECTURE = (
    "Vous pouviez lire une autre grille de ce bloc : votre lecture le dira, au résultat et au relevé de calcul."
)


def _totaux(etats: Sequence[Etat]) -> str:
    valides = pluriel(etats.count(Etat.VALIDE), "critère validé")
    return f"{valides}, {pluriel(etats.count(Etat.NON_VALIDE), 'critère non validé')}."


def _suite(*, commune: bool, tenue_par: str) -> str:
    """Ce que devient la lecture, une fois scellée."""
    if not commune:
        return "Elle ne sera montrée à l’autre évaluateur que lorsqu’il aura scellé la sienne."
    if tenue_par:
        return (
            f"{tenue_par} a scellé la grille commune : ce qui diffère entre elle et la vôtre se réglera ensuite à deux."
        )
    return (
        "C’est la grille commune : elle sera montrée aussitôt à l’autre évaluateur, qui la contresignera, ou remplira la "
        "sienne s’il a constaté autre chose."
    )


def _message(bloc: Bloc, manque: Manque) -> str:
    """Ce qui manque ; un conflit dit d'abord de quoi il parle."""
    return conflit_a_clore(bloc, analyser(manque.cible)) if manque.code == "conflit" else manque.message


def _place(bloc: Bloc, cible: str, abordees: Collection[str]) -> str:
    """Où compléter, dans la grille. Ce qui est parmi les conditions les demande dépliées."""
    genre, _, code = cible.partition(":")
    match genre:
        case Genre.CRITERE | Genre.COMMENTAIRE:
            return f"#{code.replace('.', '-')}"
        case Genre.COMPETENCE_ABORDEE:
            return f"#abordee-{code}"
        case CodeExigence.COMPETENCES_ABORDEES:
            codes = [competence.code for competence in bloc.competences()]
            return f"#abordee-{next((une for une in codes if une not in abordees), codes[0])}"
        case Genre.PHASE:
            champ = f"duree-{code.partition(':')[0]}"
        case Genre.LIEU:
            champ = "lieu"
        case _:
            champ = "bloc-conditions"
    return f"?vue={CONDITIONS}#{champ}"
