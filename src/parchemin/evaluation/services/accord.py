"""S'accorder sur ce qui diffère, et sur rien d'autre ; sans différence, confirmer, chacun d'un geste."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from moteur.regles.accord import motif_exige
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services import verifier_evaluateur, verrouiller_son_epreuve
from parchemin.evaluation.enums import POUR_UN_CRITERE, POUR_UNE_CONDITION, Action, Position
from parchemin.evaluation.models import Confirmation, PositionAccord
from parchemin.evaluation.sceaux import sceau_confirmation, sceau_position
from parchemin.evaluation.selectors import (
    Difference,
    DifferenceDeCondition,
    Ecarts,
    confirmations,
    ecarts_de,
    lectures_scellees,
)
from parchemin.evaluation.services.resultats import etablir_resultat
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


def se_prononcer(
    *,
    epreuve: UUID,
    choix: Position,
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
    critere: str = "",
    condition: str = "",
) -> bool:
    """Pose sa position sur un critère, ou une condition, qui diffère ; vrai si, par elle, le résultat s'établit.

    Rejoindre la position de l'autre la confirme ; s'écarter de sa propre lecture, ou proposer, veut un motif. Quand chaque
    différence est réglée par les deux (« laissé au jury » compris), le résultat s'établit. Redire ne change rien.
    Lève `Introuvable`, `RefusDroit`, et `Refus` : `accord_ferme`, `critere_concordant`, `condition_concordante`,
    `choix_impossible`, `motif_manquant`.
    """
    choix, motif = Position(choix), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.POSITION) as journal:
        verrouiller_son_epreuve(epreuve, auteur)
        vue = epreuve_par_id(auteur, epreuve)
        qualite = verifier_evaluateur(auteur, vue, maintenant)
        if _deja_dite(epreuve, auteur, choix, motif, critere=critere, condition=condition):
            journal.rien_a_inscrire()
            return False
        _verifier_ouvert(vue)
        lectures = lectures_scellees(epreuve)
        ecart = _le_point(ecarts_de(auteur, vue, lectures), critere, condition)
        if choix not in (POUR_UNE_CONDITION if condition else POUR_UN_CRITERE):
            raise Refus("choix_impossible", "Ce choix n'est pas de ceux qui règlent ce point.")
        autre = next((p for p in ecart.positions.values() if p.evaluateur != auteur.id), None)
        confirme = autre.id if autre is not None and autre.choix == choix else None
        ma_lecture = qualite.value if condition else ecart.lectures[qualite]
        tenue = choix.value if choix == Position.DESACCORD else ma_lecture
        if not motif and motif_exige(ma_lecture=tenue, choix=choix.value, rejoint=confirme is not None):
            raise Refus("motif_manquant", "Dites pourquoi : l'autre évaluateur, puis le jury, le liront.")
        position = PositionAccord.objects.create(
            epreuve_id=epreuve,
            rang=PositionAccord.objects.filter(epreuve_id=epreuve).count() + 1,
            critere=critere,
            condition=condition,
            evaluateur_id=auteur.id,
            choix=choix,
            motif=motif,
            confirme_id=confirme,
            le=maintenant,
            sel=secrets.token_hex(16),
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"position": position.pk, "critere": critere or condition},
            scelles=[sceau_position(position)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if not ecarts_de(auteur, vue, lectures).a_regler:
            etablir_resultat(epreuve=vue, auteur=auteur, maintenant=maintenant)
            return True
    return False


def confirmer(*, epreuve: UUID, auteur: Acteur, maintenant: datetime) -> bool:
    """Confirme le résultat de deux lectures que rien n'oppose ; vrai si, par ce geste, il s'établit. Redire ne change rien.

    Lève `Introuvable`, `RefusDroit`, et `Refus` : `accord_ferme`, `reste_a_regler`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONFIRMATION) as journal:
        verrouiller_son_epreuve(epreuve, auteur)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_evaluateur(auteur, vue, maintenant)
        deja = confirmations(auteur, epreuve)
        if auteur.id in deja:
            journal.rien_a_inscrire()
            return False
        _verifier_ouvert(vue)
        if ecarts_de(auteur, vue, lectures_scellees(epreuve)).a_regler:
            raise Refus("reste_a_regler", "Les deux lectures diffèrent : réglez d'abord ensemble ce qui les sépare.")
        confirmation = Confirmation.objects.create(
            epreuve_id=epreuve, evaluateur_id=auteur.id, le=maintenant, sel=secrets.token_hex(16)
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"confirmation": confirmation.pk},
            scelles=[sceau_confirmation(confirmation)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if len(deja) + 1 == len(Qualite):
            etablir_resultat(epreuve=vue, auteur=auteur, maintenant=maintenant)
            return True
    return False


def _deja_dite(epreuve: UUID, auteur: Acteur, choix: Position, motif: str, *, critere: str, condition: str) -> bool:
    """Vrai si c'est déjà sa position sur ce point, fût-ce celle qui vient d'établir le résultat : un second envoi n'est pas un refus."""
    siennes = PositionAccord.objects.filter(epreuve_id=epreuve, evaluateur_id=auteur.id)
    derniere = siennes.filter(critere=critere, condition=condition).order_by("rang").last()
    return derniere is not None and derniere.choix == choix and (not motif or motif == derniere.motif)


def _verifier_ouvert(vue: VueEpreuve) -> None:
    if vue.etat != "lectures_scellees" or not vue.dossier.ouvert:
        raise Refus(
            "accord_ferme",
            "On s'accorde quand les deux lectures sont scellées, et jusqu'au résultat ; ce n'est pas le moment.",
        )


def _le_point(ecarts: Ecarts, critere: str, condition: str) -> Difference | DifferenceDeCondition:
    """Le point qui diffère ; ce sur quoi les lectures concordent, ou que l'une n'a pu juger, ne se rediscute pas."""
    if condition:
        for ecart in ecarts.conditions:
            if ecart.condition == condition:
                return ecart
        raise Refus(
            "condition_concordante", "Les deux lectures concordent sur cette condition : elle ne se rediscute pas."
        )
    for difference in ecarts.criteres:
        if difference.critere == critere and not difference.d_office:
            return difference
    raise Refus("critere_concordant", "Les deux lectures concordent sur ce critère : il ne se rediscute pas.")
