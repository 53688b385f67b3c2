"""Lier, affecter, vérifier : les gestes communs des essais de la barrière."""

from __future__ import annotations

from datetime import timedelta

import pytest

from moteur.regles.evaluateur_admissible import Obstacle
from parchemin.comptes.enums import GenreDeLien, QualiteRegistre
from parchemin.comptes.services import declarer_lien
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

LE_JOUR = jour_civil(JOUR)


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


def lier(de: Acteur, vers: Acteur, genre: GenreDeLien = GenreDeLien.HIERARCHIQUE, **champs):
    valeurs = {"du": None, "au": None, "auteur": SYSTEME, "maintenant": PLANIFICATION} | champs
    return declarer_lien(de=de.id, vers=vers.id, genre=genre, **valeurs)


def affecter(salle: Salle, metier: Acteur, certificateur: Acteur) -> None:
    services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=1),
    )


def verifier(salle: Salle, evaluateur: Acteur, quand=JOUR) -> Qualite:
    return services.verifier_evaluateur(evaluateur, selectors.epreuve_par_id(SYSTEME, salle.epreuve), quand)


def codes(salle: Salle) -> dict[str, tuple[Obstacle, ...]]:
    """Ce qui écarte chacun, par nom, pour l'évaluation métier."""
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    examines = selectors.evaluateurs_examines(SYSTEME, vue, Qualite.METIER, jour_civil(PLANIFICATION))
    return {e.nom: e.avis.obstacles for e in examines}


def inscrire(evaluateur: Acteur, jusqu_au=LE_JOUR + timedelta(days=400), **champs):
    valeurs = {
        "qualite": QualiteRegistre.EVALUATEUR_METIER,
        "metier": "Attestation d'emploi",
        "formation": "Deux jours",
        "formee_le": jour_civil(comptes.JADIS),
        "habilitee_le": jour_civil(comptes.JADIS),
        "renouveler_le": jusqu_au,
        "auteur": SYSTEME,
        "maintenant": PLANIFICATION,
    } | champs
    return comptes.services.inscrire_au_registre(personne=evaluateur.id, **valeurs)
