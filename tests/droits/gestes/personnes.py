"""Ce qui arrive à une personne ; le registre ; les délégations."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole, QualiteRegistre
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.socle.acteur import SYSTEME, Acteur
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.gestes.comptes import INVITES, personne_sans_compte
from tests.droits.monde import INSTANT, Caisse

_DEPARTS: dict[UUID, UUID] = {}
_REGISTRE: dict[UUID, UUID] = {}
_DELEGATIONS: dict[UUID, UUID] = {}
DEMAIN = (INSTANT + timedelta(days=1)).date()


def _invite(caisse: Caisse) -> Adresse:
    return {"identifiant": INVITES[caisse.dossier]}


def _faire_partir(caisse: Caisse) -> None:
    personne_sans_compte(caisse)
    _DEPARTS[caisse.dossier] = comptes_services.partir(
        personne=INVITES[caisse.dossier],
        organisme=caisse.organisme,
        le=INSTANT.date(),
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


_DOUBLES: dict[UUID, UUID] = {}


def _dedoubler(caisse: Caisse) -> None:
    personne_sans_compte(caisse)
    _DOUBLES[caisse.dossier] = comptes.avec_role(NatureRole.TUTEUR, caisse.organisme).id


def _evaluateur_d_ici(caisse: Caisse) -> None:
    INVITES[caisse.dossier] = comptes.avec_role(NatureRole.EVALUATEUR_METIER, caisse.organisme).id


_PREUVES = {
    "metier": "Conseillère depuis 2015",
    "formation": "Évaluer un CQP, deux jours",
    "formee_le": date(2026, 3, 2),
    "habilitee_le": date(2026, 3, 10),
    "renouveler_le": date(2029, 3, 10),
}


def _inscrire_au_registre(caisse: Caisse) -> None:
    _evaluateur_d_ici(caisse)
    _REGISTRE[caisse.dossier] = comptes_services.inscrire_au_registre(
        personne=INVITES[caisse.dossier],
        qualite=QualiteRegistre.EVALUATEUR_METIER,
        **_PREUVES,
        auteur=SYSTEME,
        maintenant=INSTANT,
    ).pk


def _role_de(acteur: Acteur) -> UUID:
    return Role.objects.filter(personne_id=acteur.id, nature=NatureRole.GESTIONNAIRE).latest("du").pk


def _confier(caisse: Caisse) -> None:
    """Le gestionnaire de la caisse confie son rôle au tuteur ; deux autres le font, si leurs rôles sont finis."""
    absent, delegue = caisse.monde.gestionnaire, caisse.monde.tuteur
    if not Role.objects.filter(personne_id=absent.id, au=None).exists():
        absent, delegue = comptes.gestionnaire(caisse.organisme), comptes.avec_role(NatureRole.TUTEUR, caisse.organisme)
        comptes.compte(delegue)
    _DELEGATIONS[caisse.dossier] = comptes_services.deleguer(
        role=_role_de(absent),
        delegue=delegue.id,
        du=INSTANT.date(),
        au=DEMAIN,
        auteur=absent,
        maintenant=INSTANT,
    ).pk


def _delegation(caisse: Caisse) -> Adresse:
    return {"delegation": _DELEGATIONS[caisse.dossier]}


GESTES: dict[str, Geste] = {
    "comptes:modifier": Geste(
        _invite, lambda *_: {"prenom": "Inès", "nom": "Mariée", "courriel_pro": ""}, avant=personne_sans_compte
    ),
    "comptes:partir": Geste(
        _invite, lambda caisse, _: {"organisme": caisse.organisme, "le": INSTANT.date()}, avant=personne_sans_compte
    ),
    "comptes:revenir": Geste(
        lambda caisse: {**_invite(caisse), "depart": _DEPARTS[caisse.dossier]},
        lambda *_: {"reprendre": "1"},
        avant=_faire_partir,
    ),
    "comptes:reunir": Geste(
        _invite, lambda caisse, _: {"autre": _DOUBLES[caisse.dossier], "confirmer": "1"}, avant=_dedoubler
    ),
    "comptes:registre": Geste(),
    "comptes:registre_csv": Geste(),
    "comptes:habiliter": Geste(
        _invite, lambda *_: {"qualite": "evaluateur_metier", **_PREUVES}, avant=_evaluateur_d_ici
    ),
    "comptes:radier": Geste(
        lambda caisse: {"ligne": _REGISTRE[caisse.dossier]},
        lambda *_: {"motif": "Ne souhaite plus évaluer."},
        avant=_inscrire_au_registre,
    ),
    "comptes:deleguer": Geste(
        corps=lambda caisse, _: {
            "role": _role_de(caisse.monde.gestionnaire),
            "delegue": caisse.monde.manager.id,
            "du": INSTANT.date(),
            "dernier_jour": DEMAIN,
        }
    ),
    "comptes:revoquer": Geste(_delegation, avant=_confier),
    "comptes:agir": Geste(_delegation, avant=_confier),
    "comptes:reprendre": Geste(),
}
