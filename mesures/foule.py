"""Deux cents tablettes à la fois, en boucle ouverte, puis autant que la machine en prend, puis le retour d'une journée.

Chaque envoi part à son heure, que le précédent ait répondu ou non : le délai se compte depuis cette heure, si bien qu'un
serveur qui s'arrête une seconde le paie sur tous ceux qui attendaient. Rien ne se perd : à la fin, la base doit tenir
exactement les gestes envoyés.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from mesures.mesure import Mesure, Sens, centile
from mesures.serveur import Servie, en_production

if TYPE_CHECKING:
    from mesures.campagne.scene import Place, Scene

SUJET = "Foule"
TABLETTES = 200
PAS = 5.0
"""Secondes entre deux envois d'une même tablette."""
LOT = (1, 30)
"""Gestes d'un envoi, au moins et au plus."""
LOT_PLEIN = 500
"""Le plus grand envoi que l'échange admet."""
BUT_P95_MS = 200.0
BUT_SATURATION = 1.0
"""Gestes reçus par seconde, en proportion de l'insertion nue d'une ligne."""
PROCESSUS = 2
FILS = 48
ENSEMBLE = 8
"""Tablettes qui envoient sans jamais attendre, à saturation."""
JOURNEE = 200
"""Gestes d'une journée hors ligne, sur `GRILLES` grilles."""
GRILLES = 4
ETATS = ("valide", "non_valide", "non_observe")
JETON = "f" * 32
GRAINE = 20_261_128


