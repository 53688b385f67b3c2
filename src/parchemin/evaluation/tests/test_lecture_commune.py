"""La lecture commune : une grille tenue par l'un, contresignée par l'autre. Éteinte par défaut, éprouvée allumée."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from parchemin.comptes.models import Compte
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as epreuves
from parchemin.convocations.enums import GenreDeclare, GenreIncident, Qualite, SuiteIncident
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import documents, selectors, services
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.models import Lecture, Resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db


def commune():
    """Le règlement la demande ; le métier a tenu la grille et l'a scellée."""
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    return tenue(salle)


def tenue(salle):
    factories.remplir(salle, salle.metier, {"K3.2.1"})
    factories.clore(salle, salle.metier)
    return salle


def contresigner(salle, auteur):
    return services.contresigner(epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE)


def visibles(salle, lecteur):
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    return {q.value for q in selectors.lectures_visibles(lecteur, droits(lecteur, jour_civil(CLOTURE)), vue)}


def refus(faire):
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


def test_eteinte_par_defaut_rien_ne_se_contresigne_et_rien_ne_se_voit():
    salle = tenue(convocations.salle())
    assert refus(lambda: contresigner(salle, salle.certificateur)) == "lecture_non_commune"
    assert visibles(salle, salle.certificateur) == set()


def test_l_autre_evaluateur_la_lit_et_lui_seul():
    salle = commune()
    monde = salle.monde
    assert visibles(salle, salle.certificateur) == {"metier"}
    for autre in (monde.gestionnaire, monde.candidat, monde.tuteur, monde.manager):
        assert visibles(salle, autre) == set()


def test_contresignee_le_resultat_s_etablit_et_les_deux_lectures_sont_gardees(tmp_path):
    salle = commune()
    assert contresigner(salle, salle.certificateur) is True
    assert contresigner(salle, salle.certificateur) is False
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert resultat.nature == NatureResultat.COMMUNE
    assert resultat.etats["K3.2.1"].value == "non_valide"
    tenues = {lecture.qualite: json.loads(lecture.canonique) for lecture in Lecture.objects.all()}
    assert tenues["certificateur"]["contresigne"] == Lecture.objects.get(qualite="metier").empreinte
    assert tenues["certificateur"]["sel"] != tenues["metier"]["sel"]
    assert [m.value for m in selectors.second_regard(SYSTEME, salle.epreuve).motifs] == ["a_un_critere"]
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


def test_avant_le_sceau_de_qui_la_tient_rien_a_contresigner_et_nul_autre_ne_le_peut():
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    factories.remplir(salle, salle.metier)
    assert refus(lambda: contresigner(salle, salle.certificateur)) == "rien_a_contresigner"
    assert visibles(salle, salle.certificateur) == set()
    with pytest.raises(Introuvable):
        contresigner(salle, salle.monde.gestionnaire)


def test_qui_n_est_pas_d_accord_scelle_la_sienne_et_l_on_s_accorde():
    salle = commune()
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.certificateur)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert vue.etat == "lectures_scellees"
    assert [
        d.critere for d in selectors.ecarts_de(SYSTEME, vue, selectors.lectures_scellees(salle.epreuve)).criteres
    ] == ["K3.2.1"]


def apres(salle, *personnes):
    """Pour chacun, les empreintes des lectures qu'il pouvait lire quand il a scellé la sienne."""
    return [
        json.loads(Lecture.objects.get(epreuve_id=salle.epreuve, evaluateur_id=qui.id).canonique)["apres_lecture"]
        for qui in personnes
    ]


def declarer(epreuve, qui):
    epreuves.declarer(epreuve=epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=CLOTURE)


def empreinte(salle, qui):
    return Lecture.objects.get(epreuve_id=salle.epreuve, evaluateur_id=qui.id).empreinte


def test_une_seconde_lecture_faite_apres_avoir_pu_lire_la_premiere_le_dit_partout():
    salle = commune()
    factories.remplir(salle, salle.certificateur, {"K3.2.1"})
    avant, _ = _pages(salle, salle.certificateur)
    assert "Vous pouviez lire une autre grille de ce bloc : votre lecture le dira" in avant
    factories.clore(salle, salle.certificateur)
    assert apres(salle, salle.metier, salle.certificateur) == [[], [empreinte(salle, salle.metier)]]
    phrase = "Scellée par un évaluateur qui pouvait lire une autre grille de ce bloc."
    for qui in (salle.metier, salle.monde.gestionnaire):
        with time_machine.travel(CLOTURE, tick=False):
            assert comptes.texte(comptes.client(qui).get(f"/epreuves/{salle.epreuve}/")).count(phrase) == 1
    factories.confirmee(salle)
    assert json.loads(Resultat.objects.get().canonique)["apres_lecture"] == ["certificateur"]
    assert selectors.resultat(SYSTEME, salle.epreuve).apres_lecture == (Qualite.CERTIFICATEUR,)
    resultat = comptes.texte(comptes.client(salle.monde.candidat).get(f"/candidats/{salle.monde.dossier}/resultat/"))
    assert re.sub("<[^>]+>", "", resultat).count(f"Lecture du certificateur — {phrase}") == 1
    assert resultat.count(phrase) == 1
    dossier = factories.dossier(salle)
    pdf = documents.releve(SYSTEME, dossier, selectors.resultats_du_dossier(SYSTEME, dossier.id))
    lu = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    assert phrase in lu


