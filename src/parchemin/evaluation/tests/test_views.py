"""Les pages de l'évaluation : à qui elles s'ouvrent, ce qu'elles font, ce qu'elles taisent."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.services import affecter_evaluateurs
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.models import Fait, Lecture, PositionAccord, Resultat
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.socle.acteur import Acteur

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _le_jour_de_l_epreuve():
    with time_machine.travel(JOUR, tick=False):
        yield


def connecte(acteur: Acteur) -> Client:
    compte = Compte.objects.filter(personne_id=acteur.id).first()
    if compte is None:
        comptes.compte(acteur)
        compte = Compte.objects.get(personne_id=acteur.id)
    client = Client()
    client.force_login(compte)
    return client


def texte(reponse) -> str:
    return " ".join(reponse.content.decode().replace("\N{NO-BREAK SPACE}", " ").replace("&#x27;", "’").split())


def adresses(salle: Salle) -> dict[str, str]:
    return {
        "voir": f"/epreuves/{salle.epreuve}/",
        "grille": f"/epreuves/{salle.epreuve}/grille/",
        "faits": f"/epreuves/{salle.epreuve}/faits",
        "clore": f"/epreuves/{salle.epreuve}/clore/",
        "accord": f"/epreuves/{salle.epreuve}/accord/",
        "resultat": f"/candidats/{salle.monde.dossier}/resultat/",
        "releve": f"/candidats/{salle.monde.dossier}/releve.pdf",
    }


def geste(salle: Salle, acteur: Acteur, **champs: str):
    return connecte(acteur).post(adresses(salle)["grille"], champs)


# À qui les pages s'ouvrent -------------------------------------------------------------------------------------------


def test_sans_connexion_on_va_se_connecter_et_l_echange_repond_401():
    salle = convocations.salle()
    for nom, adresse in adresses(salle).items():
        reponse = Client().post(adresse) if nom in ("faits", "accord") else Client().get(adresse)
        if nom == "faits":
            assert (reponse.status_code, reponse.json()["erreur"]["code"]) == (401, "connexion_requise")
        else:
            attendue = f"/connexion/login/?next={adresse}"
            assert (reponse.status_code, reponse.headers["Location"]) == (302, attendue)


@pytest.mark.parametrize("methode", ["get", "post", "put", "patch", "delete"])
def test_chaque_page_n_accepte_que_ses_methodes(methode):
    salle = factories.evalue("B3")
    client = connecte(salle.metier)
    lues, ecrites = {"voir", "resultat", "releve"}, {"faits", "accord"}
    for nom, adresse in adresses(salle).items():
        permises = {"get"} if nom in lues else {"post"} if nom in ecrites else {"get", "post"}
        refusee = getattr(client, methode)(adresse).status_code == 405
        assert refusee == (methode not in permises), nom


@pytest.mark.parametrize(
    ("qui", "voir", "grille", "resultat"),
    [
        ("metier", 200, 200, 200),
        ("certificateur", 200, 200, 200),
        ("gestionnaire", 200, 404, 200),
        ("candidat", 200, 404, 200),
        ("tuteur", 200, 404, 200),
        ("manager", 200, 404, 200),
        ("autre évaluateur", 404, 404, 404),
        ("autre organisme", 404, 404, 404),
        ("inconnu", 404, 404, 404),
    ],
)
def test_a_qui_les_pages_s_ouvrent(qui, voir, grille, resultat):
    salle = factories.evalue("B3")
    acteurs = {
        "metier": salle.metier,
        "certificateur": salle.certificateur,
        "gestionnaire": salle.monde.gestionnaire,
        "candidat": salle.monde.candidat,
        "tuteur": salle.monde.tuteur,
        "manager": salle.monde.manager,
        "autre évaluateur": convocations.salle("B3").metier,
        "autre organisme": comptes.gestionnaire(comptes.organisme()),
        "inconnu": comptes.personne(),
    }
    client, pages = connecte(acteurs[qui]), adresses(salle)
    assert client.get(pages["voir"]).status_code == voir
    assert client.get(pages["grille"]).status_code == grille
    assert client.post(pages["grille"], {"critere:K3.1.1": "valide"}).status_code == (302 if grille == 200 else 404)
    assert client.get(pages["clore"]).status_code == grille
    assert client.post(pages["clore"]).status_code == (302 if grille == 200 else 404)
    accord = client.post(pages["accord"], {"critere": "K3.1.1", "choix": "valide", "motif": "x"})
    assert accord.status_code == (422 if grille == 200 else 404)  # c'est établi : rien ne s'y accorde plus
    assert client.get(pages["resultat"]).status_code == resultat
    assert client.get(pages["releve"]).status_code == resultat


def test_une_epreuve_inconnue_est_introuvable_partout():
    salle = convocations.salle()
    client = connecte(salle.metier)
    for nom, adresse in adresses(salle).items():
        ailleurs = adresse.replace(str(salle.epreuve), str(uuid4())).replace(str(salle.monde.dossier), str(uuid4()))
        if nom in ("faits", "accord"):
            corps = {"faits": []} if nom == "faits" else {"choix": "valide", "motif": "x"}
            type_mime = {"content_type": "application/json"} if nom == "faits" else {}
            assert client.post(ailleurs, corps, **type_mime).status_code == 404
        else:
            assert client.get(ailleurs).status_code == 404


# La grille sans JavaScript -------------------------------------------------------------------------------------------


def test_chaque_bouton_de_la_page_est_un_fait():
    salle = convocations.salle("B1")
    reponse = geste(salle, salle.metier, **{"critere:K1.1.1": "valide"})
    assert reponse.headers["Location"] == f"{adresses(salle)['grille']}#K1-1-1"
    geste(salle, salle.metier, alternative="double_ecoute")
    geste(salle, salle.metier, geste="entretien")
    geste(salle, salle.metier, geste="courrier", motif="Changement d'adresse", preselectionne="oui")
    geste(salle, salle.metier, **{"phase:observation:debut": "oui"})
    geste(salle, salle.metier, **{"duree:observation": "22", "commentaire:K1.1.1": "Très clair."})
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert {code: etat.value for code, etat in grille.etats.items()} == {"K1.1.1": "valide"}
    assert grille.alternative == "double_ecoute"
    assert list(grille.entretiens.values()) == ["double_ecoute"]
    assert [(c.motif, c.preselectionne) for c in grille.courriers.values()] == [("Changement d'adresse", True)]
    assert grille.phases["observation"].declaree == 22
    assert grille.commentaires == {"K1.1.1": "Très clair."}
    assert Fait.objects.values("evaluateur").distinct().count() == 1


@pytest.mark.parametrize("champs", [{"geste": "courrier", "motif": " "}, {"geste": "pause:observation"}])
def test_un_motif_vide_ne_note_rien_et_le_dit(champs):
    salle = convocations.salle("B1")
    client = connecte(salle.metier)
    client.post(adresses(salle)["grille"], {"lieu": "Poste 3", **champs})
    assert "Rien n’est noté : écrivez d’abord le motif." in texte(client.get(adresses(salle)["grille"]))
    assert list(Fait.objects.values_list("cible", flat=True)) == ["lieu"]


def test_une_remarque_tapee_n_est_pas_perdue_quand_on_touche_un_autre_critere():
    salle = convocations.salle()
    geste(salle, salle.metier, **{"commentaire:K3.1.1": "À vérifier", "critere:K3.1.2": "valide"})
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert grille.commentaires == {"K3.1.1": "À vérifier"}
    assert set(grille.etats) == {"K3.1.2"}


def test_une_page_ancienne_n_efface_pas_ce_qu_elle_ignore():
    """Deux appareils sans JavaScript : le second, resté sur une page d'avant, ne rend pas vide la remarque du premier."""
    salle = convocations.salle()
    premier, second = connecte(salle.metier), connecte(salle.metier)
    adresse = adresses(salle)["grille"]
    ancienne = second.get(adresse).context["page"].vus
    premier.post(adresse, {"vus": ancienne, "commentaire:K3.1.1": "Reformule.", "critere:K3.1.2": "valide"})
    second.post(adresse, {"vus": ancienne, "commentaire:K3.1.1": "", "critere:K3.1.3": "valide"})
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.commentaires, grille.conflits) == ({"K3.1.1": "Reformule."}, ())
    second.post(adresse, {"vus": ancienne, "critere:K3.1.2": "non_valide"})
    conflits = selectors.grille(salle.metier, salle.epreuve).conflits
    assert [(conflit.cible, set(conflit.valeurs)) for conflit in conflits] == [
        ("critere:K3.1.2", {"valide", "non_valide"})
    ]
    second.post(adresse, {"vus": second.get(adresse).context["page"].vus, "critere:K3.1.2": "non_valide"})
    assert selectors.grille(salle.metier, salle.epreuve).conflits == ()


