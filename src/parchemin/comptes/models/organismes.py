"""La table des organismes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.enums import Branche
from parchemin.socle.bases import Identifie


class Organisme(Identifie):
    """Une caisse, une union, un certificateur : l'employeur d'un candidat, ou le périmètre d'un gestionnaire.

    Le parent dit de qui l'organisme dépend ; il n'ouvre aucun droit : un périmètre se donne organisme par organisme.
    Fermé à partir du jour `ferme_le` compris, un organisme n'accueille plus rien de neuf et garde toute son histoire.
    """

    nom = models.CharField("nom", max_length=160)
    nom_court = models.CharField("nom court", max_length=60)
    branche = models.CharField("branche", max_length=20, choices=Branche)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    adresse = models.TextField("adresse", blank=True)
    code_postal = models.CharField("code postal", max_length=5, blank=True)
    commune = models.CharField("commune", max_length=80, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="organisme parent", on_delete=models.PROTECT, related_name="enfants", null=True, blank=True
    )
    hors_ligne = models.BooleanField("l'épreuve peut se noter hors ligne", default=True)
    ferme_le = models.DateField("fermé le", null=True, blank=True)
    motif_fermeture = models.TextField("motif de la fermeture", blank=True)
    cle_tri = models.CharField("clé de tri", max_length=400, editable=False, db_collation="C")
    cle_recherche = models.CharField("clé de recherche", max_length=700, editable=False)

    class Meta:
        verbose_name = "organisme"
        ordering = ("cle_tri", "id")
        constraints = [
            models.UniqueConstraint("nom", name="organisme_nom_unique"),
            models.UniqueConstraint("siret", name="organisme_siret_unique", condition=~Q(siret="")),
            models.CheckConstraint(
                name="organisme_siret_en_chiffres", condition=Q(siret="") | Q(siret__regex=r"^\d{14}$")
            ),
            models.CheckConstraint(name="organisme_pas_son_parent", condition=Q(parent=None) | ~Q(parent=F("id"))),
        ]
        indexes = [models.Index("cle_tri", name="organisme_tri")]

    def __str__(self) -> str:
        return self.nom_court
