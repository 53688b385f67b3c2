"""La place d'une épreuve : un instant, une durée, une salle (ou un lieu en toutes lettres), vérifiés sous verrou."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from parchemin.convocations.enums import Qualite
from parchemin.convocations.planificateur.conflits import Effet
from parchemin.convocations.selectors import (
    Voulu,
    VueEpreuve,
    conflits,
    duree_prevue,
    reglages_de_planification,
    salle_offerte,
    zone_de_la_salle,
)
from parchemin.convocations.services.occupations import verrouiller_ressources
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

LIEU_LE_PLUS_LONG = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Où et quand se tient une épreuve, en minutes pour sa durée ; `passes` : les avertissements qu'on a lus et passés."""

    debut: datetime
    duree: int
    salle: UUID | None
    lieu: str
    passes: tuple[str, ...] = ()

    @property
    def pour_le_journal(self) -> dict[str, object]:
        """Ce que le journal en garde."""
        return {
            "prevue_le": self.debut,
            "duree": self.duree,
            **({"salle": self.salle} if self.salle else {}),
            **({"malgre": list(self.passes)} if self.passes else {}),
        }


def place_verifiee(
    *,
    dossier: VueDossier,
    bloc: str,
    prevue_le: datetime,
    salle: UUID | None,
    lieu: str,
    evaluateurs: Mapping[Qualite, UUID],
    malgre: bool,
    auteur: Acteur,
    maintenant: datetime,
    epreuve: UUID | None = None,
) -> Place:
    """La place voulue, que rien n'empêche. À n'appeler que dans une transaction : ses ressources restent verrouillées ensuite.

    En salle, `lieu` se déduit d'elle ; sans salle, chacun doit encore être libre. `epreuve` : celle que l'on déplace. Lève
    `Introuvable` (la salle), et `Refus` : `lieu_manquant`, `conflit` (rien n'y passe outre), `avertissements` (sans `malgre`).
    """
    jour = jour_civil(maintenant)
    reglages = reglages_de_planification(auteur, dossier.norme_empreinte, jour)
    duree = duree_prevue(auteur, dossier, bloc, reglages)
    if salle is not None:
        site, choisie = salle_offerte(auteur, salle, jour_civil(prevue_le, zone_de_la_salle(auteur, salle)))
        lieu = f"{choisie.nom}, {site.nom}"[:LIEU_LE_PLUS_LONG]
    elif not lieu.strip():
        raise Refus("lieu_manquant", "Dites où l'épreuve aura lieu : une salle, ou un lieu en toutes lettres.")
    voulu = Voulu(dossier, bloc, prevue_le, duree, salle, evaluateurs, epreuve)
    passes = _place_libre(voulu, malgre, auteur, maintenant)
    return Place(prevue_le, duree, salle, lieu.strip(), passes)


def duree_actuelle(auteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> int:
    """Les minutes que prendrait aujourd'hui cette épreuve : un aménagement a pu changer depuis qu'elle a sa place."""
    reglages = reglages_de_planification(auteur, epreuve.norme, jour_civil(maintenant))
    return duree_prevue(auteur, epreuve.dossier, epreuve.bloc, reglages)


def place_de(
    epreuve: VueEpreuve, evaluateurs: Mapping[Qualite, UUID], malgre: bool, auteur: Acteur, maintenant: datetime
) -> tuple[str, ...]:
    """Vérifie qu'une épreuve déjà placée peut s'y tenir devant ces évaluateurs ; rend les avertissements passés.

    Rien ne se vérifie d'une épreuve dont la durée ne fut jamais comptée. Lève les mêmes refus que `place_verifiee`.
    """
    if epreuve.duree is None:
        return ()
    voulu = Voulu(
        epreuve.dossier, epreuve.bloc, epreuve.prevue_le, epreuve.duree, epreuve.salle, evaluateurs, epreuve.id
    )
    return _place_libre(voulu, malgre, auteur, maintenant)


def _place_libre(voulu: Voulu, malgre: bool, auteur: Acteur, maintenant: datetime) -> tuple[str, ...]:
    """Verrouille ce que l'épreuve tiendrait, puis relit ce qui s'y oppose ; rend les avertissements passés."""
    en_salle = [voulu.salle] if voulu.salle else []
    verrouiller_ressources([*en_salle, voulu.dossier.candidat, *voulu.evaluateurs.values()])
    return verifier_conflits(voulu, malgre, auteur, maintenant)


def verifier_conflits(voulu: Voulu, malgre: bool, auteur: Acteur, maintenant: datetime) -> tuple[str, ...]:
    """Les codes des avertissements passés. Lève `Refus("conflit")` et, sans `malgre`, `Refus("avertissements")` ; `details` les dit."""
    trouves = conflits(auteur, voulu, jour_civil(maintenant))
    refuses = [c.phrase for c in trouves if c.effet == Effet.REFUS]
    if refuses:
        raise Refus("conflit", "Cette place n'est pas libre.", details=refuses)
    if trouves and not malgre:
        raise Refus(
            "avertissements",
            "Rien ne l'empêche, mais lisez d'abord ceci ; vous pouvez passer outre.",
            details=[c.phrase for c in trouves],
        )
    return tuple(c.regle.value for c in trouves)
