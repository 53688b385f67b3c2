"""Les tables du journal : acteurs opaques, têtes des chaînes, entrées, valeurs personnelles effaçables."""

from __future__ import annotations

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, JSONField, Q

from parchemin.socle.acteur import NatureActeur
from parchemin.socle.bases import InsertionSeule, insertion_seule

HEX = 64
"""Longueur d'une empreinte SHA-256 en hexadécimal."""


class Mentions(Func):
    """Les identifiants (UUID) que nomment les données d'une entrée, à toute profondeur : ce par quoi on la cherche.

    La fonction est à nous (migration 0002), immuable : la base l'indexe, le contenu scellé n'en dépend pas.
    """

    function = "registre_mentions"
    output_field = JSONField()


class ActeurOpaque(models.Model):
    """Un acteur tel que le journal le connaît : un identifiant, sans nom."""

    id = models.UUIDField("identifiant", primary_key=True, editable=False)
    nature = models.CharField("nature", max_length=10, choices=[(n.value, n.value) for n in NatureActeur])

    class Meta:
        verbose_name = "acteur"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.id)


class Chaine(models.Model):
    """Une chaîne, par périmètre (`organisme:<id>`, `referentiels`…), et sa tête comptée.

    Le nom est la clé : le journal se lit sans jointure. Une écriture ne verrouille que cette ligne.
    La base n'admet qu'un pas : la longueur croît de un et la tête précédente est celle d'avant.
    """

    nom = models.CharField("nom", primary_key=True, max_length=100, editable=False)
    longueur = models.PositiveBigIntegerField("longueur")
    precedente = models.CharField("tête précédente", max_length=HEX)
    tete = models.CharField("tête", max_length=HEX)

    class Meta:
        verbose_name = "chaîne"
        triggers = [
            InsertionSeule(
                name="un_pas_a_la_fois",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (NEW.nom = OLD.nom AND NEW.longueur = OLD.longueur + 1 AND NEW.precedente = OLD.tete)"
                ),
            ),
            InsertionSeule(name="ni_delete", operation=pgtrigger.Delete),
            InsertionSeule(name="ni_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.longueur})"


class Entree(models.Model):
    """Une écriture : qui, quand, quoi, sur quel objet, à la suite de quelle entrée. Ne change jamais."""

    chaine = models.ForeignKey(Chaine, verbose_name="chaîne", on_delete=models.PROTECT, db_index=False)
    rang = models.PositiveBigIntegerField("rang")
    instant = models.DateTimeField("instant")
    auteur = models.ForeignKey(ActeurOpaque, verbose_name="auteur", on_delete=models.PROTECT, db_index=False)
    action = models.CharField("action", max_length=80)
    objet_type = models.CharField("type de l'objet", max_length=80)
    objet_id = models.CharField("identifiant de l'objet", max_length=100)
    donnees = models.JSONField("données", help_text="Sans donnée personnelle.")
    engagements = models.JSONField("engagements", help_text="Nom de la valeur personnelle, empreinte salée.")
    scelles = models.JSONField("lignes scellées", help_text="Nom de la table, clé, empreinte.")
    precedent = models.CharField("empreinte de l'entrée précédente", max_length=HEX)
    empreinte = models.CharField("empreinte", max_length=HEX)

    class Meta:
        verbose_name = "entrée"
        verbose_name_plural = "entrées"
        constraints = [models.UniqueConstraint(fields=["chaine", "rang"], name="entree_un_rang_par_chaine")]
        indexes = [
            # Chaque façon de chercher a son index dans l'ordre de la page : la première page d'un million est immédiate.
            models.Index(fields=["-instant", "-id"], name="entree_par_instant"),
            models.Index(fields=["chaine", "-instant", "-id"], name="entree_par_chaine"),
            models.Index(fields=["auteur", "-instant", "-id"], name="entree_par_auteur"),
            models.Index(fields=["action", "-instant", "-id"], name="entree_par_action"),
            models.Index(fields=["objet_id", "objet_type"], name="entree_par_objet"),
            GinIndex(Mentions(F("donnees")), name="entree_par_mention"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.chaine_id} n° {self.rang}"


class ValeurPersonnelle(models.Model):
    """La valeur dont une entrée ne porte que l'engagement salé. On peut la vider, rien d'autre.

    Vider ôte aussi le sel : sans lui, l'engagement resté dans la chaîne ne se devine pas.
    """

    entree = models.ForeignKey(
        Entree, verbose_name="entrée", on_delete=models.PROTECT, related_name="valeurs", db_index=False
    )
    nom = models.CharField("nom", max_length=80)
    sel = models.BinaryField("sel de 128 bits", null=True)
    valeur = models.TextField("valeur", null=True)  # noqa: DJ001 (NULL : effacée ; le texte vide est une valeur)

    class Meta:
        verbose_name = "valeur personnelle"
        verbose_name_plural = "valeurs personnelles"
        constraints = [
            models.UniqueConstraint(fields=["entree", "nom"], name="valeur_un_nom_par_entree"),
            models.CheckConstraint(
                name="valeur_avec_son_sel",
                condition=Q(sel__isnull=True, valeur__isnull=True) | Q(sel__isnull=False, valeur__isnull=False),
            ),
        ]
        triggers = [
            InsertionSeule(
                name="vider_seulement",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NOT (NEW.id = OLD.id AND NEW.entree_id = OLD.entree_id AND NEW.nom = OLD.nom"
                    " AND NEW.sel IS NULL AND NEW.valeur IS NULL)"
                ),
            ),
            InsertionSeule(name="ni_delete", operation=pgtrigger.Delete),
            InsertionSeule(name="ni_truncate", operation=pgtrigger.Truncate, level=pgtrigger.Statement),
        ]

    def __str__(self) -> str:
        return f"{self.entree_id} {self.nom}"


class Consultation(models.Model):
    """Le premier regard d'un jour, par un lecteur, sur une page d'un dossier dont il n'est pas de l'équipe.

    Une ligne par lecteur, objet, page et jour : le journal garde qui a regardé quoi, sans se noyer sous les retours.
    """

    lecteur = models.UUIDField("lecteur", editable=False)
    objet_type = models.CharField("type de l'objet", max_length=80)
    objet_id = models.CharField("identifiant de l'objet", max_length=100)
    page = models.CharField("page", max_length=40)
    jour = models.DateField("jour, à Paris")

    class Meta:
        verbose_name = "consultation"
        constraints = [
            models.UniqueConstraint(
                fields=["lecteur", "objet_id", "objet_type", "page", "jour"], name="consultation_une_par_jour"
            )
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.page} de {self.objet_type} {self.objet_id}"


class Verification(models.Model):
    """Une vérification du journal menée par la file : ce qui fut relu, et ce qui ne tenait plus. Ne change jamais."""

    demandee_par = models.UUIDField("demandée par", editable=False)
    debut = models.DateTimeField("début")
    fin = models.DateTimeField("fin")
    chaines = models.PositiveBigIntegerField("chaînes")
    entrees = models.PositiveBigIntegerField("entrées")
    scelles = models.PositiveBigIntegerField("lignes scellées")
    ligne_numero = models.PositiveBigIntegerField("numéro de la dernière ligne signée", null=True)
    ligne_instant = models.DateTimeField("instant de la dernière ligne signée", null=True)
    nombre_anomalies = models.PositiveBigIntegerField("nombre d'endroits rompus")
    anomalies = models.JSONField("endroits rompus", help_text="Les premiers, une phrase chacun.")

    class Meta:
        verbose_name = "vérification"
        indexes = [models.Index(fields=["-fin", "-id"], name="verification_par_fin")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"vérification du {self.fin:%Y-%m-%d}"
