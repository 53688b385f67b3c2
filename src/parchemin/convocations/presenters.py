"""Ce que montrent les pages des convocations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from moteur.regles.evaluateur_admissible import GenreLien
from parchemin.comptes.selectors import AU_PLUS, Proposition
from parchemin.convocations.enums import GenreIncident, Qualite, SuiteIncident
from parchemin.convocations.permissions import raisons
from parchemin.convocations.selectors import (
    Examine,
    VueAVerifier,
    VueEpreuve,
    VueIncident,
    VueRecusation,
    VueSignalement,
)
from parchemin.socle.cles import cle_recherche
from parchemin.socle.composants import Action, AFaire, Colonne, Lien, LigneAFaire, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_courte, date_en_clair, date_longue, heure, pluriel

_TONS = {
    "a_planifier": Ton.ATTENTE,
    "affectee": Ton.INFO,
    "en_cours": Ton.INFO,
    "lectures_scellees": Ton.ATTENTE,
    "accordee": Ton.OUI,
    "suspendue": Ton.ATTENTE,
    "non_evaluee": Ton.NEUTRE,
    "annulee": Ton.NEUTRE,
}
_GENRES_COURTS = {
    GenreIncident.ABSENT: "candidat absent",
    GenreIncident.EXCUSE: "candidat excusé",
    GenreIncident.INTERROMPU: "épreuve interrompue",
    GenreIncident.ACCORD_RETIRE: "accord d’un usager retiré",
    GenreIncident.PANNE: "panne technique",
    GenreIncident.FRAUDE: "soupçon de fraude",
}
_SUITES = {
    SuiteIncident.REPRENDRE: "reprise, sur la même grille",
    SuiteIncident.REPLANIFIER: "replanifiée",
    SuiteIncident.CLORE: "close : le bloc est non évalué",
}
_CE_QUE_CELA_FAIT = {
    SuiteIncident.REPRENDRE: "Reprendre : les évaluateurs continuent la même grille",
    SuiteIncident.REPLANIFIER: "Replanifier : la même épreuve, à une autre date",
    SuiteIncident.CLORE: "Clore : le bloc est non évalué, jamais non acquis",
}
MOT_DE_SUITE = {
    SuiteIncident.REPRENDRE: "L'épreuve reprend : les évaluateurs continuent leur grille.",
    SuiteIncident.REPLANIFIER: "L'épreuve est replanifiée.",
    SuiteIncident.CLORE: "L'épreuve est close. Le bloc est non évalué : une autre épreuve peut se planifier.",
}
"""Ce que la page répond au gestionnaire, suite par suite."""


@dataclass(frozen=True, slots=True)
class PageListe:
    """Les épreuves du lecteur : celles qui viennent ou attendent encore, jour par jour, puis les terminées."""

    jours: tuple[tuple[str, Tableau], ...]
    terminees: Tableau | None
    vide: Vide | None


def page_liste(epreuves: Sequence[VueEpreuve]) -> PageListe:
    """Ce qui reste à faire, le plus ancien d'abord ; puis ce qui est fini, le plus récent d'abord."""
    par_jour: dict[date, list[VueEpreuve]] = {}
    terminees = []
    for epreuve in epreuves:
        if epreuve.etat in EPREUVE.terminaux:
            terminees.append(epreuve)
        else:
            par_jour.setdefault(jour_civil(epreuve.prevue_le), []).append(epreuve)
    return PageListe(
        jours=tuple(
            (date_longue(jour).capitalize(), _tableau(f"Épreuves du {date_courte(jour)}", "Heure", du_jour))
            for jour, du_jour in par_jour.items()
        ),
        terminees=_tableau("Épreuves terminées", "Jour", terminees[::-1]) if terminees else None,
        vide=None
        if epreuves
        else Vide(
            "Aucune épreuve", "Une épreuve apparaît ici dès qu’elle est planifiée depuis le dossier d’un candidat."
        ),
    )


def _tableau(legende: str, quand: str, epreuves: Sequence[VueEpreuve]) -> Tableau:
    """`quand` : « Heure » (le jour est alors dans le titre) ou « Jour »."""
    return Tableau(
        legende=legende,
        colonnes=(
            Colonne("Candidat"),
            Colonne("Bloc"),
            Colonne(quand),
            Colonne("Lieu", discrete=True),
            Colonne("Évaluateurs", discrete=True),
            Colonne("État"),
        ),
        lignes=tuple(
            (
                Lien(epreuve.dossier.candidat_nom, reverse("evaluation:voir", args=[epreuve.id])),
                f"Bloc {epreuve.bloc[1:]}",
                heure(epreuve.prevue_le) if quand == "Heure" else jour_civil(epreuve.prevue_le),
                epreuve.lieu,
                ", ".join(e.nom for e in epreuve.evaluateurs) or None,
                statut(epreuve),
            )
            for epreuve in epreuves
        ),
    )


@dataclass(frozen=True, slots=True)
class Ecartes:
    """Qui tient le rôle et ne peut pas évaluer cette épreuve, avec la raison."""

    titre: str
    tableau: Tableau
    ouvert: bool
    suite: str


PERSONNE_NE_REPOND = "Aucun évaluateur admissible ne porte ce nom ; plus bas, qui est écarté, et pourquoi."
PERSONNE_DU_TOUT = (
    "Aucun évaluateur admissible ne porte ce nom, ni aucun de ceux qui sont écartés : essayez un seul mot."
)
PERSONNE_N_EST_ADMISSIBLE = "Personne n’est admissible en cette qualité : plus bas, ce qui écarte chacun."
SE_LIT_D_UN_COUP_D_OEIL = 8
"""Au-delà, un menu dont l'ordre est celui des charges se cherche par un nom."""


