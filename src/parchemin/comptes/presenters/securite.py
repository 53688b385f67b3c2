"""Les pages de la connexion : second facteur, sessions ouvertes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from parchemin.comptes.permissions import second_facteur_exige
from parchemin.comptes.selectors import Droits, VueFacteurs, VueSession, connexion, facteurs, sessions_ouvertes
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Statut, Ton
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import pluriel

_NAVIGATEURS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS|Chromium)/"),
    ("Safari", r"Safari/"),
)
_APPAREILS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


@dataclass(frozen=True, slots=True)
class LigneSession:
    """Une session ouverte, lisible."""

    id: int
    appareil: str
    adresse: str
    depuis: datetime
    vue: datetime
    celle_ci: bool


@dataclass(frozen=True, slots=True)
class LigneFournisseur:
    """Un fournisseur d'identité lié, ou ôté, et ce que l'on peut en faire."""

    libelle: str
    phrase: str
    geste: str
    adresse: str


@dataclass(frozen=True, slots=True)
class PageSecurite:
    """Ce qui protège le compte de qui lit."""

    statut: Statut
    phrase: str
    exige: bool
    facteurs: VueFacteurs
    codes: str
    sessions: tuple[LigneSession, ...]
    autres: int
    courriel: str
    mot_de_passe: bool
    attendu: str
    attendu_jusqu_a: datetime | None
    fournisseurs: tuple[LigneFournisseur, ...]


def appareil(agent: str) -> str:
    """« Firefox sur Windows » ; « Appareil inconnu » quand le navigateur ne dit rien de lui."""
    navigateur = next((nom for nom, motif in _NAVIGATEURS if re.search(motif, agent)), "")
    machine = next((nom for nom, motif in _APPAREILS if re.search(motif, agent)), "")
    if navigateur and machine:
        return f"{navigateur} sur {machine}"
    return navigateur or machine or "Appareil inconnu"


def page_securite(lecteur: Acteur, droits: Droits, *, session: str, maintenant: datetime) -> PageSecurite:
    """La page « Connexion et sécurité »."""
    tenus = facteurs(lecteur)
    exige = second_facteur_exige(droits)
    entree = connexion(lecteur, maintenant)
    if entree is None:
        raise Introuvable("Vous n'avez pas de compte.")
    sessions = tuple(_ligne(vue) for vue in sessions_ouvertes(lecteur, maintenant, session))
    return PageSecurite(
        statut=Statut(Ton.OUI, "En place")
        if tenus.en_place
        else Statut(Ton.ATTENTE if exige else Ton.NEUTRE, "Absent"),
        phrase=_phrase(tenus, exige=exige),
        exige=exige,
        facteurs=tenus,
        codes="" if tenus.codes_restants is None else f"{pluriel(tenus.codes_restants, 'code')} de secours",
        sessions=sessions,
        autres=sum(not ligne.celle_ci for ligne in sessions),
        courriel=entree.courriel,
        mot_de_passe=entree.mot_de_passe,
        attendu=entree.attendu,
        attendu_jusqu_a=entree.attendu_jusqu_a,
        fournisseurs=(*map(_lie, entree.liees), *map(_ote, entree.refusees)),
    )


def nom_du_fournisseur(code: str) -> str:
    """Le nom réglé d'un fournisseur ; son code s'il n'est plus réglé."""
    return next((str(un["name"]) for un in settings.FOURNISSEURS if un["provider_id"] == code), code)


def _lie(code: str) -> LigneFournisseur:
    return LigneFournisseur(
        nom_du_fournisseur(code), "Il ouvre votre compte.", "Ôter", reverse("delier_identite", args=[code])
    )


def _ote(code: str) -> LigneFournisseur:
    return LigneFournisseur(
        nom_du_fournisseur(code),
        "Vous l'avez ôté : il n'ouvre plus votre compte.",
        "Admettre",
        reverse("permettre_identite", args=[code]),
    )


def _ligne(vue: VueSession) -> LigneSession:
    return LigneSession(vue.id, appareil(vue.agent), vue.adresse, vue.depuis, vue.vue, vue.celle_ci)


def _phrase(tenus: VueFacteurs, *, exige: bool) -> str:
    if tenus.en_place:
        return "Votre mot de passe seul n'ouvre pas votre compte."
    if exige:
        return "Votre rôle exige un second facteur."
    return "Il n'est pas obligatoire pour vous. Il protège votre compte si quelqu'un devine votre mot de passe."
