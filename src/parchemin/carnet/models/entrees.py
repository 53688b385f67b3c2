"""Les tables de ce que le candidat écrit : brouillons, entrées publiées, versions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.carnet.models.carnets import Carnet
from parchemin.socle.bases import Identifie, insertion_seule


class Contenu(models.Model):
    """Ce que dit une entrée : ce qui fut fait, quand, pour quelles compétences, et un fichier s'il y en a un."""

    texte = models.TextField("ce que j'ai fait", blank=True)
    fait_le = models.DateField("fait le", null=True)
    competences = models.JSONField("codes des compétences, dans l'ordre du référentiel")
    fichier = models.CharField("nom au stockage", max_length=200, blank=True)
    genre = models.CharField("genre du fichier", max_length=20, blank=True)
    octets = models.PositiveIntegerField("taille du fichier, en octets", default=0)
    instant = models.DateTimeField("instant")

    class Meta:
        abstract = True


class EntreeCarnet(Identifie):
    """Une entrée publiée par le candidat. Ce qu'elle dit est dans ses versions : la dernière vaut, les autres restent."""

    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="entrees")
    instant = models.DateTimeField("publiée le")

    class Meta:
        verbose_name = "entrée"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class VersionEntree(Identifie, Contenu):
    """Une version d'une entrée. Son identifiant est celui du brouillon qui l'a faite : le publier deux fois n'en fait qu'une."""

    entree = models.ForeignKey(EntreeCarnet, verbose_name="entrée", on_delete=models.PROTECT, related_name="versions")
    rang = models.PositiveSmallIntegerField("rang")

    class Meta:
        verbose_name = "version d'une entrée"
        constraints = [
            models.UniqueConstraint("entree", "rang", name="version_entree_un_rang"),
            models.CheckConstraint(
                name="version_entree_entiere", condition=~Q(texte="") & Q(fait_le__isnull=False) & ~Q(competences=[])
            ),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.entree_id} {self.rang}"


class BrouillonEntree(Identifie, Contenu):
    """Ce que le candidat écrit et n'a pas publié. Lui seul le lit ; `revision` avance à chaque fois qu'il est gardé."""

    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="brouillons")
    entree = models.ForeignKey(
        EntreeCarnet, verbose_name="corrige l'entrée", on_delete=models.PROTECT, null=True, related_name="+"
    )
    revision = models.PositiveIntegerField("révision", default=1)

    class Meta:
        verbose_name = "brouillon"

    def __str__(self) -> str:
        return str(self.pk)
