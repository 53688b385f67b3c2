"""Les lignes signées : hors de la base, chaînées, sous une clé que nul autre ne lit."""

from __future__ import annotations

import base64
import json
import stat
import threading
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.db import connections, transaction

from moteur.empreinte import canonique
from parchemin.registre import cles, lignes
from parchemin.registre.models import Chaine, Entree
from parchemin.registre.services import relever_tetes
from parchemin.registre.tests.factories import MIDI, agir
from parchemin.registre.verification import verifier
from parchemin.socle.refus import Refus


def cles_du(dossier):
    return cles.cles_publiques(dossier / cles.PUBLIQUE)


@pytest.mark.django_db
def test_une_ligne_dit_toutes_les_tetes_et_se_verifie_avec_la_seule_cle_publique(tmp_path):
    agir("a")
    agir("b")
    agir("b")
    tetes = {nom: [longueur, tete] for nom, longueur, tete in Chaine.objects.values_list("nom", "longueur", "tete")}
    dossier = tmp_path / "journal"
    relever_tetes(maintenant=MIDI, dossier=dossier)
    (brute,) = (dossier / lignes.FICHIER).read_text(encoding="utf-8").splitlines()
    lue = json.loads(brute)
    signature = base64.b64decode(lue.pop("signature"))
    assert lue == {
        "numero": 1,
        "instant": "2026-11-24T12:00:00.000000+00:00",
        "tetes": tetes,
        "precedente": "0" * 64,
        "cle": cles.nom(cles_du(dossier)[0]),
    }
    (cle,) = cles_du(dossier)
    cle.verify(signature, canonique(lue))
    with pytest.raises(InvalidSignature):
        cle.verify(signature, canonique(lue | {"numero": 2}))


@pytest.mark.django_db
def test_le_releve_est_lui_meme_une_entree_que_le_suivant_couvre(tmp_path):
    premiere = relever_tetes(maintenant=MIDI, dossier=tmp_path)
    entree = Entree.objects.get()
    assert (entree.chaine_id, entree.action, entree.objet_id) == ("registre", "registre.tetes_relevees", "1")
    assert entree.donnees == {"numero": 1, "empreinte": premiere.empreinte, "cle": premiere.cle}
    seconde = relever_tetes(maintenant=MIDI + timedelta(days=1), dossier=tmp_path)
    assert premiere.tetes == {}
    assert seconde.tetes == {"registre": (1, entree.empreinte)}
    assert (seconde.numero, seconde.precedente) == (2, premiere.empreinte)
    assert verifier(tmp_path, cles_du(tmp_path)) == ()


@pytest.mark.django_db
def test_la_cle_est_tiree_une_fois_et_fermee(tmp_path):
    dossier = tmp_path / "journal"
    premiere = relever_tetes(maintenant=MIDI, dossier=dossier)
    privee = dossier / cles.PRIVEE
    octets = privee.read_bytes()
    seconde = relever_tetes(maintenant=MIDI, dossier=dossier)
    assert (stat.S_IMODE(privee.stat().st_mode), stat.S_IMODE(dossier.stat().st_mode)) == (0o600, 0o700)
    assert (privee.read_bytes(), seconde.cle) == (octets, premiere.cle)
    assert sorted(f.name for f in dossier.iterdir()) == ["cle-privee.pem", "cle-publique.pem", "tetes.jsonl"]


def _rsa():
    return generate_private_key(65537, 2048)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("contenu", "mode", "code"),
    [
        (None, 0o640, "cle_trop_ouverte"),
        (None, 0o604, "cle_trop_ouverte"),
        (b"rien", 0o600, "cle_illisible"),
        ("rsa", 0o600, "cle_illisible"),
    ],
)
def test_une_cle_douteuse_ne_signe_rien(tmp_path, contenu, mode, code):
    relever_tetes(maintenant=MIDI, dossier=tmp_path)
    privee = tmp_path / cles.PRIVEE
    if contenu == "rsa":
        contenu = _rsa().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if contenu is not None:
        privee.write_bytes(contenu)
    privee.chmod(mode)
    with pytest.raises(Refus) as refus:
        relever_tetes(maintenant=MIDI, dossier=tmp_path)
    assert refus.value.code == code
    assert len((tmp_path / lignes.FICHIER).read_bytes().splitlines()) == 1
    assert Entree.objects.count() == 1


