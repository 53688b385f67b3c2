"""Une épreuve passe d'un état à l'autre, sous son verrou, et son histoire le garde."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from moteur.etats import EPREUVE, RECUSATION
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import SANS_SUITE, Action
from parchemin.convocations.evenements import EpreuvePassee
from parchemin.convocations.models import Affectation, Epreuve, Recusation
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import VueEpreuve, epreuve_par_id
from parchemin.convocations.services.occupations import tenir
from parchemin.registre.services import Journal, acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.annonces import annoncer
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import passer_la_ligne
from parchemin.socle.refus import Introuvable, Refus


def annuler_epreuve(*, epreuve: UUID, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Annule une épreuve qui n'a pas eu lieu ; une autre pourra se planifier. Deux fois ne change rien.

    Lève `RefusDroit("planification_reservee" | "cause_propre")`, `Introuvable`, et `Refus` : `motif_manquant`, `passage_interdit`.
    """
    motif = motif.strip()
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_ANNULEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        if ligne.etat == "annulee":
            journal.rien_a_inscrire()
            return
        if not motif:
            raise Refus("motif_manquant", "Dites pourquoi l'épreuve est annulée : le candidat le lira.")
        passer_et_inscrire(ligne, vue, "annulee", motif, auteur, maintenant, journal)


def passer_epreuve(*, epreuve: UUID, vers: str, auteur: Acteur, maintenant: datetime) -> None:
    """Passe une épreuve à un autre état de `moteur.etats.EPREUVE`. Y être déjà ne change rien.

    Pour l'évaluation, qui a vérifié son propre droit. Lève `Introuvable`, `Refus("passage_interdit")`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_PASSEE) as journal:
        ligne = verrouiller(epreuve)
        if ligne.etat == vers:
            journal.rien_a_inscrire()
            return
        passer_et_inscrire(ligne, epreuve_par_id(auteur, epreuve), vers, "", auteur, maintenant, journal)


def commencer_epreuve(*, epreuve: VueEpreuve, auteur: Acteur, maintenant: datetime) -> None:
    """Le premier geste reçu ouvre l'épreuve affectée. Déjà commencée, rien ne change.

    Suspendue avant d'avoir commencé, elle le reste, mais son histoire dit qu'elle avait commencé : sa reprise, et ce que l'on peut
    décider de l'incident, en tiennent compte. Pour l'évaluation, qui l'a lue sous son verrou.
    """
    if epreuve.etat == "affectee":
        passer_epreuve(epreuve=epreuve.id, vers="en_cours", auteur=auteur, maintenant=maintenant)
    if epreuve.etat != "suspendue" or epreuve.commencee:
        return
    with acte(auteur=auteur, maintenant=maintenant, action=Action.EPREUVE_COMMENCEE) as journal:
        ligne = verrouiller(epreuve.id)
        passer_ligne(ligne, "en_cours", auteur, maintenant, "Des gestes sont arrivés pendant la suspension.")
        passer_ligne(ligne, "suspendue", auteur, maintenant, "", depuis=epreuve.depuis)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"suspendue_depuis": epreuve.depuis},
            chaine=chaine_organisme(epreuve.dossier.organisme),
        )


def verrouiller_epreuve(epreuve: UUID) -> None:
    """Verrouille l'épreuve jusqu'à la fin de la transaction : ses lectures et son accord s'écrivent l'un après l'autre."""
    verrouiller(epreuve)


def verrouiller_son_epreuve(epreuve: UUID, evaluateur: Acteur) -> None:
    """Comme `verrouiller_epreuve`, pour qui y est, ou y fut, affecté. Lève `Introuvable` sinon, sans dire si elle existe."""
    siennes = Affectation.objects.filter(epreuve=OuterRef("pk"), evaluateur_id=evaluateur.id)
    if not Epreuve.objects.select_for_update(of=("self",)).filter(Exists(siennes), pk=epreuve):
        raise Introuvable


def sans_objet(ligne: Epreuve, partis: Collection[UUID], auteur: Acteur, maintenant: datetime) -> None:
    """Clôt les récusations en attente contre des évaluateurs qui n'en sont plus."""
    for recusation in Recusation.objects.filter(epreuve=ligne, etat="deposee", evaluateur_id__in=partis):
        passer_recusation(recusation, "sans_objet", "", auteur, maintenant)


def passer_recusation(recusation: Recusation, vers: str, motif: str, auteur: Acteur, maintenant: datetime) -> None:
    """Passe une récusation à un autre état de `moteur.etats.RECUSATION`, sous le verrou de son épreuve."""
    passer_la_ligne(RECUSATION, recusation, vers, auteur=auteur, maintenant=maintenant, motif=motif)


def verrouiller(epreuve: UUID) -> Epreuve:
    """La ligne de l'épreuve, verrouillée jusqu'à la fin de la transaction. Lève `Introuvable`."""
    ligne = Epreuve.objects.select_for_update(of=("self",)).filter(pk=epreuve).first()
    if ligne is None:
        raise Introuvable
    return ligne


def passer_et_inscrire(
    ligne: Epreuve, vue: VueEpreuve, vers: str, motif: str, auteur: Acteur, maintenant: datetime, journal: Journal
) -> None:
    """Passe la ligne verrouillée à un autre état, l'inscrit au journal, l'annonce."""
    de = ligne.etat
    passer_ligne(ligne, vers, auteur, maintenant, motif)
    journal.inscrire(
        objet=("epreuve", ligne.pk),
        donnees={"de": de, "vers": vers},
        personnel={"motif": motif} if motif else None,
        chaine=chaine_organisme(vue.dossier.organisme),
    )
    annoncer(EpreuvePassee(ligne.pk, vue.dossier.id, vers, maintenant))


def passer_ligne(
    ligne: Epreuve, vers: str, auteur: Acteur, maintenant: datetime, motif: str, depuis: datetime | None = None
) -> None:
    """Passe la ligne verrouillée à un autre état, et l'écrit dans son histoire. Sans suite, elle n'occupe plus personne.

    `depuis` : l'instant depuis lequel elle y est, si ce n'est pas maintenant.
    """
    passer_la_ligne(
        EPREUVE, ligne, vers, auteur=auteur, maintenant=maintenant, motif=motif, depuis=depuis or maintenant
    )
    if vers in SANS_SUITE:
        tenir(ligne)
