"""Les nouvelles par courriel, le courriel du jour, « Mes courriels », la boîte de la démonstration."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from parchemin.carnet.enums import COURRIEL_DE_LIEN
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import changer_courriel_pro, desactiver_compte
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.evenements import EvaluateursAffectes
from parchemin.convocations.tests import factories as epreuves
from parchemin.courriels import services as courriels
from parchemin.courriels.enums import Rythme
from parchemin.courriels.fichiers import EmailBackend
from parchemin.courriels.genres import DU_JOUR
from parchemin.courriels.models import Envoi, Nouvelle, Preference, Tournee
from parchemin.courriels.services.remise import en_courriel
from parchemin.courriels.tests import factories as envois
from parchemin.evaluation.evenements import EvaluateurRelance, LectureScellee
from parchemin.evaluation.tests import factories as evaluation
from parchemin.parcours.enums import Qualite
from parchemin.parcours.evenements import DossierPasse, PersonneDesignee
from parchemin.portail import abonnements, tasks
from parchemin.portail.enums import AFFECTATION, DESIGNATION, LECTURE_CLOSE, RELANCE, RESULTAT
from parchemin.portail.presenters.courriel_du_jour import courriel_du_jour
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.models import Installation
from parchemin.socle.services import marquer_installation

pytestmark = pytest.mark.django_db
APRES = evaluation.CLOTURE


def a_l_instant(instant: datetime):
    return time_machine.travel(instant, tick=False)


def nouvelles(acteur: Acteur, genre) -> list[str]:
    lignes = Nouvelle.objects.filter(destinataire=acteur.id, genre=genre.code).order_by("gardee_le", "titre")
    return list(lignes.values_list("titre", flat=True))


def objets(acteur: Acteur) -> list[str]:
    return list(
        Envoi.objects.filter(destinataire=acteur.id).order_by("depose_le", "objet").values_list("objet", flat=True)
    )


# --- Les nouvelles ----------------------------------------------------------------------------------------------------


def test_le_tuteur_apprend_sa_designation_une_fois():
    monde = carnet.avec_carnet(("B3",), nom="Neuf")
    comptes.compte(monde.tuteur)
    with a_l_instant(carnet.REMISE):
        for _ in range(2):
            abonnements.dire_la_designation(PersonneDesignee(monde.dossier, monde.tuteur.id, "tuteur", carnet.REMISE))
    assert nouvelles(monde.tuteur, DESIGNATION) == ["Vous êtes tuteur de Camille Neuf"]


def test_qui_n_est_plus_designe_ou_n_a_pas_d_adresse_n_apprend_rien():
    monde = carnet.avec_carnet(("B3",))
    autre = comptes.personne()
    comptes.compte(autre)
    with a_l_instant(carnet.REMISE):
        for personne in (autre, monde.manager):
            abonnements.dire_la_designation(PersonneDesignee(monde.dossier, personne.id, "manager", carnet.REMISE))
    assert Nouvelle.objects.count() == 0


def test_une_vieille_designation_rejouee_ne_se_dit_plus():
    monde = carnet.avec_carnet(("B3",))
    comptes.compte(monde.tuteur)
    with a_l_instant(carnet.REMISE + abonnements.FRAICHEUR + timedelta(seconds=1)):
        abonnements.dire_la_designation(PersonneDesignee(monde.dossier, monde.tuteur.id, Qualite.TUTEUR, carnet.REMISE))
    assert Nouvelle.objects.count() == 0


def test_les_evaluateurs_recoivent_leur_affectation_et_le_remplace_qu_il_n_a_plus_a_venir():
    salle = epreuves.salle()
    nouveau = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    for acteur in (salle.metier, salle.certificateur, nouveau):
        comptes.compte(acteur)
    veille = epreuves.JOUR - timedelta(days=3)
    with a_l_instant(veille):
        abonnements.dire_l_affectation(
            EvaluateursAffectes(salle.epreuve, salle.monde.dossier, salle.metier.id, salle.certificateur.id, veille)
        )
        convocations.affecter_evaluateurs(
            epreuve=salle.epreuve,
            metier=nouveau.id,
            certificateur=salle.certificateur.id,
            auteur=salle.monde.gestionnaire,
            maintenant=veille,
        )
        abonnements.dire_l_affectation(
            EvaluateursAffectes(
                salle.epreuve,
                salle.monde.dossier,
                nouveau.id,
                salle.certificateur.id,
                veille + timedelta(minutes=1),
                salle.metier.id,
                salle.certificateur.id,
            )
        )
    recus = {
        acteur.id: [objet.partition(" le ")[0].partition(" du ")[0] for objet in objets(acteur)]
        for acteur in (salle.metier, salle.certificateur, nouveau)
    }
    assert recus == {
        salle.metier.id: ["Vous n’évaluez plus l’épreuve", "Vous évaluez une épreuve"],
        salle.certificateur.id: ["Vous évaluez une épreuve"],
        nouveau.id: ["Vous évaluez une épreuve"],
    }
    assert set(Envoi.objects.values_list("genre", flat=True)) == {AFFECTATION.code}


def test_une_epreuve_deja_passee_ne_convoque_personne():
    salle = epreuves.salle()
    comptes.compte(salle.metier)
    with a_l_instant(epreuves.JOUR + timedelta(days=1)):
        abonnements.dire_l_affectation(
            EvaluateursAffectes(salle.epreuve, salle.monde.dossier, salle.metier.id, salle.certificateur.id, APRES)
        )
    assert Envoi.objects.count() == 0


@pytest.mark.parametrize("manques", [(), ("K3.1.1", "K3.2.1")])
def test_la_lecture_close_ne_se_dit_qu_a_l_autre_et_ne_dit_rien_d_elle(manques):
    salle = epreuves.salle()
    for acteur in (salle.metier, salle.certificateur, salle.monde.candidat, salle.monde.gestionnaire):
        comptes.compte(acteur)
    evaluation.remplir(salle, salle.metier, manques)
    evaluation.clore(salle, salle.metier)
    with a_l_instant(APRES):
        abonnements.dire_la_lecture(LectureScellee(salle.epreuve, salle.metier.id, APRES))
    dites = Nouvelle.objects.filter(genre=LECTURE_CLOSE.code).values_list("destinataire", "titre", "pourquoi")
    assert list(dites) == [
        (
            salle.certificateur.id,
            "L’autre évaluateur a clos sa grille",
            "La vôtre reste à clore. Rien de ce qu’il a noté ne se voit d’ici là.",
        )
    ]


def test_les_deux_lectures_closes_et_differentes_appellent_les_deux_a_s_accorder():
    salle = evaluation.deux_lectures(epreuves.salle(), {"K3.1.1"})
    for acteur in (salle.metier, salle.certificateur):
        comptes.compte(acteur)
    with a_l_instant(APRES):
        abonnements.dire_la_lecture(LectureScellee(salle.epreuve, salle.certificateur.id, APRES))
    for acteur in (salle.metier, salle.certificateur):
        assert nouvelles(acteur, LECTURE_CLOSE) == ["Les deux grilles sont closes : il reste à s’accorder"]


def test_le_candidat_apprend_que_son_resultat_est_la_et_pas_lequel():
    for manques in ((), ("K3.1.1", "K3.2.1", "K3.3.1")):
        salle = evaluation.evalue("B3", set(manques))
        comptes.compte(salle.monde.candidat)
        with a_l_instant(APRES):
            abonnements.dire_le_resultat(DossierPasse(salle.monde.dossier, "evalue"))
        envoi = Envoi.objects.get(destinataire=salle.monde.candidat.id)
        assert (envoi.genre, envoi.objet) == (RESULTAT.code, "Votre résultat est établi")
        assert "acquis" not in envoi.texte


# --- Le courriel du jour ----------------------------------------------------------------------------------------------


def test_le_courriel_du_jour_demande_un_second_regard_et_ne_dit_pas_ce_qui_l_a_fait_demander():
    """Le motif dirait le verdict : il ne se lit que sur la page, connecté."""
    salle = evaluation.evalue("B3", {"K3.2.1"})
    with a_l_instant(APRES):
        du_gestionnaire, du_candidat = (
            courriel_du_jour(qui, APRES).a_faire for qui in (salle.monde.gestionnaire, salle.monde.candidat)
        )
    dits = {ligne.titre: ligne.pourquoi for ligne in (*du_gestionnaire, *du_candidat)}
    (demande,) = (pourquoi for titre, pourquoi in dits.items() if titre.startswith("Trouver un second regard pour"))
    assert demande == "Bloc 3. Une troisième personne est à choisir avant le jury."
    assert "Lire votre résultat" in dits
    tout = " ".join((*dits, *dits.values()))
    assert [mot for mot in ("acquis", "à un critère près", "tient à peu", "désaccord") if mot in tout] == []


def test_la_tournee_ecrit_une_fois_a_qui_quelque_chose_attend_et_a_lui_seul():
    monde = carnet.avec_carnet(("B3",), nom="Neuf")
    tranquille, ferme = comptes.personne(), comptes.personne()
    for acteur in (monde.tuteur, tranquille, ferme):
        comptes.compte(acteur)
    desactiver_compte(personne=ferme.id, auteur=SYSTEME, maintenant=carnet.REMISE)
    for _ in range(2):
        tasks.tourner(APRES)
    (envoi,) = Envoi.objects.all()
    assert (envoi.destinataire, envoi.genre, envoi.objet) == (
        monde.tuteur.id,
        DU_JOUR.code,
        "À faire : 1 chose vous attend",
    )
    assert "Attester le carnet de Camille Neuf" in envoi.texte
    assert Tournee.objects.get().finie_le == APRES
    tasks.tourner(APRES + timedelta(days=1))
    assert Envoi.objects.count() == 2


def test_qui_atteste_sans_compte_recoit_un_lien_a_la_tournee_qui_rejouee_n_en_envoie_pas_d_autre():
    monde = carnet.avec_carnet(("B3",), nom="Neuf")
    changer_courriel_pro(
        personne=monde.tuteur.id, courriel_pro="tuteur@caisse.example", auteur=SYSTEME, maintenant=carnet.REMISE
    )
    comptes.compte(monde.manager)
    for _ in range(2):
        tasks.tourner(APRES)
        Tournee.objects.update(finie_le=None, curseur=None)
    assert list(Envoi.objects.order_by("genre").values_list("destinataire", "genre")) == [
        (monde.tuteur.id, COURRIEL_DE_LIEN.code),
        (monde.manager.id, DU_JOUR.code),
    ]


def test_deux_retards_et_un_carnet_ne_font_qu_un_courriel():
    """Une personne est évaluatrice en retard à deux épreuves et tutrice d'un candidat : un seul message, qui dit tout."""
    premiere = epreuves.salle("B3", ("B3", "B4"))
    seconde = epreuves.salle("B4", monde=premiere.monde, paire=(premiere.metier, premiere.certificateur))
    evaluateur = premiere.metier
    comptes.compte(evaluateur)
    with a_l_instant(APRES):
        for _ in range(2):  # un événement remis deux fois ne se dit qu'une
            for salle in (premiere, seconde):
                abonnements.dire_la_relance(EvaluateurRelance(salle.epreuve, evaluateur.id, "lecture_tardive", APRES))
        assert Envoi.objects.filter(destinataire=evaluateur.id).count() == 0
        for _ in range(2):
            tasks.tourner(APRES)
    envoi = Envoi.objects.get(destinataire=evaluateur.id)
    assert envoi.genre == DU_JOUR.code
    assert envoi.texte.count("Votre lecture reste à sceller") == 2
    assert envoi.texte.index("Ce qui tarde") < envoi.texte.index("Votre lecture reste à sceller")
    assert Nouvelle.objects.filter(genre=RELANCE.code, envoi=envoi).count() == 2


