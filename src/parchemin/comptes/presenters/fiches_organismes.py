"""Les pages des organismes."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.urls import reverse

from parchemin.comptes import selectors
from parchemin.comptes.enums import Branche
from parchemin.comptes.permissions import peut_creer_organisme
from parchemin.comptes.presenters.commun import PAR_PAGE, PageListe
from parchemin.comptes.selectors import Droits
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Cellule, Colonne, Lien, Tableau, Vide
from parchemin.socle.horloge import jour_civil, maintenant
from parchemin.socle.typographie import pluriel


def choix_organismes(lecteur: Acteur) -> list[tuple[str, str]]:
    """Les organismes que gère le lecteur, pour une liste de choix."""
    lignes = selectors.organismes(lecteur, jour_civil(maintenant()))
    return [(str(pk), nom) for pk, nom in lignes.values_list("pk", "nom_court")]


def organismes(lecteur: Acteur, droits: Droits, recherche: str, numero: str | None) -> PageListe:
    """La liste des organismes du lecteur."""
    page = Paginator(selectors.organismes(lecteur, jour_civil(maintenant()), recherche), PAR_PAGE).get_page(numero)
    lignes: tuple[tuple[Cellule, ...], ...] = tuple(
        (Lien(o.nom, f"{reverse('comptes:personnes')}?organisme={o.pk}"), o.nom_court, Branche(o.branche).label)
        for o in page
    )
    actions = (Action("Ajouter un organisme", reverse("comptes:nouvel_organisme"), principale=True),)
    return PageListe(
        resume=pluriel(page.paginator.count, "organisme"),
        tableau=Tableau("Organismes", (Colonne("Organisme"), Colonne("Nom court"), Colonne("Branche")), lignes)
        if lignes
        else None,
        page=page,
        vide=Vide("Aucun organisme ne répond à cette recherche", "Essayez un seul mot de son nom.")
        if recherche
        else Vide("Aucun organisme encore", "Ajoutez le premier : une caisse, une union, un certificateur."),
        actions=actions if peut_creer_organisme(droits) else (),
    )
