"""Les pages des organismes, de l'import et des habilitations : ce qu'elles montrent, à qui, ce qu'elles gardent."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Habilitation, ImportOrganismes, LigneHabilitation, Organisme
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import client, texte
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.horloge import jour_civil, maintenant

pytestmark = pytest.mark.django_db
RACINE = "/comptes/"
SIRET = "78462143500048"


@pytest.fixture(autouse=True)
def _le_24_novembre():
    with time_machine.travel("2026-11-24T11:00:00Z", tick=True):
        yield


@pytest.fixture
def scene():
    referentiels.publier()
    organisme = factories.organisme("Institut d'essai")
    return organisme, factories.habilitation(organisme, du=date(2026, 9, 30), convention="C-1")


def pages(organisme, habilitation) -> dict[str, str]:
    """Chaque adresse, et la méthode qu'elle attend."""
    ligne = LigneHabilitation.objects.get(habilitation=habilitation).pk
    return {
        f"organismes/{organisme}/": "get",
        f"organismes/{organisme}/modifier/": "get",
        f"organismes/{organisme}/fermer/": "get",
        f"organismes/{organisme}/rouvrir/": "post",
        f"organismes/{organisme}/habiliter/": "get",
        "organismes/importer/": "get",
        "organismes/importer/modele.csv": "get",
        f"organismes/importer/{organisme}/abandonner/": "post",
        "habilitations/": "get",
        "habilitations/registre.csv": "get",
        f"habilitations/{habilitation}/": "get",
        f"habilitations/{habilitation}/avenant/": "post",
        f"habilitations/{habilitation}/etat/": "post",
        f"habilitations/{habilitation}/declarer/{ligne}/changement/": "post",
    }


def codes(ouvert: Client, adresses: dict[str, str]) -> list[int]:
    return [getattr(ouvert, methode)(RACINE + adresse).status_code for adresse, methode in adresses.items()]


def test_chaque_page_a_ses_methodes_et_ses_lecteurs(scene):
    adresses = pages(*scene)
    assert codes(Client(), adresses) == [302] * 14
    assert codes(client(factories.avec_role(NatureRole.TUTEUR, scene[0])), adresses) == [403] * 14
    ailleurs = codes(client(factories.gestionnaire(factories.organisme())), adresses)
    assert ailleurs == [404, 403, 403, 403, 403, 403, 403, 403, 200, 200, 404, 403, 403, 403]
    ici = codes(client(factories.gestionnaire(scene[0])), adresses)
    assert ici == [200, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200, 403, 403, 403]
    auditeur = codes(client(factories.avec_role(NatureRole.AUDITEUR)), adresses)
    assert auditeur == [403, 403, 403, 403, 403, 403, 403, 403, 200, 200, 200, 403, 403, 403]
    partout = codes(client(factories.gestionnaire()), adresses)
    assert partout == [200, 200, 200, 302, 200, 200, 200, 404, 200, 200, 200, 422, 422, 422]
    for adresse, methode in adresses.items():
        autre = "post" if methode == "get" else "get"
        if not adresse.endswith(("modifier/", "fermer/", "habiliter/", "importer/")):
            assert getattr(client(factories.gestionnaire()), autre)(RACINE + adresse).status_code == 405


def test_l_auditeur_lit_une_habilitation_sans_lien_vers_une_fiche_qui_lui_est_fermee(scene):
    organisme, habilitation = scene
    fiche = f'href="{RACINE}organismes/{organisme}/"'
    pages_lues = [
        client(qui).get(f"{RACINE}habilitations/{habilitation}/").content.decode()
        for qui in (factories.gestionnaire(organisme), factories.avec_role(NatureRole.AUDITEUR))
    ]
    assert [page.count(fiche) for page in pages_lues] == [1, 0]


