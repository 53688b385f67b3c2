"""Déléguer pendant une absence : les droits confiés et eux seuls, sous son propre nom, jamais pour ce qui tient à la personne."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Delegation, Role
from parchemin.comptes.selectors import Portee
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import client, texte
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

MAINTENANT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)
FIN = JOUR + timedelta(days=7)


@pytest.fixture(autouse=True)
def _ce_jour_la():
    with time_machine.travel(MAINTENANT, tick=False):
        yield


@pytest.fixture
def organisme():
    return factories.organisme("Caisse du Lac")


@pytest.fixture
def absente(organisme):
    return factories.avec_role(NatureRole.GESTIONNAIRE, organisme, "Gisèle", "Absente")


@pytest.fixture
def collegue(organisme):
    acteur = factories.avec_role(NatureRole.TUTEUR, organisme, "Colin", "Collègue")
    factories.compte(acteur)
    return acteur


def role(acteur: Acteur, nature: NatureRole = NatureRole.GESTIONNAIRE):
    return Role.objects.get(personne_id=acteur.id, nature=nature, au=None)


def deleguer(absente: Acteur, collegue: Acteur, **changements):
    arguments = {
        "role": None,
        "delegue": collegue.id,
        "du": JOUR,
        "au": FIN,
        "auteur": absente,
        "maintenant": MAINTENANT,
    }
    arguments |= changements
    arguments["role"] = arguments["role"] or role(absente).pk
    return services.deleguer(**arguments)


def pour(collegue: Acteur, absente: Acteur) -> Acteur:
    return Acteur(collegue.id, par_delegation_de=absente.id)


def test_le_delegue_a_le_perimetre_confie_ces_jours_la_et_rien_de_plus(organisme, absente, collegue):
    deleguer(absente, collegue)
    confies = [
        n
        for n in range(-2, 10)
        if selectors.droits(pour(collegue, absente), JOUR + timedelta(days=n)).portees
        == (Portee(NatureRole.GESTIONNAIRE, organisme),)
    ]
    assert confies == list(range(7))
    # En son propre nom, rien n'a changé ; et il ne représente personne d'autre.
    assert selectors.droits(collegue, JOUR).portees == (Portee(NatureRole.TUTEUR, organisme),)
    assert selectors.droits(pour(collegue, factories.gestionnaire(organisme)), JOUR).portees == ()


def test_le_role_retire_ou_la_delegation_revoquee_n_ouvrent_plus_rien(absente, collegue):
    donnee = deleguer(absente, collegue)
    services.revoquer_delegation(delegation=donnee.pk, auteur=absente, maintenant=MAINTENANT)
    services.revoquer_delegation(delegation=donnee.pk, auteur=absente, maintenant=MAINTENANT)
    assert selectors.droits(pour(collegue, absente), JOUR).portees == ()
    deleguer(absente, collegue)
    services.retirer_role(role=role(absente).pk, auteur=SYSTEME, maintenant=MAINTENANT)
    assert selectors.droits(pour(collegue, absente), JOUR).portees == ()
    assert Entree.objects.filter(action="comptes.delegation_revoquee").count() == 1


@pytest.mark.parametrize("nature", [n for n in NatureRole if n not in (NatureRole.GESTIONNAIRE, NatureRole.RH)])
def test_evaluer_attester_juger_administrer_ne_se_deleguent_pas(organisme, absente, collegue, nature):
    services.donner_role(personne=absente.id, nature=nature, organisme=organisme, auteur=SYSTEME, maintenant=MAINTENANT)
    with pytest.raises(RefusDroit) as refus:
        deleguer(absente, collegue, role=role(absente, nature).pk)
    assert refus.value.code == "intuitu_personae"


def test_on_ne_delegue_que_ce_qu_on_tient_a_quelqu_un_de_son_perimetre_qui_se_connecte(organisme, absente, collegue):
    sans_compte = factories.avec_role(NatureRole.MANAGER, organisme)
    ailleurs = factories.avec_role(NatureRole.MANAGER, factories.organisme())
    factories.compte(ailleurs)
    court = services.donner_role(
        personne=absente.id,
        nature=NatureRole.RH,
        organisme=organisme,
        au=JOUR + timedelta(days=3),
        auteur=SYSTEME,
        maintenant=MAINTENANT,
    )
    deleguer(absente, collegue)
    refus = {
        "role_d_autrui": {"auteur": factories.gestionnaire(organisme)},
        "delegation_de_delegation": {"auteur": pour(collegue, absente)},
        "delegation_a_soi": {"delegue": absente.id},
        "delegation_dates": {"au": JOUR},
        "delegation_passee": {"du": JOUR - timedelta(days=1)},
        "delegue_sans_compte": {"delegue": sans_compte.id},
        "role_trop_court": {"role": court.pk},
        "delegation_chevauche": {"du": JOUR + timedelta(days=1)},
    }
    codes = {}
    for code, changements in refus.items():
        arguments = {"role": role(absente).pk} | changements
        with pytest.raises(Refus) as leve:
            deleguer(absente, collegue, **arguments)
        codes[code] = leve.value.code
    assert codes == {code: code for code in refus}
    with pytest.raises(Introuvable):
        deleguer(absente, collegue, delegue=ailleurs.id)
    assert Delegation.objects.count() == 1


def test_redire_la_meme_delegation_ne_change_rien(absente, collegue):
    assert deleguer(absente, collegue).pk == deleguer(absente, collegue).pk
    assert Entree.objects.filter(action="comptes.delegation_donnee").count() == 1


def test_les_actes_portent_le_nom_du_delegue_et_disent_pour_qui(organisme, absente, collegue):
    deleguer(absente, collegue)
    ada = factories.personne("Ada", "Nouvelle")
    services.donner_role(
        personne=ada.id,
        nature=NatureRole.MANAGER,
        organisme=organisme,
        auteur=pour(collegue, absente),
        maintenant=MAINTENANT,
    )
    entree = Entree.objects.filter(action="comptes.role_donne").latest("pk")
    assert (entree.auteur_id, entree.donnees["par_delegation_de"]) == (collegue.id, str(absente.id))
    assert "par_delegation_de" not in Entree.objects.get(action="comptes.delegation_donnee").donnees


# Les pages -----------------------------------------------------------------------------------------------------------


def test_de_la_page_deleguer_a_l_accueil_des_deux_puis_on_agit_et_on_reprend_son_nom(absente, collegue):
    chez_elle, chez_lui = client(absente), client(collegue)
    assert chez_lui.get("/comptes/").status_code == 403
    reponse = chez_elle.post(
        "/comptes/deleguer/",
        {
            "role": str(role(absente).pk),
            "delegue": str(collegue.id),
            "du": "2026-11-24",
            "dernier_jour": "2026-11-30",
            "motif": "Congés",
        },
    )
    assert reponse.headers["Location"] == "/comptes/deleguer/"
    (delegation,) = Delegation.objects.all()
    assert (delegation.du, delegation.au, delegation.motif) == (JOUR, date(2026, 12, 1), "Congés")
    assert "Colin Collègue agit pour vous" in texte(chez_elle.get("/"))
    assert "Gisèle Absente vous a confié son rôle" in texte(chez_lui.get("/"))
    assert chez_lui.get("/comptes/").status_code == 403  # tant qu'il agit en son nom

    assert chez_lui.post(f"/comptes/delegations/{delegation.pk}/agir/").headers["Location"] == "/"
    assert "par délégation de Gisèle Absente" in texte(chez_lui.get("/"))
    assert chez_lui.get("/comptes/").status_code == 200
    chez_lui.post("/comptes/reprendre-mon-nom/")
    assert chez_lui.get("/comptes/").status_code == 403


def test_la_revocation_vaut_a_la_requete_suivante_de_qui_agit(absente, collegue):
    delegation = deleguer(absente, collegue)
    chez_lui = client(collegue)
    chez_lui.post(f"/comptes/delegations/{delegation.pk}/agir/")
    assert chez_lui.get("/comptes/").status_code == 200
    client(absente).post(f"/comptes/delegations/{delegation.pk}/revoquer/")
    assert chez_lui.get("/comptes/").status_code == 403
    assert "par délégation" not in texte(chez_lui.get("/"))


def test_une_delegation_d_autrui_ne_sert_ni_ne_se_revoque(organisme, absente, collegue):
    delegation = deleguer(absente, collegue)
    intrus = client(factories.avec_role(NatureRole.RH, organisme, "Ivan"))
    assert intrus.post(f"/comptes/delegations/{delegation.pk}/agir/").status_code == 404
    assert intrus.post(f"/comptes/delegations/{delegation.pk}/revoquer/").status_code == 404
    assert intrus.get(f"/comptes/delegations/{delegation.pk}/agir/").status_code == 405
    sans_rien = client(factories.personne())
    assert sans_rien.get("/comptes/deleguer/").status_code == 200
    assert sans_rien.post("/comptes/deleguer/", {}).status_code == 404


def test_agir_pour_quelqu_un_ne_laisse_pas_deleguer_a_son_tour(absente, collegue):
    delegation = deleguer(absente, collegue)
    chez_lui = client(collegue)
    chez_lui.post(f"/comptes/delegations/{delegation.pk}/agir/")
    page = texte(chez_lui.get("/comptes/deleguer/"))
    assert ("Reprendre mon nom" in page, "Confier un rôle" in page) == (True, False)
    assert chez_lui.post("/comptes/deleguer/", {}).status_code == 403


def test_qui_a_pu_agir_a_un_titre_et_quand_en_son_nom_ou_par_delegation(
    organisme, absente, collegue, django_assert_num_queries
):
    delegation = deleguer(absente, collegue)
    ailleurs = factories.gestionnaire(factories.organisme("Caisse du Port"))

    def periodes():
        with django_assert_num_queries(2):
            return selectors.periodes_du_role(
                SYSTEME, [absente.id, collegue.id, ailleurs.id], NatureRole.GESTIONNAIRE, organisme, "cqp-cos"
            )

    depuis = role(absente).du
    assert periodes() == {absente.id: ((depuis, None),), collegue.id: ((JOUR, FIN),)}
    services.revoquer_delegation(delegation=delegation.pk, auteur=absente, maintenant=MAINTENANT)
    assert periodes() == {absente.id: ((depuis, None),), collegue.id: ((JOUR, JOUR),)}
