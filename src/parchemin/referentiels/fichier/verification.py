"""Vérifier un fichier de référentiel, et dire tous ses défauts à la fois, avec leur ligne.

Trois lectures se suivent : la forme (`schema.json`), l'arbre (le moteur, qui seul sait ce qu'est une norme jugeable),
la cohérence (dates, renvois d'une partie à l'autre). Un fichier illisible n'a qu'un défaut : celui qui arrête la lecture.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator, ValidationError

from moteur.referentiel import ReferentielInvalide, construire
from moteur.regles import avant_de_convoquer, delai_de_convocation, equivalence_de_bloc, escalade_du_carnet
from moteur.regles.avant_de_convoquer import Attendu, Ligne
from moteur.regles.delai_de_convocation import Delai, Destinataire
from moteur.regles.equivalence_de_bloc import Equivalence, Place
from moteur.regles.escalade_du_carnet import Palier
from parchemin.referentiels.fichier.emplacement import dossier
from parchemin.referentiels.fichier.yaml_strict import composer, lire

type Chemin = tuple[str | int, ...]
type Defaut = tuple[Chemin, str]

_TYPES = {
    "object": "un objet (des clés et des valeurs)",
    "array": "une liste",
    "string": "un texte",
    "integer": "un nombre entier",
    "boolean": "true ou false",
    "null": "null",
}


def problemes(chemin: Path) -> tuple[str, ...]:
    """Les défauts du fichier, dans l'ordre de ses lignes : « ligne 84, norme › blocs › B1 : … ».

    Lève `OSError` si le fichier ne s'ouvre pas.
    """
    try:
        texte = chemin.read_text(encoding="utf-8")
    except UnicodeDecodeError as erreur:
        return (f"octet {erreur.start} : le fichier n'est pas en UTF-8.",)
    try:
        racine, contenu = composer(texte), lire(texte)
    except yaml.MarkedYAMLError as erreur:
        return (_defaut_yaml(erreur),)
    except yaml.YAMLError:
        return ("le fichier n'est pas du YAML lisible (un caractère y est interdit).",)
    trouves = {(_ligne(racine, place), _lieu(contenu, place), message) for place, message in _defauts(contenu)}
    return tuple(f"ligne {ligne}, {lieu} : {message}" for ligne, lieu, message in sorted(trouves))


def problemes_du_contenu(contenu: object) -> tuple[str, ...]:
    """Les défauts d'un référentiel déjà en objets : les mêmes, sans numéros de ligne."""
    return tuple(sorted({f"{_lieu(contenu, place)} : {message}" for place, message in _defauts(contenu)}))


def problemes_de_partie(partie: str, contenu: object, *, norme: Mapping[str, Any], nom: str = "") -> tuple[str, ...]:
    """Les défauts d'une partie (`reglement`, `fiche` ou `annexes`) que l'on révise seule, sous la norme publiée de ce nom."""
    defauts = [((partie, *place), message) for place, message in _defauts_de_forme(_validateur_de(partie), contenu)]
    if not defauts:
        defauts = list(_COHERENCES[partie](contenu, _codes(norme, nom)))
    lieux = {(_lieu({partie: contenu}, place), message) for place, message in defauts}
    return tuple(f"{lieu} : {message}" for lieu, message in sorted(lieux))


def _defauts(contenu: object) -> Iterator[Defaut]:
    forme = list(_defauts_de_forme(_validateur(), contenu))
    yield from forme
    if not isinstance(contenu, Mapping):
        return
    yield from _textes_mal_composes(contenu)
    norme, nom = contenu.get("norme"), f"{contenu.get('code')}@{contenu.get('version')}"
    if isinstance(norme, Mapping):
        yield from _defauts_du_moteur(norme)
        yield from _coherence_norme(norme)
    for partie, verifier in _COHERENCES.items():
        if not forme or next(_defauts_de_forme(_validateur_de(partie), contenu.get(partie)), None) is None:
            yield from verifier(contenu[partie], _codes(norme, nom))


def _defauts_du_moteur(norme: Mapping[str, Any]) -> Iterator[Defaut]:
    """Le code et la version sont l'affaire du schéma : le moteur reçoit ici des noms neutres."""
    try:
        construire("norme", "v", norme)
    except ReferentielInvalide as refus:
        yield from ((_places(defaut.chemin), defaut.message) for defaut in refus.problemes)


# ─── La forme


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((dossier() / "schema.json").read_text(encoding="utf-8"))
    return schema


