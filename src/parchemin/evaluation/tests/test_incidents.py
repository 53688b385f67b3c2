"""Un incident et la grille : suspendue, elle reçoit encore ; close, rien n'est perdu et rien n'est « non acquis »."""

from __future__ import annotations

import io
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from pypdf import PdfReader

from moteur.decision import decider
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.models import Epreuve, Incident
from parchemin.convocations.selectors import epreuve_par_id, incidents_ouverts
from parchemin.convocations.tests import factories as salles
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import documents, selectors, services
from parchemin.evaluation.enums import EtatReponse
from parchemin.evaluation.models import Fait, GesteMisAPart, Lecture, Resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE, fait
from parchemin.referentiels.selectors import norme
from parchemin.registre.models import Entree
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db
APRES = JOUR + timedelta(hours=2)


def signaler(salle: Salle, genre: GenreIncident = GenreIncident.INTERROMPU) -> None:
    convocations.signaler_incident(
        epreuve=salle.epreuve, genre=genre, motif="Alarme incendie.", auteur=salle.metier, maintenant=JOUR
    )


def trancher(salle: Salle, suite: SuiteIncident, **autres):
    return convocations.trancher_incident(
        epreuve=salle.epreuve,
        suite=suite,
        motif="Décidé.",
        auteur=salle.monde.gestionnaire,
        maintenant=APRES,
        **autres,
    )


def envoyer(salle: Salle, rang: int, auteur=None, valeur: str = "valide", cible: str = "critere:K3.1.1"):
    (reponse,) = services.recevoir_faits(
        epreuve=salle.epreuve, lot=[fait(salle, rang, cible, valeur)], auteur=auteur or salle.metier, maintenant=APRES
    )
    return reponse.etat


def test_suspendue_la_grille_recoit_encore_mais_ne_se_scelle_pas():
    salle = salles.salle("B3")
    factories.remplir(salle, salle.metier)
    signaler(salle)
    assert envoyer(salle, 1, valeur="non_valide") == EtatReponse.ACCEPTEE
    with pytest.raises(Refus, check=lambda e: e.code == "epreuve_suspendue"):
        factories.clore(salle, salle.metier)
    assert Lecture.objects.count() == 0


def test_une_reprise_continue_la_meme_grille():
    salle = salles.salle("B3")
    assert envoyer(salle, 1) == EtatReponse.ACCEPTEE
    signaler(salle)
    avant = selectors.grille(salle.metier, salle.epreuve)
    trancher(salle, SuiteIncident.REPRENDRE)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"
    assert selectors.grille(salle.metier, salle.epreuve) == avant
    factories.remplir(salle, salle.certificateur)
    assert factories.clore(salle, salle.certificateur)


@pytest.mark.parametrize("hors_ligne", [True, False])
def test_suspendue_avant_que_les_gestes_n_arrivent_l_epreuve_reprend_en_cours(hors_ligne):
    """Deux tablettes hors ligne, une panne signalée avant leur envoi : tout arrive pendant la suspension."""
    salle = salles.salle("B3")
    signaler(salle, GenreIncident.PANNE)
    suspendue_depuis = epreuve_par_id(SYSTEME, salle.epreuve).depuis
    if hors_ligne:
        factories.remplir(salle, salle.metier)
        factories.remplir(salle, salle.certificateur)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, vue.depuis, vue.commencee_le is not None) == ("suspendue", suspendue_depuis, hors_ligne)
    assert Entree.objects.filter(action="convocations.epreuve_commencee").count() == hors_ligne
    trancher(salle, SuiteIncident.REPRENDRE)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == ("en_cours" if hors_ligne else "affectee")
    if hors_ligne:
        with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
            signaler(salle, GenreIncident.ABSENT)
        factories.clore(salle, salle.metier)
        factories.clore(salle, salle.certificateur)
        assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "lectures_scellees"


@pytest.mark.parametrize("genre", [GenreIncident.ABSENT, GenreIncident.EXCUSE])
def test_une_absence_signalee_a_tort_se_reprend_quand_les_gestes_arrivent(genre):
    """Le gestionnaire croit le candidat absent : les tablettes, hors ligne, n'ont encore rien envoyé."""
    salle = salles.salle("B3")
    signaler(salle, genre)
    adresse = reverse("convocations:suite", args=[salle.epreuve])
    reprendre = 'value="reprendre"'
    with time_machine.travel(APRES, tick=False):
        client = comptes.client(salle.monde.gestionnaire)
        assert reprendre not in client.get(adresse).content.decode()
        with pytest.raises(Refus, check=lambda e: e.code == "suite_interdite"):
            trancher(salle, SuiteIncident.REPRENDRE)
        assert envoyer(salle, 1) == EtatReponse.ACCEPTEE
        assert reprendre in client.get(adresse).content.decode()
        sans_motif = client.post(adresse, {"suite": "reprendre", "motif": ""})
        assert sans_motif.status_code == 422
        repris = client.post(
            adresse, {"suite": "reprendre", "motif": "Le candidat était là : ses gestes sont arrivés."}
        )
        assert repris.status_code == 302
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"


