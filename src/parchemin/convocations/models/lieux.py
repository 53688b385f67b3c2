"""Où l'on évalue : les sites, leurs heures, leurs salles, la route de l'un à l'autre."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.socle.bases import Identifie


class HeuresDeSemaine(models.Model):
    """Une plage d'un jour de la semaine (1 : lundi … 7 : dimanche), de `de` (compris) à `a` (non compris), à l'heure du lieu."""

    jour = models.PositiveSmallIntegerField("jour de la semaine")
    de = models.TimeField("de")
    a = models.TimeField("à")

    class Meta:
        abstract = True


def heures_bien_faites(nom: str) -> list[models.BaseConstraint]:
    """Un jour de un à sept, un début avant sa fin."""
    return [
        models.CheckConstraint(name=f"{nom}_jour_de_semaine", condition=Q(jour__gte=1, jour__lte=7)),
        models.CheckConstraint(name=f"{nom}_de_avant_a", condition=Q(de__lt=F("a"))),
    ]


class Site(Identifie):
    """Un lieu d'un organisme où se tiennent des épreuves, et le fuseau IANA où ses heures se lisent.

    `partage` : les autres organismes peuvent y planifier aussi. Fermé à partir du jour `ferme_le` compris, il n'accueille
    plus rien de neuf. Sans aucune `HeuresDeSite`, ses heures ne sont pas connues et rien ne s'y oppose.
    """

    organisme = models.ForeignKey(
        "comptes.Organisme", verbose_name="organisme", on_delete=models.PROTECT, related_name="sites"
    )
    nom = models.CharField("nom", max_length=120)
    adresse = models.TextField("adresse", blank=True)
    fuseau = models.CharField("fuseau horaire", max_length=64)
    partage = models.BooleanField("ouvert aux autres organismes", default=False)
    ferme_le = models.DateField("fermé le", null=True, blank=True)

    class Meta:
        verbose_name = "site"
        ordering = ("nom", "id")
        constraints = [models.UniqueConstraint("organisme", "nom", name="site_nom_unique_par_organisme")]

    def __str__(self) -> str:
        return self.nom


class HeuresDeSite(HeuresDeSemaine):
    """Une plage d'ouverture d'un site."""

    site = models.ForeignKey(Site, verbose_name="site", on_delete=models.CASCADE, related_name="heures")

    class Meta:
        verbose_name = "heures d'ouverture d'un site"
        verbose_name_plural = "heures d'ouverture des sites"
        ordering = ("site", "jour", "de")
        constraints = heures_bien_faites("heures_de_site")

    def __str__(self) -> str:
        return f"{self.site_id} {self.jour}"


class Salle(Identifie):
    """Une salle d'un site. `places` : combien de personnes ; `double_ecoute` : équipée pour écouter un appel à deux."""

    site = models.ForeignKey(Site, verbose_name="site", on_delete=models.PROTECT, related_name="salles")
    nom = models.CharField("nom", max_length=80)
    places = models.PositiveSmallIntegerField("places", null=True, blank=True)
    double_ecoute = models.BooleanField("équipée pour la double écoute", default=False)
    retiree_le = models.DateField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "salle"
        ordering = ("nom", "id")
        constraints = [models.UniqueConstraint("site", "nom", name="salle_nom_unique_par_site")]

    def __str__(self) -> str:
        return self.nom


class Trajet(models.Model):
    """Les minutes d'un site à un autre, les mêmes dans les deux sens : `de` est celui des deux dont l'identifiant est le plus petit."""

    de = models.ForeignKey(Site, verbose_name="de", on_delete=models.CASCADE, related_name="+")
    vers = models.ForeignKey(Site, verbose_name="vers", on_delete=models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField("minutes")

    class Meta:
        verbose_name = "trajet"
        constraints = [
            models.UniqueConstraint("de", "vers", name="trajet_un_par_paire"),
            models.CheckConstraint(name="trajet_de_avant_vers", condition=Q(de__lt=F("vers"))),
        ]

    def __str__(self) -> str:
        return f"{self.de_id} {self.vers_id}"