def test_une_tournee_interrompue_reprend_sans_rien_redire(monkeypatch):
    monkeypatch.setattr(tasks, "PERSONNES_PAR_PAS", 1)
    mondes = [carnet.avec_carnet(("B3",)) for _ in range(3)]
    for monde in mondes:
        comptes.compte(monde.tuteur)
    vues = []
    vrai = tasks._composer

    def meurt_au_deuxieme(personne, adresse, instant):
        vues.append(personne)
        if len(vues) == 2:
            raise KeyboardInterrupt
        return vrai(personne, adresse, instant)

    monkeypatch.setattr(tasks, "_composer", meurt_au_deuxieme)
    with pytest.raises(KeyboardInterrupt):
        tasks.tourner(APRES)
    assert (Envoi.objects.count(), Tournee.objects.get().curseur) == (1, vues[0])
    tasks.tourner(APRES)
    assert sorted(Envoi.objects.values_list("destinataire", flat=True)) == sorted(monde.tuteur.id for monde in mondes)
    assert vues == [vues[0], vues[1], *sorted({monde.tuteur.id for monde in mondes})[1:]]


def test_la_panne_d_une_personne_ne_prive_pas_les_autres(monkeypatch):
    mondes = [carnet.avec_carnet(("B3",)) for _ in range(2)]
    for monde in mondes:
        comptes.compte(monde.tuteur)
    vrai = tasks._composer
    premier = min(monde.tuteur.id for monde in mondes)

    def une_panne(personne, adresse, instant):
        if personne == premier:
            raise ZeroDivisionError
        return vrai(personne, adresse, instant)

    monkeypatch.setattr(tasks, "_composer", une_panne)
    tasks.tourner(APRES)
    assert list(Envoi.objects.values_list("destinataire", flat=True)) == [max(monde.tuteur.id for monde in mondes)]


