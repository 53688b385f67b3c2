"""Les tables de l'attestation sans compte : liens nominatifs et leur code, avis de ce qui est attesté, répudiations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from parchemin.carnet.models.carnets import Carnet
from parchemin.parcours.enums import Qualite
from parchemin.socle.bases import Identifie, insertion_seule


class LienAttestation(Identifie):
    """Un lien nominatif vers l'attestation de quelques compétences. La base n'en garde que l'empreinte, et celle du code.

    Le lien seul n'ouvre rien : il fait partir un code à l'adresse professionnelle de sa personne. Il se ferme quand tout ce
    qu'il demandait est attesté, quand un autre le remplace, ou quand trop de codes ont été demandés ou manqués.
    """

    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="liens")
    qualite = models.CharField("qualité", max_length=10, choices=Qualite)
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    competences = models.JSONField("codes des compétences demandées, dans l'ordre du référentiel")
    demande_par = models.UUIDField("demandé par")
    emis_le = models.DateTimeField("émis le")
    expire = models.DateTimeField("expire le")
    ferme_le = models.DateTimeField("fermé le", null=True)
    fermeture = models.CharField("pourquoi il est fermé", max_length=20, blank=True)
    codes = models.PositiveSmallIntegerField("codes partis", default=0)
    code_empreinte = models.CharField("empreinte du code en cours", max_length=64, blank=True)
    code_emis_le = models.DateTimeField("code émis le", null=True)
    code_expire = models.DateTimeField("code échu le", null=True)
    code_essais = models.PositiveSmallIntegerField("essais manqués du code en cours", default=0)

    class Meta:
        verbose_name = "lien d'attestation"
        constraints = [
            models.CheckConstraint(name="lien_attestation_expire_apres", condition=Q(expire__gt=F("emis_le"))),
            models.CheckConstraint(
                name="lien_attestation_ferme_pourquoi",
                condition=Q(ferme_le=None, fermeture="") | (Q(ferme_le__isnull=False) & ~Q(fermeture="")),
            ),
            models.UniqueConstraint(
                "carnet", "qualite", name="lien_attestation_un_en_cours", condition=Q(ferme_le__isnull=True)
            ),
        ]
        indexes = [models.Index(fields=["personne", "-emis_le"], name="lien_attestation_par_personne")]

    def __str__(self) -> str:
        return str(self.pk)


class AvisAttestation(Identifie):
    """Le courriel qui dit à une personne ce qui vient d'être attesté en son nom, et le lien par lequel elle le répudie."""

    empreinte = models.CharField("empreinte SHA-256 du jeton", max_length=64, unique=True)
    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="avis")
    qualite = models.CharField("qualité", max_length=10, choices=Qualite)
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne", on_delete=models.PROTECT, related_name="+"
    )
    emis_le = models.DateTimeField("émis le")
    jusqu_au = models.DateTimeField("se répudie avant le")

    class Meta:
        verbose_name = "avis d'attestation"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Repudiation(Identifie):
    """Une personne dit qu'elle n'a pas attesté ce que porte son nom : le carnet est gelé jusqu'à ce qu'on le lève."""

    avis = models.OneToOneField(
        AvisAttestation, verbose_name="avis", on_delete=models.PROTECT, related_name="repudiation"
    )
    carnet = models.ForeignKey(Carnet, verbose_name="carnet", on_delete=models.PROTECT, related_name="repudiations")
    motif = models.TextField("motif", blank=True)
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "répudiation"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Levee(Identifie):
    """Le gestionnaire a éclairci une répudiation : le carnet n'est plus gelé. Ce qui fut répudié le reste."""

    repudiation = models.OneToOneField(
        Repudiation, verbose_name="répudiation", on_delete=models.PROTECT, related_name="levee"
    )
    motif = models.TextField("motif")
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "levée de gel"
        constraints = [models.CheckConstraint(name="levee_motivee", condition=~Q(motif=""))]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)
