"""Les imports : candidats (en attente, faits, défaits), reprise des années papier."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from parchemin.parcours.enums import CHAINE, Action
from parchemin.socle.bases import ImportEnAttente, une_seule_fin


class ImportCandidats(ImportEnAttente):
    """Un fichier de candidats, dont les colonnes peuvent rester à dire.

    `octets` : le fichier, tant que ses colonnes ne sont pas toutes reconnues ; `lignes` : ce qui s'y lit ensuite.

    Confirmé, il garde de quoi le défaire, sans rien redire du fichier : ses dossiers le nomment (`Dossier.importation`),
    `organismes` dit chez qui, et `cree` les identifiants du reste : `personnes`, `roles`, `etats_civils` (leurs candidats).
    """

    OBJET, CHAINE, ABANDON = "import_candidats", CHAINE, Action.IMPORT_ABANDONNE
    VIDE: ClassVar = {"lignes": [], "octets": None}

    referentiel = models.CharField("version (code@version)", max_length=81)
    octets = models.BinaryField("fichier dont les colonnes restent à dire", null=True)
    lignes = models.JSONField("lignes lues", default=list)
    organismes = models.JSONField("organismes touchés", default=list)
    cree = models.JSONField("ce qu'il a créé", default=dict)
    defait_le = models.DateTimeField("défait le", null=True)
    defait_par = models.UUIDField("défait par", null=True)
    motif = models.TextField("pourquoi il est défait", blank=True)

    class Meta:
        verbose_name = "import de candidats"
        verbose_name_plural = "imports de candidats"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            une_seule_fin("import_candidats_une_fin"),
            models.CheckConstraint(
                name="import_candidats_defait_entier",
                condition=Q(defait_le=None, defait_par=None, motif="")
                | (Q(confirme_le__isnull=False, defait_le__isnull=False, defait_par__isnull=False) & ~Q(motif="")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=("-confirme_le",), name="import_candidats_faits", condition=Q(confirme_le__isnull=False)
            )
        ]


class ImportReprise(ImportEnAttente):
    """Un fichier de titulaires et de blocs obtenus avant Parchemin."""

    OBJET, CHAINE, ABANDON = "import_reprise", CHAINE, Action.REPRISE_ABANDONNEE

    class Meta:
        verbose_name = "import de titulaires"
        verbose_name_plural = "imports de titulaires"
        constraints: ClassVar[list[models.BaseConstraint]] = [une_seule_fin("import_reprise_une_fin")]
