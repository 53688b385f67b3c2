"""Les lectures scellées, et le constat commun qui en sort. Toutes à insertion seule."""

from __future__ import annotations

from django.db import models

from parchemin.convocations.enums import Qualite
from parchemin.evaluation.enums import NatureResultat
from parchemin.evaluation.models.longueurs import EMPREINTE, SEL
from parchemin.socle.bases import Identifie, insertion_seule


class Lecture(Identifie):
    """Ce qu'un évaluateur a constaté, clos et scellé.

    `canonique` est le JSON canonique de la lecture, sel compris ; `empreinte` est son SHA-256.
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="lectures"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="lectures"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    scellee_le = models.DateTimeField("scellée le")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "lecture"
        constraints = [
            models.UniqueConstraint("epreuve", "qualite", name="lecture_une_par_qualite"),
            models.UniqueConstraint("epreuve", "evaluateur", name="lecture_une_par_evaluateur"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.qualite} {self.pk}"


class Resultat(Identifie):
    """Le constat commun d'une épreuve, scellé : il contient les empreintes des deux lectures sur lesquelles il repose."""

    epreuve = models.OneToOneField(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="resultat"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureResultat)
    etabli_le = models.DateTimeField("établi le")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "résultat"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.nature} {self.pk}"
