"""Les pages du référentiel : publiques, en lecture, sans une requête de trop."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.referentiels.selectors import annexes
from parchemin.referentiels.selectors.versions import _norme
from parchemin.referentiels.tests.factories import autre_norme, fichier, publier

pytestmark = pytest.mark.django_db

VERSION = "/referentiels/cqp-cos/2021/"
PAGES = ("/referentiels/", VERSION, f"{VERSION}?q=fraude", f"{VERSION}reglement/", f"{VERSION}grilles/B1.pdf")


@pytest.fixture
def client() -> Client:
    return Client()


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


@pytest.mark.parametrize("page", PAGES)
def test_chaque_page_est_ouverte_sans_connexion(client, page):
    publier()
    assert client.get(page).status_code == 200
    assert client.head(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("methode", ["post", "put", "patch", "delete"])
def test_aucune_page_ne_s_ecrit(client, page, methode):
    publier()
    assert getattr(client, methode)(page).status_code == 405


@pytest.mark.parametrize(
    "page",
    [
        "/referentiels/cqp-cos/2022/",
        "/referentiels/cqp/2021/",
        "/referentiels/cqp-cos/2022/reglement/",
        "/referentiels/cqp-cos/2022/grilles/B1.pdf",
        f"{VERSION}grilles/B5.pdf",
        f"/referentiels/{UUID(int=5, version=4)}/2021/",
    ],
)
def test_ce_qui_n_est_pas_publie_est_introuvable(client, page):
    publier()
    assert client.get(page).status_code == 404


def test_la_liste_vide_dit_ce_qui_la_remplira(client):
    assert "Aucun référentiel publié" in texte(client.get("/referentiels/"))


@pytest.mark.parametrize(("nombre", "requetes"), [(1, 2), (3, 4)])
def test_la_liste_a_une_et_trois_versions(client, django_assert_num_queries, nombre, requetes):
    """Une requête pour les versions, une par fiche ; les normes sont en mémoire dès la première page."""
    for rang in range(nombre):
        lu = fichier()
        norme = autre_norme(lu) if rang else dict(lu.norme)
        norme["titre"] += f" {rang}"
        publier(fichier(version=str(2021 + rang), norme=norme))
    client.get("/referentiels/")
    with django_assert_num_queries(requetes):
        reponse = client.get("/referentiels/")
    assert reponse.content.decode().count("<article") == nombre


def test_une_version_tient_en_quatre_requetes(client, django_assert_num_queries):
    """La version, sa fiche, ses annexes, son règlement ; et la norme, à la première page d'un processus."""
    publier()
    _norme.cache_clear()
    with django_assert_num_queries(5):
        client.get(VERSION)
    with django_assert_num_queries(4):
        reponse = client.get(VERSION)
    assert len(reponse.content) < 60_000


def test_la_page_d_une_version_montre_chaque_phrase_de_la_norme(client):
    from html import unescape

    publier()
    page = unescape(client.get(VERSION).content.decode())
    norme = fichier().norme
    competences = [c for b in norme["blocs"] for a in b["activites"] for c in a["competences"]]
    phrases = [k["intitule"] for c in competences for k in c["criteres"]]
    phrases += [c["intitule"] for c in competences]
    phrases += [b["titre"] for b in norme["blocs"]] + [a["intitule"] for b in norme["blocs"] for a in b["activites"]]
    phrases += list(norme["regles"].values())
    phrases += [e["texte"] for b in norme["blocs"] for e in b["epreuve"]["evaluateurs"]]
    phrases += [colonne["texte"] for colonne in norme["definitions"].values()]
    assert len(phrases) == 73 + 18 + 4 + 4 + 2 + 8 + 3
    assert [phrase for phrase in phrases if phrase not in page] == []
    for bloc in norme["blocs"]:
        for code in (k["code"] for a in bloc["activites"] for c in a["competences"] for k in c["criteres"]):
            assert page.count(f'id="{code}"') == 1


def test_la_recherche_se_fait_sans_accents_et_s_echappe(client):
    publier()
    page = client.get(VERSION, {"q": "PREVENTION"}).content.decode()
    assert "<mark>prévention</mark>" in page
    page = client.get(VERSION, {"q": '"><script>x</script>'}).content.decode()
    assert "<script>x" not in page
    assert client.get(VERSION, {"q": "a" * 5000}).status_code == 200


