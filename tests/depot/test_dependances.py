"""L'audit des dépendances ne dit « rien à redire » que s'il a vraiment tout lu."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from outils import dependances
from parchemin.commandes import verifier

SAIN = {"name": "abel", "version": "1.0", "vulns": []}
MALADE = {"name": "zoe", "version": "2.0", "vulns": [{"id": "AVIS-1", "fix_versions": ["2.1"]}]}
INCONNU = {"name": "cain", "version": "3.0", "skip_reason": "introuvable"}


@pytest.mark.parametrize(
    ("paquets", "code", "phrases"),
    [
        ([SAIN], 0, ["1 paquets confrontés aux avis de sécurité"]),
        ([SAIN, MALADE], 1, ["zoe 2.0 : AVIS-1, corrigé en 2.1"]),
        ([INCONNU, MALADE], 1, ["zoe 2.0 : AVIS-1, corrigé en 2.1"]),
        ([SAIN, INCONNU], 75, ["1 paquet(s) sur 2 n'ont pu être confrontés aux avis de sécurité"]),
        ([INCONNU], 75, ["1 paquet(s) sur 1 n'ont pu être confrontés aux avis de sécurité"]),
        ([], 75, ["0 paquet(s) sur 0 n'ont pu être confrontés aux avis de sécurité"]),
    ],
)
def test_un_paquet_non_examine_n_est_pas_un_paquet_sain(paquets, code: int, phrases: list[str]) -> None:
    assert dependances.juger({"dependencies": paquets}) == (code, phrases)


def test_la_reponse_se_garde_un_jour_par_contenu_des_verrous(tmp_path: Path, monkeypatch, capsys) -> None:
    appels = []
    monkeypatch.setattr(dependances, "MEMOIRE", tmp_path / "avis.json")
    monkeypatch.setattr(dependances, "consulter", lambda verrou: appels.append(verrou.name) or (75, ["injoignable"]))
    assert [dependances.principal(), dependances.principal(), dependances.principal(["--encore"])] == [75, 75, 75]
    assert appels == [*dependances.VERROUS, *dependances.VERROUS]
    assert capsys.readouterr().out == "injoignable\n" * 3


@pytest.mark.parametrize(
    ("code", "passe", "debut"),
    [(0, True, "✓ essai ("), (1, False, "✗ essai ("), (75, True, "– essai : NON VÉRIFIÉ, dit (")],
)
def test_verifier_dit_ce_qu_il_n_a_pas_pu_verifier(code: int, passe: bool, debut: str, tmp_path: Path) -> None:
    sortie = io.StringIO()
    commande = (sys.executable, "-c", f"import sys; print('dit'); sys.exit({code})")
    assert verifier._passer(verifier.Verification("essai", "essai", commande), tmp_path, sortie) is passe
    assert sortie.getvalue().startswith(debut)
