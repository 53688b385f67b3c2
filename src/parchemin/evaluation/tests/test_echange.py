"""L'échange des faits (docs/echange-des-faits.md), joué par un client quelconque : chaque réponse, et rien qui casse."""

from __future__ import annotations

import functools
import json
import random
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from moteur.grille import grille_courante
from parchemin.comptes.models import Compte, Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import texte
from parchemin.convocations.services import annuler_epreuve
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import CodeRefusFait, EtatReponse
from parchemin.evaluation.models import Fait, GesteMisAPart
from parchemin.evaluation.services.faits import LOT_MAXIMAL
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.parcours.services import abandonner
from parchemin.registre.models import Entree
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


def client(acteur: Acteur, **options) -> Client:
    comptes.compte(acteur)
    connecte = Client(**options)
    connecte.force_login(Compte.objects.get(personne_id=acteur.id))
    return connecte


def envoyer(client: Client, salle, corps):
    octets = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
    return client.post(f"/epreuves/{salle.epreuve}/faits", octets, content_type="application/json")


def etats(reponse) -> list[tuple[str, str]]:
    return [(une["etat"], une.get("code", "")) for une in reponse.json()["reponses"]]


# Ce que l'on envoie, ce que l'on reçoit --------------------------------------------------------------------------------


def test_la_reponse_a_la_forme_du_document():
    salle = convocations.salle()
    bon, mauvais = fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "critere:K1.1.1", "valide")
    reponse = envoyer(client(salle.metier), salle, {"faits": [bon, mauvais]})
    assert reponse.status_code == 200
    assert reponse.json() == {
        "reponses": [
            {"id": bon["id"], "etat": "acceptee"},
            {
                "id": mauvais["id"],
                "etat": "refusee",
                "code": "cible_inconnue",
                "raison": "La cible « critere:K1.1.1 » n'existe pas dans la grille du bloc B3.",
            },
        ]
    }


ILLISIBLES = [
    b"",
    b"{",
    b"\xff\xfe",
    b"[]",
    b"null",
    b'"faits"',
    b"{}",
    b'{"faits": null}',
    b'{"faits": {}}',
    b'{"faits": "tous"}',
    b'{"faits": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
]


def test_un_envoi_illisible_est_refuse_en_json():
    salle = convocations.salle()
    connecte = client(salle.metier)
    for corps in ILLISIBLES:
        reponse = envoyer(connecte, salle, corps)
        assert (reponse.status_code, set(reponse.json()["erreur"])) == (400, {"code", "message"}), corps[:20]
    assert Fait.objects.count() == 0


def test_un_lot_trop_grand_est_refuse_en_entier():
    salle = convocations.salle()
    lot = [fait(salle, 1, "critere:K3.1.1", "valide")] * (LOT_MAXIMAL + 1)
    connecte = client(salle.metier)
    reponse = envoyer(connecte, salle, {"faits": lot})
    assert (reponse.status_code, reponse.json()["erreur"]["code"]) == (409, "lot_trop_grand")
    reponse = envoyer(connecte, salle, b'{"faits": ["' + b"x" * 2_000_000 + b'"]}')
    assert (reponse.status_code, reponse.json()["erreur"]["code"]) == (413, "lot_trop_grand")
    assert Fait.objects.count() == 0


def test_un_lot_vide_ne_fait_rien_et_n_ouvre_pas_l_epreuve():
    salle = convocations.salle()
    connecte = client(salle.metier)
    entrees = Entree.objects.count()
    reponse = envoyer(connecte, salle, {"faits": []})
    assert (reponse.status_code, reponse.json()) == (200, {"reponses": []})
    assert Entree.objects.count() == entrees


def test_un_lot_est_une_seule_entree_du_journal_et_un_nombre_fixe_de_requetes(django_assert_num_queries):
    salle = convocations.salle()
    deux = convocations.salle("B3")
    for une, nombre in ((salle, 1), (deux, 30)):
        connecte = client(une.metier)
        lot = [fait(une, rang, "critere:K3.1.1", "valide", appareil=uuid4()) for rang in range(1, nombre + 1)]
        envoyer(connecte, une, {"faits": [fait(une, 1, "lieu", "Plateau 2", appareil=uuid4())]})
        entrees = Entree.objects.count()
        with django_assert_num_queries(REQUETES_D_UN_LOT):
            assert envoyer(connecte, une, {"faits": lot}).status_code == 200
        assert Entree.objects.count() == entrees + 1


