"""Toutes les lectures : les dossiers qu'un lecteur peut voir, leur histoire, qui a la main.

Un dossier s'ouvre au gestionnaire et aux ressources humaines de son organisme, au candidat (toujours : c'est le sien), à
son tuteur et à son manager tant qu'ils en tiennent le rôle ; à personne d'autre.
Une capacité du dessus qui a sa propre raison de montrer un dossier (l'évaluateur affecté) passe par `dossiers_par_ids`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from moteur.etats import DOSSIER, PERSONNE
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Portee, TacheAReprendre, droits, personnes_trouvees, sans_compte
from parchemin.parcours import identite
from parchemin.parcours.enums import Initiative, Qualite, Voie
from parchemin.parcours.models import BlocDemande, Designation, Dossier, EtatCivil, NirChiffre, PassageDossier
from parchemin.registre.consultations import Regard
from parchemin.registre.enums import PageConsultee
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable
from parchemin.socle.typographie import de, pluriel

OUVRENT_UN_ORGANISME = (NatureRole.GESTIONNAIRE, NatureRole.RH)
"""Les rôles qui ouvrent tous les dossiers de leur périmètre."""

CARNET_OUVERT = ("en_parcours", "en_evaluation")
"""Les états où un carnet s'atteste : le premier bloc planifié n'arrête pas les autres."""


@dataclass(frozen=True, slots=True)
class VueDossier:
    """Un dossier tel que les autres capacités le lisent ; les noms sont ceux d'affichage."""

    id: UUID
    candidat: UUID
    candidat_nom: str
    organisme: UUID
    organisme_nom: str
    referentiel_code: str
    referentiel_version: str
    norme_empreinte: str
    voie: Voie
    initiative: Initiative
    entree_le: date
    tuteur: UUID | None
    tuteur_nom: str
    manager: UUID | None
    manager_nom: str
    etat: str
    depuis: datetime
    ouvert: bool
    inscrit_le: datetime
    blocs: tuple[str, ...]
    recevable_le: date | None = None
    acces_vae: str = ""
    referent_rh: UUID | None = None
    referent_rh_nom: str = ""
    suite_de: UUID | None = None

    @property
    def referentiel(self) -> str:
        """« code@version »."""
        return f"{self.referentiel_code}@{self.referentiel_version}"

    @property
    def etat_intitule(self) -> str:
        """L'état, tel qu'on le lit."""
        return DOSSIER.etat(self.etat).intitule

    def designe(self, qualite: Qualite) -> UUID | None:
        """La personne désignée en cette qualité."""
        return self.tuteur if qualite == Qualite.TUTEUR else self.manager


@dataclass(frozen=True, slots=True)
class VuePassage:
    """Un pas de l'histoire du dossier."""

    rang: int
    etat: str
    intitule: str
    instant: datetime
    auteur: UUID
    motif: str


@dataclass(frozen=True, slots=True)
class VueDesignation:
    """Qui a été nommé, en quelle qualité, pour quel dossier, et quand ; remplacé ou non."""

    dossier: UUID
    qualite: Qualite
    personne: UUID
    instant: datetime


@dataclass(frozen=True, slots=True)
class QuiALaMain:
    """Qui doit agir, pour quoi, depuis quand. `qui` vaut « » quand le dossier est clos."""

    qui: str
    attend: str
    depuis: datetime

    @property
    def clos(self) -> bool:
        """Vrai quand plus personne n'a rien à faire."""
        return self.qui == ""


def regard(vue: VueDossier, page: PageConsultee, evaluateurs: Iterable[UUID] = ()) -> Regard:
    """Ce qu'une page montre de ce dossier, et à qui il appartient : le candidat, son tuteur, son manager, son organisme.

    `evaluateurs` : ceux que la page connaît déjà ; sans eux, l'intergiciel les cherche.
    """
    equipe = {vue.candidat, vue.tuteur, vue.manager, *evaluateurs}
    return Regard(
        objet=("dossier", vue.id),
        page=page,
        chaine=f"organisme:{vue.organisme}",
        equipe=frozenset(personne for personne in equipe if personne is not None),
        organisme=vue.organisme,
    )


D_UN_IMPORT_DEFAIT = Q(importation__defait_le__isnull=False)
"""Les dossiers qu'un import avait ouverts, puis que l'on a défaits avec lui."""


def dossiers_visibles(lecteur: Acteur, jour: date) -> QuerySet[Dossier]:
    """Les dossiers ouverts à ce lecteur ce jour-là. Un rôle borné à une certification n'ouvre que les siens."""
    siens = droits(lecteur, jour)
    if any(siens.partout(nature) for nature in OUVRENT_UN_ORGANISME):
        return Dossier.objects.all()
    ouverts = Q(candidat_id=lecteur.id)
    for nature in OUVRENT_UN_ORGANISME:
        for portee in siens.de(nature):
            ouverts |= _perimetre(portee)
    for qualite, nature in (
        (Q(tuteur_id=lecteur.id), NatureRole.TUTEUR),
        (Q(manager_id=lecteur.id), NatureRole.MANAGER),
    ):
        for portee in siens.de(nature):
            ouverts |= qualite & _perimetre(portee)
    return Dossier.objects.filter(ouverts)


