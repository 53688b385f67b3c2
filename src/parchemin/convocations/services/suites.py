"""Redire à chacun ce qui change dans son épreuve, retirer ce qui n'a plus lieu d'être, renvoyer ce qui s'est perdu."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from moteur.etats import CONVOCATION, EPREUVE
from parchemin.comptes.selectors import adresses, droits, noms
from parchemin.comptes.services import chaine_organisme
from parchemin.convocations.documents.calendrier import Adresse
from parchemin.convocations.documents.courriels import dire_le_retrait
from parchemin.convocations.enums import Action, Convoque
from parchemin.convocations.models import Convocation, Epreuve
from parchemin.convocations.permissions import verifier_peut_planifier
from parchemin.convocations.selectors import AConvoquer, RendezVous, VueEpreuve, epreuve_par_id, places, rendez_vous
from parchemin.convocations.services.envois import (
    ce_qui_se_dit,
    convoquer_une,
    deposer_pour,
    donner_un_lien,
    jour_dit,
    oublier_le_courriel,
    passer_convocation,
    tenir,
    vivantes,
)
from parchemin.convocations.services.passages import verrouiller
from parchemin.registre.services import acte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus


def suivre_les_convocations(*, epreuve: UUID, maintenant: datetime, auteur: Acteur = SYSTEME) -> int:
    """Accorde les convocations à ce qu'est devenue l'épreuve : redit, retire ou clôt ; rend combien ont changé. Redire ne change rien.

    Une date, une heure ou un lieu qui change redemande une réponse ; un autre évaluateur ne fait que se dire. Remise à un autre jour,
    l'épreuve reconvoque qui y était déjà venu.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONVOCATION_SUIVIE) as journal:
        ligne = verrouiller(epreuve)
        vue = epreuve_par_id(auteur, epreuve)
        rdv = rendez_vous(auteur, vue)
        tenues = {(une.place, une.personne): une for une in places(auteur, vue)}
        changees: dict[str, str] = {}
        for convocation in vivantes(epreuve):
            attendue = tenues.get((Convoque(convocation.place), convocation.personne_id))
            devient = _accorder(convocation, ligne, vue, rdv, attendue, auteur, maintenant)
            if devient:
                changees[str(convocation.pk)] = devient
        for neuve in _reconvoquer(ligne, vue, rdv, tenues, auteur, maintenant):
            changees[str(neuve.pk)] = "reconvoquee"
        if not changees:
            journal.rien_a_inscrire()
            return 0
        journal.inscrire(objet=("epreuve", ligne.pk), donnees=changees, chaine=chaine_organisme(vue.dossier.organisme))
    return len(changees)


def _reconvoquer(
    ligne: Epreuve,
    vue: VueEpreuve,
    rdv: RendezVous,
    tenues: Mapping[tuple[Convoque, UUID], AConvoquer],
    auteur: Acteur,
    maintenant: datetime,
) -> list[Convocation]:
    """Une convocation neuve à qui est encore attendu, et dont la dernière, finie, était pour un autre jour."""
    if not vue.attend or rdv.debut <= maintenant or len(vue.evaluateurs) < 2:
        return []
    passees = Convocation.objects.filter(epreuve=ligne).exclude(etat="annulee").order_by("sequence", "convoquee_le")
    dernieres = {(Convoque(une.place), une.personne_id): une for une in passees}
    return [
        convoquer_une(ligne, vue, rdv, attendue, "", auteur, maintenant)
        for cle, attendue in tenues.items()
        if (derniere := dernieres.get(cle)) is not None
        and derniere.etat in CONVOCATION.terminaux
        and jour_dit(derniere) != rdv.jour
    ]


