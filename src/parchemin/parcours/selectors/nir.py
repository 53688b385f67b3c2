"""Ce que l'on peut dire d'un NIR sans le lire : qu'il est là, depuis quand, par qui. Le lire est un acte (`services.lire_nir`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits, noms
from parchemin.parcours.models import NirChiffre
from parchemin.parcours.selectors.fiches_dossiers import VueDossier
from parchemin.socle.acteur import Acteur


@dataclass(frozen=True, slots=True)
class VueNir:
    """Un NIR enregistré ; rien de ses chiffres."""

    enregistre_le: datetime
    par: str


def nir_allume() -> bool:
    """Vrai si cette installation garde des NIR (`PARCHEMIN_CLES_NIR`) ; sinon, rien n'en parle nulle part."""
    return settings.PARCHEMIN_CLES_NIR is not None


def tient_le_nir(lecteur: Acteur, vue: VueDossier, jour: date) -> bool:
    """Vrai si le réglage l'allume et si ce lecteur déclare les titulaires de cette certification."""
    return nir_allume() and droits(lecteur, jour).couvre(NatureRole.GESTIONNAIRE, None, vue.referentiel_code)


def nir_enregistre(lecteur: Acteur, vue: VueDossier, jour: date) -> VueNir | None:
    """Ce que l'on sait du NIR du candidat, à qui le tient ; rien pour les autres, ni s'il n'y en a pas."""
    ligne = NirChiffre.objects.filter(candidat_id=vue.candidat).first() if tient_le_nir(lecteur, vue, jour) else None
    if ligne is None:
        return None
    return VueNir(ligne.enregistre_le, noms(lecteur, [ligne.enregistre_par]).get(ligne.enregistre_par, ""))
