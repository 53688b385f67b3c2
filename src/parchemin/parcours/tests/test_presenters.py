"""Le chemin d'un dossier et qui a la main, tels que la page les montre."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parchemin.comptes.selectors import droits
from parchemin.parcours import presenters, selectors, services
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 24)


def part(monde, lecteur):
    vue = selectors.dossier(lecteur, monde.dossier, JOUR)
    return presenters.part_dossier(lecteur, droits(lecteur, JOUR), vue, JOUR)


def chemin(monde) -> list[tuple[str, str, date | None, str]]:
    return [(e.libelle, e.etat.value, e.date, e.mention) for e in part(monde, SYSTEME).chemin]


def passer(monde, *etats):
    for rang, etat in enumerate(etats, start=1):
        instant = INSCRIPTION + timedelta(days=rang)
        if etat == "abandonne":
            services.abandonner(dossier=monde.dossier, motif="x", auteur=SYSTEME, maintenant=instant)
        else:
            services.passer_etat(dossier=monde.dossier, vers=etat, auteur=SYSTEME, maintenant=instant)


INSCRIT = ("Inscription", "faite", date(2026, 9, 2), "")
A_VENIR = [("Épreuves", "a_venir", None, ""), ("Résultat", "a_venir", None, ""), ("Jury", "a_venir", None, "")]


def test_avant_la_designation_le_chemin_dit_ce_qui_manque():
    monde = factories.monde(designe=False)
    assert chemin(monde) == [INSCRIT, ("Carnet", "ici", None, "tuteur et manager à nommer"), *A_VENIR]


def test_le_carnet_puis_les_epreuves_puis_le_resultat():
    monde = factories.monde()
    assert chemin(monde) == [INSCRIT, ("Carnet", "ici", date(2026, 9, 2), "en cours"), *A_VENIR]
    passer(monde, "en_evaluation")
    fait = ("Carnet", "faite", date(2026, 9, 3), "")
    assert chemin(monde) == [INSCRIT, fait, ("Épreuves", "ici", date(2026, 9, 3), "en cours"), *A_VENIR[1:]]
    services.passer_etat(
        dossier=monde.dossier, vers="evalue", auteur=SYSTEME, maintenant=INSCRIPTION + timedelta(days=2)
    )
    assert chemin(monde) == [
        INSCRIT,
        fait,
        ("Épreuves", "faite", date(2026, 9, 4), ""),
        ("Résultat", "ici", date(2026, 9, 4), ""),
        A_VENIR[2],
    ]
    evalue = selectors.dossier(SYSTEME, monde.dossier, JOUR)
    assert (evalue.ouvert, presenters.qui(evalue), part(monde, monde.candidat).balle.qui) == (False, "Jury", "Jury")


@pytest.mark.parametrize(
    ("decision", "dite"),
    [
        ("certifie", "Jury : certifié"),
        ("partiellement_certifie", "Jury : partiellement certifié"),
        ("non_certifie", "Jury : non certifié"),
    ],
)
def test_le_jury_finit_le_chemin_et_plus_personne_n_a_la_main(decision, dite):
    monde = factories.monde()
    passer(monde, "en_evaluation", "evalue", decision)
    assert chemin(monde)[-2:] == [
        ("Résultat", "faite", date(2026, 9, 5), ""),
        (dite, "ici", date(2026, 9, 5), ""),
    ]
    assert part(monde, monde.candidat).balle.qui == "Personne"


def test_un_abandon_arrete_le_chemin_ou_il_en_est():
    tot = factories.monde(designe=False)
    passer(tot, "abandonne")
    assert chemin(tot) == [INSCRIT, ("Abandon", "ici", date(2026, 9, 3), "")]
    tard = factories.monde()
    passer(tard, "en_evaluation", "abandonne")
    assert chemin(tard) == [
        INSCRIT,
        ("Carnet", "faite", date(2026, 9, 3), ""),
        ("Abandon", "ici", date(2026, 9, 4), ""),
    ]


def test_la_main_est_a_qui_atteste_et_le_lui_dit():
    monde = factories.monde()
    assert {
        qui: part(monde, acteur).balle.a_vous
        for qui, acteur in {
            "tuteur": monde.tuteur,
            "manager": monde.manager,
            "candidat": monde.candidat,
            "gestionnaire": monde.gestionnaire,
        }.items()
    } == {"tuteur": True, "manager": True, "candidat": False, "gestionnaire": False}


def test_avant_la_designation_la_main_est_au_gestionnaire_et_le_lui_dit():
    monde = factories.monde(designe=False)
    assert part(monde, monde.gestionnaire).balle.a_vous is True
    assert part(monde, monde.candidat).balle.a_vous is False


def test_seul_le_gestionnaire_a_des_gestes_et_plus_aucun_une_fois_clos():
    monde = factories.monde()
    assert [a.libelle for a in part(monde, monde.gestionnaire).actions] == [
        "Changer le tuteur ou le manager",
        "Corriger l’inscription",
        "Aménager les durées",
        "Passer à un autre organisme",
        "Abandonner ce dossier",
    ]
    assert part(monde, monde.candidat).actions == ()
    passer(monde, "abandonne")
    clos = part(monde, monde.gestionnaire)
    assert (clos.actions, clos.balle.qui, clos.balle.a_vous) == ((), "Personne", False)


def test_les_mots_du_haut_de_page():
    monde = factories.monde(("B3",))
    vue = part(monde, monde.candidat)
    assert vue.sur_titre == "Candidat · CQP Conseiller offres de services de la Sécurité sociale, version 2021"
    assert vue.sous_titre.endswith(" · formation continue · entrée le 12\N{NO-BREAK SPACE}janvier 2026")
    assert [(bloc.code, len(bloc.competences)) for bloc in vue.blocs] == [("B3", 3)]
    assert [passage.etat for passage in vue.passages] == ["inscrit", "en_parcours"]
