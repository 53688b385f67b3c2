"""Le registre des titulaires repris : chercher, ne rien coûter de plus à trois qu'à un, retirer avec un motif ; qui n'y entre pas."""

from __future__ import annotations

from uuid import uuid4

import pytest
import time_machine

from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours.enums import EtatRepris
from parchemin.parcours.models import RetraitDeBloc
from parchemin.parcours.presenters import page_titulaires
from parchemin.parcours.selectors import blocs_acquis, dossiers_ou_compte, dossiers_par_ids, titulaires_repris
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.test_reprise import PLUS_TARD, ligne, reprendre
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.composants import Lien

pytestmark = pytest.mark.django_db

REGISTRE = "/candidats/titulaires/"


def retrait(numero: str) -> str:
    return f"{REGISTRE}repris/{titulaires_repris(SYSTEME, numero).get().pk}/retirer/"


def numeros(recherche: str = "", etat: str = "") -> list[str]:
    return [une.numero for une in titulaires_repris(SYSTEME, recherche, etat)]


@pytest.fixture
def certificateur():
    factories.monde()
    certificateur = comptes.gestionnaire()
    reprendre(
        certificateur,
        ligne(),
        ligne("Élan", "Aziliz", blocs="B3", numero="COS-2"),
        ligne("Zoé", "Camille", version="RNCP35729", blocs="B1", numero="GC-3"),
    )
    return certificateur


def test_le_registre_se_cherche_par_nom_ou_par_numero_sans_accents(certificateur):
    assert numeros() == ["COS-2", "COS-1", "GC-3"]
    assert (numeros("elan"), numeros("quere mael"), numeros("cos-"), numeros("gc-3")) == (
        ["COS-2"],
        ["COS-1"],
        ["COS-2", "COS-1"],
        ["GC-3"],
    )
    assert numeros("rien de tel") == []


def test_le_registre_coute_autant_pour_un_et_pour_trois(certificateur, django_assert_num_queries):
    for recherche, combien in (("COS-1", 1), ("", 3)):
        with django_assert_num_queries(2):
            page = page_titulaires(certificateur, {"q": recherche}, None)
        assert (page.page.paginator.count, len(page.tableau.lignes)) == (combien, combien)


def test_ce_qui_est_retire_reste_au_registre_et_ne_se_retire_plus(certificateur):
    with time_machine.travel(PLUS_TARD, tick=False):
        ouvert, adresse = client(certificateur), retrait("COS-2")
        page = texte(ouvert.get(adresse))
        assert ("bloc 3" in page, "Aucun dossier ouvert" in page) == (
            True,
            True,
        )
        sans_motif = ouvert.post(adresse, {"motif": " "})
        assert (sans_motif.status_code, RetraitDeBloc.objects.count()) == (422, 0)
        fait = ouvert.post(adresse, {"motif": "Ce parchemin est celui d'une homonyme."})
        assert (fait.status_code, fait.headers["Location"]) == (302, REGISTRE)
        assert ouvert.get(adresse).status_code == 404
        assert ouvert.post(adresse, {"motif": "Encore."}).status_code == 404
    assert (numeros(etat=EtatRepris.TENU), numeros(etat=EtatRepris.RETIRE)) == (["COS-1", "GC-3"], ["COS-2"])
    page = page_titulaires(certificateur, {}, None)
    assert [isinstance(rang[-1], Lien) for rang in page.tableau.lignes] == [False, True, True]
    entree = Entree.objects.get(action="parcours.bloc_retire")
    assert "homonyme" not in str(entree.donnees)


def test_un_retrait_dit_d_avance_les_dossiers_ouverts_ou_cela_compte(certificateur):
    monde = factories.monde()
    (vue,) = dossiers_par_ids(SYSTEME, [monde.dossier]).values()
    prenom, nom = vue.candidat_nom.split(" ", 1)
    reprendre(certificateur, ligne(nom, prenom, meme="même", blocs="B1", numero="COS-9"))
    (acquis,) = blocs_acquis(SYSTEME, [vue])[vue.id].values()
    compte = dossiers_ou_compte(SYSTEME, acquis.id)
    assert [un.id for un in compte] == [monde.dossier]
    with time_machine.travel(PLUS_TARD, tick=False):
        page = texte(client(certificateur).get(retrait("COS-9")))
        assert ("dossier ouvert (" in page, "Aucun dossier ouvert" in page) == (True, False)
        client(certificateur).post(retrait("COS-9"), {"motif": "Repris à tort."})
    assert blocs_acquis(SYSTEME, [vue]) == {}


def test_seul_le_certificateur_y_entre_et_par_les_seules_methodes_dites(certificateur):
    monde = factories.monde()
    with time_machine.travel(PLUS_TARD, tick=False):
        adresse = retrait("COS-1")
        for autre in (monde.gestionnaire, monde.candidat, monde.tuteur):
            ouvert = client(autre)
            assert [ouvert.get(une).status_code for une in (REGISTRE, adresse)] == [403, 403]
            assert ouvert.post(adresse, {"motif": "Pour voir."}).status_code == 403
        ouvert = client(certificateur)
        assert (ouvert.post(REGISTRE).status_code, ouvert.put(adresse).status_code) == (405, 405)
        assert ouvert.get(f"{REGISTRE}repris/{uuid4()}/retirer/").status_code == 404
    assert RetraitDeBloc.objects.count() == 0


def test_un_registre_vide_dit_quoi_faire():
    factories.monde()
    with time_machine.travel(PLUS_TARD, tick=False):
        page = texte(client(comptes.gestionnaire()).get(REGISTRE))
    assert ("Aucun titulaire repris" in page, "Reprendre un fichier" in page) == (True, True)
