"""La façon de noter de chaque évaluateur : la seule table de la pièce qui se réécrit librement."""

from __future__ import annotations

from django.db import models

from parchemin.evaluation.enums import Main


class FaconDeNoter(models.Model):
    """Ce qu'un évaluateur a réglé pour lui-même : ses phrases rapides, sa main, ses raccourcis de clavier.

    `rang` compte les enregistrements : une page ouverte avant un autre enregistrement n'en efface pas la suite.
    """

    personne = models.OneToOneField(
        "comptes.Personne",
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="facon_de_noter",
        primary_key=True,
    )
    phrases = models.JSONField("phrases rapides")
    main = models.CharField("main", max_length=10, choices=Main)
    raccourcis = models.BooleanField("raccourcis d'une seule touche")
    rang = models.PositiveIntegerField("rang")
    le = models.DateTimeField("réglée le")

    class Meta:
        verbose_name = "façon de noter"
        verbose_name_plural = "façons de noter"

    def __str__(self) -> str:
        return f"{self.rang} {self.personne_id}"