def test_les_cles_publiques_se_lisent_a_la_suite(tmp_path):
    for dossier in ("un", "deux"):
        (tmp_path / dossier).mkdir()
        cles.cle_privee(tmp_path / dossier)
    ensemble = tmp_path / "cles.pem"
    ensemble.write_bytes(b"".join((tmp_path / d / cles.PUBLIQUE).read_bytes() for d in ("un", "deux")))
    attendues = [cles.nom(cles_du(tmp_path / d)[0]) for d in ("un", "deux")]
    assert [cles.nom(cle) for cle in cles.cles_publiques(ensemble)] == attendues
    rsa = _rsa().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    abimee = (tmp_path / "un" / cles.PUBLIQUE).read_bytes().replace(b"MCow", b"AAAA")
    for contenu in (b"rien", rsa, abimee):
        ensemble.write_bytes(contenu)
        with pytest.raises(Refus) as refus:
            cles.cles_publiques(ensemble)
        assert refus.value.code == "cle_illisible"
    with pytest.raises(Refus) as refus:
        cles.cles_publiques(tmp_path / "absente.pem")
    assert refus.value.code == "cle_absente"


@pytest.mark.django_db(transaction=True)
def test_on_ne_signe_que_du_valide(tmp_path):
    with transaction.atomic():
        agir("a")
        with pytest.raises(RuntimeError, match="durable"):
            relever_tetes(maintenant=MIDI, dossier=tmp_path)
    assert (tmp_path / lignes.FICHIER).read_bytes() == b""


@pytest.mark.django_db
def test_un_ajout_interrompu_est_repris(tmp_path):
    """La coupure a lieu pendant l'écriture de la ligne : l'acte n'a pas été validé, le fragment est ôté."""
    premiere = relever_tetes(maintenant=MIDI, dossier=tmp_path)
    fichier = tmp_path / lignes.FICHIER
    fichier.write_bytes(fichier.read_bytes() + premiere.octets[:40])
    seconde = relever_tetes(maintenant=MIDI, dossier=tmp_path)
    assert fichier.read_bytes() == premiere.octets + b"\n" + seconde.octets + b"\n"
    assert (seconde.numero, verifier(tmp_path, cles_du(tmp_path))) == (2, ())


@pytest.mark.django_db
def test_une_ligne_ecrite_dont_l_acte_echoue_reste_vraie(tmp_path, monkeypatch):
    agir("a")
    relever_tetes(maintenant=MIDI, dossier=tmp_path)

    def disque_plein(self, **_):
        raise OSError(28, "plus de place")

    monkeypatch.setattr("parchemin.registre.services.actes.Journal.inscrire", disque_plein)
    with pytest.raises(OSError, match="place"):
        relever_tetes(maintenant=MIDI, dossier=tmp_path)
    monkeypatch.undo()
    assert relever_tetes(maintenant=MIDI, dossier=tmp_path).numero == 3
    assert verifier(tmp_path, cles_du(tmp_path)) == ()


@pytest.mark.django_db
def test_une_derniere_ligne_abimee_arrete_la_signature(tmp_path):
    relever_tetes(maintenant=MIDI, dossier=tmp_path)
    (tmp_path / lignes.FICHIER).write_bytes(b'{"numero": 1}\n')
    with pytest.raises(Refus) as refus:
        relever_tetes(maintenant=MIDI, dossier=tmp_path)
    assert refus.value.code == "lignes_abimees"
    assert (tmp_path / lignes.FICHIER).read_bytes() == b'{"numero": 1}\n'


@pytest.mark.django_db(transaction=True)
def test_deux_releves_a_la_fois_font_deux_lignes_qui_se_suivent(tmp_path):
    erreurs = []

    def relever():
        try:
            for _ in range(5):
                relever_tetes(maintenant=MIDI, dossier=tmp_path)
                agir("a")
        except Exception as erreur:  # noqa: BLE001 (rendue au fil principal)
            erreurs.append(erreur)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=relever) for _ in range(4)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(60)
    assert erreurs == []
    numeros = [json.loads(brute)["numero"] for brute in (tmp_path / lignes.FICHIER).read_bytes().splitlines()]
    assert numeros == list(range(1, 21))
    assert verifier(tmp_path, cles_du(tmp_path)) == ()
