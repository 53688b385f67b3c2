"""Ce que la démonstration raconte : la cohorte écrite, ses comptes."""

from __future__ import annotations

from parchemin.demonstration.selectors.comptes import CompteDemonstration, comptes, secret_totp
from parchemin.demonstration.selectors.recit import Recit, lire_recit

__all__ = ["CompteDemonstration", "Recit", "comptes", "lire_recit", "secret_totp"]
