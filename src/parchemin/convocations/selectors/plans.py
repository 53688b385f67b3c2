"""Les plans d'épreuves qu'un gestionnaire prépare : ce qui est proposé, ce qui s'y oppose maintenant, ce qui a changé depuis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from parchemin.carnet.selectors import BlocAConvoquer, empeches_par_le_carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits, noms, organismes
from parchemin.convocations.enums import EtatDePlan
from parchemin.convocations.models import Plan
from parchemin.convocations.planificateur.cout import cout
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.instance import Instance, Placement
from parchemin.convocations.planificateur.memoire import relire, relire_plan
from parchemin.convocations.planificateur.pourquoi import Relachement
from parchemin.convocations.planificateur.verificateur import Defaut, defauts
from parchemin.convocations.selectors.epreuves import blocs_planifies
from parchemin.convocations.selectors.instances import Periode, dossier_et_bloc, rafraichie
from parchemin.convocations.selectors.lieux import VueSalle, VueSite, sites_par_ids
from parchemin.convocations.selectors.suivi import A_EVALUER, blocs_a_planifier
from parchemin.parcours.selectors import VueDossier, dossiers_par_ids, dossiers_visibles
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable

CANDIDATS_AU_PLUS = 100
"""Ce qu'un plan compte de candidats au plus : au-delà, il se calcule mal et ne se relit pas."""
SILENCE = timedelta(minutes=3)
"""Sans signe de la tâche depuis ce temps, son processus est tenu pour mort : on peut reprendre."""


@dataclass(frozen=True, slots=True)
class VueLaissee:
    """Une épreuve sans place : ce qu'il suffit de relâcher (vide : rien de ce qu'on sait relâcher, ou rien si une place est `libre`), et
    chez qui.
    """

    epreuve: str
    relacher: tuple[Relachement, ...]
    qui: tuple[str, ...]
    libre: bool = False


@dataclass(frozen=True, slots=True)
class CandidatPret:
    """Un dossier, et ses blocs que l'on peut planifier aujourd'hui."""

    dossier: VueDossier
    blocs: tuple[str, ...]


@dataclass(frozen=True)
class VuePlan:
    """Un plan, relu maintenant. `instance` : les heures et les engagements d'aujourd'hui ; `faits` : les épreuves nées de ce plan."""

    id: UUID
    organisme: UUID
    organisme_nom: str
    periode: Periode
    etat: EtatDePlan
    version: int
    lu_le: datetime | None
    bouge_le: datetime
    points: int | None
    points_du_premier: int | None
    borne: int | None
    instance: Instance
    plan: tuple[Placement, ...]
    laissees: tuple[VueLaissee, ...]
    faits: Mapping[str, UUID]
    refuses: Mapping[str, str]
    change: bool
    ailleurs: frozenset[str]
    dossiers: Mapping[UUID, VueDossier]
    sites: Mapping[UUID, VueSite]
    noms: Mapping[UUID, str]

    @cached_property
    def defauts(self) -> Mapping[str, tuple[Defaut, ...]]:
        """Ce qui s'oppose à chaque épreuve visible du plan, d'après le vérificateur ; rien pour celles qui sont déjà inscrites."""
        trouves: dict[str, list[Defaut]] = {}
        for defaut in dict.fromkeys(defauts(self.instance, self.plan)):
            if defaut.epreuve not in self.faits and self.visible(defaut.epreuve):
                trouves.setdefault(defaut.epreuve, []).append(defaut)
        return {cle: tuple(siens) for cle, siens in trouves.items()}

    @cached_property
    def placements(self) -> Mapping[str, Placement]:
        """Les placements, par épreuve."""
        return {p.epreuve: p for p in self.plan}

    @cached_property
    def salles(self) -> Mapping[str, tuple[VueSalle, VueSite]]:
        """Les salles, par clé, avec leur site."""
        return {str(salle.id): (salle, site) for site in self.sites.values() for salle in site.salles}

    @property
    def valeur(self) -> int:
        """Ce que vaut le plan tel qu'il est, retouches comprises, en points."""
        return cout(self.instance, self.plan).total

    def visible(self, epreuve: str) -> bool:
        """Vrai si le dossier de cette épreuve s'ouvre au lecteur. Les autres tiennent leur place dans le plan, sans se montrer."""
        return dossier_et_bloc(epreuve)[0] in self.dossiers

    @cached_property
    def montres(self) -> tuple[Placement, ...]:
        """Les placements des dossiers que le lecteur peut ouvrir."""
        return tuple(p for p in self.plan if self.visible(p.epreuve))

    @property
    def reste(self) -> tuple[Placement, ...]:
        """Les placements qu'il reste à adopter au lecteur."""
        return tuple(p for p in self.montres if p.epreuve not in self.faits and p.epreuve not in self.ailleurs)

    def dossier(self, epreuve: str) -> VueDossier:
        """Le dossier d'une épreuve du plan."""
        return self.dossiers[dossier_et_bloc(epreuve)[0]]

    def debut(self, placement: Placement) -> datetime:
        """Son instant."""
        return instant(placement.debut)

    def nom(self, cle: str) -> str:
        """Le nom d'une personne du plan."""
        return self.noms.get(UUID(cle), "une personne qui n'est plus enregistrée")

    def en_route(self, maintenant: datetime) -> bool:
        """Vrai si une tâche y travaille et donne signe de vie."""
        travaille = self.etat in (EtatDePlan.DEMANDE, EtatDePlan.PREMIER, EtatDePlan.ADOPTION)
        return travaille and maintenant - self.bouge_le < SILENCE


