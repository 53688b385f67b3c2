"""Lire le registre des évaluateurs et des jurés."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from parchemin.comptes.enums import EtatRegistre, NatureRole, QualiteRegistre
from parchemin.comptes.models import LigneRegistre, Role
from parchemin.comptes.selectors.nommer import personnes_trouvees
from parchemin.comptes.selectors.portees import droits
from parchemin.socle.acteur import Acteur

RAPPEL = timedelta(days=60)
"""On rappelle une habilitation à renouveler deux mois avant : le temps d'une session de formation. Un repère, pas une règle."""


@dataclass(frozen=True, slots=True)
class VueRegistre:
    """Une ligne du registre, telle qu'elle est un jour donné."""

    id: UUID
    personne: UUID
    nom: str
    qualite: QualiteRegistre
    metier: str
    formation: str
    formee_le: date
    habilitee_le: date
    renouveler_le: date
    radiee_le: date | None
    motif: str
    etat: EtatRegistre


def registre_a_jour(
    lecteur: Acteur, personnes: Iterable[UUID] | None, qualite: NatureRole, jour: date
) -> dict[UUID, bool]:
    """Pour chacune de ces personnes (`None` : toutes) inscrites en cette qualité : son habilitation vaut-elle ce jour-là ? Une requête.

    Vrai : une ligne vaut ce jour-là. Faux : elle a été inscrite, et rien ne vaut plus (ou pas encore). Absente du résultat :
    jamais inscrite ; le registre n'en dit rien. Les lignes d'une fiche réunie comptent pour la fiche gardée.
    """
    lignes = LigneRegistre.objects.filter(qualite=str(qualite)).order_by()
    demandees = None if personnes is None else set(personnes)
    if demandees is not None:
        lignes = lignes.filter(Q(personne__in=demandees) | Q(personne__alias_de__in=demandees))
    etats: dict[UUID, bool] = {}
    for personne, alias_de, du, renouveler, radiee in lignes.values_list(
        "personne_id", "personne__alias_de_id", "habilitee_le", "renouveler_le", "radiee_le"
    ):
        vaut = du <= jour < min(renouveler, radiee or renouveler)
        for identifiant in (personne, alias_de):
            if identifiant is not None and (demandees is None or identifiant in demandees):
                etats[identifiant] = etats.get(identifiant, False) or vaut
    return etats


def registre(
    lecteur: Acteur, jour: date, recherche: str = "", qualite: str = "", etat: str = ""
) -> QuerySet[LigneRegistre]:
    """Les lignes du registre ouvertes au lecteur, à renouveler d'abord. Chaque ligne se lit par `vue_registre`.

    Qui gère partout ou administre les voit toutes ; qui gère un organisme, celles de qui y tient ou y a tenu un rôle.
    """
    siens = droits(lecteur, jour)
    lignes = LigneRegistre.objects.all()
    geres = None if siens.est_administrateur else siens.connait(NatureRole.GESTIONNAIRE)
    if geres is not None:
        ici = Role.objects.filter(personne=OuterRef("personne"), organisme_id__in=geres)
        lignes = lignes.filter(Exists(ici))
    if recherche.strip():
        lignes = lignes.filter(personne_id__in=personnes_trouvees(recherche).values("pk"))
    if qualite:
        lignes = lignes.filter(qualite=qualite)
    match etat:
        case EtatRegistre.A_JOUR:
            lignes = lignes.filter(radiee_le=None, habilitee_le__lte=jour, renouveler_le__gt=jour + RAPPEL)
        case EtatRegistre.A_RENOUVELER:
            lignes = lignes.filter(
                radiee_le=None, habilitee_le__lte=jour, renouveler_le__gt=jour, renouveler_le__lte=jour + RAPPEL
            )
        case EtatRegistre.EXPIREE:
            lignes = lignes.filter(radiee_le=None, renouveler_le__lte=jour)
        case EtatRegistre.RADIEE:
            lignes = lignes.exclude(radiee_le=None)
        case EtatRegistre.A_VENIR:
            lignes = lignes.filter(radiee_le=None, habilitee_le__gt=jour)
    return lignes.select_related("personne__alias_de").order_by(
        F("radiee_le").asc(nulls_first=True), "renouveler_le", "personne__cle_tri", "pk"
    )


def a_renouveler(lecteur: Acteur, jour: date) -> tuple[VueRegistre, ...]:
    """Les habilitations que le lecteur suit et qui finissent bientôt, sans ligne qui prenne la suite. La plus pressée d'abord."""
    suite = LigneRegistre.objects.filter(
        personne=OuterRef("personne"),
        qualite=OuterRef("qualite"),
        radiee_le=None,
        renouveler_le__gt=OuterRef("renouveler_le"),
    )
    lignes = registre(lecteur, jour, etat=EtatRegistre.A_RENOUVELER).exclude(Exists(suite))
    return tuple(vue_registre(ligne, jour) for ligne in lignes)


def lignes_de(lecteur: Acteur, personne: UUID, jour: date) -> tuple[VueRegistre, ...]:
    """Ce que le registre dit d'une personne du périmètre du lecteur, la plus récente d'abord."""
    lignes = LigneRegistre.objects.filter(Q(personne_id=personne) | Q(personne__alias_de_id=personne))
    return tuple(
        vue_registre(ligne, jour)
        for ligne in lignes.select_related("personne__alias_de").order_by("-habilitee_le", "pk")
    )


def vue_registre(ligne: LigneRegistre, jour: date) -> VueRegistre:
    """La vue figée d'une ligne rendue par `registre`."""
    if ligne.radiee_le is not None:
        etat = EtatRegistre.RADIEE
    elif ligne.renouveler_le <= jour:
        etat = EtatRegistre.EXPIREE
    elif ligne.habilitee_le > jour:
        etat = EtatRegistre.A_VENIR
    elif ligne.renouveler_le <= jour + RAPPEL:
        etat = EtatRegistre.A_RENOUVELER
    else:
        etat = EtatRegistre.A_JOUR
    personne = ligne.personne.alias_de or ligne.personne
    return VueRegistre(
        id=ligne.pk,
        personne=personne.pk,
        nom=str(personne),
        qualite=QualiteRegistre(ligne.qualite),
        metier=ligne.metier,
        formation=ligne.formation,
        formee_le=ligne.formee_le,
        habilitee_le=ligne.habilitee_le,
        renouveler_le=ligne.renouveler_le,
        radiee_le=ligne.radiee_le,
        motif=ligne.motif,
        etat=etat,
    )
