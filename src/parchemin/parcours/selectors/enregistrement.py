"""L'enregistrement d'une certification au RNCP : de quand à quand il ouvre le droit au titre (code du travail, article L6113-9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from parchemin.parcours.selectors.fiches_dossiers import VueDossier
from parchemin.referentiels.selectors import Fiche, fiche, version_d_empreinte
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class Enregistrement:
    """Ses bornes, comprises. Une date que la fiche ne dit pas n'arrête personne."""

    debut: date | None
    fin: date | None

    def pas_encore(self, jour: date) -> bool:
        """Vrai avant qu'il commence."""
        return self.debut is not None and jour < self.debut

    def plus(self, jour: date) -> bool:
        """Vrai une fois qu'il a pris fin."""
        return self.fin is not None and jour > self.fin


def enregistrement(identite: Fiche) -> Enregistrement:
    """Celui que dit cette fiche."""
    return Enregistrement(_date(identite.valeur("date_decision")), _date(identite.valeur("date_fin")))


def recevable_sans_titre(lecteur: Acteur, vue: VueDossier) -> bool:
    """Vrai d'une VAE recevable hors de l'enregistrement : le silence vaut oui, mais n'ouvre pas de droit au titre."""
    if vue.recevable_le is None:
        return False
    borne = enregistrement(fiche(lecteur, version_d_empreinte(lecteur, vue.norme_empreinte)))
    return borne.pas_encore(vue.recevable_le) or borne.plus(vue.recevable_le)


def _date(valeur: object) -> date | None:
    return date.fromisoformat(valeur) if isinstance(valeur, str) else None
