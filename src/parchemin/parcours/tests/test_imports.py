"""L'import de candidats : ce qu'il lit, toutes ses fautes à la fois, tout ou rien, deux fois sans effet ; les fichiers hostiles."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from parchemin.carnet.models import Carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Personne, Role
from parchemin.comptes.services import creer_personne
from parchemin.comptes.services.imports import VALIDITE_IMPORT
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import client, texte
from parchemin.parcours import selectors, services
from parchemin.parcours.enums import GenreEtape
from parchemin.parcours.models import (
    BlocDemande,
    Designation,
    Dossier,
    EtapeVae,
    EtatCivil,
    ImportCandidats,
    PassageDossier,
)
from parchemin.parcours.selectors import COLONNES
from parchemin.parcours.tests.factories import INSCRIPTION
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.cles import cle_recherche
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

BON = {
    "courriel": "camille@caisse.example", "nom_naissance": "Martin", "prenom1": "Camille", "sexe": "F",
    "naissance": "03/05/1991", "organisme": "Caisse du fichier", "voie": "Formation continue", "initiative": "L'employeur",
    "entree_le": "12/01/2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def caisse():
    referentiels.publier()
    with time_machine.travel(INSCRIPTION, tick=False):
        yield comptes.organisme("Caisse du fichier")


def fichier(*lignes, entetes=COLONNES) -> bytes:
    sortie = io.StringIO()
    ecrivain = csv.DictWriter(sortie, list(entetes), delimiter=";")
    ecrivain.writerow(dict(entetes))
    ecrivain.writerows(lignes)
    return sortie.getvalue().encode()


def classeur(*lignes) -> bytes:
    livre = Workbook()
    livre.active.append(list(COLONNES.values()))
    for ligne in lignes:
        livre.active.append([ligne.get(code) for code in COLONNES])
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def deposer(octets, auteur=SYSTEME, nom="candidats.csv"):
    return services.deposer_candidats(
        nom_fichier=nom, octets=octets, referentiel="cqp-cos@2021", auteur=auteur, maintenant=INSCRIPTION
    )


def confirmer(depose, auteur=SYSTEME):
    return services.confirmer_candidats(identifiant=depose.pk, auteur=auteur, maintenant=INSCRIPTION)


def importer(*lignes, auteur=SYSTEME):
    return confirmer(deposer(fichier(*lignes), auteur), auteur)


def fautes(*lignes, auteur=SYSTEME) -> list[str]:
    with pytest.raises(Refus) as refus:
        deposer(fichier(*lignes), auteur)
    assert refus.value.code == "import_faux"
    return list(refus.value.details)


def personne(prenom, courriel):
    return Acteur(
        creer_personne(prenom=prenom, nom="Essai", courriel_pro=courriel, auteur=SYSTEME, maintenant=INSCRIPTION).pk
    )


def rien_d_ecrit():
    return (Personne.objects.count(), Dossier.objects.count(), EtatCivil.objects.count()) == (0, 0, 0)


# Ce qui s'importe ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("forme", [fichier, classeur])
def test_un_fichier_sans_faute_n_inscrit_qu_a_la_confirmation(forme, caisse):
    depose = deposer(forme(BON, BON | {"courriel": "b@caisse.example", "prenom1": "Bo", "blocs": "B4, b2"}))
    assert rien_d_ecrit()
    assert len(confirmer(depose).faire("inscrire")) == 2
    assert sorted(str(d.candidat) for d in Dossier.objects.all()) == ["Bo Martin", "Camille Martin"]
    assert sorted(BlocDemande.objects.filter(dossier__candidat__prenom="Bo").values_list("code", flat=True)) == [
        "B2",
        "B4",
    ]
    ligne = Dossier.objects.get(candidat__prenom="Camille")
    assert (ligne.organisme_id, ligne.voie, ligne.initiative, ligne.entree_le, ligne.etat, ligne.ouvert) == (
        caisse, "formation_continue", "employeur", date(2026, 1, 12), "inscrit", True,
    )  # fmt: skip
    assert list(PassageDossier.objects.filter(dossier=ligne).values_list("rang", "etat")) == [
        (1, "brouillon"),
        (2, "inscrit"),
    ]
    assert EtatCivil.objects.get(candidat=ligne.candidat).nom_naissance == "Martin"
    assert Role.objects.filter(nature=NatureRole.CANDIDAT, organisme=caisse, au=None).count() == 2


def test_un_import_ouvre_le_meme_dossier_qu_une_inscription():
    """Même table, mêmes passages, mêmes blocs, mêmes désignations, mêmes rôles, même carnet que `services.inscrire`."""
    tuteur, manager = personne("Théo", "theo@caisse.example"), personne("Maud", "maud@caisse.example")
    importer(BON | {"tuteur": "Theo@caisse.example", "manager": "maud@caisse.example"})
    importe = Dossier.objects.get()
    a_la_main = services.inscrire_nouveau(
        prenom="Autre", nom="Martin", courriel_pro="", homonyme_admis=False, organisme=importe.organisme_id,
        referentiel="cqp-cos@2021", voie=importe.voie, initiative=importe.initiative, entree_le=importe.entree_le,
        blocs=("B1", "B2", "B3", "B4"), tuteur=tuteur.id, manager=manager.id, auteur=SYSTEME, maintenant=INSCRIPTION,
    )  # fmt: skip
    assert ecouler() > 0

    def photo(dossier):
        propres = ("id", "candidat_id", "importation_id")
        egaux = [champ.attname for champ in Dossier._meta.concrete_fields if champ.attname not in propres]
        return (
            [getattr(dossier, champ) for champ in egaux],
            list(dossier.blocs.values_list("code", "rang")),
            list(dossier.passages.values_list("rang", "etat", "auteur", "motif")),
            sorted(Designation.objects.filter(dossier=dossier).values_list("qualite", "personne_id", "auteur")),
            sorted(
                Role.objects.filter(personne=dossier.candidat_id).values_list(
                    "nature", "organisme_id", "certification", "du"
                )
            ),
            Carnet.objects.filter(dossier=dossier).count(),
        )

    importe.refresh_from_db()
    a_la_main.refresh_from_db()
    assert photo(importe) == photo(a_la_main)
    assert importe.etat == "en_parcours"


def test_importer_deux_fois_ne_change_rien_ni_confirmer_deux_fois():
    depose = deposer(fichier(BON))
    confirmer(depose)
    assert confirmer(depose).candidatures == ()
    plan = importer(BON)
    assert ([une.geste for une in plan.candidatures], Dossier.objects.count()) == (["inchange"], 1)


def test_le_meme_fichier_ne_rouvre_rien_une_fois_le_dossier_clos():
    importer(BON)
    services.abandonner(dossier=Dossier.objects.get().pk, motif="Parti.", auteur=SYSTEME, maintenant=INSCRIPTION)
    assert [une.geste for une in importer(BON).candidatures] == ["inchange"]
    assert [f.split(" : ")[0] for f in fautes(BON | {"blocs": "B1"})] == ["A2"]
    assert [une.geste for une in importer(BON | {"entree_le": "13/01/2026"}).candidatures] == ["inscrire"]
    assert [une.geste for une in importer(BON).candidatures] == ["inchange"]
    assert Dossier.objects.count() == 2


def test_un_import_defait_se_refait():
    depose = deposer(fichier(BON))
    confirmer(depose)
    services.defaire_candidats(identifiant=depose.pk, motif="Mauvais fichier.", auteur=SYSTEME, maintenant=INSCRIPTION)
    assert [une.geste for une in importer(BON).candidatures] == ["inscrire"]


def test_des_accompagnants_qui_different_se_disent_avec_leur_cellule(caisse):
    for prenom in ("Théo", "Maud", "Zoé"):
        personne(prenom, f"{cle_recherche(prenom)}@caisse.example")
    nommes = {"tuteur": "theo@caisse.example", "manager": "maud@caisse.example"}
    importer(BON | nommes)
    (une,) = importer(BON | nommes).candidatures
    assert (une.geste, une.avertissements) == ("inchange", ())
    autres = BON | {"tuteur": "zoe@caisse.example", "manager": "maud@caisse.example"}
    (une,) = importer(autres).candidatures
    assert (une.geste, [dit.message for dit in une.avertissements]) == (
        "inchange",
        ["S2 : le dossier n'a pas ce tuteur : nommez-le dans le dossier."],
    )
    ouvert = client(comptes.gestionnaire())
    page = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", fichier(autres))})
    assert "pas ce tuteur : nommez-le dans le dossier" in texte(ouvert.get(page.headers["Location"])).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_l_acces_a_la_vae_s_importe_et_n_est_que_pour_elle():
    importer(BON | VAE | {"acces_vae": "Pendant un congé de VAE"})
    assert Dossier.objects.get().acces_vae == "conges_vae"
    (une,) = importer(BON | VAE | {"acces_vae": "Hors congé de VAE"}).candidatures
    assert (une.geste, [dit.champ for dit in une.avertissements]) == ("inchange", ["acces_vae"])
    autre = BON | {"courriel": "b@caisse.example", "acces_vae": "Hors congé de VAE"}
    assert [f.split(" : ")[0] for f in fautes(autre)] == ["V2"]
    assert [f.split(" : ")[0] for f in fautes(BON | VAE | {"acces_vae": "peut-être"})] == ["V2"]


def test_un_dossier_deja_ouvert_recoit_l_etat_civil_qui_lui_manquait():
    importer(BON)
    EtatCivil.objects.all().delete()
    plan = importer(BON)
    assert [une.geste for une in plan.candidatures] == ["completer"]
    assert (Dossier.objects.count(), EtatCivil.objects.count()) == (1, 1)


def test_une_vae_du_fichier_suit_son_chemin_sans_carnet():
    importer(
        BON | {"voie": "VAE", "initiative": "candidat", "recevable_le": "2026-02-03"},
        BON | {"courriel": "b@caisse.example", "prenom1": "Bo"},
    )
    ligne = Dossier.objects.get(candidat__prenom="Camille")
    assert (ligne.voie, ligne.recevable_le, ligne.initiative, ligne.etat) == (
        "vae", date(2026, 2, 3), "candidat", "recevable",
    )  # fmt: skip
    assert ecouler() > 0
    assert list(Dossier.objects.filter(pk__in=Carnet.objects.values("dossier")).values_list("candidat__prenom")) == [
        ("Bo",)
    ]


VAE = {"voie": "VAE", "initiative": "Le candidat"}


def test_une_vae_sans_date_attend_sa_reponse_et_le_meme_fichier_ne_change_rien_une_fois_la_reponse_donnee():
    importer(BON | VAE)
    ligne = Dossier.objects.get()
    assert (ligne.voie, ligne.etat, ligne.recevable_le) == ("vae", "recevabilite", None)
    assert list(EtapeVae.objects.values_list("rang", "genre", "le")) == [(1, "demande", date(2026, 1, 12))]
    assert [une.geste for une in importer(BON | VAE).candidatures] == ["inchange"]
    services.inscrire_etape(
        dossier=ligne.pk, genre=GenreEtape.RECEVABLE, le=date(2026, 2, 1), auteur=SYSTEME, maintenant=INSCRIPTION
    )
    assert [une.geste for une in importer(BON | VAE).candidatures] == ["inchange"]
    assert [une.geste for une in importer(BON | VAE | {"recevable_le": "01/02/2026"}).candidatures] == ["inchange"]
    assert [f.split(" : ")[0] for f in fautes(BON | VAE | {"recevable_le": "02/02/2026"})] == ["A2"]
    assert (Dossier.objects.count(), Dossier.objects.get().recevable_le) == (1, date(2026, 2, 1))


def test_une_vae_du_fichier_s_ouvre_comme_a_la_main_avec_ou_sans_accompagnants():
    personne("Théo", "theo@caisse.example")
    personne("Maud", "maud@caisse.example")
    nommes = {"tuteur": "theo@caisse.example", "manager": "maud@caisse.example"}
    importer(BON | VAE, BON | VAE | nommes | {"courriel": "b@caisse.example", "prenom1": "Bo"})
    assert sorted(Dossier.objects.values_list("candidat__prenom", "etat")) == [
        ("Bo", "recevabilite"),
        ("Camille", "recevabilite"),
    ]


def test_une_date_a_venir_se_dit_dans_sa_cellule():
    demain = f"{INSCRIPTION.date() + timedelta(days=1):%d/%m/%Y}"
    dites = fautes(
        BON | VAE | {"recevable_le": demain},
        BON | VAE | {"courriel": "b@caisse.example", "entree_le": demain},
        BON | VAE | {"courriel": "c@caisse.example", "entree_le": demain, "recevable_le": "01/02/2026"},
    )
    assert [faute.split(" : ")[0] for faute in dites] == ["Q2", "P3", "P4"]
    assert rien_d_ecrit()


@pytest.mark.parametrize(
    ("ecrite", "lue"),
    [
        ("3/5/1991", (1991, 5, 3)), ("03.05.1991", (1991, 5, 3)), ("1991-05-03", (1991, 5, 3)), ("05/1991", (1991, 5, None)),
        ("1991", (1991, None, None)), ("00/00/1991", (1991, None, None)), ("00/05/1991", (1991, 5, None)),
    ],
)  # fmt: skip
def test_une_naissance_se_lit_comme_on_l_ecrit(ecrite, lue):
    importer(BON | {"naissance": ecrite})
    civil = EtatCivil.objects.get()
    assert (civil.annee, civil.mois, civil.jour) == lue


# Les fautes : toutes, à la fois, dans la cellule ----------------------------------------------------------------------


def test_toutes_les_fautes_de_toutes_les_lignes_sont_dites_avec_leur_cellule():
    dites = fautes(
        BON | {"courriel": "pas-une-adresse", "sexe": "X", "naissance": "hier"},
        BON
        | {
            "organisme": "Ailleurs",
            "voie": "par la fenêtre",
            "initiative": "",
            "entree_le": "31/02/2026",
            "blocs": "B1 B9",
        },
        BON | {"courriel": "b@caisse.example", "nom_naissance": "Mar7in", "recevable_le": "01/02/2026"},
        BON | {"courriel": "c@caisse.example", "tuteur": "inconnu@caisse.example", "entree_le": "20/04/2026"},
        BON | {"courriel": "d@caisse.example", "voie": "VAE", "recevable_le": "31/02/2026"},
        BON | {"courriel": "d@caisse.example", "commune_code": "6100"},
    )
    assert [faute.split(" : ")[0] for faute in dites] == [
        "A2", "H2", "G2", "M3", "N3", "O3", "P3", "R3", "Q4", "B4", "S5", "Q6", "A7", "J7",
    ]  # fmt: skip
    assert rien_d_ecrit()
    assert ImportCandidats.objects.count() == 0
    assert all(faute.endswith((".", "?", ")")) or "(" in faute for faute in dites)


def test_une_adresse_trop_longue_se_dit_avec_sa_cellule_et_une_adresse_vide_aussi():
    longue = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".fr"
    assert fautes(BON | {"courriel": longue}, BON | {"courriel": ""}) == [
        "A2 : 254 signes au plus.",
        "A3 : le courriel professionnel manque : c'est lui qui reconnaît un candidat.",
    ]
    assert rien_d_ecrit()


def test_une_ligne_qui_contredit_ce_qui_est_enregistre_est_une_faute():
    importer(BON)
    assert [f.split(" : ")[0] for f in fautes(BON | {"naissance": "04/05/1991"})] == ["B2"]
    assert [f.split(" : ")[0] for f in fautes(BON | {"blocs": "B1"})] == ["A2"]
    assert [f.split(" : ")[0] for f in fautes(BON | {"prenom1": "Zoé"})] == ["A2", "B2"]


def test_une_entree_hors_de_l_enregistrement_est_dite_ligne_par_ligne():
    dites = fautes(BON | {"entree_le": "20/04/2026"}, BON | {"courriel": "b@caisse.example", "entree_le": "19/04/2026"})
    assert [faute.split(" : ")[0] for faute in dites] == ["P2"]


def test_les_accompagnants_sont_deux_personnes_connues_et_le_referent_tient_les_rh(caisse):
    personne("Théo", "theo@caisse.example")
    assert [
        f.split(" : ")[0] for f in fautes(BON | {"tuteur": "theo@caisse.example", "manager": "theo@caisse.example"})
    ] == ["T2"]
    assert [f.split(" : ")[0] for f in fautes(BON | {"referent_rh": "theo@caisse.example"})] == ["U2"]


def test_une_caisse_n_importe_que_chez_elle_et_ne_voit_pas_les_autres(caisse):
    comptes.organisme("Caisse d'ailleurs")
    sien = comptes.gestionnaire(caisse)
    personne("Théo", "theo@ailleurs.example")
    assert [
        f.split(" : ")[0]
        for f in fautes(BON | {"organisme": "Caisse d'ailleurs", "tuteur": "theo@ailleurs.example"}, auteur=sien)
    ] == ["M2", "S2"]
    importer(BON, auteur=sien)
    assert Dossier.objects.count() == 1
    with pytest.raises(RefusDroit):
        deposer(fichier(BON), comptes.avec_role(NatureRole.TUTEUR, caisse))


def test_une_adresse_prise_hors_de_son_perimetre_se_dit_avec_sa_cellule_et_rien_d_autre_d_elle(caisse):
    personne("Camille", "camille@caisse.example")
    sien = comptes.gestionnaire(caisse)
    (dite,) = fautes(BON | {"courriel": "a@caisse.example"}, BON, auteur=sien)
    assert dite == (
        "A3 : cette adresse est déjà celle d'une personne hors de votre périmètre : demandez au certificateur de l'inscrire, "
        "ou de la corriger."
    )
    (dite,) = fautes(BON | {"courriel": "a@caisse.example", "tuteur": "camille@caisse.example"}, auteur=sien)
    assert dite.startswith("S2 : cette adresse est celle d'une personne hors de votre périmètre")


def test_une_adresse_prise_pendant_que_le_fichier_attend_n_inscrit_personne(caisse):
    sien = comptes.gestionnaire(caisse)
    depose = deposer(fichier(BON | {"courriel": "a@caisse.example"}, BON), sien)
    personne("Camille", "camille@caisse.example")
    avant = Personne.objects.count()
    with pytest.raises(Refus) as refus:
        confirmer(depose, sien)
    assert (refus.value.code, [dit.split(" : ")[0] for dit in refus.value.details]) == ("import_faux", ["A3"])
    assert (Personne.objects.count(), Dossier.objects.count()) == (avant, 0)


def test_entre_la_lecture_et_la_confirmation_tout_est_compare_a_nouveau():
    depose = deposer(fichier(BON))
    importer(BON | {"blocs": "B1"})
    with pytest.raises(Refus) as refus:
        confirmer(depose)
    assert (refus.value.code, Dossier.objects.count()) == ("import_faux", 1)


def test_l_import_d_un_autre_n_existe_pas_un_abandon_vide_tout_et_l_attente_finit():
    depose = deposer(fichier(BON))
    autre = comptes.gestionnaire()
    with pytest.raises(Refus):
        confirmer(depose, autre)
    services.abandonner_candidats(identifiant=depose.pk, auteur=SYSTEME, maintenant=INSCRIPTION)
    services.abandonner_candidats(identifiant=depose.pk, auteur=SYSTEME, maintenant=INSCRIPTION)
    assert ImportCandidats.objects.get().lignes == []
    with pytest.raises(Refus):
        confirmer(depose)
    deposer(fichier(BON))
    assert services.purger_candidats(maintenant=INSCRIPTION + VALIDITE_IMPORT) == 1
    assert [une.lignes for une in ImportCandidats.objects.all()] == [[], []]
    assert Entree.objects.filter(action="parcours.import_abandonne").count() == 2


@pytest.mark.parametrize("nombre", [1, 3])
def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(nombre, django_assert_num_queries):
    lignes = [
        BON | {"courriel": f"c{rang}@caisse.example", "nom_naissance": "Martin" + "ab"[rang % 2] * (rang + 1)}
        for rang in range(nombre)
    ]
    importer(BON | {"courriel": "avant@caisse.example", "prenom1": "Avant"})
    depose = deposer(fichier(*lignes))
    with django_assert_num_queries(29):  # dont une qui dit qui tient déjà cette certification, une les adresses prises
        confirmer(depose)


# Les fichiers hostiles ------------------------------------------------------------------------------------------------


def avec_formule() -> bytes:
    return classeur(BON | {"nom_naissance": '=HYPERLINK("http://example.org")'})


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "fichier_vide"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "fichier_inconnu"),
        (b"%PDF-1.7", "fichier_inconnu"),
        (b"PK\x03\x04 pas une archive", "fichier_illisible"),
        (fichier(BON) + b"\x81\x8d", "encodage_inconnu"),
        (fichier(BON | {"nom_naissance": "=1+1"}), "cellules_fausses"),
        (avec_formule(), "fichier_dangereux"),
        (fichier(), "import_vide"),
        (fichier(*[BON] * 5_001), "trop_de_lignes"),
    ],
    ids=["vide", "xls", "pdf", "zip", "encodage", "formule-csv", "formule-xlsx", "sans-ligne", "trop"],
)
def test_un_fichier_hostile_est_refuse_d_un_mot_clair(octets, code):
    with pytest.raises(Refus) as refus:
        deposer(octets)
    assert refus.value.code == code
    assert rien_d_ecrit()


# Les pages ------------------------------------------------------------------------------------------------------------


def test_du_modele_a_l_inscription_en_trois_pages(caisse):
    ouvert = client(comptes.gestionnaire(caisse))
    assert [ouvert.get(f"/candidats/importer/modele.{forme}").status_code for forme in ("csv", "xlsx", "ods")] == [
        200,
        200,
        404,
    ]
    reponse = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", fichier(BON))})
    page = reponse.headers["Location"]
    montre = texte(ouvert.get(page))
    assert "1 candidat à inscrire" in montre
    assert "Camille Martin" in montre
    assert "Sans le code Insee" in montre
    assert ouvert.post(page).headers["Location"] == f"{page}fait/"
    assert ouvert.get(page).headers["Location"] == f"{page}fait/"
    assert Dossier.objects.count() == 1


def test_le_modele_rempli_de_son_exemple_se_relit():
    contenu = client(comptes.gestionnaire()).get("/candidats/importer/modele.xlsx").content
    dites = None
    with pytest.raises(Refus) as refus:
        deposer(contenu)
    dites = refus.value.details
    assert [faute.split(" : ")[0] for faute in dites] == ["M2"]


def test_un_autre_tableau_demande_ses_colonnes(caisse):
    ouvert = client(comptes.gestionnaire(caisse))
    autres = {
        "courriel": "E-mail", "nom_naissance": "Nom", "prenom1": "Prénoms", "sexe": "Genre", "naissance": "Né le",
        "organisme": "Caisse", "voie": "Voie", "initiative": "Qui demande", "entree_le": "Entrée", "service": "Service",
    }  # fmt: skip
    octets = fichier(BON | {"service": "Accueil"}, entetes=autres)
    page = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", octets)}).headers["Location"]
    assert page.endswith("/colonnes/")
    montre = texte(ouvert.get(page))
    assert "H · Qui demande" in montre
    devinees = selectors.colonnes_proposees(dict(zip("ABCDEFGHIJ", autres.values(), strict=True)))
    assert devinees == {
        "A": "courriel", "B": "nom_naissance", "C": "prenom1", "D": "sexe", "E": "naissance", "F": "organisme",
        "G": "voie", "I": "entree_le",
    }  # fmt: skip
    envoi = {f"colonne_{lettre}": code for lettre, code in devinees.items()}
    manque = ouvert.post(page, envoi)
    assert (manque.status_code, "Il manque la colonne « Initiative »" in texte(manque)) == (422, True)
    double = ouvert.post(page, envoi | {"colonne_H": "courriel"})
    assert "Deux colonnes sont dites" in texte(double)
    suite = ouvert.post(page, envoi | {"colonne_H": "initiative"}).headers["Location"]
    assert ouvert.get(page).headers["Location"] == suite
    ouvert.post(suite)
    assert str(Dossier.objects.get().candidat) == "Camille Martin"


def test_un_fichier_faux_montre_tout_et_un_abandon_revient_a_la_liste(caisse):
    ouvert = client(comptes.gestionnaire(caisse))
    reponse = ouvert.post(
        "/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", fichier(BON | {"sexe": "X"}))}
    )
    assert (reponse.status_code, "G2 : Dites le sexe" in texte(reponse)) == (422, True)
    page = ouvert.post("/candidats/importer/", {"fichier": SimpleUploadedFile("c.csv", fichier(BON))}).headers[
        "Location"
    ]
    assert ouvert.get(f"{page}abandonner/").status_code == 405
    assert ouvert.post(f"{page}abandonner/").headers["Location"] == "/candidats/"
    assert Entree.objects.filter(action="parcours.import_abandonne").count() == 1
