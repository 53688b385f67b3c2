"""Toutes les lectures : le carnet d'un dossier, ligne par ligne, et ce qui y manque.

L'accès à un carnet est celui du dossier, élargi à ceux à qui le règlement le montre : voir `dossier_du_carnet`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from moteur.empreinte import empreinte
from moteur.regles import carnet_complet
from parchemin.carnet.enums import Verdict
from parchemin.carnet.models import Attestation, Carnet, Dispense, Ligne, Repudiation
from parchemin.comptes.selectors import noms
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueBlocAcquis, VueDossier, blocs_acquis_par_ids, dossiers_par_ids
from parchemin.parcours.selectors import dossier as dossier_ouvert
from parchemin.referentiels.selectors import reglement_en_vigueur, version_d_empreinte
from parchemin.registre import sceaux
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable

SCEAU = "carnet.attestation"
PERSONNE = Coalesce("auteur__alias_de", "auteur")
"""Qui a écrit une attestation, ses fiches réunies n'en faisant qu'une."""
_VERDICTS = {Verdict.MAITRISEE.value: True, Verdict.PAS_ENCORE.value: False}


@dataclass(frozen=True, slots=True)
class VueAttestation:
    """Ce que dit une personne d'une compétence ; `verdict` vide : elle a retiré ce qui portait son nom, ou l'a répudié.

    `par_lien` : elle l'a dit par un lien nominatif et son code, sans compte. `personne` : l'auteur, ses fiches réunies n'en
    faisant qu'une. `repudiee` : elle dit ne l'avoir pas attesté.
    """

    qualite: Qualite
    verdict: str
    mot: str
    auteur: UUID
    auteur_nom: str
    instant: datetime
    rang: int
    par_lien: bool
    personne: UUID
    repudiee: bool = False

    @property
    def vaut(self) -> bool | None:
        """Vrai, faux, ou `None` si l'attestation est attendue."""
        return _VERDICTS.get(self.verdict)


@dataclass(frozen=True, slots=True)
class VueLigne:
    """Une compétence du carnet et ses deux attestations en cours."""

    bloc: str
    competence: str
    attestations: Mapping[Qualite, VueAttestation]
    histoire: tuple[VueAttestation, ...]

    @property
    def sans_effet(self) -> Qualite | None:
        """La qualité dont l'attestation ne compte pas : la même personne avait attesté de l'autre côté."""
        return voix_de_trop({qualite: (dite.personne, dite.vaut) for qualite, dite in self.attestations.items()})

    def vaut(self, qualite: Qualite) -> bool | None:
        """Ce que vaut l'attestation de cette qualité."""
        attestation = self.attestations.get(qualite)
        return None if attestation is None or self.sans_effet == qualite else attestation.vaut

    def attend(self, qualite: Qualite, dossier: VueDossier) -> bool:
        """Vrai si cette qualité a quelque chose à en dire : elle ne l'a pas dite maîtrisée, ou sa voix est à reprendre.

        À reprendre : qui l'avait donnée est désormais désigné de l'autre côté, et ne peut y attester tant qu'elle vaut.
        """
        if self.vaut(qualite) is not True:
            return True
        autre = qualite.autre
        return self.vaut(autre) is not True and self.attestations[qualite].auteur == dossier.designe(autre)

    def sa_voix(self, qualite: Qualite) -> VueAttestation | None:
        """Ce que la page propose de redire : l'attestation de cette qualité, à moins qu'une autre personne n'ait à la reprendre."""
        attestation = self.attestations.get(qualite)
        return None if attestation is not None and attestation.verdict and self.vaut(qualite) is True else attestation

    def rang(self, qualite: Qualite) -> int:
        """Le rang de la dernière attestation de cette qualité, zéro s'il n'y en a pas : ce qu'une page a vu."""
        attestation = self.attestations.get(qualite)
        return 0 if attestation is None else attestation.rang


def voix_de_trop(voix: Mapping[Qualite, tuple[UUID, bool | None]]) -> Qualite | None:
    """Des deux voix d'une compétence (qui, et ce qu'elle dit, la plus ancienne d'abord), celle qui ne compte pas.

    Une personne n'en a qu'une : ce qu'elle a dit ensuite, en l'autre qualité, attend encore quelqu'un d'autre.
    """
    en_vigueur = [(qualite, personne) for qualite, (personne, dit) in voix.items() if dit is not None]
    if len(en_vigueur) == 2 and en_vigueur[0][1] == en_vigueur[1][1]:
        return en_vigueur[1][0]
    return None


