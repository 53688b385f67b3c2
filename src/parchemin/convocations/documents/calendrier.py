"""Écrire une épreuve en iCalendar (RFC 5545, 5546) : l'invitation d'une personne, son retrait, et le flux d'un évaluateur.

Aucun nom de candidat, aucun bloc de texte saisi, aucun lien personnel n'entre ici : un calendrier se partage, et survit au
courriel. Le lieu et l'heure, eux, y sont : c'est ce qu'un calendrier doit dire. L'heure est celle du site, avec son fuseau entier
(VTIMEZONE) ; les lignes finissent en CRLF et se plient à 75 octets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Event, vCalAddress

PRODUIT = "-//Parchemin//Convocations//FR"
UID = UUID("5c0a3f52-6f0a-4a63-9a50-3f7f1d1b2026")
"""D'où se tirent les identifiants d'invitation : ils ne doivent jamais changer."""


class Methode(StrEnum):
    """Ce que fait l'objet : inviter (ou dire un changement), retirer, publier."""

    INVITER = "REQUEST"
    RETIRER = "CANCEL"
    PUBLIER = "PUBLISH"


@dataclass(frozen=True, slots=True)
class Adresse:
    """Une boîte, et le nom qu'on y lit."""

    nom: str
    courriel: str


@dataclass(frozen=True, slots=True)
class Evenement:
    """Une épreuve, telle qu'un calendrier la garde. `debut` et `fin` : des instants ; `fuseau` : celui du site."""

    uid: str
    sequence: int
    debut: datetime
    fin: datetime
    fuseau: ZoneInfo
    titre: str
    lieu: str
    adresse: str
    organisateur: Adresse | None = None
    convie: Adresse | None = None


def uid(epreuve: UUID, personne: UUID, hote: str) -> str:
    """L'identifiant d'une épreuve dans le calendrier d'une personne : toujours le même, il ne dit rien d'elle."""
    return f"{uuid5(UID, f'{epreuve}/{personne}')}@{hote}"


def ecrire(methode: Methode, evenements: Iterable[Evenement], *, instant: datetime, nom: str = "") -> str:
    """L'objet iCalendar, en CRLF. `instant` : quand il est écrit (aware). `nom` : celui que montre un calendrier abonné."""
    from icalendar import Calendar  # à l'usage : un serveur qui repart n'attend pas de quoi écrire un calendrier

    calendrier = Calendar()
    calendrier.add("version", "2.0")
    calendrier.add("prodid", PRODUIT)
    calendrier.add("calscale", "GREGORIAN")
    calendrier.add("method", methode.value)
    if nom:
        calendrier.add("x-wr-calname", nom)
    annees = []
    for un in evenements:
        calendrier.add_component(_evenement(un, methode, instant))
        annees.append(un.debut.year)
    if annees:
        calendrier.add_missing_timezones(date(min(annees) - 1, 1, 1), date(max(annees) + 2, 1, 1))
        for fuseau in calendrier.timezones:
            fuseau.pop("COMMENT", None)  # une remarque de la bibliothèque, en anglais
    texte: str = calendrier.to_ical().decode()
    return texte


def _evenement(un: Evenement, methode: Methode, instant: datetime) -> Event:
    from icalendar import Event, vText

    evenement = Event()
    evenement.add("uid", un.uid)
    evenement.add("sequence", un.sequence)
    evenement.add("dtstamp", instant.astimezone(UTC))
    evenement.add("dtstart", un.debut.astimezone(un.fuseau))
    evenement.add("dtend", un.fin.astimezone(un.fuseau))
    evenement.add("summary", un.titre)
    evenement.add("location", un.lieu)
    evenement.add("url", un.adresse)
    evenement.add("class", "PRIVATE")
    evenement.add("transp", "OPAQUE")
    evenement.add("status", "CANCELLED" if methode is Methode.RETIRER else "CONFIRMED")
    if un.organisateur is not None:
        evenement.add("organizer", _boite(un.organisateur))
    if un.convie is not None:
        convie = _boite(un.convie)
        convie.params["CUTYPE"] = vText("INDIVIDUAL")
        convie.params["ROLE"] = vText("REQ-PARTICIPANT")
        convie.params["PARTSTAT"] = vText("NEEDS-ACTION")
        convie.params["RSVP"] = vText("FALSE")  # on répond par la page : rien ne lit la boîte d'envoi
        evenement.add("attendee", convie)
    return evenement


def _boite(adresse: Adresse) -> vCalAddress:
    from icalendar import vCalAddress, vText

    boite = vCalAddress(f"mailto:{adresse.courriel}")
    boite.params["CN"] = vText(adresse.nom)
    return boite