def _accorder(
    convocation: Convocation,
    ligne: Epreuve,
    vue: VueEpreuve,
    rdv: RendezVous,
    attendue: AConvoquer | None,
    auteur: Acteur,
    maintenant: datetime,
) -> str:
    """Ce que devient une convocation : « annulee », « close », « redite », ou rien."""
    if attendue is None or ligne.etat in EPREUVE.terminaux:
        if ligne.etat == "accordee" or rdv.fin <= maintenant:
            oublier_le_courriel(convocation, auteur, maintenant)
            passer_convocation(convocation, "close", auteur, maintenant)
            return "close"
        _retirer(convocation, vue, rdv, auteur, maintenant)
        return "annulee"
    dit = ce_qui_se_dit(vue, rdv, attendue.place)
    if dit == convocation.dit or rdv.debut <= maintenant or len(vue.evaluateurs) < 2:
        return ""
    redemande = {**dit, "evaluateurs": convocation.dit["evaluateurs"]} != convocation.dit
    oublier_le_courriel(convocation, auteur, maintenant)
    convocation.dit, convocation.sequence = dit, convocation.sequence + 1
    if redemande and convocation.etat != CONVOCATION.depart:
        convocation.remplacant = None
        passer_convocation(convocation, CONVOCATION.depart, auteur, maintenant)
    donner_un_lien(convocation, vue, rdv, attendue, auteur, maintenant, change=True)
    return "redite"


def _retirer(convocation: Convocation, vue: VueEpreuve, rdv: RendezVous, auteur: Acteur, maintenant: datetime) -> None:
    oublier_le_courriel(convocation, auteur, maintenant)
    convocation.sequence += 1
    convocation.save(update_fields=["sequence"])
    passer_convocation(convocation, "annulee", auteur, maintenant)
    adresse = adresses(SYSTEME, [convocation.personne_id]).get(convocation.personne_id)
    if adresse is None:
        return
    dits = convocation.dit
    message = dire_le_retrait(
        vue,
        RendezVous(
            datetime.fromisoformat(dits["debut"]), datetime.fromisoformat(dits["fin"]), rdv.fuseau, dits["lieu"]
        ),
        place=Convoque(convocation.place),
        convie=Adresse(noms(SYSTEME, [convocation.personne_id])[convocation.personne_id], adresse),
        personne=convocation.personne_id,
        sequence=convocation.sequence,
        instant=maintenant,
    )
    deposer_pour(convocation, adresse, message, None, auteur, maintenant)


def renvoyer_convocation(*, convocation: UUID, auteur: Acteur, maintenant: datetime) -> None:
    """Renvoie à une personne sa convocation, avec un lien neuf : l'ancien n'ouvre plus rien. Une fois par jour au plus.

    Lève `Introuvable`, `RefusDroit` comme `convoquer`, et `Refus` : `convocation_finie`, `adresse_absente`, `renvoi_du_jour`.
    """
    with acte(auteur=auteur, maintenant=maintenant, action=Action.CONVOCATION_RENVOYEE) as journal:
        ligne, une = tenir(convocation)
        vue = epreuve_par_id(auteur, ligne.pk)
        verifier_peut_planifier(droits(auteur, jour_civil(maintenant)), vue.dossier)
        rdv = rendez_vous(auteur, vue)
        if une.etat in CONVOCATION.terminaux or rdv.fin <= maintenant:
            raise Refus("convocation_finie", "Cette convocation n'attend plus de réponse.")
        attendue = next((p for p in places(auteur, vue) if p.personne == une.personne_id), None)
        if attendue is None or not attendue.adresse:
            raise Refus("adresse_absente", "Cette personne n'a pas d'adresse connue : remettez-lui le PDF.")
        if une.envoyee_le is not None and jour_civil(une.envoyee_le) == jour_civil(maintenant):
            raise Refus(
                "renvoi_du_jour", "Sa convocation est déjà partie aujourd'hui. Vous pourrez la renvoyer demain."
            )
        oublier_le_courriel(une, auteur, maintenant)
        donner_un_lien(une, vue, rdv, attendue, auteur, maintenant)
        journal.inscrire(
            objet=("epreuve", ligne.pk),
            donnees={"convocation": une.pk, "sequence": une.sequence},
            chaine=chaine_organisme(vue.dossier.organisme),
        )
