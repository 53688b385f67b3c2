"""Les tables de l'identité : l'état civil d'un candidat, les lieux de l'Insee qui servent à le vérifier."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.parcours.enums import GenreLieu, Piece
from parchemin.parcours.identite import ANNEE_MAX, ANNEE_MIN, LONGUEUR_MAX, SEXES
from parchemin.socle.bases import Identifie


class EtatCivil(Identifie):
    """L'identité d'un candidat telle qu'à l'acte de naissance, pour tous ses dossiers. Le journal garde ce qu'elle était.

    Les règles sont celles de `parcours.identite` ; aucune copie de pièce n'est gardée : qui l'a vue, laquelle, quand.
    """

    candidat = models.OneToOneField(
        "comptes.Personne", verbose_name="candidat", on_delete=models.PROTECT, related_name="etat_civil"
    )
    nom_naissance = models.CharField("nom de naissance", max_length=LONGUEUR_MAX)
    nom_usage = models.CharField("nom d'usage", max_length=LONGUEUR_MAX, blank=True)
    prenom1 = models.CharField("premier prénom", max_length=LONGUEUR_MAX, blank=True)
    prenom2 = models.CharField("deuxième prénom", max_length=LONGUEUR_MAX, blank=True)
    prenom3 = models.CharField("troisième prénom", max_length=LONGUEUR_MAX, blank=True)
    nom_unique = models.BooleanField("n'a qu'un nom, sans prénom", default=False)
    sexe = models.CharField("sexe", max_length=1)
    annee = models.PositiveSmallIntegerField("année de naissance")
    mois = models.PositiveSmallIntegerField("mois de naissance", null=True)
    jour = models.PositiveSmallIntegerField("jour de naissance", null=True)
    commune_code = models.CharField("code Insee de la commune de naissance", max_length=5, blank=True)
    commune = models.CharField("commune ou ville de naissance", max_length=LONGUEUR_MAX, blank=True)
    pays_code = models.CharField("code Insee du pays de naissance", max_length=5)
    pays = models.CharField("pays de naissance", max_length=LONGUEUR_MAX, blank=True)
    piece = models.CharField("vu sur", max_length=20, choices=Piece, blank=True)
    vu_le = models.DateField("vu le", null=True)
    vu_par = models.ForeignKey(
        "comptes.Personne", verbose_name="vu par", on_delete=models.PROTECT, related_name="pieces_vues", null=True
    )
    enregistre_le = models.DateTimeField("enregistré le")

    class Meta:
        verbose_name = "état civil"
        verbose_name_plural = "états civils"
        constraints = [
            models.CheckConstraint(name="etat_civil_sexe", condition=Q(sexe__in=SEXES)),
            models.CheckConstraint(name="etat_civil_annee", condition=Q(annee__range=(ANNEE_MIN, ANNEE_MAX))),
            models.CheckConstraint(name="etat_civil_mois", condition=Q(mois=None) | Q(mois__range=(1, 12))),
            models.CheckConstraint(
                name="etat_civil_jour", condition=Q(jour=None) | Q(jour__range=(1, 31), mois__isnull=False)
            ),
            models.CheckConstraint(
                name="etat_civil_prenom",
                condition=Q(nom_unique=True, prenom1="") | (Q(nom_unique=False) & ~Q(prenom1="")),
            ),
            models.CheckConstraint(
                name="etat_civil_vu_entier",
                condition=Q(piece="", vu_le=None, vu_par=None)
                | (~Q(piece="") & Q(vu_le__isnull=False, vu_par__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Lieu(models.Model):
    """Un nom qu'a porté un code de commune ou de pays, de `du` compris à `au` non compris (vides : sans borne).

    Source : code officiel géographique de l'Insee (Licence ouverte), chargé par le certificateur.
    """

    genre = models.CharField("liste", max_length=10, choices=GenreLieu)
    code = models.CharField("code Insee", max_length=5)
    libelle = models.CharField("nom", max_length=200)
    du = models.DateField("du", null=True)
    au = models.DateField("au", null=True)

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ("genre", "code", "id")
        indexes = [models.Index("code", name="lieu_par_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.libelle}"
