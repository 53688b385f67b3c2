"""Qui voit quel dossier, dans quel ordre, et qui a la main."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from moteur.etats import DOSSIER
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours import selectors, services
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 24)


def vus(lecteur, **filtres):
    return [selectors.vue_dossier(ligne).candidat_nom for ligne in selectors.dossiers(lecteur, JOUR, **filtres)]


def test_chacun_voit_ses_dossiers_et_personne_ceux_des_autres():
    monde, autre = factories.monde(nom="Ici"), factories.monde(nom="Ailleurs")
    assert {
        "gestionnaire": vus(monde.gestionnaire),
        "candidat": vus(monde.candidat),
        "tuteur": vus(monde.tuteur),
        "manager": vus(monde.manager),
        "gestionnaire de tous": vus(comptes.gestionnaire()),
        "système": vus(SYSTEME),
    } == {
        "gestionnaire": ["Camille Ici"],
        "candidat": ["Camille Ici"],
        "tuteur": ["Camille Ici"],
        "manager": ["Camille Ici"],
        "gestionnaire de tous": ["Camille Ailleurs", "Camille Ici"],
        "système": ["Camille Ailleurs", "Camille Ici"],
    }
    etrangers = (
        comptes.personne(),
        comptes.avec_role(NatureRole.ADMINISTRATEUR),
        comptes.avec_role(NatureRole.TUTEUR, monde.organisme),
        comptes.avec_role(NatureRole.EVALUATEUR_METIER, monde.organisme),
        comptes.gestionnaire(comptes.organisme()),
    )
    for etranger in etrangers:
        assert vus(etranger) == []
        for dossier in (monde.dossier, autre.dossier):
            with pytest.raises(Introuvable):
                selectors.dossier(etranger, dossier, JOUR)


def test_un_tuteur_remplace_ne_voit_plus_le_dossier():
    monde = factories.monde()
    nouveau = comptes.personne()
    services.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=nouveau.id,
        manager=monde.manager.id,
        auteur=monde.gestionnaire,
        maintenant=INSCRIPTION,
    )
    assert (vus(monde.tuteur), len(vus(nouveau))) == ([], 1)


def test_la_liste_se_range_se_cherche_et_se_filtre_a_la_francaise():
    organisme = comptes.organisme()
    mondes = {nom: factories.monde(organisme=organisme, nom=nom) for nom in ("Zoé", "Œuvrard", "Élan", "d'Arc", "Abel")}
    gestionnaire = mondes["Zoé"].gestionnaire
    assert vus(gestionnaire) == [f"Camille {nom}" for nom in ("Abel", "d'Arc", "Élan", "Œuvrard", "Zoé")]
    assert vus(gestionnaire, recherche="ELAN") == ["Camille Élan"]
    assert vus(gestionnaire, recherche="camille oeuv") == ["Camille Œuvrard"]
    assert vus(gestionnaire, recherche="darc") == ["Camille d'Arc"]
    services.abandonner(dossier=mondes["Abel"].dossier, motif="Mutation", auteur=gestionnaire, maintenant=INSCRIPTION)
    assert vus(gestionnaire, etat="abandonne") == ["Camille Abel"]
    assert vus(gestionnaire, organisme=comptes.organisme()) == []
    assert selectors.nombres_par_etat(gestionnaire, JOUR) == {
        **dict.fromkeys(DOSSIER.etats, 0),
        "en_parcours": 4,
        "abandonne": 1,
    }
    assert selectors.nombres_par_etat(gestionnaire, JOUR, recherche="abel")["abandonne"] == 1
    assert selectors.nombres_par_etat(gestionnaire, JOUR, recherche="abel")["en_parcours"] == 0


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_coute_deux_requetes(nombre, django_assert_num_queries):
    for _ in range(nombre):
        factories.monde()
    with django_assert_num_queries(2):
        assert len(vus(SYSTEME)) == nombre


def test_la_vue_dit_tout_ce_qu_est_un_dossier():
    monde = factories.monde(("B3", "B1"), nom="Élan")
    vue = selectors.dossier(monde.candidat, monde.dossier, JOUR)
    assert (vue.candidat_nom, vue.blocs, vue.referentiel, vue.etat_intitule) == (
        "Camille Élan",
        ("B1", "B3"),
        "cqp-cos@2021",
        "En parcours",
    )
    assert [vue.designe(qualite) for qualite in ("tuteur", "manager")] == [monde.tuteur.id, monde.manager.id]
    assert selectors.dossiers_par_ids(monde.candidat, [monde.dossier, uuid4()]) == {monde.dossier: vue}
    assert selectors.dossiers_du_candidat(monde.candidat, JOUR) == (vue,)
    assert selectors.dossiers_du_candidat(monde.tuteur, JOUR) == ()


def test_l_histoire_se_lit_du_premier_pas_au_dernier():
    monde = factories.monde(designe=False)
    services.nommer_tuteur_manager(
        dossier=monde.dossier,
        tuteur=monde.tuteur.id,
        manager=monde.manager.id,
        auteur=monde.gestionnaire,
        maintenant=INSCRIPTION + timedelta(days=2),
    )
    services.abandonner(
        dossier=monde.dossier,
        motif="Mutation",
        auteur=monde.gestionnaire,
        maintenant=INSCRIPTION + timedelta(days=9),
    )
    histoire = selectors.passages(monde.candidat, monde.dossier)
    assert [(p.rang, p.etat, (p.instant - INSCRIPTION).days, p.motif) for p in histoire] == [
        (1, "brouillon", 0, ""),
        (2, "inscrit", 0, ""),
        (3, "en_parcours", 2, ""),
        (4, "abandonne", 9, "Mutation"),
    ]


def test_qui_a_la_main_suit_la_table_des_etats():
    monde = factories.monde(designe=False)
    main = selectors.qui_a_la_main(SYSTEME, selectors.dossier(SYSTEME, monde.dossier, JOUR))
    assert (main.qui, main.attend, main.depuis, main.clos) == (
        "gestionnaire",
        DOSSIER.etat("inscrit").attend,
        INSCRIPTION,
        False,
    )
    services.abandonner(dossier=monde.dossier, motif="Mutation", auteur=SYSTEME, maintenant=INSCRIPTION)
    main = selectors.qui_a_la_main(SYSTEME, selectors.dossier(SYSTEME, monde.dossier, JOUR))
    assert (main.qui, main.clos) == ("", True)


def test_un_dossier_inconnu_ne_se_tient_pas():
    with pytest.raises(Introuvable):
        selectors.dossier_tenu(SYSTEME, uuid4())
