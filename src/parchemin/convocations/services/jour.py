"""Le jour dit : contrôler l'identité du candidat, signer sa présence. Rien ne s'y corrige ; redire ne change rien.

Chacun signe pour soi, de son compte ou par son lien personnel. Le candidat qui n'a ni l'un ni l'autre sous la main, un évaluateur le
constate : ce n'est pas une signature, et la feuille le dit.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from moteur.etats import CONVOCATION
from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.enums import Action, Convoque, MoyenIdentite, MoyenPresence
from parchemin.convocations.models import ControleIdentite, Convocation, Epreuve, Presence
from parchemin.convocations.permissions import verifier_peut_controler
from parchemin.convocations.selectors import (
    VueEpreuve,
    epreuve_par_id,
    est_attendu,
    identite_controlee,
    places,
    rendez_vous,
)
from parchemin.convocations.services.envois import passer_convocation
from parchemin.convocations.services.passages import verrouiller
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit


def controler_identite(*, epreuve: UUID, moyen: MoyenIdentite, auteur: Acteur, maintenant: datetime) -> bool:
    """Inscrit comment l'identité du candidat fut contrôlée, et par qui ; vrai si c'est nouveau. La première pièce enregistrée reste.

    Lève `Introuvable`, `RefusDroit("controle_reserve")`, et `Refus` : `pas_le_jour`, `identite_deja_controlee` (sur une autre pièce).
    """
    moyen = MoyenIdentite(moyen)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.IDENTITE_CONTROLEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_controler(auteur, droits(auteur, jour_civil(maintenant)), vue)
        jour = _le_jour(auteur, vue, maintenant)
        deja = identite_controlee(auteur, ligne.pk, jour)
        if deja is not None:
            if deja.moyen != moyen:
                raise Refus(
                    "identite_deja_controlee",
                    f"L'identité est déjà contrôlée ({deja.moyen.label}, vue par {deja.par_nom}) : rien n'a changé.",
                )
            journal.rien_a_inscrire()
            return False
        ControleIdentite.objects.create(epreuve=ligne, moyen=moyen, jour=jour, par=auteur.id, le=maintenant)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"moyen": moyen},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return True


def signer_sa_presence(
    *, epreuve: UUID, auteur: Acteur, maintenant: datetime, moyen: MoyenPresence = MoyenPresence.COMPTE
) -> bool:
    """Signe sa propre présence, le jour de l'épreuve ; vrai si c'est nouveau.

    La vue a exigé une preuve récente (compte) ou le lien personnel. Lève `Introuvable` (cette épreuve ne l'attend pas),
    `RefusDroit("intuitu_personae")`, `Refus("pas_le_jour")`.
    """
    if auteur.par_delegation_de is not None:
        raise RefusDroit("intuitu_personae", "On signe sa présence pour soi-même : reprenez votre nom.")
    if not est_attendu(auteur, epreuve):
        raise Introuvable
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PRESENCE_SIGNEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        place = next((une.place for une in places(auteur, vue) if une.personne == auteur.id), None)
        if place is None or place is Convoque.MANAGER:
            raise Introuvable
        jour = _le_jour(auteur, vue, maintenant)
        if not _inscrire_presence(ligne, auteur.id, place, moyen, jour, auteur, maintenant):
            journal.rien_a_inscrire()
            return False
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"personne": auteur.id, "place": place, "moyen": moyen},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return True


def constater_presence(*, epreuve: UUID, auteur: Acteur, maintenant: datetime) -> bool:
    """Un évaluateur constate que le candidat est là, quand il ne peut signer lui-même ; vrai si c'est nouveau.

    Lève `Introuvable`, `RefusDroit("controle_reserve")`, et `Refus` : `pas_le_jour`, `identite_a_controler`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PRESENCE_SIGNEE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        verifier_peut_controler(auteur, droits(auteur, jour_civil(maintenant)), vue)
        jour = _le_jour(auteur, vue, maintenant)
        if not ControleIdentite.objects.filter(epreuve=ligne, jour=jour).exists():
            raise Refus("identite_a_controler", "Contrôlez d'abord l'identité du candidat.")
        candidat = vue.dossier.candidat
        if not _inscrire_presence(ligne, candidat, Convoque.CANDIDAT, MoyenPresence.CONSTAT, jour, auteur, maintenant):
            journal.rien_a_inscrire()
            return False
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"personne": candidat, "place": Convoque.CANDIDAT, "moyen": MoyenPresence.CONSTAT},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
    return True


def _inscrire_presence(
    ligne: Epreuve,
    personne: UUID,
    place: Convoque,
    moyen: MoyenPresence,
    jour: date,
    auteur: Acteur,
    maintenant: datetime,
) -> bool:
    if Presence.objects.filter(epreuve=ligne, personne_id=personne, jour=jour).exists():
        return False
    Presence.objects.create(
        epreuve=ligne, personne_id=personne, place=place, moyen=moyen, jour=jour, par=auteur.id, le=maintenant
    )
    for convocation in Convocation.objects.select_for_update(of=("self",)).filter(epreuve=ligne, personne_id=personne):
        if convocation.etat not in CONVOCATION.terminaux:
            passer_convocation(convocation, "honoree", auteur, maintenant)
    return True


def _le_jour(auteur: Acteur, vue: VueEpreuve, maintenant: datetime) -> date:
    """Le jour de l'épreuve, si c'est aujourd'hui, là où elle se tient. Lève `Refus("pas_le_jour")`."""
    rdv = rendez_vous(auteur, vue)
    if not rdv.est_le_jour(maintenant):
        raise Refus(
            "pas_le_jour", "La présence se signe et l'identité se contrôle le jour de l'épreuve, là où elle se tient."
        )
    return rdv.jour
