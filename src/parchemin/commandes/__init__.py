"""Le programme `parchemin` : un premier mot choisit la commande, chargée seulement alors.

Chaque commande est un module de ce dossier qui offre `executer(mots, sortie, erreur) -> code de sortie` (avec `entree` en deuxième pour qui lit l'entrée standard).
Codes communs : 0 fait, 1 refusé ou échoué, 2 commande mal écrite, 130 interrompu au clavier, 141 lecteur parti,
143 arrêté (SIGTERM).
"""

from __future__ import annotations

import difflib
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

from parchemin.embarque.erreurs import EmbarqueImpossible
from parchemin.socle.refus import Refus

COMMANDES = {
    "demo": ("demo", "prépare et sert la démonstration, sur cette machine seulement"),
    "test": ("essais", "passe toute la suite de tests, navigateur compris"),
    "verifier": ("verifier", "formats, types, contrats d'import, migrations, documents engendrés"),
    "prouver": ("prouver", "énumération, propriétés et mutations du moteur"),
    "mesurer": ("mesurer", "les mesures, en tableau et en JSON"),
    "installer": ("installer", "une vraie première installation"),
    "serveur": ("serveur", "sert l'application (production)"),
    "worker": ("worker", "exécute les tâches en attente (production)"),
    "gerer": ("gerer", "les commandes de Django (manage.py)"),
    "verdict": ("verdict", "le verdict de chaque grille lue, une par ligne"),
    "referentiel": ("referentiel", "vérifie un fichier de référentiel"),
    "plan": ("plan", "un plan d'épreuves pour une instance en JSON, et la relecture d'un plan"),
    "journal": ("journal", "vérifie les chaînes du journal et ce qui est scellé"),
}

LISENT_L_ENTREE = {"verdict"}


def main(mots: Sequence[str] | None = None) -> int:
    """Exécute une commande et rend son code de sortie."""
    mots = sys.argv[1:] if mots is None else mots
    if not mots or mots[0] in {"-h", "--help", "--aide", "aide"}:
        sys.stdout.write(aide())
        return 0
    if mots[0] not in COMMANDES:
        proches = difflib.get_close_matches(mots[0], COMMANDES, n=1)
        piste = f" Vouliez-vous dire « {proches[0]} » ?" if proches else " Les commandes : parchemin --help"
        sys.stderr.write(f"Commande inconnue : « {mots[0]} ».{piste}\n")
        return 2
    signal.signal(signal.SIGTERM, _sortir)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # un shell qui lance en arrière-plan l'avait ignoré
    try:
        commande = importlib.import_module(f"parchemin.commandes.{COMMANDES[mots[0]][0]}")
        entree = [sys.stdin] if mots[0] in LISENT_L_ENTREE else []
        code: int = commande.executer(mots[1:], *entree, sys.stdout, sys.stderr)
        sys.stdout.flush()
    except (EmbarqueImpossible, Refus) as refus:
        sys.stderr.write(f"{refus.message}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrompu.\n")
        return 130
    except BrokenPipeError:  # le lecteur de notre sortie est parti (« | head ») : il n'y a plus rien à lui dire
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def aide() -> str:
    """La liste des commandes."""
    lignes = [f"  {nom:<12} {resume}" for nom, (_, resume) in COMMANDES.items()]
    return (
        "usage : parchemin COMMANDE [options]\n\nCommandes :\n"
        + "\n".join(lignes)
        + ("\n\nL'aide d'une commande : parchemin COMMANDE --help\n")
    )


def _sortir(numero: int, cadre: object) -> NoReturn:
    """Change SIGTERM en sortie ordinaire : les blocs `finally` arrêtent alors ce qui tourne."""
    signal.signal(numero, signal.SIG_IGN)  # un second ne doit pas couper court à l'arrêt
    raise SystemExit(128 + numero)
