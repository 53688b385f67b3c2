"""Ce que dit le courriel d'une convocation, à chacun ce qui le regarde : jamais un motif d'aménagement, jamais une note.

Le candidat apprend qui l'évalue, pour pouvoir récuser ; l'évaluateur, qui il évalue et avec qui ; le manager, quand libérer du temps.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from parchemin.convocations.documents.calendrier import Adresse, Evenement, Methode, ecrire, uid
from parchemin.convocations.enums import Convoque
from parchemin.convocations.selectors import RendezVous, VueEpreuve
from parchemin.courriels.messages import Calendrier, Geste, Message
from parchemin.socle.typographie import date_longue

SANS_PRENDRE_PARTI = "Un empêchement ? Refusez en disant pourquoi, le plus tôt possible."


def titre(epreuve: VueEpreuve, place: Convoque) -> str:
    """Le titre que garde un calendrier : la place de chacun, aucun nom."""
    numero = epreuve.bloc[1:]
    if place is Convoque.CANDIDAT:
        return f"Votre épreuve du bloc {numero}"
    if place is Convoque.MANAGER:
        return f"Épreuve d’un candidat de votre équipe, bloc {numero}"
    return f"Épreuve à évaluer, bloc {numero}"


def dire(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    *,
    place: Convoque,
    convie: Adresse,
    personne: UUID,
    sequence: int,
    jeton: str,
    instant: datetime,
    change: bool = False,
) -> Message:
    """La convocation, ou (`change`) ce qui y change, avec l'invitation au calendrier."""
    numero = epreuve.bloc[1:]
    invite = invitation(epreuve, rdv, place=place, convie=convie, personne=personne, sequence=sequence, instant=instant)
    debut = "Votre convocation change" if change else "Convocation"
    return Message(
        objet=f"{debut} : épreuve du bloc {numero}, le {date_longue(rdv.jour)}",
        titre=f"{debut} : épreuve du bloc {numero}",
        paragraphes=(rdv.quand_et_ou, *_ce_qui_le_regarde(epreuve, place, personne)),
        geste=Geste("Répondre", reverse("convocations:reponse", args=[jeton])),
        apres=("Ce lien est personnel : il répond en votre nom, sans compte. La convocation s’y imprime.",),
        calendrier=Calendrier(Methode.INVITER.value, invite),
    )


def invitation(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    *,
    place: Convoque,
    convie: Adresse | None,
    personne: UUID,
    sequence: int,
    instant: datetime,
) -> str:
    """L'invitation au calendrier, celle du courriel comme celle qui se télécharge : mêmes données, même texte."""
    return ecrire(Methode.INVITER, [_evenement(epreuve, rdv, place, convie, personne, sequence)], instant=instant)


def dire_le_retrait(
    epreuve: VueEpreuve,
    rdv: RendezVous,
    *,
    place: Convoque,
    convie: Adresse,
    personne: UUID,
    sequence: int,
    instant: datetime,
) -> Message:
    """Cette personne n'est plus attendue : l'invitation se retire de son calendrier. Aucun motif ne s'écrit."""
    evenement = _evenement(epreuve, rdv, place, convie, personne, sequence)
    quoi = f"l’épreuve du bloc {epreuve.bloc[1:]} du {date_longue(rdv.jour)}"
    return Message(
        objet=f"Vous n’êtes plus attendu : épreuve du bloc {epreuve.bloc[1:]}, le {date_longue(rdv.jour)}",
        titre="Vous n’êtes plus attendu à cette épreuve",
        paragraphes=(f"Votre convocation à {quoi} est retirée. Vous n’avez rien à faire.",),
        calendrier=Calendrier(Methode.RETIRER.value, ecrire(Methode.RETIRER, [evenement], instant=instant)),
    )


def _ce_qui_le_regarde(epreuve: VueEpreuve, place: Convoque, personne: UUID) -> tuple[str, ...]:
    candidat = epreuve.dossier.candidat_nom
    if place is Convoque.CANDIDAT:
        noms = " ; ".join(f"{e.nom}, {e.qualite.label}" for e in epreuve.evaluateurs)
        return (
            f"Vous serez évalué par : {noms}. Un lien avec l’une de ces personnes ? Vous pouvez la récuser avant l’épreuve.",
            "Venez avec une pièce d’identité.",
            SANS_PRENDRE_PARTI,
        )
    if place is Convoque.MANAGER:
        return (f"{candidat} passe cette épreuve : son temps est à libérer.", SANS_PRENDRE_PARTI)
    autres = [f"{e.nom}, {e.qualite.label}" for e in epreuve.evaluateurs if e.personne != personne]
    return (
        f"Vous évaluez {candidat} ({epreuve.dossier.organisme_nom}), avec {' et '.join(autres)}.",
        "Salarié, prévenez votre employeur au moins quinze jours avant, et joignez votre convocation.",
        f"{SANS_PRENDRE_PARTI} Un lien avec le candidat ? Dites-le maintenant.",
    )


def _evenement(
    epreuve: VueEpreuve, rdv: RendezVous, place: Convoque, convie: Adresse | None, personne: UUID, sequence: int
) -> Evenement:
    nom, courriel = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Evenement(
        uid=uid(epreuve.id, personne, hote()),
        sequence=sequence,
        debut=rdv.debut,
        fin=rdv.fin,
        fuseau=rdv.fuseau,
        titre=titre(epreuve, place),
        lieu=rdv.lieu,
        adresse=f"{settings.PARCHEMIN_ADRESSE}{reverse('convocations:repondre', args=[epreuve.id])}",
        organisateur=Adresse(nom or "Parchemin", courriel),
        convie=convie,
    )


def hote() -> str:
    """Le nom du site, qui rend uniques les identifiants d'invitation."""
    return urlsplit(settings.PARCHEMIN_ADRESSE).hostname or "localhost"
