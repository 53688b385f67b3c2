"""Un client hostile, ou mal fait : chaque fait a sa réponse, rien ne casse, rien n'entre que ce qui est dit reçu."""

from __future__ import annotations

from datetime import datetime

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.evaluation import selectors
from parchemin.evaluation.enums import CodeRefusFait
from parchemin.evaluation.models import Fait, GesteMisAPart
from parchemin.evaluation.sceaux import sceau_fait
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.tablette import etats, poster, retirer_son_role, tablette
from parchemin.evaluation.tests.test_quarantaine import remplacer
from parchemin.registre.verification import examiner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


FEUILLES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=30), st.uuids().map(str),
    st.sampled_from([2**31, 2**53, -(2**53), 2**63, -(2**63), 10**4_000, "\u0000", "\ud800", "9999-12-31T23:59:59Z", "x" * 5_000]),
)  # fmt: skip
QUELCONQUE = st.recursive(
    FEUILLES,
    lambda dedans: st.lists(dedans, max_size=3) | st.dictionaries(st.text(max_size=8), dedans, max_size=3),
    max_leaves=8,
)
CIBLES = (
    "critere:K3.1.1", "critere:K1.1.1", "commentaire:K3.1.2", "lieu", "alternative", "phase:observation:debut",
    "phase:observation:pause:p1", "phase:observation:duree", "entretien:e1", "courrier:c1", "question:K3.1.1:q1",
    "competence_abordee:C3.1", "critere:", ":::", "", "critere:K3.1.1:critere:K3.1.1",
)  # fmt: skip
ETATS = {"acceptee", "deja_recue", "refusee", "mise_a_part"}


@pytest.mark.parametrize(("retire", "recu"), [(False, "acceptee"), (True, "mise_a_part")])
def test_un_client_hostile_a_toujours_une_reponse_par_fait_et_n_ecrit_que_ce_qui_est_dit_recu(retire, recu):
    """Types faux, clés ôtées ou en trop, rangs sautés, identifiants et appareils d'un autre, heures absurdes, doublons.

    Encore en place, ou non : ce qui est mis à part n'est lu par personne, il doit pourtant se garder et se sceller.
    """
    salle = convocations.salle()
    sien = fait(salle, 1, "critere:K3.1.1", "valide")
    poster(tablette(salle.certificateur), salle, {"faits": [sien]})
    sienne = selectors.grille(salle.certificateur, salle.epreuve)
    connecte = tablette(salle.metier)
    if retire:
        retirer_son_role(salle.metier)
    gardes = (GesteMisAPart if retire else Fait).objects.filter(evaluateur_id=salle.metier.id, epreuve_id=salle.epreuve)

    def un_fait(donnees) -> object:
        if donnees.draw(st.integers(0, 9)) == 0:
            return donnees.draw(QUELCONQUE)
        cible, rang = donnees.draw(st.sampled_from(CIBLES)), donnees.draw(st.integers(1, 10**6))
        valeur = donnees.draw(st.sampled_from(["valide", "non_valide", True, None, 10]) | QUELCONQUE)
        fabrique = fait(salle, rang, cible, valeur)
        for volee in donnees.draw(st.lists(st.sampled_from(["id", "appareil", "remplace"]), max_size=2)):
            fabrique[volee] = sien[volee if volee != "remplace" else "id"]
        for cle in donnees.draw(st.lists(st.sampled_from([*fabrique, "en_trop"]), max_size=2)):
            if donnees.draw(st.booleans()):
                fabrique[cle] = donnees.draw(QUELCONQUE)
            else:
                fabrique.pop(cle, None)
        return fabrique

    @settings(max_examples=80, deadline=None, database=None)
    @given(donnees=st.data())
    def essayer(donnees) -> None:
        avant = {str(cle) for cle in gardes.values_list("pk", flat=True)}
        lot = [un_fait(donnees) for _ in range(donnees.draw(st.integers(1, 6)))]
        lot += donnees.draw(st.lists(st.sampled_from(lot), max_size=3))
        reponse = poster(connecte, salle, {"faits": lot})
        entres = {str(cle) for cle in gardes.values_list("pk", flat=True)} - avant
        if reponse.status_code == 400:  # ce n'est pas du JSON (NaN, un entier sans fin) : rien n'entre, et cela se dit
            assert (set(reponse.json()["erreur"]), entres) == ({"code", "message"}, set())
            return
        assert reponse.status_code == 200
        reponses = reponse.json()["reponses"]
        assert len(reponses) == len(lot)
        for une in reponses:
            assert une["etat"] in ETATS
            assert {"code", "raison"} & set(une) == ({"code", "raison"} if une["etat"] == "refusee" else set())
            assert une.get("code", CodeRefusFait.FORME) in CodeRefusFait.values
        assert entres == {une["id"] for une in reponses if une["etat"] == recu} - avant
        encore = poster(connecte, salle, {"faits": lot}).json()["reponses"]
        assert [une["etat"] for une in encore] == [
            "deja_recue" if une["etat"] == "acceptee" else une["etat"] for une in reponses
        ]

    essayer()
    assert gardes.exists()
    selectors.grille(salle.metier, salle.epreuve)  # se lit, quoi qu'il soit entré
    assert selectors.grille(salle.certificateur, salle.epreuve) == sienne