def plans_tenus(lecteur: Acteur, jour: date) -> QuerySet[Plan]:
    """Les plans des organismes que gère le lecteur."""
    tenus = droits(lecteur, jour).connait(NatureRole.GESTIONNAIRE)
    lignes = Plan.objects.select_related("organisme").defer("contenu").order_by("organisme__cle_tri", "pk")
    return lignes if tenus is None else lignes.filter(organisme_id__in=tenus)


def organismes_geres(lecteur: Acteur, jour: date) -> tuple[tuple[str, str], ...]:
    """Les organismes que gère le lecteur (il y prépare un plan, y ajoute un site) : identifiant et nom court, à la française."""
    tenus = droits(lecteur, jour).connait(NatureRole.GESTIONNAIRE)
    lignes = organismes(lecteur, jour)
    return tuple((str(un.pk), un.nom_court) for un in (lignes if tenus is None else lignes.filter(pk__in=tenus)))


def plan(lecteur: Acteur, identifiant: UUID, jour: date) -> VuePlan:
    """Un plan d'un organisme que gère le lecteur. Lève `Introuvable` sinon, sans dire s'il existe. Un nombre constant de requêtes."""
    ligne = plans_tenus(lecteur, jour).defer(None).filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable
    return vue_plan(lecteur, ligne, jour)


def candidats_prets(lecteur: Acteur, organisme: UUID, jour: date) -> tuple[CandidatPret, ...]:
    """Les dossiers de cet organisme que le lecteur peut planifier, jamais le sien, et qui ont un bloc que rien n'empêche de convoquer ;
    celui qui attend depuis le plus longtemps d'abord. Un nombre constant de requêtes, et deux par norme.
    """
    siens = droits(lecteur, jour)
    dossiers = dossiers_visibles(lecteur, jour).filter(organisme_id=organisme, ouvert=True, etat__in=A_EVALUER)
    dossiers = dossiers.exclude(candidat_id__in={lecteur.id, lecteur.par_delegation_de} - {None})
    lignes = blocs_a_planifier(lecteur, dossiers).order_by("dossier__entree_le", "dossier_id", "rang")
    colonnes = ("dossier_id", "code", "dossier__voie", "dossier__norme_empreinte")
    lus = [BlocAConvoquer(*ligne) for ligne in lignes.values_list(*colonnes)]
    empeches = empeches_par_le_carnet(lecteur, lus, jour)
    prets: dict[UUID, list[str]] = {}
    for un in lus:
        if (un.dossier, un.bloc) not in empeches:
            prets.setdefault(un.dossier, []).append(un.bloc)
    vues = dossiers_par_ids(lecteur, prets) if prets else {}
    return tuple(
        CandidatPret(vues[dossier], tuple(blocs))
        for dossier, blocs in prets.items()
        if siens.couvre(NatureRole.GESTIONNAIRE, organisme, vues[dossier].referentiel_code)
    )


