"""Le sceau malgré une condition manquée ; l'accord sur les critères et sur les conditions ; la confirmation."""

from __future__ import annotations

import json
from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import NatureResultat, Position
from parchemin.evaluation.models import Confirmation, Lecture, PositionAccord, Resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

OBSERVATION = "phase:observation:duree"
COURT = {OBSERVATION: 12}


def clore(salle, auteur, exceptions=None):
    return services.clore_lecture(epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE, exceptions=exceptions or {})


def dire(salle, auteur, choix, motif="", **point):
    return services.se_prononcer(
        epreuve=salle.epreuve, choix=choix, motif=motif, auteur=auteur, maintenant=CLOTURE, **point
    )


def confirmer(salle, auteur):
    return services.confirmer(epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE)


def refus(faire):
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


def ecarts(salle):
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    return selectors.ecarts_de(SYSTEME, vue, selectors.lectures_scellees(salle.epreuve))


def courtes(salle=None, motif="Évacuation du site à 9 h 40.", *, les_deux=True):
    """Une épreuve dont l'observation a duré douze minutes, scellée avec son motif par l'un, ou par les deux."""
    salle = salle or convocations.salle()
    for auteur, court in ((salle.metier, True), (salle.certificateur, les_deux)):
        factories.remplir(salle, auteur, autrement=COURT if court else None)
        clore(salle, auteur, {"phase:observation": motif} if court else None)
    return salle


# Le sceau -----------------------------------------------------------------------------------------------------------


def test_une_condition_manquee_se_scelle_avec_son_motif_qui_va_au_resultat():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, autrement=COURT)
    for sans in ({}, {"phase:observation": "  "}, {"entretiens": "Autre chose."}):
        assert refus(lambda sans=sans: clore(salle, salle.metier, sans)) == "grille_incomplete"
    assert Lecture.objects.count() == 0
    assert clore(salle, salle.metier, {"phase:observation": " Évacuation. ", "entretiens": "Pour rien."}) is True
    lecture = json.loads(Lecture.objects.get().canonique)
    assert lecture["conditions"]["exceptions"] == [{"condition": "phase:observation", "motif": "Évacuation."}]


def test_un_critere_ouvert_n_a_pas_d_exception():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, autrement={"critere:K3.1.1": "non_observe"})
    assert refus(lambda: clore(salle, salle.metier, {"critere:K3.1.1": "Pas vu."})) == "grille_incomplete"


def test_le_reglement_peut_interdire_toute_exception():
    salle = convocations.salle()
    factories.regler(salle, "exceptions_aux_conditions", "interdite")
    factories.remplir(salle, salle.metier, autrement=COURT)
    assert refus(lambda: clore(salle, salle.metier, {"phase:observation": "Évacuation."})) == "grille_incomplete"


def test_les_motifs_des_deux_vont_au_resultat():
    salle = courtes()
    factories.confirmee(salle)
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert [(e.qualite, e.condition, e.motif) for e in resultat.exceptions] == [
        (Qualite.CERTIFICATEUR, "phase:observation", "Évacuation du site à 9 h 40."),
        (Qualite.METIER, "phase:observation", "Évacuation du site à 9 h 40."),
    ]
    assert resultat.nature == NatureResultat.CONCORDANT


def test_la_page_dit_de_quelle_lecture_vient_une_exception_et_jamais_de_qui():
    salle = courtes()
    factories.confirmee(salle)
    rh = comptes.avec_role(NatureRole.RH, salle.monde.organisme)
    dite = (
        "Durée : Observation de situations réelles (lecture du certificateur et lecture du représentant métier) : "
        "Évacuation du site à 9 h 40."
    )
    with time_machine.travel(CLOTURE, tick=False):
        lues = [
            dite in comptes.texte(comptes.client(qui).get(f"/epreuves/{salle.epreuve}/"))
            for qui in (salle.monde.candidat, salle.monde.manager, rh, salle.monde.gestionnaire, salle.metier)
        ]
    assert lues == [True] * 5


# L'accord sur les conditions ----------------------------------------------------------------------------------------


