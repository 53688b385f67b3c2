"""Lire un lien d'attestation, pour le porteur de son jeton ; un avis, pour qui l'a reçu ; le gel d'un carnet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from parchemin.carnet.models import Attestation, AvisAttestation, LienAttestation, Repudiation
from parchemin.comptes.selectors import adresses, empreinte_jeton, noms
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier, complets, dossiers_visibles, vue_dossier
from parchemin.socle.acteur import SYSTEME, Acteur


@dataclass(frozen=True, slots=True)
class VueLien:
    """Un lien ouvrable. `adresse` : celle où part le code, masquée ; `code_en_cours` : un code attend d'être donné."""

    id: UUID
    dossier: UUID
    qualite: Qualite
    personne: UUID
    competences: tuple[str, ...]
    expire: datetime
    adresse: str
    code_en_cours: bool


def lien_ouvrable(jeton: str, maintenant: datetime) -> VueLien | None:
    """Le lien de ce jeton s'il peut encore servir, sinon `None`. Le porteur du jeton est le lecteur. N'écrit rien."""
    return _vue(LienAttestation.objects.filter(empreinte=empreinte_jeton(jeton)), maintenant)


def lien_par_id(lien: UUID, maintenant: datetime) -> VueLien | None:
    """Le lien qu'une session a ouvert par son code, s'il peut encore servir, sinon `None`."""
    return _vue(LienAttestation.objects.filter(pk=lien), maintenant)


def _vue(liens: QuerySet[LienAttestation], maintenant: datetime) -> VueLien | None:
    ligne = liens.filter(ferme_le=None, expire__gt=maintenant).select_related("carnet").first()
    if ligne is None:
        return None
    return VueLien(
        id=ligne.pk,
        dossier=ligne.carnet.dossier_id,
        qualite=Qualite(ligne.qualite),
        personne=ligne.personne_id,
        competences=tuple(ligne.competences),
        expire=ligne.expire,
        adresse=masquee(adresses(SYSTEME, [ligne.personne_id]).get(ligne.personne_id, "")),
        code_en_cours=ligne.code_empreinte != "" and ligne.code_expire is not None and ligne.code_expire > maintenant,
    )


def masquee(adresse: str) -> str:
    """Une adresse que sa personne reconnaît, et qu'une autre n'apprend pas.

    >>> masquee("gaelle.kervella@caisse.example")
    'g…a@caisse.example'
    """
    boite, _, domaine = adresse.rpartition("@")
    return f"{boite[:1]}…{boite[-1:]}@{domaine}" if boite else ""


@dataclass(frozen=True, slots=True)
class LienEnvoye:
    """Le dernier lien envoyé à une qualité, pour qui suit le dossier : quand, pour quoi, s'il ouvre encore."""

    qualite: Qualite
    personne_nom: str
    competences: tuple[str, ...]
    emis_le: datetime
    expire: datetime
    ferme_le: datetime | None
    fermeture: str


def derniers_liens(lecteur: Acteur, dossier: UUID) -> dict[Qualite, LienEnvoye]:
    """Le dernier lien de chaque qualité d'un dossier ouvert au lecteur. Deux requêtes."""
    lignes = list(LienAttestation.objects.filter(carnet__dossier_id=dossier).order_by("emis_le", "pk"))
    connus = noms(lecteur, {ligne.personne_id for ligne in lignes})
    return {
        Qualite(ligne.qualite): LienEnvoye(
            qualite=Qualite(ligne.qualite),
            personne_nom=connus[ligne.personne_id],
            competences=tuple(ligne.competences),
            emis_le=ligne.emis_le,
            expire=ligne.expire,
            ferme_le=ligne.ferme_le,
            fermeture=ligne.fermeture,
        )
        for ligne in lignes
    }


# Avis et répudiations -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VueAvis:
    """Ce qu'un avis dit avoir été attesté : par compétence, le verdict et le mot. `repudie` : c'est déjà fait."""

    id: UUID
    dossier: UUID
    qualite: Qualite
    personne: UUID
    emis_le: datetime
    jusqu_au: datetime
    dits: tuple[tuple[str, str, str], ...]
    repudie: bool


def avis_du_jeton(jeton: str) -> VueAvis | None:
    """L'avis de ce jeton, échu ou non, ou `None`. Le porteur du jeton est le lecteur. N'écrit rien."""
    return _avis(AvisAttestation.objects.filter(empreinte=empreinte_jeton(jeton)))


def dernier_avis(lecteur: Acteur, dossier: UUID) -> VueAvis | None:
    """Le dernier avis adressé à ce lecteur pour ce dossier, ou `None`."""
    return _avis(AvisAttestation.objects.filter(carnet__dossier_id=dossier, personne_id=lecteur.id))


