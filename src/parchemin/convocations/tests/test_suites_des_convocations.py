"""Ce qui suit une convocation : un courriel dépassé ne part pas, qui est retiré n'apprend plus rien, un remplaçant reste à convoquer."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from ical.calendar_stream import IcsCalendarStream
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.carnet.tests import factories as carnets
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import GenreIncident, MoyenIdentite, Qualite, SuiteIncident
from parchemin.convocations.models import CalendrierPrive, ControleIdentite, Convocation, Presence
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import (
    CONVOCATION,
    JOUR,
    PLANIFICATION,
    Salle,
    convoquee,
    convoquer,
    courriels_de,
    jeton_de,
    sienne,
)
from parchemin.convocations.tests.gestes import refus
from parchemin.courriels.enums import Etat
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db
DEMAIN = CONVOCATION + timedelta(days=1)
AILLEURS = JOUR + timedelta(days=3)


def suivre(salle: Salle, maintenant: datetime = DEMAIN) -> int:
    """Ce que fait l'abonnement quand la nouvelle monte ; les courriels restent en file."""
    return services.suivre_les_convocations(epreuve=salle.epreuve, maintenant=maintenant)


def deplacer(une: Salle, prevue_le: datetime = AILLEURS, maintenant: datetime = DEMAIN, **champs: object) -> None:
    valeurs = {"lieu": "Plateau 4"} | champs
    services.deplacer_epreuve(
        epreuve=une.epreuve, prevue_le=prevue_le, auteur=une.monde.gestionnaire, maintenant=maintenant, **valeurs
    )


def relever(salle: Salle) -> Acteur:
    """Relève l'évaluateur métier ; rend qui le remplace."""
    releve = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Inès")
    comptes.compte(releve)
    services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=releve.id,
        certificateur=salle.certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=DEMAIN,
    )
    return releve


def menaces(salle: Salle, jours: int = 40) -> list[str]:
    jour = jour_civil(JOUR) - timedelta(days=jours)
    return [m.value for bref in selectors.epreuves_menacees(salle.monde.gestionnaire, jour) for m, _ in bref.menaces]


# Un courriel dépassé --------------------------------------------------------------------------------------------------


def test_un_courriel_encore_en_file_d_une_version_depassee_ne_part_plus() -> None:
    une = convoquee()
    deplacer(une)
    suivre(une)
    for acteur in (une.monde.candidat, une.metier, une.certificateur, une.monde.manager):
        assert [envoi.etat for envoi in courriels_de(acteur)] == [Etat.ANNULE, Etat.A_ENVOYER]
    assert Client().get(f"/epreuves/convocation/{jeton_de(une.metier)}/").status_code == 200


def test_renvoyer_ou_retirer_annule_aussi_le_courriel_encore_en_file() -> None:
    une = convoquee()
    services.renvoyer_convocation(
        convocation=sienne(une, une.certificateur).id, auteur=une.monde.gestionnaire, maintenant=DEMAIN
    )
    assert [envoi.etat for envoi in courriels_de(une.certificateur)] == [Etat.ANNULE, Etat.A_ENVOYER]
    relever(une)
    suivre(une)
    assert [envoi.etat for envoi in courriels_de(une.metier)] == [Etat.ANNULE, Etat.A_ENVOYER]


def test_sans_adresse_le_lien_deja_recu_continue_d_ouvrir() -> None:
    une = convoquee()
    lien = f"/epreuves/convocation/{jeton_de(une.metier)}/"
    Compte.objects.filter(personne=une.metier.id).update(is_active=False)
    deplacer(une)
    suivre(une)
    assert len(courriels_de(une.metier)) == 1
    page = Client().get(lien)
    assert (page.status_code, "Plateau 4" in texte(page)) == (200, True)


