"""Ce que partagent le gestionnaire et les ressources humaines : nommer, et voir ce qui tarde à s'attester."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from moteur.regles.escalade_du_carnet import Attente, Palier
from parchemin.carnet import selectors as carnet
from parchemin.parcours.permissions import peut_designer
from parchemin.parcours.selectors import VueDossier
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.portail.presenters.accueil.points import points_attestes
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_en_clair, de, pluriel


def a_nommer(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les dossiers qui attendent leur tuteur et leur manager, et que cette personne peut nommer."""
    for vue in arrivee.inscrits:
        if peut_designer(arrivee.droits, vue.organisme, vue.referentiel_code):
            depuis = jour_civil(vue.depuis)
            ligne = LigneAFaire(
                quand=anciennete(depuis, arrivee.jour),
                titre=f"Nommer le tuteur et le manager {de(vue.candidat_nom)}",
                pourquoi="Le parcours s’ouvrira aussitôt, et le carnet pourra s’attester.",
                action=Action("Nommer", reverse("parcours:designer", args=[vue.id])),
            )
            yield AFaire(depuis, ligne)


def attestations_attendues(arrivee: Arrivee, dossiers: Iterable[VueDossier], palier: Palier | None) -> Iterable[AFaire]:
    """Les carnets que le tuteur ou le manager n'ont pas fini d'attester : chez les autres, puis ici quand la relance y est montée.

    `palier` : celui de cette personne, `None` si elle ne fait que suivre.
    """
    vues = tuple(dossiers)
    attentes = carnet.attentes(arrivee.acteur, vues, arrivee.avancements, arrivee.jour)
    for vue in vues:
        attente = attentes.get(vue.id)
        if attente is None:
            continue
        avancement = arrivee.avancements[vue.id]
        depuis = carnet.sans_geste_depuis(vue, avancement)
        monte = palier is not None and attente.atteint(palier)
        ligne = LigneAFaire(
            quand=anciennete(depuis, arrivee.jour),
            en_retard=attente.atteint(Palier.GESTIONNAIRE),
            precision=f"{vue.tuteur_nom}, {vue.manager_nom}",
            titre=f"{'Faire attester le carnet de' if monte else 'Attestations attendues pour'} {vue.candidat_nom}",
            pourquoi=f"{pluriel(avancement.completes, 'compétence')} sur {avancement.lignes} attestées par les deux. "
            + prochaine_etape(attente),
            points=points_attestes(avancement),
            action=Action("Voir le carnet", reverse("carnet:voir", args=[vue.id])),
        )
        yield AFaire(depuis, ligne, chez_les_autres=not monte)


def prochaine_etape(attente: Attente) -> str:
    """« Sans geste d'ici le 14 février 2026, la relance monte au gestionnaire. »"""
    if attente.prochain is None or attente.le is None:
        return "La relance est montée jusqu’au responsable de la certification."
    return f"Sans geste d’ici le {date_en_clair(attente.le)}, la relance monte {_MONTE[attente.prochain]}."


_MONTE = {
    Palier.ATTESTANT: "à qui doit attester",
    Palier.MANAGER: "au manager",
    Palier.GESTIONNAIRE: "au gestionnaire",
    Palier.RESPONSABLE: "au responsable de la certification",
}
