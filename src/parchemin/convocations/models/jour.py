"""Le jour de l'épreuve : l'identité du candidat contrôlée, la présence de chacun. Rien ne s'y corrige : on ajoute."""

from __future__ import annotations

from django.db import models

from parchemin.convocations.enums import Convoque, MoyenIdentite, MoyenPresence
from parchemin.convocations.models.epreuves import Epreuve
from parchemin.socle.bases import Identifie, insertion_seule


class ControleIdentite(Identifie):
    """Qui a contrôlé l'identité du candidat, et comment ; jamais le numéro ni la copie d'une pièce. `jour` : celui de l'épreuve, là où elle
    se tient ; remise à un autre jour, elle se contrôle de nouveau.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="identites")
    moyen = models.CharField("comment", max_length=20, choices=MoyenIdentite)
    jour = models.DateField("jour")
    par = models.UUIDField("contrôlée par")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "contrôle d'identité"
        verbose_name_plural = "contrôles d'identité"
        ordering = ("le", "id")
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Presence(Identifie):
    """Une personne était là, en une place, ce jour-là : elle l'a signé elle-même, ou un évaluateur l'a constaté (`par`)."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="presences")
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    place = models.CharField("place", max_length=20, choices=Convoque)
    moyen = models.CharField("comment", max_length=20, choices=MoyenPresence)
    jour = models.DateField("jour")
    par = models.UUIDField("écrit par")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "présence"
        ordering = ("le", "id")
        constraints = [models.UniqueConstraint("epreuve", "personne", "jour", name="presence_une_par_personne")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)