# Une personne retirée -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suivie", [False, True])
def test_qui_est_retire_n_apprend_plus_rien_par_son_lien_ni_de_son_compte(suivie: bool) -> None:
    une = convoquee()
    lien, sa_convocation = f"/epreuves/convocation/{jeton_de(une.metier)}/", sienne(une, une.metier).id
    relever(une)
    deplacer(une)
    if suivie:
        suivre(une)
    vue = selectors.epreuve_par_id(SYSTEME, une.epreuve)
    with time_machine.travel(DEMAIN, tick=False):
        connecte = client(une.metier)
        for page in (Client().get(lien), connecte.get(f"/epreuves/{une.epreuve}/reponse/")):
            assert page.status_code == 200
            lu = texte(page)
            assert "Votre convocation est retirée" in lu
            for dit in (vue.dossier.candidat_nom, *(e.nom for e in vue.evaluateurs), "Plateau", "bloc", "novembre"):
                assert dit not in lu
        assert Client().get(f"{lien}convocation.pdf").status_code == 404
        pdf = f"/epreuves/{une.epreuve}/convocations/{sa_convocation}/convocation.pdf"
        assert connecte.get(pdf).status_code == 404
        assert Client().post(lien, {"reponse": "accepter"}).status_code == 200
    with refus("convocation_finie"):
        services.repondre(convocation=sa_convocation, accepte=True, auteur=une.metier, maintenant=DEMAIN)
    assert Convocation.objects.get(pk=sa_convocation).etat == ("annulee" if suivie else "envoyee")


def test_qui_est_releve_apres_l_heure_n_est_plus_attendu() -> None:
    une = convoquee()
    apres = JOUR + timedelta(days=1)
    autre = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    services.remplacer_evaluateur(
        epreuve=une.epreuve,
        qualite=Qualite.METIER,
        personne=autre.id,
        motif="Malade.",
        auteur=une.monde.gestionnaire,
        maintenant=apres,
    )
    suivre(une, apres)
    assert sienne(une, une.metier).etat == "close"


# Un remplaçant reste à convoquer --------------------------------------------------------------------------------------


def test_un_remplacant_affecte_reste_a_convoquer_tant_qu_il_ne_l_est_pas() -> None:
    une = convoquee()
    assert menaces(une) == []
    releve = relever(une)
    assert menaces(une) == ["non_convoquee"]
    suivre(une)
    assert menaces(une) == ["non_convoquee"]
    assert len(convoquer(une, DEMAIN)) == 1
    assert sienne(une, releve).etat == "envoyee"
    assert menaces(une) == []


def test_convoquer_aussitot_apres_un_remplacement_laisse_d_abord_sa_place() -> None:
    une = convoquee()
    releve = relever(une)
    assert len(convoquer(une, DEMAIN)) == 1
    assert (sienne(une, une.metier).etat, sienne(une, releve).etat) == ("annulee", "envoyee")
    suivre(une)
    assert len(courriels_de(releve)) == 1


# Le jour est celui du site --------------------------------------------------------------------------------------------

CAYENNE = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
"""Vingt-deux heures, le 20 novembre, à Cayenne ; le 21 à Paris."""


def a_cayenne() -> Salle:
    monde = carnets.complet(("B3",))
    piece = factories.piece(factories.site(monde.organisme, "Cayenne", "America/Cayenne"))
    epreuve = factories.en_salle(monde, "B3", piece, CAYENNE, malgre=True)
    paire = (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR),
    )
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=paire[0].id,
        certificateur=paire[1].id,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
        malgre=True,
    )
    return Salle(monde, "B3", epreuve, *paire)


def test_le_suivi_lit_le_jour_du_site() -> None:
    une = a_cayenne()
    convoquer(une)
    assert "passee" not in menaces(une, 0)
    assert "passee" in menaces(une, -1)  # le 20 est fini : à Paris, l'épreuve passait pour celle du jour


def test_le_delai_se_compte_au_jour_du_site() -> None:
    une = a_cayenne()
    vingt_et_un_jours = datetime(2026, 10, 30, 23, 30, tzinfo=UTC)  # le 30 à Cayenne, déjà le 31 à Paris
    assert len(convoquer(une, vingt_et_un_jours)) == 4


def test_le_preavis_se_compte_au_jour_du_site_ou_l_on_va() -> None:
    une = convoquee()
    piece = factories.piece(factories.site(une.monde.organisme, "Nouméa", "Pacific/Noumea"))
    matin = datetime(2026, 10, 20, 21, 0, tzinfo=UTC)  # huit heures, le 21 à Nouméa : quinze jours après le 6
    le_six = datetime(2026, 10, 6, 8, 0, tzinfo=UTC)
    with refus("convocation_impossible"):
        deplacer(une, matin - timedelta(days=1), le_six, salle=piece, lieu="", malgre=True)
    deplacer(une, matin, le_six, salle=piece, lieu="", malgre=True)


