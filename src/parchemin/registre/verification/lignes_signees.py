"""Vérifier le fichier des lignes signées, et en tirer ce que la base doit contenir."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from parchemin.registre import cles, horodatage
from parchemin.registre.chainage import GENESE
from parchemin.registre.lignes import Ligne, LigneIllisible, lire_ligne
from parchemin.registre.verification.anomalies import Anomalie
from parchemin.registre.verification.anomalies import ligne as lieu


@dataclass(slots=True)
class Ancres:
    """Ce que les lignes valablement signées affirment.

    `par_chaine` : chaîne → rang → (empreinte attendue, première ligne qui le dit) ; `empreintes` : numéro → empreinte
    de la ligne. La mémoire ne dépend que du nombre de lignes, pas de celui des entrées.
    """

    par_chaine: dict[str, dict[int, tuple[str, Ligne]]] = field(default_factory=dict)
    empreintes: dict[str, str] = field(default_factory=dict)
    derniere: Ligne | None = None
    horodatee: int | None = None


def examiner_lignes(
    octets: Iterable[bytes], cles_publiques: Sequence[Ed25519PublicKey], ancres: Ancres
) -> Iterator[Anomalie]:
    """Lit les lignes dans l'ordre, remplit `ancres` de celles qu'une de ces clés a signées."""
    precedente, attendu, vues = GENESE, 1, dict[str, int]()
    for position, brut in enumerate(octets, start=1):
        try:
            ligne = lire_ligne(brut)
        except LigneIllisible:
            yield Anomalie(lieu(attendu), "ligne_illisible", f"la ligne {position} du fichier ne se lit pas")
            precedente, attendu = "", attendu + 1
            continue
        if ligne.numero != attendu:
            yield Anomalie(lieu(ligne.numero), "ligne_deplacee", f"on attendait ici la ligne n° {attendu}")
        elif precedente and ligne.precedente != precedente:
            yield Anomalie(
                lieu(ligne.numero), "ligne_rompue", "elle ne suit pas la ligne qui la précède dans le fichier"
            )
        precedente, attendu = ligne.empreinte, ligne.numero + 1
        if not cles.signee(ligne.message, ligne.signature, ligne.cle, cles_publiques):
            yield Anomalie(lieu(ligne.numero), "signature_fausse", "aucune des clés publiques données ne l'a signée")
            continue
        for chaine, longueur in vues.items():
            if ligne.tetes.get(chaine, (0, ""))[0] < longueur:
                yield Anomalie(
                    lieu(ligne.numero),
                    "ligne_recule",
                    f"la chaîne « {chaine} » y est plus courte que dans une ligne plus ancienne",
                )
        for chaine, (longueur, tete) in ligne.tetes.items():
            vues[chaine] = max(longueur, vues.get(chaine, 0))
            attendue, _ = ancres.par_chaine.setdefault(chaine, {}).setdefault(longueur, (tete, ligne))
            if attendue != tete:
                yield Anomalie(
                    lieu(ligne.numero),
                    "ligne_contredite",
                    f"une ligne plus ancienne donne une autre tête à la chaîne « {chaine} », entrée n° {longueur}",
                )
        ancres.empreintes[str(ligne.numero)] = ligne.empreinte
        ancres.derniere = ligne


def examiner_jetons(
    octets: Iterable[bytes], dossier: Path, racines: Sequence[x509.Certificate], ancres: Ancres
) -> Iterator[Anomalie]:
    """Vérifie les jetons RFC 3161. Seules les dernières lignes peuvent encore attendre le leur."""
    en_attente: list[int] = []
    for brut in octets:
        try:
            ligne = lire_ligne(brut)
        except LigneIllisible:
            continue
        fichier = horodatage.jeton(dossier, ligne.numero)
        if not fichier.exists():
            en_attente.append(ligne.numero)
            continue
        for numero in en_attente:
            yield Anomalie(lieu(numero), "jeton_absent", "son jeton d'horodatage a disparu")
        en_attente.clear()
        try:
            horodatage.verifier_jeton(fichier.read_bytes(), brut, racines)
        except horodatage.JetonRefuse:
            yield Anomalie(lieu(ligne.numero), "jeton_faux", "son jeton d'horodatage ne vaut pas pour elle")
        else:
            ancres.horodatee = ligne.numero
