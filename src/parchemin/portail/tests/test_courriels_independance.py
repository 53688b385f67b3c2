"""Un évaluateur à remplacer, par courriel : le gestionnaire l'apprend une fois ; ni qui, ni pourquoi ne s'écrivent."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.services import annuler_lien, declarer_lien
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import PLANIFICATION, Salle
from parchemin.courriels.models import Envoi
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler

pytestmark = pytest.mark.django_db

A_REMPLACER = "portail.a_remplacer"
MOTIF = "Il est mon ancien beau-frère."


@pytest.fixture(autouse=True)
def _le_jour_de_planifier():
    with time_machine.travel(PLANIFICATION, tick=False):
        yield


@pytest.fixture
def salle() -> Salle:
    """Une épreuve affectée ; chacun a une adresse, et ce qui précède est parti."""
    salle = factories.salle()
    for personne in (salle.monde.gestionnaire, salle.monde.candidat, salle.metier, salle.certificateur):
        comptes.compte(personne)
    comptes.compte(comptes.gestionnaire(comptes.organisme()))
    ecouler()
    Envoi.objects.all().delete()
    return salle


def lier(salle: Salle):
    return declarer_lien(
        de=salle.monde.candidat.id,
        vers=salle.metier.id,
        genre=GenreDeLien.HIERARCHIQUE,
        du=None,
        au=None,
        auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )


def recus() -> list[tuple[object, str]]:
    """Qui a reçu quoi."""
    return list(Envoi.objects.order_by("objet", "destinataire").values_list("destinataire", "objet"))


def ecrit() -> str:
    return " ".join(
        f"{objet} {texte} {html}" for objet, texte, html in Envoi.objects.values_list("objet", "texte", "html")
    )


def nom(salle: Salle, acteur: Acteur) -> str:
    from parchemin.comptes.models import Personne

    return Personne.objects.get(pk=acteur.id).nom


def test_un_lien_tardif_avertit_le_gestionnaire_du_candidat_et_lui_seul(salle):
    lier(salle)
    ecouler()
    services.revoir(epreuves=[salle.epreuve], maintenant=PLANIFICATION)  # redire ne redit rien
    ecouler()
    assert recus() == [(salle.monde.gestionnaire.id, "Un évaluateur est à remplacer")]
    assert Envoi.objects.get().genre == A_REMPLACER
    assert [mot for mot in (nom(salle, salle.metier), "hiérarchique", "Hugo") if mot in ecrit()] == []


def test_un_lien_annule_avant_que_le_courriel_ne_parte_ne_dit_rien(salle):
    lien = lier(salle)
    annuler_lien(lien=lien.pk, motif="Mauvaise personne", auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert recus() == []


def test_qui_se_declare_lie_se_retire_et_le_gestionnaire_l_apprend(salle):
    services.declarer(
        epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=PLANIFICATION
    )
    ecouler()
    assert recus() == [(salle.monde.gestionnaire.id, "Il manque un évaluateur à une épreuve")]
    assert [mot for mot in ("personnel", "lien avec", "Hugo", nom(salle, salle.metier)) if mot in ecrit()] == []


def test_une_recusation_se_dit_au_gestionnaire_et_son_accueil_a_l_evaluateur_retire(salle):
    recusation = services.recuser(
        epreuve=salle.epreuve,
        evaluateur=salle.metier.id,
        motif=MOTIF,
        auteur=salle.monde.candidat,
        maintenant=PLANIFICATION,
    )
    ecouler()
    assert recus() == [(salle.monde.gestionnaire.id, "Une récusation attend votre réponse")]
    services.trancher(
        recusation=recusation,
        vers="accueillie",
        motif="Entendu.",
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(minutes=1),
    )
    ecouler()
    objets = {(qui, objet.split(" du ")[0].replace("\u2019", "'")) for qui, objet in recus()}
    assert objets == {
        (salle.monde.gestionnaire.id, "Une récusation attend votre réponse"),
        (salle.monde.gestionnaire.id, "Il manque un évaluateur à une épreuve"),
        (salle.metier.id, "Vous n'évaluez plus l'épreuve"),
    }
    assert "beau-frère" not in ecrit()


def test_une_place_deja_reprise_ne_se_dit_plus_manquante(salle):
    services.declarer(
        epreuve=salle.epreuve, genre=GenreDeclare.PROFESSIONNEL, auteur=salle.metier, maintenant=PLANIFICATION
    )
    services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(minutes=1),
    )
    ecouler()
    assert [objet for _, objet in recus() if objet.startswith("Il manque")] == []