@cache
def _validateur() -> Draft202012Validator:
    return Draft202012Validator(_schema())


@cache
def _validateur_de(partie: str) -> Draft202012Validator:
    schema = _schema()
    return Draft202012Validator({"$defs": schema["$defs"], **schema["properties"][partie]})


def _defauts_de_forme(validateur: Draft202012Validator, contenu: object) -> Iterator[Defaut]:
    for erreur in validateur.iter_errors(contenu):
        for feuille in _feuilles(erreur):
            yield tuple(feuille.absolute_path), _en_francais(feuille)


def _feuilles(erreur: ValidationError) -> Iterator[ValidationError]:
    if not erreur.context:
        yield erreur
    for cause in erreur.context or ():
        yield from _feuilles(cause)


def _en_francais(erreur: ValidationError) -> str:
    """Une phrase française pour chaque contrainte que notre schéma emploie."""
    attendu: Any = erreur.validator_value
    recu: Any = erreur.instance
    schema: Any = erreur.schema
    match erreur.validator:
        case "required":
            manque = next(cle for cle in attendu if cle not in recu and f"'{cle}'" in erreur.message)
            return f"il manque « {manque} »."
        case "additionalProperties":
            connues = schema.get("properties", {})
            return f"clé inconnue : {', '.join(f'« {cle} »' for cle in recu if cle not in connues)}."
        case "type":
            noms = [attendu] if isinstance(attendu, str) else attendu
            return f"il faut {' ou '.join(_TYPES[nom] for nom in noms)}, et non {_montrer(recu)}."
        case "enum":
            return f"{_montrer(recu)} n'est pas admis ; il faut l'un de : {', '.join(map(_montrer, attendu))}."
        case "const":
            return f"il faut {_montrer(attendu)}, et non {_montrer(recu)}."
        case "pattern":
            return f"{_montrer(recu)} n'a pas la forme attendue. {schema.get('description', '')}".strip()
        case "minimum":
            return f"{_montrer(recu)} est trop petit : au moins {attendu}."
        case "minItems":
            return "cette liste est vide."
        case "uniqueItems":
            return "un même élément y est écrit deux fois."
        case autre:
            return f"{_montrer(recu)} n'est pas admis ({autre})."


def _montrer(valeur: object) -> str:
    texte = json.dumps(valeur, ensure_ascii=False) if not isinstance(valeur, str) else f"« {valeur} »"
    return texte if len(texte) <= 60 else f"{texte[:57]}…"


def _textes_mal_composes(valeur: object, place: Chemin = ()) -> Iterator[Defaut]:
    """« é » en deux signes aurait une autre empreinte que « é » en un seul : le fichier est en NFC."""
    if isinstance(valeur, str):
        if not unicodedata.is_normalized("NFC", valeur):
            yield place, "ce texte a des accents décomposés ; l'enregistrer en forme composée (NFC)."
        return
    enfants: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(valeur, Mapping):
        enfants = iter(valeur.items())
    elif isinstance(valeur, list):
        enfants = iter(enumerate(valeur))
    for cle, enfant in enfants:
        yield from _textes_mal_composes(enfant, (*place, cle))


# ─── La cohérence


@dataclass(frozen=True, slots=True)
class Codes:
    """Les codes qu'une norme définit, et auxquels les autres parties renvoient. `nom` : « code@version », s'il est connu."""

    blocs: frozenset[str]
    competences: frozenset[str]
    criteres: frozenset[str]
    nom: str


def _codes(norme: object, nom: str) -> Codes:
    """Les codes lus dans une norme, même défectueuse : un défaut n'en cache pas d'autres."""
    niveaux: list[frozenset[str]] = []
    lus: list[object] = [norme]
    for cle in ("blocs", "activites", "competences", "criteres"):
        lus = [enfant for parent in lus for enfant in _liste(parent, cle)]
        niveaux.append(frozenset(str(element.get("code")) for element in lus if isinstance(element, Mapping)))
    return Codes(niveaux[0], niveaux[2], niveaux[3], nom)


def _liste(parent: object, cle: str) -> list[Any]:
    valeur = parent.get(cle) if isinstance(parent, Mapping) else None
    return valeur if isinstance(valeur, list) else []


