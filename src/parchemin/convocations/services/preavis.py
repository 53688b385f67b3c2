"""Le préavis d'un évaluateur convoqué : une épreuve déplacée ne le lui ôte pas."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from moteur.regles.delai_de_convocation import Avis, du_destinataire
from parchemin.convocations.enums import Convoque
from parchemin.convocations.selectors import VueEpreuve, convocations, delais_de_convocation, zone_de_la_salle
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_en_clair


def verifier_preavis(
    auteur: Acteur, epreuve: VueEpreuve, prevue_le: datetime, salle: UUID | None, maintenant: datetime
) -> None:
    """Un évaluateur convoqué ne l'est jamais à une date plus proche que le plancher : son congé ne se demanderait plus à temps.

    `salle` : celle où elle se tiendrait, dont l'horloge dit le jour. Une autre heure du même jour passe toujours. Lève `Introuvable`
    (la salle), `Refus("convocation_impossible")`.
    """
    zone = zone_de_la_salle(auteur, salle) if salle else PARIS
    nouveau = jour_civil(prevue_le, zone)
    if nouveau == epreuve.jour:
        return
    convoques = convocations(auteur, [epreuve.id]).get(epreuve.id, ())
    if not any(une.place.evalue and epreuve.qualite_de(une.personne) for une in convoques):
        return
    table, _ = delais_de_convocation(auteur, epreuve.norme, jour_civil(maintenant))
    jour = jour_civil(maintenant, zone)
    delai = du_destinataire(table, Convoque.METIER.destinataire)
    if delai.avis(jour, nouveau) is Avis.IMPOSSIBLE:
        raise Refus(
            Avis.IMPOSSIBLE.value,
            f"Ses évaluateurs sont convoqués, et ont droit à leur préavis : le {date_en_clair(delai.premiere_date(jour))} au plus "
            "tôt. Plus près, annulez l'épreuve, ou affectez d'autres évaluateurs.",
        )
