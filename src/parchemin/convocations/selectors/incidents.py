"""Les incidents d'une épreuve : ce qui l'a suspendue, ce qui en fut décidé, et ce que chacun en lit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from moteur.regles.incident import (
    TABLE_PAR_DEFAUT,
    Ligne,
    Moment,
    NouvelleDate,
    Suite,
    consequence,
    signalables,
    suites_permises,
)
from moteur.regles.incident import GenreIncident as GenreDuMoteur
from parchemin.comptes.selectors import noms
from parchemin.convocations.enums import APRES_LES_SCEAUX, ATTENDENT, GenreIncident, SuiteIncident
from parchemin.convocations.models import Incident
from parchemin.convocations.selectors.epreuves import VueEpreuve
from parchemin.referentiels.selectors import Reglement, norme, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


@dataclass(frozen=True, slots=True)
class VueIncident:
    """Un incident, tel que ce lecteur peut le lire.

    `genre` est `None` et `motif` vide pour qui n'a pas à les connaître ; `suite` est `None` tant que rien n'est décidé ;
    `consigne` : appris après les deux sceaux, il n'attend aucune suite.
    """

    id: UUID
    epreuve: UUID
    genre: GenreIncident | None
    motif: str
    auteur_nom: str
    le: datetime
    suite: SuiteIncident | None
    reponse: str
    tranche_le: datetime | None
    nouvelle: UUID | None
    consigne: bool


def table_des_incidents(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> tuple[Ligne, ...]:
    """La table des incidents du règlement en vigueur ; celle du moteur s'il a été écrit avant elle."""
    reglement = reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, epreuve.norme), jour_civil(maintenant))
    return table_du_reglement_des_incidents(reglement)