def test_une_absence_que_des_gestes_dementent_peut_encore_se_remettre_a_plus_tard():
    salle = salles.salle("B3")
    signaler(salle, GenreIncident.ABSENT)
    envoyer(salle, 1)
    trancher(salle, SuiteIncident.REPLANIFIER, prevue_le=APRES + timedelta(days=60))
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "affectee"


def test_une_epreuve_reprise_affectee_avec_ses_gestes_se_scelle_deux_fois():
    """Comme en laissait la reprise avant qu'elle ne sache lire les gestes arrivés entre-temps."""
    salle = salles.salle("B3")
    factories.remplir(salle, salle.metier)
    factories.remplir(salle, salle.certificateur)
    Epreuve.objects.filter(pk=salle.epreuve).update(etat="affectee")
    factories.clore(salle, salle.metier)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"
    factories.clore(salle, salle.certificateur)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "lectures_scellees"


def test_absent_ne_se_dit_plus_quand_un_geste_est_recu():
    salle = salles.salle("B3")
    envoyer(salle, 1)
    with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
        signaler(salle, GenreIncident.ABSENT)


@pytest.mark.parametrize("suite", [SuiteIncident.CLORE, SuiteIncident.REPLANIFIER])
def test_close_rien_n_est_perdu_ni_juge(suite):
    """Tous les critères y étaient « non validés » : le bloc n'en est pas moins non évalué."""
    salle = salles.salle("B3")
    criteres = [c.code for c in selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve)).criteres()]
    factories.remplir(salle, salle.metier, criteres)
    factories.remplir(salle, salle.certificateur, criteres)
    factories.clore(salle, salle.metier)
    gestes = set(Fait.objects.filter(epreuve_id=salle.epreuve).values_list("pk", flat=True))
    signaler(salle)
    trancher(salle, suite, prevue_le=APRES + timedelta(days=3))
    assert set(Fait.objects.filter(epreuve_id=salle.epreuve).values_list("pk", flat=True)) == gestes
    assert Lecture.objects.filter(epreuve_id=salle.epreuve).count() == 1
    dossier = factories.dossier(salle)
    resultats = selectors.resultats_du_dossier(SYSTEME, dossier.id)
    decision, _ = selectors.verdict_du_dossier(SYSTEME, dossier, resultats, {})
    assert (resultats, decision.blocs[0].acquis, dossier.etat) == ({}, None, "en_evaluation")
    assert decider(norme(SYSTEME, dossier.norme_empreinte), {}, blocs=("B3",)).blocs[0].acquis is None


def test_ce_qui_arrive_d_une_epreuve_close_est_mis_a_part():
    salle = salles.salle("B3")
    signaler(salle)
    trancher(salle, SuiteIncident.CLORE)
    assert envoyer(salle, 1) == EtatReponse.MISE_A_PART
    assert envoyer(salle, 2, auteur=salle.certificateur) == EtatReponse.MISE_A_PART
    assert sorted(GesteMisAPart.objects.values_list("motif", flat=True)) == ["epreuve_close", "epreuve_close"]
    page = comptes.texte(comptes.client(salle.monde.gestionnaire).get(reverse("evaluation:voir", args=[salle.epreuve])))
    assert "L'épreuve était déjà annulée ou close, ou son dossier clos, quand ils sont arrivés." in page
    assert "Reprendre dans la lecture" not in page


def test_la_grille_d_une_epreuve_close_se_relit_sans_se_changer():
    salle = salles.salle("B3")
    envoyer(salle, 1)
    signaler(salle)
    client = comptes.client(salle.metier)
    adresse = reverse("evaluation:grille", args=[salle.epreuve])
    assert "L'épreuve est suspendue par un incident" in comptes.texte(client.get(adresse))
    trancher(salle, SuiteIncident.CLORE)
    page = comptes.texte(client.get(adresse))
    assert "Cette épreuve est close, non évaluée" in page
    assert "grille.js" not in page


def test_l_autre_ne_lit_pas_ce_qui_fut_note_avant_la_cloture():
    """Une épreuve close n'a jamais deux lectures scellées : elles restent aveugles l'une à l'autre."""
    salle = salles.salle("B3")
    commentaire = f"secret {uuid4()}"
    services.recevoir_faits(
        epreuve=salle.epreuve,
        lot=[fait(salle, 1, "commentaire:K3.1.1", commentaire)],
        auteur=salle.metier,
        maintenant=JOUR,
    )
    signaler(salle)
    trancher(salle, SuiteIncident.CLORE)
    for qui in (salle.certificateur, salle.monde.gestionnaire, salle.monde.candidat):
        client = comptes.client(qui)
        for page in ("evaluation:voir",):
            assert commentaire not in client.get(reverse(page, args=[salle.epreuve])).content.decode()
    relue = comptes.client(salle.metier).get(reverse("evaluation:grille", args=[salle.epreuve])).content.decode()
    assert commentaire in relue


