"""`parchemin verdict [FICHIER|-]` : un objet JSON par ligne en entrée, un par ligne en sortie, dans le même ordre.

Ni Django ni base de données. Trois pièces : `lecture` (du JSON sans tolérance), `reponse` (la réponse de référence,
et l'ordre des erreurs), `memoire` (la même réponse, assez vite pour 20 000 lignes par seconde).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from moteur.referentiel import ReferentielInvalide
from parchemin.commandes.verdict.reponse import Repondeur
from parchemin.referentiels.fichier import FichierInvalide

AIDE = """\
parchemin verdict [FICHIER|-]

Lit un objet JSON par ligne (dans FICHIER, ou sur l'entrée standard) et écrit un objet JSON par ligne, dans le même
ordre. Les lignes vides sont sautées. Sans base de données.

  entrée   {"id": "a1", "referentiel": "cqp-cos@2021", "criteres": {"K1.1.1": "valide", "K1.1.2": "non_observe"}}
  sortie   {"id": "a1", "certification": {…}, "blocs": {"B1": {…}, …}}

Un critère vaut « valide », « non_valide » ou « non_observe » ; absent, il est ouvert.

Clés d'une ligne :
  criteres       obligatoire : l'état de chaque critère
  id             un texte ou un nombre, rendu tel quel
  referentiel    le référentiel (par défaut : celui livré avec le programme)
  blocs          ["B1"] : limite le verdict à ces blocs ; la certification n'est alors pas décidée
  blocs_acquis   {"B2": "equivalence"} : compte ces blocs comme acquis, et dit par quelle voie

Une ligne sans réponse possible donne {"id": …, "erreur": {"code": "…", "message": "…"}} à sa place. Codes :
json_illisible, cle_en_double, forme, referentiel_inconnu, bloc_inconnu, critere_inconnu, critere_hors_blocs,
etat_inconnu.

Sortie du programme : 0, toutes les lignes ont une réponse ; 3, au moins une est en erreur ; 2, l'entrée ne s'ouvre pas
ou la commande est mal écrite.
"""

TOUT_REPONDU, MAL_ECRIT, UNE_ERREUR = 0, 2, 3
#: Comme tout programme arrêté par Ctrl-C (128 + SIGINT), ou dont le lecteur est parti (128 + SIGPIPE).
INTERROMPU, LECTEUR_PARTI = 130, 141

#: On lit ce qui est arrivé, sans attendre davantage : qui envoie une ligne et attend sa réponse la reçoit.
TAILLE_DE_LECTURE = 1 << 16
#: Les seuls blancs du JSON : une ligne qui n'a qu'eux est vide.
BLANCS = b" \t\r"
#: La marque que des éditeurs de texte mettent en tête d'un fichier UTF-8.
MARQUE_UTF8 = b"\xef\xbb\xbf"


def executer(argv: Sequence[str], entree: IO[bytes], sortie: IO[bytes], erreur: IO[str]) -> int:
    """Exécute la commande et rend son code de sortie. `entree` et `sortie` sont des flux d'octets (ou ont `.buffer`)."""
    entree, sortie = getattr(entree, "buffer", entree), getattr(sortie, "buffer", sortie)
    match [mot for mot in argv if mot != "--"]:
        case ["-h" | "--help"]:
            return _ecrire_tout(sortie, AIDE.encode())
        case [] | ["-"]:
            return _repondre(entree, sortie, erreur)
        case [chemin] if not chemin.startswith("-") or "--" in argv:
            return _repondre_au_fichier(chemin, sortie, erreur)
        case mots:
            erreur.write(f"Commande mal écrite : {' '.join(mots)}\nEssayez : parchemin verdict --help\n")
            return MAL_ECRIT


def _repondre_au_fichier(chemin: str, sortie: IO[bytes], erreur: IO[str]) -> int:
    try:
        fichier = Path(chemin).open("rb")  # noqa: SIM115 : seule l'ouverture se refuse ici
    except (OSError, ValueError) as echec:  # ValueError : un nom qui contient un caractère nul
        raison = echec.strerror if isinstance(echec, OSError) else echec
        erreur.write(f"Le fichier « {chemin} » ne s'ouvre pas : {raison}.\n")
        return MAL_ECRIT
    with fichier:
        return _repondre(fichier, sortie, erreur)


def _repondre(entree: IO[bytes], sortie: IO[bytes], erreur: IO[str]) -> int:
    repondeur = Repondeur()
    try:
        for paquet in _paquets(entree):
            code = _ecrire_tout(sortie, "".join(map(repondeur.repondre, paquet)).encode())
            if code != TOUT_REPONDU:
                return code
    except KeyboardInterrupt:
        return INTERROMPU
    except OSError as echec:
        erreur.write(f"L'entrée ne se lit plus, ou la sortie ne s'écrit plus : {echec.strerror}.\n")
        return MAL_ECRIT
    except (FichierInvalide, ReferentielInvalide) as echec:
        erreur.write(f"Un référentiel livré avec le programme est abîmé :\n{echec}\n")
        return MAL_ECRIT
    return UNE_ERREUR if repondeur.erreurs else TOUT_REPONDU


def _ecrire_tout(sortie: IO[bytes], octets: bytes) -> int:
    try:
        sortie.write(octets)
        sortie.flush()
    except BrokenPipeError:
        # Le lecteur est parti (`| head`) : on s'arrête sans bruit, et l'on évite que Python revide le flux en sortant.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sortie.fileno())
        return LECTEUR_PARTI
    return TOUT_REPONDU


def _paquets(entree: IO[bytes]) -> Iterator[list[bytes]]:
    """Les lignes non vides, par paquets, à mesure qu'elles arrivent ; une marque UTF-8 en tête est ôtée."""
    premiere = True
    for lignes in _lignes_arrivees(getattr(entree, "read1", entree.read)):
        if premiere:
            lignes[0] = lignes[0].removeprefix(MARQUE_UTF8)
            premiere = False
        yield [ligne for ligne in lignes if ligne.strip(BLANCS)]


def _lignes_arrivees(lire: Callable[[int], bytes]) -> Iterator[list[bytes]]:
    debut: list[bytes] = []  # le début d'une ligne dont la fin n'est pas encore arrivée
    while morceau := lire(TAILLE_DE_LECTURE):
        tete, *suite = morceau.split(b"\n")
        debut.append(tete)
        if suite:
            yield [b"".join(debut), *suite[:-1]]
            debut = [suite[-1]]
    yield [b"".join(debut)]  # la dernière ligne n'a pas toujours de fin de ligne
