"""Jusqu'où est montée la relance d'un carnet qui tarde à s'attester (`moteur.regles.escalade_du_carnet`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest

from moteur.regles.escalade_du_carnet import TABLE_PAR_DEFAUT, Attente, Palier, Table, attente
from parchemin.carnet.models import AvisAttestation
from parchemin.carnet.selectors.carnets import Avancement
from parchemin.parcours.selectors import CARNET_OUVERT, VueDossier, dossiers_par_ids
from parchemin.referentiels.selectors import reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


def sans_geste_d_abord(lecteur: Acteur, dossiers: QuerySet[Any], au_plus: int) -> tuple[VueDossier, ...]:
    """Ceux de ces dossiers qui ont un carnet, celui où rien ne bouge depuis le plus longtemps d'abord ; `au_plus` tant. Deux requêtes.

    Chaque acte d'attestation a son avis : c'est lui que l'on date, dix fois moins nombreux qu'elles. Un retrait n'en a pas ; son
    dossier est lu un peu avant son tour. Les choisir, puis les lire : joindre d'abord coûterait le périmètre entier.
    """
    avis = AvisAttestation.objects.filter(carnet=OuterRef("carnet")).order_by().values("carnet")
    geste = Greatest("depuis", Subquery(avis.annotate(dernier=Max("emis_le")).values("dernier")))
    choisis = list(dossiers.filter(carnet__isnull=False).order_by(geste, "pk").values_list("pk", flat=True)[:au_plus])
    vues = dossiers_par_ids(lecteur, choisis)
    return tuple(vues[choisi] for choisi in choisis)


def sans_geste_depuis(dossier: VueDossier, avancement: Avancement) -> date:
    """Le jour du dernier geste au carnet, ou celui où le parcours s'est ouvert s'il n'y en a pas eu depuis."""
    depuis = jour_civil(dossier.depuis)
    return max(depuis, jour_civil(avancement.derniere)) if avancement.derniere else depuis


def attentes(
    lecteur: Acteur, dossiers: Iterable[VueDossier], avancements: Mapping[UUID, Avancement], jour: date
) -> dict[UUID, Attente]:
    """L'attente de chaque carnet ouvert où il reste à attester. Deux requêtes par version de référentiel."""
    return {
        vue.id: attente(table, depuis, jour)
        for vue, table, depuis in _qui_attendent(lecteur, dossiers, avancements, jour)
    }


def echelons(
    lecteur: Acteur, dossiers: Iterable[VueDossier], avancements: Mapping[UUID, Avancement], jour: date
) -> dict[UUID, tuple[Palier, date]]:
    """Le palier où en est l'attente de chacun de ces mêmes carnets, et le jour où il a commencé. Autant de requêtes."""
    trouves: dict[UUID, tuple[Palier, date]] = {}
    for vue, table, depuis in _qui_attendent(lecteur, dossiers, avancements, jour):
        palier = attente(table, depuis, jour).palier
        trouves[vue.id] = (palier, depuis + timedelta(days=dict(table)[palier]))
    return trouves


def _qui_attendent(
    lecteur: Acteur, dossiers: Iterable[VueDossier], avancements: Mapping[UUID, Avancement], jour: date
) -> Iterator[tuple[VueDossier, Table, date]]:
    """Les dossiers dont le carnet s'atteste encore, la table de leur règlement, et depuis quand rien n'y bouge."""
    tables: dict[str, Table] = {}
    for vue in dossiers:
        avancement = avancements.get(vue.id)
        if vue.etat not in CARNET_OUVERT or avancement is None or avancement.suffit:
            continue
        if vue.norme_empreinte not in tables:
            tables[vue.norme_empreinte] = _table(lecteur, vue.norme_empreinte, jour)
        yield vue, tables[vue.norme_empreinte], sans_geste_depuis(vue, avancement)


def _table(lecteur: Acteur, norme: str, jour: date) -> Table:
    """La table du règlement en vigueur ; celle du moteur s'il a été écrit avant elle."""
    lignes = reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, norme), jour).valeur("carnet_escalade", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return tuple((Palier(une["palier"]), une["apres_jours"]) for une in lignes)
