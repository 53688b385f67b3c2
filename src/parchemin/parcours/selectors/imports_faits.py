"""Lire un import de candidats déjà fait : ses dossiers, et ce qui empêche de le défaire.

On ne défait qu'un import sur lequel personne n'a bâti. Chaque capacité du dessus dit, par `empecher_de_defaire`, ce qui chez
elle est venu après ; ici, ce que les parcours et les fiches en savent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from django.db.models import Count, QuerySet

from moteur.etats import DOSSIER
from parchemin.comptes.selectors import Droits, comptes_ouverts_depuis, droits, fiches_neuves_reunies, noms
from parchemin.parcours.enums import GenreEtape, Qualite
from parchemin.parcours.models import (
    Amenagement,
    BlocAcquis,
    Designation,
    Dossier,
    EtapeVae,
    EtatCivil,
    ImportCandidats,
    Mutation,
    NirChiffre,
)
from parchemin.parcours.models import PassageDossier as Passage
from parchemin.parcours.selectors.fiches_dossiers import OUVRENT_UN_ORGANISME
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import date_en_clair

type Suites = Callable[[Collection[UUID]], Iterable[tuple[UUID, str]]]
"""Des dossiers → pour chacun, chaque chose qui s'y est appuyée depuis, en une phrase (« le tuteur a attesté. »)."""
_SUITES: dict[str, Suites] = {}


def empecher_de_defaire(capacite: str, suites: Suites) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, ce qu'elle a bâti sur un dossier. Le redire remplace."""
    _SUITES[capacite] = suites


@dataclass(frozen=True, slots=True)
class DossierImporte:
    """Un dossier qu'un import a ouvert."""

    id: UUID
    candidat: UUID
    candidat_nom: str
    organisme_nom: str
    etat: str


@dataclass(frozen=True, slots=True)
class VueImportFait:
    """Un import confirmé. `defait_le` : il a été défait, par qui et pourquoi. `defaisable` : il a gardé ce qu'il a créé."""

    id: UUID
    nom_fichier: str
    referentiel: str
    par: str
    confirme_le: datetime
    inscrits: int
    personnes: int
    roles: int
    etats_civils: int
    defaisable: bool
    defait_le: datetime | None
    defait_par: str
    motif: str


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Ce qui empêche de défaire, chez un candidat. `dossier` : le sien ; vide si l'import n'a fait que compléter sa fiche."""

    candidat_nom: str
    dossier: UUID | None
    raisons: tuple[str, ...]


def imports_faits(lecteur: Acteur, jour: date, au_plus: int) -> tuple[VueImportFait, ...]:
    """Les imports faits chez les organismes que le lecteur tient, le plus récent d'abord. Trois requêtes.

    Un import qui touche aussi un organisme qu'il ne tient pas n'y est pas.
    """
    siens = droits(lecteur, jour)
    faits = list(islice((une for une in _chez(siens).iterator(au_plus) if tient_l_import(siens, une)), au_plus))
    connus = noms(lecteur, {qui for une in faits for qui in (une.depose_par, une.defait_par) if qui})
    return tuple(_vue(une, connus) for une in faits)


def import_fait(lecteur: Acteur, identifiant: UUID, jour: date) -> VueImportFait:
    """Un import fait, à qui tient chacun de ses organismes. Lève `Introuvable`."""
    siens = droits(lecteur, jour)
    ligne = _faits().filter(pk=identifiant).first()
    if ligne is None or not tient_l_import(siens, ligne):
        raise Introuvable(
            "Cet import n'existe pas, n'est pas encore confirmé, ou touche un organisme que vous ne tenez pas."
        )
    return _vue(ligne, noms(lecteur, {qui for qui in (ligne.depose_par, ligne.defait_par) if qui}))


def tient_l_import(siens: Droits, ligne: ImportCandidats) -> bool:
    """Vrai si ces droits inscrivent dans chacun des organismes de cet import, pour sa certification."""
    code = ligne.referentiel.partition("@")[0]
    return bool(ligne.organismes) and all(
        any(siens.couvre(nature, UUID(organisme), code) for nature in OUVRENT_UN_ORGANISME)
        for organisme in ligne.organismes
    )


def dossiers_de_l_import(lecteur: Acteur, identifiant: UUID) -> tuple[DossierImporte, ...]:
    """Les dossiers qu'un import ouvert au lecteur a ouverts, à la française. Une requête."""
    lignes = Dossier.objects.filter(importation=identifiant).select_related("candidat", "organisme")
    return tuple(
        DossierImporte(une.pk, une.candidat_id, str(une.candidat), une.organisme.nom, une.etat)
        for une in lignes.order_by("candidat__cle_tri", "pk")
    )


def obstacles_a_defaire(lecteur: Acteur, identifiant: UUID) -> tuple[Obstacle, ...]:
    """Tout ce qui s'appuie sur un import fait, candidat par candidat, à la française. Un nombre fixe de requêtes.

    Dans la transaction qui le défait, les dossiers et les fiches sont verrouillés : ce que l'on lit ne change plus.
    """
    ligne = ImportCandidats.objects.get(pk=identifiant)
    siens = dossiers_de_l_import(lecteur, identifiant)
    de_qui = {une.candidat: une.id for une in siens}
    raisons: dict[UUID, list[str]] = {}
    for dossier, raison in _suites_des_dossiers([une.id for une in siens], ligne):
        raisons.setdefault(dossier, []).append(raison)
    par_candidat = {une.candidat: raisons.get(une.id, []) for une in siens}
    for candidat, raison in _suites_des_candidats(lecteur, ligne, set(par_candidat)):
        par_candidat.setdefault(candidat, []).append(raison)
    touches = {candidat: dites for candidat, dites in par_candidat.items() if dites}
    nommes = {une.candidat: une.candidat_nom for une in siens} | noms(lecteur, touches)
    ordre = {une.candidat: rang for rang, une in enumerate(siens)}
    return tuple(
        Obstacle(nommes[candidat], de_qui.get(candidat), tuple(dites))
        for candidat, dites in sorted(touches.items(), key=lambda un: (ordre.get(un[0], len(ordre)), nommes[un[0]]))
    )


