"""Quand un évaluateur ne va pas au bout : relancé, remplacé, dénoué ; aucune épreuve sans issue."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from moteur.regles.carences import TABLE_PAR_DEFAUT, Consequence, Etape
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import GenreDeclare, GenreIncident, Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.services import declarer, signaler_incident
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR
from parchemin.courriels.models import Envoi, Nouvelle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.models import Lecture, Relance, Resultat
from parchemin.evaluation.tasks import relancer_tous
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import Introuvable, Refus

pytestmark = pytest.mark.django_db

A_TEMPS, EN_RETARD = JOUR + timedelta(days=7), JOUR + timedelta(days=8)


def manque(salle, quand=EN_RETARD):
    return selectors.carence(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve), quand)


def refus(faire):
    with pytest.raises(Refus) as leve:
        faire()
    return leve.value.code


def une_lecture():
    """Le métier a scellé, l'autre a noté quatre critères puis plus rien."""
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    lot = [factories.fait(salle, rang, f"critere:K3.1.{rang}", "valide") for rang in range(1, 5)]
    services.recevoir_faits(epreuve=salle.epreuve, lot=lot, auteur=salle.certificateur, maintenant=JOUR)
    return salle


def test_la_table_du_reglement_livre_est_celle_du_moteur():
    salle = convocations.salle()
    reglement = selectors.reglement_du_jour(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve), JOUR)
    assert selectors.table_des_carences(reglement) == TABLE_PAR_DEFAUT


def test_a_chaque_moment_qui_est_attendu_et_ce_que_l_on_peut_faire():
    salle = une_lecture()
    avant = manque(salle, A_TEMPS)
    assert (avant.etape, avant.retard, avant.attendus) == (Etape.LECTURE, 0, (salle.certificateur.id,))
    assert avant.suites == (Consequence.REMPLACER, Consequence.REPLANIFIER)
    assert (manque(salle).retard, manque(salle).suites[0]) == (1, Consequence.RELANCER)
    differe = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    assert (manque(differe).etape, len(manque(differe).attendus)) == (Etape.ACCORD, 2)
    assert manque(differe, A_TEMPS).suites == (Consequence.JURY,)
    concorde = factories.deux_lectures(convocations.salle())
    services.confirmer(epreuve=concorde.epreuve, auteur=concorde.metier, maintenant=factories.CLOTURE)
    assert (manque(concorde).etape, manque(concorde).attendus) == (Etape.CONFIRMATION, (concorde.certificateur.id,))
    assert manque(factories.evalue()) is None


def test_avant_son_heure_une_epreuve_ne_tarde_pas():
    salle = convocations.salle()
    assert manque(salle, JOUR - timedelta(hours=1)) is None
    assert manque(salle, JOUR + timedelta(hours=1)).etape == Etape.LECTURE


def test_la_relance_du_matin_suit_l_horloge_et_ne_se_dit_qu_une_fois():
    salle = une_lecture()
    comptes.compte(salle.certificateur)
    jours = {}
    for jour in range(14):
        instant = JOUR + timedelta(days=jour)
        with time_machine.travel(instant, tick=False):
            jours[jour] = relancer_tous(instant)
            assert relancer_tous(instant) == 0
            ecouler()
    assert [jour for jour, combien in jours.items() if combien] == [8, 10, 12]
    assert set(Relance.objects.values_list("evaluateur_id", flat=True)) == {salle.certificateur.id}
    assert Nouvelle.objects.filter(genre="portail.relance", destinataire=salle.certificateur.id).count() == 3
    assert (
        Envoi.objects.filter(genre="portail.relance").count() == 0
    )  # un rappel ne part pas seul : le courriel du jour le dira


