"""Les mutations d'un dossier d'un organisme à un autre ; et ce que l'ancien en lit encore, jusqu'au jour du départ."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Portee, droits, noms
from parchemin.parcours.enums import EtatMutation, Qualite
from parchemin.parcours.models import Designation, Dossier, Mutation
from parchemin.parcours.selectors.changements import Apercu, Changement, apercu
from parchemin.parcours.selectors.fiches_dossiers import (
    OUVRENT_UN_ORGANISME,
    VueDossier,
    VuePassage,
    complets,
    passages,
    vue_dossier,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueMutation:
    """Une mutation : de qui vers qui, pourquoi, où elle en est. `le` : le jour où elle fut tranchée."""

    id: UUID
    dossier: UUID
    candidat: UUID
    candidat_nom: str
    certification: str
    de: UUID
    de_nom: str
    vers: UUID
    vers_nom: str
    motif: str
    proposee_le: datetime
    etat: EtatMutation
    reponse: str
    le: datetime | None


def mutation_par_id(lecteur: Acteur, identifiant: UUID) -> VueMutation:
    """Une mutation, sans contrôle d'accès. Lève `Introuvable`."""
    ligne = _lues(Mutation.objects.filter(pk=identifiant)).first()
    if ligne is None:
        raise Introuvable
    return _vue(ligne)


def mutation_en_cours(lecteur: Acteur, dossier: UUID) -> VueMutation | None:
    """Celle qui attend sa réponse, pour un dossier ouvert au lecteur. Une requête."""
    ligne = _lues(Mutation.objects.filter(dossier=dossier, etat=EtatMutation.PROPOSEE)).first()
    return None if ligne is None else _vue(ligne)


def mutation_refusee(lecteur: Acteur, dossier: UUID) -> VueMutation | None:
    """La dernière que l'on refusa à l'organisme où est le dossier, et pourquoi, pour un dossier ouvert au lecteur. Une requête.

    Ce qui fut répondu à un organisme d'avant ne regarde que lui.
    """
    siennes = Mutation.objects.filter(dossier=dossier, etat=EtatMutation.REFUSEE, de=F("dossier__organisme"))
    lignes = _lues(siennes)
    ligne = lignes.order_by("-tranchee_le").first()
    return None if ligne is None else _vue(ligne)


def mutations_proposees(lecteur: Acteur, jour: date) -> tuple[VueMutation, ...]:
    """Celles, d'un dossier encore ouvert, qui attendent une réponse et touchent un organisme que le lecteur gère. Une requête."""
    siennes = _des_portees(lecteur, jour, "vers") | _des_portees(lecteur, jour, "de")
    lignes = siennes.filter(etat=EtatMutation.PROPOSEE, dossier__ouvert=True)
    return tuple(map(_vue, _lues(lignes).order_by("proposee_le", "pk")))


def partis(lecteur: Acteur, jour: date, au_plus: int) -> tuple[VueMutation, ...]:
    """Les dossiers que les organismes du lecteur ont cédés, le plus récent d'abord. Une requête."""
    lignes = _des_portees(lecteur, jour, "de", OUVRENT_UN_ORGANISME).filter(etat=EtatMutation.ACCUEILLIE)
    lignes = lignes.exclude(dossier__organisme_id=F("de_id"))  # revenu, il est de nouveau dans la liste
    return tuple(map(_vue, _lues(lignes).order_by("-tranchee_le")[:au_plus]))


@dataclass(frozen=True, slots=True)
class VueParti:
    """Un dossier tel qu'il était le jour où il a quitté l'organisme du lecteur, et son histoire jusque-là."""

    dossier: VueDossier
    mutation: VueMutation
    le: datetime
    passages: tuple[VuePassage, ...]


