"""La page d'une épreuve : où en sont les deux lectures, puis ce qui diffère ; et la page qui clôt une grille."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from moteur.referentiel import Bloc
from moteur.regles.grille_complete import Manque
from moteur.vocabulaire import Etat
from parchemin.convocations.enums import Qualite
from parchemin.convocations.presenters import PartIncidents, part_incidents, phrases_a_verifier
from parchemin.convocations.selectors import VueAVerifier, VueEpreuve, VueRecusation
from parchemin.evaluation.enums import EPREUVE_CLOSE, PLUS_AFFECTE, Position
from parchemin.evaluation.selectors import Difference, EtatLecture, GestesAPart, VueResultat
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Balle, Lien, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, heure, pluriel

MOTS = {
    Etat.VALIDE: Statut(Ton.OUI, "validé"),
    Etat.NON_VALIDE: Statut(Ton.NON, "non validé"),
    Etat.NON_OBSERVE: Statut(Ton.NEUTRE, "non observé"),
}
"""Un état de critère, sa forme et son mot."""
CHOIX = {
    Position.VALIDE: Statut(Ton.OUI, "validé"),
    Position.NON_VALIDE: Statut(Ton.NON, "non validé"),
    Position.DESACCORD: Statut(Ton.ATTENTE, "laissé au jury"),
}


@dataclass(frozen=True, slots=True)
class VueDifference:
    """Un critère à régler ensemble : ce qu'a dit chacun, ce qu'il propose, ce qu'on peut répondre."""

    code: str
    libelle: str
    lectures: tuple[tuple[str, Statut, str], ...]
    positions: tuple[tuple[str, Statut, str], ...]
    regle: Statut | None
    a_confirmer: str
    ouvert: bool
    choisi: str


@dataclass(frozen=True, slots=True)
class LigneLecture:
    """Un évaluateur et l'état de sa lecture."""

    nom: str
    qualite: str
    statut: Statut
    moi: bool


@dataclass(frozen=True, slots=True)
class LigneQuarantaine:
    """Les gestes mis à part d'un évaluateur : de qui, combien, pourquoi ; jamais ce qu'ils disent."""

    evaluateur: UUID
    phrase: str
    pourquoi: str
    reprenable: bool


@dataclass(frozen=True, slots=True)
class PageEpreuve:
    """Toute la page."""

    epreuve: VueEpreuve
    bloc: str
    quand: str
    balle: Balle
    lectures: tuple[LigneLecture, ...]
    differences: tuple[VueDifference, ...] | None
    resultat: str
    a_verifier: tuple[str, ...]
    actions: tuple[Action, ...]
    quarantaine: tuple[LigneQuarantaine, ...]
    incidents: PartIncidents
    choix: tuple[tuple[str, str], ...] = tuple((position.value, str(position.label)) for position in Position)

    @property
    def url_accord(self) -> str:
        """Où s'envoie une position."""
        return reverse("evaluation:accord", args=[self.epreuve.id])


@dataclass(frozen=True, slots=True)
class PageCloture:
    """Ce que l'on scelle, ou ce qui manque encore."""

    epreuve: VueEpreuve
    bloc: str
    manques: tuple[Lien, ...]
    valides: int
    non_valides: int
    scellee: bool


