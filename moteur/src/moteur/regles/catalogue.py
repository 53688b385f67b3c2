"""Toutes les règles, dans l'ordre où elles s'appliquent ; `docs/genere/regles.md` en est tiré."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from moteur.regles import (
    accord,
    avant_de_convoquer,
    bloc_reste_acquis,
    bloc_valide,
    caducite_vae,
    carences,
    carnet_complet,
    certification_obtenue,
    changement_a_declarer,
    changement_de_version,
    competence_validee,
    delai_de_convocation,
    double_saisie,
    epreuve_a_risque,
    equivalence_de_bloc,
    escalade_du_carnet,
    evaluateur_admissible,
    exception_motivee,
    grille_complete,
    habilitation,
    incident,
    jury_vae,
    lectures_aveugles,
    recevabilite_vae,
    resultat_vae,
    second_regard,
)


@dataclass(frozen=True, slots=True)
class Regle:
    """Une règle, telle qu'on la cite : `phrase` est la phrase officielle, `remarque` ce qu'elle veut dire ici."""

    nom: str
    code: str
    phrase: str
    remarque: str
    source: str
    depuis: str
    jusqu_a: str | None


def lire(module: ModuleType) -> Regle:
    """La règle que porte un module : le premier paragraphe de sa docstring est la phrase, le reste la remarque."""
    phrase, _, remarque = (module.__doc__ or "").strip().partition("\n\n")
    return Regle(
        nom=module.__name__.rpartition(".")[2],
        code=module.CODE,
        phrase=phrase,
        remarque=" ".join(remarque.split()),
        source=module.SOURCE,
        depuis=module.DEPUIS,
        jusqu_a=module.JUSQU_A,
    )


REGLES = tuple(
    lire(module)
    for module in (
        recevabilite_vae,
        caducite_vae,
        equivalence_de_bloc,
        bloc_reste_acquis,
        carnet_complet,
        escalade_du_carnet,
        changement_de_version,
        avant_de_convoquer,
        delai_de_convocation,
        epreuve_a_risque,
        habilitation,
        changement_a_declarer,
        evaluateur_admissible,
        incident,
        grille_complete,
        exception_motivee,
        double_saisie,
        lectures_aveugles,
        accord,
        carences,
        competence_validee,
        bloc_valide,
        certification_obtenue,
        second_regard,
        jury_vae,
        resultat_vae,
    )
)
