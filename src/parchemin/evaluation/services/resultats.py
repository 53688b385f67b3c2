"""Établir le résultat d'une épreuve : le constat commun, scellé, avec le verdict du moteur et les deux empreintes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from moteur.decision import DecisionBloc, decider
from moteur.empreinte import canonique, empreinte
from moteur.referentiel import Bloc
from moteur.regles.second_regard import Motif, motifs
from moteur.vocabulaire import Etat
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.convocations.services import passer_epreuve
from parchemin.evaluation.enums import Action, NatureResultat, Position
from parchemin.evaluation.evenements import ResultatEtabli
from parchemin.evaluation.models import Resultat
from parchemin.evaluation.sceaux import sceau_resultat
from parchemin.evaluation.selectors import (
    Difference,
    DifferenceDeCondition,
    Ecarts,
    bloc_de,
    confirmations,
    ecarts_de,
    lectures_scellees,
    reglement_du_jour,
)
from parchemin.evaluation.services import seconds_regards
from parchemin.parcours.services import verrouiller_dossier
from parchemin.referentiels.selectors import norme
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer


def etablir_resultat(
    *, epreuve: VueEpreuve, auteur: Acteur, maintenant: datetime, motif: str = "", commune: bool = False
) -> None:
    """Scelle le résultat quand plus rien ne reste à régler ; le dossier est « évalué » quand il ne reste rien à juger.

    À n'appeler que sous le verrou de l'épreuve, les deux lectures scellées. Ce qui n'est pas réglé est laissé au jury :
    `motif` dit alors pourquoi (une carence, voir `services.carences`). `commune` : une lecture contresignée par l'autre.
    """
    bloc = bloc_de(auteur, epreuve)
    lectures = lectures_scellees(epreuve.id)
    ecarts = ecarts_de(auteur, epreuve, lectures)
    reglees = ecarts.criteres
    with acte(auteur=auteur, maintenant=maintenant, action=Action.RESULTAT_ETABLI) as journal:
        verrouiller_dossier(epreuve.dossier.id)  # deux blocs finis à la fois : le second voit le résultat du premier
        etats = _etats_communs(bloc, lectures[Qualite.METIER].etats, reglees)
        sel = secrets.token_hex(16)
        decision = decider(norme(auteur, epreuve.norme), etats, blocs=(bloc.code,))
        nature = NatureResultat.COMMUNE if commune else _nature(ecarts)
        a_relire = _a_relire(epreuve, decision.bloc(bloc.code), reglees, nature, auteur, maintenant)
        contenu: dict[str, Any] = {
            "accords": {
                d.critere: {"choix": _choix(d).value, "positions": sorted(str(p.id) for p in d.positions.values())}
                for d in reglees
            },
            "apres_lecture": sorted(qualite.value for qualite, lecture in lectures.items() if lecture.apres_lecture),
            "bloc": bloc.code,
            "conditions": {ecart.condition: _choix(ecart).value for ecart in ecarts.conditions},
            "confirmations": sorted(map(str, confirmations(auteur, epreuve.id))),
            "criteres": {code: etat.value for code, etat in etats.items()},
            "differaient": [difference.critere for difference in reglees],
            "dossier": str(epreuve.dossier.id),
            "durees_amenagees": dict(lectures[Qualite.METIER].durees),
            "epreuve": str(epreuve.id),
            "exceptions": [
                {"condition": code, "motif": dit, "qualite": qualite.value}
                for qualite, lecture in sorted(lectures.items())
                for code, dit in sorted(lecture.conditions.exceptions.items())
            ],
            "etabli_le": maintenant.isoformat(timespec="milliseconds"),
            "lectures": {qualite.value: lecture.empreinte for qualite, lecture in lectures.items()},
            "motif": motif,
            "norme": epreuve.norme,
            "second_regard": [motif.value for motif in a_relire],
            "sel": sel,
            "verdict": decision.en_json(),
        }
        resultat = Resultat.objects.create(
            epreuve_id=epreuve.id,
            nature=nature,
            etabli_le=maintenant,
            norme=epreuve.norme,
            sel=sel,
            canonique=canonique(contenu).decode("utf-8"),
            empreinte=empreinte(contenu),
        )
        passer_epreuve(epreuve=epreuve.id, vers="accordee", auteur=auteur, maintenant=maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve.id),
            donnees={"resultat": resultat.pk, "nature": resultat.nature, "bloc": bloc.code},
            scelles=[sceau_resultat(resultat)],
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )
        annoncer(ResultatEtabli(epreuve.id, epreuve.dossier.id, bloc.code, maintenant))
        if a_relire:
            seconds_regards.demander(epreuve=epreuve, motifs=a_relire, auteur=auteur, maintenant=maintenant)
        seconds_regards.avancer_dossier(epreuve.dossier.id, auteur, maintenant)


def _a_relire(
    epreuve: VueEpreuve,
    decision: DecisionBloc,
    reglees: Sequence[Difference],
    nature: NatureResultat,
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[Motif, ...]:
    """Les motifs d'un second regard, si le règlement en demande."""
    if not reglement_du_jour(auteur, epreuve, maintenant).valeur("second_regard"):
        return ()
    return motifs(
        acquis=decision.acquis,
        marge=decision.marge,
        bascule=decision.bascule,
        differaient=[difference.critere for difference in reglees],
        sans_accord=nature == NatureResultat.DESACCORD,
    )


def _choix(ecart: Difference | DifferenceDeCondition) -> Position:
    """Ce sur quoi les deux s'accordent ; ce qui n'est pas réglé est laissé au jury."""
    return ecart.regle or Position.DESACCORD


def _etats_communs(bloc: Bloc, lecture: Mapping[str, Etat], reglees: Sequence[Difference]) -> dict[str, Etat]:
    """Ce sur quoi les lectures s'accordent, puis ce qui est réglé ; un critère laissé au jury reste ouvert."""
    choix = {difference.critere: _choix(difference) for difference in reglees}
    etats = {code: etat for code, etat in lecture.items() if code not in choix}
    etats |= {code: Etat(regle.value) for code, regle in choix.items() if regle != Position.DESACCORD}
    return {critere.code: etats[critere.code] for critere in bloc.criteres() if critere.code in etats}


def _nature(ecarts: Ecarts) -> NatureResultat:
    if ecarts.aucun:
        return NatureResultat.CONCORDANT
    if ecarts.a_regler or ecarts.laisses_au_jury:
        return NatureResultat.DESACCORD
    return NatureResultat.ACCORDE
