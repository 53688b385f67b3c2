"""Du fichier (déjà lu en objets) à l'arbre figé, avec tous les défauts d'un coup.

Clés attendues de la norme : `seuils`, `certification`, `blocs`. Les autres clés (phrases, sources, carnet) sont du
texte que nul calcul ne lit : elles sont ignorées ici et vérifiées par le schéma du fichier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from moteur.referentiel.arbre import (
    Activite,
    Alternative,
    Bloc,
    Competence,
    Critere,
    Duree,
    Epreuve,
    Evaluateur,
    Exigence,
    Phase,
    Referentiel,
)
from moteur.referentiel.lecture import Lecteur, Probleme
from moteur.vocabulaire import CodeExigence, DocumentsRemis, Nature, Qualite, SensDuree, Seuil

#: La seule règle de certification connue : tous les blocs.
TOUS_LES_BLOCS = "tous_les_blocs"


class ReferentielInvalide(ValueError):
    """Le référentiel a des défauts ; `problemes` les énumère tous, dans l'ordre du fichier."""

    def __init__(self, problemes: tuple[Probleme, ...]) -> None:
        super().__init__("\n".join(str(probleme) for probleme in problemes))
        self.problemes = problemes


def construire(code: str, version: str, norme: Mapping[str, object]) -> Referentiel:
    """L'arbre du référentiel `code@version`. Lève `ReferentielInvalide` avec tous ses défauts."""
    problemes: list[Probleme] = []
    racine = Lecteur(norme, "norme", problemes)
    code_lu = Lecteur(code, "code", problemes).identifiant()
    version_lue = Lecteur(version, "version", problemes).identifiant()
    if not racine.objet():
        raise ReferentielInvalide(tuple(problemes))
    seuils = racine.cle("seuils")
    seuil_competence, seuil_bloc = _seuil(seuils.cle("competence")), _seuil(seuils.cle("bloc"))
    _verifier_certification(racine.cle("certification"))
    lecteurs = racine.cle("blocs").liste(obligatoire=True)
    blocs = tuple(_bloc(lecteur) for lecteur in lecteurs)
    _verifier_codes(blocs, problemes)
    if problemes:
        raise ReferentielInvalide(tuple(problemes))
    return Referentiel(code_lu, version_lue, seuil_competence, seuil_bloc, blocs)


def _seuil(lecteur: Lecteur) -> Seuil:
    if not lecteur.objet():
        return Seuil(1, 1)
    numerateur, denominateur = lecteur.cle("numerateur").entier(1), lecteur.cle("denominateur").entier(1)
    if 0 < numerateur <= denominateur:
        return Seuil(numerateur, denominateur)
    if 0 < denominateur < numerateur:
        lecteur.signaler("seuil", f"un seuil de {numerateur}/{denominateur} dépasse 1 : nul ne pourrait l'atteindre.")
    return Seuil(1, 1)


def _verifier_certification(lecteur: Lecteur) -> None:
    if not lecteur.objet():
        return
    regle = lecteur.cle("regle")
    texte = regle.texte()
    if texte.strip() and texte != TOUS_LES_BLOCS:
        regle.signaler("valeur", f"la règle « {texte} » n'est pas connue ; il faut « {TOUS_LES_BLOCS} ».")


def _bloc(lecteur: Lecteur) -> Bloc:
    lecteur.objet()
    return Bloc(
        code=lecteur.cle("code").identifiant(),
        intitule=lecteur.cle("intitule").texte(),
        activites=tuple(_activite(enfant) for enfant in lecteur.cle("activites").liste(obligatoire=True)),
        epreuve=_epreuve(lecteur.cle("epreuve")),
    )


def _activite(lecteur: Lecteur) -> Activite:
    lecteur.objet()
    return Activite(
        code=lecteur.cle("code").identifiant(),
        intitule=lecteur.cle("intitule").texte(),
        competences=tuple(_competence(enfant) for enfant in lecteur.cle("competences").liste(obligatoire=True)),
    )


def _competence(lecteur: Lecteur) -> Competence:
    lecteur.objet()
    return Competence(
        code=lecteur.cle("code").identifiant(),
        intitule=lecteur.cle("intitule").texte(),
        criteres=tuple(_critere(enfant) for enfant in lecteur.cle("criteres").liste(obligatoire=True)),
    )


def _critere(lecteur: Lecteur) -> Critere:
    lecteur.objet()
    return Critere(code=lecteur.cle("code").identifiant(), intitule=lecteur.cle("intitule").texte())


