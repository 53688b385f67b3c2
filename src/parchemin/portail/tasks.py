"""Le courriel du jour : une tournée par jour, à partir de l'heure réglée ; et les liens de qui atteste sans compte."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from procrastinate.contrib.django import app

from parchemin.carnet.services import rappeler_par_lien
from parchemin.comptes.selectors import comptes_ouverts
from parchemin.courriels import services as courriels
from parchemin.parcours.selectors import designes_sans_compte
from parchemin.portail.presenters import courriel_du_jour
from parchemin.socle import horloge
from parchemin.socle.acteur import SYSTEME, Acteur

PERSONNES_PAR_PAS = 50


@app.periodic(cron="*/10 * * * *")
@app.task(name="portail.courriels_du_jour", lock="portail.courriels_du_jour", queueing_lock="portail.courriels_du_jour")
def courriels_du_jour(timestamp: int) -> None:
    """Toutes les dix minutes : fait la tournée du jour si son heure est venue et qu'elle n'est pas finie."""
    instant = horloge.maintenant()
    if l_heure_est_venue(instant):
        tourner(instant)


def l_heure_est_venue(instant: datetime) -> bool:
    """Vrai si, à Paris, l'heure réglée est passée ce jour-là ; une heure qui n'existe pas (été) est passée à la suivante."""
    return bool(instant.astimezone(horloge.PARIS).time() >= settings.PARCHEMIN_COURRIEL_DU_JOUR)


def tourner(instant: datetime) -> None:
    """Compose le courriel de chacun, jusqu'au dernier ; interrompue, la tournée reprendra où elle en est.

    Qui atteste sans compte en est : une page « À faire » ne lui servirait à rien, il reçoit un lien.
    """
    sans_compte: set[UUID] = set()

    def suivantes(apres: UUID | None) -> tuple[tuple[UUID, str], ...]:
        designes = designes_sans_compte(SYSTEME, apres, PERSONNES_PAR_PAS)
        sans_compte.update(personne for personne, _ in designes)
        return tuple(sorted((*comptes_ouverts(SYSTEME, apres, PERSONNES_PAR_PAS), *designes))[:PERSONNES_PAR_PAS])

    def composer(personne: UUID, adresse: str) -> bool:
        if personne in sans_compte:
            return rappeler_par_lien(personne=personne, maintenant=instant)
        return _composer(personne, adresse, instant)

    while courriels.avancer_tournee(suivantes=suivantes, composer=composer, maintenant=instant):
        pass


def _composer(personne: UUID, adresse: str, instant: datetime) -> bool:
    page = courriel_du_jour(Acteur(personne), instant)
    return courriels.regrouper(
        destinataire=personne,
        adresse=adresse,
        objet=page.objet,
        titre=page.titre,
        a_faire=page.a_faire,
        auteur=SYSTEME,
        maintenant=instant,
    )
