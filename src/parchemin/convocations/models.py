"""Les tables : épreuves, leurs états, les affectations ; déclarations, récusations, indépendances à vérifier ; incidents."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.convocations.enums import SANS_SUITE, GenreDeclare, GenreIncident, Qualite, SuiteIncident
from parchemin.socle.bases import Identifie, Passage, insertion_seule


class Epreuve(Identifie):
    """La situation d'un bloc où deux évaluateurs observent un candidat. Une seule à la fois par bloc d'un dossier.

    `norme` est l'empreinte SHA-256 de la norme contre laquelle la grille se juge : elle ne change jamais.
    `etat` et `depuis` redisent le dernier passage (`PassageEpreuve`), pour trier et filtrer ; `services` les tient
    ensemble, dans la même transaction. Les états sont ceux de `moteur.etats.EPREUVE`. `remplace` : l'épreuve du même
    bloc, non évaluée, que celle-ci recommence.
    """

    dossier = models.ForeignKey(
        "parcours.Dossier", verbose_name="dossier", on_delete=models.PROTECT, related_name="epreuves"
    )
    bloc = models.CharField("code du bloc", max_length=20)
    norme = models.CharField("empreinte de la norme", max_length=64)
    prevue_le = models.DateTimeField("prévue le")
    lieu = models.CharField("lieu", max_length=200)
    etat = models.CharField("état", max_length=30, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    remplace = models.OneToOneField(
        "self",
        verbose_name="remplace",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="remplacee_par",
    )

    class Meta:
        verbose_name = "épreuve"
        ordering = ("prevue_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("dossier", "bloc"), condition=~Q(etat__in=SANS_SUITE), name="epreuve_une_par_bloc"
            )
        ]
        indexes = [models.Index("prevue_le", name="epreuve_par_date")]

    def __str__(self) -> str:
        return f"{self.bloc} {self.pk}"


class PassageEpreuve(Passage):
    """Un changement d'état : une ligne de plus, jamais une ligne changée."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="passages")

    class Meta:
        verbose_name = "passage d'une épreuve"
        verbose_name_plural = "passages des épreuves"
        ordering = ("epreuve", "rang")
        constraints = [models.UniqueConstraint("epreuve", "rang", name="passage_epreuve_un_rang")]
        triggers = insertion_seule()


class Affectation(Identifie):
    """Une personne évalue une épreuve, en une qualité, du jour `du` jusqu'à ce qu'on l'en relève (`au`).

    `remplace` : l'affectation qu'elle reprend alors que l'épreuve avait commencé ; elle juge ce qui peut encore l'être.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="affectations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="affectations"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    du = models.DateTimeField("du")
    au = models.DateTimeField("au", null=True, blank=True)
    remplace = models.ForeignKey(
        "self", verbose_name="remplace", on_delete=models.PROTECT, null=True, blank=True, related_name="remplacants"
    )
    motif = models.TextField("motif du remplacement", blank=True)

    class Meta:
        verbose_name = "affectation"
        ordering = ("du", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "qualite"), condition=Q(au__isnull=True), name="affectation_une_par_qualite"
            ),
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"), condition=Q(au__isnull=True), name="affectation_une_par_personne"
            ),
            models.CheckConstraint(
                name="affectation_dates_en_ordre", condition=Q(au__isnull=True) | Q(au__gte=F("du"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualite} {self.pk}"


class Declaration(Identifie):
    """Ce qu'un évaluateur a déclaré, et signé, avant d'ouvrir la grille. D'un lien, le genre seulement."""

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="declarations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="declarations"
    )
    genre = models.CharField("déclare", max_length=30, choices=GenreDeclare)
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=32)

    class Meta:
        verbose_name = "déclaration"
        ordering = ("le", "id")
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", "genre", name="declaration_une_fois_par_genre")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"


class Recusation(Identifie):
    """Un candidat demande qu'un évaluateur soit remplacé, et dit pourquoi.

    `etat` redit le dernier passage ; ses états sont ceux de `moteur.etats.RECUSATION`.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="recusations")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="recusations"
    )
    motif = models.TextField("motif")
    etat = models.CharField("état", max_length=20, editable=False)
    deposee_le = models.DateTimeField("déposée le")

    class Meta:
        verbose_name = "récusation"
        ordering = ("deposee_le", "id")
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", name="recusation_une_par_evaluateur")]

    def __str__(self) -> str:
        return f"{self.etat} {self.pk}"


class PassageRecusation(Passage):
    """Un changement d'état d'une récusation, avec la réponse de qui l'a tranchée."""

    recusation = models.ForeignKey(
        Recusation, verbose_name="récusation", on_delete=models.PROTECT, related_name="passages"
    )

    class Meta:
        verbose_name = "passage d'une récusation"
        verbose_name_plural = "passages des récusations"
        ordering = ("recusation", "rang")
        constraints = [models.UniqueConstraint("recusation", "rang", name="passage_recusation_un_rang")]
        triggers = insertion_seule()


class AVerifier(Identifie):
    """Un évaluateur en place que la barrière écarte depuis un fait nouveau (lien, manager) : le gestionnaire agit.

    `obstacles` : les codes du moteur. `close_le` : il a été remplacé, ou plus rien ne l'écarte.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="a_verifier")
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="a_verifier"
    )
    obstacles = models.JSONField("obstacles")
    ouverte_le = models.DateTimeField("ouverte le")
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "indépendance à vérifier"
        verbose_name_plural = "indépendances à vérifier"
        ordering = ("ouverte_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"), condition=Q(close_le=None), name="a_verifier_une_ouverte"
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Incident(Identifie):
    """Ce qui a suspendu une épreuve : qui l'a dit, quand, et pourquoi. Plusieurs peuvent suspendre la même épreuve.

    `etat_avant` : l'état de l'épreuve quand le premier d'entre eux l'a suspendue ; une reprise le lui rend.
    """

    epreuve = models.ForeignKey(Epreuve, verbose_name="épreuve", on_delete=models.PROTECT, related_name="incidents")
    genre = models.CharField("genre", max_length=20, choices=GenreIncident)
    motif = models.TextField("ce qui s'est passé")
    auteur = models.UUIDField("signalé par")
    le = models.DateTimeField("signalé le")
    etat_avant = models.CharField("état d'avant", max_length=30)

    class Meta:
        verbose_name = "incident"
        ordering = ("le", "id")
        indexes = [models.Index("epreuve", "le", name="incident_par_epreuve")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"


class SuiteDIncident(models.Model):
    """Ce que le gestionnaire a décidé : une ligne par incident, une fois. `nouvelle` : l'épreuve ouverte à sa place."""

    incident = models.OneToOneField(
        Incident, verbose_name="incident", on_delete=models.PROTECT, related_name="suite", primary_key=True
    )
    suite = models.CharField("suite", max_length=20, choices=SuiteIncident)
    motif = models.TextField("motif")
    auteur = models.UUIDField("tranché par")
    le = models.DateTimeField("le")
    nouvelle = models.ForeignKey(
        Epreuve, verbose_name="nouvelle épreuve", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = "suite d'un incident"
        verbose_name_plural = "suites des incidents"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.suite} {self.incident_id}"
