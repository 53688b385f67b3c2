"""Les grilles papier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests.factories import JOUR
from parchemin.socle.acteur import SYSTEME
from tests.droits.gestes.commun import Adresse, Geste
from tests.droits.gestes.convocations import PLANIFIEES, planifiee, planifier
from tests.droits.monde import Caisse

_PAPIERS: dict[UUID, UUID] = {}
_PIECES: dict[UUID, UUID] = {}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000"
    "003a7e9b550000000a49444154789c636000000002000148afa47100"
    "00000049454e44ae426082"
)


def _codes(caisse: Caisse) -> list[str]:
    from parchemin.convocations.enums import Qualite
    from parchemin.convocations.selectors import epreuve_par_id
    from parchemin.evaluation.documents import code_court

    vue = epreuve_par_id(SYSTEME, PLANIFIEES[caisse.dossier])
    return [code_court(vue.id, Qualite.METIER, 1, 1, vue.norme)]


def _ressaisir(caisse: Caisse) -> None:
    """Une ressaisie ouverte, sur une épreuve affectée."""
    from parchemin.convocations.enums import Qualite
    from parchemin.evaluation import services

    planifier(caisse)
    _PAPIERS[caisse.dossier] = services.ouvrir_ressaisie(
        epreuve=PLANIFIEES[caisse.dossier],
        qualite=Qualite.METIER,
        codes=_codes(caisse),
        auteur=SYSTEME,
        maintenant=JOUR,
    )


def _ressaisir_deux_fois(caisse: Caisse) -> None:
    """Deux saisies qui diffèrent d'un critère."""
    from parchemin.evaluation import services

    _ressaisir(caisse)
    for valeur in ("valide", "non_valide"):
        services.saisir(
            ressaisie=_PAPIERS[caisse.dossier],
            contenu={"critere:K1.1.1": valeur},
            auteur=comptes.gestionnaire(caisse.organisme),
            maintenant=JOUR,
        )


def _joindre(caisse: Caisse) -> None:
    from parchemin.evaluation import services

    _ressaisir(caisse)
    _PIECES[caisse.dossier] = services.joindre_piece(
        ressaisie=_PAPIERS[caisse.dossier], octets=PNG, auteur=SYSTEME, maintenant=JOUR
    )


def _papier(caisse: Caisse) -> Adresse:
    return {"identifiant": _PAPIERS[caisse.dossier]}


def _feuille(*_: object) -> Mapping[str, Any]:

    return {"fichier": SimpleUploadedFile("feuille.png", PNG)}


GESTES: dict[str, Geste] = {
    "evaluation:papier": Geste(planifiee, avant=planifier),
    "evaluation:papier_pdf": Geste(lambda caisse: {**planifiee(caisse), "qualite": "metier"}, avant=planifier),
    "evaluation:ouvrir_papier": Geste(
        lambda caisse: {**planifiee(caisse), "qualite": "metier"},
        lambda caisse, _: {"codes": "\n".join(_codes(caisse))},
        avant=planifier,
    ),
    "evaluation:saisir_papier": Geste(_papier, lambda *_: {"critere:K1.1.1": "valide"}, avant=_ressaisir),
    "evaluation:regler_papier": Geste(_papier, lambda *_: {"critere:K1.1.1": "0"}, avant=_ressaisir_deux_fois),
    "evaluation:joindre_papier": Geste(_papier, _feuille, avant=_ressaisir),
    "evaluation:piece_papier": Geste(lambda caisse: {"identifiant": _PIECES[caisse.dossier]}, avant=_joindre),
    "evaluation:abandonner_papier": Geste(_papier, lambda *_: {"motif": "Mauvaise liasse."}, avant=_ressaisir),
}
