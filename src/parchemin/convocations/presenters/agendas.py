"""Les disponibilités d'une personne, telles qu'elle les lit et que les lit qui planifie."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from parchemin.comptes.selectors import nom
from parchemin.convocations.forms import FormSemaine
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.selectors import VueAgenda, VueEpreuve, agenda, agenda_ouvert
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Lien, Statut, Ton
from parchemin.socle.fuseaux import heure_de
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, date_en_clair, de, heure

SEMAINE_PROPOSEE = tuple(
    Heures(jour, time(debut), time(fin)) for jour in range(1, 6) for debut, fin in ((9, 12), (14, 17))
)
"""Ce que l'on propose à qui n'a encore rien dit ; rien n'en vaut tant que ce n'est pas enregistré."""


@dataclass(frozen=True, slots=True)
class LigneException:
    """Une exception à venir ou en cours."""

    id: UUID
    quand: str
    statut: Statut
    oter: Action


@dataclass(frozen=True, slots=True)
class PageAgenda:
    """L'agenda d'une personne. `sienne` : c'est elle qui le lit."""

    personne: UUID
    nom: str
    sienne: bool
    revu: str
    horloge: str
    exceptions: tuple[LigneException, ...]
    initial: dict[str, Any]


def lien_d_agenda(lecteur: Acteur, personne: UUID, nom: str) -> Lien:
    """Vers les disponibilités d'une personne, dites comme le lecteur les appelle : les siennes, ou celles de quelqu'un."""
    if lecteur.id == personne:
        return Lien("Dire mes disponibilités", reverse("convocations:mes_disponibilites"))
    return Lien(f"Disponibilités {de(nom)}", reverse("convocations:disponibilites", args=[personne]))


def agendas_des_evaluateurs(lecteur: Acteur, epreuve: VueEpreuve, jour: date) -> tuple[Lien, ...]:
    """Vers les disponibilités de ses évaluateurs, de ceux dont elles s'ouvrent au lecteur."""
    return tuple(
        lien_d_agenda(lecteur, e.personne, e.nom)
        for e in epreuve.evaluateurs
        if e.personne != lecteur.id and agenda_ouvert(lecteur, e.personne, jour)
    )


def page_agenda(lecteur: Acteur, personne: UUID, maintenant: datetime) -> PageAgenda:
    """L'agenda d'une personne, à qui a le droit de le lire."""
    vue = agenda(lecteur, personne)
    sienne = lecteur.id == personne
    return PageAgenda(
        personne=personne,
        nom=nom(lecteur, personne),
        sienne=sienne,
        revu=_revu(vue, sienne=sienne),
        horloge=heure_de(vue.fuseau),
        exceptions=tuple(
            LigneException(
                e.id,
                _quand(e.debut, e.fin, vue.zone),
                Statut(Ton.OUI, "disponible en plus") if e.libre else Statut(Ton.NON, "indisponible"),
                Action(
                    "Ôter",
                    reverse("convocations:oter_exception", args=[personne, e.id]),
                    methode="post",
                    precision=_quand(e.debut, e.fin, vue.zone),
                ),
            )
            for e in vue.ecarts
            if e.fin > maintenant
        ),
        initial={
            "fuseau": vue.fuseau,
            "site": str(vue.site or ""),
            "maximum": vue.maximum,
            **FormSemaine.initial_de(vue.heures if vue.revu_le else SEMAINE_PROPOSEE),
        },
    )


def _revu(vue: VueAgenda, *, sienne: bool) -> str:
    if vue.revu_le is not None:
        return f"Revues le {date_en_clair(jour_civil(vue.revu_le, vue.zone))}."
    if sienne:
        return "Vous n'avez encore rien dit : la semaine proposée ne vaut qu'une fois enregistrée."
    return "Cette personne n'a encore rien dit : on la suppose libre à toute heure."


def _quand(debut: datetime, fin: datetime, zone: ZoneInfo) -> str:
    """« Du 3 nov. 2026 au 7 nov. 2026 », « Le 3 nov. 2026, de 9 h 00 à 12 h 00 »."""
    de, a = debut.astimezone(zone), fin.astimezone(zone)
    entiers = de.time() == time() and a.time() == time()
    dernier: date = (a - timedelta(days=1)).date() if entiers else a.date()
    if entiers:
        if de.date() == dernier:
            return f"Le {date_courte(dernier)}"
        return f"Du {date_courte(de.date())} au {date_courte(dernier)}"
    if de.date() == dernier:
        return f"Le {date_courte(dernier)}, de {heure(debut, zone)} à {heure(fin, zone)}"
    return f"Du {date_courte(de.date())} à {heure(debut, zone)} au {date_courte(dernier)} à {heure(fin, zone)}"
