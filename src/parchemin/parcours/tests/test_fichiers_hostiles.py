"""Chaque fichier hostile ou sale : un mot juste, avec la cellule ; jamais une erreur, jamais une écriture. Les sales se lisent."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import services
from parchemin.parcours.models import Dossier, EtatCivil, ImportCandidats
from parchemin.parcours.selectors import COLONNES, OBLIGATOIRES
from parchemin.parcours.tests import fichiers_hostiles as fichiers
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.parcours.tests.test_imports import deposer, importer, rien_d_ecrit
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

DIT = {"nom_naissance": "Martin", "prenom1": "Camille", "naissance": "1991-5-3", "courriel": "camille@caisse.example"}


@pytest.fixture(autouse=True)
def caisse(db):
    referentiels.publier()
    with time_machine.travel(INSCRIPTION, tick=False):
        yield comptes.organisme("Caisse du fichier")


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
@pytest.mark.parametrize(("octets", "code", "dit"), fichiers.REFUSES.values(), ids=fichiers.REFUSES)
def test_un_fichier_hostile_est_refuse_d_un_mot_juste(octets, code, dit):
    with pytest.raises(Refus) as refus:
        deposer(octets, nom="candidats.xlsx")
    dites = "\n".join((refus.value.message, *refus.value.details))
    assert (refus.value.code, dit in dites) == (code, True), dites
    assert refus.value.message.endswith(".")
    assert rien_d_ecrit()
    assert ImportCandidats.objects.count() == 0


def test_la_page_dit_chacun_sans_jamais_d_erreur_ni_d_ecriture(caisse):
    ouvert = client(comptes.gestionnaire(caisse))
    ouvert.get("/candidats/importer/")
    avant = Entree.objects.count()
    tus = {}
    for nom, (octets, _, dit) in fichiers.REFUSES.items():
        reponse = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("candidats.csv", octets)})
        if (reponse.status_code, dit in texte(reponse)) != (422, True):
            tus[nom] = (reponse.status_code, dit)
    assert tus == {}
    assert (Dossier.objects.count(), ImportCandidats.objects.count(), Entree.objects.count()) == (0, 0, avant)


@pytest.mark.parametrize(("octets", "autrement"), fichiers.ADMIS.values(), ids=fichiers.ADMIS)
def test_un_fichier_sale_se_lit_comme_on_le_voit(octets, autrement):
    services.confirmer_candidats(identifiant=deposer(octets).pk, auteur=SYSTEME, maintenant=INSCRIPTION)
    civil = EtatCivil.objects.select_related("candidat").get()
    assert {
        "nom_naissance": civil.nom_naissance,
        "prenom1": civil.prenom1,
        "naissance": f"{civil.annee}-{civil.mois}-{civil.jour}",
        "courriel": civil.candidat.courriel_pro,
    } == DIT | autrement


def test_deux_mille_une_lignes_se_lisent():
    octets = fichiers.texte(*[fichiers.BON] * 2_001).encode()
    assert len(tableur.lire(octets, colonnes=COLONNES, obligatoires=OBLIGATOIRES).lignes) == 2_001


@pytest.mark.parametrize(
    "entetes", [[*COLONNES.values(), "Prénom"], ["Nom de naissance", *COLONNES.values()]], ids=["à la fin", "au début"]
)
def test_un_en_tete_en_double_demande_quelle_colonne_est_laquelle(entetes):
    valeurs = ["" for _ in entetes]
    octets = f"{';'.join(entetes)}\n{';'.join(valeurs[:-1])};x\n".encode()
    assert deposer(octets).octets == octets


@pytest.mark.parametrize(
    ("donne", "garde"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\Users\\x\\candidats.csv", "candidats.csv"), ("a\0b.csv", "a b.csv"),
        ("fac\u202evsc.exe", "fac vsc.exe"), ("ligne\nsuite.csv", "ligne suite.csv"), ("x" * 500, "x" * 160), (" / ", "sans nom"),
        ("<script>alert(1)</script>.csv", "script>.csv"), ("été – 2026 🙂.csv", "été – 2026 🙂.csv"),
    ],
)  # fmt: skip
def test_un_nom_de_fichier_piege_ne_garde_que_ce_qui_se_lit(donne, garde):
    assert deposer(fichiers.bon(), nom=donne).nom_fichier == garde


def test_un_nom_de_fichier_qui_porte_du_code_s_affiche_comme_du_texte(caisse):
    sien = comptes.gestionnaire(caisse)
    depose = deposer(fichiers.bon(), sien, nom='"><img src=x onerror=alert(1)>.csv')
    page = client(sien).get(f"/candidats/importer/{depose.pk}/").content.decode()
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;.csv" in page


def test_ce_que_dit_un_fichier_s_affiche_comme_du_texte(caisse):
    ouvert = client(comptes.gestionnaire(caisse))
    octets = fichiers.bon(organisme="<script>alert(1)</script>")
    page = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", octets)}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_le_meme_candidat_ecrit_de_plusieurs_facons_est_le_meme():
    importer(fichiers.BON)
    depose = deposer(fichiers.bon(courriel="CAMILLE@caisse.example\u00a0", nom_naissance="Martin\u200b"))
    plan = services.confirmer_candidats(identifiant=depose.pk, auteur=SYSTEME, maintenant=INSCRIPTION)
    assert [une.geste for une in plan.candidatures] == ["inchange"]
