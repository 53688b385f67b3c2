"""Ce qui est déclaré, récusé, à vérifier de l'indépendance des évaluateurs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.models.epreuves import Epreuve
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class Declaration(Identifie):
    """Ce qu'un évaluateur a déclaré, et signé, avant d'ouvrir la grille. D'un lien, le genre seulement."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="declarations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="declarations"
    )
    genre = models.CharField("déclare", max_length=30, choices=GenreDeclare)
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=32)

    class Meta:
        verbose_name = "déclaration"
        ordering = ("le", "id")
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", "genre", name="declaration_une_fois_par_genre")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"


class Recusation(Identifie):
    """Un candidat demande qu'un évaluateur soit remplacé, et dit pourquoi.

    `etat` redit le dernier passage ; ses états sont ceux de `moteur.etats.RECUSATION`.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="recusations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="recusations"
    )
    motif = models.TextField("motif")
    etat = models.CharField("état", max_length=20, editable=False)
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        verbose_name = "récusation"
        ordering = ("deposee_le", "id")
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", name="recusation_une_par_evaluateur")]

    def __str__(self) -> str:
        return f"{self.etat} {self.pk}"


class PassageRecusation(Passage):
    """Un changement d'état d'une récusation, avec la réponse de qui l'a tranchée."""

    recusation = models.ForeignKey(
        Recusation, verbose_name="récusation", on_delete=models.PROTECT, related_name="passages"
    )

    class Meta:
        verbose_name = "passage d'une récusation"
        verbose_name_plural = "passages des récusations"
        ordering = ("recusation", "rang")
        constraints = [models.UniqueConstraint("recusation", "rang", name="passage_recusation_un_rang")]
        triggers = insertion_seule()


class AVerifier(Identifie):
    """Un évaluateur en place que la barrière écarte depuis un fait nouveau (lien, manager) : le gestionnaire agit.

    `obstacles` : les codes du moteur. `close_le` : il a été remplacé, ou plus rien ne l'écarte.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="a_verifier")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="a_verifier"
    )
    obstacles = models.JSONField("obstacles")
    ouverte_le = models.DateTimeField("ouverte le")
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "indépendance à vérifier"
        verbose_name_plural = "indépendances à vérifier"
        ordering = ("ouverte_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"), condition=Q(close_le=None), name="a_verifier_une_ouverte"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)
