"""Ce qui se dit en tête d'un plan d'épreuves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from parchemin.convocations.enums import EtatDePlan
from parchemin.convocations.selectors.plans import VuePlan
from parchemin.socle.composants import Avis, Ton
from parchemin.socle.typographie import pluriel


def resume(plan: VuePlan) -> str:
    """Combien d'épreuves sont placées, et combien ne le sont pas."""
    if plan.lu_le is None:
        return ""
    places = pluriel(len(plan.montres), "épreuve placée", "épreuves placées")
    laissees = sum(plan.visible(e.cle) for e in plan.instance.epreuves) - len(plan.montres)
    reste = f", {pluriel(laissees, 'laissée sans place', 'laissées sans place')}" if laissees else ""
    ailleurs = (
        "" if len(plan.montres) == len(plan.plan) else " Celles d'une certification que vous ne gérez pas n'y sont pas."
    )
    return f"{places}{reste}.{ailleurs}"


def avis(plan: VuePlan, maintenant: datetime, *, solveur: bool) -> Iterable[Avis]:
    """Où en est le plan, et ce qui attend qui le prépare."""
    if plan.en_route(maintenant):
        yield _ce_qui_se_fait(plan)
    elif plan.etat in (EtatDePlan.DEMANDE, EtatDePlan.PREMIER):
        yield Avis(
            Ton.NON, "La préparation s'est interrompue", a_faire="Redemandez ce plan : rien n'a été écrit ailleurs."
        )
    elif plan.etat == EtatDePlan.ADOPTION:
        yield Avis(
            Ton.NON,
            "L'adoption s'est interrompue",
            conserve=f"Ce qui est inscrit le reste : {pluriel(len(plan.faits), 'épreuve')}.",
            a_faire="Reprenez-la : aucune ne s'inscrira deux fois.",
        )
    if plan.etat == EtatDePlan.VIDE:
        yield Avis(
            Ton.INFO,
            "Rien à planifier",
            "Aucun bloc n'est prêt : un carnet complet, ou un dossier de validation déposé, et pas encore d'épreuve.",
        )
    if plan.etat == EtatDePlan.ADOPTE:
        yield Avis(Ton.OUI, "Plan adopté", f"{pluriel(len(plan.faits), 'épreuve inscrite', 'épreuves inscrites')}.")
    if plan.etat != EtatDePlan.PROPOSE:
        return
    if plan.refuses:
        yield Avis(
            Ton.NON,
            f"{pluriel(len(plan.refuses), 'épreuve refusée', 'épreuves refusées')} à l'adoption",
            "Chacune dit pourquoi, à sa place dans la semaine.",
            conserve=f"{pluriel(len(plan.faits), 'autre est inscrite', 'autres sont inscrites')}."
            if plan.faits
            else "",
            a_faire="Déplacez-les, puis adoptez de nouveau.",
        )
    if plan.change:
        yield Avis(
            Ton.ATTENTE,
            "Quelque chose a changé depuis ce plan",
            "Des heures, une absence, une épreuve inscrite ailleurs : ce qui s'oppose maintenant est dit à chaque épreuve.",
            a_faire="Déplacez ces épreuves, ou redemandez un plan.",
        )
    if plan.defauts:
        yield Avis(
            Ton.ATTENTE,
            pluriel(len(plan.defauts), "épreuve ne tient pas à sa place", "épreuves ne tiennent pas à leur place"),
            "Elles sont signalées dans leur semaine.",
        )
    if plan.borne is None and not solveur:
        yield Avis(
            Ton.INFO,
            "Ce plan est le premier venu",
            "Le solveur n'est pas installé ici : le plan est bon, il pourrait être meilleur.",
            a_faire="Pour l'installer : le paquet facultatif « planification ».",
        )


def _ce_qui_se_fait(plan: VuePlan) -> Avis:
    if plan.etat == EtatDePlan.ADOPTION:
        return Avis(Ton.INFO, "Les épreuves s'inscrivent", f"{len(plan.faits)} sur {len(plan.plan)} jusqu'ici.")
    if plan.etat == EtatDePlan.DEMANDE:
        return Avis(Ton.INFO, "Le premier plan se prépare", "Quelques secondes suffisent.")
    gagne = (plan.points_du_premier or 0) - (plan.points or 0)
    mieux = f" {pluriel(gagne, 'point gagné', 'points gagnés')} sur le premier." if gagne > 0 else ""
    return Avis(
        Ton.INFO,
        "Ce plan s'améliore encore, une minute au plus",
        f"Vous pouvez déjà le lire ; il se retouche ensuite.{mieux}",
    )
