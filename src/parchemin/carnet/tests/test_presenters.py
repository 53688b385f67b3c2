"""Qui a la main pendant que le carnet se remplit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from parchemin.carnet import presenters, selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.selectors import droits
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 24)


def balle(monde, lecteur):
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    avancement = selectors.avancements(SYSTEME, [monde.dossier])[monde.dossier]
    return presenters.balle(lecteur, droits(lecteur, JOUR), vue, avancement, JOUR)


def attester(monde, qualite, *codes, apres=0):
    services.attester(
        dossier=monde.dossier,
        qualite=qualite,
        dires=dict.fromkeys(codes, Dire(Verdict.MAITRISEE)),
        auteur=monde.tuteur if qualite == Qualite.TUTEUR else monde.manager,
        maintenant=ATTESTATION + timedelta(days=apres),
    )


def a_qui(monde) -> set[str]:
    acteurs = {
        "tuteur": monde.tuteur,
        "manager": monde.manager,
        "gestionnaire": monde.gestionnaire,
        "candidat": monde.candidat,
    }
    return {nom for nom, acteur in acteurs.items() if balle(monde, acteur).a_vous}


def test_la_main_est_a_ceux_qui_ont_encore_a_attester_puis_au_gestionnaire():
    monde = factories.avec_carnet(("B3",))
    vue = balle(monde, monde.candidat)
    assert (vue.qui, vue.depuis, a_qui(monde)) == ("Tuteur et Manager", date(2026, 9, 2), {"tuteur", "manager"})

    attester(monde, Qualite.TUTEUR, "C3.1", "C3.2", "C3.3")
    attester(monde, Qualite.MANAGER, "C3.1", apres=1)
    vue = balle(monde, monde.candidat)
    assert vue.quoi.endswith(", manager : 2\N{NO-BREAK SPACE}compétences à attester")
    assert (vue.qui, vue.depuis, a_qui(monde)) == ("Manager", date(2026, 10, 2), {"manager"})

    attester(monde, Qualite.MANAGER, "C3.2", "C3.3", apres=2)
    vue = balle(monde, monde.candidat)
    assert (vue.qui, vue.depuis, a_qui(monde)) == ("Gestionnaire", date(2026, 10, 3), {"gestionnaire"})
    assert vue.quoi == "Le carnet est complet : le gestionnaire peut planifier les épreuves."