@dataclass(frozen=True, slots=True)
class VueDispense:
    """Un bloc dont le gestionnaire a dispensé du carnet : pourquoi, qui, quand."""

    bloc: str
    motif: str
    auteur_nom: str
    instant: datetime


@dataclass(frozen=True, slots=True)
class VueCarnet:
    """Un carnet entier, dans l'ordre du référentiel.

    `lignes` : ce qui s'atteste ; `acquis` : les blocs acquis autrement (équivalence, reprise) ; `acquises` : leurs lignes, dont
    plus rien n'est attendu et où ce qui fut attesté reste lisible.
    """

    id: UUID
    dossier: UUID
    remis_le: datetime
    recu_le: datetime | None
    lignes: tuple[VueLigne, ...]
    dispenses: Mapping[str, VueDispense]
    acquises: tuple[VueLigne, ...] = ()
    acquis: Mapping[str, VueBlocAcquis] = field(default_factory=dict)

    def avancement(self, bloc: str | None = None) -> Avancement:
        """Où en sont les attestations, de tout le carnet ou d'un bloc ; un bloc acquis n'y compte plus."""
        lignes = [ligne for ligne in self.lignes if bloc in (None, ligne.bloc)]
        return Avancement(
            tuteur=tuple(ligne.vaut(Qualite.TUTEUR) for ligne in lignes),
            manager=tuple(ligne.vaut(Qualite.MANAGER) for ligne in lignes),
            blocs=tuple(ligne.bloc for ligne in lignes),
            dispenses=frozenset(self.dispenses),
            acquis=frozenset(ligne.bloc for ligne in self.acquises),
            derniere=max(
                (dite.instant for ligne in (*lignes, *self.acquises) for dite in ligne.histoire), default=None
            ),
        )


@dataclass(frozen=True, slots=True)
class Avancement:
    """Les attestations de chaque qualité, une par ligne : vraie, fausse, ou attendue (`None`).

    `blocs` : le bloc de chaque ligne ; `dispenses` : ceux dont le gestionnaire a dispensé ; `acquis` : ceux qui, acquis autrement,
    n'ont plus de ligne ; `derniere` : l'instant de la dernière attestation lue.
    """

    tuteur: tuple[bool | None, ...]
    manager: tuple[bool | None, ...]
    blocs: tuple[str, ...]
    dispenses: frozenset[str] = frozenset()
    acquis: frozenset[str] = frozenset()
    derniere: datetime | None = field(default=None, compare=False)

    @property
    def lignes(self) -> int:
        """Le nombre de compétences du carnet."""
        return len(self.tuteur)

    @property
    def completes(self) -> int:
        """Le nombre de compétences attestées par les deux."""
        return sum(a is True and b is True for a, b in zip(self.tuteur, self.manager, strict=True))

    @property
    def refusees(self) -> int:
        """Le nombre de compétences qu'au moins une personne dit « pas encore »."""
        return sum(a is False or b is False for a, b in zip(self.tuteur, self.manager, strict=True))

    @property
    def desaccords(self) -> int:
        """Le nombre de compétences que l'un dit maîtrisées et l'autre pas encore."""
        return sum(carnet_complet.desaccord(a, b) for a, b in zip(self.tuteur, self.manager, strict=True))

    def attendues(self, qualite: Qualite) -> int:
        """Combien d'attestations maîtrisées manquent encore à cette qualité, hors des blocs dispensés."""
        valeurs = self.tuteur if qualite == Qualite.TUTEUR else self.manager
        return sum(
            valeur is not True and bloc not in self.dispenses for valeur, bloc in zip(valeurs, self.blocs, strict=True)
        )

    @property
    def suffit(self) -> bool:
        """Vrai si plus rien n'est attendu : tout est attesté, ou ce qui manque est dispensé."""
        return not any(self.attendues(qualite) for qualite in Qualite)

    def complet_pour(self, bloc: str) -> bool:
        """La règle du moteur, pour ce bloc."""
        lignes = zip(self.tuteur, self.manager, self.blocs, strict=True)
        return carnet_complet.verdict([dit for *dits, sien in lignes if sien == bloc for dit in dits]) is True

    @property
    def complet(self) -> bool:
        """La règle du moteur : chaque compétence porte les deux attestations."""
        return carnet_complet.verdict((*self.tuteur, *self.manager)) is True


