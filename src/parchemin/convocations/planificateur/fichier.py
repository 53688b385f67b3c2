"""Une instance et un plan, en JSON : de quoi planifier, et faire relire un plan, sans base ni réseau.

Une heure sans décalage (« 2026-03-02T09:00 ») se lit au fuseau du site qu'elle concerne ; avec décalage, telle quelle. La forme
complète est dans `docs/planificateur.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from parchemin.convocations.planificateur.instance import (
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Ouverture,
    Placement,
    Plage,
    Salle,
)

DEPUIS = datetime(1970, 1, 1, tzinfo=UTC)


class Illisible(ValueError):
    """Ce qui ne se lit pas, et où : « salles[2].ouvertures[0] : … »."""


@dataclass(frozen=True, slots=True)
class Lecture:
    """Une instance lue, ce qui y est déjà fixé, et le fuseau de chaque site."""

    instance: Instance
    fixes: tuple[Placement, ...]
    fuseaux: Mapping[str, ZoneInfo]


def lire(objet: Any) -> Lecture:
    """L'instance d'un objet JSON. Lève `Illisible` à la première faute, avec sa place."""
    racine = _Noeud("instance", objet)
    fuseaux = {site: fuseau.fuseau() for site, fuseau in racine["sites"].paires()}
    salles, occupees = [], {}
    for salle in racine["salles"].liste():
        cle, site = salle["cle"].texte(), salle["site"].parmi(fuseaux)
        plages = [p.plage(fuseaux[site]) for p in salle["ouvertures"].liste()]
        salles.append(Salle(cle, site, tuple(Ouverture(p, _jour(p, fuseaux[site])) for p in plages)))
        occupees[cle] = tuple(p.plage(fuseaux[site]) for p in salle.facultatif("occupee"))
    evaluateurs = []
    for noeud in racine["evaluateurs"].liste():
        base, chez = noeud.site(fuseaux)
        evaluateurs.append(
            Evaluateur(
                noeud["cle"].texte(),
                tuple(p.plage(chez) for p in noeud["libre"].liste()),
                noeud["maximum"].entier(0),
                base,
                _engagements(noeud, chez, fuseaux),
            )
        )
    candidats = []
    for noeud in racine["candidats"].liste():
        _, chez = noeud.site(fuseaux)
        libre = tuple(p.plage(chez) for p in noeud["libre"].liste()) if noeud.a("libre") else None
        attente = noeud["attente"].entier(0) if noeud.a("attente") else 0
        candidats.append(Candidat(noeud["cle"].texte(), attente, libre, _engagements(noeud, chez, fuseaux)))
    connus = {c.cle for c in candidats}
    epreuves = tuple(
        AJuger(
            noeud["cle"].texte(),
            noeud["candidat"].parmi(connus),
            noeud["bloc"].texte(),
            noeud["duree"].entier(1),
            frozenset(qui.texte() for qui in noeud["metiers"].liste()),
            frozenset(qui.texte() for qui in noeud["certificateurs"].liste()),
        )
        for noeud in racine["epreuves"].liste()
    )
    trajets = {}
    for noeud in racine.facultatif("trajets"):
        entre = frozenset((noeud["de"].parmi(fuseaux), noeud["vers"].parmi(fuseaux)))
        trajets[entre] = noeud["minutes"].entier(0)
    for nom, cles in (
        ("salles", [s.cle for s in salles]),
        ("evaluateurs", [e.cle for e in evaluateurs]),
        ("candidats", [c.cle for c in candidats]),
        ("epreuves", [e.cle for e in epreuves]),
    ):
        if doubles := sorted({cle for cle in cles if cles.count(cle) > 1}):
            raise Illisible(f"{nom} : la clé « {doubles[0]} » y est deux fois")
    instance = Instance(tuple(salles), tuple(evaluateurs), tuple(candidats), epreuves, trajets, occupees)
    return Lecture(instance, tuple(_placements(racine.facultatif("fixes"), instance, fuseaux)), fuseaux)


def lire_plan(objet: Any, lecture: Lecture) -> tuple[Placement, ...]:
    """Les placements d'un plan écrit par `ecrire_plan`, ou d'une simple liste. Lève `Illisible`."""
    racine = _Noeud("plan", objet["plan"] if isinstance(objet, dict) and "plan" in objet else objet)
    return tuple(_placements(racine.liste(), lecture.instance, lecture.fuseaux))


def ecrire_plan(plan: Iterable[Placement], lecture: Lecture) -> list[dict[str, str]]:
    """Les placements, leurs heures au fuseau de leur site, dans l'ordre du temps."""
    instance, lignes = lecture.instance, []
    for placement in sorted(plan, key=lambda p: (p.debut, p.salle, p.epreuve)):
        fuseau = lecture.fuseaux[instance.salle[placement.salle].site]
        plage = instance.plage(placement)
        lignes.append(
            {
                "epreuve": placement.epreuve,
                "salle": placement.salle,
                "debut": instant(plage.debut).astimezone(fuseau).isoformat(timespec="minutes"),
                "fin": instant(plage.fin).astimezone(fuseau).isoformat(timespec="minutes"),
                "metier": placement.metier,
                "certificateur": placement.certificateur,
            }
        )
    return lignes