def _perimetre(portee: Portee) -> Q:
    borne = Q() if portee.session is None else Q(pk__in=())
    if portee.organisme is not None:
        borne &= Q(organisme_id=portee.organisme)
    if portee.certification:
        borne &= Q(referentiel_code=portee.certification)
    return borne


def dossiers(
    lecteur: Acteur, jour: date, recherche: str = "", etat: str = "", organisme: UUID | None = None
) -> QuerySet[Dossier]:
    """La liste du lecteur, triée par nom de candidat à la française ; la recherche ignore accents et casse.

    Les dossiers d'un import défait n'y sont pas : la page de l'import les montre. Chaque ligne se lit par `vue_dossier` sans autre requête.
    """
    lignes = dossiers_visibles(lecteur, jour).exclude(D_UN_IMPORT_DEFAIT)
    if recherche.strip():
        lignes = lignes.filter(candidat_id__in=personnes_trouvees(recherche).values("pk"))
    if etat:
        lignes = lignes.filter(etat=etat)
    if organisme is not None:
        lignes = lignes.filter(organisme_id=organisme)
    return complets(lignes).order_by("candidat__cle_tri", "-inscrit_le", "pk")


def dossiers_ouverts(lecteur: Acteur, jour: date, au_plus: int, etats: Iterable[str] = ()) -> tuple[VueDossier, ...]:
    """Les dossiers encore ouverts du lecteur (dans ces états, s'ils sont dits) ; `au_plus` tant.

    Celui qui attend depuis le plus longtemps d'abord.
    """
    lignes = dossiers_visibles(lecteur, jour).filter(ouvert=True)
    if etats:
        lignes = lignes.filter(etat__in=etats)
    return tuple(map(vue_dossier, complets(lignes).order_by("depuis", "pk")[:au_plus]))


def dossiers_a_attester(lecteur: Acteur, jour: date) -> tuple[VueDossier, ...]:
    """Les dossiers où le carnet s'atteste et où le lecteur est désigné tuteur ou manager, le plus ancien d'abord.

    Un bloc en évaluation n'arrête pas les autres : leur carnet s'atteste encore.
    """
    designe = Q(tuteur_id=lecteur.id) | Q(manager_id=lecteur.id)
    lignes = dossiers_visibles(lecteur, jour).filter(designe, etat__in=CARNET_OUVERT, ouvert=True)
    return tuple(map(vue_dossier, complets(lignes).order_by("depuis", "pk")))


def designes_sans_compte(lecteur: Acteur, apres: UUID | None, au_plus: int) -> tuple[tuple[UUID, str], ...]:
    """Qui atteste un carnet ouvert sans avoir de compte, et son adresse professionnelle, par identifiant croissant après celui-là."""
    ouverts = Dossier.objects.filter(etat__in=CARNET_OUVERT, ouvert=True).order_by()
    return sans_compte(lecteur, ouverts.values("tuteur").union(ouverts.values("manager")), apres=apres, au_plus=au_plus)


def nombres_par_etat(lecteur: Acteur, jour: date, recherche: str = "") -> dict[str, int]:
    """Combien de dossiers du lecteur dans chaque état, dans l'ordre de la table des états (zéros compris)."""
    lignes = dossiers_visibles(lecteur, jour).exclude(D_UN_IMPORT_DEFAIT)
    if recherche.strip():
        lignes = lignes.filter(candidat_id__in=personnes_trouvees(recherche).values("pk"))
    comptes = dict(lignes.values("etat").annotate(n=Count("pk")).order_by("etat").values_list("etat", "n"))
    return {etat: comptes.get(etat, 0) for etat in DOSSIER.etats}


def dossier(lecteur: Acteur, identifiant: UUID, jour: date) -> VueDossier:
    """Un dossier ouvert au lecteur ; lève `Introuvable` sinon, sans dire s'il existe."""
    ligne = complets(dossiers_visibles(lecteur, jour)).filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable
    return vue_dossier(ligne)


def lesquels_sont_ouverts(lecteur: Acteur, ids: Iterable[UUID], jour: date) -> frozenset[UUID]:
    """Ceux de ces dossiers que ce lecteur peut ouvrir ce jour-là."""
    return frozenset(dossiers_visibles(lecteur, jour).filter(pk__in=set(ids)).values_list("pk", flat=True))


