"""Les formes canoniques que l'évaluation scelle, et comment le registre les refait depuis les colonnes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from moteur.empreinte import empreinte
from parchemin.evaluation.models import (
    AvisDeSecondRegard,
    Confirmation,
    Fait,
    GesteAbandonne,
    GesteMisAPart,
    Lecture,
    PiecePapier,
    PositionAccord,
    Resultat,
    SaisiePapier,
)
from parchemin.registre import sceaux
from parchemin.registre.sceaux import Scelle

FAIT = "evaluation.fait"
ABANDON = "evaluation.abandon"
A_PART = "evaluation.geste_a_part"
LECTURE = "evaluation.lecture"
POSITION = "evaluation.position"
CONFIRMATION = "evaluation.confirmation"
RESULTAT = "evaluation.resultat"
SAISIE = "evaluation.saisie_papier"
PIECE = "evaluation.piece_papier"
AVIS = "evaluation.avis_de_second_regard"


def sceau_fait(ligne: Fait) -> Scelle:
    """Le sceau d'un fait : toutes ses colonnes, sel compris."""
    contenu = {
        "appareil": str(ligne.appareil),
        "cible": ligne.cible,
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "monotone_ms": ligne.monotone_ms,
        "mural": _millisecondes(ligne.mural.timestamp()),
        "norme": ligne.norme,
        "rang": ligne.rang,
        "recu_le": _millisecondes(ligne.recu_le.timestamp()),
        "remplace": str(ligne.remplace) if ligne.remplace else None,
        "sel": ligne.sel,
        "valeur": ligne.valeur,
        "vus": ligne.vus,
    }
    if ligne.ressaisie_id is not None:
        contenu["ressaisie"] = str(ligne.ressaisie_id)
    return Scelle(FAIT, str(ligne.pk), empreinte(contenu))


def sceau_abandon(ligne: GesteAbandonne) -> Scelle:
    """Le sceau d'un geste abandonné."""
    contenu = {
        "code": ligne.code,
        "contenu": ligne.contenu,
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "le": _millisecondes(ligne.le.timestamp()),
        "raison": ligne.raison,
        "sel": ligne.sel,
    }
    return Scelle(ABANDON, str(ligne.pk), empreinte(contenu))


def sceau_a_part(ligne: GesteMisAPart) -> Scelle:
    """Le sceau d'un geste mis à part."""
    contenu = {
        "contenu": ligne.contenu,
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "motif": ligne.motif,
        "recu_le": _millisecondes(ligne.recu_le.timestamp()),
        "sel": ligne.sel,
    }
    return Scelle(A_PART, str(ligne.pk), empreinte(contenu))


def sceau_lecture(ligne: Lecture) -> Scelle:
    """Le sceau d'une lecture : ce qu'elle constate (forme canonique) et de qui elle est."""
    contenu = {
        "contenu": ligne.canonique,
        "empreinte": ligne.empreinte,
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "norme": ligne.norme,
        "qualite": ligne.qualite,
        "scellee_le": _millisecondes(ligne.scellee_le.timestamp()),
        "sel": ligne.sel,
    }
    return Scelle(LECTURE, str(ligne.pk), empreinte(contenu))


def sceau_position(ligne: PositionAccord) -> Scelle:
    """Le sceau d'une position d'accord."""
    contenu = {
        "choix": ligne.choix,
        "confirme": str(ligne.confirme_id) if ligne.confirme_id else None,
        "critere": ligne.critere,
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "le": _millisecondes(ligne.le.timestamp()),
        "motif": ligne.motif,
        "rang": ligne.rang,
        "sel": ligne.sel,
    } | ({"condition": ligne.condition} if ligne.condition else {})
    return Scelle(POSITION, str(ligne.pk), empreinte(contenu))


