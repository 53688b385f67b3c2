"""Lire le règlement, la fiche et les annexes d'une version : le dernier état, ou celui d'une date."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from parchemin.referentiels.models import EditionReglement, RevisionAnnexes, RevisionFiche
from parchemin.referentiels.selectors.versions import VersionPubliee
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


@dataclass(frozen=True, slots=True)
class Reglage:
    """Un réglage : la question au certificateur, la valeur tenue, et ce qu'elle vaut (`marque`, `source`)."""

    code: str
    numero: int | None
    question: str
    valeur: Any
    marque: str
    source: str


@dataclass(frozen=True, slots=True)
class Reglement:
    """Une édition du règlement."""

    rang: int
    depuis: date
    motif: str
    empreinte: str
    instant: datetime
    reglages: Mapping[str, Reglage]

    def valeur(self, code: str, *defaut: Any) -> Any:
        """La valeur d'un réglage ; `defaut`, s'il est donné, pour un règlement écrit avant que ce réglage n'existe.

        Lève `KeyError` sans lui.
        """
        if defaut and code not in self.reglages:
            return defaut[0]
        return self.reglages[code].valeur


@dataclass(frozen=True, slots=True)
class Mention:
    """Une mention de la fiche : connue (`valeur`, `source`), ou inconnue (`valeur` est `None`, `a_demander`)."""

    code: str
    libelle: str
    valeur: Any
    source: str
    a_demander: str

    @property
    def connue(self) -> bool:
        """Vrai si la mention a une valeur."""
        return self.valeur is not None


@dataclass(frozen=True, slots=True)
class Fiche:
    """Le dernier état de la fiche."""

    rang: int
    empreinte: str
    instant: datetime
    mentions: Mapping[str, Mention]

    def valeur(self, code: str) -> Any:
        """La valeur d'une mention, `None` si elle est inconnue ou absente."""
        mention = self.mentions.get(code)
        return mention.valeur if mention else None


@dataclass(frozen=True, slots=True)
class Annexes:
    """Le dernier état des annexes. `libelles` : code → libellé court, qui n'est pas celui du référentiel.

    `motifs_de_courrier` : par bloc, le panel présélectionné ; `motifs_de_pause` : ce qui interrompt une épreuve.
    """

    rang: int
    empreinte: str
    instant: datetime
    origine: str
    libelles: Mapping[str, str]
    questions: Mapping[str, tuple[str, ...]]
    conseils: Mapping[str, tuple[str, ...]]
    motifs_de_courrier: Mapping[str, tuple[str, ...]]
    motifs_de_pause: tuple[str, ...]


def reglement_en_vigueur(lecteur: Acteur | None, version: VersionPubliee, jour: date) -> Reglement:
    """L'édition du règlement en vigueur ce jour-là. Lève `Refus("reglement_absent")` s'il n'y en avait pas encore."""
    ligne = (
        EditionReglement.objects.filter(version_id=version.id, depuis__lte=jour).order_by("-depuis", "-rang").first()
    )
    if ligne is None:
        raise _absent(version)
    return _reglement(ligne)


def edition_en_vigueur(lues: Sequence[Reglement], version: VersionPubliee, jour: date) -> Reglement:
    """Comme `reglement_en_vigueur`, parmi toutes les `editions` de cette version, déjà lues : pour qui en demande plusieurs jours."""
    passees = [une for une in lues if une.depuis <= jour]
    if not passees:
        raise _absent(version)
    return passees[-1]


def _absent(version: VersionPubliee) -> Refus:
    return Refus("reglement_absent", f"Aucune édition du règlement de {version.nom()} n'était en vigueur à cette date.")


def editions(lecteur: Acteur | None, version: VersionPubliee) -> tuple[Reglement, ...]:
    """Toutes les éditions du règlement, dans l'ordre où elles entrent en vigueur."""
    lignes = EditionReglement.objects.filter(version_id=version.id).order_by("depuis", "rang")
    return tuple(_reglement(ligne) for ligne in lignes)


def _reglement(ligne: EditionReglement) -> Reglement:
    contenu: dict[str, Any] = json.loads(ligne.contenu)
    reglages = {
        code: Reglage(code, r["numero"], r["question"], r["valeur"], r["marque"], r["source"])
        for code, r in contenu["reglages"].items()
    }
    return Reglement(ligne.rang, ligne.depuis, ligne.motif, ligne.empreinte, ligne.instant, MappingProxyType(reglages))


def fiche(lecteur: Acteur | None, version: VersionPubliee) -> Fiche:
    """Le dernier état de la fiche ; toute version publiée en a un."""
    ligne = RevisionFiche.objects.filter(version_id=version.id).latest("rang")
    mentions = {
        code: Mention(code, m["libelle"], m["valeur"], m.get("source", ""), m.get("a_demander", ""))
        for code, m in json.loads(ligne.contenu).items()
    }
    return Fiche(ligne.rang, ligne.empreinte, ligne.instant, MappingProxyType(mentions))


def annexes(lecteur: Acteur | None, version: VersionPubliee) -> Annexes:
    """Le dernier état des annexes ; toute version publiée en a un."""
    ligne = RevisionAnnexes.objects.filter(version_id=version.id).latest("rang")
    contenu: dict[str, Any] = json.loads(ligne.contenu)
    courts = contenu["libelles_courts"]
    return Annexes(
        rang=ligne.rang,
        empreinte=ligne.empreinte,
        instant=ligne.instant,
        origine=courts["origine"],
        libelles=MappingProxyType(dict(courts["libelles"])),
        questions=_par_critere(contenu["questions"]),
        conseils=_par_critere(contenu["conseils"]),
        motifs_de_courrier=MappingProxyType(
            {bloc: tuple(motifs) for bloc, motifs in contenu.get("motifs_de_courrier", {}).items()}
        ),
        motifs_de_pause=tuple(contenu.get("motifs_de_pause", ())),
    )


def panel_de_courriers(lecteur: Acteur | None, version: VersionPubliee, bloc: str) -> frozenset[str]:
    """Les motifs de courrier présélectionnés de ce bloc, ceux des annexes d'avant compris ; vide : il n'y a pas de panel.

    Un geste fait sans réseau arrive parfois après une révision : le motif qu'il a pris au panel y était. Composés (NFC), comme
    les textes reçus.
    """
    lignes = RevisionAnnexes.objects.filter(version_id=version.id).order_by("-rang").values_list("contenu", flat=True)
    panels = [json.loads(contenu).get("motifs_de_courrier", {}).get(bloc, ()) for contenu in lignes]
    if not panels or not panels[0]:
        return frozenset()
    return frozenset(unicodedata.normalize("NFC", motif) for panel in panels for motif in panel)


def contenu_annexes(lecteur: Acteur, version: VersionPubliee) -> Mapping[str, Any]:
    """Les annexes telles que le fichier les écrit : pour les réviser, à partir de leur dernier état."""
    contenu: dict[str, Any] = json.loads(RevisionAnnexes.objects.filter(version_id=version.id).latest("rang").contenu)
    return contenu


def libelles_courts(lecteur: Acteur | None, version: VersionPubliee) -> Mapping[str, str]:
    """Code de bloc ou de compétence → libellé court, pour les écrans seulement (jamais un document qui engage)."""
    return annexes(lecteur, version).libelles


def _par_critere(aides: list[dict[str, str]]) -> Mapping[str, tuple[str, ...]]:
    rangees: dict[str, tuple[str, ...]] = {}
    for aide in aides:
        rangees[aide["critere"]] = (*rangees.get(aide["critere"], ()), aide["texte"])
    return MappingProxyType(rangees)