def taches_laissees(lecteur: Acteur, personne: UUID, jour: date) -> tuple[TacheAReprendre, ...]:
    """Les dossiers ouverts du lecteur où cette personne est tuteur ou manager : quelqu'un d'autre est à nommer."""
    siens = dossiers_visibles(lecteur, jour).filter(Q(tuteur_id=personne) | Q(manager_id=personne), ouvert=True)
    return tuple(
        TacheAReprendre(
            f"Nommer {'un autre tuteur' if vue.tuteur == personne else 'un autre manager'} pour {vue.candidat_nom}",
            reverse("parcours:designer", args=[vue.id]),
        )
        for vue in map(vue_dossier, complets(siens).order_by("candidat__cle_tri", "pk"))
    )


def obstacles_a_la_fusion(alias: UUID, gardee: UUID) -> Iterable[str]:
    """Ce qui, dans les dossiers, empêche de réunir deux fiches : une même personne y tiendrait deux places."""
    paire = {alias, gardee}
    places = Q(candidat__in=paire) | Q(tuteur__in=paire) | Q(manager__in=paire)
    ouverts: list[tuple[str, str]] = []
    for dossier in Dossier.objects.filter(places).select_related("candidat").order_by("inscrit_le", "pk"):
        tenues = [p for p in (dossier.candidat_id, dossier.tuteur_id, dossier.manager_id) if p in paire]
        if len(tenues) > 1:
            yield f"Dans le dossier {de(str(dossier.candidat))}, les deux fiches tiennent deux places : changez-en une d'abord."
        if dossier.candidat_id in paire and dossier.ouvert:
            ouverts.append((dossier.referentiel_code, dossier.referentiel_version))
    siens = [etat_de(ligne) for ligne in EtatCivil.objects.filter(candidat__in=paire)]
    if len(siens) == 2 and siens[0] != siens[1]:
        yield "Les deux fiches ont des états civils différents : corrigez l'un d'abord, la pièce sous les yeux."
    if NirChiffre.objects.filter(candidat=alias).exists():  # lié à sa fiche : il ne suit pas
        yield "La fiche abandonnée porte un NIR, qui ne s'ouvre qu'avec elle : qui déclare l'efface, puis le redit."
    if len(ouverts) != len(set(ouverts)):
        yield "Les deux fiches ont un dossier ouvert pour la même version : abandonnez-en un d'abord."


_PLACES = {"candidat": "candidat", "tuteur": "tuteur", "manager": "manager", "referent_rh": "référent RH"}


def effets_de_la_fusion(alias: UUID, gardee: UUID) -> Iterable[str]:
    """Ce qui, dans les dossiers, suivra la fiche gardée."""
    for champ, place in _PLACES.items():
        nombre = Dossier.objects.filter(**{champ: alias}).count()
        if nombre:
            yield f"{pluriel(nombre, 'dossier')} en tant que {place} : la fiche gardée y prend sa place."


def dossiers_par_ids(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, VueDossier]:
    """Les dossiers de ces identifiants, sans contrôle d'accès.

    Pour une capacité du dessus qui a elle-même établi que ce lecteur peut les voir (un évaluateur et ses épreuves), et
    pour un service qui agit déjà sous ses propres droits. Jamais avec un identifiant venu d'une adresse sans contrôle.
    """
    return {ligne.pk: vue_dossier(ligne) for ligne in complets(Dossier.objects.filter(pk__in=set(ids)).order_by())}


def dossier_tenu(lecteur: Acteur, identifiant: UUID) -> VueDossier:
    """Un dossier, sa ligne verrouillée jusqu'à la fin de la transaction ; lève `Introuvable`. Sans contrôle d'accès.

    Pour le service d'une capacité du dessus dont le droit tient à une désignation, ou au fait que le dossier est ouvert.
    """
    return vue_dossier(ligne_tenue(identifiant))


def ligne_tenue(identifiant: UUID) -> Dossier:
    """La ligne d'un dossier, verrouillée, dont `vue_dossier` se tire sans la relire ; lève `Introuvable`."""
    ligne = complets(Dossier.objects.select_for_update(of=("self",)).filter(pk=identifiant)).first()
    if ligne is None:
        raise Introuvable
    return ligne


def dossiers_du_candidat(lecteur: Acteur, jour: date) -> tuple[VueDossier, ...]:
    """Les dossiers dont le lecteur est lui-même le candidat, le plus récent d'abord."""
    lignes = complets(Dossier.objects.filter(candidat_id=lecteur.id)).order_by("-inscrit_le", "pk")
    return tuple(map(vue_dossier, lignes))


def dossiers_de(lecteur: Acteur, candidat: UUID) -> tuple[UUID, ...]:
    """Les dossiers d'un candidat, pour qui répond de ses données (auditeur, DPO) ; l'appelant a établi ce droit."""
    return tuple(Dossier.objects.filter(candidat_id=candidat).order_by("pk").values_list("pk", flat=True))


