"""Les pages des personnes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.core.paginator import Paginator
from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.certifications import certifications
from parchemin.comptes.enums import NatureRole, QualiteRegistre
from parchemin.comptes.permissions import (
    peut_donner_role,
    peut_inviter,
    peut_noter_depart,
    peut_reunir,
    peut_tenir_fiche,
    peut_tenir_registre,
)
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.selectors import (
    Droits,
    InvitationEnCours,
    Portee,
    VieDePersonne,
    VuePersonne,
    VueRegistre,
    VueRole,
)
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Statut, Tableau, Ton, Vide
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class LigneRole:
    """Un rôle d'une personne, son périmètre, sa période en mots."""

    libelle: str
    perimetre: str
    periode: str
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
    a_venir: tuple[LigneRole, ...]
    passes: tuple[LigneRole, ...]
    registre: tuple[VueRegistre, ...]
    histoire: tuple[tuple[str, date], ...]
    retours: tuple[tuple[str, str], ...]
    actions: tuple[Action, ...]
    habiliter: str
    inviter: str
    courriel_propose: str
    invitation: InvitationEnCours | None
    annuler_invitation: str
    oublier_facteur: str


def natures_donnables(droits: Droits) -> tuple[NatureRole, ...]:
    """Les rôles que l'on peut donner quelque part."""
    tenues = (*droits.de(NatureRole.GESTIONNAIRE), *droits.de(NatureRole.RH)) or (
        Portee(NatureRole.GESTIONNAIRE, None),
    )
    return tuple(
        nature
        for nature in NatureRole
        if any(peut_donner_role(droits, nature, tenue.organisme, tenue.certification) for tenue in tenues)
    )


def choix_certifications(droits: Droits) -> list[tuple[str, str]]:
    """Les certifications auxquelles le lecteur peut borner un rôle, « toutes » d'abord s'il les tient ; vide s'il n'y a rien
    à choisir.
    """
    toutes = [(une.code, une.titre) for une in certifications()]
    bornees = {p.certification for p in droits.portees if p.nature in (NatureRole.GESTIONNAIRE, NatureRole.RH)}
    if droits.est_administrateur or "" in bornees:
        return [("", "Toutes les certifications"), *toutes] if len(toutes) > 1 else []
    return [(code, nom) for code, nom in toutes if code in bornees]


def personnes(lecteur: Acteur, droits: Droits, filtre: dict[str, str], numero: str | None) -> PageListe:
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
        actions=(
            Action("Importer des liens", reverse("comptes:importer_liens")),
            Action("Ajouter une personne", reverse("comptes:nouvelle"), principale=True),
        ),
        registre=reverse("comptes:registre") if peut_tenir_registre(droits) else "",
    )


def _compte(vue: VuePersonne) -> Statut:
    return Statut(Ton.OUI, "Compte ouvert") if vue.a_un_compte else Statut(Ton.NEUTRE, "Sans compte")


def personne(lecteur: Acteur, droits: Droits, identifiant: UUID) -> PagePersonne:
    """Une personne du périmètre du lecteur ; lève `Introuvable` sinon."""
    jour = jour_civil(maintenant())
    vue = selectors.personne(lecteur, identifiant, jour)
    autres = selectors.histoire_des_roles(lecteur, identifiant, jour)
    vie = selectors.vie(lecteur, identifiant)
    portees = tuple(role.portee for role in vue.roles)
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
        roles=tuple(_ligne(droits, vue, role, jour) for role in vue.roles),
        a_venir=tuple(_ligne(droits, vue, role, jour) for role in autres if role.du > jour),
        passes=tuple(_ligne(droits, vue, role, jour) for role in autres if role.du <= jour),
        registre=selectors.lignes_de(lecteur, identifiant, jour),
        histoire=_histoire(vie),
        retours=tuple(
            (depart.organisme_nom, reverse("comptes:revenir", args=[vue.id, depart.id]))
            for depart in vie.departs
            if depart.retour_le is None and peut_noter_depart(droits, depart.organisme)
        ),
        actions=_gestes(droits, vue) if peut_tenir_fiche(droits, portees) else (),
        habiliter=reverse("comptes:habiliter", args=[vue.id])
        if peut_tenir_registre(droits, portees) and any(r.nature.value in QualiteRegistre.values for r in vue.roles)
        else "",
        inviter=reverse("comptes:inviter", args=[vue.id]) if invitable else "",
        courriel_propose=invitation.courriel if invitation else vue.courriel_pro,
        invitation=invitation,
        annuler_invitation=reverse("comptes:annuler_invitation", args=[vue.id]) if invitation else "",
        oublier_facteur=reverse("comptes:oublier_facteur", args=[vue.id])
        if vue.a_un_compte and droits.est_administrateur and vue.id != lecteur.id
        else "",
    )


def _ligne(droits: Droits, vue: VuePersonne, role: VueRole, jour: date) -> LigneRole:
    fini = role.au is not None and role.au <= jour
    return LigneRole(
        role.nature.label, role.perimetre, periode(role, jour), None if fini else _retirer(droits, vue, role)
    )


def periode(role: VueRole, jour: date) -> str:
    """« depuis le 2 mars 2026 », « du … au … », « à partir du … » : le dernier jour est compris."""
    fin = f"jusqu'au {date_en_clair(role.au - timedelta(days=1))}" if role.au else ""
    if role.du > jour:
        debut = f"à partir du {date_en_clair(role.du)}"
    elif role.au and role.au <= jour:
        return f"du {date_en_clair(role.du)} au {date_en_clair(role.au - timedelta(days=1))}"
    else:
        debut = f"depuis le {date_en_clair(role.du)}"
    return f"{debut}, {fin}" if fin else debut


def _histoire(vie: VieDePersonne) -> tuple[tuple[str, date], ...]:
    """Ce qui lui est arrivé, du plus ancien au plus récent."""
    dits = [(f"S'appelait {nom} jusqu'à ce jour", jour_civil(instant)) for nom, instant in vie.noms]
    for depart in vie.departs:
        dits.append((f"A quitté : {depart.organisme_nom}", depart.le))
        if depart.retour_le:
            dits.append((f"Est revenue : {depart.organisme_nom}", depart.retour_le))
    return tuple(sorted(dits, key=lambda dit: dit[1]))


def _gestes(droits: Droits, vue: VuePersonne) -> tuple[Action, ...]:
    gestes = [Action("Changer le nom ou le courriel", reverse("comptes:modifier", args=[vue.id]))]
    if peut_reunir(droits) and peut_inviter(droits, tuple(role.portee for role in vue.roles)):
        gestes.append(Action("Réunir une autre fiche", reverse("comptes:reunir", args=[vue.id])))
    return (*gestes, Action("Noter un départ", reverse("comptes:partir", args=[vue.id])))


def _retirer(droits: Droits, vue: VuePersonne, role: VueRole) -> Action | None:
    if not peut_donner_role(droits, role.nature, role.organisme, role.certification):
        return None
    url = reverse("comptes:retirer_role", args=[vue.id, role.id])
    return Action("Retirer", url, methode="post", precision=f"le rôle {role.nature.label}")
