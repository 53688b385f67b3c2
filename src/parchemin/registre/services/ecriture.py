"""Inscrire une entrée : une seule instruction SQL, un seul verrou (la tête de la chaîne)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from parchemin.registre import actions
from parchemin.registre.chainage import GENESE, PREFIXE, corps, en_json, engagement, instant_texte, maillon
from parchemin.registre.models import Entree
from parchemin.registre.sceaux import Scelle
from parchemin.socle.acteur import SYSTEME, Acteur

SEL_OCTETS = 16
PAR_DELEGATION_DE = "par_delegation_de"
"""Dans les données d'une entrée : la personne absente pour qui l'auteur, nommé, a agi."""
_CHAINE = re.compile(r"[A-Za-z0-9_:.-]{1,100}")

# L'acteur d'abord, la tête ensuite (la sous-requête l'impose) : toutes les écritures prennent leurs verrous dans cet
# ordre. `ON CONFLICT DO UPDATE` crée la chaîne au premier usage ou verrouille sa tête, et lit toujours la dernière.
_INSCRIRE = """
WITH acteur AS (
  INSERT INTO registre_acteuropaque (id, nature) VALUES (%(auteur)s, %(nature)s)
  ON CONFLICT DO NOTHING RETURNING 1
), tete AS (
  INSERT INTO registre_chaine AS c (nom, longueur, precedente, tete)
  SELECT %(chaine)s, 1, %(genese)s, %(premier)s FROM (SELECT count(*) FROM acteur) AS d_abord
  ON CONFLICT (nom) DO UPDATE SET longueur = c.longueur + 1, precedente = c.tete, tete = encode(sha256(convert_to(
    %(prefixe)s || ':' || c.tete || ':' || (c.longueur + 1) || ':' || %(corps)s, 'UTF8')), 'hex')
  RETURNING c.nom, c.longueur, c.precedente, c.tete
), entree AS (
  INSERT INTO registre_entree (chaine_id, rang, instant, auteur_id, action, objet_type, objet_id, donnees,
                               engagements, scelles, precedent, empreinte)
  SELECT nom, longueur, %(instant)s, %(auteur)s, %(action)s, %(objet_type)s, %(objet_id)s, %(donnees)s::jsonb,
         %(engagements)s::jsonb, %(scelles)s::jsonb, precedente, tete FROM tete
  RETURNING id, rang, precedent, empreinte
), valeurs AS (
  INSERT INTO registre_valeurpersonnelle (entree_id, nom, sel, valeur)
  SELECT entree.id, v.nom, v.sel, v.valeur
  FROM entree, unnest(%(noms)s::text[], %(sels)s::bytea[], %(valeurs)s::text[]) AS v(nom, sel, valeur)
)
SELECT id, rang, precedent, empreinte FROM entree
"""


@dataclass(frozen=True, slots=True)
class Inscription:
    """Tout ce qu'une entrée dira, contrôlé, prêt à prendre place dans sa chaîne."""

    auteur: Acteur
    instant: datetime
    action: str
    chaine: str
    objet_type: str
    objet_id: str
    donnees: dict[str, Any]
    valeurs: tuple[tuple[str, bytes, str], ...]
    engagements: dict[str, str]
    scelles: list[dict[str, str]]
    corps: str


def preparer(
    *,
    auteur: Acteur,
    maintenant: datetime,
    action: str,
    chaine: str,
    objet: tuple[str, UUID | str],
    donnees: Mapping[str, Any],
    personnel: Mapping[str, str] | None,
    scelles: Sequence[Scelle],
) -> Inscription:
    """Contrôle, sale et hache une entrée avant de toucher à la base.

    Lève `ActionInconnue`, `ValueError`, `TypeError`, ou le `Refus` du moteur (entier trop grand).
    """
    if auteur.est_systeme != (auteur.id == SYSTEME.id):
        raise ValueError("seul l'identifiant du système est de nature « systeme »")
    if not _CHAINE.fullmatch(chaine):
        raise ValueError(f"nom de chaîne incorrect : {chaine!r} (100 signes au plus : lettres, chiffres et « _:.- »)")
    valeurs = tuple(
        (en_json(nom), secrets.token_bytes(SEL_OCTETS), en_json(valeur)) for nom, valeur in (personnel or {}).items()
    )
    if auteur.par_delegation_de is not None:
        donnees = {**donnees, PAR_DELEGATION_DE: str(auteur.par_delegation_de)}
    contenu: dict[str, Any] = {
        "chaine": str(chaine),
        "action": actions.exiger(action),
        "objet_type": en_json(objet[0]),
        "objet_id": str(objet[1]),
        "donnees": en_json(donnees),
        "engagements": {nom: engagement(sel, nom, valeur) for nom, sel, valeur in valeurs},
        "scelles": [{"table": s.nom, "cle": str(s.cle), "empreinte": s.empreinte} for s in scelles],
    }
    return Inscription(
        auteur=auteur,
        instant=maintenant,
        valeurs=valeurs,
        corps=corps(instant=instant_texte(maintenant), auteur=str(auteur.id), nature=auteur.nature.value, **contenu),
        **contenu,
    )


