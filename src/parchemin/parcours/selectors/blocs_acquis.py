"""Les blocs qu'une personne tient sans épreuve d'ici : ceux qui comptent dans un dossier, ceux qui pourraient s'y reconnaître.

Ce qu'elle tient dans la version de son dossier y compte ; ce qu'elle tient ailleurs ne fait que se proposer, jusqu'à ce que le
gestionnaire le reconnaisse, la pièce sous les yeux. Un dossier clos se lit tel qu'à sa clôture : rien n'y bouge plus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, reduce
from itertools import chain
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from moteur.etats import DOSSIER, DOSSIER_CLOS
from moteur.regles.bloc_reste_acquis import reste_acquis
from moteur.regles.equivalence_de_bloc import Chaine, Equivalence, Tenu, ouvertes, sources
from parchemin.parcours.enums import OrigineDeBloc, PieceDeBloc
from parchemin.parcours.models import BlocAcquis, BlocDemande, Dossier, PassageDossier
from parchemin.parcours.selectors.fiches_dossiers import VueDossier, dossiers_par_ids
from parchemin.referentiels.selectors import (
    Reglement,
    VersionPubliee,
    edition_en_vigueur,
    editions,
    equivalences,
    norme,
    version_d_empreinte,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueBlocAcquis:
    """Un bloc tenu, son origine, sa preuve. `bloc` vide : la certification entière. `retire_le` : ce n'était pas vrai."""

    id: UUID
    candidat: UUID
    referentiel: str
    bloc: str
    origine: OrigineDeBloc
    obtenu_le: date
    dossier: UUID | None
    de_referentiel: str
    de_bloc: str
    piece: PieceDeBloc | None
    vu_le: date | None
    vu_par_nom: str
    motif: str
    session: str
    numero: str
    instant: datetime
    retire_le: datetime | None
    retire_pour: str

    def valait(self, limite: datetime | None) -> bool:
        """Vrai si c'était écrit et pas encore retiré à cet instant ; sans limite, à présent."""
        if limite is None:
            return self.retire_le is None
        return self.instant <= limite and (self.retire_le is None or self.retire_le > limite)

    @property
    def prouve(self) -> Tenu | None:
        """Ce que cela prouve pour une équivalence : ce qui fut vraiment obtenu. Une dispense ne prouve rien."""
        match self.origine:
            case OrigineDeBloc.EQUIVALENCE:
                return Tenu(self.de_referentiel, self.de_bloc)
            case OrigineDeBloc.REPRISE:
                return Tenu(self.referentiel, self.bloc or None)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class Reconnaissable:
    """Un bloc qui pourrait se reconnaître : ce qui le prouve, la chaîne qui y mène, et ce que l'on en sait déjà, s'il est repris."""

    bloc: str
    tenu: Tenu
    chaine: Chaine
    connu: VueBlocAcquis | None


@dataclass(frozen=True, slots=True)
class Acquisitions:
    """Ce que tient un candidat, vu de son dossier.

    `tenus` : tout, retraits compris ; `acquis` : ce qui y compte ; `reconnaissables` : ce qui, tenu ailleurs et su d'ici, ouvrirait
    un bloc demandé ; `prouvables` : ce qu'une pièce ouvrirait.
    """

    tenus: tuple[VueBlocAcquis, ...]
    acquis: Mapping[str, VueBlocAcquis]
    reconnaissables: tuple[Reconnaissable, ...]
    prouvables: tuple[Reconnaissable, ...]


@dataclass(frozen=True, slots=True)
class SuiteDeBloc:
    """Ce qu'une capacité du dessus fait d'un bloc qui devient acquis (dossier, bloc), ou qui ne l'est plus.

    `obstacles` : des phrases qui disent ce qui l'empêche ; `effets` : ce qui suivra ; `appliquer` : le faire, dans la même
    transaction, au nom de qui l'a décidé ; `retirer` : de même, quand le bloc est retiré et redevient à juger.
    """

    obstacles: Callable[[UUID, str], Iterable[str]] = lambda _dossier, _bloc: ()
    effets: Callable[[UUID, str], Iterable[str]] = lambda _dossier, _bloc: ()
    appliquer: Callable[[UUID, str, Acteur, datetime], None] = lambda _dossier, _bloc, _auteur, _maintenant: None
    retirer: Callable[[UUID, str, Acteur, datetime], None] = lambda _dossier, _bloc, _auteur, _maintenant: None


