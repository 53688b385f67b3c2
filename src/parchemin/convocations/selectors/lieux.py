"""Les sites et leurs salles : lesquels un lecteur tient, dans lesquels il peut placer une épreuve ; la route de l'un à l'autre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.convocations.models import Agenda, Salle, Site, Trajet
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueSalle:
    """Une salle. `retiree_le` : le premier jour où elle n'accueille plus rien de neuf."""

    id: UUID
    nom: str
    places: int | None
    double_ecoute: bool
    retiree_le: date | None


@dataclass(frozen=True, slots=True)
class VueSite:
    """Un site, ses heures d'ouverture (aucune : on ne les connaît pas) et ses salles, retirées comprises."""

    id: UUID
    organisme: UUID
    organisme_nom: str
    nom: str
    adresse: str
    fuseau: str
    partage: bool
    ferme_le: date | None
    heures: tuple[Heures, ...]
    salles: tuple[VueSalle, ...]

    @property
    def zone(self) -> ZoneInfo:
        """Le fuseau du site."""
        return ZoneInfo(self.fuseau)

    def ouvertes(self, jour: date) -> tuple[VueSalle, ...]:
        """Les salles où l'on peut encore placer une épreuve ce jour-là ; aucune si le site est fermé."""
        if self.ferme_le is not None and self.ferme_le <= jour:
            return ()
        return tuple(s for s in self.salles if s.retiree_le is None or jour < s.retiree_le)


def sites_tenus(lecteur: Acteur, jour: date) -> QuerySet[Site]:
    """Les sites des organismes que gère le lecteur ; tous, s'il gère partout. Fermés compris."""
    tenus = droits(lecteur, jour).connait(NatureRole.GESTIONNAIRE)
    lignes = Site.objects.all() if tenus is None else Site.objects.filter(organisme_id__in=tenus)
    return _complets(lignes)


def sites_offerts(lecteur: Acteur, jour: date) -> QuerySet[Site]:
    """Les sites encore ouverts où le lecteur peut placer une épreuve : les siens, et ceux que leur organisme partage."""
    tenus = droits(lecteur, jour).connait(NatureRole.GESTIONNAIRE)
    siens = Q() if tenus is None else Q(organisme_id__in=tenus) | Q(partage=True)
    return _complets(Site.objects.filter(siens, Q(ferme_le=None) | Q(ferme_le__gt=jour)))


def sites_d_attache(lecteur: Acteur, personne: UUID, jour: date) -> QuerySet[Site]:
    """Les sites d'où cette personne peut dire qu'elle part : le sien, et, encore ouverts, les partagés et ceux des organismes où elle
    tient un rôle.
    """
    siens = {portee.organisme for portee in droits(Acteur(personne), jour).portees if portee.organisme}
    ouvert = Q(ferme_le=None) | Q(ferme_le__gt=jour)
    deja_le_sien = Q(pk__in=Agenda.objects.filter(pk=personne).values("site"))
    return _complets(Site.objects.filter(ouvert & (Q(organisme_id__in=siens) | Q(partage=True)) | deja_le_sien))


def site(lecteur: Acteur, identifiant: UUID, jour: date) -> VueSite:
    """Un site que tient le lecteur. Lève `Introuvable` sinon, sans dire s'il existe."""
    trouves = vues_sites(sites_tenus(lecteur, jour).filter(pk=identifiant))
    if not trouves:
        raise Introuvable
    return trouves[0]


def sites_par_ids(lecteur: Acteur, identifiants: Iterable[UUID]) -> dict[UUID, VueSite]:
    """Des sites, sans contrôle d'accès : pour qui montre une épreuve ouverte au lecteur. Trois requêtes."""
    return {vue.id: vue for vue in vues_sites(_complets(Site.objects.filter(pk__in=set(identifiants))))}


def site_de_la_salle(lecteur: Acteur, salle: UUID) -> VueSite:
    """Le site d'une salle, sans contrôle d'accès. Lève `Introuvable`."""
    trouves = vues_sites(_complets(Site.objects.filter(salles=salle)))
    if not trouves:
        raise Introuvable("Cette salle n'existe pas.")
    return trouves[0]


