"""Ce que l'installation sait d'elle-même."""

from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """La nature de cette base : « démonstration » ou « production ». Une ligne au plus.

    La démonstration (mots de passe connus, remise à zéro) refuse toute base qui ne porte pas cette marque.
    """

    class Nature(models.TextChoices):
        """Ce que la base a le droit de contenir."""

        DEMONSTRATION = "demonstration", "Démonstration"
        PRODUCTION = "production", "Production"

    unique = models.BooleanField(primary_key=True, default=True, editable=False)
    nature = models.CharField(max_length=20, choices=Nature)
    depuis = models.DateTimeField("depuis le")

    class Meta:
        verbose_name = "installation"
        constraints = [models.CheckConstraint(name="installation_une_seule_ligne", condition=models.Q(unique=True))]

    def __str__(self) -> str:
        return self.get_nature_display()


class Debit(models.Model):
    """Le compteur d'une fenêtre de débit. La clé est une empreinte : ni adresse ni personne ne s'y lit."""

    cle = models.CharField("clé", primary_key=True, max_length=64, editable=False)
    fin = models.DateTimeField("fin de la fenêtre", db_index=True)
    nombre = models.PositiveIntegerField("requêtes")

    class Meta:
        verbose_name = "débit"

    def __str__(self) -> str:
        return self.cle[:8]
