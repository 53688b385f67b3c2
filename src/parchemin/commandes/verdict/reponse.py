"""La réponse à une ligne, et l'ordre dans lequel ses défauts se disent.

Une ligne peut avoir plusieurs défauts ; un seul est dit, le premier de cette liste :

1. `json_illisible` : ce n'est pas du JSON, ou pas de l'UTF-8 ;
2. `cle_en_double` : une clé est écrite deux fois, où que ce soit dans la ligne ;
3. `forme` : ce n'est pas un objet ; une clé n'est pas connue (un « bloc » pour « blocs » changerait le résultat sans
   bruit) ; `id`, `referentiel`, `blocs`, `blocs_acquis`, `criteres` n'est pas du type voulu ; `criteres` manque ;
   `blocs` est vide ou nomme deux fois un bloc ;
4. `referentiel_inconnu` ;
5. `bloc_inconnu` (dans `blocs`, puis dans `blocs_acquis`) ;
6. `critere_inconnu`, puis `critere_hors_blocs` ;
7. `etat_inconnu`.

Les cas 5 à 7 viennent du moteur (`moteur.decision.decider`), dans cet ordre. L'`id` est rendu dès qu'il est lisible.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from moteur.decision import Decision, decider
from moteur.vocabulaire import Etat, Refus
from parchemin.commandes.verdict.lecture import LigneRefusee, citer, identifiant_en_json, lire, lire_vite
from parchemin.commandes.verdict.memoire import Juge
from parchemin.referentiels.fichier import PAR_DEFAUT, ReferentielInconnu, charger_norme

CLES = frozenset({"id", "referentiel", "blocs", "blocs_acquis", "criteres"})


@dataclass(frozen=True, slots=True)
class Demande:
    """Une ligne bien formée."""

    referentiel: str
    criteres: Mapping[str, str]
    blocs: tuple[str, ...] | None
    blocs_acquis: Mapping[str, str]


class Repondeur:
    """Répond aux lignes une à une ; `erreurs` compte celles qui sont restées sans réponse."""

    def __init__(self) -> None:
        self.erreurs = 0
        self._juges: dict[str, Juge] = {}

    def repondre(self, ligne: bytes) -> str:
        """La ligne de réponse, fin de ligne comprise."""
        try:
            return self._de_memoire(ligne) or self._de_reference(ligne)
        except LigneRefusee as refus:
            self.erreurs += 1
            erreur = json.dumps({"code": refus.code, "message": refus.message}, ensure_ascii=False)
            return f'{{"id":{refus.identifiant},"erreur":{erreur}}}\n'

    def _de_memoire(self, ligne: bytes) -> str | None:
        """La réponse rapide ; `None` dès que quelque chose sort de l'ordinaire, faute comprise : voir la référence."""
        try:
            objet, textes = lire_vite(ligne)
        except (ValueError, RecursionError):
            return None
        if type(objet) is not dict or not objet.keys() <= CLES_ORDINAIRES:
            return None
        nom, criteres, identifiant = objet.get("referentiel", PAR_DEFAUT), objet.get("criteres"), objet.get("id")
        if type(nom) is not str or type(criteres) is not dict:
            return None
        # Les textes d'une ligne sans clé en double : ses clés, celles de `criteres` et leurs états, le nom, l'`id`.
        if textes != len(objet) + 2 * len(criteres) + ("referentiel" in objet) + (type(identifiant) is str):
            return None
        rendu = identifiant_en_json(identifiant)
        juge = self._juges.get(nom) or self._nouveau_juge(nom)
        reponse = None if juge is None or rendu is None else juge.juger(criteres)
        return None if reponse is None else f'{{"id":{rendu},{reponse}}}\n'

    def _nouveau_juge(self, nom: str) -> Juge | None:
        try:
            juge = self._juges[nom] = Juge(charger_norme(nom))
        except ReferentielInconnu:
            return None
        return juge

    def _de_reference(self, ligne: bytes) -> str:
        """La réponse du moteur, sans raccourci. Lève `LigneRefusee`, dans l'ordre dit en tête."""
        objet = lire(ligne)
        if not isinstance(objet, dict):
            raise _forme("La ligne n'est pas un objet JSON.")
        identifiant = identifiant_en_json(objet.get("id"))
        if identifiant is None:
            raise _forme("« id » n'est ni un texte ni un nombre.")
        try:
            reponse = json.dumps(_decider(_demande(objet)).en_json(), separators=(",", ":"))
        except LigneRefusee as refus:
            raise LigneRefusee(refus.code, refus.message, identifiant) from None
        return f'{{"id":{identifiant},{reponse[1:]}\n'


#: Sans `blocs` ni `blocs_acquis`, la réponse sort de la mémoire.
CLES_ORDINAIRES = frozenset({"id", "referentiel", "criteres"})


def _decider(demande: Demande) -> Decision:
    try:
        return decider(
            charger_norme(demande.referentiel),
            cast("Mapping[str, Etat]", demande.criteres),  # le moteur vérifie lui-même chaque état
            blocs=demande.blocs,
            blocs_acquis=demande.blocs_acquis,
        )
    except ReferentielInconnu as refus:
        raise LigneRefusee("referentiel_inconnu", citer(str(refus))) from None
    except Refus as refus:
        raise LigneRefusee(refus.code, citer(refus.message)) from None


def _demande(objet: dict[str, object]) -> Demande:
    inconnues = [cle for cle in objet if cle not in CLES]
    if inconnues:
        raise _forme(f"La clé « {citer(inconnues[0])} » n'est pas connue.")
    referentiel = objet.get("referentiel", PAR_DEFAUT)
    if not isinstance(referentiel, str):
        raise _forme("« referentiel » n'est pas un texte.")
    return Demande(
        referentiel=referentiel,
        blocs=_blocs(objet["blocs"]) if "blocs" in objet else None,
        blocs_acquis=_origines(objet["blocs_acquis"]) if "blocs_acquis" in objet else {},
        criteres=_textes(objet.get("criteres"), "criteres"),
    )


def _blocs(valeur: object) -> tuple[str, ...]:
    if not isinstance(valeur, list) or not all(isinstance(code, str) for code in valeur):
        raise _forme("« blocs » n'est pas une liste de codes de bloc.")
    if not valeur:
        raise _forme("« blocs » est vide : il n'y a rien à décider.")
    if len(set(valeur)) != len(valeur):
        raise _forme("« blocs » nomme deux fois le même bloc.")
    return tuple(valeur)


def _origines(valeur: object) -> dict[str, str]:
    origines = _textes(valeur, "blocs_acquis")
    for code, origine in origines.items():
        if not origine.strip():
            raise _forme(f"« blocs_acquis » ne dit pas par quelle voie « {citer(code)} » est acquis.")
    return origines


def _textes(valeur: object, cle: str) -> dict[str, str]:
    if not isinstance(valeur, dict):
        raise _forme(f"« {cle} » manque, ou n'est pas un objet.")
    for code, texte in valeur.items():
        if not isinstance(texte, str):
            raise _forme(f"« {cle} » : la valeur de « {citer(code)} » n'est pas un texte.")
    return valeur


def _forme(message: str) -> LigneRefusee:
    return LigneRefusee("forme", message)
