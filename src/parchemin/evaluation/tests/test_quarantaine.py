"""Des gestes arrivés trop tard : gardés à part, jamais versés en silence, et une personne en décide."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import texte
from parchemin.convocations import services as convocations_services
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import Sort
from parchemin.evaluation.models import Fait, GesteMisAPart, Lecture, SortDeGeste
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.evaluation.tests.tablette import etats, poster, tablette
from parchemin.registre.models import Entree
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


def remplacer(salle, metier=None):
    """Un autre évaluateur métier prend la place."""
    neuf = metier or comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Nina")
    convocations_services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=neuf.id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    return neuf


def envoyer(salle, *gestes, auteur=None):
    reponses = services.recevoir_faits(
        epreuve=salle.epreuve, lot=list(gestes), auteur=auteur or salle.metier, maintenant=JOUR
    )
    return [(reponse.etat.value, reponse.code) for reponse in reponses]


def regler(salle, sort=Sort.ECARTES, motif="Notés après le remplacement.", auteur=None, evaluateur=None):
    return services.regler_quarantaine(
        epreuve=salle.epreuve,
        evaluateur=(evaluateur or salle.metier).id,
        sort=sort,
        motif=motif,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=JOUR,
    )


def test_qui_a_ete_remplace_est_encore_recu_mais_a_part():
    salle = convocations.salle()
    remplacer(salle)
    un, deux = fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "critere:K3.1.2", "valide")
    assert envoyer(salle, un, deux) == [("mise_a_part", "")] * 2
    assert envoyer(salle, un) == [("mise_a_part", "")]
    assert (Fait.objects.count(), GesteMisAPart.objects.count()) == (0, 2)
    assert Entree.objects.filter(action="evaluation.gestes_mis_a_part").count() == 1


def test_ce_qui_etait_deja_recu_avant_le_retrait_le_reste():
    salle = convocations.salle()
    un, deux = fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "critere:K3.1.2", "valide")
    envoyer(salle, un)
    Role.objects.filter(personne_id=salle.metier.id).update(au=JOUR.date())
    assert envoyer(salle, un, deux) == [("deja_recue", ""), ("mise_a_part", "")]
    assert envoyer(salle, {**deux, "valeur": "non_valide"}) == [("refusee", "id_reutilise")]
    assert envoyer(salle, {**un, "valeur": "non_valide"}) == [("refusee", "id_reutilise")]
    assert envoyer(salle, {"id": "?"}) == [("refusee", "forme")]


def test_qui_n_a_jamais_ete_affecte_n_est_pas_recu():
    salle = convocations.salle()
    with pytest.raises(Introuvable):
        envoyer(
            salle, fait(salle, 1, "critere:K3.1.1", "valide"), auteur=comptes.avec_role(NatureRole.EVALUATEUR_METIER)
        )
    assert GesteMisAPart.objects.count() == 0


def test_le_gestionnaire_ecarte_une_fois_avec_un_motif():
    salle = convocations.salle()
    remplacer(salle)
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "lieu", "Plateau 2"))
    with pytest.raises(Refus) as levee:
        regler(salle, motif="  ")
    assert levee.value.code == "motif_manquant"
    assert (regler(salle).nombre, regler(salle).nombre) == (2, 0)
    assert list(SortDeGeste.objects.values_list("sort", "motif").distinct()) == [
        ("ecartes", "Notés après le remplacement.")
    ]
    assert selectors.quarantaine(salle.monde.gestionnaire, [salle.epreuve]) == {}


def test_reaffecte_ses_gestes_peuvent_se_reprendre_et_font_la_meme_grille(tmp_path):
    salle = convocations.salle()
    neuf = remplacer(salle)
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"), fait(salle, 2, "critere:K3.1.1", "non_valide"))
    with pytest.raises(Refus) as levee:
        regler(salle, Sort.REPRIS)
    assert levee.value.code == "reprise_impossible"
    remplacer(salle, salle.metier)
    assert regler(salle, Sort.REPRIS, motif="Remplacé par erreur.").nombre == 2
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "non_valide"}
    assert selectors.grille(neuf, salle.epreuve).etats == {}
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_un_geste_qui_ne_passe_plus_n_empeche_pas_les_autres_et_reste_a_part(tmp_path):
    salle = convocations.salle()
    remplacer(salle)
    bons = [fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2)]
    double, inconnu = fait(salle, 2, "critere:K3.1.3", "valide"), fait(salle, 4, "critere:K3.1.3", "a_peu_pres")
    envoyer(salle, bons[0])
    with time_machine.travel(JOUR + timedelta(minutes=1), tick=False):
        services.recevoir_faits(
            epreuve=salle.epreuve, lot=[bons[1]], auteur=salle.metier, maintenant=JOUR + timedelta(minutes=1)
        )
        services.recevoir_faits(
            epreuve=salle.epreuve, lot=[double, inconnu], auteur=salle.metier, maintenant=JOUR + timedelta(minutes=2)
        )
    remplacer(salle, salle.metier)
    client = comptes.client(salle.monde.gestionnaire)
    saisie = {"evaluateur": str(salle.metier.id), "sort": "repris", "motif": "Remplacé par erreur."}
    adresse = f"/epreuves/{salle.epreuve}/quarantaine/"
    suite = texte(client.post(adresse, saisie, follow=True))
    assert "Repris dans la lecture : 2 gestes." in suite
    assert "Restent à part, à écarter : " in suite
    assert "1 (Cet appareil a déjà envoyé un autre geste sous ce rang)" in suite
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "valide", "K3.1.2": "valide"}
    assert "2 gestes d'Hugo" in suite
    assert "ne peuvent plus entrer dans la lecture" in texte(client.post(adresse, saisie, follow=True))
    assert SortDeGeste.objects.count() == 2
    assert "Mis de côté, et gardés : 2 gestes." in texte(
        client.post(adresse, {**saisie, "sort": "ecartes"}, follow=True)
    )
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_une_lecture_scellee_entre_temps_ne_reprend_rien():
    salle = convocations.salle()
    Role.objects.filter(personne_id=salle.metier.id).update(au=JOUR.date())
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide", appareil=uuid4()))
    Role.objects.filter(personne_id=salle.metier.id).update(au=None)
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    with pytest.raises(Refus) as levee:
        regler(salle, Sort.REPRIS)
    assert (levee.value.code, SortDeGeste.objects.count()) == ("reprise_impossible", 0)


def test_seul_le_gestionnaire_de_l_organisme_decide():
    salle = convocations.salle()
    remplacer(salle)
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"))
    for acteur in (salle.metier, salle.certificateur, salle.monde.tuteur, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit):
            regler(salle, auteur=acteur)
    assert SortDeGeste.objects.count() == 0


def qui_gere_aussi(salle, acteur):
    """Cette personne gère aussi le dossier."""
    organisme, nature = salle.monde.organisme, NatureRole.GESTIONNAIRE
    comptes_services.donner_role(
        personne=acteur.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    return acteur


def test_qui_evalue_l_epreuve_et_gere_le_dossier_n_en_decide_ni_ne_les_compte_avant_les_deux_sceaux():
    """Combien de gestes l'autre a faits, et quand, en dirait trop ; les reprendre ou les écarter pèserait sur sa lecture."""
    salle = convocations.salle()
    juge = qui_gere_aussi(salle, salle.certificateur)
    Role.objects.filter(personne_id=salle.metier.id).update(au=JOUR.date())
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide", appareil=uuid4()))
    page, accueil = f"/epreuves/{salle.epreuve}/", "/"
    vus = {
        qui.id: ["mis à part" in texte(comptes.client(qui).get(adresse)) for adresse in (page, accueil)]
        for qui in (juge, salle.monde.gestionnaire)
    }
    assert vus == {juge.id: [False, False], salle.monde.gestionnaire.id: [True, True]}
    for sort in Sort:
        with pytest.raises(RefusDroit) as levee:
            regler(salle, sort, auteur=juge)
        assert levee.value.code == "cause_propre"
    saisie = {"evaluateur": str(salle.metier.id), "sort": "ecartes", "motif": "Essai."}
    assert comptes.client(juge).post(f"{page}quarantaine/", saisie).status_code == 403
    Role.objects.filter(personne_id=salle.metier.id).update(au=None)
    factories.deux_lectures(salle)
    assert "mis à part" in texte(comptes.client(juge).get(page))
    assert regler(salle, auteur=juge).nombre == 1