def zone_de_la_salle(lecteur: Acteur, salle: UUID) -> ZoneInfo:
    """L'horloge du site d'une salle, sans contrôle d'accès. Lève `Introuvable`. Une requête."""
    fuseau = Site.objects.filter(salles=salle).values_list("fuseau", flat=True).first()
    if fuseau is None:
        raise Introuvable("Cette salle n'existe pas.")
    return ZoneInfo(fuseau)


def site_tenu_de_la_salle(lecteur: Acteur, salle: UUID, jour: date) -> VueSite:
    """Le site de cette salle, si le lecteur le tient. Lève `Introuvable` sinon, sans dire si la salle existe."""
    trouves = vues_sites(sites_tenus(lecteur, jour).filter(salles=salle))
    if not trouves:
        raise Introuvable
    return trouves[0]


def salle_offerte(lecteur: Acteur, salle: UUID, jour: date) -> tuple[VueSite, VueSalle]:
    """Une salle où le lecteur peut placer une épreuve ce jour-là, et son site. Lève `Introuvable`."""
    for trouve in vues_sites(sites_offerts(lecteur, jour).filter(salles=salle)):
        for ouverte in trouve.ouvertes(jour):
            if ouverte.id == salle:
                return trouve, ouverte
    raise Introuvable("Cette salle n'existe plus, ou ne vous est pas ouverte : choisissez-en une autre.")


def vues_sites(lignes: Iterable[Site]) -> tuple[VueSite, ...]:
    """Les vues figées de lignes rendues par un sélecteur d'ici."""
    return tuple(
        VueSite(
            id=ligne.pk,
            organisme=ligne.organisme_id,
            organisme_nom=ligne.organisme.nom_court,
            nom=ligne.nom,
            adresse=ligne.adresse,
            fuseau=ligne.fuseau,
            partage=ligne.partage,
            ferme_le=ligne.ferme_le,
            heures=tuple(Heures(h.jour, h.de, h.a) for h in ligne.heures.all()),
            salles=tuple(VueSalle(s.pk, s.nom, s.places, s.double_ecoute, s.retiree_le) for s in ligne.salles.all()),
        )
        for ligne in lignes
    )


def trajets(lecteur: Acteur, sites: Mapping[UUID, VueSite], par_defaut: int) -> dict[frozenset[str], int]:
    """Les minutes entre ces sites, dans les deux sens, pour le planificateur. Une requête.

    Un trajet qui n'est pas dit vaut `par_defaut` entre deux sites du même fuseau ; entre deux fuseaux, il manque (jamais un même jour).
    """
    ids = sorted(sites, key=str)
    connus = {
        frozenset((str(de), str(vers))): minutes
        for de, vers, minutes in Trajet.objects.filter(de__in=ids, vers__in=ids).values_list("de", "vers", "minutes")
    }
    supposes = {
        frozenset((str(un), str(autre))): par_defaut
        for rang, un in enumerate(ids)
        for autre in ids[rang + 1 :]
        if sites[un].fuseau == sites[autre].fuseau
    }
    return supposes | connus


def trajets_du_site(lecteur: Acteur, identifiant: UUID) -> dict[UUID, int]:
    """Les minutes dites de ce site (tenu par le lecteur) à chacun des autres. Une requête."""
    lignes = Trajet.objects.filter(Q(de_id=identifiant) | Q(vers_id=identifiant)).values_list("de", "vers", "minutes")
    return {vers if de == identifiant else de: minutes for de, vers, minutes in lignes}


def _complets(lignes: QuerySet[Site]) -> QuerySet[Site]:
    return (
        lignes.select_related("organisme")
        .prefetch_related("heures", Prefetch("salles", queryset=Salle.objects.order_by("nom", "pk")))
        .order_by("organisme__cle_tri", "nom", "pk")
    )
