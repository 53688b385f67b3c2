"""Accorder au candidat d'autres durées que celles du référentiel, ou revenir à elles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import Action
from parchemin.parcours.models import Amenagement
from parchemin.parcours.permissions import verifier_peut_gerer_dossier
from parchemin.parcours.selectors import Phase, dossier_tenu, durees_accordees, phases_a_duree
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

MINUTES_MAX = 240
"""Au-delà de quatre heures pour une phase, c'est une faute de frappe."""


def amenager(
    *, dossier: UUID, durees: Mapping[Phase, int | None], accorde_le: date, auteur: Acteur, maintenant: datetime
) -> int:
    """Accorde des durées (en minutes) ; `None` rend à une phase celle du référentiel. Rend combien de phases ont changé.

    Redire ce qui vaut déjà ne change rien. Ce que cela change : toute grille que personne n'a encore scellée, commencée ou
    non ; une épreuve dont une lecture est scellée garde les durées sous lesquelles elle le fut.
    Lève `RefusDroit("dossier_reserve")`, `Introuvable`, `Refus` : `dossier_clos`, `phase_inconnue`, `duree_hors_bornes`,
    `accord_a_venir`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.AMENAGEMENT) as journal:
        vue = dossier_tenu(auteur, dossier)
        verifier_peut_gerer_dossier(droits(auteur, jour_civil(maintenant)), vue.organisme, vue.referentiel_code)
        if not vue.ouvert:
            raise Refus("dossier_clos", "Ce dossier est clos : aucune épreuve ne s'y passera plus.")
        if accorde_le > jour_civil(maintenant):
            raise Refus("accord_a_venir", "La date de l'accord n'est pas encore passée : écrivez-le ce jour-là.")
        attendues = {phase: duree.minutes for phase, duree in phases_a_duree(auteur, vue).items()}
        for phase, minutes in durees.items():
            if phase not in attendues:
                raise Refus("phase_inconnue", f"Aucune phase du bloc {phase[0]} n'a de durée à ce nom : {phase[1]}.")
            if minutes is not None and not 1 <= minutes <= MINUTES_MAX:
                raise Refus("duree_hors_bornes", f"Une durée se dit en minutes, de 1 à {MINUTES_MAX}.")
        valent = durees_accordees(auteur, dossier)
        # La durée du référentiel n'est pas un aménagement : la saisir revient à n'en demander aucun.
        voulues = {phase: None if minutes == attendues[phase] else minutes for phase, minutes in durees.items()}
        changees = {
            (bloc, phase): minutes
            for (bloc, phase), minutes in voulues.items()
            if valent.get(bloc, {}).get(phase) != minutes
        }
        if not changees:
            journal.rien_a_inscrire()
            return 0
        Amenagement.objects.bulk_create(
            Amenagement(
                dossier_id=dossier,
                bloc=bloc,
                phase=phase,
                minutes=minutes,
                accorde_le=accorde_le,
                auteur=auteur.id,
                instant=maintenant,
            )
            for (bloc, phase), minutes in sorted(changees.items())
        )
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"accorde_le": accorde_le, "phases": [f"{bloc}:{phase}" for bloc, phase in sorted(changees)]},
            personnel={f"{bloc}:{phase}": str(minutes or "") for (bloc, phase), minutes in sorted(changees.items())},
            chaine=chaine_organisme(vue.organisme),
        )
    return len(changees)
