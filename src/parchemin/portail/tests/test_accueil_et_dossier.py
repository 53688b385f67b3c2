"""L'accueil et le dossier : à chacun ce qui est à lui, rien de ce qui ne l'est pas."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPResponseException
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from parchemin.carnet import services as carnets
from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import avancements, dernier_avis, gel
from parchemin.carnet.services import Dire
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes import services as comptes_services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.selectors import droits, noms
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.courriels.services import poster_envoi
from parchemin.courriels.tests import factories as envois
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours import services as parcours_services
from parchemin.parcours.enums import Qualite
from parchemin.parcours.services import abandonner
from parchemin.parcours.tests import factories as parcours
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.portail.presenters import page_accueil, page_dossier
from parchemin.portail.presenters.accueil import arrivee, page
from parchemin.portail.presenters.accueil.page import ATTENTES
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import anciennete

pytestmark = pytest.mark.django_db
APRES = evaluation.CLOTURE


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(APRES, tick=False):
        yield


def connecte(acteur: Acteur) -> Client:
    comptes.compte(acteur)
    client = Client()
    client.force_login(Compte.objects.get(personne_id=acteur.id))
    return client


def titres(acteur: Acteur) -> list[str]:
    page = page_accueil(acteur, droits(acteur, jour_civil(APRES)), APRES)
    return [ligne.titre for ligne in page.miennes]


def chez_les_autres(acteur: Acteur) -> list[str]:
    page = page_accueil(acteur, droits(acteur, jour_civil(APRES)), APRES)
    return [ligne.titre for ligne in page.autres]


def dossier_vu(acteur: Acteur, dossier: UUID):
    return page_dossier(acteur, droits(acteur, jour_civil(APRES)), dossier, APRES)


# --- L'accueil --------------------------------------------------------------------------------------------------------


def test_sans_connexion_l_accueil_mene_a_la_connexion():
    reponse = Client().get("/")
    assert (reponse.status_code, reponse["Location"]) == (302, "/connexion/login/?next=/")


def test_qui_n_a_rien_a_faire_a_une_page_agreable():
    personne = comptes.personne("Ada", "Tranquille")
    page = connecte(personne).get("/").content.decode()
    assert "Bonjour Ada. Rien ne vous attend." in page
    assert "Tout est à jour" in page


def test_un_dossier_sans_tuteur_attend_le_gestionnaire_et_lui_seul():
    monde = parcours.monde(nom="Sans Tuteur", designe=False)
    autre = comptes.gestionnaire(comptes.organisme())
    assert titres(monde.gestionnaire) == ["Nommer le tuteur et le manager de Camille Sans Tuteur"]
    assert titres(autre) == []


@pytest.mark.parametrize(
    ("jours", "manager", "gestionnaire", "responsable"),
    [(6, False, False, False), (7, True, False, False), (14, True, True, False), (30, True, True, True)],
)
def test_une_attestation_qui_tarde_monte_de_palier(jours, manager, gestionnaire, responsable):
    """De celui qui atteste au responsable ; monter ne décharge personne, et chacun ne voit que ce qui est à lui."""
    monde = carnet.avec_carnet(("B3",), nom="Neuf")
    attester, parler = "Attester le carnet de Camille Neuf", "Parler du carnet de Camille Neuf avec son tuteur"
    faire = "Faire attester le carnet de Camille Neuf"
    instant = INSCRIPTION + timedelta(days=jours)

    def a_faire(acteur: Acteur) -> list[str]:
        return sorted(un.titre for un in page_accueil(acteur, droits(acteur, jour_civil(instant)), instant).miennes)

    assert a_faire(monde.candidat) == ["Confirmer que vous avez reçu votre carnet"]
    assert a_faire(monde.tuteur) == [attester]
    assert a_faire(monde.manager) == [attester, *([parler] if manager else [])]
    assert a_faire(monde.gestionnaire) == ([faire] if gestionnaire else [])
    assert a_faire(comptes.gestionnaire()) == ([faire] if responsable else [])


def test_la_relance_dit_la_prochaine_etape_et_un_geste_la_fait_redescendre():
    monde = carnet.avec_carnet(("B3",), nom="Neuf")
    instant = INSCRIPTION + timedelta(days=10)
    page = page_accueil(monde.gestionnaire, droits(monde.gestionnaire, jour_civil(instant)), instant)
    assert [ligne.pourquoi.replace("\N{NO-BREAK SPACE}", " ") for ligne in page.autres] == [
        "0 compétence sur 3 attestées par les deux. Sans geste d’ici le 16 septembre 2026, la relance monte au gestionnaire."
    ]
    carnets.attester(
        dossier=monde.dossier, qualite=Qualite.TUTEUR, dires={"C3.1": Dire(Verdict.MAITRISEE)}, auteur=monde.tuteur,
        maintenant=instant,
    )  # fmt: skip
    plus_tard = INSCRIPTION + timedelta(days=15)
    page = page_accueil(monde.gestionnaire, droits(monde.gestionnaire, jour_civil(plus_tard)), plus_tard)
    assert ([ligne.titre for ligne in page.miennes], [ligne.titre for ligne in page.autres]) == (
        [], ["Attestations attendues pour Camille Neuf"],
    )  # fmt: skip


def test_un_carnet_complet_attend_que_le_gestionnaire_planifie():
    monde = carnet.complet(("B3", "B4"), nom="Prête")
    assert titres(monde.gestionnaire) == ["Planifier les épreuves de Camille Prête"]
    convocations.planifier(monde, "B3")
    assert titres(monde.gestionnaire) == [
        "Planifier l’épreuve de Camille Prête",
        "Affecter les évaluateurs de Camille Prête, bloc 3",
    ]
    assert titres(monde.tuteur) == []


def test_une_epreuve_attend_ses_evaluateurs_jusqu_a_ce_qu_ils_aient_scelle():
    salle = convocations.salle()
    attendu = [f"Évaluer {evaluation.dossier(salle).candidat_nom}, bloc 3"]
    assert titres(salle.metier) == titres(salle.certificateur) == attendu
    evaluation.remplir(salle, salle.metier)
    evaluation.clore(salle, salle.metier)
    assert titres(salle.metier) == []
    assert titres(salle.certificateur) == attendu


def test_deux_lectures_qui_different_attendent_les_deux_evaluateurs():
    salle = evaluation.deux_lectures(convocations.salle(), {"K3.1.1"})
    attendu = [f"S’accorder sur {evaluation.dossier(salle).candidat_nom}, bloc 3"]
    assert titres(salle.metier) == titres(salle.certificateur) == attendu
    assert titres(salle.monde.candidat) == ["Confirmer que vous avez reçu votre carnet"]


def test_le_candidat_voit_venir_son_epreuve_et_retrouve_toujours_son_dossier():
    salle = convocations.salle()
    with time_machine.travel(convocations.JOUR, tick=False):
        page = page_accueil(salle.monde.candidat, droits(salle.monde.candidat, jour_civil(APRES)), convocations.JOUR)
    assert [ligne.titre for ligne in page.miennes] == [
        "Confirmer que vous avez reçu votre carnet",
        "Passer l’épreuve du bloc 3",
    ]
    assert [(ligne.titre, ligne.action.url) for ligne in page.autres if ligne.action] == [
        ("Votre dossier : en évaluation", f"/candidats/{salle.monde.dossier}/")
    ]
    assert [ligne.precision for ligne in page.autres] == ["la main est à : évaluateurs"]


def test_un_dossier_abandonne_reste_a_la_portee_du_candidat():
    monde = parcours.monde(nom="Parti")
    abandonner(dossier=monde.dossier, motif="Mutation.", auteur=monde.gestionnaire, maintenant=APRES)
    page = page_accueil(monde.candidat, droits(monde.candidat, jour_civil(APRES)), APRES)
    assert [(ligne.titre, ligne.precision) for ligne in page.autres] == [("Votre dossier : abandonné", "")]


def test_planifier_attend_depuis_que_le_carnet_est_complet():
    monde = carnet.complet(("B3",), nom="Complète")
    (ligne,) = page_accueil(monde.gestionnaire, droits(monde.gestionnaire, jour_civil(APRES)), APRES).miennes
    complet_le = avancements(monde.gestionnaire, [monde.dossier])[monde.dossier].derniere
    assert complet_le is not None
    assert ligne.quand == anciennete(jour_civil(complet_le), jour_civil(APRES))


def test_un_resultat_etabli_attend_le_candidat():
    salle = evaluation.evalue()
    assert titres(salle.monde.candidat) == ["Lire votre résultat"]


@pytest.mark.parametrize("nombre", [1, 3])
def test_l_accueil_du_gestionnaire_ne_coute_pas_plus_avec_plus_de_dossiers(nombre, django_assert_num_queries):
    organisme = comptes.organisme()
    mondes = [carnet.complet(("B3", "B4"), organisme=organisme) for _ in range(nombre)]
    for monde in mondes:
        convocations.planifier(monde, "B3")
    client = connecte(mondes[0].gestionnaire)
    client.get("/")
    with django_assert_num_queries(REQUETES_ACCUEIL):
        assert client.get("/").status_code == 200


REQUETES_ACCUEIL = 32


# --- Le dossier -------------------------------------------------------------------------------------------------------


def _lecteurs(salle: Salle) -> dict[str, Acteur]:
    monde = salle.monde
    return {
        "gestionnaire": monde.gestionnaire,
        "candidat": monde.candidat,
        "tuteur": monde.tuteur,
        "manager": monde.manager,
        "métier": salle.metier,
        "certificateur": salle.certificateur,
        "gestionnaire de tous": comptes.gestionnaire(),
    }


def test_le_dossier_s_ouvre_a_ceux_qui_en_sont():
    salle = convocations.salle()
    for acteur in _lecteurs(salle).values():
        assert connecte(acteur).get(f"/candidats/{salle.monde.dossier}/").status_code == 200


def test_le_dossier_n_existe_pas_pour_les_autres():
    salle, ailleurs = convocations.salle(), convocations.salle()
    autres = [
        comptes.gestionnaire(comptes.organisme()),
        ailleurs.monde.candidat,
        ailleurs.monde.tuteur,
        ailleurs.metier,
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        comptes.personne(),
    ]
    for acteur in autres:
        assert connecte(acteur).get(f"/candidats/{salle.monde.dossier}/").status_code == 404
        with pytest.raises(Introuvable):
            dossier_vu(acteur, salle.monde.dossier)
    reponse = Client().get(f"/candidats/{salle.monde.dossier}/")
    assert reponse.status_code == 302


@pytest.mark.parametrize("methode", ["post", "put", "delete", "patch"])
def test_ces_pages_ne_s_ecrivent_pas(methode):
    salle = convocations.salle()
    client = connecte(salle.monde.gestionnaire)
    for url in ("/", f"/candidats/{salle.monde.dossier}/"):
        assert getattr(client, methode)(url).status_code == 405


def test_avant_les_deux_sceaux_le_dossier_est_le_meme_pour_tous_quoi_que_dise_la_premiere_lecture():
    """Deux dossiers que seule distingue une lecture scellée : rien n'y diffère, pour personne."""
    vues: dict[str, set[str]] = {}
    for manques in ((), ("K3.1.1", "K3.2.1", "K3.3.1")):
        salle = convocations.salle()
        evaluation.remplir(salle, salle.metier, manques)
        evaluation.clore(salle, salle.metier)
        for qui, acteur in _lecteurs(salle).items():
            page = dossier_vu(acteur, salle.monde.dossier)
            assert page.blocs[0].lignes == ()
            vues.setdefault(qui, set()).add(page.blocs[0].attente.replace("\N{NO-BREAK SPACE}", " "))
    en_cours = {"Épreuve en cours : chaque évaluateur remplit sa grille, seul."}
    a_eux_deux = {"Épreuve le 20 nov. 2026 à 10 h 00, Plateau 2."}  # « en cours » leur dirait que l'autre a commencé
    assert vues == {qui: a_eux_deux if qui in ("métier", "certificateur") else en_cours for qui in vues}