@pytest.mark.parametrize(
    "vus",
    [
        pytest.param("[" * 100_000, id="sans fond"),
        pytest.param('{"x": ' + "1" * 5_000 + "}", id="sans fin"),
        "{",
        "[]",
        "null",
        '{"x": 1.5}',
    ],
)
def test_ce_que_montrait_la_page_ne_se_lit_pas_elle_montrait_tout(vus):
    salle = convocations.salle()
    assert geste(salle, salle.metier, **{"vus": vus, "critere:K3.1.1": "valide"}).status_code == 302
    assert selectors.grille(salle.metier, salle.epreuve).etats == {"K3.1.1": "valide"}


def test_deux_remarques_qui_se_contredisent_se_lisent_en_entier_et_l_une_se_reprend():
    """Deux tablettes d'un même évaluateur, chacune sans voir l'autre, ont écrit une longue remarque."""
    salle = convocations.salle()
    longues = [f"{debut} {'mot ' * 40}fin{debut}." for debut in ("Un", "Deux")]
    for texte_dit in longues:
        services.recevoir_faits(
            epreuve=salle.epreuve,
            lot=[fait(salle, 1, "commentaire:K3.1.1", texte_dit, appareil=uuid4())],
            auteur=salle.metier,
            maintenant=JOUR,
        )
    client, adresse = connecte(salle.metier), adresses(salle)["grille"]
    page = client.get(adresse)
    dits = [fragment for fragment in longues if f"<blockquote>{fragment}</blockquote>" in page.content.decode()]
    assert (dits, page.content.decode().count("Reprendre ce texte")) == (longues, 2)
    client.post(
        adresse,
        {"vus": page.context["page"].vus, "commentaire:K3.1.1": "", "reprendre:commentaire:K3.1.1": longues[1]},
    )
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert (grille.commentaires, grille.conflits) == ({"K3.1.1": longues[1]}, ())


