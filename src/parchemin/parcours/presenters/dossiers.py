"""Les pages des parcours : des valeurs figées. La part du dossier est composée par le portail avec celles du dessus."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.urls import reverse

from moteur.etats import DOSSIER, DOSSIER_CLOS
from parchemin.comptes import selectors as comptes
from parchemin.comptes.presenters import propositions
from parchemin.comptes.selectors import Droits
from parchemin.parcours import selectors
from parchemin.parcours.enums import Voie
from parchemin.parcours.forms import Choix, ChoixInscription
from parchemin.parcours.permissions import (
    peut_charger_lieux,
    peut_designer,
    peut_gerer_dossier,
    peut_inscrire,
    peut_reprendre,
)
from parchemin.parcours.presenters.etat_civil import CarteEtatCivil, carte_etat_civil
from parchemin.parcours.selectors import VueDossier, VuePassage
from parchemin.referentiels.selectors import (
    VersionPubliee,
    fiche,
    libelles_courts,
    norme,
    version_d_empreinte,
    version_publiee,
    versions_publiees,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import (
    Action,
    Balle,
    Cellule,
    Colonne,
    Etape,
    EtatEtape,
    Lien,
    Statut,
    Tableau,
    Ton,
    Vide,
)
from parchemin.socle.horloge import jour_civil
from parchemin.socle.typographie import anciennete, date_en_clair, pluriel

PAR_PAGE = 25
PARTIS_MAX = 20
"""Les derniers dossiers cédés à un autre organisme, que l'on lit encore."""
CHEMIN = (
    ("inscrit", "Inscription"),
    ("en_parcours", "Carnet"),
    ("en_evaluation", "Épreuves"),
    ("second_regard", "Second regard"),
    ("evalue", "Résultat"),
)
"""Les étapes montrées d'un dossier : l'état qui les commence, leur nom. Le jury vient après."""
CHEMIN_VAE = (
    ("recevabilite", "Recevabilité"),
    ("recevable", "Dossier de validation"),
    ("validation_deposee", "Épreuves"),
    ("second_regard", "Second regard"),
    ("evalue", "Résultat"),
)
"""Celles d'une VAE : ni tuteur ni carnet ; les horloges de la loi la mènent."""
PASSAGERE = "second_regard"
"""L'étape que tous les dossiers n'ont pas : elle ne se montre que si l'on y passe."""
JURY = ("certifie", "partiellement_certifie", "non_certifie")
"""Ce que le jury décide : la dernière étape en porte le nom."""
SANS_SUITE = {
    "abandonne": "Abandon",
    "irrecevable": "Irrecevable",
    "caduc": "Caducité",
    "poursuivi": "Poursuivi sous une autre version",
}
"""Les fins qui ôtent du chemin ce qui ne viendra plus."""
_DANS = {CHEMIN: {"inscrit": "en_parcours"}, CHEMIN_VAE: {"en_evaluation": "validation_deposee"}}

TONS = {
    "recevabilite": Ton.ATTENTE,
    "recevable": Ton.INFO,
    "validation_deposee": Ton.ATTENTE,
    "inscrit": Ton.ATTENTE,
    "en_parcours": Ton.INFO,
    "en_evaluation": Ton.INFO,
    "second_regard": Ton.ATTENTE,
    "certifie": Ton.OUI,
    "partiellement_certifie": Ton.OUI,
}
"""Le ton d'un état : ce qui attend, ce qui avance. Un dossier évalué n'est pas pour autant réussi : il reste neutre."""


@dataclass(frozen=True, slots=True)
class PageListe:
    """La liste des candidats."""

    resume: str
    etat: str
    filtres: tuple[Lien, ...]
    tableau: Tableau | None
    page: Page[Any]
    vide: Vide
    inscrire: Action | None
    liens: tuple[Lien, ...] = ()
    partis: tuple[Lien, ...] = ()