def propositions_evaluateurs(
    examines: Sequence[Examine], cherche: str, choisi: str, pris: str = "", pris_en: Qualite | None = None
) -> Proposition:
    """Quelques admissibles qui répondent à la recherche, les moins chargés d'abord : « Hugo Bernard — 2 épreuves à venir ».

    Qui est déjà choisi reste proposé, même écarté : le refus dira pourquoi. Qui est `pris` pour l'autre qualité ne l'est pas.
    """
    trouves = [e for e in examines if e.avis.admissible and _repond(e, cherche) and str(e.personne) != pris]
    garde = [e for e in examines if str(e.personne) == choisi and e not in trouves[:AU_PLUS]]
    return Proposition(
        tuple(
            (
                str(e.personne),
                f"{e.nom} — {pluriel(e.charge, 'épreuve', 'épreuves')} en cours" if e.charge else e.nom,
            )
            for e in (*garde, *trouves[:AU_PLUS])
        ),
        len(trouves) > AU_PLUS,
        a_chercher=len(examines) > SE_LIT_D_UN_COUP_D_OEIL,
        si_personne=_si_personne(examines, cherche, pris, pris_en),
    )


def _si_personne(examines: Sequence[Examine], cherche: str, pris: str, pris_en: Qualite | None) -> str:
    """Ce que dit un menu vide."""
    autre = next((e for e in examines if e.avis.admissible and str(e.personne) == pris and _repond(e, cherche)), None)
    if autre is not None and pris_en is not None:
        return f"{autre.nom} est déjà {_CHOISI_COMME[pris_en]} ; deux personnes sont nécessaires."
    if not cherche.strip():
        return PERSONNE_N_EST_ADMISSIBLE
    ecarte = any(not e.avis.admissible and _repond(e, cherche) for e in examines)
    return PERSONNE_NE_REPOND if ecarte else PERSONNE_DU_TOUT


_CHOISI_COMME = {
    Qualite.METIER: "choisi comme représentant métier",
    Qualite.CERTIFICATEUR: "choisi pour l’organisme certificateur",
}


def sans_personne(examines: Mapping[Qualite, Sequence[Examine]], pris: Mapping[Qualite, str]) -> tuple[str, ...]:
    """Ce qui manque pour tenir l'épreuve, qualité par qualité, hors toute recherche ; vide s'il y a quelqu'un pour chacune.

    `pris` : qui est déjà choisi pour l'autre qualité. Une qualité où il ne reste que lui n'a personne.
    """
    return tuple(
        f"Personne n’est admissible comme {qualite.label}."
        for qualite, lignes in examines.items()
        if not any(e.avis.admissible and str(e.personne) != pris[qualite] for e in lignes)
    )


def pourquoi_ecarte(examine: Examine) -> str:
    """Ce qui écarte quelqu'un, en mots ; d'un rôle qu'il n'a pas ce jour-là, depuis ou à partir de quand."""
    if examine.fini_le is not None:
        return f"n’a plus ce rôle depuis le {date_en_clair(examine.fini_le)}"
    if examine.commence_le is not None:
        return f"n’a ce rôle qu’à partir du {date_en_clair(examine.commence_le)}"
    return raisons(examine.avis.obstacles)


def _repond(examine: Examine, cherche: str) -> bool:
    """Vrai si chaque mot cherché commence un mot de ce nom, sans accents ni casse."""
    mots = cle_recherche(examine.nom).split()
    return all(any(mot.startswith(debut) for mot in mots) for debut in cle_recherche(cherche).split())


