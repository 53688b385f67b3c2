"""Le second regard : demandé avec le résultat, confié à une troisième personne, rendu en un avis scellé que lira le jury."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from moteur.empreinte import canonique, empreinte
from moteur.etats import SECOND_REGARD
from moteur.regles.second_regard import Motif, Sens, verifier_avis
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import GenreDeclare
from parchemin.convocations.permissions import verifier_peut_planifier, verifier_tiers
from parchemin.convocations.selectors import VueEpreuve, declaration_signee, epreuve_par_id, tiers_examine
from parchemin.convocations.services import declarer_second_regard, verifier_second_regard, verrouiller_epreuve
from parchemin.evaluation.enums import Action, SensAvis
from parchemin.evaluation.evenements import SecondRegardDemande, SecondRegardDesigne, SecondRegardRendu
from parchemin.evaluation.models import AvisDeSecondRegard, Resultat, SecondRegard
from parchemin.evaluation.sceaux import sceau_avis
from parchemin.evaluation.selectors import (
    acquis_du_dossier,
    bloc_de,
    lectures_scellees,
    reglement_du_jour,
    reste_a_juger,
    resultats_du_dossier,
)
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.parcours.services import passer_etat, verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage, passer_la_ligne
from parchemin.socle.refus import Introuvable, Refus, au_nom_du_moteur

JOURS_PAR_DEFAUT = 5
"""Pour désigner, sous un règlement écrit avant que ce réglage n'existe."""


def demander(*, epreuve: VueEpreuve, motifs: Collection[Motif], auteur: Acteur, maintenant: datetime) -> None:
    """Ouvre le second regard d'un résultat qui vient d'être scellé. À n'appeler que sous le verrou de l'épreuve."""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_REGARD_DEMANDE) as journal:
        ligne = SecondRegard.objects.create(
            epreuve_id=epreuve.id,
            motifs=[motif.value for motif in motifs],
            etat=SECOND_REGARD.depart,
            depuis=maintenant,
            echeance=_echeance(epreuve, "second_regard_designation_jours", auteur, maintenant),
        )
        inscrire_passage(ligne, auteur=auteur, maintenant=maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve.id),
            donnees={"bloc": epreuve.bloc, "echeance": ligne.echeance},
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )
        annoncer(SecondRegardDemande(epreuve.id, epreuve.dossier.id, epreuve.bloc, maintenant))


def designer_second_regard(*, epreuve: UUID, personne: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Le gestionnaire choisit (ou remplace) la troisième personne. Redire la même ne change rien.

    Elle passe par la barrière d'indépendance, n'a jamais évalué cette épreuve et n'évalue plus ce candidat. Lève `Introuvable`,
    `RefusDroit` (`planification_reservee`, ou le premier empêchement), `Refus("second_regard_clos")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_REGARD_DESIGNE) as journal:
        ligne, vue = _verrouiller(epreuve, auteur)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        _verifier_ouvert(ligne, vue)
        verifier_tiers(tiers_examine(auteur, vue, personne, jour_civil(maintenant)))
        precedent = ligne.personne_id
        if precedent == personne:
            journal.rien_a_inscrire()
            return
        if ligne.etat == "designe":
            _passer(ligne, "a_designer", None, None, auteur, maintenant, "Une autre personne est choisie.")
        echeance = _echeance(vue, "second_regard_delai_jours", auteur, maintenant)
        _passer(ligne, "designe", personne, echeance, auteur, maintenant, "")
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"personne": personne, "precedent": precedent, "echeance": echeance},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(SecondRegardDesigne(epreuve, vue.dossier.id, personne, maintenant, precedent))


def declarer_avant_de_lire(*, epreuve: UUID, genre: GenreDeclare, auteur: Acteur, maintenant: datetime) -> bool:
    """La personne désignée déclare ce qui la lie au candidat, avant d'ouvrir les lectures ; vrai si elle peut lire.

    Un lien déclaré rend le second regard à désigner. Lève `Introuvable`, `RefusDroit`, `Refus("second_regard_clos")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_REGARD_RETIRE) as journal:
        ligne, vue = _verrouiller(epreuve, auteur)
        _verifier_designe(ligne, vue, auteur)
        verifier_second_regard(auteur, vue, maintenant)
        libre = declarer_second_regard(epreuve=epreuve, genre=genre, auteur=auteur, maintenant=maintenant)
        if libre:
            journal.rien_a_inscrire()
            return True
        _rendre_a_designer(ligne, vue, "S'est déclarée liée au candidat.", auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"personne": auteur.id},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return False