def test_le_reglement_est_lisible(client):
    publier()
    page = texte(client.get(f"{VERSION}reglement/"))
    assert "51 réglages" in page
    assert page.count('<tr role="row">') == 51 + 1 + 1 + 1


def test_la_grille_est_un_pdf_qui_se_nomme(client):
    publier()
    reponse = client.get(f"{VERSION}grilles/B2.pdf")
    assert (reponse["Content-Type"], reponse["Content-Disposition"]) == (
        "application/pdf",
        'inline; filename="grille-cqp-cos-2021-B2.pdf"',
    )
    assert reponse.content.startswith(b"%PDF-1.7")


# Les aides : la banque de questions, le panel de courriers -----------------------------------------------------------

AIDES = f"{VERSION}aides/B1/"
SAISIE = {
    "K1.1.1": "Comment avez-vous cerné sa situation ?\r\n\r\n Et si elle avait changé ? ",
    "motifs_de_courrier": "Changement d’adresse\nRéclamation\nChangement d’adresse",
    "motif": "Premières questions.",
    "vu": "1",
}


def test_la_banque_s_ecrit_une_ligne_par_question_et_s_annonce_en_revision():
    version = publier()
    client = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR))
    assert client.get(AIDES).status_code == 200
    assert client.post(AIDES, SAISIE).status_code == 302
    lues = annexes(None, version)
    assert (lues.rang, lues.questions, lues.motifs_de_courrier) == (
        2,
        {"K1.1.1": ("Comment avez-vous cerné sa situation ?", "Et si elle avait changé ?")},
        {"B1": ("Changement d’adresse", "Réclamation")},
    )
    assert "Comment avez-vous cerné" not in texte(client.get(VERSION))


def test_un_autre_bloc_garde_ses_questions_et_un_bloc_sans_courrier_n_a_pas_de_panel():
    version = publier()
    client = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR))
    client.post(AIDES, SAISIE)
    page = client.post(f"{VERSION}aides/B2/", {"K2.1.1": "Pourquoi ?", "motif": "Suite.", "vu": "2"})
    assert page.status_code == 302
    lues = annexes(None, version)
    assert (lues.rang, list(lues.questions), list(lues.motifs_de_courrier)) == (3, ["K1.1.1", "K2.1.1"], ["B1"])
    assert "motifs_de_courrier" not in client.get(f"{VERSION}aides/B2/").content.decode()


def test_deux_personnes_a_la_fois_la_seconde_garde_sa_saisie_et_n_efface_rien():
    version = publier()
    client = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR))
    client.post(AIDES, SAISIE)
    page = client.post(AIDES, SAISIE | {"K1.1.1": "La mienne ?"})
    assert "ont été révisées depuis" in texte(page)
    assert "La mienne ?" in texte(page)
    assert annexes(None, version).questions["K1.1.1"][0] == "Comment avez-vous cerné sa situation ?"
    assert client.post(AIDES, SAISIE | {"K1.1.1": "La mienne ?", "vu": "2"}).status_code == 302
    assert annexes(None, version).questions == {"K1.1.1": ("La mienne ?",)}


@pytest.mark.parametrize("changements", [{"motif": ""}, {"K1.1.1": "x" * 4_001}, {"vu": "x"}, {"vu": "0"}])
def test_une_saisie_incomplete_se_dit_et_ne_change_rien(changements):
    version = publier()
    page = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR)).post(AIDES, SAISIE | changements)
    assert (page.status_code, page.context["form"].is_valid()) == (200, False)
    assert annexes(None, version).rang == 1


def test_la_redire_n_ajoute_pas_de_revision():
    version = publier()
    client = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR))
    client.post(AIDES, SAISIE)
    assert "rien n'a changé" in texte(client.post(AIDES, SAISIE | {"vu": "2"})).replace("’", "'")
    assert annexes(None, version).rang == 2


def test_un_bloc_inconnu_est_introuvable():
    publier()
    assert comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR)).get(f"{VERSION}aides/B9/").status_code == 404
