"""Les tables : une version et sa norme, les éditions de son règlement, les révisions de sa fiche et de ses annexes.

Tout est à insertion seule. Chaque contenu est gardé comme il a été haché (JSON canonique, RFC 8785), et la base
vérifie l'empreinte : `sha256(contenu)`.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value

from parchemin.socle.bases import Identifie, insertion_seule

HEX = 64
"""Longueur d'une empreinte SHA-256 en hexadécimal."""


def _empreinte_de(colonne: str) -> Func:
    octets = Func(F(colonne), Value("UTF8"), function="convert_to", output_field=models.BinaryField())
    hache = Func(octets, function="sha256", output_field=models.BinaryField())
    return Func(hache, Value("hex"), function="encode", output_field=models.CharField())


class Version(Identifie):
    """Une version d'une certification, et sa norme : ce sur quoi une grille est jugée."""

    code = models.CharField("code de la certification", max_length=60)
    version = models.CharField("version", max_length=20)
    norme = models.TextField("norme, en JSON canonique")
    empreinte = models.CharField("empreinte de la norme", max_length=HEX)
    publiee_le = models.DateTimeField("publiée le")
    auteur_id = models.UUIDField("publiée par")

    class Meta:
        verbose_name = "version de référentiel"
        verbose_name_plural = "versions de référentiel"
        ordering = ("code", "-version")
        constraints = [
            models.UniqueConstraint(fields=("code", "version"), name="version_unique"),
            models.UniqueConstraint(fields=("empreinte",), name="version_norme_unique"),
            models.CheckConstraint(name="version_empreinte_juste", condition=Q(empreinte=_empreinte_de("norme"))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.code}@{self.version}"


class Revision(Identifie):
    """Un état d'une partie : le contenu entier, et pourquoi il a changé. Le plus grand rang est le dernier."""

    rang = models.PositiveIntegerField("rang")
    contenu = models.TextField("contenu, en JSON canonique")
    empreinte = models.CharField("empreinte du contenu", max_length=HEX)
    motif = models.TextField("motif")
    instant = models.DateTimeField("écrite le")
    auteur_id = models.UUIDField("écrite par")

    class Meta:
        abstract = True


class EditionReglement(Revision):
    """Une édition du règlement : en vigueur de `depuis` à l'édition suivante."""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="editions")
    depuis = models.DateField("en vigueur depuis le")

    class Meta:
        verbose_name = "édition du règlement"
        verbose_name_plural = "éditions du règlement"
        ordering = ("version", "depuis", "rang")
        constraints = [
            models.UniqueConstraint(fields=("version", "rang"), name="edition_rang_unique"),
            models.CheckConstraint(name="edition_empreinte_juste", condition=Q(empreinte=_empreinte_de("contenu"))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.version} · règlement, édition {self.rang}"


class RevisionFiche(Revision):
    """Un état de la fiche : l'identité de la certification, mention par mention."""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="fiches")

    class Meta:
        verbose_name = "révision de la fiche"
        verbose_name_plural = "révisions de la fiche"
        ordering = ("version", "rang")
        constraints = [
            models.UniqueConstraint(fields=("version", "rang"), name="fiche_rang_unique"),
            models.CheckConstraint(name="fiche_empreinte_juste", condition=Q(empreinte=_empreinte_de("contenu"))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.version} · fiche, révision {self.rang}"


class RevisionAnnexes(Revision):
    """Un état des annexes : libellés courts, questions, conseils."""

    version = models.ForeignKey(Version, verbose_name="version", on_delete=models.PROTECT, related_name="annexes")

    class Meta:
        verbose_name = "révision des annexes"
        verbose_name_plural = "révisions des annexes"
        ordering = ("version", "rang")
        constraints = [
            models.UniqueConstraint(fields=("version", "rang"), name="annexes_rang_unique"),
            models.CheckConstraint(name="annexes_empreinte_juste", condition=Q(empreinte=_empreinte_de("contenu"))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.version} · annexes, révision {self.rang}"
