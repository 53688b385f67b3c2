"""Les pages des parcours : qui entre, ce qu'elles montrent, ce qu'elles gardent quand elles refusent."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Personne
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import presenters, services
from parchemin.parcours.models import Dossier
from parchemin.parcours.tests import factories
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.composants import Statut, Ton

pytestmark = pytest.mark.django_db

JOUR = date(2026, 10, 2)
LISTE, INSCRIRE = "/candidats/", "/candidats/inscrire/"
LIGNES = re.compile(r'<th scope="row" role="rowheader"><a href="[^"]*">([^<]*)</a>')


def pages(dossier) -> tuple[str, str]:
    return f"/candidats/{dossier}/designer/", f"/candidats/{dossier}/abandonner/"


@pytest.fixture(autouse=True)
def _un_mois_apres():
    with time_machine.travel(INSCRIPTION.replace(month=10), tick=False):
        yield


# Qui entre -----------------------------------------------------------------------------------------------------------


def test_sans_connexion_on_va_se_connecter_puis_on_revient():
    for adresse in (LISTE, INSCRIRE, *pages(uuid4())):
        assert Client().get(adresse).headers["Location"] == f"/connexion/login/?next={adresse}"


def test_les_autres_methodes_sont_refusees():
    monde = factories.monde()
    ouvert = client(monde.gestionnaire)
    assert ouvert.post(LISTE).status_code == 405
    for adresse in (INSCRIRE, *pages(monde.dossier)):
        assert ouvert.put(adresse).status_code == 405


def test_la_liste_s_ouvre_a_qui_suit_des_candidats():
    monde = factories.monde()
    statuts = {
        qui: client(acteur).get(LISTE).status_code
        for qui, acteur in {
            "gestionnaire": monde.gestionnaire,
            "tuteur": monde.tuteur,
            "manager": monde.manager,
            "candidat": monde.candidat,
            "évaluateur": comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        }.items()
    }
    assert statuts == {"gestionnaire": 200, "tuteur": 200, "manager": 200, "candidat": 403, "évaluateur": 403}


def test_inscrire_designer_abandonner_reviennent_au_gestionnaire_de_l_organisme():
    monde = factories.monde()
    autre = client(comptes.gestionnaire(comptes.organisme()))
    for page in pages(monde.dossier):
        assert autre.get(page).status_code == 404
        assert autre.post(page, {"motif": "x"}).status_code == 404
    for acteur in (monde.candidat, monde.tuteur, monde.manager):
        ouvert = client(acteur)
        assert ouvert.get(INSCRIRE).status_code == 403
        assert ouvert.post(INSCRIRE, {}).status_code == 403
        for page in pages(monde.dossier):
            assert ouvert.get(page).status_code == 403
            assert ouvert.post(page, {"motif": "x"}).status_code == 403
    assert Dossier.objects.get().etat == "en_parcours"


# La liste ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_coute_le_meme_nombre_de_requetes(nombre, django_assert_num_queries):
    organisme = comptes.organisme()
    for _ in range(nombre):
        monde = factories.monde(organisme=organisme)
    ouvert = client(monde.gestionnaire)
    # session, compte, droits (page, lignes, états), compte des lignes, lignes, blocs, états, partis, nom
    with django_assert_num_queries(9):
        reponse = ouvert.get(LISTE)
    assert len(LIGNES.findall(texte(reponse))) == nombre


def test_la_liste_se_cherche_et_se_filtre():
    organisme = comptes.organisme()
    for nom in ("Zoé", "Œuvrard", "Élan"):
        monde = factories.monde(organisme=organisme, nom=nom)
    factories.monde(nom="Ailleurs")
    ouvert = client(monde.gestionnaire)
    assert LIGNES.findall(texte(ouvert.get(LISTE))) == ["Camille Élan", "Camille Œuvrard", "Camille Zoé"]
    assert LIGNES.findall(texte(ouvert.get(LISTE, {"q": "ELAN"}))) == ["Camille Élan"]
    assert "Aucun dossier ne répond" in texte(ouvert.get(LISTE, {"etat": "abandonne"}))
    assert len(LIGNES.findall(texte(ouvert.get(LISTE, {"etat": "invente", "page": "x"})))) == 3


def test_chaque_etat_dit_combien_de_dossiers_repondent_et_mene_a_eux():
    organisme = comptes.organisme()
    for nom in ("Zoé", "Œuvrard", "Élan"):
        monde = factories.monde(organisme=organisme, nom=nom)
    factories.monde(organisme=organisme, nom="Œuvré", designe=False)
    factories.monde(nom="Ailleurs")
    services.abandonner(dossier=monde.dossier, motif="Mobilité", auteur=monde.gestionnaire, maintenant=INSCRIPTION)
    ouvert = client(monde.gestionnaire)

    def filtres(**adresse):
        page = ouvert.get(LISTE, adresse).content.decode()
        (nav,) = re.findall(r'aria-label="Filtrer par état">(.*?)</nav>', page, re.DOTALL)
        liens = re.findall(r'<a\s+href="([^"]*)"\s*(aria-current="true")?\s*>([^<]*)</a>', nav)
        return [(unescape(url), libelle, bool(courant)) for url, courant, libelle in liens]

    assert filtres() == [
        (LISTE, "Tous (4)", True),
        (f"{LISTE}?etat=inscrit", "Inscrit (1)", False),
        (f"{LISTE}?etat=en_parcours", "En parcours (2)", False),
        (f"{LISTE}?etat=abandonne", "Abandonné (1)", False),
    ]
    assert filtres(q="oeuv", etat="evalue") == [
        (f"{LISTE}?q=oeuv", "Tous (2)", False),
        (f"{LISTE}?q=oeuv&etat=inscrit", "Inscrit (1)", False),
        (f"{LISTE}?q=oeuv&etat=en_parcours", "En parcours (1)", False),
        (f"{LISTE}?q=oeuv&etat=evalue", "Évalué (0)", True),
    ]
    assert LIGNES.findall(texte(ouvert.get(LISTE, {"q": "oeuv", "etat": "inscrit"}))) == ["Camille Œuvré"]


def test_la_recherche_garde_l_etat_choisi():
    page = texte(client(factories.monde().gestionnaire).get(LISTE, {"etat": "en_parcours"}))
    assert '<input type="hidden" name="etat" value="en_parcours">' in page


def test_une_ligne_dit_depuis_quand_et_qui_a_la_main():
    organisme = comptes.organisme("Caisse du Lac")
    en_parcours = factories.monde(organisme=organisme, nom="Abel")
    factories.monde(organisme=organisme, nom="Élan", designe=False, blocs=("B1", "B3"))
    clos = factories.monde(organisme=organisme, nom="Zoé")
    services.abandonner(dossier=clos.dossier, motif="Mobilité", auteur=SYSTEME, maintenant=INSCRIPTION)
    vues = Personne.objects.in_bulk([en_parcours.tuteur.id, en_parcours.manager.id])
    gens = f"{vues[en_parcours.tuteur.id]} et {vues[en_parcours.manager.id]}"
    page = presenters.liste(en_parcours.gestionnaire, droits(en_parcours.gestionnaire, JOUR), JOUR, {}, None)
    assert page.tableau is not None
    assert [(ligne[0].libelle, *ligne[1:]) for ligne in page.tableau.lignes] == [
        ("Camille Abel", "Caisse du Lac", "B1, B2, B3, B4", Statut(Ton.INFO, "En parcours"), "30\xa0jours", gens),
        ("Camille Élan", "Caisse du Lac", "B1, B3", Statut(Ton.ATTENTE, "Inscrit"), "30\xa0jours", "Gestionnaire"),
        ("Camille Zoé", "Caisse du Lac", "B1, B2, B3, B4", Statut(Ton.NEUTRE, "Abandonné"), "30\xa0jours", None),
    ]


def test_evalue_ne_se_montre_pas_comme_une_reussite():
    assert presenters.statut("evalue") == Statut(Ton.NEUTRE, "Évalué")


def test_un_tuteur_ne_voit_pas_le_bouton_d_inscription():
    monde = factories.monde()
    assert INSCRIRE in texte(client(monde.gestionnaire).get(LISTE))
    assert INSCRIRE not in texte(client(monde.tuteur).get(LISTE))


# L'inscription -------------------------------------------------------------------------------------------------------


@pytest.fixture
def organisme():
    referentiels.publier()
    return comptes.organisme("Caisse du Val d'Orne")


@pytest.fixture
def gestionnaire(organisme):
    return client(comptes.gestionnaire(organisme))


def saisie(organisme, **changements):
    return {
        "candidat": "nouvelle",
        "prenom": "Zoé",
        "nom": "Élan",
        "courriel_pro": "zoe@caisse.example",
        "organisme": str(organisme),
        "voie": "formation_continue",
        "initiative": "employeur",
        "entree_le": "2026-01-12",
        "blocs": ["B1", "B3"],
        "tuteur": "",
        "manager": "",
        **changements,
    }


def test_on_inscrit_une_personne_nouvelle(gestionnaire, organisme):
    reponse = gestionnaire.post(INSCRIRE, saisie(organisme))
    dossier = Dossier.objects.get()
    assert reponse.headers["Location"] == f"/candidats/{dossier.pk}/"
    assert (str(dossier.candidat), sorted(dossier.blocs.values_list("code", flat=True))) == ("Zoé Élan", ["B1", "B3"])


def test_on_inscrit_une_personne_deja_enregistree_avec_ceux_qui_l_accompagnent(gestionnaire, organisme):
    ada, theo, maud = (comptes.avec_role(NatureRole.TUTEUR, organisme, prenom) for prenom in ("Ada", "Théo", "Maud"))
    choisis = {"candidat": str(ada.id), "tuteur": str(theo.id), "manager": str(maud.id)}
    assert gestionnaire.post(INSCRIRE, saisie(organisme, **choisis)).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.candidat_id, dossier.tuteur_id, dossier.manager_id, dossier.etat) == (
        ada.id,
        theo.id,
        maud.id,
        "en_parcours",
    )
    assert Personne.objects.filter(nom="Élan").count() == 0


def test_une_saisie_refusee_garde_tout_et_dit_pourquoi(gestionnaire, organisme):
    reponse = gestionnaire.post(INSCRIRE, saisie(organisme, entree_le="2026-05-02"))
    assert reponse.status_code == 422
    contenu = texte(reponse)
    for morceau in (
        'value="Élan"',
        'value="zoe@caisse.example"',
        'value="2026-05-02"',
        '<option value="formation_continue" selected>',
        '<option value="employeur" selected>',
        "pris fin le 19 avril 2026",
    ):
        assert morceau in contenu
    cochees = [code for code in factories.TOUS if re.search(rf'value="{code}"[^>]*checked', contenu)]
    assert cochees == ["B1", "B3"]
    assert (Dossier.objects.count(), Personne.objects.filter(nom="Élan").count()) == (0, 0)


@pytest.mark.parametrize(
    ("changement", "champ"),
    [
        ({"blocs": []}, "blocs"),
        ({"blocs": ["B9"]}, "blocs"),
        ({"prenom": ""}, "prenom"),
        ({"nom": " "}, "nom"),
        ({"voie": ""}, "voie"),
        ({"entree_le": "hier"}, "entree_le"),
        ({"organisme": "x"}, "organisme"),
        ({"tuteur": "x"}, "tuteur"),
    ],
)
def test_chaque_manque_se_dit_sur_son_champ(gestionnaire, organisme, changement, champ):
    reponse = gestionnaire.post(INSCRIRE, saisie(organisme) | changement)
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (422, [champ])
    assert Dossier.objects.count() == 0


def test_le_meme_tuteur_et_manager_se_dit_sur_le_manager(gestionnaire, organisme):
    theo = str(comptes.avec_role(NatureRole.TUTEUR, organisme, "Théo").id)
    reponse = gestionnaire.post(INSCRIRE, saisie(organisme, tuteur=theo, manager=theo))
    assert list(reponse.context["form"].errors) == ["manager"]
    assert Personne.objects.filter(nom="Élan").count() == 0


def test_envoyer_deux_fois_n_inscrit_qu_une_fois(gestionnaire, organisme):
    sans_courriel = saisie(organisme, courriel_pro="")
    gestionnaire.post(INSCRIRE, sans_courriel)
    encore = gestionnaire.post(INSCRIRE, sans_courriel)
    assert list(encore.context["form"].errors) == ["homonyme_admis"]
    assert 'type="checkbox" name="homonyme_admis"' in texte(encore)
    assert Dossier.objects.count() == 1
    gestionnaire.post(INSCRIRE, sans_courriel | {"homonyme_admis": "on"})
    assert Dossier.objects.count() == 2


def test_un_candidat_deja_inscrit_se_dit_sur_le_candidat(organisme):
    monde = factories.monde(organisme=organisme)
    reponse = client(monde.gestionnaire).post(INSCRIRE, saisie(organisme, candidat=str(monde.candidat.id)))
    assert list(reponse.context["form"].errors) == ["candidat"]


def test_on_n_inscrit_pas_dans_l_organisme_d_un_autre(gestionnaire):
    ailleurs = comptes.organisme("Ailleurs")
    reponse = gestionnaire.post(INSCRIRE, saisie(ailleurs))
    assert list(reponse.context["form"].errors) == ["organisme"]
    assert "Ailleurs" not in texte(gestionnaire.get(INSCRIRE))


def test_une_version_inconnue_est_introuvable(gestionnaire):
    assert gestionnaire.get(INSCRIRE, {"referentiel": "cqp-cos@1999"}).status_code == 404


# Désigner, abandonner ------------------------------------------------------------------------------------------------


def test_on_nomme_puis_on_remplace():
    monde = factories.monde(designe=False)
    ouvert = client(monde.gestionnaire)
    theo, maud = (comptes.avec_role(NatureRole.TUTEUR, monde.organisme, prenom) for prenom in ("Théo", "Maud"))
    designer, _ = pages(monde.dossier)
    refus = ouvert.post(designer, {"tuteur": str(theo.id), "manager": str(theo.id)})
    assert (refus.status_code, list(refus.context["form"].errors)) == (422, ["manager"])
    assert ouvert.post(designer, {"tuteur": str(theo.id), "manager": ""}).status_code == 422
    fait = ouvert.post(designer, {"tuteur": str(theo.id), "manager": str(maud.id)})
    assert fait.headers["Location"] == f"/candidats/{monde.dossier}/"
    assert Dossier.objects.get().etat == "en_parcours"
    assert f'<option value="{theo.id}" selected>' in texte(ouvert.get(designer))


def test_on_abandonne_en_disant_pourquoi():
    monde = factories.monde()
    ouvert = client(monde.gestionnaire)
    _, abandonner = pages(monde.dossier)
    assert ouvert.post(abandonner, {"motif": " "}).status_code == 422
    assert ouvert.post(abandonner, {"motif": "Mutation"}).status_code == 302
    assert Dossier.objects.get().etat == "abandonne"
    assert "Mutation" in texte(client(monde.candidat).get(f"/candidats/{monde.dossier}/"))


def test_abandonner_un_dossier_deja_evalue_se_refuse_dans_la_page():
    monde = factories.monde()
    for etat in ("en_evaluation", "evalue"):
        services.passer_etat(dossier=monde.dossier, vers=etat, auteur=SYSTEME, maintenant=INSCRIPTION)
    reponse = client(monde.gestionnaire).post(pages(monde.dossier)[1], {"motif": "Mutation"})
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (422, ["__all__"])
    assert Dossier.objects.get().etat == "evalue"