def se_recuser(*, epreuve: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """La personne désignée ne peut pas (absence, charge) : le gestionnaire en choisira une autre.

    Lève `Introuvable`, `Refus("motif_manquant" | "second_regard_clos")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_REGARD_RETIRE) as journal:
        ligne, vue = _verrouiller(epreuve, auteur)
        _verifier_designe(ligne, vue, auteur)
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi : le gestionnaire le lira.")
        _rendre_a_designer(ligne, vue, motif, auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"personne": auteur.id},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )


def rendre_avis(
    *, epreuve: UUID, sens: SensAvis, criteres: Sequence[str], motif: str, auteur: Acteur, maintenant: datetime
) -> bool:
    """Scelle l'avis motivé de la personne désignée : maintenir, ou quels critères reconsidérer et pourquoi.

    Vrai s'il vient de l'être, faux s'il l'était déjà. Il ne change rien au résultat. Lève `Introuvable`, `RefusDroit`
    (plus admissible), et `Refus` : `declaration_manquante`, `motif_manquant`, `critere_inconnu`, `critere_manquant`,
    `critere_en_trop`, `second_regard_clos`.
    """
    sens, motif = SensAvis(sens), motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.AVIS_RENDU) as journal:
        ligne, vue = _verrouiller(epreuve, auteur)
        if ligne.etat == "rendu" and ligne.personne_id == auteur.id:
            journal.rien_a_inscrire()
            return False
        _verifier_designe(ligne, vue, auteur)
        verifier_second_regard(auteur, vue, maintenant)
        if not declaration_signee(auteur, epreuve):
            raise Refus("declaration_manquante", "Avant de lire, déclarez que vous n'avez aucun lien avec le candidat.")
        ordre = [critere.code for critere in bloc_de(auteur, vue).criteres()]
        with au_nom_du_moteur():
            verifier_avis(Sens(sens.value), criteres, motif, du_bloc=ordre)
        retenus = [code for code in ordre if code in criteres]
        avis = _sceller(ligne, vue, sens, retenus, motif, auteur, maintenant)
        _passer(ligne, "rendu", auteur.id, None, auteur, maintenant, "")
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"avis": avis.pk},
            scelles=[sceau_avis(avis)],
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(SecondRegardRendu(epreuve, vue.dossier.id, avis=True, le=maintenant))
        avancer_dossier(vue.dossier.id, auteur, maintenant)
    return True


def clore_sans_avis(*, epreuve: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Personne n'a pu rendre d'avis : le gestionnaire dit pourquoi, et le jury le lira. Redire ne change rien.

    Lève `Introuvable`, `RefusDroit("planification_reservee")`, `Refus("motif_manquant" | "second_regard_clos")`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.SECOND_REGARD_SANS_AVIS) as journal:
        ligne, vue = _verrouiller(epreuve, auteur)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        if ligne.etat == "sans_avis":
            journal.rien_a_inscrire()
            return
        _verifier_ouvert(ligne, vue)
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi aucun avis n'est rendu : le jury le lira.")
        precedent = ligne.personne_id
        _passer(ligne, "sans_avis", None, None, auteur, maintenant, motif)
        journal.inscrire(
            objet=("epreuve", epreuve),
            donnees={"precedent": precedent},
            personnel={"motif": motif},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
        annoncer(SecondRegardRendu(epreuve, vue.dossier.id, avis=False, le=maintenant))
        avancer_dossier(vue.dossier.id, auteur, maintenant)


def avancer_dossier(identifiant: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Plus rien à juger : le dossier est « évalué », ou attend ses seconds regards ; s'il reste à juger, il en revient. Le verrouille."""
    verrouiller_dossier(identifiant)
    dossier = dossiers_par_ids(auteur, [identifiant])[identifiant]
    resultats = resultats_du_dossier(auteur, dossier.id)
    if not dossier.ouvert:
        return
    if reste_a_juger(dossier, resultats, acquis_du_dossier(auteur, dossier)):
        if dossier.etat == "second_regard":  # un bloc acquis autrement ne l'est plus
            passer_etat(dossier=dossier.id, vers="en_evaluation", auteur=auteur, maintenant=maintenant)
        return
    if dossier.etat in (
        "en_parcours",
        "validation_deposee",
    ):  # tout est acquis autrement : aucune épreuve n'a ouvert l'évaluation
        passer_etat(dossier=dossier.id, vers="en_evaluation", auteur=auteur, maintenant=maintenant)
    elif dossier.etat not in ("en_evaluation", "second_regard"):
        return
    attendus = SecondRegard.objects.filter(epreuve__dossier_id=dossier.id).exclude(etat__in=SECOND_REGARD.terminaux)
    vers = "second_regard" if attendus.exists() else "evalue"
    passer_etat(dossier=dossier.id, vers=vers, auteur=auteur, maintenant=maintenant)


def _verrouiller(epreuve: UUID, auteur: Acteur) -> tuple[SecondRegard, VueEpreuve]:
    """Verrouille l'épreuve, puis son second regard ; lève `Introuvable` s'il n'y en a pas."""
    verrouiller_epreuve(epreuve)
    ligne = SecondRegard.objects.select_for_update(of=("self",)).filter(epreuve_id=epreuve).first()
    if ligne is None:
        raise Introuvable("Aucun second regard n'est demandé pour cette épreuve.")
    return ligne, epreuve_par_id(auteur, epreuve)


def _verifier_ouvert(ligne: SecondRegard, vue: VueEpreuve) -> None:
    if not vue.dossier.ouvert:
        raise Refus("second_regard_clos", "Ce dossier est clos : son second regard n'a plus d'objet.")
    if ligne.etat in SECOND_REGARD.terminaux:
        raise Refus("second_regard_clos", f"Ce second regard est clos ({SECOND_REGARD.etat(ligne.etat).intitule}).")


def _verifier_designe(ligne: SecondRegard, vue: VueEpreuve, auteur: Acteur) -> None:
    """Qui n'est pas la personne désignée n'apprend même pas qu'un second regard existe."""
    if ligne.personne_id != auteur.id:
        raise Introuvable
    _verifier_ouvert(ligne, vue)


def _rendre_a_designer(ligne: SecondRegard, vue: VueEpreuve, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    echeance = _echeance(vue, "second_regard_designation_jours", auteur, maintenant)
    _passer(ligne, "a_designer", None, echeance, auteur, maintenant, motif)
    annoncer(SecondRegardDemande(vue.id, vue.dossier.id, vue.bloc, maintenant))


def _passer(
    ligne: SecondRegard,
    vers: str,
    personne: UUID | None,
    echeance: date | None,
    auteur: Acteur,
    maintenant: datetime,
    motif: str,
) -> None:
    passer_la_ligne(
        SECOND_REGARD, ligne, vers, auteur=auteur, maintenant=maintenant, motif=motif, propres={"personne": personne},
        depuis=maintenant, personne_id=personne, echeance=echeance,
    )  # fmt: skip


def _echeance(epreuve: VueEpreuve, reglage: str, auteur: Acteur, maintenant: datetime) -> date:
    """Le dernier jour pour agir, sous le règlement en vigueur aujourd'hui."""
    reglement = reglement_du_jour(auteur, epreuve, maintenant)
    return jour_civil(maintenant) + timedelta(days=reglement.valeur(reglage, JOURS_PAR_DEFAUT))


def _sceller(
    ligne: SecondRegard,
    vue: VueEpreuve,
    sens: SensAvis,
    criteres: list[str],
    motif: str,
    auteur: Acteur,
    maintenant: datetime,
) -> AvisDeSecondRegard:
    sel = secrets.token_hex(16)
    contenu: dict[str, Any] = {
        "auteur": str(auteur.id),
        "bloc": vue.bloc,
        "criteres": criteres,
        "epreuve": str(vue.id),
        "lectures": {qualite.value: lue.empreinte for qualite, lue in lectures_scellees(vue.id).items()},
        "motif": motif,
        "motifs_de_la_demande": list(ligne.motifs),
        "norme": vue.norme,
        "rendu_le": maintenant.isoformat(timespec="milliseconds"),
        "resultat": Resultat.objects.get(epreuve_id=vue.id).empreinte,
        "sel": sel,
        "sens": sens.value,
    }
    return AvisDeSecondRegard.objects.create(
        second_regard=ligne,
        auteur_id=auteur.id,
        sens=sens,
        rendu_le=maintenant,
        sel=sel,
        canonique=canonique(contenu).decode("utf-8"),
        empreinte=empreinte(contenu),
    )
