"""La page d'une version : ses blocs, ses épreuves, ses quatre parties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from moteur.referentiel import Bloc, Competence, Duree, Epreuve, Exigence, Referentiel
from moteur.vocabulaire import DocumentsRemis, SensDuree
from parchemin.referentiels.presenters.commun import (
    RangeeSeuil,
    comptes,
    intitule,
    lien_liste,
    ordinal,
    points_bloc,
)
from parchemin.referentiels.presenters.fiche import VueMention, mentions
from parchemin.referentiels.presenters.recherche import Recherche, page_recherche
from parchemin.referentiels.selectors import Annexes, Fiche, Reglement, Trouvaille, VersionPubliee
from parchemin.socle.composants import Action, Lien
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class Phrase:
    """Une phrase du référentiel ; `debut` est l'intitulé qu'elle porte (« Situation observée »), s'il y en a un."""

    debut: str
    suite: str


@dataclass(frozen=True, slots=True)
class VueEpreuve:
    """L'épreuve d'un bloc : les mots du référentiel, et la lecture qui en est faite."""

    textes: tuple[Phrase, ...]
    temps: tuple[str, ...]
    exigences: tuple[str, ...]
    evaluateurs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VueCompetence:
    """Une compétence, ses critères (code, intitulé), son seuil."""

    code: str
    intitule: str
    criteres: tuple[tuple[str, str], ...]
    points: RangeeSeuil


@dataclass(frozen=True, slots=True)
class VueBloc:
    """Un bloc, tel que la page le montre."""

    code: str
    titre: str
    activites: tuple[tuple[str, str], ...]
    competences: tuple[VueCompetence, ...]
    points: RangeeSeuil
    carnet: Phrase
    epreuve: VueEpreuve
    grille: Action


@dataclass(frozen=True, slots=True)
class VuePartie:
    """Une des quatre parties : son état, son empreinte, la page qui la montre."""

    nom: str
    etat: str
    empreinte: str
    lien: Lien | None = None


@dataclass(frozen=True, slots=True)
class PageVersion:
    """La page d'une version."""

    fil: tuple[Lien, ...]
    titre: str
    nom: str
    version: str
    resume: str
    regles: tuple[str, ...]
    definitions: tuple[tuple[str, str], ...]
    blocs: tuple[VueBloc, ...]
    mentions: tuple[VueMention, ...]
    parties: tuple[VuePartie, ...]
    recherche: Recherche


def page_version(
    *,
    version: VersionPubliee,
    arbre: Referentiel,
    contenu: Mapping[str, Any],
    fiche: Fiche,
    annexes: Annexes,
    reglement: Reglement,
    recherche: str,
    trouvailles: tuple[Trouvaille, ...],
    revise: bool = False,
) -> PageVersion:
    """La page d'une version. `contenu` est la norme entière, dont l'arbre ne garde pas toutes les phrases.

    `revise` : qui la lit peut réviser les annexes.
    """
    definitions = contenu["definitions"]
    return PageVersion(
        fil=(lien_liste(),),
        titre=intitule(version, fiche),
        nom=version.nom(),
        version=version.version,
        resume=f"{comptes(arbre)}. Publiée le {date_en_clair(jour_civil(version.publiee_le))}.",
        regles=(contenu["regles"]["competence"], contenu["regles"]["bloc"]),
        definitions=tuple((d["titre"], d["texte"]) for d in definitions.values()),
        blocs=tuple(
            _bloc(version, arbre, bloc, brut) for bloc, brut in zip(arbre.blocs, contenu["blocs"], strict=True)
        ),
        mentions=mentions(fiche),
        parties=_parties(version, fiche, annexes, reglement, arbre if revise else None),
        recherche=page_recherche(version, recherche, trouvailles),
    )