def page_epreuve(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    bloc: Bloc,
    lectures: Sequence[EtatLecture],
    differences: Sequence[Difference] | None,
    resultat: VueResultat | None,
    *,
    peut_gerer: bool,
    aujourdhui: date,
    incidents: PartIncidents | None = None,
    quarantaine: Sequence[GestesAPart] = (),
    a_verifier: Sequence[VueAVerifier] = (),
    recusations: Sequence[VueRecusation] = (),
    noms: Mapping[UUID, str] = MappingProxyType({}),
) -> PageEpreuve:
    """La page d'une épreuve, selon qui la lit. `quarantaine` : ce qui attend le gestionnaire, avec les `noms` de qui l'a noté."""
    qualite = epreuve.qualite_de(lecteur.id)
    par_qualite = {e.qualite: e.nom for e in epreuve.evaluateurs}
    par_personne = {e.personne: e.nom for e in epreuve.evaluateurs}
    ouvert = qualite is not None and epreuve.etat == "lectures_scellees"
    return PageEpreuve(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        quand=f"{date_courte(jour_civil(epreuve.prevue_le))}, {heure(epreuve.prevue_le)}",
        balle=_balle(lecteur, epreuve, lectures, differences, aujourdhui),
        lectures=tuple(
            LigneLecture(
                etat.nom,
                str(etat.qualite.label),
                Statut(Ton.OUI, f"scellée le {date_courte(jour_civil(etat.scellee_le))}")
                if etat.scellee_le
                else Statut(Ton.ATTENTE, "pas encore scellée"),
                moi=etat.evaluateur == lecteur.id,
            )
            for etat in lectures
        ),
        differences=None
        if differences is None
        else tuple(_difference(d, bloc, par_qualite, par_personne, lecteur, ouvert=ouvert) for d in differences),
        resultat="" if resultat is None else str(resultat.nature.label),
        a_verifier=phrases_a_verifier(a_verifier),
        actions=tuple(_actions(epreuve, lectures, lecteur, resultat, recusations, peut_gerer=peut_gerer)),
        quarantaine=tuple(_ligne_quarantaine(epreuve, gestes, noms) for gestes in quarantaine),
        incidents=incidents or part_incidents(epreuve, (), peut_signaler=False, peut_gerer=peut_gerer),
    )


_POURQUOI_A_PART = {
    PLUS_AFFECTE: "Cette personne n’était plus affectée à l’épreuve quand ils sont arrivés.",
    EPREUVE_CLOSE: "L’épreuve était déjà close sans évaluation quand ils sont arrivés.",
}


def _ligne_quarantaine(epreuve: VueEpreuve, gestes: GestesAPart, noms: Mapping[UUID, str]) -> LigneQuarantaine:
    affecte = epreuve.qualite_de(gestes.evaluateur) is not None
    quand = f"{date_courte(jour_civil(gestes.dernier_recu))}, {heure(gestes.dernier_recu)}"
    return LigneQuarantaine(
        evaluateur=gestes.evaluateur,
        phrase=f"{pluriel(gestes.nombre, 'geste')} de {noms[gestes.evaluateur]}, "
        f"{'reçu' if gestes.nombre == 1 else 'reçus'} le {quand}",
        pourquoi=_POURQUOI_A_PART.get(
            gestes.motif, "Cette personne n’était plus admise à évaluer quand ils sont arrivés."
        ),
        reprenable=affecte and epreuve.etat not in EPREUVE.terminaux,
    )


def _balle(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    lectures: Sequence[EtatLecture],
    differences: Sequence[Difference] | None,
    aujourdhui: date,
) -> Balle:
    """Qui doit agir, nommé : soi d'abord, si c'est à soi."""
    depuis = jour_civil(epreuve.depuis)
    match epreuve.etat:
        case "a_planifier":
            return Balle("Le gestionnaire", "Affecter les deux évaluateurs.", depuis, aujourdhui)
        case "affectee" | "en_cours":
            attendus = {e.evaluateur: e.nom for e in lectures if e.scellee_le is None}
            quoi = "Remplir la grille, seul, puis la sceller."
        case "suspendue":
            return Balle("Le gestionnaire", EPREUVE.etat("suspendue").attend, depuis, aujourdhui)
        case "lectures_scellees":
            restants = [d for d in differences or () if d.regle is None]
            attendus = {
                e.evaluateur: e.nom for e in lectures if not restants or any(_attend(d, e.evaluateur) for d in restants)
            }
            quoi = "Régler ensemble ce qui diffère."
        case _:
            ligne = EPREUVE.etat(epreuve.etat)
            return Balle("Personne", ligne.attend, depuis, aujourdhui)
    return Balle(" et ".join(attendus.values()), quoi, depuis, aujourdhui, a_vous=lecteur.id in attendus)


def _attend(difference: Difference, evaluateur: UUID) -> bool:
    """Cette personne doit encore se prononcer : elle ne l'a pas fait, ou l'autre a dit autre chose depuis."""
    return evaluateur not in difference.positions or len(difference.positions) == 2