def test_chaque_geste_peut_s_annuler_si_loin_soit_il():
    salle = convocations.salle("B1", ("B1",))
    factories.remplir(salle, salle.metier)
    client, adresse = connecte(salle.metier), adresses(salle)["grille"]
    page = client.get(adresse).context["page"]
    assert {geste.cible for geste in page.gestes} == set(
        Fait.objects.filter(evaluateur_id=salle.metier.id).values_list("cible", flat=True)
    )
    assert len(page.gestes) > 30


def test_un_texte_inchange_n_est_pas_un_geste():
    salle = convocations.salle()
    for _ in range(2):
        geste(salle, salle.metier, **{"commentaire:K3.1.1": "À vérifier", "lieu": "", "duree:observation": ""})
    assert Fait.objects.count() == 1


@pytest.mark.parametrize(
    "duree", ["²", "vingt", "-3", "99999999999999999999", "20,5", pytest.param("1" * 5_000, id="sans fin")]
)
def test_une_duree_insensee_ne_casse_rien(duree):
    salle = convocations.salle()
    reponse = geste(salle, salle.metier, **{"duree:observation": duree, "critere:K3.1.1": "valide"})
    assert reponse.status_code == 302
    grille = selectors.grille(salle.metier, salle.epreuve)
    assert set(grille.etats) == {"K3.1.1"}
    assert "observation" not in grille.phases


