"""Ce que doit déclarer qui tient le registre des habilitations, quand le délai de deux mois approche ou est passé."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from parchemin.comptes.permissions import peut_tenir_habilitations
from parchemin.comptes.selectors import changements_a_declarer
from parchemin.portail.presenters.accueil.regard import Regard
from parchemin.socle.composants import Action, AFaire, LigneAFaire
from parchemin.socle.typographie import date_en_clair, date_longue


def a_faire(regard: Regard) -> Iterable[AFaire]:
    """Les changements dont le délai presse ; les autres sont au registre."""
    if not peut_tenir_habilitations(regard.droits):
        return
    for changement in changements_a_declarer(regard.acteur, regard.jour):
        if changement.delai.approche:
            ligne = LigneAFaire(
                quand=date_longue(changement.delai.echeance),
                precision="délai passé" if changement.delai.depasse else "dernier jour",
                titre=f"Déclarer un changement d’habilitation : {changement.organisme_nom}",
                pourquoi=f"{changement.libelle}, au {date_en_clair(changement.effet)} : deux mois pour le déclarer.",
                action=Action("Ouvrir l’habilitation", reverse("comptes:habilitation", args=[changement.habilitation])),
                en_retard=changement.delai.depasse,
            )
            yield AFaire(changement.delai.echeance, ligne)
