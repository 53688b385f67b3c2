"""Un bloc acquis autrement, de bout en bout : carnet, épreuve, verdict, résultat, relevé, accueil ; un second référentiel le prouve."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO
from uuid import UUID

import pytest
import time_machine
from pypdf import PdfReader

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.carnet import services as carnet_services
from parchemin.carnet.selectors import carnet
from parchemin.carnet.tests import factories as carnet_factories
from parchemin.commandes.verdict.reponse import Repondeur
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations import services as convocations_services
from parchemin.convocations.selectors import dossiers_a_planifier, epreuves_du_dossier
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.evaluation import services
from parchemin.evaluation.selectors import acquis_du_dossier, resultats_du_dossier, verdict_du_dossier
from parchemin.evaluation.tests import factories
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import GenreEtape, PieceDeBloc, Voie
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.tests import factories as parcours_factories
from parchemin.parcours.tests.factories import Monde
from parchemin.referentiels.selectors import version_publiee
from parchemin.referentiels.tests import factories as referentiels
from parchemin.referentiels.tests.factories import equivalence, petit, publier
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import ecouler
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import INSECABLE

pytestmark = pytest.mark.django_db

MAI = date(2022, 5, 3)
MOTIF = "La pièce n'était pas la sienne."


def reconnaitre(monde: Monde, bloc: str, de: str, dossier: UUID | None = None) -> UUID:
    referentiel, source = de.split()
    return parcours.reconnaitre_bloc(
        dossier=dossier or monde.dossier,
        bloc=bloc,
        tenu=Tenu(referentiel, source),
        obtenu_le=MAI,
        piece=PieceDeBloc.ATTESTATION,
        vu_le=PLANIFICATION.date(),
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=1),
    )


def retirer(acquis: UUID, monde: Monde) -> None:
    parcours.retirer_bloc_acquis(
        acquis=acquis, motif=MOTIF, auteur=monde.gestionnaire, maintenant=JOUR + timedelta(hours=20)
    )


def ouvrir() -> None:
    version = version_publiee(SYSTEME, "cqp-cos", "2021")
    referentiels.reconnaitre(version, *(equivalence(f"RNCP35729 {bloc}", bloc) for bloc in ("B1", "B2", "B4")))


def vue(dossier: UUID):
    return dossiers_par_ids(SYSTEME, [dossier])[dossier]


def decision(dossier: UUID):
    dossier_vu = vue(dossier)
    return verdict_du_dossier(
        SYSTEME, dossier_vu, resultats_du_dossier(SYSTEME, dossier), acquis_du_dossier(SYSTEME, dossier_vu)
    )


def test_un_bloc_acquis_sort_du_carnet_et_son_epreuve_ne_se_planifie_pas():
    monde = carnet_factories.avec_carnet(("B1", "B3"))
    ouvrir()
    avant = carnet(SYSTEME, monde.dossier)
    reconnaitre(monde, "B1", "RNCP35729 B1")
    apres = carnet(SYSTEME, monde.dossier)
    assert avant is not None
    assert apres is not None
    assert {ligne.bloc for ligne in avant.lignes} == {"B1", "B3"}
    assert ({ligne.bloc for ligne in apres.lignes}, {ligne.bloc for ligne in apres.acquises}) == ({"B3"}, {"B1"})
    assert avant.avancement().lignes == apres.avancement().lignes + len(apres.acquises)
    with pytest.raises(Refus) as refus:
        convocations.planifier(monde, "B1")
    assert refus.value.code == "bloc_deja_acquis"
    carnet_factories.attester_tout(monde)
    complet = carnet(SYSTEME, monde.dossier)
    assert complet is not None
    assert complet.avancement().complet is True


def test_une_epreuve_prevue_est_annoncee_puis_annulee_une_epreuve_commencee_s_y_oppose():
    salle = convocations.salle("B1", ("B1", "B2"))
    monde = salle.monde
    ouvrir()
    with time_machine.travel(PLANIFICATION, tick=False):
        ouvert = client(monde.gestionnaire)
        adresse = f"/candidats/{monde.dossier}/reconnaitre/"
        page = ouvert.get(adresse)
        assert page.context["page"].effets == (
            ("Bloc 1", (f"L'épreuve prévue le 20{INSECABLE}novembre 2026, Plateau 2, sera annulée.",)),
        )
        saisi = {
            "choix": "RNCP35729 B1 B1",
            "obtenu_le": "2022-05-03",
            "piece": "attestation",
            "vu_le": "2026-10-02",
            "vus": page.context["page"].vus,
        }
        convocations.planifier(monde, "B2")
        refusee = ouvert.post(adresse, saisi)
        assert (refusee.status_code, epreuves_du_dossier(SYSTEME, monde.dossier)["B1"].etat) == (422, "affectee")
        assert "ce que cela change a changé" in texte(refusee)
        suite = ouvert.post(adresse, saisi | {"vus": refusee.context["page"].vus})
        assert (suite.status_code, suite.headers["Location"]) == (302, f"/candidats/{monde.dossier}/")
        assert set(epreuves_du_dossier(SYSTEME, monde.dossier)) == {"B2"}
    commencee = factories.deux_lectures(convocations.salle("B2"))
    with pytest.raises(Refus) as refus:
        reconnaitre(commencee.monde, "B2", "RNCP35729 B2")
    assert refus.value.code == "epreuve_commencee"


def test_le_verdict_compte_le_bloc_sans_marge_et_se_refait_hors_de_la_base():
    salle = factories.evalue("B3", salle=convocations.salle("B3", ("B1", "B3", "B4")))
    ouvrir()
    for bloc in ("B1", "B4"):
        reconnaitre(salle.monde, bloc, f"RNCP35729 {bloc}")
    rendue, entree = decision(salle.monde.dossier)
    assert [(b.code, b.acquis, b.origine, b.marge) for b in rendue.blocs] == [
        ("B1", True, "equivalence", None),
        ("B3", True, None, 1),
        ("B4", True, "equivalence", None),
    ]
    assert (rendue.certification, entree["blocs_acquis"]) == (None, {"B1": "equivalence", "B4": "equivalence"})
    assert json.loads(Repondeur().repondre(json.dumps(entree).encode())) == {"id": entree["id"], **rendue.en_json()}
    assert vue(salle.monde.dossier).etat == "evalue"


def test_un_bloc_acquis_et_non_demande_complete_la_certification():
    """Un nouvel essai : un seul bloc demandé, les autres reconnus dans un dossier d'avant."""
    monde = parcours_factories.monde()
    ouvrir()
    for bloc in ("B1", "B2", "B4"):
        reconnaitre(monde, bloc, f"RNCP35729 {bloc}")
    parcours.abandonner(
        dossier=monde.dossier,
        motif="Repris plus tard.",
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )
    dossier = parcours_factories.autre_dossier(monde, "cqp-cos@2021", ("B3",))
    carnet_services.ouvrir_carnet(dossier=dossier, auteur=SYSTEME, maintenant=PLANIFICATION)
    essai = Monde(monde.organisme, monde.gestionnaire, monde.candidat, monde.tuteur, monde.manager, dossier)
    carnet_factories.attester_tout(essai, PLANIFICATION)
    factories.evalue("B3", salle=convocations.salle("B3", monde=essai))
    rendue, entree = decision(dossier)
    assert rendue.certification is not None
    assert (rendue.certification.acquis, rendue.certification.marge, "blocs" in entree) == (True, 1, False)


