"""Un dossier se clôt sans résultat : ce qui restait de ses épreuves ne se tiendra pas."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from moteur.etats import DOSSIER_SANS_RESULTAT, EPREUVE, peut_passer
from parchemin.convocations.enums import Action, SuiteIncident
from parchemin.convocations.models import SuiteDIncident
from parchemin.convocations.selectors import epreuve_par_id, epreuves_en_vie, incidents_ouverts
from parchemin.convocations.services.passages import passer_et_inscrire, verrouiller
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur


def clore_avec_le_dossier(*, dossier: UUID, maintenant: datetime, auteur: Acteur = SYSTEME) -> int:
    """Annule les épreuves de ce dossier qui le peuvent, clôt les autres sans évaluation ; rend combien. Redire ne change rien.

    Une conséquence, sans droit à vérifier : qui a clos le dossier l'a établi. Le motif ne redit pas celui du dossier, que les
    évaluateurs n'ont pas à lire.
    """
    vue = dossiers_par_ids(auteur, [dossier]).get(dossier)
    if vue is None or vue.etat not in DOSSIER_SANS_RESULTAT:
        return 0
    motif = f"Le dossier du candidat est clos ({vue.etat_intitule.lower()}) : l'épreuve n'a plus d'objet."
    return sum(_clore(epreuve, motif, auteur, maintenant) for epreuve in epreuves_en_vie(auteur, dossier))


def _clore(epreuve: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> bool:
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_CLOSE) as journal:
        ligne = verrouiller(epreuve)
        if ligne.etat in EPREUVE.terminaux:
            journal.rien_a_inscrire()
            return False
        vers = "annulee" if peut_passer(EPREUVE, ligne.etat, "annulee") else "non_evaluee"
        SuiteDIncident.objects.bulk_create(
            SuiteDIncident(incident=incident, suite=SuiteIncident.CLORE, motif=motif, auteur=auteur.id, le=maintenant)
            for incident in incidents_ouverts(epreuve)
        )
        passer_et_inscrire(ligne, epreuve_par_id(auteur, epreuve), vers, motif, auteur, maintenant, journal)
    return True
