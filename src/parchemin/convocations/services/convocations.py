"""Convoquer chacun à une épreuve, assez tôt, une fois ; et choisir les courriers que l'épreuve présélectionne.

Une convocation et son courriel naissent dans la même transaction. Ce qu'une personne a appris est gardé (`dit`) : dès que l'épreuve
n'est plus ce qu'on lui a dit, une version de plus part (`suites`), et son invitation suit au calendrier.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from moteur.phrases import enumerer
from moteur.regles.delai_de_convocation import Avis, Delai, du_destinataire
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, Convoque
from parchemin.convocations.models import Epreuve, PanelDEpreuve
from parchemin.convocations.permissions import verifier_admissible, verifier_peut_planifier
from parchemin.convocations.selectors import (
    AConvoquer,
    RendezVous,
    VueEpreuve,
    avis_sur,
    barriere,
    delais_de_convocation,
    epreuve_par_id,
    panel_a_choisir,
    panel_choisi,
    places,
    recusation_en_attente,
    rendez_vous,
)
from parchemin.convocations.services.envois import convoquer_une, vivantes
from parchemin.convocations.services.epreuves import verifier_carnet
from parchemin.convocations.services.passages import verrouiller
from parchemin.convocations.services.suites import suivre_les_convocations
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus
from parchemin.socle.typographie import date_en_clair


def convoquer(
    *,
    epreuve: UUID,
    derogation: str = "",
    motifs: Sequence[str] | None = None,
    auteur: Acteur,
    maintenant: datetime,
) -> tuple[UUID, ...]:
    """Convoque qui ne l'est pas encore ; rend ses convocations. Redire ne change rien.

    `derogation` : pourquoi convoquer plus tard que le délai, là où le règlement le permet ; `motifs` : ceux du panel de courriers que
    cette épreuve garde (`None` : ceux déjà choisis, sinon tout le panel). Lève `Introuvable`, `RefusDroit` (`planification_reservee`,
    `cause_propre`, ou le premier obstacle d'un évaluateur), et `Refus` : `epreuve_fermee`, `date_passee`, `evaluateurs_manquants`,
    `recusation_en_attente`, `carnet_gele`, `carnet_incomplet`, `validation_attendue`, `motif_hors_panel`, `panel_vide`,
    `convocation_impossible`, `convocation_tardive`.
    """
    derogation = derogation.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONVOQUES) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        rdv = rendez_vous(auteur, vue)
        _verifier_convocable(auteur, vue, rdv, maintenant)
        suivre_les_convocations(epreuve=epreuve, maintenant=maintenant)  # qui n'y est plus laisse sa place d'abord
        convoques = {une.place for une in vivantes(epreuve)}
        attendues = [place for place in places(auteur, vue) if place.place not in convoques]
        tardives = _verifier_delais(auteur, vue, rdv, attendues, derogation, maintenant)
        change_de_panel = _choisir_le_panel(auteur, ligne, vue, motifs, maintenant)
        if not attendues and not change_de_panel:
            journal.rien_a_inscrire()
            return ()
        faites = [
            convoquer_une(ligne, vue, rdv, une, derogation if une.place in tardives else "", auteur, maintenant)
            for une in attendues
        ]
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={
                "convocations": [str(une.pk) for une in faites],
                "places": [une.place for une in faites],
                "tardives": sorted(tardives),
                "panel": change_de_panel,
            },
            personnel={"derogation": derogation} if tardives else None,
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return tuple(une.pk for une in faites)


# Ce qui refuse --------------------------------------------------------------------------------------------------------


def _verifier_convocable(auteur: Acteur, vue: VueEpreuve, rdv: RendezVous, maintenant: datetime) -> None:
    if not vue.attend:
        raise Refus("epreuve_fermee", "Cette épreuve n'attend plus personne : il n'y a plus à convoquer.")
    if rdv.debut <= maintenant:
        raise Refus("date_passee", "L'heure de cette épreuve est passée : déplacez-la avant d'y convoquer.")
    if len(vue.evaluateurs) < 2:
        raise Refus(
            "evaluateurs_manquants",
            "Cette épreuve n'a pas encore ses deux évaluateurs : affectez-les, puis convoquez.",
        )
    jour = jour_civil(maintenant)
    cadre = barriere(auteur, vue.dossier, jour)
    for evaluateur in vue.evaluateurs:
        autre = vue.evaluateur(evaluateur.qualite.autre)
        avis = avis_sur(
            auteur, cadre, vue, evaluateur.personne, evaluateur.qualite, autre.personne if autre else None, ouvre=False
        )
        verifier_admissible(evaluateur.nom, avis.obstacles)
    if recusation_en_attente(auteur, vue.id):
        raise Refus("recusation_en_attente", "Le candidat a récusé un évaluateur : répondez-lui, puis convoquez.")
    verifier_carnet(vue.dossier, vue.bloc, auteur, maintenant)


def _verifier_delais(
    auteur: Acteur,
    vue: VueEpreuve,
    rdv: RendezVous,
    attendues: Sequence[AConvoquer],
    derogation: str,
    maintenant: datetime,
) -> frozenset[Convoque]:
    """Les places convoquées plus tard que leur délai, avec le motif donné. Lève le refus qui dit le délai, et quoi faire."""
    table, _ = delais_de_convocation(auteur, vue.norme, jour_civil(maintenant))
    jour = rdv.jour_de(maintenant)
    lignes: Mapping[Convoque, Delai] = {une.place: du_destinataire(table, une.place.destinataire) for une in attendues}
    avis = {place: delai.avis(jour, rdv.jour) for place, delai in lignes.items()}
    exclus = [une for une in attendues if avis[une.place] is Avis.IMPOSSIBLE]
    if exclus:
        au_plus_tot = max(lignes[une.place].premiere_date(jour) for une in exclus)
        raise Refus(
            Avis.IMPOSSIBLE.value,
            f"Il est trop tard pour convoquer {enumerer([une.nom for une in exclus])} : déplacez l'épreuve au "
            f"{date_en_clair(au_plus_tot)} au plus tôt.",
            details=[_delai_dit(une, lignes[une.place]) for une in exclus],
        )
    tardives = [une for une in attendues if avis[une.place] is Avis.A_DEROGER]
    if tardives and not derogation:
        raise Refus(
            Avis.A_DEROGER.value,
            f"Le délai est passé pour {enumerer([une.nom for une in tardives])} : dites pourquoi convoquer maintenant.",
            details=[_delai_dit(une, lignes[une.place]) for une in tardives],
        )
    return frozenset(une.place for une in tardives)


def _delai_dit(une: AConvoquer, delai: Delai) -> str:
    plancher = f", et jamais moins de {delai.plancher} jours" if delai.plancher else ""
    return f"{une.nom}, {une.place.label} : {delai.jours} jours avant l'épreuve{plancher}."


def _choisir_le_panel(
    auteur: Acteur, ligne: Epreuve, vue: VueEpreuve, motifs: Sequence[str] | None, maintenant: datetime
) -> bool:
    """Garde les motifs de courrier choisis ; vrai si le choix change."""
    offerts = panel_a_choisir(auteur, vue)
    if not offerts or motifs is None:
        return False
    choisis = [unicodedata.normalize("NFC", motif) for motif in motifs]
    if not choisis:
        raise Refus("panel_vide", "Choisissez au moins un motif de courrier : le panel se présélectionne.")
    connus = [unicodedata.normalize("NFC", motif) for motif in offerts]
    if not set(choisis) <= set(connus):
        raise Refus("motif_hors_panel", "Ces motifs ne sont pas tous du panel du certificateur : rechargez la page.")
    choisis = [motif for motif in connus if motif in choisis]
    if list(panel_choisi(auteur, ligne.pk) or connus) == choisis:
        return False
    PanelDEpreuve.objects.create(epreuve=ligne, motifs=choisis, auteur=auteur.id, le=maintenant)
    return True
