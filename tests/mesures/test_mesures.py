"""Le tableau des mesures dit vrai : but, pair, ratio, centiles ; ses entrées sont bien celles que l'on annonce."""

from __future__ import annotations

import json

import pytest

from mesures import verdict
from mesures.__main__ import main
from mesures.mesure import Mesure, Sens, centile, nombre, tableau
from mesures.processus import descendants, memoire_mio


@pytest.mark.parametrize(
    ("valeur", "sens", "tenu"),
    [(99, Sens.AU_PLUS, True), (100, Sens.AU_PLUS, True), (101, Sens.AU_PLUS, False), (99, Sens.AU_MOINS, False)],
)
def test_un_but_se_tient_du_bon_cote(valeur: float, sens: Sens, tenu: bool) -> None:
    assert Mesure("Pages", "poids", valeur, "Kio", 100, sens).tenu is tenu


def test_sans_but_ni_pair_rien_ne_se_dit() -> None:
    mesure = Mesure("Pages", "poids", 12, "Kio")
    assert (mesure.tenu, mesure.ratio) == (None, None)


def test_le_ratio_est_celui_de_la_valeur_au_pair() -> None:
    assert Mesure("Geste", "p50", 6, "ms", pair="INSERT nu", valeur_pair=1.5).ratio == 4


@pytest.mark.parametrize(
    ("valeur", "dit"), [(2_410_000, "2\u202f410\u202f000"), (100, "100"), (12.44, "12,4"), (0.0312, "0,0312"), (0, "0")]
)
def test_un_nombre_se_lit_en_francais(valeur: float, dit: str) -> None:
    assert nombre(valeur) == dit


def test_les_centiles() -> None:
    durees = [rang / 100 for rang in range(1, 102)]
    assert [centile(durees, 50), centile(durees, 95)] == pytest.approx([0.51, 0.96])


def test_le_tableau_dit_chaque_sujet_une_fois_et_numerote_les_notes() -> None:
    lignes = tableau(
        [
            Mesure("Pages", "accueil", 12, "Kio", 60, note="sans compression"),
            Mesure("Pages", "grille", 130, "Kio", 100, note="sans compression"),
            Mesure("Geste", "p50", 6, "ms", pair="INSERT nu", valeur_pair=1.5),
        ]
    ).splitlines()
    assert [ligne.split("  ")[0] for ligne in lignes[2:5]] == ["Pages", "", "Geste"]
    assert [mot for mot in ("tenu", "MANQUÉ", "× 4") if not any(mot in ligne for ligne in lignes)] == []
    assert lignes[5:] == ["", "(1) sans compression"]


def test_les_lignes_donnees_a_verdict_sont_des_grilles_toutes_differentes() -> None:
    lignes = [json.loads(ligne) for ligne in verdict.grilles(500)]
    assert [ligne["id"] for ligne in lignes] == list(range(500))
    assert {len(ligne["criteres"]) for ligne in lignes} == {73}
    assert len({json.dumps(ligne["criteres"]) for ligne in lignes}) == 500
    assert lignes == [json.loads(ligne) for ligne in verdict.grilles(500)]


def test_un_sujet_inconnu_est_refuse(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as sortie:
        main(["inconnu"])
    assert sortie.value.code == 2
    assert "sujet inconnu : inconnu" in capsys.readouterr().err


def test_la_mesure_du_lot_en_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["lot", "--rapide", "--json"])
    (mesure,) = json.loads(capsys.readouterr().out)
    assert (mesure["unite"], mesure["pair"]) == ("grilles/s", "produit numpy nu")
    assert mesure["ratio"] == pytest.approx(mesure["valeur"] / mesure["valeur_pair"])
    assert 0 < mesure["ratio"] < 1


def test_on_voit_la_memoire_et_les_enfants_d_un_processus() -> None:
    import os
    import subprocess

    with subprocess.Popen(["sleep", "5"]) as enfant:
        assert "sleep 5" in descendants(os.getpid())[enfant.pid]
        assert memoire_mio(enfant.pid) > 0
        enfant.kill()
    with pytest.raises(ProcessLookupError):
        memoire_mio(enfant.pid)