def test_une_duree_qui_differe_se_regle_on_dit_quelle_lecture_fait_foi():
    salle = courtes(les_deux=False)
    assert [e.condition for e in ecarts(salle).conditions] == ["phase:observation"]
    assert ecarts(salle).criteres == ()
    point = {"condition": "phase:observation"}
    assert refus(lambda: confirmer(salle, salle.metier)) == "reste_a_regler"
    assert refus(lambda: dire(salle, salle.metier, Position.VALIDE, "Non.", **point)) == "choix_impossible"
    assert refus(lambda: dire(salle, salle.metier, Position.METIER, **point)) == "motif_manquant"
    assert refus(lambda: dire(salle, salle.metier, Position.METIER, "x", condition="entretiens")) == (
        "condition_concordante"
    )
    assert dire(salle, salle.metier, Position.METIER, "Chronomètre arrêté à l'évacuation.", **point) is False
    assert refus(lambda: dire(salle, salle.certificateur, Position.METIER, **point)) == "motif_manquant"
    assert dire(salle, salle.certificateur, Position.METIER, "Le mien n'a pas été arrêté.", **point) is True
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.conditions) == (NatureResultat.ACCORDE, {"phase:observation": "metier"})


def test_les_ecarts_de_chronometre_ne_se_discutent_pas():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, autrement={OBSERVATION: 21})
    factories.remplir(salle, salle.certificateur, autrement={OBSERVATION: 22})
    for auteur in (salle.metier, salle.certificateur):
        clore(salle, auteur)
    assert ecarts(salle).aucun


def test_l_ecart_permis_est_celui_du_reglement():
    salle = convocations.salle()
    factories.regler(salle, "ecart_des_durees_minutes", 0)
    factories.remplir(salle, salle.metier, autrement={OBSERVATION: 21})
    factories.remplir(salle, salle.certificateur, autrement={OBSERVATION: 22})
    for auteur in (salle.metier, salle.certificateur):
        clore(salle, auteur)
    assert [e.condition for e in ecarts(salle).conditions] == ["phase:observation"]


def test_un_reglement_revise_pendant_l_accord_ne_fait_rien_differer_apres_coup():
    """Le résultat établi se relit comme il s'est réglé : sous le règlement du jour où l'accord s'est ouvert."""
    salle = convocations.salle()
    factories.regler(salle, "ecart_des_durees_minutes", 0, depuis=CLOTURE.date() + timedelta(days=2))
    factories.remplir(salle, salle.metier, autrement={OBSERVATION: 21})
    factories.remplir(salle, salle.certificateur, autrement={OBSERVATION: 22})
    evaluateurs = (salle.metier, salle.certificateur)
    for auteur in evaluateurs:
        clore(salle, auteur)
    for auteur in evaluateurs:
        services.confirmer(epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE + timedelta(days=5))
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.conditions) == (NatureResultat.CONCORDANT, {})
    assert ecarts(salle).aucun


def test_un_desaccord_sur_une_condition_va_au_jury_et_appelle_un_second_regard():
    salle = courtes(les_deux=False)
    point = {"condition": "phase:observation"}
    dire(salle, salle.metier, Position.DESACCORD, "Ma montre dit douze.", **point)
    assert dire(salle, salle.certificateur, Position.DESACCORD, **point) is True
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.conditions) == (NatureResultat.DESACCORD, {"phase:observation": "desaccord"})
    assert [m.value for m in selectors.second_regard(SYSTEME, salle.epreuve).motifs] == ["sans_accord"]


def test_qui_s_ecarte_de_sa_lecture_dit_pourquoi_qui_la_garde_rejoint_sans_mot():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    dire(salle, salle.certificateur, Position.VALIDE, "Le geste y est.", critere="K3.1.1")
    assert refus(lambda: dire(salle, salle.metier, Position.VALIDE, critere="K3.1.1")) == "motif_manquant"
    dire(salle, salle.metier, Position.NON_VALIDE, "Pas avant l'aide.", critere="K3.1.1")
    dire(salle, salle.certificateur, Position.NON_VALIDE, "C'est vrai, après l'aide.", critere="K3.1.1")
    assert selectors.resultat(SYSTEME, salle.epreuve).etats["K3.1.1"].value == "non_valide"


ACTES = {
    "m1": ("metier", {"critere": "K3.1.1"}, Position.VALIDE),
    "c1": ("certificateur", {"critere": "K3.1.1"}, Position.VALIDE),
    "m2": ("metier", {"condition": "phase:observation"}, Position.CERTIFICATEUR),
    "c2": ("certificateur", {"condition": "phase:observation"}, Position.CERTIFICATEUR),
}


@pytest.mark.parametrize("ordre", list(permutations(ACTES)), ids="-".join)
def test_l_ordre_des_actes_ne_change_pas_le_resultat(ordre):
    """Toutes les façons de se prononcer : le résultat s'établit au dernier acte, le même."""
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, {"K3.1.1"}, autrement=COURT)
    factories.remplir(salle, salle.certificateur)
    clore(salle, salle.metier, {"phase:observation": "Évacuation."})
    clore(salle, salle.certificateur)
    acteurs = {"metier": salle.metier, "certificateur": salle.certificateur}
    rendus = [dire(salle, acteurs[qui], choix, "Vu ensemble.", **point) for qui, point, choix in map(ACTES.get, ordre)]
    assert rendus == [False, False, False, True]
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.conditions, resultat.etats["K3.1.1"].value) == (
        NatureResultat.ACCORDE,
        {"phase:observation": "certificateur"},
        "valide",
    )