def reperes(lecteur: Acteur, ids: Iterable[UUID]) -> dict[UUID, str]:
    """« le dossier de Nour Haddad » pour chaque identifiant de dossier connu : de quoi lire le journal en mots."""
    lignes = Dossier.objects.filter(pk__in=set(ids)).order_by()
    return {
        pk: f"le dossier {de(f'{prenom} {nom}')}"
        for pk, prenom, nom in lignes.values_list("pk", "candidat__prenom", "candidat__nom")
    }


def complets(lignes: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Ces dossiers, avec tout ce que `vue_dossier` lit."""
    blocs = Prefetch("blocs", queryset=BlocDemande.objects.order_by("rang"), to_attr="blocs_en_ordre")
    return lignes.select_related("candidat", "organisme", "tuteur", "manager", "referent_rh").prefetch_related(blocs)


def vue_dossier(ligne: Dossier) -> VueDossier:
    """La vue figée d'une ligne rendue par `dossiers`."""
    return VueDossier(
        id=ligne.pk,
        candidat=ligne.candidat_id,
        candidat_nom=str(ligne.candidat),
        organisme=ligne.organisme_id,
        organisme_nom=ligne.organisme.nom,
        referentiel_code=ligne.referentiel_code,
        referentiel_version=ligne.referentiel_version,
        norme_empreinte=ligne.norme_empreinte,
        voie=Voie(ligne.voie),
        initiative=Initiative(ligne.initiative),
        entree_le=ligne.entree_le,
        tuteur=ligne.tuteur_id,
        tuteur_nom=str(ligne.tuteur) if ligne.tuteur else "",
        manager=ligne.manager_id,
        manager_nom=str(ligne.manager) if ligne.manager else "",
        etat=ligne.etat,
        depuis=ligne.depuis,
        ouvert=ligne.ouvert,
        inscrit_le=ligne.inscrit_le,
        blocs=tuple(bloc.code for bloc in ligne.blocs_en_ordre),  # type: ignore[attr-defined]
        recevable_le=ligne.recevable_le,
        acces_vae=ligne.acces_vae,
        referent_rh=ligne.referent_rh_id,
        referent_rh_nom=str(ligne.referent_rh) if ligne.referent_rh else "",
        suite_de=ligne.suite_de_id,
    )


def passages(lecteur: Acteur, identifiant: UUID) -> tuple[VuePassage, ...]:
    """L'histoire d'un dossier, du premier pas au dernier. À n'appeler que pour un dossier ouvert au lecteur."""
    lignes = PassageDossier.objects.filter(dossier_id=identifiant).order_by("rang")
    return tuple(
        VuePassage(p.rang, p.etat, DOSSIER.etat(p.etat).intitule, p.instant, p.auteur, p.motif) for p in lignes
    )


def designations_du_candidat(lecteur: Acteur, *fiches: UUID) -> tuple[VueDesignation, ...]:
    """Tous les tuteurs et managers qu'a eus un candidat (ses fiches réunies), remplacés compris. Une requête.

    Pour qui établit un lien entre deux personnes ; sans contrôle d'accès. Un import défait n'a lié personne.
    """
    lignes = Designation.objects.filter(dossier__candidat_id__in=fiches).order_by("instant", "pk")
    lignes = lignes.exclude(dossier__importation__defait_le__isnull=False)
    return tuple(VueDesignation(d.dossier_id, Qualite(d.qualite), d.personne_id, d.instant) for d in lignes)


def qui_a_la_main(lecteur: Acteur, vue: VueDossier) -> QuiALaMain:
    """Qui doit agir d'après la table des états, les personnes nommées quand elles le sont.

    Une capacité du dessus qui en sait plus (carnet complet, lectures scellées) dit mieux.
    """
    ligne = DOSSIER.etat(vue.etat)
    if ligne.qui == PERSONNE:
        return QuiALaMain("", ligne.attend, vue.depuis)
    return QuiALaMain(ligne.qui, ligne.attend, vue.depuis)


def etat_de(ligne: EtatCivil) -> identite.EtatCivil:
    """La ligne, telle que les règles la lisent."""
    return identite.EtatCivil(
        nom_naissance=ligne.nom_naissance,
        prenoms=tuple(prenom for prenom in (ligne.prenom1, ligne.prenom2, ligne.prenom3) if prenom),
        sexe=ligne.sexe,
        naissance=identite.Naissance(ligne.annee, ligne.mois, ligne.jour),
        lieu=identite.LieuDeNaissance(ligne.commune_code, ligne.commune, ligne.pays_code, ligne.pays),
        nom_usage=ligne.nom_usage,
        nom_unique=ligne.nom_unique,
    )
