"""Le carnet entier, tel que le lecteur peut le voir ; et qui a la main tant qu'il s'atteste."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from moteur.phrases import enumerer
from moteur.regles.carnet_complet import desaccord
from parchemin.carnet.permissions import peut_accuser_reception, peut_lever, qualites_de
from parchemin.carnet.presenters.cases import (
    VueCase,
    attestation_en_phrase,
    case_de,
    rangee_du_carnet,
    remise_en_phrase,
    resume_du_carnet,
    statut_du_carnet,
)
from parchemin.carnet.presenters.dispenses import dispense_en_phrase
from parchemin.carnet.selectors import Avancement, VueCarnet, VueGel, VueLigne
from parchemin.comptes.selectors import Droits
from parchemin.parcours.enums import Qualite
from parchemin.parcours.permissions import peut_gerer_dossier
from parchemin.parcours.presenters import STATUTS_ACQUIS, acquis_en_phrase, titre_version
from parchemin.parcours.selectors import VueDossier
from parchemin.referentiels.selectors import contenu_norme, libelles_courts, norme, version_d_empreinte
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Avis, Balle, Intitule, Lien, RangeePoints, Statut
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import pluriel


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
    """Un bloc du carnet ; `texte` : ce qu'en dit le référentiel ; `dispense` : pourquoi l'on convoque sans lui.

    `acquis`, et son `statut` : d'où le candidat le tient déjà ; rien n'y est plus attendu.
    """

    code: str
    titre: str
    points: RangeePoints
    texte: str
    lignes: tuple[VueCompetence, ...]
    dispense: str
    retirer_dispense: Lien | None
    acquis: str = ""
    statut: Statut | None = None


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
    imprimer: Action
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
    acquis = carnet.acquis
    siennes = qualites_de(lecteur, dossier) if dossier.ouvert else ()
    reste = sum(avancement.attendues(qualite) for qualite in siennes)
    return PageCarnet(
        fil=(Lien(dossier.candidat_nom, reverse("dossier", args=[dossier.id])),),
        candidat=dossier.candidat_nom,
        sous_titre=f"{dossier.organisme_nom} · {titre_version(lecteur, version)}",
        resume=resume_du_carnet(avancement),
        points=rangee_du_carnet(avancement),
        statut=statut_du_carnet(avancement),
        remise=remise_en_phrase(carnet),
        blocs=tuple(
            VueBloc(
                code=bloc.code,
                titre=bloc.intitule,
                points=rangee_du_carnet(carnet.avancement(bloc.code)),
                texte=textes[bloc.code],
                lignes=tuple(
                    _competence(
                        ligne,
                        arbre.competence(ligne.competence).intitule,
                        courts,
                        siennes,
                        dossier,
                        acquise=bloc.code in acquis,
                    )
                    for ligne in (*carnet.lignes, *carnet.acquises)
                    if ligne.bloc == bloc.code
                ),
                acquis=acquis_en_phrase(acquis[bloc.code]) if bloc.code in acquis else "",
                statut=STATUTS_ACQUIS[acquis[bloc.code].origine] if bloc.code in acquis else None,
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
        imprimer=Action("Imprimer (PDF)", reverse("carnet:pdf", args=[dossier.id])),
        desaccords=f"Le tuteur et le manager ne disent pas la même chose de {pluriel(avancement.desaccords, 'compétence')}. "
        "C'est à eux d'en parler : rien n'est tranché ici."
        if avancement.desaccords
        else "",
        gel=gel,
    )


def _competence(
    ligne: VueLigne,
    intitule: str,
    courts: Mapping[str, str],
    siennes: tuple[Qualite, ...],
    dossier: VueDossier,
    *,
    acquise: bool,
) -> VueCompetence:
    return VueCompetence(
        intitule=Intitule(ligne.competence, intitule),
        court=courts.get(ligne.competence, ""),
        cases=tuple(case_de(ligne, qualite, siennes, dossier, acquise=acquise) for qualite in Qualite),
        desaccord=desaccord(ligne.vaut(Qualite.TUTEUR), ligne.vaut(Qualite.MANAGER)),
        histoire=tuple(
            attestation_en_phrase(attestation)
            for attestation in ligne.histoire
            if attestation is not ligne.attestations[attestation.qualite]
        ),
    )


def balle(
    lecteur: Acteur, droits: Droits, dossier: VueDossier, avancement: Avancement, jour: date, gel: VueGel | None = None
) -> Balle:
    """Qui a la main tant que le dossier est en parcours : qui éclaircit un gel, ceux qui ont encore à attester, le gestionnaire."""
    if gel is not None:
        return Balle(
            qui="Gestionnaire",
            quoi=f"Le carnet est gelé : {gel.personne_nom} dit ne pas avoir attesté {enumerer(gel.competences)} ; le gestionnaire "
            "l'éclaircit.",
            depuis=jour_civil(gel.depuis),
            aujourdhui=jour,
            a_vous=peut_lever(droits, dossier, gel.personne),
        )
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
