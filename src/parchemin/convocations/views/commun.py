"""Ce que les pages des convocations ont en commun : dire une place, passer outre un avertissement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.forms import Form

from parchemin.convocations import selectors
from parchemin.convocations.forms import FormPlace, FormQuiPasseOutre
from parchemin.socle.acteur import Acteur
from parchemin.socle.fuseaux import heure_de, instant_dit
from parchemin.socle.horloge import PARIS
from parchemin.socle.refus import Refus

_CHAMPS = {
    "heure_inexistante": "prevue_le",
    "date_passee": "prevue_le",
    "date_manquante": "prevue_le",
    "lieu_manquant": "lieu",
}


def statut_http(formulaire: Form) -> int:
    """422 quand la saisie a été refusée, 200 sinon."""
    return 422 if formulaire.is_bound and formulaire.errors else 200


def place_saisie(acteur: Acteur, formulaire: FormPlace, meme: UUID | None = None) -> dict[str, Any]:
    """La salle, le lieu et l'instant saisis, l'heure lue à l'horloge de la salle (celle de `meme`, si ni salle ni lieu ne sont dits).

    Lève `Refus` : `heure_inexistante`, `heure_double`.
    """
    dit = formulaire.cleaned_data
    salle = UUID(dit["salle"]) if dit.get("salle") else None
    horloge = salle or (None if dit["lieu"] else meme)
    quand = dit["prevue_le"]
    if quand is not None:
        zone = selectors.zone_de_la_salle(acteur, horloge) if horloge else PARIS
        quand = instant_dit(quand.date(), quand.time(), zone, laquelle=dit.get("laquelle"))
    return {"salle": salle, "lieu": dit["lieu"], "prevue_le": quand}


def choix_de_salles(acteur: Acteur, jour: date) -> list[tuple[str, Any]]:
    """Le menu des salles où le lecteur peut placer une épreuve, un groupe par site, chacun disant son horloge."""
    groupes: list[tuple[str, Any]] = [("", "Aucune : je dis le lieu")]
    for site in selectors.vues_sites(selectors.sites_offerts(acteur, jour)):
        salles = [(str(salle.id), _salle(salle)) for salle in site.ouvertes(jour)]
        if salles:
            groupes.append((f"{site.nom} ({heure_de(site.fuseau)})", salles))
    return groupes


def _salle(salle: selectors.VueSalle) -> str:
    return f"{salle.nom}, double écoute" if salle.double_ecoute else salle.nom


def ecrire_malgre[T](formulaire: FormQuiPasseOutre, ecrire: Callable[[bool], T]) -> T:
    """Écrit ; s'il y a des avertissements que ce formulaire dit avoir lus, ceux-là et eux seuls, écrit malgré eux."""
    try:
        return ecrire(False)
    except Refus as refus:
        if refus.code == "avertissements" and formulaire.a_lu(refus.details):
            return ecrire(True)
        raise


def montrer_refus(formulaire: FormQuiPasseOutre, refus: Refus) -> None:
    """Montre un refus là où il se corrige, et pose la question qu'il demande."""
    if refus.code == "avertissements":
        formulaire.avertir(refus.message, refus.details)
    elif refus.code == "heure_double":
        formulaire.demander("laquelle")
        formulaire.add_error("laquelle", refus.message)
    else:
        champ = _CHAMPS.get(refus.code)
        for phrase in (refus.message, *refus.details):
            formulaire.add_error(champ if champ in formulaire.fields else None, phrase)
