"""Chacun n'écrit que sa voix : qui atteste, en quelle qualité, et la raison dite aux autres."""

from __future__ import annotations

import pytest

from parchemin.carnet import permissions, selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.permissions import qualites_de
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import JADIS
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests import factories as dossiers
from parchemin.parcours.tests.factories import Monde
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


def test_nul_ne_leve_un_gel_dont_il_est_la_cause():
    """Le gestionnaire est tour à tour le candidat, le tuteur, le manager, et le tuteur d'avant qui répudie."""
    organisme = comptes.organisme()
    for place in ("candidat", "tuteur", "manager", "parti"):
        monde = factories.avec_carnet(("B3",), organisme=organisme, nom=place)
        interesse = monde.tuteur if place == "parti" else getattr(monde, place)
        donner_role(
            personne=interesse.id,
            nature=NatureRole.GESTIONNAIRE,
            organisme=organisme,
            auteur=SYSTEME,
            maintenant=JADIS,
        )
        _attester_puis_repudier(monde)
        if place == "parti":
            parcours.nommer_tuteur_manager(
                dossier=monde.dossier,
                tuteur=comptes.personne().id,
                manager=monde.manager.id,
                auteur=monde.gestionnaire,
                maintenant=factories.ATTESTATION,
            )
        gel = selectors.gel(SYSTEME, monde.dossier)
        assert gel is not None
        lever = {"repudiation": gel.repudiation, "motif": "Vu.", "maintenant": factories.ATTESTATION}
        with pytest.raises(RefusDroit) as leve:
            services.lever_le_gel(auteur=interesse, **lever)
        assert leve.value.code == "cause_propre"
        services.lever_le_gel(auteur=monde.gestionnaire, **lever)
        assert selectors.gel(SYSTEME, monde.dossier) is None


def _attester_puis_repudier(monde: Monde) -> None:
    services.attester(
        dossier=monde.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE)},
        auteur=monde.tuteur,
        maintenant=factories.ATTESTATION,
    )
    avis = selectors.dernier_avis(monde.tuteur, monde.dossier)
    assert avis is not None
    services.repudier_avis(avis=avis, motif="", maintenant=factories.ATTESTATION)
