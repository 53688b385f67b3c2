"""Le lecteur de tableurs : ce qu'il lit, et tout ce qu'un fichier hostile essaie."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from parchemin.socle import tableur
from parchemin.socle.refus import Refus
from parchemin.socle.tableur.formes import lettre_de

COLONNES = {"nom": "Nom", "siret": "SIRET", "commune": "Commune"}


def classeur(*lignes, titre="Feuille", cache=False) -> bytes:
    livre = Workbook()
    feuille = livre.active
    feuille.title = titre
    for ligne in lignes:
        feuille.append(ligne)
    if cache:
        livre.create_sheet("Notes").sheet_state = "hidden"
    sortie = io.BytesIO()
    livre.save(sortie)
    return sortie.getvalue()


def repaquete(octets: bytes, ajouts=None, remplace=None) -> bytes:
    """Le même classeur, avec des membres ajoutés ou récrits."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(octets)) as avant, zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as apres:
        for membre in avant.infolist():
            contenu = avant.read(membre)
            apres.writestr(membre.filename, (remplace or {}).get(membre.filename, lambda brut: brut)(contenu))
        for nom, contenu in (ajouts or {}).items():
            apres.writestr(nom, contenu)
    return sortie.getvalue()


SAIN = classeur(["Nom", "SIRET"], ["Caisse de l'Ain", "78462143500048"])


def lu(octets: bytes) -> list[dict[str, str]]:
    return [dict(ligne.valeurs) for ligne in tableur.lire(octets, colonnes=COLONNES, obligatoires={"nom"}).lignes]


def refuse(octets: bytes) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Refus) as refus:
        tableur.lire(octets, colonnes=COLONNES, obligatoires={"nom"})
    assert refus.value.message.endswith(".")
    return refus.value.code, refus.value.details


def test_une_colonne_porte_les_lettres_que_le_tableur_montre():
    assert all(lettre_de(rang) == get_column_letter(rang) for rang in range(1, 18_279))  # de A à ZZZ


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t", "|"])
def test_un_csv_se_lit_quel_que_soit_son_encodage_et_son_separateur(encodage, separateur):
    texte = f'nom{separateur}"Siret"\r\n"Caisse{separateur} dite ""l\'Été"""{separateur}123\r\n'
    tableau = tableur.lire(texte.encode(encodage), colonnes=COLONNES)
    assert [dict(ligne.valeurs) for ligne in tableau.lignes] == [
        {"nom": f'Caisse{separateur} dite "l\'Été"', "siret": "123"}
    ]
    assert (tableau.format, tableau.encodage, tableau.separateur) == (
        "csv", "cp1252" if encodage == "cp1252" else "utf-8", separateur,
    )  # fmt: skip


@pytest.mark.parametrize(
    "nom", ["André", "Éric", "Château", "Hôtel", "Maître", "déjà", "créée", "Müller", "Sœur", "l’été"]
)
def test_un_csv_de_mac_se_refuse_plutot_que_de_se_lire_faux(nom):
    assert refuse(f"nom\r\n{nom}\r\n".encode("mac_roman")) == ("encodage_inconnu", ())
    assert lu(f"nom\r\n{nom}\r\n".encode("cp1252")) == [{"nom": nom}]


def test_un_nom_d_ailleurs_en_cp1252_se_lit():
    for nom in ("Žarko Šaric", "ŽARKO", "Božena", "L'Haÿ", "Marque™", "Õunapuu", "7 ‰"):
        assert lu(f"nom\r\n{nom}\r\n".encode("cp1252")) == [{"nom": nom}]


def test_un_classeur_se_lit_nombres_et_dates_compris():
    octets = classeur(["NOM ", "siret", "Commune"], [], ["Été", 78462143500048, date(2026, 3, 1)], cache=True)
    tableau = tableur.lire(octets, colonnes=COLONNES)
    assert [(ligne.numero, dict(ligne.valeurs)) for ligne in tableau.lignes] == [
        (3, {"nom": "Été", "siret": "78462143500048", "commune": "01/03/2026"})
    ]
    (ligne,) = tableau.lignes
    assert (ligne.cellule("siret"), ligne["siret"]) == ("B3", "78462143500048")
    assert lu(SAIN) == [{"nom": "Caisse de l'Ain", "siret": "78462143500048"}]


