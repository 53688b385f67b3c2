r"""Les fichiers de verrou : chaque paquet a sa version et ses empreintes, les deux s'accordent, aucun hôte n'est nommé.

Les refaire, après avoir changé `pyproject.toml` (les versions déjà verrouillées restent, `--upgrade-package NOM` en change une) :

    uv pip compile pyproject.toml --extra planification --python-version 3.12 --universal --generate-hashes \
        --no-header --no-emit-index-url -o requirements.lock
    uv pip compile pyproject.toml --extra planification --group dev -c requirements.lock --python-version 3.12 --universal \
        --generate-hashes --no-header --no-emit-index-url -o requirements-dev.lock
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
SERVEUR, DEV = "requirements.lock", "requirements-dev.lock"
_PAQUET = re.compile(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)==([^ ;\\]+)")
_HOTE = re.compile(
    r"://|^--(?:index|extra-index|find-links|trusted)|\b(?:[a-z0-9-]+\.)+(?:org|com|io|net|fr)\b", re.MULTILINE
)


def defauts(racine: Path = RACINE) -> Iterator[str]:
    """Une phrase par défaut."""
    textes = {nom: (racine / nom).read_text(encoding="utf-8") for nom in (SERVEUR, DEV)}
    versions: dict[str, Mapping[str, set[str]]] = {}
    for nom, texte in textes.items():
        for trouve in _HOTE.finditer(texte):
            numero = texte.count("\n", 0, trouve.start()) + 1
            yield f"{nom}, ligne {numero} : un hôte est nommé ({trouve.group()})"
        paquets: dict[str, set[str]] = {}
        for entree in re.split(r"\n(?=[A-Za-z0-9])", texte):
            trouve_paquet = _PAQUET.match(entree)
            if trouve_paquet is None:
                if entree.strip() and not entree.lstrip().startswith("#"):
                    yield f"{nom} : ligne incomprise : {entree.splitlines()[0]}"
            else:
                paquets.setdefault(trouve_paquet[1], set()).add(trouve_paquet[2])
                if "--hash=sha256:" not in entree:
                    yield f"{nom} : {trouve_paquet[1]} n'a pas d'empreinte"
        versions[nom] = paquets
    for paquet, attendues in versions[SERVEUR].items():
        if not attendues <= versions[DEV].get(paquet, set()):
            yield f"{DEV} : {paquet} n'a pas la version de {SERVEUR} ({', '.join(sorted(attendues))})"


if __name__ == "__main__":
    trouves = list(defauts())
    print("\n".join(trouves))
    sys.exit(bool(trouves))