REQUETES_D_UN_LOT = 27
"""Que le lot porte un geste ou trente."""


# À qui, et quand -------------------------------------------------------------------------------------------------------


def test_sans_jeton_csrf_rien_n_entre():
    salle = convocations.salle()
    reponse = envoyer(client(salle.metier, enforce_csrf_checks=True), salle, {"faits": []})
    assert reponse.status_code == 403
    assert not reponse.headers["Content-Type"].startswith("application/json")


def test_qui_n_evalue_pas_cette_epreuve_recoit_404_sans_apprendre_si_elle_existe():
    salle, autre = convocations.salle(), convocations.salle()
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide")]}
    for acteur in (autre.metier, salle.monde.gestionnaire, salle.monde.candidat, salle.monde.tuteur):
        connecte = client(acteur)
        reponse = envoyer(connecte, salle, lot)
        inconnue = connecte.post(f"/epreuves/{uuid4()}/faits", json.dumps(lot), content_type="application/json")
        assert (reponse.status_code, inconnue.status_code) == (404, 404)
        assert reponse.json()["erreur"]["code"] == inconnue.json()["erreur"]["code"] == "introuvable"
    assert Fait.objects.count() == 0


def test_un_evaluateur_qui_n_a_plus_son_role_est_recu_a_part():
    salle = convocations.salle()
    connecte = client(salle.metier)
    Role.objects.filter(personne_id=salle.metier.id).update(au=JOUR.date())
    reponse = envoyer(connecte, salle, {"faits": [fait(salle, 1, "critere:K3.1.1", "valide")]})
    assert (reponse.status_code, etats(reponse)) == (200, [("mise_a_part", "")])
    assert (Fait.objects.count(), GesteMisAPart.objects.get().motif) == (0, "evaluateur_sans_role")


@pytest.mark.parametrize("fin", ["annulee", "abandonne"])
def test_une_epreuve_annulee_ou_d_un_dossier_clos_met_chaque_geste_a_part_et_le_gestionnaire_l_ecarte(fin):
    salle = convocations.salle()
    connecte = client(salle.metier)
    acte = {"motif": "Reportée.", "auteur": salle.monde.gestionnaire, "maintenant": JOUR}
    if fin == "annulee":
        annuler_epreuve(epreuve=salle.epreuve, **acte)
    else:
        abandonner(dossier=salle.monde.dossier, **acte)
    lot = {"faits": [fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2)]}
    for _ in range(2):
        assert etats(envoyer(connecte, salle, lot)) == [("mise_a_part", "")] * 2
    assert (Fait.objects.count(), GesteMisAPart.objects.filter(motif="epreuve_close").count()) == (0, 2)
    gestionnaire = client(salle.monde.gestionnaire)
    assert "Décider de 2 gestes mis à part" in texte(gestionnaire.get("/"))
    page = texte(gestionnaire.get(f"/epreuves/{salle.epreuve}/"))
    assert ("2 gestes d'Hugo" in page, "annulée ou close" in page, "Reprendre" in page) == (True, True, False)
    saisie = {"evaluateur": str(salle.metier.id), "sort": "ecartes", "motif": "Elle n'a pas eu lieu."}
    suite = texte(gestionnaire.post(f"/epreuves/{salle.epreuve}/quarantaine/", saisie, follow=True))
    assert "Mis de côté, et gardés : 2 gestes." in suite
    assert "gestes mis à part" not in texte(gestionnaire.get("/"))


def test_une_lecture_scellee_redit_ce_qu_elle_a_recu_et_refuse_le_reste():
    salle = convocations.salle()
    lot = factories.gestes_complets(salle)
    connecte = client(salle.metier)
    envoyer(connecte, salle, {"faits": lot})
    factories.clore(salle, salle.metier)
    nouveau = fait(salle, 900, "critere:K3.1.1", "non_valide")
    assert etats(envoyer(connecte, salle, {"faits": [lot[0], nouveau]})) == [
        ("deja_recue", ""),
        ("refusee", "lecture_scellee"),
    ]


