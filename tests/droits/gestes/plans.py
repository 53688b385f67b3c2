"""Les plans d'épreuves : en demander un, le lire, y déplacer une épreuve, arrêter la recherche, l'adopter."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.tests import factories as convocations
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.monde import INSTANT, Caisse

DU = jour_civil(INSTANT) + timedelta(days=30)
AU = DU + timedelta(days=11)
PLANS: dict[UUID, UUID] = {}
AILLEURS: dict[UUID, dict[str, object]] = {}
"""Le premier moment libre du dernier jour, devant les mêmes."""


def avec_salle(caisse: Caisse) -> None:
    """Une salle, et deux évaluateurs qui tiennent leur rôle : de quoi planifier."""
    convocations.piece(convocations.site(caisse.organisme, "Plateau des plans"))
    comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR)


def demande(caisse: Caisse) -> None:
    """Un plan demandé, qui reste à calculer."""
    avec_salle(caisse)
    PLANS[caisse.dossier] = services.demander_plan(
        organisme=caisse.organisme, du=DU, au=AU, auteur=auteur(caisse), maintenant=INSTANT, secondes=0
    )


def propose(caisse: Caisse) -> None:
    """Le même, proposé : le bloc 1 y est. On retient d'avance où l'envoyer : un envoi n'écrit que ce que fait la page."""
    demande(caisse)
    services.calculer_plan(plan=PLANS[caisse.dossier], maintenant=INSTANT, fils=1)
    vue = selectors.plan(auteur(caisse), PLANS[caisse.dossier], jour_civil(INSTANT))
    place = vue.plan[0]
    dernier = max(o.jour for s in vue.instance.salles for o in s.ouvertures)
    AILLEURS[caisse.dossier] = {
        "jour": date.fromordinal(dernier).isoformat(),
        "salle": place.salle,
        "metier": place.metier,
        "certificateur": place.certificateur,
        "version": vue.version,
    }


def auteur(caisse: Caisse) -> Acteur:
    """Qui le demande : un gestionnaire dont le rôle n'est pas fini."""
    return comptes.gestionnaire(caisse.organisme)


def plan(caisse: Caisse) -> Adresse:
    return {"identifiant": PLANS[caisse.dossier]}


GESTES: dict[str, Geste] = {
    "convocations:plans": Geste(
        corps=lambda caisse, _: {
            "organisme": caisse.organisme,
            "candidats": [caisse.dossier],
            "du": DU.isoformat(),
            "au": AU.isoformat(),
        },
        avant=avec_salle,
    ),
    "convocations:plan": Geste(plan, avant=propose),
    "convocations:plan_epreuve": Geste(
        lambda caisse: {**plan(caisse), "dossier": caisse.dossier, "bloc": "B1"},
        lambda caisse, _: AILLEURS[caisse.dossier],
        avant=propose,
    ),
    "convocations:arreter": Geste(plan, avant=demande),
    "convocations:adopter": Geste(plan, lambda *_: {"version": 0}, avant=propose),
}
