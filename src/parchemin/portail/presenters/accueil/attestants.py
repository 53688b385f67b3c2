"""Le tuteur, le manager : les compétences qu'ils n'ont pas encore attestées."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from moteur.regles.escalade_du_carnet import Palier
from parchemin.carnet import selectors as carnet
from parchemin.carnet.selectors import Avancement
from parchemin.parcours import selectors as parcours
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.portail.presenters.accueil.inscription import prochaine_etape
from parchemin.portail.presenters.accueil.points import points_attestes
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, de, pluriel


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Un carnet par dossier où cette personne est désignée, tant qu'il lui reste à attester."""
    dossiers = parcours.dossiers_a_attester(arrivee.acteur, arrivee.jour)
    avancements = carnet.avancements(arrivee.acteur, [vue.id for vue in dossiers])
    attentes = carnet.attentes(arrivee.acteur, dossiers, avancements, arrivee.jour)
    for vue in dossiers:
        for qualite in Qualite:
            avancement = avancements.get(vue.id)
            if vue.designe(qualite) != arrivee.acteur.id or avancement is None:
                continue
            attente = attentes.get(vue.id)
            if attente and qualite == Qualite.MANAGER and attente.atteint(Palier.MANAGER):
                yield from _le_tuteur_tarde(arrivee, vue, avancement)
            if attendues := avancement.attendues(qualite):
                depuis = jour_civil(vue.depuis)
                ligne = LigneAFaire(
                    quand=anciennete(depuis, arrivee.jour),
                    titre=f"Attester le carnet {de(vue.candidat_nom)}",
                    pourquoi=f"{pluriel(attendues, 'compétence')} sur {avancement.lignes} à attester, en tant que "
                    f"{qualite.label.lower()}." + (f" {prochaine_etape(attente)}" if attente else ""),
                    points=points_attestes(avancement, qualite),
                    action=Action("Attester", reverse("carnet:attester", args=[vue.id])),
                )
                yield AFaire(depuis, ligne)


def _le_tuteur_tarde(arrivee: Arrivee, vue: VueDossier, avancement: Avancement) -> Iterable[AFaire]:
    """La relance est montée au manager : le tuteur n'a pas fini, et rien n'a bougé."""
    restent = avancement.attendues(Qualite.TUTEUR)
    if restent:
        depuis = carnet.sans_geste_depuis(vue, avancement)
        ligne = LigneAFaire(
            quand=anciennete(depuis, arrivee.jour),
            titre=f"Parler du carnet {de(vue.candidat_nom)} avec son tuteur",
            pourquoi=f"{vue.tuteur_nom} a encore {pluriel(restent, 'compétence')} à attester ; rien n’a bougé depuis.",
            action=Action("Voir le carnet", reverse("carnet:voir", args=[vue.id])),
        )
        yield AFaire(depuis, ligne)
