"""Les pages du carnet : qui entre, ce qu'elles montrent, ce qu'elles gardent quand elles refusent."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from parchemin.carnet import selectors, services
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Attestation, Carnet
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.tests import factories as dossiers
from parchemin.referentiels.selectors import norme, version_publiee
from parchemin.socle.acteur import SYSTEME

pytestmark = pytest.mark.django_db

B3 = ("B3",)


def pages(dossier) -> dict[str, str]:
    racine = f"/carnet/{dossier}/"
    return {
        "voir": racine,
        "attester": f"{racine}attester/",
        "retirer": f"{racine}retirer/C3.1/",
        "recevoir": f"{racine}reception/",
    }


@pytest.fixture(autouse=True)
def _le_jour_d_attester():
    with time_machine.travel(ATTESTATION, tick=False):
        yield


def vaut(monde, qualite=Qualite.TUTEUR) -> dict[str, bool | None]:
    vue = selectors.carnet(SYSTEME, monde.dossier)
    assert vue is not None
    return {ligne.competence: ligne.vaut(qualite) for ligne in vue.lignes if ligne.vaut(qualite) is not None}


# Qui entre -----------------------------------------------------------------------------------------------------------


def test_sans_connexion_on_va_se_connecter_puis_on_revient():
    for nom, page in pages(uuid4()).items():
        envoi = Client().post if nom == "recevoir" else Client().get
        assert envoi(page).headers["Location"] == f"/connexion/login/?next={page}"


def test_les_autres_methodes_sont_refusees():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    adresses = pages(monde.dossier)
    assert ouvert.post(adresses["voir"]).status_code == 405
    assert client(monde.candidat).get(adresses["recevoir"]).status_code == 405
    for nom in ("attester", "retirer"):
        assert ouvert.put(adresses[nom]).status_code == 405


def test_le_carnet_se_lit_par_les_siens_et_n_existe_pas_pour_les_autres():
    monde = factories.avec_carnet(B3)
    page = pages(monde.dossier)["voir"]
    siens = (monde.candidat, monde.tuteur, monde.manager, monde.gestionnaire)
    assert [client(acteur).get(page).status_code for acteur in siens] == [200] * 4
    autres = (
        factories.avec_carnet(B3).candidat,
        comptes.gestionnaire(comptes.organisme()),
        comptes.avec_role(NatureRole.TUTEUR, monde.organisme),
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
    )
    for acteur in autres:
        ouvert = client(acteur)
        assert ouvert.get(page).status_code == 404
        for nom in ("attester", "retirer", "recevoir"):
            assert ouvert.post(pages(monde.dossier)[nom], {"C3.1": "maitrisee", "motif": "x"}).status_code == 404
    assert Attestation.objects.count() == 0


def test_on_n_atteste_ni_pour_soi_ni_sans_etre_designe():
    monde = factories.avec_carnet(B3)
    for acteur in (monde.candidat, monde.gestionnaire):
        ouvert = client(acteur)
        for nom in ("attester", "retirer"):
            assert ouvert.get(pages(monde.dossier)[nom]).status_code == 403
            assert ouvert.post(pages(monde.dossier)[nom], {"C3.1": "maitrisee", "motif": "x"}).status_code == 403
    for acteur in (monde.tuteur, monde.manager, monde.gestionnaire):
        assert client(acteur).post(pages(monde.dossier)["recevoir"]).status_code == 403
    assert (Attestation.objects.count(), Carnet.objects.get().recu_le) == (0, None)


def test_un_carnet_pas_encore_remis_le_dit():
    monde = dossiers.monde(B3)
    reponse = client(monde.candidat).get(pages(monde.dossier)["voir"])
    assert (reponse.status_code, "pas encore remis" in texte(reponse)) == (404, True)


# Lire ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocs", [B3, dossiers.TOUS])
def test_la_page_coute_le_meme_nombre_de_requetes_pour_3_et_18_competences(blocs, django_assert_num_queries):
    monde = factories.complet(blocs)
    ouvert = client(monde.candidat)
    ouvert.get(pages(monde.dossier)["voir"])  # la norme se lit une fois par processus
    # session, compte, droits, dossier, blocs, carnet (6), version, annexes, fiche, nom
    with django_assert_num_queries(16):
        reponse = ouvert.get(pages(monde.dossier)["voir"])
    assert reponse.content.decode().count('role="rowheader"') == {1: 3, 4: 18}[len(blocs)]


def test_chaque_competence_porte_les_mots_du_referentiel():
    monde = factories.avec_carnet()
    contenu = texte(client(monde.candidat).get(pages(monde.dossier)["voir"]))
    arbre = norme(SYSTEME, version_publiee(SYSTEME, "cqp-cos", "2021").empreinte)
    intitules = [
        " ".join(competence.intitule.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
        for competence in arbre.competences()
    ]
    assert [intitule for intitule in intitules if intitule not in contenu] == []
    assert len(intitules) == 18


def test_le_carnet_dit_qui_a_dit_quoi_et_ce_qui_a_ete_retire():
    monde = factories.avec_carnet(B3)
    attester = {"dossier": monde.dossier, "auteur": monde.tuteur, "maintenant": ATTESTATION, "qualite": Qualite.TUTEUR}
    services.attester(dires={"C3.1": Dire(Verdict.PAS_ENCORE, "<b>Pas</b> seule")}, **attester)
    contenu = texte(client(monde.candidat).get(pages(monde.dossier)["voir"]))
    assert "&lt;b&gt;Pas&lt;/b&gt; seule" in contenu
    assert "pas encore" in contenu
    services.retirer_attestation(competence="C3.1", motif="Mauvaise ligne", **attester)
    contenu = texte(client(monde.candidat).get(pages(monde.dossier)["voir"]))
    assert "retirée" in contenu
    assert "Mauvaise ligne" in contenu


def test_ce_qui_est_repudie_se_dit_repudie_et_ne_montre_aucun_motif():
    monde = factories.avec_carnet(B3)
    services.attester(
        dossier=monde.dossier,
        auteur=monde.tuteur,
        maintenant=ATTESTATION,
        qualite=Qualite.TUTEUR,
        dires={"C3.1": Dire(Verdict.MAITRISEE, "Vu lundi.")},
    )
    avis = selectors.dernier_avis(monde.tuteur, monde.dossier)
    services.repudier_avis(avis=avis, motif="J'étais en congé", maintenant=ATTESTATION + timedelta(days=1))
    contenu = texte(client(monde.candidat).get(pages(monde.dossier)["voir"]))
    assert ("répudiée" in contenu, "retirée" in contenu, "Vu lundi." in contenu) == (True, False, True)
    assert "en congé" not in contenu


def test_ce_qui_a_ete_dit_avant_reste_dans_l_histoire_et_ce_qui_vaut_n_y_est_pas():
    monde = factories.avec_carnet(B3)
    attester = {"dossier": monde.dossier, "auteur": monde.tuteur, "qualite": Qualite.TUTEUR, "maintenant": ATTESTATION}
    services.attester(dires={"C3.1": Dire(Verdict.PAS_ENCORE, "Pas seule")}, **attester)
    page = pages(monde.dossier)["voir"]
    assert "L'histoire" not in texte(client(monde.candidat).get(page))
    services.attester(dires={"C3.1": Dire(Verdict.MAITRISEE)}, **attester)
    contenu = texte(client(monde.candidat).get(page))
    (histoire,) = re.findall(r"<details.*?</details>", contenu)
    (phrase,) = re.findall(r"<li>(.*?)</li>", histoire)
    assert re.fullmatch(r"1er octobre 2026, Théo Essai \d+, tuteur : pas encore : Pas seule", phrase)


def test_le_candidat_confirme_la_remise_et_le_bouton_disparait():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.candidat)
    adresses = pages(monde.dossier)
    assert adresses["recevoir"] in texte(ouvert.get(adresses["voir"]))
    assert ouvert.post(adresses["recevoir"]).headers["Location"] == adresses["voir"]
    assert adresses["recevoir"] not in texte(ouvert.get(adresses["voir"]))
    assert adresses["recevoir"] not in texte(client(monde.tuteur).get(adresses["voir"]))
    assert Carnet.objects.get().recu_le == ATTESTATION


# Attester ------------------------------------------------------------------------------------------------------------


def saisie(**choix) -> dict[str, str]:
    """Les champs d'un envoi : `C3_1="maitrisee"`, `C3_1_mot="…"`, `C3_1_vu="0"`."""
    return {re.sub(r"^(C\d)_(\d)", r"\1.\2", nom).replace("_", "-"): valeur for nom, valeur in choix.items()}


