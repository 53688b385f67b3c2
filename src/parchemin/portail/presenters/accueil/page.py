"""La page : tous les rôles d'une personne réunis, le plus urgent d'abord, et une seule action dominante."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse

from parchemin.comptes import presenters as comptes
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import Droits, nom
from parchemin.convocations import presenters as convocations
from parchemin.convocations import selectors as epreuves
from parchemin.parcours.permissions import peut_lister
from parchemin.portail.presenters.accueil import (
    administrateur,
    attestants,
    candidat,
    evaluateurs,
    gestionnaire,
    rh,
)
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Lien, LigneAFaire, Vide
from parchemin.socle.typographie import date_longue

MIENNES_MAX = 30
AUTRES_MAX = 15
"""Au-delà, une page ne se lit plus et pèse : le reste attend dans les listes, et la page le dit sans le compter."""

ROLES: Mapping[NatureRole, Callable[[Arrivee], Iterable[AFaire]]] = {
    NatureRole.GESTIONNAIRE: gestionnaire.a_faire,
    NatureRole.RH: rh.a_faire,
    NatureRole.EVALUATEUR_METIER: evaluateurs.a_faire,
    NatureRole.EVALUATEUR_CERTIFICATEUR: evaluateurs.a_faire,
    NatureRole.ADMINISTRATEUR: administrateur.a_faire,
}
"""Ce qui attend qui tient ce rôle. Le candidat, le tuteur et le manager le sont par leur dossier : voir `_tout`."""

ATTENTES: Mapping[NatureRole, str] = {
    NatureRole.CANDIDAT: "Votre carnet, vos épreuves et votre résultat apparaîtront ici le moment venu.",
    NatureRole.TUTEUR: "Les compétences à attester apparaîtront ici.",
    NatureRole.MANAGER: "Les compétences à attester apparaîtront ici.",
    NatureRole.EVALUATEUR_METIER: "Vos prochaines épreuves apparaîtront ici, avec leur heure et leur lieu.",
    NatureRole.EVALUATEUR_CERTIFICATEUR: "Vos prochaines épreuves apparaîtront ici, avec leur heure et leur lieu.",
    NatureRole.RH: "Les candidats à qui il manque un tuteur ou un manager apparaîtront ici.",
    NatureRole.JURE: "Les dossiers à lire avant le jury apparaîtront ici.",
    NatureRole.PRESIDENT_JURY: "Les dossiers à lire et les procès-verbaux à signer apparaîtront ici.",
    NatureRole.AUDITEUR: "Rien ne vous sera demandé ici : vous lisez quand vous le voulez, et ne changez rien.",
    NatureRole.DPO: "Les demandes des personnes sur leurs données apparaîtront ici.",
    NatureRole.ADMINISTRATEUR: "Ce qui empêche quelqu’un d’entrer ou d’être prévenu apparaîtra ici.",
}
"""Ce que dit l'accueil à qui n'a rien à faire et ne tient que ce rôle."""


@dataclass(frozen=True, slots=True)
class PageAccueil:
    """L'accueil d'une personne. `suite` mène au reste, quand la page s'arrête avant la fin.

    `nombre` : combien de choses l'attendent, celles que la page ne montre pas comprises.
    """

    jour: str
    salut: str
    miennes: tuple[LigneAFaire, ...]
    autres: tuple[LigneAFaire, ...]
    vide: Vide | None
    suite: Lien | None = None
    nombre: int = 0


def page_accueil(acteur: Acteur, droits: Droits, maintenant: datetime) -> PageAccueil:
    """L'accueil de cette personne, tous ses rôles réunis."""
    arrivee = Arrivee(acteur, droits, maintenant)
    toutes = sorted(_tout(arrivee), key=lambda une: (une.echeance, une.ligne.titre))
    miennes = [une.ligne for une in toutes if not une.chez_les_autres]
    autres = [une.ligne for une in toutes if une.chez_les_autres]
    if miennes:
        miennes[0] = replace(miennes[0], premiere=True, action=_principale(miennes[0].action))
    prenom = nom(acteur, acteur.id).partition(" ")[0]
    suite = {0: "Rien ne vous attend.", 1: "Une chose à faire."}.get(len(miennes), "Une chose d’abord.")
    coupee = len(miennes) > MIENNES_MAX or len(autres) > AUTRES_MAX
    return PageAccueil(
        jour=date_longue(arrivee.jour).capitalize(),
        salut=f"Bonjour {prenom}. {suite}",
        miennes=tuple(miennes[:MIENNES_MAX]),
        autres=tuple(autres[:AUTRES_MAX]),
        vide=None if miennes else Vide("Tout est à jour", _ce_qui_viendra(droits)),
        nombre=len(miennes),
        suite=Lien("Voir tous les candidats", reverse("parcours:liste")) if coupee and peut_lister(droits) else None,
    )


def _tout(arrivee: Arrivee) -> Iterable[AFaire]:
    """Chaque part une fois, même si deux rôles la donnent ; une même ligne ne se dit pas deux fois."""
    parts: list[Callable[[Arrivee], Iterable[AFaire]]] = [_comptes, _convocations, candidat.a_faire, attestants.a_faire]
    parts += dict.fromkeys(part for nature, part in ROLES.items() if arrivee.droits.a(nature))
    return dict.fromkeys(une for part in parts for une in part(arrivee))


def _comptes(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les délégations données et reçues, les habilitations à déclarer et à renouveler."""
    return comptes.a_faire(arrivee.acteur, arrivee.droits, arrivee.jour)


def _convocations(arrivee: Arrivee) -> Iterable[AFaire]:
    """Répondre à ses convocations, à quelque titre que l'on soit convoqué."""
    attendues = epreuves.convocations_a_repondre(arrivee.acteur)
    lues = epreuves.epreuves_lues(arrivee.acteur, [une.epreuve for une in attendues]) if attendues else ()
    return convocations.a_repondre(attendues, {epreuve.id: epreuve for epreuve in lues}, arrivee.jour)


def _principale(action: Action | None) -> Action | None:
    return replace(action, principale=True) if action else None


def _ce_qui_viendra(droits: Droits) -> str:
    if len(droits.natures) == 1 and droits.natures[0] in ATTENTES:
        return ATTENTES[droits.natures[0]]
    return "Ce qui vous attendra apparaîtra ici, le plus urgent d’abord, avec sa raison."
