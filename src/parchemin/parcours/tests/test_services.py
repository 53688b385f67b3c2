"""Inscrire, désigner, changer d'état, abandonner : ce qui se garde, ce qui se refuse, ce qui s'annonce."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from moteur.etats import DOSSIER, DOSSIER_CLOS
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Personne
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import services
from parchemin.parcours.enums import Initiative, Voie
from parchemin.parcours.evenements import DossierInscrit, DossierPasse
from parchemin.parcours.models import BlocDemande, Designation, Dossier, PassageDossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import ENTREE, INSCRIPTION, TOUS
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.services import completer_fiche
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.bases import contrainte_violee
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

PLUS_TARD = INSCRIPTION + timedelta(days=30)


def inscrire(candidat=None, organisme=None, **changements):
    referentiels.publier()
    valeurs = {
        "candidat": candidat or comptes.personne().id,
        "organisme": organisme or comptes.organisme(),
        "referentiel": "cqp-cos@2021",
        "voie": Voie.FORMATION_CONTINUE,
        "initiative": Initiative.EMPLOYEUR,
        "entree_le": ENTREE,
        "blocs": TOUS,
        "auteur": SYSTEME,
        "maintenant": INSCRIPTION,
        **changements,
    }
    return services.inscrire(**valeurs)


def code(acte, *arguments, **nommes) -> str:
    with pytest.raises(Refus) as refus:
        acte(*arguments, **nommes)
    return refus.value.code


@pytest.fixture
def annonces(monkeypatch) -> list[object]:
    """Ce que les services annoncent, qu'une capacité du dessus l'écoute ou non."""
    dites: list[object] = []
    monkeypatch.setattr(services.dossiers, "annoncer", dites.append)
    return dites


def etats_coherents(dossier) -> bool:
    """L'état gardé par le dossier est celui de son dernier passage, et « ouvert » suit la table."""
    ligne = Dossier.objects.get(pk=dossier)
    dernier = PassageDossier.objects.filter(dossier=ligne).order_by("rang").last()
    assert dernier is not None
    return (ligne.etat, ligne.depuis, ligne.ouvert) == (
        dernier.etat,
        dernier.instant,
        dernier.etat not in DOSSIER_CLOS,
    )


# Inscrire ------------------------------------------------------------------------------------------------------------


def test_inscrire_range_les_blocs_dans_l_ordre_du_referentiel_et_donne_le_role_de_candidat(annonces):
    candidat, organisme = comptes.personne(), comptes.organisme()
    dossier = inscrire(candidat=candidat.id, organisme=organisme, blocs=("B4", "B2"))
    assert list(BlocDemande.objects.order_by("rang").values_list("code", "rang")) == [("B2", 2), ("B4", 4)]
    assert droits(candidat, date(2026, 9, 2)).organismes(NatureRole.CANDIDAT) == {organisme}
    assert (dossier.etat, etats_coherents(dossier.pk)) == ("inscrit", True)
    entree = Entree.objects.get(action="parcours.dossier_inscrit")
    assert (entree.chaine_id, entree.donnees["blocs"]) == (f"organisme:{organisme}", ["B2", "B4"])
    assert annonces == [DossierInscrit(dossier.pk)]


def test_avec_un_tuteur_et_un_manager_le_parcours_s_ouvre_aussitot():
    tuteur, manager = comptes.personne(), comptes.personne()
    dossier = inscrire(tuteur=tuteur.id, manager=manager.id)
    assert dossier.etat == "en_parcours"
    seul = inscrire(tuteur=tuteur.id)
    assert (seul.etat, seul.tuteur_id, seul.manager_id) == ("inscrit", tuteur.id, None)
    assert sorted(Designation.objects.values_list("qualite", flat=True)) == ["manager", "tuteur", "tuteur"]