def test_un_bloc_juge_montre_ses_points_et_sa_marge():
    salle = evaluation.evalue("B3", {"K3.2.1"})
    page = dossier_vu(salle.monde.candidat, salle.monde.dossier)
    carte = page.blocs[0]
    assert (carte.statut.libelle, carte.marge) == ("non acquis", "À un critère de la décision contraire.")
    assert [code for code, _ in carte.bascule] == ["K3.2.1"]
    assert [(ligne.code, ligne.compte) for ligne in carte.lignes] == [
        ("C3.1", "4 / 4"),
        ("C3.2", "2 / 3"),
        ("C3.3", "3 / 3"),
    ]


def test_le_gestionnaire_et_lui_seul_peut_planifier_depuis_le_dossier():
    monde = carnet.complet(("B3",))
    liens = {
        nom: dossier_vu(acteur, monde.dossier).blocs[0].lien
        for nom, acteur in (
            ("gestionnaire", monde.gestionnaire),
            ("candidat", monde.candidat),
            ("tuteur", monde.tuteur),
        )
    }
    assert liens["gestionnaire"] is not None
    assert (liens["candidat"], liens["tuteur"]) == (None, None)


def test_un_carnet_gele_puis_eclairci_se_dit_au_jury():
    """Une épreuve déjà convoquée se tient malgré un gel : le jury doit savoir qu'une attestation fut répudiée."""
    monde = carnet.complet(("B3",))
    avis = dernier_avis(monde.tuteur, monde.dossier)
    assert avis is not None
    carnets.repudier_avis(avis=avis, motif="Ce n'est pas moi.", maintenant=carnet.ATTESTATION)

    def au_jury(acteur: Acteur) -> tuple[str, ...]:
        dites = dossier_vu(acteur, monde.dossier).a_dire_au_jury
        return tuple(dite.replace("\N{NO-BREAK SPACE}", " ") for dite in dites)

    qui = noms(SYSTEME, [monde.tuteur.id])[monde.tuteur.id]
    dit = f"{qui}, tuteur, dit depuis le 1er octobre 2026 ne pas avoir attesté C3.1, C3.2 et C3.3"
    assert au_jury(monde.gestionnaire) == (f"Carnet gelé : {dit} ; personne ne l'a encore éclairci.",)
    assert (au_jury(monde.candidat), au_jury(monde.tuteur)) == ((), ())
    gele = gel(SYSTEME, monde.dossier)
    assert gele is not None
    carnets.lever_le_gel(
        repudiation=gele.repudiation,
        motif="Vu avec lui.",
        auteur=monde.gestionnaire,
        maintenant=carnet.ATTESTATION + timedelta(days=1),
    )
    (phrase,) = au_jury(monde.gestionnaire)
    assert phrase.startswith(f"Attestation répudiée : {dit} ; éclairci le 2 octobre 2026 par ")


