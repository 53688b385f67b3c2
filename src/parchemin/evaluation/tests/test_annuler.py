"""Annuler, au serveur : ce qui annule se dit, et tout autre geste reste un geste, même s'il revient à la valeur d'avant."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import EtatReponse
from parchemin.evaluation.tests.factories import fait
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db

CRITERE = "critere:K3.1.1"
PREMIER, DERNIER = (UUID(signe * 8 + "-1111-4111-8111-111111111111") for signe in "1f")
"""Deux appareils : à l'arrivée, un même lot se range par leur nom."""


def recevoir(salle: Salle, *lot: dict[str, object]) -> None:
    reponses = services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.metier, maintenant=JOUR)
    assert {reponse.etat for reponse in reponses} == {EtatReponse.ACCEPTEE}


def annulables(salle: Salle) -> list[tuple[str, object, object]]:
    """La cible, la valeur et celle d'avant de chaque geste de « Mes gestes »."""
    gestes = selectors.gestes_annulables(selectors.faits(salle.metier, salle.epreuve))
    return [(geste.fait.cible, geste.fait.valeur, geste.avant) for geste in gestes]


def annuler(salle: Salle, cible: str = "") -> object:
    """Annule, et rend la valeur que cela a donnée."""
    acte = {"epreuve": salle.epreuve, "appareil": uuid4(), "auteur": salle.metier, "maintenant": JOUR}
    reponse = services.annuler(cible=cible, **acte)
    return next(un.valeur for un in selectors.faits(salle.metier, salle.epreuve) if un.id == reponse.id)


@pytest.mark.parametrize(
    ("cible", "valeurs"),
    [
        (CRITERE, [None, "valide", "non_valide", "valide"]),
        ("commentaire:K3.1.1", ["", "Bien dit.", ""]),
        ("lieu", ["", "Accueil", ""]),
        ("alternative", [None, "double_ecoute", None]),
        ("competence_abordee:C3.1", [False, True, False]),
        ("entretien:e1", [None, {"alternative": None}, None]),
        ("courrier:c1", [None, {"motif": "Adresse", "preselectionne": True}, None]),
        ("question:K3.1.1:q1", [None, "Comment ?", None]),
        ("phase:observation:duree", [None, 20, None]),
        ("phase:observation:pause:p1", [None, {"motif": "Alerte"}, None]),
    ],
)
def test_revenir_a_la_valeur_d_avant_est_un_geste_et_s_annule(cible, valeurs):
    salle = convocations.salle()
    acte = {"epreuve": salle.epreuve, "appareil": uuid4(), "auteur": salle.metier, "maintenant": JOUR}
    for valeur in valeurs[1:]:
        services.poser(cible=cible, valeur=valeur, **acte)
    assert annulables(salle) == [(cible, valeurs[-1], valeurs[-2])]
    assert [annuler(salle, cible) for _ in valeurs[1:]] == valeurs[-2::-1]
    assert annulables(salle) == []
    with pytest.raises(Refus, match="aucun geste"):
        annuler(salle, cible)


def test_le_dernier_geste_fait_est_celui_qui_s_annule():
    salle = convocations.salle()
    acte = {"epreuve": salle.epreuve, "appareil": uuid4(), "auteur": salle.metier, "maintenant": JOUR}
    for critere, valeur in (("K3.1.1", "valide"), ("K3.1.1", "non_valide"), ("K3.1.2", "valide"), ("K3.1.1", "valide")):
        services.poser(cible=f"critere:{critere}", valeur=valeur, **acte)
    assert annuler(salle) == "non_valide"
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "non_valide", "K3.1.2": "valide"}


def test_ce_qui_fut_annule_avant_que_cela_ne_se_dise_reste_un_geste():
    """Une annulation d'alors nommait ce qu'elle annulait, comme une correction : la tenir pour un geste ne perd rien."""
    salle = convocations.salle()
    un = fait(salle, 1, CRITERE, "valide")
    deux = fait(salle, 2, CRITERE, "non_valide", remplace=un["id"])
    recevoir(salle, un, deux, fait(salle, 3, CRITERE, "valide", remplace=deux["id"]))
    assert annulables(salle) == [(CRITERE, "valide", "non_valide")]
    assert [annuler(salle) for _ in range(3)] == ["non_valide", "valide", None]
    assert annulables(salle) == []


def test_un_client_qui_ne_nomme_rien_n_annule_rien():
    salle = convocations.salle()
    recevoir(salle, fait(salle, 1, CRITERE, "valide"), fait(salle, 2, CRITERE, None))
    assert annulables(salle) == [(CRITERE, None, "valide")]


def test_deux_corrections_du_meme_geste_qui_ne_s_etaient_pas_vues_restent_deux_gestes():
    salle = convocations.salle()
    un = fait(salle, 1, CRITERE, "valide", PREMIER)
    ici = fait(salle, 2, CRITERE, "non_valide", PREMIER, remplace=un["id"])
    ailleurs = fait(salle, 1, CRITERE, "valide", DERNIER, remplace=un["id"], vus={str(PREMIER): 1})
    recevoir(salle, un, ici, ailleurs)
    assert annulables(salle) == [(CRITERE, "valide", "non_valide")]


def test_les_gestes_d_un_onglet_tue_arrivent_avant_ceux_qui_les_avaient_vus():
    """Ils partent dans un même lot, que la base rend dans l'ordre des noms d'appareil."""
    salle = convocations.salle()
    un = fait(salle, 1, CRITERE, "valide", DERNIER)
    deux = fait(salle, 1, CRITERE, "non_valide", PREMIER, remplace=un["id"], vus={str(DERNIER): 1})
    recevoir(salle, un, deux)
    assert annulables(salle) == [(CRITERE, "non_valide", "valide")]
    assert annuler(salle) == "valide"
