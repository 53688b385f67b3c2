"""Intergiciels : une session a une fin ; chaque vue sait qui agit et avec quels droits ; certains rôles doivent deux preuves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from parchemin.comptes.permissions import SESSION_DELEGATION, second_facteur_donne, second_facteur_exige
from parchemin.comptes.selectors import Droits, droits
from parchemin.comptes.services import noter_activite
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.middleware import LectureSeuleMiddleware


class ActeurMiddleware:
    """Pose `request.acteur` (`Acteur`, ou `None` sans connexion) et `request.droits` (lus au premier usage).

    Un compte désactivé est traité comme une absence de connexion : Django ne le rend plus, dès la requête suivante.
    Le temps d'un GET, l'acteur se souvient de ce qu'on a lu de lui (`une_fois`) ; jamais dans une requête qui écrit.
    Qui a choisi d'agir par délégation n'a que les droits confiés, relus à chaque requête, jusqu'à ce qu'il reprenne son nom.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        requete = cast(Any, request)
        compte = requete.user
        acteur = None
        if compte.is_authenticated and compte.is_active:
            acteur = Acteur(compte.personne_id, deja_lu=_memoire(request))
        confies = self._confies(acteur, request) if acteur else None
        if confies is not None:
            requete.acteur, requete.droits = confies.acteur, confies
            return self.get_response(request)
        requete.acteur = acteur
        requete.droits = cast(Droits, SimpleLazyObject(lambda: droits(acteur, jour_civil(maintenant()))))
        return self.get_response(request)

    @staticmethod
    def _confies(acteur: Acteur, request: HttpRequest) -> Droits | None:
        """Les droits confiés par la personne absente que cette session représente ; `None` dès qu'il n'en reste rien."""
        absente = request.session.get(SESSION_DELEGATION)
        if absente is None:
            return None
        confies = droits(
            Acteur(acteur.id, par_delegation_de=UUID(absente), deja_lu=_memoire(request)), jour_civil(maintenant())
        )
        return confies if confies.portees else None


def _memoire(request: HttpRequest) -> dict[Hashable, object] | None:
    """Une mémoire neuve pour une requête qui ne peut rien écrire (`LectureSeuleMiddleware`) ; aucune pour les autres."""
    return {} if request.method in LectureSeuleMiddleware.LECTURES else None


class SessionBorneeMiddleware:
    """Ferme la session trop longue (`SESSION_COOKIE_AGE`) ou délaissée (`PARCHEMIN_INACTIVITE`) ; note l'activité.

    L'activité n'est écrite qu'une fois par `PARCHEMIN_PAS_D_ACTIVITE` secondes : une page n'y coûte rien, le plus souvent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            instant = maintenant()
            present, session = int(instant.timestamp()), request.session
            preuves = session.get("account_authentication_methods") or [{"at": present}]
            vu = session.get("vu", present)
            if present - preuves[0]["at"] > settings.SESSION_COOKIE_AGE or present - vu > settings.PARCHEMIN_INACTIVITE:
                logout(request)
            elif "vu" not in session or present - vu > settings.PARCHEMIN_PAS_D_ACTIVITE:
                session["vu"] = present
                noter_activite(session=session.session_key or "", maintenant=instant)
        return self.get_response(request)


class SecondFacteurMiddleware:
    """Mène à la mise en place, ou à la saisie, du second facteur qui en doit un et ne l'a pas donné ; on revient ensuite.

    Ne coûte aucune requête à une session complète. Restent ouvertes les pages de connexion elles-mêmes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        requete = cast(Any, request)
        if (
            requete.acteur is None
            or request.path.startswith("/connexion/")
            or second_facteur_donne(request.session)
            or not second_facteur_exige(requete.droits)
        ):
            return self.get_response(request)
        if request.content_type == "application/json":
            message = "Donnez votre second facteur, puis renvoyez : vos gestes sont gardés."
            return JsonResponse({"erreur": {"code": "second_facteur_requis", "message": message}}, status=401)
        suite = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
        return redirect(f"{reverse('second_facteur')}?{urlencode({'next': suite})}")
