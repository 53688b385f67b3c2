"""Bases des tables : identifiants opaques, déclencheurs qui interdisent de toucher ce qui est écrit."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

import pgtrigger
from django.db import IntegrityError, models


class InsertionSeule(pgtrigger.Trigger):
    """Un déclencheur qui appelle `parchemin_refuser()` (migration initiale du socle).

    `pgtrigger.Protect` obéit au réglage de session `pgtrigger.ignore` ; le nôtre n'obéit à aucun réglage.
    """

    when = pgtrigger.Before
    func = "RETURN NULL;"  # fonction engendrée par la bibliothèque, jamais appelée

    def render_execute(self, model: models.Model) -> str:  # noqa: ARG002 (la signature est celle de la bibliothèque)
        """La fonction réellement appelée."""
        return "parchemin_refuser()"


def insertion_seule() -> list[pgtrigger.Trigger]:
    """Les déclencheurs d'une table à insertion seule : ni UPDATE, ni DELETE, ni TRUNCATE (erreur SQL 23001)."""
    return [
        InsertionSeule(name="ni_update_ni_delete", operation=pgtrigger.Update | pgtrigger.Delete),
        InsertionSeule(name="ni_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
    ]


class Identifie(models.Model):
    """Une ligne à identifiant opaque (UUID), que l'on peut montrer dans une adresse."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class ImportEnAttente(Identifie):
    """Un fichier lu, qui attend qu'on le confirme ; vidé une fois réglé, abandonné ou expiré (`comptes.services.imports`).

    À dire par chaque sorte d'import : ce qu'il est au journal, sa chaîne, l'acte qui y renonce, ce que « vidé » veut dire.
    """

    OBJET: ClassVar[str]
    CHAINE: ClassVar[str]
    ABANDON: ClassVar[str]
    VIDE: ClassVar[Mapping[str, Any]] = {"lignes": []}

    nom_fichier = models.CharField("nom du fichier", max_length=160)
    lignes = models.JSONField("lignes lues", help_text="Numéro, valeurs et cellules de chaque ligne.")
    depose_par = models.UUIDField("déposé par")
    depose_le = models.DateTimeField("déposé le")
    expire = models.DateTimeField("expire le")
    confirme_le = models.DateTimeField("confirmé le", null=True)
    abandonne_le = models.DateTimeField("abandonné le", null=True)

    objects: ClassVar[models.Manager[Self]] = models.Manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


def une_seule_fin(nom: str) -> models.CheckConstraint:
    """Un import est confirmé ou abandonné, jamais les deux."""
    return models.CheckConstraint(
        name=nom, condition=models.Q(confirme_le__isnull=True) | models.Q(abandonne_le__isnull=True)
    )


class Passage(models.Model):
    """Un changement d'état d'une ligne : une ligne de plus, jamais une ligne changée (`socle.passages` l'écrit).

    À dire par chaque histoire : de quoi elle est (`related_name="passages"`), son rang unique, `insertion_seule()`.
    """

    rang = models.PositiveIntegerField("rang")
    etat = models.CharField("état", max_length=30)
    instant = models.DateTimeField("instant")
    auteur = models.UUIDField("auteur")
    motif = models.TextField("motif", blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.rang} {self.etat}"


def contrainte_violee(erreur: IntegrityError) -> str:
    """Le nom de la contrainte que la base a refusée, pour en faire un refus ; vide si la base n'en nomme aucune."""
    return getattr(getattr(erreur.__cause__, "diag", None), "constraint_name", None) or ""


def repr_court(objet: Any) -> str:
    """Une représentation sans donnée personnelle, pour les journaux techniques."""
    return f"{type(objet).__name__}:{objet.pk}"
