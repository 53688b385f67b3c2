"""Lire le journal. Le lecteur d'abord ; les chaînes qu'il peut lire sont calculées au-dessus, par `comptes`."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob

from parchemin.registre.chainage import GENESE, corps, instant_texte, maillon
from parchemin.registre.models import Chaine, Entree, Mentions, ValeurPersonnelle, Verification
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable

PAQUET = 2_000


@dataclass(frozen=True, slots=True)
class Filtre:
    """Ce que l'on cherche. `objet` : celui de l'entrée ; `mention` : un identifiant dont elle parle ; `auteurs` : qui a agi (les fiches d'une même personne) ; `sujets` : les identifiants dont l'entrée parle (objet ou données).

    Avec `auteurs` et `sujets`, `ou` prend l'un ou l'autre : tout ce qui touche quelqu'un. `depuis` est compris, `avant`
    ne l'est pas. `tus` : les identifiants dont on ne montre rien, ni l'entrée dont c'est l'objet, ni celle dont les données en parlent.
    """

    objet: tuple[str, str] | None = None
    mention: str | None = None
    auteurs: frozenset[UUID] = frozenset()
    sujets: tuple[str, ...] = ()
    ou: bool = False
    action: str | None = None
    depuis: datetime | None = None
    avant: datetime | None = None
    tus: frozenset[str] = frozenset()

    def arrete_a(self, instant: datetime) -> Filtre:
        """Le même filtre, sans rien de ce qui fut inscrit à cet instant ou après."""
        return replace(self, avant=instant if self.avant is None else min(self.avant, instant))


TOUT = Filtre()
"""Sans rien chercher : tout ce que le lecteur peut lire."""


def entrees(lecteur: Acteur, *, chaines: Collection[str] | None, filtre: Filtre = TOUT) -> QuerySet[Entree]:
    """Les entrées, de la plus récente à la plus ancienne.

    `chaines` : celles que le lecteur a le droit de lire (`None` : toutes, pour l'auditeur national). L'argument n'a
    pas de valeur par défaut : qui appelle a dû y penser.
    """
    lignes = Entree.objects.order_by("-instant", "-id")
    if chaines is not None:
        lignes = lignes.filter(chaine__in=chaines)
    if filtre.objet is not None:
        lignes = lignes.filter(objet_type=filtre.objet[0], objet_id=filtre.objet[1])
    if filtre.mention is not None or filtre.sujets:
        lignes = lignes.alias(mentions=Mentions(F("donnees")))
    if filtre.mention is not None:
        lignes = lignes.filter(Q(objet_id=filtre.mention) | Q(mentions__has_any_keys=[filtre.mention]))
    personne = Q()
    if filtre.auteurs:
        personne = Q(auteur__in=filtre.auteurs)
    if filtre.sujets:
        concerne = Q(objet_id__in=filtre.sujets) | Q(mentions__has_any_keys=list(filtre.sujets))
        personne = personne | concerne if filtre.ou else personne & concerne
    lignes = lignes.filter(personne)
    if filtre.action is not None:
        lignes = lignes.filter(action=filtre.action)
    if filtre.depuis is not None:
        lignes = lignes.filter(instant__gte=filtre.depuis)
    if filtre.avant is not None:
        lignes = lignes.filter(instant__lt=filtre.avant)
    if filtre.tus:
        lignes = lignes.alias(dit=Cast("donnees", TextField())).exclude(
            Q(objet_id__in=filtre.tus) | Q(dit__regex="|".join(map(re.escape, filtre.tus)))
        )
    return lignes


@dataclass(frozen=True, slots=True)
class PageEntrees:
    """Une page du journal. `suivante` : l'entrée après laquelle reprendre, `None` à la fin ; `debut` : rien au-dessus."""

    entrees: tuple[Entree, ...]
    suivante: int | None
    debut: bool


def page_entrees(
    lecteur: Acteur,
    *,
    chaines: Collection[str] | None,
    filtre: Filtre = TOUT,
    apres: int | None = None,
    taille: int = 50,
) -> PageEntrees:
    """La page qui suit l'entrée `apres` (la première sans elle) : deux requêtes au plus, quelle que soit la profondeur.

    On reprend à une entrée, jamais à un rang compté : rien n'est relu ni sauté si le journal grandit entre deux pages.
    """
    lignes = entrees(lecteur, chaines=chaines, filtre=filtre)
    if apres is not None:
        borne = Entree.objects.filter(pk=apres).values_list("instant", flat=True).first()
        if borne is not None:
            # La première borne suit l'index ; la seconde départage les entrées d'un même instant.
            lignes = lignes.filter(instant__lte=borne).exclude(instant=borne, id__gte=apres)
    trouvees = tuple(lignes[: taille + 1])
    montrees = trouvees[:taille]
    return PageEntrees(montrees, montrees[-1].pk if len(trouvees) > taille else None, debut=apres is None)


def nombre_d_entrees(lecteur: Acteur, *, chaines: Collection[str] | None, filtre: Filtre, au_plus: int) -> int:
    """Combien d'entrées répondent, sans compter au-delà de `au_plus`."""
    return len(entrees(lecteur, chaines=chaines, filtre=filtre).values_list("pk", flat=True)[:au_plus])


def entree(
    lecteur: Acteur, *, chaines: Collection[str] | None, chaine: str, rang: int, filtre: Filtre = TOUT
) -> Entree:
    """Une entrée et la nature de son auteur ; lève `Introuvable` hors de ce que lit le lecteur, sans dire si elle existe."""
    lignes = entrees(lecteur, chaines=chaines, filtre=filtre).select_related("auteur")
    trouvee = lignes.filter(chaine=chaine, rang=rang).first()
    if trouvee is None:
        raise Introuvable
    return trouvee


def parle_de(une: Entree, identifiants: Collection[str]) -> bool:
    """Vrai si `Filtre.tus` ôterait cette entrée."""
    dit = f"{une.objet_id} {json.dumps(une.donnees)}"
    return any(identifiant in dit for identifiant in identifiants)


def longueur(lecteur: Acteur, chaine: str) -> int:
    """Combien d'entrées compte une chaîne."""
    return Chaine.objects.filter(nom=chaine).values_list("longueur", flat=True).first() or 0


def se_refait(une: Entree) -> bool:
    """Vrai si l'empreinte de l'entrée se refait, et si la précédente de sa chaîne porte bien l'empreinte qu'elle suit."""
    if une.rang == 1:
        avant: str | None = GENESE
    else:
        suivie = Entree.objects.filter(chaine=une.chaine_id, rang=une.rang - 1)
        avant = suivie.values_list("empreinte", flat=True).first()
    dite = ligne_json(une)
    contenu = {nom: valeur for nom, valeur in dite.items() if nom not in ("rang", "precedent", "empreinte")}
    return avant == une.precedent and maillon(une.precedent, une.rang, corps(**contenu)) == une.empreinte


def en_lignes_json(lecteur: Acteur, *, chaines: Collection[str] | None, filtre: Filtre, au_plus: int) -> Iterator[str]:
    """Chaque entrée, de la plus ancienne à la plus récente de sa chaîne, en JSON : tout ce qui fut haché, rien d'autre.

    De quoi refaire chaque empreinte ailleurs (`parchemin journal verifier-export`). Aucune valeur personnelle n'y est.
    """
    choisies = entrees(lecteur, chaines=chaines, filtre=filtre).values("pk")[:au_plus]
    lignes = Entree.objects.filter(pk__in=choisies).order_by("chaine", "rang").select_related("auteur")
    for une in lignes.iterator(chunk_size=PAQUET):
        yield json.dumps(ligne_json(une), ensure_ascii=False) + "\n"


def ligne_json(une: Entree) -> dict[str, Any]:
    """Une entrée telle qu'elle fut hachée, avec son rang et ses deux empreintes."""
    return {
        "chaine": une.chaine_id,
        "rang": une.rang,
        "instant": instant_texte(une.instant),
        "auteur": str(une.auteur_id),
        "nature": une.auteur.nature,
        "action": une.action,
        "objet_type": une.objet_type,
        "objet_id": une.objet_id,
        "donnees": une.donnees,
        "engagements": une.engagements,
        "scelles": une.scelles,
        "precedent": une.precedent,
        "empreinte": une.empreinte,
    }


def valeurs(
    lecteur: Acteur, *, chaines: Collection[str] | None, entree_ids: Collection[int]
) -> Mapping[int, Mapping[str, str | None]]:
    """Les valeurs personnelles de ces entrées, par entrée puis par nom ; `None` : effacée."""
    trouvees = ValeurPersonnelle.objects.filter(entree__in=entree_ids).order_by("entree", "nom")
    if chaines is not None:
        trouvees = trouvees.filter(entree__chaine__in=chaines)
    rendues: dict[int, dict[str, str | None]] = {}
    for entree_id, nom, valeur in trouvees.values_list("entree", "nom", "valeur"):
        rendues.setdefault(entree_id, {})[nom] = valeur
    return rendues


def chaines(lecteur: Acteur, *, chaines: Collection[str] | None) -> QuerySet[Chaine]:
    """Les chaînes et leur longueur, par nom."""
    lignes = Chaine.objects.order_by("nom")
    return lignes if chaines is None else lignes.filter(nom__in=chaines)


def derniere_verification(lecteur: Acteur) -> Verification | None:
    """La dernière vérification menée à son terme."""
    return Verification.objects.order_by("-fin", "-id").first()


def verification_en_file(lecteur: Acteur) -> bool:
    """Vrai si une vérification attend ou travaille."""
    return ProcrastinateJob.objects.filter(lock="registre.verifier", status__in=("todo", "doing")).exists()
