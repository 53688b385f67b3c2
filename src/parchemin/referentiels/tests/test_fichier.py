"""Lire et vérifier un fichier : ce qui passe, et chaque défaut, dit à sa ligne."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from parchemin.commandes.referentiel import executer
from parchemin.referentiels import fichier as lecture
from parchemin.referentiels.fichier import FichierInvalide, ReferentielInconnu, charger, charger_norme, problemes
from parchemin.referentiels.fichier.yaml_strict import lire

LIVRE = lecture.chemin_de("cqp-cos@2021")
SOURCE = LIVRE.read_text(encoding="utf-8")


@pytest.fixture
def ecrire(tmp_path: Path):
    """Écrit le fichier livré avec des remplacements, chacun d'un texte qui s'y trouve."""

    def faire(*remplacements: tuple[str, str]) -> Path:
        texte = SOURCE
        for avant, apres in remplacements:
            assert avant in texte, f"ce test remplace un texte absent : {avant}"
            texte = texte.replace(avant, apres, 1)
        chemin = tmp_path / "essai.yaml"
        chemin.write_text(texte, encoding="utf-8")
        return chemin

    return faire


def ligne_de(texte: str) -> int:
    return SOURCE[: SOURCE.index(texte)].count("\n") + 1


def test_le_fichier_livre_n_a_aucun_defaut():
    assert lecture.disponibles() == ("cqp-cos@2021",)
    assert lecture.PAR_DEFAUT == "cqp-cos@2021"
    assert problemes(LIVRE) == ()


def test_chaque_version_livree_porte_le_nom_de_son_fichier():
    for nom in lecture.disponibles():
        assert charger(nom).nom() == nom


def test_le_schema_est_un_schema_et_chaque_objet_y_est_ferme():
    from jsonschema import Draft202012Validator

    schema = json.loads((lecture.dossier() / "schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)

    def ouverts(noeud, place="#"):
        if isinstance(noeud, dict):
            if noeud.get("type") == "object" and "additionalProperties" not in noeud and "if" not in noeud:
                yield place
            for cle, enfant in noeud.items():
                yield from ouverts(enfant, f"{place}/{cle}")

    assert list(ouverts(schema)) == []


def test_un_nom_n_est_jamais_un_chemin():
    for nom in ("cqp-cos@2022", str(LIVRE), "../cqp-cos@2021", "cqp-cos", ""):
        with pytest.raises(ReferentielInconnu) as refus:
            charger_norme(nom)
        assert refus.value.nom == nom


def test_un_chemin_se_charge_aussi(ecrire):
    lu = charger(ecrire(('version: "2021"', 'version: "2022"')))
    assert lu.nom() == "cqp-cos@2022"
    assert lu.norme == charger("cqp-cos@2021").norme


def test_charger_un_fichier_illisible_dit_ses_defauts(ecrire, tmp_path):
    vide = tmp_path / "vide.yaml"
    vide.write_text("", encoding="utf-8")
    with pytest.raises(FichierInvalide) as refus:
        charger(vide)
    assert refus.value.problemes == ("ligne 1, fichier : il faut un objet (des clés et des valeurs), et non null.",)
    with pytest.raises(FichierInvalide) as refus:
        charger(ecrire(("\nfiche:", "\nfiches:")))
    assert "il manque « fiche »" in "".join(refus.value.problemes)


def test_la_norme_n_est_construite_qu_une_fois():
    assert charger_norme("cqp-cos@2021") is charger_norme("cqp-cos@2021")


def test_ni_django_ni_jsonschema_au_chargement():
    """`parchemin verdict` passe par ici à chaque démarrage."""
    programme = (
        "import sys; from parchemin.referentiels import fichier; fichier.charger_norme('cqp-cos@2021');"
        "print(sorted({m.partition('.')[0] for m in sys.modules} & {'django', 'jsonschema', 'psycopg', 'typst'}))"
    )
    environnement = {cle: valeur for cle, valeur in os.environ.items() if not cle.startswith("COVERAGE")}
    fait = subprocess.run(
        [sys.executable, "-c", programme], capture_output=True, text=True, check=True, env=environnement
    )  # fmt: skip
    assert fait.stdout.strip() == "[]"


# Le YAML strict


@pytest.mark.parametrize(
    ("texte", "objet"),
    [
        ("a: 2021-04-19", {"a": "2021-04-19"}),
        ("a: 1.5", {"a": "1.5"}),
        ("a: oui", {"a": "oui"}),
        ("a: yes", {"a": "yes"}),
        ("a: 010", {"a": "010"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: ~", {"a": "~"}),
        ("a: -3", {"a": -3}),
        ("a: true", {"a": True}),
        ("a: null", {"a": None}),
    ],
)
def test_ce_qui_n_est_ni_entier_ni_true_ni_null_est_un_texte(texte, objet):
    assert lire(texte) == objet


def test_une_etiquette_yaml_est_refusee(tmp_path):
    chemin = tmp_path / "x.yaml"
    chemin.write_text("a: !!python/object/apply:os.getcwd []\n", encoding="utf-8")
    assert problemes(chemin) == ("ligne 1, colonne 4 : à partir d'ici, le fichier n'est plus du YAML lisible.",)


# Les défauts


def dits(chemin: Path) -> list[str]:
    return list(problemes(chemin))


def test_une_cle_en_double(ecrire):
    attendue = ligne_de("    - code: B1") + 1
    assert dits(ecrire(("    - code: B1\n", "    - code: B1\n      code: B1\n"))) == [
        f"ligne {attendue}, colonne 7 : la clé « code » est écrite deux fois."
    ]


def test_un_trou_dans_les_criteres(ecrire):
    trou = SOURCE[SOURCE.index("                - code: K1.2.3") : SOURCE.index("                - code: K1.2.4")]
    assert dits(ecrire((trou, ""))) == [
        (
            f"ligne {ligne_de('                - code: K1.2.3')}, norme › blocs › B1 › activites › A1 › competences › C1.2 › "
            "criteres › K1.2.4 › code : « K1.2.4 » vient là où « K1.2.3 » est attendu."
        )
    ]


def test_un_critere_en_double(ecrire):
    trouves = dits(ecrire(("code: K1.1.2", "code: K1.1.1")))
    place = (
        f"ligne {ligne_de('                - code: K1.1.2')}, norme › blocs › B1 › activites › A1 › competences › C1.1"
    )
    assert f"{place} › criteres › K1.1.1 › code : l'entrée « K1.1.1 » est écrite deux fois." in trouves


def test_un_seuil_faux(ecrire):
    chemin = ecrire(("      numerateur: 4", "      numerateur: 5"), ("      denominateur: 5", "      denominateur: 4"))
    place = f"ligne {ligne_de('      numerateur: 4') - 1}, norme › seuils › competence"
    assert dits(chemin) == [f"{place} : un seuil de 5/4 dépasse 1 : nul ne pourrait l'atteindre."]


def test_un_seuil_a_virgule(ecrire):
    trouves = dits(ecrire(("      numerateur: 4", "      numerateur: 0.8")))
    place = f"ligne {ligne_de('      numerateur: 4')}, norme › seuils › competence › numerateur"
    assert f"{place} : il faut un nombre entier, et non « 0.8 »." in trouves


def test_tous_les_defauts_a_la_fois_et_dans_l_ordre_du_fichier(ecrire):
    chemin = ecrire(
        ("grain: competence", "grain: critere"),
        ("nature: observation", "nature: promenade"),
        ('valeur: "2026-04-19"', 'valeur: "2026-02-30"'),
        ('      C4.4: "Transmettre', '      C4.9: "Transmettre'),
        ("questions: []", 'questions:\n    - critere: K9.1.1\n      texte: "?"'),
    )
    trouves = dits(chemin)
    assert [defaut.split(" : ", 1)[0].split(", ", 1)[1] for defaut in trouves] == [
        "norme › blocs › B1 › carnet › grain",
        "norme › blocs › B1 › epreuve › nature",
        "norme › blocs › B1 › epreuve › nature",
        "fiche › date_fin › valeur",
        "annexes › libelles_courts › libelles › C4.9",
        "annexes › questions › n° 1",
    ]
    assert trouves[-1].endswith("le critère « K9.1.1 » n'existe pas dans la norme.")


@pytest.mark.parametrize(
    ("remplacements", "phrase"),
    [
        ([("code: cqp-cos", "code: CQP COS")], "ligne 15, code : « CQP COS » n'a pas la forme attendue."),
        ([("  titre: \"REFER", "  titres: \"REFER")], "norme : clé inconnue : « titres »."),
        ([("  titre: \"REFER", "  titres: \"REFER")], "norme : il manque « titre »."),
        ([('titre: "Bloc 1 : Gestion', 'titre: "Bloc 1 : La gestion')], "le titre ne finit pas par l'intitulé du bloc"),
        ([("code: M1.3", "code: M1.2")], "norme › blocs › B1 › epreuve › textes › M1.2 : la phrase « M1.2 » est écrite deux fois."),
        ([("alternatives: [double_ecoute, accueil_physique]", "alternatives: [double_ecoute, telephone]")], "n'existe pas dans cette épreuve"),
        ([("attestations: [tuteur, manager]", "attestations: [tuteur, tuteur]")], "un même élément y est écrit deux fois."),
        ([("minutes: 20", "minutes: 0")], "0 est trop petit : au moins 1."),
        ([("inconnu: true", "inconnu: false")], "il faut true, et non false."),
        ([('depuis: "2021-04-19"', 'depuis: "2021-13-19"')], "le 2021-13-19 n'existe pas dans le calendrier."),
        ([("blocs: [B1, B3]", "blocs: [B1, B7]")], "le bloc « B7 » n'existe pas dans la norme."),
        ([("          valeur: 2\n          marque: C", "          valeur: 0\n          marque: C")], "0 est trop petit"),
        ([("Proposer l'offre de service adaptée à", "Proposer l'offre de service adapte\u0301e à")], "accents décomposés"),
        ([("regle: tous_les_blocs", "regle: trois_blocs")], "n'est pas admis ; il faut l'un de : « tous_les_blocs »."),
    ],
)  # fmt: skip
def test_chaque_sorte_de_defaut_a_sa_phrase(ecrire, remplacements, phrase):
    trouves = dits(ecrire(*remplacements))
    assert [defaut for defaut in trouves if phrase in defaut] != [], trouves


def test_deux_editions_du_reglement_se_suivent(ecrire):
    edition = SOURCE[SOURCE.index('    - depuis: "2021-04-19"') : SOURCE.index("# ═", SOURCE.index("    - depuis:"))]
    assert dits(ecrire((edition, edition + edition)))[0].endswith("cette édition doit venir après celle du 2021-04-19.")
    assert dits(ecrire((edition, edition + edition.replace("2021-04-19", "2027-01-01", 1)))) == []


def test_la_fiche_ne_finit_pas_avant_d_avoir_ete_decidee(ecrire):
    inconnue = SOURCE[SOURCE.index('    libelle: "Date de la décision') : SOURCE.index("  date_fin:")]
    connue = '    libelle: "Date de la décision"\n    valeur: "2026-04-19"\n    source: "x"\n'
    assert [d.split(" : ", 1)[1] for d in dits(ecrire((inconnue, connue)))] == [
        "l'enregistrement finirait avant d'avoir été décidé."
    ]


def test_un_fichier_qui_n_est_pas_en_utf8(tmp_path):
    chemin = tmp_path / "x.yaml"
    chemin.write_bytes("é".encode("latin-1"))
    assert problemes(chemin) == ("octet 0 : le fichier n'est pas en UTF-8.",)


def test_un_caractere_interdit(tmp_path):
    chemin = tmp_path / "x.yaml"
    chemin.write_text("a: \x00\n", encoding="utf-8")
    assert problemes(chemin) == ("le fichier n'est pas du YAML lisible (un caractère y est interdit).",)


@pytest.mark.parametrize(
    "contenu", ["3", "[]", "a: b", "norme: 3", "norme: {blocs: [3, {code: B1}]}", "norme: {blocs: {}}"]
)
def test_aucune_forme_ne_fait_tomber_la_verification(tmp_path, contenu):
    chemin = tmp_path / "x.yaml"
    chemin.write_text(contenu, encoding="utf-8")
    assert problemes(chemin) != ()


# La commande


def lancer(*mots: str) -> tuple[int, str, str]:
    sortie, erreur = io.StringIO(), io.StringIO()
    return executer(mots, sortie, erreur), sortie.getvalue(), erreur.getvalue()


def test_la_commande_dit_que_tout_va_bien():
    assert lancer("verifier", str(LIVRE)) == (
        0, "cqp-cos@2021 : 4 blocs, 18 compétences, 73 critères. Rien à redire.\n", "",
    )  # fmt: skip


def test_la_commande_dit_un_defaut_par_ligne(ecrire):
    chemin = ecrire(("grain: competence", "grain: critere"), ("regle: tous_les_blocs", "regle: trois_blocs"))
    code, sortie, erreur = lancer("verifier", str(chemin))
    assert (code, erreur) == (1, "")
    assert sortie.splitlines() == list(problemes(chemin))
    assert len(sortie.splitlines()) == 3


@pytest.mark.parametrize("mots", [(), ("verifier",), ("publier", "x"), ("verifier", "a", "b")])
def test_des_mots_faux(mots):
    code, sortie, erreur = lancer(*mots)
    assert (code, sortie) == (2, "")
    assert erreur.startswith("usage : parchemin referentiel verifier FICHIER")


def test_un_fichier_absent(tmp_path):
    code, sortie, erreur = lancer("verifier", str(tmp_path / "absent.yaml"))
    assert (code, sortie) == (2, "")
    assert "le fichier ne s'ouvre pas" in erreur


def test_l_aide_est_en_francais():
    code, sortie, erreur = lancer("--help")
    assert (code, erreur) == (0, "")
    assert sortie.startswith("usage : parchemin referentiel verifier FICHIER")
