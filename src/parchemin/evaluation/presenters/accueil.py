"""La part de l'évaluation sur l'accueil : ce qu'un évaluateur a devant lui."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse

from parchemin.convocations.selectors import VueEpreuve
from parchemin.evaluation.selectors import GestesAPart
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_longue, pluriel


def a_faire(
    epreuves: Sequence[VueEpreuve], scellees: Collection[UUID], commencees: Collection[UUID], jour: date
) -> tuple[AFaire, ...]:
    """Ses épreuves à venir, ses grilles à finir, ses accords à trouver.

    `scellees`, `commencees` : celles qu’il a lui-même scellées, commencées ; l’état de l’épreuve, lui, dirait ce qu’a fait l’autre.
    """
    lignes = []
    for epreuve in epreuves:
        quand = epreuve.jour
        candidat = epreuve.dossier.candidat_nom
        if epreuve.etat == "suspendue":
            lignes.append(_suspendue(epreuve, candidat, jour))
        elif epreuve.etat == "lectures_scellees":
            lignes.append(_accord(epreuve, candidat, jour))
        elif epreuve.etat in ("affectee", "en_cours") and epreuve.attend and epreuve.id not in scellees:
            retard = quand < jour
            ligne = LigneAFaire(
                quand=date_longue(quand) if quand != jour else "aujourd’hui",
                precision=epreuve.heure if not retard else anciennete(quand, jour),
                titre=f"Évaluer {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"{epreuve.lieu}. "
                + ("Votre grille est commencée." if epreuve.id in commencees else "Votre grille est prête à remplir."),
                action=Action("Ouvrir la grille", reverse("evaluation:grille", args=[epreuve.id])),
                en_retard=retard,
            )
            lignes.append(AFaire(quand, ligne))
    return tuple(lignes)


def quarantaines_a_faire(
    attendent: Sequence[tuple[VueEpreuve, Sequence[GestesAPart]]], jour: date
) -> tuple[AFaire, ...]:
    """La part du gestionnaire : ce qui fut reçu hors d'une lecture, d'une épreuve close comprise, attend sa décision."""
    lignes = []
    for epreuve, a_part in attendent:
        depuis = jour_civil(min(gestes.premier_recu for gestes in a_part))
        nombre = pluriel(sum(gestes.nombre for gestes in a_part), "geste mis à part", "gestes mis à part")
        ligne = LigneAFaire(
            quand=anciennete(depuis, jour),
            titre=f"Décider de {nombre} ({epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]})",
            pourquoi="Un évaluateur les avait notés sans savoir qu’on ne les attendait plus : à reprendre, ou à écarter.",
            action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
        )
        lignes.append(AFaire(depuis, ligne))
    return tuple(lignes)


def _suspendue(epreuve: VueEpreuve, candidat: str, jour: date) -> AFaire:
    """Un évaluateur n'a rien à faire d'une épreuve suspendue : il sait qui décide, et que rien n'est perdu."""
    depuis = jour_civil(epreuve.depuis)
    ligne = LigneAFaire(
        quand=anciennete(depuis, jour),
        precision="le gestionnaire",
        titre=f"Épreuve suspendue : {candidat}, bloc {epreuve.bloc[1:]}",
        pourquoi="Un incident est signalé. Ce que vous avez noté est gardé ; le gestionnaire décide de la suite.",
        action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
    )
    return AFaire(depuis, ligne, chez_les_autres=True)


def _accord(epreuve: VueEpreuve, candidat: str, jour: date) -> AFaire:
    depuis = jour_civil(epreuve.depuis)
    ligne = LigneAFaire(
        quand=anciennete(depuis, jour),
        titre=f"S’accorder sur {candidat}, bloc {epreuve.bloc[1:]}",
        pourquoi="Les deux lectures sont scellées : réglez ensemble ce qui diffère, ou confirmez s’il n’y a rien à régler.",
        action=Action("Voir ce qui diffère", reverse("evaluation:voir", args=[epreuve.id])),
    )
    return AFaire(depuis, ligne)
