"""Quand chacun peut être pris : sa semaine, ses exceptions, ce qu'il accepte par jour ; et ce qui le tient déjà."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from parchemin.comptes.enums import EVALUATEURS
from parchemin.comptes.selectors import droits, personnes, roles_ouverts
from parchemin.convocations.enums import SANS_SUITE
from parchemin.convocations.models import Affectation, Agenda, Epreuve
from parchemin.convocations.planificateur.instance import Plage
from parchemin.convocations.planificateur.semaine import Ecart, Heures, en_minutes, libre
from parchemin.convocations.selectors.epreuves import epreuves_en_cours_de
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import PARIS

DUREE_SUPPOSEE = 60
"""Les minutes que l'on compte à une épreuve planifiée avant qu'on n'en compte la durée."""


@dataclass(frozen=True, slots=True)
class VueEcart:
    """Une exception à la semaine : libre, ou pris, de `debut` (compris) à `fin` (non compris)."""

    id: UUID
    libre: bool
    debut: datetime
    fin: datetime


@dataclass(frozen=True, slots=True)
class VueAgenda:
    """L'agenda d'une personne. `revu_le` vide : elle n'a encore rien dit. `maximum` vide : ce que dit le règlement."""

    personne: UUID
    fuseau: str = PARIS.key
    site: UUID | None = None
    maximum: int | None = None
    heures: tuple[Heures, ...] = ()
    ecarts: tuple[VueEcart, ...] = ()
    revu_le: datetime | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Le fuseau où se lisent ses heures."""
        return ZoneInfo(self.fuseau)

    def libre(self, du: date, au: date) -> tuple[Plage, ...]:
        """Ses plages libres du jour `du` au jour `au`, compris, à son horloge ; toute heure, si elle n'a pas dit sa semaine."""
        ecarts = (Ecart(Plage(en_minutes(e.debut), en_minutes(e.fin)), e.libre) for e in self.ecarts)
        return libre(self.heures, ecarts, self.zone, du, au)


@dataclass(frozen=True, slots=True)
class VueTenue:
    """Un temps déjà pris par une épreuve : de `debut` (compris) à `fin` (non compris), sur quel site s'il est connu."""

    epreuve: UUID
    debut: datetime
    fin: datetime
    site: UUID | None
    zone: ZoneInfo

    @property
    def plage(self) -> Plage:
        """La même, pour le planificateur."""
        return Plage(en_minutes(self.debut), en_minutes(self.fin))

    @property
    def jour(self) -> int:
        """Le jour civil, à l'horloge du lieu (`date.toordinal`)."""
        return self.debut.astimezone(self.zone).date().toordinal()


def agenda(lecteur: Acteur, personne: UUID) -> VueAgenda:
    """L'agenda d'une personne, à qui a le droit de le lire (elle-même, ou qui planifie)."""
    return agendas(lecteur, [personne])[personne]


def agenda_ouvert(lecteur: Acteur, personne: UUID, jour: date) -> bool:
    """Vrai si le lecteur planifie, et que cette personne est de celles qu'il connaît (elle tient un rôle dans un organisme qu'il gère ; qui
    gère partout connaît chacun). L'agenda de qui évalue sans être d'aucun organisme ne s'ouvre, en plus, qu'à un gestionnaire dont elle
    évalue une épreuve qui n'est pas finie.
    """
    if not droits(lecteur, jour).est_gestionnaire:
        return False
    if personnes(lecteur, jour).filter(pk=personne).exists():
        return True
    sans_organisme = any(
        p.organisme is None for nature in EVALUATEURS for p in roles_ouverts(lecteur, personne, nature, jour, "")
    )
    en_cours = epreuves_en_cours_de(lecteur, personne, jour).exclude(dossier__candidat_id=lecteur.id)
    return sans_organisme and en_cours.exists()


def agendas(lecteur: Acteur, de: Collection[UUID]) -> dict[UUID, VueAgenda]:
    """L'agenda de chacune ; vide pour qui n'a rien dit. Trois requêtes."""
    lignes = Agenda.objects.filter(pk__in=set(de)).prefetch_related("heures", "exceptions")
    dits = {
        ligne.pk: VueAgenda(
            personne=ligne.pk,
            fuseau=ligne.fuseau,
            site=ligne.site_id,
            maximum=ligne.maximum,
            heures=tuple(Heures(h.jour, h.de, h.a) for h in ligne.heures.all()),
            ecarts=tuple(VueEcart(e.pk, e.libre, e.debut, e.fin) for e in ligne.exceptions.all()),
            revu_le=ligne.revu_le,
        )
        for ligne in lignes
    }
    return {personne: dits.get(personne) or VueAgenda(personne) for personne in de}


def tenues_des_personnes(
    lecteur: Acteur, de: Collection[UUID], du: datetime, au: datetime, sauf: Iterable[UUID] = ()
) -> dict[UUID, tuple[VueTenue, ...]]:
    """Ce qui tient déjà chacune entre ces instants : ses épreuves à évaluer, et à passer. Deux requêtes.

    `sauf` : des épreuves à ne pas compter (celles que l'on déplace). Une épreuve sans suite ne tient personne.
    """
    voulues = set(de)
    en_place = Prefetch("affectations", queryset=Affectation.objects.filter(au=None), to_attr="en_place")
    affectees = Affectation.objects.filter(au=None, evaluateur_id__in=voulues).values("epreuve_id")
    lignes = (
        _vivantes(du, au, sauf)
        .filter(Q(pk__in=affectees) | Q(dossier__candidat_id__in=voulues))
        .select_related("salle__site", "dossier")
        .prefetch_related(en_place)
    )
    trouvees: dict[UUID, tuple[VueTenue, ...]] = dict.fromkeys(voulues, ())
    for ligne in lignes:
        presents = {ligne.dossier.candidat_id, *(a.evaluateur_id for a in ligne.en_place)}
        for personne in presents & voulues:
            trouvees[personne] = (*trouvees[personne], _tenue(ligne))
    return trouvees


def tenues_des_salles(
    lecteur: Acteur, salles: Collection[UUID], du: datetime, au: datetime, sauf: Iterable[UUID] = ()
) -> dict[UUID, tuple[VueTenue, ...]]:
    """Ce qui tient déjà chaque salle entre ces instants. Une requête."""
    trouvees: dict[UUID, tuple[VueTenue, ...]] = dict.fromkeys(salles, ())
    for ligne in _vivantes(du, au, sauf).filter(salle_id__in=set(salles)).select_related("salle__site"):
        if ligne.salle_id is not None:
            trouvees[ligne.salle_id] = (*trouvees[ligne.salle_id], _tenue(ligne))
    return trouvees


def _vivantes(du: datetime, au: datetime, sauf: Iterable[UUID]) -> QuerySet[Epreuve]:
    large = timedelta(days=1)
    lignes = Epreuve.objects.filter(prevue_le__gte=du - large, prevue_le__lt=au).exclude(etat__in=SANS_SUITE)
    return lignes.exclude(pk__in=set(sauf)).order_by("prevue_le", "pk")


def _tenue(ligne: Epreuve) -> VueTenue:
    return VueTenue(
        epreuve=ligne.pk,
        debut=ligne.prevue_le,
        fin=ligne.prevue_le + timedelta(minutes=ligne.duree or DUREE_SUPPOSEE),
        site=ligne.salle.site_id if ligne.salle else None,
        zone=ZoneInfo(ligne.salle.site.fuseau) if ligne.salle else PARIS,
    )
