"""Lire les habilitations : qui peut évaluer ou préparer quoi, un jour donné ; le registre ; ce qui reste à déclarer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from moteur.regles import changement_a_declarer, habilitation
from moteur.regles.changement_a_declarer import Delai
from parchemin.comptes.enums import EtatHabilitation, Mission, NatureRole, TitreHabilitation
from parchemin.comptes.models import DeclarationHabilitation, Habilitation, LigneHabilitation
from parchemin.comptes.selectors.portees import droits
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable

AU_TERME = "Arrivée à terme"


@dataclass(frozen=True, slots=True)
class Changement:
    """Un changement de la liste : la ligne qui le dit (ou son arrivée à terme), son délai, et sa déclaration.

    `libelle` le dit en quelques mots ; `declare_le` vaut `None` tant qu'il est à déclarer.
    """

    habilitation: UUID
    organisme: UUID
    organisme_nom: str
    certification: str
    ligne: int
    au_terme: bool
    libelle: str
    effet: date
    delai: Delai
    declare_le: date | None = None
    declare_par: UUID | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class VueLigne:
    """Une ligne de l'histoire, avec son auteur."""

    rang: int
    ligne: habilitation.Ligne
    motif: str
    auteur: UUID
    instant: datetime


@dataclass(frozen=True, slots=True)
class VueHabilitation:
    """Une habilitation vue un jour donné : son état, ce qu'elle permet, son histoire, ses changements."""

    id: UUID
    organisme: UUID
    organisme_nom: str
    organisme_siret: str
    certification: str
    titre: TitreHabilitation
    convention: str
    signee_le: date | None
    etat: EtatHabilitation
    depuis: date
    courante: habilitation.Ligne
    lignes: tuple[VueLigne, ...]
    changements: tuple[Changement, ...]


def habilite(
    lecteur: Acteur, organisme: UUID, certification: str, bloc: str, jour: date, pour: Mission = Mission.EVALUER
) -> bool:
    """Cet organisme est-il habilité, ce jour-là, à évaluer (ou préparer) ce bloc de cette certification ? Une requête."""
    return organisme in habilites(lecteur, certification, bloc, jour, pour, parmi=[organisme])


def habilites(
    lecteur: Acteur,
    certification: str,
    bloc: str,
    jour: date,
    pour: Mission = Mission.EVALUER,
    parmi: Iterable[UUID] | None = None,
) -> frozenset[UUID]:
    """Les organismes habilités ce jour-là pour ce bloc (parmi ceux-ci, ou tous). Une requête, quel qu'en soit le nombre.

    Un organisme fermé ce jour-là n'est plus habilité. La réponse est celle de l'histoire telle qu'elle est écrite : une
    suspension inscrite après coup, avec effet passé, change la réponse pour ces jours passés.
    """
    lignes = LigneHabilitation.objects.filter(habilitation__certification=certification).select_related(
        "habilitation__organisme"
    )
    if parmi is not None:
        lignes = lignes.filter(habilitation__organisme_id__in=set(parmi))
    histoires: dict[UUID, list[habilitation.Ligne]] = {}
    organismes: dict[UUID, UUID] = {}
    for ligne in lignes.order_by("habilitation_id", "rang"):
        fermeture = ligne.habilitation.organisme.ferme_le
        if fermeture is None or jour < fermeture:
            organismes[ligne.habilitation_id] = ligne.habilitation.organisme_id
            histoires.setdefault(ligne.habilitation_id, []).append(_du_moteur(ligne))
    mission = habilitation.Mission(pour.value)
    return frozenset(
        organismes[cle] for cle, histoire in histoires.items() if habilitation.permet(histoire, jour, mission, bloc)
    )


def registre_habilitations(lecteur: Acteur, jour: date, organisme: UUID | None = None) -> tuple[VueHabilitation, ...]:
    """Le registre (d'un organisme, ou entier), tel qu'il se lit ce jour-là, trié par organisme à la française.

    Un administrateur, un auditeur et un gestionnaire de tous les organismes voient tout ; un autre, ses organismes. Trois
    requêtes, quel qu'en soit le nombre.
    """
    lues = _visibles(lecteur, jour)
    if organisme is not None:
        lues = lues.filter(organisme_id=organisme)
    return tuple(_vue(ligne, jour) for ligne in lues)


def une_habilitation(lecteur: Acteur, identifiant: UUID, jour: date) -> VueHabilitation:
    """Une habilitation que le lecteur peut voir. Lève `Introuvable`."""
    trouvee = _visibles(lecteur, jour).filter(pk=identifiant).first()
    if trouvee is None:
        raise Introuvable
    return _vue(trouvee, jour)


def changements_a_declarer(lecteur: Acteur, jour: date) -> tuple[Changement, ...]:
    """Les changements que le lecteur voit et que personne n'a encore déclarés, le plus pressé d'abord.

    Seules les conventions des délégataires se déclarent, une fois le changement venu (`effet` au plus tard ce jour-là).
    """
    return restant_a_declarer(registre_habilitations(lecteur, jour), jour)


