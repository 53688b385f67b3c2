"""Composer un document : archivable, accessible, rejouable, et sourd à ce que ses données contiennent."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from parchemin.socle import documents
from parchemin.socle.documents import PieceJointe, composer

INSTANT = datetime(2026, 11, 24, 9, 30, 12, tzinfo=UTC)
GABARIT = """
#import "/socle/gabarits/commun.typ": *
#show: document.with(titre: donnees.titre, organisme: "Essai", pied: [pied], sujet: [sujet])
= #donnees.titre
#sceau() #rangee(valides: 2, non-valides: 1, ouverts: 1, requis: 3) #rangee(valides: 4, requis: 4) #case()
#a-remplir[Nom]
#avis[Un avis.]
#verbatim("Situation observée : vingt minutes") #filet-horizontal()
#donnees.texte
#pagebreak()
Seconde page.
"""
DONNEES = {"titre": "Un essai", "texte": "#panic() *gras* $x$ <balise> « œuvre »"}


@pytest.fixture
def gabarit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Un gabarit dans un dossier qui tient lieu d'application, avec les gabarits communs."""
    commun = tmp_path / "socle" / "gabarits"
    commun.mkdir(parents=True)
    source = Path(documents.__file__).parent / "gabarits" / "commun.typ"
    (commun / "commun.typ").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    chemin = tmp_path / "essai.typ"
    chemin.write_text(GABARIT, encoding="utf-8")
    monkeypatch.setattr(documents, "RACINE", tmp_path)
    return chemin


def lire(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


def test_le_document_se_dit_pdf_a_3a_et_pdf_ua_1(gabarit):
    racine: Any = lire(composer(gabarit, DONNEES, instant=INSTANT)).trailer["/Root"]
    marques = racine["/Metadata"].get_data().decode()
    assert re.findall(r"<pdfaid:(?:part|conformance)>(\w)<", marques) == ["3", "A"]
    assert re.findall(r"<pdfuaid:part>(\d)<", marques) == ["1"]


def test_les_donnees_restent_du_texte(gabarit):
    pages = lire(composer(gabarit, DONNEES, instant=INSTANT)).pages
    assert "#panic() *gras* $x$ <balise> « œuvre »" in pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " ")
    assert [("page 1 sur 2" in page.extract_text(), "page 2 sur 2" in page.extract_text()) for page in pages] == [
        (True, False), (False, True),
    ]  # fmt: skip


def test_memes_donnees_meme_instant_memes_octets(gabarit):
    premier = composer(gabarit, DONNEES, instant=INSTANT)
    assert composer(gabarit, DONNEES, instant=INSTANT) == premier
    assert composer(gabarit, DONNEES, instant=INSTANT.replace(second=13)) != premier
    assert composer(gabarit, DONNEES | {"texte": "x"}, instant=INSTANT) != premier


def test_la_date_est_celle_de_l_instant_a_paris(gabarit):
    fait = lire(composer(gabarit, DONNEES, instant=INSTANT)).metadata
    assert fait is not None
    assert fait.creation_date is not None
    assert (fait.title, fait.author) == ("Un essai", "Essai")
    assert fait.creation_date.strftime("%d/%m/%Y %H:%M:%S") == "24/11/2026 10:30:12"


def test_une_piece_jointe_revient_octet_pour_octet(gabarit):
    contenu = '{"id": "a1", "mot": "œuvre « é » \\u00e9"}\n'
    piece = PieceJointe("verdict.json", contenu, "application/json", "L'entrée de « parchemin verdict »")
    autre = PieceJointe("note.txt", "note", "text/plain", "Une note", relation="supplement")
    lu = lire(composer(gabarit, DONNEES, instant=INSTANT, pieces=[piece, autre]))
    assert {nom: corps for nom, (corps,) in lu.attachments.items()} == {
        "verdict.json": contenu.encode(),
        "note.txt": b"note",
    }


def test_un_gabarit_hors_de_l_application_est_refuse(tmp_path):
    chemin = tmp_path / "ailleurs.typ"
    chemin.write_text("= Ailleurs", encoding="utf-8")
    with pytest.raises(ValueError, match="gabarit hors de l'application"):
        composer(chemin, {}, instant=INSTANT)


def test_un_instant_sans_fuseau_est_refuse(gabarit):
    with pytest.raises(ValueError, match="fuseau"):
        composer(gabarit, DONNEES, instant=INSTANT.replace(tzinfo=None))
