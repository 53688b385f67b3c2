"""Un incident par courriel : chacun apprend ce qui le regarde, une fois ; ni le genre, ni le motif."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.evenements import IncidentConsigne, IncidentSignale, IncidentTranche
from parchemin.convocations.tests import factories as epreuves
from parchemin.convocations.tests.factories import JOUR
from parchemin.courriels.models import Envoi
from parchemin.evaluation.tests import factories as evaluations
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.portail import abonnements
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db


def objets(acteur: Acteur) -> list[str]:
    return list(Envoi.objects.filter(destinataire=acteur.id).order_by("objet").values_list("objet", flat=True))


def test_la_suspension_puis_la_suite_se_disent_une_fois_a_chacun():
    salle = epreuves.salle()
    gens = (salle.monde.gestionnaire, salle.monde.candidat, salle.metier, salle.certificateur)
    for personne in (*gens, salle.monde.tuteur):
        comptes.compte(personne)
    incident = convocations.signaler_incident(
        epreuve=salle.epreuve, genre=GenreIncident.FRAUDE, motif="Il lisait.", auteur=salle.metier, maintenant=JOUR
    )
    with time_machine.travel(JOUR, tick=False):
        for _ in range(2):
            abonnements.dire_l_incident(IncidentSignale(incident, salle.epreuve, salle.monde.dossier, JOUR))
    assert [objets(personne) for personne in gens] == [
        ["Une épreuve est suspendue : décidez de la suite"],
        ["Votre épreuve du bloc 3 est suspendue"],
        ["Une épreuve que vous évaluez est suspendue"],
        ["Une épreuve que vous évaluez est suspendue"],
    ]
    assert objets(salle.monde.tuteur) == []
    apres = JOUR + timedelta(hours=1)
    convocations.trancher_incident(
        epreuve=salle.epreuve,
        suite=SuiteIncident.CLORE,
        motif="Fiche vue.",
        auteur=salle.monde.gestionnaire,
        maintenant=apres,
    )
    with time_machine.travel(apres, tick=False):
        evenement = IncidentTranche(salle.epreuve, salle.monde.dossier, SuiteIncident.CLORE.value, None, apres)
        for _ in range(2):
            abonnements.dire_la_suite(evenement)
        abonnements.dire_l_incident(IncidentSignale(incident, salle.epreuve, salle.monde.dossier, JOUR))  # trop tard
    assert [len(objets(personne)) for personne in gens] == [1, 2, 2, 2]
    ecrit = " ".join(str(valeur) for valeur in Envoi.objects.values_list("objet", "texte"))
    assert "fraude" not in ecrit.lower()
    assert "lisait" not in ecrit
    assert "Fiche" not in ecrit


def test_un_incident_consigne_se_dit_aux_autres_gestionnaires_une_fois_et_a_nul_autre():
    salle = evaluations.evalue()
    autre = comptes.gestionnaire(salle.monde.organisme)
    gens = (salle.monde.gestionnaire, salle.monde.candidat, salle.metier, salle.certificateur)
    for personne in (*gens, autre):
        comptes.compte(personne)
    incident = convocations.consigner_incident(
        epreuve=salle.epreuve,
        genre=GenreIncident.FRAUDE,
        motif="Il lisait.",
        auteur=salle.monde.gestionnaire,
        maintenant=CLOTURE,
    )
    avant = [objets(personne) for personne in gens]
    evenement = IncidentConsigne(incident, salle.epreuve, salle.monde.dossier, salle.monde.gestionnaire.id, CLOTURE)
    with time_machine.travel(CLOTURE, tick=False):
        for _ in range(2):
            abonnements.dire_l_incident_consigne(evenement)
    assert [objets(personne) for personne in gens] == avant
    assert objets(autre) == ["Un incident est consigné pour le jury"]
    assert Envoi.objects.filter(texte__icontains="lisait").count() == 0
