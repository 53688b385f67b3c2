"""La matrice des droits, entière : chaque adresse, chaque méthode, chaque personnage.

L'attendu est écrit à la main dans `attendu/` ; ici, on va voir. Un refus n'écrit rien, un acte s'inscrit au journal, un
envoi sans jeton ne passe jamais, le mot de passe seul n'ouvre rien à qui doit un second facteur.

GET et POST se demandent à chacun. HEAD, qui est un GET sans corps, au premier de chaque issue attendue ; des méthodes
refusées à tous, chacun en reçoit une, à tour de rôle : chaque adresse les reçoit toutes, chacune de neuf personnages au moins.
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from outils import droits
from tests.droits import adresses
from tests.droits.gestes import GESTES, Geste
from tests.droits.monde import FINI, JETON, Caisse, Ecritures, Theatre, ecritures

pytestmark = pytest.mark.lent

SANS_ECRITURE = frozenset(
    {"ouvre", "renvoie", "connexion", "connexion requise", "interdit", "introuvable", "clos", "methode"}
)
"""Les issues qui n'écrivent rien, pas même une ligne aussitôt annulée. (« refuse » est né dans une transaction annulée.)"""
METHODES = ("GET", "HEAD", "POST", *droits.AUTRES_METHODES)
PRESSE = "pressé"
"""Qui n'a donné que son mot de passe."""
type Corps = dict[UUID, tuple[bytes, str]]
"""L'envoi, tel qu'il voyage, et son genre, par dossier visé."""


def _autre(rang: int) -> str:
    return droits.AUTRES_METHODES[rang % len(droits.AUTRES_METHODES)]


@functools.cache
def _rangs() -> Mapping[str, int]:
    return {adresse.nom: rang for rang, adresse in enumerate(droits.lire())}


def test_chaque_adresse_a_ses_droits_ecrits() -> None:
    servies, ecrites = set(adresses.toutes()), {adresse.nom for adresse in droits.lire()}
    manquent, en_trop = sorted(servies - ecrites), sorted(ecrites - servies)
    assert manquent == [], (
        f"Rien n'est écrit de {manquent}. Dans tests/droits/attendu/<capacité>.yaml, pour chacune :\n"
        "espace:nom:\n  acte: Ce que l'on y fait, en une ligne\n"
        "  voir: {ouvre: […], connexion: [non connectés], second facteur: [sans second facteur], interdit: [les autres]}\n"
        "  agir: {fait: […], …}\n"
        "Puis dans tests/droits/gestes.py : de quoi la visiter (identifiants, envoi valable, état préparé)."
    )
    assert en_trop == [], f"Ces adresses n'existent plus : retirez-les de tests/droits/attendu/ : {en_trop}"
    assert set(GESTES) == ecrites, "tests/droits/gestes.py et tests/droits/attendu/ ne nomment pas les mêmes adresses"


def test_tous_les_personnages_de_la_legende_sont_la(theatre: Theatre) -> None:
    assert sorted(theatre.sessions) == sorted(droits.lire().legende.personnages)


def test_la_visite_se_fait_avec_le_role_de_base_d_une_vraie_installation(theatre: Theatre) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT current_user, has_table_privilege('registre_entree', 'DELETE')")
        assert curseur.fetchone() == (f"theatre_{os.getpid()}", False)


