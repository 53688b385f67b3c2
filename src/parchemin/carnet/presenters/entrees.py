"""Les pages de ce que le candidat écrit dans son carnet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse

from parchemin.carnet.selectors import VueBrouillon, VueCarnet, VueEntree, VueVersion
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import libelles_courts, norme, version_d_empreinte
from parchemin.socle import prudence
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Intitule, Lien
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair


@dataclass(frozen=True, slots=True)
class VueEcrite:
    """Une entrée ou une version, telle qu'on la lit ; `fichier` : le lien vers son fichier, s'il y en a un."""

    quand: str
    texte: str
    competences: tuple[Intitule, ...]
    fichier: Lien | None
    publiee: str


@dataclass(frozen=True, slots=True)
class CarteEntree:
    """Une entrée publiée : ce qui vaut, ce qui fut dit avant, de quoi corriger si c'est au lecteur."""

    derniere: VueEcrite
    anciennes: tuple[VueEcrite, ...]
    corriger: Lien | None


@dataclass(frozen=True, slots=True)
class CarteBrouillon:
    """Un brouillon du lecteur."""

    debut: str
    garde: str
    reprendre: Lien
    effacer: str


@dataclass(frozen=True, slots=True)
class PageEntrees:
    """La page `/carnet/<dossier>/entrees/`."""

    fil: tuple[Lien, ...]
    candidat: str
    entrees: tuple[CarteEntree, ...]
    brouillons: tuple[CarteBrouillon, ...]
    ecrire: Action | None
    vide: str


def page_entrees(
    lecteur: Acteur,
    dossier: VueDossier,
    entrees: Iterable[VueEntree],
    brouillons: Iterable[VueBrouillon],
    *,
    ecrit: bool,
) -> PageEntrees:
    """Les entrées publiées et, pour le candidat (`ecrit`), ses brouillons et de quoi écrire."""
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    ouvre = ecrit and dossier.ouvert
    adresse = reverse("carnet:ecrire", args=[dossier.id])
    return PageEntrees(
        fil=_fil(dossier),
        candidat=dossier.candidat_nom,
        entrees=tuple(
            CarteEntree(
                derniere=_ecrite(dossier.id, entree.derniere, courts),
                anciennes=tuple(_ecrite(dossier.id, version, courts) for version in entree.anciennes),
                corriger=Lien("Corriger", f"{adresse}?entree={entree.id}") if ouvre else None,
            )
            for entree in entrees
        ),
        brouillons=tuple(
            CarteBrouillon(
                debut=" ".join(brouillon.texte.split())[:120] or "Brouillon sans texte",
                garde=f"Gardé le {date_en_clair(jour_civil(brouillon.instant))}"
                + (", pour corriger une entrée" if brouillon.entree else ""),
                reprendre=Lien("Reprendre", f"{adresse}?brouillon={brouillon.id}"),
                effacer=reverse("carnet:effacer_brouillon", args=[dossier.id, brouillon.id]) if ouvre else "",
            )
            for brouillon in brouillons
        ),
        ecrire=Action("Écrire une entrée", adresse, principale=True) if ouvre else None,
        vide="Notez ce que vous faites au fil des semaines : votre tuteur et votre manager le liront avant d'attester."
        if ecrit
        else "Le candidat n'a encore rien publié.",
    )


@dataclass(frozen=True, slots=True)
class PageEcrire:
    """La page où le candidat écrit. `avertissement` : ce que le texte gardé semble porter d'un usager."""

    fil: tuple[Lien, ...]
    candidat: str
    titre: str
    formulaire: BaseForm
    avertissement: str
    joint: Lien | None
    autre: str
    retour: Lien


def page_ecrire(
    dossier: VueDossier, formulaire: BaseForm, brouillon: VueBrouillon | None, *, corrige: bool, change: bool
) -> PageEcrire:
    """Écrire ou reprendre un brouillon ; `change` : il a changé ailleurs, on montre ce qui est gardé."""
    fil = (*_fil(dossier), Lien("Mes entrées", reverse("carnet:entrees", args=[dossier.id])))
    return PageEcrire(
        fil=fil,
        candidat=dossier.candidat_nom,
        titre="Corriger une entrée" if corrige else "Écrire une entrée",
        formulaire=formulaire,
        avertissement=prudence.avertissement(str(formulaire["texte"].value() or "")),
        joint=_fichier(dossier.id, brouillon.id, brouillon.genre, brouillon.octets) if brouillon else None,
        autre=brouillon.texte if brouillon and change else "",
        retour=Lien("Revenir aux entrées", fil[-1].url),
    )


def competences_par_bloc(
    lecteur: Acteur, dossier: VueDossier, carnet: VueCarnet
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Les compétences du carnet, par bloc, à cocher."""
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    return [
        (
            f"{bloc.code} · {bloc.intitule}",
            [
                (ligne.competence, f"{ligne.competence} {courts.get(ligne.competence, '')}".strip())
                for ligne in carnet.lignes
                if ligne.bloc == bloc.code
            ],
        )
        for bloc in norme(lecteur, dossier.norme_empreinte).blocs
        if bloc.code in dossier.blocs
    ]


def saisie_initiale(
    brouillon: VueBrouillon | None, version: VueVersion | None, *, cle: UUID, jour: date
) -> Mapping[str, object]:
    """Ce que la page propose : le brouillon, l'entrée à corriger, ou une page blanche datée d'aujourd'hui."""
    source = brouillon or version
    return {
        "texte": source.texte if source else "",
        "fait_le": source.fait_le if source else jour,
        "competences": list(source.competences) if source else [],
        "cle": cle,
        "vu": brouillon.revision if brouillon else 0,
    }


def _ecrite(dossier: UUID, version: VueVersion, courts: Mapping[str, str]) -> VueEcrite:
    return VueEcrite(
        quand=date_en_clair(version.fait_le),
        texte=version.texte,
        competences=tuple(Intitule(code, courts.get(code, "")) for code in version.competences),
        fichier=_fichier(dossier, version.id, version.genre, version.octets),
        publiee=f"Publiée le {date_en_clair(jour_civil(version.instant))}",
    )


def _fichier(dossier: UUID, identifiant: UUID, genre: str, octets: int) -> Lien | None:
    if not genre:
        return None
    poids = max(octets // 1024, 1)
    nom = genre.rpartition("/")[2].upper()
    return Lien(f"Fichier joint ({nom}, {poids} Ko)", reverse("carnet:fichier", args=[dossier, identifiant]))


def _fil(dossier: VueDossier) -> tuple[Lien, ...]:
    return (
        Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])),
        Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id])),
    )
