"""Les migrations : aucune ne manque, chaque application en a une seule suite, dite par son `max_migration.txt`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent


def sans_ligne(racine: Path = RACINE) -> Iterator[str]:
    """Une phrase par dossier de migrations qui n'est pas une simple suite."""
    for dossier in sorted(racine.glob("src/parchemin/*/migrations")):
        noms = sorted(fichier.stem for fichier in dossier.glob("[0-9]*.py"))
        if not noms:
            continue
        lieu = dossier.relative_to(racine)
        numeros = [int(nom[:4]) for nom in noms]
        if numeros != list(range(1, len(noms) + 1)):
            yield f"{lieu} : les numéros ne se suivent pas : {', '.join(noms)}"
        dernier = dossier / "max_migration.txt"
        dit = dernier.read_text(encoding="utf-8").strip() if dernier.exists() else "(absent)"
        if dit != noms[-1]:
            yield f"{lieu}/max_migration.txt dit « {dit} », la dernière migration est « {noms[-1]} »"


def manquantes() -> Iterator[str]:
    """Ce que `makemigrations` écrirait : les modèles et les migrations se comparent sans base."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")
    import django

    django.setup()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
    from django.db.migrations.state import ProjectState
    from django.utils import translation

    translation.deactivate_all()  # comme `makemigrations` : les libellés se comparent dans leur langue d'origine
    chargeur = MigrationLoader(None)
    for nom, conflits in chargeur.detect_conflicts().items():
        yield f"{nom} : deux suites de migrations : {', '.join(conflits)}"
    notres = {config.label for config in apps.get_app_configs() if config.name.startswith("parchemin.")}
    detecteur = MigrationAutodetector(
        chargeur.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner()
    )
    for nom, migrations in detecteur.changes(chargeur.graph).items():
        if nom in notres:
            gestes = [operation.describe() for migration in migrations for operation in migration.operations]
            yield f"{nom} : une migration manque : {' ; '.join(gestes)}"


if __name__ == "__main__":
    trouves = [*sans_ligne(), *manquantes()]
    print("\n".join(trouves))
    sys.exit(bool(trouves))
