"""Le jour dit : l'identité contrôlée, la présence de chacun ; jamais la veille, jamais pour un autre."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import MoyenIdentite, MoyenPresence
from parchemin.convocations.models import ControleIdentite, Presence
from parchemin.convocations.tests.factories import JOUR, convoquee, jeton_de, salle, sienne
from parchemin.convocations.tests.gestes import refus
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil

pytestmark = pytest.mark.django_db


def controler(une, auteur, maintenant=JOUR, moyen=MoyenIdentite.CARTE) -> bool:
    return services.controler_identite(epreuve=une.epreuve, moyen=moyen, auteur=auteur, maintenant=maintenant)


def signer(une, auteur, maintenant=JOUR) -> bool:
    return services.signer_sa_presence(epreuve=une.epreuve, auteur=auteur, maintenant=maintenant)


def test_chacun_signe_pour_soi_et_sa_convocation_est_honoree() -> None:
    une = convoquee()
    assert [signer(une, a) for a in (une.metier, une.certificateur, une.monde.candidat)] == [True] * 3
    assert not signer(une, une.metier)
    presents = selectors.presences(SYSTEME, une.epreuve, jour_civil(JOUR))
    assert {p: v.moyen for p, v in presents.items()} == dict.fromkeys(
        (une.metier.id, une.certificateur.id, une.monde.candidat.id), MoyenPresence.COMPTE
    )
    assert sienne(une, une.metier).etat == "honoree"
    assert sienne(une, une.monde.manager).etat == "envoyee"
    assert Entree.objects.filter(action="convocations.presence_signee").count() == 3


def test_on_signe_meme_sans_avoir_ete_convoque_ici() -> None:
    une = salle()
    assert signer(une, une.metier)


def test_le_lien_personnel_signe_aussi() -> None:
    une = convoquee()
    adresse = f"/epreuves/convocation/{jeton_de(une.monde.candidat)}/presence/"
    with time_machine.travel(JOUR, tick=False):
        assert comptes.client(une.metier).post(adresse).status_code == 410
        assert selectors.presences(SYSTEME, une.epreuve, jour_civil(JOUR)) == {}
        assert Client().post(adresse).status_code == 302
    assert (
        selectors.presences(SYSTEME, une.epreuve, jour_civil(JOUR))[une.monde.candidat.id].moyen == MoyenPresence.LIEN
    )


@pytest.mark.parametrize("ecart", [-1, 1])
def test_ni_la_veille_ni_le_lendemain(ecart: int) -> None:
    une = convoquee()
    jour = JOUR + timedelta(days=ecart)
    with refus("pas_le_jour"):
        signer(une, une.metier, jour)
    with refus("pas_le_jour"):
        controler(une, une.metier, jour)


def test_qui_n_est_pas_attendu_ne_signe_pas() -> None:
    une = convoquee()
    for autre in (une.monde.manager, une.monde.gestionnaire, une.monde.tuteur):
        with refus("introuvable"):
            signer(une, autre)
    with refus("intuitu_personae"):
        signer(une, Acteur(une.metier.id, par_delegation_de=une.certificateur.id))
    assert Presence.objects.count() == 0


def test_l_identite_se_controle_par_un_evaluateur_ou_le_gestionnaire() -> None:
    une = convoquee()
    for autre in (une.monde.candidat, une.monde.tuteur, comptes.avec_role(NatureRole.EVALUATEUR_METIER)):
        with refus("controle_reserve"):
            controler(une, autre)
    assert controler(une, une.metier)
    assert not controler(une, une.metier)


def test_la_premiere_piece_enregistree_reste_et_un_autre_envoi_le_dit() -> None:
    une = convoquee()
    assert controler(une, une.metier)
    plus_tard = JOUR + timedelta(minutes=5)
    assert not controler(une, une.certificateur, plus_tard)
    with refus("identite_deja_controlee") as leve:
        controler(une, une.monde.gestionnaire, plus_tard, MoyenIdentite.PASSEPORT)
    assert leve.value.message.startswith("L'identité est déjà contrôlée (Carte d'identité, vue par Hugo")
    vue = selectors.identite_controlee(SYSTEME, une.epreuve, jour_civil(JOUR))
    assert vue is not None
    assert (vue.moyen, vue.par_nom.split()[0], vue.le) == (MoyenIdentite.CARTE, "Hugo", JOUR)
    assert ControleIdentite.objects.count() == 1


def test_la_presence_du_candidat_se_constate_une_fois_son_identite_vue() -> None:
    une = convoquee()
    constat = {"epreuve": une.epreuve, "maintenant": JOUR}
    with refus("identite_a_controler"):
        services.constater_presence(auteur=une.metier, **constat)
    controler(une, une.metier)
    with refus("controle_reserve"):
        services.constater_presence(auteur=une.monde.candidat, **constat)
    assert services.constater_presence(auteur=une.metier, **constat)
    assert not services.constater_presence(auteur=une.certificateur, **constat)
    vue = selectors.presences(SYSTEME, une.epreuve, jour_civil(JOUR))[une.monde.candidat.id]
    assert (vue.moyen, vue.par_nom.split()[0]) == (MoyenPresence.CONSTAT, "Hugo")
    assert not signer(une, une.monde.candidat)  # la feuille ne se réécrit pas


@pytest.mark.parametrize("table", [Presence, ControleIdentite])
def test_la_feuille_est_a_insertion_seule(table) -> None:
    une = convoquee()
    controler(une, une.metier)
    signer(une, une.metier)
    for geste in (lambda: table.objects.update(par=une.monde.candidat.id), lambda: table.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()
