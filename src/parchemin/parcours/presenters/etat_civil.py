"""L'état civil, sur la page du dossier et sur la sienne ; les listes de l'Insee."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from parchemin.comptes.selectors import Droits
from parchemin.parcours import identite, selectors
from parchemin.parcours.enums import GenreLieu
from parchemin.parcours.permissions import peut_tenir_etat_civil
from parchemin.parcours.selectors import VueDossier, VueEtatCivil
from parchemin.socle.acteur import Acteur
from parchemin.socle.composants import Action, Statut, Ton
from parchemin.socle.typographie import MOIS, date_en_clair, pluriel


@dataclass(frozen=True, slots=True)
class CarteEtatCivil:
    """Ce que la page d'un dossier dit de l'état civil. `avertissements` : à regarder, la pièce sous les yeux."""

    statut: Statut
    lignes: tuple[tuple[str, str], ...]
    avertissements: tuple[str, ...]
    action: Action | None


def carte_etat_civil(lecteur: Acteur, droits: Droits, vue: VueDossier, jour: date) -> CarteEtatCivil | None:
    """L'état civil, pour qui le tient et pour le candidat ; rien pour les autres, ni pour un candidat qui n'en a pas encore."""
    tient = peut_tenir_etat_civil(droits, vue.organisme, vue.referentiel_code)
    if not tient and lecteur.id != vue.candidat:
        return None
    tenu = selectors.etat_civil(lecteur, vue, jour)
    adresse = reverse("parcours:etat_civil", args=[vue.id])
    if tenu is None:
        a_faire = Action("Enregistrer l'état civil", adresse)
        return CarteEtatCivil(Statut(Ton.ATTENTE, "à enregistrer"), (), (), a_faire) if tient else None
    avertissements = avertissements_de(tenu)
    return CarteEtatCivil(
        statut=_statut(tenu, len(avertissements)),
        lignes=_lignes(tenu),
        avertissements=avertissements if tient else (),
        action=Action("Corriger l'état civil", adresse) if tient else None,
    )


def avertissements_de(tenu: VueEtatCivil) -> tuple[str, ...]:
    """Ce qui reste à regarder, et la pièce si personne ne l'a vue."""
    dits = tuple(constat.message for constat in tenu.constats)
    return dits if tenu.piece else (*dits, "Personne n'a encore vu la pièce d'identité.")


def _statut(tenu: VueEtatCivil, nombre: int) -> Statut:
    if identite.refus(tenu.constats):  # une liste de l'Insee chargée depuis contredit ce qui était admis
        return Statut(Ton.NON, "à corriger")
    return Statut(Ton.ATTENTE, f"{pluriel(nombre, 'point')} à regarder") if nombre else Statut(Ton.OUI, "vu sur pièce")


def _lignes(tenu: VueEtatCivil) -> tuple[tuple[str, str], ...]:
    etat = tenu.etat
    lignes = [
        ("Nom de naissance", etat.nom_naissance),
        ("Nom d'usage", etat.nom_usage),
        ("Prénoms" if len(etat.prenoms) > 1 else "Prénom", ", ".join(etat.prenoms) or "aucun à l'acte"),
        ("Sexe", "féminin" if etat.sexe == "F" else "masculin"),
        ("Naissance", naissance_en_clair(etat.naissance)),
        ("Lieu", _lieu(etat.lieu)),
    ]
    if tenu.piece and tenu.vu_le:
        lignes.append((tenu.piece.label, f"vu sur pièce le {date_en_clair(tenu.vu_le)} par {tenu.vu_par}"))
    return tuple((titre, valeur) for titre, valeur in lignes if valeur)


def naissance_en_clair(naissance: identite.Naissance) -> str:
    """« 3 mai 1991 », « mai 1991, jour inconnu », « 1991, jour et mois inconnus »."""
    annee = str(naissance.annee)
    if naissance.annee is None or naissance.mois is None:
        return f"{annee}, jour et mois inconnus"
    if naissance.jour is None:
        return f"{MOIS[naissance.mois - 1]} {annee}, jour inconnu"
    return date_en_clair(date(naissance.annee, naissance.mois, naissance.jour))


def _lieu(lieu: identite.LieuDeNaissance) -> str:
    if lieu.en_france:
        code = f"({lieu.commune_code})" if lieu.commune_code else ""
        return " ".join(filter(None, (lieu.commune, code)))
    return ", ".join(filter(None, (lieu.commune, lieu.pays or f"pays {lieu.pays_code}")))


def listes_de_lieux(lecteur: Acteur) -> tuple[tuple[str, str], ...]:
    """Ce qui est chargé de chaque liste de l'Insee."""
    return tuple(
        (genre.label, f"{pluriel(nombre, 'ligne')}" if nombre else "pas encore chargée")
        for genre, nombre in selectors.listes_chargees(lecteur).items()
    )


def titre_liste(genre: GenreLieu) -> str:
    """Le nom d'une liste, dans une phrase."""
    return {GenreLieu.COMMUNE: "des communes", GenreLieu.PAYS: "des pays"}[genre]
