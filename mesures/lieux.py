"""Où regarder dans la démonstration : les dossiers et les épreuves que les mesures visitent, lus par les sélecteurs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from uuid import UUID

import django


@dataclass(frozen=True, slots=True)
class Lieux:
    """Qui se connecte, et à quelles adresses."""

    gestionnaire: str
    evaluateur: str
    dossier: UUID
    epreuve: UUID
    norme: str

    @property
    def pages(self) -> tuple[tuple[str, str, str, bool], ...]:
        """Les six pages principales : leur nom, qui les ouvre, leur adresse, et si c'est l'une des plus lourdes."""
        return (
            ("accueil « À faire »", self.gestionnaire, "/", False),
            ("liste des candidats", self.gestionnaire, "/candidats/", True),
            ("dossier d'un candidat", self.gestionnaire, f"/candidats/{self.dossier}/", False),
            ("grille du bloc 1", self.evaluateur, f"/epreuves/{self.epreuve}/grille/", True),
            ("résultat expliqué", self.gestionnaire, f"/candidats/{self.dossier}/resultat/", True),
            ("référentiel", self.gestionnaire, "/referentiels/cqp-cos/2021/", True),
        )


def lire_lieux() -> Lieux:
    """Lit la base de la démonstration. À n'appeler qu'une fois `PARCHEMIN_DONNEES` posé."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parchemin.config.settings")
    django.setup()
    from parchemin.convocations.selectors import epreuves_du_dossier
    from parchemin.demonstration.selectors import lire_recit
    from parchemin.parcours.selectors import dossiers
    from parchemin.socle.acteur import SYSTEME
    from parchemin.socle.horloge import jour_civil, maintenant

    jour = jour_civil(maintenant())
    personnes = lire_recit().personnes
    (evalue,) = dossiers(SYSTEME, jour, recherche="Anaïs Müller")
    (en_cours,) = dossiers(SYSTEME, jour, recherche="Margaux Œuvrard")
    epreuve = epreuves_du_dossier(SYSTEME, en_cours.pk)["B1"]
    return Lieux(
        gestionnaire=personnes["heloise.vasseur"].courriel,
        evaluateur=personnes["raphael.lefevre"].courriel,
        dossier=evalue.pk,
        epreuve=epreuve.id,
        norme=epreuve.norme,
    )