def _coherence_norme(norme: Mapping[str, Any]) -> Iterator[Defaut]:
    vus: set[str] = set()
    for i, bloc in enumerate(_liste(norme, "blocs")):
        if not isinstance(bloc, Mapping):
            continue
        place: Chemin = ("norme", "blocs", i)
        titre, intitule = bloc.get("titre"), bloc.get("intitule")
        if isinstance(titre, str) and isinstance(intitule, str) and not titre.endswith(intitule):
            yield (*place, "titre"), f"le titre ne finit pas par l'intitulé du bloc, « {intitule} »."
        for sous, phrase in _phrases(bloc):
            code = phrase.get("code") if isinstance(phrase, Mapping) else None
            if isinstance(code, str):
                if code in vus:
                    yield (*place, *sous), f"la phrase « {code} » est écrite deux fois."
                vus.add(code)


def _phrases(bloc: Mapping[str, Any]) -> Iterator[tuple[Chemin, object]]:
    yield ("carnet",), bloc.get("carnet")
    for groupe in ("textes", "evaluateurs"):
        for i, phrase in enumerate(_liste(bloc.get("epreuve"), groupe)):
            yield ("epreuve", groupe, i), phrase


def _coherence_reglement(reglement: Any, codes: Codes) -> Iterator[Defaut]:
    precedente: date | None = None
    for i, edition in enumerate(reglement["editions"]):
        place: Chemin = ("reglement", "editions", i)
        depuis = _jour(edition["depuis"])
        if depuis is None:
            yield (*place, "depuis"), f"le {edition['depuis']} n'existe pas dans le calendrier."
        elif precedente is not None and depuis <= precedente:
            yield (*place, "depuis"), f"cette édition doit venir après celle du {precedente.isoformat()}."
        precedente = depuis or precedente
        yield from _coherence_reglages((*place, "reglages"), edition["reglages"], codes)


def _coherence_reglages(place: Chemin, reglages: Mapping[str, Any], codes: Codes) -> Iterator[Defaut]:
    cites: list[tuple[Chemin, Sequence[str]]] = [
        (("observation_commune", "valeur", "blocs"), reglages["observation_commune"]["valeur"]["blocs"])
    ]
    cites += [
        (("equivalences", "valeur", i, "vers"), [regle["vers"]])
        for i, regle in enumerate(reglages["equivalences"]["valeur"])
    ]
    for sous, cite in cites:
        for code in cite:
            if code not in codes.blocs:
                yield (*place, *sous), f"le bloc « {code} » n'existe pas dans la norme."
    yield from _coherence_equivalences((*place, "equivalences", "valeur"), reglages["equivalences"]["valeur"], codes)
    attendus = reglages["avant_convocation"]["valeur"]
    table = [Ligne(une["voie"], Attendu(une["attendu"]), une["dispense"] == "motivee") for une in attendus]
    for defaut in avant_de_convoquer.defauts(table, [ligne.voie for ligne in avant_de_convoquer.TABLE_PAR_DEFAUT]):
        yield (*place, "avant_convocation", "valeur"), f"{defaut}."
    paliers = [(Palier(une["palier"]), une["apres_jours"]) for une in reglages["carnet_escalade"]["valeur"]]
    for defaut in escalade_du_carnet.defauts(paliers):
        yield (*place, "carnet_escalade", "valeur"), f"{defaut}."
    delais = [
        Delai(Destinataire(une["destinataire"]), une["jours"], une["plancher"], une["derogation"] == "motivee")
        for une in reglages["convocation_delais"]["valeur"]
    ]
    for defaut in delai_de_convocation.defauts(delais):
        yield (*place, "convocation_delais", "valeur"), f"{defaut}."
    if reglages["jury_quorum"]["valeur"] < reglages["jury_membres_minimum"]["valeur"] // 2:
        yield (*place, "jury_quorum", "valeur"), "le quorum est inférieur à la moitié du jury."


def _coherence_equivalences(place: Chemin, lignes: Sequence[Mapping[str, Any]], codes: Codes) -> Iterator[Defaut]:
    table = []
    for i, ligne in enumerate(lignes):
        bornes = {}
        for borne in ("du", "au"):
            bornes[borne] = None if ligne[borne] is None else _jour(ligne[borne])
            if ligne[borne] is not None and bornes[borne] is None:
                yield (*place, i, borne), f"le {ligne[borne]} n'existe pas dans le calendrier."
        source, cible = Place(ligne["de"]["referentiel"], ligne["de"]["bloc"]), Place(codes.nom, ligne["vers"])
        table.append(Equivalence(source, cible, bornes["du"], bornes["au"], ligne["active"]))
    for defaut in equivalence_de_bloc.defauts(table):
        yield place, f"{defaut}."


