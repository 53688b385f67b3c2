"""Donner un tableur à emporter : la même réponse pour tous les exports et tous les modèles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from parchemin.socle import tableur


def tableur_a_emporter(
    forme: str, nom: str, titre: str, entetes: Sequence[str], lignes: Iterable[Sequence[object]]
) -> HttpResponse:
    """Un fichier `nom.forme`, en « csv » ou en « xlsx ». Lève `Introuvable` pour toute autre forme."""
    contenu, genre = tableur.ecrire(forme, titre, entetes, lignes)
    reponse = HttpResponse(contenu, content_type=genre)
    reponse["Content-Disposition"] = f'attachment; filename="{nom}.{forme}"'
    return reponse
