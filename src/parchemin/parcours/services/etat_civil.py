"""Écrire l'état civil d'un candidat, et les listes de lieux qui servent à le vérifier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from parchemin.comptes.selectors import droits
from parchemin.comptes.services import chaine_organisme
from parchemin.parcours import identite
from parchemin.parcours.enums import CHAINE, Action, GenreLieu, Piece
from parchemin.parcours.identite import Constat
from parchemin.parcours.models import Dossier, EtatCivil, Lieu
from parchemin.parcours.permissions import verifier_peut_charger_lieux, verifier_peut_tenir_etat_civil
from parchemin.parcours.selectors import lieux_de
from parchemin.parcours.services.dossiers import verrouiller_dossier
from parchemin.registre.services import acte
from parchemin.socle import tableur
from parchemin.socle.acteur import Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Refus

COLONNES_LIEUX: Mapping[GenreLieu, Mapping[str, str]] = {
    GenreLieu.COMMUNE: {"code": "COM", "libelle": "LIBELLE", "du": "DATE_DEBUT", "au": "DATE_FIN"},
    GenreLieu.PAYS: {"code": "COG", "libelle": "LIBCOG", "du": "DATE_DEBUT", "au": "DATE_FIN"},
}
"""Les colonnes de l'Insee : « Communes depuis 1943 », « Pays et territoires étrangers depuis 1943 ». Les autres sont passées."""
LIGNES_LIEUX = 150_000


class EtatCivilFaux(Refus):
    """Un état civil que les règles refusent ; `constats` dit tout, champ par champ."""

    def __init__(self, constats: tuple[Constat, ...]) -> None:
        super().__init__("etat_civil_faux", constats[0].message, details=tuple(constat.message for constat in constats))
        self.constats = constats


def enregistrer_etat_civil(
    *,
    dossier: UUID,
    etat: identite.EtatCivil,
    auteur: Acteur,
    maintenant: datetime,
    piece: Piece | str = "",
    vu_le: date | None = None,
) -> tuple[Constat, ...]:
    """Enregistre (ou corrige) l'état civil du candidat d'un dossier ; rend les avertissements. Redire ne change rien.

    `piece`, `vu_le` : ce que l'auteur a eu sous les yeux, et quand ; aucune copie n'est gardée. Une correction de l'identité
    sans pièce nouvelle garde celle qui a été vue. Lève `Introuvable`, `RefusDroit("dossier_reserve")`,
    `Refus("etat_civil_faux")` (`details` : tous les refus), `Refus("piece_incomplete" | "piece_a_venir")`.
    """
    jour = jour_civil(maintenant)
    etat = identite.nettoye(etat)
    piece = Piece(piece) if piece else ""
    with acte(auteur=auteur, maintenant=maintenant, action=Action.ETAT_CIVIL) as journal:
        verrouiller_dossier(dossier)
        tenu = Dossier.objects.get(pk=dossier)
        verifier_peut_tenir_etat_civil(droits(auteur, jour), tenu.organisme_id, tenu.referentiel_code)
        constats = identite.controler(etat, jour, lieux_de(auteur, [etat]))
        if faux := identite.refus(constats):
            raise EtatCivilFaux(faux)
        _verifier_piece(piece, vu_le, jour)
        avant = EtatCivil.objects.select_for_update(of=("self",)).filter(candidat_id=tenu.candidat_id).first()
        valeurs = colonnes_etat_civil(etat)
        if piece and (avant is None or (avant.piece, avant.vu_le) != (piece, vu_le)):
            valeurs |= {"piece": piece, "vu_le": vu_le, "vu_par_id": auteur.id}
        changes = [champ for champ, valeur in valeurs.items() if avant is None or getattr(avant, champ) != valeur]
        if not changes:
            journal.rien_a_inscrire()
            return constats
        EtatCivil.objects.update_or_create(
            candidat_id=tenu.candidat_id, defaults=valeurs | {"enregistre_le": maintenant}
        )
        journal.inscrire(
            objet=("dossier", tenu.pk),
            donnees={"champs": sorted(changes), "avertissements": [constat.code for constat in constats]},
            personnel={champ: str(valeurs[champ]) for champ in sorted(changes) if valeurs[champ] not in ("", None)}
            or None,
            chaine=chaine_organisme(tenu.organisme_id),
        )
    return constats


def colonnes_etat_civil(etat: identite.EtatCivil) -> dict[str, Any]:
    """L'état civil, colonne par colonne."""
    prenoms = (*etat.prenoms, "", "", "")
    return {
        "nom_naissance": etat.nom_naissance,
        "nom_usage": etat.nom_usage,
        "prenom1": prenoms[0],
        "prenom2": prenoms[1],
        "prenom3": prenoms[2],
        "nom_unique": etat.nom_unique,
        "sexe": etat.sexe,
        "annee": etat.naissance.annee,
        "mois": etat.naissance.mois,
        "jour": etat.naissance.jour,
        "commune_code": etat.lieu.commune_code,
        "commune": etat.lieu.commune,
        "pays_code": etat.lieu.pays_code,
        "pays": etat.lieu.pays,
    }


def _verifier_piece(piece: str, vu_le: date | None, jour: date) -> None:
    if bool(piece) != (vu_le is not None):
        raise Refus("piece_incomplete", "Dites la pièce vue et le jour où vous l'avez vue, ou aucun des deux.")
    if vu_le is not None and vu_le > jour:
        raise Refus("piece_a_venir", "Cette pièce n'a pas pu être vue un jour à venir.")


def charger_lieux(*, genre: GenreLieu, octets: bytes, auteur: Acteur, maintenant: datetime) -> int:
    """Remplace une liste du code officiel géographique par celle d'un fichier de l'Insee ; rend le nombre de lignes.

    Lève `RefusDroit("lieux_reserves")`, les refus de `socle.tableur.lire`, `Refus("lieux_faux")` (`details` : les cellules).
    """
    genre = GenreLieu(genre)
    verifier_peut_charger_lieux(droits(auteur, jour_civil(maintenant)))
    colonnes = COLONNES_LIEUX[genre]
    tableau = tableur.lire(
        octets, colonnes=colonnes, obligatoires={"code", "libelle"}, lignes_max=LIGNES_LIEUX, ignorer_autres=True
    )
    fautes: list[str] = []
    lieux = [
        Lieu(
            genre=genre,
            code=ligne["code"],
            libelle=ligne["libelle"][:200],
            du=_jour(ligne, "du", fautes),
            au=_jour(ligne, "au", fautes),
        )
        for ligne in tableau.lignes
    ]
    fautes += [f"{une.cellule('code')} : cinq signes au plus." for une in tableau.lignes if len(une["code"]) > 5]
    if fautes or not lieux:
        raise Refus("lieux_faux", "Ce fichier n'est pas la liste de l'Insee attendue.", details=tuple(fautes[:50]))
    with acte(auteur=auteur, maintenant=maintenant, action=Action.LIEUX_CHARGES, chaine=CHAINE) as journal:
        Lieu.objects.filter(genre=genre).delete()
        Lieu.objects.bulk_create(lieux, batch_size=5_000)
        journal.inscrire(objet=("lieux", str(genre)), donnees={"lignes": len(lieux)})
    return len(lieux)


def _jour(ligne: tableur.Ligne, colonne: str, fautes: list[str]) -> date | None:
    texte = ligne[colonne]
    try:
        return date.fromisoformat(texte) if texte else None
    except ValueError:
        fautes.append(f"{ligne.cellule(colonne)} : « {texte[:20]} » n'est pas une date (2016-01-01).")
        return None
