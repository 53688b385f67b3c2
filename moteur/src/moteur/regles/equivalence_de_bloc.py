"""Un bloc obtenu dans une autre version, ou dans une autre certification, vaut un bloc de celle-ci quand le certificateur l'a dit, pour les jours qu'il a dits.

Le règlement d'une version tient la table de ce qu'elle reconnaît ; une ligne éteinte ne vaut pas encore. Le jour qui compte
est celui où l'équivalence s'accorde, bornes comprises. Les équivalences se suivent en chaîne (2018 vaut 2021, qui vaut 2026) si
chacune vaut ce jour-là, mais une chaîne ne repasse jamais par une version qu'elle a quittée : un bloc ne se prouve pas
lui-même, et n'en vaut pas deux de sa version. Rien ne se recopie : aucun critère du bloc n'est dit observé.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

CODE = "EQUIVALENCE-DE-BLOC"
SOURCE = (
    "Code du travail, articles L6113-7 et R6113-16-10 (correspondances entre certifications) ; réglage « equivalences » du "
    "règlement, à confirmer par le certificateur sur les fiches."
)
DEPUIS = "règlement du 19 avril 2021"
JUSQU_A = None

_REFERENTIEL = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*@[0-9a-z]+(?:[.-][0-9a-z]+)*|(?:RNCP|RS)[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Un bloc d'une version. `referentiel` : « code@version », ou le numéro d'une fiche (« RNCP35729 »)."""

    referentiel: str
    bloc: str


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Une ligne de la table : qui a `de` peut se voir reconnaître `vers`. `du`, `au` : jours compris, ou sans borne."""

    de: Place
    vers: Place
    du: date | None = None
    au: date | None = None
    active: bool = False

    def vaut(self, jour: date) -> bool:
        """Vrai si elle peut s'accorder ce jour-là."""
        return self.active and (self.du is None or self.du <= jour) and (self.au is None or jour <= self.au)


@dataclass(frozen=True, slots=True)
class Tenu:
    """Ce qu'une personne a obtenu ailleurs : un bloc d'une version, ou la certification entière (`bloc` est `None`)."""

    referentiel: str
    bloc: str | None = None

    def prouve(self, place: Place) -> bool:
        """Vrai si cela prouve ce bloc de cette version."""
        return self.referentiel == place.referentiel and self.bloc in (None, place.bloc)


type Chaine = tuple[Equivalence, ...]
"""Les équivalences qui mènent d'un bloc tenu à un bloc reconnu, dans l'ordre où elles s'appliquent ; jamais vide."""


def defauts(table: Iterable[Equivalence]) -> tuple[str, ...]:
    """Ce qui rend une table fausse, en français ; vide : elle peut se publier."""
    lignes = tuple(table)
    trouves = []
    for une in lignes:
        dite = f"{une.de.referentiel} {une.de.bloc} → {une.vers.bloc}"
        if _REFERENTIEL.fullmatch(une.de.referentiel) is None:
            trouves.append(
                f"« {une.de.referentiel} » n'est ni une version (« code@version »), ni le numéro d'une fiche (« RNCP35729 »)"
            )
        if une.de.referentiel == une.vers.referentiel:
            trouves.append(f"{dite} : une équivalence joint deux versions, pas deux blocs de la même")
        if une.du is not None and une.au is not None and une.au < une.du:
            trouves.append(f"{dite} : elle finirait avant d'avoir commencé")
    trouves += [
        f"{une.de.referentiel} {une.de.bloc} → {une.vers.bloc} : écrite deux fois pour les mêmes jours"
        for une, autre in combinations(lignes, 2)
        if (une.de, une.vers) == (autre.de, autre.vers) and _se_recouvrent(une, autre)
    ]
    return tuple(trouves)


def ouvertes(
    table: Iterable[Equivalence], tenus: Iterable[Tenu], referentiel: str, jour: date
) -> Mapping[str, tuple[Tenu, Chaine]]:
    """Les blocs de cette version que l'on peut reconnaître ce jour-là : pour chacun, ce qui le prouve et la chaîne la plus courte.

    À longueur égale, ce qui est dit d'abord (dans `tenus`, puis dans la table) l'emporte. Une version que la table ne nomme pas
    n'ouvre rien.
    """
    valent = tuple(une for une in table if une.vaut(jour))
    trouvees: dict[str, tuple[Tenu, Chaine]] = {}
    for tenu in tenus:
        for chaine in _chaines(valent, tenu, referentiel):
            bloc = chaine[-1].vers.bloc
            if bloc not in trouvees or len(chaine) < len(trouvees[bloc][1]):
                trouvees[bloc] = (tenu, chaine)
    return trouvees


def sources(table: Iterable[Equivalence], referentiel: str, jour: date) -> tuple[Place, ...]:
    """Les blocs d'ailleurs qui, prouvés, ouvriraient un bloc de cette version ce jour-là ; dans l'ordre, sans double."""
    lignes = tuple(table)
    candidates = sorted({une.de for une in lignes})
    return tuple(
        place for place in candidates if ouvertes(lignes, [Tenu(place.referentiel, place.bloc)], referentiel, jour)
    )


def _chaines(valent: Sequence[Equivalence], tenu: Tenu, referentiel: str) -> Iterator[Chaine]:
    """Toutes les chaînes de ce qui est tenu jusqu'à cette version, les plus courtes d'abord."""
    suivies: list[Chaine] = [(une,) for une in valent if tenu.prouve(une.de)]
    while suivies:
        allongees: list[Chaine] = []
        for chaine in suivies:
            quittees = {tenu.referentiel, *(une.vers.referentiel for une in chaine[:-1])}
            bout = chaine[-1].vers
            if bout.referentiel in quittees:
                continue
            if bout.referentiel == referentiel:
                yield chaine
                continue
            allongees += [(*chaine, une) for une in valent if une.de == bout]
        suivies = allongees


def _se_recouvrent(une: Equivalence, autre: Equivalence) -> bool:
    """Vrai si les deux ont un jour commun."""
    debut = max(une.du or date.min, autre.du or date.min)
    fin = min(une.au or date.max, autre.au or date.max)
    return debut <= fin
