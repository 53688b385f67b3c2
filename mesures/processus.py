"""Regarder un processus de l'extérieur : sa mémoire, ses enfants."""

from __future__ import annotations

import subprocess

MIO_EN_KIO = 1024


def memoire_mio(pid: int) -> float:
    """La mémoire résidente d'un processus, en Mio. Lève `ProcessLookupError` s'il n'existe plus."""
    lu = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.strip()
    if not lu:
        raise ProcessLookupError(pid)
    return int(lu) / MIO_EN_KIO


def descendants(pid: int) -> dict[int, str]:
    """Les processus issus de celui-ci, à tout degré : leur numéro et leur commande."""
    lu = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    enfants: dict[int, list[tuple[int, str]]] = {}
    for ligne in lu.splitlines():
        fils, parent, commande = ligne.split(None, 2)
        enfants.setdefault(int(parent), []).append((int(fils), commande))
    trouves: dict[int, str] = {}
    a_voir = [pid]
    while a_voir:
        issus = dict(enfants.get(a_voir.pop(), ()))
        trouves |= issus
        a_voir.extend(issus)
    return trouves
