"""Ce qui est en retard, à risque ou à planifier, dans le périmètre d'un gestionnaire : le plus urgent d'abord.

Toutes les épreuves qui ne sont pas finies sont jugées par le moteur (`moteur.regles.epreuve_a_risque`), sur quelques colonnes lues
d'un coup ; seules celles de la page demandée sont lues en entier. Le nombre de requêtes ne dépend ni du périmètre, ni de la page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from moteur.etats import EPREUVE
from moteur.regles.epreuve_a_risque import Gravite, Menace, Situation, menaces
from parchemin.carnet.selectors import BlocAConvoquer, empeches_par_le_carnet
from parchemin.convocations.enums import A_CONVOQUER, EVALUENT, SANS_SUITE, Convoque
from parchemin.convocations.models import Epreuve
from parchemin.convocations.selectors.convocations import VueConvocation, convocations, delais_de_convocation
from parchemin.convocations.selectors.epreuves import VueEpreuve, epreuves_lues
from parchemin.parcours.selectors import blocs_a_passer, dossiers_visibles
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import PARIS, jour_civil

CARNET_LU = timedelta(days=45)
"""Le carnet se relit pour les épreuves qui viennent dans ce temps : plus loin, il a le temps de se compléter."""
A_EVALUER = ("en_parcours", "validation_deposee", "en_evaluation")
"""Les états d'un dossier dont des blocs peuvent attendre leur épreuve."""


@dataclass(frozen=True, slots=True)
class Menacee:
    """Une épreuve menacée, ce qui la menace, et où en sont ses convocations."""

    epreuve: VueEpreuve
    menaces: tuple[tuple[Menace, Gravite], ...]
    convocations: tuple[VueConvocation, ...]


@dataclass(frozen=True, slots=True)
class EnBref:
    """Une épreuve menacée, réduite à ce qui l'ordonne."""

    id: UUID
    menaces: tuple[tuple[Menace, Gravite], ...]


def epreuves_menacees(lecteur: Acteur, jour: date) -> tuple[EnBref, ...]:
    """Les épreuves menacées du périmètre, la plus urgente d'abord : les retards, puis par menace, puis la plus proche."""
    dossiers = dossiers_visibles(lecteur, jour).filter(ouvert=True).order_by().values("pk")
    lignes = list(
        Epreuve.objects.filter(dossier_id__in=dossiers)
        .exclude(etat__in=EPREUVE.terminaux)
        .order_by("prevue_le", "pk")
        .values(
            "id",
            "dossier_id",
            "bloc",
            "norme",
            "prevue_le",
            "etat",
            voie=F("dossier__voie"),
            fuseau=F("salle__site__fuseau"),
            manager=F("dossier__manager"),
        )
        .annotate(
            en_place=Count("affectations", filter=Q(affectations__au=None), distinct=True),
            convoques=Count("convocations__place", filter=_convoquee_en_sa_place(), distinct=True),
            manager_convoque=Count("convocations", filter=_EN_MANAGER, distinct=True),
            manager_evalue=Count("affectations", filter=_MANAGER_EVALUE, distinct=True),
            refus=Count("convocations", filter=Q(convocations__etat="refusee"), distinct=True),
            attend=Min("convocations__depuis", filter=Q(convocations__etat="envoyee")),
        )
    )
    regles = {norme: delais_de_convocation(lecteur, norme, jour) for norme in {ligne["norme"] for ligne in lignes}}
    sans_carnet = _carnets_a_reprendre(lecteur, lignes, jour)
    trouvees = []
    for rang, ligne in enumerate(lignes):
        table, reponse = regles[ligne["norme"]]
        situation = Situation(
            epreuve=_jour(ligne),
            evaluateurs=ligne["en_place"],
            convoquee=ligne["convoques"] == len(A_CONVOQUER) and _manager_prevenu(ligne),
            refus=ligne["refus"],
            attendent=(jour_civil(ligne["attend"]),) if ligne["attend"] else (),
            suspendue=ligne["etat"] == "suspendue",
            carnet_en_regle=(ligne["dossier_id"], ligne["bloc"]) not in sans_carnet,
        )
        dites = menaces(situation, jour=jour, table=table, reponse_jours=reponse)
        if dites:
            trouvees.append((min(_ordre(une) for une in dites), rang, EnBref(ligne["id"], dites)))
    return tuple(bref for _, _, bref in sorted(trouvees, key=lambda une: une[:2]))


