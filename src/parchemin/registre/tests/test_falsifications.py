"""Tout ce qu'un superutilisateur peut faire à la base, et ce que la vérification en dit.

Chaque falsification est faite pour de bon, déclencheurs coupés ; la liste des anomalies est exacte.
"""

from __future__ import annotations

import json
import shutil

import pytest
from django.db import connection

from parchemin.registre import cles, lignes, sceaux
from parchemin.registre.services import effacer_valeurs, relever_tetes
from parchemin.registre.tests.factories import ALICE, MIDI, agir
from parchemin.registre.tests.faussaire import empreinte_de, refaire_la_chaine, sceller, superutilisateur
from parchemin.registre.verification import verifier

pytestmark = pytest.mark.django_db(
    transaction=True
)  # la base finit chaque test dans un état qu'aucune contrainte n'admet


@pytest.fixture
def table_scellee(db):
    """Une table scellée d'essai, déclarée au registre."""
    with connection.cursor() as curseur:
        curseur.execute("CREATE TABLE essai_scelle (cle text PRIMARY KEY, texte text)")

    def lire(sql, *parametres):
        with connection.cursor() as curseur:
            curseur.execute(sql, parametres)
            return [valeur for (valeur,) in curseur.fetchall()]

    def relire(cle):
        textes = lire("SELECT texte FROM essai_scelle WHERE cle = %s", cle)
        return empreinte_de(textes[0]) if textes else None

    sceaux.declarer("essai.scelle", relire, lambda: lire('SELECT cle FROM essai_scelle ORDER BY cle COLLATE "C"'))
    yield
    del sceaux._TABLES["essai.scelle"]
    with connection.cursor() as curseur:
        curseur.execute("DROP TABLE essai_scelle")


@pytest.fixture
def journal(table_scellee, tmp_path):
    """Deux jours : « a » a six entrées à la première ligne signée, sept à la seconde, et une que rien ne signe encore."""
    agir("a", objet="0", personnel={"nom": "Zoé", "courriel": "zoe@exemple.test"})
    sceller("01")
    agir("a", objet="x", donnees={"n": 3})
    agir("b", objet="y", personnel={"nom": "Élan"})
    agir("a", objet="x", donnees={"n": 4}, personnel={"nom": "Œuvrard"})
    sceller("02")
    effacer_valeurs(auteur=ALICE, maintenant=MIDI, objets=[("essai.chose", "0")], motif="essai", noms={"courriel"})
    relever_tetes(maintenant=MIDI, dossier=tmp_path)
    agir("a", objet="x", donnees={"n": 7})
    relever_tetes(maintenant=MIDI, dossier=tmp_path)
    agir("a", objet="x", donnees={"n": 8})
    assert verifier(tmp_path, cles.cles_publiques(tmp_path / cles.PUBLIQUE)) == ()
    return tmp_path


def e(rang, chaine="a"):
    return f"chaîne « {chaine} », entrée n° {rang}"


A, B = "chaîne « a »", "chaîne « b »"
VIDER_B = (
    "DELETE FROM registre_valeurpersonnelle v USING registre_entree e WHERE e.id = v.entree_id AND e.chaine_id = 'b';"
    " DELETE FROM registre_entree WHERE chaine_id = 'b'"
)
DE = "FROM registre_entree WHERE chaine_id = 'a'"
EN = "WHERE chaine_id = 'a' AND rang ="
ECHANGER_3_ET_7 = (
    f"UPDATE registre_entree SET rang = 100 {EN} 3; UPDATE registre_entree SET rang = 3 {EN} 7;"
    f" UPDATE registre_entree SET rang = 7 {EN} 100"
)
ID3 = f"(SELECT id {DE} AND rang = 3)"

