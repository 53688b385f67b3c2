"""Les pages du carnet, composées : le carnet entier, la page où l'on atteste, la part du carnet dans un dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.forms import BaseForm
from django.urls import reverse

from moteur.regles.carnet_complet import desaccord
from parchemin.carnet.enums import Verdict
from parchemin.carnet.forms import Attestations, LigneASaisir
from parchemin.carnet.permissions import peut_accuser_reception, qualites_de
from parchemin.carnet.presenters.dispenses import dispense_en_phrase
from parchemin.carnet.selectors import Avancement, VueAttestation, VueCarnet, VueLigne
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import Qualite
from parchemin.parcours.permissions import peut_gerer_dossier
from parchemin.parcours.presenters import titre_version
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import contenu_norme, libelles_courts, norme, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import (
    ATTESTATIONS,
    Action,
    Avis,
    Balle,
    ChoixCritere,
    Intitule,
    Lien,
    Option,
    RangeePoints,
    Statut,
    Ton,
)
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import date_en_clair, pluriel

OPTIONS = (
    Option(Verdict.MAITRISEE, "Maîtrisée en situation réelle", "v"),
    Option(Verdict.PAS_ENCORE, "Pas encore", "n"),
)
STATUTS = {
    True: Statut(Ton.OUI, "maîtrisée"),
    False: Statut(Ton.NON, "pas encore"),
    None: Statut(Ton.ATTENTE, "attendue"),
}


def _rangee(avancement: Avancement) -> RangeePoints:
    """Un point par compétence : attestée par les deux, refusée par l'un, attendue."""
    attestees, refusees = avancement.completes, avancement.refusees
    return RangeePoints(attestees, refusees, avancement.lignes - attestees - refusees, mots=ATTESTATIONS)


def _resume(avancement: Avancement) -> str:
    sur = f"sur {avancement.lignes} " + ("attestée" if avancement.completes < 2 else "attestées")
    return f"{pluriel(avancement.completes, 'compétence')} {sur} par le tuteur et par le manager"


# Le carnet ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VueCase:
    """Ce que dit une qualité d'une compétence : le mot et la forme, qui, quand ; `retirer` si c'est au lecteur.

    `partie` : qui l'a dit n'est plus désigné ; ce qui est signé reste.
    """

    titre: str
    statut: Statut
    qui: str
    quand: datetime | None
    mot: str
    retirer: Lien | None
    partie: bool = False


@dataclass(frozen=True, slots=True)
class VueCompetence:
    """Une ligne du carnet : les mots du référentiel, un libellé court qui n'engage rien, les deux cases.

    `desaccord` : l'un la dit maîtrisée, l'autre pas encore. Le programme le montre et ne le tranche pas.
    """

    intitule: Intitule
    court: str
    cases: tuple[VueCase, ...]
    histoire: tuple[str, ...]
    desaccord: bool


@dataclass(frozen=True, slots=True)
class VueBloc:
    """Un bloc du carnet ; `texte` : ce qu'en dit le référentiel ; `dispense` : pourquoi l'on convoque sans lui."""

    code: str
    titre: str
    points: RangeePoints
    texte: str
    lignes: tuple[VueCompetence, ...]
    dispense: str
    retirer_dispense: Lien | None


@dataclass(frozen=True, slots=True)
class PageCarnet:
    """La page `/carnet/<dossier>/`."""

    fil: tuple[Lien, ...]
    candidat: str
    sous_titre: str
    resume: str
    points: RangeePoints
    statut: Statut
    remise: str
    blocs: tuple[VueBloc, ...]
    colonnes: tuple[str, ...]
    attester: Action | None
    recevoir: Action | None
    demander: Action | None
    dispenser: Action | None
    entrees: Action | None
    desaccords: str
    gel: Avis | None