@dataclass(frozen=True, slots=True)
class BlocDuDossier:
    """Un bloc demandé, ses compétences (code, libellé court)."""

    code: str
    titre: str
    competences: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PartDossier:
    """Ce que les parcours racontent d'un dossier : le portail y ajoute le carnet, les épreuves, les résultats.

    `courts` : les libellés courts de sa version, pour qui les dit aussi.
    """

    id: UUID
    candidat: str
    sur_titre: str
    sous_titre: str
    statut: Statut
    balle: Balle
    chemin: tuple[Etape, ...]
    blocs: tuple[BlocDuDossier, ...]
    tuteur: str
    manager: str
    passages: tuple[VuePassage, ...]
    actions: tuple[Action, ...]
    referent_rh: str = ""
    etat_civil: CarteEtatCivil | None = None
    suites: tuple[Lien, ...] = ()
    courts: Mapping[str, str] = field(default_factory=dict)


def statut(etat: str) -> Statut:
    """L'état d'un dossier, en un mot."""
    return Statut(TONS.get(etat, Ton.NEUTRE), DOSSIER.etat(etat).intitule)


def choix_etats() -> Choix:
    """Les états, pour filtrer (sans le brouillon, qui ne dure qu'un instant)."""
    return [(ligne.code, ligne.intitule) for ligne in DOSSIER.lignes if ligne.code != DOSSIER.depart]


def liste(lecteur: Acteur, droits: Droits, jour: date, filtre: dict[str, str], numero: str | None) -> PageListe:
    """La liste des candidats du lecteur, filtrée ; chaque état dit combien il en répond à la recherche."""
    recherche, etat = filtre.get("q", ""), filtre.get("etat", "")
    lignes = selectors.dossiers(lecteur, jour, recherche, etat)
    page = Paginator(lignes, PAR_PAGE).get_page(numero)
    inscrire = Action("Inscrire un candidat", reverse("parcours:inscrire"), principale=True)
    cherche = any(filtre.values())
    rangs: tuple[tuple[Cellule, ...], ...] = tuple(
        (
            Lien(vue.candidat_nom, reverse("dossier", args=[vue.id])),
            vue.organisme_nom,
            ", ".join(vue.blocs),
            statut(vue.etat),
            anciennete(jour_civil(vue.depuis), jour).removeprefix("depuis "),
            qui(vue) or None,
        )
        for vue in map(selectors.vue_dossier, page)
    )
    colonnes = tuple(map(Colonne, ("Candidat", "Organisme", "Blocs", "État", "Depuis", "Qui a la main")))
    return PageListe(
        resume=pluriel(page.paginator.count, "dossier"),
        etat=etat,
        filtres=_filtres(selectors.nombres_par_etat(lecteur, jour, recherche), recherche, etat),
        tableau=Tableau("Candidats", colonnes, rangs) if rangs else None,
        page=page,
        vide=Vide("Aucun dossier ne répond à cette recherche", "Essayez un seul mot, ou tous les états.")
        if cherche
        else Vide("Aucun candidat encore", "Les dossiers apparaîtront ici dès l'inscription."),
        inscrire=inscrire if peut_inscrire(droits) else None,
        liens=(
            *((Lien("Importer un fichier", reverse("parcours:importer")),) if peut_inscrire(droits) else ()),
            *((Lien("Titulaires repris du papier", reverse("parcours:titulaires")),) if peut_reprendre(droits) else ()),
            *((Lien("Communes et pays", reverse("parcours:lieux")),) if peut_charger_lieux(droits) else ()),
        ),
        partis=tuple(
            Lien(f"{vue.candidat_nom}, parti vers {vue.vers_nom}", reverse("parcours:parti", args=[vue.dossier]))
            for vue in (selectors.partis(lecteur, jour, PARTIS_MAX) if peut_inscrire(droits) else ())
        ),
    )


def _filtres(nombres: dict[str, int], recherche: str, etat: str) -> tuple[Lien, ...]:
    """« Tous », puis chaque état qui a des dossiers (ou que l'on regarde), avec leur nombre."""

    def lien(libelle: str, nombre: int, code: str) -> Lien:
        parametres = {nom: valeur for nom, valeur in (("q", recherche), ("etat", code)) if valeur}
        suite = f"?{urlencode(parametres)}" if parametres else ""
        return Lien(f"{libelle} ({nombre})", f"{reverse('parcours:liste')}{suite}", courant=code == etat)

    return (
        lien("Tous", sum(nombres.values()), ""),
        *(
            lien(DOSSIER.etat(code).intitule, nombre, code)
            for code, nombre in nombres.items()
            if nombre or code == etat
        ),
    )


