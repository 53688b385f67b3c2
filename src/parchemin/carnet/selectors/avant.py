"""Ce qui manque avant de convoquer, selon la voie d'accès et le règlement en vigueur (`moteur.regles.avant_de_convoquer`)."""

from __future__ import annotations

from datetime import date

from moteur.regles.avant_de_convoquer import (
    TABLE_PAR_DEFAUT,
    Attendu,
    Ligne,
    Manque,
    de_la_voie,
    manque,
    remet_un_carnet,
)
from parchemin.carnet.selectors.carnets import carnet
from parchemin.carnet.selectors.liens import gel
from parchemin.parcours.selectors import VueDossier, validation_deposee
from parchemin.referentiels.selectors import Reglement, reglement_en_vigueur, version_d_empreinte
from parchemin.socle.acteur import Acteur


def table_du_reglement(reglement: Reglement) -> tuple[Ligne, ...]:
    """La table d'un règlement, dans les mots du moteur ; celle du moteur s'il a été écrit avant elle."""
    lignes = reglement.valeur("avant_convocation", None)
    if lignes is None:
        return TABLE_PAR_DEFAUT
    return tuple(
        Ligne(une["voie"], Attendu(une["attendu"]), dispensable=une["dispense"] == "motivee") for une in lignes
    )


def regle_de_convocation(lecteur: Acteur, dossier: VueDossier, jour: date) -> Ligne:
    """Ce que la voie de ce dossier attend avant de convoquer, ce jour-là. Lève `Refus` (`reglement_absent`, `voie_inconnue`)."""
    version = version_d_empreinte(lecteur, dossier.norme_empreinte)
    return de_la_voie(table_du_reglement(reglement_en_vigueur(lecteur, version, jour)), dossier.voie)


def carnet_attendu(lecteur: Acteur, dossier: VueDossier, jour: date) -> bool:
    """Vrai si un carnet se remet à ce dossier, par sa voie et le règlement de ce jour-là."""
    return remet_un_carnet(regle_de_convocation(lecteur, dossier, jour))


def manque_avant_convocation(lecteur: Acteur, dossier: VueDossier, bloc: str, jour: date) -> Manque | None:
    """Ce qui empêche de convoquer à l'épreuve de ce bloc, ou `None`. Sans contrôle d'accès."""
    ligne = regle_de_convocation(lecteur, dossier, jour)
    vue = carnet(lecteur, dossier.id)
    return manque(
        ligne,
        carnet=True if vue is not None and vue.avancement(bloc).complet else None,
        dossier_de_validation=validation_deposee(lecteur, dossier.id),
        dispense=vue is not None and bloc in vue.dispenses,
        gele=gel(lecteur, dossier.id) is not None,
    )