def _coherence_fiche(fiche: Any, codes: Codes) -> Iterator[Defaut]:
    bornes: dict[str, date] = {}
    for cle in ("date_decision", "date_fin"):
        valeur = fiche[cle]["valeur"]
        if valeur is None:
            continue
        jour = _jour(valeur) if isinstance(valeur, str) else None
        if jour is None:
            yield ("fiche", cle, "valeur"), f"{_montrer(valeur)} n'est pas une date AAAA-MM-JJ du calendrier."
        else:
            bornes[cle] = jour
    if len(bornes) == 2 and bornes["date_decision"] >= bornes["date_fin"]:
        yield ("fiche", "date_fin", "valeur"), "l'enregistrement finirait avant d'avoir été décidé."
    rncp = fiche["codes_rncp_des_blocs"]["valeur"]
    if rncp is not None and (not isinstance(rncp, Mapping) or set(rncp) != codes.blocs):
        attendus = ", ".join(sorted(codes.blocs))
        yield ("fiche", "codes_rncp_des_blocs", "valeur"), f"il faut un code par bloc : {attendus}."


def _coherence_annexes(annexes: Any, codes: Codes) -> Iterator[Defaut]:
    connus = codes.blocs | codes.competences | codes.criteres
    for code in annexes["libelles_courts"]["libelles"]:
        if code not in connus:
            yield ("annexes", "libelles_courts", "libelles", code), f"« {code} » n'existe pas dans la norme."
    for code in annexes.get("motifs_de_courrier", {}):
        if code not in codes.blocs:
            yield ("annexes", "motifs_de_courrier", code), f"le bloc « {code} » n'existe pas dans la norme."
    for groupe in ("questions", "conseils"):
        for i, aide in enumerate(annexes[groupe]):
            if aide["critere"] not in codes.criteres:
                yield ("annexes", groupe, i), f"le critère « {aide['critere']} » n'existe pas dans la norme."


_COHERENCES: dict[str, Callable[[Any, Codes], Iterator[Defaut]]] = {
    "reglement": _coherence_reglement,
    "fiche": _coherence_fiche,
    "annexes": _coherence_annexes,
}


def _jour(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


# ─── La place d'un défaut


def _defaut_yaml(erreur: yaml.MarkedYAMLError) -> str:
    marque = erreur.problem_mark or erreur.context_mark
    place = f"ligne {marque.line + 1}, colonne {marque.column + 1}" if marque else "quelque part"
    if isinstance(erreur, yaml.constructor.ConstructorError) and str(erreur.problem).startswith(("la clé", "une clé")):
        return f"{place} : {erreur.problem}."
    return f"{place} : à partir d'ici, le fichier n'est plus du YAML lisible."


def _places(chemin: str) -> Chemin:
    """Le chemin du moteur, « norme.blocs[0].code », en suite de clés et de rangs."""
    morceaux = chemin.replace("[", ".[").split(".")
    return tuple(int(m[1:-1]) if m.startswith("[") else m for m in morceaux if m)


def _ligne(noeud: yaml.Node | None, place: Chemin) -> int:
    """La ligne, comptée de 1, de l'endroit le plus profond de `place` qui existe dans le fichier."""
    if noeud is None:
        return 1
    ligne: int = noeud.start_mark.line + 1
    for pas in place:
        if isinstance(noeud, yaml.SequenceNode) and isinstance(pas, int) and pas < len(noeud.value):
            noeud = noeud.value[pas]
            ligne = noeud.start_mark.line + 1
        elif isinstance(noeud, yaml.MappingNode):
            trouve = next(((cle, valeur) for cle, valeur in noeud.value if cle.value == pas), None)
            if trouve is None:
                break
            ligne, noeud = trouve[0].start_mark.line + 1, trouve[1]
        else:
            break
    return ligne


def _lieu(contenu: object, place: Chemin) -> str:
    """Le chemin, dit avec les codes plutôt qu'avec des rangs : « norme › blocs › B1 › carnet »."""
    mots: list[str] = []
    for pas in place:
        try:
            contenu = contenu[pas]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            contenu = None
        code = contenu.get("code") if isinstance(contenu, Mapping) else None
        if isinstance(pas, int):
            mots.append(code if isinstance(code, str) else f"n° {pas + 1}")
        else:
            mots.append(pas)
    return " › ".join(mots) or "fichier"
