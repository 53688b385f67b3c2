"""Les cas d'exemple (`cas/*.yaml`) : écrits en français, pour être relus par un certificateur.

Chaque cas part d'une grille où tout est validé, dit ce qui change, et ce que l'on doit trouver.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml
from fabrique import codes, referentiel

from moteur.decision import decider
from moteur.vocabulaire import Etat

DOSSIER = Path(__file__).parent / "cas"
VERDICTS = {
    **dict.fromkeys(("validée", "validé", "obtenue"), True),
    **dict.fromkeys(("non validée", "non validé", "non obtenue"), False),
    **dict.fromkeys(("encore ouverte", "encore ouvert"), None),
}
CLES = {"cas", "pourquoi", "non_valides", "non_observes", "blocs_acquis", "attendu"}
CLES_ATTENDUES = {"competences", "blocs", "certification", "marge", "marges", "bascule", "blocs_manquants"}


def lire() -> list[Any]:
    fichiers = sorted(DOSSIER.glob("*.yaml"))
    assert fichiers
    return [
        pytest.param(cas, id=_sans_accents(f"{fichier.stem} : {cas['cas']}"))
        for fichier in fichiers
        for cas in yaml.safe_load(fichier.read_text(encoding="utf-8"))
    ]


def _sans_accents(texte: str) -> str:
    return unicodedata.normalize("NFD", texte).encode("ascii", "ignore").decode()


@pytest.mark.parametrize("cas", lire())
def test_cas(cas: dict[str, Any]) -> None:
    assert set(cas) <= CLES
    attendu = cas["attendu"]
    assert attendu
    assert set(attendu) <= CLES_ATTENDUES
    ref = referentiel()
    etats = dict.fromkeys(codes(ref), Etat.VALIDE)
    etats |= dict.fromkeys(_etendre(cas.get("non_valides", [])), Etat.NON_VALIDE)
    etats |= dict.fromkeys(_etendre(cas.get("non_observes", [])), Etat.NON_OBSERVE)
    decision = decider(ref, etats, blocs_acquis=cas.get("blocs_acquis"))
    certification = decision.certification
    assert certification is not None
    for code, verdict in attendu.get("competences", {}).items():
        assert decision.competence(code).acquis is VERDICTS[verdict], code
    for code, verdict in attendu.get("blocs", {}).items():
        assert decision.bloc(code).acquis is VERDICTS[verdict], code
    for code, marge in attendu.get("marges", {}).items():
        assert (decision.bloc(code) if code[0] == "B" else decision.competence(code)).marge == marge, code
    if "certification" in attendu:
        assert certification.acquis is VERDICTS[attendu["certification"]]
    if "marge" in attendu:
        assert certification.marge == attendu["marge"]
    if "bascule" in attendu:
        assert list(certification.bascule or ()) == _etendre(attendu["bascule"])
    if "blocs_manquants" in attendu:
        assert list(certification.blocs_manquants) == attendu["blocs_manquants"]


def _etendre(noms: list[str]) -> list[str]:
    """Un code de compétence ou de bloc vaut tous ses critères."""
    ref = referentiel()
    etendus = []
    for nom in noms:
        if nom[0] == "B":
            etendus += [critere.code for critere in ref.bloc(nom).criteres()]
        elif nom[0] == "C":
            etendus += [critere.code for critere in ref.competence(nom).criteres]
        else:
            etendus.append(ref.critere(nom).code)
    return etendus