type EstDesLeurs = Callable[[Acteur, UUID, date], bool]
_AUTRES_LECTEURS: dict[str, EstDesLeurs] = {}


def montrer_a(groupe: str, est_des_leurs: EstDesLeurs) -> None:
    """Déclare, depuis l'`AppConfig.ready` d'une capacité du dessus, un groupe que le règlement peut nommer.

    `groupe` est une valeur du réglage `carnet_montre` (« evaluateurs », « jury ») ; `est_des_leurs(lecteur, dossier, jour)`
    dit si ce lecteur en est pour ce dossier, ce jour-là. Le redire remplace.
    """
    _AUTRES_LECTEURS[groupe] = est_des_leurs


def dossier_du_carnet(lecteur: Acteur, dossier: UUID, jour: date) -> VueDossier:
    """Le dossier dont ce lecteur peut lire le carnet ; lève `Introuvable` sinon, sans dire s'il existe.

    Ceux à qui le dossier est ouvert, et ceux à qui le règlement en vigueur montre le carnet (réglage `carnet_montre`).
    """
    with suppress(Introuvable):
        return dossier_ouvert(lecteur, dossier, jour)
    groupes = [groupe for groupe, est_des_leurs in _AUTRES_LECTEURS.items() if est_des_leurs(lecteur, dossier, jour)]
    vue = dossiers_par_ids(lecteur, [dossier]).get(dossier) if groupes else None
    if vue is None:
        raise Introuvable
    version = version_d_empreinte(lecteur, vue.norme_empreinte)
    montre = reglement_en_vigueur(lecteur, version, jour).valeur("carnet_montre")
    if not set(groupes) & set(montre):
        raise Introuvable
    return vue


def carnet(lecteur: Acteur, dossier: UUID, avant: datetime | None = None) -> VueCarnet | None:
    """Le carnet d'un dossier ouvert au lecteur ; `None` s'il n'est pas encore remis. Six requêtes.

    `avant` : tel qu'il était à cet instant, pour qui n'en lit pas davantage.
    """
    ligne = Carnet.objects.filter(dossier_id=dossier).first()
    return None if ligne is None else _vue(lecteur, ligne, avant)


def est_remis(lecteur: Acteur, dossier: UUID) -> bool:
    """Vrai si ce dossier a son carnet. Une requête."""
    return Carnet.objects.filter(dossier_id=dossier).exists()


def complet(lecteur: Acteur, dossier: UUID, bloc: str | None = None) -> bool:
    """Vrai si le carnet (ou la part d'un bloc) porte toutes ses attestations ; faux s'il n'est pas remis."""
    vue = carnet(lecteur, dossier)
    return vue is not None and vue.avancement(bloc).complet


def avancements(lecteur: Acteur, dossiers: Iterable[UUID]) -> dict[UUID, Avancement]:
    """L'avancement du carnet de chacun de ces dossiers (ouverts au lecteur). Quatre requêtes, quel que soit leur nombre.

    Un bloc acquis n'y compte plus.
    """
    return _avancements(lecteur, Q(carnet__dossier_id__in=set(dossiers)))


def avancements_des_blocs(lecteur: Acteur, blocs: Iterable[tuple[UUID, str]]) -> dict[UUID, Avancement]:
    """Comme `avancements`, en ne lisant que ces blocs (dossier, code) : le reste du carnet n'y figure pas."""
    par_code: dict[str, set[UUID]] = {}
    for dossier, code in blocs:
        par_code.setdefault(code, set()).add(dossier)
    demandes = [Q(bloc=code, carnet__dossier_id__in=siens) for code, siens in sorted(par_code.items())]
    return _avancements(lecteur, reduce(or_, demandes)) if demandes else {}


