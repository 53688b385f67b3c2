"""Ce que font les convocations quand une capacité du dessous annonce quelque chose."""

from __future__ import annotations

from parchemin.comptes.evenements import LienChange
from parchemin.convocations.selectors import epreuves_a_revoir
from parchemin.convocations.services import revoir
from parchemin.parcours.evenements import PersonneDesignee
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import maintenant


@abonne(LienChange)
def revoir_apres_un_lien(evenement: LienChange) -> None:
    """Un lien change : les épreuves ouvertes des candidats qu'il touche, de proche en proche, se revérifient."""
    touchees = epreuves_a_revoir(SYSTEME, personnes=(evenement.de, evenement.vers))
    revoir(epreuves=touchees, maintenant=maintenant())


@abonne(PersonneDesignee)
def revoir_apres_une_designation(evenement: PersonneDesignee) -> None:
    """Le tuteur ou le manager change : les épreuves ouvertes du dossier se revérifient."""
    revoir(epreuves=epreuves_a_revoir(SYSTEME, dossier=evenement.dossier), maintenant=maintenant())
