"""La page d'une épreuve : où en sont les deux lectures, puis ce qui diffère, et ce que chacun peut y faire."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from moteur.referentiel import Bloc
from parchemin.convocations.enums import AVANT_L_EPREUVE, Qualite
from parchemin.convocations.presenters import PartIncidents, part_incidents, phrases_a_verifier
from parchemin.convocations.selectors import VueAVerifier, VueEpreuve, VueRecusation
from parchemin.evaluation.enums import EPREUVE_CLOSE, PLUS_AFFECTE
from parchemin.evaluation.presenters.conditions import APRES_LECTURE, exceptions_du_resultat
from parchemin.evaluation.presenters.differences import VueDifference, condition_qui_differe, critere_qui_differe
from parchemin.evaluation.presenters.suites import A_NOMMER
from parchemin.evaluation.selectors import (
    Difference,
    DifferenceDeCondition,
    Ecarts,
    EtatLecture,
    GestesAPart,
    VueResultat,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Balle, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, de, heure, pluriel


@dataclass(frozen=True, slots=True)
class LigneLecture:
    """Un évaluateur et l'état de sa lecture. `fichier` : où prendre de quoi en refaire l'empreinte, pour qui le peut."""

    nom: str
    qualite: str
    statut: Statut
    moi: bool
    note: str = ""
    fichier: str = ""


@dataclass(frozen=True, slots=True)
class LigneQuarantaine:
    """Les gestes mis à part d'un évaluateur : de qui, combien, pourquoi ; jamais ce qu'ils disent."""

    evaluateur: UUID
    phrase: str
    pourquoi: str
    reprenable: bool
    motif: str = ""


@dataclass(frozen=True, slots=True)
class SaisieRefusee:
    """Ce qu'un envoi refusé disait, d'un point qui diffère (`critere`, `condition`) ou de gestes mis à part (`quarantaine`)."""

    champ: str
    code: str
    motif: str
    choix: str = ""


@dataclass(frozen=True, slots=True)
class PageEpreuve:
    """Toute la page. `scellee` : qui la lit a scellé sa lecture, son appareil n'a plus à garder sa grille.

    `masque` : le lecteur juge encore ce candidat sur un autre bloc ; ce que cette épreuve a donné lui est caché.
    """

    epreuve: VueEpreuve
    scellee: bool
    bloc: str
    quand: str
    balle: Balle
    lectures: tuple[LigneLecture, ...]
    differences: tuple[VueDifference, ...] | None
    a_confirmer: bool
    confirmations: tuple[tuple[str, Statut], ...]
    au_jury: bool
    resultat: str
    exceptions: tuple[tuple[str, str, str], ...]
    a_verifier: tuple[str, ...]
    actions: tuple[Action, ...]
    quarantaine: tuple[LigneQuarantaine, ...]
    incidents: PartIncidents
    carnet: bool
    masque: bool
    a_recopier: str = ""

    @property
    def titre_confirmation(self) -> str:
        """Ce que l'on confirme : un accord entier, ou tout sauf ce qui va au jury."""
        return "Rien à régler ensemble" if self.au_jury else "Rien ne diffère"

    @property
    def geste_confirmation(self) -> str:
        """Ce que dit le bouton qui confirme."""
        return "Confirmer, et laisser ces points au jury" if self.au_jury else "Confirmer ce résultat commun"

    @property
    def url_accord(self) -> str:
        """Où s'envoie une position."""
        return reverse("evaluation:accord", args=[self.epreuve.id])


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
    carnet: bool,
    masque: bool = False,
    peut_ressaisir: bool = False,
    incidents: PartIncidents | None = None,
    confirmees: Collection[UUID] = (),
    a_contresigner: bool = False,
    commune: bool = False,
    vacantes: Collection[Qualite] = (),
    quarantaine: Sequence[GestesAPart] = (),
    a_verifier: Sequence[VueAVerifier] = (),
    recusations: Sequence[VueRecusation] = (),
    noms: Mapping[UUID, str] = MappingProxyType({}),
    refusee: SaisieRefusee | None = None,
) -> PageEpreuve:
    """La page d'une épreuve, selon qui la lit.

    `refusee` : ce qui vient d'être écrit sans être enregistré, rendu à sa place ; sa place disparue, à recopier.

    `vacantes` : les places où quelqu'un est à nommer ; `quarantaine` : ce qui attend le gestionnaire, avec les `noms` de qui l'a noté ;
    `carnet` : le dossier en a un, que l'on peut ouvrir.
    """
    qualite = epreuve.qualite_de(lecteur.id)
    par_qualite = {e.qualite: e.nom for e in epreuve.evaluateurs}
    par_personne = {e.personne: e.nom for e in epreuve.evaluateurs}
    ouvert = qualite is not None and epreuve.etat == "lectures_scellees"
    concordent = ecarts is not None and not ecarts.a_regler and epreuve.etat == "lectures_scellees"
    balle = _balle(lecteur, epreuve, lectures, ecarts, confirmees, aujourdhui)
    if vacantes and not balle.a_vous:
        balle = Balle("Le gestionnaire", f"{A_NOMMER.capitalize()}.", balle.depuis, aujourdhui)
    elif commune and epreuve.etat in ("affectee", "en_cours"):
        balle = replace(balle, quoi=_quoi_en_commun(lectures))
    page = PageEpreuve(
        epreuve=epreuve,
        scellee=any(etat.scellee_le for etat in lectures if etat.evaluateur == lecteur.id),
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        quand=f"{date_courte(epreuve.jour)}, {epreuve.heure}",
        balle=balle,
        lectures=tuple(
            LigneLecture(
                etat.nom,
                str(etat.qualite.label),
                _statut_lecture(etat),
                moi=etat.evaluateur == lecteur.id,
                note=APRES_LECTURE if etat.apres_lecture and not etat.contresignee else "",
                fichier=reverse("evaluation:lecture", args=[epreuve.id, etat.qualite.value])
                if ecarts is not None and qualite is not None
                else "",
            )
            for etat in lectures
        ),
        differences=None
        if ecarts is None
        else (
            *(critere_qui_differe(d, bloc, par_qualite, par_personne, lecteur, ouvert=ouvert) for d in ecarts.criteres),
            *(condition_qui_differe(d, bloc, epreuve, lecteur, ouvert=ouvert) for d in ecarts.conditions),
        ),
        a_confirmer=concordent and qualite is not None and lecteur.id not in confirmees,
        confirmations=tuple(
            (e.nom, Statut(Ton.OUI, "confirmé") if e.personne in confirmees else Statut(Ton.ATTENTE, "à confirmer"))
            for e in epreuve.evaluateurs
        )
        if concordent
        else (),
        au_jury=ecarts is not None and ecarts.laisses_au_jury,
        exceptions=() if resultat is None else exceptions_du_resultat(bloc.epreuve, resultat),
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
                vacantes=bool(vacantes),
            )
        ),
        quarantaine=tuple(_ligne_quarantaine(epreuve, gestes, noms) for gestes in quarantaine),
        incidents=incidents or part_incidents(epreuve, (), peut_signaler=False, peut_gerer=peut_gerer),
        carnet=carnet,
        masque=masque,
    )
    return page if refusee is None else _rendre_la_saisie(page, refusee)


