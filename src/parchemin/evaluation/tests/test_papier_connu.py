"""Qui connaît le papier d'un évaluateur n'évalue plus l'épreuve ; qui a seulement pu le lire scelle une lecture qui le dit."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.selectors import noms
from parchemin.comptes.services import donner_role, retirer_role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreDeclare, Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as salles
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.models import Lecture, PiecePapier, SaisiePapier
from parchemin.evaluation.sceaux import sceau_saisie
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.test_papier import PLUS_TARD, collegue, feuille, joindre, ouvrir, png, refus, saisir
from parchemin.socle.acteur import SYSTEME, Acteur

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fichiers")]
LENDEMAIN = PLUS_TARD + timedelta(days=1)


def gestionnaire_et_evaluateur(salle: Salle) -> Acteur:
    """Une personne de l'équipe du gestionnaire, qui tient aussi le rôle d'évaluateur du certificateur."""
    deux = collegue(salle)
    donner_role(
        personne=deux.id,
        nature=NatureRole.EVALUATEUR_CERTIFICATEUR,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    return deux


def remplacer(salle: Salle, personne: Acteur, maintenant=LENDEMAIN) -> None:
    services.remplacer(
        epreuve=salle.epreuve,
        qualite=Qualite.CERTIFICATEUR,
        personne=personne.id,
        motif="Arrêt.",
        auteur=salle.monde.gestionnaire,
        maintenant=maintenant,
    )


def affecter(salle: Salle, certificateur: Acteur, maintenant=PLUS_TARD) -> None:
    convocations.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=salle.metier.id,
        certificateur=certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=maintenant,
    )


def declarer(salle: Salle, qui: Acteur, maintenant=LENDEMAIN) -> None:
    convocations.declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=maintenant)


def suites(salle: Salle) -> str:
    with time_machine.travel(LENDEMAIN, tick=False):
        return comptes.texte(comptes.client(salle.monde.gestionnaire).get(f"/epreuves/{salle.epreuve}/suites/"))


def scellee_apres(salle: Salle, qui: Acteur) -> list[str]:
    """Cette personne remplit et scelle sa grille ; rend ce que sa lecture dit qu'elle a pu lire."""
    with time_machine.travel(LENDEMAIN, tick=False):
        factories.remplir(salle, qui)
        services.clore_lecture(epreuve=salle.epreuve, auteur=qui, maintenant=LENDEMAIN)
    return json.loads(Lecture.objects.get(epreuve_id=salle.epreuve, evaluateur_id=qui.id).canonique)["apres_lecture"]


# Qui l'a lu ----------------------------------------------------------------------------------------------------------


def test_qui_a_ressaisi_le_papier_de_l_un_ne_prend_pas_la_place_de_l_autre():
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    ressaisie = ouvrir(salle)
    for auteur in (salle.monde.gestionnaire, deux):
        saisir(ressaisie, feuille(salle), auteur)
    with refus("a_ressaisi"):
        remplacer(salle, deux)
    libre = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR)
    page = suites(salle)
    assert (f"certificateur:{libre.id}" in page, f"certificateur:{deux.id}" in page) == (True, False)


def test_affecte_apres_avoir_ressaisi_on_n_ouvre_ni_ne_scelle_sa_grille():
    """La première saisie faite, rien n'est encore versé : l'épreuve n'a pas commencé, ses évaluateurs peuvent changer."""
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    saisir(ouvrir(salle), feuille(salle), deux)
    affecter(salle, deux)
    declarer(salle, deux, PLUS_TARD)
    with time_machine.travel(PLUS_TARD, tick=False):
        grille = comptes.client(deux).get(f"/epreuves/{salle.epreuve}/grille/")
    assert grille.status_code == 403
    assert "sait ce qu'un évaluateur y a noté" in comptes.texte(grille)
    with refus("a_ressaisi"):
        factories.clore(salle, deux)


def test_qui_a_joint_la_feuille_de_l_un_ne_prend_pas_la_place_de_l_autre():
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    joindre(ouvrir(salle), png(), deux)
    with refus("a_ressaisi"):
        remplacer(salle, deux)
    assert f"certificateur:{deux.id}" not in suites(salle)


