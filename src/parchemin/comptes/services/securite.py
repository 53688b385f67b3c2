"""Ce qui touche à la sécurité d'un compte : second facteur, mot de passe, sessions ouvertes, essais bloqués.

django-allauth tient les écritures elles-mêmes (`abonnements.py` l'écoute) ; ici, elles entrent au journal.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

import structlog
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache

from parchemin.comptes.enums import COURRIEL_DE_SECURITE, Action
from parchemin.comptes.models import Compte
from parchemin.comptes.services.commun import CHAINE, droits_de
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Message
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

technique = structlog.get_logger("parchemin.acces")
"""Le journal technique des accès : des identifiants opaques, jamais un courriel, une adresse ni un nom."""

DUREE_D_UN_BLOCAGE = 300
"""Secondes : un blocage qui dure ne s'inscrit qu'une fois par tranche."""


def noter_second_facteur(*, compte: UUID, genre: str, action: Action, auteur: Acteur, maintenant: datetime) -> None:
    """Inscrit qu'un second facteur (`genre` : totp, webauthn, recovery_codes) est ajouté, retiré ou renouvelé."""
    with acte(auteur=auteur, maintenant=maintenant, action=action, chaine=CHAINE) as journal:
        journal.inscrire(objet=("compte", compte), donnees={"genre": genre})


def noter_mot_de_passe(*, compte: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Inscrit un changement de mot de passe. Les autres sessions ne valent plus rien : Django les rejette d'elles-mêmes."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.MOT_DE_PASSE_CHANGE, chaine=CHAINE) as journal:
        journal.inscrire(objet=("compte", compte), donnees={})


def noter_blocage(*, courriel: str, maintenant: datetime) -> None:
    """Inscrit que les essais sur un compte connu sont bloqués (une fois par tranche de cinq minutes) ; sinon, le dit au technique."""
    compte = Compte.objects.filter(courriel=courriel.strip().lower()).first()
    technique.warning("connexion_bloquee", compte=str(compte.pk) if compte else None)
    if compte is None or not cache.add(f"parchemin:blocage:{compte.pk}", 1, DUREE_D_UN_BLOCAGE):
        return
    with acte(auteur=SYSTEME, maintenant=maintenant, action=Action.CONNEXION_BLOQUEE, chaine=CHAINE) as journal:
        journal.inscrire(objet=("compte", compte.pk), donnees={"personne": str(compte.personne_id)})


def noter_activite(*, session: str, maintenant: datetime) -> None:
    """Date la dernière activité d'une session. Ni un acte ni un fait : rien au journal."""
    UserSession.objects.filter(session_key=session).update(last_seen_at=maintenant)


def fermer_sessions(
    *, compte: UUID, auteur: Acteur, maintenant: datetime, sauf: str = "", seulement: int | None = None
) -> int:
    """Ferme les sessions d'un compte (`seulement` : une ; `sauf` : la clé de celle qu'on garde) ; rend leur nombre.

    Réservé à la personne et aux administrateurs. Lève `RefusDroit("sessions_reservees")`, `Introuvable`.
    """
    tenu = Compte.objects.filter(pk=compte).first()
    if tenu is None:
        raise Introuvable
    if auteur.id != tenu.personne_id and not droits_de(auteur, maintenant).est_administrateur:
        raise RefusDroit("sessions_reservees", "Chacun ferme ses propres sessions.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SESSIONS_FERMEES, chaine=CHAINE) as journal:
        ouvertes = UserSession.objects.select_for_update(of=("self",)).filter(user_id=compte).exclude(session_key=sauf)
        fermees = list(ouvertes.order_by("pk") if seulement is None else ouvertes.filter(pk=seulement))
        if seulement is not None and not fermees:
            raise Introuvable("Cette session est déjà fermée.")
        for session in fermees:
            _magasin().delete(session.session_key)
            session.delete()
        if fermees:
            journal.inscrire(objet=("compte", compte), donnees={"nombre": len(fermees)})
        else:
            journal.rien_a_inscrire()
    return len(fermees)


def installer_code_temporel(*, personne: UUID, secret: str, auteur: Acteur, maintenant: datetime) -> None:
    """Donne à un compte une application de codes dont on connaît le secret (base32). Réservé au système : la démonstration.

    Lève `RefusDroit("second_facteur_personnel")`, `Introuvable`. Deux fois : sans effet.
    """
    if not auteur.est_systeme:
        raise RefusDroit("second_facteur_personnel", "Chacun met en place son propre second facteur.")
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_FACTEUR_AJOUTE, chaine=CHAINE) as journal:
        compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=personne).first()
        if compte is None:
            raise Introuvable("Cette personne n'a pas de compte.")
        if Authenticator.objects.filter(user=compte, type=Authenticator.Type.TOTP).exists():
            journal.rien_a_inscrire()
            return
        TOTP.activate(compte, secret)
        RecoveryCodes.activate(compte)
        journal.inscrire(objet=("compte", compte.pk), donnees={"genre": "totp"})


def oublier_second_facteur(*, personne: UUID, verification: str, auteur: Acteur, maintenant: datetime) -> int:
    """Ôte tous les seconds facteurs d'une personne qui les a perdus, et ferme ses sessions ; rend leur nombre.

    Elle en remettra un à sa prochaine connexion, et reçoit aussitôt un courriel. Réservé à un administrateur, jamais pour
    lui-même ; `verification` dit comment il s'est assuré de qui le demande. Lève
    `RefusDroit("second_facteur_reserve")`, `Introuvable`, `Refus("verification_manquante" | "sans_second_facteur")`.
    """
    if auteur.id == personne or not droits_de(auteur, maintenant).est_administrateur:
        raise RefusDroit(
            "second_facteur_reserve", "Un second facteur perdu s'ôte par un administrateur, et par un autre que soi."
        )
    verification = verification.strip()
    if not verification:
        raise Refus("verification_manquante", "Dites comment vous vous êtes assuré que c'est bien cette personne.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_FACTEUR_OUBLIE, chaine=CHAINE) as journal:
        compte = Compte.objects.select_for_update(of=("self",)).filter(personne_id=personne).first()
        if compte is None:
            raise Introuvable("Cette personne n'a pas de compte.")
        otes, _ = Authenticator.objects.filter(user=compte).delete()
        if not otes:
            raise Refus("sans_second_facteur", "Cette personne n'a pas de second facteur.")
        fermer_sessions(compte=compte.pk, auteur=auteur, maintenant=maintenant)
        courriels.envoyer(
            cle=f"comptes.second_facteur_oublie:{compte.pk}:{maintenant.isoformat()}",
            genre=COURRIEL_DE_SECURITE,
            destinataire=personne,
            adresse=compte.courriel,
            message=Message(
                objet="Votre second facteur a été ôté",
                titre="Votre second facteur a été ôté",
                paragraphes=(
                    "Un administrateur a ôté le second facteur de votre compte, parce qu’on lui a dit qu’il était perdu.",
                    "À votre prochaine connexion, vous en mettrez un nouveau en place.",
                ),
                apres=("Si vous n’avez rien demandé, prévenez aussitôt la personne qui gère votre dossier.",),
            ),
            auteur=auteur,
            maintenant=maintenant,
        )
        journal.inscrire(
            objet=("compte", compte.pk),
            donnees={"personne": str(personne), "nombre": otes},
            personnel={"verification": verification},
        )
    return int(otes)


def _magasin() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()
