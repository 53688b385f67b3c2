"""Le courriel du jour d'une personne : son « À faire », en lignes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from parchemin.comptes.selectors import droits
from parchemin.courriels.messages import Ligne
from parchemin.portail.presenters.accueil import page_accueil
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import pluriel

LIGNES_MAX = 10


@dataclass(frozen=True, slots=True)
class CourrielDuJour:
    """Ce que dira le courriel : l'objet ne nomme personne."""

    objet: str
    titre: str
    a_faire: tuple[Ligne, ...]


def courriel_du_jour(acteur: Acteur, maintenant: datetime) -> CourrielDuJour:
    """Les choses à faire de cette personne, la plus urgente d'abord ; au-delà de dix, leur nombre."""
    page = page_accueil(acteur, droits(acteur, jour_civil(maintenant)), maintenant)
    lignes = [
        Ligne(
            titre=ligne.titre,
            pourquoi=ligne.pourquoi,
            quand=", ".join(filter(None, (ligne.quand, ligne.precision))),
            chemin=ligne.action.url if ligne.action else "",
        )
        for ligne in page.miennes[:LIGNES_MAX]
    ]
    nombre = page.nombre
    if (reste := nombre - LIGNES_MAX) > 0:
        lignes.append(Ligne(f"Et {pluriel(reste, 'autre chose')}, sur votre page « À faire »", chemin="/"))
    objet = f"À faire : {pluriel(nombre, 'chose')} vous attend{'ent' if nombre > 1 else ''}" if nombre else "Du nouveau"
    return CourrielDuJour(objet, page.salut, tuple(lignes))
