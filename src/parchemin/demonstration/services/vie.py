"""Le registre des évaluateurs, une absence, un nom d'usage, une fiche en double, une invitation qui attend : de quoi essayer la vie des personnes."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from parchemin.comptes import services as comptes
from parchemin.comptes.enums import NatureRole, QualiteRegistre
from parchemin.comptes.selectors import droits, roles_delegables
from parchemin.demonstration.services.scene import Scene
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

ABSENT, REMPLACANTE = "bertrand.le-goff", "morgane.le-dantec"
A_RENOUVELER, ECHU = "yann.quemener", "tanguy.rouvrel"
"""L'un est à renouveler dans quelques semaines ; l'autre ne l'a pas été à temps."""
RENOUVELLEMENTS = {A_RENOUVELER: 400, ECHU: 350}
"""Jours entre l'habilitation, il y a un an, et la date de la renouveler ; trois ans pour les autres."""
RENOMMEE = ("isaure.delmas", "Isaure", "Delmas-Roche")
EN_DOUBLE = ("Fabrice", "Dasilva", "aubrac")
"""La même personne que Fabrice Da Silva, saisie deux fois : la réunir est l'exercice proposé au gestionnaire."""

INVITEE = ("Ysaline", "Corvec", "ysaline.corvec@aubrac.example", "aubrac")
"""Une tutrice qui n'a pas encore ouvert son compte : son invitation attend."""


def raconter_la_vie(scene: Scene) -> None:
    """Note ces actes : les habilitations il y a un an, le reste ces derniers jours."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    noter(il_y_a(360, time(10)), lambda instant: _habiliter(scene, instant))
    noter(il_y_a(90, time(11)), lambda instant: _renommer(scene, instant))
    noter(il_y_a(12, time(15)), lambda instant: _saisir_en_double(scene, instant))
    noter(il_y_a(2, time(16)), lambda instant: _inviter(scene, instant))
    noter(scene.chronologie.maintenant, lambda instant: _deleguer(scene, instant))


def _habiliter(scene: Scene, instant: datetime) -> None:
    """Chaque évaluateur, chaque juré, pour trois ans ; l'un est à renouveler dans quelques semaines, un autre est échu."""
    jour = jour_civil(instant)
    for cle, acteur in scene.personnes.items():
        for nature in droits(acteur, jour).natures:
            if nature.value not in QualiteRegistre.values:
                continue
            comptes.inscrire_au_registre(
                personne=acteur.id,
                qualite=QualiteRegistre(nature.value),
                metier="Attestation d'emploi de son organisme",
                formation="Évaluer en situation de travail, deux jours",
                formee_le=jour - timedelta(days=30),
                habilitee_le=jour,
                renouveler_le=jour + timedelta(days=RENOUVELLEMENTS.get(cle, 3 * 365)),
                auteur=SYSTEME,
                maintenant=instant,
            )


def _renommer(scene: Scene, instant: datetime) -> None:
    cle, prenom, nom = RENOMMEE
    comptes.changer_nom(personne=scene.personnes[cle].id, prenom=prenom, nom=nom, auteur=SYSTEME, maintenant=instant)


def _saisir_en_double(scene: Scene, instant: datetime) -> None:
    prenom, nom, organisme = EN_DOUBLE
    comptes.accueillir_personne(
        prenom=prenom,
        nom=nom,
        nature=NatureRole.TUTEUR,
        organisme=scene.organismes[organisme],
        auteur=scene.personnes[ABSENT],
        maintenant=instant,
    )


def _inviter(scene: Scene, instant: datetime) -> None:
    prenom, nom, courriel, organisme = INVITEE
    invitee = comptes.accueillir_personne(
        prenom=prenom,
        nom=nom,
        nature=NatureRole.TUTEUR,
        organisme=scene.organismes[organisme],
        courriel_pro=courriel,
        auteur=scene.personnes[ABSENT],
        maintenant=instant,
    )
    comptes.inviter_par_courriel(
        personne=invitee.pk, courriel=courriel, auteur=scene.personnes[ABSENT], maintenant=instant
    )


def _deleguer(scene: Scene, instant: datetime) -> None:
    jour = jour_civil(instant)
    (role,) = roles_delegables(scene.personnes[ABSENT], jour)
    comptes.deleguer(
        role=role.id,
        delegue=scene.personnes[REMPLACANTE].id,
        du=jour,
        au=jour + timedelta(days=15),
        motif="Congés",
        auteur=scene.personnes[ABSENT],
        maintenant=instant,
    )
