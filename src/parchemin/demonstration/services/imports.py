"""Les fichiers de candidats d'Inès : un défait, un fait, un fait sur lequel on a bâti, et trois qui l'attendent encore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from functools import partial
from uuid import UUID

from parchemin.demonstration.services.scene import Scene
from parchemin.parcours import services as parcours
from parchemin.parcours.selectors import COLONNES, dossiers_de_l_import
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.cles import cle_recherche

QUI, CAISSE = "ines.benhaddou", "vermeille"
DEFAIT, BATI, FAIT = "fichier-de-l-an-passe.csv", "rentree-d-automne.csv", "un-de-plus.csv"
COLONNES_A_DIRE, A_CONFIRMER, DEPASSE = "extraction-rh.csv", "inscriptions-de-la-semaine.csv", "rentree-premier-jet.csv"
DE_LA_RENTREE = ("M Éloi Kerbrat 1996-04-18", "F Sidonie d'Hautefeuille 1987-12-05")
TUTEUR, MANAGER = "marie-ange.peyrac", "olivier.mbaye"
MOTIF = "C'est le fichier de l'an passé : ces personnes ont quitté la caisse."
_AUTRES_EN_TETES = {
    "courriel": "E-mail", "nom_naissance": "Nom", "prenom1": "Prénoms", "sexe": "Genre", "naissance": "Né(e) le",
    "organisme": "Caisse", "voie": "Voie", "initiative": "Qui demande", "entree_le": "Entrée",
}  # fmt: skip


def raconter_imports(scene: Scene) -> None:
    """Note chaque fichier, à son jour."""
    noter, il_y_a = scene.chronologie.noter, scene.chronologie.il_y_a
    for nom, jours, gens in (
        (DEFAIT, 12, ("M Basile Quintard 1989-02-11", "F Adèle Roumier 1994-10-02", "M Côme Valsin 1978-06-30")),
        (BATI, 3, DE_LA_RENTREE),
        (FAIT, 1, ("M Noé Laurençon 2000-08-23",)),
    ):
        noter(il_y_a(jours, time(9, 40)), partial(_importer, scene, nom, gens))
    noter(il_y_a(12, time(10, 5)), partial(_defaire, scene))
    noter(il_y_a(2, time(14)), partial(_nommer, scene))
    noter(il_y_a(3, time(9)), partial(_deposer_le_premier_jet, scene))
    noter(scene.chronologie.maintenant, partial(_laisser_attendre, scene))


def _importer(scene: Scene, nom: str, gens: tuple[str, ...], instant: datetime) -> None:
    depose = _deposer(scene, nom, [_ligne(scene, une) for une in gens], instant)
    parcours.confirmer_candidats(identifiant=depose, auteur=scene.personnes[QUI], maintenant=instant)
    scene.imports[nom] = depose


def _defaire(scene: Scene, instant: datetime) -> None:
    parcours.defaire_candidats(
        identifiant=scene.imports[DEFAIT], motif=MOTIF, auteur=scene.personnes[QUI], maintenant=instant
    )


def _nommer(scene: Scene, instant: datetime) -> None:
    dossier = dossiers_de_l_import(SYSTEME, scene.imports[BATI])[0].id
    parcours.nommer_tuteur_manager(
        dossier=dossier, tuteur=scene.personnes[TUTEUR].id, manager=scene.personnes[MANAGER].id,
        auteur=scene.personnes[QUI], maintenant=instant,
    )  # fmt: skip


def _deposer_le_premier_jet(scene: Scene, instant: datetime) -> None:
    """Avant le bon : deux blocs au lieu de tous. Depuis, ces candidats sont inscrits autrement, et il ne va plus."""
    _deposer(scene, DEPASSE, [_ligne(scene, une, blocs="B1 B2") for une in DE_LA_RENTREE], instant)


def _laisser_attendre(scene: Scene, instant: datetime) -> None:
    attendent = ("F Maëlle Le Guennec 1992-09-14", "M Rayan O'Connor 1985-01-27", "F Inès De Sa 1999-03-08")
    _deposer(scene, A_CONFIRMER, [_ligne(scene, une) for une in attendent], instant)
    lignes = [_ligne(scene, "F Aurore Tisserand 1990-07-19")]
    _deposer(scene, COLONNES_A_DIRE, lignes, instant, entetes=_AUTRES_EN_TETES)


def _deposer(
    scene: Scene, nom: str, lignes: list[dict[str, str]], instant: datetime, entetes: Mapping[str, str] = COLONNES
) -> UUID:
    octets = tableur.ecrire_csv(
        tuple(entetes.values()), [[ligne.get(code, "") for code in entetes] for ligne in lignes]
    )
    return parcours.deposer_candidats(
        nom_fichier=nom,
        octets=octets,
        referentiel=scene.recit.referentiel,
        auteur=scene.personnes[QUI],
        maintenant=instant,
    ).pk


def _ligne(scene: Scene, dite: str, **autres: str) -> dict[str, str]:
    """« F Prénom Nom aaaa-mm-jj » : le reste est commun à tous."""
    sexe, prenom, reste = dite.split(" ", 2)
    nom, ne = reste.rsplit(" ", 1)
    adresse = cle_recherche(f"{prenom} {nom}").replace(" ", ".")
    return {
        "courriel": f"{adresse}@vermeille.example", "nom_naissance": nom, "prenom1": prenom, "sexe": sexe, "naissance": ne,
        "organisme": scene.recit.organismes[CAISSE].nom, "voie": "Formation continue", "initiative": "L'employeur",
        "entree_le": "01/04/2026", **autres,
    }  # fmt: skip
