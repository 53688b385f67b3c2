"""L'accord : ce que chacun propose ou confirme, et qui fut relancé. Toutes à insertion seule."""

from __future__ import annotations

from django.db import models

from parchemin.evaluation.enums import Position
from parchemin.evaluation.models.longueurs import SEL
from parchemin.socle.bases import Identifie, insertion_seule


class PositionAccord(Identifie):
    """Ce qu'un évaluateur propose, ou confirme, là où les deux lectures diffèrent : un critère, ou une condition.

    La dernière position de chacun compte ; quand les deux sont la même, le point est réglé.
    `confirme` est la position de l'autre à laquelle celle-ci répond « oui ».
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="positions"
    )
    rang = models.PositiveIntegerField("rang")
    critere = models.CharField("code du critère", max_length=20, blank=True)
    condition = models.CharField("condition (`moteur.conditions`)", max_length=80, blank=True)
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="positions"
    )
    choix = models.CharField("choix", max_length=20, choices=Position)
    motif = models.TextField("motif", blank=True)
    confirme = models.ForeignKey("self", verbose_name="confirme", on_delete=models.PROTECT, null=True, blank=True)
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "position d'accord"
        verbose_name_plural = "positions d'accord"
        ordering = ("epreuve", "rang")
        constraints = [
            models.UniqueConstraint("epreuve", "rang", name="position_un_rang_par_epreuve"),
            models.CheckConstraint(
                name="position_sur_un_point", condition=models.Q(critere="") ^ models.Q(condition="")
            ),
            models.CheckConstraint(
                name="position_motivee_ou_confirmation",
                condition=~models.Q(motif="") | models.Q(confirme__isnull=False),
            ),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.critere or self.condition} {self.choix}"


class Confirmation(Identifie):
    """Un évaluateur confirme un résultat sur lequel les deux lectures concordent : un geste chacun, et il s'établit."""

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="confirmations"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="confirmations"
    )
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "confirmation"
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", name="confirmation_une_par_evaluateur")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Relance(Identifie):
    """Un évaluateur en retard a été relancé ; une fois par jour au plus."""

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="relances"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="+"
    )
    acte = models.CharField("carence (`moteur.regles.carences`)", max_length=40)
    jour = models.DateField("jour")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "relance"
        constraints = [
            models.UniqueConstraint("epreuve", "evaluateur", "jour", name="relance_une_par_jour"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.acte} {self.jour}"
