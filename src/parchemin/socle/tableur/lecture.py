"""Reconnaître les en-têtes, lire les cellules, dire toutes les fautes ; d'où que viennent les lignes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Refus
from parchemin.socle.tableur.formes import (
    CELLULE_MAX,
    COLONNES_MAX,
    LIGNES_MAX,
    TAILLE_MAX,
    Brut,
    Ligne,
    Tableau,
    en_texte,
    lettre_de,
)
from parchemin.socle.tableur.textes import ouvrir_csv

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SCIENTIFIQUE = re.compile(r"[+-]?\d+([.,]\d+)?E[+-]?\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Attendu:
    """Comment reconnaître les colonnes d'un fichier, et combien de lignes il peut avoir."""

    colonnes: Mapping[str, str]
    obligatoires: Collection[str]
    lignes_max: int = LIGNES_MAX
    ignorer_autres: bool = False
    correspondance: Mapping[str, str] | None = None


def lire(
    octets: bytes,
    *,
    colonnes: Mapping[str, str],
    obligatoires: Collection[str] = (),
    lignes_max: int = LIGNES_MAX,
    ignorer_autres: bool = False,
    correspondance: Mapping[str, str] | None = None,
) -> Tableau:
    """Lit un fichier reçu. `colonnes` : nom de code → en-tête attendu (comparé sans accents, casse ni ponctuation).

    `ignorer_autres` : les colonnes d'un autre nom sont passées au lieu d'être refusées (un fichier qui n'est pas le nôtre).
    `correspondance` : lettre de colonne → nom de code, quand une personne a dit elle-même quelle colonne est laquelle ; les
    en-têtes ne comptent plus, les autres colonnes sont passées.
    Les lignes entièrement vides sont passées. Lève `Refus`, dont `details` donne toutes les raisons, une par ligne, avec la
    cellule : `fichier_vide`, `fichier_trop_gros`, `fichier_inconnu`, `fichier_dangereux`, `fichier_illisible`,
    `encodage_inconnu`, `colonnes_fausses`, `cellules_fausses`, `trop_de_lignes`, `lignes_vides`.
    """
    return _tableau(_ouvrir(octets), _Attendu(colonnes, obligatoires, lignes_max, ignorer_autres, correspondance))


def entetes(octets: bytes) -> dict[str, str]:
    """Les en-têtes d'un fichier, par lettre de colonne : de quoi demander quelle colonne est laquelle. Mêmes refus que `lire`."""
    for _, brutes in _ouvrir(octets).lignes:
        valeurs = [en_texte(valeur) for valeur in brutes]
        if any(valeurs):
            _verifier_largeur(valeurs)
            return {lettre_de(rang): valeur for rang, valeur in enumerate(valeurs, start=1)}
    raise _vide()


def _ouvrir(octets: bytes) -> Brut:
    """Le contenu décide : une archive est un classeur, le reste un texte."""
    if not octets.strip():
        raise _vide()
    if len(octets) > TAILLE_MAX:
        raise Refus(
            "fichier_trop_gros", f"Ce fichier dépasse {TAILLE_MAX // (1024 * 1024)} Mo : coupez-le en plusieurs."
        )
    if octets.startswith(_ZIP):
        from parchemin.socle.tableur.classeurs import (
            ouvrir_xlsx,
        )  # à l'usage : de quoi lire un classeur est long à charger

        return ouvrir_xlsx(octets)
    if octets.startswith(_OLE):
        raise Refus(
            "fichier_inconnu",
            "Ce fichier est un ancien classeur (.xls) ou un classeur protégé par mot de passe : enregistrez-le en .xlsx ou en CSV.",
        )
    return ouvrir_csv(octets)


def _vide() -> Refus:
    return Refus("fichier_vide", "Ce fichier est vide.")


