"""Lire un carnet : qui le peut, ce qui vaut, ce qui manque."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parchemin.carnet import selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import Avancement
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories as dossiers
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.services import reviser_reglement
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 24)


def attester(monde, qualite, dires, apres=timedelta()):
    auteur = monde.tuteur if qualite == Qualite.TUTEUR else monde.manager
    services.attester(
        dossier=monde.dossier, qualite=qualite, dires=dires, auteur=auteur, maintenant=ATTESTATION + apres
    )


# Qui le lit ----------------------------------------------------------------------------------------------------------


def test_le_carnet_se_lit_par_qui_le_dossier_est_ouvert_et_par_personne_d_autre():
    monde = factories.avec_carnet()
    ouverts = (monde.candidat, monde.tuteur, monde.manager, monde.gestionnaire, comptes.gestionnaire(), SYSTEME)
    assert {selectors.dossier_du_carnet(acteur, monde.dossier, JOUR).id for acteur in ouverts} == {monde.dossier}
    fermes = (
        comptes.personne(),
        comptes.gestionnaire(comptes.organisme()),
        comptes.avec_role(NatureRole.TUTEUR, monde.organisme),
        comptes.avec_role(NatureRole.EVALUATEUR_METIER, monde.organisme),
        factories.avec_carnet().candidat,
    )
    for acteur in fermes:
        with pytest.raises(Introuvable):
            selectors.dossier_du_carnet(acteur, monde.dossier, JOUR)


def test_le_reglement_decide_a_qui_d_autre_il_se_montre(monkeypatch):
    monde, evaluateur, jure = factories.avec_carnet(), comptes.personne(), comptes.personne()
    groupes = {
        "evaluateurs": lambda lecteur, dossier, jour: lecteur == evaluateur and dossier == monde.dossier,
        "jury": lambda lecteur, dossier, jour: lecteur == jure,
    }
    monkeypatch.setattr(selectors.carnets, "_AUTRES_LECTEURS", {})
    for nom, est_des_leurs in groupes.items():
        selectors.montrer_a(nom, est_des_leurs)
    assert selectors.dossier_du_carnet(evaluateur, monde.dossier, JOUR).id == monde.dossier
    assert selectors.dossier_du_carnet(jure, monde.dossier, JOUR).id == monde.dossier
    with pytest.raises(Introuvable):
        selectors.dossier_du_carnet(comptes.personne(), monde.dossier, JOUR)
    reviser_reglement(
        version=version_publiee(SYSTEME, "cqp-cos", "2021").id,
        depuis=date(2026, 11, 1),
        valeurs={"carnet_montre": ["jury"]},
        motif="Le jury seul",
        source="Essai",
        auteur=SYSTEME,
        maintenant=ATTESTATION,
    )
    assert selectors.dossier_du_carnet(evaluateur, monde.dossier, date(2026, 10, 31)).id == monde.dossier
    assert selectors.dossier_du_carnet(jure, monde.dossier, JOUR).id == monde.dossier
    with pytest.raises(Introuvable):
        selectors.dossier_du_carnet(evaluateur, monde.dossier, JOUR)


# Ce qu'il dit --------------------------------------------------------------------------------------------------------


def test_un_carnet_a_une_ligne_par_competence_des_blocs_demandes():
    assert len(lignes(factories.avec_carnet())) == 18
    assert lignes(factories.avec_carnet(("B3", "B2"))) == [
        ("B2", "C2.1"),
        ("B2", "C2.2"),
        ("B2", "C2.3"),
        ("B2", "C2.4"),
        ("B2", "C2.5"),
        ("B3", "C3.1"),
        ("B3", "C3.2"),
        ("B3", "C3.3"),
    ]


def lignes(monde):
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    return [(ligne.bloc, ligne.competence) for ligne in vue.lignes]


def test_sans_carnet_il_n_y_a_rien_a_lire_et_rien_n_est_complet():
    monde = dossiers.monde()
    assert selectors.carnet(SYSTEME, monde.dossier) is None
    assert selectors.complet(SYSTEME, monde.dossier) is False
    assert selectors.avancements(SYSTEME, [monde.dossier]) == {}


def test_la_derniere_attestation_de_chaque_qualite_vaut_et_toute_l_histoire_reste():
    monde = factories.avec_carnet(("B3",))
    attester(monde, Qualite.TUTEUR, {"C3.1": Dire(Verdict.PAS_ENCORE, "Pas seule")})
    attester(monde, Qualite.MANAGER, {"C3.1": Dire(Verdict.MAITRISEE)}, timedelta(days=1))
    attester(monde, Qualite.TUTEUR, {"C3.1": Dire(Verdict.MAITRISEE)}, timedelta(days=2))
    vue = selectors.carnet(monde.candidat, monde.dossier)
    assert vue is not None
    ligne = vue.lignes[0]
    assert [(a.qualite, a.verdict, a.rang) for a in ligne.histoire] == [
        ("tuteur", "pas_encore", 1),
        ("manager", "maitrisee", 1),
        ("tuteur", "maitrisee", 2),
    ]
    assert (ligne.vaut(Qualite.TUTEUR), ligne.vaut(Qualite.MANAGER)) == (True, True)
    assert (ligne.rang(Qualite.TUTEUR), ligne.rang(Qualite.MANAGER), vue.lignes[1].rang(Qualite.TUTEUR)) == (2, 1, 0)
    assert ligne.attestations[Qualite.TUTEUR].auteur_nom.startswith("Théo ")


def test_l_avancement_compte_les_deux_voix_par_bloc_et_en_tout():
    monde = factories.avec_carnet(("B2", "B3"))
    attester(
        monde,
        Qualite.TUTEUR,
        {"C3.1": Dire(Verdict.MAITRISEE), "C3.2": Dire(Verdict.MAITRISEE), "C2.1": Dire(Verdict.PAS_ENCORE, "Non")},
    )
    attester(monde, Qualite.MANAGER, {"C3.1": Dire(Verdict.MAITRISEE), "C3.3": Dire(Verdict.MAITRISEE)})
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    b3 = vue.avancement("B3")
    assert b3 == Avancement(tuteur=(True, True, None), manager=(True, None, True), blocs=("B3",) * 3)
    assert (b3.lignes, b3.completes, b3.refusees, b3.complet) == (3, 1, 0, False)
    assert (b3.attendues(Qualite.TUTEUR), b3.attendues(Qualite.MANAGER)) == (1, 1)
    tout = vue.avancement()
    assert (tout.lignes, tout.completes, tout.refusees, tout.attendues(Qualite.TUTEUR)) == (8, 1, 1, 6)
    assert selectors.avancements(SYSTEME, [monde.dossier]) == {monde.dossier: tout}


def test_le_carnet_d_un_bloc_peut_etre_complet_sans_que_le_carnet_le_soit():
    monde = factories.avec_carnet(("B2", "B3"))
    dires = {code: Dire(Verdict.MAITRISEE) for code in ("C3.1", "C3.2", "C3.3")}
    for qualite in Qualite:
        assert selectors.complet(SYSTEME, monde.dossier, "B3") is False
        attester(monde, qualite, dires)
    assert selectors.complet(SYSTEME, monde.dossier, "B3") is True
    assert selectors.complet(SYSTEME, monde.dossier) is False
    assert selectors.complet(SYSTEME, factories.complet().dossier) is True


@pytest.mark.parametrize("nombre", [1, 3])
def test_les_avancements_coutent_quatre_requetes(nombre, django_assert_num_queries):
    mondes = [factories.complet(("B3",)) for _ in range(nombre)]
    with django_assert_num_queries(4):
        avancements = selectors.avancements(SYSTEME, [monde.dossier for monde in mondes])
    assert [avancements[monde.dossier].complet for monde in mondes] == [True] * nombre


@pytest.mark.parametrize("blocs", [("B3",), ("B1", "B2", "B3", "B4")])
def test_un_carnet_se_lit_en_six_requetes(blocs, django_assert_num_queries):
    monde = factories.complet(blocs)
    with django_assert_num_queries(6):
        selectors.carnet(SYSTEME, monde.dossier)


def test_un_carnet_se_lit_encore_apres_un_abandon():
    monde = factories.complet(("B3",))
    parcours.abandonner(dossier=monde.dossier, motif="Mutation", auteur=monde.gestionnaire, maintenant=ATTESTATION)
    assert selectors.complet(monde.candidat, monde.dossier) is True