def _bloc(version: VersionPubliee, arbre: Referentiel, bloc: Bloc, brut: Mapping[str, Any]) -> VueBloc:
    return VueBloc(
        code=bloc.code,
        titre=brut["titre"],
        activites=tuple((activite.code, activite.intitule) for activite in bloc.activites),
        competences=tuple(_competence(arbre, competence) for competence in bloc.competences()),
        points=points_bloc(arbre, bloc),
        carnet=_phrase(brut["carnet"]["texte"]),
        epreuve=_epreuve(bloc.epreuve, brut["epreuve"]),
        grille=Action(
            "Grille vierge (PDF)",
            reverse("referentiels:grille", args=[version.code, version.version, bloc.code]),
            precision=f"du bloc {bloc.code}",
        ),
    )


def _competence(arbre: Referentiel, competence: Competence) -> VueCompetence:
    n = len(competence.criteres)
    return VueCompetence(
        code=competence.code,
        intitule=competence.intitule,
        criteres=tuple((critere.code, critere.intitule) for critere in competence.criteres),
        points=RangeeSeuil(0, 0, n, arbre.seuil_competence.requis(n)),
    )


_SENS = {SensDuree.MINIMUM: "au moins {}", SensDuree.PREVU: "{}", SensDuree.MAXIMUM: "au plus {}"}


def _epreuve(epreuve: Epreuve, brut: Mapping[str, Any]) -> VueEpreuve:
    exigences = [
        _exigence(exigence, brute["intitule"], epreuve)
        for exigence, brute in zip(epreuve.exigences, brut["exigences"], strict=True)
    ]
    if epreuve.documents_remis is DocumentsRemis.INTERDITS:
        exigences.append("Aucun document ni support remis par le candidat")
    return VueEpreuve(
        textes=tuple(_phrase(texte) for texte in epreuve.textes if not texte.endswith(":")),
        temps=tuple(f"{phase.intitule} : {_duree(phase.duree)}" for phase in epreuve.phases),
        exigences=tuple(exigences),
        evaluateurs=tuple(evaluateur.texte for evaluateur in epreuve.evaluateurs),
    )


def _duree(duree: Duree | None) -> str:
    return _SENS[duree.sens].format(pluriel(duree.minutes, "minute")) if duree else "durée non dite"


def _exigence(exigence: Exigence, libelle: str, epreuve: Epreuve) -> str:
    voies = [a.intitule.lower() for a in epreuve.alternatives if a.code in exigence.alternatives]
    suite = f" ({' ou '.join(voies)})" if voies else ""
    return f"{libelle} : au moins {exigence.minimum}{suite}"


def _phrase(texte: str) -> Phrase:
    debut, deux_points, suite = texte.partition(" : ")
    return Phrase(debut, suite) if deux_points else Phrase("", texte)


def _parties(
    version: VersionPubliee, fiche: Fiche, annexes: Annexes, reglement: Reglement, a_reviser: Referentiel | None
) -> tuple[VuePartie, ...]:
    lien_aides = None
    if a_reviser is not None:
        adresse = reverse("referentiels:aides", args=[version.code, version.version, a_reviser.blocs[0].code])
        lien_aides = Lien("Écrire les questions et les motifs", adresse)
    aides = sum(len(textes) for groupe in (annexes.questions, annexes.conseils) for textes in groupe.values())
    return (
        VuePartie(
            "Norme", f"figée depuis le {date_en_clair(jour_civil(version.publiee_le))}", version.empreinte
        ),
        VuePartie(
            "Règlement",
            f"{ordinal(reglement.rang)} édition, en vigueur depuis le {date_en_clair(reglement.depuis)}",
            reglement.empreinte,
            Lien("Lire le règlement", reverse("referentiels:reglement", args=[version.code, version.version])),
        ),
        VuePartie(
            "Fiche", f"{ordinal(fiche.rang)} révision, du {date_en_clair(jour_civil(fiche.instant))}", fiche.empreinte
        ),
        VuePartie(
            "Annexes",
            f"{ordinal(annexes.rang)} révision : {pluriel(len(annexes.libelles), 'libellé court')} "
            f"(à nous, pour les écrans), "
            f"{pluriel(aides, 'question ou conseil', 'questions et conseils') if aides else 'aucune question ni conseil'}",
            annexes.empreinte,
            lien_aides,
        ),
    )  # fmt: skip