def _tableau(brut: Brut, attendu: _Attendu) -> Tableau:
    places: dict[str, int] | None = None
    largeur = 0
    lues: list[Ligne] = []
    fautes: list[str] = []
    for numero, brutes in brut.lignes:
        valeurs = [en_texte(valeur) for valeur in brutes]
        if not any(valeurs):
            continue
        if places is None:
            places = _places(valeurs, numero, attendu)
            largeur = len(valeurs)
            continue
        if len(lues) >= attendu.lignes_max:
            raise Refus("trop_de_lignes", f"Ce fichier a plus de {attendu.lignes_max} lignes : coupez-le en plusieurs.")
        fautes += _fautes(valeurs, numero, largeur)
        lettres = {code: lettre_de(place + 1) for code, place in places.items()}
        lues.append(
            Ligne(numero, {code: valeurs[p] if p < len(valeurs) else "" for code, p in places.items()}, lettres)
        )
    if places is None:
        raise _vide()
    if fautes:
        raise Refus("cellules_fausses", "Des cellules de ce fichier ne se lisent pas.", details=fautes)
    return Tableau(brut.format, tuple(lues), tuple(places), brut.encodage, brut.separateur)


def _fautes(valeurs: Sequence[str], numero: int, largeur: int) -> Iterator[str]:
    for rang, valeur in enumerate(valeurs, start=1):
        cellule = f"{lettre_de(rang)}{numero}"
        if rang > largeur and valeur:
            yield f"{cellule} : une valeur sans en-tête au-dessus d'elle."
        elif len(valeur) > CELLULE_MAX:
            yield f"{cellule} : plus de {CELLULE_MAX} signes."
        elif not valeur.isprintable() and any(
            unicodedata.category(signe) in ("Cc", "Cs", "Co", "Cn") and signe not in "\n\r\t" for signe in valeur
        ):
            yield f"{cellule} : un caractère invisible qui n'est pas du texte."
        elif valeur.startswith("="):
            yield f"{cellule} : une formule. Collez sa valeur."
        elif _SCIENTIFIQUE.fullmatch(valeur):
            yield f"{cellule} : « {valeur[:20]} » a perdu des chiffres. Mettez la colonne au format Texte, et ressaisissez-le."


def _places(valeurs: Sequence[str], numero: int, attendu: _Attendu) -> dict[str, int]:
    """Le rang de chaque colonne connue."""
    _verifier_largeur(valeurs)
    fautes: list[str] = []
    if attendu.correspondance is None:
        places = _reconnues(valeurs, numero, attendu, fautes)
    else:
        rangs = {lettre_de(rang + 1): rang for rang in range(len(valeurs))}
        places = {code: rangs[lettre] for lettre, code in attendu.correspondance.items() if lettre in rangs}
    fautes += [
        f"Il manque la colonne « {entete} »."
        for code, entete in attendu.colonnes.items()
        if code in attendu.obligatoires and code not in places
    ]
    if fautes:
        raise Refus("colonnes_fausses", "Les en-têtes ne sont pas ceux du modèle.", details=fautes)
    return places


def _verifier_largeur(valeurs: Sequence[str]) -> None:
    if len(valeurs) > COLONNES_MAX:
        raise Refus(
            "colonnes_fausses", f"Ce fichier a plus de {COLONNES_MAX} colonnes : ne gardez que celles du modèle."
        )


def _reconnues(valeurs: Sequence[str], numero: int, attendu: _Attendu, fautes: list[str]) -> dict[str, int]:
    """Les colonnes reconnues à leur en-tête ; ajoute à `fautes` celles qui ne le sont pas."""
    codes = {cle_recherche(entete): code for code, entete in attendu.colonnes.items()}
    places: dict[str, int] = {}
    for rang, entete in enumerate(valeurs):
        cellule = f"{lettre_de(rang + 1)}{numero}"
        code = codes.get(cle_recherche(entete))
        if code is None and attendu.ignorer_autres:
            continue
        if not entete:
            fautes.append(f"{cellule} : un en-tête est vide.")
        elif code is None:
            fautes.append(f"{cellule} : la colonne « {entete[:60]} » n'est pas attendue.")
        elif code in places:
            fautes.append(
                f"{cellule} : la colonne « {entete[:60]} » est déjà en {lettre_de(places[code] + 1)}{numero}."
            )
        else:
            places[code] = rang
    return places
