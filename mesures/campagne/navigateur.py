"""Les essais dans Chromium : des gestes sur la vraie page, des fautes réelles, et le registre de ce que le script a fait.

Un geste fait moins de `GRACE` avant une mort (onglet, navigateur) est dit incertain : il peut manquer, jamais doubler ni
changer. Tous les autres doivent être dans la base à la fin, une fois chacun, et rien d'autre.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from mesures.campagne.appareil import HORLOGE, Appareil
from mesures.campagne.mandataire import ECHANGE, Faute, Genre
from mesures.campagne.registre import Bilan, comparer, comparer_les_grilles, faits_de

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

    from mesures.campagne.scene import Scene

GRACE = 0.4
"""Secondes : en deçà, un geste n'a peut-être pas eu le temps d'être écrit sur l'appareil."""
PATIENCE = 25.0
"""Secondes laissées, tout rétabli, pour que le dernier geste soit dans la base."""
FAUTES = (
    "serveur_tue", "hors_ligne_et_recharge", "secret_injoignable", "deux_appareils", "coupe_requete", "coupe_reponse",
    "retard_et_recharge", "statut", "statut_apres", "double", "rejoue", "hors_ligne", "base_redemarree", "onglet_tue",
    "navigateur_tue", "recharge_en_envoi", "horloge", "expiree", "quota", "file_v1", "mise_a_niveau",
    "journee_preparee", "silence", "page_coupee", "deux_onglets", "deconnexion",
)  # fmt: skip
MORTELLES = frozenset({"navigateur_tue", "secret_injoignable"})
BLOCS = ("B3", "B3", "B3", "B1", "B2", "B4")
CODE = "271828"
_SECRET = re.compile(r"^POST /hors-ligne/cle/$")
_PAGE = re.compile(r"^(GET (/epreuves/[0-9a-f-]{36}/grille/|/static/.+)|POST /hors-ligne/cle/)$")
_SILENCE_S = 16.0
"""Secondes : plus que la page n'en laisse à une réponse (`DELAI`, `envoi.js`)."""
_ARRONDI_MS = 5
HEURES_3_MS = 3 * 3_600_000


@dataclass(slots=True)
class Geste:
    """Un geste du script. `sur` : la base doit le tenir."""

    appareil: int
    cible: str
    valeur: object
    instant: float
    sur: bool = True

    @property
    def trait(self) -> str:
        """Ce qui se compare à la base : l'identifiant qu'un appareil donne à un entretien est à lui."""
        return trait(self.cible, self.valeur)


def trait(cible: str, valeur: object) -> str:
    """Une ligne comparable."""
    cible = "entretien" if cible.startswith("entretien:") else cible
    return f"{cible} = {json.dumps(valeur, sort_keys=True, ensure_ascii=False)}"


