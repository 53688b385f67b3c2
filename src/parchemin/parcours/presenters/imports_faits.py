"""Les pages d'un import fait : ce qu'il a fait, ce qui empêche de le défaire, ce que le défaire ferait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from parchemin.parcours import selectors
from parchemin.parcours.presenters.dossiers import statut
from parchemin.parcours.presenters.imports import MONTREES
from parchemin.parcours.selectors import VueImportFait
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Avis, Colonne, Lien, Statut, Tableau, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel

DERNIERS = 10


@dataclass(frozen=True, slots=True)
class PageImportFait:
    """Un import fait, ou défait : son résumé, ses dossiers, ce que l'on peut encore en faire."""

    id: UUID
    fichier: str
    resume: str
    statut: Statut
    avis: Avis | None
    dossiers: Tableau | None
    suite: str
    defaire: Action | None


@dataclass(frozen=True, slots=True)
class PageDefaire:
    """Ce que défaire ferait ; ou `obstacles`, et alors on ne défait plus."""

    id: UUID
    fichier: str
    resume: str
    effets: tuple[str, ...]
    obstacles: Tableau | None
    suite: str
    pourquoi: str


def derniers_imports(lecteur: Acteur, jour: date) -> Tableau | None:
    """Les derniers imports faits, pour y revenir ; rien s'il n'y en a pas."""
    faits = selectors.imports_faits(lecteur, jour, DERNIERS)
    if not faits:
        return None
    return Tableau(
        "Derniers imports",
        tuple(map(Colonne, ("Fichier", "Fait le", "Par", "Candidats", "État"))),
        tuple(
            (
                Lien(une.nom_fichier, reverse("parcours:import_fait", args=[une.id])),
                date_en_clair(jour_civil(une.confirme_le)),
                une.par,
                pluriel(une.inscrits, "inscrit"),
                _statut(une),
            )
            for une in faits
        ),
        legende_visible=True,
    )


def imports_en_attente(lecteur: Acteur, instant: datetime) -> Tableau | None:
    """Les fichiers que le lecteur a déposés sans les avoir confirmés ; rien s'il n'y en a pas."""
    attendent = selectors.imports_candidats_en_attente(lecteur, instant)
    if not attendent:
        return None
    return Tableau(
        "Fichiers qui vous attendent",
        tuple(map(Colonne, ("Fichier", "Déposé le", "Jusqu'au", "Il reste à"))),
        tuple(
            (
                Lien(une.nom_fichier, reverse("parcours:confirmer_import", args=[une.id])),
                date_en_clair(jour_civil(une.depose_le)),
                date_en_clair(jour_civil(une.expire)),
                "dire ses colonnes" if une.colonnes_a_dire else "relire et confirmer",
            )
            for une in attendent
        ),
        legende_visible=True,
    )


def page_import_fait(lecteur: Acteur, identifiant: UUID, jour: date) -> PageImportFait:
    """Lève `Introuvable` à qui ne tient pas chacun de ses organismes."""
    vue = selectors.import_fait(lecteur, identifiant, jour)
    dossiers = selectors.dossiers_de_l_import(lecteur, identifiant)
    return PageImportFait(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=_resume(vue),
        statut=_statut(vue),
        avis=_avis(vue),
        dossiers=Tableau(
            "Ses dossiers",
            tuple(map(Colonne, ("Candidat", "Organisme", "État"))),
            tuple(
                (Lien(une.candidat_nom, reverse("dossier", args=[une.id])), une.organisme_nom, statut(une.etat))
                for une in dossiers[:MONTREES]
            ),
            legende_visible=True,
        )
        if dossiers
        else None,
        suite=_les_premiers(len(dossiers), "dossiers"),
        defaire=Action("Défaire cet import…", reverse("parcours:defaire_import", args=[vue.id]))
        if vue.defait_le is None and vue.defaisable and (vue.inscrits or vue.etats_civils)
        else None,
    )


def page_defaire(lecteur: Acteur, vue: VueImportFait) -> PageDefaire:
    """Ce que défaire cet import ferait, ou tout ce qui l'empêche, candidat par candidat."""
    obstacles = selectors.obstacles_a_defaire(lecteur, vue.id)
    return PageDefaire(
        id=vue.id,
        fichier=vue.nom_fichier,
        resume=_resume(vue),
        effets=tuple(_effets(vue)),
        obstacles=Tableau(
            "Ce qui est venu depuis",
            tuple(map(Colonne, ("Candidat", "Ce qui empêche"))),
            tuple(
                (
                    Lien(une.candidat_nom, reverse("dossier", args=[une.dossier])) if une.dossier else une.candidat_nom,
                    " ".join(raison[:1].upper() + raison[1:] for raison in une.raisons),
                )
                for une in obstacles[:MONTREES]
            ),
            legende_visible=True,
        )
        if obstacles
        else None,
        suite=_les_premiers(len(obstacles), "candidats"),
        pourquoi=f"On s'est appuyé depuis sur {_combien(len(obstacles))} : cet import ne se défait plus d'un geste. "
        "Un dossier ouvert à tort se clôt depuis sa page.",
    )


def _combien(touches: int) -> str:
    return "un de ces candidats" if touches == 1 else f"{touches} de ces candidats"


def _resume(vue: VueImportFait) -> str:
    par = f" par {vue.par}" if vue.par else ""
    return (
        f"Fait le {date_en_clair(jour_civil(vue.confirme_le))}{par} : "
        f"{pluriel(vue.inscrits, 'candidat inscrit', 'candidats inscrits')}."
    )


def _statut(vue: VueImportFait) -> Statut:
    return Statut(Ton.NEUTRE, "Défait") if vue.defait_le else Statut(Ton.OUI, "Fait")


def _avis(vue: VueImportFait) -> Avis | None:
    if vue.defait_le is None:
        return None
    par = f" par {vue.defait_par}" if vue.defait_par else ""
    return Avis(
        Ton.INFO,
        f"Défait le {date_en_clair(jour_civil(vue.defait_le))}{par}",
        f"« {vue.motif} »",
        conserve="Les dossiers et leur histoire, les fiches des personnes.",
        a_faire="Rien ; le même fichier, corrigé, s'importe à nouveau.",
    )


def _effets(vue: VueImportFait) -> tuple[str, ...]:
    effets = []
    if vue.inscrits:
        effets.append(
            f"{pluriel(vue.inscrits, 'dossier passe', 'dossiers passent')} à « Abandonné », avec votre motif."
        )
    if vue.roles:
        effets.append(
            f"{pluriel(vue.roles, 'rôle donné', 'rôles donnés')} par cet import (candidat, tuteur, manager) : "
            f"{'refermé' if vue.roles == 1 else 'refermés'}, sauf si un autre dossier ouvert s'en sert."
        )
    if vue.etats_civils:
        effets.append(
            f"{pluriel(vue.etats_civils, 'état civil apporté', 'états civils apportés')} par le fichier : "
            f"{'effacé' if vue.etats_civils == 1 else 'effacés'}."
        )
    if vue.personnes:
        effets.append(
            f"{pluriel(vue.personnes, 'fiche créée reste', 'fiches créées restent')}, sans rôle ; "
            "les invitations en attente ne valent plus."
        )
    return tuple(effets)


def _les_premiers(nombre: int, quoi: str) -> str:
    return f"Les {MONTREES} premiers {quoi} sont montrés, sur {nombre}." if nombre > MONTREES else ""
