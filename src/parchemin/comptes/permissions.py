"""Qui peut, et sinon pourquoi : chaque droit a deux faces, `verifier_peut_X` (lève la raison) et `peut_X` (vrai ou faux)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from parchemin.comptes.enums import ROLES_D_ADMINISTRATEUR, ROLES_DE_RH, SECOND_FACTEUR_EXIGE, NatureRole
from parchemin.comptes.selectors import Droits, Portee
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import maintenant
from parchemin.socle.refus import RefusDroit

SESSION_DELEGATION = "par_delegation_de"
"""La clé de session de la personne absente pour qui l'on agit."""


class RequeteConnectee(HttpRequest):
    """Une requête dont on sait qui l'envoie : ce que reçoit une vue décorée par `connecte`."""

    acteur: Acteur
    droits: Droits


def connecte[**P](
    vue: Callable[Concatenate[RequeteConnectee, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Décore une vue : sans connexion, mène à la page de connexion et revient ici ensuite."""

    @wraps(vue)
    def gardee(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if cast(Any, request).acteur is None:
            return redirect_to_login(request.get_full_path())
        return vue(cast(RequeteConnectee, request), *args, **kwargs)

    return gardee  # type: ignore[return-value]  # `wraps` garde le nom du premier argument


PREUVES_LOCALES = frozenset({"password", "mfa"})
"""Ce qu'allauth note dans la session : mot de passe, second facteur. Un fournisseur d'identité n'est pas une preuve locale."""


def _preuves(session: Mapping[str, Any]) -> list[dict[str, Any]]:
    preuves: list[dict[str, Any]] = session.get("account_authentication_methods", [])
    return preuves


def second_facteur_exige(droits: Droits) -> bool:
    """Vrai si l'un des rôles tenus exige un second facteur (`SECOND_FACTEUR_EXIGE`, et ce qu'un réglage y ajoute)."""
    return any(n in SECOND_FACTEUR_EXIGE or n in settings.PARCHEMIN_SECOND_FACTEUR_AUSSI for n in droits.natures)


def second_facteur_donne(session: Mapping[str, Any]) -> bool:
    """Vrai si cette session a donné (ou vient de mettre en place) un second facteur."""
    return any(preuve["method"] == "mfa" for preuve in _preuves(session))


def preuve_recente(session: Mapping[str, Any], pendant: timedelta, instant: datetime) -> bool:
    """Vrai si cette session a donné une preuve locale il y a moins de `pendant`."""
    limite = (instant - pendant).timestamp()
    return any(preuve["method"] in PREUVES_LOCALES and preuve["at"] > limite for preuve in _preuves(session))


def reauthentifie[**P](
    *, pendant: timedelta = timedelta(minutes=10)
) -> Callable[
    [Callable[Concatenate[RequeteConnectee, P], HttpResponse]],
    Callable[Concatenate[RequeteConnectee, P], HttpResponse],
]:
    """Décore une vue (sous `connecte`) qui scelle, signe ou délivre : son POST exige une preuve récente.

    Sans elle, ce qui était envoyé (le formulaire, pas ses fichiers) est gardé dans la session, la personne redonne son mot
    de passe ou son second facteur, et l'envoi reprend là où il en était (`comptes.views.acces.reprendre`).
    """

    def decorer(
        vue: Callable[Concatenate[RequeteConnectee, P], HttpResponse],
    ) -> Callable[Concatenate[RequeteConnectee, P], HttpResponse]:
        @wraps(vue)
        def gardee(request: RequeteConnectee, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            instant = maintenant()
            if request.method != "POST" or preuve_recente(request.session, pendant, instant):
                return vue(request, *args, **kwargs)
            request.session["account_reauthentication_state"] = {
                "callback": "parchemin.comptes.views.acces.reprendre",
                "state": {"chemin": request.path, "corps": request.POST.urlencode(), "depuis": instant.timestamp()},
            }
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")

        return gardee  # type: ignore[return-value]  # `wraps` garde le nom du premier argument

    return decorer


def derive[**P](verifier: Callable[P, None]) -> Callable[P, bool]:
    """Tire `peut_X` de `verifier_peut_X` : les deux ne peuvent pas se contredire."""

    def peut(*args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            verifier(*args, **kwargs)
        except RefusDroit:
            return False
        return True

    peut.__doc__ = f"Vrai si `{verifier.__name__}` ne refuse pas."
    return peut


def verifier_peut_gerer_les_comptes(droits: Droits) -> None:
    """Ouvrir les pages des personnes et des organismes. Lève `RefusDroit("comptes_reserves")`."""
    if not (droits.est_administrateur or droits.est_gestionnaire or droits.est_rh):
        raise RefusDroit(
            "comptes_reserves",
            "Les personnes et les organismes sont tenus par les gestionnaires et les ressources humaines. "
            "Demandez-leur ce qu'il faut changer.",
        )


def verifier_lien_d_autrui(siennes: Collection[UUID], de: UUID, vers: UUID) -> None:
    """Clore, corriger ou annuler un lien : qui n'est à aucun bout. `siennes` : toutes ses fiches. Lève `RefusDroit("cause_propre")`.

    Le déclarer reste ouvert : cela écarte, et n'ouvre rien.
    """
    if de in siennes or vers in siennes:
        raise RefusDroit(
            "cause_propre",
            "Ce lien vous touche : un autre gestionnaire de l'organisme, ou un administrateur, le clôt ou l'annule à votre place.",
        )


def verifier_peut_oublier_facteur(droits: Droits) -> None:
    """Ôter le second facteur perdu d'une autre personne. Lève `RefusDroit("second_facteur_reserve")`."""
    if not droits.est_administrateur:
        raise RefusDroit("second_facteur_reserve", "Un second facteur perdu s'ôte par un administrateur.")


def verifier_peut_creer_organisme(droits: Droits) -> None:
    """Ajouter un organisme. Lève `RefusDroit("organisme_hors_perimetre")`."""
    if not (droits.est_administrateur or droits.partout(NatureRole.GESTIONNAIRE)):
        raise RefusDroit(
            "organisme_hors_perimetre",
            "Seul un administrateur ou un gestionnaire de tous les organismes peut en ajouter un.",
        )


def verifier_peut_gerer_organisme(droits: Droits, organisme: UUID | None, certification: str = "") -> None:
    """Agir sur les personnes d'un organisme (`None` : hors de tout organisme). Lève `RefusDroit("organisme_hors_perimetre")`.

    Qui gère pour une certification seulement n'agit que pour elle.
    """
    if not (droits.est_administrateur or droits.couvre(NatureRole.GESTIONNAIRE, organisme, certification or None)):
        _refuser_perimetre(organisme)


def verifier_peut_tenir_habilitations(droits: Droits) -> None:
    """Écrire au registre des habilitations, et déclarer ses changements. Lève `RefusDroit("habilitations_reservees")`."""
    if not (droits.est_administrateur or droits.partout(NatureRole.GESTIONNAIRE)):
        raise RefusDroit(
            "habilitations_reservees",
            "Les habilitations sont tenues par un administrateur ou par un gestionnaire de tous les organismes.",
        )


def verifier_peut_lire_habilitations(droits: Droits) -> None:
    """Ouvrir le registre des habilitations. Lève `RefusDroit("habilitations_reservees")`."""
    if not (droits.est_administrateur or droits.est_gestionnaire or droits.a(NatureRole.AUDITEUR)):
        raise RefusDroit(
            "habilitations_reservees",
            "Le registre des habilitations s'ouvre aux gestionnaires, aux administrateurs et aux auditeurs.",
        )


def verifier_peut_donner_role(
    droits: Droits, nature: NatureRole, organisme: UUID | None, certification: str = ""
) -> None:
    """Donner ou retirer un rôle. Lève `RefusDroit("role_reserve")` ou `RefusDroit("organisme_hors_perimetre")`.

    Les rôles de `ROLES_D_ADMINISTRATEUR` ne se donnent que par un administrateur ; les ressources humaines d'un organisme y
    donnent ceux de `ROLES_DE_RH`.
    """
    if nature in ROLES_D_ADMINISTRATEUR and not droits.est_administrateur:
        raise RefusDroit(
            "role_reserve", f"Le rôle « {nature.label} » ne se donne et ne se retire que par un administrateur."
        )
    if droits.couvre(NatureRole.RH, organisme, certification or None):
        if nature in ROLES_DE_RH:
            return
        if not (droits.est_administrateur or droits.est_gestionnaire):
            raise RefusDroit("role_reserve", f"Le rôle « {nature.label} » se donne par un gestionnaire.")
    verifier_peut_gerer_organisme(droits, organisme, certification)


def _refuser_perimetre(organisme: UUID | None) -> None:
    raise RefusDroit(
        "organisme_hors_perimetre",
        "Vous gérez un autre périmètre que celui-ci." if organisme else "Choisissez un organisme que vous gérez.",
    )


def verifier_peut_inviter(droits: Droits, roles: tuple[Portee, ...]) -> None:
    """Émettre l'invitation d'une personne qui tient ces rôles. Mêmes refus que `verifier_peut_donner_role`.

    Une invitation ouvre tout ce que ces rôles ouvrent : il faut pouvoir donner chacun d'eux, sans quoi un gestionnaire
    pourrait, avec un courriel à lui, prendre la place d'une personne d'un autre organisme.
    """
    if not roles:
        verifier_peut_gerer_organisme(droits, None)
    for portee in roles:
        verifier_peut_donner_role(droits, portee.nature, portee.organisme, portee.certification)


def verifier_peut_tenir_fiche(droits: Droits, roles: tuple[Portee, ...]) -> None:
    """Changer le nom ou le courriel d'une personne qui tient ces rôles. Lève `RefusDroit("fiche_hors_perimetre")`.

    Il faut administrer, ou tenir (gestionnaire, ressources humaines) l'un de ses organismes, ou les tenir tous.
    """
    tenants = (NatureRole.GESTIONNAIRE, NatureRole.RH)
    lieux = {portee.organisme for portee in roles} or {None}
    if not droits.est_administrateur and not any(droits.couvre(n, lieu) for n in tenants for lieu in lieux):
        raise RefusDroit("fiche_hors_perimetre", "Cette fiche se tient par le gestionnaire de son organisme.")


def verifier_peut_noter_depart(droits: Droits, organisme: UUID | None) -> None:
    """Noter qu'une personne quitte un organisme (`None` : tous), ou y revient. Lève `RefusDroit("organisme_hors_perimetre")`.

    Les ressources humaines le savent les premières : elles le notent chez elles. Les rôles que ce départ ferme, eux, se
    vérifient un par un : un départ ne retire rien que l'on ne pourrait retirer soi-même.
    """
    if organisme is None or not droits.couvre(NatureRole.RH, organisme):
        verifier_peut_gerer_organisme(droits, organisme)


def verifier_peut_reunir(droits: Droits) -> None:
    """Réunir deux fiches d'une même personne, sans retour. Lève `RefusDroit("reunion_reservee")`."""
    if not (droits.est_administrateur or droits.est_gestionnaire):
        raise RefusDroit(
            "reunion_reservee",
            "Deux fiches se réunissent par un gestionnaire ou un administrateur : on ne revient pas en arrière.",
        )


def verifier_peut_tenir_registre(droits: Droits, roles: tuple[Portee, ...] = ()) -> None:
    """Tenir le registre des évaluateurs et des jurés (d'une personne qui tient ces rôles, s'ils sont dits).

    Lève `RefusDroit("registre_reserve")`.
    """
    if not (droits.est_administrateur or droits.est_gestionnaire):
        raise RefusDroit("registre_reserve", "Le registre des évaluateurs et des jurés est tenu par les gestionnaires.")
    if roles and not droits.est_administrateur:
        lieux = {portee.organisme for portee in roles}
        if not any(droits.couvre(NatureRole.GESTIONNAIRE, lieu) for lieu in lieux):
            raise RefusDroit("registre_reserve", "Cette personne est habilitée par le gestionnaire de son organisme.")


def verifier_peut_deleguer(acteur: Acteur) -> None:
    """Ouvrir la page « Déléguer » en son nom. Lève `RefusDroit("delegation_de_delegation")`."""
    if acteur.par_delegation_de is not None:
        raise RefusDroit("delegation_de_delegation", "Ce qui vous est délégué ne se délègue pas à son tour.")


peut_tenir_fiche = derive(verifier_peut_tenir_fiche)
peut_noter_depart = derive(verifier_peut_noter_depart)
peut_reunir = derive(verifier_peut_reunir)
peut_tenir_registre = derive(verifier_peut_tenir_registre)
lien_est_d_autrui = derive(verifier_lien_d_autrui)
peut_gerer_les_comptes = derive(verifier_peut_gerer_les_comptes)
peut_creer_organisme = derive(verifier_peut_creer_organisme)
peut_gerer_organisme = derive(verifier_peut_gerer_organisme)
peut_tenir_habilitations = derive(verifier_peut_tenir_habilitations)
peut_lire_habilitations = derive(verifier_peut_lire_habilitations)
peut_donner_role = derive(verifier_peut_donner_role)
peut_inviter = derive(verifier_peut_inviter)
