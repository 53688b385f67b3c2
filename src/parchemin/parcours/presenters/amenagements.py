"""Les durées aménagées d'un candidat : ce que dit le référentiel, ce qui lui est accordé, ce qui l'a été avant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from moteur.referentiel import Duree, Referentiel
from moteur.vocabulaire import SensDuree
from parchemin.comptes.selectors import noms
from parchemin.parcours.forms import FormAmenager
from parchemin.parcours.selectors import Phase, VueDossier, amenagements, durees_accordees, phases_a_duree
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair

_SENS = {SensDuree.MINIMUM: "au moins", SensDuree.PREVU: "prévu", SensDuree.MAXIMUM: "au plus"}


@dataclass(frozen=True, slots=True)
class LigneAmenagement:
    """Ce qui fut accordé, ou levé : quoi, quand, par qui."""

    quoi: str
    quand: str
    par: str


@dataclass(frozen=True, slots=True)
class PageAmenager:
    """Les phases de chaque bloc (leur nom, ce que dit le référentiel), les minutes qui valent, et l'histoire."""

    dossier: VueDossier
    phases: Mapping[str, Mapping[Phase, tuple[str, str]]]
    accordees: Mapping[str, int]
    histoire: tuple[LigneAmenagement, ...]


def duree_en_mots(duree: Duree, accordee: int | None = None) -> str:
    """« au moins 20 min », « au moins 27 min, durée aménagée »."""
    mots = f"{_SENS[duree.sens]} {duree.minutes if accordee is None else accordee} min"
    return mots if accordee is None else f"{mots}, durée aménagée"


def page_amenager(lecteur: Acteur, dossier: VueDossier) -> PageAmenager:
    """La page d'un dossier que le lecteur tient."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    phases: dict[str, dict[Phase, tuple[str, str]]] = {}
    for (code, phase), duree in phases_a_duree(lecteur, dossier).items():
        lignes = phases.setdefault(f"Bloc {code[1:]} — {arbre.bloc(code).intitule}", {})
        lignes[(code, phase)] = (_nom(arbre, code, phase), duree_en_mots(duree))
    passees = amenagements(lecteur, dossier.id)
    auteurs = noms(lecteur, {une.auteur for une in passees}) if passees else {}
    return PageAmenager(
        dossier=dossier,
        phases=phases,
        accordees={
            FormAmenager.nom((code, phase)): minutes
            for code, du_bloc in durees_accordees(lecteur, dossier.id).items()
            for phase, minutes in du_bloc.items()
        },
        histoire=tuple(
            LigneAmenagement(
                f"Bloc {une.bloc[1:]}, {_nom(arbre, une.bloc, une.phase)} : "
                + ("durée du référentiel" if une.minutes is None else f"{une.minutes} min"),
                f"Accordé le {date_en_clair(une.accorde_le)}, enregistré le {date_en_clair(jour_civil(une.instant))}",
                auteurs.get(une.auteur, ""),
            )
            for une in reversed(passees)
        ),
    )


def durees_du_dossier(lecteur: Acteur, dossier: VueDossier) -> tuple[tuple[str, str], ...]:
    """Les durées aménagées qui valent, en mots. Pour le candidat, et pour qui tient son dossier."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    valent = durees_accordees(lecteur, dossier.id)
    return tuple(
        (f"Bloc {code[1:]}, {_nom(arbre, code, phase)}", f"{valent[code][phase]} min au lieu de {duree.minutes}")
        for (code, phase), duree in phases_a_duree(lecteur, dossier).items()
        if phase in valent.get(code, {})
    )


def _nom(arbre: Referentiel, bloc: str, phase: str) -> str:
    trouvee = arbre.bloc(bloc).epreuve.phase(phase)
    return trouvee.intitule if trouvee else phase
