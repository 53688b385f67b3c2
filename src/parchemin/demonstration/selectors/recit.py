"""La cohorte telle qu'elle est écrite dans `cohorte.yaml`, en objets figés : rien n'y est encore arrivé."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import IntEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from parchemin.comptes.enums import Branche, NatureRole
from parchemin.parcours.enums import GenreEtape, Initiative, Voie

FICHIER = Path(__file__).resolve().parents[1] / "cohorte.yaml"


class Avancee(IntEnum):
    """Jusqu'où va une épreuve du récit."""

    PLANIFIEE = 1
    AFFECTEE = 2
    EN_COURS = 3
    UNE_LECTURE = 4
    DEUX_LECTURES = 5
    ACCORDEE = 6


@dataclass(frozen=True, slots=True)
class OrganismeEcrit:
    """Un organisme inventé."""

    nom: str
    nom_court: str
    branche: Branche
    adresse: str
    parent: str = ""
    """La clé de celui dont il dépend, écrit avant lui."""


@dataclass(frozen=True, slots=True)
class PersonneEcrite:
    """Une personne inventée, son rôle, et ce que son compte donne à voir."""

    cle: str
    prenom: str
    nom: str
    organisme: str
    role: NatureRole
    partout: bool
    a_voir: str

    @property
    def courriel(self) -> str:
        """« prenom.nom@organisme.example » : un domaine réservé, qui n'existe pas (RFC 2606)."""
        return f"{self.cle}@{self.organisme}.example"


@dataclass(frozen=True, slots=True)
class AttestationsEcrites:
    """Des compétences attestées le même jour par le tuteur ou par le manager. `jour` : il y a tant de jours."""

    jour: int
    par: str
    competences: tuple[str, ...]
    verdict: str = "maitrisee"
    mot: str = ""


@dataclass(frozen=True, slots=True)
class DispenseEcrite:
    """Des blocs dont le gestionnaire dispense du carnet, il y a tant de jours."""

    jour: int
    blocs: tuple[str, ...]
    motif: str


@dataclass(frozen=True, slots=True)
class CarnetEcrit:
    """Un carnet : reçu par le candidat, puis attesté pas à pas, ou tout entier entre deux jours (`complet`)."""

    recu: int | None = None
    attestations: tuple[AttestationsEcrites, ...] = ()
    complet: tuple[int, int] | None = None
    dispenses: tuple[DispenseEcrite, ...] = ()


@dataclass(frozen=True, slots=True)
class LectureEcrite:
    """Ce qu'un évaluateur constate : tout est validé, sauf ce qui est dit. `remplie` : combien de critères, `None` tous.

    `pause` : pourquoi la première phase s'est arrêtée trois minutes.
    """

    non_valides: frozenset[str] = frozenset()
    non_observes: frozenset[str] = frozenset()
    commentaires: Mapping[str, str] = field(default_factory=dict)
    remplie: int | None = None
    pause: str = ""
    premiere_phase: int | None = None
    exceptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AccordEcrit:
    """Sur un critère qui diffère : qui propose quoi, pourquoi ; l'autre confirme."""

    choix: str
    propose: str
    motif: str


@dataclass(frozen=True, slots=True)
class RegardEcrit:
    """Un second regard : à qui et quand il est confié (il y a tant de jours) ; puis l'avis, s'il est rendu."""

    confie: int
    a: str
    rendu: int | None = None
    sens: str = "maintenir"
    criteres: tuple[str, ...] = ()
    motif: str = ""


@dataclass(frozen=True, slots=True)
class EpreuveEcrite:
    """Une épreuve, jusqu'où elle est allée. `planifiee`, `prevue` : il y a tant de jours (négatif : à venir)."""

    bloc: str
    planifiee: int
    prevue: int
    heure: time
    lieu: str
    jusqu_a: Avancee
    metier: str = ""
    certificateur: str = ""
    alternative: str | None = None
    lectures: Mapping[str, LectureEcrite] = field(default_factory=dict)
    accord: Mapping[str, AccordEcrit] = field(default_factory=dict)
    second_regard: RegardEcrit | None = None


@dataclass(frozen=True, slots=True)
class Abandon:
    """Un dossier clos sans résultat."""

    jour: int
    motif: str


@dataclass(frozen=True, slots=True)
class AmenagementEcrit:
    """Des durées accordées il y a tant de jours : les minutes, par « bloc:phase »."""

    jour: int
    durees: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EtapeVaeEcrite:
    """Une étape de VAE inscrite il y a tant de jours ; `le` : le jour où elle a eu lieu, s'il est plus ancien."""

    jour: int
    genre: GenreEtape
    le: date | None = None
    mot: str = ""


@dataclass(frozen=True, slots=True)
class EtatCivilEcrit:
    """L'état civil d'un candidat : `ne` (de une à trois parts, « 1991-05-03 », « 1991 »), `a` (code Insee), et la pièce vue."""

    nom: str
    prenoms: tuple[str, ...]
    sexe: str
    ne: str
    a: str = ""
    commune: str = ""
    pays_code: str = ""
    pays: str = ""
    piece: str = ""


