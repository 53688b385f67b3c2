"""Les documents que le code écrit lui-même : ce qui peut mentir est engendré, puis comparé.

python outils/docs_generees.py              # les récrit
python outils/docs_generees.py --verifier   # sort avec 1 si l'un n'est plus à jour
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
# Lancé comme un fichier, ce module trouve d'abord le dépôt : d'où les imports qui suivent, plus bas que les autres.
sys.path[:0] = [str(RACINE), str(RACINE / "src"), str(RACINE / "moteur" / "src")]

from moteur.etats import PERSONNE, TABLES, Table  # noqa: E402
from moteur.regles.catalogue import REGLES, Regle  # noqa: E402
from outils import droits  # noqa: E402

DOSSIER = RACINE / "docs" / "genere"
EN_TETE = "<!-- Écrit par outils/docs_generees.py : ne modifiez pas ce fichier, modifiez ce qu'il raconte. -->\n\n"


def regles() -> str:
    """`regles.md` : une règle par fichier du moteur ; son code, la phrase officielle, sa source."""
    return (
        EN_TETE
        + "# Les règles\n\nDans l'ordre où elles s'appliquent. Chacune est un fichier de `moteur/src/moteur/regles/`.\n"
        + "".join(map(_regle, REGLES))
    )


def _regle(regle: Regle) -> str:
    phrase = " ".join(regle.phrase.split())
    remarque = f"\n{regle.remarque}\n" if regle.remarque else ""
    jusqu_a = f" jusqu'à {regle.jusqu_a}" if regle.jusqu_a else ""
    return (
        f"\n## `{regle.code}`\n\n> {phrase}\n{remarque}\n"
        f"- Source : {regle.source}\n- Depuis : {regle.depuis}{jusqu_a}\n- Fichier : `regles/{regle.nom}.py`\n"
    )


def etats() -> str:
    """`etats.md` : les tables d'états, dessinées ; qui a la main, et ce qui débloque."""
    return EN_TETE + "# Les états\n\nTirés des tables de `moteur/src/moteur/etats.py`.\n" + "".join(map(_table, TABLES))


def _table(table: Table) -> str:
    fleches = [f"    [*] --> {table.depart}"]
    fleches += [f"    {ligne.code} --> {vers}" for ligne in table.lignes for vers in ligne.vers]
    fleches += [f"    {code} --> [*]" for code in table.etats if code in table.terminaux]
    noms = [f'    state "{ligne.intitule}" as {ligne.code}' for ligne in table.lignes]
    rangs = [
        f"| {ligne.intitule} (`{ligne.code}`) | {'—' if ligne.qui == PERSONNE else ligne.qui} | {ligne.attend} | "
        f"{', '.join(f'`{vers}`' for vers in ligne.vers) or 'fin'} |"
        for ligne in table.lignes
    ]
    titre = table.intitule[:1].upper() + table.intitule[1:]
    return "\n".join(
        [
            f"\n## {titre}\n",
            "```mermaid",
            "stateDiagram-v2",
            *noms,
            *fleches,
            "```\n",
            "| État | Qui a la main | Ce qui débloque | Ensuite |",
            "|---|---|---|---|",
            *rangs,
            "",
        ]
    )


def permissions() -> str:
    """`permissions.md` : la matrice des droits, telle qu'elle est écrite à la main."""
    return EN_TETE + droits.page(droits.lire())


PAGES: Mapping[str, Callable[[], str]] = {"regles.md": regles, "etats.md": etats, "permissions.md": permissions}


def main() -> int:
    """Récrit les pages, ou les compare ; 1 si l'une diffère."""
    lecteur = argparse.ArgumentParser(description="Écrit ou vérifie les documents engendrés.")
    lecteur.add_argument("--verifier", action="store_true", help="compare sans écrire")
    verifier = lecteur.parse_args().verifier
    differents = 0
    for nom, ecrire in PAGES.items():
        fichier, attendu = DOSSIER / nom, ecrire()
        actuel = fichier.read_text(encoding="utf-8") if fichier.exists() else ""
        if actuel == attendu:
            continue
        if verifier:
            differents += 1
            sys.stdout.writelines(
                difflib.unified_diff(actuel.splitlines(True), attendu.splitlines(True), f"docs/genere/{nom}", "attendu")
            )
        else:
            DOSSIER.mkdir(parents=True, exist_ok=True)
            fichier.write_text(attendu, encoding="utf-8")
            print(f"docs/genere/{nom} est récrit")
    if differents:
        print("\nRécrivez-les : .venv/bin/python outils/docs_generees.py")
    return int(bool(differents))


if __name__ == "__main__":
    raise SystemExit(main())
