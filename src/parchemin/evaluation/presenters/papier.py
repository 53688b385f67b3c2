"""Les pages de la grille papier : où en est chacune, ce qui se ressaisit, ce qui diffère entre deux saisies."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from moteur.etats import RESSAISIE
from moteur.referentiel import Bloc
from moteur.vocabulaire import Etat
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.selectors.papier import DifferenceDeSaisie, VueRessaisie
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Lien, LigneAFaire, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_courte, de, heure

_TONS = {
    "a_saisir": Ton.ATTENTE,
    "a_controler": Ton.ATTENTE,
    "a_regler": Ton.ATTENTE,
    "versee": Ton.OUI,
    "abandonnee": Ton.NEUTRE,
}
_ETATS = {
    Etat.VALIDE.value: "Validé",
    Etat.NON_VALIDE.value: "Non validé",
    Etat.NON_OBSERVE.value: "Non observé",
}
RIEN = "Rien, ou illisible"
MOT_DE_SAISIE = {
    "a_controler": "Votre saisie est gardée. Une autre personne fait la seconde, sans la voir.",
    "a_regler": "Votre saisie est gardée. Elle diffère de la première : réglez ce qui diffère, le papier en main.",
    "versee": "La grille papier est entrée dans la lecture de son évaluateur, qui la relit et la scelle. "
    "La photo de ses feuilles se joint encore ici, jusqu’à ce sceau.",
}
"""Ce que la page répond, selon l'état où en est la ressaisie."""


@dataclass(frozen=True, slots=True)
class GrillePapier:
    """La grille papier d'un évaluateur : son PDF, où en est sa ressaisie, ce que ce lecteur peut faire."""

    nom: str
    qualite: str
    pdf: str
    statut: Statut | None
    attend: str
    saisies: tuple[str, ...]
    pieces: tuple[Lien, ...]
    actions: tuple[Action, ...]
    joindre: str
    abandonner: str


@dataclass(frozen=True, slots=True)
class PagePapier:
    """Toute la page : une grille papier par évaluateur que ce lecteur a à connaître."""

    epreuve: VueEpreuve
    bloc: str
    grilles: tuple[GrillePapier, ...]
    equipe: bool
    sans_document: bool


def page_papier(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    bloc: Bloc,
    ressaisies: Sequence[VueRessaisie],
    *,
    equipe: bool,
    scellees: Collection[UUID],
) -> PagePapier:
    """`equipe` : ce lecteur peut ressaisir ; sinon c'est un évaluateur, qui ne voit que la sienne. `scellees` : qui a scellé."""
    grilles: list[GrillePapier] = []
    for evaluateur in epreuve.evaluateurs:
        if not equipe and evaluateur.personne != lecteur.id:
            continue
        siennes = [r for r in ressaisies if r.evaluateur == evaluateur.personne and r.qualite == evaluateur.qualite]
        grilles.append(
            _grille(
                lecteur,
                epreuve,
                evaluateur.nom,
                evaluateur.qualite,
                siennes[0] if siennes else None,
                equipe=equipe,
                scellee=evaluateur.personne in scellees,
                seule=not grilles and not ressaisies,
            )
        )
    en_place = {(e.personne, e.qualite) for e in epreuve.evaluateurs}
    for restante in ressaisies if equipe else ():
        if restante.ouverte and (restante.evaluateur, restante.qualite) not in en_place:
            grilles.append(_sans_evaluateur(restante))
    return PagePapier(
        epreuve=epreuve,
        bloc=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        grilles=tuple(grilles),
        equipe=equipe,
        sans_document=bloc.epreuve.documents_remis.value == "interdits",
    )


def _grille(
    lecteur: Acteur,
    epreuve: VueEpreuve,
    nom: str,
    qualite: Qualite,
    derniere: VueRessaisie | None,
    *,
    equipe: bool,
    scellee: bool,
    seule: bool,
) -> GrillePapier:
    ouverte = derniere is not None and derniere.ouverte
    return GrillePapier(
        nom=nom,
        qualite=str(qualite.label),
        pdf=reverse("evaluation:papier_pdf", args=[epreuve.id, qualite.value]),
        statut=Statut(_TONS[derniere.etat], RESSAISIE.etat(derniere.etat).intitule.lower()) if derniere else None,
        attend=RESSAISIE.etat(derniere.etat).attend if derniere else "",
        saisies=tuple(
            f"{'Différences réglées' if s.rang == 3 else f'Saisie {s.rang}'} par {s.nom}, {_quand(s.le)}"
            for s in derniere.saisies
        )
        if derniere and equipe
        else (),
        pieces=tuple(
            Lien(
                f"Feuille {rang} ({piece.genre.label}), {piece.nom}",
                reverse("evaluation:piece_papier", args=[piece.id]),
            )
            for rang, piece in enumerate(derniere.pieces, start=1)
        )
        if derniere
        else (),
        actions=tuple(_actions(lecteur, epreuve, qualite, derniere, seule=seule)) if equipe else (),
        joindre=reverse("evaluation:joindre_papier", args=[derniere.id])
        if derniere and derniere.etat != "abandonnee" and not scellee
        else "",
        abandonner=reverse("evaluation:abandonner_papier", args=[derniere.id])
        if derniere and ouverte and equipe
        else "",
    )


