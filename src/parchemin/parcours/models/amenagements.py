"""La table des durées aménagées : ce qui est accordé au candidat, jamais pourquoi."""

from __future__ import annotations

from django.db import models

from parchemin.socle.bases import insertion_seule


class Amenagement(models.Model):
    """Les minutes accordées au candidat pour une phase de l'épreuve d'un bloc. La dernière ligne d'une phase vaut.

    `minutes` vide : l'aménagement est levé, la durée du référentiel s'applique de nouveau. La raison n'a pas de colonne : une
    raison médicale n'entre pas ici.
    """

    dossier = models.ForeignKey(
        "parcours.Dossier", verbose_name="dossier", on_delete=models.PROTECT, related_name="amenagements"
    )
    bloc = models.CharField("code du bloc", max_length=20)
    phase = models.CharField("code de la phase", max_length=40)
    minutes = models.PositiveSmallIntegerField("minutes accordées", null=True)
    accorde_le = models.DateField("accordé le")
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "aménagement"
        ordering = ("dossier", "instant", "id")
        constraints = [
            models.CheckConstraint(
                name="amenagement_minutes_bornees",
                condition=models.Q(minutes=None) | models.Q(minutes__range=(1, 240)),
            ),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.bloc} {self.phase} {self.dossier_id}"
