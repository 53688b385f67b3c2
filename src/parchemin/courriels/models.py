"""Les tables : la boîte d'envoi, les nouvelles gardées, les préférences, les tournées du courriel du jour.

Les personnes y sont des identifiants opaques : cette capacité est sous `comptes`, qui lui donne les adresses.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.courriels.enums import Etat, Rythme
from parchemin.socle.bases import Identifie


class Envoi(Identifie):
    """Un courriel à une personne, écrit dans la transaction qui le cause. Sa clé n'existe qu'une fois.

    Adresse, objet et corps se vident (après l'envoi s'il est secret, sinon après un délai) ; le reste demeure.
    `facultatif_du` porte le jour civil d'un facultatif : la base n'en admet qu'un par personne et par jour.
    """

    cle = models.CharField("clé d'idempotence", max_length=200, unique=True)
    genre = models.CharField("genre", max_length=80)
    destinataire = models.UUIDField("destinataire", null=True, help_text="Nul : une adresse que personne ici ne porte.")
    adresse = models.EmailField("adresse", blank=True)
    objet = models.CharField("objet", max_length=200, blank=True)
    texte = models.TextField("corps en texte", blank=True)
    html = models.TextField("corps en HTML", blank=True)
    calendrier = models.TextField("invitation au calendrier (iCalendar)", blank=True)
    calendrier_methode = models.CharField("méthode iCalendar", max_length=10, blank=True)
    secret = models.BooleanField("secret", default=False, help_text="Le corps est vidé dès que l'envoi est clos.")
    facultatif_du = models.DateField("facultatif du", null=True)
    etat = models.CharField("état", max_length=12, choices=Etat, default=Etat.A_ENVOYER)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    derniere_erreur = models.CharField(
        "dernière erreur", max_length=200, blank=True, help_text="Un code, sans adresse."
    )
    depose_le = models.DateTimeField("déposé le")
    perime_le = models.DateTimeField("périmé le", null=True, help_text="Passé cet instant, il ne part plus.")
    prochain_essai = models.DateTimeField("prochain essai", null=True)
    clos_le = models.DateTimeField("clos le", null=True)
    vide_le = models.DateTimeField("vidé le", null=True)

    class Meta:
        verbose_name = "envoi"
        constraints = [
            models.CheckConstraint(
                name="envoi_clos_ou_a_reessayer",
                condition=Q(etat=Etat.A_ENVOYER, clos_le=None, prochain_essai__isnull=False)
                | (Q(etat__in=(Etat.ENVOYE, Etat.ECHEC, Etat.ANNULE), clos_le__isnull=False, prochain_essai=None)),
            ),
            models.CheckConstraint(
                name="envoi_a_envoyer_entier", condition=~Q(etat=Etat.A_ENVOYER) | ~(Q(adresse="") | Q(texte=""))
            ),
            models.CheckConstraint(
                name="envoi_secret_vide_une_fois_clos", condition=Q(secret=False) | Q(etat=Etat.A_ENVOYER) | Q(texte="")
            ),
            models.UniqueConstraint(
                fields=["destinataire", "facultatif_du"],
                name="envoi_un_facultatif_par_jour",
                condition=Q(facultatif_du__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["prochain_essai"], name="envoi_a_reprendre", condition=Q(etat=Etat.A_ENVOYER)),
            models.Index(fields=["destinataire", "-depose_le"], name="envoi_par_personne"),
            models.Index(fields=["clos_le"], name="envoi_a_vider", condition=Q(vide_le=None, clos_le__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Nouvelle(Identifie):
    """Ce que l'on dira à une personne dans son prochain courriel du jour. Sa clé n'existe qu'une fois."""

    cle = models.CharField("clé d'idempotence", max_length=200, unique=True)
    genre = models.CharField("genre", max_length=80)
    destinataire = models.UUIDField("destinataire")
    titre = models.CharField("titre", max_length=300, blank=True)
    pourquoi = models.CharField("pourquoi", max_length=500, blank=True)
    chemin = models.CharField("chemin", max_length=300, blank=True)
    gardee_le = models.DateTimeField("gardée le")
    envoi = models.ForeignKey(
        Envoi, verbose_name="dite par", on_delete=models.PROTECT, null=True, related_name="nouvelles"
    )

    class Meta:
        verbose_name = "nouvelle"
        indexes = [models.Index(fields=["destinataire", "gardee_le"], name="nouvelle_a_dire", condition=Q(envoi=None))]

    def __str__(self) -> str:
        return str(self.pk)


class Preference(Identifie):
    """Le rythme qu'une personne a choisi pour un genre ; sans ligne, celui du genre."""

    personne = models.UUIDField("personne")
    genre = models.CharField("genre", max_length=80)
    rythme = models.CharField("rythme", max_length=10, choices=Rythme)
    depuis = models.DateTimeField("depuis le")

    class Meta:
        verbose_name = "préférence"
        constraints = [
            models.UniqueConstraint(fields=["personne", "genre"], name="preference_une_par_genre"),
            models.CheckConstraint(name="preference_rythme_connu", condition=Q(rythme__in=Rythme.values)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Tournee(models.Model):
    """La composition des courriels d'un jour : jusqu'à quelle personne on en est, pour reprendre après un arrêt."""

    jour = models.DateField("jour civil", primary_key=True)
    curseur = models.UUIDField("dernière personne vue", null=True)
    finie_le = models.DateTimeField("finie le", null=True)

    class Meta:
        verbose_name = "tournée"

    def __str__(self) -> str:
        return self.jour.isoformat()
