"""Se connecter à deux preuves, tenir son second facteur et ses sessions, reprendre un envoi interrompu.

Les pages sont celles de django-allauth, avec nos gabarits ; ici, ce que nous y ajoutons.
"""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.webauthn.views import ListWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from parchemin.comptes import presenters, services
from parchemin.comptes.permissions import (
    RequeteConnectee,
    connecte,
    reauthentifie,
    second_facteur_donne,
    verifier_peut_oublier_facteur,
)
from parchemin.comptes.selectors import facteurs
from parchemin.socle.gardes import ecriture_assumee
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

SUITE = "second_facteur_suite"
"""Dans la session : où la personne allait quand on lui a demandé un second facteur."""
DUREE_D_UNE_REPRISE = 900
"""Secondes pendant lesquelles un envoi interrompu peut reprendre."""
EFFACER = '"cache", "cookies", "storage"'


@require_safe
@connecte
@never_cache
def securite(request: RequeteConnectee) -> HttpResponse:
    """« Connexion et sécurité » : mot de passe, second facteur, sessions ouvertes."""
    page = presenters.page_securite(
        request.acteur, request.droits, session=request.session.session_key or "", maintenant=maintenant()
    )
    return render(request, "comptes/securite.html", {"page": page})


@require_safe
@connecte
@never_cache
def second_facteur(request: RequeteConnectee) -> HttpResponse:
    """Le mettre en place, ou le donner ; on revient ensuite où l'on allait."""
    suite = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(suite, {request.get_host()}, require_https=request.is_secure()):
        suite = "/"
    if second_facteur_donne(request.session):
        return redirect(suite)
    request.session[SUITE] = suite
    tenus = facteurs(request.acteur)
    if tenus.en_place:
        page = "mfa_reauthenticate" if tenus.codes_temporels else "mfa_reauthenticate_webauthn"
        return redirect(reverse(page, query={"next": suite}))
    return render(request, "comptes/second_facteur.html", {"roles": [n.label for n in request.droits.natures]})


@require_POST
@connecte
def fermer_session(request: RequeteConnectee, identifiant: int) -> HttpResponse:
    """Fermer une de ses autres sessions."""
    try:
        services.fermer_sessions(
            compte=_compte(request),
            seulement=identifiant,
            sauf=request.session.session_key or "",
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except Introuvable:
        messages.info(request, "Cette session était déjà fermée.")
    else:
        messages.success(request, "Cette session est fermée.")
    return redirect("mfa_index")


@require_POST
@connecte
def fermer_les_autres(request: RequeteConnectee) -> HttpResponse:
    """Fermer toutes ses sessions, sauf celle-ci."""
    nombre = services.fermer_sessions(
        compte=_compte(request),
        sauf=request.session.session_key or "",
        auteur=request.acteur,
        maintenant=maintenant(),
    )
    messages.success(
        request, "Vos autres sessions sont fermées." if nombre else "Vous n'aviez pas d'autre session ouverte."
    )
    return redirect("mfa_index")


@require_POST
@connecte
@reauthentifie()
def oublier_facteur(request: RequeteConnectee, identifiant: UUID) -> HttpResponse:
    """Ôter le second facteur perdu d'une autre personne : un administrateur, après s'être assuré de qui le demande."""
    verifier_peut_oublier_facteur(request.droits)
    try:
        services.oublier_second_facteur(
            personne=identifiant,
            verification=request.POST.get("verification", "")[:500],
            auteur=request.acteur,
            maintenant=maintenant(),
        )
    except RefusDroit:
        raise
    except Refus as refus:
        messages.error(request, refus.message)
    else:
        messages.success(request, "Son second facteur est ôté, ses sessions sont fermées ; un courriel le lui dit.")
    return redirect("comptes:personne", identifiant)


def _compte(request: RequeteConnectee) -> UUID:
    return cast(UUID, request.user.pk)


def reprendre(request: HttpRequest, etat: dict[str, Any]) -> HttpResponse:
    """Rejoue l'envoi que `reauthentifie` avait gardé, une fois la preuve donnée. Rien d'autre que ce que l'on confirmait.

    La page de confirmation est un POST, avec son jeton CSRF ; l'envoi gardé avait le sien.
    """
    chemin = etat["chemin"]
    confirme = request.POST.get("next") or request.GET.get("next")
    if confirme != chemin or maintenant().timestamp() - etat["depuis"] > DUREE_D_UNE_REPRISE:
        messages.info(request, "Votre identité est confirmée, mais votre envoi est trop ancien : recommencez-le.")
        return redirect(chemin)
    request.POST = QueryDict(etat["corps"])
    request.path = request.path_info = chemin
    trouve = request.resolver_match = resolve(chemin)
    reponse: HttpResponse = trouve.func(request, *trouve.args, **trouve.kwargs)
    return reponse


class Entree(LoginView):  # type: ignore[misc]  # allauth n'est pas typé
    """La page de connexion, avec les fournisseurs d'identité réglés."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`fournisseurs` : leur nom et leur adresse ici."""
        contexte: dict[str, Any] = super().get_context_data(**kwargs)
        return contexte | {"fournisseurs": settings.FOURNISSEURS}


class SecondeEtape(AuthenticateView):  # type: ignore[misc]  # allauth n'est pas typé
    """Après le mot de passe, le second facteur. La clé n'est proposée qu'à qui en a une."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`cles` : vrai si la personne a une clé d'accès."""
        contexte: dict[str, Any] = super().get_context_data(**kwargs)
        compte = self.stage.login.user
        return contexte | {"cles": Authenticator.objects.filter(user=compte, type=Authenticator.Type.WEBAUTHN).exists()}


class Cles(ListWebAuthnView):  # type: ignore[misc]  # allauth n'est pas typé
    """Ses clés d'accès, de la plus ancienne à la plus récente."""

    def get_queryset(self) -> Any:
        """La liste d'allauth, avec un ordre."""
        return super().get_queryset().order_by("created_at", "pk")


@method_decorator(never_cache, name="dispatch")
class CodesDeSecours(ViewRecoveryCodesView):  # type: ignore[misc]  # allauth n'est pas typé
    """Les codes de secours. allauth y note « vus » à la lecture : une écriture assumée, sans effet sur le métier."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Les codes, et où aller ensuite."""
        with ecriture_assumee():
            contexte: dict[str, Any] = super().get_context_data(**kwargs)
        return contexte | {"suite": self.request.session.get(SUITE, "")}


class TelechargerCodes(DownloadRecoveryCodesView):  # type: ignore[misc]  # allauth n'est pas typé
    """Les mêmes codes, dans un fichier à imprimer."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Même écriture assumée que `CodesDeSecours`."""
        with ecriture_assumee():
            return super().dispatch(request, *args, **kwargs)

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> Any:
        """Le nom du fichier, en français."""
        reponse = super().render_to_response(context, **kwargs)
        reponse["Content-Disposition"] = 'attachment; filename="codes-de-secours-parchemin.txt"'
        return reponse


class Deconnexion(LogoutView):  # type: ignore[misc]  # allauth n'est pas typé
    """Se déconnecter. L'appareil n'est vidé que s'il dit ne rien garder à envoyer (`rien_en_attente=1`)."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ferme la session."""
        rien_en_attente = self.request.POST.get("rien_en_attente") == "1"
        reponse: HttpResponse = super().post(*args, **kwargs)
        if rien_en_attente:
            reponse["Clear-Site-Data"] = EFFACER
        return reponse
