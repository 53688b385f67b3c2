"""Les tables : organismes, personnes, comptes de connexion, rôles datés, invitations.

Une personne n'est pas un compte : un tuteur peut attester sans mot de passe, un candidat peut n'en avoir jamais.
Les clés de tri et de recherche sont calculées par les services ; leur ordre est celui des octets (`C`), sur toute base.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parchemin.comptes.enums import Branche, NatureRole
from parchemin.socle.bases import Identifie


class Organisme(Identifie):
    """Une caisse, une union, un certificateur : l'employeur d'un candidat, ou le périmètre d'un gestionnaire."""

    nom = models.CharField("nom", max_length=160)
    nom_court = models.CharField("nom court", max_length=60)
    branche = models.CharField("branche", max_length=20, choices=Branche)
    adresse = models.TextField("adresse", blank=True)
    cle_tri = models.CharField("clé de tri", max_length=400, editable=False, db_collation="C")
    cle_recherche = models.CharField("clé de recherche", max_length=700, editable=False)

    class Meta:
        verbose_name = "organisme"
        ordering = ("cle_tri", "id")
        constraints = [models.UniqueConstraint("nom", name="organisme_nom_unique")]
        indexes = [models.Index("cle_tri", name="organisme_tri")]

    def __str__(self) -> str:
        return self.nom_court


class Personne(Identifie):
    """Quelqu'un, réduit à ce qu'il faut pour le nommer. Son identifiant est celui de l'acteur (`socle.Acteur`)."""

    prenom = models.CharField("prénom", max_length=80)
    nom = models.CharField("nom", max_length=80)
    courriel_pro = models.EmailField("courriel professionnel", blank=True)
    cle_tri = models.CharField("clé de tri", max_length=800, editable=False, db_collation="C")
    cle_recherche = models.CharField("clé de recherche", max_length=700, editable=False)

    class Meta:
        verbose_name = "personne"
        ordering = ("cle_tri", "id")
        constraints = [
            models.UniqueConstraint(
                "courriel_pro", name="personne_courriel_unique", condition=~Q(courriel_pro=""),
            ),
            models.CheckConstraint(name="personne_courriel_minuscule", condition=Q(courriel_pro=Lower("courriel_pro"))),
        ]  # fmt: skip
        indexes = [models.Index("cle_tri", name="personne_tri")]

    def __str__(self) -> str:
        return f"{self.prenom} {self.nom}"


class Compte(Identifie, AbstractBaseUser):
    """De quoi se connecter. Le courriel est gardé en minuscules ; un compte désactivé n'ouvre plus rien."""

    courriel = models.EmailField("courriel", unique=True)
    personne = models.OneToOneField(Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="compte")
    is_active = models.BooleanField("actif", default=True)
    ouvert_le = models.DateTimeField("ouvert le")

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    class Meta:
        verbose_name = "compte"
        constraints = [
            models.CheckConstraint(name="compte_courriel_minuscule", condition=Q(courriel=Lower("courriel"))),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Role(Identifie):
    """Ce qu'une personne vient faire, à partir du jour `du` et jusqu'au jour `au` non compris ; sans organisme : partout.

    Retiré un jour donné, un rôle n'ouvre plus rien dès ce jour-là.
    """

    personne = models.ForeignKey(Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="roles")
    nature = models.CharField("nature", max_length=30, choices=NatureRole)
    organisme = models.ForeignKey(
        Organisme, verbose_name="périmètre", on_delete=models.PROTECT, related_name="roles", null=True, blank=True
    )
    du = models.DateField("du")
    au = models.DateField("jusqu'au", null=True, blank=True)

    class Meta:
        verbose_name = "rôle"
        verbose_name_plural = "rôles"
        constraints = [
            models.UniqueConstraint(
                fields=("personne", "nature", "organisme"),
                name="role_une_fois_ouvert",
                condition=Q(au__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="role_dates_en_ordre", condition=Q(au__isnull=True) | Q(au__gte=F("du"))),
        ]
        indexes = [models.Index("nature", "organisme", name="role_par_perimetre")]

    def __str__(self) -> str:
        return f"{self.nature} du {self.du}"


class Invitation(Identifie):
    """Un lien à usage unique vers l'ouverture d'un compte. La base n'en garde que l'empreinte."""

    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    personne = models.ForeignKey(
        Personne, verbose_name="personne", on_delete=models.PROTECT, related_name="invitations"
    )
    courriel = models.EmailField("courriel")
    emise_le = models.DateTimeField("émise le")
    expire = models.DateTimeField("expire le")
    utilisee_le = models.DateTimeField("utilisée le", null=True)
    remplacee_le = models.DateTimeField("remplacée le", null=True)

    class Meta:
        verbose_name = "invitation"
        constraints = [
            models.CheckConstraint(name="invitation_courriel_minuscule", condition=Q(courriel=Lower("courriel"))),
            models.CheckConstraint(name="invitation_expire_apres", condition=Q(expire__gt=F("emise_le"))),
            models.UniqueConstraint(
                "personne",
                name="invitation_une_en_cours",
                condition=Q(utilisee_le__isnull=True, remplacee_le__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
