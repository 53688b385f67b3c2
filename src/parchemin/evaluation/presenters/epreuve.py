"""La page d'une épreuve : où en sont les deux lectures, puis ce qui diffère ; et la page qui clôt une grille."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from moteur.referentiel import Bloc
from moteur.regles.exception_motivee import excusable
from moteur.regles.grille_complete import Manque
from moteur.vocabulaire import Etat
from parchemin.convocations.enums import Qualite
from parchemin.convocations.presenters import PartIncidents, part_incidents, phrases_a_verifier
from parchemin.convocations.selectors import VueAVerifier, VueEpreuve, VueRecusation
from parchemin.evaluation.enums import EPREUVE_CLOSE, PLUS_AFFECTE, POUR_UN_CRITERE, POUR_UNE_CONDITION, Position
from parchemin.evaluation.presenters.conditions import en_mots, libelle
from parchemin.evaluation.selectors import (
    Difference,
    DifferenceDeCondition,
    Ecarts,
    EtatLecture,
    GestesAPart,
    VueResultat,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Balle, Lien, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, heure, pluriel

PREFIXE_EXCEPTION = "exception:"
"""Le nom des champs où s'écrit le motif d'une exception : ce préfixe, puis la condition."""
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

    `champ` : le champ du formulaire qui le nomme ; `ancre` : son identifiant dans la page.
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


@dataclass(frozen=True, slots=True)
class LigneDeLecture:
    """Ce que dit une lecture : d'un critère, un état et un commentaire ; d'une condition, des mots et un motif d'exception."""

    nom: str
    etat: Statut | None
    texte: str
    mot: str


@dataclass(frozen=True, slots=True)
class LigneDePosition:
    """Ce que quelqu'un propose maintenant, pourquoi, et s'il s'écarte de sa propre lecture."""

    nom: str
    choix: Statut
    motif: str
    a_bouge: bool


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
    a_confirmer: bool
    confirmations: tuple[tuple[str, Statut], ...]
    resultat: str
    exceptions: tuple[tuple[str, str, str], ...]
    a_verifier: tuple[str, ...]
    actions: tuple[Action, ...]
    quarantaine: tuple[LigneQuarantaine, ...]
    incidents: PartIncidents

    @property
    def url_accord(self) -> str:
        """Où s'envoie une position."""
        return reverse("evaluation:accord", args=[self.epreuve.id])


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
    valides: int
    non_valides: int
    scellee: bool


