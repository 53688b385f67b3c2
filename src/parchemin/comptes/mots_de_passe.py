"""Ce qu'on attend d'un mot de passe : long, et difficile à deviner. Aucune règle de composition (NIST SP 800-63B, ASVS 6.2)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn


class Argon2(Argon2PasswordHasher):
    """argon2id, réglé pour ce service : 46 Mio, deux passes, une voie.

    Le premier réglage de l’aide-mémoire OWASP « Password Storage » (47 104 Kio), avec une passe de plus ; à une
    voie comme eux. Les huit voies de Django se disputeraient les cœurs d'un petit serveur le matin où une caisse arrive.
    """

    time_cost = 2
    memory_cost = 47_104
    """Kio."""
    parallelism = 1


LONGUEUR_MINIMALE = 12
LONGUEUR_MAXIMALE = 256
"""Au-delà, on refuse plutôt que de couper."""
FORCE_MINIMALE = 3
"""Sur l'échelle de zxcvbn (0 à 4) : plus de 10^8 essais hors ligne."""
SIGNES_JUGES = 72
"""zxcvbn est plus que linéaire : on ne lui donne que le début. Un début fort fait un mot de passe fort."""

ICI_ON_DEVINE = [
    "parchemin",
    "motdepasse",
    "bonjour",
    "bienvenue",
    "soleil",
    "doudou",
    "loulou",
    "marseille",
    "jetaime",
    "chouchou",
    "azerty",
    "azertyuiop",
    "azertyui",
    "qsdfgh",
    "qsdfghjklm",
    "wxcvbn",
    "certification",
    "conseiller",
    "caisse",
    "securite",
    "sociale",
    "securitesociale",
    "assurance",
    "maladie",
    "retraite",
    "famille",
    "allocations",
    "urssaf",
    "cpam",
    "caf",
    "carsat",
    "candidat",
    "evaluateur",
    "gestionnaire",
]
"""zxcvbn ne connaît ni le clavier français, ni nos mots de tous les jours : on les lui donne comme faciles."""


class DifficileADeviner:
    """Refuse ce que zxcvbn devine en peu d'essais, en tenant compte du courriel de la personne et du nom de Parchemin."""

    def validate(self, password: str, user: Any = None) -> None:
        """Lève `ValidationError("mot_de_passe_devinable" | "mot_de_passe_trop_long")`."""
        if len(password) > LONGUEUR_MAXIMALE:
            raise ValidationError(
                f"Ce mot de passe dépasse {LONGUEUR_MAXIMALE} signes : raccourcissez-le.", code="mot_de_passe_trop_long"
            )
        debut = password[:SIGNES_JUGES]
        if not debut or zxcvbn(debut, user_inputs=_connus(user), max_length=SIGNES_JUGES)["score"] < FORCE_MINIMALE:
            raise ValidationError(
                "Ce mot de passe se devine trop vite. Ajoutez-lui un mot ou deux, sans rapport entre eux.",
                code="mot_de_passe_devinable",
            )

    def get_help_text(self) -> str:
        """La phrase que montre Django à côté du champ."""
        return "Trois mots sans rapport entre eux font un bon mot de passe."


def _connus(user: Any) -> list[str]:
    courriel = getattr(user, "courriel", "") or ""
    morceaux = courriel.replace("@", ".").replace("-", ".").split(".")
    nom = courriel.partition("@")[0]
    formes = [courriel, nom, nom.replace(".", ""), nom.replace(".", " "), nom.replace(".", "-")]
    return [*formes, *[morceau for morceau in morceaux if len(morceau) > 2], *ICI_ON_DEVINE]
