"""Les comptes de la démonstration, tels que `parchemin demo --comptes --json` les donne."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from parchemin.comptes.enums import SECOND_FACTEUR_EXIGE, NatureRole
from parchemin.demonstration.selectors.recit import lire_recit


@dataclass(frozen=True, slots=True)
class CompteDemonstration:
    """De quoi se connecter, et quoi regarder. `totp` : le secret (base32) du second facteur, là où le rôle l'exige."""

    courriel: str
    mot_de_passe: str
    role: str
    a_voir: str
    totp: str | None

    def en_json(self) -> dict[str, Any]:
        """L'objet écrit sur la sortie standard ; `totp` n'y est que s'il y en a un."""
        return {
            "courriel": self.courriel,
            "mot_de_passe": self.mot_de_passe,
            "role": self.role,
            "a_voir": self.a_voir,
        } | ({"totp": self.totp} if self.totp else {})


def secret_totp(courriel: str, role: NatureRole) -> str | None:
    """Le secret du second facteur d'un compte : fixé par son courriel, donc le même à chaque démonstration."""
    if role not in SECOND_FACTEUR_EXIGE:
        return None
    return base64.b32encode(hashlib.sha256(f"parchemin-demonstration:{courriel}".encode()).digest()[:20]).decode()


def comptes() -> tuple[CompteDemonstration, ...]:
    """Tous les comptes, dans l'ordre du récit. Ne lit pas la base : la liste est la même avant et après `construire`."""
    recit = lire_recit()
    return tuple(
        CompteDemonstration(
            personne.courriel,
            recit.mot_de_passe,
            personne.role.value,
            personne.a_voir,
            secret_totp(personne.courriel, personne.role),
        )
        for personne in recit.personnes.values()
    )
