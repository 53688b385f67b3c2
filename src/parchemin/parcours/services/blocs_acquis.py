"""Reconnaître un bloc par équivalence, sur pièce ; en dispenser ; retirer ce qui n'aurait pas dû l'être."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from moteur.regles.bloc_reste_acquis import reste_acquis
from moteur.regles.equivalence_de_bloc import Tenu, ouvertes
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours.enums import CHAINE, Action, OrigineDeBloc, PieceDeBloc
from parchemin.parcours.models import BlocAcquis, Dossier, RetraitDeBloc
from parchemin.parcours.permissions import (
    verifier_peut_dispenser_de_bloc,
    verifier_peut_reconnaitre,
    verifier_peut_retirer_acquis,
)
from parchemin.parcours.selectors import (
    VueDossier,
    bloc_acquis,
    blocs_acquis,
    chaine_en_clair,
    dossier_tenu,
    effets_de_l_acquis,
    obstacles_a_l_acquis,
    suites_de_bloc,
    validite_en_mois,
)
from parchemin.referentiels.selectors import equivalences, reglement_en_vigueur, version_d_empreinte
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def reconnaitre_bloc(
    *,
    dossier: UUID,
    bloc: str,
    tenu: Tenu,
    obtenu_le: date,
    piece: PieceDeBloc,
    vu_le: date,
    auteur: Acteur,
    maintenant: datetime,
    effets_vus: Sequence[str] | None = None,
) -> UUID:
    """Reconnaît un bloc de ce dossier d'après un bloc obtenu ailleurs, si une équivalence l'ouvre ce jour-là. Rend son identifiant.

    `vu_le` : le jour où l'auteur a vu la pièce, dont aucune copie n'est gardée. `effets_vus` : ce que la page montrait ; s'il en est
    autrement à présent, rien ne se fait. Lève `RefusDroit` (`reconnaissance_reservee`, `cause_propre`), `Introuvable`, et `Refus` :
    `dossier_clos`, `bloc_non_demande`, `bloc_deja_acquis`, `equivalence_absente`, `obtention_a_venir`, `bloc_echu`,
    `piece_a_venir`, `piece_avant_l_obtention`, `epreuve_commencee`, `effets_changes`.
    """
    jour = jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.BLOC_RECONNU) as journal:
        vue = dossier_tenu(auteur, dossier)
        verifier_peut_reconnaitre(droits(auteur, jour), vue)
        _verifier_a_acquerir(vue, bloc, auteur, effets_vus)
        trouvee = ouvertes(equivalences(auteur, jour), [tenu], vue.referentiel, jour).get(bloc)
        if trouvee is None:
            raise Refus(
                "equivalence_absente",
                f"Aucune équivalence en vigueur aujourd'hui ne mène de {_en_mots(tenu)} au bloc {bloc[1:]}.",
            )
        if not reste_acquis(obtenu_le, validite_en_mois(auteur, vue, jour), jour):
            if obtenu_le > jour:
                raise Refus("obtention_a_venir", "Ce jour n'est pas encore venu : le bloc n'a pas pu y être obtenu.")
            raise Refus("bloc_echu", "Ce bloc n'est plus acquis : le délai que dit le règlement est passé.")
        _verifier_piece(obtenu_le, vu_le, jour)
        chaine = trouvee[1]
        ligne = BlocAcquis.objects.create(
            candidat_id=vue.candidat,
            referentiel=vue.referentiel,
            bloc=bloc,
            origine=OrigineDeBloc.EQUIVALENCE,
            obtenu_le=obtenu_le,
            dossier_id=dossier,
            de_referentiel=chaine[0].de.referentiel,
            de_bloc=chaine[0].de.bloc,
            chaine=chaine_en_clair(chaine),
            piece=piece,
            vu_le=vu_le,
            vu_par_id=auteur.id,
            rang=_rang(vue, bloc, OrigineDeBloc.EQUIVALENCE),
            auteur=auteur.id,
            instant=maintenant,
        )
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"bloc": bloc, "acquis": ligne.pk, "chaine": ligne.chaine, "piece": piece, "vu_le": vu_le},
            chaine=chaine_organisme(vue.organisme),
        )
        _appliquer(dossier, bloc, auteur, maintenant)
    return ligne.pk


def dispenser_de_bloc(
    *,
    dossier: UUID,
    bloc: str,
    motif: str,
    piece: PieceDeBloc,
    vu_le: date,
    auteur: Acteur,
    maintenant: datetime,
    effets_vus: Sequence[str] | None = None,
) -> UUID:
    """Dispense d'un bloc qu'aucune équivalence n'ouvre, sur pièce et avec un motif, si le règlement le permet. Rend son identifiant.

    Lève ce que lève `reconnaitre_bloc` (hors équivalence), et `Refus` : `motif_manquant`, `dispense_de_bloc_interdite`.
    """
    jour, motif = jour_civil(maintenant), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.BLOC_DISPENSE) as journal:
        vue = dossier_tenu(auteur, dossier)
        verifier_peut_dispenser_de_bloc(droits(auteur, jour), vue)
        version = version_d_empreinte(auteur, vue.norme_empreinte)
        if reglement_en_vigueur(auteur, version, jour).valeur("dispense_de_bloc", "interdite") != "motivee":
            raise Refus("dispense_de_bloc_interdite", "Le règlement en vigueur ne permet pas de dispenser d'un bloc.")
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi ce bloc est dispensé : le candidat et le jury le liront.")
        _verifier_a_acquerir(vue, bloc, auteur, effets_vus)
        _verifier_piece(vu_le, vu_le, jour)
        ligne = BlocAcquis.objects.create(
            candidat_id=vue.candidat,
            referentiel=vue.referentiel,
            bloc=bloc,
            origine=OrigineDeBloc.DISPENSE,
            obtenu_le=jour,
            dossier_id=dossier,
            piece=piece,
            vu_le=vu_le,
            vu_par_id=auteur.id,
            motif=motif,
            rang=_rang(vue, bloc, OrigineDeBloc.DISPENSE),
            auteur=auteur.id,
            instant=maintenant,
        )
        journal.inscrire(
            objet=("dossier", dossier),
            donnees={"bloc": bloc, "acquis": ligne.pk, "piece": piece, "vu_le": vu_le},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.organisme),
        )
        _appliquer(dossier, bloc, auteur, maintenant)
    return ligne.pk


def retirer_bloc_acquis(*, acquis: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Retire un bloc dit acquis qui ne l'était pas : une ligne de plus, avec son motif. Deux fois ne change rien.

    Le bloc est de nouveau à juger dans les dossiers ouverts, qui reviennent aux épreuves s'il le faut ; une épreuve annulée ne
    revient pas d'elle-même. Un dossier clos ne bouge plus : sa décision est au jury. Lève `RefusDroit`, `Introuvable`, `Refus("dossier_clos" | "motif_manquant")`.
    """
    motif, jour = motif.strip(), jour_civil(maintenant)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.BLOC_RETIRE) as journal:
        vue = bloc_acquis(auteur, acquis)
        dossier = None if vue.dossier is None else dossier_tenu(auteur, vue.dossier)
        verifier_peut_retirer_acquis(droits(auteur, jour), vue, dossier)
        if dossier is not None and not dossier.ouvert:
            raise Refus(
                "dossier_clos", "Ce dossier est clos : ce qui y compte ne bouge plus. Portez-le au jury, qui décide."
            )
        if vue.retire_le is None and not motif:
            raise Refus(
                "motif_manquant", "Dites pourquoi ce bloc n'est plus acquis : le candidat et le jury le liront."
            )
        # Un seul retrait par bloc acquis, la base y veille : de deux à la fois, le second trouve celui du premier.
        _, neuf = RetraitDeBloc.objects.get_or_create(
            acquis_id=acquis, defaults={"motif": motif, "auteur": auteur.id, "instant": maintenant}
        )
        if not neuf:
            journal.rien_a_inscrire()
            return
        journal.inscrire(
            objet=("dossier", vue.dossier) if vue.dossier else ("personne", vue.candidat),
            donnees={"acquis": acquis, "referentiel": vue.referentiel, "bloc": vue.bloc},
            personnel={"motif": motif},
            chaine=CHAINE if dossier is None else chaine_organisme(dossier.organisme),
        )
        for ouvert in dossiers_ouverts([vue.candidat]).values_list("pk", flat=True):
            for suite in suites_de_bloc():
                suite.retirer(ouvert, vue.bloc, auteur, maintenant)