def ecartes(
    examines: Mapping[Qualite, Sequence[Examine]], cherches: Mapping[str, str], *, ouverts: bool = False
) -> tuple[Ecartes, ...]:
    """Ceux que la barrière écarte, par qualité ; le genre du lien, jamais la nature d'un lien personnel.

    Une recherche ne garde que ceux qui y répondent, et s'ouvre (`ouverts` : tout s'ouvre) ; au-delà de quelques noms, il faut chercher.
    """
    pages = []
    for qualite, lignes in examines.items():
        cherche = cherches.get(qualite.value, "").strip()
        hors = [e for e in lignes if not e.avis.admissible and _repond(e, cherche)]
        if not hors:
            continue
        tableau = Tableau(
            f"Écartés, {qualite.label}",
            (Colonne("Personne"), Colonne("Pourquoi")),
            tuple((e.nom, majuscule(pourquoi_ecarte(e))) for e in hors[:AU_PLUS]),
        )
        reste = len(hors) - AU_PLUS
        pages.append(
            Ecartes(
                f"{majuscule(qualite.label)} : {pluriel(len(hors), 'personne écartée', 'personnes écartées')}",
                tableau,
                ouvert=ouverts or bool(cherche),
                suite=f"Et {reste} de plus : cherchez un nom pour savoir ce qui l’écarte." if reste > 0 else "",
            )
        )
    return tuple(pages)


def phrases_a_verifier(signales: Sequence[VueAVerifier]) -> tuple[str, ...]:
    """« Hugo Bernard ne peut plus évaluer cette épreuve : lien hiérarchique avec le candidat. »"""
    return tuple(
        f"{s.evaluateur_nom} ne peut plus évaluer cette épreuve : {raisons(s.obstacles)}. Choisissez un autre évaluateur."
        for s in signales
    )


_MOTS_DE_LIEN = {
    GenreLien.TUTORAT: "devenu son tuteur",
    GenreLien.ATTESTATION: "devenu son manager",
    GenreLien.FORMATION: "devenu son formateur",
    GenreLien.ACCOMPAGNEMENT: "devenu son accompagnateur",
    GenreLien.HIERARCHIQUE: "lien hiérarchique",
    GenreLien.PROFESSIONNEL: "relation professionnelle",
    GenreLien.PERSONNEL: "lien personnel",
    GenreLien.DELIBERATION_ANNULEE: "membre d'une délibération annulée",
}


def phrases_au_jury(dits: Sequence[VueSignalement]) -> tuple[str, ...]:
    """Ce que le jury lira : un lien né depuis l'épreuve, qui n'écartait rien ; un lien su trop tard, qui aurait écarté."""
    phrases = []
    for dit in dits:
        qui = f"Bloc {dit.bloc[1:]}, {dit.evaluateur_nom}"
        if dit.nes_apres:
            quoi = ", ".join(_MOTS_DE_LIEN[genre] for genre in dit.nes_apres)
            phrases.append(f"{qui} : {quoi}, depuis l’épreuve. L’évaluation reste valable ; le jury en est averti.")
        if dit.sus_apres:
            phrases.append(f"{qui} : {raisons(dit.sus_apres)}, su après l’accord. Le jury en décidera.")
    return tuple(phrases)


def majuscule(texte: str) -> str:
    """Le texte, sa première lettre en capitale."""
    return texte[:1].upper() + texte[1:]


def statut(epreuve: VueEpreuve) -> Statut:
    """L'état d'une épreuve, sa forme et son mot."""
    return Statut(_TONS[epreuve.etat], EPREUVE.etat(epreuve.etat).intitule.lower())


@dataclass(frozen=True, slots=True)
class LigneIncident:
    """Un incident, tel que ce lecteur peut le lire : ce que c'est, qui l'a dit, ce qui fut décidé."""

    titre: str
    quand: str
    motif: str
    suite: str
    reponse: str
    nouvelle: str


@dataclass(frozen=True, slots=True)
class PartIncidents:
    """La part des incidents sur la page d'une épreuve : ceux qu'il y eut, et ce que ce lecteur peut faire."""

    lignes: tuple[LigneIncident, ...]
    suspendue: bool
    trancher: Action | None
    signaler: Action | None


def part_incidents(
    epreuve: VueEpreuve, incidents: Sequence[VueIncident], *, peut_signaler: bool, peut_gerer: bool
) -> PartIncidents:
    """`peut_signaler` : ce lecteur le peut, et l'épreuve n'est pas finie."""
    suspendue = epreuve.etat == "suspendue"
    return PartIncidents(
        lignes=lignes_incidents(incidents),
        suspendue=suspendue,
        trancher=Action("Décider de la suite", reverse("convocations:suite", args=[epreuve.id]), principale=True)
        if suspendue and peut_gerer
        else None,
        signaler=Action("Signaler un incident", reverse("convocations:signaler", args=[epreuve.id]))
        if peut_signaler
        else None,
    )


