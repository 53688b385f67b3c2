"""La décision : les règles appliquées de bas en haut, avec leurs raisons.

Chaque étage ne voit que les réponses de l'étage du dessous : compétence d'après ses critères, bloc d'après ses
compétences, certification d'après ses blocs. C'est ce qui permet de tout prouver par énumération.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from moteur import raisons
from moteur.marge import Renversement, bascule, critere, marge, renverser
from moteur.referentiel import Bloc, Competence, Referentiel
from moteur.regles import bloc_valide, certification_obtenue, competence_validee
from moteur.vocabulaire import VERDICT_DE, Etat, Refus, Verdict


@dataclass(frozen=True, slots=True)
class DecisionCompetence:
    """Ce qui est décidé d'une compétence.

    `valides` critères validés sur `criteres`, quand il en faut `requis` ; `ouverts` : les codes non tranchés.
    `marge` et `bascule` sont définies dans `moteur.marge`.
    """

    code: str
    acquis: Verdict
    valides: int
    criteres: int
    requis: int
    ouverts: tuple[str, ...]
    marge: int | None
    bascule: tuple[str, ...] | None
    renversement: Renversement

    @property
    def raison(self) -> str:
        """Une phrase, et le code de la règle."""
        return raisons.competence(self.code, self.acquis, self.valides, self.criteres, self.requis, len(self.ouverts))


@dataclass(frozen=True, slots=True)
class DecisionBloc:
    """Ce qui est décidé d'un bloc ; `origine` dit par quelle autre voie il compte comme acquis, s'il y en a une."""

    code: str
    acquis: Verdict
    competences_acquises: int
    competences: int
    requis: int
    marge: int | None
    bascule: tuple[str, ...] | None
    detail: tuple[DecisionCompetence, ...]
    renversement: Renversement
    origine: str | None = None

    @property
    def raison(self) -> str:
        """Une phrase, et le code de la règle."""
        return raisons.bloc(
            self.code, self.acquis, self.competences_acquises, self.competences, self.requis, self.origine
        )


@dataclass(frozen=True, slots=True)
class DecisionCertification:
    """Ce qui est décidé de la certification ; `blocs_manquants` : ceux dont l'acquisition n'est pas certaine."""

    acquis: Verdict
    marge: int | None
    bascule: tuple[str, ...] | None
    blocs_manquants: tuple[str, ...]
    renversement: Renversement | None

    @property
    def raison(self) -> str:
        """Une phrase, et le code de la règle."""
        return raisons.certification(self.acquis, self.blocs_manquants)


@dataclass(frozen=True, slots=True)
class Decision:
    """La décision entière ; `certification` est `None` quand on n'a demandé que certains blocs."""

    referentiel: str
    certification: DecisionCertification | None
    blocs: tuple[DecisionBloc, ...]

    def bloc(self, code: str) -> DecisionBloc:
        """Ce qui est décidé de ce bloc. Lève `Refus("bloc_inconnu")` s'il n'est pas dans la décision."""
        for bloc in self.blocs:
            if bloc.code == code:
                return bloc
        raise Refus("bloc_inconnu", f"Le bloc « {code} » n'est pas dans cette décision.")

    def competence(self, code: str) -> DecisionCompetence:
        """Ce qui est décidé de cette compétence. Lève `Refus("competence_inconnue")` si elle n'y est pas."""
        for bloc in self.blocs:
            for competence in bloc.detail:
                if competence.code == code:
                    return competence
        raise Refus("competence_inconnue", f"La compétence « {code} » n'est pas dans cette décision.")

    def en_json(self) -> dict[str, object]:
        """La forme que rend `parchemin verdict`, sans l'`id` de la ligne."""
        certification = self.certification
        return {
            "certification": None if certification is None else json_de_certification(certification),
            "blocs": {bloc.code: json_de_bloc(bloc) for bloc in self.blocs},
        }


def decider(
    referentiel: Referentiel,
    etats: Mapping[str, Etat],
    *,
    blocs: Collection[str] | None = None,
    blocs_acquis: Mapping[str, str] | None = None,
) -> Decision:
    """Décide d'une grille : `etats` donne l'état des critères tranchés ; un critère absent est ouvert.

    `blocs` limite la décision à ces blocs (la certification n'est alors pas décidée) ; `blocs_acquis` donne les blocs
    acquis par une autre voie, et laquelle. Un bloc de `blocs_acquis` hors de `blocs` est sans effet.

    Lève `Refus` : `bloc_inconnu`, `critere_inconnu`, `critere_hors_blocs`, `etat_inconnu`, dans cet ordre.
    """
    origines = {} if blocs_acquis is None else blocs_acquis
    for code in (*(blocs or ()), *origines):
        referentiel.bloc(code)
    demandes = tuple(bloc for bloc in referentiel.blocs if blocs is None or bloc.code in blocs)
    tranches = _etats_verifies(referentiel, demandes, etats)
    decisions = tuple(
        decider_bloc(
            bloc,
            [
                decider_competence(competence, tranches, referentiel.seuil_competence.requis(len(competence.criteres)))
                for competence in bloc.competences()
            ],
            referentiel.seuil_bloc.requis(len(bloc.competences())),
            origines.get(bloc.code),
        )
        for bloc in demandes
    )
    return Decision(referentiel.nom(), decider_certification(decisions) if blocs is None else None, decisions)