def test_tout_reconnu_le_dossier_est_evalue_sans_epreuve():
    monde = carnet_factories.avec_carnet(("B1", "B2"))
    ouvrir()
    reconnaitre(monde, "B1", "RNCP35729 B1")
    assert vue(monde.dossier).etat == "en_parcours"
    reconnaitre(monde, "B2", "RNCP35729 B2")
    assert (vue(monde.dossier).etat, vue(monde.dossier).ouvert) == ("evalue", False)


def test_tout_reconnu_avant_la_nomination_le_dossier_est_evalue_des_qu_il_s_ouvre():
    monde = parcours_factories.monde(("B1",), designe=False)
    ouvrir()
    reconnaitre(monde, "B1", "RNCP35729 B1")
    assert vue(monde.dossier).etat == "inscrit"
    parcours.nommer_tuteur_manager(
        dossier=monde.dossier, tuteur=monde.tuteur.id, manager=monde.manager.id, auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )  # fmt: skip
    ecouler()
    assert (vue(monde.dossier).etat, ecouler()) == ("evalue", 0)


def test_tout_reconnu_avant_le_depot_d_une_vae_elle_est_evaluee_des_le_depot():
    monde = parcours_factories.monde(("B1",), designe=False, voie=Voie.VAE)
    ouvrir()
    reconnaitre(monde, "B1", "RNCP35729 B1")
    assert vue(monde.dossier).etat == "recevable"
    parcours.inscrire_etape(
        dossier=monde.dossier, genre=GenreEtape.VALIDATION, le=date(2026, 7, 1), auteur=monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )  # fmt: skip
    ecouler()
    assert vue(monde.dossier).etat == "evalue"


