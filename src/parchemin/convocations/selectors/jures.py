"""Le jury devant la barrière : qui peut juger un dossier en délibération, et ce qui en écarte chacun."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from moteur.regles.evaluateur_admissible import (
    Avis,
    QualiteDeJuge,
)
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import (
    registre_a_jour,
    roles_ouverts,
    tenants_du_role,
)
from parchemin.convocations.selectors.barriere import Examine, barriere, jours_de_l_epreuve
from parchemin.convocations.selectors.epreuves import epreuves_du_dossier
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.acteur import Acteur

ROLES_DE_JURE = (NatureRole.JURE, NatureRole.PRESIDENT_JURY)


def jours_du_jury(lecteur: Acteur, dossier: VueDossier, le: date) -> tuple[date, ...]:
    """Les jours qui comptent pour un juré : ceux des épreuves du dossier, et celui où il juge. Quelques requêtes."""
    tenues = epreuves_du_dossier(lecteur, dossier.id).values()
    return tuple(sorted({jour for epreuve in tenues for jour in jours_de_l_epreuve(epreuve)} | {le}))


def avis_sur_jure(lecteur: Acteur, dossier: VueDossier, personne: UUID, le: date) -> Avis:
    """L'avis sur un juré à qui l'on proposerait ce dossier, qui l'ouvrirait ou signerait ce jour-là."""
    inscrite = [registre_a_jour(lecteur, [personne], nature, le).get(personne) for nature in ROLES_DE_JURE]
    return barriere(lecteur, dossier, le).avis(
        personne,
        QualiteDeJuge.JURE,
        jours_epreuve=jours_du_jury(lecteur, dossier, le),
        a_le_role=any(
            roles_ouverts(lecteur, personne, nature, le, dossier.referentiel_code) for nature in ROLES_DE_JURE
        ),
        habilitation_personnelle=_l_une_vaut(inscrite),
    )


def jures_examines(lecteur: Acteur, dossier: VueDossier, le: date) -> tuple[Examine, ...]:
    """Tous ceux qui peuvent être jurés ce jour-là, et ce que la barrière en dit devant ce dossier : les admissibles d'abord.

    Un nombre constant de requêtes, quel que soit le nombre de jurés.
    """
    cadre, jours = barriere(lecteur, dossier, le), jours_du_jury(lecteur, dossier, le)
    inscrits = [registre_a_jour(lecteur, None, nature, le) for nature in ROLES_DE_JURE]
    tenants: dict[UUID, str] = {}
    for nature in ROLES_DE_JURE:
        tenants |= tenants_du_role(lecteur, nature, le, dossier.referentiel_code)
    examines = [
        Examine(
            personne,
            nom,
            cadre.avis(
                personne,
                QualiteDeJuge.JURE,
                jours_epreuve=jours,
                a_le_role=True,
                habilitation_personnelle=_l_une_vaut([lignes.get(personne) for lignes in inscrits]),
            ),
            0,
        )
        for personne, nom in tenants.items()
    ]
    return tuple(sorted(examines, key=lambda examine: not examine.avis.admissible))


def _l_une_vaut(inscrite: Collection[bool | None]) -> bool | None:
    """Vrai si une habilitation vaut, en l'une ou l'autre qualité ; faux si aucune ne vaut plus ; `None` : jamais inscrit."""
    return True if True in inscrite else False if False in inscrite else None
