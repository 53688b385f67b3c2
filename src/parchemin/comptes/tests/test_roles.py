"""Les rôles datés : à l'avance, avec une fin prévue, bornés ; ce qu'on donne n'ouvre que ce qu'on a dit."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Role
from parchemin.comptes.selectors import Droits, Portee
from parchemin.comptes.services.roles import jours_manquants
from parchemin.comptes.tests import factories
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Refus, RefusDroit

pytestmark = pytest.mark.django_db

MAINTENANT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)
COS, AUTRE = "cqp-cos", "autre"


def donner(personne: Acteur, auteur: Acteur = SYSTEME, nature: NatureRole = NatureRole.TUTEUR, **changements):
    return services.donner_role(
        **{"personne": personne.id, "nature": nature, "organisme": None, "auteur": auteur, "maintenant": MAINTENANT}
        | changements
    )


def code(appel, *arguments, **changements) -> str:
    with pytest.raises(Refus) as refus:
        appel(*arguments, **changements)
    return refus.value.code


# Les dates -----------------------------------------------------------------------------------------------------------


def test_un_role_donne_a_l_avance_avec_une_fin_prevue_ne_vaut_que_ces_jours_la():
    ada = factories.personne()
    donner(ada, du=JOUR + timedelta(days=10), au=JOUR + timedelta(days=20))
    tenu = [n for n in range(40) if selectors.droits(ada, JOUR + timedelta(days=n)).a(NatureRole.TUTEUR)]
    assert tenu == list(range(10, 20))


def test_retirer_vaut_aussitot_meme_avant_la_fin_prevue_ou_avant_le_debut():
    ada = factories.personne()
    en_cours = donner(ada, au=JOUR + timedelta(days=90))
    a_venir = donner(ada, nature=NatureRole.MANAGER, du=JOUR + timedelta(days=30))
    for role in (en_cours, a_venir):
        services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=MAINTENANT)
    assert [selectors.droits(ada, JOUR + timedelta(days=n)).portees for n in (0, 40)] == [(), ()]
    assert sorted(Role.objects.filter(personne_id=ada.id).values_list("du", "au")) == [
        (JOUR, JOUR),
        (JOUR + timedelta(days=30), JOUR + timedelta(days=30)),
    ]


def test_un_role_retire_puis_redonne_garde_son_histoire():
    ada = factories.personne()
    premier = donner(ada)
    services.retirer_role(role=premier.pk, auteur=SYSTEME, maintenant=MAINTENANT + timedelta(days=5))
    second = donner(ada, maintenant=MAINTENANT + timedelta(days=9))
    assert list(Role.objects.filter(personne_id=ada.id).order_by("du").values_list("pk", "du", "au")) == [
        (premier.pk, JOUR, JOUR + timedelta(days=5)),
        (second.pk, JOUR + timedelta(days=9), None),
    ]
    assert selectors.droits(ada, JOUR + timedelta(days=7)).portees == ()


def test_prolonger_un_role_qui_doit_finir_n_ajoute_que_les_jours_qui_manquent():
    ada = factories.personne()
    donner(ada, au=JOUR + timedelta(days=10))
    suite = donner(ada)
    assert (suite.du, suite.au) == (JOUR + timedelta(days=10), None)
    assert donner(ada).pk != suite.pk  # déjà tenu : rend le rôle du jour, n'écrit rien
    assert Role.objects.filter(personne_id=ada.id).count() == 2
    assert Entree.objects.filter(action="comptes.role_donne").count() == 2


def test_des_dates_a_l_envers_ou_passees_se_refusent():
    ada = factories.personne()
    assert code(donner, ada, du=JOUR, au=JOUR) == "role_dates"
    assert code(donner, ada, du=JOUR - timedelta(days=9), au=JOUR - timedelta(days=2)) == "role_passe"
    donner(ada, du=JOUR + timedelta(days=10), au=JOUR + timedelta(days=20))
    assert code(donner, ada, au=JOUR + timedelta(days=30)) == "role_morcele"
    assert Role.objects.filter(personne_id=ada.id).count() == 1


def test_les_jours_qui_manquent_sont_ceux_que_nul_ne_couvre():
    """Contre un oracle naïf : tous les couples de rôles et toutes les demandes dans une semaine."""
    jours = [JOUR + timedelta(days=n) for n in range(6)]
    bornes = [(du, au) for du, au in product(jours, [*jours, None]) if au is None or au > du]
    horizon = [JOUR + timedelta(days=n) for n in range(10)]

    def couvre(periode, jour):
        return periode[0] <= jour and (periode[1] is None or jour < periode[1])

    for un, deux, demande in product(bornes[::2], bornes[1::2], bornes):
        tenus = [Role(du=du, au=au) for du, au in sorted((un, deux), key=lambda p: p[0])]
        trouves = jours_manquants([r for r in tenus if r.au is None or r.au > demande[0]], *demande)
        attendus = [j for j in horizon if couvre(demande, j) and not couvre(un, j) and not couvre(deux, j)]
        assert [j for j in horizon if any(couvre(manque, j) for manque in trouves)] == attendus


def test_le_dernier_administrateur_ne_se_retire_pas_s_il_n_en_reste_qu_un_a_venir_ou_qui_doit_finir():
    ada, zoe, max_ = (factories.personne() for _ in range(3))
    role = donner(ada, nature=NatureRole.ADMINISTRATEUR)
    donner(zoe, nature=NatureRole.ADMINISTRATEUR, du=JOUR + timedelta(days=3))
    donner(max_, nature=NatureRole.ADMINISTRATEUR, au=JOUR + timedelta(days=3))
    retrait = {"role": role.pk, "auteur": SYSTEME, "maintenant": MAINTENANT}
    assert code(services.retirer_role, **retrait) == "dernier_administrateur"


# Le périmètre --------------------------------------------------------------------------------------------------------


def test_un_role_borne_a_une_certification_ne_couvre_que_ce_qu_on_dit_d_elle():
    organisme, ailleurs = factories.organisme(), factories.organisme()
    siens = Droits(SYSTEME, (Portee(NatureRole.GESTIONNAIRE, organisme, COS),))
    couvre = [
        (lieu == organisme, certification)
        for lieu, certification in product((organisme, ailleurs, None), (COS, AUTRE, None))
        if siens.couvre(NatureRole.GESTIONNAIRE, lieu, certification)
    ]
    assert couvre == [(True, COS)]


def test_un_role_borne_a_une_session_ne_couvre_qu_elle():
    session = factories.organisme()
    siens = Droits(SYSTEME, (Portee(NatureRole.JURE, None, "", session),))
    assert siens.couvre(NatureRole.JURE, None, COS, session) is True
    assert [siens.couvre(NatureRole.JURE, None, COS), siens.partout(NatureRole.JURE)] == [False, False]
    assert siens.connait(NatureRole.JURE) == frozenset()


def test_un_gestionnaire_d_une_certification_donne_pour_elle_et_pas_au_dela():
    organisme = factories.organisme()
    gere = factories.personne()
    donner(gere, nature=NatureRole.GESTIONNAIRE, organisme=organisme, certification=COS)
    ada = factories.personne()
    role = donner(ada, auteur=gere, organisme=organisme, certification=COS)
    assert selectors.droits(ada, JOUR).portees == (Portee(NatureRole.TUTEUR, organisme, COS),)
    for certification in ("", AUTRE):
        with pytest.raises(RefusDroit):
            donner(ada, auteur=gere, organisme=organisme, certification=certification)
    services.retirer_role(role=role.pk, auteur=gere, maintenant=MAINTENANT)
    sans_borne = donner(ada, organisme=organisme)
    with pytest.raises(RefusDroit):
        services.retirer_role(role=sans_borne.pk, auteur=gere, maintenant=MAINTENANT)


def test_un_evaluateur_borne_a_une_certification_n_est_trouve_que_pour_elle():
    borne = factories.personne("Ada", "Borne")
    donner(borne, nature=NatureRole.EVALUATEUR_METIER, certification=COS)
    libre = factories.personne("Zoé", "Libre")
    donner(libre, nature=NatureRole.EVALUATEUR_METIER)

    def trouves(certification):
        return list(selectors.tenants_du_role(SYSTEME, NatureRole.EVALUATEUR_METIER, JOUR, certification).values())

    assert trouves(COS) == ["Ada Borne", "Zoé Libre"]
    assert [trouves(AUTRE), trouves(None)] == [["Zoé Libre"]] * 2
    ouverts = [
        bool(selectors.roles_ouverts(SYSTEME, borne.id, NatureRole.EVALUATEUR_METIER, JOUR, certification))
        for certification in (COS, AUTRE, None)
    ]
    assert ouverts == [True, False, False]


# Les ressources humaines ---------------------------------------------------------------------------------------------


def test_la_rh_donne_chez_elle_les_roles_de_l_accompagnement_et_eux_seuls():
    organisme, ailleurs = factories.organisme(), factories.organisme()
    rh = factories.avec_role(NatureRole.RH, organisme)
    ada = factories.personne()
    donnes = []
    for nature, lieu in product(NatureRole, (organisme, ailleurs, None)):
        try:
            donner(ada, auteur=rh, nature=nature, organisme=lieu)
        except RefusDroit:
            continue
        donnes.append((nature, lieu))
    assert donnes == [(n, organisme) for n in (NatureRole.CANDIDAT, NatureRole.TUTEUR, NatureRole.MANAGER)]


def test_la_rh_voit_les_gens_de_son_organisme_et_eux_seuls():
    organisme = factories.organisme()
    rh = factories.avec_role(NatureRole.RH, organisme, "Rachel", "Rivière")
    factories.avec_role(NatureRole.MANAGER, organisme, "Ada", "Ici")
    factories.avec_role(NatureRole.MANAGER, factories.organisme(), "Zoé", "Ailleurs")
    assert [str(p) for p in selectors.personnes(rh, JOUR)] == ["Ada Ici", "Rachel Rivière"]
    assert [o.pk for o in selectors.organismes(rh, JOUR)] == [organisme]
