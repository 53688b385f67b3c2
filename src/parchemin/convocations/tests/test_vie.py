"""Une personne part, ou ses deux fiches se réunissent : ce qu'elle laisse, ce qui l'empêche, ce qui suit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from parchemin.comptes import services as comptes_services
from parchemin.comptes.selectors import apercu_fusion, taches_a_reprendre
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Convoque
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import CONVOCATION, JOUR, jeton_de
from parchemin.parcours.models import Designation, Dossier
from parchemin.parcours.tests import factories as parcours
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

LE = jour_civil(JOUR) - timedelta(days=2)


def obstacles(alias, gardee) -> list[str]:
    """Les obstacles, le nom du candidat ôté."""
    return [phrase.split(" de Camille")[0] for phrase in apercu_fusion(SYSTEME, alias.id, gardee.id, LE).obstacles]


def test_qui_part_laisse_des_taches_que_voit_le_gestionnaire_et_lui_seul():
    salle = factories.salle()
    monde = salle.monde
    ailleurs = comptes.gestionnaire(comptes.organisme())

    def titres(lecteur, personne):
        return [
            t.titre.split(" de Camille")[0].split(" pour Camille")[0]
            for t in taches_a_reprendre(lecteur, personne.id, LE)
        ]

    assert titres(monde.gestionnaire, salle.metier) == ["Affecter un autre évaluateur à l'épreuve du bloc 3"]
    assert titres(monde.gestionnaire, monde.tuteur) == ["Nommer un autre tuteur"]
    assert titres(monde.gestionnaire, monde.manager) == ["Nommer un autre manager"]
    assert titres(ailleurs, monde.tuteur) == []


def test_reunir_ne_met_jamais_la_meme_personne_a_deux_places():
    salle = factories.salle()
    monde = salle.monde
    autre = comptes.personne()
    assert obstacles(salle.metier, salle.certificateur) == ["Les deux fiches évaluent l'épreuve du bloc 3"]
    assert obstacles(salle.metier, autre) == ["La fiche à réunir évalue l'épreuve du bloc 3"]
    assert obstacles(autre, salle.metier) == []
    assert obstacles(monde.tuteur, monde.manager) == ["Dans le dossier"]
    assert obstacles(monde.tuteur, salle.metier) == ["L'une évalue l'épreuve du bloc 3"]
    assert obstacles(monde.candidat, parcours.monde().candidat) == [
        "Les deux fiches ont un dossier ouvert pour la même version : abandonnez-en un d'abord."
    ]
    with pytest.raises(Refus) as refus:
        comptes_services.fusionner(alias=monde.tuteur.id, gardee=monde.manager.id, auteur=SYSTEME, maintenant=JOUR)
    assert refus.value.code == "fusion_impossible"


def test_reunir_fait_suivre_la_place_courante_et_laisse_les_actes_passes():
    monde = parcours.monde()
    gardee = comptes.personne("Théodore")
    apercu = apercu_fusion(SYSTEME, monde.tuteur.id, gardee.id, LE)
    assert apercu.effets == (
        "Rôle « Tuteur » : il passe à la fiche gardée.",
        "1\xa0dossier en tant que tuteur : la fiche gardée y prend sa place.",
    )
    designations = list(Designation.objects.order_by("pk").values_list("pk", "personne_id"))
    comptes_services.fusionner(alias=monde.tuteur.id, gardee=gardee.id, auteur=SYSTEME, maintenant=JOUR)
    assert Dossier.objects.get(pk=monde.dossier).tuteur_id == gardee.id
    assert list(Designation.objects.order_by("pk").values_list("pk", "personne_id")) == designations


def test_reunir_fait_suivre_la_convocation_qui_attend_et_le_lien_deja_parti():
    salle = factories.convoquee()
    alias, gardee = salle.monde.candidat, comptes.personne("Camille")
    comptes.compte(gardee)
    jeton = jeton_de(alias)
    comptes_services.fusionner(
        alias=alias.id, gardee=gardee.id, fermer_compte=True, auteur=SYSTEME, maintenant=CONVOCATION
    )
    assert [une.place for une in selectors.convocations_a_repondre(gardee)] == [Convoque.CANDIDAT]
    assert (selectors.convocation_de(alias, salle.epreuve), selectors.convocations_a_repondre(alias)) == (None, ())
    assert services.suivre_les_convocations(epreuve=salle.epreuve, maintenant=CONVOCATION) == 0
    factories.par_lien(jeton, gardee)
    assert factories.sienne(salle, gardee).etat == "acceptee"


def test_reunir_laisse_une_convocation_finie_a_la_fiche_qu_elle_a_nommee():
    salle = factories.convoquee()
    alias, gardee = salle.monde.manager, comptes.personne("Théodore")
    comptes.compte(gardee)
    services.annuler_epreuve(
        epreuve=salle.epreuve, motif="Salle fermée.", auteur=salle.monde.gestionnaire, maintenant=CONVOCATION
    )
    ecouler()
    comptes_services.fusionner(
        alias=alias.id, gardee=gardee.id, fermer_compte=True, auteur=SYSTEME, maintenant=CONVOCATION
    )
    assert factories.sienne(salle, alias).etat == "close"
    assert selectors.convocation_de(gardee, salle.epreuve) is None
