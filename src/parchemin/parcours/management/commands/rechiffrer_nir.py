"""`parchemin gerer rechiffrer_nir` : chiffre les NIR de la première clé du trousseau, après en avoir ajouté une."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parchemin.parcours import services
from parchemin.socle import horloge
from parchemin.socle.refus import Introuvable, Refus
from parchemin.socle.typographie import pluriel


class Command(BaseCommand):
    """Rechiffrer les NIR."""

    help = "Chiffre les NIR de la première clé de PARCHEMIN_CLES_NIR ; l'ancienne clé peut ensuite s'ôter."

    def handle(self, *_: Any, **__: Any) -> None:
        """Tout ou rien ; deux fois ne refait rien."""
        try:
            nombre = services.rechiffrer_nir(maintenant=horloge.maintenant())
        except Introuvable as refus:
            raise CommandError("Cette installation ne garde aucun NIR (PARCHEMIN_CLES_NIR).") from refus
        except Refus as refus:
            raise CommandError(refus.message) from refus
        self.stdout.write(f"{pluriel(nombre, 'NIR rechiffré', 'NIR rechiffrés')}.")