@pytest.mark.parametrize(
    "champs",
    [
        {"critere:K9.9.9": "valide"},
        {"critere:K3.1.1": "peut-être"},
        {"phase:inconnue:debut": "oui"},
        {"competence_abordee:C9.9": "oui"},
        {"retirer:commentaire:K3.1.1": "oui"},
        {"retirer:": "oui"},
        {"critere:K3.1.1\x00": "valide"},
    ],
)
def test_un_champ_force_est_refuse_sans_rien_garder(champs):
    salle = convocations.salle()
    client = connecte(salle.metier)
    assert client.post(adresses(salle)["grille"], champs).status_code == 302
    assert Fait.objects.count() == 0
    assert "message-non" in texte(client.get(adresses(salle)["grille"]))


def test_annuler_rend_la_valeur_d_avant():
    salle = convocations.salle()
    client = connecte(salle.metier)
    for valeur in ("valide", "non_valide"):
        client.post(adresses(salle)["grille"], {"critere:K3.1.1": valeur})
    client.post(adresses(salle)["grille"], {"annuler": ""})
    assert selectors.grille(salle.metier, salle.epreuve).etats["K3.1.1"] == "valide"
    assert Fait.objects.count() == 3


def test_la_grille_cache_les_seuils_jusqu_au_scellement():
    salle = convocations.salle()
    factories.remplir(salle, salle.metier, {"K3.2.1"})
    client = connecte(salle.metier)
    page = texte(client.get(adresses(salle)["grille"]))
    assert "il en faut" not in page
    assert "10 critères renseignés sur 10" in page
    factories.clore(salle, salle.metier)
    page = texte(client.get(adresses(salle)["grille"]))
    assert "2 validés, 1 non validé ; il en faut 3" in page
    assert "disabled" in page


# Clore ---------------------------------------------------------------------------------------------------------------


def test_clore_dit_ce_qui_manque_puis_scelle_une_seule_fois():
    salle = convocations.salle()
    client = connecte(salle.metier)
    geste(salle, salle.metier, **{"critere:K3.1.1": "valide"})
    page = texte(client.get(adresses(salle)["clore"]))
    assert "Le critère K3.1.2 n’est pas tranché." in page
    assert "Sceller ma lecture" not in page
    refus = client.post(adresses(salle)["clore"])
    assert (refus.status_code, "Le critère K3.1.2 n’est pas tranché." in texte(refus)) == (422, True)
    assert Lecture.objects.count() == 0
    factories.remplir(salle, salle.metier)
    assert "Sceller ma lecture" in texte(client.get(adresses(salle)["clore"]))
    assert client.post(adresses(salle)["clore"]).headers["Location"] == adresses(salle)["voir"]
    assert "Votre lecture est scellée" in texte(client.get(adresses(salle)["voir"]))
    client.post(adresses(salle)["clore"])
    assert "était déjà scellée" in texte(client.get(adresses(salle)["voir"]))
    assert Lecture.objects.count() == 1


def _ou_menent_les_manques(salle: Salle) -> set[str]:
    """Où mène chaque condition qui manque ; les critères ont leurs essais."""
    page = connecte(salle.metier).get(adresses(salle)["clore"]).context["page"]
    assert all(manque.url.startswith(adresses(salle)["grille"]) for manque in page.manques)
    menent = {manque.url.removeprefix(adresses(salle)["grille"]) for manque in page.manques}
    return {place for place in menent if not place.startswith("#K")}


def test_clore_mene_a_la_competence_qui_n_est_pas_abordee():
    salle = convocations.salle("B2")
    assert _ou_menent_les_manques(salle) == {"#abordee-C2.1"}
    geste(salle, salle.metier, **{"competence_abordee:C2.1": "oui"})
    assert _ou_menent_les_manques(salle) == {"#abordee-C2.2"}
    for valeur in (True, False):  # deux appareils se contredisent
        services.recevoir_faits(
            epreuve=salle.epreuve,
            lot=[fait(salle, 1, "competence_abordee:C2.3", valeur, appareil=uuid4())],
            auteur=salle.metier,
            maintenant=JOUR,
        )
    assert _ou_menent_les_manques(salle) == {"#abordee-C2.2", "#abordee-C2.3"}
    grille = texte(connecte(salle.metier).get(adresses(salle)["grille"]))
    assert all(f'id="abordee-{code}"' in grille for code in ("C2.1", "C2.2", "C2.3"))


