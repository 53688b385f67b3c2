"""Ce que partagent le gestionnaire et les ressources humaines : nommer, et voir ce qui tarde à s'attester."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.urls import reverse

from parchemin.parcours.permissions import peut_designer
from parchemin.parcours.selectors import VueDossier
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.portail.presenters.accueil.points import points_attestes
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, pluriel

EN_RETARD = timedelta(days=14)
"""Un carnet où rien ne s'est écrit depuis plus longtemps se montre en retard : un repère d'accueil, pas une règle."""


def a_nommer(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les dossiers qui attendent leur tuteur et leur manager, et que cette personne peut nommer."""
    for vue in arrivee.inscrits:
        if peut_designer(arrivee.droits, vue.organisme, vue.referentiel_code):
            depuis = jour_civil(vue.depuis)
            ligne = LigneAFaire(
                quand=anciennete(depuis, arrivee.jour),
                titre=f"Nommer le tuteur et le manager de {vue.candidat_nom}",
                pourquoi="Le parcours s’ouvrira aussitôt, et le carnet pourra s’attester.",
                action=Action("Nommer", reverse("parcours:designer", args=[vue.id])),
            )
            yield AFaire(depuis, ligne)


def attestations_attendues(arrivee: Arrivee, dossiers: Iterable[VueDossier]) -> Iterable[AFaire]:
    """Chez les autres : les carnets que le tuteur ou le manager n'ont pas fini d'attester."""
    for vue in dossiers:
        avancement = arrivee.avancements.get(vue.id)
        if vue.etat != "en_parcours" or avancement is None or avancement.suffit:
            continue
        depuis = jour_civil(vue.depuis)
        depuis = max(depuis, jour_civil(avancement.derniere)) if avancement.derniere else depuis
        ligne = LigneAFaire(
            quand=anciennete(depuis, arrivee.jour),
            en_retard=arrivee.jour - depuis > EN_RETARD,
            precision=f"{vue.tuteur_nom}, {vue.manager_nom}",
            titre=f"Attestations attendues pour {vue.candidat_nom}",
            pourquoi=f"{pluriel(avancement.completes, 'compétence')} sur {avancement.lignes} attestées par les deux.",
            points=points_attestes(avancement),
            action=Action("Voir le carnet", reverse("carnet:voir", args=[vue.id])),
        )
        yield AFaire(depuis, ligne, chez_les_autres=True)
