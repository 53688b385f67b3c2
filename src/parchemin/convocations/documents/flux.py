"""Le calendrier privé d'un évaluateur : ses épreuves, leur heure, leur lieu. Ni candidat, ni l'autre évaluateur."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from parchemin.convocations.documents.calendrier import Evenement, Methode, ecrire, uid
from parchemin.convocations.documents.courriels import hote, titre
from parchemin.convocations.enums import Convoque
from parchemin.convocations.selectors import epreuves_du_calendrier, rendez_vous_de, versions_dites
from parchemin.socle.acteur import Acteur

NOM = "Épreuves à évaluer (Parchemin)"


def flux_de(lecteur: Acteur, maintenant: datetime) -> str:
    """L'objet iCalendar à publier, relu à chaque fois ; sans lien ni nom : un calendrier abonné se partage."""
    epreuves = epreuves_du_calendrier(lecteur, maintenant)
    rendez_vous = rendez_vous_de(lecteur, epreuves)
    versions = versions_dites(lecteur, rendez_vous)
    evenements = [
        Evenement(
            uid=uid(epreuve.id, lecteur.id, hote()),
            sequence=versions.get(epreuve.id, 0),
            debut=rendez_vous[epreuve.id].debut,
            fin=rendez_vous[epreuve.id].fin,
            fuseau=rendez_vous[epreuve.id].fuseau,
            titre=titre(epreuve, Convoque.METIER),
            lieu=rendez_vous[epreuve.id].lieu,
            adresse=f"{settings.PARCHEMIN_ADRESSE}{reverse('evaluation:voir', args=[epreuve.id])}",
        )
        for epreuve in epreuves
    ]
    return ecrire(Methode.PUBLIER, evenements, instant=maintenant, nom=NOM)