def page_epreuve(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    bloc: Bloc,
    lectures: Sequence[EtatLecture],
    ecarts: Ecarts | None,
    resultat: VueResultat | None,
    *,
    peut_gerer: bool,
    aujourdhui: date,
    peut_ressaisir: bool = False,
    incidents: PartIncidents | None = None,
    confirmees: Collection[UUID] = (),
    a_contresigner: bool = False,
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
    concordent = ecarts is not None and ecarts.aucun and epreuve.etat == "lectures_scellees"
    return PageEpreuve(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        quand=f"{date_courte(jour_civil(epreuve.prevue_le))}, {heure(epreuve.prevue_le)}",
        balle=_balle(lecteur, epreuve, lectures, ecarts, confirmees, aujourdhui),
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
        if ecarts is None
        else (
            *(_difference(d, bloc, par_qualite, par_personne, lecteur, ouvert=ouvert) for d in ecarts.criteres),
            *(_condition(d, bloc, epreuve, lecteur, ouvert=ouvert) for d in ecarts.conditions),
        ),
        a_confirmer=concordent and qualite is not None and lecteur.id not in confirmees,
        confirmations=tuple(
            (e.nom, Statut(Ton.OUI, "confirmé") if e.personne in confirmees else Statut(Ton.ATTENTE, "à confirmer"))
            for e in epreuve.evaluateurs
        )
        if concordent
        else (),
        exceptions=()
        if resultat is None
        else tuple(
            (libelle(bloc.epreuve, e.condition), par_qualite.get(e.qualite, ""), e.motif) for e in resultat.exceptions
        ),
        resultat="" if resultat is None else str(resultat.nature.label),
        a_verifier=phrases_a_verifier(a_verifier),
        actions=tuple(
            _actions(
                epreuve,
                lectures,
                lecteur,
                resultat,
                recusations,
                peut_gerer=peut_gerer,
                peut_ressaisir=peut_ressaisir,
                en_attente=_en_attente(epreuve, aujourdhui),
                a_contresigner=a_contresigner,
            )
        ),
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
    ecarts: Ecarts | None,
    confirmees: Collection[UUID],
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
        case "lectures_scellees" if ecarts is not None and ecarts.aucun:
            attendus = {e.evaluateur: e.nom for e in lectures if e.evaluateur not in confirmees}
            quoi = "Confirmer, d’un geste, ce sur quoi les deux lectures concordent."
        case "lectures_scellees":
            restants = ecarts.a_regler if ecarts else ()
            attendus = {
                e.evaluateur: e.nom for e in lectures if not restants or any(_attend(d, e.evaluateur) for d in restants)
            }
            quoi = "Régler ensemble ce qui diffère."
        case _:
            ligne = EPREUVE.etat(epreuve.etat)
            return Balle("Personne", ligne.attend, depuis, aujourdhui)
    return Balle(" et ".join(attendus.values()), quoi, depuis, aujourdhui, a_vous=lecteur.id in attendus)


def _attend(difference: Difference | DifferenceDeCondition, evaluateur: UUID) -> bool:
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
    intitule = next(critere.intitule for critere in bloc.criteres() if critere.code == difference.critere)
    autre = next((p for p in difference.positions.values() if p.evaluateur != lecteur.id), None)
    mienne = difference.positions.get(lecteur.id)
    return VueDifference(
        champ="critere",
        code=difference.critere,
        ancre=difference.critere.replace(".", "-"),
        libelle=intitule,
        lectures=tuple(
            LigneDeLecture(noms.get(qualite, ""), MOTS[etat], "", difference.commentaires.get(qualite, ""))
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
    )


def _son_etat(difference: Difference, noms: Mapping[Qualite, str], nom: str) -> str:
    """L'état que dit la lecture de cette personne."""
    return next((etat.value for qualite, etat in difference.lectures.items() if noms.get(qualite) == nom), "")


def _condition(
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


_PAPIER = ("affectee", "en_cours", "suspendue", "lectures_scellees")


def _en_attente(epreuve: VueEpreuve, aujourdhui: date) -> bool:
    """Vrai quand l'épreuve attend ses évaluateurs, son jour venu : le gestionnaire peut décider d'une suite."""
    if epreuve.etat == "affectee":
        return jour_civil(epreuve.prevue_le) < aujourdhui
    return epreuve.etat in ("en_cours", "lectures_scellees")


def _actions(
    epreuve: VueEpreuve,
    lectures: Sequence[EtatLecture],
    lecteur: Acteur,
    resultat: VueResultat | None,
    recusations: Sequence[VueRecusation],
    *,
    peut_gerer: bool,
    peut_ressaisir: bool,
    en_attente: bool,
    a_contresigner: bool,
) -> list[Action]:
    actions = [
        Action("Répondre à la récusation", reverse("convocations:trancher", args=[epreuve.id, r.id]), principale=True)
        for r in recusations
        if r.etat == "deposee"
    ]
    if a_contresigner:
        url = reverse("evaluation:contresigner", args=[epreuve.id])
        actions.append(Action("Contresigner la lecture commune", url, principale=True))
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
    if epreuve.evaluateurs and (peut_ressaisir or mienne is not None) and epreuve.etat in _PAPIER:
        libelle = "Grilles papier" if peut_ressaisir else "Ma grille papier"
        actions.append(Action(libelle, reverse("evaluation:papier", args=[epreuve.id])))
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
    if peut_gerer and en_attente:
        actions.append(Action("Un évaluateur tarde ou est empêché", reverse("evaluation:suites", args=[epreuve.id])))
    return actions


def page_cloture(
    epreuve: VueEpreuve,
    bloc: Bloc,
    manques: Sequence[Manque],
    etats: Sequence[Etat],
    *,
    scellee: bool,
    exceptions_permises: bool = False,
    motifs: Mapping[str, str] = MappingProxyType({}),
) -> PageCloture:
    """La page qui demande confirmation avant de sceller ; chaque manque mène à sa place dans la grille.

    Quand il ne manque que des conditions, et que le règlement le permet, chacune peut se sceller avec un motif (`motifs` :
    ce qui est déjà écrit, par condition).
    """
    url = reverse("evaluation:grille", args=[epreuve.id])
    motivables = exceptions_permises and all(map(excusable, manques))
    return PageCloture(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        manques=() if motivables else tuple(Lien(m.message, f"{url}{_ancre(m.cible)}") for m in manques),
        exceptions=tuple(
            ChampException(
                f"{PREFIXE_EXCEPTION}{m.cible}",
                f"exception-{m.cible.replace(':', '-')}",
                m.message,
                f"{url}{_ancre(m.cible)}",
                motifs.get(m.cible, ""),
            )
            for m in manques
        )
        if motivables
        else (),
        valides=sum(etat is Etat.VALIDE for etat in etats),
        non_valides=sum(etat is Etat.NON_VALIDE for etat in etats),
        scellee=scellee,
    )


def _ancre(cible: str) -> str:
    genre, _, code = cible.partition(":")
    return f"#{code.replace('.', '-')}" if genre == "critere" else "#bloc-conditions"
