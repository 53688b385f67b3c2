"""La table des étapes d'une VAE : ce qui fait partir, suspend ou arrête les horloges de la loi."""

from __future__ import annotations

from django.db import models

from parchemin.parcours.enums import GenreEtape
from parchemin.parcours.models.dossiers import Dossier
from parchemin.socle.bases import insertion_seule


class EtapeVae(models.Model):
    """Une étape, le jour où elle a eu lieu (`le`) et l'instant où elle fut inscrite. Une ligne de plus, jamais une ligne changée."""

    dossier = models.ForeignKey(Dossier, verbose_name="dossier", on_delete=models.PROTECT, related_name="etapes_vae")
    rang = models.PositiveIntegerField("rang")
    genre = models.CharField("étape", max_length=20, choices=GenreEtape)
    le = models.DateField("jour de l'étape")
    mot = models.TextField("mot", blank=True)
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "étape de VAE"
        verbose_name_plural = "étapes de VAE"
        ordering = ("dossier", "rang")
        constraints = [models.UniqueConstraint("dossier", "rang", name="etape_vae_un_rang")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.rang} {self.genre}"