def _convoquee_en_sa_place() -> Q:
    """Une convocation à qui tient encore cette place : un remplaçant n'hérite pas de celle de son prédécesseur."""
    evaluateur = Q(
        convocations__place__in=EVALUENT,
        convocations__place=F("affectations__qualite"),
        convocations__personne=F("affectations__evaluateur"),
        affectations__au=None,
    )
    candidat = Q(convocations__place=Convoque.CANDIDAT, convocations__personne=F("dossier__candidat"))
    return (candidat | evaluateur) & ~Q(convocations__etat="annulee")


_EN_MANAGER = Q(convocations__place=Convoque.MANAGER, convocations__personne=F("dossier__manager")) & ~Q(
    convocations__etat="annulee"
)
_MANAGER_EVALUE = Q(affectations__au=None, affectations__evaluateur=F("dossier__manager"))


def _manager_prevenu(ligne: Mapping[str, Any]) -> bool:
    """Vrai s'il est convoqué, ou s'il n'y a pas à le convoquer. L'épreuve se tient sans lui, mais nommé après elle il doit l'apprendre."""
    return ligne["manager"] is None or bool(ligne["manager_convoque"] or ligne["manager_evalue"])


def _jour(ligne: Mapping[str, Any]) -> date:
    """Le jour de l'épreuve, là où elle se tient."""
    return jour_civil(ligne["prevue_le"], ZoneInfo(ligne["fuseau"]) if ligne["fuseau"] else PARIS)


def _ordre(une: tuple[Menace, Gravite]) -> tuple[int, int]:
    return une[1], list(Menace).index(une[0])


def _carnets_a_reprendre(
    lecteur: Acteur, lignes: Iterable[Mapping[str, Any]], jour: date
) -> frozenset[tuple[UUID, str]]:
    """Les blocs dont l'épreuve approche et dont le carnet n'est pas, ou n'est plus, en règle."""
    return empeches_par_le_carnet(
        lecteur,
        [
            BlocAConvoquer(ligne["dossier_id"], ligne["bloc"], ligne["voie"], ligne["norme"])
            for ligne in lignes
            if jour <= _jour(ligne) <= jour + CARNET_LU
        ],
        jour,
    )


def menacees(lecteur: Acteur, bref: Iterable[EnBref]) -> tuple[Menacee, ...]:
    """Ces épreuves, en entier, dans leur ordre."""
    bref = tuple(bref)
    lues = {vue.id: vue for vue in epreuves_lues(lecteur, [une.id for une in bref])} if bref else {}
    convoquees = convocations(lecteur, lues) if lues else {}
    return tuple(Menacee(lues[une.id], une.menaces, convoquees.get(une.id, ())) for une in bref)


def dossiers_a_planifier(lecteur: Acteur, jour: date) -> QuerySet[Any]:
    """Les dossiers du périmètre dont un bloc au moins est à passer et n'a pas d'épreuve, celui qui attend depuis le plus longtemps d'abord."""
    dossiers = dossiers_visibles(lecteur, jour).filter(ouvert=True, etat__in=A_EVALUER)
    restent = blocs_a_planifier(lecteur, dossiers)
    return dossiers.filter(Exists(restent.filter(dossier=OuterRef("pk")))).order_by("depuis", "pk")


def blocs_a_planifier(lecteur: Acteur, dossiers: QuerySet[Any]) -> QuerySet[Any]:
    """Les blocs à passer de ces dossiers qui n'ont pas d'épreuve, sans ordre ; leur carnet n'est pas lu."""
    planifiee = Epreuve.objects.filter(dossier=OuterRef("dossier"), bloc=OuterRef("code")).exclude(etat__in=SANS_SUITE)
    return blocs_a_passer(lecteur, dossiers.order_by().values("pk")).filter(~Exists(planifiee))
