"""Les imports de candidats en attente de confirmation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.socle.bases import Identifie


class ImportCandidats(Identifie):
    """Un fichier lu, qui attend qu'on dise ses colonnes ou qu'on le confirme. Vidé une fois réglé, abandonné ou expiré.

    `octets` : le fichier, tant que ses colonnes ne sont pas toutes reconnues ; `lignes` : ce qui s'y lit ensuite.
    `dossiers` : ceux qu'il a ouverts.
    """

    nom_fichier = models.CharField("nom du fichier", max_length=160)
    referentiel = models.CharField("version (code@version)", max_length=81)
    octets = models.BinaryField("fichier dont les colonnes restent à dire", null=True)
    lignes = models.JSONField("lignes lues", default=list)
    dossiers = models.JSONField("dossiers ouverts", default=list)
    depose_par = models.UUIDField("déposé par")
    depose_le = models.DateTimeField("déposé le")
    expire = models.DateTimeField("expire le")
    confirme_le = models.DateTimeField("confirmé le", null=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True)

    class Meta:
        verbose_name = "import de candidats"
        verbose_name_plural = "imports de candidats"
        constraints = [
            models.CheckConstraint(
                name="import_candidats_une_fin", condition=Q(confirme_le__isnull=True) | Q(abandonne_le__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
