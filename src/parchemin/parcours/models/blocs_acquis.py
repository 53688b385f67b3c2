"""Les tables des blocs acquis autrement que par une épreuve d'ici : ce qui fut obtenu, d'où on le tient, ce qui le prouve."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from parchemin.parcours.enums import OrigineDeBloc, PieceDeBloc
from parchemin.socle.bases import Identifie, insertion_seule

_SUR_PIECE = ~Q(piece="") & Q(dossier__isnull=False, vu_le__isnull=False, vu_par__isnull=False)


class BlocAcquis(Identifie):
    """Un bloc d'une version qu'une personne tient, et son origine. Aucun critère n'y est dit observé ; aucune copie n'est gardée.

    `referentiel` : « code@version », ou le numéro d'une fiche pour une certification d'ailleurs. `bloc` vide : la certification
    entière (un titulaire, repris du papier). Une équivalence dit de quoi elle part (`de_referentiel`, `de_bloc`) et la chaîne
    de règles appliquée. `rang` : la même chose dite à nouveau, après un retrait.
    """

    candidat = models.ForeignKey(
        "comptes.Personne", verbose_name="candidat", on_delete=models.PROTECT, related_name="blocs_acquis"
    )
    referentiel = models.CharField("version ou fiche", max_length=81)
    bloc = models.CharField("code du bloc", max_length=20, blank=True)
    origine = models.CharField("origine", max_length=20, choices=OrigineDeBloc)
    obtenu_le = models.DateField("obtenu le")
    dossier = models.ForeignKey(
        "parcours.Dossier", verbose_name="dossier", on_delete=models.PROTECT, related_name="blocs_acquis", null=True
    )
    de_referentiel = models.CharField("version ou fiche d'où part l'équivalence", max_length=81, blank=True)
    de_bloc = models.CharField("bloc d'où part l'équivalence", max_length=20, blank=True)
    chaine = models.JSONField("équivalences appliquées", default=list)
    piece = models.CharField("vu sur", max_length=20, choices=PieceDeBloc, blank=True)
    vu_le = models.DateField("vu le", null=True)
    vu_par = models.ForeignKey(
        "comptes.Personne", verbose_name="vu par", on_delete=models.PROTECT, related_name="+", null=True
    )
    motif = models.TextField("motif", blank=True)
    session = models.CharField("session", max_length=120, blank=True)
    numero = models.CharField("numéro du parchemin ou de l'attestation", max_length=60, blank=True)
    importation = models.ForeignKey(
        "parcours.ImportReprise", verbose_name="import", on_delete=models.PROTECT, related_name="+", null=True
    )
    rang = models.PositiveSmallIntegerField("rang", default=1)
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "bloc acquis"
        verbose_name_plural = "blocs acquis"
        constraints = [
            models.UniqueConstraint(
                "candidat", "referentiel", "bloc", "origine", "numero", "rang", name="bloc_acquis_un_rang"
            ),
            models.UniqueConstraint(
                "referentiel",
                "numero",
                "bloc",
                "rang",
                name="bloc_acquis_un_numero",
                condition=Q(origine=OrigineDeBloc.REPRISE),
            ),
            models.CheckConstraint(
                name="bloc_acquis_selon_son_origine",
                condition=(
                    (Q(origine=OrigineDeBloc.EQUIVALENCE) & ~Q(bloc="") & ~Q(de_referentiel="") & ~Q(de_bloc="") & _SUR_PIECE)
                    | (Q(origine=OrigineDeBloc.DISPENSE) & ~Q(bloc="") & ~Q(motif="") & _SUR_PIECE)
                    | (Q(origine=OrigineDeBloc.REPRISE, dossier=None, importation__isnull=False) & ~Q(numero=""))
                ),
            ),
        ]  # fmt: skip
        triggers = insertion_seule()

    def __str__(self) -> str:
        return f"{self.referentiel} {self.bloc} {self.origine}"


class RetraitDeBloc(Identifie):
    """Ce qui fut dit acquis ne l'était pas : une ligne de plus, avec son motif."""

    acquis = models.OneToOneField(
        BlocAcquis, verbose_name="bloc acquis", on_delete=models.PROTECT, related_name="retrait"
    )
    motif = models.TextField("motif")
    auteur = models.UUIDField("auteur")
    instant = models.DateTimeField("instant")

    class Meta:
        verbose_name = "retrait d'un bloc acquis"
        verbose_name_plural = "retraits de blocs acquis"
        constraints = [models.CheckConstraint(name="retrait_de_bloc_motive", condition=~Q(motif=""))]
        triggers = insertion_seule()

    def __str__(self) -> str:
        return str(self.acquis_id)
