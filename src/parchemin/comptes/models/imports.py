"""Les fichiers en attente de confirmation : organismes, liens."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from parchemin.socle.bases import Identifie


def _une_seule_fin(nom: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=nom, condition=Q(confirme_le__isnull=True) | Q(abandonne_le__isnull=True))


class ImportEnAttente(Identifie):
    """Un fichier lu et sans faute, qui attend qu'on le confirme. Ses lignes sont vidées une fois l'import réglé ou expiré."""

    OBJET: ClassVar[str]
    """Le genre d'objet de cet import, au journal."""

    nom_fichier = models.CharField("nom du fichier", max_length=160)
    lignes = models.JSONField("lignes lues", help_text="Numéro, valeurs et cellules de chaque ligne.")
    depose_par = models.UUIDField("déposé par")
    depose_le = models.DateTimeField("déposé le")
    expire = models.DateTimeField("expire le")
    confirme_le = models.DateTimeField("confirmé le", null=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class ImportOrganismes(ImportEnAttente):
    """Un fichier d'organismes."""

    OBJET = "import_organismes"

    class Meta:
        verbose_name = "import d'organismes"
        verbose_name_plural = "imports d'organismes"
        constraints: ClassVar[list[models.BaseConstraint]] = [_une_seule_fin("import_organismes_une_fin")]


class ImportLiens(ImportEnAttente):
    """Un fichier de liens entre personnes."""

    OBJET = "import_liens"

    class Meta:
        verbose_name = "import de liens"
        verbose_name_plural = "imports de liens"
        constraints: ClassVar[list[models.BaseConstraint]] = [_une_seule_fin("import_liens_une_fin")]