def page_carnet(
    lecteur: Acteur,
    dossier: VueDossier,
    carnet: VueCarnet,
    *,
    demande: bool = False,
    dispense: bool = False,
    entrees: bool = False,
    gel: Avis | None = None,
) -> PageCarnet:
    """Le carnet entier, tel que le lecteur peut le voir.

    `demande` : il peut demander des attestations par un lien ; `dispense` : il peut dispenser du carnet d'un bloc ;
    `entrees` : il peut lire ce qu'écrit le candidat.
    """
    arbre = norme(lecteur, dossier.norme_empreinte)
    version = version_d_empreinte(lecteur, dossier.norme_empreinte)
    courts = libelles_courts(lecteur, version)
    textes = {
        bloc["code"]: bloc["carnet"]["texte"] for bloc in contenu_norme(lecteur, dossier.norme_empreinte)["blocs"]
    }
    avancement = carnet.avancement()
    siennes = qualites_de(lecteur, dossier) if dossier.ouvert else ()
    reste = sum(avancement.attendues(qualite) for qualite in siennes)
    return PageCarnet(
        fil=(Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])),),
        candidat=dossier.candidat_nom,
        sous_titre=f"{dossier.organisme_nom} · {titre_version(lecteur, version)}",
        resume=_resume(avancement),
        points=_rangee(avancement),
        statut=_statut(avancement),
        remise=_remise(carnet),
        blocs=tuple(
            VueBloc(
                code=bloc.code,
                titre=bloc.intitule,
                points=_rangee(carnet.avancement(bloc.code)),
                texte=textes[bloc.code],
                lignes=tuple(
                    _competence(ligne, arbre.competence(ligne.competence).intitule, courts, siennes, dossier)
                    for ligne in carnet.lignes
                    if ligne.bloc == bloc.code
                ),
                dispense=dispense_en_phrase(carnet.dispenses[bloc.code]) if bloc.code in carnet.dispenses else "",
                retirer_dispense=Lien(
                    "Retirer la dispense", reverse("carnet:retirer_dispense", args=[dossier.id, bloc.code])
                )
                if dispense and dossier.ouvert and bloc.code in carnet.dispenses
                else None,
            )
            for bloc in arbre.blocs
            if bloc.code in dossier.blocs
        ),
        colonnes=tuple(
            f"{qualite.label}{f' · {nom}' if nom else ''}"
            for qualite, nom in ((Qualite.TUTEUR, dossier.tuteur_nom), (Qualite.MANAGER, dossier.manager_nom))
        ),
        attester=Action(
            f"Attester {pluriel(reste, 'compétence')}" if reste else "Revoir mes attestations",
            reverse("carnet:attester", args=[dossier.id]),
            principale=bool(reste),
        )
        if siennes
        else None,
        recevoir=Action(
            "J'ai reçu mon carnet", reverse("carnet:recevoir", args=[dossier.id]), methode="post", principale=True
        )
        if carnet.recu_le is None and peut_accuser_reception(lecteur, dossier)
        else None,
        demander=Action("Demander des attestations", reverse("carnet:demander", args=[dossier.id]))
        if demande and dossier.ouvert and not avancement.complet and (dossier.tuteur or dossier.manager)
        else None,
        dispenser=Action("Dispenser du carnet", reverse("carnet:dispenser", args=[dossier.id]))
        if dispense and dossier.ouvert and not avancement.suffit
        else None,
        entrees=Action(
            "Ce que j'ai fait" if dossier.candidat == lecteur.id else "Ce qu'écrit le candidat",
            reverse("carnet:entrees", args=[dossier.id]),
        )
        if entrees
        else None,
        desaccords=f"Le tuteur et le manager ne disent pas la même chose de {pluriel(avancement.desaccords, 'compétence')}. "
        "C'est à eux d'en parler : rien n'est tranché ici."
        if avancement.desaccords
        else "",
        gel=gel,
    )


def _statut(avancement: Avancement) -> Statut:
    if avancement.complet:
        return Statut(Ton.OUI, "complet")
    return Statut(Ton.NEUTRE, "dispensé") if avancement.suffit else Statut(Ton.ATTENTE, "en cours")


def _remise(carnet: VueCarnet) -> str:
    remis = f"Remis le {date_en_clair(jour_civil(carnet.remis_le))}"
    if carnet.recu_le is None:
        return f"{remis} ; le candidat n'a pas encore confirmé l'avoir reçu."
    return f"{remis}, reçu le {date_en_clair(jour_civil(carnet.recu_le))}."


