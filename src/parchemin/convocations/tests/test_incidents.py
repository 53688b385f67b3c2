"""Les incidents : signaler suspend, trancher décide ; rien de noté ne se perd, et rien n'en sort « non acquis »."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moteur.etats import EPREUVE
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import SANS_SUITE, GenreDeclare, GenreIncident, SuiteIncident
from parchemin.convocations.models import Epreuve, Incident, PassageEpreuve, SuiteDIncident
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db
PENDANT = JOUR + timedelta(minutes=12)
APRES = JOUR + timedelta(hours=2)
PLUS_TARD = JOUR + timedelta(days=9)


def signaler(
    salle: Salle, genre=GenreIncident.INTERROMPU, auteur: Acteur | None = None, quand=PENDANT, motif="Alarme."
):
    return services.signaler_incident(
        epreuve=salle.epreuve, genre=genre, motif=motif, auteur=auteur or salle.metier, maintenant=quand
    )


def trancher(salle: Salle, suite: SuiteIncident, auteur: Acteur | None = None, motif="Décidé.", **autres):
    return services.trancher_incident(
        epreuve=salle.epreuve,
        suite=suite,
        motif=motif,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=APRES,
        **autres,
    )


def etat(salle: Salle) -> str:
    return selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


# Signaler ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("qui", ["metier", "certificateur", "gestionnaire"])
def test_les_evaluateurs_et_le_gestionnaire_signalent(qui):
    salle = factories.salle()
    auteur = salle.monde.gestionnaire if qui == "gestionnaire" else getattr(salle, qui)
    identifiant = signaler(salle, auteur=auteur)
    assert etat(salle) == "suspendue"
    ligne = Incident.objects.get()
    assert (ligne.pk, ligne.genre, ligne.motif, ligne.auteur, ligne.le, ligne.etat_avant) == (
        identifiant,
        "interrompu",
        "Alarme.",
        auteur.id,
        PENDANT,
        "affectee",
    )


@pytest.mark.parametrize("qui", ["candidat", "tuteur", "manager", "autre_evaluateur", "gestionnaire_ailleurs"])
def test_personne_d_autre_ne_signale(qui):
    salle = factories.salle()
    auteur = {
        "autre_evaluateur": lambda: comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        "gestionnaire_ailleurs": lambda: comptes.avec_role(NatureRole.GESTIONNAIRE, comptes.organisme()),
    }.get(qui, lambda: getattr(salle.monde, qui))()
    with pytest.raises(RefusDroit, check=lambda erreur: erreur.code == "signalement_reserve"):
        signaler(salle, auteur=auteur)
    assert (etat(salle), Incident.objects.count()) == ("affectee", 0)


def test_redire_ne_change_rien_et_l_autre_ajoute_son_temoignage():
    salle = factories.salle()
    premier = signaler(salle)
    assert signaler(salle, motif="Encore.") == premier
    second = signaler(salle, auteur=salle.certificateur, genre=GenreIncident.PANNE, motif="Plus de réseau.")
    assert {i.pk for i in selectors.incidents_ouverts(salle.epreuve)} == {premier, second}
    assert [i.etat_avant for i in selectors.incidents_ouverts(salle.epreuve)] == ["affectee", "affectee"]
    assert PassageEpreuve.objects.filter(epreuve_id=salle.epreuve, etat="suspendue").count() == 1


def test_ce_qui_ne_se_signale_pas():
    salle = factories.salle()
    with refus("motif_manquant"):
        signaler(salle, motif="  ")
    with refus("incident_trop_tot"):
        signaler(salle, GenreIncident.ABSENT, quand=JOUR - timedelta(minutes=1))
    signaler(salle, GenreIncident.EXCUSE, quand=JOUR - timedelta(days=2))  # excusé d'avance, c'est permis
    with pytest.raises(Introuvable):
        services.signaler_incident(
            epreuve=uuid4(), genre=GenreIncident.PANNE, motif="x", auteur=SYSTEME, maintenant=JOUR
        )


def test_l_accord_d_un_usager_n_a_de_sens_qu_en_double_ecoute():
    salle = factories.salle("B2")
    with refus("incident_hors_de_propos"):
        signaler(salle, GenreIncident.ACCORD_RETIRE)
    assert signaler(factories.salle("B3"), GenreIncident.ACCORD_RETIRE) is not None


def test_une_epreuve_close_ne_recoit_plus_d_incident():
    salle = factories.salle()
    signaler(salle)
    trancher(salle, SuiteIncident.CLORE)
    with refus("incident_hors_de_propos"):
        signaler(salle)


# Trancher ------------------------------------------------------------------------------------------------------------


def test_reprendre_rend_l_etat_d_avant(tmp_path):
    salle = factories.salle()
    signaler(salle)
    assert trancher(salle, SuiteIncident.REPRENDRE) == salle.epreuve
    assert etat(salle) == "affectee"
    assert trancher(salle, SuiteIncident.REPRENDRE) == salle.epreuve  # redire ne change rien
    assert SuiteDIncident.objects.count() == 1
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_replanifier_une_interruption_ouvre_une_autre_epreuve():
    salle = factories.salle()
    signaler(salle)
    nouvelle = trancher(salle, SuiteIncident.REPLANIFIER, prevue_le=PLUS_TARD)
    assert etat(salle) == "non_evaluee"
    vue = selectors.epreuve_par_id(SYSTEME, nouvelle)
    ancienne = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.bloc, vue.etat, vue.prevue_le, vue.lieu, vue.norme) == (
        "B3",
        "a_planifier",
        PLUS_TARD,
        "Plateau 2",
        ancienne.norme,
    )
    assert Epreuve.objects.get(pk=nouvelle).remplace_id == salle.epreuve
    assert {e.personne for e in selectors.evaluateurs_d_avant(SYSTEME, nouvelle)} == {
        salle.metier.id,
        salle.certificateur.id,
    }
    assert selectors.epreuves_du_dossier(SYSTEME, salle.monde.dossier)["B3"].id == nouvelle


def test_replanifier_un_absent_garde_l_epreuve_et_change_la_date():
    salle = factories.salle()
    signaler(salle, GenreIncident.ABSENT)
    assert trancher(salle, SuiteIncident.REPLANIFIER, prevue_le=PLUS_TARD, lieu="Salle 4") == salle.epreuve
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, vue.prevue_le, vue.lieu) == ("affectee", PLUS_TARD, "Salle 4")
    assert Epreuve.objects.count() == 1


def test_clore_laisse_le_bloc_non_evalue_et_une_autre_epreuve_se_planifie():
    salle = factories.salle()
    signaler(salle, GenreIncident.FRAUDE)
    assert trancher(salle, SuiteIncident.CLORE) == salle.epreuve
    assert etat(salle) == "non_evaluee"
    assert selectors.epreuves_du_dossier(SYSTEME, salle.monde.dossier)["B3"].etat == "non_evaluee"
    assert selectors.blocs_planifies(SYSTEME, [salle.monde.dossier]) == frozenset()
    autre = factories.planifier(salle.monde, "B3")
    assert selectors.epreuves_du_dossier(SYSTEME, salle.monde.dossier)["B3"].id == autre


def test_les_refus_de_trancher():
    salle = factories.salle()
    with refus("sans_incident"):
        trancher(salle, SuiteIncident.CLORE)
    signaler(salle, GenreIncident.ABSENT)
    with refus("suite_interdite"):
        trancher(salle, SuiteIncident.REPRENDRE)
    with refus("motif_manquant"):
        trancher(salle, SuiteIncident.CLORE, motif=" ")
    with refus("date_manquante"):
        trancher(salle, SuiteIncident.REPLANIFIER)
    with refus("date_passee"):
        trancher(salle, SuiteIncident.REPLANIFIER, prevue_le=APRES - timedelta(minutes=1))
    for qui in (salle.metier, salle.certificateur, salle.monde.candidat):
        with pytest.raises(RefusDroit):
            trancher(salle, SuiteIncident.CLORE, auteur=qui)
    assert (etat(salle), SuiteDIncident.objects.count()) == ("suspendue", 0)


def test_deux_incidents_se_tranchent_ensemble_par_ce_que_les_deux_permettent():
    salle = factories.salle()
    signaler(salle, GenreIncident.EXCUSE)
    signaler(salle, GenreIncident.PANNE, auteur=salle.certificateur)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert selectors.suites_offertes(SYSTEME, vue, APRES) == (SuiteIncident.REPLANIFIER, SuiteIncident.CLORE)
    trancher(salle, SuiteIncident.CLORE)
    assert SuiteDIncident.objects.count() == 2


def test_un_evaluateur_parti_pendant_la_suspension_laisse_l_epreuve_a_planifier():
    salle = factories.salle()
    signaler(salle, GenreIncident.PANNE)
    services.declarer(epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=PENDANT)
    trancher(salle, SuiteIncident.REPRENDRE)
    assert etat(salle) == "a_planifier"


def test_replanifier_une_carence_en_un_geste():
    salle = factories.salle()
    neuve = services.replanifier_epreuve(
        epreuve=salle.epreuve,
        prevue_le=PLUS_TARD,
        lieu="",
        motif="L'évaluateur est malade.",
        auteur=salle.monde.gestionnaire,
        maintenant=APRES,
    )
    assert (etat(salle), selectors.epreuve_par_id(SYSTEME, neuve).etat) == ("non_evaluee", "a_planifier")


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gestes=st.lists(
        st.tuples(st.sampled_from(list(GenreIncident)), st.sampled_from(list(SuiteIncident))), min_size=1, max_size=4
    )
)
def test_au_hasard_des_incidents_nulle_impasse_et_une_seule_epreuve_vivante(gestes):
    salle = factories.salle()
    courante = salle.epreuve
    for genre, suite in gestes:
        ici = Salle(salle.monde, salle.bloc, courante, salle.metier, salle.certificateur)
        try:
            signaler(ici, genre, auteur=salle.monde.gestionnaire, quand=PENDANT)
        except Refus:
            assert etat(ici) in SANS_SUITE or genre in (GenreIncident.ABSENT, GenreIncident.EXCUSE)
            continue
        vue = selectors.epreuve_par_id(SYSTEME, courante)
        offertes = selectors.suites_offertes(SYSTEME, vue, APRES)
        assert SuiteIncident.CLORE in offertes
        choisie = suite if suite in offertes else SuiteIncident.CLORE
        courante = trancher(ici, choisie, prevue_le=PLUS_TARD)
    vivantes = Epreuve.objects.filter(dossier_id=salle.monde.dossier).exclude(etat__in=SANS_SUITE)
    assert vivantes.count() <= 1
    assert not Epreuve.objects.filter(dossier_id=salle.monde.dossier, etat="accordee").exists()
    for ligne in vivantes:
        assert EPREUVE.etat(ligne.etat).qui != ""


# Lire ----------------------------------------------------------------------------------------------------------------


def test_chacun_lit_ce_qui_le_regarde():
    salle = factories.salle()
    signaler(salle, GenreIncident.FRAUDE, motif="Il lisait une fiche.")
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)

    def lire(qui: Acteur, *, gere: bool = False):
        (ligne,) = selectors.incidents(qui, vue, gere=gere)
        return ligne.genre, ligne.motif, bool(ligne.auteur_nom)

    assert lire(salle.monde.gestionnaire, gere=True) == (GenreIncident.FRAUDE, "Il lisait une fiche.", True)
    assert lire(salle.metier) == (GenreIncident.FRAUDE, "Il lisait une fiche.", True)
    assert lire(salle.certificateur) == (GenreIncident.FRAUDE, "", True)
    assert lire(salle.monde.candidat) == (None, "", False)
    trancher(salle, SuiteIncident.CLORE, motif="Le jury le lira.")
    (lu,) = selectors.incidents(salle.monde.candidat, vue, gere=False)
    assert (lu.genre, lu.suite, lu.reponse) == (None, SuiteIncident.CLORE, "Le jury le lira.")


def test_gerer_le_dossier_n_ouvre_pas_les_mots_de_l_autre_a_qui_evalue_l_epreuve_avant_les_deux_sceaux():
    salle = factories.salle()
    comptes_services.donner_role(
        personne=salle.certificateur.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=salle.monde.organisme,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    signaler(salle, motif="Il a raté la démarche.")
    signaler(salle, GenreIncident.PANNE, auteur=salle.certificateur, motif="Le mien s'est éteint.")
    pages = [f"/epreuves/{salle.epreuve}/", f"/epreuves/{salle.epreuve}/incident/suite/"]
    with time_machine.travel(APRES, tick=False):
        lus = {
            qui.id: [
                tuple(
                    mot in comptes.texte(comptes.client(qui).get(page))
                    for mot in ("raté", "éteint", "dû s'interrompre")
                )
                for page in pages
            ]
            for qui in (salle.certificateur, salle.monde.gestionnaire)
        }
    assert lus[salle.certificateur.id] == [(False, True, True)] * 2
    assert lus[salle.monde.gestionnaire.id] == [(True, True, True)] * 2
    Epreuve.objects.filter(pk=salle.epreuve).update(etat="accordee")
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert {un.motif for un in selectors.incidents(salle.certificateur, vue, gere=True)} == {
        "Il a raté la démarche.",
        "Le mien s'est éteint.",
    }


def test_les_requetes_ne_grandissent_pas_avec_les_incidents(django_assert_num_queries):
    salle = factories.salle()
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    signaler(salle)
    with django_assert_num_queries(2):
        selectors.incidents(salle.monde.gestionnaire, vue, gere=True)
    signaler(salle, GenreIncident.PANNE)
    signaler(salle, GenreIncident.FRAUDE, auteur=salle.certificateur)
    with django_assert_num_queries(2):
        assert len(selectors.incidents(salle.monde.gestionnaire, vue, gere=True)) == 3
    with django_assert_num_queries(1):
        selectors.incidents(salle.monde.candidat, vue, gere=False)


# À deux à la fois ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_deux_signalements_et_deux_decisions_a_la_fois():
    salle = factories.salle()
    resultats: list[object] = []

    def lancer(*gestes):
        depart = threading.Barrier(len(gestes))

        def jouer(geste):
            try:
                depart.wait()
                resultats.append(geste())
            except Refus as erreur:
                resultats.append(erreur.code)
            finally:
                connection.close()

        fils = [threading.Thread(target=jouer, args=(geste,)) for geste in gestes]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()

    lancer(lambda: signaler(salle), lambda: signaler(salle, auteur=salle.certificateur))
    assert len(set(resultats)) == Incident.objects.count() == 2
    resultats.clear()
    lancer(
        lambda: trancher(salle, SuiteIncident.CLORE),
        lambda: trancher(salle, SuiteIncident.REPLANIFIER, prevue_le=PLUS_TARD),
    )
    assert "sans_incident" in resultats
    assert SuiteDIncident.objects.count() == 2
    assert etat(salle) == "non_evaluee"


# Les pages -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def le_jour():
    with time_machine.travel(PENDANT, tick=False):
        yield


def adresses(salle: Salle) -> tuple[str, str]:
    return (
        reverse("convocations:signaler", args=[salle.epreuve]),
        reverse("convocations:suite", args=[salle.epreuve]),
    )


@pytest.mark.usefixtures("le_jour")
def test_un_evaluateur_signale_puis_le_gestionnaire_decide():
    salle = factories.salle()
    page_signaler, page_suite = adresses(salle)
    evaluateur, gestionnaire = comptes.client(salle.metier), comptes.client(salle.monde.gestionnaire)
    voir = reverse("evaluation:voir", args=[salle.epreuve])
    assert page_signaler in comptes.texte(evaluateur.get(voir))
    manquant = evaluateur.post(page_signaler, {"genre": "interrompu", "motif": ""})
    assert manquant.status_code == 422
    reponse = evaluateur.post(page_signaler, {"genre": "interrompu", "motif": "Alarme incendie."}, follow=True)
    assert "L'épreuve est suspendue" in comptes.texte(reponse)
    accueil = comptes.texte(gestionnaire.get("/"))
    nom = selectors.epreuve_par_id(SYSTEME, salle.epreuve).dossier.candidat_nom
    assert f"Décider de la suite pour {nom}, bloc 3" in accueil
    assert "épreuve interrompue" in accueil
    assert f"Épreuve suspendue : {nom}, bloc 3" in comptes.texte(evaluateur.get("/"))
    decision = comptes.texte(gestionnaire.get(page_suite))
    assert "Alarme incendie." in decision
    sans_date = gestionnaire.post(page_suite, {"suite": "replanifier", "motif": "On recommence."})
    assert (sans_date.status_code, "On recommence." in comptes.texte(sans_date)) == (422, True)
    fait = gestionnaire.post(
        page_suite,
        {"suite": "replanifier", "motif": "On recommence.", "prevue_le_0": "2026-12-01", "prevue_le_1": "10:00"},
    )
    nouvelle = Epreuve.objects.get(remplace=salle.epreuve)
    assert fait.headers["Location"] == reverse("convocations:affecter", args=[nouvelle.pk])
    proposes = comptes.texte(gestionnaire.get(fait.headers["Location"]))
    assert f'<option value="{salle.metier.id}" selected>' in proposes
    assert etat(salle) == "non_evaluee"


@pytest.mark.usefixtures("le_jour")
def test_ce_que_le_candidat_voit():
    salle = factories.salle()
    candidat = comptes.client(salle.monde.candidat)
    signaler(salle, GenreIncident.FRAUDE, motif="Il lisait une fiche.")
    voir = comptes.texte(candidat.get(reverse("evaluation:voir", args=[salle.epreuve])))
    accueil = comptes.texte(candidat.get("/"))
    assert "Un incident a suspendu l'épreuve" in voir
    assert "Votre épreuve du bloc 3 est suspendue" in accueil
    for page in (voir, accueil, comptes.texte(candidat.get(reverse("dossier", args=[salle.monde.dossier])))):
        assert "fraude" not in page
        assert "lisait" not in page
        assert "non acquis" not in page.replace("ni acquis ni non acquis", "")
    trancher(salle, SuiteIncident.CLORE, motif="Le surveillant n’a rien vu.")
    apres = comptes.texte(candidat.get(reverse("evaluation:voir", args=[salle.epreuve])))
    assert "close : le bloc est non évalué" in apres
    assert "Le surveillant n'a rien vu." in apres


@pytest.mark.usefixtures("le_jour")
def test_qui_n_entre_pas_et_les_mauvaises_methodes():
    salle = factories.salle()
    for page in adresses(salle):
        assert comptes.client(comptes.gestionnaire(comptes.organisme())).get(page).status_code == 404
        assert comptes.client(salle.monde.candidat).get(page).status_code == 403
        assert comptes.client(salle.monde.gestionnaire).put(page).status_code == 405
        assert Client().get(page).headers["Location"] == f"/connexion/login/?next={page}"
    assert comptes.client(salle.metier).get(adresses(salle)[1]).status_code == 403
    rien = comptes.texte(comptes.client(salle.monde.gestionnaire).get(adresses(salle)[1]))
    assert "Aucun incident ne suspend cette épreuve" in rien
