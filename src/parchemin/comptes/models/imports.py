"""Les fichiers en attente de confirmation : organismes, liens."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from parchemin.comptes.enums import Action
from parchemin.socle.bases import ImportEnAttente, une_seule_fin


class ImportOrganismes(ImportEnAttente):
    """Un fichier d'organismes."""

    OBJET, CHAINE, ABANDON = "import_organismes", "comptes", Action.IMPORT_ABANDONNE

    class Meta:
        verbose_name = "import d'organismes"
        verbose_name_plural = "imports d'organismes"
        constraints: ClassVar[list[models.BaseConstraint]] = [une_seule_fin("import_organismes_une_fin")]


class ImportLiens(ImportEnAttente):
    """Un fichier de liens entre personnes."""

    OBJET, CHAINE, ABANDON = "import_liens", "comptes", Action.IMPORT_LIENS_ABANDONNE

    class Meta:
        verbose_name = "import de liens"
        verbose_name_plural = "imports de liens"
        constraints: ClassVar[list[models.BaseConstraint]] = [une_seule_fin("import_liens_une_fin")]