_APRES_LA_CLOTURE = frozenset(suite for clos in DOSSIER_CLOS for suite in DOSSIER.etat(clos).vers)
"""Où un dossier déjà clos passe encore : ce que le jury a décidé."""
_SUITES: dict[str, SuiteDeBloc] = {}


def suivre_les_blocs_acquis(capacite: str, suite: SuiteDeBloc) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, ce qu'elle fait d'un bloc acquis. Le redire remplace."""
    _SUITES[capacite] = suite


def suites_de_bloc() -> tuple[SuiteDeBloc, ...]:
    """Les suites déclarées, dans l'ordre de leur nom."""
    return tuple(_SUITES[nom] for nom in sorted(_SUITES))


def obstacles_a_l_acquis(dossier: UUID, bloc: str) -> tuple[str, ...]:
    """Ce qui empêche ce bloc de devenir acquis dans ce dossier."""
    return tuple(chain.from_iterable(suite.obstacles(dossier, bloc) for suite in suites_de_bloc()))


def effets_de_l_acquis(dossier: UUID, bloc: str) -> tuple[str, ...]:
    """Ce qui suivra si ce bloc devient acquis dans ce dossier : à montrer avant de confirmer."""
    return tuple(chain.from_iterable(suite.effets(dossier, bloc) for suite in suites_de_bloc()))


# Lire ----------------------------------------------------------------------------------------------------------------


def blocs_tenus(lecteur: Acteur, candidats: Iterable[UUID]) -> dict[UUID, tuple[VueBlocAcquis, ...]]:
    """Tout ce que chacune de ces personnes (ses fiches réunies) tient ou a cru tenir, du plus ancien au plus récent. Une requête.

    Sans contrôle d'accès : pour un dossier ouvert au lecteur, et pour qui tient le registre des titulaires.
    """
    voulus = set(candidats)
    tenus: dict[UUID, tuple[VueBlocAcquis, ...]] = {}
    lignes = (
        BlocAcquis.objects.filter(Q(candidat_id__in=voulus) | Q(candidat__alias_de_id__in=voulus))
        .select_related("candidat", "vu_par", "retrait")
        .order_by("instant", "bloc", "pk")
    )
    for ligne in lignes:
        for qui in voulus.intersection((ligne.candidat_id, ligne.candidat.alias_de_id)):
            tenus[qui] = (*tenus.get(qui, ()), vue_bloc_acquis(ligne))
    return tenus


def bloc_acquis(lecteur: Acteur, identifiant: UUID) -> VueBlocAcquis:
    """Un bloc acquis. Lève `Introuvable`. Sans contrôle d'accès."""
    ligne = BlocAcquis.objects.select_related("vu_par", "retrait").filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable
    return vue_bloc_acquis(ligne)


def blocs_acquis(
    lecteur: Acteur, dossiers: Iterable[VueDossier], avant: datetime | None = None
) -> dict[UUID, Mapping[str, VueBlocAcquis]]:
    """Les blocs qui comptent comme acquis dans chacun de ces dossiers (ouverts au lecteur), demandés ou non, par code.

    Le premier écrit l'emporte. `avant` : tels qu'à cet instant, pour qui n'en lit pas davantage. Une requête, plus deux par version
    dont un bloc est repris du papier, plus une si le jury a statué sur l'un d'eux.
    """
    vues = {vue.id: vue for vue in dossiers}
    tenus = blocs_tenus(lecteur, {vue.candidat for vue in vues.values()}) if vues else {}
    limites = _limites([vue for vue in vues.values() if vue.candidat in tenus], avant)
    validite = _validites(lecteur)
    return {
        vue.id: acquis
        for vue in vues.values()
        if (acquis := _dans_le_dossier(lecteur, vue, tenus.get(vue.candidat, ()), limites.get(vue.id), validite))
    }


