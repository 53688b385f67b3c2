"""Ce que le candidat écrit : rien ne se perd, rien ne s'écrase, lui seul écrit, les siens seuls lisent."""

from __future__ import annotations

import struct
import zlib
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction

from parchemin.carnet import selectors, services
from parchemin.carnet.models import BrouillonEntree, EntreeCarnet, VersionEntree
from parchemin.carnet.services import Ecrit
from parchemin.carnet.tests import factories
from parchemin.carnet.tests.factories import ATTESTATION
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import services as parcours
from parchemin.registre.models import Entree as EntreeDuJournal
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

JOUR = date(2026, 9, 30)
TEXTE = "J'ai reçu une personne venue pour une demande de retraite, et je l'ai orientée."
CLE = UUID(int=7)


@pytest.fixture(autouse=True)
def _un_stockage_en_memoire(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    with time_machine.travel(ATTESTATION, tick=False):
        yield


@pytest.fixture
def monde():
    return factories.avec_carnet(("B3",))


def ecrit(**changements) -> Ecrit:
    return Ecrit(**{"texte": TEXTE, "fait_le": JOUR, "competences": ["C3.1"]} | changements)


def garder(monde, dit: Ecrit | None = None, **changements) -> int:
    return services.garder_brouillon(
        **{
            "dossier": monde.dossier, "brouillon": CLE, "ecrit": dit or ecrit(), "auteur": monde.candidat,
            "maintenant": ATTESTATION,
        } | changements
    )  # fmt: skip


def publier(monde, **changements) -> UUID:
    return services.publier_entree(
        **{
            "dossier": monde.dossier, "brouillon": CLE, "relu": False, "auteur": monde.candidat,
            "maintenant": ATTESTATION,
        } | changements
    )  # fmt: skip


def code(service, *arguments, **nommes) -> str:
    with pytest.raises(Refus) as leve:
        service(*arguments, **nommes)
    return leve.value.code


def png(*bavardages: bytes) -> bytes:
    def partie(nom: bytes, corps: bytes) -> bytes:
        return struct.pack(">I", len(corps)) + nom + corps + struct.pack(">I", zlib.crc32(nom + corps))

    return (
        b"\x89PNG\r\n\x1a\n"
        + partie(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + b"".join(partie(b"tEXt", mot) for mot in bavardages)
        + partie(b"IDAT", zlib.compress(b"\0\0"))
        + partie(b"IEND", b"")
    )


# Garder, publier --------------------------------------------------------------------------------------------------------


def test_un_brouillon_se_garde_incomplet_et_lui_seul_le_lit(monde):
    assert garder(monde, ecrit(texte="À finir", fait_le=None, competences=[])) == 1
    (vue,) = selectors.brouillons(monde.candidat, monde.dossier)
    assert (vue.id, vue.texte, vue.fait_le, vue.competences, vue.revision) == (CLE, "À finir", None, (), 1)
    for autre in (monde.tuteur, monde.manager, monde.gestionnaire):
        assert selectors.brouillons(autre, monde.dossier) == ()
    assert selectors.entrees(monde.candidat, monde.dossier) == ()


def test_publier_fait_une_entree_et_le_redire_n_en_fait_pas_deux(monde):
    garder(monde)
    entree = publier(monde)
    assert publier(monde) == entree
    (vue,) = selectors.entrees(monde.tuteur, monde.dossier)
    assert (vue.id, vue.derniere.texte, vue.derniere.fait_le, vue.derniere.competences) == (
        entree, TEXTE, JOUR, ("C3.1",),
    )  # fmt: skip
    assert (vue.anciennes, selectors.brouillons(monde.candidat, monde.dossier)) == ((), ())
    (ecriture,) = EntreeDuJournal.objects.filter(action="carnet.entree_publiee")
    assert TEXTE not in str(ecriture.donnees)


def test_garder_deux_fois_la_meme_chose_ne_change_rien(monde):
    assert garder(monde) == garder(monde) == garder(monde, ecrit(vu=1)) == 1
    assert EntreeDuJournal.objects.filter(action="carnet.brouillon_garde").count() == 1
    assert garder(monde, ecrit(texte="Autre", vu=1)) == 2


def test_deux_onglets_ne_s_effacent_pas_l_un_l_autre(monde):
    garder(monde)
    garder(monde, ecrit(texte="Par l'autre onglet.", vu=1))
    assert code(garder, monde, ecrit(texte="Par celui-ci.", vu=1)) == "change_depuis"
    assert selectors.brouillon(monde.candidat, monde.dossier, CLE).texte == "Par l'autre onglet."
    assert garder(monde, ecrit(texte="Par celui-ci.", vu=2)) == 3
    publier(monde)
    assert code(garder, monde, ecrit(texte="Trop tard.", vu=3)) == "deja_publie"


def test_corriger_ajoute_une_version_et_l_ancienne_reste(monde):
    garder(monde)
    entree = publier(monde)
    suite = uuid4()
    garder(monde, ecrit(texte="Corrigé."), brouillon=suite, entree=entree)
    assert publier(monde, brouillon=suite) == entree
    (vue,) = selectors.entrees(monde.candidat, monde.dossier)
    assert [(v.rang, v.texte) for v in (vue.derniere, *vue.anciennes)] == [(2, "Corrigé."), (1, TEXTE)]
    for geste in (lambda: VersionEntree.objects.update(texte="x"), lambda: EntreeCarnet.objects.all().delete()):
        with pytest.raises(Error), transaction.atomic():
            geste()


def test_effacer_un_brouillon_ote_son_fichier_mais_pas_celui_d_une_entree(monde, django_capture_on_commit_callbacks):
    garder(monde, ecrit(fichier=png()))
    entree = publier(monde)
    publie = VersionEntree.objects.get().fichier
    suite = uuid4()
    garder(monde, ecrit(texte="Corrigé."), brouillon=suite, entree=entree)
    assert BrouillonEntree.objects.get().fichier == publie
    seul = uuid4()
    garder(monde, ecrit(fichier=png()), brouillon=seul)
    orphelin = BrouillonEntree.objects.get(pk=seul).fichier
    with django_capture_on_commit_callbacks(execute=True):
        for brouillon in (suite, seul, seul):
            services.effacer_brouillon(
                dossier=monde.dossier, brouillon=brouillon, auteur=monde.candidat, maintenant=ATTESTATION
            )
    assert (default_storage.exists(publie), default_storage.exists(orphelin)) == (True, False)
    assert BrouillonEntree.objects.count() == 0


@pytest.mark.parametrize(
    ("dit", "attendu"),
    [
        (ecrit(texte="  "), "entree_incomplete"),
        (ecrit(fait_le=None), "entree_incomplete"),
        (ecrit(competences=[]), "entree_incomplete"),
        (ecrit(fait_le=date(2026, 10, 2)), "jour_a_venir"),
        (ecrit(texte="Rappelé au 06 12 34 56 78."), "a_relire"),
        (ecrit(texte="Assurée 2 84 05 61 001 042 33."), "a_relire"),
    ],
)
def test_ce_qui_ne_se_publie_pas_reste_un_brouillon(monde, dit, attendu):
    garder(monde, dit)
    assert code(publier, monde) == attendu
    assert (BrouillonEntree.objects.count(), VersionEntree.objects.count()) == (1, 0)


def test_relu_le_texte_se_publie(monde):
    garder(monde, ecrit(texte="Appelé le standard au 06 12 34 56 78."))
    publier(monde, relu=True)
    assert VersionEntree.objects.count() == 1


def test_ce_qui_ne_se_garde_pas(monde):
    assert code(garder, monde, ecrit(competences=["C1.1"])) == "competence_inconnue"
    assert code(garder, monde, ecrit(texte="x" * 5_001)) == "texte_trop_long"
    assert code(garder, monde, ecrit(fichier=b"<html>")) == "fichier_inconnu"
    assert code(garder, monde, ecrit(fichier=b"")) == "fichier_vide"
    assert code(garder, monde, ecrit(fichier=png() + b"x" * (5 * 1024 * 1024))) == "fichier_trop_grand"
    autre = factories.avec_carnet(("B3",))
    garder(autre)
    with pytest.raises(Introuvable):
        garder(monde)  # l'identifiant d'un brouillon d'un autre carnet
    with pytest.raises(Introuvable):
        garder(monde, brouillon=uuid4(), entree=uuid4())


def test_le_candidat_seul_ecrit_et_plus_une_fois_son_dossier_clos(monde):
    garder(monde)
    for autre in (monde.tuteur, monde.manager, monde.gestionnaire, factories.avec_carnet(("B3",)).candidat):
        for geste in (garder, publier):
            with pytest.raises(RefusDroit) as leve:
                geste(monde, auteur=autre)
            assert leve.value.code == "entree_reservee"
    parcours.abandonner(dossier=monde.dossier, motif="Mutation.", auteur=monde.gestionnaire, maintenant=ATTESTATION)
    assert code(publier, monde) == "dossier_clos"
    assert selectors.brouillon(monde.candidat, monde.dossier, CLE).texte == TEXTE


# Les pages --------------------------------------------------------------------------------------------------------------


def adresse(monde, fin: str = "") -> str:
    return f"/carnet/{monde.dossier}/entrees/{fin}"


def envoi(**changements) -> dict[str, object]:
    return {
        "texte": TEXTE, "fait_le": "2026-09-30", "competences": ["C3.1"], "cle": str(CLE), "vu": "0",
        "geste": "publier",
    } | changements  # fmt: skip


def test_de_la_page_a_ce_que_lisent_les_siens(monde):
    ouvert = client(monde.candidat)
    photo = SimpleUploadedFile("IMG_2026.png", png(b"GPS\0Rodez"), content_type="image/png")
    reponse = ouvert.post(adresse(monde, "ecrire/"), envoi(fichier=photo))
    assert (reponse.status_code, reponse.headers["Location"]) == (302, adresse(monde))
    version = VersionEntree.objects.get()
    for lecteur in (monde.candidat, monde.tuteur, monde.manager, monde.gestionnaire):
        assert "demande de retraite" in texte(client(lecteur).get(adresse(monde)))
        fichier = client(lecteur).get(adresse(monde, f"{version.pk}/fichier/"))
        assert (fichier.content, fichier.headers["Content-Type"]) == (png(), "image/png")
        assert fichier.headers["Content-Disposition"] == 'attachment; filename="entree.png"'
        assert fichier.headers["X-Content-Type-Options"] == "nosniff"
    for etranger, statut in (
        (comptes.avec_role(NatureRole.RH, monde.organisme), 403),
        (comptes.gestionnaire(comptes.organisme()), 404),
        (factories.avec_carnet(("B3",)).candidat, 404),
    ):
        for page in ("", f"{version.pk}/fichier/"):
            assert client(etranger).get(adresse(monde, page)).status_code == statut


def test_un_refus_garde_le_brouillon_et_ce_qui_est_a_l_ecran(monde):
    ouvert = client(monde.candidat)
    reponse = ouvert.post(adresse(monde, "ecrire/"), envoi(texte="Le 06 12 34 56 78 a rappelé."))
    contenu = texte(reponse)
    assert reponse.status_code == 422
    assert "semble porter un numéro de téléphone" in contenu
    assert "J'ai relu" in contenu
    assert 'name="vu" value="1"' in contenu
    assert BrouillonEntree.objects.count() == 1
    reponse = ouvert.post(adresse(monde, "ecrire/"), envoi(texte="Le 06 12 34 56 78 a rappelé.", vu="1", relu="on"))
    assert (reponse.status_code, VersionEntree.objects.count()) == (302, 1)


def test_l_onglet_depasse_montre_les_deux_textes(monde):
    garder(monde)
    garder(monde, ecrit(texte="Par l'autre onglet.", vu=1))
    reponse = client(monde.candidat).post(adresse(monde, "ecrire/"), envoi(texte="Par celui-ci.", vu="1"))
    contenu = texte(reponse)
    assert reponse.status_code == 422
    assert ("Par l'autre onglet." in contenu, "Par celui-ci." in contenu) == (True, True)


def test_reprendre_effacer_corriger(monde):
    ouvert = client(monde.candidat)
    ouvert.post(adresse(monde, "ecrire/"), envoi(geste="garder"))
    assert TEXTE in texte(ouvert.get(adresse(monde, f"ecrire/?brouillon={CLE}")))
    assert ouvert.get(adresse(monde, "ecrire/?brouillon=pas-un-identifiant")).status_code == 404
    assert TEXTE not in texte(client(monde.tuteur).get(adresse(monde)))
    assert client(monde.tuteur).get(adresse(monde, f"ecrire/?brouillon={CLE}")).status_code == 403
    entree = publier(monde)
    assert TEXTE in texte(ouvert.get(adresse(monde, f"ecrire/?entree={entree}")))
    garder(monde, brouillon=(autre := uuid4()))
    assert ouvert.get(adresse(monde, f"{autre}/effacer/")).status_code == 405
    assert ouvert.post(adresse(monde, f"{autre}/effacer/")).status_code == 302
    assert BrouillonEntree.objects.count() == 0


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_page_des_entrees_coute_autant_pour_une_et_pour_trois(monde, nombre, django_assert_num_queries):
    for rang in range(nombre):
        garder(monde, brouillon=UUID(int=100 + rang))
        publier(monde, brouillon=UUID(int=100 + rang), maintenant=ATTESTATION + timedelta(minutes=rang))
        garder(monde, brouillon=UUID(int=200 + rang))
    ouvert = client(monde.candidat)
    ouvert.get(adresse(monde))
    # session, compte, droits, dossier, blocs, carnet (5), entrées, brouillons, version, annexes
    with django_assert_num_queries(15):
        ouvert.get(adresse(monde))