FALSIFICATIONS = {
    # --- une entrée changée, chaque colonne
    "donnees": (f"UPDATE registre_entree SET donnees = '{{\"n\": 99}}' {EN} 3", [(e(3), "entree_alteree")]),
    "un nombre à virgule": (f"UPDATE registre_entree SET donnees = '{{\"n\": 3.0}}' {EN} 3", [(e(3), "entree_alteree")]),
    "donnees sans forme": (f"UPDATE registre_entree SET donnees = '[]' {EN} 3", [(e(3), "entree_alteree")]),
    "instant": (f"UPDATE registre_entree SET instant = instant + interval '1 microsecond' {EN} 3", [(e(3), "entree_alteree")]),
    "instant infini": (f"UPDATE registre_entree SET instant = 'infinity' {EN} 3", [(e(3), "entree_alteree")]),
    "auteur": (
        f"UPDATE registre_entree SET auteur_id = '00000000-0000-4000-8000-000000000001' {EN} 3", [(e(3), "entree_alteree")]
    ),
    "auteur inconnu": (f"UPDATE registre_entree SET auteur_id = gen_random_uuid() {EN} 3", [(e(3), "entree_alteree")]),
    "nature de l'auteur": (
        "UPDATE registre_acteuropaque SET nature = 'personne'",
        [(e(rang, "registre"), "entree_alteree") for rang in (1, 2)],
    ),
    "action": (f"UPDATE registre_entree SET action = 'essai.defaite' {EN} 3", [(e(3), "entree_alteree")]),
    "objet": (f"UPDATE registre_entree SET objet_id = 'z' {EN} 3", [(e(3), "entree_alteree")]),
    "type d'objet": (f"UPDATE registre_entree SET objet_type = 'z' {EN} 3", [(e(3), "entree_alteree")]),
    "scellés vidés": (
        f"UPDATE registre_entree SET scelles = '[]' {EN} 2",
        [(e(2), "entree_alteree"), ("ligne scellée essai.scelle 01", "scelle_sans_entree")],
    ),
    "scellés sans forme": (
        f"UPDATE registre_entree SET scelles = '7' {EN} 2",
        [(e(2), "entree_alteree"), ("ligne scellée essai.scelle 01", "scelle_sans_entree")],
    ),
    "engagement": (
        f"UPDATE registre_entree SET engagements = jsonb_set(engagements, '{{nom}}', '\"{'0' * 64}\"') {EN} 1",
        [(e(1), "entree_alteree"), (e(1), "valeur_alteree")],
    ),
    "engagements sans forme": (
        f"UPDATE registre_entree SET engagements = '7' {EN} 1",
        [(e(1), "entree_alteree"), (e(1), "valeur_ajoutee"), (e(1), "valeur_ajoutee")],
    ),
    "precedent": (
        f"UPDATE registre_entree SET precedent = repeat('0', 64) {EN} 3",
        [(e(3), "suite_rompue"), (e(3), "entree_alteree")],
    ),
    "empreinte": (
        f"UPDATE registre_entree SET empreinte = repeat('0', 64) {EN} 3",
        [(e(3), "entree_alteree"), (e(4), "suite_rompue")],
    ),
    # --- une entrée ôtée, déplacée, ajoutée, copiée
    "ôtée au milieu": (f"DELETE {DE} AND rang = 3", [(e(3), "entree_disparue")]),
    "deux ôtées": (f"DELETE {DE} AND rang IN (3, 5)", [
        (e(3), "entree_disparue"),
        (e(5), "entree_disparue"),
        ("ligne scellée essai.scelle 02", "scelle_sans_entree"),
    ]),
    "la première ôtée": (f"DELETE {DE} AND rang = 1", [
        (e(1), "entree_disparue"),
        *[(f"valeur personnelle {n}", "valeur_sans_entree") for n in ("?", "?")],
    ]),
    "rangs échangés": (
        (f"UPDATE registre_entree SET rang = 100 {EN} 3; UPDATE registre_entree SET rang = 3 {EN} 7;"
        f" UPDATE registre_entree SET rang = 7 {EN} 100"),
        [
            (e(3), "suite_rompue"), (e(3), "entree_alteree"), (e(4), "suite_rompue"),
            (e(7), "suite_rompue"), (e(7), "entree_alteree"), (e(8), "suite_rompue"),
            (e(7), "chaine_refaite"),
        ],
    ),
    "passée dans une autre chaîne": (
        f"UPDATE registre_entree SET chaine_id = 'b', rang = 2 {EN} 3",
        [(e(3), "entree_disparue"), (e(2, "b"), "suite_rompue"), (e(2, "b"), "entree_alteree"), (B, "tete_alteree")],
    ),
    "chaîne renommée": (
        "UPDATE registre_chaine SET nom = 'c' WHERE nom = 'b'; UPDATE registre_entree SET chaine_id = 'c' WHERE chaine_id = 'b'",
        [(e(1, "c"), "entree_alteree"), (B, "queue_coupee")],
    ),
    # --- la queue et la tête
    "queue coupée": (f"DELETE {DE} AND rang > 6", [(f"{A}, entrées n° 7 à 8", "entree_disparue"), (A, "queue_coupee")]),
    "tête: longueur": ("UPDATE registre_chaine SET longueur = 7 WHERE nom = 'a'", [(A, "tete_alteree")]),
    "tête: empreinte": ("UPDATE registre_chaine SET tete = repeat('0', 64) WHERE nom = 'a'", [(A, "tete_alteree")]),
    "tête ôtée": ("DELETE FROM registre_chaine WHERE nom = 'a'", [(A, "tete_disparue")]),
    "chaîne vidée": (
        ("DELETE FROM registre_valeurpersonnelle v USING registre_entree e WHERE e.id = v.entree_id AND e.chaine_id = 'b';"
        " DELETE FROM registre_entree WHERE chaine_id = 'b'"),
        [(B, "entrees_disparues"), (B, "queue_coupee")],
    ),
    "chaîne ôtée en entier": (
        ("DELETE FROM registre_valeurpersonnelle v USING registre_entree e WHERE e.id = v.entree_id AND e.chaine_id = 'b';"
        " DELETE FROM registre_entree WHERE chaine_id = 'b'; DELETE FROM registre_chaine WHERE nom = 'b'"),
        [(B, "queue_coupee")],
    ),
    # --- les lignes scellées
    "scellé altéré": ("UPDATE essai_scelle SET texte = 'avis défavorable' WHERE cle = '01'", [(e(2), "scelle_altere")]),
    "scellé ôté": ("DELETE FROM essai_scelle WHERE cle = '02'", [(e(5), "scelle_disparu")]),
    "scellé ajouté": (
        "INSERT INTO essai_scelle VALUES ('00', 'x'), ('015', 'y'), ('09', 'z')",
        [(f"ligne scellée essai.scelle {cle}", "scelle_sans_entree") for cle in ("00", "015", "09")],
    ),
    # --- les valeurs personnelles
    "valeur changée": (
        f"UPDATE registre_valeurpersonnelle SET valeur = 'Zoe' WHERE nom = 'nom' AND entree_id = (SELECT id {DE} AND rang = 1)",
        [(e(1), "valeur_alteree")],
    ),
    "sel changé": (
        f"UPDATE registre_valeurpersonnelle SET sel = '\\x00' WHERE nom = 'nom' AND entree_id = (SELECT id {DE} AND rang = 4)",
        [(e(4), "valeur_alteree")],
    ),
    "valeur renommée": (
        f"UPDATE registre_valeurpersonnelle SET nom = 'prenom' WHERE entree_id = (SELECT id {DE} AND rang = 4)",
        [(e(4), "valeur_ajoutee"), (e(4), "valeur_disparue")],
    ),
    "valeur vidée sans entrée": (
        f"UPDATE registre_valeurpersonnelle SET sel = NULL, valeur = NULL WHERE entree_id = (SELECT id {DE} AND rang = 4)",
        [(e(4), "valeur_videe")],
    ),
    "valeur ôtée": (
        f"DELETE FROM registre_valeurpersonnelle WHERE entree_id = (SELECT id {DE} AND rang = 4)",
        [(e(4), "valeur_disparue")],
    ),
    "valeur effacée puis remise": (
        "UPDATE registre_valeurpersonnelle SET sel = '\\x00', valeur = 'zoe@exemple.test' WHERE nom = 'courriel'",
        [(e(1), "valeur_revenue")],
    ),
    "valeur ajoutée": (
        f"INSERT INTO registre_valeurpersonnelle (entree_id, nom, sel, valeur) VALUES ({ID3}, 'nom', '\\x00', 'X')",
        [(e(3), "valeur_ajoutee")],
    ),
    "valeur orpheline": (
        "UPDATE registre_valeurpersonnelle SET entree_id = -1 WHERE nom = 'nom' AND valeur = 'Élan'",
        [("valeur personnelle ?", "valeur_sans_entree"), (e(1, "b"), "valeur_disparue")],
    ),
}  # fmt: skip


