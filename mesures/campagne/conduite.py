"""Conduire la campagne : `./parchemin mesurer --campagne hors-ligne`.

Chaque essai ne dépend que de la graine et de son numéro. Le journal des essais faits (une ligne JSON chacun) permet de
reprendre où l'on s'était arrêté, et de savoir lequel refaire : `--essai navigateur:17`. D'une longue campagne, les genres avancent de front, le
protocole en deux files, chaque file dans son processus, avec son serveur et sa base : l'une attend pendant que l'autre calcule. Une chute y dure donc ce qu'elle dure sur une machine pleine ; ce que dure une reprise se mesure à la fin, la machine rendue au calme.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from mesures.campagne import protocole
from mesures.campagne.registre import Bilan
from mesures.campagne.scene import Scene, scene
from mesures.mesure import Mesure, Sens, tableau

SUJET = "Campagne hors ligne"
NAVIGATEUR, PROTOCOLE = "navigateur", "protocole"
ESSAIS = {NAVIGATEUR: 300, PROTOCOLE: 10_000}
MINUTES = 60
GRAINE = 20_261_124
FILES = {NAVIGATEUR: 1, PROTOCOLE: 2}
FILE_LA_PLUS_COURTE = 500
"""Sous tant d'essais, monter un second serveur coûte plus qu'il ne rapporte : les genres passent l'un après l'autre devant le même."""
BUT_REPRISE = 5.0
"""Secondes."""
CHUTES_AU_CALME = 5

Jouer = Callable[[Bilan], None]


def main(arguments: Sequence[str]) -> int:
    """Rend 0 si rien ne s'est perdu, inventé, fondu, et que tous les essais demandés ont eu lieu ; 1 sinon."""
    analyseur = argparse.ArgumentParser(
        prog="parchemin mesurer --campagne hors-ligne",
        description="Des essais tirés d'une graine contre un vrai serveur, une vraie base et un vrai Chromium.",
    )
    analyseur.add_argument("--essais-navigateur", type=int, default=ESSAIS[NAVIGATEUR], metavar="N")
    analyseur.add_argument("--essais-protocole", type=int, default=ESSAIS[PROTOCOLE], metavar="M")
    analyseur.add_argument("--graine", type=int, default=GRAINE)
    analyseur.add_argument("--minutes", type=float, default=MINUTES, help=f"s'arrête au bout de ce temps ({MINUTES})")
    analyseur.add_argument("--journal", type=Path, help="le journal des essais (var/campagne-<graine>.jsonl)")
    analyseur.add_argument("--recommencer", action="store_true", help="oublie les essais déjà faits")
    analyseur.add_argument("--essai", metavar="GENRE:NUMÉRO", help="refait un seul essai, et montre son bilan")
    analyseur.add_argument("--part", default="", help=argparse.SUPPRESS)  # K/N : les numéros K, K + N, K + 2N…
    analyseur.add_argument("--json", action="store_true", help="écrit du JSON sur la sortie, et rien d'autre")
    choix = analyseur.parse_args(arguments)
    if choix.essai:
        return _refaire(choix.essai, choix.graine)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # serveur, base et navigateur se rangent avant de partir
    if os.environ.get("PARCHEMIN_SUIVRE_LE_PARENT"):
        from parchemin.commandes import environnement

        environnement.suivre_le_parent()
    journal = Journal(choix.journal or Path("var") / f"campagne-{choix.graine}.jsonl", choix.graine)
    if choix.recommencer:
        journal.effacer()
    voulus = {NAVIGATEUR: choix.essais_navigateur, PROTOCOLE: choix.essais_protocole}
    rang, _, files = (choix.part or "0/1").partition("/")
    limite = time.monotonic() + 60 * choix.minutes
    derouler(journal, voulus, choix.graine, limite=limite, part=(int(rang), int(files)))
    if choix.part:
        return 0  # une file rend compte par le journal
    mesures = [
        *compte_rendu(journal.bilans, voulus),
        *(reprises_au_calme() if sum(voulus.values()) >= FILE_LA_PLUS_COURTE else ()),
    ]
    print(json.dumps([m.en_json() for m in mesures], ensure_ascii=False, indent=2) if choix.json else tableau(mesures))
    return int(any(mesure.tenu is False for mesure in mesures))