def sceau_confirmation(ligne: Confirmation) -> Scelle:
    """Le sceau d'une confirmation."""
    contenu = {
        "epreuve": str(ligne.epreuve_id),
        "evaluateur": str(ligne.evaluateur_id),
        "le": _millisecondes(ligne.le.timestamp()),
        "sel": ligne.sel,
    }
    return Scelle(CONFIRMATION, str(ligne.pk), empreinte(contenu))


def sceau_resultat(ligne: Resultat) -> Scelle:
    """Le sceau d'un résultat."""
    contenu = {
        "contenu": ligne.canonique,
        "empreinte": ligne.empreinte,
        "epreuve": str(ligne.epreuve_id),
        "etabli_le": _millisecondes(ligne.etabli_le.timestamp()),
        "nature": ligne.nature,
        "norme": ligne.norme,
        "sel": ligne.sel,
    }
    return Scelle(RESULTAT, str(ligne.pk), empreinte(contenu))


def sceau_avis(ligne: AvisDeSecondRegard) -> Scelle:
    """Le sceau d'un avis de second regard."""
    contenu = {
        "auteur": str(ligne.auteur_id),
        "contenu": ligne.canonique,
        "empreinte": ligne.empreinte,
        "rendu_le": _millisecondes(ligne.rendu_le.timestamp()),
        "second_regard": str(ligne.second_regard_id),
        "sel": ligne.sel,
        "sens": ligne.sens,
    }
    return Scelle(AVIS, str(ligne.pk), empreinte(contenu))


def sceau_saisie(ligne: SaisiePapier) -> Scelle:
    """Le sceau d'une saisie de grille papier."""
    contenu = {
        "auteur": str(ligne.auteur),
        "contenu": ligne.contenu,
        "le": _millisecondes(ligne.le.timestamp()),
        "rang": ligne.rang,
        "ressaisie": str(ligne.ressaisie_id),
        "sel": ligne.sel,
    }
    return Scelle(SAISIE, str(ligne.pk), empreinte(contenu))


def sceau_piece(ligne: PiecePapier) -> Scelle:
    """Le sceau d'une feuille numérisée : l'empreinte de son fichier, et d'où elle vient."""
    contenu = {
        "auteur": str(ligne.auteur),
        "empreinte": ligne.empreinte,
        "fichier": ligne.fichier,
        "genre": ligne.genre,
        "le": _millisecondes(ligne.le.timestamp()),
        "octets": ligne.octets,
        "ressaisie": str(ligne.ressaisie_id),
        "sel": ligne.sel,
    }
    return Scelle(PIECE, str(ligne.pk), empreinte(contenu))


def declarer() -> None:
    """Déclare les tables scellées au registre."""
    _declarer(FAIT, Fait, sceau_fait)
    _declarer(ABANDON, GesteAbandonne, sceau_abandon)
    _declarer(A_PART, GesteMisAPart, sceau_a_part)
    _declarer(LECTURE, Lecture, sceau_lecture)
    _declarer(POSITION, PositionAccord, sceau_position)
    _declarer(CONFIRMATION, Confirmation, sceau_confirmation)
    _declarer(RESULTAT, Resultat, sceau_resultat)
    _declarer(AVIS, AvisDeSecondRegard, sceau_avis)
    _declarer(SAISIE, SaisiePapier, sceau_saisie)
    _declarer(PIECE, PiecePapier, sceau_piece)


def _declarer(
    nom: str,
    table: type[
        Fait
        | GesteAbandonne
        | GesteMisAPart
        | Lecture
        | PositionAccord
        | Resultat
        | AvisDeSecondRegard
        | SaisiePapier
        | PiecePapier
        | Confirmation
    ],
    sceau: Callable[[Any], Scelle],
) -> None:
    def relire(cle: str) -> str | None:
        ligne = table.objects.filter(pk=UUID(cle)).first()
        return None if ligne is None else sceau(ligne).empreinte

    sceaux.declarer(nom, relire, lambda: table.objects.order_by("pk").values_list("pk", flat=True).iterator())


def _millisecondes(secondes: float) -> int:
    return round(secondes * 1000)