def test_un_bloc_retire_pendant_le_second_regard_ramene_le_dossier_aux_epreuves():
    salle = factories.evalue("B3", {"K3.2.1"}, salle=convocations.salle("B3", ("B1", "B3")))
    monde = salle.monde
    ouvrir()
    premier = reconnaitre(monde, "B1", "RNCP35729 B1")
    assert vue(monde.dossier).etat == "second_regard"
    retirer(premier, monde)
    assert vue(monde.dossier).etat == "en_evaluation"
    assert monde.dossier in {une.pk for une in dossiers_a_planifier(monde.gestionnaire, JOUR.date())}
    convocations.planifier(monde, "B1", JOUR + timedelta(days=9))
    services.clore_sans_avis(
        epreuve=salle.epreuve, motif=MOTIF, auteur=monde.gestionnaire, maintenant=JOUR + timedelta(days=1)
    )
    assert vue(monde.dossier).etat == "en_evaluation"
    reconnaitre(monde, "B1", "RNCP35729 B1")
    assert vue(monde.dossier).etat == "evalue"


def test_un_dossier_qui_n_attend_rien_d_autre_ne_revient_pas_aux_epreuves():
    salle = factories.evalue("B3", {"K3.2.1"}, salle=convocations.salle("B3", ("B1", "B3")))
    ouvrir()
    acquis = reconnaitre(salle.monde, "B1", "RNCP35729 B1")
    services.avancer_dossier(salle.monde.dossier, SYSTEME, JOUR)  # B1 y est encore acquis
    assert vue(salle.monde.dossier).etat == "second_regard"
    autre = parcours_factories.monde(("B4",))
    services.avancer_dossier(autre.dossier, SYSTEME, JOUR)
    assert vue(autre.dossier).etat == "en_parcours"
    retirer(acquis, salle.monde)
    retirer(acquis, salle.monde)
    assert vue(salle.monde.dossier).etat == "en_evaluation"


def test_tout_tenu_avant_l_inscription_le_dossier_est_evalue_aussitot_inscrit():
    monde = parcours_factories.monde(("B1",))
    ouvrir()
    reconnaitre(monde, "B1", "RNCP35729 B1")
    dossier = parcours_factories.autre_dossier(monde, "cqp-cos@2021", ("B1",))
    assert vue(dossier).etat == "en_parcours"
    ecouler()
    assert vue(dossier).etat == "evalue"


