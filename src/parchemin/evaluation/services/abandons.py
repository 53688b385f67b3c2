"""Renoncer à des gestes refusés : ils s'inscrivent d'abord, l'appareil les oublie ensuite (`docs/echange-des-faits.md`)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.services import verrouiller_son_epreuve
from parchemin.evaluation.enums import Action
from parchemin.evaluation.models import Fait, GesteAbandonne
from parchemin.evaluation.sceaux import sceau_abandon
from parchemin.evaluation.services.reception import LOT_MAXIMAL, composer, relit_les_doubles
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Refus


@relit_les_doubles
def abandonner_gestes(*, epreuve: UUID, lot: Sequence[object], auteur: Acteur, maintenant: datetime) -> int:
    """Inscrit des gestes auxquels leur auteur renonce, chacun `{"fait": {…}, "code": …, "raison": …}` ; rend leur nombre.

    Redire un abandon ne change rien ; un geste qui avait en fait été reçu reste reçu. Ouvert à qui est, ou a été, affecté
    à l'épreuve. Lève `Introuvable`, `Refus("lot_trop_grand" | "forme")`.
    """
    if len(lot) > LOT_MAXIMAL:
        raise Refus("lot_trop_grand", f"Un envoi porte au plus {LOT_MAXIMAL} gestes : envoyez-les en plusieurs fois.")
    with acte(auteur=auteur, maintenant=maintenant, action=Action.GESTES_ABANDONNES) as journal:
        verrouiller_son_epreuve(epreuve, auteur)
        lus = {ligne.pk: ligne for ligne in (_lire(brut, epreuve, auteur, maintenant) for brut in lot)}
        for table in (GesteAbandonne, Fait):
            for connu in table.objects.filter(pk__in=lus).values_list("pk", flat=True):
                del lus[connu]
        if not lus:
            journal.rien_a_inscrire()
            return 0
        GesteAbandonne.objects.bulk_create(lus.values())
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"abandons": [{"fait": ligne.pk, "code": ligne.code} for ligne in lus.values()]},
            scelles=[sceau_abandon(ligne) for ligne in lus.values()],
            chaine=chaine_organisme(epreuve_par_id(auteur, epreuve).dossier.organisme),
        )
    return len(lus)


def _lire(brut: object, epreuve: UUID, auteur: Acteur, maintenant: datetime) -> GesteAbandonne:
    mal_forme = Refus("forme", "Un abandon porte le fait entier, le code et la raison de son refus.")
    try:
        propre: dict[str, Any] = composer(brut)
        contenu, code, raison = propre["fait"], propre["code"], propre["raison"]
        identifiant = UUID(contenu["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as erreur:
        raise mal_forme from erreur
    if not all(isinstance(texte, str) for texte in (code, raison)):
        raise mal_forme
    return GesteAbandonne(
        pk=identifiant,
        epreuve_id=epreuve,
        evaluateur_id=auteur.id,
        contenu=contenu,
        code=code[:40],
        raison=raison[:500],
        le=maintenant,
        sel=secrets.token_hex(16),
    )