def test_un_remplacant_lit_ce_qui_peut_encore_l_etre_le_reste_va_au_jury(tmp_path):
    salle = une_lecture()
    neuf = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Neuve")
    remplacer = {
        "epreuve": salle.epreuve,
        "qualite": Qualite.CERTIFICATEUR,
        "personne": neuf.id,
        "maintenant": A_TEMPS,
    }
    assert refus(lambda: services.remplacer(motif="Arrêt.", auteur=salle.metier, **remplacer)) == (
        "planification_reservee"
    )
    gestionnaire = salle.monde.gestionnaire
    assert refus(lambda: services.remplacer(motif=" ", auteur=gestionnaire, **remplacer)) == "motif_manquant"
    assert (
        refus(
            lambda: services.remplacer(
                motif="x", auteur=gestionnaire, **remplacer | {"qualite": Qualite.METIER, "personne": neuf.id}
            )
        )
        == "lecture_scellee"
    )
    assert (
        refus(
            lambda: services.remplacer(
                motif="x", auteur=gestionnaire, **remplacer | {"personne": salle.monde.tuteur.id}
            )
        )
        == "evaluateur_est_tuteur"
    )
    services.remplacer(motif="Arrêt de travail.", auteur=gestionnaire, **remplacer)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.evaluateur(Qualite.CERTIFICATEUR).personne, vue.est_remplacant(neuf.id)) == (neuf.id, True)
    declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=neuf, maintenant=A_TEMPS)
    assert selectors.grille(neuf, salle.epreuve).etats == {}  # rien de ce qu'avait noté l'autre
    with time_machine.travel(A_TEMPS, tick=False):
        factories.remplir(salle, neuf, autrement={"critere:K3.1.1": "non_observe", "critere:K3.2.1": "non_observe"})
    assert services.clore_lecture(epreuve=salle.epreuve, auteur=neuf, maintenant=A_TEMPS) is True
    ecarts = selectors.ecarts_de(
        SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve), selectors.lectures_scellees(salle.epreuve)
    )
    assert [(d.critere, d.d_office) for d in ecarts.criteres] == [("K3.1.1", True), ("K3.2.1", True)]
    for evaluateur in (salle.metier, neuf):
        services.confirmer(epreuve=salle.epreuve, auteur=evaluateur, maintenant=A_TEMPS)
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert resultat.nature == NatureResultat.DESACCORD
    assert {"K3.1.1", "K3.2.1"}.isdisjoint(resultat.etats)
    assert [m.value for m in selectors.second_regard(SYSTEME, salle.epreuve).motifs] == ["sans_accord"]
    assert [str(anomalie) for anomalie in examiner(tmp_path, (), ()).anomalies] == []


@pytest.mark.parametrize("commencee", [True, False])
def test_remplace_avant_le_premier_geste_on_a_toute_l_epreuve_devant_soi(commencee):
    salle = convocations.salle()
    if commencee:
        factories.remplir(salle, salle.metier)
    adresse = f"/epreuves/{salle.epreuve}/suites/"
    with time_machine.travel(A_TEMPS, tick=False):
        page = comptes.texte(comptes.client(salle.monde.gestionnaire).get(adresse))
        assert ("Quelqu'un d'autre évaluera l'épreuve, qui n'a pas commencé." in page) is not commencee
        assert ("Quelqu'un d'autre lit ce qui peut encore être jugé" in page) is commencee
        neuf = factories.remplacer_le_certificateur(salle, A_TEMPS)
        comptes.compte(neuf)
        ecouler()
        declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=neuf, maintenant=A_TEMPS)
        if not commencee:
            factories.remplir(salle, salle.metier)
        factories.remplir(salle, neuf, autrement={"critere:K3.1.1": "non_observe"})
    assert epreuve_par_id(SYSTEME, salle.epreuve).est_remplacant(neuf.id) is commencee
    (envoi,) = Envoi.objects.filter(genre="portail.affectation", destinataire=neuf.id)
    assert ("L’épreuve a commencé" in envoi.texte, "n’a pas commencé" in envoi.texte) == (commencee, not commencee)
    if commencee:
        assert services.clore_lecture(epreuve=salle.epreuve, auteur=neuf, maintenant=A_TEMPS) is True
    else:
        assert refus(lambda: services.clore_lecture(epreuve=salle.epreuve, auteur=neuf, maintenant=A_TEMPS)) == (
            "grille_incomplete"
        )


def test_qui_n_est_pas_remplacant_ne_scelle_pas_un_non_observe():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, autrement={"critere:K3.1.1": "non_observe"})
    assert refus(lambda: factories.clore(salle, salle.metier)) == "grille_incomplete"


def test_sans_accord_a_temps_le_gestionnaire_remet_au_jury_les_deux_lectures_et_les_raisons():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    acte = {"epreuve": salle.epreuve, "auteur": salle.monde.gestionnaire, "maintenant": EN_RETARD}
    assert refus(lambda: services.denouer(consequence=Consequence.ETABLIR, motif="x", **acte)) == "suite_impossible"
    assert refus(lambda: services.denouer(consequence=Consequence.JURY, motif=" ", **acte)) == "motif_manquant"
    services.denouer(consequence=Consequence.JURY, motif="Salomé est partie le 24.", **acte)
    resultat = selectors.resultat(SYSTEME, salle.epreuve)
    assert (resultat.nature, resultat.differaient) == (NatureResultat.DESACCORD, ("K3.1.1",))
    assert "K3.1.1" not in resultat.etats
    contenu = json.loads(Resultat.objects.get().canonique)
    assert contenu["motif"] == "Salomé est partie le 24."
    assert len(contenu["lectures"]) == 2


