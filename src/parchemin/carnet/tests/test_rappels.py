"""Qui atteste sans compte : sa nomination au matin, un rappel par échelon, jamais deux courriels le même jour."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from parchemin.carnet import services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import LienAttestation
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.comptes import services as comptes_services
from parchemin.comptes.tests import factories as comptes
from parchemin.courriels.models import Envoi
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import designes_sans_compte
from parchemin.parcours.tests.factories import INSCRIPTION, Monde
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

JOUR = timedelta(days=1)
MATIN = INSCRIPTION + JOUR


def monde(**changements: object) -> Monde:
    """Un carnet du bloc 3 ; le tuteur et le manager ont une adresse professionnelle, et pas de compte."""
    pret = factories.avec_carnet(("B3",), **changements)
    for qui in ("tuteur", "manager"):
        comptes_services.changer_courriel_pro(
            personne=getattr(pret, qui).id,
            courriel_pro=f"{qui}.{str(pret.dossier)[:8]}@caisse.example",
            auteur=SYSTEME,
            maintenant=factories.REMISE,
        )
    return pret


def rappeler(acteur, maintenant: datetime) -> bool:
    return services.rappeler_par_lien(personne=acteur.id, maintenant=maintenant)


def test_la_nomination_part_le_matin_et_dit_qui_pour_qui_jusqu_a_quand():
    pret = monde(nom="Neuf")
    assert [rappeler(pret.tuteur, MATIN) for _ in range(2)] == [True, False]
    lien = LienAttestation.objects.get()
    assert (lien.personne_id, lien.qualite, lien.competences) == (pret.tuteur.id, "tuteur", ["C3.1", "C3.2", "C3.3"])
    envoi = Envoi.objects.get()
    texte = envoi.texte.replace("\N{NO-BREAK SPACE}", " ")
    assert "vous êtes tuteur de Camille Neuf" in texte
    assert "17 septembre 2026" in texte


def test_un_rappel_par_echelon_et_rien_de_plus():
    """Cinquante matins sans un geste : la nomination, puis aux 7e, 14e et 30e jours, comme l'escalade."""
    pret = monde()
    partis = [jour for jour in range(50) if rappeler(pret.tuteur, INSCRIPTION + jour * JOUR)]
    assert partis == [0, 7, 14, 30]


def test_un_lien_demande_par_le_candidat_tient_lieu_de_rappel():
    pret = monde()
    services.demander_attestations(
        dossier=pret.dossier,
        qualites=(Qualite.TUTEUR,),
        competences=("C3.1",),
        auteur=pret.candidat,
        maintenant=MATIN,
    )
    assert not rappeler(pret.tuteur, MATIN + timedelta(hours=1))
    assert not rappeler(pret.tuteur, MATIN + JOUR)
    assert rappeler(pret.tuteur, INSCRIPTION + 7 * JOUR)


def test_le_geste_de_l_autre_ne_redemande_rien_tant_que_le_lien_vaut():
    pret = monde()
    assert rappeler(pret.manager, MATIN)
    services.attester(
        dossier=pret.dossier,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE)},
        auteur=pret.tuteur,
        maintenant=MATIN + JOUR,
    )
    assert not any(rappeler(pret.manager, MATIN + jour * JOUR) for jour in range(1, 8))
    assert rappeler(pret.manager, MATIN + 8 * JOUR)


def test_plusieurs_carnets_un_courriel_par_jour_celui_qui_attend_le_plus_d_abord():
    pret, autre = monde(), monde(nom="Autre")
    parcours.nommer_tuteur_manager(
        dossier=autre.dossier,
        tuteur=pret.tuteur.id,
        manager=autre.manager.id,
        auteur=autre.gestionnaire,
        maintenant=MATIN,
    )
    assert [rappeler(pret.tuteur, MATIN + jour * JOUR) for jour in range(3)] == [True, True, False]
    assert set(LienAttestation.objects.values_list("carnet__dossier_id", flat=True)) == {pret.dossier, autre.dossier}


def test_rien_a_qui_a_tout_atteste_n_est_plus_nomme_ou_partage_son_adresse():
    pret = factories.complet(("B3",))
    assert not rappeler(pret.tuteur, factories.ATTESTATION + JOUR)
    seul = monde()
    comptes_services.ouvrir_compte(
        personne=seul.candidat.id,
        courriel=f"tuteur.{str(seul.dossier)[:8]}@caisse.example",
        mot_de_passe=comptes.MOT_DE_PASSE,
        auteur=SYSTEME,
        maintenant=factories.REMISE,
    )
    assert not rappeler(seul.tuteur, MATIN)
    parcours.nommer_tuteur_manager(
        dossier=seul.dossier,
        tuteur=comptes.personne().id,
        manager=seul.manager.id,
        auteur=seul.gestionnaire,
        maintenant=MATIN,
    )
    assert not rappeler(seul.tuteur, MATIN + JOUR)
    assert Envoi.objects.count() == 0


def test_sont_sans_compte_les_designes_qui_ont_une_adresse():
    pret = monde()
    comptes.compte(pret.manager)
    factories.avec_carnet(("B3",), nom="Sans adresse")
    assert designes_sans_compte(SYSTEME, None, 50) == (
        (pret.tuteur.id, f"tuteur.{str(pret.dossier)[:8]}@caisse.example"),
    )
    assert designes_sans_compte(SYSTEME, pret.tuteur.id, 50) == ()
