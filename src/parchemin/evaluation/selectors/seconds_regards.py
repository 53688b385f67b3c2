"""Les seconds regards : où ils en sont, qui a la main, ce qu'un avis dit à qui peut le lire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from moteur.etats import SECOND_REGARD
from moteur.regles.second_regard import Motif
from parchemin.comptes.selectors import noms
from parchemin.convocations.enums import Qualite
from parchemin.convocations.selectors import VueEpreuve, declaration_signee, epreuve_par_id
from parchemin.evaluation.enums import SensAvis
from parchemin.evaluation.models import AvisDeSecondRegard, SecondRegard
from parchemin.evaluation.selectors.lectures import VueLecture, VueResultat, lectures_scellees
from parchemin.parcours.selectors import VueDossier, dossiers_par_ids, dossiers_visibles
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable


@dataclass(frozen=True, slots=True)
class VueSecondRegard:
    """Un second regard, sans ce que dit l'avis. `personne_nom` est vide tant que nul n'est désigné."""

    epreuve: UUID
    dossier: UUID
    bloc: str
    motifs: tuple[Motif, ...]
    etat: str
    depuis: datetime
    personne: UUID | None
    personne_nom: str
    echeance: date | None

    @property
    def ouvert(self) -> bool:
        """Vrai tant que quelqu'un a encore la main."""
        return self.etat not in SECOND_REGARD.terminaux


@dataclass(frozen=True, slots=True)
class VueAvis:
    """Un avis rendu, scellé."""

    sens: SensAvis
    criteres: tuple[str, ...]
    motif: str
    auteur_nom: str
    rendu_le: datetime
    empreinte: str


def second_regard(lecteur: Acteur, epreuve: UUID) -> VueSecondRegard | None:
    """Le second regard d'une épreuve ouverte au lecteur, s'il y en a un."""
    return next(iter(_vues(lecteur, SecondRegard.objects.filter(epreuve_id=epreuve))), None)


def second_regard_a_lire(lecteur: Acteur, epreuve: UUID) -> tuple[VueSecondRegard, VueEpreuve]:
    """Le second regard que le lecteur porte, ou a porté, et son épreuve ; lève `Introuvable` sinon, sans dire s'il existe."""
    porte = _vues(lecteur, SecondRegard.objects.filter(epreuve_id=epreuve, personne_id=lecteur.id))
    if not porte:
        raise Introuvable
    return porte[0], epreuve_par_id(lecteur, epreuve)


def lectures_relues(lecteur: Acteur, epreuve: UUID) -> dict[Qualite, VueLecture]:
    """Les deux lectures et leurs commentaires, pour la personne d'un second regard qui a déclaré son indépendance.

    Lève `Introuvable` pour toute autre.
    """
    second_regard_a_lire(lecteur, epreuve)
    if not declaration_signee(lecteur, epreuve):
        raise Introuvable
    lues = lectures_scellees(epreuve)
    return {qualite: lues[qualite] for qualite in Qualite if qualite in lues}


def seconds_regards_visibles(
    lecteur: Acteur, dossier: VueDossier, resultats: Mapping[str, VueResultat]
) -> dict[str, VueSecondRegard]:
    """Les seconds regards des résultats que le lecteur voit (`resultats_visibles`), par bloc. Deux requêtes, ou aucune."""
    if not resultats:
        return {}
    lignes = SecondRegard.objects.filter(epreuve_id__in=[vue.epreuve for vue in resultats.values()])
    return {vue.bloc: vue for vue in _vues(lecteur, lignes)}


def seconds_regards_a_designer(
    lecteur: Acteur, jour: date, au_plus: int
) -> tuple[tuple[VueSecondRegard, VueDossier], ...]:
    """Les seconds regards ouverts des dossiers du lecteur : à désigner, ou rendus trop tard. Les plus pressés d'abord."""
    dossiers = dossiers_visibles(lecteur, jour).order_by().values("pk")
    attendus = SecondRegard.objects.exclude(etat__in=SECOND_REGARD.terminaux)
    ouverts = attendus.filter(epreuve__dossier_id__in=dossiers, epreuve__dossier__ouvert=True)
    return _avec_dossiers(lecteur, _vues(lecteur, ouverts.order_by("echeance", "pk")[:au_plus]))


def seconds_regards_a_rendre(lecteur: Acteur) -> tuple[tuple[VueSecondRegard, VueDossier], ...]:
    """Les seconds regards que le lecteur doit rendre, le plus pressé d'abord."""
    siens = SecondRegard.objects.filter(personne_id=lecteur.id, etat="designe", epreuve__dossier__ouvert=True)
    return _avec_dossiers(lecteur, _vues(lecteur, siens.order_by("echeance", "pk")))


def avis_rendu(lecteur: Acteur, epreuve: UUID) -> VueAvis | None:
    """L'avis scellé d'une épreuve, pour qui instruit le dossier et pour qui l'a écrit (à vérifier avant)."""
    ligne = AvisDeSecondRegard.objects.filter(second_regard__epreuve_id=epreuve).first()
    if ligne is None:
        return None
    contenu = json.loads(ligne.canonique)
    return VueAvis(
        sens=SensAvis(ligne.sens),
        criteres=tuple(contenu["criteres"]),
        motif=contenu["motif"],
        auteur_nom=noms(lecteur, [ligne.auteur_id])[ligne.auteur_id],
        rendu_le=ligne.rendu_le,
        empreinte=ligne.empreinte,
    )


def _avec_dossiers(
    lecteur: Acteur, trouves: tuple[VueSecondRegard, ...]
) -> tuple[tuple[VueSecondRegard, VueDossier], ...]:
    if not trouves:
        return ()
    dossiers = dossiers_par_ids(lecteur, {vue.dossier for vue in trouves})
    return tuple((vue, dossiers[vue.dossier]) for vue in trouves)


def _vues(lecteur: Acteur, lignes: QuerySet[SecondRegard]) -> tuple[VueSecondRegard, ...]:
    champs = lignes.values(
        "epreuve_id", "epreuve__dossier_id", "epreuve__bloc", "motifs", "etat", "depuis", "personne_id", "echeance"
    )
    trouvees = list(champs)
    personnes = {ligne["personne_id"] for ligne in trouvees} - {None}
    connus = noms(lecteur, personnes) if personnes else {}
    return tuple(
        VueSecondRegard(
            epreuve=ligne["epreuve_id"],
            dossier=ligne["epreuve__dossier_id"],
            bloc=ligne["epreuve__bloc"],
            motifs=tuple(map(Motif, ligne["motifs"])),
            etat=ligne["etat"],
            depuis=ligne["depuis"],
            personne=ligne["personne_id"],
            personne_nom=connus.get(ligne["personne_id"], ""),
            echeance=ligne["echeance"],
        )
        for ligne in trouvees
    )
