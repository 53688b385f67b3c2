"""Le journal pour les personnes : à chacun son périmètre, tout en mots, et l'export lui-même inscrit."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.selectors import nom
from parchemin.comptes.services import creer_personne, fusionner, inviter, retirer_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import texte
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours.tests import factories as parcours
from parchemin.portail.presenters.phrases import Mots
from parchemin.registre import actions
from parchemin.registre.chainage import corps, maillon
from parchemin.registre.enums import Action
from parchemin.registre.models import Entree
from parchemin.registre.services import effacer_valeurs
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.bases import ImportEnAttente
from parchemin.socle.typographie import INSECABLE

pytestmark = pytest.mark.django_db
INSTANT = evaluation.CLOTURE


@pytest.fixture(autouse=True)
def _heure():
    with time_machine.travel(INSTANT, tick=False):
        yield


def auditeur(organisme=None):
    return comptes.avec_role(NatureRole.AUDITEUR, organisme, "Apolline", "Rey")


def dpo(organisme=None):
    return comptes.avec_role(NatureRole.DPO, organisme, "Tanguy", "Morvan")


def phrases(reponse) -> list[str]:
    page = reponse.context["page"]
    return [ligne.phrase for jour in page.jours for ligne in jour.lignes]


# Qui le lit -----------------------------------------------------------------------------------------------------------

ADRESSES = ("/journal/", "/journal/comptes/1/", "/journal/chaines/")


@pytest.mark.parametrize("adresse", ADRESSES)
def test_sans_connexion_on_va_se_connecter(adresse):
    assert Client().get(adresse).status_code == 302


@pytest.mark.parametrize("adresse", ADRESSES)
@pytest.mark.parametrize(
    "nature", [n for n in NatureRole if n not in (NatureRole.AUDITEUR, NatureRole.DPO, NatureRole.ADMINISTRATEUR)]
)
def test_aucun_autre_role_ne_lit_le_journal(nature, adresse):
    assert comptes.client(comptes.avec_role(nature)).get(adresse).status_code == 403


def test_l_administrateur_suit_les_chaines_mais_ne_lit_aucune_entree():
    client = comptes.client(comptes.avec_role(NatureRole.ADMINISTRATEUR))
    assert [client.get(adresse).status_code for adresse in ADRESSES] == [403, 403, 200]


def test_le_dpo_ne_suit_pas_les_chaines():
    client = comptes.client(dpo())
    assert client.get("/journal/chaines/").status_code == 403
    assert client.post("/journal/chaines/verifier/").status_code == 403


@pytest.mark.parametrize(
    ("adresse", "methode"),
    [("/journal/", "post"), ("/journal/comptes/1/", "post"), ("/journal/exporter/", "get"),
     ("/journal/chaines/", "post"), ("/journal/chaines/verifier/", "get")],
)  # fmt: skip
def test_les_mauvaises_methodes(adresse, methode):
    assert getattr(comptes.client(auditeur()), methode)(adresse).status_code == 405


def test_un_role_d_auditeur_retire_ne_lit_plus_rien():
    personne = auditeur()
    client = comptes.client(personne)
    assert client.get("/journal/").status_code == 200
    role = Role.objects.get(personne_id=personne.id)
    retirer_role(role=role.pk, auteur=SYSTEME, maintenant=INSTANT)
    assert client.get("/journal/").status_code == 403


# Ce que chacun voit -----------------------------------------------------------------------------------------------------


def test_tout_se_dit_en_phrases_de_la_planification_au_resultat():
    salle = evaluation.evalue()
    lues = phrases(comptes.client(auditeur()).get(f"/journal/?objet={salle.epreuve}"))
    vue = epreuve_par_id(SYSTEME, salle.epreuve)
    metier, certificateur = (vue.evaluateur(qualite).nom for qualite in Qualite)
    gestionnaire, epreuve = (
        nom(SYSTEME, salle.monde.gestionnaire.id),
        f"l’épreuve du bloc 3 de {vue.dossier.candidat_nom}",
    )
    dossier = f"le dossier de {vue.dossier.candidat_nom}"
    gestes = len(evaluation.gestes_complets(salle))
    assert sorted(lue.replace(INSECABLE, " ") for lue in lues) == sorted(
        [
            f"{gestionnaire} a planifié l’épreuve du bloc 3 pour {dossier}, le 20 novembre 2026 à 10 h 00.",
            f"{gestionnaire} a désigné {metier} et {certificateur} pour évaluer {epreuve}.",
            f"{metier} a signé sa déclaration d’indépendance pour {epreuve}.",
            f"{certificateur} a signé sa déclaration d’indépendance pour {epreuve}.",
            f"{metier} a fait passer {epreuve} de « Affectée » à « En cours ».",
            f"{metier} a noté {gestes} gestes pendant {epreuve}.",
            f"{certificateur} a noté {gestes} gestes pendant {epreuve}.",
            f"{metier} a scellé sa lecture de {epreuve}, comme représentant métier.",
            f"{certificateur} a scellé sa lecture de {epreuve}, comme organisme certificateur ou son délégué.",
            f"{certificateur} a fait passer {epreuve} de « En cours » à « Lectures scellées ».",
            f"{metier} a confirmé le résultat commun de {epreuve}.",
            f"{certificateur} a confirmé le résultat commun de {epreuve}.",
            f"{certificateur} a fait passer {epreuve} de « Lectures scellées » à « Accordée ».",
            f"Le résultat de {epreuve} a été établi et scellé ; le dernier geste est de {certificateur}.",
        ]
    )


def test_chaque_acte_declare_a_sa_phrase():
    from parchemin.portail.presenters.phrases import PHRASES

    declarees = {nom for nom, _ in actions.connues() if not nom.startswith("essai.")}
    assert declarees - set(PHRASES) == set()


@pytest.mark.parametrize(
    ("action", "objet", "donnees", "phrase"),
    [
        ("convocations.convoques", "epreuve", {"places": ["candidat", "manager"]},
         "Ida a réglé les convocations à une épreuve, envoyées à : candidat, manager du candidat."),
        ("convocations.convoques", "epreuve", {"places": [], "panel": True},
         "Ida a réglé les convocations à une épreuve."),
        ("convocations.convocation_repondue", "epreuve", {"place": "metier", "vers": "refusee"},
         "Ida a répondu à sa convocation à une épreuve : « Refusée »."),
        ("convocations.presence_signee", "epreuve", {"personne": str(SYSTEME.id), "moyen": "constat"},
         "Ida a établi la présence de Camille à une épreuve, constatée par un évaluateur."),
        ("convocations.identite_controlee", "epreuve", {"moyen": "sejour"},
         "Ida a contrôlé l’identité du candidat, pour une épreuve."),
        ("convocations.calendrier_ferme", "calendrier", {}, "Ida a fermé son calendrier privé."),
        ("parcours.import_defait", "import_candidats", {"dossiers": ["a"]},
         "Ida a défait un import de candidats : 1 dossier clos."),
        ("parcours.import_defait", "organisme", {"vers": "abandonne", "dossiers": ["a", "b"]},
         "Ida a défait un import de candidats : 2 dossiers clos."),
        ("comptes.refermes_en_nombre", "organisme", {"roles": ["a", "b"]},
         "Ida a refermé 2 rôles pour un organisme, un import étant défait."),
        ("parcours.nir_lu", "dossier", {}, "Ida a lu le NIR du candidat, pour le déclarer, dans un dossier."),
        ("parcours.nir_rechiffres", "cle_nir", {"rechiffres": 3}, "Les NIR gardés ont été chiffrés de la clé courante : 3."),
    ],
)  # fmt: skip
def test_une_convocation_une_presence_un_nir_un_import_defait_se_disent_en_une_phrase(action, objet, donnees, phrase):
    mots = Mots({SYSTEME.id: "Camille"})
    assert (
        mots.phrase(action=action, auteur="Ida", objet=(objet, "-"), donnees=donnees).replace(INSECABLE, " ") == phrase
    )


def test_chaque_import_a_son_nom_dans_le_journal():
    objets = {modele.OBJET for modele in apps.get_models() if issubclass(modele, ImportEnAttente)}
    assert {"import_organismes", "import_liens", "import_candidats", "import_reprise"} <= objets
    assert [objet for objet in sorted(objets) if Mots({}).objet((objet, "-"), {}) == objet.replace("_", " ")] == []


def test_un_auditeur_borne_ne_lit_que_son_organisme():
    ici, ailleurs = parcours.monde(nom="Dici"), parcours.monde(nom="Dailleurs")
    client = comptes.client(auditeur(ici.organisme))
    page = texte(client.get("/journal/"))
    assert "Camille Dici" in page
    assert "Dailleurs" not in page
    assert client.get(f"/journal/organisme:{ici.organisme}/1/").status_code == 200
    for adresse in (f"/journal/organisme:{ailleurs.organisme}/1/", "/journal/comptes/1/"):
        assert client.get(adresse).status_code == 404
    for recherche in (f"personne={ailleurs.candidat.id}", f"objet={ailleurs.dossier}"):
        assert phrases(client.get(f"/journal/?{recherche}")) == []
    assert f"organisme:{ailleurs.organisme}" not in client.get("/journal/chaines/").content.decode()


def test_le_dpo_nomme_d_abord_une_personne_puis_voit_tout_ce_qui_la_touche():
    monde, autre = parcours.monde(nom="Haddad"), parcours.monde(nom="Autre")
    client = comptes.client(dpo())
    page = client.get("/journal/")
    assert phrases(page) == []
    assert "Nommez d'abord une personne" in texte(page)
    trouve = client.get("/journal/", {"qui": "haddad"})
    lues = phrases(trouve)
    assert "Camille Haddad" in " ".join(lues)
    assert "Autre" not in " ".join(lues)
    premiere = trouve.context["page"].jours[0].lignes[0]
    assert client.get(premiere.url).status_code == 200
    assert client.get(premiere.url.partition("?")[0]).status_code == 404
    etrangere = f"/journal/organisme:{autre.organisme}/1/?personne={monde.candidat.id}"
    assert client.get(etrangere).status_code == 404


def test_deux_fiches_reunies_sont_une_seule_personne_pour_qui_cherche():
    """Ce qui fut fait, ou dit, sous la fiche abandonnée se trouve en nommant l'une ou l'autre."""
    gardee, alias, autre = (comptes.gestionnaire() for _ in range(3))
    for qui in (gardee, alias, autre):
        creer_personne(prenom="Nour", nom="Haddad", auteur=qui, maintenant=INSTANT)
    fusionner(alias=alias.id, gardee=gardee.id, auteur=SYSTEME, maintenant=INSTANT)
    faites = {(e.chaine_id, e.rang) for e in Entree.objects.filter(auteur__in=[gardee.id, alias.id])}
    roles = {
        (e.chaine_id, e.rang)
        for e in Entree.objects.filter(action="comptes.role_donne")
        if e.donnees["personne"] in {str(gardee.id), str(alias.id)}
    }
    client = comptes.client(dpo())

    def trouver(demandee, comme: str) -> set[tuple[str, int]]:
        page = client.get("/journal/", {"personne": demandee.id, "comme": comme}).context["page"]
        return {(ligne.chaine, ligne.rang) for jour in page.jours for ligne in jour.lignes}

    assert [len(faites), len(roles)] == [2, 2]
    for demandee in (gardee, alias):
        assert trouver(demandee, "auteur") == faites
        assert trouver(demandee, "sujet") >= roles
        assert trouver(demandee, "tout") >= faites | roles
        chaine, rang = min(faites)
        assert client.get(f"/journal/{chaine}/{rang}/?personne={demandee.id}").status_code == 200
    assert trouver(autre, "auteur") & faites == set()


def test_lire_ce_qui_touche_une_personne_s_inscrit():
    monde, lecteur = parcours.monde(nom="Haddad"), dpo()
    comptes.client(lecteur).get("/journal/", {"qui": "haddad"})
    regards = Entree.objects.filter(action=Action.CONSULTATION)
    assert [(e.auteur_id, e.objet_type, e.objet_id, e.donnees["page"]) for e in regards] == [
        (lecteur.id, "personne", str(monde.candidat.id), "journal")
    ]


def test_plusieurs_personnes_du_meme_nom_se_choisissent():
    for prenom in ("Ada", "Bea"):
        comptes.personne(prenom, "Martin")
    page = comptes.client(auditeur()).get("/journal/", {"qui": "martin"}).context["page"]
    assert [lien.libelle for lien in page.choix] == ["Ada Martin", "Bea Martin"]
    assert phrases(comptes.client(auditeur()).get(page.choix[0].url))[0] == "Le système a enregistré Ada Martin."


def test_une_recherche_illisible_le_dit_et_ne_montre_rien():
    reponse = comptes.client(auditeur()).get(
        "/journal/", {"objet": "pas un identifiant", "du": "2026-12-01", "au": "2026-11-01"}
    )
    assert (reponse.status_code, phrases(reponse)) == (422, [])
    assert "La fin est avant le début." in texte(reponse)


def test_l_acte_et_la_periode():
    monde = parcours.monde()
    client = comptes.client(auditeur())
    jour = parcours.INSCRIPTION.date()
    trouvees = phrases(client.get("/journal/", {"acte": "parcours.dossier_inscrit", "du": jour, "au": jour}))
    assert len(trouvees) == 1
    assert phrases(client.get("/journal/", {"acte": "parcours.dossier_inscrit", "au": jour - timedelta(days=1)})) == []
    assert monde.dossier


# Une entrée ------------------------------------------------------------------------------------------------------------


def test_une_entree_montre_ses_valeurs_sa_preuve_puis_dit_qu_elles_sont_effacees():
    personne = comptes.personne("Nour", "Haddad")
    entree = Entree.objects.get(objet_id=str(personne.id), action="comptes.personne_creee")
    client, adresse = comptes.client(auditeur()), f"/journal/{entree.chaine_id}/{entree.rang}/"
    page = client.get(adresse).context["page"]
    assert page.phrase == "Le système a enregistré Nour Haddad."
    assert sorted(page.personnelles) == [("Nom", "Haddad", False), ("Prénom", "Nour", False)]
    assert dict(page.preuve)["Empreinte"] == entree.empreinte
    assert page.statut.libelle == "l’empreinte se refait, la suite tient"
    effacer_valeurs(
        auteur=SYSTEME, maintenant=INSTANT, objets=[("personne", personne.id)], motif="droit à l'effacement"
    )
    page = client.get(adresse).context["page"]
    assert sorted(page.personnelles) == [("Nom", "effacée", True), ("Prénom", "effacée", True)]


# Exporter --------------------------------------------------------------------------------------------------------------


def exporter(client, forme, **champs):
    reponse = client.post("/journal/exporter/", {"forme": forme, **champs})
    return reponse, b"".join(reponse.streaming_content).decode() if reponse.streaming else ""


def test_l_export_en_json_se_verifie_ailleurs_et_s_inscrit():
    monde, lecteur = parcours.monde(nom="Haddad"), auditeur()
    chaine = f"organisme:{monde.organisme}"
    reponse, contenu = exporter(comptes.client(lecteur), "jsonl", objet=str(monde.dossier))
    lignes = [json.loads(ligne) for ligne in contenu.splitlines()]
    assert reponse["Content-Disposition"] == 'attachment; filename="journal.jsonl"'
    assert len(lignes) == Entree.objects.filter(chaine=chaine, objet_id=str(monde.dossier)).count() > 0
    for ligne in lignes:
        hache = {nom: v for nom, v in ligne.items() if nom not in ("rang", "precedent", "empreinte")}
        assert maillon(ligne["precedent"], ligne["rang"], corps(**hache)) == ligne["empreinte"]
    assert "Haddad" not in contenu
    inscrit = Entree.objects.get(action=Action.JOURNAL_EXPORTE)
    assert (inscrit.auteur_id, inscrit.donnees) == (
        lecteur.id,
        {"forme": "jsonl", "filtre": {"objet": str(monde.dossier)}, "entrees": len(lignes)},
    )


def test_l_export_en_tableau_n_a_aucune_formule():
    comptes.organisme("=CMD|' /C calc'!A0")
    _, contenu = exporter(comptes.client(auditeur()), "csv", acte="comptes.organisme_cree")
    lignes = list(csv.reader(io.StringIO(contenu.lstrip("\N{BYTE ORDER MARK}")), delimiter=";"))
    assert len(lignes) == 2
    assert lignes[1][4] == "Le système a ajouté l’organisme « =CMD|' /C calc'!A0 »."
    assert [case for ligne in lignes for case in ligne if case[:1] in "=+-@\t\r" and case] == []


def test_un_export_vide_trop_grand_ou_illisible_est_refuse_et_ne_s_inscrit_pas(monkeypatch):
    client = comptes.client(auditeur())
    assert exporter(client, "csv", objet=str(uuid4()))[0].status_code == 409
    monkeypatch.setattr("parchemin.portail.presenters.journal.EXPORT_MAX", 1)
    assert exporter(client, "csv")[0].status_code == 409
    assert exporter(client, "pdf")[0].status_code == 409
    assert Entree.objects.filter(action=Action.JOURNAL_EXPORTE).count() == 0


def test_le_dpo_n_exporte_qu_en_nommant_une_personne():
    monde = parcours.monde(nom="Haddad")
    client = comptes.client(dpo())
    assert exporter(client, "jsonl")[0].status_code == 409
    reponse, contenu = exporter(client, "jsonl", personne=str(monde.candidat.id))
    assert reponse.status_code == 200
    assert str(monde.candidat.id) in contenu


# Ce que cela coûte, et les chaînes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_coute_autant_a_un_et_a_trois(nombre, django_assert_num_queries):
    client = comptes.client(auditeur())
    for _ in range(nombre):
        parcours.monde()
    client.get("/journal/")
    with django_assert_num_queries(LISTE):
        client.get("/journal/", {"acte": "parcours.dossier_inscrit"})


LISTE = 13


def test_l_etat_des_chaines_et_la_verification_lancee():
    client = comptes.client(auditeur())
    assert "Le journal n'a pas encore été vérifié ici" in texte(client.get("/journal/chaines/"))
    assert client.post("/journal/chaines/verifier/").status_code == 302
    assert "Une vérification est dans la file." in texte(client.get("/journal/chaines/"))


def test_inviter_dit_qui_et_pas_le_courriel():
    personne = comptes.personne("Nour", "Haddad")
    inviter(personne=personne.id, courriel="nour@caisse.example", auteur=SYSTEME, maintenant=INSTANT)
    reponse = comptes.client(auditeur()).get("/journal/", {"acte": "comptes.invitation_emise"})
    assert phrases(reponse) == ["Le système a invité Nour Haddad à ouvrir son compte."]
    assert "nour@caisse.example" not in reponse.content.decode()
