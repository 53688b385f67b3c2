"""Les seconds regards, leurs passages, leurs avis scellés."""

from __future__ import annotations

from django.db import models

from parchemin.evaluation.enums import SensAvis
from parchemin.evaluation.models.longueurs import EMPREINTE, SEL
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class SecondRegard(Identifie):
    """Un résultat qui tient à peu attend l'avis d'une troisième personne, avant le jury.

    `motifs` : pourquoi (`moteur.regles.second_regard.Motif`). `etat`, `depuis` et `personne` redisent le dernier passage
    (`PassageSecondRegard`) ; les états sont ceux de `moteur.etats.SECOND_REGARD`. `echeance` : le dernier jour pour l'acte
    attendu, compté sous le règlement du jour où l'état a commencé.
    """

    epreuve = models.OneToOneField(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="second_regard"
    )
    motifs = models.JSONField("motifs")
    etat = models.CharField("état", max_length=20, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne désignée", on_delete=models.PROTECT, null=True, related_name="+"
    )
    echeance = models.DateField("échéance", null=True)

    class Meta:
        verbose_name = "second regard"
        verbose_name_plural = "seconds regards"
        ordering = ("depuis", "id")
        constraints = [
            models.CheckConstraint(
                name="second_regard_designe_nomme",
                condition=~models.Q(etat__in=("designe", "rendu")) | models.Q(personne__isnull=False),
            ),
        ]
        indexes = [models.Index("etat", "echeance", name="second_regard_par_etat")]

    def __str__(self) -> str:
        return f"{self.etat} {self.pk}"


class PassageSecondRegard(Passage):
    """Un changement d'état d'un second regard : une ligne de plus, jamais une ligne changée."""

    second_regard = models.ForeignKey(
        SecondRegard, verbose_name="second regard", on_delete=models.PROTECT, related_name="passages"
    )
    personne = models.UUIDField("personne désignée", null=True)

    class Meta:
        verbose_name = "passage d'un second regard"
        verbose_name_plural = "passages des seconds regards"
        ordering = ("second_regard", "rang")
        constraints = [models.UniqueConstraint("second_regard", "rang", name="passage_second_regard_un_rang")]
        triggers = insertion_seule()


class AvisDeSecondRegard(Identifie):
    """L'avis motivé d'une troisième personne, scellé : il contient les empreintes du résultat et des deux lectures.

    Il ne change rien par lui-même : le jury le lit.
    """

    second_regard = models.OneToOneField(
        SecondRegard, verbose_name="second regard", on_delete=models.PROTECT, related_name="avis"
    )
    auteur = models.ForeignKey("comptes.Personne", verbose_name="auteur", on_delete=models.PROTECT, related_name="+")
    sens = models.CharField("sens", max_length=20, choices=SensAvis)
    rendu_le = models.DateTimeField("rendu le")
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "avis de second regard"
        verbose_name_plural = "avis de second regard"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.sens} {self.pk}"