def test_un_second_referentiel_de_bout_en_bout():
    """COS B1, prouvé, vaut B2 du petit référentiel ; son B1 se juge ; la certification est acquise, par deux chemins."""
    monde = parcours_factories.monde()
    publier(petit(equivalences=[equivalence("cqp-cos@2021 B1", "B2", "2026-09-01", "2026-12-31")]))
    dossier = parcours_factories.autre_dossier(monde, "cqp-petit@2026", ("B1", "B2"))
    carnet_services.ouvrir_carnet(dossier=dossier, auteur=SYSTEME, maintenant=PLANIFICATION)
    ici = Monde(monde.organisme, monde.gestionnaire, monde.candidat, monde.tuteur, monde.manager, dossier)
    reconnaitre(ici, "B2", "cqp-cos@2021 B1")
    carnet_factories.attester_tout(ici, PLANIFICATION)
    factories.evalue("B1", salle=convocations.salle("B1", monde=ici))
    rendue, _ = decision(dossier)
    assert rendue.certification is not None
    assert (rendue.certification.acquis, rendue.bloc("B2").origine, rendue.bloc("B2").competences_acquises) == (
        True, "equivalence", 0,
    )  # fmt: skip
    assert (vue(dossier).etat, set(resultats_du_dossier(SYSTEME, dossier))) == ("evalue", {"B1"})
    assert acquis_du_dossier(SYSTEME, vue(monde.dossier)) == {}


PHRASE = "Obtenu par équivalence avec le bloc 1 de RNCP35729, acquis le 3 mai 2022"


def test_obtenu_par_equivalence_se_lit_partout_ou_un_bloc_se_montre():
    salle = factories.evalue("B3", salle=convocations.salle("B3", ("B1", "B3", "B4")))
    monde = salle.monde
    ouvrir()
    acquis = reconnaitre(monde, "B1", "RNCP35729 B1")
    with time_machine.travel(JOUR + timedelta(days=1), tick=False):
        ouvert = client(monde.candidat)
        lues = {
            adresse: texte(ouvert.get(adresse))
            for adresse in (
                "/",
                f"/candidats/{monde.dossier}/",
                f"/candidats/{monde.dossier}/resultat/",
                f"/carnet/{monde.dossier}/",
            )
        }
        assert {adresse for adresse, page in lues.items() if "btenu par équivalence" not in page} == set()
        assert PHRASE in lues[f"/candidats/{monde.dossier}/resultat/"]
        pdf = ouvert.get(f"/candidats/{monde.dossier}/releve.pdf")
        assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
        retrait = f"/candidats/{monde.dossier}/acquis/{acquis}/retirer/"
        assert (ouvert.get(retrait).status_code, client(monde.gestionnaire).get(retrait).status_code) == (403, 200)
        assert client(monde.gestionnaire).post(retrait, {"motif": ""}).status_code == 422
        fait = client(monde.gestionnaire).post(retrait, {"motif": MOTIF})
        assert fait.status_code == 302
        assert "à venir" in texte(ouvert.get(f"/candidats/{monde.dossier}/resultat/"))
    assert acquis_du_dossier(SYSTEME, vue(monde.dossier)) == {}
    convocations_services.planifier_epreuve(
        dossier=monde.dossier,
        bloc="B4",
        prevue_le=JOUR + timedelta(days=9),
        lieu="Plateau 1",
        auteur=monde.gestionnaire,
        maintenant=JOUR + timedelta(days=2),
    )


def test_le_carnet_en_pdf_dit_d_ou_le_bloc_est_tenu():
    monde = carnet_factories.avec_carnet(("B1", "B3"))
    ouvrir()
    reconnaitre(monde, "B1", "RNCP35729 B1")
    with time_machine.travel(PLANIFICATION + timedelta(hours=2), tick=False):
        pdf = client(monde.candidat).get(f"/carnet/{monde.dossier}/carnet.pdf")
    pages = PdfReader(BytesIO(pdf.content)).pages
    lu = " ".join(" ".join(page.extract_text() for page in pages).split()).replace("’", "'")
    assert (pdf.status_code, "obtenu par équivalence" in lu, PHRASE in lu) == (200, True, True)