@pytest.mark.parametrize(
    ("blocs", "attendu"),
    [((), "bloc_manquant"), (("B1", "B9"), "bloc_inconnu"), (("B1", "B2", "B1"), "bloc_en_double")],
)
def test_des_blocs_impossibles_sont_refuses(blocs, attendu, annonces):
    assert code(inscrire, blocs=blocs) == attendu
    assert (Dossier.objects.count(), annonces) == (0, [])


@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (date(2026, 4, 19), None),
        (date(2026, 4, 20), "entree_apres_enregistrement"),
        (date(2026, 9, 3), "entree_apres_enregistrement"),
    ],
)
def test_on_n_entre_pas_apres_la_fin_de_l_enregistrement(jour, attendu):
    if attendu is None:
        assert inscrire(entree_le=jour).entree_le == jour
        return
    with pytest.raises(Refus) as refus:
        inscrire(entree_le=jour)
    assert refus.value.code == attendu
    assert refus.value.message == (
        "L'enregistrement RNCP35543 a pris fin le 19\N{NO-BREAK SPACE}avril 2026. Qui entre après ne peut pas s'en prévaloir "
        "(code du travail, article L6113-9) : vérifiez la date, ou attendez la version suivante."
    )


def test_on_n_entre_pas_avant_l_enregistrement_quand_sa_date_est_connue():
    assert inscrire(entree_le=date(2020, 1, 1)).entree_le == date(2020, 1, 1)  # la fiche ne dit pas encore le début
    completer_fiche(
        version=version_publiee(SYSTEME, "cqp-cos", "2021").id,
        mention="date_decision",
        valeur="2021-04-19",
        source="Décision d'enregistrement",
        auteur=SYSTEME,
        maintenant=INSCRIPTION,
    )
    assert code(inscrire, entree_le=date(2021, 4, 18)) == "entree_avant_enregistrement"
    assert inscrire(entree_le=date(2021, 4, 19)).entree_le == date(2021, 4, 19)


def test_on_n_inscrit_pas_a_une_date_a_venir():
    avant_la_fin = INSCRIPTION.replace(month=4, day=1)
    assert code(inscrire, entree_le=date(2026, 4, 2), maintenant=avant_la_fin) == "entree_a_venir"
    inscrire(entree_le=date(2026, 4, 1), maintenant=avant_la_fin)


def test_un_candidat_n_a_qu_un_dossier_ouvert_par_version(annonces):
    candidat = comptes.personne().id
    premier = inscrire(candidat=candidat)
    assert code(inscrire, candidat=candidat) == "dossier_deja_ouvert"
    assert (Dossier.objects.count(), annonces) == (1, [DossierInscrit(premier.pk)])
    services.abandonner(dossier=premier.pk, motif="Mutation", auteur=SYSTEME, maintenant=INSCRIPTION)
    inscrire(candidat=candidat)


def test_un_inconnu_ne_s_inscrit_nulle_part():
    assert code(inscrire, candidat=uuid4()) == "introuvable"
    assert code(inscrire, organisme=uuid4()) == "introuvable"
    assert code(inscrire, referentiel="cqp-cos@1999") == "introuvable"
    assert code(inscrire, tuteur=uuid4()) == "personne_inconnue"
    assert Dossier.objects.count() == 0


def test_un_gestionnaire_n_inscrit_que_dans_son_organisme():
    ici, ailleurs = comptes.organisme(), comptes.organisme()
    gestionnaire = comptes.gestionnaire(ici)
    assert code(inscrire, organisme=ailleurs, auteur=gestionnaire) == "inscription_reservee"
    inscrire(organisme=ici, auteur=gestionnaire)