def test_une_colonne_absente_et_une_ligne_courte_sont_vides():
    (ligne,) = tableur.lire(b"siret;nom\n1\n", colonnes=COLONNES).lignes
    assert (ligne["nom"], ligne["commune"], ligne.cellule("commune"), ligne.cellule("nom")) == ("", "", "ligne 2", "B2")


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "fichier_vide"),
        (b" \n\n ", "fichier_vide"),
        (b";;\n", "fichier_vide"),
        (b"nom\n" + b"x" * tableur.TAILLE_MAX, "fichier_trop_gros"),
        (b"%PDF-1.7 nom", "fichier_inconnu"),
        (b"nom\x00\n1", "fichier_inconnu"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(1, 120)), "fichier_inconnu"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "fichier_inconnu"),
        (b"nom\n\x81\x8d", "encodage_inconnu"),
        (b'nom\n"jamais ferme', "fichier_illisible"),
        (b"nom\n" + b"a\n" * (tableur.LIGNES_MAX + 1), "trop_de_lignes"),
        (b"PK\x03\x04 pas une archive", "fichier_illisible"),
        (SAIN[: len(SAIN) // 2], "fichier_illisible"),
        (
            repaquete(SAIN, remplace={"xl/worksheets/sheet1.xml": lambda _: b"<worksheet><pas ferme"}),
            "fichier_illisible",
        ),
    ],
    ids=range(14),
)
def test_ce_qui_n_est_pas_un_tableau_est_refuse_en_le_disant(octets, code):
    assert refuse(octets)[0] == code


def zip_de(membres: dict[str, bytes]) -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as archive:
        for nom, contenu in membres.items():
            archive.writestr(nom, contenu)
    return sortie.getvalue()


def test_une_archive_qui_n_est_pas_un_classeur_est_refusee():
    assert refuse(zip_de({"nom.csv": b"nom\n1"}))[0] == "fichier_inconnu"


@pytest.mark.parametrize(
    "membre",
    [
        "xl/vbaProject.bin", "xl/activeX/activeX1.xml", "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin", "customUI/customUI.xml", "xl/macrosheets/sheet1.xml",
    ],
)  # fmt: skip
def test_macros_liens_et_objets_sont_refuses(membre):
    assert refuse(repaquete(SAIN, {membre: b"<x/>"}))[0] == "fichier_dangereux"


def test_un_xlsm_renomme_est_refuse_meme_sans_macro():
    def macro(types: bytes) -> bytes:
        return types.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    assert refuse(repaquete(SAIN, remplace={"[Content_Types].xml": macro}))[0] == "fichier_dangereux"


def test_les_bombes_ne_se_deplient_pas():
    assert refuse(repaquete(SAIN, {"xl/media/gros.bin": b"\x00" * (2 * 1024 * 1024)}))[0] == "fichier_dangereux"
    assert refuse(repaquete(SAIN, {f"xl/m{rang}.xml": b"<a/>" for rang in range(201)}))[0] == "fichier_dangereux"
    trop = {f"xl/media/{rang}.bin": bytes(range(256)) * 4_096 for rang in range(41)}
    assert refuse(repaquete(SAIN, trop))[0] == "fichier_dangereux"


def test_une_entite_xml_est_refusee():
    bombe = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    externe = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    for piege in (bombe, externe):
        assert (
            refuse(repaquete(SAIN, remplace={"xl/workbook.xml": lambda _, piege=piege: piege}))[0]
            == "fichier_dangereux"
        )