def test_la_fiche_montre_l_arbre_les_gens_et_les_habilitations(scene):
    organisme, _ = scene
    factories.organisme("Antenne", parent=organisme)
    factories.avec_role(NatureRole.TUTEUR, organisme)
    lue = texte(client(factories.gestionnaire()).get(f"{RACINE}organismes/{organisme}/"))
    for phrase in ("Antenne", "Tuteur : 1 personne", "C-1", "En vigueur", "pas encore connu", "D'aucun organisme."):
        assert phrase in lue


def test_on_modifie_puis_on_ferme_un_organisme():
    organisme = factories.organisme("Caisse A")
    ouvert, page = client(factories.gestionnaire()), f"{RACINE}organismes/{organisme}/"
    saisi = {"nom": "Caisse A", "nom_court": "A", "branche": "maladie", "siret": "784 621 435 00048"}
    assert ouvert.post(f"{page}modifier/", saisi).headers["Location"] == page
    ligne = Organisme.objects.get()
    assert (ligne.siret, ligne.hors_ligne) == (SIRET, False)
    faux = ouvert.post(f"{page}modifier/", saisi | {"siret": "78462143500047"})
    assert (faux.status_code, list(faux.context["form"].errors)) == (422, ["siret"])
    ferme = ouvert.post(f"{page}fermer/", {"ferme_le": "2026-11-24", "motif": "Fusion."})
    assert ferme.headers["Location"] == page
    assert "Fermé à partir du 24 novembre 2026 : Fusion." in texte(ouvert.get(page))
    assert ouvert.post(f"{page}rouvrir/").status_code == 302
    assert Organisme.objects.get().ferme_le is None


def test_on_importe_un_fichier_apres_l_avoir_vu():
    ouvert, page = client(factories.gestionnaire()), f"{RACINE}organismes/importer/"
    faux = ouvert.post(page, {"fichier": SimpleUploadedFile("a.csv", b"nom;branche\n;roi\n")})
    assert faux.status_code == 422
    assert "2 erreurs dans ce fichier : rien n'est importé. A2 : le nom manque." in texte(faux).replace(
        "<li>", ""
    ).replace('<p class="message-titre">', "").replace("</p> <ul> ", " ")
    assert ouvert.post(page).status_code == 422
    attente = ouvert.post(page, {"fichier": SimpleUploadedFile("a.csv", "nom;branche\nÉté;Maladie\n".encode("cp1252"))})
    confirmer = attente.headers["Location"]
    assert "1 organisme à ajouter, 0 à modifier, 0 sans changement." in texte(ouvert.get(confirmer))
    assert Organisme.objects.count() == 0
    assert client(factories.gestionnaire()).get(confirmer).status_code == 404
    assert ouvert.post(confirmer).headers["Location"] == f"{RACINE}organismes/"
    assert Organisme.objects.get().nom == "Été"
    assert ouvert.get(confirmer).status_code == 404
    autre = ouvert.post(page, {"fichier": SimpleUploadedFile("b.csv", b"nom;branche\nB;Maladie\n")})
    assert ouvert.post(f"{autre.headers['Location']}abandonner/").status_code == 302
    assert [bool(une.abandonne_le) for une in ImportOrganismes.objects.order_by("depose_le")] == [False, True]


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
def test_le_modele_et_le_registre_se_telechargent(scene, forme):
    ouvert = client(factories.gestionnaire())
    modele = ouvert.get(f"{RACINE}organismes/importer/modele.{forme}")
    assert modele["Content-Disposition"] == f'attachment; filename="modele-organismes.{forme}"'
    registre = ouvert.get(f"{RACINE}habilitations/registre.{forme}")
    if forme == "csv":
        lignes = [ligne.split(";") for ligne in registre.content.decode("utf-8-sig").split("\r\n") if ligne]
    else:
        feuille = load_workbook(io.BytesIO(registre.content)).active
        lignes = [[valeur or "" for valeur in ligne] for ligne in feuille.iter_rows(values_only=True)]
    assert lignes[1:] == [
        [
            "Institut d'essai", "", "cqp-cos", "Délégataire, par convention", "C-1", "20/08/2025", "Évaluer",
            "toute la certification", "30/09/2026", "", "En vigueur", "30/09/2026", "Habilitation donnée", "30/11/2026",
        ]
    ]  # fmt: skip
    assert ouvert.get(f"{RACINE}habilitations/registre.pdf").status_code == 404


