"""Chacun n'écrit que sa voix : qui atteste, en quelle qualité, et la raison dite aux autres."""

from __future__ import annotations

import pytest

from parchemin.carnet import permissions
from parchemin.carnet.permissions import qualites_de
from parchemin.carnet.tests import factories
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests import factories as dossiers
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import RefusDroit

pytestmark = pytest.mark.django_db


def code(verifier, *arguments) -> str | None:
    try:
        verifier(*arguments)
    except RefusDroit as refus:
        return refus.code
    return None


def test_chacun_atteste_en_sa_qualite_et_en_nulle_autre():
    monde = factories.avec_carnet(("B3",))
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    qui = {
        "tuteur": monde.tuteur,
        "manager": monde.manager,
        "candidat": monde.candidat,
        "gestionnaire": monde.gestionnaire,
        "autre tuteur": comptes.avec_role(NatureRole.TUTEUR, monde.organisme),
        "système": SYSTEME,
    }
    assert {
        nom: [code(permissions.verifier_peut_attester, acteur, vue, qualite) for qualite in Qualite]
        for nom, acteur in qui.items()
    } == {
        "tuteur": [None, "attestation_reservee"],
        "manager": ["attestation_reservee", None],
        "candidat": ["attestation_pour_soi", "attestation_pour_soi"],
        "gestionnaire": ["attestation_reservee", "attestation_reservee"],
        "autre tuteur": ["attestation_reservee", "attestation_reservee"],
        "système": ["attestation_reservee", "attestation_reservee"],
    }
    assert {nom: qualites_de(acteur, vue) for nom, acteur in qui.items() if qualites_de(acteur, vue)} == {
        "tuteur": (Qualite.TUTEUR,),
        "manager": (Qualite.MANAGER,),
    }


def test_sans_designation_personne_n_atteste():
    monde = dossiers.monde(designe=False)
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    assert [permissions.peut_attester(acteur, vue, Qualite.TUTEUR) for acteur in (monde.tuteur, monde.manager)] == [
        False,
        False,
    ]


def test_le_candidat_seul_confirme_la_remise():
    monde = factories.avec_carnet(("B3",))
    vue = dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier]
    acteurs = (monde.candidat, monde.tuteur, monde.manager, monde.gestionnaire)
    assert [code(permissions.verifier_peut_accuser_reception, acteur, vue) for acteur in acteurs] == [
        None,
        "reception_reservee",
        "reception_reservee",
        "reception_reservee",
    ]
