"""Un bloc acquis autrement n'a pas d'épreuve : il n'est ni à planifier, ni dans un plan."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.models import Personne
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.selectors import dossiers_a_planifier
from parchemin.convocations.selectors.instances import Periode, instance_a_planifier
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import PLANIFICATION
from parchemin.parcours.enums import PieceDeBloc
from parchemin.parcours.services import reconnaitre_bloc, retirer_bloc_acquis
from parchemin.parcours.tests.factories import Monde
from parchemin.parcours.tests.test_reprise import ligne, reprendre
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

JOUR = PLANIFICATION.date() + timedelta(days=1)
REQUETES = 8
"""Ce que le règlement dit d'un bloc repris se lit par version, jamais par dossier."""


def reconnaitre(monde: Monde) -> UUID:
    return reconnaitre_bloc(
        dossier=monde.dossier,
        bloc="B1",
        tenu=Tenu("RNCP35729", "B1"),
        obtenu_le=date(2022, 5, 3),
        piece=PieceDeBloc.PARCHEMIN,
        vu_le=PLANIFICATION.date(),
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=1),
    )


def test_un_bloc_acquis_ne_reste_pas_a_planifier():
    monde = carnet.complet(("B1", "B3"))
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B1"))
    factories.planifier(monde, "B3")

    def restent() -> list[object]:
        return [dossier.pk for dossier in dossiers_a_planifier(monde.gestionnaire, JOUR)]

    assert restent() == [monde.dossier]
    acquis = reconnaitre(monde)
    assert restent() == []
    retirer_bloc_acquis(
        acquis=acquis,
        motif="La pièce n'était pas la sienne.",
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )
    assert restent() == [monde.dossier]


def test_un_bloc_repris_du_papier_ne_reste_pas_a_planifier():
    monde = carnet.complet(("B1", "B3"))
    connue = Personne.objects.get(pk=monde.candidat.id)
    factories.planifier(monde, "B3")

    def restent() -> list[object]:
        return [dossier.pk for dossier in dossiers_a_planifier(monde.gestionnaire, JOUR)]

    assert restent() == [monde.dossier]
    reprendre(comptes.gestionnaire(), ligne(connue.nom, connue.prenom, meme="même", blocs="B1"))
    assert restent() == []


@pytest.mark.parametrize("nombre", [1, 3])
def test_ce_qui_reste_a_planifier_se_lit_en_autant_de_requetes_pour_un_bloc_repris_que_pour_trois(
    nombre, django_assert_num_queries
):
    for rang in range(nombre):
        monde = carnet.complet(("B1", "B3"))
        connue = Personne.objects.get(pk=monde.candidat.id)
        factories.planifier(monde, "B3")
        reprise = ligne(connue.nom, connue.prenom, meme="même", blocs="B1", numero=f"COS-{rang}")
        reprendre(comptes.gestionnaire(), reprise)
    partout = comptes.gestionnaire()
    with django_assert_num_queries(REQUETES):
        assert list(dossiers_a_planifier(partout, JOUR)) == []


def test_un_bloc_repris_dont_le_terme_est_passe_reste_a_planifier():
    monde = carnet.complet(("B1",))
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B1"), bloc_validite_mois=12)
    connue = Personne.objects.get(pk=monde.candidat.id)
    reprendre(comptes.gestionnaire(), ligne(connue.nom, connue.prenom, meme="même", blocs="B1", le="01/09/2025"))
    assert [dossier.pk for dossier in dossiers_a_planifier(monde.gestionnaire, JOUR)] == [monde.dossier]


def test_un_plan_ne_propose_pas_l_epreuve_d_un_bloc_acquis():
    monde = carnet.complet(("B1", "B3"))
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, referentiels.equivalence("RNCP35729 B1", "B1"))
    site = factories.site(monde.organisme)

    def proposees() -> set[str]:
        lue = instance_a_planifier(SYSTEME, [monde.dossier], [site], Periode(JOUR, JOUR + timedelta(days=30)), JOUR)
        return {epreuve.bloc for epreuve in lue.instance.epreuves}

    assert proposees() == {"B1", "B3"}
    reconnaitre(monde)
    assert proposees() == {"B3"}