def _avis(avis: QuerySet[AvisAttestation]) -> VueAvis | None:
    ligne = avis.select_related("carnet", "repudiation").order_by("-emis_le", "pk").first()
    if ligne is None:
        return None
    dits = Attestation.objects.filter(avis=ligne).exclude(verdict="").order_by("ligne__rang")
    return VueAvis(
        id=ligne.pk,
        dossier=ligne.carnet.dossier_id,
        qualite=Qualite(ligne.qualite),
        personne=ligne.personne_id,
        emis_le=ligne.emis_le,
        jusqu_au=ligne.jusqu_au,
        dits=tuple(dits.values_list("ligne__competence", "verdict", "mot")),
        repudie=hasattr(ligne, "repudiation"),
    )


@dataclass(frozen=True, slots=True)
class VueGel:
    """Une répudiation que personne n'a encore éclaircie : rien de ce qui repose sur le carnet n'avance."""

    repudiation: UUID
    dossier: UUID
    qualite: Qualite
    personne: UUID
    personne_nom: str
    motif: str
    depuis: datetime
    competences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VueRepudiation:
    """Une répudiation, levée ou non : ce qu'elle dit, et par qui elle fut éclaircie. Ni motif de l'une, ni de l'autre."""

    qualite: Qualite
    personne_nom: str
    instant: datetime
    competences: tuple[str, ...]
    levee_le: datetime | None
    levee_par: str


def repudiations(lecteur: Acteur, dossier: UUID, avant: datetime | None = None) -> tuple[VueRepudiation, ...]:
    """Toutes les répudiations du carnet d'un dossier ouvert au lecteur, de la première à la dernière. Trois requêtes au plus.

    `avant` : celles que l'on connaissait à cet instant, levées ou non à cet instant.
    """
    lignes = [
        ligne
        for ligne in Repudiation.objects.filter(carnet__dossier_id=dossier)
        .select_related("avis", "levee")
        .order_by("instant", "pk")
        if avant is None or ligne.instant < avant
    ]
    if not lignes:
        return ()
    levees = {
        ligne.pk: ligne.levee
        for ligne in lignes
        if hasattr(ligne, "levee") and (avant is None or ligne.levee.instant < avant)
    }
    connus = noms(lecteur, {ligne.avis.personne_id for ligne in lignes} | {une.auteur for une in levees.values()})
    dits = _competences_dites(lignes)
    return tuple(
        VueRepudiation(
            qualite=Qualite(ligne.avis.qualite),
            personne_nom=connus[ligne.avis.personne_id],
            instant=ligne.instant,
            competences=dits.get(ligne.avis_id, ()),
            levee_le=levees[ligne.pk].instant if ligne.pk in levees else None,
            levee_par=connus[levees[ligne.pk].auteur] if ligne.pk in levees else "",
        )
        for ligne in lignes
    )


def _competences_dites(lignes: Iterable[Repudiation]) -> dict[UUID, tuple[str, ...]]:
    """Pour l'avis de chaque répudiation, les compétences qu'il disait attestées, dans l'ordre du référentiel."""
    dits: dict[UUID, list[str]] = {}
    attestations = Attestation.objects.filter(avis__in=[ligne.avis_id for ligne in lignes]).order_by("ligne__rang")
    for avis, competence in attestations.values_list("avis_id", "ligne__competence"):
        if avis is not None:
            dits.setdefault(avis, []).append(competence)
    return {avis: tuple(codes) for avis, codes in dits.items()}


def gels(lecteur: Acteur, dossiers: Iterable[UUID]) -> dict[UUID, VueGel]:
    """La plus ancienne répudiation non levée de chacun de ces dossiers (ouverts au lecteur). Trois requêtes au plus."""
    lignes = list(
        Repudiation.objects.filter(carnet__dossier_id__in=set(dossiers), levee=None)
        .select_related("avis", "carnet")
        .order_by("-instant", "pk")
    )
    if not lignes:
        return {}
    connus = noms(lecteur, {ligne.avis.personne_id for ligne in lignes})
    dits = _competences_dites(lignes)
    return {
        ligne.carnet.dossier_id: VueGel(
            repudiation=ligne.pk,
            dossier=ligne.carnet.dossier_id,
            qualite=Qualite(ligne.avis.qualite),
            personne=ligne.avis.personne_id,
            personne_nom=connus[ligne.avis.personne_id],
            motif=ligne.motif,
            depuis=ligne.instant,
            competences=dits.get(ligne.avis_id, ()),
        )
        for ligne in lignes
    }


def dossiers_geles(lecteur: Acteur, jour: date) -> tuple[VueDossier, ...]:
    """Les dossiers ouverts de ce lecteur que gèle une répudiation, le plus ancien d'abord. Une requête."""
    non_levee = Repudiation.objects.filter(carnet__dossier=OuterRef("pk"), levee=None)
    geles = dossiers_visibles(lecteur, jour).filter(Exists(non_levee), ouvert=True)
    return tuple(map(vue_dossier, complets(geles).order_by("depuis", "pk")))


def gel(lecteur: Acteur, dossier: UUID) -> VueGel | None:
    """La répudiation qui gèle ce dossier, ou `None`."""
    return gels(lecteur, [dossier]).get(dossier)
