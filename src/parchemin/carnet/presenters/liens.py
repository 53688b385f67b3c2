"""Les pages de l'attestation sans compte : le lien, le code, les compétences, la répudiation ; et la demande qui les fait partir."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.forms import BaseForm
from django.urls import reverse

from moteur.phrases import enumerer
from parchemin.carnet.enums import Fermeture, Verdict
from parchemin.carnet.forms import Attestations, LigneASaisir
from parchemin.carnet.presenters.cases import OPTIONS, STATUTS
from parchemin.carnet.selectors import LienEnvoye, VueAvis, VueCarnet, VueGel, VueLien, VueRepudiation
from parchemin.parcours.enums import Qualite
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import libelles_courts, norme, version_d_empreinte
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.composants import Action, Avis, ChoixCritere, Intitule, Lien, Statut, Ton
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class PageLien:
    """La page où mène un lien, avant son code : elle ne nomme ni le candidat ni la personne."""

    combien: str
    adresse: str
    code_en_cours: bool
    envoyer: str
    ouvrir: str
    formulaire: BaseForm


def page_lien(vue: VueLien, jeton: str, formulaire: BaseForm) -> PageLien:
    """Recevoir le code, puis le saisir."""
    return PageLien(
        combien=pluriel(len(vue.competences), "compétence"),
        adresse=vue.adresse,
        code_en_cours=vue.code_en_cours,
        envoyer=reverse("carnet:lien_code", args=[jeton]),
        ouvrir=reverse("carnet:lien_ouvrir", args=[jeton]),
        formulaire=formulaire,
    )


@dataclass(frozen=True, slots=True)
class SaisieParLien:
    """Une compétence à attester : ses mots courts, ceux du référentiel à un geste de là, ses choix."""

    officiel: Intitule
    choix: ChoixCritere
    vu: str
    nom_vu: str
    erreurs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageParLien:
    """Les compétences que demande un lien ouvert par son code."""

    candidat: str
    qualite: str
    saisies: tuple[SaisieParLien, ...]


def lignes_du_lien(lecteur: Acteur, dossier: VueDossier, carnet: VueCarnet, vue: VueLien) -> tuple[LigneASaisir, ...]:
    """Les compétences que demande le lien et que cette qualité n'a pas encore dites maîtrisées."""
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    return tuple(
        LigneASaisir(
            code=ligne.competence,
            libelle=courts.get(ligne.competence, ""),
            verdict=attestation.verdict if attestation else "",
            mot=attestation.mot if attestation and attestation.verdict else "",
            rang=ligne.rang(vue.qualite),
        )
        for ligne in carnet.lignes
        if ligne.competence in vue.competences and ligne.attend(vue.qualite, dossier)
        for attestation in (ligne.sa_voix(vue.qualite),)
    )


def page_par_lien(
    lecteur: Acteur, dossier: VueDossier, vue: VueLien, lignes: Sequence[LigneASaisir], formulaire: Attestations
) -> PageParLien:
    """La page où l'on atteste ; les saisies viennent du formulaire, refusé ou non."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    return PageParLien(
        candidat=dossier.candidat_nom,
        qualite=vue.qualite.label.lower(),
        saisies=tuple(
            _saisie(formulaire, ligne, Intitule(ligne.code, arbre.competence(ligne.code).intitule)) for ligne in lignes
        ),
    )


def _saisie(formulaire: Attestations, ligne: LigneASaisir, officiel: Intitule) -> SaisieParLien:
    code = ligne.code
    valeur = formulaire[code].value() or None
    return SaisieParLien(
        officiel=officiel,
        choix=ChoixCritere(
            identifiant=code,
            libelle=ligne.libelle or officiel.libelle,
            nom=code,
            valeur=valeur if valeur in Verdict.values else None,
            code=code,
            options=OPTIONS,
            nom_mot=f"{code}-mot",
            mot=formulaire[f"{code}-mot"].value() or "",
        ),
        vu=str(formulaire[f"{code}-vu"].value()),
        nom_vu=f"{code}-vu",
        erreurs=tuple(map(str, (*formulaire[code].errors, *formulaire[f"{code}-mot"].errors))),
    )


# Répudier -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRepudier:
    """Ce qu'un avis dit attesté en son nom, et de quoi dire que ce n'est pas vrai."""

    candidat: str
    qualite: str
    quand: datetime
    jusqu_au: datetime
    dits: tuple[tuple[Intitule, Statut, str], ...]
    repudie: bool
    echu: bool
    formulaire: BaseForm


def page_repudier(dossier: VueDossier, vue: VueAvis, formulaire: BaseForm, maintenant: datetime) -> PageRepudier:
    """La page d'un avis."""
    courts = libelles_courts(SYSTEME, version_d_empreinte(SYSTEME, dossier.norme_empreinte))
    return PageRepudier(
        candidat=dossier.candidat_nom,
        qualite=vue.qualite.label.lower(),
        quand=vue.emis_le,
        jusqu_au=vue.jusqu_au,
        dits=tuple(
            (Intitule(code, courts.get(code, "")), STATUTS[verdict == Verdict.MAITRISEE], mot)
            for code, verdict, mot in vue.dits
        ),
        repudie=vue.repudie,
        echu=vue.jusqu_au <= maintenant,
        formulaire=formulaire,
    )


