"""Deux clics à la fois sur un dossier, ou sur l'import qui l'a ouvert."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parchemin.comptes import services as comptes_services
from parchemin.comptes.models import Compte, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.test_concurrence import ensemble
from parchemin.parcours import services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.parcours.models import Designation, Dossier, ImportCandidats, PassageDossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION
from parchemin.parcours.tests.test_imports import BON, importer
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME

APRES = INSCRIPTION + timedelta(hours=1)

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


def _defaire():
    services.defaire_candidats(
        identifiant=ImportCandidats.objects.get().pk, motif="Mauvais fichier.", auteur=SYSTEME, maintenant=APRES
    )


@pytest.fixture
def importe():
    referentiels.publier()
    comptes.organisme("Caisse du fichier")
    importer(BON)
    return Dossier.objects.get()


def test_defaire_deux_fois_a_la_fois_ne_clot_qu_une_fois(importe):
    assert ensemble(*[_defaire] * 3) == ["fait", "fait", "fait"]
    assert list(PassageDossier.objects.order_by("rang").values_list("etat", flat=True)) == [
        "brouillon", "inscrit", "abandonne",
    ]  # fmt: skip
    assert Entree.objects.filter(action="parcours.import_defait", objet_type="import_candidats").count() == 1


def test_defaire_pendant_que_le_candidat_accepte_son_invitation_l_un_ou_l_autre(importe):
    emise = comptes_services.inviter(
        personne=importe.candidat_id, courriel="camille@caisse.example", auteur=SYSTEME, maintenant=INSCRIPTION
    )

    def accepter():
        comptes_services.accepter_invitation(jeton=emise.jeton, mot_de_passe=comptes.MOT_DE_PASSE, maintenant=APRES)

    issues = ensemble(_defaire, accepter)
    importe.refresh_from_db()
    assert (issues, importe.ouvert, Compte.objects.count()) in (
        (["fait", "import_bati"], True, 1),
        (["fait", "invitation_remplacee"], False, 0),
    )


def test_defaire_pendant_que_l_on_nomme_l_un_ou_l_autre(importe):
    tuteur, manager = comptes.personne("Théo"), comptes.personne("Maud")

    def nommer():
        services.nommer_tuteur_manager(
            dossier=importe.pk, tuteur=tuteur.id, manager=manager.id, auteur=SYSTEME, maintenant=APRES
        )

    issues = ensemble(_defaire, nommer)
    importe.refresh_from_db()
    assert (issues, importe.etat, Role.objects.filter(au=None).count()) in (
        (["fait", "import_bati"], "en_parcours", 3),
        (["dossier_clos", "fait"], "abandonne", 0),
    )


def test_importer_a_nouveau_pendant_que_l_on_defait_ne_melange_rien(importe):
    def reimporter():
        importer(BON)

    issues = ensemble(_defaire, reimporter)
    assert issues == ["fait", "fait"]
    assert Dossier.objects.filter(ouvert=True).count() == Role.objects.filter(au=None).count()
