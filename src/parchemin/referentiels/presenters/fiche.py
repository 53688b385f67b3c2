"""La fiche d'une version : ses mentions, connues ou à demander."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from parchemin.referentiels.selectors import Fiche, Mention
from parchemin.socle.composants import Statut, Ton
from parchemin.socle.typographie import date_en_clair


@dataclass(frozen=True, slots=True)
class VueMention:
    """Une mention de la fiche ; `statut` dit qu'elle manque, `note` d'où elle vient ou à qui la demander."""

    libelle: str
    valeur: str
    note: str
    statut: Statut | None


ORDRE_FICHE = (
    "intitule_enregistre",
    "intitule_usuel",
    "certificateurs",
    "rncp",
    "niveau",
    "cec",
    "nsf",
    "formacode",
    "date_decision",
    "date_fin",
    "fiche_suivante",
    "codes_rncp_des_blocs",
    "voies_d_acces",
)
"""L'ordre de lecture de la fiche ; une mention que l'on ne connaît pas vient ensuite."""


def mentions(fiche: Fiche) -> tuple[VueMention, ...]:
    codes = [code for code in ORDRE_FICHE if code in fiche.mentions]
    codes += sorted(fiche.mentions.keys() - set(codes))
    return tuple(_mention(fiche.mentions[code]) for code in codes)


def _mention(mention: Mention) -> VueMention:
    if mention.connue:
        return VueMention(mention.libelle, _valeur_mention(mention.valeur), f"Source : {mention.source}", None)
    return VueMention(mention.libelle, "", mention.a_demander, Statut(Ton.ATTENTE, "à demander"))


def _valeur_mention(valeur: Any) -> str:
    match valeur:
        case list():
            return ", ".join(_valeur_mention(element) for element in valeur)
        case {"nom": nom, "siret": str(siret)}:
            return f"{nom} (SIRET {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]})"
        case {"nom": nom}:
            return str(nom)
        case dict():
            return ", ".join(f"{cle} : {_valeur_mention(element)}" for cle, element in valeur.items())
        case str() if _est_date(valeur):
            return date_en_clair(date.fromisoformat(valeur))
        case _:
            return str(valeur)


def _est_date(texte: str) -> bool:
    try:
        date.fromisoformat(texte)
    except ValueError:
        return False
    return len(texte) == len("2021-04-19")
