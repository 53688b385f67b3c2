"""Un envoi de l'échange refusé en entier : toujours du JSON, son code, et rien de gardé."""

from __future__ import annotations

import json
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.test import Client, override_settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.services import recuser
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation.models import Fait, GesteMisAPart
from parchemin.evaluation.services import quarantaine
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.tablette import (
    JETON,
    erreur,
    erreurs_du_document,
    etats,
    poster,
    retirer_son_role,
    tablette,
)
from parchemin.evaluation.tests.test_quarantaine import regler, remplacer
from parchemin.evaluation.views.grille import OCTETS_MAX
from parchemin.socle.acteur import SYSTEME
from tests.connexions import force_login_sans_second_facteur

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


@pytest.mark.parametrize("quoi", ["faits", "abandons"])
@pytest.mark.parametrize(
    "genre",
    [MULTIPART_CONTENT, "application/x-www-form-urlencoded", "text/plain", "application/", ""],
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
    retirer_son_role(salle.metier)
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


def agir_pour_une_autre(connecte, salle):
    """Dans ce navigateur, l'évaluateur choisit d'agir pour une personne absente."""
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
    agir = f"/comptes/delegations/{delegation.pk}/agir/"
    assert connecte.post(agir, headers={"X-CSRFToken": JETON}).status_code == 302


def test_qui_agit_pour_une_autre_personne_garde_sa_file_jusqu_a_reprendre_son_nom():
    """Un autre onglet du même navigateur a cliqué « agir pour » : la grille, qui s'envoie au retour, ne perd rien."""
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    agir_pour_une_autre(connecte, salle)
    lot = {"faits": [fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2)]}
    reponse = poster(connecte, salle, lot, **{"X-Parchemin-Personne": str(salle.metier.id)})
    assert (erreur(reponse), "reprenez votre nom" in reponse.json()["erreur"]["message"]) == (
        (403, "intuitu_personae"),
        True,
    )
    assert (Fait.objects.count(), GesteMisAPart.objects.count()) == (0, 0)
    assert connecte.post("/comptes/reprendre-mon-nom/", headers={"X-CSRFToken": JETON}).status_code == 302
    assert etats(poster(connecte, salle, lot)) == [("acceptee", "")] * 2


# Tout ce que le document énumère ----------------------------------------------------------------------------------------


def _sans_second_facteur(salle):
    connecte = tablette(salle.metier)
    force_login_sans_second_facteur(connecte, Compte.objects.get(personne_id=salle.metier.id))
    return poster(connecte, salle, {"faits": []})


def _par_delegation(salle):
    connecte = tablette(salle.metier)
    agir_pour_une_autre(connecte, salle)
    return poster(connecte, salle, {"faits": []})


def _quarantaine_pleine(salle):
    remplacer(salle)
    with mock.patch.object(quarantaine, "GESTES_MAXIMUM", 0):
        return poster(tablette(salle.metier), salle, {"faits": [fait(salle, 1, "lieu", "Plateau 2")]})


def _sans_declaration(_):
    salle = convocations.salle(declarees=False)
    return poster(tablette(salle.metier), salle, {"faits": []})


def _recuse(salle):
    recuser(
        epreuve=salle.epreuve,
        evaluateur=salle.metier.id,
        motif="Un lien.",
        auteur=salle.monde.candidat,
        maintenant=PLANIFICATION,
    )
    return poster(tablette(salle.metier), salle, {"faits": []})


def _trop_souvent(salle):
    connecte = tablette(salle.metier)
    with override_settings(PARCHEMIN_DEBITS={"evaluation:faits": "1/m"}):
        assert etats(poster(connecte, salle, {"faits": []})) == []
        reponse = poster(connecte, salle, {"faits": []})
    assert 1 <= int(reponse["Retry-After"]) <= 60
    return reponse


REFUSES = {
    (400, "json_illisible"): lambda salle: poster(tablette(salle.metier), salle, b"{"),
    (400, "forme"): lambda salle: poster(tablette(salle.metier), salle, {"faits": {}}),
    (401, "connexion_requise"): lambda salle: poster(Client(), salle, {"faits": []}),
    (401, "second_facteur_requis"): _sans_second_facteur,
    (403, "autre_personne"): lambda salle: poster(
        tablette(salle.metier), salle, {"faits": []}, **{"X-Parchemin-Personne": str(salle.certificateur.id)}
    ),
    (403, "intuitu_personae"): _par_delegation,
    (404, "introuvable"): lambda salle: poster(tablette(salle.monde.candidat), salle, {"faits": []}),
    (409, "quarantaine_pleine"): _quarantaine_pleine,
    (409, "declaration_manquante"): _sans_declaration,
    (409, "recusation_en_attente"): _recuse,
    (409, "lot_trop_grand"): lambda salle: poster(tablette(salle.metier), salle, {"faits": [None] * 501}),
    (413, "lot_trop_grand"): lambda salle: poster(tablette(salle.metier), salle, b" " * (OCTETS_MAX + 1)),
    (429, "trop_de_demandes"): _trop_souvent,
}


def test_le_document_enumere_chaque_refus_d_un_envoi_entier_et_rien_d_autre():
    assert erreurs_du_document() == set(REFUSES)


@pytest.mark.parametrize(("attendu", "envoyer"), REFUSES.items(), ids=[f"{statut} {code}" for statut, code in REFUSES])
def test_chaque_refus_du_document_se_lit_comme_il_le_dit_et_ne_garde_rien(attendu, envoyer):
    assert erreur(envoyer(convocations.salle())) == attendu
    assert (Fait.objects.count(), GesteMisAPart.objects.count()) == (0, 0)
