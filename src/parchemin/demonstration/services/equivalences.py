"""Une équivalence confirmée, une candidate qui tient déjà un bloc de l'autre certification, des titulaires repris du papier.

Un premier fichier est repris, dont une ligne à tort, retirée depuis ; un second attend que la certificatrice le confirme.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from moteur.regles.equivalence_de_bloc import Tenu
from parchemin.demonstration.services.scene import Scene
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import PieceDeBloc
from parchemin.parcours.selectors import titulaires_repris
from parchemin.referentiels.selectors import version_d_empreinte
from parchemin.referentiels.services import reviser_reglement
from parchemin.socle import tableur
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import jour_civil

CANDIDATE, GESTIONNAIRE = "lou.elan", "ines.benhaddou"
CERTIFICATRICE = "heloise.vasseur"
AUTRE = "RNCP35729"
OBTENU_LE = date(2023, 6, 14)


ENTETES = (
    "Nom", "Prénom", "Courriel professionnel", "Version ou fiche", "Blocs (vide : tous)", "Obtenu le", "Session",
    "Numéro du parchemin ou de l'attestation",
)  # fmt: skip
REPRIS = (
    ("Abgrall", "Enora", "", "cqp-cos@2021", "", "18/06/2021", "Juin 2021", "COS-2021-003"),
    ("Lacaze", "Iban", "", "cqp-cos@2021", "B2, B4", "18/06/2021", "Juin 2021", "COS-2021-004"),
    ("Oyarzun", "Maddi", "", "RNCP35729", "B1", "26/11/2020", "Novembre 2020", "GC-2020-077"),
)
"""Un fichier déjà repris."""
REPRIS_A_TORT = "GC-2020-077"
PAPIER = (
    ("Rouvière", "Odile", "", "cqp-cos@2021", "", "17/06/2022", "Juin 2022", "COS-2022-014"),
    ("Bazin", "Fanch", "", "cqp-cos@2021", "B1, B3", "17/06/2022", "Juin 2022", "COS-2022-015"),
    ("Da Costa", "Inaya", "", "RNCP35729", "", "25/11/2021", "Novembre 2021", "GC-2021-102"),
)  # fmt: skip
"""Un fichier de titulaires que la certificatrice a déposé, et n'a pas encore confirmé."""


def raconter_les_equivalences(scene: Scene) -> None:
    """Note l'édition du règlement, il y a un mois, puis la reconnaissance du bloc 1, il y a trois jours."""
    noter = scene.chronologie.noter
    noter(scene.aux_heures_de_bureau(30), lambda instant: _confirmer(scene, instant))
    noter(scene.aux_heures_de_bureau(20), lambda instant: _reprendre_le_papier(scene, instant))
    noter(scene.aux_heures_de_bureau(6), lambda instant: _retirer_du_registre(scene, instant))
    noter(scene.aux_heures_de_bureau(3), lambda instant: _reconnaitre(scene, instant))
    noter(scene.aux_heures_de_bureau(1), lambda instant: _deposer_le_papier(scene, instant))


def _confirmer(scene: Scene, instant: datetime) -> None:
    reviser_reglement(
        version=version_d_empreinte(SYSTEME, scene.norme).id,
        depuis=jour_civil(instant) + timedelta(days=1),
        valeurs={
            "equivalences": [
                {"de": {"referentiel": AUTRE, "bloc": bloc}, "vers": bloc, "du": None, "au": None, "active": True}
                for bloc in ("B1", "B2")
            ],
            "dispense_de_bloc": "motivee",
        },
        motif="Équivalences avec Gestionnaire conseil, et dispenses motivées, pour la démonstration.",
        source="Inventé pour la démonstration : rien n'est confirmé par le certificateur.",
        auteur=SYSTEME,
        maintenant=instant,
    )


def _reconnaitre(scene: Scene, instant: datetime) -> None:
    parcours.reconnaitre_bloc(
        dossier=scene.dossiers[CANDIDATE],
        bloc="B1",
        tenu=Tenu(AUTRE, "B1"),
        obtenu_le=OBTENU_LE,
        piece=PieceDeBloc.ATTESTATION,
        vu_le=jour_civil(instant),
        auteur=scene.personnes[GESTIONNAIRE],
        maintenant=instant,
    )


def _deposer_le_papier(scene: Scene, instant: datetime) -> None:
    parcours.lire_reprise(
        nom_fichier="titulaires-2021-2022.csv",
        octets=tableur.ecrire_csv(ENTETES, PAPIER),
        auteur=scene.personnes[CERTIFICATRICE],
        maintenant=instant,
    )


def _reprendre_le_papier(scene: Scene, instant: datetime) -> None:
    certificatrice = scene.personnes[CERTIFICATRICE]
    depose = parcours.lire_reprise(
        nom_fichier="titulaires-2020-2021.csv",
        octets=tableur.ecrire_csv(ENTETES, REPRIS),
        auteur=certificatrice,
        maintenant=instant,
    )
    parcours.confirmer_reprise(identifiant=depose.pk, auteur=certificatrice, maintenant=instant)


def _retirer_du_registre(scene: Scene, instant: datetime) -> None:
    parcours.retirer_bloc_acquis(
        acquis=titulaires_repris(SYSTEME, REPRIS_A_TORT).get().pk,
        motif="L'attestation est celle d'une homonyme d'une autre caisse.",
        auteur=scene.personnes[CERTIFICATRICE],
        maintenant=instant,
    )
