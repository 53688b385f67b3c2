"""Trois instances fixes du planificateur : 60 candidats × 4 blocs, 30 évaluateurs, 4 semaines. Tirées d'une graine, inventées."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from parchemin.convocations.planificateur.instance import (
    AJuger,
    Candidat,
    Engagement,
    Evaluateur,
    Instance,
    Ouverture,
    Plage,
    Salle,
)

LUNDI = date(2026, 3, 2)
DUREES = {"B1": 45, "B2": 30, "B3": 45, "B4": 45}
CERTIFICATEURS, METIERS, CANDIDATS, SEMAINES = 12, 18, 60, 4
GENRES = ("une-caisse", "trois-sites", "outre-mer")


def instance(genre: str) -> Instance:
    """« une-caisse » : un site, des salles rares ; « trois-sites » : des trajets ; « outre-mer » : deux fuseaux, des absences."""
    hasard = random.Random(f"parchemin {genre}")
    sites = {"une-caisse": ["lille"], "trois-sites": ["lille", "arras", "amiens"], "outre-mer": ["paris", "cayenne"]}[
        genre
    ]
    fuseaux = {site: ZoneInfo("America/Cayenne" if site == "cayenne" else "Europe/Paris") for site in sites}
    jours = [LUNDI + timedelta(days=7 * s + j) for s in range(SEMAINES) for j in range(5)]
    par_site = {1: 3, 2: 2, 3: 2}[len(sites)]
    salles = tuple(
        Salle(
            f"{site} {n}",
            site,
            tuple(
                Ouverture(_plage(jour, de, a, fuseaux[site]), jour.toordinal())
                for jour in jours
                for de, a in ((9 * 60, 12 * 60 + 30), (13 * 60 + 30, 17 * 60 + 30))
            ),
        )
        for site in sites
        for n in range(1, par_site + 1)
    )
    trajets = {frozenset((a, b)): 60 + 15 * i for i, a in enumerate(sites) for b in sites[:i]}
    if genre == "outre-mer":
        trajets = {}
    evaluateurs = tuple(
        _evaluateur(hasard, f"E{n:02}", sites[n % len(sites)], jours, fuseaux) for n in range(CERTIFICATEURS + METIERS)
    )
    cles = [e.cle for e in evaluateurs]
    candidats, epreuves = [], []
    for n in range(CANDIDATS):
        cle = f"C{n:02}"
        chez = fuseaux[sites[n % len(sites)]]
        partiel = hasard.random() < 0.3
        libre = tuple(
            _plage(jour, 8 * 60, 13 * 60 if partiel and hasard.random() < 0.5 else 19 * 60, chez)
            for jour in jours
            if not (partiel and hasard.random() < 0.25)
        )
        candidats.append(Candidat(cle, attente=hasard.randrange(150), libre=libre))
        ecartes = set(hasard.sample(cles, 3))
        tiers = 4 / 3 if hasard.random() < 0.1 else 1
        for bloc, duree in DUREES.items():
            epreuves.append(
                AJuger(
                    f"{cle} {bloc}",
                    cle,
                    bloc,
                    round(duree * tiers),
                    frozenset(cles[CERTIFICATEURS:]) - ecartes,
                    frozenset(cles[:CERTIFICATEURS]) - ecartes,
                )
            )
    return Instance(salles, evaluateurs, tuple(candidats), tuple(epreuves), trajets)


def _evaluateur(
    hasard: random.Random, cle: str, base: str, jours: list[date], fuseaux: dict[str, ZoneInfo]
) -> Evaluateur:
    """Deux à trois jours par semaine, des demi-journées parfois, une semaine d'absence pour un sur trois, un engagement."""
    semaine = set(hasard.sample(range(5), hasard.choice((2, 2, 3))))
    absente = hasard.randrange(SEMAINES) if hasard.random() < 1 / 3 else None
    libre = tuple(
        _plage(jour, 9 * 60, (13 if hasard.random() < 0.25 else 18) * 60, fuseaux[base])
        for rang, jour in enumerate(jours)
        if jour.weekday() in semaine and rang // 5 != absente
    )
    pris = hasard.choice(jours)
    engagement = Engagement(_plage(pris, 9 * 60, 10 * 60, fuseaux[base]), pris.toordinal(), base)
    return Evaluateur(cle, libre, hasard.choice((4, 8, 8)), base, (engagement,) if hasard.random() < 0.5 else ())


def _plage(jour: date, de: int, a: int, fuseau: ZoneInfo) -> Plage:
    minuit = datetime(jour.year, jour.month, jour.day, tzinfo=fuseau).astimezone(UTC)
    depuis = int(minuit.timestamp()) // 60
    return Plage(depuis + de, depuis + a)
