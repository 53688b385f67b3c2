"""Un second facteur perdu : un administrateur l'ôte, dit comment il s'est assuré de qui le demande, et tout se sait."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from parchemin.comptes import services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS, texte
from parchemin.courriels.models import Envoi
from parchemin.registre.models import Entree, ValeurPersonnelle
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def evaluateur():
    acteur = factories.avec_role(NatureRole.EVALUATEUR_METIER)
    factories.compte(acteur)
    services.installer_code_temporel(personne=acteur.id, secret=SECRET, auteur=SYSTEME, maintenant=JADIS)
    return acteur


def administrateur():
    return factories.avec_role(NatureRole.ADMINISTRATEUR)


def oublier(personne, auteur, verification="Vue au guichet, carte en main."):
    return services.oublier_second_facteur(
        personne=personne.id, verification=verification, auteur=auteur, maintenant=JADIS
    )


def facteurs(personne) -> int:
    return Authenticator.objects.filter(user__personne_id=personne.id).count()


def test_un_administrateur_l_ote_et_tout_se_sait(evaluateur):
    assert oublier(evaluateur, administrateur()) == 2  # l'application, et ses codes de secours
    assert facteurs(evaluateur) == 0
    entree = Entree.objects.get(action="comptes.second_facteur_oublie")
    assert entree.donnees == {"personne": str(evaluateur.id), "nombre": 2}
    assert ValeurPersonnelle.objects.get(entree=entree).valeur == "Vue au guichet, carte en main."
    assert Envoi.objects.filter(destinataire=evaluateur.id, genre="comptes.securite").count() == 1


def test_ses_sessions_se_ferment_aussitot(evaluateur):
    navigateur = factories.client(evaluateur)
    compte = Compte.objects.get(personne_id=evaluateur.id)
    cle = navigateur.session.session_key
    UserSession.objects.create(user=compte, session_key=cle, ip="127.0.0.1", user_agent="essai")
    assert navigateur.get("/").status_code == 200
    oublier(evaluateur, administrateur())
    assert navigateur.get("/").status_code == 302


@pytest.mark.parametrize("nature", sorted(set(NatureRole) - {NatureRole.ADMINISTRATEUR}))
def test_nul_autre_ne_le_peut(evaluateur, nature):
    with pytest.raises(RefusDroit):
        oublier(evaluateur, factories.avec_role(nature))
    assert facteurs(evaluateur) == 2


def test_pas_pour_soi_ni_sans_verification_ni_sans_facteur(evaluateur):
    un = administrateur()
    factories.compte(un)
    services.installer_code_temporel(personne=un.id, secret=SECRET, auteur=SYSTEME, maintenant=JADIS)
    with pytest.raises(RefusDroit):
        oublier(un, un)
    with pytest.raises(Refus) as levee:
        oublier(evaluateur, un, verification=" ")
    assert (levee.value.code, facteurs(evaluateur), facteurs(un)) == ("verification_manquante", 2, 2)
    oublier(evaluateur, un)
    with pytest.raises(Refus) as levee:
        oublier(evaluateur, un)
    assert levee.value.code == "sans_second_facteur"


def test_la_page_le_propose_a_l_administrateur_seulement(evaluateur):
    adresse = f"/comptes/personnes/{evaluateur.id}/"
    admin = factories.client(administrateur())
    assert "Second facteur perdu" in texte(admin.get(adresse))
    assert "Second facteur perdu" not in texte(factories.client(factories.gestionnaire()).get(adresse))
    assert admin.get(f"{adresse}second-facteur/").status_code == 405
    assert "Dites comment vous vous êtes assuré" in texte(admin.post(f"{adresse}second-facteur/", follow=True))
    lue = texte(admin.post(f"{adresse}second-facteur/", {"verification": "Au téléphone, rappel"}, follow=True))
    assert "Son second facteur est ôté" in lue
    assert Compte.objects.get(personne_id=evaluateur.id).is_active
