"""Lire les organismes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.fr import siret as siret_officiel

from parchemin.comptes.enums import Branche, NatureRole
from parchemin.comptes.models import Organisme
from parchemin.comptes.selectors.nommer import chercher
from parchemin.comptes.selectors.portees import droits, roles_en_cours
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import Introuvable, Refus


@dataclass(frozen=True, slots=True)
class FicheOrganisme:
    """Tout ce qu'on écrit d'un organisme."""

    nom: str
    nom_court: str
    branche: Branche
    siret: str = ""
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    parent: UUID | None = None
    hors_ligne: bool = True

    def nette(self) -> FicheOrganisme:
        """La même, sans espaces en trop, le SIRET en chiffres. Lève `Refus("siret_faux")`, `Refus("code_postal_faux")`."""
        code_postal = net(self.code_postal)
        if code_postal and not (len(code_postal) == 5 and code_postal.isascii() and code_postal.isdigit()):
            raise Refus("code_postal_faux", "Un code postal a cinq chiffres.")
        return FicheOrganisme(
            nom=net(self.nom),
            nom_court=net(self.nom_court),
            branche=Branche(self.branche),
            siret=siret_verifie(self.siret),
            adresse=self.adresse.strip(),
            code_postal=code_postal,
            commune=net(self.commune),
            parent=self.parent,
            hors_ligne=self.hors_ligne,
        )


def net(texte: str) -> str:
    """Le texte saisi, sans espaces en trop."""
    return " ".join(texte.split())


def siret_verifie(saisi: str) -> str:
    """Le SIRET en quatorze chiffres ; vide s'il n'y en a pas. Lève `Refus("siret_faux")` en disant ce qui cloche."""
    if not saisi.strip():
        return ""
    try:
        return str(siret_officiel.validate(saisi))
    except InvalidLength as erreur:
        raise Refus("siret_faux", "Un SIRET a quatorze chiffres : les neuf du SIREN, puis cinq.") from erreur
    except (InvalidFormat, InvalidComponent) as erreur:
        raise Refus("siret_faux", "Un SIRET ne s'écrit qu'avec des chiffres.") from erreur
    except ValidationError as erreur:
        raise Refus("siret_faux", "Ce SIRET n'existe pas : un chiffre est faux, ou deux sont inversés.") from erreur


@dataclass(frozen=True, slots=True)
class Voisin:
    """Un parent ou un enfant ; `visible` : le lecteur peut ouvrir sa fiche."""

    id: UUID
    nom: str
    visible: bool


@dataclass(frozen=True, slots=True)
class VueOrganisme:
    """La fiche d'un organisme. `parents` va du plus proche au plus lointain."""

    id: UUID
    nom: str
    nom_court: str
    branche: Branche
    siret: str
    adresse: str
    code_postal: str
    commune: str
    hors_ligne: bool
    ferme_le: date | None
    motif_fermeture: str
    parents: tuple[Voisin, ...]
    enfants: tuple[Voisin, ...]
    personnes: Mapping[NatureRole, int]


def organismes(lecteur: Acteur, jour: date, recherche: str = "") -> QuerySet[Organisme]:
    """Les organismes que tient le lecteur (tous, s'il gère partout ou administre), triés à la française."""
    siens = droits(lecteur, jour)
    lignes = chercher(Organisme.objects.select_related("parent"), recherche).order_by("cle_tri", "pk")
    connus = siens.connait(NatureRole.GESTIONNAIRE, NatureRole.RH)
    return lignes if siens.est_administrateur or connus is None else lignes.filter(pk__in=connus)


def organismes_ouverts(lecteur: Acteur, jour: date) -> QuerySet[Organisme]:
    """Tous les organismes ouverts ce jour-là, pour y proposer quelqu'un : leur nom seul se montre. Triés à la française."""
    return Organisme.objects.exclude(ferme_le__lte=jour).order_by("cle_tri", "pk")


def organisme(lecteur: Acteur, identifiant: UUID, jour: date) -> VueOrganisme:
    """La fiche d'un organisme du lecteur. Lève `Introuvable`. Une requête par étage de parents, cinq en tout de plus."""
    siens = set(organismes(lecteur, jour).values_list("pk", flat=True))
    ligne = Organisme.objects.filter(pk=identifiant, pk__in=siens).first()
    if ligne is None:
        raise Introuvable
    parents: list[Voisin] = []
    au_dessus = ligne.parent_id
    while au_dessus is not None:
        parent = Organisme.objects.get(pk=au_dessus)
        parents.append(Voisin(parent.pk, parent.nom, parent.pk in siens))
        au_dessus = parent.parent_id
    enfants = Organisme.objects.filter(parent=ligne).order_by("cle_tri", "pk").values_list("pk", "nom")
    comptes: dict[NatureRole, set[UUID]] = {}
    tenus = roles_en_cours(jour).filter(organisme=ligne).order_by().values_list("nature", "personne_id")
    for nature, personne in tenus:
        comptes.setdefault(NatureRole(nature), set()).add(personne)
    return VueOrganisme(
        id=ligne.pk,
        nom=ligne.nom,
        nom_court=ligne.nom_court,
        branche=Branche(ligne.branche),
        siret=ligne.siret,
        adresse=ligne.adresse,
        code_postal=ligne.code_postal,
        commune=ligne.commune,
        hors_ligne=ligne.hors_ligne,
        ferme_le=ligne.ferme_le,
        motif_fermeture=ligne.motif_fermeture,
        parents=tuple(parents),
        enfants=tuple(Voisin(pk, nom, pk in siens) for pk, nom in enfants),
        personnes={nature: len(comptes[nature]) for nature in NatureRole if nature in comptes},
    )


def hors_ligne_permis(lecteur: Acteur, organisme: UUID) -> bool:
    """L'épreuve peut-elle se noter hors ligne dans cet organisme ? Faux pour un organisme inconnu. Une requête."""
    return Organisme.objects.filter(pk=organisme, hors_ligne=True).exists()


def fiche_de(ligne: Organisme) -> FicheOrganisme:
    """La fiche d'une ligne de la table."""
    return FicheOrganisme(
        nom=ligne.nom,
        nom_court=ligne.nom_court,
        branche=Branche(ligne.branche),
        siret=ligne.siret,
        adresse=ligne.adresse,
        code_postal=ligne.code_postal,
        commune=ligne.commune,
        parent=ligne.parent_id,
        hors_ligne=ligne.hors_ligne,
    )