def _competence(
    ligne: VueLigne,
    intitule: str,
    courts: Mapping[str, str],
    siennes: tuple[Qualite, ...],
    dossier: VueDossier,
) -> VueCompetence:
    return VueCompetence(
        intitule=Intitule(ligne.competence, intitule),
        court=courts.get(ligne.competence, ""),
        cases=tuple(_case(ligne, qualite, siennes, dossier) for qualite in Qualite),
        desaccord=desaccord(ligne.vaut(Qualite.TUTEUR), ligne.vaut(Qualite.MANAGER)),
        histoire=tuple(
            _en_phrase(attestation)
            for attestation in ligne.histoire
            if attestation is not ligne.attestations[attestation.qualite]
        ),
    )


def _case(ligne: VueLigne, qualite: Qualite, siennes: tuple[Qualite, ...], dossier: VueDossier) -> VueCase:
    attestation = ligne.attestations.get(qualite)
    if attestation is None:
        return VueCase(qualite.label, STATUTS[None], "", None, "", None)
    retirable = qualite in siennes and attestation.verdict != ""
    return VueCase(
        titre=qualite.label,
        statut=STATUTS[attestation.vaut] if attestation.verdict else Statut(Ton.NEUTRE, "retirée"),
        qui=attestation.auteur_nom,
        quand=attestation.instant,
        mot=attestation.mot,
        retirer=Lien("Retirer", reverse("carnet:retirer", args=[dossier.id, ligne.competence])) if retirable else None,
        partie=attestation.auteur != dossier.designe(qualite),
    )


def _en_phrase(attestation: VueAttestation) -> str:
    dit = Verdict(attestation.verdict).label.lower() if attestation.verdict else "attestation retirée"
    jour = date_en_clair(jour_civil(attestation.instant))
    mot = f" : {attestation.mot}" if attestation.mot else ""
    return f"{jour}, {attestation.auteur_nom}, {attestation.qualite.label.lower()} : {dit}{mot}"


def _courts(lecteur: Acteur, dossier: VueDossier) -> Mapping[str, str]:
    return libelles_courts(lecteur, version_d_empreinte(lecteur, dossier.norme_empreinte))


def balle(lecteur: Acteur, droits: Droits, dossier: VueDossier, avancement: Avancement, jour: date) -> Balle:
    """Qui a la main tant que le dossier est en parcours : ceux qui ont encore à attester, puis le gestionnaire."""
    noms = {Qualite.TUTEUR: dossier.tuteur_nom, Qualite.MANAGER: dossier.manager_nom}
    restes = {qualite: avancement.attendues(qualite) for qualite in Qualite if avancement.attendues(qualite)}
    depuis = max(avancement.derniere, dossier.depuis) if avancement.derniere else dossier.depuis
    if not restes:
        return Balle(
            qui="Gestionnaire",
            quoi=f"Le carnet est {'complet' if avancement.complet else 'complet ou dispensé'} : le gestionnaire peut planifier les épreuves.",
            depuis=jour_civil(depuis),
            aujourdhui=jour,
            a_vous=peut_gerer_dossier(droits, dossier.organisme, dossier.referentiel_code),
        )
    return Balle(
        qui=" et ".join(qualite.label for qualite in restes),
        quoi=" ; ".join(
            f"{noms[qualite]}, {qualite.label.lower()} : {pluriel(reste, 'compétence')} à attester"
            for qualite, reste in restes.items()
        ),
        depuis=jour_civil(depuis),
        aujourdhui=jour,
        a_vous=any(dossier.designe(qualite) == lecteur.id for qualite in restes),
    )


# Attester -----------------------------------------------------------------------------------------------------------


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
    courts = _courts(lecteur, dossier)
    return tuple(
        LigneASaisir(
            code=ligne.competence,
            libelle=courts.get(ligne.competence, ""),
            verdict=attestation.verdict if attestation else "",
            mot=attestation.mot if attestation and attestation.verdict else "",
            rang=ligne.rang(qualite),
        )
        for ligne in carnet.lignes
        if toutes or ligne.vaut(qualite) is not True
        for attestation in (ligne.attestations.get(qualite),)
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
    courts = _courts(lecteur, dossier)
    rangs = {ligne.competence: ligne.rang(qualite) for ligne in carnet.lignes}
    a_saisir = {ligne.competence for ligne in carnet.lignes if ligne.vaut(qualite) is not True} | relues
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
                _case(ligne, qualite, (qualite,), dossier),
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
        case=_case(ligne, qualite, (), dossier),
        retour=Lien("Revenir au carnet", carnet.url),
        formulaire=formulaire,
    )
