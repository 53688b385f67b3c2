"""Les grilles papier d'une épreuve : où en est leur ressaisie, qui a saisi, ce qui diffère."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from moteur.etats import RESSAISIE
from moteur.regles.double_saisie import differences as differences_de_saisie
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import noms, periodes_du_role
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, epreuves_visibles, premieres_affectations, vues
from parchemin.evaluation.enums import GenrePiece
from parchemin.evaluation.models import Fait, PiecePapier, Ressaisie, SaisiePapier
from parchemin.evaluation.sceaux import sceau_saisie
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueSaisie:
    """Qui a saisi, et quand ; jamais ce qui fut saisi."""

    rang: int
    auteur: UUID
    nom: str
    le: datetime


@dataclass(frozen=True, slots=True)
class VuePiece:
    """Une feuille numérisée."""

    id: UUID
    genre: GenrePiece
    octets: int
    nom: str
    le: datetime


@dataclass(frozen=True, slots=True)
class VueRessaisie:
    """Une ressaisie, sans son contenu."""

    id: UUID
    epreuve: UUID
    evaluateur: UUID
    evaluateur_nom: str
    qualite: Qualite
    norme: str
    pages: int
    etat: str
    depuis: datetime
    saisies: tuple[VueSaisie, ...]
    pieces: tuple[VuePiece, ...]

    @property
    def ouverte(self) -> bool:
        """Vrai tant que la grille n'est ni versée ni abandonnée."""
        return self.etat not in RESSAISIE.terminaux

    def a_saisi(self, personne: UUID) -> bool:
        """Vrai si cette personne a fait l'une des deux saisies."""
        return any(saisie.auteur == personne and saisie.rang < 3 for saisie in self.saisies)


@dataclass(frozen=True, slots=True)
class DifferenceDeSaisie:
    """Une cible, et ce que chacune des deux personnes y a lu (`None` : rien)."""

    cible: str
    une: object
    deux: object


def ressaisies(lecteur: Acteur, epreuves: Iterable[UUID]) -> dict[UUID, tuple[VueRessaisie, ...]]:
    """Les ressaisies de ces épreuves (ouvertes au lecteur), la plus récente d'abord. Trois requêtes, et les noms."""
    lignes = _completes().filter(epreuve_id__in=set(epreuves)).order_by("-ouverte_le", "-pk")
    trouvees: dict[UUID, tuple[VueRessaisie, ...]] = {}
    for vue in _vues(lecteur, lignes):
        trouvees[vue.epreuve] = (*trouvees.get(vue.epreuve, ()), vue)
    return trouvees


def ressaisie(lecteur: Acteur, identifiant: UUID, jour: date) -> VueRessaisie:
    """Une ressaisie d'une épreuve ouverte au lecteur. Lève `Introuvable` sinon, sans dire si elle existe."""
    visibles = epreuves_visibles(lecteur, jour).order_by().values("pk")
    trouvees = _vues(lecteur, _completes().filter(pk=identifiant, epreuve_id__in=visibles))
    if not trouvees:
        raise Introuvable
    return trouvees[0]


def ressaisies_a_suivre(lecteur: Acteur, jour: date, au_plus: int) -> tuple[tuple[VueEpreuve, VueRessaisie], ...]:
    """Les ressaisies ouvertes des épreuves que voit le lecteur, la plus ancienne d'abord, `au_plus` tant."""
    visibles = epreuves_visibles(lecteur, jour).order_by().values("pk")
    lignes = _completes().exclude(etat__in=RESSAISIE.terminaux).filter(epreuve_id__in=visibles)
    trouvees = _vues(lecteur, lignes.order_by("ouverte_le", "pk")[:au_plus])
    ids = {vue.epreuve for vue in trouvees}
    par_id = {e.id: e for e in vues(lecteur, epreuves_visibles(lecteur, jour).filter(pk__in=ids))} if ids else {}
    return tuple((par_id[vue.epreuve], vue) for vue in trouvees)


def saisies_differentes(lecteur: Acteur, ressaisie: UUID) -> tuple[DifferenceDeSaisie, ...]:
    """Ce que les deux saisies ne lisent pas pareil, pour qui les règle ; vide tant qu'il n'y en a pas deux."""
    contenus = contenus_saisis(ressaisie)
    if not {1, 2} <= set(contenus):
        return ()
    une, deux = contenus[1], contenus[2]
    return tuple(
        DifferenceDeSaisie(cible, une.get(cible), deux.get(cible)) for cible in differences_de_saisie(une, deux)
    )


def contenus_saisis(ressaisie: UUID) -> dict[int, Mapping[str, object]]:
    """Ce que dit chaque saisie, par rang : pour un service, ou pour montrer ce qui diffère."""
    return dict(SaisiePapier.objects.filter(ressaisie_id=ressaisie).order_by("rang").values_list("rang", "contenu"))


def piece_papier(lecteur: Acteur, identifiant: UUID, jour: date) -> tuple[PiecePapier, UUID]:
    """Une feuille numérisée d'une épreuve ouverte au lecteur, et cette épreuve. Lève `Introuvable` sinon, sans dire si elle existe."""
    visibles = epreuves_visibles(lecteur, jour).order_by().values("pk")
    siennes = PiecePapier.objects.filter(ressaisie__epreuve_id__in=visibles)
    ligne = siennes.select_related("ressaisie").filter(pk=identifiant).first()
    if ligne is None:
        raise Introuvable
    return ligne, ligne.ressaisie.epreuve_id


