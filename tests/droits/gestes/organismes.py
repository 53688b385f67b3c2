"""Les organismes et leurs habilitations."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import LigneHabilitation, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.monde import INSTANT, Caisse

_ORGANISMES: dict[UUID, UUID] = {}
_IMPORTS: dict[UUID, UUID] = {}
_HABILITATIONS: dict[UUID, UUID] = {}
_FICHIER = b"Nom;Branche\nCaisse venue d'un fichier;Maladie\n"


def _organisme(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.organisme}


def _nouvel_organisme(caisse: Caisse) -> None:
    _ORGANISMES[caisse.dossier] = comptes.organisme()


def _organisme_ferme(caisse: Caisse) -> None:
    _nouvel_organisme(caisse)
    comptes_services.fermer_organisme(
        organisme=_ORGANISMES[caisse.dossier],
        ferme_le=INSTANT.date(),
        motif="Fusion.",
        auteur=SYSTEME,
        maintenant=INSTANT,
    )


def _le_nouvel(caisse: Caisse) -> Adresse:
    return {"identifiant": _ORGANISMES[caisse.dossier]}


def _deposer(caisse: Caisse) -> None:
    """L'administrateur (un autre, si son rôle est fini) dépose un fichier."""
    auteur = caisse.personne(NatureRole.ADMINISTRATEUR)
    if not Role.objects.filter(personne_id=auteur.id, au=None).exists():
        auteur = comptes.avec_role(NatureRole.ADMINISTRATEUR)
    _IMPORTS[caisse.dossier] = comptes_services.lire_organismes(
        nom_fichier="organismes.csv", octets=_FICHIER, auteur=auteur, maintenant=INSTANT
    ).pk


def _import(caisse: Caisse) -> Adresse:
    return {"identifiant": _IMPORTS[caisse.dossier]}


def _habiliter(caisse: Caisse) -> None:
    _HABILITATIONS[caisse.dossier] = comptes.habilitation(caisse.organisme)


def _habilitation(caisse: Caisse) -> Adresse:
    return {"identifiant": _HABILITATIONS[caisse.dossier]}


def _ligne(caisse: Caisse) -> Adresse:
    ligne = LigneHabilitation.objects.get(habilitation_id=_HABILITATIONS[caisse.dossier])
    return {**_habilitation(caisse), "ligne": ligne.pk, "quoi": "changement"}


GESTES: dict[str, Geste] = {
    "comptes:organisme": Geste(_organisme),
    "comptes:modifier_organisme": Geste(
        _organisme, lambda *_: {"nom": f"Caisse {uuid4()}", "nom_court": "Renommée", "branche": "maladie"}
    ),
    "comptes:fermer_organisme": Geste(
        _le_nouvel, lambda *_: {"ferme_le": INSTANT.date(), "motif": "Fusion."}, avant=_nouvel_organisme
    ),
    "comptes:rouvrir_organisme": Geste(_le_nouvel, avant=_organisme_ferme),
    "comptes:importer_organismes": Geste(
        corps=lambda *_: {"fichier": SimpleUploadedFile("organismes.csv", _FICHIER, "text/csv")}
    ),
    "comptes:modele_import": Geste(lambda _: {"forme": "csv"}),
    "comptes:confirmer_import": Geste(_import, avant=_deposer),
    "comptes:abandonner_import": Geste(_import, avant=_deposer),
    "comptes:habilitations": Geste(),
    "comptes:exporter_habilitations": Geste(lambda _: {"forme": "csv"}),
    "comptes:habilitation": Geste(_habilitation, avant=_habiliter),
    "comptes:nouvelle_habilitation": Geste(
        _organisme,
        lambda *_: {
            "titre": "delegataire",
            "convention": f"Convention {uuid4()}",
            "signee_le": "2026-01-05",
            "missions": ["evaluer"],
            "blocs": ["entiere"],
            "du": "2026-02-01",
        },
    ),
    "comptes:avenant": Geste(
        _habilitation,
        lambda *_: {
            "avenant-missions": ["evaluer"],
            "avenant-blocs": ["B1"],
            "avenant-effet": INSTANT.date(),
            "avenant-motif": "Elle n'évalue plus que le premier bloc.",
        },
        avant=_habiliter,
    ),
    "comptes:etat_habilitation": Geste(
        _habilitation,
        lambda *_: {"etat-vers": "suspendue", "etat-effet": INSTANT.date(), "etat-motif": "Le temps d'un contrôle."},
        avant=_habiliter,
    ),
    "comptes:declarer_habilitation": Geste(
        _ligne, lambda *_: {"declaree_le": INSTANT.date(), "reference": "FC-2026-11"}, avant=_habiliter
    ),
}
