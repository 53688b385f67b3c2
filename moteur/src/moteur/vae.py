"""Les horloges d'un parcours de VAE, d'après ses étapes datées : qui est partie, qui est arrêtée, quand finit chacune."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from moteur.horloges import Horloge, Suspension
from moteur.regles import caducite_vae, jury_vae, recevabilite_vae, resultat_vae


class GenreEtape(StrEnum):
    """Ce qui s'inscrit au fil d'une VAE. Les valeurs sont gardées en base : on ne les renomme pas."""

    DEMANDE = "demande"
    RECEVABLE = "recevable"
    SILENCE = "silence"
    IRRECEVABLE = "irrecevable"
    SUSPENSION = "suspension"
    REPRISE = "reprise"
    AVANCEE = "avancee"
    VALIDATION = "validation"
    JURY = "jury"
    RESULTAT = "resultat"


@dataclass(frozen=True, slots=True)
class Etape:
    """Une étape, et le jour où elle a eu lieu."""

    genre: GenreEtape
    le: date


@dataclass(frozen=True, slots=True)
class Delais:
    """Les délais du règlement : trois en mois calendaires, le dernier en jours."""

    recevabilite_mois: int = 2
    caducite_mois: int = 6
    jury_mois: int = 3
    resultat_jours: int = 15


REPONSES = (GenreEtape.RECEVABLE, GenreEtape.SILENCE, GenreEtape.IRRECEVABLE)
NOTIFIEES = (GenreEtape.RECEVABLE, GenreEtape.SILENCE)
AVANCEES = (GenreEtape.AVANCEE, GenreEtape.VALIDATION)


def horloges(etapes: Iterable[Etape], delais: Delais) -> tuple[Horloge, ...]:
    """Les horloges parties, dans l'ordre du parcours. Une étape redite ne compte que la première fois.

    Le silence ne compte plus quand une réponse, donnée à temps mais inscrite après lui, le dément.
    """
    faites = _sans_silence_dementi(etapes)
    demande, notifiee = _premiere(faites, GenreEtape.DEMANDE), _premiere(faites, *NOTIFIEES)
    depot, jury = _premiere(faites, GenreEtape.VALIDATION), _premiere(faites, GenreEtape.JURY)
    parties: list[Horloge] = []
    if demande is not None:
        parties.append(recevabilite_vae.horloge(demande, delais.recevabilite_mois, _premiere(faites, *REPONSES)))
    if notifiee is not None:
        parties.append(
            caducite_vae.horloge(notifiee, delais.caducite_mois, _premiere(faites, *AVANCEES), suspensions(faites))
        )
    if depot is not None:
        parties.append(jury_vae.horloge(depot, delais.jury_mois, jury))
    if jury is not None:
        parties.append(resultat_vae.horloge(jury, delais.resultat_jours, _premiere(faites, GenreEtape.RESULTAT)))
    return tuple(parties)


def suspensions(etapes: Iterable[Etape]) -> tuple[Suspension, ...]:
    """Les suspensions, chacune jusqu'à la reprise qui la suit. L'ordre est celui où les étapes sont inscrites."""
    trouvees: list[Suspension] = []
    debut: date | None = None
    for etape in etapes:
        if etape.genre is GenreEtape.SUSPENSION and debut is None:
            debut = etape.le
        elif etape.genre is GenreEtape.REPRISE and debut is not None:
            trouvees.append((debut, etape.le))
            debut = None
    return tuple(trouvees) if debut is None else (*trouvees, (debut, None))


def _sans_silence_dementi(etapes: Iterable[Etape]) -> tuple[Etape, ...]:
    faites = tuple(etapes)
    repondu = _premiere(faites, GenreEtape.RECEVABLE, GenreEtape.IRRECEVABLE) is not None
    return tuple(etape for etape in faites if not (repondu and etape.genre is GenreEtape.SILENCE))


def _premiere(etapes: Iterable[Etape], *genres: GenreEtape) -> date | None:
    return next((etape.le for etape in etapes if etape.genre in genres), None)
