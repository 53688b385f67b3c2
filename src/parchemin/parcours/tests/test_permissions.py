"""Qui peut agir sur un dossier, et la raison dite à qui ne peut pas."""

from __future__ import annotations

from uuid import UUID

import pytest

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import AUCUN_DROIT, Droits, Portee
from parchemin.parcours import permissions
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import RefusDroit

ICI, AILLEURS = UUID(int=1), UUID(int=2)


def droits(nature: NatureRole, organisme: UUID | None = None) -> Droits:
    return Droits(Acteur(UUID(int=9)), (Portee(nature, organisme),))


TOUS = {
    "partout": droits(NatureRole.GESTIONNAIRE),
    "ici": droits(NatureRole.GESTIONNAIRE, ICI),
    "administrateur": droits(NatureRole.ADMINISTRATEUR),
    "tuteur": droits(NatureRole.TUTEUR, ICI),
    "manager": droits(NatureRole.MANAGER, ICI),
    "candidat": droits(NatureRole.CANDIDAT, ICI),
    "évaluateur": droits(NatureRole.EVALUATEUR_METIER),
    "personne": AUCUN_DROIT,
}


def qui_peut(verifier, *arguments) -> set[str]:
    peuvent = set()
    for nom, siens in TOUS.items():
        try:
            verifier(siens, *arguments)
        except RefusDroit:
            continue
        peuvent.add(nom)
    return peuvent


def test_qui_inscrit_et_ou():
    assert qui_peut(permissions.verifier_peut_inscrire) == {"partout", "ici"}
    assert qui_peut(permissions.verifier_peut_inscrire, ICI) == {"partout", "ici"}
    assert qui_peut(permissions.verifier_peut_inscrire, AILLEURS) == {"partout"}


def test_qui_tient_un_dossier():
    assert qui_peut(permissions.verifier_peut_gerer_dossier, ICI) == {"partout", "ici"}
    assert qui_peut(permissions.verifier_peut_gerer_dossier, AILLEURS) == {"partout"}


def test_qui_ouvre_la_liste():
    assert qui_peut(permissions.verifier_peut_lister) == {"partout", "ici", "tuteur", "manager"}


@pytest.mark.parametrize(
    ("verifier", "arguments", "code"),
    [
        (permissions.verifier_peut_inscrire, (), "inscription_reservee"),
        (permissions.verifier_peut_gerer_dossier, (ICI,), "dossier_reserve"),
        (permissions.verifier_peut_lister, (), "liste_reservee"),
    ],
)
def test_un_refus_a_son_code_et_sa_raison(verifier, arguments, code):
    with pytest.raises(RefusDroit) as refus:
        verifier(AUCUN_DROIT, *arguments)
    assert refus.value.code == code
    assert refus.value.message.endswith(".")