def _limites(vues: Iterable[VueDossier], avant: datetime | None) -> dict[UUID, datetime | None]:
    """Jusqu'où se lit ce qui compte dans chacun : sa clôture, qu'une décision du jury ne repousse pas ; pas plus loin qu'`avant`."""
    fins = {vue.id: None if vue.ouvert else vue.depuis for vue in vues}
    statues = [vue.id for vue in vues if vue.etat in _APRES_LA_CLOTURE]
    if statues:
        passages = PassageDossier.objects.filter(dossier__in=statues, etat__in=DOSSIER_CLOS).order_by()
        fins |= dict(passages.values("dossier").annotate(le=Min("instant")).values_list("dossier", "le"))
    if avant is None:
        return fins
    return {dossier: avant if fin is None else min(fin, avant) for dossier, fin in fins.items()}


def blocs_acquis_par_ids(
    lecteur: Acteur, dossiers: Iterable[UUID] | QuerySet[Any], avant: datetime | None = None
) -> dict[UUID, Mapping[str, VueBlocAcquis]]:
    """Comme `blocs_acquis`, de ces dossiers (ou d'une sous-requête de leurs identifiants), sans contrôle d'accès.

    Une requête s'il n'y en a aucun.
    """
    voulus = dossiers if isinstance(dossiers, QuerySet) else set(dossiers)
    candidat = OuterRef("candidat")
    siens = Exists(BlocAcquis.objects.filter(candidat=candidat))
    des_fiches_reunies = Exists(BlocAcquis.objects.filter(candidat__alias_de=candidat))
    lignes = Dossier.objects.filter(siens | des_fiches_reunies, pk__in=voulus)
    concernes = list(lignes.order_by().values_list("pk", flat=True))
    if not concernes:
        return {}
    return blocs_acquis(lecteur, dossiers_par_ids(lecteur, concernes).values(), avant)


def blocs_a_passer(lecteur: Acteur, dossiers: QuerySet[Any]) -> QuerySet[BlocDemande]:
    """Les blocs demandés dans ces dossiers (une sous-requête de leurs identifiants) qui n'y sont pas acquis autrement : à filtrer encore."""
    par_code: dict[str, list[UUID]] = {}
    for dossier, codes in blocs_acquis_par_ids(lecteur, dossiers).items():
        for code in codes:
            par_code.setdefault(code, []).append(dossier)
    acquis = [Q(code=code, dossier_id__in=siens) for code, siens in sorted(par_code.items())]
    demandes = BlocDemande.objects.filter(dossier_id__in=dossiers).order_by()
    return demandes.exclude(reduce(or_, acquis)) if acquis else demandes


def acquisitions(lecteur: Acteur, vue: VueDossier, jour: date) -> Acquisitions:
    """Ce que tient ce candidat, vu de ce dossier ouvert au lecteur. Deux requêtes, plus deux si un bloc est repris du papier."""
    tenus = blocs_tenus(lecteur, [vue.candidat]).get(vue.candidat, ())
    acquis = _dans_le_dossier(lecteur, vue, tenus, _limites([vue], None)[vue.id], _validites(lecteur))
    table = equivalences(lecteur, jour)
    preuves = [(une.prouve, une) for une in tenus if une.valait(None) and une.prouve is not None]
    connus = dict(reversed(preuves))
    trouvees = ouvertes(table, [preuve for preuve, _ in preuves], vue.referentiel, jour)
    return Acquisitions(
        tenus=tenus,
        acquis=acquis,
        reconnaissables=tuple(
            Reconnaissable(bloc, *trouvees[bloc], connus.get(trouvees[bloc][0]))
            for bloc in vue.blocs
            if bloc in trouvees and bloc not in acquis
        ),
        prouvables=tuple(
            Reconnaissable(bloc, tenu, chaine, None)
            for place in sources(table, vue.referentiel, jour)
            for bloc, (tenu, chaine) in ouvertes(
                table, [Tenu(place.referentiel, place.bloc)], vue.referentiel, jour
            ).items()
            if bloc in vue.blocs and bloc not in acquis
        ),
    )


def titulaire_deja(lecteur: Acteur, candidat: UUID, referentiel: str) -> VueBlocAcquis | None:
    """Le parchemin que cette personne tient déjà de cette version, s'il y en a un."""
    siens = blocs_tenus(lecteur, [candidat]).get(candidat, ())
    entiers = (une for une in siens if une.referentiel == referentiel and une.bloc == "" and une.valait(None))
    return next(entiers, None)


