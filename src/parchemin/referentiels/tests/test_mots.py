"""Les mots du référentiel livré sont ceux du document, chacun sous son code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from moteur.empreinte import empreinte
from parchemin.referentiels.fichier import charger, charger_norme

PARTAGE = Path(__file__).resolve().parents[5] / "shared"
DOCUMENT = PARTAGE / "seed" / "000_575abc0c128604b1.txt"
RECONSTRUCTION = PARTAGE / "referentiel" / "reconstruction.md"

sans_document = pytest.mark.skipif(not DOCUMENT.exists(), reason="le document d'origine n'est pas à côté du dépôt")
sans_reconstruction = pytest.mark.skipif(
    not RECONSTRUCTION.exists(), reason="la reconstruction du document n'est pas à côté du dépôt"
)

NORME = charger("cqp-cos@2021").norme

REPARTITION = {
    "B1": {"C1.1": 5, "C1.2": 6, "C1.3": 6, "C1.4": 4, "C1.5": 4, "C1.6": 5},
    "B2": {"C2.1": 6, "C2.2": 3, "C2.3": 4, "C2.4": 4, "C2.5": 3},
    "B3": {"C3.1": 4, "C3.2": 3, "C3.3": 3},
    "B4": {"C4.1": 4, "C4.2": 3, "C4.3": 3, "C4.4": 3},
}


def phrases() -> Iterator[tuple[str, str]]:
    """Chaque phrase de la norme qui vient du document, avec son code (ou le nom de sa place)."""
    yield "titre", NORME["titre"]
    yield from ((f"regle {nom}", texte) for nom, texte in NORME["regles"].items())
    for nom, colonne in NORME["definitions"].items():
        yield from ((f"definition {nom} {cle}", texte) for cle, texte in colonne.items())
    for bloc in NORME["blocs"]:
        yield bloc["code"], bloc["titre"]
        yield bloc["carnet"]["code"], bloc["carnet"]["texte"]
        yield from ((p["code"], p["texte"]) for p in (*bloc["epreuve"]["textes"], *bloc["epreuve"]["evaluateurs"]))
        for activite in bloc["activites"]:
            yield activite["code"], activite["intitule"]
            for competence in activite["competences"]:
                yield competence["code"], competence["intitule"]
                yield from ((critere["code"], critere["intitule"]) for critere in competence["criteres"])


def document() -> str:
    """Le document, balises et dièses de titre ôtés, blancs réduits."""
    texte = re.sub(r"<[^>]*>|^#+ |\*\*", " ", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return " ".join(mot for mot in texte.split() if mot.strip("-"))


def test_4_blocs_4_activites_18_competences_73_criteres():
    arbre = charger_norme("cqp-cos@2021")
    activites = [activite.code for bloc in arbre.blocs for activite in bloc.activites]
    assert activites == ["A1", "A2", "A3", "A4"]
    assert len(list(arbre.competences())) == 18
    assert len(list(arbre.criteres())) == 73
    assert {
        bloc.code: {competence.code: len(competence.criteres) for competence in bloc.competences()}
        for bloc in arbre.blocs
    } == REPARTITION


def test_chaque_critere_porte_le_code_de_sa_competence():
    arbre = charger_norme("cqp-cos@2021")
    for bloc in arbre.blocs:
        for competence in bloc.competences():
            numero = competence.code.removeprefix("C")
            assert numero.startswith(f"{bloc.code.removeprefix('B')}.")
            attendus = [f"K{numero}.{rang}" for rang in range(1, len(competence.criteres) + 1)]
            assert [critere.code for critere in competence.criteres] == attendus


def test_les_seuils_sont_quatre_cinquiemes():
    arbre = charger_norme("cqp-cos@2021")
    assert [str(seuil) for seuil in (arbre.seuil_competence, arbre.seuil_bloc)] == ["4/5", "4/5"]
    assert [arbre.seuil_bloc.requis(len(bloc.competences())) for bloc in arbre.blocs] == [5, 4, 3, 4]


def test_la_norme_livree_n_a_pas_bouge():
    """Changer un seul signe de la norme fait une autre norme : les grilles déjà scellées ne la reconnaîtraient plus."""
    assert empreinte(NORME) == "44b4b78818e08a5d08ac020728dd23cbf54d60e91e08f23ce7f83d8480b39d5f"


def test_un_code_ne_sert_qu_une_fois():
    codes = [code for code, _ in phrases()]
    assert [code for code, fois in Counter(codes).items() if fois > 1] == []


@sans_document
def test_les_mots_sont_ceux_du_document_a_un_pres():
    du_document, de_la_norme = Counter(document().split()), Counter(" ".join(t for _, t in phrases()).split())
    assert du_document - de_la_norme == Counter({"Orienté": 1})
    assert de_la_norme - du_document == Counter({"Oriente": 1})


ECARTEES = {"M2.2", "K2.1.5", "K2.3.3", "K3.2.2", "K4.1.2"}
"""Les phrases que les colonnes voisines coupent en deux dans le document (R07, R12, R16, R19, R21)."""


@sans_document
def test_chaque_phrase_se_lit_d_un_tenant_dans_le_document_hors_celles_que_ses_colonnes_coupent():
    lu = document().replace("Orienté à bon escient", "Oriente à bon escient")
    assert {code for code, texte in phrases() if texte not in lu} == ECARTEES


@sans_reconstruction
def test_chaque_phrase_est_celle_de_la_reconstruction_sous_le_meme_code():
    source = RECONSTRUCTION.read_text(encoding="utf-8").split("## 3. Le référentiel")[1].split("## 4. Registre")[0]
    repare = re.compile(r"\s*`R\d\d(?:, R\d\d)*`\s*$", re.MULTILINE)
    lignes = repare.sub("", source)
    attendus = dict(re.findall(r"^- \*\*(K[\d.]+)\*\* (.*)$", lignes, re.MULTILINE))
    attendus |= dict(re.findall(r"^#### (C[\d.]+) — (.*)$", lignes, re.MULTILINE))
    attendus |= dict(re.findall(r"^### (B\d) — (.*)$", lignes, re.MULTILINE))
    attendus |= dict(re.findall(r"^\*\*Activité \((A\d)\)\*\* : (.*)$", lignes, re.MULTILINE))
    assert len(attendus) == 73 + 18 + 4 + 4
    assert {code: texte for code, texte in phrases() if code in attendus} == attendus
