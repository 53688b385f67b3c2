"""Ce que les pages et le document du carnet disent pareil : une case, un mot, un décompte, une phrase."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from parchemin.carnet.enums import Verdict
from parchemin.carnet.selectors import Avancement, VueAttestation, VueCarnet, VueLigne
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.socle.composants import ATTESTATIONS, Lien, Option, RangeePoints, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel

OPTIONS = (
    Option(Verdict.MAITRISEE, "Maîtrisée en situation réelle", "v"),
    Option(Verdict.PAS_ENCORE, "Pas encore", "n"),
)
STATUTS = {
    True: Statut(Ton.OUI, "maîtrisée"),
    False: Statut(Ton.NON, "pas encore"),
    None: Statut(Ton.ATTENTE, "attendue"),
}

SANS_EFFET = Statut(Ton.ATTENTE, "attendue d'une autre personne")
"""La même personne avait attesté de l'autre côté : sa seconde voix ne compte pas."""
PAS_ATTENDUE = Statut(Ton.NEUTRE, "pas attendue")
"""Une compétence d'un bloc acquis autrement, dont personne n'a rien dit."""


def rangee_du_carnet(avancement: Avancement) -> RangeePoints:
    """Un point par compétence : attestée par les deux, refusée par l'un, attendue."""
    attestees, refusees = avancement.completes, avancement.refusees
    return RangeePoints(attestees, refusees, avancement.lignes - attestees - refusees, mots=ATTESTATIONS)


def resume_du_carnet(avancement: Avancement) -> str:
    """« 3 compétences sur 18 attestées par le tuteur et par le manager »."""
    sur = f"sur {avancement.lignes} " + ("attestée" if avancement.completes < 2 else "attestées")
    return f"{pluriel(avancement.completes, 'compétence')} {sur} par le tuteur et par le manager"


@dataclass(frozen=True, slots=True)
class VueCase:
    """Ce que dit une qualité d'une compétence : le mot et la forme, qui, quand ; `retirer` si c'est au lecteur.

    `partie` : qui l'a dit n'est plus désigné ; ce qui est signé reste.
    """

    titre: str
    statut: Statut
    qui: str
    quand: datetime | None
    mot: str
    retirer: Lien | None
    partie: bool = False


def statut_du_carnet(avancement: Avancement) -> Statut:
    """Complet, dispensé de ce qui manque, ou en cours."""
    if avancement.complet:
        return Statut(Ton.OUI, "complet")
    return Statut(Ton.NEUTRE, "dispensé") if avancement.suffit else Statut(Ton.ATTENTE, "en cours")


def remise_en_phrase(carnet: VueCarnet) -> str:
    """Quand le carnet fut remis, et si le candidat l'a confirmé."""
    remis = f"Remis le {date_en_clair(jour_civil(carnet.remis_le))}"
    if carnet.recu_le is None:
        return f"{remis} ; le candidat n'a pas encore confirmé l'avoir reçu."
    return f"{remis}, reçu le {date_en_clair(jour_civil(carnet.recu_le))}."


def statut_de(attestation: VueAttestation) -> Statut:
    """Maîtrisée, pas encore ; ou ce qui ne vaut plus, retirée par qui l'avait dite, répudiée par qui ne l'avait pas dite."""
    if attestation.verdict:
        return STATUTS[attestation.vaut]
    return Statut(Ton.NEUTRE, "répudiée") if attestation.repudiee else Statut(Ton.NEUTRE, "retirée")


def statut_en_vigueur(ligne: VueLigne, attestation: VueAttestation) -> Statut:
    """Ce que vaut aujourd'hui une attestation, sur sa ligne."""
    return SANS_EFFET if ligne.sans_effet == attestation.qualite else statut_de(attestation)


def mot_de(attestation: VueAttestation) -> str:
    """Le mot de qui l'a dit ; rien pour une répudiation, dont le motif n'est pas pour le carnet."""
    return "" if attestation.repudiee else attestation.mot


def case_de(
    ligne: VueLigne, qualite: Qualite, siennes: tuple[Qualite, ...], dossier: VueDossier, *, acquise: bool = False
) -> VueCase:
    """Ce que dit une qualité d'une ligne ; `siennes` : celles du lecteur, qui peut retirer ce qu'il a dit.

    `acquise` : son bloc l'est autrement, rien n'y est plus attendu.
    """
    attestation = ligne.attestations.get(qualite)
    if attestation is None:
        return VueCase(qualite.label, PAS_ATTENDUE if acquise else STATUTS[None], "", None, "", None)
    retirable = qualite in siennes and attestation.verdict != ""
    return VueCase(
        titre=qualite.label,
        statut=statut_en_vigueur(ligne, attestation),
        qui=attestation.auteur_nom,
        quand=attestation.instant,
        mot=mot_de(attestation),
        retirer=Lien("Retirer", reverse("carnet:retirer", args=[dossier.id, ligne.competence])) if retirable else None,
        partie=attestation.auteur != dossier.designe(qualite),
    )


def attestation_en_phrase(attestation: VueAttestation) -> str:
    """Une attestation, telle que la dit l'histoire d'une compétence."""
    dit = (
        Verdict(attestation.verdict).label.lower()
        if attestation.verdict
        else f"attestation {statut_de(attestation).libelle}"
    )
    jour = date_en_clair(jour_civil(attestation.instant))
    mot = f" : {mot}" if (mot := mot_de(attestation)) else ""
    return f"{jour}, {attestation.auteur_nom}, {attestation.qualite.label.lower()} : {dit}{mot}"
