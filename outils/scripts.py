"""Les scripts sh : syntaxe vérifiée par chaque sh présent, exécutables, sans tournure propre à un système."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
SCRIPTS = ("parchemin", ".ci/run")
INTERDITS = {
    r"\breadlink\s+-f\b": "readlink -f n'existe pas partout",
    r"\[\[": "[[ est propre à bash",
    r"\bfunction\s+\w+": "« function » est propre à bash",
    r"\blocal\s": "« local » n'est pas dans la norme",
    r"\becho\s+-[en]": "echo -e et -n ne se valent pas partout : printf",
    r"\bsed\s+-i\b": "sed -i ne se vaut pas partout",
    r"<<<": "<<< est propre à bash",
}


def defauts(racine: Path = RACINE) -> Iterator[str]:
    """Une phrase par défaut."""
    for nom in SCRIPTS:
        fichier = racine / nom
        if not os.access(fichier, os.X_OK):
            yield f"{nom} : n'est pas exécutable"
        texte = fichier.read_text(encoding="utf-8")
        if not texte.startswith("#!/bin/sh\n"):
            yield f"{nom} : commence par autre chose que #!/bin/sh"
        for numero, ligne in enumerate(texte.splitlines(), 1):
            code = ligne.split(" #")[0] if not ligne.lstrip().startswith("#") else ""
            for motif, raison in INTERDITS.items():
                if re.search(motif, code):
                    yield f"{nom}, ligne {numero} : {raison}"
        for shell in filter(None, map(shutil.which, ("sh", "dash", "bash", "ksh", "zsh"))):
            fait = subprocess.run([shell, "-n", fichier], capture_output=True, text=True, check=False)
            if fait.returncode:
                yield f"{nom} : {fait.stderr.strip()}"


if __name__ == "__main__":
    trouves = list(defauts())
    print("\n".join(trouves))
    sys.exit(bool(trouves))
