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
    racine.objet()
    seuils = racine.cle("seuils")
    seuils.objet()
    seuil_competence, seuil_bloc = _seuil(seuils.cle("competence")), _seuil(seuils.cle("bloc"))
    _verifier_certification(racine.cle("certification"))
    lecteurs = racine.cle("blocs").liste(obligatoire=True)
    blocs = tuple(_bloc(lecteur) for lecteur in lecteurs)
    _verifier_codes(lecteurs)
    if problemes:
        raise ReferentielInvalide(tuple(problemes))
    return Referentiel(code_lu, version_lue, seuil_competence, seuil_bloc, blocs)


def _seuil(lecteur: Lecteur) -> Seuil:
    lecteur.objet()
    numerateur, denominateur = lecteur.cle("numerateur").entier(1), lecteur.cle("denominateur").entier(1)
    if numerateur > denominateur:
        lecteur.signaler("seuil", f"un seuil de {numerateur}/{denominateur} dépasse 1 : nul ne pourrait l'atteindre.")
        numerateur = denominateur
    return Seuil(numerateur, denominateur)


def _verifier_certification(lecteur: Lecteur) -> None:
    lecteur.objet()
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
    phases = lecteur.cle("phases").liste(obligatoire=True)
    alternatives = lecteur.cle("alternatives").liste()
    exigences = lecteur.cle("exigences").liste()
    evaluateurs = lecteur.cle("evaluateurs").liste(obligatoire=True)
    voies = tuple(_alternative(enfant) for enfant in alternatives)
    _refuser_doublons("la phase", [enfant.cle("code") for enfant in phases])
    _refuser_doublons("l'alternative", [enfant.cle("code") for enfant in alternatives])
    _refuser_doublons("la qualité", [enfant.cle("qualite") for enfant in evaluateurs])
    return Epreuve(
        nature=lecteur.cle("nature").choix(Nature),
        textes=tuple(_texte(enfant) for enfant in lecteur.cle("textes").liste(obligatoire=True)),
        phases=tuple(_phase(enfant) for enfant in phases),
        alternatives=voies,
        exigences=tuple(_exigence(enfant, {voie.code for voie in voies}) for enfant in exigences),
        documents_remis=lecteur.cle("documents_remis").choix(DocumentsRemis),
        evaluateurs=tuple(_evaluateur(enfant) for enfant in evaluateurs),
    )


def _texte(lecteur: Lecteur) -> str:
    lecteur.objet()
    return lecteur.cle("texte").texte()


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
        sens=lecteur.cle("sens").choix(SensDuree),
        lecture=lecteur.cle("lecture").texte(),
    )


def _alternative(lecteur: Lecteur) -> Alternative:
    lecteur.objet()
    return Alternative(code=lecteur.cle("code").identifiant(), intitule=lecteur.cle("intitule").texte())


def _exigence(lecteur: Lecteur, voies: set[str]) -> Exigence:
    lecteur.objet()
    alternatives = tuple(enfant.identifiant() for enfant in lecteur.cle("alternatives").liste())
    for code in alternatives:
        if code not in voies:
            lecteur.signaler("alternative_inconnue", f"l'alternative « {code} » n'existe pas dans cette épreuve.")
    return Exigence(
        code=lecteur.cle("code").choix(CodeExigence),
        minimum=lecteur.cle("minimum").entier(1),
        motif_requis=lecteur.cle("motif_requis").booleen(),
        preselection_requise=lecteur.cle("preselection_requise").booleen(),
        alternatives=alternatives,
    )


def _evaluateur(lecteur: Lecteur) -> Evaluateur:
    lecteur.objet()
    return Evaluateur(
        qualite=lecteur.cle("qualite").choix(Qualite),
        texte=lecteur.cle("texte").texte(),
    )


def _refuser_doublons(quoi: str, codes: Iterable[Lecteur]) -> None:
    vus: list[object] = []
    for code in codes:
        if code.valeur is not None and code.valeur in vus:
            code.signaler("code_en_double", f"{quoi} « {code.valeur} » est écrite deux fois.")
        vus.append(code.valeur)


def _verifier_codes(lecteurs: list[Lecteur]) -> None:
    """Aucun code deux fois, et aucun trou dans la numérotation (K1.1.1, K1.1.3 : où est K1.1.2 ?).

    Un critère tombé d'un fichier ferait changer un seuil sans bruit : c'est le défaut le plus dangereux.
    """
    blocs, activites, competences, criteres = [lecteurs], [], [], []
    for bloc in lecteurs:
        activites.append(_enfants(bloc, "activites"))
        competences.append([c for activite in activites[-1] for c in _enfants(activite, "competences")])
        criteres += [_enfants(competence, "criteres") for competence in competences[-1]]
    # Les activités se suivent d'un bloc à l'autre ; les compétences dans leur bloc, les critères dans leur compétence.
    fratries = [*blocs, [activite for fratrie in activites for activite in fratrie], *competences, *criteres]
    _refuser_doublons("l'entrée", [element.cle("code") for fratrie in fratries for element in fratrie])
    for fratrie in fratries:
        _refuser_trous([element.cle("code") for element in fratrie])


def _enfants(lecteur: Lecteur, nom: str) -> list[Lecteur]:
    """Les éléments d'une liste déjà lue : ses défauts ont été dits, on ne les redit pas."""
    liste = lecteur.cle(nom)
    muets = Lecteur(liste.valeur, liste.chemin).liste()
    return [Lecteur(muet.valeur, muet.chemin, liste.problemes) for muet in muets]


def _refuser_trous(codes: list[Lecteur]) -> None:
    """Des frères numérotés se suivent ; la série part de 1 quand son préfixe finit par un point (« K1.1. »)."""
    decoupes = [(code, re.fullmatch(r"(.*?)(\d{1,9})", str(code.valeur))) for code in codes]
    series = [(code, decoupe[1], int(decoupe[2])) for code, decoupe in decoupes if decoupe]
    if len(series) != len(codes) or len({prefixe for _, prefixe, _ in series}) != 1:
        return  # pas de numérotation commune : rien à vérifier
    _, prefixe, attendu = series[0]
    if prefixe.endswith("."):
        attendu = 1
    for code, _, numero in series:
        if numero > attendu:
            code.signaler("trou", f"« {code.valeur} » vient là où « {prefixe}{attendu} » est attendu.")
        attendu = numero + 1
