"""Lire la sécurité de son propre compte : second facteur, sessions ouvertes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from parchemin.comptes.models import ChangementDeCourriel, Compte, IdentiteRefusee
from parchemin.comptes.selectors.invitations import empreinte_jeton
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueCle:
    """Une clé d'accès enregistrée."""

    id: int
    nom: str
    ajoutee: datetime
    utilisee: datetime | None


@dataclass(frozen=True, slots=True)
class VueFacteurs:
    """Les seconds facteurs d'une personne. `codes_restants` vaut `None` s'il n'y a pas de codes de secours."""

    codes_temporels: bool
    cles: tuple[VueCle, ...]
    codes_restants: int | None

    @property
    def en_place(self) -> bool:
        """Vrai si l'on peut donner un second facteur."""
        return self.codes_temporels or bool(self.cles)


@dataclass(frozen=True, slots=True)
class VueSession:
    """Une session ouverte. `agent` est ce que le navigateur dit de lui-même."""

    id: int
    agent: str
    adresse: str
    depuis: datetime
    vue: datetime
    celle_ci: bool


def facteurs(lecteur: Acteur) -> VueFacteurs:
    """Les seconds facteurs du lecteur (une requête)."""
    lignes = list(Authenticator.objects.filter(user__personne_id=lecteur.id).order_by("created_at", "pk"))
    par_genre = {ligne.type: ligne for ligne in lignes}
    codes = par_genre.get(Authenticator.Type.RECOVERY_CODES)
    cles = [ligne for ligne in lignes if ligne.type == Authenticator.Type.WEBAUTHN]
    return VueFacteurs(
        codes_temporels=Authenticator.Type.TOTP in par_genre,
        cles=tuple(VueCle(cle.pk, cle.wrap().name, cle.created_at, cle.last_used_at) for cle in cles),
        codes_restants=None if codes is None else len(codes.wrap().get_unused_codes()),
    )


def sessions_ouvertes(lecteur: Acteur, maintenant: datetime, courante: str) -> tuple[VueSession, ...]:
    """Les sessions du lecteur qui ouvrent encore quelque chose, celle-ci d'abord, puis la plus récemment active.

    `courante` : la clé de la session qui lit. Une session d'avant un changement de mot de passe n'y est plus.
    """
    compte = Compte.objects.filter(personne_id=lecteur.id).first()
    if compte is None:
        return ()
    vivantes = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in=UserSession.objects.filter(user=compte).values("session_key"), expire_date__gt=maintenant
        ).order_by()
    }
    valable = compte.get_session_auth_hash()
    lignes = UserSession.objects.filter(user=compte, session_key__in=vivantes).order_by("-last_seen_at", "-pk")
    vues = [
        VueSession(
            ligne.pk,
            ligne.user_agent,
            ligne.ip,
            ligne.created_at,
            ligne.last_seen_at,
            ligne.session_key == courante,
        )
        for ligne in lignes
        if vivantes[ligne.session_key].get("_auth_user_hash") == valable
    ]
    return tuple(sorted(vues, key=lambda vue: not vue.celle_ci))


@dataclass(frozen=True, slots=True)
class VueConnexion:
    """Par où l'on entre : l'adresse, celle qui attend d'être confirmée, les fournisseurs liés et ceux qu'on a ôtés."""

    courriel: str
    mot_de_passe: bool
    attendu: str
    attendu_jusqu_a: datetime | None
    liees: tuple[str, ...]
    refusees: tuple[str, ...]


def connexion(lecteur: Acteur, maintenant: datetime) -> VueConnexion | None:
    """Par où entre le lecteur ; `None` sans compte. Quatre requêtes."""
    compte = Compte.objects.filter(personne_id=lecteur.id).first()
    if compte is None:
        return None
    attendu = ChangementDeCourriel.objects.filter(
        compte=compte, confirme_le=None, remplace_le=None, expire__gt=maintenant
    ).first()
    return VueConnexion(
        courriel=compte.courriel,
        mot_de_passe=compte.has_usable_password(),
        attendu=attendu.courriel if attendu else "",
        attendu_jusqu_a=attendu.expire if attendu else None,
        liees=tuple(SocialAccount.objects.filter(user=compte).order_by("provider").values_list("provider", flat=True)),
        refusees=tuple(
            IdentiteRefusee.objects.filter(compte=compte).order_by("fournisseur").values_list("fournisseur", flat=True)
        ),
    )


def changement_ouvert(lecteur: Acteur, jeton: str, maintenant: datetime) -> str:
    """L'adresse que ce lien ferait sienne ; vide s'il ne vaut rien pour le lecteur. N'écrit rien."""
    demande = ChangementDeCourriel.objects.filter(
        empreinte=empreinte_jeton(jeton),
        compte__personne_id=lecteur.id,
        confirme_le=None,
        remplace_le=None,
        expire__gt=maintenant,
    ).first()
    return demande.courriel if demande else ""