def ont_ressaisi(epreuve: UUID) -> frozenset[UUID]:
    """Qui a saisi ou réglé une grille papier de cette épreuve, ou numérisé la feuille d'un autre : ils l'ont lue. Une requête."""
    saisies = SaisiePapier.objects.filter(ressaisie__epreuve_id=epreuve).values_list("auteur", flat=True)
    d_un_autre = PiecePapier.objects.filter(ressaisie__epreuve_id=epreuve).exclude(auteur=F("ressaisie__evaluateur_id"))
    return frozenset(saisies.order_by().union(d_un_autre.order_by().values_list("auteur", flat=True)).order_by())


def cibles_du_papier(lecteur: Acteur, epreuve: UUID) -> frozenset[str]:
    """Les cibles de sa grille que le lecteur tient du papier : un fait ressaisi les a posées. Une requête."""
    lignes = Fait.objects.filter(epreuve_id=epreuve, evaluateur_id=lecteur.id).exclude(ressaisie=None)
    return frozenset(lignes.order_by().values_list("cible", flat=True))


# Qui a pu lire le papier d'un autre ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Montre:
    """Ce que l'équipe du gestionnaire peut lire d'une grille papier : depuis quand, et son empreinte."""

    epreuve: UUID
    evaluateur: UUID
    le: datetime
    empreinte: str


def papiers_lisibles(lecteur: Acteur, epreuve: VueEpreuve, personnes: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Les empreintes de ce que chacune a pu lire du papier d'un autre, pour ce bloc, à gérer ce dossier avant d'en évaluer l'épreuve.

    Pouvoir suffit (`lectures_aveugles.lues_avant`). Deux requêtes s'il n'y a rien à lire, cinq sinon, quel que soit leur nombre.
    """
    montres = _montres(epreuve)
    if not montres:
        return {}
    dossier = epreuve.dossier
    affectees = premieres_affectations(lecteur, {montre.epreuve for montre in montres}, personnes)
    gerent = periodes_du_role(lecteur, personnes, NatureRole.GESTIONNAIRE, dossier.organisme, dossier.referentiel_code)
    lisibles = {
        personne: tuple(
            montre.empreinte
            for montre in montres
            if montre.evaluateur != personne
            and _a_pu_lire(montre.le, affectees.get((montre.epreuve, personne)), periodes)
        )
        for personne, periodes in gerent.items()
    }
    return {personne: empreintes for personne, empreintes in lisibles.items() if empreintes}


def _montres(epreuve: VueEpreuve) -> tuple[_Montre, ...]:
    """Les feuilles numérisées du bloc, et les secondes saisies qui différaient de la première : l'équipe a pu lire les deux."""
    du_bloc = {"ressaisie__epreuve__dossier_id": epreuve.dossier.id, "ressaisie__epreuve__bloc": epreuve.bloc}
    pieces = PiecePapier.objects.filter(**du_bloc)
    differaient = SaisiePapier.objects.filter(**du_bloc, rang=2, ressaisie__passages__etat="a_regler")
    return (
        *(
            _Montre(p.ressaisie.epreuve_id, p.ressaisie.evaluateur_id, p.le, p.empreinte)
            for p in pieces.select_related("ressaisie")
        ),
        *(
            _Montre(s.ressaisie.epreuve_id, s.ressaisie.evaluateur_id, s.le, sceau_saisie(s).empreinte)
            for s in differaient.select_related("ressaisie")
        ),
    )


def _a_pu_lire(depuis: datetime, affectee: datetime | None, gerait: Iterable[tuple[date, date | None]]) -> bool:
    """Vrai si l'une de ces périodes tombe entre le papier montré et l'affectation, qui le ferme ; au jour près."""
    if affectee is not None and affectee <= depuis:
        return False
    ouvert, ferme = jour_civil(depuis), jour_civil(affectee) if affectee else None
    return any((ferme is None or du <= ferme) and (au is None or au >= ouvert) for du, au in gerait)


def _completes() -> QuerySet[Ressaisie]:
    return Ressaisie.objects.prefetch_related(
        Prefetch("saisies", queryset=SaisiePapier.objects.order_by("rang").defer("contenu")),
        Prefetch("pieces", queryset=PiecePapier.objects.order_by("le", "pk")),
    )


def _vues(lecteur: Acteur, lignes: Iterable[Ressaisie]) -> tuple[VueRessaisie, ...]:
    lues = list(lignes)
    personnes = {ligne.evaluateur_id for ligne in lues}
    for ligne in lues:
        personnes |= {saisie.auteur for saisie in ligne.saisies.all()}
        personnes |= {piece.auteur for piece in ligne.pieces.all()}
    connus = noms(lecteur, personnes) if personnes else {}
    return tuple(_vue(ligne, connus) for ligne in lues)


def _vue(ligne: Ressaisie, connus: Mapping[UUID, str]) -> VueRessaisie:
    return VueRessaisie(
        id=ligne.pk,
        epreuve=ligne.epreuve_id,
        evaluateur=ligne.evaluateur_id,
        evaluateur_nom=connus[ligne.evaluateur_id],
        qualite=Qualite(ligne.qualite),
        norme=ligne.norme,
        pages=ligne.pages,
        etat=ligne.etat,
        depuis=ligne.depuis,
        saisies=tuple(
            VueSaisie(saisie.rang, saisie.auteur, connus.get(saisie.auteur, ""), saisie.le)
            for saisie in ligne.saisies.all()
        ),
        pieces=tuple(
            VuePiece(piece.pk, GenrePiece(piece.genre), piece.octets, connus.get(piece.auteur, ""), piece.le)
            for piece in ligne.pieces.all()
        ),
    )