def test_le_registre_dit_d_abord_ce_qui_est_a_declarer_et_on_le_note(scene):
    ouvert = client(factories.gestionnaire())
    phrase = "Déclarer à France compétences : habilitation donnée, Institut d'essai"
    assert phrase in texte(ouvert.get(f"{RACINE}habilitations/"))
    assert phrase in texte(ouvert.get("/"))
    ligne = LigneHabilitation.objects.get().pk
    page = f"{RACINE}habilitations/{scene[1]}/"
    tard = ouvert.post(f"{page}declarer/{ligne}/changement/", {"declaree_le": "2026-11-25"})
    assert (tard.status_code, list(tard.context["form_declaration"].errors)) == (422, ["declaree_le"])
    assert ouvert.post(f"{page}declarer/{ligne}/autre/", {"declaree_le": "2026-11-24"}).status_code == 404
    assert ouvert.post(f"{page}declarer/{ligne}/changement/", {"declaree_le": "2026-11-24"}).status_code == 302
    assert phrase not in texte(ouvert.get(f"{RACINE}habilitations/"))


def test_une_habilitation_s_inscrit_change_et_se_suspend(scene):
    organisme = factories.organisme("Autre institut")
    ouvert = client(factories.gestionnaire())
    saisi = {"titre": "delegataire", "convention": "C-9", "signee_le": "2026-11-01", "missions": ["evaluer"],
             "blocs": ["B1", "B2"], "du": "2026-11-01", "dernier_jour": "2027-10-31"}  # fmt: skip
    page = f"{RACINE}organismes/{organisme}/habiliter/"
    manque = ouvert.post(page, saisi | {"convention": ""})
    assert (manque.status_code, list(manque.context["form"].errors)) == (422, ["convention"])
    cree = ouvert.post(page, saisi).headers["Location"]
    assert "Évaluer, blocs 1, 2" in texte(ouvert.get(cree))
    assert ouvert.get(f"{page}?certification=inconnue").status_code == 404
    avenant = {"avenant-missions": ["evaluer", "preparer"], "avenant-blocs": ["entiere"], "avenant-effet": "2026-11-24",
               "avenant-motif": "Avenant 1."}  # fmt: skip
    assert ouvert.post(f"{cree}avenant/", avenant | {"avenant-effet": "2026-10-01"}).status_code == 422
    assert ouvert.post(f"{cree}avenant/", avenant).status_code == 302
    assert "Évaluer et préparer, toute la certification" in texte(ouvert.get(cree))
    etat = {"etat-vers": "suspendue", "etat-effet": "2026-11-24", "etat-motif": "Manquement."}
    assert ouvert.post(f"{cree}etat/", etat).status_code == 302
    assert ouvert.post(f"{cree}etat/", etat).status_code == 422  # déjà suspendue : ce choix n'est plus proposé
    assert Habilitation.objects.get(convention="C-9").derniere_ligne == 3


def test_une_habilitation_qui_expire_bientot_est_a_renouveler(scene):
    factories.habilitation(scene[0], convention="C-2", dernier_jour=date(2026, 12, 31))
    assert "Renouveler l'habilitation : Institut d'essai" in texte(client(factories.gestionnaire()).get("/"))


def test_la_date_proposee_est_au_format_que_lit_le_navigateur():
    """Un champ de date ne montre rien d'une valeur écrite à la française : il faut l'écrire en ISO."""
    page = client(factories.gestionnaire()).get(f"/comptes/organismes/{factories.organisme()}/fermer/").content.decode()
    assert re.findall(r'name="ferme_le" value="(.*?)"', page) == [jour_civil(maintenant()).isoformat()]
