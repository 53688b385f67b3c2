"""L'horodatage RFC 3161 : un aller-retour réel par HTTP local, un jeton enregistré, et ce qui ne prouve rien."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from parchemin.registre import cles, horodatage, lignes, tasks
from parchemin.registre.models import Entree
from parchemin.registre.services import relever_tetes
from parchemin.registre.tests import tsa
from parchemin.registre.tests.factories import MIDI, agir
from parchemin.registre.verification import examiner
from parchemin.socle.refus import Refus

ENREGISTREMENTS = Path(__file__).parent / "enregistrements"
openssl = pytest.mark.skipif(
    not tsa.disponible(), reason="openssl manque : le service d'horodatage d'essai ne peut signer"
)


@pytest.fixture
def service(tmp_path):
    dossier = tmp_path / "tsa"
    dossier.mkdir()
    return tsa.Service(dossier)


@pytest.fixture
def journal(db, tmp_path):
    dossier = tmp_path / "journal"
    for jour in range(3):
        agir("a")
        relever_tetes(maintenant=MIDI + timedelta(days=jour), dossier=dossier)
    return dossier


def examen(journal, service):
    rapport = examiner(journal, cles.cles_publiques(journal / cles.PUBLIQUE), horodatage.racines(service.racine))
    return [(a.lieu, a.code) for a in rapport.anomalies], rapport.derniere_horodatee


def test_un_jeton_enregistre_se_verifie_encore():
    """Émis le 24 novembre 2026 par un service d'essai, pour les octets « bonjour ». Aucun réseau, aucune horloge."""
    jeton = (ENREGISTREMENTS / "jeton-bonjour.tsr").read_bytes()
    racines = horodatage.racines(ENREGISTREMENTS / "racine.pem")
    assert horodatage.verifier_jeton(jeton, b"bonjour", racines) == datetime(2026, 11, 24, 14, 17, 57, tzinfo=UTC)


def test_un_jeton_enregistre_ne_vaut_que_pour_ses_octets_et_sa_racine(service):
    jeton = (ENREGISTREMENTS / "jeton-bonjour.tsr").read_bytes()
    racines = horodatage.racines(ENREGISTREMENTS / "racine.pem")
    altere = bytearray(jeton)
    altere[-40] ^= 1
    for reponse, octets, confiance in (
        (jeton, b"bonsoir", racines),
        (jeton, b"bonjour", horodatage.racines(service.racine)),
        (bytes(altere), b"bonjour", racines),
        (b"rien", b"bonjour", racines),
    ):
        with pytest.raises(horodatage.JetonRefuse):
            horodatage.verifier_jeton(reponse, octets, confiance)


@openssl
def test_chaque_ligne_recoit_son_jeton_par_http(journal, service):
    with tsa.servir(service) as adresse:
        demander = horodatage.demander_par_http(adresse)
        assert horodatage.horodater(dossier=journal, demander=demander) == 3
        assert horodatage.horodater(dossier=journal, demander=demander) == 0
        relever_tetes(maintenant=MIDI, dossier=journal)
        assert horodatage.horodater(dossier=journal, demander=demander) == 1
    assert [nature for nature, _ in service.recues] == ["application/timestamp-query"] * 4
    jetons = sorted(f.name for f in (journal / horodatage.DOSSIER).iterdir())
    assert jetons == [f"{numero:08d}.tsr" for numero in (1, 2, 3, 4)]
    assert examen(journal, service) == ([], 4)


@openssl
def test_un_jeton_ote_deplace_ou_fabrique_est_trouve(journal, service):
    with tsa.servir(service) as adresse:
        horodatage.horodater(dossier=journal, demander=horodatage.demander_par_http(adresse))
    un, deux, trois = (horodatage.jeton(journal, numero) for numero in (1, 2, 3))
    octets = deux.read_bytes()
    deux.unlink()
    assert examen(journal, service) == ([("ligne signée n° 2", "jeton_absent")], 3)
    deux.write_bytes(un.read_bytes())
    assert examen(journal, service) == ([("ligne signée n° 2", "jeton_faux")], 3)
    deux.write_bytes(octets)
    trois.unlink()
    assert examen(journal, service) == ([], 2), "la dernière ligne peut attendre encore son jeton"


