"""Les pages des organismes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.enums import Branche
from parchemin.comptes.permissions import peut_creer_organisme, peut_lire_habilitations, peut_tenir_habilitations
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.presenters.habilitations import tableau_habilitations
from parchemin.comptes.selectors import Droits, VueOrganisme
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class PageOrganisme:
    """La fiche d'un organisme : qui il est, son arbre, ses gens par rôle, ses habilitations."""

    id: UUID
    nom: str
    statut: Statut
    fermeture: str
    identite: tuple[tuple[str, str], ...]
    parents: tuple[Lien, ...]
    enfants: tuple[Lien, ...]
    personnes: tuple[Lien, ...]
    habilitations: Tableau | None
    actions: tuple[Action, ...]
    habiliter: Action | None


def choix_organismes(lecteur: Acteur) -> list[tuple[str, str]]:
    """Les organismes que gère le lecteur, pour une liste de choix."""
    lignes = selectors.organismes(lecteur, jour_civil(maintenant()))
    return [(str(pk), nom) for pk, nom in lignes.values_list("pk", "nom_court")]


def organismes(lecteur: Acteur, droits: Droits, recherche: str, numero: str | None) -> PageListe:
    """La liste des organismes du lecteur."""
    jour = jour_civil(maintenant())
    page = Paginator(selectors.organismes(lecteur, jour, recherche), PAR_PAGE).get_page(numero)
    lignes: tuple[tuple[Cellule, ...], ...] = tuple(
        (
            Lien(o.nom, reverse("comptes:organisme", args=[o.pk])),
            o.commune or None,
            Branche(o.branche).label,
            o.parent.nom_court if o.parent else None,
            _statut(o.ferme_le, jour),
        )
        for o in page
    )
    colonnes = ("Organisme", "Commune", "Branche", "Dépend de", "État")
    actions = (
        Action("Importer un fichier", reverse("comptes:importer_organismes")),
        Action("Ajouter un organisme", reverse("comptes:nouvel_organisme"), principale=True),
    )
    return PageListe(
        resume=pluriel(page.paginator.count, "organisme"),
        tableau=Tableau("Organismes", tuple(map(Colonne, colonnes)), lignes) if lignes else None,
        page=page,
        vide=Vide("Aucun organisme ne répond à cette recherche", "Essayez un seul mot de son nom, ou sa commune.")
        if recherche
        else Vide("Aucun organisme encore", "Ajoutez le premier : une caisse, une union, un certificateur."),
        actions=actions if peut_creer_organisme(droits) else (),
        registre=reverse("comptes:habilitations") if peut_lire_habilitations(droits) else "",
    )


def organisme(lecteur: Acteur, droits: Droits, identifiant: UUID) -> PageOrganisme:
    """La fiche d'un organisme du lecteur ; lève `Introuvable` sinon."""
    jour = jour_civil(maintenant())
    vue = selectors.organisme(lecteur, identifiant, jour)
    registre = (
        selectors.registre_habilitations(lecteur, jour, organisme=identifiant)
        if peut_lire_habilitations(droits)
        else ()
    )
    return PageOrganisme(
        id=vue.id,
        nom=vue.nom,
        statut=_statut(vue.ferme_le, jour),
        fermeture=f"Fermé à partir du {date_en_clair(vue.ferme_le)} : {vue.motif_fermeture}" if vue.ferme_le else "",
        identite=tuple((nom, valeur) for nom, valeur in _identite(vue) if valeur),
        parents=tuple(_voisin(parent) for parent in vue.parents),
        enfants=tuple(_voisin(enfant) for enfant in vue.enfants),
        personnes=tuple(
            Lien(
                f"{nature.label} : {pluriel(nombre, 'personne')}",
                f"{reverse('comptes:personnes')}?organisme={vue.id}&role={nature.value}",
            )
            for nature, nombre in vue.personnes.items()
        ),
        habilitations=tableau_habilitations(registre, avec_organisme=False) if registre else None,
        actions=_gestes(vue) if peut_creer_organisme(droits) else (),
        habiliter=Action("Inscrire une habilitation", reverse("comptes:nouvelle_habilitation", args=[vue.id]))
        if peut_tenir_habilitations(droits) and not (vue.ferme_le and vue.ferme_le <= jour)
        else None,
    )


def fiche_initiale(lecteur: Acteur, identifiant: UUID) -> dict[str, Any]:
    """Ce que montre d'abord le formulaire de modification."""
    vue = selectors.organisme(lecteur, identifiant, jour_civil(maintenant()))
    return {
        "nom": vue.nom,
        "nom_court": vue.nom_court,
        "branche": vue.branche,
        "siret": vue.siret,
        "parent": str(vue.parents[0].id) if vue.parents else "",
        "adresse": vue.adresse,
        "code_postal": vue.code_postal,
        "commune": vue.commune,
        "hors_ligne": vue.hors_ligne,
    }


def _gestes(vue: VueOrganisme) -> tuple[Action, ...]:
    modifier = Action("Modifier la fiche", reverse("comptes:modifier_organisme", args=[vue.id]))
    if vue.ferme_le is None:
        return (modifier, Action("Fermer l’organisme", reverse("comptes:fermer_organisme", args=[vue.id])))
    return (
        modifier,
        Action("Rouvrir l’organisme", reverse("comptes:rouvrir_organisme", args=[vue.id]), methode="post"),
    )


def _voisin(voisin: selectors.Voisin) -> Lien:
    return Lien(voisin.nom, reverse("comptes:organisme", args=[voisin.id]) if voisin.visible else "")


def _identite(vue: VueOrganisme) -> tuple[tuple[str, str], ...]:
    ville = f"{vue.code_postal} {vue.commune}".strip()
    siret = (
        " ".join((vue.siret[:3], vue.siret[3:6], vue.siret[6:9], vue.siret[9:])) if vue.siret else "pas encore connu"
    )
    return (
        ("Nom court", vue.nom_court),
        ("Branche", vue.branche.label),
        ("SIRET", siret),
        ("Adresse", ", ".join(morceau for morceau in (*vue.adresse.split("\n"), ville) if morceau.strip())),
        ("Épreuves hors ligne", "permises" if vue.hors_ligne else "non : tout se note en ligne"),
    )


def _statut(ferme_le: date | None, jour: date) -> Statut:
    if ferme_le is None:
        return Statut(Ton.OUI, "Ouvert")
    return Statut(Ton.NEUTRE, "Fermé") if ferme_le <= jour else Statut(Ton.ATTENTE, "Ferme bientôt")
