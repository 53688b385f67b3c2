"""Évaluateur de : ce que les affectations disent qui lie deux personnes. Cela se lit ; la table du règlement n'en dit rien."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from moteur.etats import EPREUVE
from moteur.lignee import Periode
from parchemin.comptes.selectors import GenreDeduit, LienDeduit, noms
from parchemin.convocations.models import Affectation
from parchemin.parcours.selectors import dossiers_visibles
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil


def liens_deduits(lecteur: Acteur, fiches: frozenset[UUID], jour: date) -> Iterator[LienDeduit]:
    """Qui a évalué ces fiches, ou qu'elles ont évalué, dans les dossiers ouverts au lecteur, épreuve par épreuve. Deux requêtes.

    Du premier acte au dernier : de l'affectation à son remplacement, ou à la fin de l'épreuve, ce jour-là compris.
    """
    visibles = dossiers_visibles(lecteur, jour).order_by().values("pk")
    touchees = Q(evaluateur__in=fiches) | Q(epreuve__dossier__candidat__in=fiches)
    lignes = list(
        Affectation.objects.filter(touchees, epreuve__dossier__in=visibles)
        .select_related("epreuve__dossier")
        .order_by("du", "pk")
    )
    connus = noms(lecteur, {fiche for une in lignes for fiche in (une.evaluateur_id, une.epreuve.dossier.candidat_id)})
    for une in lignes:
        epreuve = une.epreuve
        fin = une.au or (epreuve.depuis if epreuve.etat in EPREUVE.terminaux else None)
        yield LienDeduit(
            GenreDeduit.EVALUATEUR,
            epreuve.dossier.candidat_id,
            connus[epreuve.dossier.candidat_id],
            une.evaluateur_id,
            connus[une.evaluateur_id],
            Periode(jour_civil(une.du), None if fin is None else jour_civil(fin) + timedelta(days=1)),
            f"épreuve du bloc {epreuve.bloc[1:]}",
            reverse("evaluation:voir", args=[epreuve.pk]),
        )
