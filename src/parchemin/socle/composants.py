"""Ce que les composants de page savent montrer : des valeurs figées, sans Django.

Les présentateurs de chaque capacité les composent ; les balises de ``{% load parchemin %}`` les dessinent
(voir la page ``/style``). Les phrases que l’œil ne voit pas (lecteur d’écran) se calculent ici : elles disent
la même chose que le dessin.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from parchemin.socle.typographie import anciennete, date_courte, pluriel


class Ton(StrEnum):
    """Le sens d’un statut ou d’un avis. La forme et le mot le disent ; la couleur le répète."""

    OUI = "oui"
    NON = "non"
    ATTENTE = "attente"
    INFO = "info"
    NEUTRE = "neutre"


@dataclass(frozen=True, slots=True)
class MotsPoints:
    """Les mots d’une rangée de points (singulier, pluriel) : ce que veut dire plein, barré, pointillé."""

    valide: tuple[str, str]
    non_valide: tuple[str, str]
    ouvert: tuple[str, str]


CRITERES = MotsPoints(
    ("validé", "validés"),
    ("non validé", "non validés"),
    ("non observé", "non observés"),
)
COMPETENCES = MotsPoints(("acquise", "acquises"), ("non acquise", "non acquises"), ("à décider", "à décider"))
BLOCS = MotsPoints(("acquis", "acquis"), ("non acquis", "non acquis"), ("à décider", "à décider"))
ATTESTATIONS = MotsPoints(("attestée", "attestées"), ("refusée", "refusées"), ("attendue", "attendues"))


@dataclass(frozen=True, slots=True)
class RangeePoints:
    """Un point par critère (ou compétence) : validés d’abord, puis non validés, puis ouverts.

    ``requis`` place le trait du seuil après autant de points ; ``None`` : pas de seuil à montrer.
    Lève ``ValueError`` pour un compte négatif ou un seuil au-delà de la rangée.
    """

    valides: int
    non_valides: int
    ouverts: int
    requis: int | None = None
    mots: MotsPoints = CRITERES

    def __post_init__(self) -> None:
        if min(self.valides, self.non_valides, self.ouverts) < 0:
            raise ValueError("une rangée de points ne compte rien de négatif")
        if self.requis is not None and not 0 <= self.requis <= self.total:
            raise ValueError(f"seuil {self.requis} hors d’une rangée de {self.total}")

    @property
    def total(self) -> int:
        return self.valides + self.non_valides + self.ouverts

    @property
    def formes(self) -> Iterator[str]:
        """La suite à dessiner : « v », « n », « o », et « seuil » à sa place."""
        suite = "v" * self.valides + "n" * self.non_valides + "o" * self.ouverts
        for rang, forme in enumerate(suite):
            if rang == self.requis:
                yield "seuil"
            yield forme
        if self.requis == self.total:
            yield "seuil"

    @property
    def phrase(self) -> str:
        """« 3 validés, 1 non validé, 1 non observé ; il en faut 4 »."""
        comptes = [pluriel(self.valides, *self.mots.valide)]
        if self.non_valides:
            comptes.append(pluriel(self.non_valides, *self.mots.non_valide))
        if self.ouverts:
            comptes.append(pluriel(self.ouverts, *self.mots.ouvert))
        phrase = ", ".join(comptes)
        return phrase if self.requis is None else f"{phrase} ; il en faut {self.requis}"


class EtatEtape(StrEnum):
    """Où l’on en est d’une étape du chemin."""

    FAITE = "faite"
    ICI = "ici"
    A_VENIR = "a_venir"


@dataclass(frozen=True, slots=True)
class Etape:
    """Une étape du chemin. ``mention`` remplace la date (« en cours », « entre le 10 et le 16 déc. »)."""

    libelle: str
    date: date | None
    etat: EtatEtape
    mention: str = ""

    @property
    def quand(self) -> str:
        return self.mention or (date_courte(self.date) if self.date else "")

    @property
    def en_mots(self) -> str:
        """L’état, pour qui ne voit pas le dessin."""
        return {EtatEtape.FAITE: " (fait) ", EtatEtape.ICI: " (en cours) ", EtatEtape.A_VENIR: " (à venir) "}[self.etat]


@dataclass(frozen=True, slots=True)
class Balle:
    """Qui a la main, depuis quand, pour faire quoi. ``a_vous`` : la personne qui regarde doit agir."""

    qui: str
    quoi: str
    depuis: date | None = None
    aujourdhui: date | None = None
    a_vous: bool = False

    @property
    def depuis_quand(self) -> str:
        """« depuis 9 jours », ou rien si la page n’a pas donné les deux dates."""
        if self.depuis is None or self.aujourdhui is None:
            return ""
        return anciennete(self.depuis, self.aujourdhui)


@dataclass(frozen=True, slots=True)
class Statut:
    """Un état en un mot, avec sa forme : coche, croix, sablier, point."""

    ton: Ton
    libelle: str


@dataclass(frozen=True, slots=True)
class Action:
    """Un bouton : un lien (``get``) ou un formulaire (``post``, avec ses champs cachés)."""

    libelle: str
    url: str
    methode: str = "get"
    principale: bool = False
    champs: tuple[tuple[str, str], ...] = ()
    precision: str = ""
    """Ce que le libellé laisse entendre à l’œil : « pour Nour Haddad » (lu, non montré)."""
    grave: bool = False

    def __post_init__(self) -> None:
        if self.methode not in ("get", "post"):
            raise ValueError(f"méthode inconnue : {self.methode}")


@dataclass(frozen=True, slots=True)
class LigneAFaire:
    """Une chose à faire : quand, quoi, pourquoi, et le geste. ``premiere`` : celle par quoi commencer."""

    quand: str
    titre: str
    pourquoi: str
    action: Action | None = None
    precision: str = ""
    points: RangeePoints | None = None
    premiere: bool = False
    en_retard: bool = False


@dataclass(frozen=True, slots=True)
class AFaire:
    """Une ligne de l’accueil et ce qui l’ordonne : l’échéance d’abord. ``chez_les_autres`` : quelqu’un d’autre doit agir."""

    echeance: date
    ligne: LigneAFaire
    chez_les_autres: bool = False


@dataclass(frozen=True, slots=True)
class Avis:
    """Un message : ce qui s’est passé, ce qui a été gardé, ce qu’il faut faire."""

    ton: Ton
    titre: str
    texte: str = ""
    conserve: str = ""
    a_faire: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Vide:
    """Une page ou une liste sans rien : un état agréable, avec ce qui le remplira."""

    titre: str
    texte: str = ""
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Lien:
    """Une adresse et son libellé ; ``courant`` : la page où l’on est."""

    libelle: str
    url: str
    courant: bool = False


@dataclass(frozen=True, slots=True)
class Intitule:
    """Un code et les mots officiels qu’il porte (« C1.1 », la compétence) : montrés sans retouche aucune."""

    code: str
    libelle: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Identite:
    """Qui est connecté, en quelle qualité : montré en haut de chaque page (``identite`` du contexte)."""

    nom: str
    qualite: str = ""
    liens: tuple[Lien, ...] = ()
    cle: str = ""
    """Son identifiant opaque : ce que son appareil garde porte ce nom."""
    modules: tuple[str, ...] = ()
    """Les adresses des scripts que toute page de cette personne charge (ce qui veille sur son appareil)."""


@dataclass(frozen=True, slots=True)
class Jauge:
    """Ce que le référentiel demande et ce qui est fait, en entiers (minutes, entretiens, courriers)."""

    libelle: str
    valeur: int
    maximum: int
    unite: str = ""

    def __post_init__(self) -> None:
        if self.valeur < 0 or self.maximum <= 0:
            raise ValueError("une jauge va de zéro à un maximum positif")

    @property
    def atteinte(self) -> bool:
        return self.valeur >= self.maximum

    @property
    def compte(self) -> str:
        """« 2 sur 2 », « 14 sur 20 min »."""
        return f"{self.valeur} sur {self.maximum}" + (f"\N{NO-BREAK SPACE}{self.unite}" if self.unite else "")


@dataclass(frozen=True, slots=True)
class Option:
    """Un des choix d’un critère : sa valeur, son mot, et la forme qu’il prend une fois choisi."""

    valeur: str
    libelle: str
    forme: str


OPTIONS_CRITERE = (
    Option("valide", "Validé", "v"),
    Option("non_valide", "Non validé", "n"),
    Option("non_observe", "Non observé", "o"),
)


@dataclass(frozen=True, slots=True)
class ChoixCritere:
    """Un critère de la grille et ses trois choix. ``libelle`` est montré mot pour mot, sans retouche typographique.

    ``envoi`` : « radio » (dans un formulaire que la page enregistre) ou « bouton » (chaque choix est envoyé d’un
    geste, sans JavaScript). ``identifiant`` est unique dans la page. ``mot`` est le commentaire déjà écrit ;
    ``nom_mot`` le nom du champ qui le reçoit (vide : pas de commentaire possible) ; ``signes_du_mot`` ce qu’il admet.
    """

    identifiant: str
    libelle: str
    nom: str
    valeur: str | None = None
    code: str = ""
    options: tuple[Option, ...] = OPTIONS_CRITERE
    envoi: str = "radio"
    nom_mot: str = ""
    mot: str = ""
    signes_du_mot: int | None = None
    indication: str = ""
    fige: bool = False

    def __post_init__(self) -> None:
        if self.envoi not in ("radio", "bouton"):
            raise ValueError(f"envoi inconnu : {self.envoi}")
        if self.valeur is not None and self.valeur not in {option.valeur for option in self.options}:
            raise ValueError(f"choix inconnu : {self.valeur}")

    @property
    def choisie(self) -> Option | None:
        return next((option for option in self.options if option.valeur == self.valeur), None)


@dataclass(frozen=True, slots=True)
class Colonne:
    """Une colonne de tableau. ``nombre`` : chiffres alignés à droite ; ``discrete`` : en second plan."""

    titre: str
    nombre: bool = False
    discrete: bool = False


type Cellule = str | int | Intitule | Lien | Action | Statut | RangeePoints | date | None
"""Ce qu’une case sait montrer ; ``None`` se montre par un tiret."""


@dataclass(frozen=True, slots=True)
class Tableau:
    """Un tableau dont la première colonne nomme la ligne. Sur téléphone, chaque ligne devient une fiche.

    Lève ``ValueError`` si une ligne n’a pas une case par colonne.
    """

    legende: str
    colonnes: tuple[Colonne, ...]
    lignes: tuple[tuple[Cellule, ...], ...]
    legende_visible: bool = False

    def __post_init__(self) -> None:
        for ligne in self.lignes:
            if len(ligne) != len(self.colonnes):
                raise ValueError(f"{len(ligne)} cases pour {len(self.colonnes)} colonnes")
