"""Toute table qui tient à un dossier dit si elle empêche de défaire l'import qui l'a ouvert. Une table nouvelle se range ici, à la main."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

REGARDEES = {
    "parcours.PassageDossier": "un changement d'état",
    "parcours.Designation": "un tuteur, un manager nommés",
    "parcours.EtapeVae": "une étape de VAE",
    "parcours.Mutation": "une mutation proposée",
    "parcours.Amenagement": "des durées aménagées",
    "parcours.BlocAcquis": "un bloc reconnu, ou dispensé",
    "carnet.Carnet": "reçu (remis seulement, il n'engage personne)",
    "carnet.Attestation": "une attestation",
    "carnet.EntreeCarnet": "une entrée publiée",
    "carnet.BrouillonEntree": "une entrée commencée",
    "carnet.Dispense": "une dispense",
    "carnet.LienAttestation": "un lien parti",
    "convocations.Epreuve": "une épreuve, et tout ce qui pend à elle",
}
"""Leurs lignes sont lues par `obstacles_a_defaire`, ou par une fonction donnée à `empecher_de_defaire`."""
SANS_EFFET = {
    "parcours.BlocDemande": "écrit avec le dossier, jamais après",
    "parcours.RetraitDeBloc": "suit un bloc acquis",
    "carnet.Ligne": "écrite avec le carnet, jamais après",
    "carnet.VersionEntree": "suit une entrée",
    "carnet.AvisAttestation": "suit une attestation",
    "carnet.Repudiation": "suit un avis",
    "carnet.Levee": "suit une répudiation",
}
"""Elles ne viennent jamais sans une ligne regardée."""
TOUT_PEND = {"convocations.Epreuve"}
"""Une seule de leurs lignes empêche déjà tout : ce qui y tient n'a pas à se dire."""


def _tiennent(a: type[Model]) -> set[type[Model]]:
    return {
        modele
        for modele in apps.get_models()
        for champ in modele._meta.get_fields()
        if (champ.many_to_one or champ.one_to_one) and champ.concrete and champ.related_model is a
    } - {a}


def test_chaque_table_qui_tient_a_un_dossier_dit_si_elle_empeche_de_defaire() -> None:
    vues: set[type[Model]] = set()
    a_voir = [apps.get_model("parcours.Dossier")]
    while a_voir:
        nouvelles = _tiennent(a_voir.pop()) - vues
        vues |= nouvelles
        a_voir += [une for une in nouvelles if une._meta.label not in TOUT_PEND]
    assert sorted(une._meta.label for une in vues) == sorted(REGARDEES | SANS_EFFET)