def test_deux_lectures_aveugles_et_celle_d_un_remplacant_ne_portent_pas_de_marque():
    salle = tenue(convocations.salle())
    neuf = factories.remplacer_le_certificateur(salle, CLOTURE)
    declarer(salle.epreuve, neuf)
    factories.remplir(salle, neuf)
    factories.clore(salle, neuf)
    assert apres(salle, salle.metier, neuf) == [[], []]


def test_le_remplacant_d_une_lecture_commune_qui_scelle_la_sienne_est_marque():
    salle = commune()
    neuf = factories.remplacer_le_certificateur(salle, CLOTURE)
    declarer(salle.epreuve, neuf)
    factories.remplir(salle, neuf)
    factories.clore(salle, neuf)
    assert apres(salle, neuf) == [[empreinte(salle, salle.metier)]]


def test_a_la_nouvelle_epreuve_qui_avait_pu_lire_la_lecture_de_l_ancienne_est_marque_et_pas_son_auteur():
    """Interrompue après le premier sceau, replanifiée : l'un a lu la lecture commune de l'ancienne, l'autre l'a écrite."""
    ancienne = commune()
    lue = empreinte(ancienne, ancienne.metier)
    epreuves.signaler_incident(
        epreuve=ancienne.epreuve,
        genre=GenreIncident.INTERROMPU,
        motif="Alarme incendie.",
        auteur=ancienne.metier,
        maintenant=CLOTURE,
    )
    neuve = epreuves.trancher_incident(
        epreuve=ancienne.epreuve,
        suite=SuiteIncident.REPLANIFIER,
        motif="Autre jour.",
        prevue_le=CLOTURE + timedelta(hours=2),
        auteur=ancienne.monde.gestionnaire,
        maintenant=CLOTURE,
    )
    epreuves.affecter_evaluateurs(
        epreuve=neuve,
        metier=ancienne.metier.id,
        certificateur=ancienne.certificateur.id,
        auteur=ancienne.monde.gestionnaire,
        maintenant=CLOTURE,
    )
    salle = replace(ancienne, epreuve=neuve)
    for qui in (salle.metier, salle.certificateur):
        declarer(neuve, qui)
    factories.deux_lectures(salle)
    assert apres(salle, salle.metier, salle.certificateur) == [
        [],
        sorted([lue, empreinte(salle, salle.metier)]),
    ]


def test_par_la_page():
    salle = commune()
    adresse = f"/epreuves/{salle.epreuve}/contresigner/"
    with time_machine.travel(CLOTURE + timedelta(hours=1), tick=False):
        clients = {}
        for qui in (salle.certificateur, salle.metier):
            comptes.compte(qui)
            clients[qui.id] = Client()
            clients[qui.id].force_login(Compte.objects.get(personne_id=qui.id))
        second = clients[salle.certificateur.id]
        assert "Contresigner la lecture commune" in second.get(f"/epreuves/{salle.epreuve}/").content.decode()
        assert "K3.2.1" in second.get(adresse).content.decode()
        assert clients[salle.metier.id].get(adresse).status_code == 404
        assert second.post(adresse).status_code == 302
        assert second.get(adresse).status_code == 404
    assert selectors.resultat(SYSTEME, salle.epreuve).nature == NatureResultat.COMMUNE


def _pages(salle, qui):
    with time_machine.travel(CLOTURE, tick=False):
        ouvert = comptes.client(qui)
        return (
            comptes.texte(ouvert.get(f"/epreuves/{salle.epreuve}/clore/")),
            comptes.texte(ouvert.get(f"/epreuves/{salle.epreuve}/")),
        )


def test_clore_ne_parle_de_deux_sceaux_que_s_il_y_en_aura_deux():
    ordinaire = convocations.salle()
    factories.remplir(ordinaire, ordinaire.metier)
    clore, epreuve = _pages(ordinaire, ordinaire.metier)
    assert "Elle ne sera montrée à l'autre évaluateur que lorsqu'il aura scellé la sienne." in clore
    assert "Remplir la grille, seul, puis la sceller." in epreuve
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    factories.remplir(salle, salle.metier)
    clore, epreuve = _pages(salle, salle.metier)
    assert ("C'est la grille commune" in clore, "aura scellé la sienne" in clore) == (True, False)
    assert "L'un remplit la grille commune et la scelle ; l'autre la contresigne." in epreuve


def test_qui_ne_contresigne_pas_lit_ce_que_deviendra_sa_propre_grille():
    salle = commune()
    factories.remplir(salle, salle.certificateur)
    metier = next(e.nom for e in epreuve_par_id(SYSTEME, salle.epreuve).evaluateurs if e.personne == salle.metier.id)
    clore, epreuve = _pages(salle, salle.certificateur)
    assert f"{metier} a scellé la grille commune" in clore
    assert "Contresigner la lecture commune, ou sceller une autre grille." in epreuve
