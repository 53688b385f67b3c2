"""Un message : son contenu d'abord (figé, sans mise en page), puis ses deux corps, texte et HTML, d'un même gabarit."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string

OBJET_MAX = 150
"""Au-delà, les messageries coupent : l'objet s'arrête au dernier mot entier."""


@dataclass(frozen=True, slots=True)
class Geste:
    """Le bouton d'un message ; `chemin` part de la racine du site (« /candidats/… »)."""

    libelle: str
    chemin: str


@dataclass(frozen=True, slots=True)
class Ligne:
    """Une chose, dans une liste : quand, quoi, pourquoi, et où aller."""

    titre: str
    pourquoi: str = ""
    quand: str = ""
    chemin: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Une liste et son titre."""

    titre: str
    lignes: tuple[Ligne, ...]


@dataclass(frozen=True, slots=True)
class Calendrier:
    """Un objet iCalendar joint au message : sa méthode (« REQUEST », « CANCEL ») et son texte, en CRLF."""

    methode: str
    contenu: str


@dataclass(frozen=True, slots=True)
class Message:
    """Ce que dit un courriel. Aucun texte n'est pris pour du HTML."""

    objet: str
    titre: str
    paragraphes: tuple[str, ...] = ()
    geste: Geste | None = None
    sections: tuple[Section, ...] = ()
    apres: tuple[str, ...] = ()
    calendrier: Calendrier | None = None


@dataclass(frozen=True, slots=True)
class Corps:
    """Un message mis en page."""

    objet: str
    texte: str
    html: str


def mettre_en_page(message: Message, *, facultatif: bool) -> Corps:
    """L'objet sur une ligne, le corps en texte et en HTML ; un facultatif dit où l'on règle ses courriels."""
    contexte = {
        "message": message,
        "adresse": settings.PARCHEMIN_ADRESSE,
        "reglages": lien_reglages() if facultatif else "",
    }
    texte = render_to_string("courriels/message.txt", contexte)
    return Corps(
        objet=objet_sur_une_ligne(message.objet),
        texte=_lignes_blanches_reduites(texte),
        html=render_to_string("courriels/message.html", contexte),
    )


def lien_reglages() -> str:
    """L'adresse absolue de la page où l'on règle ses courriels."""
    return f"{settings.PARCHEMIN_ADRESSE}/mes-courriels/"


def objet_sur_une_ligne(objet: str) -> str:
    r"""L’objet sans saut de ligne ni signe de commande : rien de ce qu'une personne a saisi n'ouvre un autre en-tête.

    >>> objet_sur_une_ligne("Bonjour\r\nBcc: autre@exemple.fr")
    'Bonjour Bcc: autre@exemple.fr'
    """
    propre = "".join(" " if unicodedata.category(signe) in ("Cc", "Zl", "Zp") else signe for signe in objet)
    propre = " ".join(propre.split())
    if len(propre) <= OBJET_MAX:
        return propre
    return propre[: OBJET_MAX - 1].rpartition(" ")[0] + "…"


def _lignes_blanches_reduites(texte: str) -> str:
    lignes: list[str] = []
    for ligne in (brute.rstrip() for brute in texte.strip().splitlines()):
        if ligne or lignes[-1]:
            lignes.append(ligne)
    return "\n".join(lignes) + "\n"
