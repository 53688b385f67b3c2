"""Ce qui manque avant de convoquer, selon la voie d'accès et le règlement en vigueur (`moteur.regles.avant_de_convoquer`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from moteur.regles.avant_de_convoquer import (
    TABLE_PAR_DEFAUT,
    Attendu,
    Ligne,
    Manque,
    de_la_voie,
    manque,
    remet_un_carnet,
)
from parchemin.carnet.selectors.carnets import Avancement, avancements_des_blocs, carnet
from parchemin.carnet.selectors.liens import gel, gels
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
    return de_la_voie(_table(lecteur, dossier.norme_empreinte, jour), dossier.voie)


def carnet_attendu(lecteur: Acteur, dossier: VueDossier, jour: date) -> bool:
    """Vrai si un carnet se remet à ce dossier, par sa voie et le règlement de ce jour-là."""
    return remet_un_carnet(regle_de_convocation(lecteur, dossier, jour))


def manque_avant_convocation(lecteur: Acteur, dossier: VueDossier, bloc: str, jour: date) -> Manque | None:
    """Ce qui empêche de convoquer à l'épreuve de ce bloc, ou `None`. Sans contrôle d'accès."""
    vue = carnet(lecteur, dossier.id)
    return _manque(
        regle_de_convocation(lecteur, dossier, jour),
        bloc,
        None if vue is None else vue.avancement(),
        dossier_de_validation=validation_deposee(lecteur, dossier.id),
        gele=gel(lecteur, dossier.id) is not None,
    )


@dataclass(frozen=True, slots=True)
class BlocAConvoquer:
    """Un bloc d'un dossier, et de quoi savoir ce que sa voie et sa norme attendent."""

    dossier: UUID
    bloc: str
    voie: str
    norme: str


def empeches_par_le_carnet(lecteur: Acteur, blocs: Iterable[BlocAConvoquer], jour: date) -> frozenset[tuple[UUID, str]]:
    """Ceux de ces blocs (dossier, code) que leur carnet, incomplet ou gelé, empêche de convoquer ce jour-là.

    Sans contrôle d'accès. Sept requêtes au plus, et deux par norme, quel que soit leur nombre.
    """
    vus = tuple(blocs)
    if not vus:
        return frozenset()
    dossiers = {un.dossier for un in vus}
    geles, lus = gels(lecteur, dossiers), avancements_des_blocs(lecteur, ((un.dossier, un.bloc) for un in vus))
    tables = {norme: _table(lecteur, norme, jour) for norme in {un.norme for un in vus}}
    return frozenset(
        (un.dossier, un.bloc)
        for un in vus
        if _manque(
            de_la_voie(tables[un.norme], un.voie),
            un.bloc,
            lus.get(un.dossier),
            dossier_de_validation=True,  # ce qui y manque n'est pas le carnet
            gele=un.dossier in geles,
        )
    )


def _table(lecteur: Acteur, norme: str, jour: date) -> tuple[Ligne, ...]:
    return table_du_reglement(reglement_en_vigueur(lecteur, version_d_empreinte(lecteur, norme), jour))


def _manque(
    ligne: Ligne, bloc: str, avancement: Avancement | None, *, dossier_de_validation: bool, gele: bool
) -> Manque | None:
    """La règle du moteur, sur ce que l'on sait du carnet ; `avancement` vide : il n'est pas remis."""
    return manque(
        ligne,
        carnet=True if avancement is not None and avancement.complet_pour(bloc) else None,
        dossier_de_validation=dossier_de_validation,
        dispense=avancement is not None and bloc in avancement.dispenses,
        gele=gele,
    )