def avis_de_gel(vue: VueGel, *, peut_lever: bool = False) -> Avis:
    """Ce que dit la page d'un carnet gelé à qui la lit ; le geste, à qui peut lever le gel."""
    return Avis(
        Ton.NON,
        "Ce carnet est gelé",
        f"{vue.personne_nom}, {vue.qualite.label.lower()}, dit depuis le {date_en_clair(jour_civil(vue.depuis))} ne pas "
        f"avoir attesté {enumerer(vue.competences)}.",
        conserve="Ce qui fut attesté reste dans l'histoire, et ne compte plus.",
        a_faire="Le gestionnaire éclaircit, puis lève le gel ; aucune épreuve ne se planifie d'ici là.",
        action=Action("Éclaircir et lever le gel", reverse("carnet:lever", args=[vue.dossier]), principale=True)
        if peut_lever
        else None,
    )


def repudiation_en_phrase(une: VueRepudiation) -> str:
    """Ce que lit le jury d'une répudiation : qui, quand, quoi, et si elle fut éclaircie. Une épreuve déjà convoquée s'est tenue."""
    dite = (
        f"{une.personne_nom}, {une.qualite.label.lower()}, dit depuis le {date_en_clair(jour_civil(une.instant))} ne pas avoir "
        f"attesté {enumerer(une.competences)}"
    )
    if une.levee_le is None:
        return f"Carnet gelé : {dite} ; personne ne l'a encore éclairci."
    return f"Attestation répudiée : {dite} ; éclairci le {date_en_clair(jour_civil(une.levee_le))} par {une.levee_par}."


@dataclass(frozen=True, slots=True)
class PageLever:
    """La page où le gestionnaire dit ce qu'il a éclairci."""

    fil: tuple[Lien, ...]
    candidat: str
    avis: Avis
    motif: str
    formulaire: BaseForm
    retour: Lien


def page_lever(dossier: VueDossier, vue: VueGel, formulaire: BaseForm) -> PageLever:
    """La page de la levée d'un gel."""
    carnet = Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id]))
    return PageLever(
        fil=(Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])), carnet),
        candidat=dossier.candidat_nom,
        avis=avis_de_gel(vue),
        motif=vue.motif,
        formulaire=formulaire,
        retour=Lien("Revenir au carnet", carnet.url),
    )


# Demander -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageDemande:
    """La page où l'on choisit quoi demander, et à qui."""

    fil: tuple[Lien, ...]
    candidat: str
    partis: tuple[str, ...]
    formulaire: BaseForm
    retour: Lien
    rien: bool


def choix_de_demande(
    lecteur: Acteur, dossier: VueDossier, carnet: VueCarnet
) -> tuple[list[tuple[str, str]], list[tuple[str, list[tuple[str, str]]]]]:
    """Les qualités désignées, et les compétences que l'une d'elles n'a pas encore dites maîtrisées, par bloc."""
    arbre = norme(lecteur, dossier.norme_empreinte)
    courts = libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))
    designes = {q: n for q, n in ((Qualite.TUTEUR, dossier.tuteur_nom), (Qualite.MANAGER, dossier.manager_nom)) if n}
    qualites = [(qualite.value, f"{personne}, {qualite.label.lower()}") for qualite, personne in designes.items()]
    blocs: list[tuple[str, list[tuple[str, str]]]] = []
    for bloc in arbre.blocs:
        attendues = [
            (ligne.competence, f"{ligne.competence} {courts.get(ligne.competence, '')}".strip())
            for ligne in carnet.lignes
            if ligne.bloc == bloc.code and any(ligne.vaut(qualite) is not True for qualite in designes)
        ]
        if attendues:
            blocs.append((f"{bloc.code} · {bloc.intitule}", attendues))
    return qualites, blocs


def page_demande(
    dossier: VueDossier, liens: dict[Qualite, LienEnvoye], formulaire: BaseForm, maintenant: datetime, *, rien: bool
) -> PageDemande:
    """La page de la demande, avec ce qui est déjà parti."""
    carnet = Lien("Carnet de suivi", reverse("carnet:voir", args=[dossier.id]))
    return PageDemande(
        fil=(Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])), carnet),
        candidat=dossier.candidat_nom,
        partis=tuple(_en_phrase(lien, maintenant) for lien in liens.values()),
        formulaire=formulaire,
        retour=Lien("Revenir au carnet", carnet.url),
        rien=rien,
    )


def _en_phrase(lien: LienEnvoye, maintenant: datetime) -> str:
    quoi = enumerer(lien.competences)
    debut = f"{lien.personne_nom}, {lien.qualite.label.lower()} : lien envoyé le {date_en_clair(jour_civil(lien.emis_le))} pour {quoi}"
    if lien.fermeture == Fermeture.FINI:
        return f"{debut} ; tout est attesté."
    if lien.fermeture == Fermeture.BLOQUE:
        return f"{debut} ; fermé après trop d'essais, redemandez-le."
    if lien.expire <= maintenant:
        return f"{debut} ; il a expiré, redemandez-le."
    return f"{debut} ; il vaut jusqu'au {date_en_clair(jour_civil(lien.expire))}."