def test_inscrire_un_nouveau_est_tout_ou_rien():
    referentiels.publier()
    commun = {
        "prenom": "Zoé",
        "nom": "Élan",
        "courriel_pro": "",
        "homonyme_admis": False,
        "organisme": comptes.organisme(),
        "referentiel": "cqp-cos@2021",
        "voie": Voie.VAE,
        "initiative": Initiative.CANDIDAT,
        "entree_le": ENTREE,
        "recevable_le": ENTREE,
        "auteur": SYSTEME,
        "maintenant": INSCRIPTION,
    }
    assert code(services.inscrire_nouveau, blocs=("B9",), **commun) == "bloc_inconnu"
    assert Personne.objects.count() == 0
    dossier = services.inscrire_nouveau(blocs=("B1",), **commun)
    assert str(dossier.candidat) == "Zoé Élan"
    assert code(services.inscrire_nouveau, blocs=("B1",), **commun) == "homonyme"


# Désigner ------------------------------------------------------------------------------------------------------------


def nommer(monde, tuteur, manager, auteur=None):
    return services.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=tuteur.id,
        manager=manager.id,
        auteur=auteur or monde.gestionnaire,
        maintenant=PLUS_TARD,
    )


def test_nommer_ouvre_le_parcours_et_donne_les_roles():
    monde = factories.monde(designe=False)
    assert nommer(monde, monde.tuteur, monde.manager).etat == "en_parcours"
    assert droits(monde.tuteur, date(2026, 11, 1)).organismes(NatureRole.TUTEUR) == {monde.organisme}
    assert droits(monde.manager, date(2026, 11, 1)).organismes(NatureRole.MANAGER) == {monde.organisme}
    assert etats_coherents(monde.dossier)


def test_renommer_les_memes_ne_change_rien_et_remplacer_garde_l_histoire():
    monde = factories.monde()
    avant = Entree.objects.count()
    nommer(monde, monde.tuteur, monde.manager)
    assert (Designation.objects.count(), Entree.objects.count()) == (2, avant)
    nouveau = comptes.personne()
    nommer(monde, nouveau, monde.manager)
    assert list(Designation.objects.order_by("id").values_list("qualite", "personne_id")) == [
        ("tuteur", monde.tuteur.id),
        ("manager", monde.manager.id),
        ("tuteur", nouveau.id),
    ]
    designation = Entree.objects.get(action="parcours.designation")
    assert designation.donnees["tuteur_precedent"] == str(monde.tuteur.id)


def test_trois_personnes_pas_deux():
    monde = factories.monde()
    assert code(nommer, monde, monde.tuteur, monde.tuteur) == "tuteur_est_manager"
    assert code(nommer, monde, monde.candidat, monde.manager) == "candidat_designe"
    assert code(nommer, monde, monde.tuteur, monde.candidat) == "candidat_designe"
    with pytest.raises(IntegrityError) as erreur, transaction.atomic():
        Dossier.objects.update(tuteur=monde.manager.id)
    assert contrainte_violee(erreur.value) == "dossier_trois_personnes"


def test_seul_le_gestionnaire_de_l_organisme_designe_ou_abandonne():
    monde = factories.monde(designe=False)
    etrangers = (monde.candidat, monde.tuteur, comptes.gestionnaire(comptes.organisme()))
    for etranger in etrangers:
        assert code(nommer, monde, monde.tuteur, monde.manager, auteur=etranger) == "dossier_reserve"
        assert (
            code(services.abandonner, dossier=monde.dossier, motif="x", auteur=etranger, maintenant=PLUS_TARD)
            == "dossier_reserve"
        )
    assert Dossier.objects.get().etat == "inscrit"


