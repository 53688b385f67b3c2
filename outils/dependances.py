"""Aucune dépendance verrouillée n'a d'avis de sécurité connu (`pip-audit`), ou l'on dit qu'on n'a pas pu le savoir.

Sortie : 0, chaque paquet a été confronté aux avis ; 1, un avis au moins ; 75, la base d'avis est injoignable ou ne connaît
pas certains paquets. `pip-audit` sort avec 0 quand il n'a rien pu lire : on compte donc ce qu'il a vraiment examiné.
La réponse se garde un jour, par contenu des verrous, dans l'environnement virtuel.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
VERROUS = ("requirements.lock", "requirements-dev.lock")
MEMOIRE = Path(sys.prefix) / "parchemin-avis.json"
NON_VERIFIE = 75
"""`EX_TEMPFAIL` : ni oui ni non."""
PATIENCE = 60


def juger(rapport: dict[str, Any]) -> tuple[int, list[str]]:
    """Le code de sortie et les phrases que mérite un rapport de `pip-audit` en JSON."""
    paquets: list[dict[str, Any]] = rapport.get("dependencies", [])
    examines = [paquet for paquet in paquets if "skip_reason" not in paquet]
    phrases = [
        f"{paquet['name']} {paquet['version']} : {avis['id']}"
        + (f", corrigé en {', '.join(avis['fix_versions'])}" if avis.get("fix_versions") else "")
        for paquet in examines
        for avis in paquet.get("vulns", [])
    ]
    if phrases:
        return 1, phrases
    ignores = len(paquets) - len(examines)
    if ignores or not paquets:
        return NON_VERIFIE, [f"{ignores} paquet(s) sur {len(paquets)} n'ont pu être confrontés aux avis de sécurité"]
    return 0, [f"{len(examines)} paquets confrontés aux avis de sécurité"]


def consulter(verrou: Path) -> tuple[int, list[str]]:
    """Ce que `pip-audit` dit d'un verrou."""
    commande = [
        sys.executable, "-m", "pip_audit", "--requirement", str(verrou), "--require-hashes", "--disable-pip",
        "--progress-spinner", "off", "--format", "json", "--timeout", "10",
    ]  # fmt: skip
    try:
        fait = subprocess.run(commande, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return juger(json.loads(fait.stdout))
    except subprocess.TimeoutExpired:
        return NON_VERIFIE, [f"la base d'avis n'a pas répondu en {PATIENCE} s"]
    except ValueError:
        return NON_VERIFIE, ["la base d'avis est injoignable"]


def principal(arguments: Sequence[str] = ()) -> int:
    """Confronte les deux verrous ; `--encore` n'écoute pas la réponse gardée."""
    contenu = b"".join((RACINE / nom).read_bytes() for nom in VERROUS)
    cle = f"{dt.datetime.now(dt.UTC).date()} {hashlib.sha256(contenu).hexdigest()}"
    try:
        garde = json.loads(MEMOIRE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        garde = {}
    if garde.get("cle") == cle and "--encore" not in arguments:
        code, phrases = garde["code"], garde["phrases"]
    else:
        reponses = [consulter(RACINE / nom) for nom in VERROUS]
        codes = {reponse[0] for reponse in reponses}
        code = 1 if 1 in codes else NON_VERIFIE if NON_VERIFIE in codes else 0
        phrases = list(dict.fromkeys(phrase for reponse in reponses for phrase in reponse[1]))
        MEMOIRE.write_text(json.dumps({"cle": cle, "code": code, "phrases": phrases}), encoding="utf-8")
    print(" ; ".join(phrases))
    return int(code)


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
