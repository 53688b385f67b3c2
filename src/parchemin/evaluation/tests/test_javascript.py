"""Les modules JavaScript qui se passent d'une page, sous `node --test`, avec le Node que porte le paquet Playwright."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from parchemin.evaluation.presenters.touches import SEULES
from parchemin.socle import prudence

ICI = Path(__file__).resolve().parent


@pytest.mark.parametrize("fichier", sorted(ICI.glob("*.test.mjs")), ids=lambda fichier: fichier.name)
def test_les_modules_sans_page(fichier: Path):
    node, _ = compute_driver_executable()
    fait = subprocess.run(
        [node, "--test", "--test-reporter=spec", str(fichier)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ
        | {
            "PRUDENCE": json.dumps(prudence.en_json()),
            "TOUCHES": json.dumps([cle for touche in SEULES for cle in touche.retenues]),
        },
    )
    assert fait.returncode == 0, fait.stdout
    assert "pass 0" not in fait.stdout
