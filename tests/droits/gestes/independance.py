"""Les liens, les déclarations, les récusations."""

from __future__ import annotations

from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes import selectors
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.gestes.comptes import candidat
from tests.droits.gestes.convocations import EVALUATEURS, PLANIFIEES, paire, planifiee, planifier
from tests.droits.monde import INSTANT, Caisse

_LIENS: dict[UUID, UUID] = {}
_IMPORTS: dict[UUID, UUID] = {}
_RECUSATIONS: dict[UUID, UUID] = {}
AVANT_L_EPREUVE = convocations.PLANIFICATION


def _lier(caisse: Caisse) -> None:
    """Un évaluateur d'ailleurs a formé le candidat."""
    from parchemin.comptes.enums import GenreDeLien

    _LIENS[caisse.dossier] = comptes_services.declarer_lien(
        de=comptes.avec_role(NatureRole.EVALUATEUR_METIER, caisse.organisme).id,
        vers=caisse.monde.candidat.id,
        genre=GenreDeLien.FORMATION,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


def _lien(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.monde.candidat.id, "lien": _LIENS[caisse.dossier]}


def _fichier(caisse: Caisse) -> bytes:
    """Le tuteur a accompagné le candidat."""
    qui = [caisse.monde.candidat.id, caisse.monde.tuteur.id]
    noms = selectors.noms(SYSTEME, qui)
    return f"Personne;Genre du lien;Liée à\n{noms[qui[0]]};Accompagnement;{noms[qui[1]]}\n".encode()


def _deposer(caisse: Caisse) -> None:
    """L'administrateur (un autre, si son rôle est fini) dépose un fichier de liens."""
    auteur = caisse.personne(NatureRole.ADMINISTRATEUR)
    if not selectors.droits(auteur, INSTANT.date()).est_administrateur:
        auteur = comptes.avec_role(NatureRole.ADMINISTRATEUR)
    _IMPORTS[caisse.dossier] = comptes_services.lire_liens(
        nom_fichier="liens.csv", octets=_fichier(caisse), auteur=auteur, maintenant=INSTANT
    ).pk


def _import(caisse: Caisse) -> Adresse:
    return {"identifiant": _IMPORTS[caisse.dossier]}


def _non_declaree(caisse: Caisse) -> None:
    PLANIFIEES[caisse.dossier] = convocations.salle(
        "B1", monde=caisse.monde, paire=paire(caisse), declarees=False
    ).epreuve


def _recuser(caisse: Caisse) -> None:
    from parchemin.convocations.services import recuser

    planifier(caisse)
    _RECUSATIONS[caisse.dossier] = recuser(
        epreuve=PLANIFIEES[caisse.dossier],
        evaluateur=EVALUATEURS[caisse.dossier][0].id,
        motif="Nous avons travaillé ensemble.",
        auteur=caisse.monde.candidat,
        maintenant=AVANT_L_EPREUVE,
    )


GESTES: dict[str, Geste] = {
    "comptes:liens": Geste(candidat),
    "comptes:nouveau_lien": Geste(
        candidat,
        lambda caisse, _: {"autre": caisse.monde.tuteur.id, "genre": "formation", "sens": "vers"},
        requete="?q=Theo",
    ),
    "comptes:clore_lien": Geste(_lien, lambda *_: {"au": "2026-11-19"}, avant=_lier),
    "comptes:annuler_lien": Geste(_lien, lambda *_: {"motif": "Ce n'était pas lui."}, avant=_lier),
    "comptes:importer_liens": Geste(
        corps=lambda caisse, _: {"fichier": SimpleUploadedFile("liens.csv", _fichier(caisse), "text/csv")}
    ),
    "comptes:modele_import_liens": Geste(lambda _: {"forme": "csv"}),
    "comptes:confirmer_import_liens": Geste(_import, avant=_deposer),
    "comptes:abandonner_import_liens": Geste(_import, avant=_deposer),
    "convocations:declarer": Geste(planifiee, lambda *_: {"genre": "aucun"}, avant=_non_declaree),
    "convocations:recuser": Geste(
        planifiee,
        lambda caisse, _: {"evaluateur": EVALUATEURS[caisse.dossier][0].id, "motif": "Nous avons travaillé ensemble."},
        avant=planifier,
    ),
    "convocations:trancher": Geste(
        lambda caisse: {**planifiee(caisse), "recusation": _RECUSATIONS[caisse.dossier]},
        lambda *_: {"vers": "ecartee", "motif": "Ils n'ont jamais travaillé ensemble."},
        avant=_recuser,
    ),
}
