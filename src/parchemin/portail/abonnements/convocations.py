"""Une convocation refusée : le gestionnaire l'apprend aussitôt, le motif se lit sur la page."""

from __future__ import annotations

from django.urls import reverse

from parchemin.convocations.evenements import ConvocationRefusee
from parchemin.convocations.selectors import convocations, epreuve_par_id
from parchemin.courriels.messages import Geste, Message
from parchemin.portail.abonnements.envois import dire_au_gestionnaire
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.typographie import date_longue


@abonne(ConvocationRefusee)
def dire_le_refus(evenement: ConvocationRefusee) -> None:
    """Chaque gestionnaire du dossier : qui ne viendra pas, à quoi. Rien si la personne a changé d'avis depuis."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    siennes = [c for c in convocations(SYSTEME, [epreuve.id]).get(epreuve.id, ()) if c.id == evenement.convocation]
    if not siennes or siennes[0].etat != "refusee":
        return
    quand = date_longue(epreuve.jour)
    message = Message(
        objet="Une convocation est refusée",
        titre=f"{siennes[0].nom} ne viendra pas : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
        paragraphes=(
            f"L’épreuve est prévue le {quand}. Son motif se lit sur la page ; remplacez, ou déplacez l’épreuve.",
        ),
        geste=Geste("Ouvrir les convocations", reverse("convocations:convocations", args=[epreuve.id])),
    )
    cle = f"refus:{evenement.convocation}:{evenement.le.isoformat()}"
    dire_au_gestionnaire(epreuve, cle, evenement.le, message, sauf=evenement.personne)
