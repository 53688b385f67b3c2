"""Recevoir, clore, s'accorder : ce qui est gardé, ce qui est refusé, ce qui ne bouge plus."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from moteur.vocabulaire import Etat
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import EtatReponse, NatureResultat, Position
from parchemin.evaluation.models import Fait, Lecture, PositionAccord, Resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE, fait
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db


def _recevoir(salle, auteur, *lot):
    return services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=auteur, maintenant=convocations.JOUR)


def _codes(reponses):
    return [(reponse.etat.value, reponse.code) for reponse in reponses]


def test_un_geste_est_garde_et_renvoye_il_est_deja_recu():
    salle = convocations.salle()
    geste = fait(salle, 1, "critere:K3.1.1", "valide")
    assert _codes(_recevoir(salle, salle.metier, geste)) == [("acceptee", "")]
    assert _codes(_recevoir(salle, salle.metier, geste)) == [("deja_recue", "")]
    assert Fait.objects.count() == 1
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": Etat.VALIDE}
    assert selectors.grille(salle.certificateur, salle.epreuve).etats == {}


def test_un_lot_repond_a_chacun_dans_l_ordre():
    salle = convocations.salle()
    bon = fait(salle, 1, "critere:K3.1.1", "valide")
    reponses = _recevoir(
        salle,
        salle.metier,
        bon,
        bon | {"valeur": "non_valide"},
        fait(salle, 1, "critere:K3.1.2", "valide"),
        fait(salle, 2, "critere:K1.1.1", "valide"),
        fait(salle, 3, "critere:K3.1.2", "peut-être"),
        fait(salle, 4, "critere:K3.1.2", "valide", norme="0" * 64),
        {"id": "x"},
        None,
        fait(salle, 5, "commentaire:K3.1.2", "un \ud800 demi-caractère"),
        fait(salle, 6, "commentaire:K3.1.2", "un \0 nul"),
        fait(salle, 7, "critere:K3.1.2", "non_observe"),
    )
    assert _codes(reponses) == [
        ("acceptee", ""),
        ("refusee", "id_reutilise"),
        ("refusee", "rang_pris"),
        ("refusee", "cible_inconnue"),
        ("refusee", "valeur_inconnue"),
        ("refusee", "autre_norme"),
        ("refusee", "forme"),
        ("refusee", "forme"),
        ("refusee", "forme"),
        ("refusee", "forme"),
        ("acceptee", ""),
    ]
    assert Fait.objects.count() == 2


def test_qui_n_est_pas_affecte_ne_sait_meme_pas_que_l_epreuve_existe():
    salle = convocations.salle()
    for autre in (comptes.personne(), salle.monde.gestionnaire, salle.monde.candidat):
        with pytest.raises(Introuvable):
            _recevoir(salle, autre, fait(salle, 1, "critere:K3.1.1", "valide"))
        with pytest.raises(Introuvable):
            factories.clore(salle, autre)
    assert Fait.objects.count() == 0


def test_une_grille_incomplete_dit_tout_ce_qui_manque_et_ne_perd_rien():
    salle = convocations.salle("B1")
    _recevoir(
        salle,
        salle.metier,
        fait(salle, 1, "critere:K1.1.1", "valide"),
        fait(salle, 2, "critere:K1.1.2", "non_observe"),
        fait(salle, 3, "entretien:a", {"alternative": None}),
    )
    with pytest.raises(Refus) as refus:
        factories.clore(salle, salle.metier)
    assert refus.value.code == "grille_incomplete"
    assert len(refus.value.details) == 29 + 1 + 1  # critères, voie, durée
    _recevoir(salle, salle.metier, fait(salle, 4, "alternative", "double_ecoute"))
    with pytest.raises(Refus) as refus:
        factories.clore(salle, salle.metier)
    assert len(refus.value.details) == 29 + 2 + 1  # critères, entretiens et courriers, durée
    assert "Le critère K1.1.2 est « non observé » : tranchez-le, au besoin par une question." in refus.value.details
    assert Lecture.objects.count() == 0
    assert selectors.grille(salle.metier, salle.epreuve).etats["K1.1.1"] == Etat.VALIDE


def test_clore_deux_fois_ne_fait_qu_une_lecture_et_plus_rien_n_entre():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    assert factories.clore(salle, salle.metier) is True
    assert factories.clore(salle, salle.metier) is False
    assert Lecture.objects.count() == 1
    nouveau = fait(salle, 99, "critere:K3.1.1", "non_valide", appareil=uuid4())
    assert _codes(_recevoir(salle, salle.metier, nouveau)) == [("refusee", "lecture_scellee")]


def test_deux_appareils_qui_se_contredisent_empechent_de_clore_jusqu_a_ce_qu_une_personne_tranche():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    autre = UUID(int=7, version=4)
    _recevoir(salle, salle.metier, fait(salle, 1, "critere:K3.1.1", "non_valide", appareil=autre))
    with pytest.raises(Refus) as refus:
        factories.clore(salle, salle.metier)
    assert refus.value.details == ("Deux appareils ne disent pas la même chose ici : choisissez ce qui est juste.",)
    services.poser(
        epreuve=salle.epreuve,
        appareil=uuid4(),
        cible="critere:K3.1.1",
        valeur="non_valide",
        auteur=salle.metier,
        maintenant=convocations.JOUR,
    )
    assert factories.clore(salle, salle.metier) is True


def test_annuler_rend_la_valeur_d_avant_sans_rien_effacer():
    salle = convocations.salle()
    appareil = uuid4()
    poser = {"epreuve": salle.epreuve, "appareil": appareil, "auteur": salle.metier, "maintenant": convocations.JOUR}
    services.poser(cible="critere:K3.1.1", valeur="valide", **poser)
    services.poser(cible="critere:K3.1.1", valeur="non_valide", **poser)
    assert services.annuler(**poser).etat == EtatReponse.ACCEPTEE
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": Etat.VALIDE}
    assert Fait.objects.count() == 3
    with pytest.raises(Refus, match="aucun geste"):
        services.annuler(**poser | {"auteur": salle.certificateur})


def test_sans_difference_le_resultat_s_etablit_quand_chacun_a_confirme():
    salle = factories.deux_lectures(convocations.salle(), {"K3.2.1"}, {"K3.2.1"})
    assert selectors.resultat(SYSTEME, salle.epreuve) is None
    confirmer = {"epreuve": salle.epreuve, "maintenant": CLOTURE}
    assert services.confirmer(auteur=salle.metier, **confirmer) is False
    assert services.confirmer(auteur=salle.metier, **confirmer) is False
    assert selectors.resultat(SYSTEME, salle.epreuve) is None
    assert services.confirmer(auteur=salle.certificateur, **confirmer) is True
    assert services.confirmer(auteur=salle.certificateur, **confirmer) is False
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert resultat is not None
    assert (resultat.nature, resultat.differaient) == (NatureResultat.CONCORDANT, ())
    assert resultat.etats["K3.2.1"] == Etat.NON_VALIDE
    assert len(resultat.etats) == 10
    lectures = selectors.lectures_scellees(salle.epreuve)
    assert resultat.lectures == {q.value: lecture.empreinte for q, lecture in lectures.items()}
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "accordee"
    assert dossiers_par_ids(SYSTEME, [salle.monde.dossier])[salle.monde.dossier].etat == "second_regard"


def test_le_dossier_n_est_evalue_qu_une_fois_tous_ses_blocs_juges():
    premiere = convocations.salle("B3", ("B3", "B4"))
    factories.evalue(salle=premiere)
    assert factories.dossier(premiere).etat == "en_evaluation"
    seconde = convocations.salle("B4", monde=premiere.monde)
    factories.evalue(salle=seconde)
    assert factories.dossier(premiere).etat == "evalue"


def test_avant_les_deux_sceaux_nul_ne_voit_l_autre_lecture():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, {"K3.1.1"})
    factories.clore(salle, salle.metier)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    jour = jour_civil(CLOTURE)
    for lecteur, attendues in (
        (salle.metier, {Qualite.METIER}),
        (salle.certificateur, set()),
        (salle.monde.gestionnaire, set()),
        (salle.monde.candidat, set()),
    ):
        assert set(selectors.lectures_visibles(lecteur, droits(lecteur, jour), vue)) == attendues
        assert selectors.ecarts(lecteur, droits(lecteur, jour), vue) is None
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.certificateur)
    for lecteur, nombre in (
        (salle.metier, 2),
        (salle.certificateur, 2),
        (salle.monde.gestionnaire, 2),
        (salle.monde.candidat, 0),
        (salle.monde.tuteur, 0),
    ):
        assert len(selectors.lectures_visibles(lecteur, droits(lecteur, jour), vue)) == nombre


def _se_prononcer(salle, auteur, critere, choix, motif=""):
    return services.se_prononcer(
        epreuve=salle.epreuve, critere=critere, choix=choix, motif=motif, auteur=auteur, maintenant=CLOTURE
    )


def test_on_s_accorde_sur_ce_qui_differe_et_sur_rien_d_autre():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1", "K3.2.2"}, {"K3.2.2"})
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "lectures_scellees"
    with pytest.raises(Refus) as refus:
        _se_prononcer(salle, salle.metier, "K3.2.2", Position.VALIDE, "non")
    assert refus.value.code == "critere_concordant"
    with pytest.raises(Refus) as refus:
        _se_prononcer(salle, salle.metier, "K3.1.1", Position.VALIDE)
    assert refus.value.code == "motif_manquant"
    assert _se_prononcer(salle, salle.metier, "K3.1.1", Position.VALIDE, "Vu à la réécoute.") is False
    assert _se_prononcer(salle, salle.metier, "K3.1.1", Position.VALIDE) is False
    assert PositionAccord.objects.count() == 1
    assert _se_prononcer(salle, salle.certificateur, "K3.1.1", Position.VALIDE) is True
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.differaient) == (NatureResultat.ACCORDE, ("K3.1.1",))
    assert (resultat.etats["K3.1.1"], resultat.etats["K3.2.2"]) == (Etat.VALIDE, Etat.NON_VALIDE)
    with pytest.raises(Refus) as refus:
        _se_prononcer(salle, salle.metier, "K3.1.1", Position.NON_VALIDE, "trop tard")
    assert refus.value.code == "accord_ferme"


def test_un_desaccord_va_au_jury_et_le_critere_reste_ouvert():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    _se_prononcer(salle, salle.metier, "K3.1.1", Position.DESACCORD, "Nous n'avons pas entendu la même chose.")
    assert _se_prononcer(salle, salle.certificateur, "K3.1.1", Position.DESACCORD) is True
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert resultat.nature == NatureResultat.DESACCORD
    assert "K3.1.1" not in resultat.etats
    decision, entree = selectors.verdict_du_dossier(SYSTEME, factories.dossier(salle), {"B3": resultat}, {})
    assert decision.bloc("B3").acquis is None
    assert entree["blocs"] == ["B3"]


def test_ni_le_tuteur_ni_une_seule_personne_pour_deux_qualites():
    monde = convocations.salle().monde
    salle = convocations.salle(monde=convocations.carnet.complet(("B3",)))
    from parchemin.convocations.services import affecter_evaluateurs

    for metier, code in (
        (salle.monde.tuteur, "evaluateur_est_tuteur"),
        (salle.monde.manager, "evaluateur_est_manager"),
        (salle.monde.candidat, "evaluateur_est_candidat"),
        (salle.certificateur, "evaluateur_deux_qualites"),
        (monde.tuteur, "evaluateur_sans_role"),
    ):
        with pytest.raises(RefusDroit) as refus:
            affecter_evaluateurs(
                epreuve=salle.epreuve,
                metier=metier.id,
                certificateur=salle.certificateur.id,
                auteur=salle.monde.gestionnaire,
                maintenant=convocations.PLANIFICATION,
            )
        assert refus.value.code == code


@pytest.mark.parametrize("table", [Fait, Lecture, Resultat])
def test_ce_qui_est_garde_ne_bouge_plus(table):
    factories.evalue()
    for sql in (f"UPDATE {table._meta.db_table} SET norme = ''", f"DELETE FROM {table._meta.db_table}"):
        with connection.cursor() as curseur, pytest.raises(IntegrityError), transaction.atomic():
            curseur.execute(sql)
    assert table.objects.exists()


def test_le_journal_relit_chaque_ligne_scellee(tmp_path):
    factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    factories.evalue("B4")
    rapport = examiner(tmp_path, (), ())
    assert [str(anomalie) for anomalie in rapport.anomalies] == []
