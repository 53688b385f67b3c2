"""Les tables : faits, lectures scellées, positions d'accord, résultats, seconds regards.

Toutes sont à insertion seule, sauf `SecondRegard`, qui redit le dernier de ses passages.
"""

from __future__ import annotations

from django.db import models

from parchemin.convocations.enums import Qualite
from parchemin.evaluation.enums import GenrePiece, Main, NatureResultat, Position, SensAvis, Sort
from parchemin.socle.bases import Identifie, Passage, insertion_seule

EMPREINTE = 64
"""Longueur d'une empreinte SHA-256 en hexadécimal."""
SEL = 32
"""Longueur d'un sel de 128 bits en hexadécimal."""


class Fait(models.Model):
    """Un geste d'un évaluateur sur sa grille, tel que l'appareil l'a fait (`docs/echange-des-faits.md`).

    `id` est tiré par l'appareil ; `rang` compte les gestes de cet appareil ; `remplace` est le fait corrigé ;
    `vus` donne, pour chaque autre appareil, le plus haut rang que celui-ci avait vu ; `mural` est l'heure affichée
    par l'appareil (elle ne décide de rien) ; `monotone_ms` sa montre, en millisecondes, pour les durées. `ressaisie` : ce
    fait vient d'une grille papier, ressaisie par l'équipe du gestionnaire ; le papier compte alors comme un appareil.
    """

    id = models.UUIDField("identifiant", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="faits"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="faits"
    )
    appareil = models.UUIDField("appareil")
    rang = models.PositiveIntegerField("rang")
    cible = models.CharField("cible", max_length=80)
    valeur = models.JSONField("valeur", null=True)
    remplace = models.UUIDField("remplace", null=True)
    vus = models.JSONField("vus")
    mural = models.DateTimeField("heure de l'appareil")
    monotone_ms = models.BigIntegerField("montre de l'appareil (ms)")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    recu_le = models.DateTimeField("reçu le")
    sel = models.CharField("sel", max_length=SEL)
    ressaisie = models.ForeignKey(
        "Ressaisie", verbose_name="papier", on_delete=models.PROTECT, null=True, related_name="faits"
    )

    class Meta:
        verbose_name = "fait"
        constraints = [
            models.UniqueConstraint("epreuve", "evaluateur", "appareil", "rang", name="fait_un_par_rang"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.cible} {self.pk}"


class GesteAbandonne(models.Model):
    """Un fait que le serveur a refusé, et auquel son auteur a renoncé : l'appareil ne l'oublie qu'une fois ceci inscrit.

    `id` est celui que l'appareil avait donné au fait ; `contenu` le fait entier ; `code` et `raison` le refus d'alors.
    """

    id = models.UUIDField("identifiant du fait", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="abandons"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="abandons"
    )
    contenu = models.JSONField("le fait abandonné")
    code = models.CharField("code du refus", max_length=40)
    raison = models.TextField("raison du refus")
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "geste abandonné"
        verbose_name_plural = "gestes abandonnés"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.code} {self.pk}"


class GesteMisAPart(models.Model):
    """Un fait reçu de qui n'était plus affecté à l'épreuve, ou n'y était plus admissible : il attend le gestionnaire.

    `id` est celui que l'appareil a donné ; `contenu` le fait entier, tel qu'envoyé ; `motif` le code de ce qui l'écarte.
    """

    id = models.UUIDField("identifiant du fait", primary_key=True, editable=False)
    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="gestes_a_part"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="gestes_a_part"
    )
    contenu = models.JSONField("le fait")
    motif = models.CharField("motif", max_length=60)
    recu_le = models.DateTimeField("reçu le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "geste mis à part"
        verbose_name_plural = "gestes mis à part"
        indexes = [models.Index("epreuve", "evaluateur", name="geste_a_part_par_lecture")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.motif} {self.pk}"


class SortDeGeste(models.Model):
    """Ce que le gestionnaire a décidé d'un geste mis à part : une ligne par geste, une fois."""

    geste = models.OneToOneField(
        GesteMisAPart, verbose_name="geste", on_delete=models.PROTECT, related_name="sort", primary_key=True
    )
    sort = models.CharField("sort", max_length=10, choices=Sort)
    motif = models.TextField("motif")
    auteur = models.UUIDField("auteur")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "sort d'un geste"
        verbose_name_plural = "sorts des gestes"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.sort} {self.geste_id}"


