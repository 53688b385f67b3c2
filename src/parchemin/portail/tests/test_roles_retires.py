"""Retirer un rôle vaut aussitôt, session ouverte comprise ; une personne sans plus aucun rôle garde ce qui est à elle."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.carnet import services as carnet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.tests import factories as carnets
from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import RefusDroit

pytestmark = pytest.mark.django_db

INSTANT = INSCRIPTION + timedelta(days=30)


@pytest.fixture(autouse=True)
def _un_mois_apres():
    with time_machine.travel(INSTANT, tick=False):
        yield


def retirer(acteur: Acteur, nature: NatureRole) -> None:
    for role in Role.objects.filter(personne_id=acteur.id, nature=nature, au=None):
        services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=INSTANT)


@pytest.fixture
def monde():
    return carnets.avec_carnet()


def tenant(monde, nature: NatureRole) -> Acteur:
    """Qui tient ce rôle dans ce monde, ou quelqu'un de plus."""
    return {
        NatureRole.GESTIONNAIRE: monde.gestionnaire,
        NatureRole.TUTEUR: monde.tuteur,
        NatureRole.MANAGER: monde.manager,
    }.get(nature) or comptes.avec_role(nature, None if nature in PARTOUT else monde.organisme)


PARTOUT = (NatureRole.ADMINISTRATEUR, NatureRole.AUDITEUR, NatureRole.DPO)

DOSSIER, LISTE, EPREUVES, PERSONNES = "/candidats/{dossier}/", "/candidats/", "/epreuves/", "/comptes/"
OUVERTES = {
    NatureRole.ADMINISTRATEUR: (PERSONNES,),
    NatureRole.GESTIONNAIRE: (DOSSIER, LISTE, EPREUVES, PERSONNES),
    NatureRole.RH: (DOSSIER, LISTE, PERSONNES),
    NatureRole.TUTEUR: (DOSSIER, LISTE, "/carnet/{dossier}/", "/carnet/{dossier}/attester/"),
    NatureRole.MANAGER: (DOSSIER, LISTE, "/carnet/{dossier}/", "/carnet/{dossier}/attester/"),
    NatureRole.EVALUATEUR_METIER: (EPREUVES,),
    NatureRole.EVALUATEUR_CERTIFICATEUR: (EPREUVES,),
}
"""Ce qu'un rôle ouvre et que rien d'autre n'ouvre à qui le tient ici."""


@pytest.mark.parametrize("nature", OUVERTES)
def test_le_retrait_vaut_a_la_requete_suivante_dans_la_session_deja_ouverte(monde, nature):
    acteur = tenant(monde, nature)
    if nature == NatureRole.ADMINISTRATEUR:
        comptes.avec_role(nature)  # il en reste toujours un
    adresses = [adresse.format(dossier=monde.dossier) for adresse in OUVERTES[nature]]
    ouvert = client(acteur)
    assert [ouvert.get(adresse).status_code for adresse in adresses] == [200] * len(adresses)
    retirer(acteur, nature)
    assert [ouvert.get(adresse).status_code in (403, 404) for adresse in adresses] == [True] * len(adresses)
    assert "Sans rôle en cours" in texte(ouvert.get("/"))


@pytest.mark.parametrize("nature", [NatureRole.TUTEUR, NatureRole.MANAGER])
def test_une_page_ouverte_avant_le_retrait_n_atteste_plus_rien(monde, nature):
    acteur = tenant(monde, nature)
    dire = {"C1.1": carnet.Dire(Verdict.MAITRISEE)}
    retirer(acteur, nature)
    with pytest.raises(RefusDroit) as refus:
        carnet.attester(
            dossier=monde.dossier, qualite=Qualite(nature.value), dires=dire, auteur=acteur, maintenant=INSTANT
        )
    assert refus.value.code == "role_termine"


def test_le_candidat_sans_plus_aucun_role_garde_son_dossier_et_lui_seul(monde):
    autre = factories.monde()
    ouvert = client(monde.candidat)
    retirer(monde.candidat, NatureRole.CANDIDAT)
    statuts = {
        adresse: ouvert.get(adresse).status_code
        for adresse in ("/", f"/candidats/{monde.dossier}/", f"/candidats/{autre.dossier}/", LISTE, EPREUVES, PERSONNES)
    }
    assert list(statuts.values()) == [200, 200, 404, 403, 403, 403]


def test_un_role_qui_finit_de_lui_meme_n_ouvre_plus_rien_le_jour_dit(monde):
    rh = comptes.personne("Rachel")
    services.donner_role(
        personne=rh.id,
        nature=NatureRole.RH,
        organisme=monde.organisme,
        au=(INSTANT + timedelta(days=2)).date(),
        auteur=SYSTEME,
        maintenant=INSTANT,
    )
    vus = []
    for jours in range(4):
        with time_machine.travel(INSTANT + timedelta(days=jours), tick=False):
            vus.append(client(rh).get(f"/candidats/{monde.dossier}/").status_code)
    assert vus == [200, 200, 404, 404]