def test_on_ne_designe_plus_dans_un_dossier_clos():
    monde = factories.monde(designe=False)
    services.abandonner(dossier=monde.dossier, motif="x", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
    assert code(nommer, monde, monde.tuteur, monde.manager) == "dossier_clos"


# Changer d'état ------------------------------------------------------------------------------------------------------


VERS_L_EVALUATION = ("en_parcours", "en_evaluation", "evalue")
CHEMINS = {
    "inscrit": (),
    "en_parcours": ("en_parcours",),
    "en_evaluation": ("en_parcours", "en_evaluation"),
    "second_regard": ("en_parcours", "en_evaluation", "second_regard"),
    "evalue": VERS_L_EVALUATION,
    "certifie": (*VERS_L_EVALUATION, "certifie"),
    "partiellement_certifie": (*VERS_L_EVALUATION, "partiellement_certifie"),
    "non_certifie": (*VERS_L_EVALUATION, "non_certifie"),
    "abandonne": ("abandonne",),
}
"""D'un dossier inscrit en formation à chaque état : un brouillon ne dure qu'un instant, la VAE a ses propres essais."""


@pytest.mark.parametrize("de", CHEMINS)
@pytest.mark.parametrize("vers", DOSSIER.etats)
def test_un_dossier_suit_la_table_des_etats(de, vers, annonces):
    monde = factories.monde(designe=False)
    passage = {"dossier": monde.dossier, "auteur": SYSTEME, "maintenant": PLUS_TARD}
    for etape in CHEMINS[de]:
        services.passer_etat(vers=etape, **passage)
    avant = PassageDossier.objects.count()
    if vers == de:
        services.passer_etat(vers=vers, **passage)
        assert PassageDossier.objects.count() == avant
    elif vers in DOSSIER.transitions[de]:
        services.passer_etat(vers=vers, **passage)
        assert PassageDossier.objects.count() == avant + 1
        assert annonces[-1] == DossierPasse(monde.dossier, vers)
    else:
        assert code(services.passer_etat, vers=vers, **passage) == "passage_interdit"
        assert PassageDossier.objects.count() == avant
    assert etats_coherents(monde.dossier)


def test_un_etat_ou_un_dossier_inconnu_est_refuse():
    monde = factories.monde()
    passage = {"auteur": SYSTEME, "maintenant": PLUS_TARD}
    assert code(services.passer_etat, dossier=monde.dossier, vers="ailleurs", **passage) == "etat_inconnu"
    with pytest.raises(Introuvable):
        services.passer_etat(dossier=uuid4(), vers="evalue", **passage)


def test_abandonner_demande_un_motif_et_ne_se_redit_pas():
    monde = factories.monde()
    abandon = {"dossier": monde.dossier, "auteur": monde.gestionnaire, "maintenant": PLUS_TARD}
    assert code(services.abandonner, motif="  ", **abandon) == "motif_manquant"
    services.abandonner(motif="Mutation à Brest", **abandon)
    avant = Entree.objects.count()
    services.abandonner(motif="Encore", **abandon)
    assert Entree.objects.count() == avant
    entree = Entree.objects.get(action="parcours.dossier_abandonne")
    assert (entree.donnees, list(entree.valeurs.values_list("valeur", flat=True))) == (
        {"de": "en_parcours", "vers": "abandonne"},
        ["Mutation à Brest"],
    )


# Ce que la base refuse -----------------------------------------------------------------------------------------------


def test_verrouiller_un_dossier_inconnu_est_refuse():
    services.verrouiller_dossier(factories.monde().dossier)
    with pytest.raises(Introuvable):
        services.verrouiller_dossier(uuid4())


def test_une_inscription_annulee_n_annonce_rien():
    """L'annonce part dans la transaction : une inscription refusée n'a jamais existé pour personne."""
    candidat = comptes.personne().id
    inscrire(candidat=candidat)
    avant = ProcrastinateJob.objects.count()
    assert code(inscrire, candidat=candidat) == "dossier_deja_ouvert"
    assert (avant, ProcrastinateJob.objects.count()) == (2, 2)  # le carnet, et l’évaluation


@pytest.mark.parametrize("table", [BlocDemande, Designation, PassageDossier])
def test_l_histoire_ne_se_modifie_ni_ne_s_efface(table):
    factories.monde()
    for geste in (lambda: table.objects.update(dossier=uuid4()), lambda: table.objects.all().delete()):
        with pytest.raises(IntegrityError, match="insertion seule"), transaction.atomic():
            geste()
