"""Qui peut, et la raison dite à qui ne peut pas."""

from __future__ import annotations

from uuid import UUID

import pytest

from parchemin.comptes import permissions
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import AUCUN_DROIT, Droits, Portee
from parchemin.socle.acteur import Acteur
from parchemin.socle.refus import RefusDroit

ICI, AILLEURS = UUID(int=1), UUID(int=2)
MOI = Acteur(UUID(int=9))


def droits(nature: NatureRole, organisme: UUID | None = None) -> Droits:
    return Droits(MOI, (Portee(nature, organisme),))


ADMIN = droits(NatureRole.ADMINISTRATEUR)
PARTOUT = droits(NatureRole.GESTIONNAIRE)
LOCAL = droits(NatureRole.GESTIONNAIRE, ICI)
TUTEUR = droits(NatureRole.TUTEUR, ICI)
TOUS = (ADMIN, PARTOUT, LOCAL, TUTEUR, AUCUN_DROIT)


def codes(verifier, *arguments) -> list[str | None]:
    """Le code du refus de chacun, `None` s'il peut."""
    trouves: list[str | None] = []
    for un in TOUS:
        try:
            verifier(un, *arguments)
        except RefusDroit as refus:
            trouves.append(refus.code)
        else:
            trouves.append(None)
    return trouves


def test_les_comptes_se_gerent_par_les_gestionnaires_et_les_administrateurs():
    assert codes(permissions.verifier_peut_gerer_les_comptes) == [None, None, None, *["comptes_reserves"] * 2]


def test_un_organisme_s_ajoute_par_qui_gere_tous_les_organismes():
    assert codes(permissions.verifier_peut_creer_organisme) == [None, None, *["organisme_hors_perimetre"] * 3]


@pytest.mark.parametrize(
    ("organisme", "local"), [(ICI, None), (AILLEURS, "organisme_hors_perimetre"), (None, "organisme_hors_perimetre")]
)
def test_on_agit_dans_son_perimetre(organisme, local):
    assert codes(permissions.verifier_peut_gerer_organisme, organisme) == [
        None,
        None,
        local,
        "organisme_hors_perimetre",
        "organisme_hors_perimetre",
    ]


@pytest.mark.parametrize("nature", list(NatureRole))
def test_seul_un_administrateur_donne_un_role_qui_ouvre_l_acces_des_autres(nature):
    reserve = nature in {NatureRole.ADMINISTRATEUR, NatureRole.GESTIONNAIRE, NatureRole.AUDITEUR, NatureRole.DPO}
    attendu = "role_reserve" if reserve else None
    assert codes(permissions.verifier_peut_donner_role, nature, ICI) == [
        None,
        attendu,
        attendu,
        attendu or "organisme_hors_perimetre",
        attendu or "organisme_hors_perimetre",
    ]


def test_on_n_invite_que_quelqu_un_dont_on_pourrait_donner_chaque_role():
    tuteur_ici = (Portee(NatureRole.TUTEUR, ICI),)
    aussi_ailleurs = (*tuteur_ici, Portee(NatureRole.EVALUATEUR_METIER, AILLEURS))
    gestionnaire = (Portee(NatureRole.GESTIONNAIRE, ICI),)
    hors = "organisme_hors_perimetre"
    assert codes(permissions.verifier_peut_inviter, tuteur_ici) == [None, None, None, hors, hors]
    assert codes(permissions.verifier_peut_inviter, aussi_ailleurs) == [None, None, hors, hors, hors]
    assert codes(permissions.verifier_peut_inviter, gestionnaire) == [None, *["role_reserve"] * 4]
    assert codes(permissions.verifier_peut_inviter, ()) == [None, None, hors, hors, hors]


def test_peut_se_tire_de_verifier():
    assert [permissions.peut_gerer_organisme(un, ICI) for un in TOUS] == [True, True, True, False, False]
    assert "verifier_peut_gerer_organisme" in (permissions.peut_gerer_organisme.__doc__ or "")
