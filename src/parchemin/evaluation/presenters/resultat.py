"""Le résultat d'un dossier : chaque bloc en rangées de points, sa marge, et le relevé de calcul qui l'explique."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import reverse

from moteur.decision import Decision, DecisionBloc
from moteur.referentiel import Bloc, Referentiel
from moteur.vocabulaire import Etat, Verdict
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.presenters.conditions import conditions_du_resultat
from parchemin.evaluation.selectors import Acquis, VueResultat, reste_a_juger
from parchemin.parcours.presenters import STATUTS_ACQUIS, acquis_en_phrase
from parchemin.parcours.selectors import VueBlocAcquis, VueDossier
from parchemin.socle.composants import BLOCS, COMPETENCES, Lien, RangeePoints, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair

NOMMES = 3
"""Au-delà, les critères qui font basculer se comptent au lieu de se nommer."""

_STATUTS = {
    True: Statut(Ton.OUI, "acquis"),
    False: Statut(Ton.NON, "non acquis"),
    None: Statut(Ton.ATTENTE, "à décider"),
}


@dataclass(frozen=True, slots=True)
class LigneCompetence:
    """Une compétence : sa rangée de points, et la phrase du relevé de calcul."""

    code: str
    libelle: str
    intitule: str
    points: RangeePoints
    compte: str
    statut: Statut
    raison: str
    manquants: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CarteBloc:
    """Un bloc du dossier. Sans résultat, `attente` dit où il en est et rien d'autre."""

    code: str
    titre: str
    statut: Statut
    lignes: tuple[LigneCompetence, ...] = ()
    points: RangeePoints | None = None
    resume: str = ""
    raison: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    marge: str = ""
    bascule: tuple[tuple[str, str], ...] = ()
    attente: str = ""
    lien: Lien | None = None
    nature: str = ""
    second_regard: str = ""
    lien_regard: Lien | None = None


@dataclass(frozen=True, slots=True)
class PageResultat:
    """Toute la page ; `url_releve` est vide tant qu'aucun bloc n'a de résultat. `masques` : le lecteur juge encore ce candidat."""

    dossier: VueDossier
    titre: str
    certification: Statut | None
    certification_raison: str
    certification_marge: str
    points_blocs: RangeePoints | None
    blocs: tuple[CarteBloc, ...]
    regles: tuple[str, ...]
    empreintes: tuple[tuple[str, str], ...]
    complet: bool
    url_releve: str
    masques: bool


def page_resultat(
    dossier: VueDossier,
    arbre: Referentiel,
    decision: Decision,
    resultats: Mapping[str, VueResultat],
    acquis: Acquis,
    courts: Mapping[str, str],
    regles: Sequence[str],
    regards: Mapping[str, tuple[str, Lien | None]] = MappingProxyType({}),
    *,
    masques: bool,
) -> PageResultat:
    """Le résultat, bloc par bloc, dans l'ordre du référentiel."""
    certification = decision.certification
    blocs = tuple(
        carte_acquise(arbre.bloc(b.code), acquis[b.code])
        if b.code in acquis
        else carte_bloc(arbre.bloc(b.code), b, resultats[b.code], courts, regards.get(b.code))
        if b.code in resultats
        else carte_en_attente(arbre.bloc(b.code), "Ce bloc n’a pas encore de résultat.")
        for b in decision.blocs
    )
    verdicts = [b.acquis for b in decision.blocs]
    return PageResultat(
        dossier=dossier,
        titre=dossier.candidat_nom,
        certification=_STATUTS[certification.acquis] if certification else None,
        certification_raison=certification.raison if certification else "",
        certification_marge=phrase_marge(certification.acquis, certification.marge, len(certification.bascule or ()))
        if certification
        else "",
        points_blocs=RangeePoints(
            verdicts.count(True), verdicts.count(False), verdicts.count(None), len(verdicts), BLOCS
        )
        if certification
        else None,
        blocs=blocs,
        regles=tuple(regles),
        empreintes=(
            ("Norme jugée", dossier.norme_empreinte),
            *((f"Résultat du bloc {vue.bloc[1:]}", vue.empreinte) for vue in resultats.values()),
        ),
        complet=not reste_a_juger(dossier, resultats, acquis),
        url_releve=reverse("evaluation:releve", args=[dossier.id]) if resultats else "",
        masques=masques,
    )