def test_on_atteste_plusieurs_competences_en_un_envoi():
    monde = factories.avec_carnet(B3)
    adresses = pages(monde.dossier)
    reponse = client(monde.manager).post(
        adresses["attester"],
        saisie(C3_1="maitrisee", C3_1_vu="0", C3_2="pas_encore", C3_2_mot="À revoir", C3_2_vu="0", C3_3_vu="0"),
    )
    assert reponse.headers["Location"] == adresses["voir"]
    assert vaut(monde, Qualite.MANAGER) == {"C3.1": True, "C3.2": False}
    assert vaut(monde, Qualite.TUTEUR) == {}


def test_un_mot_manquant_se_dit_sous_sa_competence_et_rien_ne_se_perd():
    monde = factories.avec_carnet(B3)
    reponse = client(monde.tuteur).post(
        pages(monde.dossier)["attester"], saisie(C3_1="maitrisee", C3_1_mot="Vu en accueil", C3_2="pas_encore")
    )
    assert (reponse.status_code, list(reponse.context["formulaire"].errors)) == (422, ["C3.2-mot"])
    contenu = texte(reponse)
    assert "Vu en accueil" in contenu
    assert re.findall(r'name="(C3\.\d)" value="(\w+)" checked', contenu) == [
        ("C3.1", "maitrisee"),
        ("C3.2", "pas_encore"),
    ]
    assert Attestation.objects.count() == 0


