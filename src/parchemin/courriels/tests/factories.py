"""Des courriels d'essai, par les services."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from parchemin.courriels import genres, services
from parchemin.courriels.enums import Rythme
from parchemin.courriels.genres import Genre
from parchemin.courriels.messages import Geste, Ligne, Message
from parchemin.courriels.models import Envoi
from parchemin.socle.acteur import SYSTEME, Acteur

MIDI = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
ADA = UUID("ada00000-0000-4000-8000-000000000000")
BOB = UUID("b0b00000-0000-4000-8000-000000000000")
NECESSAIRE = genres.declarer(Genre("essai.necessaire", "Courriel d’essai nécessaire", obligatoire=True))
SIGNALE = genres.declarer(Genre("essai.signale", "Nouvelle d’essai"))
PRESSANT = genres.declarer(Genre("essai.pressant", "Nouvelle d’essai pressante", rythme=Rythme.IMMEDIAT))
MESSAGE = Message(
    objet="Une invitation",
    titre="Bienvenue",
    paragraphes=("Votre compte vous attend.",),
    geste=Geste("Ouvrir mon compte", "/invitation/jeton/"),
    apres=("Ce lien sert une fois.",),
)


def envoyer(cle: str = "essai:1", **changements: Any) -> Envoi:
    """Dépose un courriel obligatoire ; rend sa ligne."""
    arguments = {
        "genre": NECESSAIRE,
        "destinataire": ADA,
        "adresse": "ada@exemple.fr",
        "message": MESSAGE,
        "auteur": SYSTEME,
        "maintenant": MIDI,
    } | changements
    services.envoyer(cle=cle, **arguments)
    return Envoi.objects.get(cle=cle)


def prevenir(cle: str = "essai:n1", **changements: Any):
    """Dit une nouvelle facultative ; rend ce qu'elle est devenue."""
    arguments = {
        "genre": SIGNALE,
        "destinataire": ADA,
        "adresse": "ada@exemple.fr",
        "nouvelle": Ligne("Un carnet à attester", "Celui de Camille.", chemin="/candidats/1/"),
        "auteur": SYSTEME,
        "maintenant": MIDI,
    } | changements
    return services.prevenir(cle=cle, **arguments)


def regrouper(a_faire: tuple[Ligne, ...] = (), **changements: Any) -> bool:
    """Compose le courriel du jour d'Ada."""
    arguments = {
        "destinataire": ADA,
        "adresse": "ada@exemple.fr",
        "objet": "Votre journée",
        "titre": "Bonjour Ada.",
        "auteur": SYSTEME,
        "maintenant": MIDI,
    } | changements
    return services.regrouper(a_faire=a_faire, **arguments)


def regler(genre: Genre, rythme: Rythme, personne: UUID = ADA) -> None:
    """Ada choisit son rythme."""
    services.regler(rythmes={genre.code: rythme}, auteur=Acteur(personne), maintenant=MIDI)