def trouver(dossier):
    anomalies = verifier(dossier, cles.cles_publiques(dossier / cles.PUBLIQUE))
    assert all("\n" not in str(anomalie) for anomalie in anomalies)
    return [
        (a.lieu.rstrip("0123456789") + "?" if a.code == "valeur_sans_entree" else a.lieu, a.code) for a in anomalies
    ]


@pytest.mark.parametrize("nom", FALSIFICATIONS)
def test_une_falsification_est_trouvee_a_sa_place(journal, nom):
    sql, attendues = FALSIFICATIONS[nom]
    with superutilisateur() as curseur:
        curseur.execute(sql)
    assert trouver(journal) == attendues


def test_deux_entrees_au_meme_rang(journal):
    contrainte = "entree_un_rang_par_chaine"
    with superutilisateur() as curseur:
        curseur.execute(f"ALTER TABLE registre_entree DROP CONSTRAINT {contrainte}")
        curseur.execute(f"UPDATE registre_entree SET rang = 2 {EN} 3")
    try:
        assert sorted(trouver(journal)) == sorted([
            (e(2), "rang_en_double"), (e(2), "entree_alteree"), (e(3), "entree_disparue"),
        ])  # fmt: skip
    finally:
        with superutilisateur() as curseur:
            curseur.execute("DELETE FROM registre_entree")
            curseur.execute(f"ALTER TABLE registre_entree ADD CONSTRAINT {contrainte} UNIQUE (chaine_id, rang)")


