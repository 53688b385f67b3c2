"""`parchemin gerer droits_base ROLE` : ce que le rôle de l'application peut dans la base, et rien de plus."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from parchemin.socle import droits_base


class Command(BaseCommand):
    """Donne ses droits au rôle de l'application, ou les vérifie."""

    help = (
        "Donne au rôle de l'application (celui de DATABASE_URL pour « serveur » et « worker ») ses droits sur la base, et "
        "vérifie qu'il n'en a pas d'autres. À lancer avec le propriétaire des tables, après chaque « migrate »."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Le rôle, et si l'on ne fait que vérifier."""
        parser.add_argument("role", help="le rôle PostgreSQL de l'application, déjà créé : « web », par exemple")
        parser.add_argument("--verifier", action="store_true", help="ne rien changer : dire seulement ce qui ne va pas")

    def handle(self, *_: Any, **options: Any) -> None:
        """Donne ou vérifie. Sort avec 1 et chaque défaut, un par ligne."""
        role = options["role"]
        try:
            if not options["verifier"]:
                droits_base.donner(role)
            defauts = droits_base.defauts(role)
        except droits_base.RoleImpossible as refus:
            defauts = refus.defauts
        if defauts:
            fait = "" if options["verifier"] else " Rien n'a été donné."
            raise CommandError("\n".join([f"Ce rôle ne convient pas.{fait}", *(f"✗ {defaut}" for defaut in defauts)]))
        self.stdout.write(f"✓ « {role} » lit et écrit ce qu'il faut, et rien d'autre : ni table à lui, ni définition.")
