"""Deux onglets, deux personnes, deux clics : le carnet ne se mélange pas."""

from __future__ import annotations

import pytest

from parchemin.carnet import selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Attestation, Carnet, Ligne
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION, REMISE
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories as dossiers
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db(transaction=True)

TOUT = dict.fromkeys(("C3.1", "C3.2", "C3.3"), Dire(Verdict.MAITRISEE, "", 0))


def attester(monde, dires, qualite=Qualite.TUTEUR):
    auteur = monde.tuteur if qualite == Qualite.TUTEUR else monde.manager

    def geste():
        services.attester(dossier=monde.dossier, qualite=qualite, dires=dires, auteur=auteur, maintenant=ATTESTATION)

    return geste


def test_le_carnet_se_remet_une_fois_meme_par_deux_taches_a_la_fois():
    monde = dossiers.monde(("B3",))

    def remettre():
        services.ouvrir_carnet(dossier=monde.dossier, auteur=SYSTEME, maintenant=REMISE)

    assert ensemble(*[remettre] * 4) == ["fait"] * 4
    assert (Carnet.objects.count(), Ligne.objects.count()) == (1, 3)
    assert Entree.objects.filter(action="carnet.ouvert").count() == 1


def test_le_meme_envoi_deux_fois_a_la_fois_n_atteste_qu_une_fois():
    monde = factories.avec_carnet(("B3",))
    assert ensemble(*[attester(monde, TOUT)] * 3) == ["fait"] * 3
    assert Attestation.objects.count() == 3
    assert Entree.objects.filter(action="carnet.attestation").count() == 1


def test_deux_onglets_qui_se_contredisent_n_en_gardent_qu_un_et_l_autre_le_sait():
    monde = factories.avec_carnet(("B3",))
    contraire = {"C3.1": Dire(Verdict.PAS_ENCORE, "Pas seule", 0)}
    assert ensemble(attester(monde, TOUT), attester(monde, contraire)) == ["change_depuis", "fait"]
    assert Attestation.objects.count() in {1, 3}
    assert Attestation.objects.filter(ligne__competence="C3.1").count() == 1


def test_tuteur_et_manager_a_la_fois_achevent_le_carnet_et_ne_l_annoncent_qu_une_fois(monkeypatch):
    monde = factories.avec_carnet(("B3",))
    annonces: list[object] = []
    monkeypatch.setattr(services.carnets, "annoncer", annonces.append)
    gestes = [attester(monde, TOUT, qualite) for qualite in Qualite]
    assert ensemble(*gestes) == ["fait", "fait"]
    assert selectors.complet(SYSTEME, monde.dossier) is True
    assert len(annonces) == 1


def test_on_n_atteste_pas_un_dossier_que_l_on_ferme_au_meme_instant():
    monde = factories.avec_carnet(("B3",))

    def fermer():
        parcours.abandonner(dossier=monde.dossier, motif="x", auteur=monde.gestionnaire, maintenant=ATTESTATION)

    issues = ensemble(fermer, attester(monde, TOUT))
    assert issues in (["fait", "fait"], ["dossier_clos", "fait"])
    assert Attestation.objects.count() == {2: 3, 1: 0}[issues.count("fait")]
