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


COS, AUTRE = "cqp-cos", "autre"


def droits(nature: NatureRole, organisme: UUID | None = None, certification: str = "") -> Droits:
    return Droits(Acteur(UUID(int=9)), (Portee(nature, organisme, certification),))


TOUS = {
    "partout": droits(NatureRole.GESTIONNAIRE),
    "ici": droits(NatureRole.GESTIONNAIRE, ICI),
    "ici, pour le CQP": droits(NatureRole.GESTIONNAIRE, ICI, COS),
    "partout, pour le CQP": droits(NatureRole.GESTIONNAIRE, None, COS),
    "RH d'ici": droits(NatureRole.RH, ICI),
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
    bornes = {"ici, pour le CQP", "partout, pour le CQP"}
    assert qui_peut(permissions.verifier_peut_inscrire) == {"partout", "ici", "RH d'ici"} | bornes
    assert qui_peut(permissions.verifier_peut_inscrire, ICI) == {"partout", "ici", "RH d'ici"}
    assert qui_peut(permissions.verifier_peut_inscrire, ICI, COS) == {"partout", "ici", "RH d'ici"} | bornes
    assert qui_peut(permissions.verifier_peut_inscrire, ICI, AUTRE) == {"partout", "ici", "RH d'ici"}
    assert qui_peut(permissions.verifier_peut_inscrire, AILLEURS, COS) == {"partout", "partout, pour le CQP"}


def test_qui_nomme_le_tuteur_et_le_manager():
    assert qui_peut(permissions.verifier_peut_designer, ICI, COS) == {
        "partout",
        "ici",
        "ici, pour le CQP",
        "partout, pour le CQP",
        "RH d'ici",
    }
    assert qui_peut(permissions.verifier_peut_designer, AILLEURS, AUTRE) == {"partout"}


def test_qui_tient_un_dossier():
    assert qui_peut(permissions.verifier_peut_gerer_dossier, ICI, COS) == {
        "partout",
        "ici",
        "ici, pour le CQP",
        "partout, pour le CQP",
    }
    assert qui_peut(permissions.verifier_peut_gerer_dossier, ICI, AUTRE) == {"partout", "ici"}
    assert qui_peut(permissions.verifier_peut_gerer_dossier, AILLEURS, COS) == {"partout", "partout, pour le CQP"}


def test_qui_ouvre_la_liste():
    assert qui_peut(permissions.verifier_peut_lister) == {
        "partout",
        "ici",
        "ici, pour le CQP",
        "partout, pour le CQP",
        "RH d'ici",
        "tuteur",
        "manager",
    }


@pytest.mark.parametrize(
    ("verifier", "arguments", "code"),
    [
        (permissions.verifier_peut_inscrire, (), "inscription_reservee"),
        (permissions.verifier_peut_gerer_dossier, (ICI, COS), "dossier_reserve"),
        (permissions.verifier_peut_designer, (ICI, COS), "dossier_reserve"),
        (permissions.verifier_peut_lister, (), "liste_reservee"),
    ],
)
def test_un_refus_a_son_code_et_sa_raison(verifier, arguments, code):
    with pytest.raises(RefusDroit) as refus:
        verifier(AUCUN_DROIT, *arguments)
    assert refus.value.code == code
    assert refus.value.message.endswith(".")
