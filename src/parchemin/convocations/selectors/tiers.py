"""Le second regard devant la barrière : qui peut relire une épreuve qu'il n'a pas évaluée."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from moteur.etats import EPREUVE
from moteur.regles.evaluateur_admissible import (
    Obstacle,
    QualiteDeJuge,
)
from moteur.regles.second_regard import Empechement, empechements
from parchemin.comptes.selectors import (
    fiches_reunies,
    noms,
    registre_a_jour,
    tenants_du_role,
)
from parchemin.convocations.enums import ROLE_DE_QUALITE, Qualite
from parchemin.convocations.models import Affectation
from parchemin.convocations.selectors.barriere import (
    barriere,
    charges_en_cours,
    habilitations_du_bloc,
    jours_de_l_epreuve,
)
from parchemin.convocations.selectors.epreuves import VueEpreuve
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class Tiers:
    """Quelqu'un qui pourrait relire une épreuve qu'il n'a pas évaluée : ce qui l'en écarte, et sa charge."""

    personne: UUID
    nom: str
    obstacles: tuple[Obstacle, ...]
    empechements: tuple[Empechement, ...]
    charge: int

    @property
    def admissible(self) -> bool:
        """Vrai si rien ne l'écarte."""
        return not (self.obstacles or self.empechements)


def tiers_examines(lecteur: Acteur, epreuve: VueEpreuve, le: date) -> tuple[Tiers, ...]:
    """Qui tient l'un des deux rôles d'évaluateur ce jour-là : les admissibles d'abord, les moins chargés en tête.

    L'indépendance vaut au jour de l'épreuve comme à celui où l'on relit. Un nombre constant de requêtes.
    """
    cadre = barriere(lecteur, epreuve.dossier, le)
    jours = tuple(sorted({*jours_de_l_epreuve(epreuve), le}))
    ont_evalue, evaluent = _ont_lu(lecteur, epreuve)
    charges = charges_en_cours()
    trouves: dict[UUID, Tiers] = {}
    for qualite in Qualite:
        tenants = tenants_du_role(lecteur, ROLE_DE_QUALITE[qualite], le, epreuve.dossier.referentiel_code)
        habilitations = habilitations_du_bloc(lecteur, epreuve, qualite, None, le)
        inscrits = registre_a_jour(lecteur, None, ROLE_DE_QUALITE[qualite], le)
        for personne, nom in tenants.items():
            avis = cadre.avis(
                personne,
                QualiteDeJuge(qualite.value),
                jours_epreuve=jours,
                a_le_role=True,
                habilite=habilitations.get(personne),
                habilitation_personnelle=inscrits.get(personne),
            )
            ecarts = empechements(
                a_evalue_l_epreuve=personne in ont_evalue, evalue_encore_le_candidat=personne in evaluent
            )
            tiers = Tiers(personne, nom, avis.obstacles, ecarts, charges.get(personne, 0))
            if personne not in trouves or tiers.admissible:
                trouves[personne] = tiers
    return tuple(sorted(trouves.values(), key=lambda tiers: (not tiers.admissible, tiers.charge)))


def tiers_examine(lecteur: Acteur, epreuve: VueEpreuve, personne: UUID, le: date) -> Tiers:
    """Ce que dit la barrière d'une personne précise, qui relirait cette épreuve ce jour-là. Lève `Introuvable`."""
    trouves = [tiers for tiers in tiers_examines(lecteur, epreuve, le) if tiers.personne == personne]
    if trouves:
        return trouves[0]
    connus = noms(lecteur, [personne])
    if personne not in connus:
        raise Introuvable("Cette personne n'est pas enregistrée.")
    return Tiers(personne, connus[personne], (Obstacle.SANS_ROLE,), (), 0)


def _ont_lu(lecteur: Acteur, epreuve: VueEpreuve) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Qui a évalué cette épreuve, maintenant ou auparavant ; qui évalue encore ce candidat, sur quelque bloc que ce soit."""
    reunies = fiches_reunies(lecteur)
    lignes = Affectation.objects.filter(epreuve__dossier_id=epreuve.dossier.id).order_by()
    ont_evalue: set[UUID] = set()
    evaluent: set[UUID] = set()
    for personne, de, au, etat in lignes.values_list("evaluateur_id", "epreuve_id", "au", "epreuve__etat"):
        fiches = reunies.get(personne, frozenset((personne,)))
        if de == epreuve.id:
            ont_evalue |= fiches
        elif au is None and etat not in EPREUVE.terminaux:
            evaluent |= fiches
    return frozenset(ont_evalue), frozenset(evaluent)