def methodes(adresse: droits.Adresse, personnages: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Les méthodes que ce test fait recevoir à cette adresse, par personnage."""
    if adresse.autres != droits.METHODE:
        return dict.fromkeys(personnages, METHODES)
    issues_de_head: set[tuple[str, bool]] = set()
    recues = {}
    for rang, personnage in enumerate(personnages, _rangs()[adresse.nom]):
        cas = (adresse.issue("HEAD", personnage), personnage.endswith(FINI))
        head = () if cas in issues_de_head else ("HEAD",)
        issues_de_head.add(cas)
        recues[personnage] = ("GET", *head, "POST", _autre(rang))
    return recues


def test_chaque_adresse_recoit_chaque_methode_et_chaque_methode_de_neuf_personnages() -> None:
    for adresse in droits.lire():
        recues = methodes(adresse, list(droits.lire().legende.personnages))
        fois = Counter(methode for siennes in recues.values() for methode in siennes)
        assert fois["GET"] == fois["POST"] == len(recues), adresse.nom
        assert min(fois[methode] for methode in droits.AUTRES_METHODES) >= 9, adresse.nom
        de_head = {adresse.issue("HEAD", qui) for qui, siennes in recues.items() if "HEAD" in siennes}
        assert de_head == {adresse.issue("HEAD", qui) for qui in recues}, adresse.nom


@pytest.mark.parametrize("adresse", list(droits.lire()), ids=lambda adresse: adresse.nom)
def test_chacun_obtient_ce_qui_est_ecrit(theatre: Theatre, adresse: droits.Adresse) -> None:
    geste = GESTES.get(adresse.nom) or pytest.fail(f"tests/droits/gestes.py ne dit pas comment visiter {adresse.nom}")
    ecarts: dict[str, list[str]] = {}
    corps: Corps = {}
    with _prepare(geste, theatre.ici, theatre.finie):
        for personnage, siennes in methodes(adresse, list(theatre.sessions)).items():
            caisse = theatre.visee(personnage)
            chemin = adresses.chemin(adresse.nom, geste.adresse(caisse)) + geste.requete
            if caisse.dossier not in corps:  # une fois par caisse : composer un envoi peut coûter plus que le faire
                with annulee():
                    corps[caisse.dossier] = corps_ecrit(geste, caisse, personnage)
            for methode in siennes:
                attendu = adresse.issue(methode, personnage)
                with annulee(), ecritures() as ecrit:
                    envoi = corps[caisse.dossier]
                    reponse = envoyer(theatre, personnage, methode, chemin, geste, caisse, corps=envoi)
                    arrive = issue(reponse, chemin, ecrit)
                if arrive != attendu:
                    ecart = f"{methode} : attendu « {attendu} », arrivé « {arrive} »"
                elif attendu in SANS_ECRITURE and not ecrit.est_un_regard and (textes := ecrit.textes):
                    ecart = f"{methode} : « {attendu} », mais une écriture : {textes[0][:90]}"
                else:
                    continue
                ecarts.setdefault(ecart, []).append(personnage)
        sans_jeton = _envois_sans_jeton(theatre, adresse, geste, corps)
        mot_de_passe_seul = _mot_de_passe_seul(theatre, adresse, geste, corps)
    assert ecarts == {}, f"{adresse.nom} ({adresse.acte}) :\n" + "\n".join(
        f"  {ecart} — {', '.join(qui)}" for ecart, qui in ecarts.items()
    )
    assert sans_jeton == []
    assert mot_de_passe_seul == []


def _envois_sans_jeton(theatre: Theatre, adresse: droits.Adresse, geste: Geste, corps: Corps) -> list[str]:
    """Ce que font les envois sans jeton de qui pourrait agir : rien. Le jeton se vérifie avant toute vue, sans égard à qui envoie."""
    ecarts = []
    passent = [personnage for personnage in theatre.sessions if adresse.issue("POST", personnage) in ("fait", "repond")]
    for personnage in passent[:4]:
        caisse = theatre.visee(personnage)
        chemin = adresses.chemin(adresse.nom, geste.adresse(caisse)) + geste.requete
        for jeton in (None, "z" * 32):
            with annulee(), ecritures() as ecrit:
                envoi = corps[caisse.dossier]
                reponse = envoyer(theatre, personnage, "POST", chemin, geste, caisse, jeton=jeton, corps=envoi)
                if (reponse.status_code, ecrit.textes) != (403, []):
                    ecarts.append(f"{personnage}, jeton {jeton} : {reponse.status_code}, {ecrit.textes}")
    return ecarts


def _mot_de_passe_seul(theatre: Theatre, adresse: droits.Adresse, geste: Geste, corps: Corps) -> list[str]:
    """Ce qu'ouvre le mot de passe seul de qui doit un second facteur : rien.

    Partout hors des pages de connexion : renvoi vers le second facteur (401 en JSON), et rien ne s'écrit.
    """
    chemin = adresses.chemin(adresse.nom, geste.adresse(theatre.ici)) + geste.requete
    if chemin.startswith("/connexion/"):
        return []
    ecarts = []
    theatre.sessions[PRESSE] = theatre.presse
    try:
        for methode in ("GET", "HEAD", "POST", _autre(_rangs()[adresse.nom])):
            with annulee(), ecritures() as ecrit:
                envoi = corps[theatre.ici.dossier]
                reponse = envoyer(theatre, PRESSE, methode, chemin, geste, theatre.ici, corps=envoi)
                arrive = issue(reponse, chemin, ecrit)
            if arrive not in ("second facteur", "connexion requise") or ecrit.textes:
                ecarts.append(f"{methode} : {arrive}, {ecrit.textes}")
    finally:
        del theatre.sessions[PRESSE]
    return ecarts


# --- envoyer, et dire ce qui s'est passé --------------------------------------------------------------------------------


@contextmanager
def annulee() -> Iterator[None]:
    """Une transaction dont rien ne reste."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _prepare(geste: Geste, *caisses: Caisse) -> Iterator[None]:
    with annulee():
        if geste.avant is not None:
            for caisse in caisses:
                geste.avant(caisse)
        yield


def envoyer(
    theatre: Theatre,
    personnage: str,
    methode: str,
    chemin: str,
    geste: Geste,
    caisse: Caisse,
    jeton: str | None = JETON,
    corps: tuple[bytes, str] | None = None,
) -> Any:
    """La réponse à cette requête de ce personnage ; l'envoi (écrit d'avance ou non) n'accompagne que ce qui n'est pas une lecture."""
    client = theatre.navigateur(personnage)
    en_tetes = {"X-CSRFToken": jeton} if jeton else {}
    if methode in ("GET", "HEAD", "OPTIONS"):
        return client.generic(methode, chemin, headers=en_tetes)
    octets, genre = corps or corps_ecrit(geste, caisse, personnage)
    if methode == "POST" or genre == "application/json":
        return client.generic(methode, chemin, octets, content_type=genre, headers=en_tetes)
    return client.generic(methode, chemin, headers=en_tetes)


def corps_ecrit(geste: Geste, caisse: Caisse, personnage: str) -> tuple[bytes, str]:
    """L'envoi de ce personnage, tel qu'il voyage, et son genre."""
    corps = geste.corps(caisse, personnage)
    if isinstance(corps, str):
        return corps.encode(), "application/json"
    return encode_multipart(BOUNDARY, corps), MULTIPART_CONTENT


def issue(reponse: Any, chemin: str, ecrit: Ecritures) -> str:
    """Ce qui s'est passé, dans les mots de la légende ; sinon le statut, tel quel."""
    match reponse.status_code:
        case 200 if reponse.wsgi_request.method == "POST":
            return "fait" if ecrit.au_journal else "repond"
        case 200:
            return "ouvre"
        case 302:
            return _renvoi(reponse, chemin, ecrit)
        case 401:
            return "connexion requise" if not ecrit.textes else "401 et une écriture"
        case 403 if b"csrf" in reponse.content.lower():
            return "403 (jeton)"
        case statut:
            connus = {403: "interdit", 404: "introuvable", 405: "methode", 409: "refuse", 422: "refuse", 410: "clos"}
            return connus.get(statut, str(statut))


def _renvoi(reponse: Any, chemin: str, ecrit: Ecritures) -> str:
    vers = urlsplit(reponse.headers["Location"])
    assert vers.netloc == "", f"renvoi hors de l'application : {vers.geturl()}"
    methode = reponse.wsgi_request.method
    suite = parse_qs(vers.query).get("next", [""])[0]
    if vers.path == reverse("account_login") and suite == chemin:
        return "connexion"
    if vers.path == reverse("second_facteur") and suite == (chemin if methode in ("GET", "HEAD") else "/"):
        return "second facteur"
    if ecrit.au_journal:
        return "fait"
    return "repond" if methode == "POST" else "renvoie"
