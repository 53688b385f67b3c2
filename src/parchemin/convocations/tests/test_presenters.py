"""La liste montre d'abord ce qui attend, puis ce qui est fini."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from moteur.regles.evaluateur_admissible import Avis, Obstacle
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.presenters import (
    PERSONNE_DU_TOUT,
    PERSONNE_N_EST_ADMISSIBLE,
    PERSONNE_NE_REPOND,
    liste,
    page_liste,
    pourquoi_ecarte,
    propositions_evaluateurs,
    sans_personne,
)
from parchemin.convocations.selectors import Examine
from parchemin.convocations.tests import factories
from parchemin.socle.composants import Lien
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db


def test_une_epreuve_terminee_quitte_son_jour_pour_la_fin_de_page():
    monde = carnet.complet(("B2", "B3"))
    annulee, gardee = factories.planifier(monde, "B2"), factories.planifier(monde, "B3")
    services.annuler_epreuve(
        epreuve=annulee, motif="Souffrant.", auteur=monde.gestionnaire, maintenant=factories.PLANIFICATION
    )
    page = page_liste(monde.gestionnaire, jour_civil(factories.JOUR))
    assert [jour.replace("\u00a0", " ") for jour, _ in page.jours] == ["Vendredi 20 novembre 2026"]
    (ligne,) = page.jours[0][1].lignes
    assert ligne[0] == Lien(str(ligne[0].libelle), f"/epreuves/{gardee}/")
    assert page.terminees is not None
    assert [(une[1], une[2]) for une in page.terminees.lignes] == [("Bloc 2", jour_civil(factories.JOUR))]


def test_sans_rien_de_termine_il_n_y_a_pas_de_fin_de_page():
    salle = factories.salle()
    page = page_liste(salle.metier, jour_civil(factories.JOUR))
    assert (len(page.jours), page.terminees, page.vide) == (1, None, None)


def test_sans_epreuve_la_page_le_dit():
    page = page_liste(comptes.gestionnaire(), jour_civil(factories.JOUR))
    assert (page.jours, page.terminees, page.vide is None) == ((), None, False)


def test_la_liste_se_lit_page_par_page_ce_qui_reste_d_abord_puis_ce_qui_est_fini(monkeypatch):
    monkeypatch.setattr(liste, "PAR_PAGE", 2)
    monde = carnet.complet(("B1", "B2", "B3", "B4"))
    for bloc in ("B1", "B2", "B3", "B4"):
        epreuve = factories.planifier(monde, bloc, factories.JOUR + timedelta(days=int(bloc[1:])))
        if bloc in ("B1", "B3"):
            services.annuler_epreuve(
                epreuve=epreuve, motif="Souffrant.", auteur=monde.gestionnaire, maintenant=factories.PLANIFICATION
            )

    def lue(numero: str | None) -> tuple[list[object], list[object]]:
        page = page_liste(monde.gestionnaire, jour_civil(factories.JOUR), numero)
        finies = page.terminees.lignes if page.terminees else ()
        return [tableau.lignes[0][1] for _, tableau in page.jours], [une[1] for une in finies]

    assert [lue(numero) for numero in ("1", "2", "abc", "99")] == [
        (["Bloc 2", "Bloc 4"], []),
        ([], ["Bloc 3", "Bloc 1"]),
        (["Bloc 2", "Bloc 4"], []),
        ([], ["Bloc 3", "Bloc 1"]),
    ]


def examines(admissibles: int, ecartes: int) -> list[Examine]:
    """Des évaluateurs possibles, admissibles puis écartés."""
    libre, lie = Avis((), ()), Avis((Obstacle.HIERARCHIQUE,), ())
    avis = [libre] * admissibles + [lie] * ecartes
    return [Examine(uuid4(), f"Personne Nom{rang:02}", dit, 0) for rang, dit in enumerate(avis)]


@pytest.mark.parametrize(
    ("admissibles", "ecartes", "d_autres", "a_chercher"),
    [(2, 6, False, False), (2, 7, False, True), (8, 0, False, False), (9, 0, False, True), (26, 0, True, True)],
)
def test_la_recherche_s_offre_des_que_la_page_ne_se_lit_plus_d_un_coup_d_oeil(
    admissibles: int, ecartes: int, d_autres: bool, a_chercher: bool
):
    proposition = propositions_evaluateurs(examines(admissibles, ecartes), "", "")
    assert (len(proposition.choix), proposition.d_autres, proposition.a_chercher) == (
        min(admissibles, 25),
        d_autres,
        a_chercher,
    )


def test_quand_personne_n_est_admissible_la_page_dit_quoi_faire():
    assert propositions_evaluateurs(examines(0, 3), "", "").si_personne == PERSONNE_N_EST_ADMISSIBLE
    assert propositions_evaluateurs(examines(2, 3), "inconnu", "").si_personne == PERSONNE_DU_TOUT
    assert propositions_evaluateurs(examines(2, 3), "nom03", "").si_personne == PERSONNE_NE_REPOND


def test_qui_est_choisi_pour_une_qualite_ne_se_propose_pas_pour_l_autre():
    un, deux = examines(2, 0)
    proposition = propositions_evaluateurs([un, deux], "", "", str(un.personne), Qualite.METIER)
    assert [nom for _, nom in proposition.choix] == [deux.nom]
    seul = propositions_evaluateurs([un], "", "", str(un.personne), Qualite.METIER)
    assert (seul.choix, seul.si_personne) == (
        (),
        f"{un.nom} est déjà choisi comme représentant métier ; deux personnes sont nécessaires.",
    )


def test_il_manque_quelqu_un_quand_il_ne_reste_que_celui_de_l_autre_qualite():
    double, autre = examines(2, 0)
    (lie,) = examines(0, 1)
    pour = {Qualite.METIER: (double, lie), Qualite.CERTIFICATEUR: (double,)}
    libres = {Qualite.METIER: "", Qualite.CERTIFICATEUR: ""}
    assert sans_personne(pour, libres) == ()
    pris = libres | {Qualite.CERTIFICATEUR: str(double.personne)}
    assert sans_personne(pour, pris) == ("Personne n’est admissible comme organisme certificateur ou son délégué.",)
    assert sans_personne(pour | {Qualite.CERTIFICATEUR: (double, autre)}, pris) == ()
    assert sans_personne({Qualite.METIER: (lie,), Qualite.CERTIFICATEUR: ()}, libres) == (
        "Personne n’est admissible comme représentant métier.",
        "Personne n’est admissible comme organisme certificateur ou son délégué.",
    )


def test_un_role_fini_ou_a_venir_se_dit_avec_sa_date():
    avis = Avis((Obstacle.SANS_ROLE,), ())
    jour = date(2026, 11, 3)
    dits = [Examine(uuid4(), "Odile Marin", avis, 0, *bornes) for bornes in ((jour, None), (None, jour), (jour, jour))]
    assert [pourquoi_ecarte(dit).replace("\u00a0", " ") for dit in dits] == [
        "n’a plus ce rôle depuis le 3 novembre 2026",
        "n’a ce rôle qu’à partir du 3 novembre 2026",
        "n’a plus ce rôle depuis le 3 novembre 2026",
    ]
    assert pourquoi_ecarte(examines(0, 1)[0]) == "lien hiérarchique avec le candidat"
