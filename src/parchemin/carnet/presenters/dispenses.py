"""Les pages de la dispense du carnet d'un bloc, et de son retrait."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.urls import reverse

from parchemin.carnet.selectors import VueCarnet, VueDispense
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Lien
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class PageDispense:
    """Dispenser, ou retirer une dispense (`bloc`, et ce qui en était dit)."""

    fil: tuple[Lien, ...]
    candidat: str
    formulaire: BaseForm
    retour: Lien
    rien: bool = False
    bloc: str = ""
    dite: str = ""


def blocs_a_dispenser(lecteur: Acteur, dossier: VueDossier, carnet: VueCarnet) -> list[tuple[str, str]]:
    """Les blocs dont le carnet n'est ni complet ni dispensé, avec ce qui y manque."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    choix = []
    for bloc in arbre.blocs:
        avancement = carnet.avancement(bloc.code)
        if bloc.code in dossier.blocs and not avancement.suffit:
            manquent = pluriel(avancement.lignes - avancement.completes, "compétence reste", "compétences restent")
            choix.append((bloc.code, f"{bloc.code} · {bloc.intitule} ({manquent} à attester)"))
    return choix


def page_dispense(dossier: VueDossier, formulaire: BaseForm, *, rien: bool) -> PageDispense:
    """La page où le gestionnaire dispense du carnet de quelques blocs."""
    fil = _fil(dossier)
    return PageDispense(
        fil=fil,
        candidat=dossier.candidat_nom,
        formulaire=formulaire,
        retour=Lien("Revenir au carnet", fil[-1].url),
        rien=rien,
    )


def page_retrait_dispense(dossier: VueDossier, dispense: VueDispense, formulaire: BaseForm) -> PageDispense:
    """La page où il la retire."""
    fil = _fil(dossier)
    return PageDispense(
        fil=fil,
        candidat=dossier.candidat_nom,
        formulaire=formulaire,
        retour=Lien("Revenir au carnet", fil[-1].url),
        bloc=dispense.bloc,
        dite=dispense_en_phrase(dispense),
    )


def dispense_en_phrase(dispense: VueDispense) -> str:
    """« Dispensé du carnet du bloc 2 par Inès Benhaddou le 3 novembre 2026 : … »"""
    jour = date_en_clair(jour_civil(dispense.instant))
    return f"Dispensé du carnet du bloc {dispense.bloc[1:]} par {dispense.auteur_nom} le {jour} : {dispense.motif}"


def _fil(dossier: VueDossier) -> tuple[Lien, ...]:
    return (
        Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])),
        Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id])),
    )