def restant_a_declarer(registre: Iterable[VueHabilitation], jour: date) -> tuple[Changement, ...]:
    """Les changements d'un registre déjà lu que personne n'a déclarés, le plus pressé d'abord."""
    restent = [
        changement
        for vue in registre
        for changement in vue.changements
        if changement.declare_le is None and changement.effet <= jour
    ]
    return tuple(sorted(restent, key=lambda c: (c.delai.echeance, c.organisme_nom, c.ligne)))


def _visibles(lecteur: Acteur, jour: date) -> QuerySet[Habilitation]:
    siens = droits(lecteur, jour)
    lignes = LigneHabilitation.objects.order_by("rang").prefetch_related(
        Prefetch("declarations", queryset=DeclarationHabilitation.objects.order_by("pk"))
    )
    lues = (
        Habilitation.objects.select_related("organisme")
        .prefetch_related(Prefetch("lignes", queryset=lignes))
        .order_by("organisme__cle_tri", "certification", "convention", "pk")
    )
    connus = siens.connait(NatureRole.GESTIONNAIRE)
    if siens.est_administrateur or siens.a(NatureRole.AUDITEUR) or connus is None:
        return lues
    return lues.filter(organisme_id__in=connus)


def _du_moteur(ligne: LigneHabilitation) -> habilitation.Ligne:
    missions = {habilitation.Mission.EVALUER: ligne.evaluer, habilitation.Mission.PREPARER: ligne.preparer}
    return habilitation.Ligne(
        effet=ligne.effet,
        etat=habilitation.EtatHabilitation(ligne.etat),
        missions=frozenset(mission for mission, permise in missions.items() if permise),
        blocs=None if ligne.blocs is None else frozenset(ligne.blocs),
        dernier_jour=ligne.dernier_jour,
    )


def histoire(habilitation_lue: Habilitation) -> tuple[habilitation.Ligne, ...]:
    """Les lignes d'une habilitation, telles que le moteur les juge."""
    return tuple(_du_moteur(ligne) for ligne in habilitation_lue.lignes.all())


def _vue(lue: Habilitation, jour: date) -> VueHabilitation:
    lignes = list(lue.lignes.all())
    du_moteur = tuple(map(_du_moteur, lignes))
    courante = habilitation.ligne_au(du_moteur, jour) or du_moteur[0]
    etat = EtatHabilitation(habilitation.etat_au(du_moteur, jour).value)
    terme = habilitation.echeance_naturelle(du_moteur)
    return VueHabilitation(
        id=lue.pk,
        organisme=lue.organisme_id,
        organisme_nom=lue.organisme.nom,
        organisme_siret=lue.organisme.siret,
        certification=lue.certification,
        titre=TitreHabilitation(lue.titre),
        convention=lue.convention,
        signee_le=lue.signee_le,
        etat=etat,
        depuis=terme if etat == EtatHabilitation.ECHUE and terme else courante.effet,
        courante=courante,
        lignes=tuple(
            VueLigne(ligne.rang, vue, ligne.motif, ligne.auteur, ligne.instant)
            for ligne, vue in zip(lignes, du_moteur, strict=True)
        ),
        changements=tuple(_changements(lue, lignes, du_moteur, terme, jour)),
    )


def _changements(
    lue: Habilitation,
    lignes: list[LigneHabilitation],
    du_moteur: tuple[habilitation.Ligne, ...],
    terme: date | None,
    jour: date,
) -> Iterable[Changement]:
    if lue.titre != TitreHabilitation.DELEGATAIRE:
        return
    faites = {
        (ligne.pk, declaration.au_terme): declaration for ligne in lignes for declaration in ligne.declarations.all()
    }
    venus = [(ligne, False, ligne.effet) for ligne in lignes]
    if terme is not None and terme <= jour:
        venus.append((lignes[-1], True, terme))
    for ligne, au_terme, effet in venus:
        rang = ligne.rang - 1
        avant = du_moteur[rang - 1] if rang else None
        changement = Changement(
            habilitation=lue.pk,
            organisme=lue.organisme_id,
            organisme_nom=lue.organisme.nom,
            certification=lue.certification,
            ligne=ligne.pk,
            au_terme=au_terme,
            libelle=AU_TERME if au_terme else _libelle(avant, du_moteur[rang]),
            effet=effet,
            delai=changement_a_declarer.delai(effet, jour),
        )
        faite = faites.get((ligne.pk, au_terme))
        if faite is not None:
            changement = replace(
                changement, declare_le=faite.declaree_le, declare_par=faite.auteur, reference=faite.reference
            )
        yield changement


def _libelle(avant: habilitation.Ligne | None, apres: habilitation.Ligne) -> str:
    if avant is None:
        return "Habilitation donnée"
    if apres.etat != avant.etat:
        return {
            habilitation.EtatHabilitation.SUSPENDUE: "Suspension",
            habilitation.EtatHabilitation.RESILIEE: "Résiliation",
            habilitation.EtatHabilitation.EN_VIGUEUR: "Suspension levée",
        }[apres.etat]
    return "Portée ou durée changée"
