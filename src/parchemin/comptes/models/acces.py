"""Les tables de l'accès : comptes de connexion, invitations."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from parchemin.comptes.models.personnes import Personne
from parchemin.socle.bases import Identifie


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
            models.CheckConstraint(name="compte_courriel_minuscule", condition=Q(courriel=Lower("courriel")))
        ]

    def __str__(self) -> str:
        return str(self.pk)


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


class ChangementDeCourriel(Identifie):
    """Une nouvelle adresse de connexion qui attend que sa boîte la confirme. La base ne garde que l'empreinte du lien."""

    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    compte = models.ForeignKey(Compte, verbose_name="compte", on_delete=models.PROTECT, related_name="changements")
    courriel = models.EmailField("nouveau courriel")
    demande_le = models.DateTimeField("demandé le")
    expire = models.DateTimeField("expire le")
    confirme_le = models.DateTimeField("confirmé le", null=True)
    remplace_le = models.DateTimeField("remplacé ou annulé le", null=True)

    class Meta:
        verbose_name = "changement de courriel"
        constraints = [
            models.CheckConstraint(name="changement_courriel_minuscule", condition=Q(courriel=Lower("courriel"))),
            models.CheckConstraint(name="changement_courriel_expire_apres", condition=Q(expire__gt=F("demande_le"))),
            models.UniqueConstraint(
                "compte",
                name="changement_courriel_un_en_cours",
                condition=Q(confirme_le__isnull=True, remplace_le__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class IdentiteRefusee(Identifie):
    """Un fournisseur d'identité que la personne a ôté : il ne la reconnaît plus, même par son courriel, sans qu'elle le veuille."""

    compte = models.ForeignKey(
        Compte, verbose_name="compte", on_delete=models.PROTECT, related_name="identites_refusees"
    )
    fournisseur = models.CharField("fournisseur", max_length=200)
    depuis = models.DateTimeField("depuis le")

    class Meta:
        verbose_name = "identité refusée"
        constraints = [
            models.UniqueConstraint(fields=["compte", "fournisseur"], name="identite_refusee_une_par_fournisseur")
        ]

    def __str__(self) -> str:
        return str(self.pk)