def test_l_identifiant_d_un_autre_n_apprend_rien_de_son_geste():
    """Le même code, que le geste de l'autre ait ce contenu ou non : on ne devine pas sa grille en essayant."""
    salle = convocations.salle()
    sien = fait(salle, 1, "critere:K3.1.1", "valide")
    envoyer(client(salle.metier), salle, {"faits": [sien]})
    autre = client(salle.certificateur)
    for valeur in ("valide", "non_valide", "non_observe"):
        essai = sien | {"valeur": valeur, "appareil": str(uuid4())}
        assert etats(envoyer(autre, salle, {"faits": [essai]})) == [("refusee", "id_reutilise")]
    assert selectors.grille(salle.certificateur, salle.epreuve).etats == {}


# Ce qui est mal formé --------------------------------------------------------------------------------------------------


MAL_FORMES: list[dict[str, object]] = [
    {"rang": 0},
    {"rang": -1},
    {"rang": True},
    {"rang": 1.5},
    {"rang": "1"},
    {"rang": 2**31},
    {"monotone_ms": -1},
    {"monotone_ms": 2**53},
    {"monotone_ms": None},
    {"mural": "hier"},
    {"mural": "2026-11-20T09:00:00"},
    {"mural": "0001-01-01T00:00:00+14:00"},
    {"mural": "9999-12-31T23:59:59-14:00"},
    {"mural": 12},
    {"vus": [1]},
    {"vus": []},
    {"vus": ""},
    {"vus": 0},
    {"vus": False},
    {"vus": {"x": 1}},
    {"vus": {str(uuid4()): -1}},
    {"vus": {str(uuid4()): 2**31}},
    {"vus": {str(uuid4()): True}},
    {"id": "1"},
    {"id": None},
    {"appareil": 5},
    {"remplace": "ce geste"},
    {"remplace": ""},
    {"remplace": 0},
    {"remplace": False},
    {"cible": None},
    {"cible": "lieu" * 40},
    {"cible": "commentaire:K3.1.1", "valeur": "un \x00"},
    {"cible": "commentaire:K3.1.1", "valeur": "\ud83d seul"},
    {"valeur": 1.5},
    {"valeur": 2**53},
    {"valeur": [{"a": -(2**53)}]},
    {"valeur": {"a": [1.5]}},
    {"valeur": functools.reduce(lambda dedans, _: [dedans], range(5_000), [])},
    {"en_plus": 1},
]


@pytest.mark.parametrize(
    "mural", ["1970-01-01T00:00:12.345+00:00", "1969-12-31T23:00:00-01:00", "2199-06-01T08:00:00+02:00"]
)
def test_une_tablette_dont_l_horloge_est_fausse_est_recue(mural):
    """L'heure affichée ne décide de rien : le geste compte, se relit et se renvoie."""
    salle = convocations.salle()
    connecte = client(salle.metier)
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide") | {"mural": mural}]}
    assert etats(envoyer(connecte, salle, lot)) == [("acceptee", "")]
    assert etats(envoyer(connecte, salle, lot)) == [("deja_recue", "")]
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "valide"}
    assert connecte.get(f"/epreuves/{salle.epreuve}/grille/").status_code == 200


def test_un_fait_mal_forme_est_refuse_seul():
    salle = convocations.salle()
    for rang, changement in enumerate(MAL_FORMES, start=1):
        mauvais = fait(salle, rang, "critere:K3.1.1", "valide") | changement
        bon = fait(salle, rang, "critere:K3.1.2", "valide")
        reponses = services.recevoir_faits(
            epreuve=salle.epreuve, lot=[mauvais, bon], auteur=salle.metier, maintenant=JOUR
        )
        attendues = [(EtatReponse.REFUSEE, "forme"), (EtatReponse.ACCEPTEE, "")]
        assert [(reponse.etat, reponse.code) for reponse in reponses] == attendues, changement
    assert Fait.objects.count() == len(MAL_FORMES)


