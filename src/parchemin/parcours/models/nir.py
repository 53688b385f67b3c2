"""La table des NIR, chiffrés : à part de tout le reste, vide tant que le réglage ne l'allume pas."""

from __future__ import annotations

from django.db import models

from parchemin.socle.bases import Identifie


class NirChiffre(Identifie):
    """Le NIR d'un candidat, chiffré avec la clé `cle`, et lié à sa fiche : recopié ailleurs, il ne s'ouvre pas."""

    candidat = models.OneToOneField(
        "comptes.Personne", verbose_name="candidat", on_delete=models.PROTECT, related_name="nir_chiffre"
    )
    cle = models.CharField("nom de la clé", max_length=40)
    chiffre = models.BinaryField("chiffré")
    enregistre_le = models.DateTimeField("enregistré le")
    enregistre_par = models.UUIDField("enregistré par")

    class Meta:
        verbose_name = "NIR chiffré"
        verbose_name_plural = "NIR chiffrés"

    def __str__(self) -> str:
        return str(self.pk)
