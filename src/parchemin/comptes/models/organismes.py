"""La table des organismes."""

from __future__ import annotations

from django.db import models

from parchemin.comptes.enums import Branche
from parchemin.socle.bases import Identifie


class Organisme(Identifie):
    """Une caisse, une union, un certificateur : l'employeur d'un candidat, ou le périmètre d'un gestionnaire."""

    nom = models.CharField("nom", max_length=160)
    nom_court = models.CharField("nom court", max_length=60)
    branche = models.CharField("branche", max_length=20, choices=Branche)
    adresse = models.TextField("adresse", blank=True)
    cle_tri = models.CharField("clé de tri", max_length=400, editable=False, db_collation="C")
    cle_recherche = models.CharField("clé de recherche", max_length=700, editable=False)

    class Meta:
        verbose_name = "organisme"
        ordering = ("cle_tri", "id")
        constraints = [models.UniqueConstraint("nom", name="organisme_nom_unique")]
        indexes = [models.Index("cle_tri", name="organisme_tri")]

    def __str__(self) -> str:
        return self.nom_court