def test_nul_ne_decide_de_ses_propres_gestes():
    salle = convocations.salle()
    remplacer(salle)
    qui_gere_aussi(salle, salle.metier)
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"))
    with pytest.raises(RefusDroit) as levee:
        regler(salle, auteur=salle.metier)
    assert levee.value.code == "cause_propre"
    assert "à écarter" not in texte(comptes.client(salle.metier).get("/"))
    assert regler(salle).nombre == 1


def test_la_page_dit_combien_de_qui_et_jamais_quoi():
    salle = convocations.salle()
    remplacer(salle)
    envoyer(salle, fait(salle, 1, "commentaire:K3.1.1", "Mot-témoin"), fait(salle, 2, "critere:K3.1.1", "non_valide"))
    page = texte(comptes.client(salle.monde.gestionnaire).get(f"/epreuves/{salle.epreuve}/"))
    assert "2 gestes d'Hugo" in page
    assert [mot for mot in ("Mot-témoin", "K3.1.1", "Reprendre dans la lecture") if mot in page] == []
    assert "Gestes mis à part" not in texte(comptes.client(salle.certificateur).get(f"/epreuves/{salle.epreuve}/"))


def test_la_page_regle_et_dit_le_refus():
    salle = convocations.salle()
    remplacer(salle)
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"))
    client = comptes.client(salle.monde.gestionnaire)
    adresse = f"/epreuves/{salle.epreuve}/quarantaine/"
    saisie = {"evaluateur": str(salle.metier.id), "sort": "repris", "motif": "Essai"}
    assert client.get(adresse).status_code == 405
    refusee = client.post(adresse, saisie | {"motif": "Il était là."})
    assert (refusee.status_code, "n'évalue plus cette épreuve" in texte(refusee)) == (422, True)
    assert "Il était là.</textarea>" in texte(refusee)
    assert "choisissez : reprendre, ou écarter" in texte(client.post(adresse, {**saisie, "motif": ""}))
    sans_sort = texte(client.post(adresse, {**saisie, "sort": "", "motif": "Remplacé ce jour-là."}))
    assert "Remplacé ce jour-là.</textarea>" in sans_sort
    assert "data-parchemin-saisie" in sans_sort
    assert "Mis de côté, et gardés : 1 geste." in texte(
        client.post(adresse, {**saisie, "sort": "ecartes"}, follow=True)
    )
    autre = comptes.client(comptes.gestionnaire(comptes.organisme()))
    assert autre.post(adresse, saisie).status_code == 404