@pytest.mark.parametrize(
    ("instant", "venue"),
    [
        (datetime(2026, 11, 24, 5, 59, tzinfo=UTC), False),  # 6 h 59 à Paris, l'hiver
        (datetime(2026, 11, 24, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 14, 4, 59, tzinfo=UTC), False),  # 6 h 59 à Paris, l'été
        (datetime(2026, 7, 14, 5, 0, tzinfo=UTC), True),
    ],
)
def test_l_heure_est_celle_de_paris(instant, venue):
    assert tasks.l_heure_est_venue(instant) is venue


def test_une_heure_qui_n_existe_pas_ou_existe_deux_fois_ne_fait_qu_une_tournee(settings):
    """Réglée à 2 h 30 : le 28 mars 2027 elle n'existe pas, le 25 octobre 2026 elle sonne deux fois."""
    settings.PARCHEMIN_COURRIEL_DU_JOUR = datetime.strptime("02:30", "%H:%M").time()  # noqa: DTZ007
    monde = carnet.avec_carnet(("B3",))
    comptes.compte(monde.tuteur)
    for jour in (datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)):
        avant = Envoi.objects.count()
        for quart in range(16):
            with a_l_instant(jour + timedelta(minutes=15 * quart)):
                tasks.courriels_du_jour(0)
        assert Envoi.objects.count() == avant + 1