# Remise à un autre jour, sur la même grille ---------------------------------------------------------------------------

PENDANT, APRES = JOUR + timedelta(minutes=20), JOUR + timedelta(hours=2)
REMISE = JOUR + timedelta(days=21)


def remettre(une: Salle, prevue_le: datetime = REMISE) -> None:
    """Le candidat n'est pas venu : l'épreuve garde sa grille et change de jour."""
    services.signaler_incident(
        epreuve=une.epreuve, genre=GenreIncident.ABSENT, motif="Pas venu.", auteur=une.metier, maintenant=PENDANT
    )
    suivante = services.trancher_incident(
        epreuve=une.epreuve,
        suite=SuiteIncident.REPLANIFIER,
        motif="On recommence.",
        prevue_le=prevue_le,
        auteur=une.monde.gestionnaire,
        maintenant=APRES,
    )
    assert suivante == une.epreuve


def signer(une: Salle, acteur: Acteur, maintenant: datetime) -> bool:
    return services.signer_sa_presence(epreuve=une.epreuve, auteur=acteur, maintenant=maintenant)


def etats(une: Salle) -> dict[str, str]:
    lues = selectors.convocations(SYSTEME, [une.epreuve]).get(une.epreuve, ())
    return {vue.place.value: vue.etat for vue in lues}


def test_une_epreuve_remise_reconvoque_qui_etait_deja_venu() -> None:
    une = convoquee()
    for evaluateur in (une.metier, une.certificateur):
        signer(une, evaluateur, JOUR)
    ancien = Convocation.objects.get(personne_id=une.metier.id)
    remettre(une)
    assert suivre(une, APRES) == 4
    assert etats(une) == dict.fromkeys(("candidat", "metier", "certificateur", "manager"), "envoyee")
    neuve = sienne(une, une.metier)
    assert (neuve.id == ancien.pk, neuve.sequence) == (False, 1)
    (invitation,) = IcsCalendarStream.calendar_from_ics(courriels_de(une.metier)[-1].calendrier).events
    assert (invitation.dtstart, invitation.sequence, invitation.status.value) == (REMISE, 1, "CONFIRMED")
    assert suivre(une, APRES) == 0
    services.repondre(convocation=neuve.id, accepte=True, auteur=une.metier, maintenant=APRES)
    assert etats(une)["metier"] == "acceptee"


def test_une_epreuve_remise_se_signe_et_se_controle_de_nouveau() -> None:
    une = convoquee()
    controler = {"epreuve": une.epreuve, "moyen": MoyenIdentite.CARTE, "auteur": une.metier}
    services.controler_identite(maintenant=JOUR, **controler)
    signer(une, une.metier, JOUR)
    remettre(une)
    suivre(une, APRES)
    le_jour, le_jour_dit = jour_civil(JOUR), jour_civil(REMISE)
    assert selectors.identite_controlee(SYSTEME, une.epreuve, le_jour_dit) is None
    assert selectors.presences(SYSTEME, une.epreuve, le_jour_dit) == {}
    with refus("identite_a_controler"):
        services.constater_presence(epreuve=une.epreuve, auteur=une.metier, maintenant=REMISE)
    assert services.controler_identite(maintenant=REMISE, **(controler | {"moyen": MoyenIdentite.PASSEPORT}))
    assert services.constater_presence(epreuve=une.epreuve, auteur=une.metier, maintenant=REMISE)
    assert signer(une, une.metier, REMISE)
    assert not signer(une, une.metier, REMISE)
    assert set(selectors.presences(SYSTEME, une.epreuve, le_jour_dit)) == {une.monde.candidat.id, une.metier.id}
    assert set(selectors.presences(SYSTEME, une.epreuve, le_jour)) == {une.metier.id}
    assert (etats(une)["metier"], etats(une)["candidat"]) == ("honoree", "honoree")


def test_remise_trop_pres_les_evaluateurs_gardent_leur_preavis() -> None:
    une = convoquee()
    signer(une, une.metier, JOUR)
    with refus("convocation_impossible"):
        remettre(une, JOUR + timedelta(days=14))
    remettre(une, JOUR + timedelta(days=15))


