"""Les personnes et leurs rôles."""

from __future__ import annotations

from uuid import UUID, uuid4

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.monde import INSTANT, Caisse


def candidat(caisse: Caisse) -> Adresse:
    return {"identifiant": caisse.monde.candidat.id}


def _role_d_un_tuteur(caisse: Caisse) -> Adresse:
    tuteur = INVITES[caisse.dossier]
    return {"identifiant": tuteur, "role": Role.objects.get(personne_id=tuteur).pk}


_JETONS: dict[UUID, str] = {}


def _inviter(caisse: Caisse) -> None:
    personne = comptes.personne("Invitée")
    _JETONS[caisse.dossier] = comptes_services.inviter(
        personne=personne.id, courriel=f"{uuid4()}@caisse.example", auteur=SYSTEME, maintenant=INSTANT
    ).jeton


INVITES: dict[UUID, UUID] = {}


def personne_sans_compte(caisse: Caisse) -> None:
    INVITES[caisse.dossier] = comptes.avec_role(NatureRole.TUTEUR, caisse.organisme).id


GESTES: dict[str, Geste] = {
    "comptes:personnes": Geste(),
    "comptes:nouvelle": Geste(
        corps=lambda caisse, _: {
            "prenom": "Inès",
            "nom": "Toute-Neuve",
            "nature": "candidat",
            "organisme": caisse.organisme,
        }
    ),
    "comptes:personne": Geste(candidat),
    "comptes:inviter": Geste(
        lambda caisse: {"identifiant": INVITES[caisse.dossier]},
        lambda *_: {"courriel": f"{uuid4()}@caisse.example"},
        avant=personne_sans_compte,
    ),
    "comptes:oublier_facteur": Geste(candidat, lambda *_: {"verification": "Vue au guichet"}),
    "comptes:donner_role": Geste(candidat, lambda caisse, _: {"nature": "tuteur", "organisme": caisse.organisme}),
    "comptes:retirer_role": Geste(_role_d_un_tuteur, avant=personne_sans_compte),
    "comptes:organismes": Geste(),
    "comptes:nouvel_organisme": Geste(
        corps=lambda *_: {"nom": "Caisse de la Vallée", "nom_court": "Vallée", "branche": "maladie"}
    ),
    "comptes:invitation": Geste(
        lambda caisse: {"jeton": _JETONS[caisse.dossier]},
        lambda *_: {"mot_de_passe": comptes.MOT_DE_PASSE, "encore": comptes.MOT_DE_PASSE},
        avant=_inviter,
    ),
}
