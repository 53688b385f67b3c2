"""Un envoi de l'échange refusé en entier : toujours du JSON, son code, et rien de gardé."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation.models import Fait, GesteMisAPart
from parchemin.evaluation.services import quarantaine
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.tablette import JETON, erreur, etats, poster, tablette
from parchemin.evaluation.tests.test_quarantaine import regler, remplacer
from parchemin.evaluation.views.grille import OCTETS_MAX
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


@pytest.mark.parametrize("quoi", ["faits", "abandons"])
@pytest.mark.parametrize(
    "genre", [MULTIPART_CONTENT, "application/x-www-form-urlencoded", "text/plain", "multipart/form-data", "application/"]
)
def test_ce_qui_n_est_pas_dit_json_est_illisible(quoi, genre):
    """Le jeton CSRF d'un formulaire se cherche dans son corps : le lire ensuite échouerait."""
    salle = convocations.salle()
    formulaire = encode_multipart(BOUNDARY, {"csrfmiddlewaretoken": JETON, quoi: "[]"})
    for corps in (formulaire, json.dumps({quoi: []}).encode()):
        assert erreur(poster(tablette(salle.metier), salle, corps, quoi, genre)) == (400, "json_illisible")


@pytest.mark.parametrize("genre", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_du_json_se_dit_avec_ou_sans_son_alphabet(genre):
    salle = convocations.salle()
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide")]}
    assert etats(poster(tablette(salle.metier), salle, lot, genre=genre)) == [("acceptee", "")]
    assert Fait.objects.count() == 1


@pytest.mark.parametrize("quoi", ["faits", "abandons"])
def test_un_envoi_trop_grand_le_dit_quelle_que_soit_sa_taille(quoi, settings):
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    for taille in (OCTETS_MAX, settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 4):
        corps = b'{"' + quoi.encode() + b'": ["' + b"x" * taille + b'"]}'
        assert erreur(poster(connecte, salle, corps, quoi)) == (413, "lot_trop_grand")
    assert OCTETS_MAX < settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def test_la_quarantaine_pleine_ne_compte_que_ce_qui_est_neuf_et_attend(monkeypatch):
    """Renvoyer ce qui est déjà à part reste sans risque ; et ce dont on a décidé rend sa place."""
    monkeypatch.setattr(quarantaine, "GESTES_MAXIMUM", 2)
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    deja = fait(salle, 9, "lieu", "Plateau 2")
    assert etats(poster(connecte, salle, {"faits": [deja]})) == [("acceptee", "")]
    remplacer(salle)
    un, deux, trois = (fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2, 3))
    assert etats(poster(connecte, salle, {"faits": [un, deux]})) == [("mise_a_part", "")] * 2
    encore = [un, deux, un, deja, un | {"valeur": "non_valide"}, {"id": "?"}]
    attendus = ["mise_a_part", "mise_a_part", "mise_a_part", "deja_recue", "refusee", "refusee"]
    assert [etat for etat, _ in etats(poster(connecte, salle, {"faits": encore}))] == attendus
    assert erreur(poster(connecte, salle, {"faits": [un, trois]})) == (409, "quarantaine_pleine")
    assert GesteMisAPart.objects.count() == 2
    regler(salle)
    assert etats(poster(connecte, salle, {"faits": [un, trois]})) == [("mise_a_part", "")] * 2
    assert GesteMisAPart.objects.count() == 3


def test_qui_agit_pour_une_autre_personne_garde_sa_file_jusqu_a_reprendre_son_nom():
    """Un autre onglet du même navigateur a cliqué « agir pour » : la grille, qui s'envoie au retour, ne perd rien."""
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    rh = comptes.avec_role(NatureRole.RH, salle.monde.organisme)
    comptes_services.donner_role(
        personne=salle.metier.id,
        nature=NatureRole.TUTEUR,
        organisme=salle.monde.organisme,
        auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )
    delegation = comptes_services.deleguer(
        role=Role.objects.get(personne_id=rh.id).pk,
        delegue=salle.metier.id,
        du=JOUR.date(),
        au=JOUR.date() + timedelta(days=7),
        auteur=rh,
        maintenant=JOUR,
    )
    jeton = {"X-CSRFToken": JETON}
    assert connecte.post(f"/comptes/delegations/{delegation.pk}/agir/", headers=jeton).status_code == 302
    lot = {"faits": [fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2)]}
    reponse = poster(connecte, salle, lot, **{"X-Parchemin-Personne": str(salle.metier.id)})
    assert (erreur(reponse), "reprenez votre nom" in reponse.json()["erreur"]["message"]) == (
        (403, "intuitu_personae"),
        True,
    )
    assert (Fait.objects.count(), GesteMisAPart.objects.count()) == (0, 0)
    assert connecte.post("/comptes/reprendre-mon-nom/", headers=jeton).status_code == 302
    assert etats(poster(connecte, salle, lot)) == [("acceptee", "")] * 2