def titulaires_de(lecteur: Acteur, referentiel: str) -> frozenset[UUID]:
    """Qui tient la certification entière dans cette version, par toutes ses fiches. Une requête."""
    entiers = BlocAcquis.objects.filter(referentiel=referentiel, bloc="", retrait=None).order_by()
    paires = entiers.values_list("candidat_id", "candidat__alias_de_id")
    return frozenset(fiche for paire in paires for fiche in paire if fiche is not None)


def _dans_le_dossier(
    lecteur: Acteur,
    vue: VueDossier,
    tenus: Iterable[VueBlocAcquis],
    limite: datetime | None,
    validite: Callable[[str, date], int | None],
) -> Mapping[str, VueBlocAcquis]:
    siens = [une for une in tenus if une.referentiel == vue.referentiel and une.valait(limite)]
    if any(une.origine == OrigineDeBloc.REPRISE for une in siens):
        inscrit_le = jour_civil(vue.inscrit_le)
        mois = validite(vue.norme_empreinte, inscrit_le)
        siens = [
            une
            for une in siens
            if une.origine != OrigineDeBloc.REPRISE or reste_acquis(une.obtenu_le, mois, inscrit_le)
        ]
    if not siens:
        return {}
    codes = [bloc.code for bloc in norme(lecteur, vue.norme_empreinte).blocs]
    premiers = {code: next((une for une in siens if une.bloc in ("", code)), None) for code in codes}
    return {code: une for code, une in premiers.items() if une is not None}


def validite_en_mois(lecteur: Acteur, vue: VueDossier, jour: date) -> int | None:
    """Combien de mois un bloc reste acquis, d'après le règlement de ce jour-là ; `None` : sans terme."""
    return _validites(lecteur)(vue.norme_empreinte, jour)


def _validites(lecteur: Acteur) -> Callable[[str, date], int | None]:
    """Comme `validite_en_mois`, pour plusieurs dossiers : le règlement de chaque version se lit une fois, quel que soit leur nombre."""

    @cache
    def lues(empreinte: str) -> tuple[VersionPubliee, tuple[Reglement, ...]]:
        version = version_d_empreinte(lecteur, empreinte)
        return version, editions(lecteur, version)

    def validite(empreinte: str, jour: date) -> int | None:
        version, reglements = lues(empreinte)
        mois: int | None = edition_en_vigueur(reglements, version, jour).valeur("bloc_validite_mois")
        return mois

    return validite


def chaine_en_clair(chaine: Chaine) -> list[dict[str, str | None]]:
    """Une chaîne d'équivalences, telle qu'elle se garde : ce qui a été appliqué, avec ses jours."""
    return [_maillon(une) for une in chaine]


def _maillon(une: Equivalence) -> dict[str, str | None]:
    return {
        "de": f"{une.de.referentiel} {une.de.bloc}",
        "vers": f"{une.vers.referentiel} {une.vers.bloc}",
        "du": une.du.isoformat() if une.du else None,
        "au": une.au.isoformat() if une.au else None,
    }


def vue_bloc_acquis(ligne: BlocAcquis) -> VueBlocAcquis:
    """Une ligne lue avec `vu_par` et `retrait`, en clair."""
    retrait = getattr(ligne, "retrait", None)
    return VueBlocAcquis(
        id=ligne.pk,
        candidat=ligne.candidat_id,
        referentiel=ligne.referentiel,
        bloc=ligne.bloc,
        origine=OrigineDeBloc(ligne.origine),
        obtenu_le=ligne.obtenu_le,
        dossier=ligne.dossier_id,
        de_referentiel=ligne.de_referentiel,
        de_bloc=ligne.de_bloc,
        piece=PieceDeBloc(ligne.piece) if ligne.piece else None,
        vu_le=ligne.vu_le,
        vu_par_nom=str(ligne.vu_par) if ligne.vu_par else "",
        motif=ligne.motif,
        session=ligne.session,
        numero=ligne.numero,
        instant=ligne.instant,
        retire_le=retrait.instant if retrait else None,
        retire_pour=retrait.motif if retrait else "",
    )
