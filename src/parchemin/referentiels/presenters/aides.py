"""Écrire les aides d'un bloc : les questions par critère, les motifs de courrier."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from moteur.referentiel import Bloc, Referentiel
from parchemin.referentiels.presenters.commun import intitule, lien_liste, ordinal, url_version
from parchemin.referentiels.selectors import Annexes, Fiche, VersionPubliee
from parchemin.socle.composants import Lien
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair


@dataclass(frozen=True, slots=True)
class PageAides:
    """Écrire les aides d'un bloc. `blocs` : les autres pages, une par bloc."""

    fil: tuple[Lien, ...]
    titre: str
    sur_titre: str
    resume: str
    blocs: tuple[Lien, ...]


def saisie_des_aides(bloc: Bloc, annexes: Annexes) -> dict[str, str | int]:
    """Ce que le formulaire montre d'abord : le dernier état, une question ou un motif par ligne."""
    return {
        **{critere.code: "\n".join(annexes.questions.get(critere.code, ())) for critere in bloc.criteres()},
        "motifs_de_courrier": "\n".join(annexes.motifs_de_courrier.get(bloc.code, ())),
        "vu": annexes.rang,
    }


def page_aides(version: VersionPubliee, fiche: Fiche, arbre: Referentiel, bloc: Bloc, annexes: Annexes) -> PageAides:
    """La page qui écrit les aides de ce bloc."""
    return PageAides(
        fil=(lien_liste(), Lien(intitule(version, fiche), url_version(version))),
        titre=f"Questions et courriers, bloc {bloc.code[1:]}",
        sur_titre=bloc.intitule,
        resume=f"{ordinal(annexes.rang)} révision des annexes, du {date_en_clair(jour_civil(annexes.instant))}.",
        blocs=tuple(
            Lien(
                f"Bloc {un.code[1:]}",
                reverse("referentiels:aides", args=[version.code, version.version, un.code]),
                courant=un.code == bloc.code,
            )
            for un in arbre.blocs
        ),
    )
