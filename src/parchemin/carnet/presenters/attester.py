"""La page où une qualité atteste, et celle où elle retire ce qu'elle avait attesté."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm
from django.urls import reverse

from parchemin.carnet.enums import Verdict
from parchemin.carnet.forms import Attestations, LigneASaisir
from parchemin.carnet.presenters.cases import OPTIONS, VueCase, case_de
from parchemin.carnet.selectors import VueCarnet, VueLigne
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import libelles_courts, norme, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import ChoixCritere, Intitule, Lien
from parchemin.socle.typographie import pluriel


@dataclass(frozen=True, slots=True)
class VueSaisie:
    """Une compétence à attester : son libellé court, ses mots, ses choix, ce qui est à reprendre."""

    court: str
    choix: ChoixCritere
    vu: str
    nom_vu: str
    erreurs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlocSaisie:
    """Les compétences d'un bloc qui restent à attester."""

    code: str
    titre: str
    saisies: tuple[VueSaisie, ...]


@dataclass(frozen=True, slots=True)
class PageAttester:
    """La page `/carnet/<dossier>/attester/` d'un tuteur ou d'un manager."""

    fil: tuple[Lien, ...]
    candidat: str
    qualite: str
    reste: str
    blocs: tuple[BlocSaisie, ...]
    faites: tuple[tuple[Intitule, VueCase], ...]
    carnet: Lien


def lignes_a_saisir(
    lecteur: Acteur, dossier: VueDossier, carnet: VueCarnet, qualite: Qualite, *, toutes: bool = False
) -> tuple[LigneASaisir, ...]:
    """Les compétences que cette qualité n'a pas encore dites maîtrisées (ou toutes), avec ce qu'elle en a dit."""
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    return tuple(
        LigneASaisir(
            code=ligne.competence,
            libelle=courts.get(ligne.competence, ""),
            verdict=attestation.verdict if attestation else "",
            mot=attestation.mot if attestation and attestation.verdict else "",
            rang=ligne.rang(qualite),
        )
        for ligne in carnet.lignes
        if toutes or ligne.attend(qualite, dossier)
        for attestation in (ligne.sa_voix(qualite),)
    )


def page_attester(
    lecteur: Acteur,
    dossier: VueDossier,
    carnet: VueCarnet,
    qualite: Qualite,
    formulaire: Attestations,
    relues: frozenset[str] = frozenset(),
) -> PageAttester:
    """La page où une qualité atteste ; les saisies viennent du formulaire, refusé ou non.

    `relues` : les compétences attestées entre-temps, que la personne a maintenant sous les yeux telles qu'elles sont.
    """
    arbre = norme(lecteur, dossier.norme_empreinte)
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    rangs = {ligne.competence: ligne.rang(qualite) for ligne in carnet.lignes}
    a_saisir = {ligne.competence for ligne in carnet.lignes if ligne.attend(qualite, dossier)} | relues
    blocs = []
    for bloc in arbre.blocs:
        saisies = tuple(
            _saisie(
                formulaire,
                Intitule(competence.code, competence.intitule),
                courts.get(competence.code, ""),
                rangs[competence.code] if competence.code in relues else None,
            )
            for competence in bloc.competences()
            if competence.code in a_saisir
        )
        if saisies:
            blocs.append(BlocSaisie(bloc.code, bloc.intitule, saisies))
    return PageAttester(
        fil=(
            Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])),
            Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id])),
        ),
        candidat=dossier.candidat_nom,
        qualite=qualite.label.lower(),
        reste=f"{pluriel(len(a_saisir), 'compétence')} à attester",
        blocs=tuple(blocs),
        faites=tuple(
            (
                Intitule(ligne.competence, courts.get(ligne.competence, "")),
                case_de(ligne, qualite, (qualite,), dossier),
            )
            for ligne in carnet.lignes
            if ligne.competence not in a_saisir
        ),
        carnet=Lien("Voir le carnet", reverse("carnet:voir", args=[dossier.id])),
    )


def _saisie(formulaire: Attestations, intitule: Intitule, court: str, rang_relu: int | None) -> VueSaisie:
    code = intitule.code
    valeur = formulaire[code].value() or None
    return VueSaisie(
        court=court,
        choix=ChoixCritere(
            identifiant=code,
            libelle=intitule.libelle,
            nom=code,
            valeur=valeur if valeur in Verdict.values else None,
            code=code,
            options=OPTIONS,
            nom_mot=f"{code}-mot",
            mot=formulaire[f"{code}-mot"].value() or "",
        ),
        vu=str(formulaire[f"{code}-vu"].value() if rang_relu is None else rang_relu),
        nom_vu=f"{code}-vu",
        erreurs=tuple(map(str, (*formulaire[code].errors, *formulaire[f"{code}-mot"].errors))),
    )


# Retirer ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRetrait:
    """La page qui demande pourquoi l'on retire une attestation."""

    fil: tuple[Lien, ...]
    candidat: str
    intitule: Intitule
    case: VueCase
    retour: Lien
    formulaire: BaseForm


def page_retrait(
    lecteur: Acteur, dossier: VueDossier, ligne: VueLigne, qualite: Qualite, formulaire: BaseForm
) -> PageRetrait:
    """La page du retrait d'une attestation en cours."""
    carnet = Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id]))
    arbre = norme(lecteur, dossier.norme_empreinte)
    return PageRetrait(
        fil=(Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])), carnet),
        candidat=dossier.candidat_nom,
        intitule=Intitule(ligne.competence, arbre.competence(ligne.competence).intitule),
        case=case_de(ligne, qualite, (), dossier),
        retour=Lien("Revenir au carnet", carnet.url),
        formulaire=formulaire,
    )
