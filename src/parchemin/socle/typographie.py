"""La typographie française de l’écran : dates en toutes lettres, durées, pluriels, espaces insécables.

Fonctions pures, sans Django ni horloge : les présentateurs les appellent, les gabarits les ont comme filtres.
Usages suivis : Lexique des règles typographiques en usage à l’Imprimerie nationale.
"""

import re
from datetime import date, datetime, timedelta, tzinfo

from parchemin.socle.cles import cle_recherche
from parchemin.socle.horloge import PARIS

INSECABLE = "\N{NO-BREAK SPACE}"
FINE = "\N{NARROW NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

VOYELLES = ("a", "e", "i", "o", "u")
H_MUETS = frozenset((
    "hector", "helena", "helene", "heloise", "henri", "henriette", "herbert", "hermine", "herve", "hilaire", "hippolyte", "honore",
    "honorine", "horace", "hortense", "hubert", "hugo", "hugues", "huguette", "humbert", "hyacinthe",
))  # fmt: skip
"""Les prénoms devant lesquels « de » s’élide malgré leur h, sans accents."""

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
MOIS_COURTS = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juill.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)


def date_longue(jour: date) -> str:
    """« mardi 24 novembre 2026 » ; le premier du mois s’écrit « 1er »."""
    return f"{JOURS[jour.weekday()]} {_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_en_clair(jour: date) -> str:
    """« 24 novembre 2026 » : la date longue sans le jour de la semaine."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_courte(jour: date) -> str:
    """« 24 nov. 2026 », pour les tableaux et le chemin."""
    return f"{_quantieme(jour)}{INSECABLE}{MOIS_COURTS[jour.month - 1]}{INSECABLE}{jour.year}"


def heure(instant: datetime, zone: tzinfo = PARIS) -> str:
    """« 9 h 05 », à Paris sauf avis contraire. L’instant porte son fuseau."""
    instant = instant.astimezone(zone)
    return f"{instant.hour}{INSECABLE}h{INSECABLE}{instant.minute:02d}"


def duree(ecart: timedelta) -> str:
    """Une durée dite dans son unité la plus parlante : « 12 s », « 14 min », « 1 h 20 », « 9 jours ».

    Les minutes et les jours entamés ne comptent pas ; une durée négative est refusée (``ValueError``).
    """
    secondes = int(ecart.total_seconds())
    if secondes < 0:
        raise ValueError("une durée ne peut pas être négative")
    if secondes < 60:
        return f"{secondes}{INSECABLE}s"
    if secondes < 3600:
        return f"{secondes // 60}{INSECABLE}min"
    if secondes < 86400:
        heures, minutes = secondes // 3600, secondes % 3600 // 60
        return f"{heures}{INSECABLE}h{INSECABLE}{minutes:02d}" if minutes else f"{heures}{INSECABLE}h"
    return pluriel(secondes // 86400, "jour")


def chrono(ecart: timedelta) -> str:
    """« 14:32 » : minutes et secondes écoulées, pour un chronomètre."""
    secondes = max(0, int(ecart.total_seconds()))
    return f"{secondes // 60}:{secondes % 60:02d}"


def anciennete(depuis: date, aujourdhui: date) -> str:
    """« depuis aujourd’hui », « depuis hier », « depuis 9 jours » (une date à venir vaut aujourd’hui)."""
    jours = (aujourdhui - depuis).days
    if jours <= 0:
        return f"depuis aujourd{APOSTROPHE}hui"
    if jours == 1:
        return "depuis hier"
    return f"depuis {pluriel(jours, 'jour')}"


def majuscule(texte: str) -> str:
    """Le texte, sa première lettre en capitale ; le reste ne change pas."""
    return texte[:1].upper() + texte[1:]


def pluriel(nombre: int, singulier: str, au_pluriel: str = "") -> str:
    """Le nombre et son mot accordé : « 1 critère », « 3 critères », « 0 critère ».

    Zéro et un gardent le singulier. Sans ``au_pluriel``, chaque mot prend un « s », sauf « non » et ceux qui finissent par s, x ou z.
    """
    mot = singulier if abs(nombre) < 2 else au_pluriel or _mettre_au_pluriel(singulier)
    return f"{nombre}{INSECABLE}{mot}"


def de(nom: str) -> str:
    """« de Lou Élan », « d’Aminata Coulibaly », « du dossier », « des dossiers » : le mot qui suit décide.

    Le h s’élide devant les seuls prénoms de `H_MUETS` (« d’Hélène », « de Hassan ») ; le y, devant une consonne (« d’Yves »,
    « de Yann »).
    """
    for article, contracte in (("le ", "du "), ("les ", "des ")):
        if nom.startswith(article):
            return contracte + nom.removeprefix(article)
    mot = cle_recherche(nom)
    prenom = mot.partition(" ")[0]
    elide = (
        mot.startswith(VOYELLES)
        or (mot.startswith("y") and not mot[1:].startswith((*VOYELLES, " ")) and len(mot) > 1)
        or prenom in H_MUETS
    )
    return f"d{APOSTROPHE}{nom}" if elide else f"de {nom}"


def typo(texte: str) -> str:
    """Pose les espaces insécables et l’apostrophe typographique d’un texte courant.

    N’ajoute jamais d’espace là où il n’y en a pas (« 10:12 » et les adresses restent intactes) et ne touche pas
    à l’intérieur des balises.
    """
    morceaux = _BALISE.split(texte)
    morceaux[::2] = [_composer(morceau) for morceau in morceaux[::2]]
    return "".join(morceaux)


_BALISE = re.compile(r"(<[^<>]*>)")
_REGLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)(?:'|&#x27;|&#39;)(?=[\w«])"), APOSTROPHE),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"[ \t\r\n]+(?=[;:!?»])"), FINE),
    (re.compile(r"(?<=«)[ \t\r\n]+"), FINE),
    (re.compile(r"(?<=\d) (?=(?:%|€|h|min|s)(?!\w))"), INSECABLE),
    (re.compile(r"(?<=\dh) (?=\d)|(?<=\d\u00a0h) (?=\d)"), INSECABLE),
    (re.compile(r"(?<=\b[nN]°) (?=\d)"), INSECABLE),
    (re.compile(r" (?=[—–] )"), INSECABLE),
)


def _composer(texte: str) -> str:
    for motif, remplacement in _REGLES:
        texte = motif.sub(remplacement, texte)
    return texte


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def _mettre_au_pluriel(groupe: str) -> str:
    return " ".join(mot if mot == "non" or mot.endswith(("s", "x", "z")) else f"{mot}s" for mot in groupe.split(" "))