def _etats_verifies(referentiel: Referentiel, demandes: Sequence[Bloc], etats: Mapping[str, str]) -> dict[str, Etat]:
    connus = {critere.code for critere in referentiel.criteres()}
    admis = {critere.code for bloc in demandes for critere in bloc.criteres()}
    for code in etats:
        if code not in connus:
            raise Refus(
                "critere_inconnu", f"Le critère « {code} » n'existe pas dans le référentiel {referentiel.nom()}."
            )
    for code in etats:
        if code not in admis:
            raise Refus("critere_hors_blocs", f"Le critère « {code} » n'appartient pas aux blocs demandés.")
    return {code: _etat(code, etat) for code, etat in etats.items()}


def _etat(code: str, etat: str) -> Etat:
    try:
        return Etat(etat)
    except ValueError as erreur:
        admis = ", ".join(Etat)
        raise Refus(
            "etat_inconnu", f"L'état « {etat} » du critère « {code} » n'est pas admis ; il faut l'un de : {admis}."
        ) from erreur


def decider_competence(competence: Competence, etats: Mapping[str, Etat], requis: int) -> DecisionCompetence:
    """Décide d'une compétence d'après l'état de ses critères ; un critère absent d'`etats` est ouvert."""
    verdicts = {k.code: VERDICT_DE[etats.get(k.code, Etat.NON_OBSERVE)] for k in competence.criteres}
    acquis = competence_validee.verdict(verdicts.values(), requis)
    renversement = renverser(requis, [critere(code, valide=verdict is True) for code, verdict in verdicts.items()])
    return DecisionCompetence(
        code=competence.code,
        acquis=acquis,
        valides=list(verdicts.values()).count(True),
        criteres=len(verdicts),
        requis=requis,
        ouverts=tuple([code for code, verdict in verdicts.items() if verdict is None]),
        marge=marge(acquis, renversement),
        bascule=bascule(acquis, renversement),
        renversement=renversement,
    )


def decider_bloc(
    bloc: Bloc, detail: Sequence[DecisionCompetence], requis: int, origine: str | None = None
) -> DecisionBloc:
    """Décide d'un bloc d'après ses compétences ; s'il a une `origine`, il compte comme acquis, et n'a pas de marge."""
    verdicts = [competence.acquis for competence in detail]
    renversement = renverser(requis, [competence.renversement for competence in detail])
    acquis = bloc_valide.verdict(verdicts, requis) if origine is None else True
    return DecisionBloc(
        code=bloc.code,
        acquis=acquis,
        competences_acquises=verdicts.count(True),
        competences=len(detail),
        requis=requis,
        marge=marge(acquis, renversement) if origine is None else None,
        bascule=bascule(acquis, renversement) if origine is None else (),
        detail=tuple(detail),
        renversement=renversement,
        origine=origine,
    )


def decider_certification(blocs: Sequence[DecisionBloc]) -> DecisionCertification:
    """Décide de la certification d'après tous ses blocs ; ceux acquis par une autre voie ne pèsent pas sur la marge.

    Quand tous le sont, rien ne peut plus la faire perdre : `marge` est `None` et `bascule` est vide.
    """
    acquis = certification_obtenue.verdict([bloc.acquis for bloc in blocs])
    enjeux = [bloc.renversement for bloc in blocs if bloc.origine is None]
    renversement = renverser(len(enjeux), enjeux) if enjeux else None
    return DecisionCertification(
        acquis=acquis,
        marge=None if renversement is None else marge(acquis, renversement),
        bascule=() if renversement is None else bascule(acquis, renversement),
        blocs_manquants=tuple([bloc.code for bloc in blocs if bloc.acquis is not True]),
        renversement=renversement,
    )


def json_de_competence(decision: DecisionCompetence) -> dict[str, object]:
    """La compétence, dans la forme de `parchemin verdict`."""
    return {
        "acquis": decision.acquis,
        "valides": decision.valides,
        "criteres": decision.criteres,
        "requis": decision.requis,
        "ouverts": list(decision.ouverts),
        "marge": decision.marge,
        "bascule": None if decision.bascule is None else list(decision.bascule),
    }


def json_de_bloc(decision: DecisionBloc) -> dict[str, object]:
    """Le bloc, dans la forme de `parchemin verdict` ; `origine` n'y est que si le bloc en a une."""
    return {
        **entete_de_bloc(decision),
        "bascule": None if decision.bascule is None else list(decision.bascule),
        "detail": {competence.code: json_de_competence(competence) for competence in decision.detail},
    }


def entete_de_bloc(decision: DecisionBloc) -> dict[str, object]:
    """Ce que la forme d'un bloc dit de lui sans nommer ni compétence ni critère."""
    origine = {} if decision.origine is None else {"origine": decision.origine}
    return {
        "acquis": decision.acquis,
        "competences_acquises": decision.competences_acquises,
        "competences": decision.competences,
        "requis": decision.requis,
        "marge": decision.marge,
        **origine,
    }


def json_de_certification(decision: DecisionCertification) -> dict[str, object]:
    """La certification, dans la forme de `parchemin verdict`."""
    return {
        "acquis": decision.acquis,
        "marge": decision.marge,
        "bascule": None if decision.bascule is None else list(decision.bascule),
        "blocs_manquants": list(decision.blocs_manquants),
    }
