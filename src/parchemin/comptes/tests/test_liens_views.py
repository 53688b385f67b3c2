"""Les pages des liens : qui les ouvre, ce qui s'y enregistre, ce qu'elles refusent."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.models import Lien
from parchemin.comptes.services import declarer_lien, fusionner
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, client, texte
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db


class Monde:
    def __init__(self) -> None:
        self.organisme = factories.organisme()
        self.gestionnaire = factories.gestionnaire(self.organisme)
        self.candidat = factories.avec_role(NatureRole.CANDIDAT, self.organisme, "Camille", "Abel")
        self.manager = factories.avec_role(NatureRole.MANAGER, self.organisme, "Maud", "Zeste")
        self.liens = f"/comptes/personnes/{self.candidat.id}/liens/"

    def lier(self, genre: GenreDeLien = GenreDeLien.HIERARCHIQUE, au: date | None = None) -> Lien:
        return declarer_lien(
            de=self.candidat.id, vers=self.manager.id, genre=genre, du=date(2026, 1, 1), au=au, auteur=SYSTEME,
            maintenant=JADIS,
        )  # fmt: skip


def test_on_cherche_puis_on_ajoute():
    monde = Monde()
    navigateur = client(monde.gestionnaire)
    assert "Aucun lien connu" in texte(navigateur.get(monde.liens))
    page = navigateur.get(f"{monde.liens}nouveau/?q=zeste")
    assert f'value="{monde.manager.id}"' in page.content.decode()
    reponse = navigateur.post(
        f"{monde.liens}nouveau/?q=zeste",
        {"autre": monde.manager.id, "genre": "hierarchique", "sens": "vers", "du": "2026-01-01", "au": ""},
    )
    assert reponse.headers["Location"] == monde.liens
    lien = Lien.objects.get()
    assert (lien.de_id, lien.vers_id, lien.genre, lien.du, lien.au) == (
        monde.candidat.id,
        monde.manager.id,
        "hierarchique",
        date(2026, 1, 1),
        None,
    )
    assert "Encadrée par Maud Zeste" in texte(navigateur.get(monde.liens))
    assert "Encadre Camille Abel" in texte(navigateur.get(f"/comptes/personnes/{monde.manager.id}/liens/"))


def test_qui_est_au_bout_d_un_lien_le_lit_sans_pouvoir_l_effacer():
    monde = Monde()
    lien = declarer_lien(
        de=monde.candidat.id, vers=monde.gestionnaire.id, genre=GenreDeLien.HIERARCHIQUE, du=None, au=None,
        auteur=SYSTEME, maintenant=JADIS,
    )  # fmt: skip
    autrui = monde.lier()
    navigateur = client(monde.gestionnaire)
    page = navigateur.get(monde.liens).content.decode()
    adresses = [f"{monde.liens}{un.pk}/{geste}/" for un in (lien, autrui) for geste in ("clore", "annuler")]
    assert [adresse in page for adresse in adresses] == [False, False, True, True]
    assert page.count("Ce lien vous touche") == 1
    envois = {"au": "2026-06-01", "motif": "À tort"}
    assert [navigateur.post(adresse, envois).status_code for adresse in adresses[:2]] == [403, 403]
    assert Lien.objects.count() == 2


def test_une_saisie_fausse_se_dit_et_n_enregistre_rien():
    monde = Monde()
    navigateur = client(monde.gestionnaire)
    assert "Personne ne répond à cette recherche." in texte(navigateur.get(f"{monde.liens}nouveau/?q=inconnu"))
    fausses = [
        {"autre": monde.manager.id, "genre": "hierarchique", "sens": "vers", "du": "2026-02-01", "au": "2026-01-01"},
        {"autre": uuid4(), "genre": "hierarchique", "sens": "vers"},
        {"autre": monde.manager.id, "genre": "deliberation_annulee", "sens": "vers"},
    ]
    for champs in fausses:
        assert navigateur.post(f"{monde.liens}nouveau/?q=zeste", champs).status_code == 422
    assert Lien.objects.count() == 0


def test_clore_puis_annuler_gardent_l_histoire():
    monde = Monde()
    lien = monde.lier()
    navigateur = client(monde.gestionnaire)
    navigateur.post(f"{monde.liens}{lien.pk}/clore/", {"au": "2026-03-01"})
    clos = Lien.objects.get(remplace=lien)
    assert clos.au == date(2026, 3, 1)
    navigateur.post(f"{monde.liens}{clos.pk}/annuler/", {"motif": " "})
    assert Lien.objects.count() == 2
    navigateur.post(f"{monde.liens}{clos.pk}/annuler/", {"motif": "Mauvaise personne"})
    assert Lien.objects.get(remplace=clos).annule is True
    assert navigateur.post(f"{monde.liens}{lien.pk}/clore/", {"au": "2026-03-01"}).status_code == 404


def test_une_formation_saisie_dit_ses_blocs():
    referentiels.publier()
    monde = Monde()
    navigateur = client(monde.gestionnaire)
    champs = {"autre": monde.manager.id, "genre": "formation", "sens": "vers", "session": "Mars 2026"}
    navigateur.post(f"{monde.liens}nouveau/?q=zeste", champs | {"blocs": ["B3", "B1"]})
    assert Lien.objects.get().blocs == ["B1", "B3"]
    assert "Formée par Maud Zeste (Mars 2026 ; B1, B3)" in texte(navigateur.get(monde.liens))
    assert navigateur.post(f"{monde.liens}nouveau/?q=zeste", champs | {"blocs": ["B9"]}).status_code == 422


def test_apres_une_reunion_les_liens_de_l_alias_se_voient_et_se_corrigent():
    monde = Monde()
    alias = factories.avec_role(NatureRole.CANDIDAT, monde.organisme, "Camille", "Abel")
    lien = declarer_lien(
        de=alias.id, vers=monde.manager.id, genre=GenreDeLien.HIERARCHIQUE, du=None, au=None, auteur=SYSTEME,
        maintenant=JADIS,
    )  # fmt: skip
    fusionner(alias=alias.id, gardee=monde.candidat.id, auteur=SYSTEME, maintenant=JADIS)
    navigateur = client(monde.gestionnaire)
    assert "Encadrée par Maud Zeste" in texte(navigateur.get(monde.liens))
    navigateur.post(f"{monde.liens}{lien.pk}/clore/", {"au": "2026-03-01"})
    assert Lien.objects.get(remplace=lien).au == date(2026, 3, 1)


def test_qui_ouvre_ces_pages():
    monde = Monde()
    lien = monde.lier()
    adresses = [monde.liens, f"{monde.liens}nouveau/"]
    attendus = {
        monde.gestionnaire: 200,
        factories.gestionnaire(factories.organisme()): 404,
        monde.candidat: 403,
        monde.manager: 403,
        factories.personne(): 403,
    }
    for acteur, code in attendus.items():
        navigateur = client(acteur)
        assert [navigateur.get(adresse).status_code for adresse in adresses] == [code, code]
        if code != 200:
            for geste in ("clore", "annuler"):
                champs = {"au": "2026-03-01", "motif": "x"}
                assert navigateur.post(f"{monde.liens}{lien.pk}/{geste}/", champs).status_code == code
    assert Lien.objects.count() == 1
    navigateur = client(monde.gestionnaire)
    assert navigateur.post(monde.liens).status_code == 405
    for geste in ("clore", "annuler"):
        assert navigateur.get(f"{monde.liens}{lien.pk}/{geste}/").status_code == 405


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_coute_autant_a_un_et_a_trois_liens(nombre, django_assert_num_queries):
    monde = Monde()
    for genre in (GenreDeLien.HIERARCHIQUE, GenreDeLien.PERSONNEL, GenreDeLien.PROFESSIONNEL)[:nombre]:
        monde.lier(genre)
    navigateur = client(monde.gestionnaire)
    navigateur.get(monde.liens)
    with django_assert_num_queries(13):
        assert navigateur.get(monde.liens).content.decode().count("Maud Zeste") == nombre