REFAITES = {
    "donnees": f"UPDATE registre_entree SET donnees = '{{\"n\": 99}}' {EN} 3",
    "ôtée": f"DELETE {DE} AND rang = 3",
    "échangées": ECHANGER_3_ET_7,
    "insérée": "INSERT INTO registre_entree (chaine_id, rang, instant, auteur_id, action, objet_type, objet_id, donnees,"
    " engagements, scelles, precedent, empreinte) SELECT chaine_id, 0, instant, auteur_id, action, objet_type, objet_id,"
    f" donnees, '{{}}', '[]', '', '' {DE} AND rang = 3",
    "scellé et son entrée": "UPDATE essai_scelle SET texte = 'z' WHERE cle = '01'; UPDATE registre_entree SET scelles ="
    f" jsonb_set(scelles, '{{0,empreinte}}', '\"594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06\"') {EN} 2",
}


@pytest.mark.parametrize("nom", REFAITES)
def test_une_chaine_refaite_en_entier_contredit_la_ligne_signee(journal, nom):
    """Tout se tient de nouveau dans la base ; seule la ligne écrite dehors le dément."""
    with superutilisateur() as curseur:
        curseur.execute(REFAITES[nom])
        refaire_la_chaine(curseur, "a")
    # Une entrée glissée avant la première décale aussi le rang dont parle l'effacement.
    assert trouver(journal) == [(e(6), "chaine_refaite")] + [(e(2), "valeur_videe")] * (nom == "insérée")
    sans_les_lignes = verifier(journal / "ailleurs", ())
    assert {a.code for a in sans_les_lignes} - {"valeur_videe"} == {"ligne_disparue"}, (
        "sans elles, les chaînes paraissent saines"
    )


def test_signer_apres_coup_ne_blanchit_pas(journal):
    """La ligne de la nuit suivante signe la chaîne falsifiée ; celle de la veille la dément toujours."""
    with superutilisateur() as curseur:
        curseur.execute(REFAITES["donnees"])
        refaire_la_chaine(curseur, "a")
    relever_tetes(maintenant=MIDI, dossier=journal)
    assert trouver(journal) == [(e(6), "chaine_refaite")]


def test_une_queue_coupee_et_refaite_est_trouvee(journal):
    with superutilisateur() as curseur:
        curseur.execute(f"DELETE {DE} AND rang > 5")
        refaire_la_chaine(curseur, "a")
    assert trouver(journal) == [(A, "queue_coupee"), (e(1), "valeur_videe")]


def test_couper_puis_laisser_repousser_est_trouve(journal):
    with superutilisateur() as curseur:
        curseur.execute(f"DELETE {DE} AND rang > 5")
        refaire_la_chaine(curseur, "a")
    for _ in range(4):
        agir("a", objet="repousse")
    relever_tetes(maintenant=MIDI, dossier=journal)
    assert trouver(journal) == [(e(6), "chaine_refaite"), (e(1), "valeur_videe")]


def test_apres_la_derniere_ligne_une_chaine_refaite_ne_se_voit_pas(journal):
    """La limite, dite dans docs/securite.md : ce qui est écrit après la dernière ligne signée attend la prochaine."""
    with superutilisateur() as curseur:
        curseur.execute(f"UPDATE registre_entree SET donnees = '{{\"n\": 99}}' {EN} 8")
        refaire_la_chaine(curseur, "a")
    assert trouver(journal) == []