def _epreuve(lecteur: Lecteur) -> Epreuve:
    lecteur.objet()
    phases = lecteur.cle("phases")
    alternatives = lecteur.cle("alternatives")
    exigences = lecteur.cle("exigences")
    evaluateurs = lecteur.cle("evaluateurs")
    epreuve = Epreuve(
        nature=lecteur.cle("nature").choix(Nature, Nature.OBSERVATION),
        textes=tuple(enfant.cle("texte").texte() for enfant in lecteur.cle("textes").liste(obligatoire=True)),
        phases=tuple(_phase(enfant) for enfant in phases.liste(obligatoire=True)),
        alternatives=tuple(_alternative(enfant) for enfant in alternatives.liste(obligatoire=False)),
        exigences=tuple(_exigence(enfant) for enfant in exigences.liste(obligatoire=False)),
        documents_remis=lecteur.cle("documents_remis").choix(DocumentsRemis, DocumentsRemis.INTERDITS),
        evaluateurs=tuple(_evaluateur(enfant) for enfant in evaluateurs.liste(obligatoire=True)),
    )
    _refuser_doublons(phases, "la phase", (phase.code for phase in epreuve.phases))
    _refuser_doublons(alternatives, "l'alternative", (alternative.code for alternative in epreuve.alternatives))
    _refuser_doublons(evaluateurs, "la qualité", (evaluateur.qualite for evaluateur in epreuve.evaluateurs))
    connues = {alternative.code for alternative in epreuve.alternatives}
    for exigence in epreuve.exigences:
        for code in exigence.alternatives:
            if code not in connues:
                exigences.signaler(
                    "alternative_inconnue",
                    f"l'exigence « {exigence.code} » cite l'alternative « {code} », que l'épreuve n'a pas.",
                )
    return epreuve


def _phase(lecteur: Lecteur) -> Phase:
    lecteur.objet()
    duree = lecteur.cle("duree")
    return Phase(
        code=lecteur.cle("code").identifiant(),
        intitule=lecteur.cle("intitule").texte(),
        duree=None if duree.valeur is None else _duree(duree),
    )


def _duree(lecteur: Lecteur) -> Duree:
    lecteur.objet()
    return Duree(
        minutes=lecteur.cle("minutes").entier(1),
        sens=lecteur.cle("sens").choix(SensDuree, SensDuree.PREVU),
        lecture=lecteur.cle("lecture").texte(),
    )


def _alternative(lecteur: Lecteur) -> Alternative:
    lecteur.objet()
    return Alternative(code=lecteur.cle("code").identifiant(), intitule=lecteur.cle("intitule").texte())


def _exigence(lecteur: Lecteur) -> Exigence:
    lecteur.objet()
    return Exigence(
        code=lecteur.cle("code").choix(CodeExigence, CodeExigence.ENTRETIENS),
        minimum=lecteur.cle("minimum").entier(1),
        motif_requis=lecteur.cle("motif_requis").booleen(),
        preselection_requise=lecteur.cle("preselection_requise").booleen(),
        alternatives=tuple(e.identifiant() for e in lecteur.cle("alternatives").liste(obligatoire=False)),
    )


def _evaluateur(lecteur: Lecteur) -> Evaluateur:
    lecteur.objet()
    return Evaluateur(
        qualite=lecteur.cle("qualite").choix(Qualite, Qualite.METIER),
        texte=lecteur.cle("texte").texte(),
    )


def _refuser_doublons(lecteur: Lecteur, quoi: str, codes: Iterable[str]) -> None:
    vus: set[str] = set()
    for code in codes:
        if code and code in vus:
            lecteur.signaler("code_en_double", f"{quoi} « {code} » est écrite deux fois.")
        vus.add(code)


def _verifier_codes(blocs: tuple[Bloc, ...], problemes: list[Probleme]) -> None:
    """Aucun code deux fois, et aucun trou dans la numérotation (K1.1.1, K1.1.3 : où est K1.1.2 ?).

    Un critère tombé d'un fichier ferait changer un seuil sans bruit : c'est le défaut le plus dangereux.
    """
    activites = [activite for bloc in blocs for activite in bloc.activites]
    competences = [competence for activite in activites for competence in activite.competences]
    criteres = [critere for competence in competences for critere in competence.criteres]
    codes_de_blocs = [bloc.code for bloc in blocs]
    codes_d_activites = [activite.code for activite in activites]
    codes_de_competences = [competence.code for competence in competences]
    codes_de_criteres = [critere.code for critere in criteres]
    lecteur = Lecteur(None, "norme.blocs", problemes)
    tous = (*codes_de_blocs, *codes_d_activites, *codes_de_competences, *codes_de_criteres)
    _refuser_doublons(lecteur, "l'entrée", tous)
    _refuser_trous(lecteur, codes_de_blocs)
    _refuser_trous(lecteur, codes_d_activites)
    for bloc in blocs:
        _refuser_trous(lecteur, [competence.code for competence in bloc.competences()])
    for competence in competences:
        _refuser_trous(lecteur, [critere.code for critere in competence.criteres])


def _refuser_trous(lecteur: Lecteur, codes: list[str]) -> None:
    """Des frères numérotés se suivent ; la série part de 1 quand son préfixe finit par un point (« K1.1. »)."""
    decoupes = [re.fullmatch(r"(.*?)(\d+)", code) for code in codes]
    series = [(decoupe[1], int(decoupe[2])) for decoupe in decoupes if decoupe]
    if len(series) != len(codes) or len({prefixe for prefixe, _ in series}) != 1:
        return  # pas de numérotation commune : rien à vérifier
    prefixe, attendu = series[0]
    if prefixe.endswith("."):
        attendu = 1
    for code, (_, numero) in zip(codes, series, strict=True):
        if numero > attendu:
            lecteur.signaler("trou", f"« {code} » vient là où « {prefixe}{attendu} » est attendu.")
        attendu = numero + 1