def dossiers_ouverts(personnes: Iterable[UUID]) -> QuerySet[Dossier]:
    """Les dossiers ouverts de ces personnes : ceux des fiches réunies à la leur, et de celle à qui la leur est réunie."""
    siens = Q(candidat__in=personnes) | Q(candidat__alias_de__in=personnes) | Q(candidat__alias__in=personnes)
    return Dossier.objects.filter(pk__in=Dossier.objects.filter(siens).values("pk"), ouvert=True).order_by("pk")


def _verifier_a_acquerir(vue: VueDossier, bloc: str, auteur: Acteur, effets_vus: Sequence[str] | None) -> None:
    if not vue.ouvert:
        raise Refus("dossier_clos", "Ce dossier est clos : plus aucun bloc ne s'y reconnaît.")
    if bloc not in vue.blocs:
        raise Refus("bloc_non_demande", f"Le bloc {bloc[1:]} n'est pas demandé dans ce dossier.")
    if bloc in blocs_acquis(auteur, [vue]).get(vue.id, {}):
        raise Refus("bloc_deja_acquis", f"Le bloc {bloc[1:]} est déjà acquis dans ce dossier.")
    if obstacles := obstacles_a_l_acquis(vue.id, bloc):
        raise Refus("epreuve_commencee", obstacles[0], details=obstacles)
    if effets_vus is not None and tuple(effets_vus) != effets_de_l_acquis(vue.id, bloc):
        raise Refus(
            "effets_changes",
            "Depuis que cette page est ouverte, ce que cela change a changé : relisez-le, puis confirmez à nouveau.",
        )


def _verifier_piece(obtenu_le: date, vu_le: date, jour: date) -> None:
    if vu_le > jour:
        raise Refus("piece_a_venir", "Ce jour n'est pas encore venu : dites quand vous avez vu la pièce.")
    if vu_le < obtenu_le:
        raise Refus("piece_avant_l_obtention", "La pièce n'a pas pu se voir avant le jour où le bloc fut obtenu.")


def _rang(vue: VueDossier, bloc: str, origine: OrigineDeBloc) -> int:
    deja = BlocAcquis.objects.filter(candidat_id=vue.candidat, referentiel=vue.referentiel, bloc=bloc, origine=origine)
    return deja.count() + 1


def _appliquer(dossier: UUID, bloc: str, auteur: Acteur, maintenant: datetime) -> None:
    for suite in suites_de_bloc():
        suite.appliquer(dossier, bloc, auteur, maintenant)


def _en_mots(tenu: Tenu) -> str:
    return f"{tenu.referentiel} {tenu.bloc}" if tenu.bloc else tenu.referentiel