def _rendre_la_saisie(page: PageEpreuve, refusee: SaisieRefusee) -> PageEpreuve:
    """La page, où l'on retrouve ce que l'on vient d'écrire : dans son formulaire, s'il y est encore."""
    if refusee.champ == "quarantaine":
        lignes = tuple(
            replace(une, motif=refusee.motif) if str(une.evaluateur) == refusee.code else une
            for une in page.quarantaine
        )
        place, page = lignes != page.quarantaine, replace(page, quarantaine=lignes)
    else:
        points = tuple(
            replace(une, motif=refusee.motif, saisi=refusee.choix)
            if une.ouvert and (une.champ, une.code) == (refusee.champ, refusee.code)
            else une
            for une in page.differences or ()
        )
        place = points != (page.differences or ())
        page = replace(page, differences=points if page.differences is not None else None)
    return page if place else replace(page, a_recopier=refusee.motif)


def _statut_lecture(etat: EtatLecture) -> Statut:
    if etat.scellee_le is None:
        return Statut(Ton.ATTENTE, "pas encore scellée")
    fait = "contresignée" if etat.contresignee else "scellée"
    return Statut(Ton.OUI, f"{fait} le {date_courte(jour_civil(etat.scellee_le))}")


_POURQUOI_A_PART = {
    PLUS_AFFECTE: "Cette personne n’était plus affectée à l’épreuve quand ils sont arrivés.",
    EPREUVE_CLOSE: "L’épreuve était déjà annulée ou close, ou son dossier clos, quand ils sont arrivés.",
}