# La confirmation ----------------------------------------------------------------------------------------------------


def test_confirmer_se_scelle_et_ne_bouge_plus(tmp_path):
    salle = factories.evalue("B3")
    assert Confirmation.objects.count() == 2
    contenu = json.loads(Resultat.objects.get().canonique)
    assert contenu["confirmations"] == sorted(str(c.evaluateur_id) for c in Confirmation.objects.all())
    for sql in ("UPDATE evaluation_confirmation SET sel = ''", "DELETE FROM evaluation_confirmation"):
        with connection.cursor() as curseur, pytest.raises(IntegrityError), transaction.atomic():
            curseur.execute(sql)
    assert refus(lambda: dire(salle, salle.metier, Position.VALIDE, "x", critere="K3.1.1")) == "accord_ferme"
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_on_ne_confirme_ni_avant_les_deux_sceaux_ni_a_la_place_d_un_autre():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    assert refus(lambda: confirmer(salle, salle.metier)) == "accord_ferme"
    for autre in (salle.monde.gestionnaire, salle.monde.candidat):
        with pytest.raises(Introuvable):
            confirmer(salle, autre)


@pytest.mark.parametrize(
    "champs",
    [
        {"critere": "", "condition": ""},
        {"critere": "K3.1.1", "condition": "phase:observation"},
    ],
)
def test_une_position_porte_sur_un_point_et_un_seul(champs):
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    with pytest.raises(IntegrityError), transaction.atomic():
        PositionAccord.objects.create(
            epreuve_id=salle.epreuve,
            rang=1,
            evaluateur_id=salle.metier.id,
            choix=Position.VALIDE,
            motif="x",
            le=CLOTURE,
            sel="0" * 32,
            **champs,
        )


# Un geste envoyé deux fois --------------------------------------------------------------------------------------------


def envoyer(salle, qui, geste, **champs):
    """Le même formulaire, envoyé deux fois de suite ; rend ce que dit chaque réponse."""
    with time_machine.travel(CLOTURE, tick=False):
        client = comptes.client(qui)
        return [
            comptes.texte(client.post(f"/epreuves/{salle.epreuve}/{geste}/", champs, follow=True)) for _ in range(2)
        ]


def test_la_derniere_position_envoyee_deux_fois_n_est_pas_refusee():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    point = {"critere": "K3.1.1", "choix": "valide", "motif": "Vu ensemble."}
    for reponse in envoyer(salle, salle.metier, "accord", **point):
        assert "Votre position est enregistrée." in reponse
        assert "est établi et scellé" not in reponse
    premiere, seconde = envoyer(salle, salle.certificateur, "accord", **point)
    assert "Plus rien ne diffère : le résultat est établi et scellé." in premiere
    assert "Votre position est enregistrée ; le résultat est établi et scellé." in seconde
    assert "Rien n'en est enregistré" not in seconde
    assert (PositionAccord.objects.count(), Resultat.objects.count()) == (2, 1)
    # en changer, elle, n'est plus possible
    assert refus(lambda: dire(salle, salle.certificateur, Position.NON_VALIDE, "Non.", critere="K3.1.1")) == (
        "accord_ferme"
    )


def test_la_derniere_confirmation_envoyee_deux_fois_dit_que_le_resultat_est_etabli():
    salle = factories.deux_lectures(convocations.salle())
    attend = "Le résultat s'établira quand l'autre évaluateur aura confirmé."
    assert [attend in reponse for reponse in envoyer(salle, salle.metier, "confirmer")] == [True, True]
    premiere, seconde = envoyer(salle, salle.certificateur, "confirmer")
    assert "Vous avez tous deux confirmé : le résultat est établi et scellé." in premiere
    assert "C'est confirmé ; le résultat est établi et scellé." in seconde
    assert attend not in seconde


def test_un_contreseing_envoye_deux_fois_ramene_a_l_epreuve():
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    premiere, seconde = envoyer(salle, salle.certificateur, "contresigner")
    assert "La lecture commune est contresignée : le résultat est établi et scellé." in premiere
    assert "La lecture commune était déjà contresignée ; le résultat est établi et scellé." in seconde
    assert "était déjà contresignée" not in "".join(envoyer(salle, salle.metier, "contresigner"))
