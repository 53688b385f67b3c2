"""S'accorder : sur les seuls critères qui diffèrent, l'un propose, l'autre confirme ou propose autre chose."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.services import verifier_evaluateur, verrouiller_epreuve
from parchemin.evaluation.enums import Action, Position
from parchemin.evaluation.models import PositionAccord
from parchemin.evaluation.sceaux import sceau_position
from parchemin.evaluation.selectors import bloc_de, differences_de, lectures_scellees
from parchemin.evaluation.services.resultats import etablir_resultat
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


def se_prononcer(
    *, epreuve: UUID, critere: str, choix: Position, motif: str, auteur: Acteur, maintenant: datetime
) -> bool:
    """Pose sa position sur un critère qui diffère ; vrai si, par elle, le résultat s'établit.

    Rejoindre la position de l'autre la confirme ; en proposer une autre veut un motif. Quand chaque différence est
    réglée par les deux (« laissé au jury » compris), le résultat s'établit. Redire la même chose ne change rien.
    Lève `Introuvable`, `RefusDroit`, et `Refus` : `accord_ferme`, `critere_concordant`, `motif_manquant`.
    """
    choix, motif = Position(choix), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.POSITION) as journal:
        verrouiller_epreuve(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_evaluateur(auteur, vue, maintenant)
        if vue.etat != "lectures_scellees" or not vue.dossier.ouvert:
            raise Refus(
                "accord_ferme",
                "On s'accorde quand les deux lectures sont scellées, et jusqu'au résultat ; ce n'est pas le moment.",
            )
        bloc = bloc_de(auteur, vue)
        lectures = lectures_scellees(epreuve)
        difference = next((d for d in differences_de(bloc, epreuve, lectures) if d.critere == critere), None)
        if difference is None:
            raise Refus("critere_concordant", "Les deux lectures concordent sur ce critère : il ne se rediscute pas.")
        mienne = difference.positions.get(auteur.id)
        autre = next((p for p in difference.positions.values() if p.evaluateur != auteur.id), None)
        if mienne is not None and mienne.choix == choix and (not motif or motif == mienne.motif):
            journal.rien_a_inscrire()
            return False
        confirme = autre.id if autre is not None and autre.choix == choix else None
        if not motif and confirme is None:
            raise Refus("motif_manquant", "Dites pourquoi : l'autre évaluateur, puis le jury, le liront.")
        position = PositionAccord.objects.create(
            epreuve_id=epreuve,
            rang=PositionAccord.objects.filter(epreuve_id=epreuve).count() + 1,
            critere=critere,
            evaluateur_id=auteur.id,
            choix=choix,
            motif=motif,
            confirme_id=confirme,
            le=maintenant,
            sel=secrets.token_hex(16),
        )
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"position": position.pk, "critere": critere},
            scelles=[sceau_position(position)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        reglees = differences_de(bloc, epreuve, lectures)
        if len(lectures) == len(Qualite) and all(d.regle is not None for d in reglees):
            etablir_resultat(epreuve=vue, bloc=bloc, auteur=auteur, maintenant=maintenant)
            return True
    return False