def test_clore_mene_aux_conditions_et_les_ouvre():
    """La voie choisie, elles sont repliées : qui vient compléter une condition les trouve ouvertes."""
    salle = convocations.salle("B1")
    client, adresse = connecte(salle.metier), adresses(salle)["grille"]
    geste(salle, salle.metier, alternative="double_ecoute")
    assert _ou_menent_les_manques(salle) == {"?vue=conditions#bloc-conditions", "?vue=conditions#duree-observation"}
    for vue, ouvertes in (("", False), ("?vue=questions", False), ("?vue=conditions", True)):
        page = client.get(adresse + vue)
        assert (page.context["page"].conditions_ouvertes, 'id="duree-observation"' in texte(page)) == (ouvertes, True)


@pytest.mark.parametrize("masque", [True, False])
@pytest.mark.parametrize("exception", [False, True])
def test_clore_ne_montre_les_totaux_que_si_le_reglement_ne_les_cache_pas(masque, exception):
    """C'est la dernière page d'où l'on revient à la grille : on y juge encore des critères, pas la ligne."""
    salle = convocations.salle()
    if not masque:
        factories.regler(salle, "seuils_masques", False)
    factories.remplir(salle, salle.metier, {"K3.2.1"}, {"entretien:e0": None} if exception else None)
    page = texte(connecte(salle.metier).get(adresses(salle)["clore"]))
    assert ("Sceller avec ces motifs" if exception else "Sceller ma lecture") in page
    assert ("9 critères validés, 1 critère non validé. Une fois scellée" in page) is not masque
    assert ("validé" in page) is not masque


# S'accorder ----------------------------------------------------------------------------------------------------------


def test_on_propose_on_confirme_et_le_resultat_s_etablit():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    metier, certificateur = connecte(salle.metier), connecte(salle.certificateur)
    page = texte(metier.get(adresses(salle)["voir"]))
    assert "K3.1.1" in page
    assert "K3.1.2" not in page  # rien d'autre ne se rediscute
    for champs in (
        {"critere": "K3.1.1"},
        {"critere": "K3.1.1", "choix": "valide"},
        {"critere": "K3.1.2", "choix": "valide", "motif": "x"},
    ):
        assert metier.post(adresses(salle)["accord"], champs).status_code == 422
    assert PositionAccord.objects.count() == 0
    metier.post(adresses(salle)["accord"], {"critere": "K3.1.1", "choix": "valide", "motif": "Réécouté ensemble."})
    assert "Réécouté ensemble." in texte(certificateur.get(adresses(salle)["voir"]))
    assert Resultat.objects.count() == 0
    certificateur.post(adresses(salle)["accord"], {"critere": "K3.1.1", "choix": "valide"})
    assert Resultat.objects.count() == 1
    assert "le résultat est établi et scellé" in texte(certificateur.get(adresses(salle)["voir"]))


def test_un_refus_d_accord_garde_le_motif_et_le_choix():
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1", "K3.2.1"})
    metier, accord = connecte(salle.metier), adresses(salle)["accord"]
    assert texte(metier.get(adresses(salle)["voir"])).count("data-parchemin-saisie") == 2  # prévenu avant de les perdre
    sans_choix = metier.post(accord, {"critere": "K3.1.1", "motif": "Réécouté <ensemble>."})
    assert (sans_choix.status_code, texte(sans_choix).count("Réécouté &lt;ensemble&gt;.</textarea>")) == (422, 1)
    assert "Choisissez une des réponses proposées." in texte(sans_choix)
    sans_motif = metier.post(accord, {"critere": "K3.1.1", "choix": "valide", "motif": " "})
    assert sans_motif.status_code == 422
    assert re.search(r'id="K3-1-1-valide"[^>]*\bchecked\b', texte(sans_motif))
    assert "Ce que vous aviez écrit" not in texte(sans_motif)
    ailleurs = metier.post(accord, {"critere": "K3.1.2", "choix": "valide", "motif": "Je concorde."})
    assert ("Ce que vous aviez écrit" in texte(ailleurs), "Je concorde." in texte(ailleurs)) == (True, True)
    for point in ("K3.1.1", "K3.2.1"):
        for qui in (metier, connecte(salle.certificateur)):
            qui.post(accord, {"critere": point, "choix": "valide", "motif": "Vu ensemble."})
    trop_tard = metier.post(accord, {"critere": "K3.1.1", "choix": "valide", "motif": "Un mot de trop."})
    assert (trop_tard.status_code, "Un mot de trop." in texte(trop_tard)) == (422, True)
    assert "Ce que vous aviez écrit" in texte(trop_tard)


