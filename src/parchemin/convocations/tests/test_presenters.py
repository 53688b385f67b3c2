"""La liste montre d'abord ce qui attend, puis ce qui est fini."""

from __future__ import annotations

from uuid import uuid4

import pytest

from moteur.regles.evaluateur_admissible import Avis, Obstacle
from parchemin.carnet.tests import factories as carnet
from parchemin.convocations import services
from parchemin.convocations.presenters import (
    PERSONNE_N_EST_ADMISSIBLE,
    PERSONNE_NE_REPOND,
    page_liste,
    propositions_evaluateurs,
)
from parchemin.convocations.selectors import Examine, epreuves_visibles, vues
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
    page = page_liste(vues(monde.gestionnaire, epreuves_visibles(monde.gestionnaire, jour_civil(factories.JOUR))))
    assert [jour.replace("\u00a0", " ") for jour, _ in page.jours] == ["Vendredi 20 novembre 2026"]
    (ligne,) = page.jours[0][1].lignes
    assert ligne[0] == Lien(str(ligne[0].libelle), f"/epreuves/{gardee}/")
    assert page.terminees is not None
    assert [(une[1], une[2]) for une in page.terminees.lignes] == [("Bloc 2", jour_civil(factories.JOUR))]


def test_sans_rien_de_termine_il_n_y_a_pas_de_fin_de_page():
    salle = factories.salle()
    page = page_liste(vues(salle.metier, epreuves_visibles(salle.metier, jour_civil(factories.JOUR))))
    assert (len(page.jours), page.terminees, page.vide) == (1, None, None)


def test_sans_epreuve_la_page_le_dit():
    page = page_liste(())
    assert (page.jours, page.terminees, page.vide is None) == ((), None, False)


def examines(admissibles: int, ecartes: int) -> list[Examine]:
    """Des évaluateurs possibles, admissibles puis écartés."""
    libre, lie = Avis((), ()), Avis((Obstacle.HIERARCHIQUE,), ())
    avis = [libre] * admissibles + [lie] * ecartes
    return [Examine(uuid4(), f"Personne Nom{rang:02}", dit, 0) for rang, dit in enumerate(avis)]


@pytest.mark.parametrize(
    ("admissibles", "ecartes", "d_autres", "a_chercher"),
    [(2, 25, False, False), (2, 26, False, True), (25, 0, False, False), (26, 0, True, False), (0, 40, False, True)],
)
def test_la_recherche_s_offre_des_que_la_page_ne_montre_pas_tout_le_monde(
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
    assert propositions_evaluateurs(examines(2, 3), "inconnu", "").si_personne == PERSONNE_NE_REPOND