@dataclass(frozen=True, slots=True)
class DossierEcrit:
    """Le parcours d'un candidat, raconté."""

    candidat: str
    gestionnaire: str
    entree_le: date
    inscrit: int
    blocs: tuple[str, ...]
    voie: Voie = Voie.FORMATION_CONTINUE
    initiative: Initiative = Initiative.EMPLOYEUR
    recevable_le: date | None = None
    referent_rh: str = ""
    etat_civil: EtatCivilEcrit | None = None
    tuteur: str = ""
    manager: str = ""
    carnet: CarnetEcrit = CarnetEcrit()
    epreuves: tuple[EpreuveEcrite, ...] = ()
    abandon: Abandon | None = None
    amenagement: AmenagementEcrit | None = None
    vae: tuple[EtapeVaeEcrite, ...] = ()


@dataclass(frozen=True, slots=True)
class AidesEcrites:
    """Ce que le certificateur propose, bloc par bloc (`questions` par critère, `motifs_de_courrier`) ; des phrases rapides."""

    auteur: str
    blocs: Mapping[str, Mapping[str, Any]]
    phrases: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Recit:
    """Toute la cohorte."""

    mot_de_passe: str
    referentiel: str
    installation: int
    organismes: Mapping[str, OrganismeEcrit]
    personnes: Mapping[str, PersonneEcrite]
    dossiers: tuple[DossierEcrit, ...]
    aides: AidesEcrites


@cache
def lire_recit() -> Recit:
    """Lit `cohorte.yaml`. Une clé inconnue, une valeur d'un autre genre : `TypeError`, `ValueError` ou `KeyError`."""
    lu = yaml.safe_load(FICHIER.read_text(encoding="utf-8"))
    return Recit(
        mot_de_passe=lu["mot_de_passe"],
        referentiel=lu["referentiel"],
        installation=lu["installation"],
        organismes={
            cle: OrganismeEcrit(**{**valeurs, "branche": Branche(valeurs["branche"])})
            for cle, valeurs in lu["organismes"].items()
        },
        personnes={cle: _personne(cle, **valeurs) for cle, valeurs in lu["personnes"].items()},
        dossiers=tuple(_dossier(**valeurs) for valeurs in lu["dossiers"]),
        aides=AidesEcrites(**lu["aides"]),
    )


def _personne(
    cle: str, *, nom: list[str], organisme: str, role: str, a_voir: str, partout: bool = False
) -> PersonneEcrite:
    prenom, famille = nom
    return PersonneEcrite(cle, prenom, famille, organisme, NatureRole(role), partout, a_voir)


def _dossier(**lu: Any) -> DossierEcrit:
    convertis: dict[str, Any] = {
        "entree_le": date.fromisoformat(lu.pop("entree_le")),
        "blocs": tuple(lu.pop("blocs")),
        "carnet": _carnet(**lu.pop("carnet", {})),
        "epreuves": tuple(_epreuve(**valeurs) for valeurs in lu.pop("epreuves", ())),
        "vae": tuple(_etape_vae(**valeurs) for valeurs in lu.pop("vae", ())),
    }
    if "voie" in lu:
        convertis["voie"] = Voie(lu.pop("voie"))
    if "initiative" in lu:
        convertis["initiative"] = Initiative(lu.pop("initiative"))
    if "recevable_le" in lu:
        convertis["recevable_le"] = date.fromisoformat(lu.pop("recevable_le"))
    if "etat_civil" in lu:
        civil = lu.pop("etat_civil")
        convertis["etat_civil"] = EtatCivilEcrit(**civil | {"prenoms": tuple(civil["prenoms"])})
    if "abandon" in lu:
        convertis["abandon"] = Abandon(**lu.pop("abandon"))
    if "amenagement" in lu:
        convertis["amenagement"] = AmenagementEcrit(**lu.pop("amenagement"))
    return DossierEcrit(**lu, **convertis)


def _etape_vae(jour: int, genre: str, le: str = "", mot: str = "") -> EtapeVaeEcrite:
    return EtapeVaeEcrite(jour, GenreEtape(genre), date.fromisoformat(le) if le else None, mot)


def _carnet(**lu: Any) -> CarnetEcrit:
    attestations = tuple(
        AttestationsEcrites(**{**valeurs, "competences": tuple(valeurs["competences"])})
        for valeurs in lu.pop("attestations", ())
    )
    dispenses = tuple(
        DispenseEcrite(**valeurs | {"blocs": tuple(valeurs["blocs"])}) for valeurs in lu.pop("dispenses", ())
    )
    complet = tuple(lu.pop("complet")) if "complet" in lu else None
    return CarnetEcrit(attestations=attestations, complet=complet, dispenses=dispenses, **lu)


def _epreuve(**lu: Any) -> EpreuveEcrite:
    regard = lu.pop("second_regard", None)
    return EpreuveEcrite(
        heure=time.fromisoformat(lu.pop("heure")),
        jusqu_a=Avancee[lu.pop("jusqu_a").upper()],
        lectures={qualite: _lecture(**valeurs) for qualite, valeurs in lu.pop("lectures", {}).items()},
        accord={critere: AccordEcrit(**valeurs) for critere, valeurs in lu.pop("accord", {}).items()},
        second_regard=RegardEcrit(**regard | {"criteres": tuple(regard.get("criteres", ()))}) if regard else None,
        **lu,
    )


def _lecture(**lu: Any) -> LectureEcrite:
    return LectureEcrite(
        non_valides=frozenset(lu.pop("non_valides", ())), non_observes=frozenset(lu.pop("non_observes", ())), **lu
    )