class FaconDeNoter(models.Model):
    """Ce qu'un évaluateur a réglé pour lui-même : ses phrases rapides, sa main, ses raccourcis de clavier.

    `rang` compte les enregistrements : une page ouverte avant un autre enregistrement n'en efface pas la suite.
    """

    personne = models.OneToOneField(
        "comptes.Personne",
        verbose_name="personne",
        on_delete=models.PROTECT,
        related_name="facon_de_noter",
        primary_key=True,
    )
    phrases = models.JSONField("phrases rapides")
    main = models.CharField("main", max_length=10, choices=Main)
    raccourcis = models.BooleanField("raccourcis d'une seule touche")
    rang = models.PositiveIntegerField("rang")
    le = models.DateTimeField("réglée le")

    class Meta:
        verbose_name = "façon de noter"
        verbose_name_plural = "façons de noter"

    def __str__(self) -> str:
        return f"{self.rang} {self.personne_id}"


class Lecture(Identifie):
    """Ce qu'un évaluateur a constaté, clos et scellé.

    `canonique` est le JSON canonique de la lecture, sel compris ; `empreinte` est son SHA-256.
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="lectures"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="lectures"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    scellee_le = models.DateTimeField("scellée le")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "lecture"
        constraints = [
            models.UniqueConstraint("epreuve", "qualite", name="lecture_une_par_qualite"),
            models.UniqueConstraint("epreuve", "evaluateur", name="lecture_une_par_evaluateur"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.qualite} {self.pk}"


class PositionAccord(Identifie):
    """Ce qu'un évaluateur propose, ou confirme, là où les deux lectures diffèrent : un critère, ou une condition.

    La dernière position de chacun compte ; quand les deux sont la même, le point est réglé.
    `confirme` est la position de l'autre à laquelle celle-ci répond « oui ».
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="positions"
    )
    rang = models.PositiveIntegerField("rang")
    critere = models.CharField("code du critère", max_length=20, blank=True)
    condition = models.CharField("condition (`moteur.conditions`)", max_length=80, blank=True)
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="positions"
    )
    choix = models.CharField("choix", max_length=20, choices=Position)
    motif = models.TextField("motif", blank=True)
    confirme = models.ForeignKey("self", verbose_name="confirme", on_delete=models.PROTECT, null=True, blank=True)
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "position d'accord"
        verbose_name_plural = "positions d'accord"
        ordering = ("epreuve", "rang")
        constraints = [
            models.UniqueConstraint("epreuve", "rang", name="position_un_rang_par_epreuve"),
            models.CheckConstraint(
                name="position_sur_un_point", condition=models.Q(critere="") ^ models.Q(condition="")
            ),
            models.CheckConstraint(
                name="position_motivee_ou_confirmation",
                condition=~models.Q(motif="") | models.Q(confirme__isnull=False),
            ),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.critere or self.condition} {self.choix}"


class Confirmation(Identifie):
    """Un évaluateur confirme un résultat sur lequel les deux lectures concordent : un geste chacun, et il s'établit."""

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="confirmations"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="confirmations"
    )
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "confirmation"
        constraints = [models.UniqueConstraint("epreuve", "evaluateur", name="confirmation_une_par_evaluateur")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.pk)