def test_concordantes_et_non_confirmees_le_gestionnaire_etablit_le_resultat():
    salle = factories.deux_lectures(convocations.salle())
    services.denouer(
        epreuve=salle.epreuve,
        consequence=Consequence.ETABLIR,
        motif="En congé.",
        auteur=salle.monde.gestionnaire,
        maintenant=A_TEMPS,
    )
    assert selectors.resultat(SYSTEME, salle.epreuve).nature == NatureResultat.CONCORDANT


def test_il_manque_une_lecture_on_replanifie_une_autre_epreuve():
    salle = une_lecture()
    neuve = services.replanifier(
        epreuve=salle.epreuve,
        prevue_le=EN_RETARD + timedelta(days=20),
        lieu="",
        motif="Le second évaluateur est parti.",
        auteur=salle.monde.gestionnaire,
        maintenant=EN_RETARD,
    )
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "non_evaluee"
    assert epreuve_par_id(SYSTEME, neuve).etat == "a_planifier"
    assert Lecture.objects.count() == 1  # ce qui était scellé reste


def test_l_ancien_ne_lit_ni_ne_scelle_plus_et_l_autre_n_apprend_rien():
    salle = une_lecture()
    neuf = factories.remplacer_le_certificateur(salle, A_TEMPS)
    with pytest.raises(Introuvable):
        factories.clore(salle, salle.certificateur)
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    for lecteur in (neuf, salle.certificateur, salle.monde.gestionnaire):
        assert selectors.lectures_visibles(lecteur, _droits(lecteur), vue) == {}


def _droits(lecteur):
    from parchemin.comptes.selectors import droits

    return droits(lecteur, A_TEMPS.date())


def test_la_page_propose_ce_que_permet_le_reglement_et_fait_ce_que_l_on_decide():
    salle = une_lecture()
    neuf = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Neuve")
    du_metier = comptes.avec_role(
        NatureRole.EVALUATEUR_METIER, prenom="Métier"
    )  # la place du métier n'est pas à prendre
    adresse = f"/epreuves/{salle.epreuve}/suites/"
    with time_machine.travel(EN_RETARD, tick=False):
        comptes.compte(salle.monde.gestionnaire)
        client = Client()
        client.force_login(Compte.objects.get(personne_id=salle.monde.gestionnaire.id))
        page = client.get(adresse).content.decode().replace("\xa0", " ")
        assert ("en retard de 1 jour" in page, "Remplacer l’évaluateur" in page, "Remettre au jury" in page) == (
            True,
            True,
            False,
        )
        assert (f"certificateur:{neuf.id}" in page, f"metier:{du_metier.id}" in page) == (True, False)
        vide = client.post(adresse, {"consequence": "remplacer"})
        assert vide.status_code == 422
        texte = vide.content.decode().replace("’", "'")
        assert [
            mot for mot in ("Dites qui remplacer", "Choisissez qui prend la suite", "Dites pourquoi") if mot in texte
        ] == ["Dites qui remplacer", "Choisissez qui prend la suite", "Dites pourquoi"]
        assert client.post(adresse, {"consequence": "relancer"}).status_code == 302
        assert Relance.objects.count() == 1
        assert "relancé le" in client.get(adresse).content.decode()
        fait = client.post(
            adresse,
            {
                "consequence": "remplacer",
                "qualite": "certificateur",
                "personne": f"certificateur:{neuf.id}",
                "motif": "Arrêt de travail.",
            },
        )
        assert fait.status_code == 302
    assert epreuve_par_id(SYSTEME, salle.epreuve).evaluateur(Qualite.CERTIFICATEUR).personne == neuf.id


def retiree(salle):
    """Salomé ouvre la grille, puis déclare un lien : sa place se vide, l'épreuve est déjà en cours."""
    assert not declarer(
        epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.certificateur, maintenant=CLOTURE
    )
    return salle


def scellee_par_le_metier():
    """Le métier a scellé, l'autre n'a rien noté."""
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    return salle