def nees(ligne: Plan) -> dict[str, UUID]:
    """Les épreuves déjà nées de ce plan, par clé."""
    return {cle: UUID(sort["epreuve"]) for cle, sort in ligne.sort.items() if "epreuve" in sort}


def dossiers_montres(lecteur: Acteur, dossiers: Iterable[UUID], jour: date) -> frozenset[UUID]:
    """Ceux de ces dossiers qui s'ouvrent au lecteur : un plan peut en compter d'une certification qu'il ne gère pas."""
    visibles = dossiers_visibles(lecteur, jour).filter(pk__in=set(dossiers)).order_by()
    return frozenset(visibles.values_list("pk", flat=True))


def vue_plan(lecteur: Acteur, ligne: Plan, jour: date) -> VuePlan:
    """Ce plan, relu maintenant, pour qui gère son organisme : ce qui n'est pas de ses dossiers tient sa place sans se montrer."""
    periode = Periode(ligne.du, ligne.au)
    garde = ligne.contenu.get("instance")
    gardee = relire(garde) if garde else Instance((), (), (), ())
    faits = nees(ligne)
    sites = sites_par_ids(lecteur, {UUID(s.site) for s in gardee.salles})
    actuelle = (
        rafraichie(lecteur, gardee, periode, ligne.contenu.get("maximum", 0), faits.values(), sites)
        if garde
        else gardee
    )
    tous = {dossier_et_bloc(e.cle)[0] for e in gardee.epreuves}
    dossiers = dossiers_par_ids(lecteur, dossiers_montres(lecteur, tous, jour))
    planifies = blocs_planifies(lecteur, tous)
    ailleurs = frozenset(e.cle for e in gardee.epreuves if e.cle not in faits and dossier_et_bloc(e.cle) in planifies)
    gens = {UUID(e.cle) for e in gardee.evaluateurs} | {UUID(c.cle) for c in gardee.candidats}
    return VuePlan(
        id=ligne.pk,
        organisme=ligne.organisme_id,
        organisme_nom=ligne.organisme.nom_court,
        periode=periode,
        etat=EtatDePlan(ligne.etat),
        version=ligne.version,
        lu_le=ligne.lu_le,
        bouge_le=ligne.bouge_le,
        points=ligne.points,
        points_du_premier=ligne.points_du_premier,
        borne=ligne.borne,
        instance=actuelle,
        plan=relire_plan(ligne.contenu.get("plan", ())),
        laissees=tuple(
            VueLaissee(cle, tuple(map(Relachement, relacher)), tuple(qui), libre)
            for cle, relacher, qui, libre in ligne.contenu.get("laissees", ())
            if dossier_et_bloc(cle)[0] in dossiers
        ),
        faits=faits,
        refuses={
            cle: sort["refus"]
            for cle, sort in ligne.sort.items()
            if "refus" in sort and dossier_et_bloc(cle)[0] in dossiers
        },
        change=_change(gardee, actuelle) or bool(ailleurs),
        ailleurs=ailleurs,
        dossiers=dossiers,
        sites=sites,
        noms=noms(lecteur, gens),
    )


def _change(gardee: Instance, actuelle: Instance) -> bool:
    """Vrai si les heures, les absences ou les engagements ont changé depuis la lecture."""
    return (gardee.salles, gardee.evaluateurs, _sans_attente(gardee), dict(gardee.occupees)) != (
        actuelle.salles,
        actuelle.evaluateurs,
        _sans_attente(actuelle),
        dict(actuelle.occupees),
    )


def _sans_attente(instance: Instance) -> Sequence[object]:
    return [(c.cle, c.libre, c.engagements) for c in instance.candidats]
