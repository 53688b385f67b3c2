"""Deux clics à la fois : un jeton ne sert qu'une fois, un homonyme ne se crée pas deux fois, il reste un administrateur."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Personne, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, MOT_DE_PASSE
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(*gestes) -> list[str]:
    """Lance les gestes au même instant ; rend, triés, « fait » ou le code du refus de chacun."""
    depart, issues = threading.Barrier(len(gestes)), []

    def un(geste):
        depart.wait(20)
        try:
            geste()
            issues.append("fait")
        except Refus as refus:
            issues.append(refus.code)
        finally:
            connections.close_all()

    fils = [threading.Thread(target=un, args=(geste,)) for geste in gestes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(30)
    return sorted(issues)


def test_une_invitation_acceptee_quatre_fois_a_la_fois_ouvre_un_compte():
    emise = services.inviter(personne=factories.personne().id, courriel="a@b.example", auteur=SYSTEME, maintenant=JADIS)

    def accepter():
        services.accepter_invitation(jeton=emise.jeton, mot_de_passe=MOT_DE_PASSE, maintenant=JADIS)

    assert ensemble(*[accepter] * 4) == ["fait", *["invitation_utilisee"] * 3]
    assert Compte.objects.count() == 1


def test_le_meme_formulaire_envoye_deux_fois_n_accueille_qu_une_personne():
    organisme = factories.organisme()

    def accueillir():
        services.accueillir_personne(
            prenom="Zoé",
            nom="Élan",
            nature=NatureRole.TUTEUR,
            organisme=organisme,
            auteur=SYSTEME,
            maintenant=JADIS,
        )

    assert ensemble(*[accueillir] * 3) == ["fait", "homonyme", "homonyme"]
    assert Personne.objects.count() == 1


def test_deux_administrateurs_qui_se_retirent_l_un_l_autre_n_y_parviennent_pas():
    for _ in range(2):
        factories.avec_role(NatureRole.ADMINISTRATEUR)
    roles = list(Role.objects.order_by("pk").values_list("pk", flat=True))

    def retirer(role):
        return lambda: services.retirer_role(role=role, auteur=SYSTEME, maintenant=JADIS)

    assert ensemble(*map(retirer, roles)) == ["dernier_administrateur", "fait"]
    assert Role.objects.filter(au=None).count() == 1


def test_deux_invitations_emises_a_la_fois_n_en_laissent_qu_une_bonne():
    acteur = factories.personne()
    emises = []

    def inviter():
        emises.append(
            services.inviter(personne=acteur.id, courriel="a@b.example", auteur=SYSTEME, maintenant=JADIS).jeton
        )

    assert ensemble(inviter, inviter) == ["fait", "fait"]
    essais = [
        lambda jeton=jeton: services.accepter_invitation(jeton=jeton, mot_de_passe=MOT_DE_PASSE, maintenant=JADIS)
        for jeton in emises
    ]
    assert ensemble(*essais) == ["fait", "invitation_remplacee"]
