"""Les sites et leurs salles : la liste, la fiche d'un site, ce que montrent d'abord ses formulaires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse

from parchemin.convocations.forms import FormSemaine, ecrire_plages
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.selectors import (
    VueSalle,
    VueSite,
    site,
    sites_offerts,
    sites_tenus,
    trajets_du_site,
    vues_sites,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.fuseaux import heure_de
from parchemin.socle.typographie import JOURS, date_courte, date_en_clair, majuscule, pluriel

FERME = Statut(Ton.NEUTRE, "Fermé")
OUVERT = Statut(Ton.OUI, "Ouvert")


@dataclass(frozen=True, slots=True)
class PageSites:
    """Les sites que tient le lecteur, puis ceux que d'autres organismes lui ouvrent."""

    tenus: Tableau | None
    ouverts: Tableau | None
    vide: Vide | None


@dataclass(frozen=True, slots=True)
class PageSite:
    """La fiche d'un site."""

    id: UUID
    nom: str
    statut: Statut
    identite: tuple[tuple[str, str], ...]
    heures: tuple[tuple[str, str], ...]
    salles: Tableau | None
    trajets: tuple[tuple[str, str], ...]
    actions: tuple[Action, ...]


def page_sites(lecteur: Acteur, jour: date) -> PageSites:
    """Les sites du lecteur. Six requêtes, quel qu'en soit le nombre."""
    tenus = vues_sites(sites_tenus(lecteur, jour))
    siens = {s.id for s in tenus}
    d_ailleurs = [s for s in vues_sites(sites_offerts(lecteur, jour)) if s.id not in siens]
    return PageSites(
        tenus=_tableau("Vos sites", tenus, jour, tenu=True) if tenus else None,
        ouverts=_tableau("Ouverts par d'autres organismes", d_ailleurs, jour, tenu=False) if d_ailleurs else None,
        vide=None
        if tenus
        else Vide("Aucun site encore", "Ajoutez le premier : ses heures, son fuseau, puis ses salles."),
    )


def _tableau(legende: str, sites: Sequence[VueSite], jour: date, *, tenu: bool) -> Tableau:
    def ligne(vue: VueSite) -> tuple[Cellule, ...]:
        return (
            Lien(vue.nom, reverse("convocations:site", args=[vue.id])) if tenu else vue.nom,
            vue.organisme_nom,
            majuscule(heure_de(vue.fuseau)),
            pluriel(len(vue.ouvertes(jour)), "salle"),
            FERME if vue.ferme_le and vue.ferme_le <= jour else OUVERT,
        )

    return Tableau(
        legende,
        (Colonne("Site"), Colonne("Organisme", discrete=True), Colonne("Horloge"), Colonne("Salles"), Colonne("État")),
        tuple(map(ligne, sites)),
    )


def page_site(lecteur: Acteur, identifiant: UUID, jour: date) -> PageSite:
    """La fiche d'un site que tient le lecteur. Lève `Introuvable`."""
    vue = site(lecteur, identifiant, jour)
    dits = trajets_du_site(lecteur, identifiant)
    noms = {s.id: s.nom for s in vues_sites(sites_offerts(lecteur, jour))} if dits else {}
    ferme = vue.ferme_le is not None and vue.ferme_le <= jour
    return PageSite(
        id=vue.id,
        nom=vue.nom,
        statut=FERME if ferme else OUVERT,
        identite=_identite(vue),
        heures=_heures(vue.heures),
        salles=_salles(vue.salles, jour) if vue.salles else None,
        trajets=tuple(
            (noms[autre], pluriel(minutes, "minute"))
            for autre, minutes in sorted(dits.items(), key=lambda p: p[1])
            if autre in noms
        ),
        actions=(
            Action("Voir la semaine", reverse("convocations:semaine", args=[vue.id])),
            Action("Modifier la fiche", reverse("convocations:modifier_site", args=[vue.id])),
            Action(
                "Rouvrir, ou changer la date" if vue.ferme_le else "Fermer ce site",
                reverse("convocations:fermer_site", args=[vue.id]),
            ),
        ),
    )


def _identite(vue: VueSite) -> tuple[tuple[str, str], ...]:
    fermeture = f"à partir du {date_en_clair(vue.ferme_le)}" if vue.ferme_le else ""
    lignes = (
        ("Organisme", vue.organisme_nom),
        ("Adresse", ", ".join(filter(None, map(str.strip, vue.adresse.splitlines())))),
        ("Horloge", f"{majuscule(heure_de(vue.fuseau))} ({vue.fuseau})"),
        ("Autres organismes", "ils peuvent y planifier" if vue.partage else "ils n'y planifient pas"),
        ("Fermé", fermeture),
    )
    return tuple((nom, valeur) for nom, valeur in lignes if valeur)


def _heures(heures: Sequence[Heures]) -> tuple[tuple[str, str], ...]:
    """Jour par jour ; vide si l'on n'en sait rien."""
    if not heures:
        return ()
    return tuple(
        (jour.capitalize(), ecrire_plages(h for h in heures if h.jour == rang) or "fermé")
        for rang, jour in enumerate(JOURS, start=1)
    )


def _salles(salles: Sequence[VueSalle], jour: date) -> Tableau:
    return Tableau(
        "Les salles",
        (Colonne("Salle"), Colonne("Places"), Colonne("Équipement"), Colonne("État")),
        tuple(
            (
                Lien(s.nom, reverse("convocations:modifier_salle", args=[s.id])),
                s.places,
                "Double écoute" if s.double_ecoute else None,
                _etat(s, jour),
            )
            for s in salles
        ),
    )


def _etat(salle: VueSalle, jour: date) -> Statut:
    if salle.retiree_le is None:
        return Statut(Ton.OUI, "Sert")
    if salle.retiree_le <= jour:
        return Statut(Ton.NEUTRE, "Retirée")
    return Statut(Ton.ATTENTE, f"Jusqu'au {date_courte(salle.retiree_le)}")


def site_initial(vue: VueSite) -> dict[str, Any]:
    """Ce que montre d'abord la fiche à corriger."""
    return {
        "nom": vue.nom,
        "adresse": vue.adresse,
        "fuseau": vue.fuseau,
        "partage": vue.partage,
        **FormSemaine.initial_de(vue.heures),
    }


def salle_initiale(salle: VueSalle) -> dict[str, Any]:
    """Ce que montre d'abord une salle à corriger."""
    return {
        "nom": salle.nom,
        "places": salle.places,
        "double_ecoute": salle.double_ecoute,
        "retiree_le": salle.retiree_le,
    }


def choix_de_sites(sites: Sequence[VueSite]) -> list[tuple[str, str]]:
    """Un menu de sites, chacun avec son organisme."""
    return [(str(s.id), f"{s.nom} ({s.organisme_nom})") for s in sites]