@dataclass(slots=True)
class Tablette:
    """Un évaluateur connecté devant sa grille : sa connexion gardée ouverte, ses rangs, ce qui lui fut acquitté."""

    port: int
    place: Place
    cookie: str
    criteres: Sequence[str]
    hasard: random.Random
    nom: str = field(default_factory=lambda: str(uuid4()))
    rang: int = 0
    acquittes: set[str] = field(default_factory=set)
    verrou: threading.Lock = field(default_factory=threading.Lock)
    _connexion: http.client.HTTPConnection | None = None

    def lot(self, combien: int) -> list[dict[str, Any]]:
        """Des gestes neufs, dans l'ordre de leurs rangs."""
        faits = []
        for _ in range(combien):
            self.rang += 1
            faits.append(
                {
                    "id": str(uuid4()),
                    "appareil": self.nom,
                    "rang": self.rang,
                    "cible": f"critere:{self.hasard.choice(self.criteres)}",
                    "valeur": self.hasard.choice(ETATS),
                    "mural": datetime.now(UTC).isoformat(),
                    "monotone_ms": self.rang * 1000,
                    "norme": self.place.norme,
                }
            )
        return faits

    def envoyer(self, faits: Sequence[dict[str, Any]]) -> None:
        """Un envoi, acquitté en entier. Lève `AssertionError` s'il ne l'est pas."""
        entetes = {
            "Content-Type": "application/json",
            "Cookie": f"{self.cookie}; csrftoken={JETON}",
            "X-CSRFToken": JETON,
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        rendu, brut = self._poster(json.dumps({"faits": faits}).encode(), entetes)
        reponses = json.loads(brut)["reponses"] if rendu.status == 200 else []
        if [reponse["etat"] for reponse in reponses] != ["acceptee"] * len(faits):
            raise AssertionError(f"envoi refusé : {rendu.status} {brut[:200]!r}")
        self.acquittes |= {reponse["id"] for reponse in reponses}

    def _poster(self, corps: bytes, entetes: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
        """Sur la connexion gardée ; si le serveur l'a fermée d'ennui, sur une neuve, comme un navigateur."""
        for neuve in (False, True):
            if self._connexion is None or neuve:
                self._connexion = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                self._connexion.request("POST", self.place.faits, corps, entetes)
                rendu = self._connexion.getresponse()
                return rendu, rendu.read()
            except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
                if neuve:
                    raise
        raise AssertionError("inatteignable")

    def fermer(self) -> None:
        """Ferme la connexion."""
        if self._connexion is not None:
            self._connexion.close()


def mesurer(servie: Servie, rapide: bool) -> list[Mesure]:
    """La boucle ouverte, la saturation, le retour : sur un serveur de production à deux processus, base de la démonstration."""
    from mesures.lieux import lire_lieux

    lire_lieux()  # prépare Django sur la base de la démonstration
    combien, duree = (40, 15.0) if rapide else (TABLETTES, 60.0)
    with en_production(servie, PROCESSUS) as scene:
        tablettes = _tablettes(scene, combien)
        try:
            return [
                *_boucle_ouverte(tablettes, duree),
                *_saturation(tablettes[:ENSEMBLE], 5.0 if rapide else 20.0),
                *_retour(tablettes[ENSEMBLE : ENSEMBLE + GRILLES]),
            ]
        finally:
            for tablette in tablettes:
                tablette.fermer()


def _tablettes(scene: Scene, combien: int) -> list[Tablette]:
    """Autant d'évaluateurs, deux par épreuve, tous affectés et déclarés par les services."""
    from parchemin.convocations.selectors import epreuve_par_id
    from parchemin.evaluation.selectors import bloc_de
    from parchemin.socle.acteur import SYSTEME

    tablettes = []
    for rang in range(combien):
        place = scene.place("B3")
        criteres = [critere.code for critere in bloc_de(SYSTEME, epreuve_par_id(SYSTEME, place.epreuve)).criteres()]
        cookie = f"{scene.nom_du_cookie}={scene.connecter(place.evaluateur)}"
        hasard = random.Random(f"{GRAINE} {rang}")
        tablettes.append(Tablette(scene.mandataire.amont, place, cookie, criteres, hasard))
    return tablettes


def _boucle_ouverte(tablettes: Sequence[Tablette], duree: float) -> list[Mesure]:
    """Chaque tablette envoie toutes les `PAS` secondes, décalée des autres."""
    hasard = random.Random(GRAINE)
    departs = [hasard.uniform(0, PAS) for _ in tablettes]
    horaire = sorted(
        (depart + tour * PAS, rang, hasard.randint(*LOT))
        for rang, depart in enumerate(departs)
        for tour in range(int(duree / PAS))
    )
    delais: list[float] = []
    suite = iter(horaire)
    prochain = threading.Lock()
    origine = perf_counter() + 0.5

    def servir(_: int) -> None:
        while True:
            with prochain:
                envoi = next(suite, None)
            if envoi is None:
                return
            instant, rang, combien = envoi
            sleep(max(0.0, origine + instant - perf_counter()))
            with tablettes[rang].verrou:
                tablettes[rang].envoyer(tablettes[rang].lot(combien))
            delais.append((perf_counter() - origine - instant) * 1000)

    with ThreadPoolExecutor(FILS) as equipe:
        list(equipe.map(servir, range(FILS)))
    envoyes = sum(combien for *_, combien in horaire)
    note = (
        f"{len(tablettes)} tablettes, un lot de {LOT[0]} à {LOT[1]} gestes toutes les {PAS:.0f} s pendant {duree:.0f} s : "
        f"{len(horaire)} envois, {envoyes} gestes ; délai compté depuis l'heure prévue ; {PROCESSUS} processus, journal et "
        f"droits compris, client et base sur la même machine"
    )
    return [
        Mesure(SUJET, "boucle ouverte : p50", centile(delais, 50), "ms", note=note),
        Mesure(SUJET, "boucle ouverte : p95", centile(delais, 95), "ms", BUT_P95_MS),
        Mesure(SUJET, "boucle ouverte : p99", centile(delais, 99), "ms"),
        Mesure(SUJET, "boucle ouverte : gestes perdus ou inventés", _ecarts(tablettes), "gestes", 0.0),
    ]


def _saturation(tablettes: Sequence[Tablette], duree: float) -> list[Mesure]:
    """Sans jamais attendre : par lots du rythme ordinaire, puis par lots pleins (ce qui s'amasse quand le serveur peine).

    L'insertion nue, une connexion, une ligne par transaction, se mesure juste avant.
    """
    nue = _insertion_nue(duree / 4)
    note = f"{len(tablettes)} tablettes, {duree:.0f} s ; l'insertion nue : une ligne de mêmes colonnes, validée"
    mesures = [
        Mesure(
            SUJET, f"à saturation, lots de {taille} : gestes reçus", _presser(tablettes, taille, duree), "/s", but=but,
            sens=Sens.AU_MOINS, pair="INSERT … ON CONFLICT nu", valeur_pair=nue, note=note,
        )
        for taille, but in ((LOT[1], None), (LOT_PLEIN, BUT_SATURATION * nue))
    ]  # fmt: skip
    return [*mesures, Mesure(SUJET, "à saturation : gestes perdus ou inventés", _ecarts(tablettes), "gestes", 0.0)]


def _presser(tablettes: Sequence[Tablette], taille: int, duree: float) -> float:
    """Les gestes acquittés par seconde."""
    avant = sum(len(tablette.acquittes) for tablette in tablettes)
    depart = perf_counter()

    def presser(tablette: Tablette) -> None:
        while perf_counter() - depart < duree:
            tablette.envoyer(tablette.lot(taille))

    with ThreadPoolExecutor(len(tablettes)) as equipe:
        list(equipe.map(presser, tablettes))
    return (sum(len(tablette.acquittes) for tablette in tablettes) - avant) / (perf_counter() - depart)


def _insertion_nue(duree: float) -> float:
    """Lignes par seconde d'un `INSERT … ON CONFLICT DO NOTHING` de psycopg, une ligne à la fois, sans journal ni droits."""
    import psycopg
    from django.db import connection

    acces = connection.get_connection_params()
    with psycopg.connect(**{cle: acces[cle] for cle in ("host", "dbname", "user")}, autocommit=True) as base:
        base.execute("CREATE TABLE mesure_foule (LIKE evaluation_fait INCLUDING ALL)")
        colonnes = [ligne.name for ligne in base.execute("SELECT * FROM evaluation_fait LIMIT 0").description or ()]
        modele = base.execute("SELECT * FROM evaluation_fait LIMIT 1").fetchone()
        assert modele is not None
        insertion = f"INSERT INTO mesure_foule VALUES ({', '.join(['%s'] * len(colonnes))}) ON CONFLICT DO NOTHING"
        ligne = dict(zip(colonnes, modele, strict=True))
        ligne |= {cle: json.dumps(ligne[cle]) for cle in ("valeur", "vus")}
        lignes, depart = 0, perf_counter()
        while (passe := perf_counter() - depart) < duree:
            base.execute(insertion, list((ligne | {"id": uuid4(), "appareil": uuid4()}).values()))
            lignes += 1
        base.execute("DROP TABLE mesure_foule")
    return lignes / passe


def _retour(tablettes: Sequence[Tablette]) -> list[Mesure]:
    """Le réseau revient : une journée faite hors ligne part d'un coup, une file par grille, comme la page le fait."""
    journee = [tablette.lot(JOURNEE // len(tablettes)) for tablette in tablettes]
    depart = perf_counter()
    with ThreadPoolExecutor(len(tablettes)) as equipe:
        list(equipe.map(lambda paire: paire[0].envoyer(paire[1]), zip(tablettes, journee, strict=True)))
    passe = perf_counter() - depart
    note = f"{JOURNEE} gestes sur {len(tablettes)} grilles, du premier envoi au dernier accusé, sans navigateur"
    return [Mesure(SUJET, "retour d'une journée hors ligne", passe, "s", note=note)]


def _ecarts(tablettes: Sequence[Tablette]) -> int:
    """Ce que la base tient de trop ou de moins que ce qui fut acquitté à ces tablettes."""
    from parchemin.evaluation.models import Fait

    noms = [UUID(tablette.nom) for tablette in tablettes]
    gardes = {str(pk) for pk in Fait.objects.filter(appareil__in=noms).values_list("pk", flat=True)}
    return len(gardes ^ {identifiant for tablette in tablettes for identifiant in tablette.acquittes})
