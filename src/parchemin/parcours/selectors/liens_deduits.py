"""Tuteur de, manager de : ce que les désignations disent qui lie deux personnes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Max, Q
from django.urls import reverse

from moteur.lignee import Periode
from parchemin.comptes.selectors import GenreDeduit, LienDeduit, noms
from parchemin.parcours.enums import EtatMutation, Qualite
from parchemin.parcours.models import Designation
from parchemin.parcours.selectors.fiches_dossiers import dossiers_visibles
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair

_GENRES = {Qualite.TUTEUR: GenreDeduit.TUTEUR, Qualite.MANAGER: GenreDeduit.MANAGER}


def liens_deduits(lecteur: Acteur, fiches: frozenset[UUID], jour: date) -> Iterator[LienDeduit]:
    """Tous les tuteurs et managers qu'ont eus ces fiches, ou dont elles l'ont été, dans les dossiers ouverts au lecteur. Deux requêtes.

    De la désignation à la suivante, au départ du dossier vers un organisme qui n'en nomme pas, ou à la fin du dossier. Un import
    défait n'a lié personne.
    """
    visibles = dossiers_visibles(lecteur, jour).order_by().values("pk")
    touches = Designation.objects.filter(Q(personne__in=fiches) | Q(dossier__candidat__in=fiches), dossier__in=visibles)
    touches = touches.exclude(dossier__importation__defait_le__isnull=False)
    lignes = list(
        Designation.objects.filter(dossier__in=touches.order_by().values("dossier"))
        .select_related("dossier")
        .annotate(
            passe_le=Max("dossier__mutations__tranchee_le", filter=Q(dossier__mutations__etat=EtatMutation.ACCUEILLIE))
        )
        .order_by("dossier", "qualite", "-instant", "-pk")
    )
    connus = noms(lecteur, {fiche for une in lignes for fiche in (une.personne_id, une.dossier.candidat_id)})
    suivante: Designation | None = None
    for une in lignes:
        meme_place = suivante is not None and (suivante.dossier_id, suivante.qualite) == (une.dossier_id, une.qualite)
        fin = suivante.instant if suivante is not None and meme_place else None
        if fin is None and getattr(une.dossier, f"{une.qualite}_id") is None:
            fin = une.passe_le
        if fin is None and not une.dossier.ouvert:
            fin = une.dossier.depuis
        suivante = une
        if not fiches & {une.personne_id, une.dossier.candidat_id}:
            continue
        le = jour_civil(une.instant)
        yield LienDeduit(
            _GENRES[Qualite(une.qualite)],
            une.dossier.candidat_id,
            connus[une.dossier.candidat_id],
            une.personne_id,
            connus[une.personne_id],
            Periode(le, None if fin is None else jour_civil(fin)),
            f"désignation du {date_en_clair(le)}",
            reverse("dossier", args=[une.dossier_id]),
        )
