"""Répondre à une convocation : accepter, ou refuser en disant pourquoi ; de son compte, ou par son lien personnel.

Le lien ne fait que répondre pour sa personne, à une épreuve : il ne montre rien que le courriel ne dise déjà, et une personne
connectée ne répond jamais avec celui d'une autre. On peut changer d'avis jusqu'à l'épreuve.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from moteur.etats import CONVOCATION
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, Convoque
from parchemin.convocations.evenements import ConvocationRefusee
from parchemin.convocations.models import Convocation
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id, places, remplacants_possibles, rendez_vous
from parchemin.convocations.services.envois import passer_convocation, tenir
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def repondre(
    *,
    convocation: UUID,
    accepte: bool,
    motif: str = "",
    remplacant: UUID | None = None,
    auteur: Acteur,
    maintenant: datetime,
) -> bool:
    """Répond à sa convocation ; vrai si la réponse change quelque chose. `motif` et `remplacant` : d'un refus seulement.

    Refuser encore, pour un autre motif ou en proposant quelqu'un d'autre, remplace le refus d'avant, qui reste dans l'histoire.

    Lève `Introuvable` (ce n'est pas la sienne), `RefusDroit("intuitu_personae")`, et `Refus` : `convocation_finie`,
    `motif_manquant`, `remplacant_impossible`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONVOCATION_REPONDUE) as journal:
        ligne, une = tenir(convocation)
        if une.personne_id != auteur.id:
            raise Introuvable
        if auteur.par_delegation_de is not None:
            raise RefusDroit("intuitu_personae", "On répond à une convocation pour soi-même : reprenez votre nom.")
        vue = epreuve_par_id(auteur, ligne.pk)
        attendue = any((p.place, p.personne) == (une.place, une.personne_id) for p in places(auteur, vue))
        if not attendue or une.etat in CONVOCATION.terminaux or rendez_vous(auteur, vue).fin <= maintenant:
            raise Refus("convocation_finie", "Cette convocation n'attend plus de réponse.")
        vers = "acceptee" if accepte else "refusee"
        propose = None if accepte else remplacant
        if not accepte and not motif:
            raise Refus("motif_manquant", "Dites pourquoi vous ne venez pas : le gestionnaire le lira.")
        if propose is not None:
            _verifier_remplacant(vue, Convoque(une.place), propose, maintenant)
        if une.etat == vers:
            if accepte or (motif, propose) == (_motif_du_refus(une), une.remplacant_id):
                journal.rien_a_inscrire()
                return False
            passer_convocation(
                une, CONVOCATION.depart, auteur, maintenant
            )  # elle reprend son refus, et en dit un autre
        une.remplacant_id = propose
        une.save(update_fields=["remplacant"])
        passer_convocation(une, vers, auteur, maintenant, "" if accepte else motif)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"convocation": une.pk, "place": une.place, "vers": vers, "remplacant": propose},
            personnel={} if accepte else {"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        if not accepte:
            annoncer(ConvocationRefusee(une.pk, ligne.pk, vue.dossier.id, auteur.id, maintenant))
    return True


def _motif_du_refus(une: Convocation) -> str:
    return une.passages.order_by("rang").values_list("motif", flat=True).last() or ""


def _verifier_remplacant(vue: VueEpreuve, place: Convoque, propose: UUID, maintenant: datetime) -> None:
    """Lève `Refus("remplacant_impossible")`, sans dire pourquoi : ce n'est pas à un évaluateur de l'apprendre."""
    if not place.evalue or propose not in remplacants_possibles(Acteur(propose), vue, place, jour_civil(maintenant)):
        raise Refus("remplacant_impossible", "Cette personne ne peut pas être proposée : choisissez dans la liste.")