def _ligne_quarantaine(epreuve: VueEpreuve, gestes: GestesAPart, noms: Mapping[UUID, str]) -> LigneQuarantaine:
    affecte = epreuve.qualite_de(gestes.evaluateur) is not None
    quand = f"{date_courte(jour_civil(gestes.dernier_recu))}, {heure(gestes.dernier_recu)}"
    return LigneQuarantaine(
        evaluateur=gestes.evaluateur,
        phrase=f"{pluriel(gestes.nombre, 'geste')} {de(noms[gestes.evaluateur])}, "
        f"{'reçu' if gestes.nombre == 1 else 'reçus'} le {quand}",
        pourquoi=_POURQUOI_A_PART.get(
            gestes.motif, "Cette personne n’était plus admise à évaluer quand ils sont arrivés."
        ),
        reprenable=affecte and epreuve.attend,
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
    depuis = None if epreuve.tait_son_debut(lecteur.id) else jour_civil(epreuve.depuis)
    match epreuve.etat:
        case "a_planifier":
            return Balle("Le gestionnaire", "Affecter les deux évaluateurs.", depuis, aujourdhui)
        case "affectee" | "en_cours":
            attendus = {e.evaluateur: e.nom for e in lectures if e.scellee_le is None}
            quoi = "Remplir la grille, seul, puis la sceller."
        case "suspendue":
            return Balle("Le gestionnaire", EPREUVE.etat("suspendue").attend, depuis, aujourdhui)
        case "lectures_scellees" if ecarts is not None and not ecarts.a_regler:
            attendus = {e.evaluateur: e.nom for e in lectures if e.evaluateur not in confirmees}
            quoi = (
                "Confirmer, d’un geste : ce que l’un n’a pas pu observer ira au jury."
                if ecarts.laisses_au_jury
                else "Confirmer, d’un geste, ce sur quoi les deux lectures concordent."
            )
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


def _quoi_en_commun(lectures: Sequence[EtatLecture]) -> str:
    """Ce qui s'attend quand le règlement demande une seule grille, tenue par l'un et contresignée par l'autre."""
    if any(etat.scellee_le for etat in lectures):
        return "Contresigner la lecture commune, ou sceller une autre grille."
    return "L’un remplit la grille commune et la scelle ; l’autre la contresigne."


def _attend(difference: Difference | DifferenceDeCondition, evaluateur: UUID) -> bool:
    """Cette personne doit encore se prononcer : elle ne l'a pas fait, ou l'autre a dit autre chose depuis."""
    return evaluateur not in difference.positions or len(difference.positions) == 2


_PAPIER = ("affectee", "en_cours", "suspendue", "lectures_scellees")


def _en_attente(epreuve: VueEpreuve, aujourdhui: date) -> bool:
    """Vrai quand l'épreuve attend ses évaluateurs, son jour venu : le gestionnaire peut décider d'une suite."""
    if epreuve.etat == "affectee":
        return epreuve.jour < aujourdhui
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
    vacantes: bool,
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
        a_remplir = mienne.scellee_le is None and epreuve.etat in ("affectee", "en_cours") and epreuve.dossier.ouvert
        libelle = "Remplir ma grille" if a_remplir else "Relire ma grille"
        principale = a_remplir and not a_contresigner
        actions.append(Action(libelle, reverse("evaluation:grille", args=[epreuve.id]), principale=principale))
    if resultat is not None:
        actions.append(
            Action(
                "Lire le résultat", reverse("evaluation:resultat", args=[epreuve.dossier.id]), principale=not actions
            )
        )
    if epreuve.evaluateurs and (peut_ressaisir or mienne is not None) and epreuve.etat in _PAPIER:
        libelle = "Grilles papier" if peut_ressaisir else "Ma grille papier"
        actions.append(Action(libelle, reverse("evaluation:papier", args=[epreuve.id])))
    if lecteur.id == epreuve.dossier.candidat and epreuve.etat in AVANT_L_EPREUVE and epreuve.evaluateurs:
        actions.append(Action("Récuser un évaluateur", reverse("convocations:recuser", args=[epreuve.id])))
    if peut_gerer and epreuve.etat in AVANT_L_EPREUVE:
        actions.append(
            Action(
                "Affecter les évaluateurs" if epreuve.etat == "a_planifier" else "Changer les évaluateurs",
                reverse("convocations:affecter", args=[epreuve.id]),
                principale=epreuve.etat == "a_planifier" and not actions,
            )
        )
    if peut_gerer and epreuve.etat in ("affectee", "en_cours", "suspendue"):
        actions.append(Action("Convocations", reverse("convocations:convocations", args=[epreuve.id])))
    if peut_gerer and epreuve.etat in AVANT_L_EPREUVE:
        actions.append(Action("Déplacer l’épreuve", reverse("convocations:deplacer", args=[epreuve.id])))
    if (peut_gerer or mienne is not None) and epreuve.etat not in ("a_planifier", "annulee"):
        actions.append(Action("Présence et identité", reverse("convocations:presence", args=[epreuve.id])))
    if peut_gerer and epreuve.etat in (*AVANT_L_EPREUVE, "en_cours"):
        actions.append(Action("Annuler l’épreuve", reverse("convocations:annuler", args=[epreuve.id]), grave=True))
    if peut_gerer and en_attente:
        libelle = "Nommer un autre évaluateur" if vacantes else "Un évaluateur tarde ou est empêché"
        url = reverse("evaluation:suites", args=[epreuve.id])
        actions.append(Action(libelle, url, principale=vacantes and not actions))
    return actions
