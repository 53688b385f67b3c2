"""Un client de l'échange, écrit d'après `docs/echange-des-faits.md` seulement, et les essais qu'on lui fait subir.

Un essai : un à trois appareils d'un même évaluateur font des gestes, envoient, perdent des requêtes et des réponses,
mélangent, doublent, se croisent, oublient de se connecter. À la fin chacun vide sa file, et la base doit tenir exactement
ce que le registre dit, mot pour mot.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from mesures.campagne.mandataire import Faute, Genre
from mesures.campagne.registre import Bilan, comparer, comparer_les_grilles, faits_de

if TYPE_CHECKING:
    from mesures.campagne.scene import Place, Scene

ESSAIS_PAR_LECTURE = 10
"""Autant d'essais s'ajoutent sur une même grille avant d'en prendre une neuve."""
FAUTES = (
    "rien", "coupe_requete", "coupe_reponse", "retard", "statut", "statut_apres", "double", "rejoue",
    "deux_appareils", "ensemble", "desordre", "mal_formes", "expiree", "autre_personne", "horloge",
)  # fmt: skip
RARES = ("serveur_tue", "base_redemarree")
PAS_DES_RARES = 250
"""Un essai sur tant : chacune coûte quelques secondes."""
JETON = "c" * 32
JOUR = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
_VIDAGES = 60


@dataclass(slots=True)
class Poste:
    """Un appareil du client : son nom, ses rangs, ce qu'il n'a pas vu acquitter, ce qu'il sait des autres."""

    nom: str
    rang: int = 0
    vus: dict[str, int] = field(default_factory=dict)
    attente: dict[str, dict[str, Any]] = field(default_factory=dict)


class Client:
    """Parle l'échange à ce port de la machine. Tout ce qu'il sait du contrat tient dans cette classe."""

    def __init__(self, port: int, place: Place, cookie: str, nom_du_cookie: str) -> None:
        self._port = port
        self._place = place
        self.cookie = cookie
        self._nom_du_cookie = nom_du_cookie

    def envoyer(self, faits: Sequence[Any], personne: str = "") -> tuple[int, Any]:
        """Le statut et le corps JSON (`None` : pas du JSON). Lève `OSError` ou `HTTPException` sans réponse."""
        connexion = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        entetes = {
            "Host": f"localhost:{self._port}",
            "Content-Type": "application/json",
            "Cookie": f"{self._nom_du_cookie}={self.cookie}; csrftoken={JETON}",
            "X-CSRFToken": JETON,
            "Origin": f"http://localhost:{self._port}",
            "X-Parchemin-Personne": personne or str(self._place.evaluateur.id),
        }
        try:
            connexion.request("POST", self._place.faits, json.dumps({"faits": list(faits)}).encode(), entetes)
            rendu = connexion.getresponse()
            brut = rendu.read()
        finally:
            connexion.close()
        try:
            return rendu.status, json.loads(brut)
        except ValueError:
            return rendu.status, None