def test_les_formules_sont_refusees_avec_leur_cellule():
    octets = classeur(["Nom", "SIRET"], ["=1+1", "ok"], ["b", "=HYPERLINK(A1)"])
    assert refuse(octets) == (
        "fichier_dangereux", ("A2 : une formule. Collez sa valeur.", "B3 : une formule. Collez sa valeur."),
    )  # fmt: skip
    assert refuse(b"nom;siret\na;=cmd|' /C calc'!A0\n") == (
        "cellules_fausses", ("B2 : une formule. Collez sa valeur.",),
    )  # fmt: skip


def test_toutes_les_fautes_d_en_tete_sont_dites():
    assert refuse(b"SIRET;siret;Ville;;\nx;y;z;;\n") == (
        "colonnes_fausses",
        (
            "B1 : la colonne « siret » est déjà en A1.",
            "C1 : la colonne « Ville » n'est pas attendue.",
            "D1 : un en-tête est vide.",
            "E1 : un en-tête est vide.",
            "Il manque la colonne « Nom ».",
        ),
    )


def test_toutes_les_cellules_fausses_sont_dites():
    longue = "x" * (tableur.CELLULE_MAX + 1)
    assert refuse(f"nom;siret\na;b;c\n{longue};\x07\n".encode()) == (
        "cellules_fausses",
        (
            "C2 : une valeur sans en-tête au-dessus d'elle.",
            f"A3 : plus de {tableur.CELLULE_MAX} signes.",
            "B3 : un caractère invisible qui n'est pas du texte.",
        ),
    )


def test_deux_feuilles_visibles_sont_refusees():
    livre = Workbook()
    livre.active.append(["Nom"])
    livre.create_sheet("Autre")
    sortie = io.BytesIO()
    livre.save(sortie)
    assert refuse(sortie.getvalue())[0] == "fichier_illisible"


PIEGES = ["=1+1", "+33 (0)1", "-x", "@somme", "\t=1", " =1", "\r=1"]


def test_ce_qu_on_ecrit_ne_s_execute_jamais():
    entetes, lignes = ["Nom", "Valeur"], [[piege, date(2026, 3, 1)] for piege in PIEGES] + [["-12,5", None]]
    relu = tableur.ecrire_csv(entetes, lignes).decode("utf-8-sig")
    assert [ligne.split(";")[0].strip('"') for ligne in relu.split("\r\n") if ligne][-1] == "-12,5"
    feuille = load_workbook(io.BytesIO(tableur.ecrire_xlsx("Essai/1", entetes, lignes))).active
    ecrites = [feuille.cell(rang + 2, 1) for rang in range(len(PIEGES))]
    assert [(cellule.data_type, cellule.value.startswith("'")) for cellule in ecrites] == [("s", True)] * len(PIEGES)
    assert (feuille.title, feuille["B2"].value, feuille["A9"].value, feuille["B9"].value) == (
        "Essai 1", "01/03/2026", "-12,5", None,
    )  # fmt: skip


def test_ce_qu_on_ecrit_se_relit():
    lignes = [["Caisse; de l'Été", "001"], ['Une "autre"', ""]]
    for octets in (tableur.ecrire_csv(["Nom", "SIRET"], lignes), tableur.ecrire_xlsx("x", ["Nom", "SIRET"], lignes)):
        assert lu(octets) == [{"nom": nom, "siret": siret} for nom, siret in lignes]


@pytest.mark.parametrize("case", ["=1+1", "+A1", "-A1", "@SUM", "\tx", " =1", "\rx", "\nx", "＝1"])
def test_une_case_dangereuse_s_ecrit_derriere_une_apostrophe(case):
    (ligne,) = list(csv.reader(io.StringIO("".join(tableur.lignes_csv(["x"], [[case]])), newline=""), delimiter=";"))[
        1:
    ]
    assert ligne == [f"'{case}"]


@pytest.mark.parametrize("case", ["", "Nour", "1-2", "a=b", "2026-11-24T10:00", "-2", "+33"])
def test_une_case_ordinaire_s_ecrit_telle(case):
    assert "".join(tableur.lignes_csv(["x"], [[case]])).splitlines()[1:] == ([case] if case else ['""'])