def _sans_evaluateur(ressaisie: VueRessaisie) -> GrillePapier:
    """La ressaisie de qui n'évalue plus l'épreuve : elle ne peut plus entrer, il reste à l'abandonner."""
    return GrillePapier(
        nom=ressaisie.evaluateur_nom,
        qualite=str(ressaisie.qualite.label),
        pdf="",
        statut=Statut(Ton.ATTENTE, "à abandonner"),
        attend="Cette personne n’évalue plus l’épreuve : sa grille papier ne peut plus entrer dans une lecture.",
        saisies=(),
        pieces=(),
        actions=(),
        joindre="",
        abandonner=reverse("evaluation:abandonner_papier", args=[ressaisie.id]),
    )


def _actions(
    lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite, derniere: VueRessaisie | None, *, seule: bool
) -> list[Action]:
    """`seule` : aucune autre grille n'attend rien, et celle-ci est la première : son geste domine la page."""
    if derniere is None or not derniere.ouverte:
        if epreuve.etat not in ("affectee", "en_cours", "suspendue"):
            return []
        ouvrir = reverse("evaluation:ouvrir_papier", args=[epreuve.id, qualite.value])
        return [Action("Ressaisir cette grille", ouvrir, principale=seule)]
    if derniere.etat == "a_regler":
        if any(saisie.rang == 1 and saisie.auteur == lecteur.id for saisie in derniere.saisies):
            return []
        return [
            Action("Régler ce qui diffère", reverse("evaluation:regler_papier", args=[derniere.id]), principale=True)
        ]
    if derniere.a_saisi(lecteur.id):
        return []
    return [Action("Saisir la feuille", reverse("evaluation:saisir_papier", args=[derniere.id]), principale=True)]


def _quand(instant: datetime) -> str:
    return f"le {date_courte(jour_civil(instant))}, {heure(instant)}"


# Ce qui diffère ------------------------------------------------------------------------------------------------------


def differences_a_regler(
    bloc: Bloc, differences: Sequence[DifferenceDeSaisie]
) -> list[tuple[str, str, list[tuple[object, str]]]]:
    """Chaque différence : sa cible, son libellé, et les valeurs possibles avec leurs mots (les deux lues, puis les autres)."""
    lignes = []
    for difference in differences:
        valeurs: list[object] = []
        for valeur in (difference.une, difference.deux):
            if valeur is not None and valeur not in valeurs:
                valeurs.append(valeur)
        if difference.cible.startswith("critere:"):
            valeurs += [etat.value for etat in Etat if etat.value not in valeurs]
        choix = [(valeur, _mots(bloc, difference.cible, valeur)) for valeur in valeurs]
        lignes.append((difference.cible, _libelle(bloc, difference.cible), [*choix, (None, RIEN)]))
    return lignes


def _libelle(bloc: Bloc, cible: str) -> str:
    genre, _, code = cible.partition(":")
    rang = code.partition("-")[2]
    match genre:
        case "critere":
            critere = next((c for c in bloc.criteres() if c.code == code), None)
            return f"{code} {critere.intitule}" if critere else code
        case "commentaire":
            return f"Faits observés, {code}"
        case "phase":
            phase = bloc.epreuve.phase(code.partition(":")[0])
            return f"{phase.intitule}, en minutes" if phase else code
        case "entretien":
            return f"Entretien {rang}"
        case "courrier":
            return f"Courrier {rang}"
        case "competence_abordee":
            return f"Compétence abordée, {code}"
        case _:
            return {"alternative": "Voie", "lieu": "Lieu"}.get(genre, cible)


def _mots(bloc: Bloc, cible: str, valeur: object) -> str:
    voies = {voie.code: voie.intitule for voie in bloc.epreuve.alternatives}
    match valeur:
        case True:
            return "Cochée"
        case False:
            return "Non cochée"
        case int(minutes):
            return f"{minutes} min"
        case {"motif": motif, "preselectionne": preselectionne}:
            return f"{motif or 'sans motif'}, {'présélectionné' if preselectionne else 'non présélectionné'}"
        case {"alternative": voie}:
            return f"Noté ({voies[voie]})" if voie in voies else "Noté"
        case str(texte) if cible == "alternative":
            return voies.get(texte, texte)
        case str(texte) if cible.startswith("critere:"):
            return _ETATS.get(texte, texte)
        case _:
            return f"« {valeur} »"


# L'accueil -----------------------------------------------------------------------------------------------------------


def papiers_a_faire(
    lecteur: Acteur, ouvertes: Sequence[tuple[VueEpreuve, VueRessaisie]], jour: date
) -> tuple[AFaire, ...]:
    """La part de l'équipe : saisir, contrôler, régler ; ce qu'un autre doit faire est dit comme tel."""
    lignes = []
    for epreuve, ressaisie in ouvertes:
        verbe, autre = _a_faire_de(lecteur, ressaisie)
        depuis = jour_civil(ressaisie.depuis)
        ligne = LigneAFaire(
            quand=anciennete(depuis, jour),
            titre=f"{verbe} la grille papier {de(ressaisie.evaluateur_nom)} ({epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]})",
            pourquoi=RESSAISIE.etat(ressaisie.etat).attend,
            action=Action("Voir la grille papier", reverse("evaluation:papier", args=[epreuve.id])),
        )
        lignes.append(AFaire(depuis, ligne, chez_les_autres=autre))
    return tuple(lignes)


def _a_faire_de(lecteur: Acteur, ressaisie: VueRessaisie) -> tuple[str, bool]:
    """Le verbe, et vrai si c'est à quelqu'un d'autre."""
    if ressaisie.etat == "a_regler":
        return "Régler", any(s.rang == 1 and s.auteur == lecteur.id for s in ressaisie.saisies)
    return "Saisir" if ressaisie.etat == "a_saisir" else "Contrôler", ressaisie.a_saisi(lecteur.id)