def _difference(
    difference: Difference,
    bloc: Bloc,
    noms: Mapping[Qualite, str],
    personnes: Mapping[UUID, str],
    lecteur: Acteur,
    *,
    ouvert: bool,
) -> VueDifference:
    libelle = next(critere.intitule for critere in bloc.criteres() if critere.code == difference.critere)
    autre = next((p for p in difference.positions.values() if p.evaluateur != lecteur.id), None)
    mienne = difference.positions.get(lecteur.id)
    return VueDifference(
        code=difference.critere,
        libelle=libelle,
        lectures=tuple(
            (noms.get(qualite, ""), MOTS[etat], difference.commentaires.get(qualite, ""))
            for qualite, etat in difference.lectures.items()
        ),
        positions=tuple((personnes[p.evaluateur], CHOIX[p.choix], p.motif) for p in difference.positions.values()),
        regle=CHOIX[difference.regle] if difference.regle else None,
        a_confirmer=autre.choix.value if ouvert and autre is not None and difference.regle is None else "",
        ouvert=ouvert and difference.regle is None,
        choisi=mienne.choix.value if mienne else "",
    )


def _actions(
    epreuve: VueEpreuve,
    lectures: Sequence[EtatLecture],
    lecteur: Acteur,
    resultat: VueResultat | None,
    recusations: Sequence[VueRecusation],
    *,
    peut_gerer: bool,
) -> list[Action]:
    actions = [
        Action("Répondre à la récusation", reverse("convocations:trancher", args=[epreuve.id, r.id]), principale=True)
        for r in recusations
        if r.etat == "deposee"
    ]
    mienne = next((etat for etat in lectures if etat.evaluateur == lecteur.id), None)
    if mienne is not None and epreuve.etat not in ("a_planifier", "annulee"):
        a_remplir = mienne.scellee_le is None and epreuve.etat in ("affectee", "en_cours")
        libelle = "Remplir ma grille" if a_remplir else "Relire ma grille"
        actions.append(Action(libelle, reverse("evaluation:grille", args=[epreuve.id]), principale=a_remplir))
    if resultat is not None:
        actions.append(
            Action(
                "Lire le résultat", reverse("evaluation:resultat", args=[epreuve.dossier.id]), principale=not actions
            )
        )
    if lecteur.id == epreuve.dossier.candidat and epreuve.etat in ("a_planifier", "affectee") and epreuve.evaluateurs:
        actions.append(Action("Récuser un évaluateur", reverse("convocations:recuser", args=[epreuve.id])))
    if peut_gerer and epreuve.etat in ("a_planifier", "affectee"):
        actions.append(
            Action(
                "Affecter les évaluateurs" if epreuve.etat == "a_planifier" else "Changer les évaluateurs",
                reverse("convocations:affecter", args=[epreuve.id]),
                principale=epreuve.etat == "a_planifier" and not actions,
            )
        )
    if peut_gerer and epreuve.etat in ("a_planifier", "affectee", "en_cours"):
        actions.append(Action("Annuler l’épreuve", reverse("convocations:annuler", args=[epreuve.id]), grave=True))
    return actions


def page_cloture(
    epreuve: VueEpreuve, bloc: Bloc, manques: Sequence[Manque], etats: Sequence[Etat], *, scellee: bool
) -> PageCloture:
    """La page qui demande confirmation avant de sceller ; chaque manque mène à sa place dans la grille."""
    url = reverse("evaluation:grille", args=[epreuve.id])
    return PageCloture(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        manques=tuple(Lien(manque.message, f"{url}{_ancre(manque.cible)}") for manque in manques),
        valides=sum(etat is Etat.VALIDE for etat in etats),
        non_valides=sum(etat is Etat.NON_VALIDE for etat in etats),
        scellee=scellee,
    )


def _ancre(cible: str) -> str:
    genre, _, code = cible.partition(":")
    return f"#{code.replace('.', '-')}" if genre == "critere" else "#bloc-conditions"
