"""La table des personnes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parchemin.socle.bases import Identifie


class Personne(Identifie):
    """Quelqu'un, réduit à ce qu'il faut pour le nommer. Son identifiant est celui de l'acteur (`socle.Acteur`)."""

    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    courriel_pro = models.EmailField("courriel professionnel", blank=True)
    alias_de = models.ForeignKey(
        "self",
        verbose_name="réunie à",
        on_delete=models.PROTECT,
        related_name="alias",
        null=True,
        editable=False,
        help_text="Remplie : cette fiche n'est plus qu'un autre identifiant de celle-là.",
    )
    cle_tri = models.CharField("clé de tri", max_length=800, editable=False, db_collation="C")
    cle_recherche = models.CharField("clé de recherche", max_length=700, editable=False)

    class Meta:
        verbose_name = "personne"
        ordering = ("cle_tri", "id")
        constraints = [
            models.UniqueConstraint(
                "courriel_pro", name="personne_courriel_unique", condition=~Q(courriel_pro=""),
            ),
            models.CheckConstraint(name="personne_courriel_minuscule", condition=Q(courriel_pro=Lower("courriel_pro"))),
            models.CheckConstraint(name="personne_pas_son_alias", condition=Q(alias_de=None) | ~Q(alias_de=F("id"))),
        ]  # fmt: skip
        indexes = [models.Index("cle_tri", name="personne_tri")]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"
