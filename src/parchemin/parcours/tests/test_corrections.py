"""Corriger une inscription : le référent RH et l'accès à la VAE, au journal ; qui le peut, ce qui se refuse."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client
from parchemin.parcours import services
from parchemin.parcours.enums import AccesVae, Voie
from parchemin.parcours.models import Dossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.registre.models import Entree
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

PLUS_TARD = INSCRIPTION + timedelta(days=3)


def corriger(monde, referent=None, acces="", auteur=None):
    return services.corriger_inscription(
        dossier=monde.dossier, referent_rh=referent, acces_vae=acces, auteur=auteur or monde.gestionnaire, maintenant=PLUS_TARD
    )  # fmt: skip


def dit(monde):
    return Dossier.objects.values_list("referent_rh", "acces_vae").get(pk=monde.dossier)


def test_le_referent_et_l_acces_se_corrigent_une_fois_et_le_journal_dit_ce_qui_etait():
    monde = factories.monde(voie=Voie.VAE, designe=False)
    rh = comptes.avec_role(NatureRole.RH, monde.organisme)
    assert corriger(monde, rh.id, AccesVae.CONGE) is True
    assert corriger(monde, rh.id, AccesVae.CONGE) is False
    assert dit(monde) == (rh.id, "conges_vae")
    (entree,) = Entree.objects.filter(action="parcours.inscription_corrigee")
    assert entree.donnees == {
        "referent_rh": str(rh.id), "referent_rh_precedent": None, "acces_vae": "conges_vae", "acces_vae_precedent": "",
    }  # fmt: skip
    services.abandonner(dossier=monde.dossier, motif="Parti.", auteur=monde.gestionnaire, maintenant=PLUS_TARD)
    assert corriger(monde, rh.id, AccesVae.CLASSIQUE, auteur=rh) is True


def test_ce_qui_se_refuse():
    monde = factories.monde()
    for referent, acces, code in (
        (monde.tuteur.id, "", "referent_inconnu"),
        (monde.candidat.id, "", "referent_inconnu"),
        (None, AccesVae.CONGE, "recevabilite_en_trop"),
    ):
        with pytest.raises(Refus) as refus:
            corriger(monde, referent, acces)
        assert refus.value.code == code
    for autre in (monde.candidat, monde.tuteur, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            corriger(monde, auteur=autre)
    assert dit(monde) == (None, "")


def test_la_page_ne_demande_l_acces_que_d_une_vae():
    formation, vae = factories.monde(), factories.monde(voie=Voie.VAE, designe=False)
    rh = comptes.avec_role(NatureRole.RH, formation.organisme)
    with time_machine.travel(PLUS_TARD, tick=False):
        pages = [
            client(monde.gestionnaire).get(f"/candidats/{monde.dossier}/corriger/").content.decode()
            for monde in (formation, vae)
        ]
        assert ["acces_vae" in page for page in pages] == [False, True]
        ouvert, adresse = client(formation.gestionnaire), f"/candidats/{formation.dossier}/corriger/"
        assert ouvert.post(adresse, {"referent_rh": str(formation.tuteur.id)}).status_code == 422
        assert ouvert.post(adresse, {"referent_rh": str(rh.id)}).status_code == 302
    assert dit(formation) == (rh.id, "")
