"""Dire : à une personne au rythme qu'elle a choisi, aux gestionnaires d'une épreuve ; rien à qui n'a pas d'adresse, rien de périmé."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from parchemin.comptes.selectors import adresses, gestionnaires_de
from parchemin.convocations.selectors import VueEpreuve
from parchemin.courriels import services as courriels
from parchemin.courriels.genres import Genre
from parchemin.courriels.messages import Ligne, Message
from parchemin.portail.enums import A_REMPLACER
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil, maintenant

FRAICHEUR = timedelta(days=7)


def prevenir(*, cle: str, genre: Genre, destinataire: UUID, du: datetime, nouvelle: Ligne) -> None:
    """Dit une nouvelle au rythme de chacun, si la personne a une adresse et si la nouvelle, née à l'instant `du`, est fraîche."""
    instant = maintenant()
    adresse = adresses(SYSTEME, [destinataire]).get(destinataire)
    if adresse is None or instant - du > FRAICHEUR:
        return
    courriels.prevenir(
        cle=cle,
        genre=genre,
        destinataire=destinataire,
        adresse=adresse,
        nouvelle=nouvelle,
        auteur=SYSTEME,
        maintenant=instant,
    )


def ecrire(genre: Genre, cle: str, personne: UUID, du: datetime | None, message: Message) -> None:
    """Dépose un courriel obligatoire, si la personne a une adresse et si la nouvelle vaut encore d'être lue.

    `du` : l'instant de la nouvelle, qui se périme ; `None` : elle vaut tant que l'appelant la dit.
    """
    instant = maintenant()
    adresse = adresses(SYSTEME, [personne]).get(personne)
    if adresse is None or (du is not None and instant - du > FRAICHEUR):
        return
    courriels.envoyer(
        cle=f"{genre.code}:{cle}",
        genre=genre,
        destinataire=personne,
        adresse=adresse,
        message=message,
        auteur=SYSTEME,
        maintenant=instant,
    )


def dire_au_gestionnaire(
    epreuve: VueEpreuve, cle: str, du: datetime, message: Message, sauf: UUID | None = None
) -> None:
    """Écrit à chaque gestionnaire de l'organisme du candidat ; ni au candidat ni à `sauf` : nul n'agit dans sa propre cause."""
    dossier = epreuve.dossier
    en_cause = {dossier.candidat} if sauf is None else {dossier.candidat, sauf}
    for gestionnaire in gestionnaires_de(
        SYSTEME, dossier.organisme, dossier.referentiel_code, jour_civil(du), sauf=en_cause
    ):
        ecrire(A_REMPLACER, f"{epreuve.id}:{cle}:{gestionnaire}", gestionnaire, du, message)