def _suites_des_dossiers(dossiers: Collection[UUID], ligne: ImportCandidats) -> Iterator[tuple[UUID, str]]:
    """Ce que l'import n'a pas écrit lui-même : tout ce qu'il a écrit porte l'instant où il fut confirmé."""
    apres = {"dossier__in": dossiers}
    sien = {"instant": ligne.confirme_le}
    passages = Passage.objects.filter(**apres).exclude(**sien).order_by("dossier", "rang")
    for dossier, etat, instant in passages.values_list("dossier_id", "etat", "instant"):
        yield dossier, f"le dossier est passé à « {DOSSIER.etat(etat).intitule} » le {_le(instant)}."
    designations = Designation.objects.filter(**apres).exclude(**sien).order_by("dossier", "pk")
    for dossier, qualite, instant in designations.values_list("dossier_id", "qualite", "instant"):
        yield dossier, f"un {Qualite(qualite).label.lower()} a été nommé le {_le(instant)}."
    etapes = EtapeVae.objects.filter(**apres).exclude(**sien).order_by("dossier", "rang")
    for dossier, genre, instant in etapes.values_list("dossier_id", "genre", "instant"):
        yield dossier, f"une étape de VAE a été inscrite le {_le(instant)} : {GenreEtape(genre).label.lower()}."
    amenages = Amenagement.objects.filter(**apres).order_by().values("dossier").annotate(n=Count("pk"))
    for dossier in amenages.values_list("dossier", flat=True):
        yield dossier, "ses durées d'épreuve ont été aménagées."
    mutations = Mutation.objects.filter(**apres).order_by("dossier").values_list("dossier", flat=True).distinct()
    for dossier in mutations:
        yield dossier, "une mutation a été proposée."
    acquis = BlocAcquis.objects.filter(**apres).order_by("dossier", "pk")
    for dossier, bloc, instant in acquis.values_list("dossier_id", "bloc", "instant"):
        yield dossier, f"le bloc {bloc[1:]} a été reconnu le {_le(instant)}."
    for nom in sorted(_SUITES):
        yield from _SUITES[nom](dossiers)


def _suites_des_candidats(
    lecteur: Acteur, ligne: ImportCandidats, candidats: Collection[UUID]
) -> Iterator[tuple[UUID, str]]:
    neuves = [UUID(pk) for pk in ligne.cree.get("personnes", ())]
    civils = EtatCivil.objects.filter(candidat__in=ligne.cree.get("etats_civils", ())).order_by("candidat")
    for candidat, instant, piece in civils.values_list("candidat_id", "enregistre_le", "piece"):
        if instant != ligne.confirme_le or piece:
            yield candidat, f"l'état civil a été revu le {_le(instant)}."
    nirs = NirChiffre.objects.filter(candidat__in=candidats, enregistre_le__gt=ligne.confirme_le).order_by("candidat")
    for candidat in nirs.values_list("candidat_id", flat=True):
        yield candidat, "son NIR a été enregistré pour la déclaration."
    if ligne.confirme_le is not None:
        yield from comptes_ouverts_depuis(lecteur, candidats, ligne.confirme_le)
    yield from fiches_neuves_reunies(lecteur, neuves)


def _chez(siens: Droits) -> QuerySet[ImportCandidats]:
    """Les imports faits dont ces droits touchent chaque organisme, par un rôle ou un autre : `tient_l_import` dit lesquels ils tiennent."""
    if any(siens.partout(nature) for nature in OUVRENT_UN_ORGANISME):
        return _faits()
    portees = {portee.organisme for nature in OUVRENT_UN_ORGANISME for portee in siens.de(nature)}
    if None in portees:
        return _faits()
    return _faits().filter(organismes__contained_by=sorted(map(str, portees)))


def _faits() -> QuerySet[ImportCandidats]:
    return (
        ImportCandidats.objects.filter(confirme_le__isnull=False)
        .defer("octets", "lignes")
        .annotate(inscrits=Count("dossiers"))
        .order_by("-confirme_le", "pk")
    )


def _vue(ligne: ImportCandidats, connus: dict[UUID, str]) -> VueImportFait:
    if ligne.confirme_le is None:
        raise ValueError("un import en attente n'a rien créé")
    cree = ligne.cree
    return VueImportFait(
        id=ligne.pk,
        nom_fichier=ligne.nom_fichier,
        referentiel=ligne.referentiel,
        par=connus.get(ligne.depose_par, ""),
        confirme_le=ligne.confirme_le,
        inscrits=ligne.inscrits,  # type: ignore[attr-defined]
        personnes=len(cree.get("personnes", ())),
        roles=len(cree.get("roles", ())),
        etats_civils=len(cree.get("etats_civils", ())),
        defaisable=bool(cree),
        defait_le=ligne.defait_le,
        defait_par=connus.get(ligne.defait_par, "") if ligne.defait_par else "",
        motif=ligne.motif,
    )


def _le(instant: datetime) -> str:
    return date_en_clair(jour_civil(instant))
