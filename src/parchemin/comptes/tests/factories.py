"""Des organismes, des personnes et des rôles légaux, créés par les services."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from itertools import count
from typing import Any
from uuid import UUID

from django.test import Client

from parchemin.comptes import services
from parchemin.comptes.enums import Branche, Mission, NatureRole, TitreHabilitation
from parchemin.socle.acteur import SYSTEME, Acteur

JADIS = datetime(2025, 9, 1, 8, 0, tzinfo=UTC)
MOT_DE_PASSE = "papier-encre-sceau"
_OUVRIER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_NUMERO = count(_OUVRIER * 1_000_000 + 1)
"""Chaque ouvrier d'une suite a les siens : une scène qu'un autre lui donne ne porte aucun nom qu'il donnerait aussi."""


def organisme(nom: str = "", **changements: Any) -> UUID:
    """Un organisme ; son nom est unique."""
    nom = nom or f"Caisse d'essai n° {next(_NUMERO)}"
    valeurs: dict[str, Any] = {"nom": nom, "nom_court": nom[:60], "branche": Branche.MALADIE, **changements}
    return services.creer_organisme(**valeurs, auteur=SYSTEME, maintenant=JADIS).pk


def habilitation(organisme: UUID, certification: str = "cqp-cos", **changements: Any) -> UUID:
    """Une convention qui permet d'évaluer toute la certification, sans terme. Le référentiel doit être publié."""
    valeurs: dict[str, Any] = {
        "titre": TitreHabilitation.DELEGATAIRE,
        "missions": {Mission.EVALUER},
        "blocs": None,
        "du": date(2025, 9, 1),
        "dernier_jour": None,
        "convention": f"Convention n° {next(_NUMERO)}",
        "signee_le": date(2025, 8, 20),
        **changements,
    }
    return services.donner_habilitation(
        organisme=organisme, certification=certification, **valeurs, auteur=SYSTEME, maintenant=JADIS
    )


def personne(prenom: str = "Ada", nom: str = "") -> Acteur:
    """Une personne sans rôle."""
    cree = services.creer_personne(prenom=prenom, nom=nom or f"Essai {next(_NUMERO)}", auteur=SYSTEME, maintenant=JADIS)
    return Acteur(cree.pk)


def avec_role(
    nature: NatureRole, organisme: UUID | None = None, prenom: str = "Ada", nom: str = "", du: date | None = None
) -> Acteur:
    """Une personne qui tient ce rôle (partout, sans organisme) depuis le début des tests."""
    acteur = personne(prenom, nom)
    services.donner_role(
        personne=acteur.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=JADIS, du=du
    )
    return acteur


def gestionnaire(organisme: UUID | None = None) -> Acteur:
    """Le gestionnaire d'un organisme, ou de tous."""
    return avec_role(NatureRole.GESTIONNAIRE, organisme, "Gisèle")


def compte(acteur: Acteur) -> str:
    """Un compte de connexion pour cette personne ; rend son courriel (le mot de passe est `MOT_DE_PASSE`)."""
    courriel = f"essai-{next(_NUMERO)}@caisse.example"
    services.ouvrir_compte(
        personne=acteur.id, courriel=courriel, mot_de_passe=MOT_DE_PASSE, auteur=SYSTEME, maintenant=JADIS
    )
    return courriel


def client(acteur: Acteur) -> Client:
    """Un navigateur où cette personne est connectée (son compte s'ouvre au besoin)."""
    from parchemin.comptes.models import Compte

    ouvert = Compte.objects.filter(personne_id=acteur.id).first()
    if ouvert is None:
        ouvert = Compte.objects.get(courriel=compte(acteur))
    navigateur = Client()
    navigateur.force_login(ouvert)
    return navigateur


def texte(reponse: Any) -> str:
    """Le texte d'une page, espaces et apostrophes ramenés à une seule forme, pour l'égalité ou l'absence d'une phrase."""
    brut = reponse.content.decode()
    for forme in ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        brut = brut.replace(forme, " ")
    return " ".join(brut.replace("&#x27;", "'").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