def qui(vue: VueDossier) -> str:
    """Qui a la main, nommé quand il l'est ; vide quand le dossier est clos."""
    if vue.etat == "en_parcours":
        return f"{vue.tuteur_nom} et {vue.manager_nom}"
    return "" if vue.etat in DOSSIER.terminaux else DOSSIER.etat(vue.etat).qui.capitalize()


def version_demandee(lecteur: Acteur, nom: str | None) -> VersionPubliee:
    """La version dont on inscrit les blocs : celle de l'adresse, sinon celle par défaut. Lève `Introuvable`."""
    code, _, numero = (nom or settings.PARCHEMIN_REFERENTIEL).partition("@")
    return version_publiee(lecteur, code, numero)


def autres_versions(lecteur: Acteur, version: VersionPubliee) -> tuple[Lien, ...]:
    """Les autres versions publiées, pour changer de version avant de remplir."""
    return tuple(
        Lien(autre.nom(), f"{reverse('parcours:inscrire')}?referentiel={autre.nom()}")
        for autre in versions_publiees(lecteur)
        if autre.id != version.id
    )


def titre_version(lecteur: Acteur, version: VersionPubliee) -> str:
    """« CQP Conseiller…, version 2021 »."""
    return f"{fiche(lecteur, version).valeur('intitule_usuel') or version.code}, version {version.version}"


def choix_inscription(
    lecteur: Acteur, version: VersionPubliee, jour: date, champs: Iterable[str], saisi: Mapping[str, Any]
) -> ChoixInscription:
    """Ce que propose le formulaire d'inscription."""
    return ChoixInscription(
        personnes=propositions(lecteur, jour, champs, saisi),
        organismes=[(str(pk), nom) for pk, nom in comptes.organismes(lecteur, jour).values_list("pk", "nom")],
        blocs=[(bloc.code, f"{bloc.code} · {bloc.intitule}") for bloc in norme(lecteur, version.empreinte).blocs],
    )


# Le dossier ---------------------------------------------------------------------------------------------------------


def part_dossier(lecteur: Acteur, droits: Droits, vue: VueDossier, jour: date) -> PartDossier:
    """La part des parcours dans la page d'un dossier ouvert au lecteur."""
    version = version_d_empreinte(lecteur, vue.norme_empreinte)
    arbre = norme(lecteur, vue.norme_empreinte)
    courts = libelles_courts(lecteur, version)
    histoire = selectors.passages(lecteur, vue.id)
    return PartDossier(
        id=vue.id,
        candidat=vue.candidat_nom,
        sur_titre=f"Candidat · {titre_version(lecteur, version)}",
        sous_titre=f"{vue.organisme_nom} · {vue.voie.label.lower().replace('(vae)', '(VAE)')} · "
        f"entrée le {date_en_clair(vue.entree_le)}"
        + (f" · recevable le {date_en_clair(vue.recevable_le)}" if vue.recevable_le else ""),
        statut=statut(vue.etat),
        balle=balle(lecteur, droits, vue, jour),
        chemin=chemin(vue, histoire),
        blocs=tuple(
            BlocDuDossier(
                code,
                arbre.bloc(code).intitule,
                tuple((c.code, courts.get(c.code, c.intitule)) for c in arbre.bloc(code).competences()),
            )
            for code in vue.blocs
        ),
        tuteur=vue.tuteur_nom,
        manager=vue.manager_nom,
        passages=tuple(passage for passage in histoire if passage.etat != DOSSIER.depart),
        actions=_actions(lecteur, droits, vue),
        suites=_suites(lecteur, vue, jour),
        referent_rh=vue.referent_rh_nom,
        etat_civil=carte_etat_civil(lecteur, droits, vue, jour),
        courts=courts,
    )


def balle(lecteur: Acteur, droits: Droits, vue: VueDossier, jour: date) -> Balle:
    """Qui a la main sur ce dossier, d'après son état."""
    main = selectors.qui_a_la_main(lecteur, vue)
    a_vous = {
        "gestionnaire": peut_gerer_dossier(droits, vue.organisme, vue.referentiel_code),
        "tuteur et manager": lecteur.id in (vue.tuteur, vue.manager),
    }.get(main.qui, False)
    return Balle(
        qui=main.qui.capitalize() if main.qui else "Personne",
        quoi=main.attend,
        depuis=jour_civil(main.depuis),
        aujourdhui=jour,
        a_vous=a_vous,
    )