def dossier_parti(lecteur: Acteur, dossier: UUID, jour: date) -> VueParti:
    """Ce qu'un organisme lit encore d'un dossier qu'il a cédé : rien de ce qui l'a suivi. Lève `Introuvable`."""
    lignes = _des_portees(lecteur, jour, "de", OUVRENT_UN_ORGANISME).filter(
        dossier=dossier, etat=EtatMutation.ACCUEILLIE
    )
    ligne = _lues(lignes).order_by("-tranchee_le").first()
    if ligne is None or ligne.tranchee_le is None:
        raise Introuvable
    vue, le = vue_dossier(complets(Dossier.objects.filter(pk=dossier)).get()), ligne.tranchee_le
    histoire = tuple(passage for passage in passages(lecteur, dossier) if passage.instant < le)
    designes = {
        Qualite(une.qualite): une.personne_id
        for une in Designation.objects.filter(dossier=dossier, instant__lt=le).order_by("instant", "pk")
    }
    connus = noms(lecteur, set(designes.values()))
    tuteur, manager = designes.get(Qualite.TUTEUR), designes.get(Qualite.MANAGER)
    d_alors = replace(
        vue,
        organisme=ligne.de_id,
        organisme_nom=ligne.de.nom,
        tuteur=tuteur,
        tuteur_nom=connus[tuteur] if tuteur else "",
        manager=manager,
        manager_nom=connus[manager] if manager else "",
        etat=histoire[-1].etat,
        depuis=histoire[-1].instant,
        ouvert=False,
        referent_rh=None,
        referent_rh_nom="",
    )
    return VueParti(d_alors, _vue(ligne), le, histoire)


def apercu_de_mutation(
    lecteur: Acteur, dossier: VueDossier, vers_nom: str, *, tuteur: UUID | None = None, manager: UUID | None = None
) -> Apercu:
    """Ce qu'entraînerait le passage de ce dossier à un autre organisme."""
    dit = apercu(lecteur, Changement(dossier, tuteur=tuteur, manager=manager))
    accompagnants = ", ".join(nom for nom in (dossier.tuteur_nom, dossier.manager_nom) if nom)
    suivi = f" {dossier.referent_rh_nom} n'en est plus le référent RH." if dossier.referent_rh_nom else ""
    acces = [
        f"{dossier.organisme_nom} ne lit plus que ce qui fut fait jusqu'au jour du départ.{suivi}",
        f"{vers_nom} tient le dossier : sa gestion et ses ressources humaines y ont accès.",
    ]
    redemande = []
    if tuteur is None and accompagnants:
        acces.append(f"{accompagnants} : l'organisme d'accueil les garde en les nommant, ou nomme d'autres personnes.")
        redemande.append("L'organisme d'accueil nomme le tuteur et le manager ; il peut nommer un référent RH.")
    return Apercu(
        reste=(
            "Tout ce qui est attesté, écrit, planifié et jugé reste dans le dossier, sous le nom de qui l'a fait.",
            "Le journal de l'organisme garde ce qu'il y a fait.",
        ),
        redemande=tuple(redemande),
        acces=tuple(acces),
    ).avec(dit)


def _des_portees(
    lecteur: Acteur, jour: date, champ: str, natures: tuple[NatureRole, ...] = (NatureRole.GESTIONNAIRE,)
) -> QuerySet[Mutation]:
    """Les mutations dont l'organisme de ce côté est tenu par le lecteur, en l'un de ces rôles."""
    siens = droits(lecteur, jour)
    if any(siens.partout(nature) for nature in natures):
        return Mutation.objects.all()
    ouvertes = Q(pk__in=())
    for nature in natures:
        for portee in siens.de(nature):
            ouvertes |= _borne(portee, champ)
    return Mutation.objects.filter(ouvertes)


def _borne(portee: Portee, champ: str) -> Q:
    borne = Q() if portee.session is None else Q(pk__in=())
    if portee.organisme is not None:
        borne &= Q(**{f"{champ}_id": portee.organisme})
    if portee.certification:
        borne &= Q(dossier__referentiel_code=portee.certification)
    return borne


def _lues(lignes: QuerySet[Mutation]) -> QuerySet[Mutation]:
    return lignes.select_related("dossier__candidat", "de", "vers")


def _vue(ligne: Mutation) -> VueMutation:
    return VueMutation(
        id=ligne.pk,
        dossier=ligne.dossier_id,
        candidat=ligne.dossier.candidat_id,
        candidat_nom=str(ligne.dossier.candidat),
        certification=ligne.dossier.referentiel_code,
        de=ligne.de_id,
        de_nom=ligne.de.nom,
        vers=ligne.vers_id,
        vers_nom=ligne.vers.nom,
        motif=ligne.motif,
        proposee_le=ligne.proposee_le,
        etat=EtatMutation(ligne.etat),
        reponse=ligne.reponse,
        le=ligne.tranchee_le,
    )
