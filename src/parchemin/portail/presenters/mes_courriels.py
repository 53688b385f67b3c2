"""« Mes courriels » : ce qui part toujours, ce que l'on règle, ce que l'on a reçu."""

from __future__ import annotations

from dataclasses import dataclass

from parchemin.courriels import genres, selectors
from parchemin.courriels.enums import Etat
from parchemin.courriels.selectors import VueEnvoi, VuePreference
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Colonne, Statut, Tableau, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_courte, heure

RECUS_MAX = 20
TONS = {Etat.A_ENVOYER: Ton.ATTENTE, Etat.ENVOYE: Ton.OUI, Etat.ECHEC: Ton.NON, Etat.ANNULE: Ton.NEUTRE}


@dataclass(frozen=True, slots=True)
class PageMesCourriels:
    """Toute la page ; `recus` est `None` si rien n'a encore été écrit à cette personne."""

    adresse: str
    obligatoires: tuple[str, ...]
    preferences: tuple[VuePreference, ...]
    recus: Tableau | None


def page_mes_courriels(acteur: Acteur, adresse: str) -> PageMesCourriels:
    """La page de cette personne, et d'elle seule."""
    recus = selectors.derniers_recus(acteur, RECUS_MAX)
    return PageMesCourriels(
        adresse=adresse,
        obligatoires=tuple(genre.libelle for genre in genres.tous() if genre.obligatoire),
        preferences=selectors.preferences(acteur),
        recus=_tableau(recus) if recus else None,
    )


def _tableau(recus: tuple[VueEnvoi, ...]) -> Tableau:
    return Tableau(
        legende="Les derniers courriels qui vous ont été adressés",
        colonnes=(Colonne("Objet"), Colonne("Le"), Colonne("État")),
        lignes=tuple(
            (
                recu.objet or "(effacé)",
                f"{date_courte(jour_civil(recu.depose_le))}, {heure(recu.depose_le)}",
                Statut(TONS[recu.etat], recu.etat.label.lower()),
            )
            for recu in recus
        ),
    )