class Relance(Identifie):
    """Un évaluateur en retard a été relancé ; une fois par jour au plus."""

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="relances"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="+"
    )
    acte = models.CharField("carence (`moteur.regles.carences`)", max_length=40)
    jour = models.DateField("jour")
    le = models.DateTimeField("le")

    class Meta:
        verbose_name = "relance"
        constraints = [
            models.UniqueConstraint("epreuve", "evaluateur", "jour", name="relance_une_par_jour"),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.acte} {self.jour}"


class Resultat(Identifie):
    """Le constat commun d'une épreuve, scellé : il contient les empreintes des deux lectures sur lesquelles il repose."""

    epreuve = models.OneToOneField(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="resultat"
    )
    nature = models.CharField("nature", max_length=20, choices=NatureResultat)
    etabli_le = models.DateTimeField("établi le")
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "résultat"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.nature} {self.pk}"


class SecondRegard(Identifie):
    """Un résultat qui tient à peu attend l'avis d'une troisième personne, avant le jury.

    `motifs` : pourquoi (`moteur.regles.second_regard.Motif`). `etat`, `depuis` et `personne` redisent le dernier passage
    (`PassageSecondRegard`) ; les états sont ceux de `moteur.etats.SECOND_REGARD`. `echeance` : le dernier jour pour l'acte
    attendu, compté sous le règlement du jour où l'état a commencé.
    """

    epreuve = models.OneToOneField(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="second_regard"
    )
    motifs = models.JSONField("motifs")
    etat = models.CharField("état", max_length=20, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    personne = models.ForeignKey(
        "comptes.Personne", verbose_name="personne désignée", on_delete=models.PROTECT, null=True, related_name="+"
    )
    echeance = models.DateField("échéance", null=True)

    class Meta:
        verbose_name = "second regard"
        verbose_name_plural = "seconds regards"
        ordering = ("depuis", "id")
        constraints = [
            models.CheckConstraint(
                name="second_regard_designe_nomme",
                condition=~models.Q(etat__in=("designe", "rendu")) | models.Q(personne__isnull=False),
            ),
        ]
        indexes = [models.Index("etat", "echeance", name="second_regard_par_etat")]

    def __str__(self) -> str:
        return f"{self.etat} {self.pk}"


class PassageSecondRegard(Passage):
    """Un changement d'état d'un second regard : une ligne de plus, jamais une ligne changée."""

    second_regard = models.ForeignKey(
        SecondRegard, verbose_name="second regard", on_delete=models.PROTECT, related_name="passages"
    )
    personne = models.UUIDField("personne désignée", null=True)

    class Meta:
        verbose_name = "passage d'un second regard"
        verbose_name_plural = "passages des seconds regards"
        ordering = ("second_regard", "rang")
        constraints = [models.UniqueConstraint("second_regard", "rang", name="passage_second_regard_un_rang")]
        triggers = insertion_seule()


class AvisDeSecondRegard(Identifie):
    """L'avis motivé d'une troisième personne, scellé : il contient les empreintes du résultat et des deux lectures.

    Il ne change rien par lui-même : le jury le lit.
    """

    second_regard = models.OneToOneField(
        SecondRegard, verbose_name="second regard", on_delete=models.PROTECT, related_name="avis"
    )
    auteur = models.ForeignKey("comptes.Personne", verbose_name="auteur", on_delete=models.PROTECT, related_name="+")
    sens = models.CharField("sens", max_length=20, choices=SensAvis)
    rendu_le = models.DateTimeField("rendu le")
    sel = models.CharField("sel", max_length=SEL)
    canonique = models.TextField("forme canonique")
    empreinte = models.CharField("empreinte", max_length=EMPREINTE)

    class Meta:
        verbose_name = "avis de second regard"
        verbose_name_plural = "avis de second regard"
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.sens} {self.pk}"


