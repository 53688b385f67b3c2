"""`parchemin test` : le compte dit vrai, et un échec ne passe jamais pour une réussite."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from parchemin.commandes import chromium, essais, verifier
from parchemin.commandes.essais import Compte

QUATRE = """
import pytest
def test_passe(): pass
def test_echoue(): assert 1 == 2
@pytest.mark.skip(reason="pour voir")
def test_saute(): pass
@pytest.fixture
def cassee(): raise ValueError
def test_erreur(cassee): pass
"""


def _passer(dossier: Path, source: str) -> tuple[Compte, int]:
    (dossier / "test_x.py").write_text(source)
    (dossier / "pytest.ini").write_text("[pytest]\n")
    return essais._pytest(sys.executable, ["-q", "-p", "no:randomly", "-p", "no:django"], dossier)


def test_le_compte_vient_du_rapport(tmp_path: Path) -> None:
    compte, code = _passer(tmp_path, QUATRE)
    assert (compte, code) == (Compte(passes=1, echecs=2, sautes=1), 1)
    assert str(compte) == "1 passed, 2 failed, 1 skipped"


def test_un_fichier_qui_ne_s_importe_pas_est_un_echec(tmp_path: Path) -> None:
    compte, code = _passer(tmp_path, "import nexiste_pas")
    assert (compte.echecs, code != 0) == (1, True)


def test_les_comptes_s_ajoutent() -> None:
    assert Compte(1, 2, 3) + Compte(10, 20, 30) == Compte(11, 22, 33)


@pytest.mark.parametrize(
    ("rendu", "attendu"),
    [
        ((Compte(passes=3), 0), 0),
        ((Compte(passes=3, echecs=1), 1), 1),
        ((Compte(passes=3), 2), 1),
        ((Compte(), 0), 1),
        ((Compte(sautes=4), 0), 1),
    ],
)
def test_le_code_de_sortie(rendu: tuple[Compte, int], attendu: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(essais, "_pytest", lambda *mots, **autres: rendu)
    monkeypatch.setattr(chromium, "trouver", lambda: "/usr/bin/chromium")
    sortie = io.StringIO()
    assert essais.executer(["-k", "rien"], sortie, io.StringIO()) == attendu
    assert sortie.getvalue().splitlines()[-1] == str(rendu[0])


def test_un_moteur_seul_en_echec_fait_echouer_l_ensemble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(essais, "_moteur_seul", lambda *mots: (Compte(passes=9, echecs=1), 1))
    monkeypatch.setattr(essais, "_pytest", lambda *mots, **autres: (Compte(passes=5), 0))
    monkeypatch.setattr(chromium, "trouver", lambda: "/usr/bin/chromium")
    sortie = io.StringIO()
    assert essais.executer([], sortie, io.StringIO()) == 1
    assert sortie.getvalue().splitlines()[-1] == "14 passed, 1 failed, 0 skipped"


def test_sans_chromium_la_suite_entiere_ne_fait_pas_semblant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chromium, "trouver", lambda: None)
    monkeypatch.setattr(chromium, "installer", lambda erreur: None)
    erreur = io.StringIO()
    assert essais.executer([], io.StringIO(), erreur) == 1
    assert erreur.getvalue().startswith("Aucun Chromium ici")


def test_verifier_passe_tout_et_montre_ce_qui_echoue(monkeypatch: pytest.MonkeyPatch) -> None:
    def fausses(racine: Path) -> tuple[verifier.Verification, ...]:
        return (
            verifier.Verification("une", "la première tient", (sys.executable, "-c", "")),
            verifier.Verification(
                "deux", "la deuxième tient", (sys.executable, "-c", "print('là'); raise SystemExit(3)")
            ),
            verifier.Verification("trois", "la troisième tient", (sys.executable, "-c", "")),
        )

    monkeypatch.setattr(verifier, "verifications", fausses)
    sortie = io.StringIO()
    assert verifier.executer([], sortie, io.StringIO()) == 1
    lignes = [ligne.rsplit(" (", 1)[0] for ligne in sortie.getvalue().splitlines()]
    assert lignes == [
        "✓ la première tient",
        "✗ la deuxième tient",
        "    là",
        "✓ la troisième tient",
        "",
        "1 vérification(s) en échec : deux.",
    ]
    assert verifier.executer(["--seulement", "trois"], io.StringIO(), io.StringIO()) == 0
