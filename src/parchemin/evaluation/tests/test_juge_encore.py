"""Qui juge encore ce candidat, ou n'est plus admis à relire, n'apprend rien de ce qu'un autre bloc a donné, à quelque titre que ce soit."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.services import affecter_evaluateurs
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.evaluation import services
from parchemin.evaluation.enums import SensAvis
from parchemin.evaluation.selectors import second_regard
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE
from parchemin.socle.acteur import SYSTEME, Acteur

pytestmark = pytest.mark.django_db

APRES = CLOTURE + timedelta(hours=3)
EVACUE = "Plateau évacué à 9 h 40."
DIT_LE_RESULTAT = (
    "K3.1.1",
    "Ce qui diffère",
    "Résultat établi",
    "Lire le résultat",
    EVACUE,
    "ne se sont pas accordés",
    "à un critère près",
    "À reconsidérer",
    "Le geste est décrit.",
)


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(APRES, tick=False):
        yield


def differentes(salle: Salle) -> Salle:
    """Deux lectures scellées qui diffèrent sur un critère ; la même exception dans chacune."""
    for auteur, non_valides in ((salle.metier, {"K3.1.1"}), (salle.certificateur, set())):
        factories.remplir(salle, auteur, non_valides, autrement={"phase:observation:duree": 12})
        services.clore_lecture(
            epreuve=salle.epreuve, auteur=auteur, maintenant=CLOTURE, exceptions={"phase:observation": EVACUE}
        )
    return salle


def dit(acteur: Acteur, adresse: str) -> list[str]:
    """Ce que cette page, ouverte à cette personne, dit du bloc 3."""
    reponse = client(acteur).get(adresse)
    assert reponse.status_code == 200
    return [mot for mot in DIT_LE_RESULTAT if mot in texte(reponse)]


@pytest.mark.parametrize("nature", [NatureRole.GESTIONNAIRE, NatureRole.RH])
def test_qui_gere_le_dossier_ou_le_lit_et_y_juge_encore_un_bloc_ne_lit_rien_d_un_autre(nature):
    salle = convocations.salle("B3", ("B3", "B4"))
    autre = convocations.salle("B4", monde=salle.monde)
    juge, gere = autre.metier, nature == NatureRole.GESTIONNAIRE
    comptes_services.donner_role(
        personne=juge.id, nature=nature, organisme=salle.monde.organisme, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    page, regard = f"/epreuves/{salle.epreuve}/", f"/epreuves/{salle.epreuve}/second-regard/"
    differentes(salle)
    assert dit(juge, page) == []
    assert "Vous évaluez encore ce candidat" in texte(client(juge).get(page))
    factories.sans_accord(salle)
    assert dit(juge, page) == []
    if gere:
        assert dit(juge, regard) == []
        confier = texte(client(juge).get(regard))
        assert ("Choisir la troisième personne" in confier, "Vous évaluez encore ce candidat" in confier) == (
            True,
            True,
        )
    factories.evalue(salle=autre)
    assert {"Résultat établi", EVACUE} <= set(dit(juge, page))
    if gere:
        assert "ne se sont pas accordés" in dit(juge, regard)


def test_qui_a_evalue_les_deux_blocs_garde_la_page_de_celui_qu_il_a_juge():
    """Il sait ce qu'il y a lu : la page de son épreuve reste la sienne."""
    salle = convocations.salle("B3", ("B3", "B4"))
    convocations.salle("B4", monde=salle.monde, paire=(salle.metier, salle.certificateur))
    factories.sans_accord(differentes(salle))
    assert {"K3.1.1", "Résultat établi"} <= set(dit(salle.metier, f"/epreuves/{salle.epreuve}/"))


