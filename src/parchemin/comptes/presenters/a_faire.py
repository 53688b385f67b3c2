"""Ce que les comptes mettent à l'accueil : délégations en cours, habilitations à renouveler."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.permissions import peut_tenir_registre
from parchemin.comptes.presenters.delegations import agir_pour
from parchemin.comptes.presenters.habilitations import a_faire_habilitations
from parchemin.comptes.selectors import Droits, VueDelegation
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.typographie import date_en_clair, pluriel


def a_faire(acteur: Acteur, droits: Droits, jour: date) -> Iterable[AFaire]:
    """Les lignes de cette personne : délégations, habilitations des personnes et des organismes. Une requête au moins."""
    yield from a_faire_habilitations(acteur, droits, jour)
    if acteur.par_delegation_de is None:
        for une in selectors.delegations_de(acteur, jour):
            yield _recue(une, jour) if une.delegue == acteur.id else _donnee(une, jour)
    if peut_tenir_registre(droits) and (presse := selectors.a_renouveler(acteur, jour)):
        premier = presse[0]
        ligne = LigneAFaire(
            quand=f"avant le {date_en_clair(premier.renouveler_le)}",
            titre=f"Renouveler {pluriel(len(presse), 'habilitation')}",
            pourquoi=f"{premier.nom} d’abord, {premier.qualite.label.lower()}.",
            action=Action("Ouvrir le registre", f"{reverse('comptes:registre')}?etat=a_renouveler"),
        )
        yield AFaire(premier.renouveler_le, ligne)


def _recue(une: VueDelegation, jour: date) -> AFaire:
    voir = Action("Voir la délégation", reverse("comptes:deleguer"))
    ligne = LigneAFaire(
        quand=f"jusqu’au {date_en_clair(une.dernier_jour)}",
        titre=f"{une.delegant_nom} vous a confié son rôle",
        pourquoi=_quoi(une),
        action=agir_pour(une) if une.en_cours(jour) else voir,
    )
    return AFaire(max(une.du, jour), ligne)


def _donnee(une: VueDelegation, jour: date) -> AFaire:
    ligne = LigneAFaire(
        quand=f"jusqu’au {date_en_clair(une.dernier_jour)}",
        titre=f"{une.delegue_nom} {'agit' if une.en_cours(jour) else 'agira'} pour vous",
        pourquoi=_quoi(une),
        action=Action("Voir la délégation", reverse("comptes:deleguer")),
    )
    return AFaire(une.dernier_jour, ligne, chez_les_autres=True)


def _quoi(une: VueDelegation) -> str:
    return f"{une.portee.nature.label}, {une.organisme_nom}, à partir du {date_en_clair(une.du)}."
