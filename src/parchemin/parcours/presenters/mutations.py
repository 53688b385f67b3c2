"""Les pages d'une mutation : la proposer, l'accueillir, lire ce qui est parti."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.forms import BaseForm
from django.urls import reverse

from parchemin.comptes.selectors import Droits, organismes_ouverts
from parchemin.parcours import selectors
from parchemin.parcours.forms import Choix
from parchemin.parcours.permissions import peut_accueillir, peut_ceder
from parchemin.parcours.presenters.changements import PageApercu
from parchemin.parcours.selectors import VueDossier, VueMutation, VueParti, VuePassage
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, AFaire, Lien, LigneAFaire
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_en_clair, de


@dataclass(frozen=True, slots=True)
class PageMutation:
    """La page où l'on propose un dossier à un autre organisme, ou retire ce qui est proposé."""

    fil: tuple[Lien, ...]
    candidat: str
    organisme: str
    formulaire: BaseForm
    apercu: PageApercu | None
    en_cours: VueMutation | None
    refusee: VueMutation | None
    retour: Lien


def choix_d_accueil(lecteur: Acteur, dossier: VueDossier, jour: date) -> Choix:
    """Les organismes ouverts, sauf celui où est le dossier."""
    lignes = organismes_ouverts(lecteur, jour).exclude(pk=dossier.organisme)
    return [(str(pk), nom) for pk, nom in lignes.values_list("pk", "nom")]


def page_mutation(
    dossier: VueDossier,
    formulaire: BaseForm,
    apercu: PageApercu | None,
    en_cours: VueMutation | None,
    refusee: VueMutation | None,
) -> PageMutation:
    """La page, avec l'aperçu s'il est demandé."""
    retour = Lien("Revenir au dossier", reverse("dossier", args=[dossier.id]))
    return PageMutation(
        fil=(Lien(dossier.candidat_nom, retour.url),),
        candidat=dossier.candidat_nom,
        organisme=dossier.organisme_nom,
        formulaire=formulaire,
        apercu=apercu,
        en_cours=en_cours,
        refusee=refusee,
        retour=retour,
    )


@dataclass(frozen=True, slots=True)
class PageAccueillir:
    """La page où l'organisme d'accueil répond."""

    mutation: VueMutation
    blocs: str
    voie: str
    etat: str
    formulaire: BaseForm
    refus: BaseForm
    apercu: PageApercu | None


def page_accueillir(
    dossier: VueDossier, mutation: VueMutation, formulaire: BaseForm, refus: BaseForm, apercu: PageApercu | None
) -> PageAccueillir:
    """Ce qu'il faut savoir avant d'accueillir, et pas davantage : le dossier ne s'ouvre qu'ensuite."""
    return PageAccueillir(
        mutation=mutation,
        blocs=", ".join(dossier.blocs),
        voie=dossier.voie.label,
        etat=dossier.etat_intitule,
        formulaire=formulaire,
        refus=refus,
        apercu=apercu,
    )


@dataclass(frozen=True, slots=True)
class PageParti:
    """Ce qu'un organisme lit encore d'un dossier qu'il a cédé."""

    candidat: str
    parti: str
    etat: str
    tuteur: str
    manager: str
    passages: tuple[VuePassage, ...]
    le: datetime


def page_parti(vue: VueParti) -> PageParti:
    """La page, arrêtée au jour du départ."""
    return PageParti(
        candidat=vue.dossier.candidat_nom,
        parti=f"Parti vers {vue.mutation.vers_nom} le {date_en_clair(jour_civil(vue.le))} : rien de ce qui a suivi n'est ici.",
        etat=vue.dossier.etat_intitule,
        tuteur=vue.dossier.tuteur_nom,
        manager=vue.dossier.manager_nom,
        passages=tuple(passage for passage in vue.passages if passage.etat != "brouillon"),
        le=vue.le,
    )


def a_faire_mutations(lecteur: Acteur, droits: Droits, jour: date) -> Iterable[AFaire]:
    """Les dossiers à accueillir ; et, chez les autres, ceux que l'on a proposés. Une requête."""
    for vue in selectors.mutations_proposees(lecteur, jour):
        depuis = jour_civil(vue.proposee_le)
        if peut_accueillir(droits, vue.vers, vue.certification, vue.candidat):
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                titre=f"Accueillir {vue.candidat_nom}, qui vient {de(vue.de_nom)}",
                pourquoi="Le dossier reste là-bas tant que vous n’avez pas répondu.",
                action=Action("Répondre", reverse("parcours:accueillir", args=[vue.id])),
            )
            yield AFaire(depuis, ligne)
        elif peut_ceder(droits, vue.de, vue.certification, vue.candidat):
            ligne = LigneAFaire(
                quand=anciennete(depuis, jour),
                precision=f"la main est à : gestionnaire {de(vue.vers_nom)}",
                titre=f"Mutation proposée pour {vue.candidat_nom}",
                pourquoi="L’autre organisme ne l’a pas encore accueilli ; vous pouvez la retirer.",
                action=Action("Voir", reverse("parcours:mutation", args=[vue.dossier])),
            )
            yield AFaire(depuis, ligne, chez_les_autres=True)
