"""Ce que dit une ligne d'un fichier de candidats, face au dossier que ce candidat a déjà."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from parchemin.parcours.identite import Constat
from parchemin.parcours.models import Dossier
from parchemin.parcours.selectors.fiches_dossiers import D_UN_IMPORT_DEFAIT
from parchemin.referentiels.selectors import VersionPubliee

_AUTREMENT = {
    "tuteur": "le dossier n'a pas ce tuteur : nommez-le dans le dossier.",
    "manager": "le dossier n'a pas ce manager : nommez-le dans le dossier.",
    "referent_rh": "le dossier n'a pas ce référent RH.",
    "acces_vae": "le dossier dit autrement l'accès à la VAE.",
}
"""Ce qu'un import ne change pas dans un dossier déjà ouvert : la ligne le dit, et le dossier reste tel quel."""


@dataclass
class DossiersConnus:
    """Les dossiers de ces candidats pour une version, ouverts ou clos ; ceux d'un import défait n'en sont pas. Deux requêtes."""

    ouverts: dict[UUID, Dossier] = field(default_factory=dict)
    par_entree: dict[tuple[UUID, date], Dossier] = field(default_factory=dict)

    @classmethod
    def de(cls, candidats: Iterable[UUID], version: VersionPubliee) -> DossiersConnus:
        """Ceux de ces candidats."""
        connus = cls()
        lignes = Dossier.objects.filter(
            candidat__in=set(candidats), referentiel_code=version.code, referentiel_version=version.version
        )
        for une in lignes.exclude(D_UN_IMPORT_DEFAIT).order_by("ouvert", "inscrit_le", "pk").prefetch_related("blocs"):
            connus.par_entree[une.candidat_id, une.entree_le] = une
            if une.ouvert:
                connus.ouverts[une.candidat_id] = une
        return connus

    def celui(self, candidat: UUID, entree_le: date) -> Dossier | None:
        """Celui dont parle une ligne : de la même entrée, clos ou non ; sinon celui qui est ouvert."""
        return self.par_entree.get((candidat, entree_le)) or self.ouverts.get(candidat)


def identique(dossier: Dossier, valeurs: Mapping[str, Any]) -> bool:
    """Le fichier dit-il ce dossier ? Sans date de recevabilité, il reste vrai le jour où la demande a eu sa réponse."""
    dit = (
        dossier.organisme_id, dossier.voie, dossier.initiative, dossier.entree_le,
        dossier.recevable_le if valeurs["recevable_le"] else None,
        {bloc.code for bloc in dossier.blocs.all()},
    )  # fmt: skip
    return dit == (
        *(valeurs[c] for c in ("organisme", "voie", "initiative", "entree_le", "recevable_le")),
        set(valeurs["blocs"]),
    )


def dit_autrement(dossier: Dossier, valeurs: Mapping[str, Any], cellules: Mapping[str, str]) -> tuple[Constat, ...]:
    """Ce que la ligne nomme et que ce dossier ouvert n'a pas : dit avec sa cellule, jamais changé en silence."""
    if not dossier.ouvert:
        return ()
    garde = {
        "tuteur": dossier.tuteur_id,
        "manager": dossier.manager_id,
        "referent_rh": dossier.referent_rh_id,
        "acces_vae": dossier.acces_vae,
    }
    return tuple(
        Constat("dit_autrement", champ, f"{cellules[champ]} : {_AUTREMENT[champ]}", refuse=False)
        for champ, sien in garde.items()
        if valeurs[champ] and valeurs[champ] != sien
    )
