"""Les vérifications de la maison trouvent les fautes qu'elles promettent de trouver, et n'en trouvent pas ici."""

from __future__ import annotations

from pathlib import Path

import pytest

from outils import migrations, scripts, verrous

BON = (
    'abel==1.0 \\\n    --hash=sha256:00\nzoe==2.0 ; sys_platform == "win32" \\\n    --hash=sha256:11\n    # via abel\n'
)


def _verrous(racine: Path, serveur: str, dev: str) -> list[str]:
    (racine / "requirements.lock").write_text(serveur)
    (racine / "requirements-dev.lock").write_text(dev)
    return list(verrous.defauts(racine))


def test_les_verrous_du_depot_sont_bons() -> None:
    assert list(verrous.defauts()) == []


def test_un_verrou_bon(tmp_path: Path) -> None:
    assert _verrous(tmp_path, BON, BON + "autre==3 \\\n    --hash=sha256:22\n") == []


@pytest.mark.parametrize(
    ("serveur", "dit"),
    [
        (BON + "--index-url https://depot.example.org/simple\n", "un hôte est nommé"),
        (BON + "# from depot.example.org\n", "un hôte est nommé"),
        (BON.replace(" \\\n    --hash=sha256:00", ""), "abel n'a pas d'empreinte"),
        (BON.replace("abel==1.0", "abel>=1.0"), "ligne incomprise : abel>=1.0"),
        (BON.replace("zoe==2.0", "zoe==2.1"), "zoe n'a pas la version de requirements.lock (2.1)"),
    ],
)
def test_un_verrou_mauvais(tmp_path: Path, serveur: str, dit: str) -> None:
    assert [defaut for defaut in _verrous(tmp_path, serveur, BON) if dit in defaut] != []


def test_les_scripts_du_depot_sont_bons() -> None:
    assert list(scripts.defauts()) == []


@pytest.mark.parametrize(
    ("texte", "dit"),
    [
        ("#!/bin/bash\n", "autre chose que #!/bin/sh"),
        ("#!/bin/sh\nx=$(readlink -f .)\n", "ligne 2 : readlink -f"),
        ("#!/bin/sh\nif [[ -n $x ]]; then :; fi\n", "[[ est propre à bash"),
        ("#!/bin/sh\nif true; then\n", "parchemin : "),
    ],
)
def test_un_script_mauvais(tmp_path: Path, texte: str, dit: str) -> None:
    (tmp_path / ".ci").mkdir()
    for nom, contenu in {".ci/run": "#!/bin/sh\n", "parchemin": texte}.items():
        (tmp_path / nom).write_text(contenu)
        (tmp_path / nom).chmod(0o755)
    assert [defaut for defaut in scripts.defauts(tmp_path) if dit in defaut] != []


def test_les_migrations_du_depot_sont_des_suites() -> None:
    assert list(migrations.sans_ligne()) == []


def _migrations(racine: Path, noms: list[str], dernier: str) -> list[str]:
    dossier = racine / "src" / "parchemin" / "x" / "migrations"
    dossier.mkdir(parents=True)
    for nom in noms:
        (dossier / f"{nom}.py").write_text("")
    (dossier / "max_migration.txt").write_text(dernier + "\n")
    return list(migrations.sans_ligne(racine))


def test_deux_migrations_du_meme_numero(tmp_path: Path) -> None:
    assert _migrations(tmp_path, ["0001_a", "0002_b", "0002_c"], "0002_c") == [
        "src/parchemin/x/migrations : les numéros ne se suivent pas : 0001_a, 0002_b, 0002_c"
    ]


def test_un_max_migration_en_retard(tmp_path: Path) -> None:
    assert _migrations(tmp_path, ["0001_a", "0002_b"], "0001_a") == [
        "src/parchemin/x/migrations/max_migration.txt dit « 0001_a », la dernière migration est « 0002_b »"
    ]