def test_un_lot_mis_a_part_coute_un_nombre_fixe_de_requetes(django_assert_num_queries):
    for nombre in (1, 30):
        salle = convocations.salle()
        remplacer(salle)
        client = comptes.client(salle.metier)
        lot = json.dumps({"faits": [fait(salle, rang, "critere:K3.1.1", "valide") for rang in range(1, nombre + 1)]})
        with django_assert_num_queries(REQUETES_D_UN_LOT):
            client.post(f"/epreuves/{salle.epreuve}/faits", lot, content_type="application/json")


REQUETES_D_UN_LOT = 19
"""Que le lot porte un geste ou trente."""


def test_l_autre_s_est_retire_ce_que_celui_ci_avait_note_entre_et_compte():
    salle = convocations.salle("B3")
    convocations_services.declarer(
        epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=PLANIFICATION
    )
    factories.remplir(salle, salle.certificateur)  # noté sans réseau, reçu quand l'épreuve n'a plus qu'un évaluateur
    with pytest.raises(Refus) as refus:
        factories.clore(salle, salle.certificateur)
    assert refus.value.code == "epreuve_fermee"
    neuf = remplacer(salle)
    convocations_services.declarer(
        epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=neuf, maintenant=PLANIFICATION
    )
    factories.remplir(salle, neuf)
    for evaluateur in (salle.certificateur, neuf):
        factories.clore(salle, evaluateur)
    assert set(Lecture.objects.values_list("evaluateur_id", flat=True)) == {salle.certificateur.id, neuf.id}