class Ressaisie(Identifie):
    """Une grille papier que l'équipe du gestionnaire ressaisit, pour un évaluateur d'une épreuve. Une seule ouverte à la fois.

    `norme` est l'empreinte qu'imprimait chaque page (son code QR) ; `pages` leur nombre, toutes présentes. `etat` redit le
    dernier passage (`moteur.etats.RESSAISIE`).
    """

    epreuve = models.ForeignKey(
        "convocations.Epreuve", verbose_name="épreuve", on_delete=models.PROTECT, related_name="ressaisies"
    )
    evaluateur = models.ForeignKey(
        "comptes.Personne", verbose_name="évaluateur", on_delete=models.PROTECT, related_name="ressaisies"
    )
    qualite = models.CharField("qualité", max_length=20, choices=Qualite)
    norme = models.CharField("empreinte de la norme", max_length=EMPREINTE)
    pages = models.PositiveSmallIntegerField("pages")
    etat = models.CharField("état", max_length=20, editable=False)
    depuis = models.DateTimeField("dans cet état depuis", editable=False)
    ouverte_le = models.DateTimeField("ouverte le")

    class Meta:
        verbose_name = "ressaisie"
        ordering = ("ouverte_le", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("epreuve", "evaluateur"),
                condition=~models.Q(etat__in=("versee", "abandonnee")),
                name="ressaisie_une_ouverte",
            )
        ]

    def __str__(self) -> str:
        return f"{self.qualite} {self.etat} {self.pk}"


class PassageRessaisie(Passage):
    """Un changement d'état d'une ressaisie : une ligne de plus, jamais une ligne changée."""

    ressaisie = models.ForeignKey(
        Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="passages"
    )

    class Meta:
        verbose_name = "passage d'une ressaisie"
        verbose_name_plural = "passages des ressaisies"
        ordering = ("ressaisie", "rang")
        constraints = [models.UniqueConstraint("ressaisie", "rang", name="passage_ressaisie_un_rang")]
        triggers = insertion_seule()


class SaisiePapier(Identifie):
    """Ce qu'une personne a lu sur la feuille. Rang 1, rang 2 : deux personnes ; rang 3 : ce qui fut retenu où elles diffèrent.

    `contenu` : chaque cible et sa valeur, dans les mots des faits ; `null` au rang 3 : la feuille n'en dit rien.
    """

    ressaisie = models.ForeignKey(Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="saisies")
    rang = models.PositiveSmallIntegerField("rang")
    auteur = models.UUIDField("auteur")
    contenu = models.JSONField("contenu")
    le = models.DateTimeField("le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "saisie d'une grille papier"
        verbose_name_plural = "saisies de grilles papier"
        ordering = ("ressaisie", "rang")
        constraints = [
            models.UniqueConstraint("ressaisie", "rang", name="saisie_papier_un_rang"),
            models.UniqueConstraint(
                fields=("ressaisie", "auteur"), condition=models.Q(rang__lt=3), name="saisie_papier_deux_personnes"
            ),
            models.CheckConstraint(name="saisie_papier_rang", condition=models.Q(rang__range=(1, 3))),
        ]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.rang} {self.pk}"


class PiecePapier(Identifie):
    """Une feuille numérisée : gardée sous un nom tiré ici, reconnue à son contenu. Jamais un document du candidat."""

    ressaisie = models.ForeignKey(Ressaisie, verbose_name="ressaisie", on_delete=models.PROTECT, related_name="pieces")
    fichier = models.CharField("fichier", max_length=200)
    genre = models.CharField("genre", max_length=40, choices=GenrePiece)
    octets = models.PositiveIntegerField("octets")
    empreinte = models.CharField("empreinte SHA-256 du fichier", max_length=EMPREINTE)
    auteur = models.UUIDField("déposée par")
    le = models.DateTimeField("déposée le")
    sel = models.CharField("sel", max_length=SEL)

    class Meta:
        verbose_name = "feuille numérisée"
        verbose_name_plural = "feuilles numérisées"
        ordering = ("le", "id")
        constraints = [models.UniqueConstraint("ressaisie", "empreinte", name="piece_papier_une_fois")]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.genre} {self.pk}"
