"""La table des liens datés entre deux personnes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.enums import GenreDeLien, OrigineDeLien
from parchemin.comptes.models.imports import ImportLiens
from parchemin.comptes.models.personnes import Personne
from parchemin.socle.bases import Identifie, insertion_seule


class Lien(Identifie):
    """Ce qui lie `de` à `vers`, du jour `du` au jour `au` non compris ; sans borne : depuis ou pour toujours.

    `vers` encadre, forme ou accompagne `de`, ou a siégé pour lui ; un lien professionnel ou personnel n'a pas de sens.
    Une ligne ne change jamais : clore ou corriger, c'est en écrire une autre qui la `remplace` (`annule` : elle n'aurait
    pas dû exister). Celle qui vaut est celle qu'aucune ne remplace. D'un lien personnel, rien d'autre n'est gardé.
    """

    de = models.ForeignKey(Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="liens_vers")
    vers = models.ForeignKey(Personne, verbose_name="liée à", on_delete=models.PROTECT, related_name="liens_de")
    genre = models.CharField("genre", max_length=30, choices=GenreDeLien)
    du = models.DateField("du", null=True, blank=True)
    au = models.DateField("jusqu'au", null=True, blank=True)
    session = models.CharField("session de formation", max_length=120, blank=True)
    blocs = models.JSONField("blocs de la formation", default=list, blank=True)
    dossier = models.UUIDField("dossier de la délibération annulée", null=True, blank=True)
    origine = models.CharField("origine", max_length=20, choices=OrigineDeLien)
    importation = models.ForeignKey(
        ImportLiens,
        verbose_name="venu du fichier",
        on_delete=models.PROTECT,
        related_name="liens",
        null=True,
        blank=True,
    )
    remplace = models.OneToOneField(
        "self", verbose_name="remplace", on_delete=models.PROTECT, related_name="suite", null=True, blank=True
    )
    annule = models.BooleanField("annulé", default=False)
    motif = models.CharField("motif de la correction", max_length=300, blank=True)
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "lien"
        ordering = ("instant", "id")
        constraints = [
            models.CheckConstraint(name="lien_entre_deux_personnes", condition=~Q(de=F("vers"))),
            models.CheckConstraint(
                name="lien_dates_en_ordre", condition=Q(au__isnull=True) | Q(du__isnull=True) | Q(au__gt=F("du"))
            ),
            models.CheckConstraint(
                name="lien_dossier_de_deliberation",
                condition=Q(genre="deliberation_annulee", dossier__isnull=False)
                | (~Q(genre="deliberation_annulee") & Q(dossier__isnull=True)),
            ),
            models.CheckConstraint(
                name="lien_formation_seule_a_une_session", condition=Q(genre="formation") | Q(session="", blocs=[])
            ),
            models.CheckConstraint(
                name="lien_d_un_fichier_est_importe", condition=Q(importation__isnull=True) | Q(origine="import")
            ),
        ]
        indexes = [models.Index("de", "genre", name="lien_de"), models.Index("vers", "genre", name="lien_vers")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"
