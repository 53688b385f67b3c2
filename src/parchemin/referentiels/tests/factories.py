"""Des référentiels légaux, publiés par le service."""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from parchemin.referentiels.fichier import FichierReferentiel, charger
from parchemin.referentiels.selectors import VersionPubliee
from parchemin.referentiels.services import publier_version, reviser_reglement
from parchemin.socle.acteur import SYSTEME
from tests.scenes import scene_partagee

PUBLICATION = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def fichier(**changements: Any) -> FichierReferentiel:
    """Le référentiel livré, avec des champs remplacés ; ses objets sont à soi."""
    return replace(copy.deepcopy(_livre()), **changements)


@functools.cache
def _livre() -> FichierReferentiel:
    """Le fichier livré, lu une fois par processus."""
    return charger("cqp-cos@2021")


def petit(
    code: str = "cqp-petit", version: str = "2026", equivalences: Sequence[dict[str, Any]] = ()
) -> FichierReferentiel:
    """Un second référentiel, de deux blocs (B1 et B2 de celui qui est livré, à un mot près), et ce qu'il reconnaît."""
    lu = fichier(code=code, version=version)
    gardes = ("B1", "B2")
    lu = replace(lu, norme=autre_norme(lu, code))
    lu.norme["blocs"][:] = [bloc for bloc in lu.norme["blocs"] if bloc["code"] in gardes]
    reglages = lu.reglement["editions"][0]["reglages"]
    reglages["observation_commune"]["valeur"] = {"permise": False, "blocs": list(gardes)}
    reglages["equivalences"]["valeur"] = list(equivalences)
    lu.fiche["codes_rncp_des_blocs"]["valeur"] = None

    def garde(dit: str) -> bool:
        return dit[1:2] in "12"

    annexes = lu.annexes
    annexes["libelles_courts"]["libelles"] = {
        dit: court for dit, court in annexes["libelles_courts"]["libelles"].items() if garde(dit)
    }
    for groupe in ("questions", "conseils"):
        annexes[groupe] = [aide for aide in annexes[groupe] if garde(aide["critere"])]
    return lu


def equivalence(
    de: str, vers: str, du: str | None = None, au: str | None = None, *, active: bool = True
) -> dict[str, Any]:
    """« cqp-cos@2021 B1 » vaut « B2 » d'ici : une ligne du réglage `equivalences`."""
    referentiel, bloc = de.split()
    return {"de": {"referentiel": referentiel, "bloc": bloc}, "vers": vers, "du": du, "au": au, "active": active}


def reconnaitre(
    version: VersionPubliee, *lignes: dict[str, Any], depuis: date = date(2026, 9, 2), **valeurs: Any
) -> None:
    """Une édition du règlement qui reconnaît ces équivalences (et dit d'autres `valeurs`), dès le lendemain de la publication."""
    reviser_reglement(
        version=version.id,
        depuis=depuis,
        valeurs={"equivalences": list(lignes), **valeurs},
        motif="Confirmé par le certificateur.",
        source="Essai.",
        auteur=SYSTEME,
        maintenant=PUBLICATION,
    )


def autre_norme(lu: FichierReferentiel, mot: str = "2026") -> dict[str, Any]:
    """La même norme, à un mot près : de quoi faire une autre version."""
    norme: dict[str, Any] = copy.deepcopy(dict(lu.norme))
    norme["blocs"][0]["activites"][0]["competences"][0]["criteres"][0]["intitule"] += f" ({mot})"
    return norme


@scene_partagee
def publier(lu: FichierReferentiel | None = None) -> VersionPubliee:
    """Publie le référentiel livré, ou celui-ci."""
    return publier_version(fichier=lu or fichier(), auteur=SYSTEME, maintenant=PUBLICATION).version
