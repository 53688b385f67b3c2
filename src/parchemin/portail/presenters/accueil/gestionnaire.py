"""Le gestionnaire : nommer, planifier, affecter ; et ce qui tarde chez les autres, dans son seul périmètre."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.urls import reverse

from moteur.regles.escalade_du_carnet import Palier
from parchemin.carnet import selectors as carnet
from parchemin.carnet.permissions import peut_lever
from parchemin.carnet.selectors import VueGel
from parchemin.comptes.enums import NatureRole
from parchemin.convocations import presenters as convocations
from parchemin.convocations import selectors as epreuves
from parchemin.convocations.permissions import peut_planifier, peut_trancher
from parchemin.evaluation import selectors as evaluation
from parchemin.evaluation.permissions import peut_regler, peut_ressaisir
from parchemin.evaluation.presenters import a_designer, a_rendre, papiers_a_faire, quarantaines_a_faire
from parchemin.parcours import selectors as parcours
from parchemin.parcours.presenters import a_faire_mutations, a_faire_vae
from parchemin.parcours.selectors import VueDossier
from parchemin.portail.presenters.accueil.arrivee import Arrivee
from parchemin.portail.presenters.accueil.inscription import a_nommer, attestations_attendues
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, de

EPREUVES_MAX = 31
"""Les épreuves les plus proches d'abord : au-delà, elles sont dans la liste des épreuves."""

VAE_MAX = 31
"""Les VAE qui attendent depuis le plus longtemps."""


def a_faire(arrivee: Arrivee) -> Iterable[AFaire]:
    """Ce que cette personne peut faire comme gestionnaire ; ce qu'elle voit à un autre titre n'y est pas."""
    yield from a_nommer(arrivee)
    tenus = [vue for vue in arrivee.en_cours if peut_planifier(arrivee.droits, vue)]
    gels = carnet.gels(arrivee.acteur, [vue.id for vue in arrivee.geles])
    yield from _a_eclaircir(arrivee, arrivee.geles, gels)
    yield from a_faire_mutations(arrivee.acteur, arrivee.droits, arrivee.jour)
    yield from _vae(arrivee)
    yield from _a_planifier(arrivee, [vue for vue in tenus if vue.id not in gels])
    yield from attestations_attendues(
        arrivee,
        tenus,
        Palier.RESPONSABLE if arrivee.droits.partout(NatureRole.GESTIONNAIRE) else Palier.GESTIONNAIRE,
    )
    suivis = [
        (vue, dossier)
        for vue, dossier in evaluation.seconds_regards_a_designer(arrivee.acteur, arrivee.jour, EPREUVES_MAX)
        if peut_planifier(arrivee.droits, dossier)
    ]
    yield from a_designer(suivis, arrivee.jour)
    # désigné lui-même, il le lit ici aussi : s'il n'est plus évaluateur, nul autre ne le lui dirait
    yield from a_rendre([(vue, dossier) for vue, dossier in suivis if vue.personne == arrivee.acteur.id], arrivee.jour)
    a_part = [
        (vue, [une for une in gestes if peut_regler(arrivee.droits, vue, une.evaluateur)])
        for vue, gestes in evaluation.quarantaines_a_regler(arrivee.acteur, arrivee.jour, EPREUVES_MAX)
    ]
    yield from quarantaines_a_faire([(vue, gestes) for vue, gestes in a_part if gestes], arrivee.jour)
    a_suivre = epreuves.epreuves_a_suivre(arrivee.acteur, arrivee.jour, EPREUVES_MAX)
    tenues = [epreuve for epreuve in a_suivre if peut_planifier(arrivee.droits, epreuve.dossier)]
    ids = [epreuve.id for epreuve in tenues]
    ressaisies = [
        (epreuve, ressaisie)
        for epreuve, ressaisie in evaluation.ressaisies_a_suivre(arrivee.acteur, arrivee.jour, EPREUVES_MAX)
        if peut_ressaisir(arrivee.acteur, arrivee.droits, epreuve)
    ]
    yield from papiers_a_faire(arrivee.acteur, ressaisies, arrivee.jour)
    dossiers = {epreuve.id: epreuve.dossier for epreuve in tenues}
    a_trancher = [
        recusation
        for recusation in epreuves.recusations(arrivee.acteur, ids)
        if peut_trancher(arrivee.droits, dossiers[recusation.epreuve], recusation.evaluateur)
    ]
    suspendues = [epreuve.id for epreuve in tenues if epreuve.etat == "suspendue"]
    yield from convocations.a_faire(
        tenues,
        arrivee.jour,
        epreuves.a_verifier(arrivee.acteur, ids),
        a_trancher,
        epreuves.genres_en_attente(arrivee.acteur, suspendues) if suspendues else {},
    )
    yield from _refus(arrivee)