# Le résultat ---------------------------------------------------------------------------------------------------------


def test_le_candidat_lit_son_resultat_explique_et_jamais_une_remarque():
    salle = convocations.salle("B3", ("B3",))
    geste(salle, salle.metier, **{"commentaire:K3.2.1": "Hésite, ne connaît pas l'outil."})
    factories.evalue("B3", {"K3.2.1"}, salle)
    client = connecte(salle.monde.candidat)
    page = texte(client.get(adresses(salle)["resultat"]))
    assert "À un critère de la décision contraire." in page
    assert "C3.2 n’est pas validée : 2 critères validés sur 3, il en faut 3" in page
    assert "K3.2.1" in page
    for adresse in ("resultat", "voir"):
        assert "Hésite" not in texte(client.get(adresses(salle)[adresse]))


def test_avant_tout_resultat_la_page_dit_ce_qui_est_attendu_et_le_releve_n_existe_pas():
    salle = convocations.salle()
    client = connecte(salle.monde.candidat)
    assert "Ce bloc n’a pas encore de résultat." in texte(client.get(adresses(salle)["resultat"]))
    assert client.get(adresses(salle)["releve"]).status_code == 404


def test_qui_juge_encore_ce_candidat_lit_pourquoi_aucun_resultat_ne_se_montre():
    """Le bloc 3 est jugé, le bloc 4 ne l'est pas : la page ne prétend pas qu'il n'y a pas de résultat."""
    salle = factories.evalue("B3", {"K3.2.1"}, convocations.salle("B3", ("B3", "B4")))
    affecter_evaluateurs(
        epreuve=convocations.planifier(salle.monde, "B4", JOUR + timedelta(days=3)),
        metier=salle.metier.id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=convocations.PLANIFICATION,
    )
    client = connecte(salle.metier)
    page = texte(client.get(adresses(salle)["resultat"]))
    assert ("Vous évaluez encore ce candidat" in page, "pas encore de résultat" in page, "K3.2.1" in page) == (
        True,
        False,
        False,
    )
    assert client.get(adresses(salle)["releve"]).status_code == 404


# Ce que cela coûte ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("remplie", [False, True])
def test_les_pages_coutent_un_nombre_fixe_de_requetes(remplie, django_assert_num_queries):
    salle = convocations.salle("B1", ("B1",))
    if remplie:
        factories.remplir(salle, salle.metier)
    client, pages = connecte(salle.metier), adresses(salle)
    client.get(pages["grille"])
    with django_assert_num_queries(GRILLE):
        client.get(pages["grille"])
    with django_assert_num_queries(VOIR):
        client.get(pages["voir"])


@pytest.mark.parametrize("blocs", [("B3",), ("B2", "B3", "B4")])
def test_le_resultat_coute_autant_a_un_et_a_trois_blocs(blocs, django_assert_num_queries):
    premiere = convocations.salle(blocs[0], blocs)
    factories.evalue(salle=premiere)
    for bloc in blocs[1:]:
        factories.evalue(salle=convocations.salle(bloc, monde=premiere.monde))
    with time_machine.travel(JOUR + timedelta(days=1), tick=False):
        client = connecte(premiere.monde.candidat)
        client.get(adresses(premiere)["resultat"])
        with django_assert_num_queries(RESULTAT):
            client.get(adresses(premiere)["resultat"])


GRILLE, VOIR, RESULTAT = 31, 18, 12
