"""Les habilitations : ce que chaque convention permet, à partir de quand ; ce qui a été déclaré à France compétences."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.comptes.enums import EtatHabilitation, TitreHabilitation
from parchemin.comptes.models.organismes import Organisme
from parchemin.socle.bases import Identifie, insertion_seule


class Habilitation(Identifie):
    """Un organisme, une certification, une convention. Ce qu'elle permet est dans ses lignes.

    `certification` est le code d'un référentiel (`cqp-cos`), toutes versions comprises. `derniere_ligne` sert de verrou :
    deux personnes n'ajoutent pas la même ligne.
    """

    organisme = models.ForeignKey(
        Organisme, verbose_name="organisme", on_delete=models.PROTECT, related_name="habilitations"
    )
    certification = models.CharField("certification", max_length=60)
    titre = models.CharField("à quel titre", max_length=20, choices=TitreHabilitation)
    convention = models.CharField("référence de la convention", max_length=120, blank=True)
    signee_le = models.DateField("signée le", null=True, blank=True)
    derniere_ligne = models.PositiveIntegerField("rang de la dernière ligne", default=1, editable=False)

    class Meta:
        verbose_name = "habilitation"
        constraints = [
            models.UniqueConstraint(
                fields=("organisme", "certification", "convention"),
                name="habilitation_une_par_convention",
            ),
            models.CheckConstraint(
                name="habilitation_convention_dite",
                condition=Q(titre="certificateur") | (~Q(convention="") & Q(signee_le__isnull=False)),
            ),
        ]
        indexes = [models.Index("certification", "organisme", name="habilitation_par_certification")]

    def __str__(self) -> str:
        return str(self.pk)


class LigneHabilitation(models.Model):
    """Ce que dit l'habilitation à partir du jour `effet`, et jusqu'à la ligne suivante. Une ligne ne change jamais."""

    habilitation = models.ForeignKey(
        Habilitation, verbose_name="habilitation", on_delete=models.PROTECT, related_name="lignes"
    )
    rang = models.PositiveIntegerField("rang")
    effet = models.DateField("prend effet le")
    etat = models.CharField("état", max_length=20, choices=EtatHabilitation)
    evaluer = models.BooleanField("peut évaluer")
    preparer = models.BooleanField("peut préparer")
    blocs = models.JSONField("blocs", null=True, help_text="Codes des blocs ; vide : la certification entière.")
    dernier_jour = models.DateField("dernier jour de validité", null=True, blank=True)
    motif = models.TextField("motif", blank=True)
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "ligne d'habilitation"
        verbose_name_plural = "lignes d'habilitation"
        ordering = ("habilitation", "rang")
        constraints = [
            models.UniqueConstraint("habilitation", "rang", name="ligne_habilitation_un_rang"),
            models.CheckConstraint(
                name="ligne_habilitation_etat_ecrit", condition=Q(etat__in=("en_vigueur", "suspendue", "resiliee"))
            ),
            models.CheckConstraint(
                name="ligne_habilitation_une_mission", condition=Q(evaluer=True) | Q(preparer=True)
            ),
            models.CheckConstraint(
                name="ligne_habilitation_dates_en_ordre",
                condition=Q(dernier_jour__isnull=True) | Q(dernier_jour__gte=F("effet")) | Q(etat="resiliee"),
            ),
        ]  # fmt: skip
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.rang} {self.etat}"


class DeclarationHabilitation(models.Model):
    """Un changement déclaré à France compétences : une ligne de l'habilitation, ou son arrivée à terme (`au_terme`)."""

    ligne = models.ForeignKey(
        LigneHabilitation, verbose_name="ligne", on_delete=models.PROTECT, related_name="declarations"
    )
    au_terme = models.BooleanField("arrivée à terme", default=False)
    declaree_le = models.DateField("déclarée le")
    reference = models.CharField("référence de la déclaration", max_length=120, blank=True)
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "déclaration d'habilitation"
        verbose_name_plural = "déclarations d'habilitation"
        constraints = [models.UniqueConstraint("ligne", "au_terme", name="declaration_habilitation_une_fois")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.ligne_id} {self.declaree_le}"
