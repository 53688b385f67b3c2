"""Les tables : carnets, lignes, attestations scellées."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.carnet.enums import Verdict
from parchemin.parcours.enums import Qualite
from parchemin.socle.bases import Identifie, insertion_seule


class Carnet(Identifie):
    """Le carnet de suivi des compétences d'un dossier, « remis au candidat au début du parcours »."""

    dossier = models.OneToOneField(
        "parcours.Dossier", verbose_name="dossier", on_delete=models.PROTECT, related_name="carnet"
    )
    remis_le = models.DateTimeField("remis le")
    recu_le = models.DateTimeField("remise confirmée le", null=True)

    class Meta:
        verbose_name = "carnet"

    def __str__(self) -> str:
        return str(self.pk)


class Ligne(models.Model):
    """Une ligne par compétence des blocs demandés : deux attestations y sont attendues.

    `origine` : la première ligne, au carnet d'une version précédente, de la même compétence mot pour mot. Ce qui y est attesté
    vaut ici.
    """

    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="lignes")
    bloc = models.CharField("code du bloc", max_length=20)
    competence = models.CharField("code de la compétence", max_length=20)
    rang = models.PositiveSmallIntegerField("rang dans le référentiel")
    origine = models.ForeignKey(
        "self", verbose_name="reprend la ligne", on_delete=models.PROTECT, null=True, related_name="reprises"
    )

    class Meta:
        verbose_name = "ligne"
        ordering = ("carnet", "rang")
        constraints = [
            models.UniqueConstraint("carnet", "competence", name="ligne_une_par_competence"),
            models.UniqueConstraint("carnet", "rang", name="ligne_un_rang"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return self.competence


class Attestation(Identifie):
    """Ce qu'une personne désignée atteste d'une compétence. La dernière ligne vaut ; aucune ne change.

    Un retrait est une ligne de plus, sans verdict, avec son motif. L'empreinte scelle la ligne avec un sel de 128 bits.
    """

    ligne = models.ForeignKey(Ligne, verbose_name="ligne", on_delete=models.PROTECT, related_name="attestations")
    qualite = models.CharField("qualité", max_length=10, choices=Qualite)
    rang = models.PositiveIntegerField("rang dans l'histoire de cette ligne et de cette qualité")
    verdict = models.CharField("verdict", max_length=20, choices=Verdict, blank=True)
    mot = models.TextField("mot", blank=True)
    auteur = models.ForeignKey("comptes.Personne", verbose_name="auteur", on_delete=models.PROTECT, related_name="+")
    instant = models.DateTimeField("instant")
    sel = models.BinaryField("sel de 128 bits", max_length=16)
    empreinte = models.CharField("empreinte", max_length=64)
    avis = models.ForeignKey(
        "carnet.AvisAttestation",
        verbose_name="dite par l'avis",
        on_delete=models.PROTECT,
        null=True,
        related_name="attestations",
    )
    lien = models.ForeignKey(
        "carnet.LienAttestation",
        verbose_name="faite par le lien",
        on_delete=models.PROTECT,
        null=True,
        related_name="attestations",
    )

    class Meta:
        verbose_name = "attestation"
        ordering = ("ligne", "qualite", "rang")
        constraints = [
            models.UniqueConstraint("ligne", "qualite", "rang", name="attestation_un_rang"),
            models.CheckConstraint(
                name="attestation_mot_necessaire", condition=Q(verdict=Verdict.MAITRISEE) | ~Q(mot="")
            ),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.qualite} {self.rang}"