def lignes_incidents(
    incidents: Sequence[VueIncident], *, attendus_seulement: bool = False
) -> tuple[LigneIncident, ...]:
    """Le plus récent d'abord ; `attendus_seulement` : ceux qui attendent encore leur suite."""
    return tuple(
        LigneIncident(
            titre=str(incident.genre.label) if incident.genre else "Un incident a suspendu l’épreuve",
            quand=f"Signalé le {date_longue(jour_civil(incident.le))} à {heure(incident.le)}"
            + (f", par {incident.auteur_nom}" if incident.auteur_nom else ""),
            motif=incident.motif,
            suite=f"Décidé le {date_longue(jour_civil(incident.tranche_le))} : {_SUITES[incident.suite]}"
            if incident.suite and incident.tranche_le
            else "",
            reponse=incident.reponse,
            nouvelle=reverse("evaluation:voir", args=[incident.nouvelle]) if incident.nouvelle else "",
        )
        for incident in incidents
        if not (attendus_seulement and incident.suite)
    )


def choix_de_suite(suites: Sequence[SuiteIncident], *, a_neuf: bool) -> list[tuple[SuiteIncident, str]]:
    """Ce que le gestionnaire peut décider, et ce que cela fera ; `a_neuf` : replanifier ouvre une autre épreuve."""
    dits = _CE_QUE_CELA_FAIT | (
        {
            SuiteIncident.REPLANIFIER: "Replanifier : une nouvelle épreuve, sur une grille vierge ; celle-ci est non évaluée"
        }
        if a_neuf
        else {}
    )
    return [(suite, dits[suite]) for suite in suites]


def _ce_qui_manque(epreuve: VueEpreuve) -> str:
    """Ce qu'attend une épreuve qui a une date : ses deux évaluateurs, ou celui qui s'est retiré ou qu'on a récusé."""
    presents = {e.qualite: e.nom for e in epreuve.evaluateurs}
    manquent = [qualite for qualite in Qualite if qualite not in presents]
    if len(manquent) == 1:
        (reste,) = presents.values()
        return f"{reste} reste affecté ; un {_IL_MANQUE[manquent[0]]} n’évalue plus, et attend son remplaçant."
    return "L’épreuve a une date ; il lui manque un représentant métier et un évaluateur du certificateur."


_IL_MANQUE = {Qualite.METIER: "représentant métier", Qualite.CERTIFICATEUR: "évaluateur du certificateur"}


def a_faire(
    epreuves: Sequence[VueEpreuve],
    jour: date,
    signalees: Mapping[UUID, Sequence[VueAVerifier]],
    recusations: Sequence[VueRecusation],
    incidents: Mapping[UUID, Sequence[GenreIncident]],
) -> tuple[AFaire, ...]:
    """La part du gestionnaire : indépendances, récusations, incidents, épreuves sans évaluateurs ; puis ce qui tarde."""
    lignes = []
    attendues = {r.epreuve: r for r in recusations if r.etat == "deposee"}
    for epreuve in epreuves:
        quand = jour_civil(epreuve.prevue_le)
        candidat = epreuve.dossier.candidat_nom
        if epreuve.id in signalees:
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Remplacer un évaluateur de {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=" ".join(phrases_a_verifier(signalees[epreuve.id])),
                action=Action("Vérifier", reverse("evaluation:voir", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(quand, ligne))
        if epreuve.id in attendues:
            recusation = attendues[epreuve.id]
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Répondre à la récusation de {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"Le candidat récuse {recusation.evaluateur_nom} ; l’épreuve ne s’ouvre pas sans votre réponse.",
                action=Action("Répondre", reverse("convocations:trancher", args=[epreuve.id, recusation.id])),
                en_retard=quand <= jour,
            )
            lignes.append(AFaire(quand, ligne))
        if epreuve.etat == "suspendue":
            depuis = jour_civil(epreuve.depuis)
            genres = ", ".join(dict.fromkeys(_GENRES_COURTS[genre] for genre in incidents.get(epreuve.id, ())))
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre=f"Décider de la suite pour {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"L’épreuve est suspendue : {genres}. Rien ne se scelle avant votre décision.",
                action=Action("Décider", reverse("convocations:suite", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(depuis, ligne))
        elif epreuve.etat == "a_planifier":
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Affecter les évaluateurs de {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=_ce_qui_manque(epreuve),
                action=Action("Affecter", reverse("convocations:affecter", args=[epreuve.id])),
                en_retard=quand <= jour,
            )
            lignes.append(AFaire(quand, ligne))
        elif epreuve.etat in ("affectee", "en_cours", "lectures_scellees") and quand < jour:
            quoi = "S’accorder" if epreuve.etat == "lectures_scellees" else "Sceller les grilles"
            ligne = LigneAFaire(
                quand=anciennete(quand, jour),
                precision=", ".join(e.nom for e in epreuve.evaluateurs),
                titre=f"{quoi} : {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=EPREUVE.etat(epreuve.etat).attend,
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(quand, ligne, chez_les_autres=True))
    return tuple(lignes)