# Ce qu'en sait son auteur ---------------------------------------------------------------------------------------------


def test_ma_journee_dit_ce_qui_a_ete_mis_a_part_jusqu_a_ce_qu_on_en_decide():
    salle = convocations.salle()
    remplacer(salle)
    client = comptes.client(salle.metier)
    assert "mis à part" not in texte(client.get("/ma-journee/"))
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"))
    un = texte(client.get("/ma-journee/"))
    assert ("Reçu, mis à part" in un, "1 geste a été reçu, mais hors de la grille" in un) == (True, True)
    envoyer(salle, fait(salle, 2, "critere:K3.1.2", "non_valide"))
    deux = texte(client.get("/ma-journee/"))
    assert "2 gestes ont été reçus, mais hors de la grille" in deux
    assert [mot for mot in ("K3.1.1", "non_valide", "Camille") if mot in deux] == []
    assert "mis à part" not in texte(comptes.client(salle.certificateur).get("/ma-journee/"))
    regler(salle)
    assert "mis à part" not in texte(client.get("/ma-journee/"))


def test_ma_journee_compte_ce_qui_est_a_part_en_un_nombre_fixe_de_requetes():
    salle = convocations.salle()
    remplacer(salle)
    client = comptes.client(salle.metier)

    def requetes() -> int:
        with CaptureQueriesContext(connection) as lues:
            client.get("/ma-journee/")
        return len(lues)

    client.get("/ma-journee/")
    envoyer(salle, fait(salle, 1, "critere:K3.1.1", "valide"))
    a_un = requetes()
    envoyer(salle, fait(salle, 2, "critere:K3.1.2", "valide"), fait(salle, 3, "critere:K3.1.3", "valide"))
    assert requetes() == a_un


# Renvoyé par qui est de nouveau affecté --------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", [None, Sort.ECARTES])
def test_reaffecte_renvoyer_n_entre_pas_ce_dont_le_gestionnaire_decide(sort):
    """L'appareil, qui n'a pas eu la réponse, redit le même lot une fois son évaluateur de retour."""
    salle = convocations.salle()
    remplacer(salle)
    connecte = tablette(salle.metier)
    lot = [fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in (1, 2)]
    assert etats(poster(connecte, salle, {"faits": lot})) == [("mise_a_part", "")] * 2
    if sort:
        regler(salle, sort)
    remplacer(salle, salle.metier)
    neuf = fait(salle, 3, "critere:K3.1.3", "valide")
    envoyes = [*lot, lot[0] | {"valeur": "non_valide"}, neuf]
    attendus = [("mise_a_part", ""), ("mise_a_part", ""), ("refusee", "id_reutilise"), ("acceptee", "")]
    assert etats(poster(connecte, salle, {"faits": envoyes})) == attendus
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.3": "valide"}
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    assert etats(poster(connecte, salle, {"faits": lot})) == [("mise_a_part", "")] * 2


def test_repris_puis_renvoye_un_geste_est_deja_recu():
    salle = convocations.salle()
    remplacer(salle)
    un = fait(salle, 1, "critere:K3.1.1", "valide")
    envoyer(salle, un)
    remplacer(salle, salle.metier)
    regler(salle, Sort.REPRIS, motif="Remplacé par erreur.")
    assert envoyer(salle, un) == [("deja_recue", "")]
    assert Fait.objects.count() == 1


def test_l_identifiant_d_un_geste_mis_a_part_chez_l_autre_n_apprend_rien():
    salle = convocations.salle()
    remplacer(salle)
    sien = fait(salle, 1, "critere:K3.1.1", "valide")
    envoyer(salle, sien)
    for valeur in ("valide", "non_valide"):
        assert envoyer(salle, sien | {"valeur": valeur}, auteur=salle.certificateur) == [("refusee", "id_reutilise")]
    assert Fait.objects.count() == 0
    remplacer(salle, salle.metier)
    assert regler(salle, Sort.REPRIS, motif="Remplacé par erreur.").nombre == 1