def test_les_heures_du_candidat_se_disent_depuis_son_dossier():
    """Le candidat dit les siennes, le gestionnaire les lit ; ni l'un ni l'autre n'a d'adresse à connaître."""
    monde = carnet.complet(("B3",))
    agendas = {
        nom: dossier_vu(acteur, monde.dossier).agenda
        for nom, acteur in (
            ("gestionnaire", monde.gestionnaire),
            ("candidat", monde.candidat),
            ("tuteur", monde.tuteur),
            ("manager", monde.manager),
        )
    }
    assert (agendas["tuteur"], agendas["manager"]) == (None, None)
    for nom, acteur in (("gestionnaire", monde.gestionnaire), ("candidat", monde.candidat)):
        client = connecte(acteur)
        page = client.get(f"/candidats/{monde.dossier}/").content.decode()
        assert f'href="{agendas[nom].url}"' in page
        assert client.get(agendas[nom].url).status_code == 200


# --- L'accueil de chaque rôle -----------------------------------------------------------------------------------------


def page_de(acteur: Acteur):
    return page_accueil(acteur, droits(acteur, jour_civil(APRES)), APRES)


def test_les_ressources_humaines_nomment_les_leurs_et_voient_ce_qui_tarde_sans_les_epreuves():
    organisme = comptes.organisme()
    rh, ailleurs = comptes.avec_role(NatureRole.RH, organisme), comptes.avec_role(NatureRole.RH, comptes.organisme())
    parcours.monde(nom="Sans Tuteur", designe=False, organisme=organisme)
    carnet.avec_carnet(("B3",), nom="En Chemin", organisme=organisme)
    convocations.planifier(carnet.complet(("B3",), nom="Prête", organisme=organisme), "B3")
    assert (titres(rh), chez_les_autres(rh)) == (
        ["Nommer le tuteur et le manager de Camille Sans Tuteur"],
        ["Attestations attendues pour Camille En Chemin"],
    )
    assert (titres(ailleurs), chez_les_autres(ailleurs)) == ([], [])