# --- « Mes courriels » ------------------------------------------------------------------------------------------------


def test_chacun_regle_ses_courriels_depuis_sa_page():
    acteur = comptes.personne()
    client = comptes.client(acteur)
    courriels.envoyer(
        cle="essai:page",
        genre=envois.NECESSAIRE,
        destinataire=acteur.id,
        adresse="ada@exemple.fr",
        message=envois.MESSAGE,
        auteur=SYSTEME,
        maintenant=envois.MIDI,
    )
    page = comptes.texte(client.get("/mes-courriels/"))
    assert [mot for mot in ("Une invitation", "Ceux qui partent toujours", "à envoyer") if mot not in page] == []
    choix = {nom: champ.value() for nom, champ in _champs(client).items()} | {DESIGNATION.code: "jamais"}
    assert client.post("/mes-courriels/", choix).status_code == 302
    assert list(Preference.objects.values_list("personne", "genre", "rythme")) == [
        (acteur.id, DESIGNATION.code, Rythme.JAMAIS)
    ]


def _champs(client: Client):
    formulaire = client.get("/mes-courriels/").context["form"]
    return {champ.name: champ for champ in formulaire}


@pytest.mark.parametrize(("genre", "valeur"), [(DESIGNATION.code, "parfois"), (DU_JOUR.code, "immediat")])
def test_un_choix_inconnu_est_montre_et_rien_n_est_enregistre(genre, valeur):
    client = comptes.client(comptes.personne())
    choix = {nom: champ.value() for nom, champ in _champs(client).items()} | {genre: valeur}
    reponse = client.post("/mes-courriels/", choix)
    assert (reponse.status_code, list(reponse.context["form"].errors)) == (200, [genre])
    assert Preference.objects.count() == 0


