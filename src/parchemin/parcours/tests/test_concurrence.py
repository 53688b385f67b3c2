"""Deux clics à la fois sur un dossier."""

from __future__ import annotations

import pytest

from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.parcours import services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.parcours.models import Designation, Dossier, PassageDossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db(transaction=True)


def test_inscrire_deux_fois_a_la_fois_n_ouvre_qu_un_dossier():
    referentiels.publier()
    candidat, organisme = comptes.personne().id, comptes.organisme()

    def inscrire():
        services.inscrire(
            candidat=candidat,
            organisme=organisme,
            referentiel="cqp-cos@2021",
            voie=Voie.FORMATION_CONTINUE,
            initiative=Initiative.EMPLOYEUR,
            entree_le=ENTREE,
            blocs=["B1"],
            auteur=SYSTEME,
            maintenant=INSCRIPTION,
        )

    assert ensemble(*[inscrire] * 3) == ["dossier_deja_ouvert", "dossier_deja_ouvert", "fait"]
    assert (Dossier.objects.count(), PassageDossier.objects.count()) == (1, 2)


def test_nommer_deux_fois_a_la_fois_ne_laisse_qu_une_designation():
    monde = factories.monde(designe=False)

    def nommer():
        services.nommer_tuteur_manager(
            dossier=monde.dossier,
            tuteur=monde.tuteur.id,
            manager=monde.manager.id,
            auteur=monde.gestionnaire,
            maintenant=INSCRIPTION,
        )

    assert ensemble(nommer, nommer) == ["fait", "fait"]
    assert (Designation.objects.count(), Dossier.objects.get().etat) == (2, "en_parcours")


def test_abandonner_pendant_que_l_on_nomme_ne_melange_rien():
    monde = factories.monde(designe=False)

    def nommer():
        services.nommer_tuteur_manager(
            dossier=monde.dossier,
            tuteur=monde.tuteur.id,
            manager=monde.manager.id,
            auteur=monde.gestionnaire,
            maintenant=INSCRIPTION,
        )

    def abandonner():
        services.abandonner(dossier=monde.dossier, motif="x", auteur=monde.gestionnaire, maintenant=INSCRIPTION)

    issues = ensemble(nommer, abandonner)
    assert issues in (["fait", "fait"], ["dossier_clos", "fait"])
    etats = list(PassageDossier.objects.order_by("rang").values_list("etat", flat=True))
    attendus = {2: ["brouillon", "inscrit", "en_parcours", "abandonne"], 1: ["brouillon", "inscrit", "abandonne"]}
    assert etats == attendus[issues.count("fait")]
