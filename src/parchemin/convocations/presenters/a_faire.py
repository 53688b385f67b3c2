"""La part du gestionnaire à l'accueil."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse

from moteur.etats import EPREUVE
from parchemin.convocations.enums import GenreIncident, Qualite
from parchemin.convocations.presenters.independance import phrases_a_verifier
from parchemin.convocations.selectors import (
    VueAVerifier,
    VueConvocation,
    VueEpreuve,
    VueRecusation,
)
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_longue, de

_GENRES_COURTS = {
    GenreIncident.ABSENT: "candidat absent",
    GenreIncident.EXCUSE: "candidat excusé",
    GenreIncident.INTERROMPU: "épreuve interrompue",
    GenreIncident.ACCORD_RETIRE: "accord d’un usager retiré",
    GenreIncident.PANNE: "panne technique",
    GenreIncident.FRAUDE: "soupçon de fraude",
}


def _ce_qui_manque(epreuve: VueEpreuve) -> str:
    """Ce qu'attend une épreuve qui a une date : ses deux évaluateurs, ou celui qui s'est retiré ou qu'on a récusé."""
    presents = {e.qualite: e.nom for e in epreuve.evaluateurs}
    manquent = [qualite for qualite in Qualite if qualite not in presents]
    if len(manquent) == 1:
        (reste,) = presents.values()
        return f"{reste} reste affecté ; un {_IL_MANQUE[manquent[0]]} n’évalue plus, et attend son remplaçant."
    return "L’épreuve a une date ; il lui manque un représentant métier et un évaluateur du certificateur."


_IL_MANQUE = {Qualite.METIER: "représentant métier", Qualite.CERTIFICATEUR: "évaluateur du certificateur"}


def a_faire(
    epreuves: Sequence[VueEpreuve],
    jour: date,
    signalees: Mapping[UUID, Sequence[VueAVerifier]],
    recusations: Sequence[VueRecusation],
    incidents: Mapping[UUID, Sequence[GenreIncident]],
) -> tuple[AFaire, ...]:
    """La part du gestionnaire : indépendances, récusations, incidents, épreuves sans évaluateurs ; puis ce qui tarde."""
    lignes = []
    attendues = {r.epreuve: r for r in recusations if r.etat == "deposee"}
    for epreuve in epreuves:
        quand = epreuve.jour
        candidat = epreuve.dossier.candidat_nom
        if epreuve.id in signalees:
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Remplacer un évaluateur {de(candidat)}, bloc {epreuve.bloc[1:]}",
                pourquoi=" ".join(phrases_a_verifier(signalees[epreuve.id])),
                action=Action("Vérifier", reverse("evaluation:voir", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(quand, ligne))
        if epreuve.id in attendues:
            recusation = attendues[epreuve.id]
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Répondre à la récusation {de(candidat)}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"Le candidat récuse {recusation.evaluateur_nom} ; l’épreuve ne s’ouvre pas sans votre réponse.",
                action=Action("Répondre", reverse("convocations:trancher", args=[epreuve.id, recusation.id])),
                en_retard=quand <= jour,
            )
            lignes.append(AFaire(quand, ligne))
        if epreuve.etat == "suspendue":
            depuis = jour_civil(epreuve.depuis)
            genres = ", ".join(dict.fromkeys(_GENRES_COURTS[genre] for genre in incidents.get(epreuve.id, ())))
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre=f"Décider de la suite pour {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"L’épreuve est suspendue : {genres}. Rien ne se scelle avant votre décision.",
                action=Action("Décider", reverse("convocations:suite", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(depuis, ligne))
        elif epreuve.etat == "a_planifier":
            ligne = LigneAFaire(
                quand=date_longue(quand),
                titre=f"Affecter les évaluateurs {de(candidat)}, bloc {epreuve.bloc[1:]}",
                pourquoi=_ce_qui_manque(epreuve),
                action=Action("Affecter", reverse("convocations:affecter", args=[epreuve.id])),
                en_retard=quand <= jour,
            )
            lignes.append(AFaire(quand, ligne))
        elif epreuve.etat == "en_cours" and len(epreuve.evaluateurs) < len(Qualite):
            ligne = LigneAFaire(
                quand=anciennete(quand, jour),
                titre=f"Il manque un évaluateur : {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"L’épreuve a commencé. {_ce_qui_manque(epreuve)}",
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(quand, ligne))
        elif epreuve.etat in ("affectee", "en_cours", "lectures_scellees") and quand < jour:
            quoi = "S’accorder" if epreuve.etat == "lectures_scellees" else "Sceller les grilles"
            ligne = LigneAFaire(
                quand=anciennete(quand, jour),
                precision=", ".join(e.nom for e in epreuve.evaluateurs),
                titre=f"{quoi} : {candidat}, bloc {epreuve.bloc[1:]}",
                pourquoi=EPREUVE.etat(epreuve.etat).attend,
                action=Action("Voir l’épreuve", reverse("evaluation:voir", args=[epreuve.id])),
                en_retard=True,
            )
            lignes.append(AFaire(quand, ligne, chez_les_autres=True))
    return tuple(lignes)


def a_repondre(
    convocations: Sequence[VueConvocation], epreuves: Mapping[UUID, VueEpreuve], jour: date
) -> tuple[AFaire, ...]:
    """La part de qui est convoqué : répondre. Le courriel du jour le redit tant que rien n'est répondu."""
    return tuple(
        AFaire(
            jour_civil(une.convoquee_le),
            LigneAFaire(
                quand=anciennete(jour_civil(une.convoquee_le), jour),
                titre=f"Répondre à votre convocation, bloc {epreuve.bloc[1:]}",
                pourquoi=f"L’épreuve a lieu le {date_longue(epreuve.jour)}. Acceptez, ou refusez en disant pourquoi.",
                action=Action("Répondre", reverse("convocations:repondre", args=[epreuve.id])),
            ),
        )
        for une in convocations
        if (epreuve := epreuves.get(une.epreuve)) is not None and epreuve.jour >= jour
    )


def refus_a_suivre(
    convocations: Sequence[VueConvocation], epreuves: Mapping[UUID, VueEpreuve], jour: date
) -> tuple[AFaire, ...]:
    """La part du gestionnaire : qui ne viendra pas, et depuis quand on le sait."""
    return tuple(
        AFaire(
            epreuve.jour,
            LigneAFaire(
                quand=anciennete(jour_civil(une.depuis), jour),
                titre=f"Une convocation est refusée : {epreuve.dossier.candidat_nom}, bloc {epreuve.bloc[1:]}",
                pourquoi=f"{une.nom} ne viendra pas le {date_longue(epreuve.jour)} : lisez pourquoi, "
                "puis remplacez, ou déplacez l’épreuve.",
                action=Action("Ouvrir", reverse("convocations:convocations", args=[epreuve.id])),
                en_retard=True,
            ),
        )
        for une in convocations
        for epreuve in (epreuves[une.epreuve],)
    )
