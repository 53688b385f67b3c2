"""Chercher dans une version : ce qui répond, et où cela mène."""

from __future__ import annotations

from dataclasses import dataclass

from parchemin.referentiels.presenters.commun import url_version
from parchemin.referentiels.selectors import Trouvaille, VersionPubliee, mots_cherches
from parchemin.socle.cles import cle_recherche
from parchemin.socle.typographie import pluriel


@dataclass(frozen=True, slots=True)
class Fragment:
    """Un bout de phrase ; `trouve` : il répond à la recherche."""

    texte: str
    trouve: bool = False


@dataclass(frozen=True, slots=True)
class Resultat:
    """Une réponse à la recherche, et où elle mène."""

    nature: str
    code: str
    url: str
    fragments: tuple[Fragment, ...]


@dataclass(frozen=True, slots=True)
class Recherche:
    """Ce que l'on cherche et ce qui répond. Sans mot, `resume` est vide."""

    texte: str
    resume: str
    resultats: tuple[Resultat, ...]
    conseil: str = "Essayez un mot plus court, sans accent si vous voulez : « prevention » trouve « prévention »."


def page_recherche(version: VersionPubliee, texte: str, trouvailles: tuple[Trouvaille, ...]) -> Recherche:
    mots = mots_cherches(texte)
    if not mots:
        return Recherche(texte, "", ())
    resume = (
        pluriel(len(trouvailles), "endroit contient", "endroits contiennent") if trouvailles else "Rien ne contient"
    )
    return Recherche(
        texte,
        f"{resume} « {' '.join(texte.split())} ».",
        tuple(
            Resultat(
                nature=trouvaille.nature,
                code=trouvaille.code,
                url=f"{url_version(version)}#{trouvaille.code}",
                fragments=_fragments(trouvaille.intitule, mots),
            )
            for trouvaille in trouvailles
        ),
    )


def _fragments(phrase: str, mots: tuple[str, ...]) -> tuple[Fragment, ...]:
    """La phrase, coupée autour des mots trouvés ; mis bout à bout, les fragments la redonnent au signe près."""
    fragments: list[Fragment] = []
    for mot in phrase.split(" "):
        trouve = any(cherche in cle_recherche(mot) for cherche in mots)
        if not fragments:
            fragments.append(Fragment(mot, trouve))
        elif fragments[-1].trouve == trouve:
            fragments[-1] = Fragment(f"{fragments[-1].texte} {mot}", trouve)
        elif trouve:
            fragments[-1:] = [Fragment(f"{fragments[-1].texte} "), Fragment(mot, trouve)]
        else:
            fragments.append(Fragment(f" {mot}"))
    return tuple(fragments)
