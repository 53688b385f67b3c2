"""Ce que fait le carnet quand une capacité du dessous annonce quelque chose."""

from __future__ import annotations

from parchemin.carnet.services import ouvrir_carnet
from parchemin.parcours.evenements import DossierInscrit
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.annonces import abonne
from parchemin.socle.horloge import maintenant


@abonne(DossierInscrit)
def remettre_le_carnet(evenement: DossierInscrit) -> None:
    """Un candidat est inscrit : son carnet lui est remis."""
    ouvrir_carnet(dossier=evenement.dossier, auteur=SYSTEME, maintenant=maintenant())