def test_qui_a_rendu_un_second_regard_puis_juge_un_autre_bloc_ne_relit_plus_ce_qu_il_a_lu():
    salle = convocations.salle("B3", ("B3", "B4"))
    factories.sans_accord(differentes(salle))
    personne = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Tierce")
    acte = {"epreuve": salle.epreuve, "maintenant": APRES}
    services.designer_second_regard(personne=personne.id, auteur=salle.monde.gestionnaire, **acte)
    services.declarer_avant_de_lire(genre=GenreDeclare.AUCUN, auteur=personne, **acte)
    services.rendre_avis(
        sens=SensAvis.RECONSIDERER, criteres=["K3.1.1"], motif="Le geste est décrit.", auteur=personne, **acte
    )
    regard = f"/epreuves/{salle.epreuve}/second-regard/"
    assert {"K3.1.1", "Le geste est décrit."} <= set(dit(personne, regard))
    affecter_au_bloc_4(salle, personne)
    assert dit(personne, regard) == []


def affecter_au_bloc_4(salle: Salle, personne: Acteur) -> None:
    """Cette personne évaluera le bloc 4 du même candidat."""
    affecter_evaluateurs(
        epreuve=convocations.planifier(salle.monde, "B4", JOUR + timedelta(days=3)),
        metier=salle.metier.id,
        certificateur=personne.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def test_la_personne_designee_qui_n_est_plus_admise_lit_pourquoi_et_rend_le_second_regard():
    salle = convocations.salle("B3", ("B3", "B4"))
    factories.sans_accord(differentes(salle))
    personne = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Tierce")
    acte = {"epreuve": salle.epreuve, "maintenant": APRES}
    services.designer_second_regard(personne=personne.id, auteur=salle.monde.gestionnaire, **acte)
    services.declarer_avant_de_lire(genre=GenreDeclare.AUCUN, auteur=personne, **acte)
    affecter_au_bloc_4(salle, personne)
    la_personne, regard = client(personne), f"/epreuves/{salle.epreuve}/second-regard/"
    page = texte(la_personne.get(regard))
    montre = (
        "évalue encore ce candidat sur un autre bloc",
        "Je ne peux pas rendre cet avis",
        "Sceller mon avis",
        "Signer",
    )
    assert [mot in page for mot in montre] == [True, True, False, False]
    assert dit(personne, regard) == []
    refusees = {"avis/": {"sens": "maintenir", "motif": "Vu."}, "declarer/": {"genre": "aucun"}}
    assert [la_personne.post(regard + suite, saisie).status_code for suite, saisie in refusees.items()] == [403, 403]
    assert la_personne.post(f"{regard}laisser/", {"motif": ""}).status_code == 422
    assert la_personne.post(f"{regard}laisser/", {"motif": "J'évalue un autre bloc."}).status_code == 302
    vue = second_regard(SYSTEME, salle.epreuve)
    assert vue is not None
    assert (vue.etat, vue.personne) == ("a_designer", None)


@pytest.mark.parametrize("geste", ["designer/", "sans-avis/", "laisser/"])
def test_seul_gestionnaire_designe_par_lui_meme_et_plus_evaluateur_il_le_confie_encore(geste):
    salle = factories.evalue("B3", {"K3.2.1"})
    personne = factories.regard_confie_a_soi(salle, APRES)
    Role.objects.filter(personne_id=personne.id, nature=NatureRole.EVALUATEUR_CERTIFICATEUR).update(au=JOUR.date())
    autre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Neuve")
    la_personne, regard = client(personne), f"/epreuves/{salle.epreuve}/second-regard/"
    assert "Rendre votre second regard" in texte(la_personne.get("/"))
    page = texte(la_personne.get(regard))
    assert ("n'a pas ce rôle à cette date" in page, "Choisir quelqu'un d'autre" in page) == (True, True)
    assert la_personne.post(regard + geste, {"personne": autre.id, "motif": "Plus évaluateur."}).status_code == 302
    vue = second_regard(SYSTEME, salle.epreuve)
    assert vue is not None
    assert (vue.etat, vue.personne) == {
        "designer/": ("designe", autre.id),
        "sans-avis/": ("sans_avis", None),
        "laisser/": ("a_designer", None),
    }[geste]