class Essai:
    """Un essai, tout entier tiré de sa graine."""

    def __init__(self, scene: Scene, moteur: Playwright, commun: Browser, bilan: Bilan) -> None:
        from parchemin.convocations.selectors import epreuve_par_id
        from parchemin.evaluation.selectors import bloc_de
        from parchemin.socle.acteur import SYSTEME

        self._hasard = random.Random(f"navigateur {bilan.graine} {bilan.numero}")
        self._scene = scene
        self._moteur, self._commun = moteur, commun
        self._bilan = bilan
        self._faute = FAUTES[bilan.numero % len(FAUTES)]
        self._place = scene.place(self._hasard.choice(BLOCS))
        self._bloc = bloc_de(SYSTEME, epreuve_par_id(SYSTEME, self._place.epreuve))
        codes = [critere.code for critere in self._bloc.criteres()]
        self._criteres = self._hasard.sample(codes, k=4)
        self._gestes: list[Geste] = []
        self._etapes = [
            f"phase:{phase.code}:{borne}" for phase in self._bloc.epreuve.phases for borne in ("debut", "fin")
        ]
        self._appareils: list[Appareil] = []
        self._conflits: set[str] = set()
        self._duree: tuple[str, float, float] | None = None
        """Une phase, et entre quelles bornes (millisecondes, montre du script) sa durée doit tomber."""

    def jouer(self) -> None:
        """Les gestes, les fautes, puis la comparaison."""
        mandataire = self._scene.mandataire
        with ExitStack() as pile:
            pile.callback(setattr, mandataire, "reecrire", None)
            pile.callback(mandataire.desarmer)
            pile.callback(self._ranger)
            un = self._un_appareil()
            secondaire = self._hasard.choice(("", "", "coupe_reponse", "coupe_requete", "statut", "double"))
            self._bilan.fautes = [self._faute, *([secondaire] if secondaire else [])]
            if self._faute not in {"file_v1", "mise_a_niveau", "secret_injoignable", "horloge", "journee_preparee"}:
                un.ouvrir()
                self._faire(un, self._hasard.randint(1, 3))
            if secondaire:
                self._armer(Genre(secondaire))
            getattr(self, f"_{self._faute}")(un)
            self._faire(un, self._hasard.randint(1, 2))
            mandataire.desarmer()
            un.retablir()
            self._attendre_tout(un)
            self._verifier(un)
            self._verifier_la_duree()
        self._bilan.gestes = len(self._gestes)
        self._bilan.incertains = sum(not geste.sur for geste in self._gestes)

    def _ranger(self) -> None:
        for appareil in self._appareils:
            appareil.fermer()

    # --- les gestes -------------------------------------------------------------------------------------------------------

    def _un_appareil(self) -> Appareil:
        mortel = self._faute in MORTELLES
        self._appareils.append(Appareil(self._scene, self._place, self._moteur, self._commun, mortel=mortel))
        return self._appareils[-1]

    def _faire(self, appareil: Appareil, combien: int, *, criteres_seulement: bool = False) -> None:
        for _ in range(combien):
            critere = self._hasard.choice(self._criteres)
            genre = (
                "critere"
                if criteres_seulement
                else self._hasard.choice(("critere",) * 6 + ("remarque",) * 2 + ("etape", "entretien"))
            )
            if genre == "entretien" and self._place.bloc not in {"B1", "B3", "B4"}:
                genre = "critere"
            if genre == "entretien" and not appareil.page.locator('button[value="entretien"]').count():
                genre = "critere"
            if genre == "etape" and not self._etapes:
                genre = "critere"
            match genre:
                case "critere":
                    valeur = self._hasard.choice(("valide", "non_valide", "non_observe"))
                    appareil.trancher(critere, valeur)
                    self._noter(appareil, f"critere:{critere}", valeur)
                case "remarque":
                    texte = f"Remarque {self._bilan.numero}-{len(self._gestes)}"
                    appareil.remarquer(critere, texte)
                    self._noter(appareil, f"commentaire:{critere}", texte)
                case "etape":
                    self._une_etape(appareil)
                case "entretien":
                    appareil.entretien()
                    self._noter(appareil, "entretien:", {"alternative": None})

    def _une_etape(self, appareil: Appareil) -> tuple[float, float]:
        """La prochaine étape ; rend les instants d'avant et d'après la tape."""
        etape = self._etapes.pop(0)
        avant = time.monotonic()
        appareil.etape(etape)
        self._noter(appareil, etape, True)
        return avant, time.monotonic()

    def _noter(self, appareil: Appareil, cible: str, valeur: object) -> None:
        self._gestes.append(Geste(self._appareils.index(appareil), cible, valeur, time.monotonic()))

    def _avant_une_mort(self, appareil: Appareil) -> None:
        """Laisse, deux fois sur trois, le temps qu'un geste demande ; ce qui est trop frais devient incertain."""
        if self._hasard.random() < 2 / 3:
            appareil.page.wait_for_timeout(1000 * GRACE * 1.1)
        instant = time.monotonic()
        for geste in self._gestes:
            if self._appareils[geste.appareil] is appareil and instant - geste.instant < GRACE:
                geste.sur = False

    # --- les fautes -------------------------------------------------------------------------------------------------------

    def _armer(
        self, genre: Genre, *, motif: re.Pattern[str] = ECHANGE, fois: int = 0, secondes: float = 0.0, statut: int = 0
    ) -> Faute:
        statut = statut or self._hasard.choice((409, 500, 502, 503, 504))
        part = self._hasard.random()
        fois = fois or self._hasard.randint(1, 2)
        return self._scene.mandataire.armer(
            Faute(genre, fois=fois, part=part, statut=statut, motif=motif, secondes=secondes)
        )

    def _simple(self, appareil: Appareil, genre: Genre) -> None:
        self._armer(genre)
        self._faire(appareil, self._hasard.randint(1, 3))

    def _coupe_requete(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.COUPE_REQUETE)

    def _coupe_reponse(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.COUPE_REPONSE)

    def _statut(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.STATUT)

    def _statut_apres(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.STATUT_APRES)

    def _double(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.DOUBLE)

    def _rejoue(self, appareil: Appareil) -> None:
        self._simple(appareil, Genre.REJOUE)

    def _retard_et_recharge(self, appareil: Appareil) -> None:
        """Le serveur a tout reçu ; la page se recharge avant d'en avoir la réponse."""
        self._armer(Genre.RETARD, secondes=1.0, fois=1)
        self._faire(appareil, self._hasard.randint(1, 3))
        self._avant_une_mort(appareil)
        appareil.recharger()

    def _recharge_en_envoi(self, appareil: Appareil) -> None:
        for _ in range(2):
            self._faire(appareil, self._hasard.randint(2, 4))
            self._avant_une_mort(appareil)
            appareil.recharger()

    def _hors_ligne(self, appareil: Appareil) -> None:
        appareil.couper()
        self._faire(appareil, self._hasard.randint(3, 8))
        appareil.retablir()

    def _hors_ligne_et_recharge(self, appareil: Appareil) -> None:
        appareil.attendre_le_gardien()
        appareil.couper()
        self._faire(appareil, self._hasard.randint(2, 4))
        self._avant_une_mort(appareil)
        appareil.recharger()
        self._l_ecran_dit(appareil)
        self._faire(appareil, self._hasard.randint(1, 4))

    def _silence(self, appareil: Appareil) -> None:
        """Un mandataire a tout transmis, et se tait : il finit par répondre 504, ou la page renonce avant lui."""
        if self._hasard.random() < 0.5:
            self._armer(Genre.STATUT_APRES, secondes=self._hasard.uniform(1, 3), fois=1, statut=504)
        else:
            self._armer(Genre.RETARD, secondes=_SILENCE_S, fois=1)
        self._faire(appareil, self._hasard.randint(2, 4))
        appareil.page.wait_for_timeout(500)

    def _page_coupee(self, appareil: Appareil) -> None:
        """La page se recharge, et c'est elle que la coupure atteint : son texte, l'un de ses scripts, le secret."""
        appareil.attendre_le_gardien()
        for _ in range(2):
            self._faire(appareil, self._hasard.randint(1, 3))
            self._avant_une_mort(appareil)
            genre = self._hasard.choice((Genre.COUPE_REQUETE, Genre.COUPE_REPONSE, Genre.COUPE_REPONSE, Genre.STATUT))
            self._armer(genre, motif=_PAGE, statut=self._hasard.choice((500, 502, 503, 504)))
            appareil.recharger()
            self._l_ecran_dit(appareil)

    def _serveur_tue(self, appareil: Appareil) -> None:
        self._chuter(appareil, self._scene.tuer_le_serveur)

    def _base_redemarree(self, appareil: Appareil) -> None:
        self._chuter(appareil, self._scene.redemarrer_la_base)

    def _chuter(self, appareil: Appareil, chute: Callable[[], float]) -> None:
        """La chute tombe pendant qu'un lot se traite ; la personne, elle, continue."""
        fini = threading.Event()

        def tomber() -> None:
            try:
                chute()
            finally:
                fini.set()

        faute = Faute(Genre.GESTE, geste=tomber, secondes=self._hasard.uniform(0, 0.03))
        self._scene.mandataire.armer(faute, d_abord=True)
        self._faire(appareil, self._hasard.randint(1, 3))
        limite = time.monotonic() + 60
        while not fini.is_set() and time.monotonic() < limite:
            appareil.page.wait_for_timeout(50)
        if not fini.is_set():
            self._bilan.ecarts.append("le service n'est pas revenu")
        self._scene.oublier_les_connexions()

    def _onglet_tue(self, appareil: Appareil) -> None:
        if self._hasard.random() < 0.5:
            self._armer(Genre.STATUT, motif=_SECRET, fois=1)
        self._armer(Genre.COUPE_REQUETE)
        self._faire(appareil, self._hasard.randint(2, 4))
        self._avant_une_mort(appareil)
        appareil.tuer_l_onglet()

    def _navigateur_tue(self, appareil: Appareil) -> None:
        if self._hasard.random() < 0.5:
            appareil.couper()
        self._faire(appareil, self._hasard.randint(2, 5))
        self._avant_une_mort(appareil)
        self._bilan.reprises.setdefault("navigateur", []).append(appareil.tuer_le_navigateur())

    def _secret_injoignable(self, appareil: Appareil) -> None:
        """La page s'est ouverte, puis plus rien : le serveur n'a pas pu donner le secret du coffre. Le navigateur meurt."""
        self._armer(Genre.STATUT, motif=_SECRET, fois=99)
        appareil.ouvrir()
        appareil.couper()
        self._faire(appareil, self._hasard.randint(2, 5))
        appareil.page.wait_for_timeout(1000 * GRACE * 1.1)
        self._scene.mandataire.desarmer()
        appareil.tuer_le_navigateur()

    def _expiree(self, appareil: Appareil) -> None:
        appareil.expirer()
        self._faire(appareil, self._hasard.randint(1, 4))
        appareil.page.wait_for_timeout(100)
        appareil.se_reconnecter()
        appareil.reveiller()

    def _deconnexion(self, appareil: Appareil) -> None:
        """Se déconnecter alors que des gestes attendent ici : la même personne les retrouve à son retour."""
        self._armer(Genre.STATUT, fois=99)
        self._faire(appareil, self._hasard.randint(1, 4))
        appareil.page.wait_for_timeout(1000 * GRACE * 1.1)
        appareil.se_deconnecter()
        self._scene.mandataire.desarmer()
        appareil.se_reconnecter()
        appareil.ouvrir()

    def _quota(self, appareil: Appareil) -> None:
        """Le vrai quota du navigateur est atteint ; le réseau manque, ou non."""
        appareil.page.wait_for_timeout(200)
        appareil.saturer(0)
        coupe = self._hasard.random() < 0.5
        if coupe:
            appareil.couper()
        self._faire(appareil, self._hasard.randint(2, 4))
        appareil.page.wait_for_timeout(300)
        etat, ranges = appareil.etat, appareil.compter("gestes")
        attendus = sum((self._surs() - self._gardes()).values())
        if coupe and ranges < attendus and "gardé que par cette page" not in etat:
            self._bilan.ecarts.append(f"{ranges} gestes rangés sur {attendus}, sans que la page le dise : « {etat} »")
        appareil.saturer(None)
        appareil.retablir()

    def _file_v1(self, appareil: Appareil) -> None:
        """Une file écrite par la première version, dans la mémoire de l'onglet, rencontre celle-ci."""
        appareil.ouvrir()
        nom = self._uuid()
        file = []
        for rang in range(1, self._hasard.randint(2, 5)):
            critere, valeur = self._hasard.choice(self._criteres), self._hasard.choice(("valide", "non_valide"))
            file.append(
                {
                    "id": self._uuid(),
                    "appareil": nom,
                    "rang": rang,
                    "cible": f"critere:{critere}",
                    "valeur": valeur,
                    "remplace": None,
                    "vus": {},
                    "mural": datetime.now(UTC).isoformat(),
                    "monotone_ms": round(time.time() * 1000) - 60_000 + rang,
                    "norme": self._place.norme,
                }
            )
            self._noter(appareil, f"critere:{critere}", valeur)
        cle = f"parchemin-grille {self._place.faits} {self._place.evaluateur.id}"
        contenu = json.dumps({"appareil": nom, "rang": len(file), "file": file})
        appareil.page.evaluate("([cle, contenu]) => sessionStorage.setItem(cle, contenu)", [cle, contenu])
        sature = self._hasard.random() < 0.5
        if sature:
            appareil.saturer(0)
        appareil.recharger()
        self._attendre_la_base()
        if sature:
            appareil.saturer(None)

    def _mise_a_niveau(self, appareil: Appareil) -> None:
        """Un jour, une version ; le lendemain, une autre : le gardien change, la file reste."""
        mandataire = self._scene.mandataire
        mandataire.reecrire = _version("hier")
        appareil.ouvrir()
        appareil.attendre_le_gardien()
        appareil.couper()
        self._faire(appareil, self._hasard.randint(2, 4))
        appareil.page.wait_for_timeout(1000 * GRACE * 1.1)
        mandataire.reecrire = _version("aujourd-hui")
        if self._hasard.random() < 0.5:
            appareil.recharger()
            self._faire(appareil, 1)
        appareil.retablir()
        appareil.tuer_l_onglet()
        appareil.attendre_le_gardien()

    def _horloge(self, appareil: Appareil) -> None:
        """L'horloge ment de trois heures, saute page ouverte, et repart autrement après un rechargement sans réseau."""
        sauts = self._hasard.sample((-HEURES_3_MS, 0, HEURES_3_MS), k=3)
        appareil.ecart_ms = sauts[0] or 1
        appareil.ouvrir()
        appareil.attendre_le_gardien()
        appareil.couper()
        phase = self._bloc.epreuve.phases[0].code
        avant, apres = self._une_etape(appareil)
        self._faire(appareil, self._hasard.randint(1, 3), criteres_seulement=True)
        appareil.regler_l_horloge(sauts[1])
        self._faire(appareil, self._hasard.randint(1, 3), criteres_seulement=True)
        avant_la_fin, apres_la_fin = self._une_etape(appareil)
        self._duree = (phase, 1000 * (avant_la_fin - apres), 1000 * (apres_la_fin - avant))
        appareil.page.wait_for_timeout(1000 * GRACE * 1.1)
        appareil.page.add_init_script(HORLOGE % sauts[2])  # s'ajoute à la première : les deux écarts se somment
        appareil.recharger()
        self._l_ecran_dit(appareil)
        self._faire(appareil, self._hasard.randint(1, 3))

    def _journee_preparee(self, appareil: Appareil) -> None:
        """« Préparer ma journée », partir sans réseau, perdre l'onglet, rouvrir par le code."""
        page = appareil.page
        page.goto(f"{self._scene.mandataire.adresse}/ma-journee/")
        page.get_by_label("Code, de 6 à 12 chiffres").fill(CODE)
        page.get_by_role("button", name="Préparer ma journée").click()
        page.get_by_text("Tout est prêt sur cet appareil.").wait_for()
        appareil.couper()
        for _ in range(2):
            page = appareil.contexte.new_page()
            appareil.page.close()
            appareil.page = page
            page.goto(self._scene.mandataire.adresse + self._place.grille)
            page.get_by_label("Votre code").fill(CODE)
            page.get_by_role("button", name="Ouvrir mes grilles").click()
            appareil.attendre_la_page()
            page.wait_for_timeout(200)
            self._l_ecran_dit(appareil)
            self._faire(appareil, self._hasard.randint(2, 4))
            page.wait_for_timeout(1000 * GRACE * 1.1)

    def _deux_appareils(self, un: Appareil) -> None:
        """Deux tablettes du même évaluateur, à jour, se séparent, notent chacune, et reviennent."""
        deux = self._un_appareil()
        self._attendre_tout(un)
        deux.ouvrir()
        self._se_separer(un, deux)

    def _deux_onglets(self, un: Appareil) -> None:
        """La même tablette, l'onglet dupliqué : sa mémoire, et le nom d'appareil qu'elle porte, sont copiés."""
        self._attendre_tout(un)
        self._appareils.append(un.dupliquer_l_onglet())
        self._se_separer(un, self._appareils[-1])

    def _se_separer(self, un: Appareil, deux: Appareil) -> None:
        """Chacun note sans rien voir de l'autre ; ce qui se contredit attend une personne, qui tranche."""
        un.recharger()
        depart = len(self._gestes)
        for appareil in (un, deux):
            appareil.couper()
            self._faire(appareil, self._hasard.randint(2, 5), criteres_seulement=True)
        for appareil in self._hasard.sample((un, deux), k=2):
            appareil.retablir()
        self._attendre_tout(un)
        derniers: dict[str, dict[int, object]] = {}
        for geste in self._gestes[depart:]:
            derniers.setdefault(geste.cible, {})[geste.appareil] = geste.valeur
        self._conflits = {cible for cible, dits in derniers.items() if len(set(dits.values())) > 1}
        self._verifier_les_conflits()
        un.recharger()
        for cible in sorted(self._conflits):
            valeur = self._hasard.choice(("valide", "non_valide"))
            un.trancher(cible.removeprefix("critere:"), valeur)
            self._noter(un, cible, valeur)
        self._conflits = set()

    # --- attendre, vérifier -------------------------------------------------------------------------------------------------

    def _uuid(self) -> str:
        return str(UUID(int=self._hasard.getrandbits(128), version=4))

    def _surs(self) -> Counter[str]:
        return Counter(geste.trait for geste in self._gestes if geste.sur)

    def _gardes(self) -> Counter[str]:
        return Counter(trait(fait["cible"], fait["valeur"]) for fait in faits_de(self._place))

    def _attendre_la_base(self) -> bool:
        """Vrai dès que la base tient tout ce que le script a fait de sûr."""
        limite = time.monotonic() + PATIENCE
        while self._surs() - self._gardes():
            if time.monotonic() > limite:
                return False
            for appareil in self._appareils:
                appareil.page.wait_for_timeout(40)
        return True

    def _attendre_tout(self, appareil: Appareil) -> None:
        """Le réseau est là, la personne revient à sa page : tout doit partir, et la réserve se vider."""
        for un in self._appareils:
            un.reveiller()
        if not self._attendre_la_base():
            dits = f"l'appareil garde {appareil.compter('gestes')} gestes et dit « {appareil.etat} »"
            self._bilan.ecarts.append(f"{PATIENCE:.0f} s après le retour du réseau, {dits}")
            return
        limite = time.monotonic() + PATIENCE
        while (reste := appareil.compter("gestes")) and time.monotonic() < limite:
            appareil.page.wait_for_timeout(40)
        if reste:
            self._bilan.ecarts.append(f"{reste} gestes acquittés restent sur l'appareil")

    def _verifier(self, appareil: Appareil) -> None:
        gardes = faits_de(self._place)
        incertains = Counter(geste.trait for geste in self._gestes if not geste.sur)
        comparer(self._bilan, surs=self._surs(), incertains=incertains, gardes=self._gardes())
        comparer_les_grilles(self._bilan, self._place, gardes)
        self._verifier_les_conflits()
        if not self._bilan.perdus:
            appareil.recharger()
            self._l_ecran_dit(appareil)

    def _verifier_les_conflits(self) -> None:
        """Les conflits que lit le serveur sont ceux que le script a causés : aucun tu, aucun de plus."""
        from parchemin.evaluation import selectors

        lus = {conflit.cible for conflit in selectors.grille(self._place.evaluateur, self._place.epreuve).conflits}
        self._bilan.fusions += [f"{cible} fondu en silence" for cible in sorted(self._conflits - lus)]
        self._bilan.ecarts += [f"{cible} en conflit à tort" for cible in sorted(lus - self._conflits)]

    def _verifier_la_duree(self) -> None:
        """L'heure a sauté entre le début et la fin d'une phase : sa durée est celle que le script a mesurée."""
        from parchemin.evaluation import selectors

        if self._duree is None:
            return
        phase, au_moins, au_plus = self._duree
        lue = selectors.grille(self._place.evaluateur, self._place.epreuve).phases[phase].duree_ms
        if lue is None or not au_moins - _ARRONDI_MS <= lue <= au_plus + _ARRONDI_MS:
            self._bilan.ecarts.append(f"{phase} dure {lue} ms, entre {au_moins:.0f} et {au_plus:.0f} pour le script")

    def _l_ecran_dit(self, appareil: Appareil) -> None:
        """L'écran montre, de chaque cible touchée, le dernier geste sûr ou l'un des incertains qui le suivent."""
        choix = appareil.choix() | appareil.remarques()
        for cible in {geste.cible for geste in self._gestes if geste.cible.startswith(("critere:", "commentaire:"))}:
            admis = _admis([geste for geste in self._gestes if geste.cible == cible])
            if admis and choix.get(cible) not in admis:
                self._bilan.ecarts.append(f"l'écran dit {cible} = {choix.get(cible)!r}, le script a fait {admis}")


def _admis(gestes: Sequence[Geste]) -> list[object]:
    """Les valeurs que peut avoir une cible ; vide : aucun geste n'y est sûr."""
    admis: list[object] = []
    for geste in gestes:
        admis = [geste.valeur] if geste.sur else [*admis, geste.valeur]
    return admis if any(geste.sur for geste in gestes) else []


def _version(nom: str) -> Callable[[str, bytes], bytes]:
    """Le gardien d'une autre version de l'application."""

    def reecrire(chemin: str, corps: bytes) -> bytes:
        if chemin != "/service-worker.js":
            return corps
        return corps.replace(b'const VERSION = "', f'const VERSION = "{nom}-'.encode())

    return reecrire
