"""Deviner un identifiant n'apprend rien : ce qui existe ailleurs répond comme ce qui n'existe pas.

Pour chaque adresse qui désigne un objet, et chaque personnage qui n'y a pas droit : même statut, mêmes en-têtes, même page à
l'identifiant près, et autant de requêtes. De même pour un objet d'autrui glissé sous le sien (le lien d'une autre personne), ou dans
un formulaire.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django.db import connection

from outils import droits
from tests.droits import adresses
from tests.droits.gestes import GESTES, Geste
from tests.droits.monde import Theatre, ecritures
from tests.droits.test_matrice import annulee, corps_ecrit, envoyer

pytestmark = pytest.mark.lent

DESIGNENT = {
    "identifiant", "dossier", "role", "lien", "depart", "ligne", "delegation", "recusation", "chaine", "rang", "jeton",
    "brouillon", "exception", "acquis", "convocation",
}  # fmt: skip
"""Les arguments qui désignent un objet gardé."""
PUBLICS = {
    "bloc",
    "competence",
    "code",
    "version",
    "forme",
    "quoi",
    "nom",
    "qualite",
    "fournisseur",
    "provider_id",
    "pk",
    "uidb36",
    "key",
}
"""Les autres : des mots du référentiel ou de l'adresse ; et ce que la connexion éprouve chez elle
(`comptes/tests/test_connexion.py` : sessions, clés, liens de mot de passe)."""
SANS_DROIT = frozenset({"interdit", "introuvable", "connexion", "connexion requise", "clos"})
EQUIPE = frozenset(
    {
        "gestionnaire", "gestionnaire partout", "candidat", "tuteur", "manager", "rh", "evaluateur metier",
        "evaluateur certificateur", "candidat fini", "tuteur fini", "manager fini",
        "evaluateur metier fini", "evaluateur certificateur fini",
    }
)  # fmt: skip
"""Ceux qui savent déjà que l'objet existe : on peut leur dire pourquoi il leur est fermé."""
JETON_CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|data-parchemin-csrf="\w+"')
PROPRES_A_LA_REQUETE = {"X-Request-ID", "Content-Length", "Date"}


def inconnu(valeur: object) -> object:
    """Un identifiant de la même forme, que rien ne porte."""
    if isinstance(valeur, UUID):
        return uuid4()
    if isinstance(valeur, int):
        return 999_999_999
    texte = str(valeur)
    if texte.startswith("organisme:"):
        return f"organisme:{uuid4()}"
    return "z" * len(texte)


def reponse_nette(reponse: Any, chemin: str, *identifiants: object) -> tuple[object, ...]:
    """Le statut, les en-têtes et le corps ; l'adresse, les identifiants essayés et les jetons mis de côté."""
    textes = [chemin, quote(chemin), *(str(un) for un in identifiants if isinstance(un, UUID))]
    corps = JETON_CSRF.sub(b"", reponse.content)
    en_tetes = {nom: valeur for nom, valeur in reponse.items() if nom not in PROPRES_A_LA_REQUETE}
    for texte in textes:
        corps = corps.replace(texte.encode(), b"(lui)")
        en_tetes = {nom: valeur.replace(texte, "(lui)") for nom, valeur in en_tetes.items()}
    return reponse.status_code, en_tetes, corps


def designantes() -> list[droits.Adresse]:
    """Les adresses qui désignent un objet."""
    toutes = adresses.toutes()
    return [
        adresse
        for adresse in droits.lire()
        if toutes[adresse.nom] & DESIGNENT and adresse.nom != "comptes:invitation"  # le jeton est lui-même le droit
    ]


def test_chaque_argument_d_adresse_est_classe() -> None:
    assert {nom for noms in adresses.toutes().values() for nom in noms} == DESIGNENT | PUBLICS


@contextmanager
def requetes_faites() -> Iterator[list[str]]:
    """Les requêtes du bloc, une à une : le temps qu'elles prennent dirait ce que la page tait."""
    faites: list[str] = []

    def noter(executer: Any, sql: str, parametres: Any, plusieurs: bool, contexte: Any) -> Any:
        faites.append(sql)
        return executer(sql, parametres, plusieurs, contexte)

    with connection.execute_wrapper(noter):
        yield faites


@contextmanager
def prepare(theatre: Theatre, geste: Geste, *, ailleurs: bool = False) -> Iterator[None]:
    """L'objet existe dans la caisse d'ici et dans celle dont les rôles ont fini ; dans l'autre aussi, si on le demande."""
    with annulee():
        if geste.avant is not None:
            for caisse in (theatre.ici, theatre.finie, *((theatre.ailleurs,) if ailleurs else ())):
                geste.avant(caisse)
        yield


