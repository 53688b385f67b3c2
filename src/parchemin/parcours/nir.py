"""Le NIR (numéro de sécurité sociale), règles pures : ce qui en fait un, et ce qui surprend au regard de l'état civil.

La clé, les Corses (2A, 2B) et la forme sont celles de `stdnum` (Insee). Le refus dit que ce n'est pas un NIR ;
l'**avertissement** que ce n'est peut-être pas le sien. Aucun message ne répète le numéro.

>>> controler("2 91 05 61 001 001 69")[0].code
'cle_fausse'
"""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import nir as officiel

from parchemin.parcours.identite import Constat, EtatCivil

CHIFFRES = 15
_HOMMES, _FEMMES = "137", "248"
_PROVISOIRES = "3478"
"""3 et 4 : immatriculation en cours (numéro d'attente) ; 7 et 8 : numéro provisoire. Ils changeront."""
_CORSE_D_AVANT = "20"
"""Qui y est né avant 1976 peut porter l'ancien département."""


def net(saisi: str) -> str:
    """Les quinze signes, sans espaces, points ni traits d'union."""
    return officiel.compact(saisi.replace("-", " ").replace("\u00a0", " ").replace("\u202f", " "))


def controler(saisi: str, etat: EtatCivil | None = None) -> tuple[Constat, ...]:
    """Tous les constats sur un NIR saisi, seul un refus s'il n'en est pas un. `etat` : l'état civil enregistré, s'il y en a un."""
    numero = net(saisi)
    refus = _refus(numero)
    return (refus,) if refus else tuple(_avertissements(numero, etat))


def _refus(numero: str) -> Constat | None:
    try:
        officiel.validate(numero)
    except InvalidLength:
        return _non("longueur", f"Un NIR a {CHIFFRES} signes, clé comprise ; {len(numero)} sont écrits.")
    except InvalidChecksum:
        return _non("cle_fausse", "La clé (les deux derniers chiffres) ne correspond pas : relisez-le sur la carte.")
    except ValidationError:
        if len(numero) != CHIFFRES:
            return _non("longueur", f"Un NIR a {CHIFFRES} signes, clé comprise ; {len(numero)} sont écrits.")
        return _non("forme", "Un NIR n'a que des chiffres, sauf 2A et 2B pour la Corse.")
    if numero[0] not in _HOMMES + _FEMMES:
        return _non("sexe_impossible", "Un NIR ne commence pas par ce chiffre : relisez-le sur la carte.")
    return None


def _avertissements(numero: str, etat: EtatCivil | None) -> Iterator[Constat]:
    if numero[0] in _PROVISOIRES:
        yield _oui("provisoire", "Ce numéro est provisoire ou d'attente : demandez le définitif avant la déclaration.")
    if etat is None:
        return
    if etat.sexe != ("M" if numero[0] in _HOMMES else "F"):
        yield _oui("sexe", "Le sexe que dit ce numéro n'est pas celui de l'état civil.")
    naissance = etat.naissance
    if naissance.annee is not None and int(numero[1:3]) != naissance.annee % 100:
        yield _oui("annee", "L'année que dit ce numéro n'est pas celle de l'état civil.")
    mois = int(numero[3:5])
    if naissance.mois is not None and 1 <= mois <= 12 and mois != naissance.mois:
        yield _oui("mois", "Le mois que dit ce numéro n'est pas celui de l'état civil.")
    lieu = etat.lieu.commune_code if etat.lieu.en_france else etat.lieu.pays_code
    corse = numero[5:7] == _CORSE_D_AVANT and lieu[:2] in ("2A", "2B")
    if lieu and numero[5:10] != lieu and not corse:
        yield _oui("lieu", "Le lieu de naissance que dit ce numéro n'est pas celui de l'état civil.")


def _non(code: str, message: str) -> Constat:
    return Constat(code, "nir", message, refuse=True)


def _oui(code: str, message: str) -> Constat:
    return Constat(code, "nir", message, refuse=False)
