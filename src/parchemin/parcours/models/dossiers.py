"""Les tables : dossiers, blocs demandés, désignations, passages d'état."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.parcours.enums import AccesVae, Initiative, Qualite, Voie
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class Dossier(Identifie):
    """Le parcours d'un candidat vers une version d'un référentiel, pour les blocs qu'il demande.

    `etat` et `depuis` redisent le dernier passage (`PassageDossier`), pour trier et filtrer ; `services` les tient
    ensemble, dans la même transaction. Les états et leurs transitions sont ceux de `moteur.etats.DOSSIER`.
    """

    candidat = models.ForeignKey(
        "comptes.Personne", verbose_name="candidat", on_delete=models.PROTECT, related_name="dossiers"
    )
    organisme = models.ForeignKey(
        "comptes.Organisme", verbose_name="organisme", on_delete=models.PROTECT, related_name="dossiers"
    )
    referentiel_code = models.CharField("code du référentiel", max_length=60)
    referentiel_version = models.CharField("version du référentiel", max_length=20)
    norme_empreinte = models.CharField("empreinte de la norme", max_length=64)
    voie = models.CharField("voie d'accès", max_length=40, choices=Voie)
    initiative = models.CharField("initiative", max_length=30, choices=Initiative)
    entree_le = models.DateField("entrée dans le parcours")
    recevable_le = models.DateField("VAE déclarée recevable le", null=True)
    acces_vae = models.CharField("accès à la VAE", max_length=20, choices=AccesVae, blank=True)
    referent_rh = models.ForeignKey(
        "comptes.Personne",
        verbose_name="référent RH",
        on_delete=models.PROTECT,
        related_name="dossiers_suivis",
        null=True,
    )
    tuteur = models.ForeignKey(
        "comptes.Personne", verbose_name="tuteur", on_delete=models.PROTECT, related_name="dossiers_tuteur", null=True
    )
    manager = models.ForeignKey(
        "comptes.Personne", verbose_name="manager", on_delete=models.PROTECT, related_name="dossiers_manager", null=True
    )
    importation = models.ForeignKey(
        "parcours.ImportCandidats",
        verbose_name="ouvert par l'import",
        on_delete=models.PROTECT,
        related_name="dossiers",
        null=True,
        editable=False,
    )
    etat = models.CharField("état", max_length=30, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    ouvert = models.BooleanField("ouvert", editable=False, help_text="Faux une fois évalué, ou dans un état terminal.")
    inscrit_le = models.DateTimeField("inscrit le")
    suite_de = models.OneToOneField(
        "self",
        verbose_name="poursuit le dossier",
        on_delete=models.PROTECT,
        related_name="poursuivi_par",
        null=True,
        editable=False,
    )

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.UniqueConstraint(
                fields=("candidat", "referentiel_code", "referentiel_version"),
                name="dossier_un_ouvert_par_version",
                condition=Q(ouvert=True),
            ),
            models.CheckConstraint(
                name="dossier_trois_personnes",
                condition=(Q(tuteur=None) | ~Q(tuteur=F("candidat")))
                & (Q(manager=None) | ~Q(manager=F("candidat")))
                & (Q(tuteur=None) | Q(manager=None) | ~Q(tuteur=F("manager"))),
            ),
            models.CheckConstraint(
                name="dossier_recevable_si_vae",
                condition=Q(voie=Voie.VAE) | Q(recevable_le__isnull=True, acces_vae=""),
            ),
            models.CheckConstraint(
                name="dossier_referent_autre", condition=Q(referent_rh=None) | ~Q(referent_rh=F("candidat"))
            ),
        ]
        indexes = [
            models.Index("organisme", "etat", name="dossier_par_organisme"),
            models.Index("etat", "depuis", "id", name="dossier_ouvert_par_attente", condition=Q(ouvert=True)),
            models.Index("depuis", "id", name="dossier_ouvert_depuis", condition=Q(ouvert=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class BlocDemande(models.Model):
    """Un bloc que le candidat demande à valider."""

    dossier = models.ForeignKey(Dossier, verbose_name="dossier", on_delete=models.PROTECT, related_name="blocs")
    code = models.CharField("code du bloc", max_length=20)
    rang = models.PositiveSmallIntegerField("rang dans le référentiel")

    class Meta:
        verbose_name = "bloc demandé"
        verbose_name_plural = "blocs demandés"
        ordering = ("dossier", "rang")
        constraints = [
            models.UniqueConstraint("dossier", "code", name="bloc_demande_une_fois"),
            models.UniqueConstraint("dossier", "rang", name="bloc_demande_un_rang"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return self.code


class Designation(models.Model):
    """Qui a été nommé, en quelle qualité, quand. La dernière ligne d'une qualité est celle qui vaut."""

    dossier = models.ForeignKey(Dossier, verbose_name="dossier", on_delete=models.PROTECT, related_name="designations")
    qualite = models.CharField("qualité", max_length=10, choices=Qualite)
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="designations"
    )
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "désignation"
        ordering = ("dossier", "instant", "id")
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.qualite} {self.dossier_id}"


class PassageDossier(Passage):
    """Un changement d'état : une ligne de plus, jamais une ligne changée."""

    dossier = models.ForeignKey(Dossier, verbose_name="dossier", on_delete=models.PROTECT, related_name="passages")

    class Meta:
        verbose_name = "passage"
        ordering = ("dossier", "rang")
        constraints = [models.UniqueConstraint("dossier", "rang", name="passage_un_rang")]
        triggers = insertion_seule()