class Essai:
    """Un essai de protocole, tout entier tiré de sa graine."""

    def __init__(self, scene: Scene, place: Place, cookie: str, bilan: Bilan, codes: Sequence[str]) -> None:
        self._hasard = random.Random(f"protocole {bilan.graine} {bilan.numero}")
        self._scene = scene
        self._place = place
        self._bilan = bilan
        self._criteres = codes
        self._client = Client(scene.mandataire.port, place, cookie, scene.nom_du_cookie)
        self._acceptees: Counter[str] = Counter()
        self.faits: list[dict[str, Any]] = []
        """Le registre : chaque fait légal que cet essai a fait."""

    @property
    def cookie(self) -> str:
        """La session du moment."""
        return self._client.cookie

    def jouer(self) -> None:
        """Fait les gestes, commet les fautes, vide les files."""
        numero = self._bilan.numero
        fautes = [FAUTES[numero % len(FAUTES)], *self._hasard.sample(FAUTES, k=self._hasard.randint(0, 2))]
        if numero % PAS_DES_RARES == PAS_DES_RARES - 1:
            fautes.append(RARES[numero // PAS_DES_RARES % len(RARES)])
        self._bilan.fautes = list(dict.fromkeys(fautes))
        combien = self._hasard.choice((1, 1, 2, 3)) if "deux_appareils" not in fautes else self._hasard.choice((2, 3))
        postes = [Poste(self._uuid()) for _ in range(combien)]
        for faute in self._bilan.fautes:
            for poste in postes:
                for _ in range(self._hasard.randint(1, 4)):
                    self._geste(poste, horloge=faute == "horloge")
            self._commettre(faute, postes)
            if self._hasard.random() < 0.4:
                self._se_voir(postes)
        self._scene.mandataire.desarmer()
        for poste in postes:
            self._vider(poste)
        self._bilan.gestes = len(self.faits)
        en_trop = {identifiant: fois for identifiant, fois in self._acceptees.items() if fois > 1}
        self._bilan.ecarts += [f"{identifiant} accepté {fois} fois" for identifiant, fois in en_trop.items()]

    # --- les gestes ----------------------------------------------------------------------------------------------------

    def _uuid(self) -> str:
        return str(UUID(int=self._hasard.getrandbits(128), version=4))

    def _geste(self, poste: Poste, *, horloge: bool = False) -> dict[str, Any]:
        cible, valeur = self._tirer()
        poste.rang += 1
        ecart = timedelta(hours=self._hasard.uniform(-3, 3)) if horloge else timedelta(seconds=poste.rang)
        fait = {
            "id": self._uuid(),
            "appareil": poste.nom,
            "rang": poste.rang,
            "cible": cible,
            "valeur": valeur,
            "remplace": None,
            "vus": dict(poste.vus),
            "mural": (JOUR + ecart).isoformat(),
            "monotone_ms": 1_000 * poste.rang,
            "norme": self._place.norme,
        }
        self.faits.append(fait)
        poste.attente[str(fait["id"])] = fait
        return fait

    def _tirer(self) -> tuple[str, Any]:
        hasard = self._hasard
        critere = hasard.choice(self._criteres)
        texte = f"{critere} {hasard.getrandbits(40):x} é’"
        return hasard.choice(
            (
                (f"critere:{critere}", "valide"),
                (f"critere:{critere}", "non_valide"),
                (f"critere:{critere}", "non_observe"),
                (f"commentaire:{critere}", hasard.choice((texte, texte, ""))),
                ("lieu", texte),
                (f"entretien:e{hasard.randint(1, 3)}", hasard.choice(({"alternative": None}, None))),
                (f"courrier:c{hasard.randint(1, 3)}", {"motif": texte, "preselectionne": hasard.random() < 0.5}),
            )
        )

    @staticmethod
    def _se_voir(postes: Sequence[Poste]) -> None:
        """Chaque appareil apprend les rangs des autres que le serveur a acquittés, comme en relisant la page."""
        acquittes = {
            poste.nom: min((fait["rang"] for fait in poste.attente.values()), default=poste.rang + 1) - 1
            for poste in postes
        }
        for poste in postes:
            for autre, rang in acquittes.items():
                if autre != poste.nom and rang:
                    poste.vus[autre] = max(rang, poste.vus.get(autre, 0))

    # --- les fautes ----------------------------------------------------------------------------------------------------

    def _commettre(self, faute: str, postes: Sequence[Poste]) -> None:
        hasard, mandataire = self._hasard, self._scene.mandataire
        poste = hasard.choice(postes)
        chutes: Mapping[str, Callable[[], float]] = {
            "serveur_tue": self._scene.tuer_le_serveur,
            "base_redemarree": self._scene.redemarrer_la_base,
        }
        match faute:
            case "coupe_requete" | "coupe_reponse" | "double" | "rejoue":
                mandataire.armer(Faute(Genre(faute), fois=hasard.randint(1, 2), part=hasard.random()))
            case "retard":
                mandataire.armer(Faute(Genre.RETARD, secondes=hasard.uniform(0, 0.05)))
            case "statut" | "statut_apres":
                mandataire.armer(Faute(Genre(faute), statut=hasard.choice((409, 500, 502, 503, 504))))
            case "ensemble":
                self._envoyer_ensemble(postes)
                return
            case "mal_formes":
                mandataire.desarmer()  # la réponse elle-même est ce que l'on vérifie : rien ne doit la couper
                self._envoyer_des_mal_formes(poste)
            case "expiree":
                mandataire.desarmer()
                self._expirer(poste)
            case "autre_personne":
                mandataire.desarmer()
                statut, corps = self._client.envoyer(list(poste.attente.values()), personne=self._uuid())
                self._exiger("autre personne", (statut, _code(corps)), (403, "autre_personne"))
            case "serveur_tue" | "base_redemarree":
                self._chuter(chutes[faute], poste)
            case "desordre":
                for _ in range(hasard.randint(1, 3)):
                    lot = hasard.sample(self.faits, k=hasard.randint(1, len(self.faits)))
                    self._envoyer(poste, lot + hasard.sample(lot, k=hasard.randint(0, len(lot))))
                return
        for un in postes:
            lot = list(un.attente.values())
            hasard.shuffle(lot)
            self._envoyer(un, lot[: hasard.randint(1, len(lot))] if lot else [])

    def _chuter(self, chute: Callable[[], float], poste: Poste) -> None:
        """La chute tombe pendant que le serveur traite un lot."""
        fini = threading.Event()

        def tomber() -> None:
            try:
                chute()
            finally:
                fini.set()

        lot = list(poste.attente.values())
        faute = Faute(Genre.GESTE, geste=tomber, secondes=self._hasard.uniform(0, 0.02))
        self._scene.mandataire.armer(faute, d_abord=True)
        self._envoyer(poste, lot or self.faits)
        if not fini.wait(90):
            self._bilan.ecarts.append("le service n'est pas revenu")
        self._scene.oublier_les_connexions()

    def _envoyer_ensemble(self, postes: Sequence[Poste]) -> None:
        """Les appareils envoient au même instant, et l'un d'eux deux fois."""
        lots = [list(poste.attente.values()) for poste in postes]
        lots.append(list(lots[0]))
        reponses: list[tuple[int, Any] | None] = [None] * len(lots)

        def partir(rang: int) -> None:
            try:
                reponses[rang] = self._client.envoyer(lots[rang])
            except (OSError, http.client.HTTPException):
                reponses[rang] = None

        fils = [threading.Thread(target=partir, args=(rang,)) for rang in range(len(lots))]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        for rang, reponse in enumerate(reponses):
            if reponse is not None:
                self._lire(postes[rang % len(postes)], lots[rang], *reponse)

    def _expirer(self, poste: Poste) -> None:
        self._scene.expirer(self._client.cookie)
        statut, corps = self._client.envoyer(list(poste.attente.values()))
        self._exiger("connexion expirée", (statut, _code(corps)), (401, "connexion_requise"))
        self._client.cookie = self._scene.connecter(self._place.evaluateur)

    def _envoyer_des_mal_formes(self, poste: Poste) -> None:
        """Chaque refus a le code du contrat, et n'empêche pas le fait sain qui voyage avec lui."""
        sain = self._geste(poste)
        statut, corps = self._client.envoyer([sain])
        self._lire(poste, [sain], statut, corps)
        modele = sain | {"id": self._uuid(), "rang": poste.rang + 1000}
        cas: list[tuple[Any, str]] = [
            (modele | {"cible": "critere:K9.9.9"}, "cible_inconnue"),
            (modele | {"cible": f"critere:{self._criteres[0]}", "valeur": "peut_etre"}, "valeur_inconnue"),
            (modele | {"norme": "0" * 64}, "autre_norme"),
            (modele | {"rang": 1.5}, "forme"),
            (modele | {"mural": "hier"}, "forme"),
            (modele | {"de_trop": 1}, "forme"),
            ({cle: valeur for cle, valeur in modele.items() if cle != "rang"}, "forme"),
            ("pas un fait", "forme"),
            (sain | {"cible": "lieu", "valeur": f"autre chose {self._uuid()}"}, "id_reutilise"),
            (modele | {"rang": sain["rang"]}, "rang_pris"),
        ]
        fautif, attendu = self._hasard.choice(cas)
        second = self._geste(poste)
        statut, corps = self._client.envoyer([fautif, second])
        dit = [(r.get("etat"), r.get("code")) for r in (corps or {}).get("reponses", ())][:1]
        if statut == 200:
            self._exiger(f"refus {attendu}", dit, [("refusee", attendu)])
            self._lire(poste, [fautif, second], statut, corps)

    # --- envoyer, lire la réponse ---------------------------------------------------------------------------------------

    def _envoyer(self, poste: Poste, lot: Sequence[dict[str, Any]]) -> None:
        if not lot:
            return
        try:
            statut, corps = self._client.envoyer(lot)
        except (OSError, http.client.HTTPException):
            return  # ni réponse ni certitude : la file reste entière
        self._lire(poste, lot, statut, corps)

    def _lire(self, poste: Poste, lot: Sequence[Any], statut: int, corps: Any) -> None:
        if statut != 200 or corps is None:
            return
        ids = [fait["id"] if isinstance(fait, Mapping) else "" for fait in lot]
        self._exiger("une réponse par fait, en ordre", [r["id"] for r in corps["reponses"]], ids)
        legaux = {fait["id"]: fait for fait in self.faits}
        for reponse, fait in zip(corps["reponses"], lot, strict=True):
            if not isinstance(fait, Mapping) or legaux.get(fait["id"]) != fait:
                continue
            if reponse["etat"] == "acceptee":
                self._acceptees[reponse["id"]] += 1
            elif reponse["etat"] != "deja_recue":
                self._bilan.ecarts.append(f"fait légal refusé : {reponse}")
                continue
            poste.attente.pop(reponse["id"], None)

    def _vider(self, poste: Poste) -> None:
        for _ in range(_VIDAGES):
            if not poste.attente:
                return
            self._envoyer(poste, list(poste.attente.values()))
            if poste.attente:
                time.sleep(0.1)
        self._bilan.ecarts.append(f"{len(poste.attente)} gestes jamais acquittés")

    def _exiger(self, quoi: str, obtenu: object, attendu: object) -> None:
        if obtenu != attendu:
            self._bilan.ecarts.append(f"{quoi} : {obtenu!r} au lieu de {attendu!r}")


@dataclass(slots=True)
class Serie:
    """La grille où s'ajoutent les essais de protocole du moment, et tout ce qu'ils y ont fait."""

    place: Place | None = None
    cookie: str = ""
    criteres: tuple[str, ...] = ()
    essais: int = 0
    faits: list[dict[str, Any]] = field(default_factory=list)


def jouer(scene: Scene, serie: Serie, bilan: Bilan) -> None:
    """Un essai, puis la comparaison de toute la grille au registre de tous les essais qui y ont passé."""
    if serie.place is None or serie.essais >= ESSAIS_PAR_LECTURE:
        from parchemin.convocations.selectors import epreuve_par_id
        from parchemin.evaluation.selectors import bloc_de
        from parchemin.socle.acteur import SYSTEME

        serie.place = scene.place("B3")
        bloc = bloc_de(SYSTEME, epreuve_par_id(SYSTEME, serie.place.epreuve))
        serie.criteres = tuple(critere.code for critere in bloc.criteres())
        serie.cookie = scene.connecter(serie.place.evaluateur)
        serie.essais, serie.faits = 0, []
    essai = Essai(scene, serie.place, serie.cookie, bilan, serie.criteres)
    try:
        essai.jouer()
    except BaseException:
        serie.place = None  # le registre de cette grille est incomplet : la suivante repart de rien
        raise
    finally:
        scene.mandataire.desarmer()
    serie.essais += 1
    serie.cookie = essai.cookie
    serie.faits += essai.faits
    gardes = faits_de(serie.place)
    comparer(bilan, surs=Counter(map(_trait, serie.faits)), incertains=Counter(), gardes=Counter(map(_trait, gardes)))
    comparer_les_grilles(bilan, serie.place, serie.faits)
    if not bilan.sain:
        serie.place = None  # une grille blessée ne sert plus : l'essai suivant en prend une neuve


def _trait(fait: Mapping[str, Any]) -> str:
    """Un fait en une ligne comparable ; son heure, en temps universel, comme la base la garde."""
    mural = datetime.fromisoformat(fait["mural"]).astimezone(UTC).isoformat()
    return json.dumps({**fait, "mural": mural}, sort_keys=True, ensure_ascii=False)


def _code(corps: Any) -> str:
    return str((corps or {}).get("erreur", {}).get("code", "")) if isinstance(corps, dict) else ""