def _avancements(lecteur: Acteur, lesquelles: Q) -> dict[UUID, Avancement]:
    lignes = Ligne.objects.filter(lesquelles).order_by("carnet", "rang")
    par_dossier: dict[UUID, list[tuple[int, str]]] = {}
    de_la_racine: dict[int, list[tuple[int, UUID]]] = {}
    for identifiant, premiere, bloc, dossier in lignes.values_list("pk", "origine_id", "bloc", "carnet__dossier_id"):
        par_dossier.setdefault(dossier, []).append((identifiant, bloc))
        de_la_racine.setdefault(premiere or identifiant, []).append((identifiant, dossier))
    if not par_dossier:
        return {}
    acquis = blocs_acquis_par_ids(lecteur, par_dossier)
    for dossier, siens in acquis.items():
        par_dossier[dossier] = [ligne for ligne in par_dossier[dossier] if ligne[1] not in siens]
    dispenses = blocs_dispenses(lecteur, par_dossier)
    voix: dict[int, dict[Qualite, tuple[UUID, bool | None]]] = {}
    dernieres: dict[UUID, datetime] = {}
    racines = lignes.order_by().annotate(racine=Coalesce("origine_id", "pk")).values("racine")
    for origine, dite_a, qualite, verdict, instant, personne in attestations_de(racines).values_list(
        "ligne__origine_id", "ligne_id", "qualite", "verdict", "instant", PERSONNE
    ):
        for ligne, dossier in de_la_racine[origine or dite_a]:
            if dite_a <= ligne:
                dites = voix.setdefault(ligne, {})
                dites.pop(Qualite(qualite), None)  # la plus ancienne reste devant
                dites[Qualite(qualite)] = (personne, _VERDICTS.get(verdict))
                dernieres[dossier] = max(instant, dernieres.get(dossier, instant))
    valeurs = {
        (ligne, qualite): dit
        for ligne, dites in voix.items()
        for de_trop in (voix_de_trop(dites),)
        for qualite, (_, dit) in dites.items()
        if qualite != de_trop
    }
    return {
        dossier: Avancement(
            tuteur=tuple(valeurs.get((ligne, Qualite.TUTEUR)) for ligne, _ in siennes),
            manager=tuple(valeurs.get((ligne, Qualite.MANAGER)) for ligne, _ in siennes),
            blocs=tuple(bloc for _, bloc in siennes),
            dispenses=dispenses.get(dossier, frozenset()),
            acquis=frozenset(acquis.get(dossier, ())),
            derniere=dernieres.get(dossier),
        )
        for dossier, siennes in par_dossier.items()
    }


def attestations_de(racines: Collection[int] | QuerySet[Any]) -> QuerySet[Attestation]:
    """Les attestations de ces compétences d'une version à l'autre, dans l'ordre où elles furent dites.

    `racines` : la première ligne de chacune, ou la requête qui les lit (des milliers d'identifiants coûtent plus à écrire dans une
    requête qu'à y relire). Une ligne est née après celles
    qu'elle reprend : elle lit ce qui fut dit sur elle et sur elles, jamais ce qui le fut sur une ligne née après elle.
    """
    toutes = Ligne.objects.order_by().values("pk")
    lignes = toutes.filter(pk__in=racines).union(toutes.filter(origine__in=racines))
    return Attestation.objects.filter(ligne__in=lignes).order_by("instant", "rang", "qualite")


