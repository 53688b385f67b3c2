"""L'acte : une transaction, une entrée de journal, jamais l'une sans l'autre."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from parchemin.registre.sceaux import Scelle
from parchemin.registre.services.ecriture import Inscription, inscrire_tout, preparer
from parchemin.socle.acteur import Acteur

_EN_ATTENTE: ContextVar[list[Inscription] | None] = ContextVar("registre_inscriptions", default=None)


class ActeSansJournal(RuntimeError):
    """Un acte s'achève sans son entrée (ou en a deux) : faute de programme, la transaction est annulée."""


class Journal:
    """Ce que l'acte donne au service : l'endroit où il doit inscrire, une fois et une seule."""

    def __init__(self, *, auteur: Acteur, maintenant: datetime, action: str, chaine: str | None) -> None:
        self._auteur = auteur
        self._maintenant = maintenant
        self.action = action
        self._chaine = chaine
        self.inscription: Inscription | None = None
        self.sans_effet = False

    def inscrire(
        self,
        *,
        objet: tuple[str, UUID | str],
        donnees: Mapping[str, Any],
        personnel: Mapping[str, str] | None = None,
        scelles: Sequence[Scelle] = (),
        chaine: str | None = None,
    ) -> None:
        """Dit ce que l'acte a fait. `chaine` remplace celle de `acte`, pour qui ne la connaît qu'après lecture.

        Lève `ActeSansJournal` au second appel, `ValueError` si aucune chaîne n'est donnée, et ce que lève `consigner`.
        """
        if self.inscription is not None or self.sans_effet:
            raise ActeSansJournal(f"{self.action} : une seule entrée par acte")
        choisie = chaine or self._chaine
        if choisie is None:
            raise ValueError(f"{self.action} : dans quelle chaîne inscrire ?")
        self.inscription = preparer(
            auteur=self._auteur,
            maintenant=self._maintenant,
            action=self.action,
            chaine=choisie,
            objet=objet,
            donnees=donnees,
            personnel=personnel,
            scelles=scelles,
        )

    def rien_a_inscrire(self) -> None:
        """Dit que l'acte n'a rien écrit (demande déjà satisfaite : le service est idempotent)."""
        if self.inscription is not None:
            raise ActeSansJournal(f"{self.action} : déjà inscrit")
        self.sans_effet = True


@contextmanager
def acte(*, auteur: Acteur, maintenant: datetime, action: str, chaine: str | None = None) -> Iterator[Journal]:
    """Ouvre la transaction d'une écriture et exige son entrée de journal.

    Les entrées ne sont placées qu'à la fin de l'acte le plus englobant, dans l'ordre des noms de chaînes : la tête
    n'est verrouillée que le temps de valider, et deux actes sur les mêmes chaînes ne s'attendent jamais en croix.
    Un acte peut en appeler un autre ; s'il échoue et que l'appelant s'en remet, son entrée disparaît avec lui.

    Lève `ActeSansJournal` (et annule) si le bloc s'achève sans `journal.inscrire(...)` ni `journal.rien_a_inscrire()`.
    """
    journal = Journal(auteur=auteur, maintenant=maintenant, action=action, chaine=chaine)
    en_attente = _EN_ATTENTE.get()
    with transaction.atomic():
        if en_attente is not None:
            yield from _dans(journal, en_attente)
            return
        inscriptions: list[Inscription] = []
        jeton = _EN_ATTENTE.set(inscriptions)
        try:
            yield from _dans(journal, inscriptions)
        finally:
            _EN_ATTENTE.reset(jeton)
        inscrire_tout(inscriptions)


def _dans(journal: Journal, inscriptions: list[Inscription]) -> Iterator[Journal]:
    deja = len(inscriptions)
    try:
        yield journal
    except BaseException:
        del inscriptions[deja:]
        raise
    if journal.inscription is not None:
        inscriptions.append(journal.inscription)
    elif not journal.sans_effet:
        del inscriptions[deja:]
        raise ActeSansJournal(f"{journal.action} : l'acte s'achève sans entrée de journal")