def inscrire_tout(inscriptions: Sequence[Inscription]) -> None:
    """Place des inscriptions, chaînes dans l'ordre de leur nom ; dans une chaîne, l'ordre donné est gardé.

    Plusieurs auteurs : tous enregistrés d'abord, dans l'ordre, pour que les verrous aient un seul ordre.
    """
    auteurs = {i.auteur.id: i.auteur.nature.value for i in inscriptions}
    if len(auteurs) > 1:
        with connection.cursor() as curseur:
            curseur.execute(
                "INSERT INTO registre_acteuropaque (id, nature) SELECT * FROM unnest(%s::uuid[], %s::text[])"
                " ON CONFLICT DO NOTHING",
                [sorted(auteurs), [auteurs[identifiant] for identifiant in sorted(auteurs)]],
            )
    for inscription in sorted(inscriptions, key=lambda i: i.chaine):
        inscrire(inscription)


def inscrire(inscription: Inscription) -> Entree:
    """Place une inscription au bout de sa chaîne, dans la transaction en cours."""
    i = inscription
    with connection.cursor() as curseur:
        curseur.execute(
            _INSCRIRE,
            {
                "auteur": i.auteur.id,
                "nature": i.auteur.nature.value,
                "chaine": i.chaine,
                "genese": GENESE,
                "prefixe": PREFIXE,
                "premier": maillon(GENESE, 1, i.corps),
                "corps": i.corps,
                "instant": i.instant,
                "action": i.action,
                "objet_type": i.objet_type,
                "objet_id": i.objet_id,
                "donnees": json.dumps(i.donnees, ensure_ascii=False),
                "engagements": json.dumps(i.engagements, ensure_ascii=False),
                "scelles": json.dumps(i.scelles, ensure_ascii=False),
                "noms": [nom for nom, _, _ in i.valeurs],
                "sels": [sel for _, sel, _ in i.valeurs],
                "valeurs": [valeur for _, _, valeur in i.valeurs],
            },
        )
        identifiant, rang, precedent, empreinte = curseur.fetchone()
    entree = Entree(
        id=identifiant,
        chaine_id=i.chaine,
        rang=rang,
        instant=i.instant,
        auteur_id=i.auteur.id,
        action=i.action,
        objet_type=i.objet_type,
        objet_id=i.objet_id,
        donnees=i.donnees,
        engagements=i.engagements,
        scelles=i.scelles,
        precedent=precedent,
        empreinte=empreinte,
    )
    entree._state.adding = False
    entree._state.db = connection.alias
    return entree


def consigner(
    *,
    auteur: Acteur,
    maintenant: datetime,
    action: str,
    chaine: str,
    objet: tuple[str, UUID | str],
    donnees: Mapping[str, Any],
    personnel: Mapping[str, str] | None = None,
    scelles: Sequence[Scelle] = (),
) -> Entree:
    """Inscrit tout de suite une entrée au bout d'une chaîne, dans la transaction en cours.

    Préférer `acte`, qui inscrit en fin de transaction, ne laisse pas oublier l'entrée et ordonne les chaînes.
    `donnees` ne contient rien de personnel ; `personnel` (nom → valeur) n'entre dans la chaîne que par un
    engagement salé. Lève `RuntimeError` hors d'une transaction, `ActionInconnue`, `ValueError` ou `TypeError`
    si l'entrée n'est pas inscriptible.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("le journal s'écrit dans la transaction de l'acte : ouvrez-la d'abord (voir `acte`)")
    return inscrire(
        preparer(
            auteur=auteur,
            maintenant=maintenant,
            action=action,
            chaine=chaine,
            objet=objet,
            donnees=donnees,
            personnel=personnel,
            scelles=scelles,
        )
    )