def carte_bloc(
    bloc: Bloc,
    decision: DecisionBloc,
    resultat: VueResultat,
    courts: Mapping[str, str],
    regard: tuple[str, Lien | None] | None = None,
) -> CarteBloc:
    """Un bloc jugé ; `regard` : ce que le lecteur peut savoir du second regard, et où l'ouvrir s'il le peut."""
    phrase, lien = regard or ("", None)
    criteres = {critere.code: critere.intitule for critere in bloc.criteres()}
    competences = {competence.code: competence for competence in bloc.competences()}
    acquises = decision.competences_acquises
    verdicts = [c.acquis for c in decision.detail]
    return CarteBloc(
        code=bloc.code,
        titre=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        statut=_STATUTS[decision.acquis],
        lignes=tuple(
            LigneCompetence(
                code=c.code,
                libelle=courts.get(c.code, competences[c.code].intitule),
                intitule=competences[c.code].intitule,
                points=RangeePoints(c.valides, c.criteres - c.valides - len(c.ouverts), len(c.ouverts), c.requis),
                compte=f"{c.valides} / {c.criteres}",
                statut=_STATUTS[c.acquis],
                raison=c.raison,
                manquants=tuple(
                    (critere.code, critere.intitule)
                    for critere in competences[c.code].criteres
                    if resultat.etats.get(critere.code) is not Etat.VALIDE
                ),
            )
            for c in decision.detail
        ),
        points=RangeePoints(acquises, verdicts.count(False), verdicts.count(None), decision.requis, COMPETENCES),
        resume=f"{acquises} {'compétence acquise' if acquises < 2 else 'compétences acquises'} sur "
        f"{decision.competences} ; il en faut {decision.requis}.",
        raison=decision.raison,
        conditions=conditions_du_resultat(bloc.epreuve, resultat),
        marge=phrase_marge(decision.acquis, decision.marge, len(decision.bascule or ())),
        bascule=tuple((code, criteres[code]) for code in decision.bascule or ())
        if decision.marge is not None and abs(decision.marge) == 1 and len(decision.bascule or ()) <= NOMMES
        else (),
        nature=_nature(resultat),
        second_regard=phrase,
        lien_regard=lien,
    )


def carte_en_attente(bloc: Bloc, attente: str, lien: Lien | None = None) -> CarteBloc:
    """Un bloc sans résultat : où il en est, jamais ce qu'en disent les lectures."""
    return CarteBloc(
        code=bloc.code,
        titre=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        statut=Statut(Ton.NEUTRE, "à venir"),
        attente=attente,
        lien=lien,
    )


def carte_acquise(bloc: Bloc, acquis: VueBlocAcquis) -> CarteBloc:
    """Un bloc acquis autrement : d'où on le tient, ce qui le prouve. Aucun critère n'y est dit observé, il n'a pas de marge."""
    return CarteBloc(
        code=bloc.code,
        titre=f"Bloc {bloc.code[1:]} — {bloc.intitule}",
        statut=STATUTS_ACQUIS[acquis.origine],
        attente=acquis_en_phrase(acquis),
    )


def phrase_marge(acquis: Verdict, marge: int | None, candidats: int) -> str:
    """« À un critère de la décision contraire. » ; vide quand il n'y a pas de marge.

    `candidats` : combien de critères sont dans un plus petit ensemble ; trop nombreux pour être nommés, ils se comptent.
    """
    if acquis is None or marge is None:
        return ""
    nombre = abs(marge)
    if nombre > 1:
        return f"À {nombre} critères de la décision contraire."
    if candidats > NOMMES:
        return f"À un critère de la décision contraire, n’importe lequel de {candidats}."
    return "À un critère de la décision contraire."


def _nature(resultat: VueResultat) -> str:
    le = date_en_clair(jour_civil(resultat.etabli_le))
    match resultat.nature:
        case NatureResultat.CONCORDANT:
            return f"Les deux lectures concordaient. Résultat scellé le {le}."
        case NatureResultat.COMMUNE:
            return f"Une lecture commune, contresignée par l’autre évaluateur le {le}."
        case NatureResultat.ACCORDE:
            differaient = ", ".join(resultat.differaient) or "les conditions de l’épreuve"
            return f"Les deux lectures différaient sur {differaient} ; les évaluateurs se sont accordés le {le}."
        case _:
            return f"Un désaccord reste ({', '.join(resultat.differaient) or 'les conditions de l’épreuve'}) : le jury reprendra le dossier."
