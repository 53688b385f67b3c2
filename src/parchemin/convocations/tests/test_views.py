"""Les pages des épreuves : ce qu'elles montrent, à qui, et ce qu'elles refusent."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
import time_machine
from django.test import Client

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.services import declarer_lien
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services
from parchemin.convocations.models import Affectation, Declaration, Epreuve, Recusation
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import Salle
from parchemin.parcours.tests import factories as parcours
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db

LISTE = "/epreuves/"
QUAND = {"prevue_le_0": "2026-11-20", "prevue_le_1": "10:00"}


@pytest.fixture(autouse=True)
def _le_jour_de_planifier():
    with time_machine.travel(factories.PLANIFICATION, tick=False):
        yield


def connecte(acteur: Acteur) -> Client:
    from parchemin.comptes.models import Compte

    comptes.compte(acteur)
    client = Client()
    client.force_login(Compte.objects.get(personne_id=acteur.id))
    return client


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&#x27;", "’").split())


def planifier(dossier: UUID, bloc: str = "B3") -> str:
    return f"/epreuves/planifier/{dossier}/{bloc}/"


def pages(epreuve: UUID) -> tuple[str, str]:
    return f"/epreuves/{epreuve}/evaluateurs/", f"/epreuves/{epreuve}/annuler/"


# Qui entre -----------------------------------------------------------------------------------------------------------


def test_sans_connexion_on_va_se_connecter_puis_on_revient():
    salle = factories.salle()
    for page in (LISTE, planifier(salle.monde.dossier), *pages(salle.epreuve)):
        assert Client().get(page).headers["Location"] == f"/connexion/login/?next={page}"


@pytest.mark.parametrize("methode", ["put", "patch", "delete"])
def test_les_autres_methodes_sont_refusees(methode):
    salle = factories.salle()
    client = connecte(salle.monde.gestionnaire)
    assert connecte(salle.metier).post(LISTE).status_code == 405
    for page in (LISTE, planifier(salle.monde.dossier), *pages(salle.epreuve)):
        assert getattr(client, methode)(page).status_code == 405


def test_la_liste_s_ouvre_aux_gestionnaires_et_aux_evaluateurs_seulement():
    salle = factories.salle()
    ouverte = {"gestionnaire": salle.monde.gestionnaire, "metier": salle.metier, "certificateur": salle.certificateur}
    fermee = {"candidat": salle.monde.candidat, "tuteur": salle.monde.tuteur, "manager": salle.monde.manager}
    assert {qui: connecte(acteur).get(LISTE).status_code for qui, acteur in ouverte.items()} == dict.fromkeys(
        ouverte, 200
    )
    assert {qui: connecte(acteur).get(LISTE).status_code for qui, acteur in fermee.items()} == dict.fromkeys(
        fermee, 403
    )


def test_planifier_affecter_annuler_reviennent_au_gestionnaire_de_l_organisme():
    salle = factories.salle()
    adresses = (planifier(salle.monde.dossier), *pages(salle.epreuve))
    autre = comptes.gestionnaire(comptes.organisme())
    attendus = {
        "candidat": (salle.monde.candidat, 403),
        "tuteur": (salle.monde.tuteur, 403),
        "évaluateur": (salle.metier, None),
        "autre organisme": (autre, 404),
        "inconnu": (comptes.personne(), 404),
    }
    for acteur, code in attendus.values():
        client = connecte(acteur)
        for rang, adresse in enumerate(adresses):
            # un évaluateur voit son épreuve, jamais le dossier : introuvable pour planifier, refusé pour affecter
            voulu = code or (404 if rang == 0 else 403)
            assert client.get(adresse).status_code == voulu
            assert client.post(adresse, {"motif": "x"}).status_code == voulu
    assert Epreuve.objects.get().etat == "affectee"


def test_l_autre_organisme_ne_voit_rien_dans_sa_liste():
    salle = factories.salle()
    page = texte(connecte(comptes.gestionnaire(comptes.organisme())).get(LISTE))
    assert "Aucune épreuve" in page
    assert "Plateau 2" not in page
    assert "Plateau 2" in texte(connecte(salle.monde.gestionnaire).get(LISTE))


def test_un_evaluateur_ne_voit_que_ses_epreuves():
    sienne, autre = factories.salle("B3"), factories.salle("B3")
    page = texte(connecte(sienne.metier).get(LISTE))
    assert f"/epreuves/{sienne.epreuve}/" in page
    assert f"/epreuves/{autre.epreuve}/" not in page


# Ce que l'on fait ----------------------------------------------------------------------------------------------------


def test_on_planifie_puis_on_affecte():
    monde = carnet.complet(("B3",))
    metier = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo")
    certificateur = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé")
    client = connecte(monde.gestionnaire)
    assert client.get(planifier(monde.dossier)).status_code == 200
    reponse = client.post(planifier(monde.dossier), QUAND | {"lieu": "Plateau 2"})
    epreuve = Epreuve.objects.get()
    assert reponse.headers["Location"] == pages(epreuve.pk)[0]
    assert epreuve.prevue_le == factories.JOUR  # 10 h à Paris
    reponse = client.post(pages(epreuve.pk)[0], {"metier": metier.id, "certificateur": certificateur.id})
    assert reponse.headers["Location"] == f"/epreuves/{epreuve.pk}/"
    assert dict(Affectation.objects.values_list("qualite", "evaluateur_id")) == {
        "metier": metier.id,
        "certificateur": certificateur.id,
    }


def test_affecter_mene_aux_disponibilites_de_ceux_dont_elles_s_ouvrent():
    """De sa caisse, ou sans organisme : oui ; d'une autre caisse : le lien ne se montre pas, plutôt que d'être refusé."""
    salle = factories.salle()
    client = connecte(salle.monde.gestionnaire)
    agendas = {acteur: f"/epreuves/disponibilites/{acteur.id}/" for acteur in (salle.metier, salle.certificateur)}
    ouverts = {acteur for acteur, adresse in agendas.items() if client.get(adresse).status_code == 200}
    page = client.get(pages(salle.epreuve)[0]).content.decode()
    assert {acteur for acteur, adresse in agendas.items() if f'href="{adresse}"' in page} == ouverts != set()


def test_une_saisie_incomplete_dit_quoi_reprendre_et_garde_le_reste():
    monde = carnet.complet(("B3",))
    reponse = connecte(monde.gestionnaire).post(planifier(monde.dossier), {"lieu": "Plateau 2"})
    assert reponse.status_code == 422
    assert "Dites le jour et l’heure." in texte(reponse)
    assert 'value="Plateau 2"' in texte(reponse)
    assert Epreuve.objects.count() == 0


def test_le_refus_du_service_se_lit_sur_la_page():
    monde = carnet.avec_carnet(("B3",))
    reponse = connecte(monde.gestionnaire).post(planifier(monde.dossier), QUAND | {"lieu": "X"})
    assert reponse.status_code == 422
    assert "Le carnet du bloc B3 n’est pas complet" in texte(reponse)


def test_un_bloc_non_demande_n_a_pas_de_page():
    monde = carnet.complet(("B3",))
    assert connecte(monde.gestionnaire).get(planifier(monde.dossier, "B1")).status_code == 404


def test_le_choix_n_offre_ni_le_tuteur_ni_le_manager_ni_qui_n_a_pas_le_role():
    salle = factories.salle()
    for acteur in (salle.monde.tuteur, salle.monde.manager):
        comptes.services.donner_role(
            personne=acteur.id, nature=NatureRole.EVALUATEUR_METIER, organisme=None, auteur=comptes.SYSTEME,
            maintenant=comptes.JADIS,
        )  # fmt: skip
    client = connecte(salle.monde.gestionnaire)
    page = client.get(pages(salle.epreuve)[0])
    offerts = {str(valeur) for valeur, _ in page.context["formulaire"].fields["metier"].choices}
    assert offerts == {"", str(salle.metier.id)}
    reponse = client.post(
        pages(salle.epreuve)[0], {"metier": salle.monde.tuteur.id, "certificateur": salle.certificateur.id}
    )
    assert reponse.status_code == 422
    assert Affectation.objects.filter(evaluateur_id=salle.monde.tuteur.id).count() == 0


def test_qui_est_ecarte_se_cherche_et_le_refus_propose_des_remplacants():
    salle = factories.salle()
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Léo", nom="Libre")
    comptes.services.donner_role(
        personne=salle.monde.tuteur.id, nature=NatureRole.EVALUATEUR_METIER, organisme=None, auteur=comptes.SYSTEME,
        maintenant=comptes.JADIS,
    )  # fmt: skip
    client = comptes.client(salle.monde.gestionnaire)
    choisis = {"metier": str(libre.id), "certificateur": str(salle.certificateur.id)}
    cherchee = client.post(pages(salle.epreuve)[0], choisis | {"metier_cherche": "LEO", "chercher": "metier"})
    assert cherchee.status_code == 200
    assert cherchee.context["formulaire"].fields["metier"].choices == [
        ("", "Choisir…"),
        (str(libre.id), "Léo Libre"),
    ]
    assert cherchee.context["formulaire"]["certificateur"].value() == str(salle.certificateur.id)
    assert cherchee.context["ecartes"] == ()  # celui que la recherche ne trouve pas n'y est pas
    ecarte = {"metier": str(salle.monde.tuteur.id), "certificateur": str(salle.certificateur.id)}
    refusee = client.post(pages(salle.epreuve)[0], ecarte)
    assert refusee.status_code == 422
    erreurs = refusee.context["formulaire"].non_field_errors()
    assert len(erreurs) == 2
    assert erreurs[0].endswith(
        "ne peut pas évaluer cette épreuve : tuteur du candidat, maintenant ou auparavant, pour ce parcours."
    )
    assert erreurs[1].startswith("Peuvent la remplacer : Léo Libre, ")
    assert refusee.context["formulaire"]["metier"].value() == ecarte["metier"]  # rien de saisi n'est perdu


def test_au_dela_de_vingt_cinq_noms_il_faut_chercher():
    salle = factories.salle()
    for rang in range(27):
        evaluateur = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Zoé", nom=f"Nom{rang:02}")
        declarer_lien(
            de=salle.monde.candidat.id, vers=evaluateur.id, genre=GenreDeLien.FORMATION, du=None, au=None,
            auteur=comptes.SYSTEME, maintenant=comptes.JADIS,
        )  # fmt: skip
    client = comptes.client(salle.monde.gestionnaire)
    (groupe,) = client.get(pages(salle.epreuve)[0]).context["ecartes"]
    assert (len(groupe.tableau.lignes), groupe.ouvert) == (25, False)
    assert groupe.suite == "Et 2 de plus : cherchez un nom pour savoir ce qui l’écarte."
    cherchee = client.post(pages(salle.epreuve)[0], {"metier_cherche": "nom26", "chercher": "metier"})
    (groupe,) = cherchee.context["ecartes"]
    assert (groupe.tableau.lignes, groupe.ouvert, groupe.suite) == (
        (("Zoé Nom26", "Formateur du candidat"),),
        True,
        "",
    )


# Déclarer, récuser, trancher ------------------------------------------------------------------------------------------


def adresse(salle: Salle, quoi: str) -> str:
    return f"/epreuves/{salle.epreuve}/{quoi}/"


@pytest.mark.parametrize("methode", ["put", "patch", "delete", "options"])
@pytest.mark.parametrize("quoi", ["declaration", "recusation"])
def test_ni_declarer_ni_recuser_n_acceptent_une_autre_methode(methode, quoi):
    salle = factories.salle(declarees=False)
    qui = salle.metier if quoi == "declaration" else salle.monde.candidat
    assert getattr(comptes.client(qui), methode)(adresse(salle, quoi)).status_code == 405


def test_declarer_est_a_l_evaluateur_affecte_seul():
    salle = factories.salle(declarees=False)
    ailleurs = comptes.gestionnaire(comptes.organisme())
    autre = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    attendus = {
        "gestionnaire": (salle.monde.gestionnaire, 404),
        "candidat": (salle.monde.candidat, 404),
        "autre organisme": (ailleurs, 404),
        "autre évaluateur": (autre, 404),
        "évaluateur affecté": (salle.metier, 200),
    }
    vus = {
        nom: comptes.client(qui).get(adresse(salle, "declaration")).status_code for nom, (qui, _) in attendus.items()
    }
    assert vus == {nom: code for nom, (_, code) in attendus.items()}
    sans_choix = comptes.client(salle.metier).post(adresse(salle, "declaration"), {"genre": ""})
    assert (sans_choix.status_code, sans_choix.context["formulaire"].errors) == (
        422,
        {"genre": ["Choisissez une réponse."]},
    )
    assert Declaration.objects.count() == 0
    signee = comptes.client(salle.metier).post(adresse(salle, "declaration"), {"genre": "aucun"})
    assert signee.headers["Location"] == f"/epreuves/{salle.epreuve}/grille/"
    retiree = comptes.client(salle.certificateur).post(adresse(salle, "declaration"), {"genre": "personnel"})
    assert retiree.headers["Location"] == "/epreuves/"
    assert comptes.client(salle.certificateur).get(adresse(salle, "declaration")).status_code == 404


def test_recuser_est_au_candidat_et_garde_le_motif_d_une_saisie_incomplete():
    salle = factories.salle()
    ailleurs = comptes.gestionnaire(comptes.organisme())
    attendus = {
        "gestionnaire": (salle.monde.gestionnaire, 403),
        "tuteur": (salle.monde.tuteur, 403),
        "évaluateur": (salle.metier, 403),
        "autre organisme": (ailleurs, 404),
        "candidat": (salle.monde.candidat, 200),
    }
    vus = {nom: comptes.client(qui).get(adresse(salle, "recusation")).status_code for nom, (qui, _) in attendus.items()}
    assert vus == {nom: code for nom, (_, code) in attendus.items()}
    client = comptes.client(salle.monde.candidat)
    sans_nom = client.post(adresse(salle, "recusation"), {"motif": "Un désaccord ancien"})
    assert sans_nom.status_code == 422
    assert sans_nom.context["formulaire"]["motif"].value() == "Un désaccord ancien"
    assert "Un désaccord ancien" in texte(sans_nom)
    etranger = client.post(adresse(salle, "recusation"), {"evaluateur": str(ailleurs.id), "motif": "X"})
    assert (etranger.status_code, list(etranger.context["formulaire"].errors)) == (422, ["evaluateur"])
    assert Recusation.objects.count() == 0
    depose = client.post(
        adresse(salle, "recusation"), {"evaluateur": str(salle.metier.id), "motif": "Un désaccord ancien"}
    )
    assert depose.headers["Location"] == adresse(salle, "recusation")
    assert Recusation.objects.get().motif == "Un désaccord ancien"


def test_trancher_est_au_gestionnaire_de_l_organisme_et_garde_la_reponse_incomplete():
    salle = factories.salle()
    recusation = services.recuser(
        epreuve=salle.epreuve,
        evaluateur=salle.metier.id,
        motif="Un désaccord",
        auteur=salle.monde.candidat,
        maintenant=factories.PLANIFICATION,
    )
    page = f"{adresse(salle, 'recusation')}{recusation}/"
    ailleurs = comptes.gestionnaire(comptes.organisme())
    attendus = {
        "candidat": (salle.monde.candidat, 403),
        "évaluateur": (salle.certificateur, 403),
        "autre organisme": (ailleurs, 404),
        "gestionnaire": (salle.monde.gestionnaire, 200),
    }
    vus = {nom: comptes.client(qui).get(page).status_code for nom, (qui, _) in attendus.items()}
    assert vus == {nom: code for nom, (_, code) in attendus.items()}
    client = comptes.client(salle.monde.gestionnaire)
    assert client.put(page).status_code == 405
    assert client.get(f"{adresse(salle, 'recusation')}{uuid4()}/").status_code == 404
    autre_salle = factories.salle(monde=None, paire=(salle.metier, salle.certificateur))
    assert client.get(f"{adresse(autre_salle, 'recusation')}{recusation}/").status_code == 404
    incomplete = client.post(page, {"motif": "Nous avons vérifié"})
    assert incomplete.status_code == 422
    assert incomplete.context["formulaire"]["motif"].value() == "Nous avons vérifié"
    assert Recusation.objects.get().etat == "deposee"
    tranchee = client.post(page, {"vers": "accueillie", "motif": "Nous avons vérifié"})
    assert tranchee.headers["Location"] == pages(salle.epreuve)[0]
    assert Recusation.objects.get().etat == "accueillie"


def test_annuler_veut_un_motif_puis_rend_le_bloc_planifiable():
    salle = factories.salle()
    client = connecte(salle.monde.gestionnaire)
    assert client.get(pages(salle.epreuve)[1]).status_code == 200
    assert client.post(pages(salle.epreuve)[1], {"motif": " "}).status_code == 422
    assert Epreuve.objects.get().etat == "affectee"
    reponse = client.post(pages(salle.epreuve)[1], {"motif": "Le candidat est malade."})
    assert reponse.headers["Location"] == f"/candidats/{salle.monde.dossier}/"
    assert Epreuve.objects.get().etat == "annulee"
    assert factories.planifier(salle.monde, "B3") != salle.epreuve


def test_une_epreuve_inconnue_est_introuvable():
    client = connecte(parcours.monde(("B3",)).gestionnaire)
    assert [client.get(page).status_code for page in pages(uuid4())] == [404, 404]


# Ce que cela coûte ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_coute_autant_de_requetes_a_une_et_a_trois_epreuves(nombre, django_assert_num_queries):
    premiere = factories.salle("B3", ("B2", "B3", "B4"))
    for bloc in ("B2", "B4")[: nombre - 1]:
        factories.salle(bloc, monde=premiere.monde, paire=(premiere.metier, premiere.certificateur))
    client = connecte(premiere.metier)
    client.get(LISTE)
    with django_assert_num_queries(10):
        assert texte(client.get(LISTE)).count("Plateau 2") == nombre