# --- le fichier des lignes signées -----------------------------------------------------------------------------------


def reecrire(journal, changer):
    fichier = journal / lignes.FICHIER
    fichier.write_bytes(b"".join(ligne + b"\n" for ligne in changer(fichier.read_bytes().splitlines())))


def _autre_longueur(brute):
    contenu = json.loads(brute)
    contenu["tetes"]["a"][0] = 5
    return json.dumps(contenu).encode()


L1, L2 = "ligne signée n° 1", "ligne signée n° 2"
FICHIERS = {
    "dernière ôtée": (lambda ls: ls[:1], [(L2, "ligne_disparue")]),
    "première ôtée": (lambda ls: ls[1:], [(L2, "ligne_deplacee"), (L1, "ligne_disparue")]),
    "vidé": (lambda ls: [], [(L1, "ligne_disparue"), (L2, "ligne_disparue")]),
    "échangées": (lambda ls: ls[::-1], [
        (L2, "ligne_deplacee"), (L1, "ligne_deplacee"), (L1, "ligne_recule"), (L1, "ligne_recule"),
    ]),
    "contenu changé": (lambda ls: [ls[0], _autre_longueur(ls[1])], [(L2, "signature_fausse"), (L2, "ligne_disparue")]),
    "illisible": (lambda ls: [b"{", ls[1]], [(L1, "ligne_illisible"), (L1, "ligne_disparue")]),
    "pas un objet": (lambda ls: [ls[0], b"[1]"], [(L2, "ligne_illisible"), (L2, "ligne_disparue")]),
    "types faux": (lambda ls: [ls[0], ls[1].replace(b'"numero":2', b'"numero":true')], [
        (L2, "ligne_illisible"), (L2, "ligne_disparue"),
    ]),
    "doublée": (lambda ls: [*ls, ls[1]], [(L2, "ligne_deplacee")]),
}  # fmt: skip


@pytest.mark.parametrize("nom", FICHIERS)
def test_le_fichier_des_lignes_falsifie(journal, nom):
    changer, attendues = FICHIERS[nom]
    reecrire(journal, changer)
    assert trouver(journal) == attendues


def test_le_fichier_absent(journal):
    (journal / lignes.FICHIER).unlink()
    assert trouver(journal) == [(L1, "ligne_disparue"), (L2, "ligne_disparue")]


def test_un_fichier_refait_sous_une_autre_cle(journal, tmp_path):
    """Le faussaire n'a pas la clé : il en tire une autre et refait les lignes. La clé de confiance, gardée ailleurs, le dit."""
    confiance = tmp_path / "confiance.pem"
    shutil.copy(journal / cles.PUBLIQUE, confiance)
    with superutilisateur() as curseur:
        curseur.execute(REFAITES["donnees"])
        refaire_la_chaine(curseur, "a")
    for nom in (cles.PRIVEE, cles.PUBLIQUE, lignes.FICHIER):
        (journal / nom).unlink()
    relever_tetes(maintenant=MIDI, dossier=journal)
    attendues = [(L1, "signature_fausse"), (L1, "ligne_disparue"), (L2, "ligne_disparue")]
    assert [(a.lieu, a.code) for a in verifier(journal, cles.cles_publiques(confiance))] == attendues


def test_deux_lignes_qui_se_contredisent(journal):
    """La clé a signé deux têtes pour un même rang : l'une des deux bases était fausse."""
    with superutilisateur() as curseur:
        curseur.execute(f"UPDATE registre_entree SET donnees = '{{\"n\": 99}}' {EN} 7")
        curseur.execute(f"DELETE {DE} AND rang = 8")
        refaire_la_chaine(curseur, "a")
    relever_tetes(maintenant=MIDI, dossier=journal)
    assert trouver(journal) == [("ligne signée n° 3", "ligne_contredite"), (e(7), "chaine_refaite")]


def test_rien_de_falsifie_n_ecrit_une_seconde_ligne_dans_le_rapport(journal):
    with superutilisateur() as curseur:
        curseur.execute("UPDATE registre_valeurpersonnelle SET nom = E'x\\nchaîne « a » : rien' WHERE valeur = 'Élan'")
    assert trouver(journal) == [(e(1, "b"), "valeur_ajoutee"), (e(1, "b"), "valeur_disparue")]
