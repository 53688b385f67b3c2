"""Le suivi à emporter : une ligne par épreuve menacée, par dossier à planifier, par VAE proche de son échéance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from parchemin.convocations.presenters.suivi import a_planifier, gravite, pourquoi, vae_proches
from parchemin.convocations.selectors import dossiers_a_planifier, epreuves_menacees, menacees
from parchemin.parcours.selectors import complets, vue_dossier
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import majuscule

VAE_A_EMPORTER = 1_000
ENTETES_SUIVI = ("Situation", "Candidat", "Organisme", "Blocs", "Jour", "Heure", "Lieu", "Ce qui se passe")


def lignes_du_suivi(lecteur: Acteur, jour: date) -> tuple[tuple[object, ...], ...]:
    """Tout le suivi de ce lecteur, dans l'ordre de la page, sous `ENTETES_SUIVI`. « Jour » : l'épreuve, l'échéance, ou depuis quand."""
    return (*_epreuves(lecteur, jour), *_dossiers(lecteur, jour), *_vae(lecteur, jour))


def _epreuves(lecteur: Acteur, jour: date) -> Iterator[tuple[object, ...]]:
    for une in menacees(lecteur, epreuves_menacees(lecteur, jour)):
        epreuve, dossier = une.epreuve, une.epreuve.dossier
        yield (
            majuscule(gravite(une).libelle), dossier.candidat_nom, dossier.organisme_nom, epreuve.bloc[1:], epreuve.jour,
            epreuve.heure, epreuve.lieu, pourquoi(une),
        )  # fmt: skip


def _dossiers(lecteur: Acteur, jour: date) -> Iterator[tuple[object, ...]]:
    vues = [vue_dossier(ligne) for ligne in complets(dossiers_a_planifier(lecteur, jour))]
    blocs = a_planifier(lecteur, vues)
    for vue in vues:
        depuis = jour_civil(vue.depuis)
        yield "À planifier", vue.candidat_nom, vue.organisme_nom, blocs[vue.id], depuis, "", "", vue.etat_intitule


def _vae(lecteur: Acteur, jour: date) -> Iterator[tuple[object, ...]]:
    for vue, une in vae_proches(lecteur, jour, VAE_A_EMPORTER):
        mot = "VAE, échue" if une.ligne.en_retard else "VAE, proche de son échéance"
        yield mot, vue.candidat_nom, vue.organisme_nom, "", une.echeance, "", "", une.ligne.pourquoi
