"""Ce qui n'écarte personne et se dit au jury, à la date de l'épreuve."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from moteur.regles.evaluateur_admissible import GenreLien, Obstacle
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Personne
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.convocations.tests.gestes import LE_JOUR, codes, lier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db


def au_jury(salle: Salle, quand=JOUR + timedelta(days=30)):
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    return [
        (dit.evaluateur, dit.nes_apres, dit.sus_apres)
        for dit in selectors.signalements(SYSTEME, vue.dossier, [vue], jour_civil(quand))
    ]


def test_un_lien_tardif_se_dit_au_jury_et_n_existe_pas_avant_de_naitre():
    salle = factories.salle()
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=2))
    assert au_jury(salle) == []  # rien n'a commencé
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    assert au_jury(salle, JOUR + timedelta(days=1)) == []
    assert au_jury(salle) == [(salle.metier.id, (GenreLien.HIERARCHIQUE,), ())]


def test_un_lien_su_apres_l_accord_se_dit_au_jury():
    salle = factories.salle()
    for vers in ("en_cours", "lectures_scellees", "accordee"):
        services.passer_epreuve(epreuve=salle.epreuve, vers=vers, auteur=salle.metier, maintenant=JOUR)
    assert au_jury(salle) == []
    lier(salle.monde.candidat, salle.certificateur, du=LE_JOUR - timedelta(days=2), maintenant=JOUR)
    assert au_jury(salle) == [(salle.certificateur.id, (), (Obstacle.HIERARCHIQUE,))]


def test_le_gestionnaire_lit_sur_le_dossier_ce_qui_se_dira_au_jury_et_lui_seul():
    salle = factories.salle()
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=2), maintenant=JOUR)
    with time_machine.travel(JOUR + timedelta(days=5), tick=False):
        pages = {
            qui: comptes.texte(comptes.client(acteur).get(f"/candidats/{salle.monde.dossier}/"))
            for qui, acteur in (("gere", salle.monde.gestionnaire), ("tuteur", salle.monde.tuteur))
        }
    nom = str(Personne.objects.get(pk=salle.metier.id))
    phrase = f"Bloc 3, {nom} : lien hiérarchique, depuis l'épreuve. L'évaluation reste valable ; le jury en est averti."
    assert {qui: phrase in page for qui, page in pages.items()} == {"gere": True, "tuteur": False}
    assert "Qui accompagne" in pages["tuteur"]


def test_une_epreuve_sans_lien_ne_dit_rien():
    monde = carnet.complet(("B3",))
    epreuve = factories.planifier(monde, "B3")
    assert selectors.a_verifier(SYSTEME, [epreuve]) == {}
    assert selectors.recusations(SYSTEME, [epreuve]) == ()


def test_un_role_fini_ou_a_venir_le_jour_de_l_epreuve_se_dit_avec_sa_date():
    salle = factories.salle()
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    metier = NatureRole.EVALUATEUR_METIER
    fini = comptes.avec_role(metier, nom="Fini")
    comptes.avec_role(metier, nom="Futur", du=LE_JOUR + timedelta(days=9))
    revenu = comptes.avec_role(metier, nom="Revenu")
    for qui in (fini, revenu):
        (role,) = Personne.objects.get(pk=qui.id).roles.all()
        comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    comptes.services.donner_role(
        personne=revenu.id, nature=metier, organisme=None, auteur=SYSTEME, maintenant=PLANIFICATION + timedelta(days=1)
    )
    ailleurs = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, nom="Ailleurs")
    (role,) = Personne.objects.get(pk=ailleurs.id).roles.all()
    comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    dits = selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.METIER)
    assert [(dit.nom, dit.fini_le, dit.commence_le, dit.avis.obstacles) for dit in dits] == [
        ("Ada Fini", jour_civil(PLANIFICATION), None, (Obstacle.SANS_ROLE,)),
        ("Ada Futur", None, LE_JOUR + timedelta(days=9), (Obstacle.SANS_ROLE,)),
    ]
    assert [dit.nom for dit in selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.CERTIFICATEUR)] == ["Ada Ailleurs"]
    assert "Ada Revenu" in codes(salle)


@pytest.mark.parametrize("nombre", [1, 3])
def test_dire_qui_n_a_plus_le_role_coute_une_requete(nombre, django_assert_num_queries):
    salle = factories.salle()
    for _ in range(nombre):
        (role,) = Personne.objects.get(pk=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id).roles.all()
        comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    with django_assert_num_queries(1):
        assert len(selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.METIER)) == nombre