@pytest.mark.parametrize("scellee", [True, False])
def test_un_evaluateur_retire_en_cours_d_epreuve_se_remplace_par_la_page_des_suites(scellee):
    salle = convocations.salle()
    factories.remplir(salle, salle.metier)
    if scellee:
        factories.clore(salle, salle.metier)
    retiree(salle)
    neuf = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Neuve")
    une = manque(salle, A_TEMPS)
    assert une.vacantes == (Qualite.CERTIFICATEUR,)
    assert une.attendus == (() if scellee else (salle.metier.id,))
    assert (Consequence.RELANCER in manque(salle).suites) is not scellee  # personne à relancer d'une place vide
    adresse = f"/epreuves/{salle.epreuve}/suites/"
    with time_machine.travel(A_TEMPS, tick=False):
        client = comptes.client(salle.monde.gestionnaire)
        page = comptes.texte(client.get(f"/epreuves/{salle.epreuve}/"))
        assert ("Un évaluateur à nommer." in page, "Nommer un autre évaluateur" in page) == (True, True)
        assert "Un évaluateur à nommer" in comptes.texte(client.get(adresse))
        assert "Il manque un évaluateur" in comptes.texte(client.get("/"))
        mienne = comptes.texte(comptes.client(salle.metier).get(f"/epreuves/{salle.epreuve}/"))
        assert ("Un évaluateur à nommer." in mienne) is scellee  # à lui d'abord, tant qu'il n'a pas scellé
        choix = {"consequence": "remplacer", "qualite": "certificateur", "motif": "Lien déclaré."}
        fait = client.post(adresse, choix | {"personne": f"certificateur:{neuf.id}"})
        assert fait.status_code == 302
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.evaluateur(Qualite.CERTIFICATEUR).personne, vue.est_remplacant(neuf.id)) == (neuf.id, True)
    assert manque(salle, A_TEMPS).vacantes == ()
    assert (Lecture.objects.count() == 1) is scellee  # ce qui était scellé reste


def test_la_place_d_un_retire_qui_avait_scelle_n_est_pas_a_pourvoir():
    salle = scellee_par_le_metier()
    declarer(epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=CLOTURE)
    assert manque(salle, A_TEMPS).vacantes == ()
    factories.remplir(salle, salle.certificateur)
    factories.clore(salle, salle.certificateur)
    services.confirmer(epreuve=salle.epreuve, auteur=salle.certificateur, maintenant=A_TEMPS)
    une = manque(salle, A_TEMPS)
    assert (une.attendus, une.vacantes, une.suites) == ((), (), (Consequence.ETABLIR,))
    with time_machine.travel(A_TEMPS, tick=False):
        page = comptes.texte(comptes.client(salle.monde.gestionnaire).get(f"/epreuves/{salle.epreuve}/suites/"))
    assert "Décider de la suite." in page


@pytest.mark.parametrize("suspendue", [True, False])
def test_le_gestionnaire_apprend_qu_un_evaluateur_se_retire_d_une_epreuve_commencee(suspendue):
    salle = scellee_par_le_metier()
    comptes.compte(salle.monde.gestionnaire)
    comptes.compte(salle.certificateur)
    if suspendue:
        signaler_incident(
            epreuve=salle.epreuve, genre=GenreIncident.PANNE, motif="Panne.", auteur=salle.metier, maintenant=CLOTURE
        )
    with time_machine.travel(CLOTURE, tick=False):
        retiree(salle)
        ecouler()
    recus = Envoi.objects.filter(genre="portail.a_remplacer", destinataire=salle.monde.gestionnaire.id)
    (envoi,) = recus.filter(objet="Il manque un évaluateur à une épreuve")
    assert f"/epreuves/{salle.epreuve}/{'incident/suite' if suspendue else 'suites'}/" in envoi.texte
    neuf = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Neuve")
    comptes.compte(neuf)
    if not suspendue:
        with time_machine.travel(A_TEMPS, tick=False):
            services.remplacer(
                epreuve=salle.epreuve,
                qualite=Qualite.CERTIFICATEUR,
                personne=neuf.id,
                motif="Lien déclaré.",
                auteur=salle.monde.gestionnaire,
                maintenant=A_TEMPS,
            )
            ecouler()
        assert Envoi.objects.filter(genre="portail.affectation", destinataire=neuf.id).count() == 1
        # qui s'est retiré le sait : rien ne lui est redit
        assert not Envoi.objects.filter(genre="portail.affectation", destinataire=salle.certificateur.id).exists()


def test_ce_qu_un_remplacant_n_a_pas_vu_va_au_jury_et_le_reste_se_confirme_de_la_page():
    salle = une_lecture()
    neuf = factories.remplacer_le_certificateur(salle, A_TEMPS)
    declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=neuf, maintenant=A_TEMPS)
    adresse = f"/epreuves/{salle.epreuve}/"
    with time_machine.travel(A_TEMPS, tick=False):
        factories.remplir(salle, neuf, autrement={"critere:K3.1.1": "non_observe"})
        services.clore_lecture(epreuve=salle.epreuve, auteur=neuf, maintenant=A_TEMPS)
        for evaluateur in (salle.metier, neuf):
            client = comptes.client(evaluateur)
            page = comptes.texte(client.get(adresse))
            assert "Confirmer, d'un geste : ce que l'un n'a pas pu observer ira au jury." in page
            assert "Confirmer, et laisser ces points au jury" in page
            assert not [mot for mot in ("Régler ensemble", "Rien ne diffère", "Réglé ensemble") if mot in page]
            assert "D'office :" in page
            client.post(f"{adresse}confirmer/")
    assert selectors.resultat(SYSTEME, salle.epreuve).nature == NatureResultat.DESACCORD
