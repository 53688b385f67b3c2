"""Ce que partagent les services des convocations : les tenir, les passer, écrire à leur personne.

Le lien personnel n'est que dans le courriel, jamais dans l'invitation, qu'un calendrier partage. Chaque courriel a sa clé : une par
version et par lien.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Max

from moteur.etats import CONVOCATION
from parchemin.comptes.selectors import empreinte_jeton
from parchemin.convocations.documents.calendrier import Adresse
from parchemin.convocations.documents.courriels import dire
from parchemin.convocations.enums import COURRIEL, Convoque
from parchemin.convocations.models import Convocation, Epreuve
from parchemin.convocations.selectors import AConvoquer, RendezVous, VueEpreuve
from parchemin.convocations.services.passages import verrouiller
from parchemin.courriels import services as courriels
from parchemin.courriels.messages import Message
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.passages import inscrire_passage, passer_la_ligne
from parchemin.socle.refus import Introuvable

OCTETS_JETON = 32


def jeton_neuf() -> str:
    """Un jeton d'adresse, qui n'est écrit que dans ce que reçoit sa personne."""
    return secrets.token_urlsafe(OCTETS_JETON)


def ce_qui_se_dit(vue: VueEpreuve, rdv: RendezVous, place: Convoque) -> dict[str, Any]:
    """Ce qu'apprend une personne à cette place : s'il change, on le lui redit."""
    return {
        "debut": rdv.debut.isoformat(),
        "fin": rdv.fin.isoformat(),
        "fuseau": rdv.fuseau.key,
        "lieu": rdv.lieu,
        "evaluateurs": [] if place is Convoque.MANAGER else [str(e.personne) for e in vue.evaluateurs],
    }


def jour_dit(convocation: Convocation) -> date:
    """Le jour que cette personne a appris, à l'horloge du site."""
    return jour_civil(datetime.fromisoformat(convocation.dit["debut"]), ZoneInfo(convocation.dit["fuseau"]))


def tenir(convocation: UUID) -> tuple[Epreuve, Convocation]:
    """L'épreuve puis la convocation, verrouillées dans cet ordre. Lève `Introuvable`."""
    epreuve = Convocation.objects.filter(pk=convocation).values_list("epreuve_id", flat=True).first()
    if epreuve is None:
        raise Introuvable
    ligne = verrouiller(epreuve)
    return ligne, Convocation.objects.select_for_update(of=("self",)).select_related("personne").get(pk=convocation)


def vivantes(epreuve: UUID) -> list[Convocation]:
    lignes = Convocation.objects.select_for_update(of=("self",)).select_related("personne").filter(epreuve_id=epreuve)
    return list(lignes.exclude(etat__in=CONVOCATION.terminaux))


def passer_convocation(
    convocation: Convocation, vers: str, auteur: Acteur, maintenant: datetime, motif: str = ""
) -> None:
    passer_la_ligne(
        CONVOCATION, convocation, vers, auteur=auteur, maintenant=maintenant, motif=motif, depuis=maintenant
    )


def convoquer_une(
    ligne: Epreuve,
    vue: VueEpreuve,
    rdv: RendezVous,
    une: AConvoquer,
    derogation: str,
    auteur: Acteur,
    maintenant: datetime,
) -> Convocation:
    """Une convocation neuve et son courriel ; ses versions continuent celles que cette personne a déjà reçues pour cette épreuve."""
    anciennes = Convocation.objects.filter(epreuve=ligne, personne_id=une.personne)
    derniere = anciennes.aggregate(Max("sequence"))["sequence__max"]
    jeton = jeton_neuf()
    convocation = Convocation.objects.create(
        epreuve=ligne,
        personne_id=une.personne,
        place=une.place,
        etat=CONVOCATION.depart,
        depuis=maintenant,
        convoquee_le=maintenant,
        sequence=0 if derniere is None else derniere + 1,
        dit=ce_qui_se_dit(vue, rdv, une.place),
        empreinte=empreinte_jeton(jeton),
        derogation=derogation,
    )
    inscrire_passage(convocation, auteur=auteur, maintenant=maintenant)
    ecrire_a(convocation, vue, rdv, une, jeton, auteur, maintenant)
    return convocation


def oublier_le_courriel(convocation: Convocation, auteur: Acteur, maintenant: datetime) -> None:
    """Le courriel de cette version, s'il n'est pas parti, ne part plus. Avant que la version ou le lien change : sa clé les dit."""
    courriels.annuler(cle=cle_d_envoi(convocation), auteur=auteur, maintenant=maintenant)


def donner_un_lien(
    convocation: Convocation,
    vue: VueEpreuve,
    rdv: RendezVous,
    attendue: AConvoquer,
    auteur: Acteur,
    maintenant: datetime,
    *,
    change: bool = False,
) -> None:
    """Garde la convocation, et lui donne un lien neuf avec le courriel qui le porte. Sans adresse, l'ancien continue d'ouvrir."""
    jeton = jeton_neuf()
    if attendue.adresse:
        convocation.empreinte = empreinte_jeton(jeton)
    convocation.save(update_fields=["empreinte", "dit", "sequence", "remplacant"])
    ecrire_a(convocation, vue, rdv, attendue, jeton, auteur, maintenant, change=change)


def ecrire_a(
    convocation: Convocation,
    vue: VueEpreuve,
    rdv: RendezVous,
    une: AConvoquer,
    jeton: str,
    auteur: Acteur,
    maintenant: datetime,
    *,
    change: bool = False,
) -> None:
    if not une.adresse:
        return
    message = dire(
        vue,
        rdv,
        place=une.place,
        convie=Adresse(une.nom, une.adresse),
        personne=une.personne,
        sequence=convocation.sequence,
        jeton=jeton,
        instant=maintenant,
        change=change,
    )
    deposer_pour(convocation, une.adresse, message, rdv.fin, auteur, maintenant)


def deposer_pour(
    convocation: Convocation,
    adresse: str,
    message: Message,
    perime_le: datetime | None,
    auteur: Acteur,
    maintenant: datetime,
) -> None:
    courriels.envoyer(
        cle=cle_d_envoi(convocation),
        genre=COURRIEL,
        destinataire=convocation.personne_id,
        adresse=adresse,
        message=message,
        auteur=auteur,
        maintenant=maintenant,
        secret=perime_le is not None,
        perime_le=perime_le,
    )
    convocation.envoyee_le = maintenant
    convocation.save(update_fields=["envoyee_le"])


def cle_d_envoi(convocation: Convocation) -> str:
    """Une clé par version et par lien : un renvoi est un autre courriel."""
    return f"{COURRIEL.code}:{convocation.pk}:{convocation.sequence}:{convocation.empreinte[:8]}"