@pytest.mark.parametrize("retire", [False, True])
@pytest.mark.parametrize("valeur", [2**53, -(2**53), {"a": [{"b": 10**4_000}]}])
def test_un_entier_qui_ne_se_scelle_pas_n_emporte_pas_le_lot(retire, valeur):
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    if retire:
        remplacer(salle)
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "critere:K3.1.2", valeur)]}
    recu = "mise_a_part" if retire else "acceptee"
    assert etats(poster(connecte, salle, lot)) == [(recu, ""), ("refusee", "forme")]


DECALAGES = ("+16:00", "-23:59", "+01:00:30.5")
"""Ceux que Python lit, et que PostgreSQL refuse."""


@pytest.mark.parametrize("mural", [f"2026-11-20T10:12:31.482{decalage}" for decalage in DECALAGES])
def test_un_decalage_horaire_que_la_base_refuse_n_emporte_pas_le_lot(mural, tmp_path):
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide", mural=mural), fait(salle, 2, "lieu", "Plateau 2")]}
    assert etats(poster(connecte, salle, lot)) == [("acceptee", "")] * 2
    assert etats(poster(connecte, salle, lot)) == [("deja_recue", "")] * 2
    assert Fait.objects.get(rang=1).mural == datetime.fromisoformat(mural)
    assert connecte.get(f"/epreuves/{salle.epreuve}/grille/").status_code == 200
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


@pytest.mark.parametrize(
    ("mural", "attendu"),
    [
        ("0002-01-01T23:59:00+23:59", ("acceptee", "")),
        ("9998-12-31T00:01:00-23:59", ("acceptee", "")),
        ("0002-01-01T23:58:59+23:59", ("refusee", "forme")),
        ("9998-12-31T00:01:01-23:59", ("refusee", "forme")),
        ("0001-01-01T00:00:00+23:59", ("refusee", "forme")),
        ("9999-12-31T23:59:59-23:59", ("refusee", "forme")),
    ],
)
def test_les_bornes_d_une_heure_valent_en_temps_universel(mural, attendu):
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    lot = {"faits": [fait(salle, 1, "critere:K3.1.1", "valide", mural=mural)]}
    assert etats(poster(connecte, salle, lot)) == [attendu]
    assert connecte.get(f"/epreuves/{salle.epreuve}/grille/").status_code == 200


def test_une_heure_ecrite_sous_un_autre_fuseau_est_le_meme_fait_et_le_meme_sceau():
    salle = convocations.salle()
    connecte = tablette(salle.metier)
    un = fait(salle, 1, "critere:K3.1.1", "valide", mural="2026-11-20T10:12:31.482+01:00")
    assert etats(poster(connecte, salle, {"faits": [un]})) == [("acceptee", "")]
    assert etats(poster(connecte, salle, {"faits": [un | {"mural": "2026-11-20T09:12:31.482Z"}]})) == [
        ("deja_recue", "")
    ]
    recu = Fait.objects.get()
    sceau = sceau_fait(recu)
    recu.mural = datetime.fromisoformat(un["mural"])
    assert sceau_fait(recu) == sceau


@pytest.mark.parametrize(("phase", "signes"), [("observation", 54), ("questions", 56)])
def test_une_pause_qui_ne_pourrait_pas_finir_ne_commence_pas(phase, signes):
    """La reprise se nomme en deux signes de plus que la pause ; une cible en compte 80."""
    salle = convocations.salle("B3")
    connecte = tablette(salle.metier)

    def dire(rang, quoi, cle, valeur):
        return etats(poster(connecte, salle, {"faits": [fait(salle, rang, f"phase:{phase}:{quoi}:{cle}", valeur)]}))

    assert dire(1, "pause", "p" * signes, {"motif": "Appel."}) == [("acceptee", "")]
    assert dire(2, "reprise", "p" * signes, True) == [("acceptee", "")]
    for trop in (signes + 1, signes + 2):
        assert dire(trop, "pause", "p" * trop, {"motif": "Appel."}) == [("refusee", "forme")]
        assert dire(trop, "reprise", "p" * trop, True) == [("refusee", "forme")]
        assert dire(trop, "pause", "p" * trop, None) == [("acceptee", "")]  # gardée d'avant, elle se retire encore
    assert selectors.grille(salle.metier, salle.epreuve).phases[phase].en_pause is None


@pytest.mark.parametrize("bloc", ["B1", "B2", "B3", "B4"])
def test_un_identifiant_de_pause_de_48_signes_se_garde_dans_toute_phase(bloc):
    """C'est ce que promet le document, quel que soit le code de la phase."""
    salle = convocations.salle(bloc)
    connecte = tablette(salle.metier)
    phases = selectors.bloc_de(salle.metier, epreuve_par_id(salle.metier, salle.epreuve)).epreuve.phases
    cibles = [(f"phase:{une.code}:{quoi}:{'p' * 48}", dit) for une in phases for quoi, dit in PAUSE_ET_REPRISE]
    cibles.append((f"question:K{bloc[1]}.1.1:{'q' * 64}", "Pourquoi ?"))
    lot = {"faits": [fait(salle, rang, cible, dit) for rang, (cible, dit) in enumerate(cibles, 1)]}
    assert etats(poster(connecte, salle, lot)) == [("acceptee", "")] * len(cibles)


PAUSE_ET_REPRISE = (("pause", {"motif": "Appel."}), ("reprise", True))