def table_du_reglement_des_incidents(reglement: Reglement) -> tuple[Ligne, ...]:
    """La table d'un règlement, dans les mots du moteur."""
    lignes = reglement.valeur("incidents", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return tuple(
        Ligne(
            GenreDuMoteur(ligne["incident"]),
            frozenset(map(Moment, ligne["moments"])),
            frozenset(map(Suite, ligne["suites"])),
            NouvelleDate(ligne["replanifier"]),
            ligne["voie"],
        )
        for ligne in lignes
    )


def incidents_signalables(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> tuple[GenreIncident, ...]:
    """Ce que l'on peut signaler de cette épreuve à cet instant : rien si elle est finie."""
    if epreuve.etat not in ATTENDENT:
        return ()
    voies = [voie.code for voie in norme(lecteur, epreuve.norme).bloc(epreuve.bloc).epreuve.alternatives]
    genres = signalables(table_des_incidents(lecteur, epreuve, maintenant), commencee=epreuve.commencee, voies=voies)
    return tuple(GenreIncident(genre.value) for genre in genres)


def incidents_consignables(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> tuple[GenreIncident, ...]:
    """Ce qui peut s'écrire pour le jury, une fois les deux lectures scellées ; rien avant."""
    if epreuve.etat not in APRES_LES_SCEAUX:
        return ()
    voies = [voie.code for voie in norme(lecteur, epreuve.norme).bloc(epreuve.bloc).epreuve.alternatives]
    genres = signalables(table_des_incidents(lecteur, epreuve, maintenant), commencee=True, voies=voies)
    return tuple(GenreIncident(genre.value) for genre in genres)


def incidents_ouverts(epreuve: UUID) -> tuple[Incident, ...]:
    """Les incidents que nul n'a tranchés, le premier d'abord : pour un service qui tient le verrou de l'épreuve."""
    return tuple(_en_attente().filter(epreuve_id=epreuve).order_by("le", "pk"))


def _en_attente() -> QuerySet[Incident]:
    return Incident.objects.filter(suite=None).exclude(etat_avant__in=APRES_LES_SCEAUX)


def incidents_consignes(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[datetime, ...]]:
    """Pour des épreuves ouvertes au lecteur : quand un incident y fut consigné, jamais lequel. Une requête."""
    lignes = Incident.objects.filter(epreuve_id__in=set(epreuves), etat_avant__in=APRES_LES_SCEAUX)
    trouves: dict[UUID, tuple[datetime, ...]] = {}
    for epreuve, le in lignes.order_by("le", "pk").values_list("epreuve_id", "le"):
        trouves[epreuve] = (*trouves.get(epreuve, ()), le)
    return trouves


def suites_offertes(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> tuple[SuiteIncident, ...]:
    """Ce que le gestionnaire peut décider de cette épreuve suspendue ; rien si elle ne l'est pas."""
    if epreuve.etat != "suspendue":
        return ()
    genres = [GenreDuMoteur(ligne.genre) for ligne in incidents_ouverts(epreuve.id)]
    table = table_des_incidents(lecteur, epreuve, maintenant)
    permises = suites_permises(table, genres, commencee=epreuve.commencee)
    return tuple(SuiteIncident(suite.value) for suite in permises)


def replanifie_a_neuf(lecteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> bool:
    """Vrai si replanifier cette épreuve suspendue, ce qui lui est permis, en ouvre une autre ; faux si la même change de date."""
    genres = [GenreDuMoteur(ligne.genre) for ligne in incidents_ouverts(epreuve.id)]
    table = table_des_incidents(lecteur, epreuve, maintenant)
    return consequence(table, genres, Suite.REPLANIFIER, commencee=epreuve.commencee).nouvelle_epreuve


def incidents(lecteur: Acteur, epreuve: VueEpreuve, *, gere: bool) -> tuple[VueIncident, ...]:
    """Les incidents de cette épreuve, le plus récent d'abord. Deux requêtes au plus.

    Le gestionnaire (`gere`) lit tout. Un évaluateur lit le genre, et le motif de ce qu'il a signalé lui-même : les mots de
    l'autre pourraient trahir ce qu'il a noté ; gérer le dossier n'y change rien avant les deux sceaux. Le candidat et les
    autres lisent qu'un incident a suspendu l'épreuve, puis la décision et son motif.
    """
    lignes = list(Incident.objects.filter(epreuve_id=epreuve.id).select_related("suite").order_by("-le", "-pk"))
    evalue = epreuve.qualite_de(lecteur.id) is not None
    scelles = any(etat in APRES_LES_SCEAUX for etat in (epreuve.etat, *(ligne.etat_avant for ligne in lignes)))
    genre, mots = gere or evalue, gere and (scelles or not evalue)
    connus = noms(lecteur, {ligne.auteur for ligne in lignes}) if lignes and genre else {}
    return tuple(_vue(ligne, lecteur, genre=genre, mots=mots, nom=connus.get(ligne.auteur, "")) for ligne in lignes)


def _vue(ligne: Incident, lecteur: Acteur, *, genre: bool, mots: bool, nom: str) -> VueIncident:
    suite = getattr(ligne, "suite", None)
    return VueIncident(
        id=ligne.pk,
        epreuve=ligne.epreuve_id,
        genre=GenreIncident(ligne.genre) if genre else None,
        motif=ligne.motif if mots or ligne.auteur == lecteur.id else "",
        auteur_nom=nom,
        le=ligne.le,
        suite=SuiteIncident(suite.suite) if suite else None,
        reponse=suite.motif if suite else "",
        tranche_le=suite.le if suite else None,
        nouvelle=suite.nouvelle_id if suite else None,
        consigne=ligne.etat_avant in APRES_LES_SCEAUX,
    )


def genres_en_attente(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[GenreIncident, ...]]:
    """Pour le gestionnaire : ce qui suspend chacune de ces épreuves. Une requête."""
    lignes = _en_attente().filter(epreuve_id__in=set(epreuves)).order_by("le", "pk")
    trouves: dict[UUID, tuple[GenreIncident, ...]] = {}
    for epreuve, genre in lignes.values_list("epreuve_id", "genre"):
        trouves[epreuve] = (*trouves.get(epreuve, ()), GenreIncident(genre))
    return trouves
