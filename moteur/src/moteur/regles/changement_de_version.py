"""Qui change de version en cours de parcours garde ce qui est attesté d'une compétence restée la même, mot pour mot ; le reste est à attester, et rien de ce qui est jugé ne se rejuge.

Deux compétences sont la même si leurs mots et ceux de leurs critères sont les mêmes, dans le même ordre : on n'atteste que ce
que l'on a lu. Leur code peut avoir changé ; s'il désigne d'autres mots, il n'apparie rien. Les blocs demandés se retrouvent par
leur code ; qui demandait toute la certification la demande toute encore. Un bloc jugé garde sa norme, et ne se redemande pas.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from moteur.empreinte import empreinte
from moteur.referentiel import Competence, Referentiel
from moteur.vocabulaire import Refus

CODE = "CHANGEMENT-DE-VERSION"
SOURCE = "Non dit par le référentiel ; lecture de Parchemin, à confirmer par le certificateur."
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None


class Sort(StrEnum):
    """Ce que devient une compétence de la nouvelle version, pour qui y poursuit."""

    GARDEE = "gardee"
    CHANGEE = "changee"
    NOUVELLE = "nouvelle"


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une compétence à attester dans la nouvelle version. `reprend` : celle de l'ancienne dont elle garde ce qui est attesté."""

    bloc: str
    competence: str
    sort: Sort
    reprend: str | None = None


@dataclass(frozen=True, slots=True)
class Suite:
    """Ce qui suit d'un changement de version, entier.

    `blocs` : ceux que demandera le nouveau dossier ; `lignes` : leurs compétences, dans l'ordre du référentiel ; `perdues` : les
    compétences demandées de l'ancienne version que rien ne reprend (celles d'un bloc jugé exceptées) ; `blocs_perdus` : les
    blocs demandés, pas encore jugés, que la nouvelle version n'a plus ; `juges` : ceux qui gardent leur norme.
    """

    blocs: tuple[str, ...]
    lignes: tuple[Ligne, ...]
    perdues: tuple[str, ...]
    blocs_perdus: tuple[str, ...]
    juges: tuple[str, ...]

    def de_sort(self, sort: Sort) -> tuple[Ligne, ...]:
        """Les lignes de ce sort."""
        return tuple(ligne for ligne in self.lignes if ligne.sort is sort)


def empreinte_des_mots(competence: Competence) -> str:
    """L'empreinte de ce que dit une compétence : ses mots et ceux de ses critères, sans aucun code."""
    return empreinte(
        {"criteres": [critere.intitule for critere in competence.criteres], "intitule": competence.intitule}
    )


def apparier(
    ancienne: Referentiel, nouvelle: Referentiel, demandes: Collection[str], poursuivis: Collection[str]
) -> Mapping[str, str]:
    """Pour chaque compétence des blocs poursuivis restée la même, le code qu'elle avait dans les blocs demandés de l'ancienne.

    Une compétence de l'ancienne n'est reprise qu'une fois ; à mots égaux, le même code d'abord.
    """
    libres: dict[str, list[str]] = {}
    for bloc in ancienne.blocs:
        if bloc.code in demandes:
            for competence in bloc.competences():
                libres.setdefault(empreinte_des_mots(competence), []).append(competence.code)
    paires: dict[str, str] = {}
    mots = {
        competence.code: empreinte_des_mots(competence)
        for bloc in nouvelle.blocs
        if bloc.code in poursuivis
        for competence in bloc.competences()
    }
    for code, empreinte_ in mots.items():
        if code in libres.get(empreinte_, ()):
            paires[code] = code
            libres[empreinte_].remove(code)
    for code, empreinte_ in mots.items():
        if code not in paires and libres.get(empreinte_):
            paires[code] = libres[empreinte_].pop(0)
    return paires


def suivre(ancienne: Referentiel, nouvelle: Referentiel, demandes: Collection[str], juges: Collection[str]) -> Suite:
    """Ce que devient un parcours qui passe de l'ancienne à la nouvelle version.

    `demandes` : les blocs du dossier ; `juges` : ceux qui ont leur résultat. Lève `Refus` : `autre_certification`,
    `meme_version`, `rien_a_poursuivre`.
    """
    if ancienne.code != nouvelle.code:
        raise Refus(
            "autre_certification", "Ce n'est pas une version de la même certification : ouvrez une autre inscription."
        )
    if ancienne.version == nouvelle.version:
        raise Refus("meme_version", "Ce dossier est déjà sous cette version.")
    restants = [bloc.code for bloc in ancienne.blocs if bloc.code in demandes and bloc.code not in juges]
    anciens = {bloc.code for bloc in ancienne.blocs}
    toute = anciens <= set(demandes)
    blocs = tuple(bloc.code for bloc in nouvelle.blocs if bloc.code in restants or (toute and bloc.code not in anciens))
    if not blocs:
        raise Refus("rien_a_poursuivre", "Aucun bloc ne reste à passer sous cette version : rien n'y serait à faire.")
    connues = {competence.code for competence in ancienne.competences()}
    paires = apparier(ancienne, nouvelle, demandes, blocs)
    lignes = tuple(
        _ligne(bloc.code, competence.code, paires.get(competence.code), connues)
        for bloc in nouvelle.blocs
        if bloc.code in blocs
        for competence in bloc.competences()
    )
    reprises = {ligne.reprend for ligne in lignes}
    return Suite(
        blocs=blocs,
        lignes=lignes,
        perdues=tuple(
            competence.code
            for bloc in ancienne.blocs
            if bloc.code in restants
            for competence in bloc.competences()
            if competence.code not in reprises
        ),
        blocs_perdus=tuple(code for code in restants if code not in blocs),
        juges=tuple(bloc.code for bloc in ancienne.blocs if bloc.code in demandes and bloc.code in juges),
    )


def _ligne(bloc: str, competence: str, reprend: str | None, connues: Collection[str]) -> Ligne:
    if reprend is not None:
        return Ligne(bloc, competence, Sort.GARDEE, reprend)
    return Ligne(bloc, competence, Sort.CHANGEE if competence in connues else Sort.NOUVELLE)
