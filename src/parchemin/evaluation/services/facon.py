"""Chacun règle sa propre façon de noter, et celle de personne d'autre."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import CHAINE
from parchemin.evaluation.enums import Action, Main
from parchemin.evaluation.models import FaconDeNoter
from parchemin.evaluation.permissions import verifier_peut_voir_sa_journee
from parchemin.evaluation.selectors import VueFacon, facon_de_noter
from parchemin.registre.services import acte
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

PHRASES_MAX = 24
PHRASE_MAX = 160
"""Signes d'une phrase : au-delà, ce n'est plus une phrase rapide."""


def regler_sa_facon(
    *, phrases: Sequence[str], main: Main, raccourcis: bool, vu: int, auteur: Acteur, maintenant: datetime
) -> VueFacon:
    """Enregistre la façon de noter de l'auteur : ses phrases, dans cet ordre. Le redire ne change rien.

    `vu` : le `rang` que montrait la page. Lève `Refus` : `facon_changee` (réglée ailleurs depuis), `trop_de_phrases`,
    `phrase_trop_longue` ; `RefusDroit("journee_reservee")` à qui n'évalue pas.
    """
    verifier_peut_voir_sa_journee(droits(auteur, jour_civil(maintenant)))
    propres = _propres(phrases)
    with acte(auteur=auteur, maintenant=maintenant, action=Action.PREFERENCES, chaine=CHAINE) as journal:
        with connection.cursor() as curseur:  # la première fois, il n'y a pas encore de ligne à verrouiller
            curseur.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"facon {auteur.id}"])
        actuelle = facon_de_noter(auteur)
        neuve = VueFacon(propres, main, raccourcis, actuelle.rang + 1)
        if (actuelle.phrases, actuelle.main, actuelle.raccourcis) == (propres, main, raccourcis):
            journal.rien_a_inscrire()
            return actuelle
        if actuelle.rang != vu:
            raise Refus(
                "facon_changee",
                "Vous avez réglé votre façon de noter ailleurs depuis que cette page est ouverte. Reprenez ce que vous "
                "voulez garder, puis enregistrez encore.",
                conserve="Votre saisie est restée dans la page.",
            )
        FaconDeNoter.objects.update_or_create(
            pk=auteur.id,
            defaults={
                "phrases": list(propres),
                "main": main,
                "raccourcis": raccourcis,
                "rang": neuve.rang,
                "le": maintenant,
            },
        )
        journal.inscrire(objet=("personne", auteur.id), donnees={"phrases": len(propres), "rang": neuve.rang})
    return neuve


def phrase_propre(phrase: str) -> str:
    """La phrase telle qu'elle se garde ; vide, elle ne se garde pas."""
    return " ".join(unicodedata.normalize("NFC", phrase).replace("\0", "").split())


def _propres(phrases: Sequence[str]) -> tuple[str, ...]:
    propres = tuple(dict.fromkeys(propre for propre in map(phrase_propre, phrases) if propre))
    if len(propres) > PHRASES_MAX:
        raise Refus("trop_de_phrases", f"Gardez au plus {PHRASES_MAX} phrases : au-delà, on ne les retrouve plus.")
    if trop_longue := next((phrase for phrase in propres if len(phrase) > PHRASE_MAX), None):
        raise Refus("phrase_trop_longue", f"« {trop_longue[:40]}… » dépasse {PHRASE_MAX} signes : raccourcissez-la.")
    return propres
