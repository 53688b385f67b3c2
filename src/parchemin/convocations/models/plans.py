"""Un plan d'épreuves que l'on propose : il n'a d'effet qu'adopté."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.convocations.enums import EtatDePlan
from parchemin.socle.bases import Identifie


class Plan(Identifie):
    """Le plan d'un organisme pour une période ; le suivant le remplace.

    `contenu` : ce qui fut lu (`planificateur.memoire`), ce qui est placé, ce qui est laissé et pourquoi ; que des identifiants, jamais un
    nom. `sort` : de chaque épreuve que l'on a voulu adopter, l'épreuve née (« epreuve ») ou ce qui l'a refusée (« refus »). `version`
    augmente à chaque retouche ; `bouge_le` : le dernier signe de la tâche qui y travaille.
    """

    organisme = models.OneToOneField(
        "comptes.Organisme", verbose_name="organisme", on_delete=models.PROTECT, related_name="+"
    )
    du = models.DateField("du")
    au = models.DateField("au")
    demande_le = models.DateTimeField("demandé le")
    lu_le = models.DateTimeField("lu le", null=True)
    bouge_le = models.DateTimeField("dernier signe le")
    etat = models.CharField("état", max_length=20, choices=EtatDePlan, default=EtatDePlan.DEMANDE)
    version = models.PositiveIntegerField("version", default=0)
    arret = models.BooleanField("arrêt demandé", default=False)
    points = models.PositiveIntegerField("points", null=True)
    points_du_premier = models.PositiveIntegerField("points du premier plan", null=True)
    borne = models.PositiveIntegerField("borne", null=True)
    choix = models.JSONField("ce qui est à planifier")
    contenu = models.JSONField("contenu", default=dict)
    sort = models.JSONField("sort de chaque épreuve", default=dict)

    class Meta:
        verbose_name = "plan d'épreuves"
        verbose_name_plural = "plans d'épreuves"
        constraints = [models.CheckConstraint(name="plan_du_avant_au", condition=Q(du__lte=F("au")))]

    def __str__(self) -> str:
        return str(self.pk)