def test_mes_courriels_demande_d_etre_connecte_et_ne_s_ecrit_que_par_post():
    assert Client().get("/mes-courriels/")["Location"].endswith("?next=/mes-courriels/")
    client = comptes.client(comptes.personne())
    assert [getattr(client, methode)("/mes-courriels/").status_code for methode in ("put", "delete", "patch")] == [
        405
    ] * 3


@pytest.mark.parametrize("nombre", [1, 3])
def test_mes_courriels_ne_coute_pas_plus_avec_plus_de_courriels(nombre, django_assert_num_queries):
    acteur = comptes.personne()
    client = comptes.client(acteur)
    for rang in range(nombre):
        envois.envoyer(f"essai:{rang}", destinataire=acteur.id)
    client.get("/mes-courriels/")
    with django_assert_num_queries(7):
        client.get("/mes-courriels/")


# --- La boîte de la démonstration -------------------------------------------------------------------------------------


@pytest.fixture
def boite(settings, tmp_path) -> str:
    """Une démonstration, et un courriel écrit ; rend son nom."""
    marquer_installation(nature=Installation.Nature.DEMONSTRATION, maintenant=envois.MIDI)
    settings.DONNEES = tmp_path
    envoi = envois.envoyer(secret=True)
    EmailBackend(dossier=str(Path(tmp_path) / "courriels"), alias="essai").send_messages([en_courriel(envoi)])
    (fichier,) = (tmp_path / "courriels").glob("*.eml")
    return fichier.stem


def test_la_boite_montre_chaque_courriel_avec_ses_en_tetes_et_son_lien(boite):
    client = Client()
    assert "Une invitation" in comptes.texte(client.get("/demonstration/courriels/"))
    page = comptes.texte(client.get(f"/demonstration/courriels/{boite}/"))
    assert [
        mot for mot in ("Message-ID", "http://localhost:8000/invitation/jeton/", "<iframe") if mot not in page
    ] == []


def test_le_corps_est_servi_dans_un_cadre_sans_droits(boite):
    reponse = Client().get(f"/demonstration/courriels/{boite}/corps/")
    assert (reponse["Content-Security-Policy"], reponse["X-Frame-Options"]) == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'",
        "SAMEORIGIN",
    )
    assert "Votre compte vous attend." in reponse.content.decode()


@pytest.mark.parametrize("suite", ["", "{}/", "{}/corps/"])
def test_hors_d_une_demonstration_la_boite_n_existe_pas(boite, suite):
    chemin = f"/demonstration/courriels/{suite.format(boite)}"
    assert Client().get(chemin).status_code == 200
    assert Client().post(chemin).status_code == 405
    Installation.objects.update(nature=Installation.Nature.PRODUCTION)
    assert Client().get(chemin).status_code == 404


def test_un_courriel_inconnu_ou_un_chemin_forge_n_existe_pas(boite):
    for nom in ("20261124T110000-0000000000000000", "inconnu"):
        assert Client().get(f"/demonstration/courriels/{nom}/").status_code == 404
    assert Client().get("/demonstration/courriels/..%2f..%2fcle-secrete/").status_code == 404