def test_qui_joint_sa_propre_feuille_evalue_encore_et_sa_lecture_reste_independante():
    salle = salles.salle("B3")
    joindre(ouvrir(salle), png(), salle.metier)
    assert scellee_apres(salle, salle.metier) == []


# Qui a pu le lire ----------------------------------------------------------------------------------------------------


def test_qui_a_pu_lire_la_feuille_de_l_un_prend_la_place_de_l_autre_et_sa_lecture_le_dit():
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    libre = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR)
    piece = PiecePapier.objects.get(pk=joindre(ouvrir(salle), png(), salle.monde.gestionnaire))
    nom = noms(SYSTEME, [deux.id])[deux.id]
    page = suites(salle)
    assert f"{nom} — a pu lire une grille papier : sa lecture le dira" in page
    assert page.count("a pu lire une grille papier") == 1
    assert page.index(f"certificateur:{libre.id}") < page.index(f"certificateur:{deux.id}")
    remplacer(salle, deux)
    declarer(salle, deux)
    with time_machine.travel(LENDEMAIN, tick=False):
        factories.remplir(salle, deux)
        close = comptes.texte(comptes.client(deux).get(f"/epreuves/{salle.epreuve}/clore/"))
    assert "Vous pouviez lire une autre grille de ce bloc : votre lecture le dira" in close
    services.clore_lecture(epreuve=salle.epreuve, auteur=deux, maintenant=LENDEMAIN)
    lecture = Lecture.objects.get(epreuve_id=salle.epreuve, evaluateur_id=deux.id)
    assert json.loads(lecture.canonique)["apres_lecture"] == [piece.empreinte]


@pytest.mark.parametrize("different", [True, False])
def test_deux_saisies_qui_different_se_montrent_a_toute_l_equipe_deux_semblables_a_personne(different):
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    ressaisie = ouvrir(salle)
    saisir(ressaisie, feuille(salle), salle.monde.gestionnaire)
    saisir(ressaisie, feuille(salle, lieu="Salle 4" if different else None), collegue(salle))
    remplacer(salle, deux)
    declarer(salle, deux)
    seconde = sceau_saisie(SaisiePapier.objects.get(rang=2)).empreinte
    assert scellee_apres(salle, deux) == ([seconde] if different else [])


def test_qui_evaluait_deja_n_a_pas_pu_lire_ce_qui_fut_joint_ensuite():
    """À un petit organisme, qui gère évalue aussi : affecté avant, la feuille de l'autre lui est fermée."""
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    affecter(salle, deux, PLANIFICATION)
    declarer(salle, deux, PLANIFICATION)
    piece = joindre(ouvrir(salle), png(), salle.monde.gestionnaire)
    assert comptes.client(deux).get(f"/papier/feuilles/{piece}/").status_code == 403
    assert scellee_apres(salle, deux) == []


@pytest.mark.parametrize(("retire", "pouvait"), [(JOUR - timedelta(days=1), False), (LENDEMAIN, True)])
def test_c_est_le_role_tenu_entre_la_feuille_et_l_affectation_qui_compte(retire, pouvait):
    salle = salles.salle("B3")
    deux = gestionnaire_et_evaluateur(salle)
    joindre(ouvrir(salle), png(), salle.monde.gestionnaire)
    role = Role.objects.get(personne_id=deux.id, nature=NatureRole.GESTIONNAIRE)
    retirer_role(role=role.pk, auteur=SYSTEME, maintenant=retire)
    remplacer(salle, deux, LENDEMAIN + timedelta(days=1))
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert (deux.id in selectors.papiers_lisibles(SYSTEME, vue, [deux.id])) is pouvait


def test_ce_qui_se_lit_coute_autant_pour_une_personne_que_pour_toutes(django_assert_num_queries):
    salle = salles.salle("B3")
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    equipe = [collegue(salle).id for _ in range(3)]
    with django_assert_num_queries(2):
        assert selectors.papiers_lisibles(SYSTEME, vue, equipe) == {}
    joindre(ouvrir(salle), png(), salle.metier)
    for personnes in (equipe[:1], equipe):
        with django_assert_num_queries(5):
            assert set(selectors.papiers_lisibles(SYSTEME, vue, personnes)) == set(personnes)