def _refus(arrivee: Arrivee) -> Iterable[AFaire]:
    """Qui est convoqué et ne viendra pas."""
    refusees = epreuves.convocations_refusees(arrivee.acteur, arrivee.jour, EPREUVES_MAX)
    lues = epreuves.epreuves_lues(arrivee.acteur, [une.epreuve for une in refusees]) if refusees else ()
    tenues = {epreuve.id: epreuve for epreuve in lues if peut_planifier(arrivee.droits, epreuve.dossier)}
    return convocations.refus_a_suivre([une for une in refusees if une.epreuve in tenues], tenues, arrivee.jour)


def _a_eclaircir(arrivee: Arrivee, dossiers: Iterable[VueDossier], gels: Mapping[UUID, VueGel]) -> Iterable[AFaire]:
    for vue in dossiers:
        gel = gels.get(vue.id)
        if gel is None or not peut_lever(arrivee.droits, vue, gel.personne):
            continue
        depuis = jour_civil(gel.depuis)
        ligne = LigneAFaire(
            quand=anciennete(depuis, arrivee.jour),
            titre=f"Éclaircir une attestation répudiée dans le carnet {de(vue.candidat_nom)}",
            pourquoi=f"{gel.personne_nom} dit ne pas l’avoir attestée ; le carnet est gelé.",
            action=Action("Éclaircir", reverse("carnet:lever", args=[vue.id])),
        )
        yield AFaire(depuis, ligne)


def _vae(arrivee: Arrivee) -> Iterable[AFaire]:
    """Les délais que la loi met aux VAE de son périmètre."""
    suivies, horloges = parcours.vae_suivies(arrivee.acteur, arrivee.jour, VAE_MAX)
    return a_faire_vae([vue for vue in suivies if peut_planifier(arrivee.droits, vue)], horloges, arrivee.jour)


def _a_planifier(arrivee: Arrivee, dossiers: list[VueDossier]) -> Iterable[AFaire]:
    planifies = epreuves.blocs_planifies(arrivee.acteur, [vue.id for vue in dossiers])
    for vue in dossiers:
        avancement = arrivee.avancements.get(vue.id)
        if avancement is None or not avancement.suffit:
            continue
        restants = [bloc for bloc in vue.blocs if (vue.id, bloc) not in planifies and bloc not in avancement.acquis]
        if not restants:
            continue
        depuis = jour_civil(vue.depuis)
        if vue.etat == "en_parcours" and avancement.derniere is not None:
            depuis = jour_civil(avancement.derniere)  # le carnet est complet depuis ce jour-là
        ligne = LigneAFaire(
            quand=anciennete(depuis, arrivee.jour),
            titre=f"Planifier {'l’épreuve' if len(restants) == 1 else 'les épreuves'} {de(vue.candidat_nom)}",
            pourquoi=f"Son carnet est complet{'' if avancement.complet else ' ou dispensé'} ; il reste à planifier {_blocs(restants)}.",
            action=Action("Ouvrir le dossier", reverse("dossier", args=[vue.id])),
        )
        yield AFaire(depuis, ligne)


def _blocs(codes: list[str]) -> str:
    numeros = [code[1:] for code in codes]
    if len(numeros) == 1:
        return f"le bloc {numeros[0]}"
    return f"les blocs {', '.join(numeros[:-1])} et {numeros[-1]}"