class Journal:
    """Les essais faits sous une graine. Une ligne coupée par un arrêt brutal est oubliée : l'essai se refera."""

    def __init__(self, chemin: Path, graine: int) -> None:
        self.bilans: list[Bilan] = []
        self.chemin = chemin
        self._graine = graine
        self.relire()

    def relire(self) -> None:
        """Reprend du fichier tout ce qui y est, par ce processus ou par d'autres."""
        self.bilans.clear()
        if self.chemin.exists():
            for ligne in self.chemin.read_text(encoding="utf-8").splitlines():
                try:
                    bilan = Bilan(**json.loads(ligne))
                except (ValueError, TypeError):
                    continue
                if bilan.graine == self._graine:
                    self.bilans.append(bilan)

    def faits(self, genre: str) -> set[int]:
        """Les numéros déjà joués."""
        return {bilan.numero for bilan in self.bilans if bilan.genre == genre}

    def inscrire(self, bilan: Bilan) -> None:
        """Un essai de plus."""
        self.bilans.append(bilan)
        self.chemin.parent.mkdir(parents=True, exist_ok=True)
        ligne = json.dumps(bilan.en_json(), ensure_ascii=False) + "\n"
        if not _finit_par_une_ligne(self.chemin):
            ligne = "\n" + ligne
        ouvert = os.open(self.chemin, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(ouvert, ligne.encode())  # d'un seul trait : deux processus n'entremêlent pas leurs lignes
        finally:
            os.close(ouvert)

    def effacer(self) -> None:
        """Plus rien n'a été fait."""
        self.bilans.clear()
        self.chemin.unlink(missing_ok=True)


def _finit_par_une_ligne(chemin: Path) -> bool:
    if not chemin.exists() or not chemin.stat().st_size:
        return True
    with chemin.open("rb") as fichier:
        fichier.seek(-1, os.SEEK_END)
        return fichier.read(1) == b"\n"


def derouler(
    journal: Journal, voulus: dict[str, int], graine: int, *, limite: float, part: tuple[int, int] = (0, 1)
) -> None:
    """Joue ce qui manque, plusieurs files de front s'il y en a assez, jusqu'au bout ou jusqu'à l'heure limite. `part` : (rang, nombre de files)."""
    rang, nombre = part
    restants: dict[str, list[int]] = {}
    for genre, combien in voulus.items():
        if siens := [numero for numero in range(rang, combien, nombre) if numero not in journal.faits(genre)]:
            restants[genre] = siens
    files = []
    for genre, siens in restants.items():
        combien_de_files = FILES[genre] if nombre == 1 and len(siens) >= FILE_LA_PLUS_COURTE else 1
        files += [(genre, (k, combien_de_files)) for k in range(combien_de_files)]
    if len(files) > 1 and sum(map(len, restants.values())) >= FILE_LA_PLUS_COURTE:
        lancees = [
            _une_file(journal.chemin, {genre: voulus[genre]}, graine, limite, sa_part) for genre, sa_part in files
        ]
        for lancee in lancees:
            lancee.wait()
        journal.relire()
    elif restants:
        _jouer_ici(journal, restants, graine, limite)


def _une_file(
    journal: Path, voulus: dict[str, int], graine: int, limite: float, part: tuple[int, int]
) -> subprocess.Popen[bytes]:
    """Ces essais dans un processus à eux ; il s'arrête avec celui-ci, même tué."""
    nombres = [f"--essais-{genre}={voulus.get(genre, 0)}" for genre in ESSAIS]
    commande = [sys.executable, "-m", "mesures", "--campagne", "hors-ligne", *nombres, f"--graine={graine}"]
    minutes = max(0.0, limite - time.monotonic()) / 60
    return subprocess.Popen(
        [*commande, f"--journal={journal}", f"--minutes={minutes}", f"--part={part[0]}/{part[1]}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=os.environ | {"PARCHEMIN_SUIVRE_LE_PARENT": "1"},
    )


def reprises_au_calme() -> list[Mesure]:
    """Ce que durent les chutes quand rien d'autre ne tourne : le serveur tué, puis la base, cinq fois."""
    with scene() as montee:
        for _ in range(CHUTES_AU_CALME):
            montee.tuer_le_serveur()
            montee.redemarrer_la_base()
        return rendre_les_reprises(montee.reprises)


def rendre_les_reprises(durees: Mapping[str, Sequence[float]]) -> list[Mesure]:
    """La plus longue reprise de chaque genre, contre le but."""
    return [
        Mesure(
            SUJET,
            f"reprise après chute, {genre}",
            max(siennes),
            "s",
            BUT_REPRISE,
            note=f"le plus long de {len(siennes)}, machine calme, de la chute à la première page rendue",
        )
        for genre, siennes in durees.items()
        if siennes
    ]


def _jouer_ici(journal: Journal, restants: Mapping[str, Sequence[int]], graine: int, limite: float) -> None:
    with scene() as montee:
        for genre, numeros in restants.items():
            with ExitStack() as pile:
                joueur = _joueur(montee, pile, genre)
                for numero in numeros:
                    if time.monotonic() > limite:
                        return
                    bilan = jouer(joueur, montee, Bilan(genre, numero, graine))
                    journal.inscrire(bilan)
                    if not bilan.sain:
                        dit = json.dumps(bilan.en_json(), ensure_ascii=False)
                        print(f"✗ {genre}:{numero} {dit}", file=sys.stderr)


def jouer(joueur: Jouer, montee: Scene, bilan: Bilan) -> Bilan:
    """Un essai, chronométré ; s'il s'interrompt, c'est un écart, et la campagne continue."""
    depart = time.monotonic()
    avant = {genre: len(durees) for genre, durees in montee.reprises.items()}
    try:
        joueur(bilan)
    except Exception as erreur:  # noqa: BLE001 : quoi qu'il arrive à un essai, il se dit
        ligne = traceback.extract_tb(erreur.__traceback__)[-1]
        bilan.ecarts.append(f"interrompu ({ligne.name}) : {type(erreur).__name__} {str(erreur)[:400]}")
        montee.oublier_les_connexions()
    bilan.secondes = round(time.monotonic() - depart, 3)
    for genre, durees in montee.reprises.items():
        if nouvelles := durees[avant[genre] :]:
            bilan.reprises[genre] = nouvelles
    return bilan


def _joueur(montee: Scene, pile: ExitStack, genre: str) -> Jouer:
    if genre == PROTOCOLE:
        serie = protocole.Serie()
        return lambda bilan: protocole.jouer(montee, serie, bilan)
    from playwright.sync_api import sync_playwright

    from mesures.campagne.appareil import ARGUMENTS
    from mesures.campagne.navigateur import Essai
    from parchemin.commandes import chromium

    if (chemin := chromium.trouver()) is None:
        raise SystemExit(chromium.expliquer())
    moteur = pile.enter_context(sync_playwright())
    commun = moteur.chromium.launch(executable_path=chemin, args=ARGUMENTS)
    pile.callback(commun.close)
    return lambda bilan: Essai(montee, moteur, commun, bilan).jouer()


def _refaire(nom: str, graine: int) -> int:
    genre, _, numero = nom.partition(":")
    with ExitStack() as pile:
        montee = pile.enter_context(scene())
        bilan = jouer(_joueur(montee, pile, genre), montee, Bilan(genre, int(numero), graine))
    print(json.dumps(bilan.en_json(), ensure_ascii=False, indent=2))
    return int(not bilan.sain)


def compte_rendu(bilans: Sequence[Bilan], voulus: dict[str, int]) -> list[Mesure]:
    """Le tableau : les essais, ce qu'ils ont fait, et les quatre sortes de faute, dont le but est zéro."""

    def compter(quoi: Callable[[Bilan], Any]) -> float:
        return float(sum(len(quoi(bilan)) for bilan in bilans))

    mesures = []
    for genre, essais in voulus.items():
        faits = [bilan for bilan in bilans if bilan.genre == genre]
        fautes = Counter(faute for bilan in faits for faute in bilan.fautes)
        comptes = ", ".join(f"{faute} {fois}" for faute, fois in sorted(fautes.items()))
        minutes, gestes = sum(bilan.secondes for bilan in faits) / 60, sum(bilan.gestes for bilan in faits)
        note = f"{minutes:.1f} min, {gestes} gestes ; {comptes}"
        mesures.append(Mesure(SUJET, f"essais, {genre}", len(faits), "essais", essais, Sens.AU_MOINS, note=note))
    incertains = sum(bilan.incertains for bilan in bilans)
    note = f"contre le registre du script ; {incertains} gestes faits dans l'instant d'une mort n'y sont pas exigés"
    mesures += [
        Mesure(SUJET, "faits perdus", compter(lambda b: b.perdus), "faits", 0, note=note),
        Mesure(SUJET, "faits inventés", compter(lambda b: b.inventes), "faits", 0),
        Mesure(SUJET, "fusions silencieuses", compter(lambda b: b.fusions), "cibles", 0),
        Mesure(SUJET, "autres écarts (écran, réponse, délai)", compter(lambda b: b.ecarts), "écarts", 0),
    ]
    for genre in ("serveur", "base", "navigateur"):
        durees = [duree for bilan in bilans for duree in bilan.reprises.get(genre, ())]
        if durees:
            note = f"le plus long, machine pleine ; {genre} tombé {len(durees)} fois, de la chute à la première page rendue"
            but = (
                BUT_REPRISE if genre == NAVIGATEUR else None
            )  # serveur et base se jugent au calme : trois files se disputent ici deux cœurs
            mesures.append(Mesure(SUJET, f"chute en pleine campagne, {genre}", max(durees), "s", but, note=note))
    return mesures