@openssl
def test_un_jeton_contredit_des_lignes_refaites_avec_la_cle_volee(journal, service):
    """La clé ne suffit plus : qui réécrit les lignes n'a pas le tiers qui les a datées."""
    with tsa.servir(service) as adresse:
        horodatage.horodater(dossier=journal, demander=horodatage.demander_par_http(adresse))
    vieux = [lignes.lire_ligne(octets) for octets in (journal / lignes.FICHIER).read_bytes().splitlines()]
    cle, refaites = cles.cle_privee(journal), []
    for ligne in vieux:
        tetes = {chaine: (longueur, "f" * 64) for chaine, (longueur, _) in ligne.tetes.items()}
        precedente = refaites[-1] if refaites else None
        refaites.append(
            lignes.signer(cle, precedente=precedente, instant=datetime.fromisoformat(ligne.instant), tetes=tetes)
        )
    (journal / lignes.FICHIER).write_bytes(b"".join(ligne.octets + b"\n" for ligne in refaites))
    anomalies, derniere = examen(journal, service)
    assert [a for a in anomalies if a[1].startswith("jeton")] == [
        (f"ligne signée n° {numero}", "jeton_faux") for numero in (1, 2, 3)
    ]
    assert derniere is None


@openssl
@pytest.mark.parametrize("panne", [b"", b"pas un jeton", b"autre nonce", b"autre ligne"])
def test_une_reponse_qui_ne_vaut_rien_est_refusee(journal, service, panne):
    autre_nonce = service.repondre(_demande((journal / lignes.FICHIER).read_bytes().splitlines()[0]))
    autre_ligne = service.repondre(_demande(b"autre"))
    service.panne = {b"autre nonce": autre_nonce, b"autre ligne": autre_ligne}.get(panne, panne)
    with tsa.servir(service) as adresse, pytest.raises(Refus) as refus:
        horodatage.horodater(dossier=journal, demander=horodatage.demander_par_http(adresse))
    assert refus.value.code == "horodatage_refuse"
    assert not (journal / horodatage.DOSSIER).exists()


def _demande(octets):
    from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

    return TimestampRequestBuilder().data(octets).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def test_un_service_injoignable_se_dit(journal):
    with pytest.raises(Refus) as refus:
        horodatage.horodater(dossier=journal, demander=horodatage.demander_par_http("http://127.0.0.1:9/tsa"))
    assert (refus.value.code, refus.value.conserve) == ("horodatage_injoignable", "La ligne signée est écrite.")


@openssl
def test_une_panne_est_rattrapee_sans_reperdre_ce_qui_est_acquis(journal, service):
    demandes = []

    def capricieux(demande):
        demandes.append(demande)
        if len(demandes) == 2:
            raise Refus("horodatage_injoignable", "panne")
        return service.repondre(demande)

    with pytest.raises(Refus):
        horodatage.horodater(dossier=journal, demander=capricieux)
    assert horodatage.horodater(dossier=journal, demander=capricieux) == 2
    assert examen(journal, service) == ([], 3)


def test_des_racines_illisibles_se_disent(tmp_path):
    (tmp_path / "r.pem").write_bytes(b"rien")
    for fichier in ("r.pem", "absent.pem"):
        with pytest.raises(Refus) as refus:
            horodatage.racines(tmp_path / fichier)
        assert refus.value.code == "racines_illisibles"


# --- les tâches de la nuit --------------------------------------------------------------------------------------------


def jobs():
    from procrastinate.contrib.django.models import ProcrastinateJob

    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", flat=True))


@pytest.mark.django_db
def test_la_nuit_signe_et_ne_demande_rien_sans_reglage(settings, tmp_path):
    settings.DONNEES, settings.PARCHEMIN_HORODATAGE = tmp_path, ""
    tasks.relever.func(timestamp=0)
    assert len((tmp_path / "journal" / lignes.FICHIER).read_bytes().splitlines()) == 1
    assert (Entree.objects.count(), jobs()) == (1, [])


@openssl
@pytest.mark.django_db
def test_la_nuit_demande_un_jeton_si_un_service_est_regle(settings, tmp_path, service):
    with tsa.servir(service) as adresse:
        settings.DONNEES, settings.PARCHEMIN_HORODATAGE = tmp_path, adresse
        tasks.relever.func(timestamp=0)
        assert jobs() == ["registre.horodater"]
        tasks.horodater_lignes.func()
    assert examen(tmp_path / "journal", service) == ([], 1)


def test_le_releve_est_periodique():
    from procrastinate.contrib.django import app

    crons = [
        (t.task.name, t.cron)
        for t in app.periodic_registry.periodic_tasks.values()
        if t.task.name == "registre.relever"
    ]
    assert crons == [("registre.relever", "0 3 * * *")]