@pytest.mark.parametrize("adresse", designantes(), ids=lambda adresse: adresse.nom)
def test_ce_qui_existe_ailleurs_repond_comme_ce_qui_n_existe_pas(theatre: Theatre, adresse: droits.Adresse) -> None:
    geste = GESTES[adresse.nom]
    ecarts, plus_longues, compares = [], [], 0
    corps: dict[UUID, tuple[bytes, str]] = {}
    with prepare(theatre, geste):
        for personnage in theatre.sessions:
            caisse = theatre.visee(personnage)
            vraie = dict(geste.adresse(caisse))
            for methode in ("GET", "POST"):
                attendu = adresse.issue(methode, personnage)
                if attendu not in SANS_DROIT or (personnage in EQUIPE and attendu != "clos"):
                    continue
                fausse = {nom: inconnu(valeur) if nom in DESIGNENT else valeur for nom, valeur in vraie.items()}
                if caisse.dossier not in corps:
                    with annulee():
                        corps[caisse.dossier] = corps_ecrit(geste, caisse, personnage)
                nettes = []
                for essayee in (vraie, fausse):
                    with annulee(), requetes_faites() as faites:
                        chemin = adresses.chemin(adresse.nom, essayee) + geste.requete
                        reponse = envoyer(
                            theatre, personnage, methode, chemin, geste, caisse, corps=corps[caisse.dossier]
                        )
                        nettes.append((*reponse_nette(reponse, chemin, *essayee.values()), len(faites)))
                compares += 1
                if nettes[0][:-1] != nettes[1][:-1]:
                    ecarts.append((methode, personnage, nettes[0][0], nettes[1][0]))
                if nettes[0][-1] != nettes[1][-1]:
                    plus_longues.append((methode, personnage, nettes[0][-1], nettes[1][-1]))
    assert ecarts == []
    assert compares > 0
    assert plus_longues == []


DEJA_OTE = {"convocations:oter_exception"}
"""Ôter ce qui n'est pas là est déjà fait : l'objet d'autrui répond donc comme un objet ôté, et reste où il est."""
EMBOITEES = [adresse for adresse in designantes() if len(adresses.toutes()[adresse.nom] & DESIGNENT) > 1]


@pytest.mark.parametrize("adresse", EMBOITEES, ids=lambda adresse: adresse.nom)
def test_un_objet_d_autrui_glisse_sous_le_sien_n_existe_pas(theatre: Theatre, adresse: droits.Adresse) -> None:
    """Le gestionnaire et les RH d'ailleurs tiennent le premier objet de l'adresse ; le second est celui d'ici."""
    geste = GESTES[adresse.nom]
    arrives = {}
    with prepare(theatre, geste, ailleurs=True):
        sienne, autre = dict(geste.adresse(theatre.ailleurs)), dict(geste.adresse(theatre.ici))
        glisse = [nom for nom in sienne if nom in DESIGNENT][-1]
        for personnage in ("gestionnaire ailleurs", "rh ailleurs", "gestionnaire partout", "administrateur"):
            nettes = []
            for valeur in (autre[glisse], inconnu(autre[glisse])):
                essayee = {**sienne, glisse: valeur}
                with annulee(), ecritures() as ecrit:
                    chemin = adresses.chemin(adresse.nom, essayee) + geste.requete
                    reponse = envoyer(theatre, personnage, "POST", chemin, geste, theatre.ailleurs)
                    nettes.append((*reponse_nette(reponse, chemin, *essayee.values()), ecrit.au_journal))
            arrives[personnage] = (nettes[0][0], nettes[0] == nettes[1], nettes[0][-1])
    refus = {404, 403, 405} | ({302} if adresse.nom in DEJA_OTE else set())
    assert {
        qui: arrive for qui, arrive in arrives.items() if arrive not in {(statut, True, 0) for statut in refus}
    } == {}


DE_PARTOUT = {
    "convocations:affecter",
    "evaluation:quarantaine",
    *(f"evaluation:{nom}_second_regard" for nom in ("designer", "avis", "declarer", "laisser")),
}
"""Ce qui nomme un évaluateur, qui sert tous les organismes : celui d'ailleurs peut être affecté ici."""


def champs_d_identifiant(geste: Geste, theatre: Theatre) -> list[str]:
    """Les champs du formulaire qui nomment une personne, un organisme, un rôle."""
    corps = geste.corps(theatre.ici, "gestionnaire")
    return [] if isinstance(corps, str) else [nom for nom, valeur in corps.items() if isinstance(valeur, UUID)]


@pytest.mark.parametrize(
    "adresse",
    [
        adresse
        for adresse in droits.lire()
        if "fait" in adresse.faces.get("agir", {}).values() and adresse.nom not in DE_PARTOUT
    ],
    ids=lambda adresse: adresse.nom,
)
def test_l_identifiant_d_ailleurs_dans_un_formulaire_vaut_un_inconnu(theatre: Theatre, adresse: droits.Adresse) -> None:
    """Qui peut agir ici envoie, champ par champ, l'identifiant de l'autre caisse : refusé comme s'il n'existait pas."""
    geste = GESTES[adresse.nom]
    ecarts = []
    with prepare(theatre, geste, ailleurs=True):
        for champ in champs_d_identifiant(geste, theatre):
            d_ailleurs = geste.corps(theatre.ailleurs, "gestionnaire")[champ]  # type: ignore[index]
            for personnage in ("gestionnaire", "rh", "candidat"):
                if adresse.issue("POST", personnage) != "fait":
                    continue
                nettes = []
                for valeur in (d_ailleurs, uuid4()):
                    change = Geste(
                        geste.adresse,
                        lambda caisse, qui, c=champ, v=valeur: {**geste.corps(caisse, qui), c: v},  # type: ignore[dict-item]
                        geste.requete,
                    )
                    with annulee():
                        chemin = adresses.chemin(adresse.nom, geste.adresse(theatre.ici)) + geste.requete
                        reponse = envoyer(theatre, personnage, "POST", chemin, change, theatre.ici)
                        nettes.append(reponse_nette(reponse, chemin, valeur))
                if nettes[0] != nettes[1] or nettes[0][0] not in (403, 404, 409, 422):
                    ecarts.append((personnage, champ, nettes[0][0], nettes[1][0]))
    assert ecarts == []
