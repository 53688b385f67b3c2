"""Ce qui diffère entre deux lectures : ce qu'a dit chacun, ce qu'il propose, ce qu'on peut répondre."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from moteur.referentiel import Bloc
from moteur.vocabulaire import Etat
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.enums import POUR_UN_CRITERE, POUR_UNE_CONDITION, Position
from parchemin.evaluation.presenters.conditions import en_mots, libelle
from parchemin.evaluation.selectors import Difference, DifferenceDeCondition
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Statut, Ton

MOTS = {
    Etat.VALIDE: Statut(Ton.OUI, "validé"),
    Etat.NON_VALIDE: Statut(Ton.NON, "non validé"),
    Etat.NON_OBSERVE: Statut(Ton.NEUTRE, "non observé"),
}
"""Un état de critère, sa forme et son mot."""
CHOIX = {
    Position.VALIDE: Statut(Ton.OUI, "validé"),
    Position.NON_VALIDE: Statut(Ton.NON, "non validé"),
    Position.METIER: Statut(Ton.INFO, "la lecture du représentant métier fait foi"),
    Position.CERTIFICATEUR: Statut(Ton.INFO, "la lecture du certificateur fait foi"),
    Position.DESACCORD: Statut(Ton.ATTENTE, "laissé au jury"),
}


@dataclass(frozen=True, slots=True)
class VueDifference:
    """Un point à régler ensemble, critère ou condition : ce qu'a dit chacun, ce qu'il propose, ce qu'on peut répondre.

    `champ` : le champ du formulaire qui le nomme ; `ancre` : son identifiant dans la page ; `d_office` : au jury, sans rien à régler ;
    `saisi` et `motif` : ce qu'un envoi refusé disait, gardé.
    """

    champ: str
    code: str
    ancre: str
    libelle: str
    lectures: tuple[LigneDeLecture, ...]
    positions: tuple[LigneDePosition, ...]
    regle: Statut | None
    a_confirmer: str
    ouvert: bool
    choisi: str
    choix: tuple[tuple[str, str], ...]
    d_office: bool = False
    motif: str = ""
    saisi: str = ""

    @property
    def coche(self) -> str:
        """Le choix coché d'avance : ce que l'on vient de choisir, sinon la position de l'autre, sinon la sienne."""
        return self.saisi or self.a_confirmer or self.choisi


@dataclass(frozen=True, slots=True)
class LigneDeLecture:
    """Ce que dit une lecture : d'un critère, un état et un commentaire ; d'une condition, des mots et un motif d'exception.

    `faits` : ce qu'elle dit de toute la compétence du critère.
    """

    nom: str
    etat: Statut | None
    texte: str
    mot: str
    faits: str = ""


@dataclass(frozen=True, slots=True)
class LigneDePosition:
    """Ce que quelqu'un propose maintenant, pourquoi, et s'il s'écarte de sa propre lecture."""

    nom: str
    choix: Statut
    motif: str
    a_bouge: bool


def critere_qui_differe(
    difference: Difference,
    bloc: Bloc,
    noms: Mapping[Qualite, str],
    personnes: Mapping[UUID, str],
    lecteur: Acteur,
    *,
    ouvert: bool,
) -> VueDifference:
    """Un critère que les deux lectures ne constatent pas de même : ce que dit chacune, ce que chacun propose."""
    intitule = next(critere.intitule for critere in bloc.criteres() if critere.code == difference.critere)
    autre = next((p for p in difference.positions.values() if p.evaluateur != lecteur.id), None)
    mienne = difference.positions.get(lecteur.id)
    return VueDifference(
        champ="critere",
        code=difference.critere,
        ancre=difference.critere.replace(".", "-"),
        libelle=intitule,
        lectures=tuple(
            LigneDeLecture(
                noms.get(qualite, ""),
                MOTS[etat],
                "",
                difference.commentaires.get(qualite, ""),
                _faits_dits(difference.competence, difference.faits.get(qualite, "")),
            )
            for qualite, etat in difference.lectures.items()
        ),
        positions=tuple(
            LigneDePosition(
                personnes[p.evaluateur],
                CHOIX[p.choix],
                p.motif,
                a_bouge=p.choix not in (Position.DESACCORD, _son_etat(difference, noms, personnes[p.evaluateur])),
            )
            for p in difference.positions.values()
        ),
        regle=CHOIX[difference.regle] if difference.regle else None,
        a_confirmer=autre.choix.value if ouvert and autre is not None and difference.regle is None else "",
        ouvert=ouvert and difference.regle is None,
        choisi=mienne.choix.value if mienne else "",
        choix=tuple((position.value, str(position.label)) for position in POUR_UN_CRITERE),
        d_office=difference.d_office,
    )


def _faits_dits(competence: str, texte: str) -> str:
    """« Faits observés, C3.1 : … », ou rien."""
    return f"Faits observés, {competence} : {texte}" if texte else ""


def _son_etat(difference: Difference, noms: Mapping[Qualite, str], nom: str) -> str:
    """L'état que dit la lecture de cette personne."""
    return next((etat.value for qualite, etat in difference.lectures.items() if noms.get(qualite) == nom), "")


def condition_qui_differe(
    ecart: DifferenceDeCondition, bloc: Bloc, epreuve: VueEpreuve, lecteur: Acteur, *, ouvert: bool
) -> VueDifference:
    """Une condition que les deux lectures ne constatent pas de même : on dit laquelle fait foi."""
    noms = {e.personne: e.nom for e in epreuve.evaluateurs}
    qualites = {e.personne: e.qualite.value for e in epreuve.evaluateurs}
    autre = next((p for p in ecart.positions.values() if p.evaluateur != lecteur.id), None)
    mienne = ecart.positions.get(lecteur.id)
    return VueDifference(
        champ="condition",
        code=ecart.condition,
        ancre=ecart.condition.replace(":", "-"),
        libelle=libelle(bloc.epreuve, ecart.condition),
        lectures=tuple(
            LigneDeLecture(
                e.nom,
                None,
                en_mots(bloc.epreuve, ecart.lectures[e.qualite], ecart.condition),
                ecart.lectures[e.qualite].exceptions.get(ecart.condition, ""),
            )
            for e in epreuve.evaluateurs
            if e.qualite in ecart.lectures
        ),
        positions=tuple(
            LigneDePosition(
                noms[p.evaluateur],
                CHOIX[p.choix],
                p.motif,
                a_bouge=p.choix.value not in (Position.DESACCORD.value, qualites[p.evaluateur]),
            )
            for p in ecart.positions.values()
        ),
        regle=CHOIX[ecart.regle] if ecart.regle else None,
        a_confirmer=autre.choix.value if ouvert and autre is not None and ecart.regle is None else "",
        ouvert=ouvert and ecart.regle is None,
        choisi=mienne.choix.value if mienne else "",
        choix=tuple((position.value, str(position.label)) for position in POUR_UNE_CONDITION),
    )