def consigner(salle: Salle, auteur=None, motif: str = "Une fiche sous le clavier.", genre=GenreIncident.FRAUDE):
    return convocations.consigner_incident(
        epreuve=salle.epreuve, genre=genre, motif=motif, auteur=auteur or salle.certificateur, maintenant=CLOTURE
    )


def tout(salle: Salle) -> tuple:
    """Ce qu'un incident consigné ne doit pas changer."""
    return (
        epreuve_par_id(SYSTEME, salle.epreuve).etat,
        factories.dossier(salle).etat,
        list(Lecture.objects.order_by("pk").values_list("canonique", "empreinte")),
        list(Resultat.objects.values_list("canonique", "empreinte")),
        Fait.objects.count(),
        [i.pk for i in incidents_ouverts(salle.epreuve)],
    )


@pytest.mark.parametrize("preparer", [factories.deux_lectures, lambda salle: factories.evalue(salle=salle)])
def test_appris_apres_les_deux_sceaux_un_incident_se_consigne_et_rien_d_autre_ne_change(preparer, tmp_path):
    salle = preparer(salles.salle("B3"))
    avant = tout(salle)
    incident = consigner(salle)
    assert consigner(salle) == incident
    assert consigner(salle, salle.monde.gestionnaire) != incident
    assert tout(salle) == avant
    assert set(Incident.objects.values_list("genre", "etat_avant")) == {("fraude", avant[0])}
    assert Entree.objects.filter(action="convocations.incident_consigne").count() == 2
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_avant_les_deux_sceaux_il_se_signale_et_apres_il_se_consigne():
    salle = salles.salle("B3")
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
        consigner(salle)
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.certificateur)
    with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
        signaler(salle)
    with pytest.raises(Refus, check=lambda e: e.code == "motif_manquant"):
        consigner(salle, motif=" ")
    with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
        consigner(salle, genre=GenreIncident.ABSENT)
    for qui in (salle.monde.candidat, salle.monde.tuteur, salle.monde.manager):
        with pytest.raises(RefusDroit, check=lambda e: e.code == "signalement_reserve"):
            consigner(salle, qui)
    assert Incident.objects.count() == 0


def test_ce_que_chacun_lit_d_un_incident_consigne():
    """Le gestionnaire lit tout, et le porte au jury ; le candidat, au relevé comme à l'écran, sait qu'il y en a un."""
    salle = factories.evalue("B3")
    adresse = reverse("evaluation:voir", args=[salle.epreuve])
    formulaire = reverse("convocations:signaler", args=[salle.epreuve])
    with time_machine.travel(CLOTURE, tick=False):
        second = comptes.client(salle.certificateur)
        assert "Consigner un incident" in comptes.texte(second.get(adresse))
        assert "Consigner pour le jury" in comptes.texte(second.get(formulaire))
        vide = second.post(formulaire, {"genre": "fraude", "motif": ""})
        assert (vide.status_code, Incident.objects.count()) == (422, 0)
        fait = second.post(formulaire, {"genre": "fraude", "motif": "Une fiche sous le clavier."})
        assert (fait.status_code, fait["Location"]) == (302, adresse)
        lus = {
            qui.id: comptes.texte(comptes.client(qui).get(adresse))
            for qui in (salle.monde.gestionnaire, salle.metier, salle.certificateur, salle.monde.candidat)
        }
        assert {
            qui: ("Un soupçon de fraude" in page, "fiche sous le clavier" in page, "Un incident est consigné" in page)
            for qui, page in lus.items()
        } == {
            salle.monde.gestionnaire.id: (True, True, False),
            salle.certificateur.id: (True, True, False),
            salle.metier.id: (True, False, False),
            salle.monde.candidat.id: (False, False, True),
        }
        dossier = reverse("dossier", args=[salle.monde.dossier])
        au_jury = (
            "Bloc 3, incident consigné le vendredi 20 novembre 2026 : Un soupçon de fraude. Une fiche sous le clavier."
        )
        lus = {
            qui.id: au_jury in comptes.texte(comptes.client(qui).get(dossier))
            for qui in (salle.monde.gestionnaire, salle.monde.candidat)
        }
        assert lus == {salle.monde.gestionnaire.id: True, salle.monde.candidat.id: False}
        resultat = comptes.texte(
            comptes.client(salle.monde.candidat).get(reverse("evaluation:resultat", args=[salle.monde.dossier]))
        )
    assert "Incident consigné le 20 novembre 2026" in resultat
    assert "fraude" not in resultat
    vue = factories.dossier(salle)
    pdf = documents.releve(SYSTEME, vue, selectors.resultats_du_dossier(SYSTEME, vue.id))
    lu = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert ("Incident consigné le 20 novembre 2026" in lu, "fraude" in lu, "fiche" in lu) == (True, False, False)
