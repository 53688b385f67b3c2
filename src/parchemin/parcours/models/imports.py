"""Les imports de candidats en attente de confirmation."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from parchemin.parcours.enums import Action
from parchemin.socle.bases import ImportEnAttente, une_seule_fin


class ImportCandidats(ImportEnAttente):
    """Un fichier de candidats, dont les colonnes peuvent rester à dire.

    `octets` : le fichier, tant que ses colonnes ne sont pas toutes reconnues ; `lignes` : ce qui s'y lit ensuite.
    `dossiers` : ceux qu'il a ouverts.
    """

    OBJET, CHAINE, ABANDON = "import_candidats", "parcours", Action.IMPORT_ABANDONNE
    VIDE: ClassVar = {"lignes": [], "octets": None}

    referentiel = models.CharField("version (code@version)", max_length=81)
    octets = models.BinaryField("fichier dont les colonnes restent à dire", null=True)
    lignes = models.JSONField("lignes lues", default=list)
    dossiers = models.JSONField("dossiers ouverts", default=list)

    class Meta:
        verbose_name = "import de candidats"
        verbose_name_plural = "imports de candidats"
        constraints: ClassVar[list[models.BaseConstraint]] = [une_seule_fin("import_candidats_une_fin")]
