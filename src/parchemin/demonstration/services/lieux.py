"""Les sites, leurs salles, les routes ; ce que trois évaluateurs disent de leurs semaines ; des épreuves placées en salle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from parchemin.convocations import services as convocations
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.acteur import SYSTEME

OUVERT = tuple(Heures(jour, time(debut), time(fin)) for jour in range(1, 6) for debut, fin in ((8, 12), (13, 18)))


@dataclass(frozen=True, slots=True)
class SiteEcrit:
    """Un site, son organisme, ses salles (vrai : équipée pour la double écoute)."""

    organisme: str
    nom: str
    salles: Mapping[str, bool]
    fuseau: str = "Europe/Paris"
    adresse: str = ""
    partage: bool = False


SITES = {
    "montferrier": SiteEcrit(
        "aubrac",
        "Site de Montferrier",
        {"Plateforme téléphonique": True, "Salle Causse": False},
        adresse="4, place des Tilleuls\n12000 Montferrier (adresse inventée)",
    ),
    "port-sauveterre": SiteEcrit(
        "vermeille", "Site de Port-Sauveterre", {"Salle des Arcades": False, "Guichet 5": False}
    ),
    "centre": SiteEcrit(
        "institut", "Centre d'examen du Midi", {"Salle 1": True, "Salle 2": True, "Salle 3": False}, partage=True
    ),
    "cayenne": SiteEcrit(
        "nationale", "Antenne de Cayenne", {"Salle Maroni": True}, fuseau="America/Cayenne", partage=True
    ),
}
ROUTES = (("montferrier", "port-sauveterre", 95), ("montferrier", "centre", 70), ("port-sauveterre", "centre", 110))
SEMAINES = {
    "yann.quemener": ("montferrier", 4, range(1, 6)),
    "raphael.lefevre": ("port-sauveterre", 3, (1, 2, 4)),
    "aminata.coulibaly": ("centre", None, range(1, 5)),
}
EN_SALLE = (
    ("linh.nguyen", "B2", "montferrier", "Salle Causse", "bertrand.le-goff"),
    ("linh.nguyen", "B4", "montferrier", "Salle Causse", "bertrand.le-goff"),
    ("margaux.oeuvrard", "B2", "port-sauveterre", "Salle des Arcades", "ines.benhaddou"),
)


def raconter_les_lieux(scene: Scene) -> None:
    """Note ces actes : les sites à l'ouverture, les semaines il y a deux semaines, les salles avant que les convoqués répondent."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    tenus: dict[str, UUID] = {}
    salles: dict[tuple[str, str], UUID] = {}
    noter(il_y_a(600, time(10)), lambda instant: _ouvrir(scene, tenus, salles, instant))
    noter(il_y_a(14, time(9)), lambda instant: _dire_les_semaines(scene, tenus, instant))
    noter(il_y_a(17, time(17)), lambda instant: _placer(scene, salles, instant))


def _ouvrir(scene: Scene, tenus: dict[str, UUID], salles: dict[tuple[str, str], UUID], instant: datetime) -> None:
    for cle, ecrit in SITES.items():
        fiche = convocations.FicheSite(ecrit.nom, ecrit.fuseau, ecrit.adresse, ecrit.partage, OUVERT)
        tenus[cle] = convocations.creer_site(
            organisme=scene.organismes[ecrit.organisme], fiche=fiche, auteur=SYSTEME, maintenant=instant
        )
        for nom, double_ecoute in ecrit.salles.items():
            salles[cle, nom] = convocations.ajouter_salle(
                site=tenus[cle], nom=nom, double_ecoute=double_ecoute, auteur=SYSTEME, maintenant=instant
            )
    for de, vers, minutes in ROUTES:
        convocations.dire_trajet(de=tenus[de], vers=tenus[vers], minutes=minutes, auteur=SYSTEME, maintenant=instant)


def _dire_les_semaines(scene: Scene, tenus: Mapping[str, UUID], instant: datetime) -> None:
    for cle, (site, maximum, jours) in SEMAINES.items():
        qui = scene.personnes[cle]
        convocations.revoir_agenda(
            personne=qui.id,
            fuseau=SITES[site].fuseau,
            heures=[Heures(j, time(d), time(f)) for j in jours for d, f in ((9, 12), (14, 17))],
            site=tenus[site],
            maximum=maximum,
            auteur=qui,
            maintenant=instant,
        )
    absente = scene.personnes["aminata.coulibaly"]
    debut = scene.chronologie.il_y_a(-12, time())
    convocations.ajouter_exception(
        personne=absente.id,
        libre=False,
        debut=debut,
        fin=debut + timedelta(days=3),
        auteur=absente,
        maintenant=instant,
    )


def _placer(scene: Scene, salles: Mapping[tuple[str, str], UUID], instant: datetime) -> None:
    for candidat, bloc, site, salle, gestionnaire in EN_SALLE:
        epreuve = scene.epreuves[candidat, bloc]
        convocations.deplacer_epreuve(
            epreuve=epreuve,
            prevue_le=epreuve_par_id(SYSTEME, epreuve).prevue_le,
            salle=salles[site, salle],
            malgre=True,
            auteur=scene.personnes[gestionnaire],
            maintenant=instant,
        )
