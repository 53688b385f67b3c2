"""Recevoir des faits : chaque geste est gardé, répondu un par un, jamais écrasé (`docs/echange-des-faits.md`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from moteur.grille import grille_courante
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import ATTENDENT, SANS_SUITE
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id, panel_de_l_epreuve
from parchemin.convocations.services import (
    commencer_epreuve,
    verifier_evaluateur,
    verrouiller_epreuve,
    verrouiller_son_epreuve,
)
from parchemin.evaluation.enums import EPREUVE_CLOSE, PLUS_AFFECTE, Action
from parchemin.evaluation.models import GesteMisAPart
from parchemin.evaluation.sceaux import sceau_fait
from parchemin.evaluation.selectors import bloc_de, faits, gestes_annulables, rangs_des_appareils
from parchemin.evaluation.services import quarantaine
from parchemin.evaluation.services.reception import LOT_MAXIMAL, Reception, Reponse, identifiants, relit_les_doubles
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


@relit_les_doubles
def recevoir_faits(
    *, epreuve: UUID, lot: Sequence[object], auteur: Acteur, maintenant: datetime
) -> tuple[Reponse, ...]:
    """Reçoit un lot de faits, chacun dans la forme de l'échange ; répond à chacun, dans l'ordre du lot.

    Un fait refusé n'empêche pas les autres. Renvoyer un lot ne change rien : « déjà reçue », ou encore « mise à part », même
    réaffecté (le gestionnaire en décide, pas un renvoi). Le premier fait accepté ouvre l'épreuve ; suspendue, elle reçoit
    encore, et sait qu'elle avait commencé. Qui n'est plus affecté, ou plus admissible, est encore reçu, à part (`quarantaine`),
    comme ce qui arrive d'une épreuve annulée, close sans évaluation, ou dont le dossier est clos. Lève `Introuvable` (jamais
    affecté), `RefusDroit("intuitu_personae")` (affecté, mais il agit pour une autre personne), `Refus("lot_trop_grand")`.
    """
    if len(lot) > LOT_MAXIMAL:
        raise Refus("lot_trop_grand", f"Un envoi porte au plus {LOT_MAXIMAL} gestes : envoyez-les en plusieurs fois.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.FAITS_RECUS) as journal:
        verrouiller_son_epreuve(epreuve, auteur)
        vue = epreuve_par_id(auteur, epreuve)
        a_part = GesteMisAPart.objects.filter(pk__in=identifiants(lot))
        reception = Reception(vue, bloc_de(auteur, vue), lot, auteur, maintenant, _panel(auteur, vue, lot), a_part)
        ecart = _ecart(auteur, vue, maintenant)
        if ecart:
            mis_a_part = quarantaine.mettre_a_part(vue, reception, lot, ecart, auteur, maintenant)
            journal.rien_a_inscrire()  # la mise à part a sa propre entrée
            return mis_a_part
        reponses = tuple(reception.recevoir(brut) for brut in lot)
        reception.garder()
        if not reception.acceptes:
            journal.rien_a_inscrire()
            return reponses
        commencer_epreuve(epreuve=vue, auteur=auteur, maintenant=maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"faits": [ligne.pk for ligne in reception.acceptes]},
            scelles=[sceau_fait(ligne) for ligne in reception.acceptes],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return reponses


def _panel(auteur: Acteur, epreuve: VueEpreuve, lot: Sequence[object]) -> frozenset[str]:
    """Les motifs présélectionnés du bloc, si le lot porte un courrier : aucun autre geste ne les demande."""
    cibles = (brut.get("cible") for brut in lot if isinstance(brut, Mapping))
    if not any(isinstance(cible, str) and cible.startswith("courrier:") for cible in cibles):
        return frozenset()
    return panel_de_l_epreuve(auteur, epreuve)


def poser(
    *,
    epreuve: UUID,
    appareil: UUID,
    cible: str,
    valeur: object,
    auteur: Acteur,
    maintenant: datetime,
    vus: Mapping[str, int] | None = None,
    remplace: str | None = None,
) -> Reponse:
    """Fait un geste ici, au nom d'un appareil sans JavaScript.

    `vus` : le plus haut rang de chaque appareil que montrait la page ; `None` : elle montrait tout. `remplace` : de ce qui
    annule (`Geste.remplace`) ; `None` : ce geste corrige. Mêmes refus que `recevoir_faits`.
    """
    with transaction.atomic():
        verrouiller_epreuve(epreuve)  # deux gestes à la fois d'un même appareil ont deux rangs
        connus = faits(auteur, epreuve)
        rangs = rangs_des_appareils(connus)
        vue = epreuve_par_id(auteur, epreuve)
        repere = grille_courante(connus).reperes.get(cible)
        brut = {
            "id": str(uuid4()),
            "appareil": str(appareil),
            "rang": rangs.pop(str(appareil), 0) + 1,
            "cible": cible,
            "valeur": valeur,
            "remplace": remplace or (repere.id if repere else None),
            "vus": rangs if vus is None else {autre: min(rang, vus.get(autre, 0)) for autre, rang in rangs.items()},
            "mural": maintenant.isoformat(),
            "monotone_ms": round(maintenant.timestamp() * 1000),
            "norme": vue.norme,
        }
        return recevoir_faits(epreuve=epreuve, lot=[brut], auteur=auteur, maintenant=maintenant)[0]


def annuler(*, epreuve: UUID, appareil: UUID, auteur: Acteur, maintenant: datetime, cible: str = "") -> Reponse:
    """Annule le dernier geste fait sur cette cible (vide : le dernier de tous) : un geste de plus, qui rend la valeur d'avant.

    Lève `Refus("rien_a_annuler")` s'il n'y en a pas, et les refus de `recevoir_faits`.
    """
    with transaction.atomic():
        verrouiller_epreuve(epreuve)
        gestes = gestes_annulables(faits(auteur, epreuve))
        geste = next((un for un in gestes if cible in ("", un.fait.cible)), None)
        if geste is None:
            raise Refus("rien_a_annuler", "Il n'y a aucun geste à annuler.")
        return poser(
            epreuve=epreuve,
            appareil=appareil,
            cible=geste.fait.cible,
            valeur=geste.avant,
            remplace=geste.remplace,
            auteur=auteur,
            maintenant=maintenant,
        )


def _ecart(auteur: Acteur, epreuve: VueEpreuve, maintenant: datetime) -> str:
    """Le code de ce qui met à part ce que note cette personne, qui fut affectée à l'épreuve ; vide : rien.

    Lève `RefusDroit("intuitu_personae")` : elle agit pour une autre ; quand elle aura repris son nom, tout entrera.
    """
    try:
        verifier_evaluateur(auteur, epreuve, maintenant)
    except RefusDroit as refus:
        if refus.code == "intuitu_personae":
            raise
        return refus.code
    except Introuvable:
        return PLUS_AFFECTE
    sans_suite = epreuve.etat in SANS_SUITE or (epreuve.etat in ATTENDENT and not epreuve.dossier.ouvert)
    return EPREUVE_CLOSE if sans_suite else ""