def instant(minutes: int) -> datetime:
    """L'instant, en UTC, de minutes comptées depuis 1970."""
    return DEPUIS + timedelta(minutes=minutes)


def _engagements(noeud: _Noeud, chez: ZoneInfo | None, fuseaux: Mapping[str, ZoneInfo]) -> tuple[Engagement, ...]:
    trouves = []
    for pris in noeud.facultatif("engagements"):
        site = pris["site"].parmi(fuseaux) if pris.a("site") else None
        fuseau = fuseaux[site] if site else chez
        plage = pris["plage"].plage(fuseau)
        trouves.append(Engagement(plage, _jour(plage, fuseau or ZoneInfo("UTC")), site))
    return tuple(trouves)


def _placements(noeuds: Iterable[_Noeud], instance: Instance, fuseaux: Mapping[str, ZoneInfo]) -> Iterable[Placement]:
    for noeud in noeuds:
        salle = noeud["salle"].texte()
        fuseau = fuseaux[instance.salle[salle].site] if salle in instance.salle else None
        yield Placement(
            noeud["epreuve"].texte(),
            salle,
            noeud["debut"].minutes(fuseau),
            noeud["metier"].texte(),
            noeud["certificateur"].texte(),
        )


def _jour(plage: Plage, fuseau: ZoneInfo) -> int:
    return instant(plage.debut).astimezone(fuseau).date().toordinal()


@dataclass(frozen=True, slots=True)
class _Noeud:
    """Une valeur du fichier, et sa place, pour dire ce qui cloche."""

    ou: str
    valeur: Any

    def _faute(self, attendu: str) -> Illisible:
        return Illisible(f"{self.ou} : {attendu}")

    def __getitem__(self, nom: str) -> _Noeud:
        if not isinstance(self.valeur, dict):
            raise self._faute("il faut un objet")
        if nom not in self.valeur:
            raise self._faute(f"il manque « {nom} »")
        return _Noeud(f"{self.ou}.{nom}", self.valeur[nom])

    def a(self, nom: str) -> bool:
        return isinstance(self.valeur, dict) and self.valeur.get(nom) is not None

    def facultatif(self, nom: str) -> list[_Noeud]:
        return self[nom].liste() if self.a(nom) else []

    def liste(self) -> list[_Noeud]:
        if not isinstance(self.valeur, list):
            raise self._faute("il faut une liste")
        return [_Noeud(f"{self.ou}[{rang}]", un) for rang, un in enumerate(self.valeur)]

    def paires(self) -> list[tuple[str, _Noeud]]:
        if not isinstance(self.valeur, dict):
            raise self._faute("il faut un objet")
        return [(nom, _Noeud(f"{self.ou}.{nom}", un)) for nom, un in self.valeur.items()]

    def texte(self) -> str:
        if not isinstance(self.valeur, str) or not self.valeur:
            raise self._faute("il faut un texte")
        return self.valeur

    def parmi(self, connus: Iterable[str]) -> str:
        texte = self.texte()
        if texte not in connus:
            raise self._faute(f"« {texte} » n'est pas déclaré")
        return texte

    def entier(self, au_moins: int) -> int:
        if type(self.valeur) is not int or self.valeur < au_moins:
            raise self._faute(f"il faut un entier, au moins {au_moins}")
        return self.valeur

    def fuseau(self) -> ZoneInfo:
        try:
            return ZoneInfo(self.texte())
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise self._faute(f"« {self.valeur} » n'est pas un fuseau horaire") from None

    def site(self, fuseaux: Mapping[str, ZoneInfo]) -> tuple[str | None, ZoneInfo | None]:
        """Le site d'une personne et son fuseau ; rien si elle n'en dit pas."""
        if not self.a("site"):
            return None, None
        site = self["site"].parmi(fuseaux)
        return site, fuseaux[site]

    def minutes(self, fuseau: ZoneInfo | None) -> int:
        try:
            lu = datetime.fromisoformat(self.texte())
        except ValueError:
            raise self._faute("il faut une date et une heure, comme 2026-03-02T09:00") from None
        if lu.tzinfo is None:
            if fuseau is None:
                raise self._faute("cette heure n'a ni décalage ni site dont prendre le fuseau")
            lu = lu.replace(tzinfo=fuseau)
            if lu.astimezone(UTC).astimezone(fuseau).replace(tzinfo=None) != lu.replace(tzinfo=None):
                raise self._faute("cette heure n'existe pas ce jour-là : les horloges avancent")
        ecart = lu.astimezone(UTC) - DEPUIS
        if ecart % timedelta(minutes=1):
            raise self._faute("il faut une minute entière")
        return ecart // timedelta(minutes=1)

    def plage(self, fuseau: ZoneInfo | None) -> Plage:
        bornes = self.liste()
        if len(bornes) != 2:
            raise self._faute("il faut deux instants, le début et la fin")
        plage = Plage(bornes[0].minutes(fuseau), bornes[1].minutes(fuseau))
        if plage.fin <= plage.debut:
            raise self._faute("la fin ne suit pas le début")
        return plage