def test_rien_choisir_ou_choisir_n_importe_quoi_se_dit():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    vide = ouvert.post(pages(monde.dossier)["attester"], {})
    invente = ouvert.post(pages(monde.dossier)["attester"], saisie(C3_1="excellente"))
    assert (vide.status_code, list(vide.context["formulaire"].errors)) == (422, ["__all__"])
    assert (invente.status_code, list(invente.context["formulaire"].errors)) == (422, ["C3.1"])
    assert Attestation.objects.count() == 0


def test_envoyer_deux_fois_le_meme_formulaire_dit_que_rien_n_a_change():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    envoi = saisie(C3_1="maitrisee", C3_1_vu="0")
    ouvert.post(pages(monde.dossier)["attester"], envoi)
    encore = ouvert.post(pages(monde.dossier)["attester"], envoi, follow=True)
    assert "Rien n'a changé : tout était déjà attesté ainsi." in texte(encore)
    assert Attestation.objects.count() == 1


def test_un_onglet_perime_se_fait_relire_puis_accepte():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    page = pages(monde.dossier)["attester"]
    ouvert.post(page, saisie(C3_1="maitrisee", C3_1_vu="0"))
    perime = saisie(C3_1="pas_encore", C3_1_mot="Réflexion faite", C3_1_vu="0")
    refus = ouvert.post(page, perime)
    assert (refus.status_code, list(refus.context["formulaire"].errors)) == (422, ["C3.1-mot"])
    assert vaut(monde) == {"C3.1": True}
    contenu = texte(refus)
    assert "Réflexion faite" in contenu
    (vu,) = re.findall(r'name="C3\.1-vu" value="(\d)"', contenu)
    assert ouvert.post(page, perime | {"C3.1-vu": vu}).status_code == 302
    assert vaut(monde) == {"C3.1": False}


def test_la_page_ne_redemande_pas_ce_qui_est_atteste():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    page = pages(monde.dossier)["attester"]
    ouvert.post(page, saisie(C3_1="maitrisee", C3_1_vu="0"))
    contenu = texte(ouvert.get(page))
    assert sorted(set(re.findall(r'name="(C3\.\d)"', contenu))) == ["C3.2", "C3.3"]
    ouvert.post(page, saisie(C3_2="maitrisee", C3_2_vu="0", C3_3="maitrisee", C3_3_vu="0"))
    assert "Vous avez tout attesté" in texte(ouvert.get(page))


def test_un_dossier_clos_dit_que_son_carnet_ne_change_plus():
    monde = factories.avec_carnet(B3)
    parcours.abandonner(dossier=monde.dossier, motif="x", auteur=monde.gestionnaire, maintenant=ATTESTATION)
    ouvert = client(monde.tuteur)
    refus = ouvert.post(pages(monde.dossier)["attester"], saisie(C3_1="maitrisee"))
    assert (refus.status_code, "Ce dossier est clos" in texte(refus)) == (422, True)
    assert pages(monde.dossier)["attester"] not in texte(ouvert.get(pages(monde.dossier)["voir"]))


# Retirer -------------------------------------------------------------------------------------------------------------


def test_on_retire_ce_que_l_on_a_dit_en_disant_pourquoi():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    adresses = pages(monde.dossier)
    ouvert.post(adresses["attester"], saisie(C3_1="maitrisee", C3_1_vu="0"))
    assert adresses["retirer"] in texte(ouvert.get(adresses["voir"]))
    assert adresses["retirer"] not in texte(client(monde.manager).get(adresses["voir"]))
    assert ouvert.post(adresses["retirer"], {"motif": " "}).status_code == 422
    assert vaut(monde) == {"C3.1": True}
    assert ouvert.post(adresses["retirer"], {"motif": "Mauvaise ligne"}).headers["Location"] == adresses["voir"]
    assert vaut(monde) == {}


def test_retirer_une_competence_inconnue_ou_jamais_attestee_se_refuse():
    monde = factories.avec_carnet(B3)
    ouvert = client(monde.tuteur)
    assert ouvert.get(f"/carnet/{monde.dossier}/retirer/C1.1/").status_code == 404
    assert ouvert.post(pages(monde.dossier)["retirer"], {"motif": "x"}).status_code == 409