@pytest.mark.parametrize("dit", [{"remplace": None, "vus": None}, {"vus": {}}, {}])
def test_ce_que_le_fait_corrige_et_avait_vu_se_tait_ou_se_dit_nul(dit):
    salle = convocations.salle()
    geste = fait(salle, 1, "critere:K3.1.1", "valide")
    del geste["remplace"], geste["vus"]
    assert etats(envoyer(client(salle.metier), salle, {"faits": [geste | dit]})) == [("acceptee", "")]
    assert (Fait.objects.get().remplace, Fait.objects.get().vus) == (None, {})


def test_un_fait_a_qui_il_manque_une_cle_est_refuse():
    salle = convocations.salle()
    connecte = client(salle.metier)
    for cle in ("id", "appareil", "rang", "cible", "valeur", "mural", "monotone_ms", "norme"):
        tronque = fait(salle, 1, "critere:K3.1.1", "valide")
        del tronque[cle]
        assert etats(envoyer(connecte, salle, {"faits": [tronque]})) == [("refusee", "forme")], cle


def test_un_texte_decompose_se_garde_compose_et_se_renvoie_sans_se_contredire():
    salle = convocations.salle()
    geste = fait(salle, 1, "commentaire:K3.1.1", "e\u0301coute")
    connecte = client(salle.metier)
    assert etats(envoyer(connecte, salle, {"faits": [geste]})) == [("acceptee", "")]
    assert etats(envoyer(connecte, salle, {"faits": [geste]})) == [("deja_recue", "")]
    assert Fait.objects.get().valeur == "\u00e9coute"


def test_chaque_code_de_refus_est_dans_le_document_et_chaque_code_du_document_existe():
    from pathlib import Path

    texte = (Path(__file__).parents[4] / "docs" / "echange-des-faits.md").read_text(encoding="utf-8")
    tableau = texte.partition("## Les codes de refus d'un fait")[2].partition("\n## ")[0]
    ecrits = [ligne.split("`")[1] for ligne in tableau.splitlines() if ligne.startswith("| `")]
    assert sorted(ecrits) == sorted(CodeRefusFait.values)


# Un client qui fait n'importe quoi ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("graine", range(3))
def test_un_client_brouillon_ne_perd_rien_n_invente_rien(graine):
    """Doublons, désordre, coupures, mélanges de bon et de mauvais : il reste exactement ce qui a été accepté."""
    hasard = random.Random(graine)
    salle = convocations.salle()
    connecte = client(salle.metier)
    codes = [critere.code for critere in selectors.bloc_de(salle.metier, _vue(salle)).criteres()]
    appareils = [uuid4(), uuid4()]
    bons = [
        fait(
            salle,
            rang,
            f"critere:{hasard.choice(codes)}",
            hasard.choice(["valide", "non_valide", "non_observe"]),
            appareil,
        )
        for appareil in appareils
        for rang in range(1, 13)
    ]
    envois = []
    for _ in range(25):
        lot: list[object] = hasard.sample(bons, hasard.randint(1, 6))
        if hasard.random() < 0.5:
            lot.insert(
                hasard.randrange(len(lot) + 1),
                hasard.choice([None, 3, [], {}, "x", {"id": 1}, lot[0] | {"valeur": "oui"}]),
            )
        envois.append(lot)
    envois.append(bons)
    acceptes: set[str] = set()
    for lot in envois:
        reponse = envoyer(connecte, salle, {"faits": lot})
        assert reponse.status_code == 200
        assert len(reponse.json()["reponses"]) == len(lot)
        acceptes |= {une["id"] for une in reponse.json()["reponses"] if une["etat"] == "acceptee"}
    assert acceptes == {bon["id"] for bon in bons}
    assert {str(cle) for cle in Fait.objects.values_list("pk", flat=True)} == acceptes
    recus = selectors.faits(salle.metier, salle.epreuve)
    melanges = hasard.sample(recus, len(recus))
    assert grille_courante(recus) == grille_courante(melanges)
    assert [str(r.mural) for r in recus] == [str(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))] * len(bons)


def _vue(salle):
    from parchemin.convocations.selectors import epreuve_par_id

    return epreuve_par_id(salle.metier, salle.epreuve)