def chemin(vue: VueDossier, histoire: tuple[VuePassage, ...]) -> tuple[Etape, ...]:
    """Le chemin du dossier jusqu'au jury : étapes faites et leur date, celle où l'on est, celles qui viennent."""
    entrees = {passage.etat: jour_civil(passage.instant) for passage in histoire}
    etapes_de_la_voie = CHEMIN_VAE if {"recevabilite", "recevable"} & entrees.keys() else CHEMIN
    suivies = [(etat, nom) for etat, nom in etapes_de_la_voie if etat != PASSAGERE or etat in entrees]
    ici = _DANS[etapes_de_la_voie].get(vue.etat, vue.etat)
    decide = vue.etat if vue.etat in JURY else ""
    fins = [suivante for suivante, _ in suivies[1:]] + [decide]
    etapes = []
    for (etat, nom), fin in zip(suivies, fins, strict=True):
        if etat == ici:
            etapes.append(Etape(nom, entrees.get(etat), EtatEtape.ICI, _mention(vue.etat)))
        elif etat == "inscrit":
            etapes.append(Etape(nom, entrees[etat], EtatEtape.FAITE))
        elif fin in entrees:
            etapes.append(Etape(nom, entrees[fin], EtatEtape.FAITE))
        elif vue.etat not in SANS_SUITE:
            etapes.append(Etape(nom, None, EtatEtape.A_VENIR))
    if vue.etat in SANS_SUITE:
        etapes.append(Etape(SANS_SUITE[vue.etat], entrees[vue.etat], EtatEtape.ICI))
    elif decide:
        etapes.append(Etape(f"Jury : {vue.etat_intitule.lower()}", entrees[decide], EtatEtape.ICI))
    else:
        etapes.append(Etape("Jury", None, EtatEtape.A_VENIR))
    return tuple(etapes)


def _mention(etat: str) -> str:
    if etat in DOSSIER_CLOS:
        return ""
    return "tuteur et manager à nommer" if etat == "inscrit" else "en cours"


def _suites(lecteur: Acteur, vue: VueDossier, jour: date) -> tuple[Lien, ...]:
    """Le dossier que celui-ci poursuit, et celui où il s'est poursuivi, s'ils sont ouverts au lecteur. Aucune requête s'il n'y en a pas."""
    suivant = selectors.dossier_suivant(lecteur, vue.id) if vue.etat == "poursuivi" else None
    liens = (
        ("Le dossier d'avant, sous l'autre version", vue.suite_de),
        ("Le dossier où le parcours continue", suivant),
    )
    existants = [(libelle, autre) for libelle, autre in liens if autre is not None]
    ouverts = selectors.lesquels_sont_ouverts(lecteur, [autre for _, autre in existants], jour) if existants else ()
    return tuple(Lien(libelle, reverse("dossier", args=[autre])) for libelle, autre in existants if autre in ouverts)


def _actions(lecteur: Acteur, droits: Droits, vue: VueDossier) -> tuple[Action, ...]:
    if not peut_designer(droits, vue.organisme, vue.referentiel_code):
        return ()
    corriger = Action("Corriger l’inscription", reverse("parcours:corriger", args=[vue.id]))
    if not vue.ouvert:  # la déclaration d'une VAE vient après, et en dit l'accès
        return (corriger,) if vue.voie == Voie.VAE else ()
    nommer = Action(
        "Changer le tuteur ou le manager" if vue.tuteur and vue.manager else "Nommer le tuteur et le manager",
        reverse("parcours:designer", args=[vue.id]),
        principale=not (vue.tuteur and vue.manager),
    )
    if not peut_gerer_dossier(droits, vue.organisme, vue.referentiel_code):
        return (nommer, corriger)
    amenager = Action("Aménager les durées", reverse("parcours:amenager", args=[vue.id]))
    ailleurs = Action("Poursuivre sous une autre version", reverse("parcours:version", args=[vue.id]))
    return (
        nommer,
        corriger,
        amenager,
        Action("Passer à un autre organisme", reverse("parcours:mutation", args=[vue.id])),
        *((ailleurs,) if selectors.se_poursuit(lecteur, vue) else ()),
        Action("Abandonner ce dossier", reverse("parcours:abandonner", args=[vue.id]), grave=True),
    )