def test_qui_gere_ici_et_accompagne_ailleurs_ne_recoit_pas_le_travail_de_l_autre_gestionnaire():
    """Le tuteur d'un dossier de B, gestionnaire de A : il atteste chez B, il n'y planifie rien."""
    monde = carnet.complet(("B3",), nom="Chez B")
    comptes_services.donner_role(
        personne=monde.tuteur.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=comptes.organisme(),
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    assert (titres(monde.tuteur), chez_les_autres(monde.tuteur)) == ([], [])
    assert titres(monde.gestionnaire) == ["Planifier l’épreuve de Camille Chez B"]


def test_qui_tient_deux_roles_ne_lit_rien_deux_fois():
    monde = parcours.monde(nom="Sans Tuteur", designe=False)
    comptes_services.donner_role(
        personne=monde.gestionnaire.id,
        nature=NatureRole.RH,
        organisme=monde.organisme,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    assert titres(monde.gestionnaire) == ["Nommer le tuteur et le manager de Camille Sans Tuteur"]


def test_l_administrateur_apprend_qui_ne_peut_pas_entrer_ou_n_est_pas_prevenu():
    administrateur = comptes.avec_role(NatureRole.ADMINISTRATEUR, prenom="Ada")
    orphelin = comptes.organisme("Caisse orpheline")
    comptes.avec_role(NatureRole.CANDIDAT, orphelin)
    gere = comptes.organisme("Caisse gérée")
    comptes.avec_role(NatureRole.CANDIDAT, gere)
    comptes.gestionnaire(gere)
    comptes.organisme("Caisse vide")
    invite = comptes.personne("Ines", "Tardive")
    comptes_services.inviter(
        personne=invite.id, courriel="ines@exemple.fr", auteur=SYSTEME, maintenant=APRES - timedelta(days=20)
    )
    manque = comptes.personne("Paul", "Injoignable")
    envoi = envois.envoyer(destinataire=manque.id, maintenant=APRES)
    poster_envoi(envoi=envoi.pk, maintenant=APRES, remettre=refuser)
    assert titres(administrateur) == [
        "Inviter de nouveau Ines Tardive",
        "Nommer un gestionnaire pour Caisse orpheline",
        "Vérifier l’adresse de Paul Injoignable",
    ]
    comptes.gestionnaire()
    assert titres(administrateur) == ["Inviter de nouveau Ines Tardive", "Vérifier l’adresse de Paul Injoignable"]
    assert titres(comptes.avec_role(NatureRole.AUDITEUR)) == []


def test_un_changement_d_habilitation_presse_qui_tient_le_registre_et_lui_seul():
    referentiels.publier()
    delegataire = comptes.organisme("Institut A")
    comptes.habilitation(delegataire, du=jour_civil(APRES) - timedelta(days=70))
    attendu = ["Déclarer à France compétences : habilitation donnée, Institut A"]
    tous, administrateur = comptes.gestionnaire(), comptes.avec_role(NatureRole.ADMINISTRATEUR)
    assert (titres(tous), titres(administrateur), titres(comptes.gestionnaire(delegataire))) == (attendu, attendu, [])


def refuser(message):
    raise SMTPResponseException(550, b"inconnue")


@pytest.mark.parametrize("nature", list(NatureRole))
def test_rien_a_faire_est_un_etat_agreable_pour_chaque_role(nature):
    page = page_de(comptes.avec_role(nature, prenom="Ada"))
    assert (page.salut, page.miennes, page.autres, page.suite) == ("Bonjour Ada. Rien ne vous attend.", (), (), None)
    assert page.vide is not None
    attendu = ATTENTES.get(nature, "Ce qui vous attendra apparaîtra ici, le plus urgent d’abord, avec sa raison.")
    assert (page.vide.titre, page.vide.texte) == ("Tout est à jour", attendu)


def test_une_seule_action_dominante_et_le_plus_urgent_d_abord():
    organisme = comptes.organisme()
    mondes = [parcours.monde(nom=nom, designe=False, organisme=organisme) for nom in ("Un", "Deux", "Trois")]
    miennes = page_de(mondes[0].gestionnaire).miennes
    assert [(ligne.premiere, ligne.action.principale) for ligne in miennes if ligne.action] == [
        (True, True),
        (False, False),
        (False, False),
    ]


def test_au_dela_de_ce_qui_se_lit_la_page_mene_a_la_liste(monkeypatch):
    monkeypatch.setattr(page, "MIENNES_MAX", 2)
    organisme = comptes.organisme()
    mondes = [parcours.monde(designe=False, organisme=organisme) for _ in range(3)]
    vue = page_de(mondes[0].gestionnaire)
    assert (len(vue.miennes), vue.suite and vue.suite.url) == (2, "/candidats/")
    assert "Le reste attend plus loin" in comptes.texte(connecte(mondes[0].gestionnaire).get("/"))


@pytest.mark.parametrize("nombre", [1, 3])
@pytest.mark.parametrize(
    ("role", "requetes"),
    [("candidat", 16), ("tuteur", 15), ("metier", 16), ("rh", 20), ("administrateur", 14)],
)
def test_l_accueil_de_chaque_role_ne_coute_pas_plus_avec_plus_a_faire(
    nombre, role, requetes, django_assert_num_queries
):
    acteur = devant(role, nombre)
    client = connecte(acteur)
    client.get("/")
    with django_assert_num_queries(requetes):
        assert client.get("/").status_code == 200


def devant(role: str, nombre: int) -> Acteur:
    """Une personne qui tient ce rôle, avec tant de choses à faire."""
    organisme = comptes.organisme()
    if role == "candidat":
        return carnet.avec_carnet(tuple(f"B{n}" for n in range(1, nombre + 1))).candidat
    if role == "tuteur":
        mondes = [carnet.avec_carnet(("B3",), organisme=organisme) for _ in range(nombre)]
        for monde in mondes[1:]:
            parcours_services.nommer_tuteur_manager(
                dossier=monde.dossier,
                tuteur=mondes[0].tuteur.id,
                manager=monde.manager.id,
                auteur=monde.gestionnaire,
                maintenant=APRES,
            )
        return mondes[0].tuteur
    if role == "metier":
        premiere = convocations.salle()
        for _ in range(nombre - 1):
            autre = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR)
            convocations.salle(paire=(premiere.metier, autre), declarees=False)
        return premiere.metier
    if role == "rh":
        for _ in range(nombre):
            parcours.monde(designe=False, organisme=organisme)
            carnet.avec_carnet(("B3",), organisme=organisme)
        return comptes.avec_role(NatureRole.RH, organisme)
    for rang in range(nombre):
        invite = comptes.personne()
        comptes_services.inviter(
            personne=invite.id, courriel=f"i{rang}@exemple.fr", auteur=SYSTEME, maintenant=comptes.JADIS
        )
        comptes.avec_role(NatureRole.CANDIDAT, comptes.organisme())
        envoi = envois.envoyer(f"essai:{rang}", destinataire=invite.id, maintenant=APRES)
        poster_envoi(envoi=envoi.pk, maintenant=APRES, remettre=refuser)
    return comptes.avec_role(NatureRole.ADMINISTRATEUR)


@pytest.mark.parametrize(("blocs", "requetes"), [(("B3",), 21), (("B1", "B3"), 21)])
def test_la_page_d_un_dossier_lit_chaque_chose_une_fois(blocs, requetes, django_assert_num_queries):
    monde = carnet.complet(blocs)
    vu = Acteur(monde.gestionnaire.id, deja_lu={})
    siens = droits(vu, jour_civil(APRES))
    page_dossier(vu, siens, monde.dossier, APRES)
    with django_assert_num_queries(requetes) as faites:
        page_dossier(vu, siens, monde.dossier, APRES)
    lues = [requete["sql"] for requete in faites]
    for lue in ('WHERE "referentiels_version"."empreinte" =', 'FROM "referentiels_revisionannexes"'):
        assert sum(lue in sql for sql in lues) == 1


# --- Ce qui attend depuis le plus longtemps passe devant -------------------------------------------------------------


@pytest.fixture
def un_seul_carnet_lu(monkeypatch):
    """L'accueil ne lit que le carnet qui attend le plus : la grandeur nationale, en petit."""
    monkeypatch.setattr(arrivee, "EN_PARCOURS_MAX", 1)


def test_un_gel_se_dit_quel_que_soit_le_nombre_de_dossiers_en_cours(un_seul_carnet_lu):
    organisme = comptes.organisme()
    carnet.complet(("B3",), organisme=organisme, nom="Devant")
    gele = carnet.avec_carnet(("B3",), organisme=organisme, nom="Gelée")
    carnet.attester_tout(gele, carnet.ATTESTATION + timedelta(days=1))
    avis = dernier_avis(gele.tuteur, gele.dossier)
    assert avis is not None
    carnets.repudier_avis(avis=avis, motif="", maintenant=carnet.ATTESTATION + timedelta(days=2))
    assert titres(gele.gestionnaire) == [
        "Planifier l’épreuve de Camille Devant",
        "Éclaircir une attestation répudiée dans le carnet de Camille Gelée",
    ]


def test_ce_qui_est_tout_planifie_ne_prend_la_place_de_personne(un_seul_carnet_lu):
    organisme = comptes.organisme()
    planifie = carnet.complet(("B3",), organisme=organisme, nom="Planifiée")
    convocations.planifier(planifie, "B3")
    carnet.complet(("B3",), organisme=organisme, nom="Prête")
    assert "Planifier l’épreuve de Camille Prête" in titres(planifie.gestionnaire)


def test_des_dossiers_inscrits_ensemble_celui_ou_rien_ne_bouge_passe_devant(un_seul_carnet_lu):
    """Deux cents d'un même fichier : ceux qui avancent ne cachent pas celui que personne n'a ouvert."""
    organisme = comptes.organisme()
    mondes = [carnet.avec_carnet(("B3",), organisme=organisme, nom=f"Rang{rang}") for rang in range(3)]
    silencieux = mondes[1]
    for monde in (mondes[0], mondes[2]):
        carnets.attester(
            dossier=monde.dossier,
            qualite=Qualite.TUTEUR,
            dires={"C3.1": Dire(Verdict.MAITRISEE)},
            auteur=monde.tuteur,
            maintenant=carnet.ATTESTATION,
        )
    assert titres(silencieux.gestionnaire) == ["Faire attester le carnet de Camille Rang1"]