def blocs_dispenses(lecteur: Acteur, dossiers: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    """Les blocs dont chacun de ces dossiers (ouverts au lecteur) est dispensé de carnet. Une requête."""
    lignes = Dispense.objects.filter(carnet__dossier_id__in=set(dossiers)).order_by("rang")
    etat: dict[UUID, dict[str, bool]] = {}
    for dossier, bloc, accordee in lignes.values_list("carnet__dossier_id", "bloc", "accordee"):
        etat.setdefault(dossier, {})[bloc] = accordee
    return {dossier: frozenset(bloc for bloc, accordee in blocs.items() if accordee) for dossier, blocs in etat.items()}


def _vue(lecteur: Acteur, ligne: Carnet, avant: datetime | None) -> VueCarnet:
    jusque = {} if avant is None else {"instant__lt": avant}
    lignes = list(Ligne.objects.filter(carnet=ligne).order_by("rang"))
    racines = {une.origine_id or une.pk for une in lignes}
    repudiee = Repudiation.objects.filter(
        instant=OuterRef("instant"), avis__personne=OuterRef("auteur_id"), avis__qualite=OuterRef("qualite")
    )
    attestations = list(
        attestations_de(racines)
        .filter(**jusque)
        .select_related("ligne")
        .annotate(repudiee=Q(verdict="") & Exists(repudiee), personne=PERSONNE)
    )
    dispenses = {une.bloc: une for une in Dispense.objects.filter(carnet=ligne, **jusque).order_by("rang")}
    auteurs = {a.auteur_id for a in attestations} | {une.auteur_id for une in dispenses.values()}
    connus = noms(lecteur, auteurs)
    par_racine: dict[int, list[tuple[int, VueAttestation]]] = {}
    for a in attestations:
        vue = VueAttestation(
            qualite=Qualite(a.qualite),
            verdict=a.verdict,
            mot=a.mot,
            auteur=a.auteur_id,
            auteur_nom=connus[a.auteur_id],
            instant=a.instant,
            rang=a.rang,
            par_lien=a.lien_id is not None,
            personne=a.personne,
            repudiee=a.repudiee,
        )
        par_racine.setdefault(a.ligne.origine_id or a.ligne_id, []).append((a.ligne_id, vue))
    dites = {
        une.pk: tuple(vue for dite_a, vue in par_racine.get(une.origine_id or une.pk, ()) if dite_a <= une.pk)
        for une in lignes
    }
    acquis = blocs_acquis_par_ids(lecteur, [ligne.dossier_id], avant).get(ligne.dossier_id, {})
    toutes = tuple(
        VueLigne(
            bloc=une.bloc,
            competence=une.competence,
            attestations=_en_vigueur(dites[une.pk]),
            histoire=dites[une.pk],
        )
        for une in lignes
    )
    return VueCarnet(
        id=ligne.pk,
        dossier=ligne.dossier_id,
        remis_le=ligne.remis_le,
        recu_le=ligne.recu_le if avant is None or (ligne.recu_le and ligne.recu_le < avant) else None,
        lignes=tuple(une for une in toutes if une.bloc not in acquis),
        acquises=tuple(une for une in toutes if une.bloc in acquis),
        acquis=acquis,
        dispenses={
            bloc: VueDispense(bloc, une.motif, connus[une.auteur_id], une.instant)
            for bloc, une in dispenses.items()
            if une.accordee
        },
    )


def _en_vigueur(histoire: Iterable[VueAttestation]) -> dict[Qualite, VueAttestation]:
    """La dernière de chaque qualité, la plus ancienne des deux d'abord."""
    dernieres = {vue.qualite: vue for vue in histoire}
    return {vue.qualite: vue for vue in histoire if dernieres[vue.qualite] is vue}


# Sceaux -------------------------------------------------------------------------------------------------------------


def empreinte_attestation(ligne: Attestation) -> str:
    """L'empreinte d'une attestation, refaite depuis ses colonnes (jamais depuis celle qui la garde).

    Elle tient à ce sur quoi elle repose : le dossier, la compétence, la norme. Le sel empêche de la deviner.
    """
    carnet = ligne.ligne.carnet
    return empreinte(
        {
            "auteur": str(ligne.auteur_id),
            "competence": ligne.ligne.competence,
            "dossier": str(carnet.dossier_id),
            "id": str(ligne.pk),
            "instant": ligne.instant.astimezone(UTC).isoformat(timespec="microseconds"),
            "mot": ligne.mot,
            "norme": carnet.dossier.norme_empreinte,
            "qualite": ligne.qualite,
            "rang": ligne.rang,
            "sel": bytes(ligne.sel).hex(),
            "verdict": ligne.verdict,
        }
        | ({"lien": str(ligne.lien_id)} if ligne.lien_id else {})
    )


def declarer_sceaux() -> None:
    """Déclare les attestations au registre, pour `parchemin journal verifier`."""

    def relire(cle: str) -> str | None:
        ligne = Attestation.objects.select_related("ligne__carnet__dossier").filter(pk=cle).first()
        return empreinte_attestation(ligne) if ligne else None

    sceaux.declarer(SCEAU, relire, lambda: Attestation.objects.order_by("pk").values_list("pk", flat=True).iterator())
