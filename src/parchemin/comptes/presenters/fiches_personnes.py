"""Les pages des personnes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.permissions import peut_donner_role, peut_inviter
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.selectors import Droits, InvitationEnCours, VuePersonne, VueRole
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import pluriel


@dataclass(frozen=True, slots=True)
class LigneRole:
    """Un rôle en cours d'une personne."""

    libelle: str
    perimetre: str
    du: date
    retirer: Action | None


@dataclass(frozen=True, slots=True)
class PagePersonne:
    """Une personne : ses rôles, son compte, ce que l'on peut y faire."""

    id: UUID
    nom: str
    courriel: str
    compte: Statut
    compte_phrase: str
    roles: tuple[LigneRole, ...]
    inviter: str
    courriel_propose: str
    invitation: InvitationEnCours | None
    annuler_invitation: str


def natures_donnables(droits: Droits) -> tuple[NatureRole, ...]:
    """Les rôles que l'on peut donner quelque part."""
    perimetres = [portee.organisme for portee in droits.portees if portee.nature == NatureRole.GESTIONNAIRE] or [None]
    return tuple(n for n in NatureRole if any(peut_donner_role(droits, n, organisme) for organisme in perimetres))


def personnes(lecteur: Acteur, filtre: dict[str, str], numero: str | None) -> PageListe:
    """La liste des personnes du lecteur, filtrée."""
    organisme = filtre.get("organisme")
    page = Paginator(
        selectors.personnes(
            lecteur,
            jour_civil(maintenant()),
            recherche=filtre.get("q", ""),
            natures=[NatureRole(filtre["role"])] if filtre.get("role") else (),
            organisme=UUID(organisme) if organisme else None,
        ),
        PAR_PAGE,
    ).get_page(numero)
    lignes: tuple[tuple[Cellule, ...], ...] = tuple(
        (
            Lien(p.nom, reverse("comptes:personne", args=[p.id])),
            " ; ".join(f"{r.nature.label}, {r.organisme_nom_court}" for r in p.roles) or "Sans rôle en cours",
            _compte(p),
        )
        for p in map(selectors.vue_personne, page)
    )
    colonnes = (Colonne("Personne"), Colonne("Rôles"), Colonne("Connexion"))
    cherche = any(filtre.values())
    return PageListe(
        resume=pluriel(page.paginator.count, "personne"),
        tableau=Tableau("Personnes", colonnes, lignes) if lignes else None,
        page=page,
        vide=Vide("Personne ne répond à cette recherche", "Essayez un seul mot, ou ôtez un filtre.")
        if cherche
        else Vide("Personne encore", "Ajoutez la première : un tuteur, un manager, un évaluateur."),
        actions=(Action("Ajouter une personne", reverse("comptes:nouvelle"), principale=True),),
    )


def _compte(vue: VuePersonne) -> Statut:
    return Statut(Ton.OUI, "Compte ouvert") if vue.a_un_compte else Statut(Ton.NEUTRE, "Sans compte")


def personne(lecteur: Acteur, droits: Droits, identifiant: UUID) -> PagePersonne:
    """Une personne du périmètre du lecteur ; lève `Introuvable` sinon."""
    vue = selectors.personne(lecteur, identifiant, jour_civil(maintenant()))
    courriel = selectors.courriel_de_connexion(lecteur, identifiant)
    invitable = not vue.a_un_compte and peut_inviter(droits, tuple(role.portee for role in vue.roles))
    invitation = selectors.invitation_en_cours(lecteur, identifiant, maintenant()) if invitable else None
    return PagePersonne(
        id=vue.id,
        nom=vue.nom,
        courriel=vue.courriel_pro,
        compte=_compte(vue),
        compte_phrase=f"Se connecte avec {courriel}."
        if courriel
        else "Cette personne ne peut pas encore se connecter.",
        roles=tuple(
            LigneRole(role.nature.label, role.organisme_nom, role.du, _retirer(droits, vue, role)) for role in vue.roles
        ),
        inviter=reverse("comptes:inviter", args=[vue.id]) if invitable else "",
        courriel_propose=invitation.courriel if invitation else vue.courriel_pro,
        invitation=invitation,
        annuler_invitation=reverse("comptes:annuler_invitation", args=[vue.id]) if invitation else "",
    )


def _retirer(droits: Droits, vue: VuePersonne, role: VueRole) -> Action | None:
    if not peut_donner_role(droits, role.nature, role.organisme):
        return None
    url = reverse("comptes:retirer_role", args=[vue.id, role.id])
    return Action("Retirer", url, methode="post", precision=f"le rôle {role.nature.label}")