def test_qui_a_signe_le_matin_n_est_pas_reconvoque_pour_l_apres_midi() -> None:
    une = convoquee()
    signer(une, une.metier, JOUR - timedelta(hours=1))
    deplacer(une, JOUR + timedelta(hours=3), JOUR - timedelta(minutes=30))
    suivre(une, JOUR - timedelta(minutes=30))
    assert etats(une) == {"candidat": "envoyee", "metier": "honoree", "certificateur": "envoyee", "manager": "envoyee"}


def test_les_lignes_d_avant_prennent_le_jour_qu_il_etait_sur_le_site() -> None:
    """La migration 0010, d'une base où des présences sont déjà signées."""
    cayenne, ici = a_cayenne(), convoquee()
    for une, instant in ((cayenne, CAYENNE), (ici, JOUR)):
        services.controler_identite(
            epreuve=une.epreuve, moyen=MoyenIdentite.CARTE, auteur=une.metier, maintenant=instant
        )
        signer(une, une.metier, instant)
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        MigrationExecutor(connection).migrate([("convocations", "0009_plans")])
        curseur.execute(
            "SELECT count(*) FROM information_schema.columns WHERE column_name = 'jour' AND table_name IN "
            "('convocations_presence', 'convocations_controleidentite')"
        )
        assert curseur.fetchone() == (0,)
        MigrationExecutor(connection).migrate([("convocations", "0010_un_autre_jour")])
    attendu = {cayenne.epreuve: date(2026, 11, 20), ici.epreuve: date(2026, 11, 20)}
    for table in (Presence, ControleIdentite):
        assert dict(table.objects.values_list("epreuve_id", "jour")) == attendu
        with pytest.raises(DatabaseError), transaction.atomic():
            table.objects.update(jour=date(2026, 1, 1))


# À deux à la fois -----------------------------------------------------------------------------------------------------


def ensemble(*gestes) -> list[object]:
    """Lance ces gestes au même instant ; rend ce que chacun a rendu, ou levé."""
    resultats: list[object] = []
    depart = threading.Barrier(len(gestes))

    def jouer(geste) -> None:
        try:
            depart.wait()
            resultats.append(geste())
        except (Refus, DatabaseError) as erreur:
            resultats.append(erreur)
        finally:
            connection.close()

    fils = [threading.Thread(target=jouer, args=(geste,)) for geste in gestes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return resultats


@pytest.mark.django_db(transaction=True)
def test_deux_clics_a_la_fois_n_ouvrent_qu_un_calendrier_prive() -> None:
    evaluateur = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    for tour in range(4):
        ouvrir = [lambda: services.ouvrir_calendrier(auteur=evaluateur, maintenant=DEMAIN)] * 3
        jetons = ensemble(*ouvrir)
        assert all(isinstance(jeton, str) for jeton in jetons), (tour, jetons)
        assert CalendrierPrive.objects.filter(personne_id=evaluateur.id, ferme_le=None).count() == 1
        assert sum(selectors.personne_du_calendrier(str(jeton)) is not None for jeton in jetons) == 1
        CalendrierPrive.objects.all().delete()


@pytest.mark.django_db(transaction=True)
def test_deux_controles_a_la_fois_ne_font_qu_une_ligne() -> None:
    une = convoquee()
    pieces = [(une.metier, MoyenIdentite.CARTE), (une.certificateur, MoyenIdentite.PASSEPORT)]
    gestes = [
        lambda qui=qui, moyen=moyen: services.controler_identite(
            epreuve=une.epreuve, moyen=moyen, auteur=qui, maintenant=JOUR
        )
        for qui, moyen in pieces
    ]
    rendus = ensemble(*gestes)
    assert [rendu for rendu in rendus if rendu is True] == [True]
    (autre,) = (rendu for rendu in rendus if rendu is not True)
    assert getattr(autre, "code", "") == "identite_deja_controlee"


def test_la_tache_d_un_plan_ne_tient_pas_de_verrou_de_file() -> None:
    monde = carnets.complet(("B3",))
    factories.piece(factories.site(monde.organisme))
    services.demander_plan(
        organisme=monde.organisme,
        du=jour_civil(JOUR),
        au=jour_civil(JOUR) + timedelta(days=7),
        auteur=monde.gestionnaire,
        maintenant=DEMAIN,
    )
    (tache,) = ProcrastinateJob.objects.filter(queue_name="plans")
    assert (tache.lock, tache.queueing_lock) == (None, None)
