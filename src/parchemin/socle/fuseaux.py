"""Les fuseaux horaires : lesquels on offre, et l'instant que dit une heure locale, changement d'heure compris.

Fonctions pures. Un fuseau se nomme comme dans la base IANA (« America/Cayenne »), que portent le système ou le paquet `tzdata`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_en_clair, heure

FUSEAUX = {
    "Europe/Paris": "Paris",
    "America/Guadeloupe": "Guadeloupe",
    "America/Martinique": "Martinique",
    "America/Cayenne": "Guyane",
    "Indian/Reunion": "La Réunion",
    "Indian/Mayotte": "Mayotte",
    "America/Miquelon": "Saint-Pierre-et-Miquelon",
    "America/St_Barthelemy": "Saint-Barthélemy",
    "America/Marigot": "Saint-Martin",
    "Pacific/Noumea": "Nouvelle-Calédonie",
    "Pacific/Tahiti": "Polynésie française",
    "Pacific/Wallis": "Wallis-et-Futuna",
}
"""Les fuseaux où vit une caisse, et le nom sous lequel on les reconnaît. Un autre fuseau IANA est permis : il dit son nom."""


def fuseau(nom: str) -> ZoneInfo:
    """Le fuseau de ce nom. Lève `Refus("fuseau_inconnu")` : ni faute de frappe, ni fichier, ni décalage fixe (« UTC+4 »)."""
    if "/" in nom and not nom.startswith(("Etc/", "posix/", "right/")):
        with suppress(ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo(nom)
    raise Refus(
        "fuseau_inconnu", "Ce fuseau horaire n'existe pas : choisissez-le dans la liste, par exemple Europe/Paris."
    )


def heure_de(nom: str) -> str:
    """« heure de Paris », « heure de Guyane », « heure de La Réunion » : de quelle heure on parle."""
    return f"heure de {FUSEAUX.get(nom) or nom.rpartition('/')[2].replace('_', ' ')}"


def instants(jour: date, a: time, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Les instants, en UTC, que montre une horloge de ce fuseau : un seul d'ordinaire, deux quand l'heure recule, aucun quand
    elle saute.
    """
    dits = {datetime.combine(jour, a, tzinfo=zone).replace(fold=pli).astimezone(UTC) for pli in (0, 1)}
    local = datetime.combine(jour, a)
    return tuple(sorted(i for i in dits if i.astimezone(zone).replace(tzinfo=None, fold=0) == local))


def instant_dit(jour: date, a: time, zone: ZoneInfo, *, laquelle: int | None = None) -> datetime:
    """L'instant, en UTC, d'une heure locale. `laquelle` : 1 ou 2, quand l'heure passe deux fois.

    Lève `Refus("heure_inexistante")` et `Refus("heure_double")`.
    """
    trouves = instants(jour, a, zone)
    if not trouves:
        raise Refus(
            "heure_inexistante",
            f"Le {date_en_clair(jour)}, les horloges avancent : {a.hour} h {a.minute:02d} n'existe pas. Choisissez une heure plus tôt ou plus tard.",
        )
    if len(trouves) == 1:
        return trouves[0]
    if laquelle not in (1, 2):
        avant, apres = (heure(i, ZoneInfo("UTC")) for i in trouves)
        raise Refus(
            "heure_double",
            f"Le {date_en_clair(jour)}, les horloges reculent : {a.hour} h {a.minute:02d} passe deux fois "
            f"({avant} puis {apres} en temps universel). Dites laquelle, la première ou la seconde.",
        )
    return trouves[laquelle - 1]
