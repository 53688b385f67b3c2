"""L'indépendance d'une épreuve : un évaluateur à vérifier, une récusation à trancher."""

from __future__ import annotations

from django.urls import reverse

from parchemin.convocations.evenements import IndependanceAVerifier, RecusationDeposee
from parchemin.convocations.selectors import a_verifier, epreuve_par_id, recusations
from parchemin.courriels.messages import Geste, Message
from parchemin.portail.abonnements.envois import dire_au_gestionnaire
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne


@abonne(IndependanceAVerifier)
def dire_l_independance(evenement: IndependanceAVerifier) -> None:
    """Le gestionnaire : un évaluateur en place ne peut plus évaluer. Ni son nom ni ce qui l'écarte ne s'écrivent."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    signales = a_verifier(SYSTEME, [epreuve.id]).get(epreuve.id, ())
    if evenement.evaluateur not in {signale.evaluateur for signale in signales}:
        return  # remplacé, ou de nouveau admissible, avant que la nouvelle ne parte
    dire_au_gestionnaire(
        epreuve,
        f"a_verifier:{evenement.evaluateur}:{evenement.le.isoformat()}",
        evenement.le,
        Message(
            objet="Un évaluateur est à remplacer",
            titre=f"Un évaluateur ne peut plus évaluer {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
            paragraphes=(
                "Un fait nouveau l’écarte. Il ne peut plus ni ouvrir la grille, ni la sceller.",
                "La page de l’épreuve dit pourquoi ; choisissez quelqu’un d’autre, ou corrigez ce qui aurait été saisi à tort.",
            ),
            geste=Geste("Vérifier", reverse("evaluation:voir", args=[epreuve.id])),
        ),
    )


@abonne(RecusationDeposee)
def dire_la_recusation(evenement: RecusationDeposee) -> None:
    """Le gestionnaire : une récusation attend sa réponse. Ni qui est récusé, ni le motif ne s'écrivent."""
    epreuve = epreuve_par_id(SYSTEME, evenement.epreuve)
    deposees = {r.id: r.evaluateur for r in recusations(SYSTEME, [epreuve.id]) if r.etat == "deposee"}
    if evenement.recusation in deposees:
        dire_au_gestionnaire(
            epreuve,
            f"recusation:{evenement.recusation}",
            evenement.le,
            Message(
                objet="Une récusation attend votre réponse",
                titre=f"{epreuve.dossier.candidat_nom} récuse un évaluateur, bloc {epreuve.bloc[1:]}",
                paragraphes=("L’épreuve ne s’ouvre pas sans votre réponse.",),
                geste=Geste("Répondre", reverse("convocations:trancher", args=[epreuve.id, evenement.recusation])),
            ),
            sauf=deposees[evenement.recusation],
        )
