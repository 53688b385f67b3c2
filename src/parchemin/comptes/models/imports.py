"""Les imports d'organismes en attente de confirmation."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.socle.bases import Identifie


class ImportOrganismes(Identifie):
    """Un fichier lu et sans faute, qui attend qu'on le confirme. Ses lignes sont vidées une fois l'import réglé ou expiré."""

    nom_fichier = models.CharField("nom du fichier", max_length=160)
    lignes = models.JSONField("lignes lues", help_text="Numéro, valeurs et cellules de chaque ligne.")
    depose_par = models.UUIDField("déposé par")
    depose_le = models.DateTimeField("déposé le")
    expire = models.DateTimeField("expire le")
    confirme_le = models.DateTimeField("confirmé le", null=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True)

    class Meta:
        verbose_name = "import d'organismes"
        verbose_name_plural = "imports d'organismes"
        constraints = [
            models.CheckConstraint(
                name="import_organismes_une_fin", condition=Q(confirme_le__isnull=True) | Q(abandonne_le__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
