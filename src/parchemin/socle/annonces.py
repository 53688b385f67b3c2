"""Les nouvelles qui montent : un événement figé, différé dans la transaction, remis à chaque abonné.

Une capacité basse annonce (`annoncer`), une capacité haute s'abonne dans ses `abonnements` (`abonne`).
L'événement part dans la file d'attente **dans la transaction** qui le cause : si elle est annulée, il n'a jamais existé.
Un abonné peut être rappelé deux fois pour le même événement : il doit être idempotent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

from procrastinate.contrib.django import app

_ABONNES: dict[str, list[tuple[str, type[Any], Callable[[Any], None]]]] = {}


def abonne(evenement: type[Any]) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    """Abonne une fonction à un événement (dataclass figée dont les champs sont str, int, bool, UUID, date ou datetime)."""

    def inscrire(fonction: Callable[[Any], None]) -> Callable[[Any], None]:
        nom = _nom_de_l_abonne(fonction)
        abonnes = _ABONNES.setdefault(_nom(evenement), [])
        if all(deja != nom for deja, _, _ in abonnes):
            abonnes.append((nom, evenement, fonction))
        return fonction

    return inscrire


def annoncer(evenement: Any) -> None:
    """Diffère un job par abonné, dans la transaction en cours."""
    for nom, _, _ in _ABONNES.get(_nom(type(evenement)), ()):
        remettre.defer(evenement=_nom(type(evenement)), abonne=nom, donnees=_en_json(evenement))


@app.task(name="socle.remettre", queue="annonces", retry=5)
def remettre(evenement: str, abonne: str, donnees: dict[str, Any]) -> None:
    """Remet un événement à un abonné ; un abonné disparu du code est une erreur que la file garde et montre."""
    for nom, classe, fonction in _ABONNES.get(evenement, ()):
        if nom == abonne:
            fonction(_depuis_json(classe, donnees))
            return
    raise LookupError(f"aucun abonné {abonne} pour {evenement}")


def ecouler() -> int:
    """Exécute, dans ce processus et dans l'ordre, les jobs en attente ; rend leur nombre.

    Pour la démonstration et les tests, qui n'ont pas de « worker » ; en service, c'est le worker qui travaille.
    """
    from django.db import connection
    from procrastinate.contrib.django.models import ProcrastinateJob

    faits = 0
    while jobs := list(ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("id")[:100]):
        for job in jobs:
            app.tasks[job.task_name].func(**job.args)
            with connection.cursor() as curseur:
                curseur.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            faits += 1
    return faits


def _nom(classe: type[Any]) -> str:
    return f"{classe.__module__}.{classe.__qualname__}"


def _nom_de_l_abonne(fonction: Callable[[Any], None]) -> str:
    """Le nom que garde la file : la capacité et la fonction, jamais le fichier ; couper `abonnements` ne perd aucun job en attente."""
    capacite, abonnements, _ = fonction.__module__.partition(".abonnements")
    return f"{capacite}{abonnements}.{fonction.__qualname__}"


def _en_json(evenement: Any) -> dict[str, Any]:
    return {champ.name: _simple(getattr(evenement, champ.name)) for champ in dataclasses.fields(evenement)}


def _simple(valeur: Any) -> Any:
    if isinstance(valeur, UUID):
        return str(valeur)
    if isinstance(valeur, datetime | date):
        return valeur.isoformat()
    if valeur is None or isinstance(valeur, str | int | bool):
        return valeur
    raise TypeError(f"un événement ne porte pas de {type(valeur).__name__}")


_LECTEURS: dict[type[Any], Callable[[str], Any]] = {
    UUID: UUID,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


def _depuis_json(classe: type[Any], donnees: dict[str, Any]) -> Any:
    types = get_type_hints(classe)
    return classe(**{nom: _relu(types[nom], valeur) for nom, valeur in donnees.items()})


def _relu(genre: Any, valeur: Any) -> Any:
    if valeur is None:
        return None
    lire = next((_LECTEURS[possible] for possible in get_args(genre) or (genre,) if possible in _LECTEURS), None)
    return lire(valeur) if lire else valeur
