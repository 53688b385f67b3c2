"""La grille papier d'une épreuve, pour l'un de ses évaluateurs : la grille vierge du référentiel, à son nom, un code par page."""

from __future__ import annotations

from typing import Any

import qrcode
from qrcode.image.svg import SvgPathImage

from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.documents.codes import PAGES_MAXIMUM, code_court, code_long
from parchemin.evaluation.selectors import durees_amenagees
from parchemin.referentiels.documents import GABARIT, donnees_grille
from parchemin.referentiels.selectors import contenu_norme, norme, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.documents import composer, compter_pages
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import date_en_clair


def grille_papier(lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite) -> bytes:
    """Le PDF accessible, daté de l'épreuve : mêmes données, mêmes octets. Lève `Introuvable` sans évaluateur en cette qualité.

    Composé deux fois : la première compte les pages, que chaque code QR doit dire.
    """
    donnees = _donnees(lecteur, epreuve, qualite)
    pages = compter_pages(GABARIT, donnees, instant=epreuve.prevue_le)
    donnees["epreuve"]["codes"] = _codes(epreuve, qualite, pages, pages)
    return composer(GABARIT, donnees, instant=epreuve.prevue_le)


def codes_de_la_grille(lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite) -> tuple[str, ...]:
    """La forme courte du code de chacune de ses pages. Mêmes erreurs."""
    pages = compter_pages(GABARIT, _donnees(lecteur, epreuve, qualite), instant=epreuve.prevue_le)
    return tuple(code_court(epreuve.id, qualite, page, pages, epreuve.norme) for page in range(1, pages + 1))


def _donnees(lecteur: Acteur, epreuve: VueEpreuve, qualite: Qualite) -> dict[str, Any]:
    evaluateur = epreuve.evaluateur(qualite)
    if evaluateur is None:
        raise Introuvable("Aucun évaluateur n'est affecté en cette qualité : sa grille ne s'imprime pas encore.")
    version = version_d_empreinte(lecteur, epreuve.norme)
    donnees = donnees_grille(
        version,
        norme(lecteur, epreuve.norme),
        contenu_norme(lecteur, epreuve.norme),
        epreuve.bloc,
        durees_amenagees(lecteur, epreuve),
    )
    rang = list(Qualite).index(qualite)
    donnees["evaluateurs"] = [{**donnees["evaluateurs"][rang], "nom": evaluateur.nom}]
    donnees["epreuve"] = {
        "candidat": epreuve.dossier.candidat_nom,
        "organisme": epreuve.dossier.organisme_nom,
        "date": f"{date_en_clair(epreuve.jour)}, {epreuve.heure}",
        "lieu": epreuve.lieu,
        "codes": _codes(epreuve, qualite, 1, PAGES_MAXIMUM),
    }
    return donnees


def _codes(epreuve: VueEpreuve, qualite: Qualite, dessinees: int, pages: int) -> list[dict[str, Any]]:
    """Le code de chaque page ; seules les `dessinees` premières ont leur dessin, les autres ne servent qu'à compter."""
    lignes = []
    for page in range(1, pages + 1):
        quoi = (epreuve.id, qualite, page, pages, epreuve.norme)
        lignes.append({"court": code_court(*quoi), "svg": _svg(code_long(*quoi)) if page <= dessinees else ""})
    return lignes


def _svg(texte: str) -> str:
    image = qrcode.make(texte, image_factory=SvgPathImage, error_correction=qrcode.constants.ERROR_CORRECT_M, border=2)
    dessin: bytes = image.to_string()
    return dessin.decode("utf-8")
