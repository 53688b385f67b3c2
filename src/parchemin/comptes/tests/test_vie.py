"""La vie d'une personne : un autre nom, un départ, un retour, deux fiches réunies. L'histoire reste."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Compte, Personne, Role
from parchemin.comptes.selectors import Portee
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import client, texte
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

MAINTENANT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
JOUR = date(2026, 11, 24)
QUAND = {"auteur": SYSTEME, "maintenant": MAINTENANT}


@pytest.fixture(autouse=True)
def _ce_jour_la():
    with time_machine.travel(MAINTENANT, tick=False):
        yield


def code(appel, **arguments) -> str:
    with pytest.raises(Refus) as refus:
        appel(**arguments)
    return refus.value.code


# Le nom --------------------------------------------------------------------------------------------------------------


def test_changer_de_nom_garde_l_ancien_pour_l_histoire_la_recherche_et_les_documents_d_avant():
    ada = factories.personne("Ada", "Élan")
    services.changer_nom(personne=ada.id, prenom="Ada", nom="Zoé", **QUAND)
    services.changer_nom(personne=ada.id, prenom="Ada", nom="Zoé", **QUAND)
    assert selectors.nom(SYSTEME, ada.id) == "Ada Zoé"
    dits = [selectors.nom_porte_a(SYSTEME, ada.id, MAINTENANT + timedelta(days=ecart)) for ecart in (-1, 0, 1)]
    assert dits == ["Ada Élan", "Ada Zoé", "Ada Zoé"]
    assert [[str(p) for p in selectors.personnes(SYSTEME, JOUR, mot)] for mot in ("elan", "zoe")] == [["Ada Zoé"]] * 2
    assert selectors.vie(SYSTEME, ada.id).noms == (("Ada Élan", MAINTENANT),)
    entree = Entree.objects.get(action="comptes.nom_change")
    assert (entree.donnees, sorted(entree.engagements)) == ({}, ["avant", "nom", "prenom"])


def test_un_homonyme_se_reconnait_encore_apres_un_changement_de_nom():
    organisme = factories.organisme()
    ada = factories.avec_role(NatureRole.TUTEUR, organisme, "Ada", "Avant")
    services.changer_nom(personne=ada.id, prenom="Ada", nom="Après", **QUAND)
    arguments = {"prenom": "ada", "nature": NatureRole.MANAGER, "organisme": organisme} | QUAND
    assert code(services.accueillir_personne, nom="APRES", **arguments) == "homonyme"
    assert services.accueillir_personne(nom="Avant", **arguments).nom == "Avant"


def test_la_fiche_se_tient_dans_son_perimetre():
    organisme = factories.organisme()
    ada = factories.avec_role(NatureRole.TUTEUR, organisme)
    ailleurs = factories.gestionnaire(factories.organisme())
    with pytest.raises(RefusDroit):
        services.changer_nom(personne=ada.id, prenom="A", nom="B", auteur=ailleurs, maintenant=MAINTENANT)
    for acteur, attendu in ((ailleurs, 404), (factories.avec_role(NatureRole.RH, organisme), 200), (ada, 403)):
        assert client(acteur).get(f"/comptes/personnes/{ada.id}/modifier/").status_code == attendu


def test_le_courriel_professionnel_change_sans_toucher_a_la_connexion():
    ada, zoe = factories.personne(), factories.personne()
    connexion = factories.compte(ada)
    services.changer_courriel_pro(personne=ada.id, courriel_pro=" Ada@Caisse.example ", **QUAND)
    arguments = {"personne": zoe.id, "courriel_pro": "ada@caisse.example"} | QUAND
    assert code(services.changer_courriel_pro, **arguments) == "courriel_deja_pris"
    assert Personne.objects.get(pk=ada.id).courriel_pro == "ada@caisse.example"
    assert Compte.objects.get(personne_id=ada.id).courriel == connexion


# Partir, revenir -----------------------------------------------------------------------------------------------------


def test_les_ressources_humaines_notent_un_depart_chez_elles_sans_retirer_ce_qu_elles_ne_pourraient_retirer():
    ici, ailleurs = factories.organisme(), factories.organisme()
    rh = factories.avec_role(NatureRole.RH, ici)
    tuteur = factories.avec_role(NatureRole.TUTEUR, ici)
    evaluateur = factories.avec_role(NatureRole.EVALUATEUR_METIER, ici)
    partir = {"auteur": rh, "maintenant": MAINTENANT, "le": JOUR}
    refus = [
        code(services.partir, personne=qui.id, organisme=lieu, **partir)
        for qui, lieu in ((tuteur, ailleurs), (tuteur, None), (evaluateur, ici))
    ]
    assert refus == ["organisme_hors_perimetre", "organisme_hors_perimetre", "role_reserve"]
    assert [selectors.droits(un, JOUR).natures for un in (tuteur, evaluateur)] == [
        (NatureRole.TUTEUR,),
        (NatureRole.EVALUATEUR_METIER,),
    ]
    depart = services.partir(personne=tuteur.id, organisme=ici, **partir).pk
    assert selectors.droits(tuteur, JOUR).natures == ()
    navigateur = client(rh)
    d_un_autre = f"/comptes/personnes/{evaluateur.id}/departs/{depart}/retour/"
    assert navigateur.post(d_un_autre, {"reprendre": "1"}).status_code == 404
    assert selectors.droits(tuteur, JOUR).natures == ()
    page = texte(navigateur.get(f"/comptes/personnes/{tuteur.id}/"))
    assert ("Noter son retour, avec ses rôles d'avant" in page, "Réunir une autre fiche" in page) == (True, False)
    sien = f"/comptes/personnes/{tuteur.id}/departs/{depart}/retour/"
    assert navigateur.post(sien, {"reprendre": "1"}).status_code == 302
    assert selectors.droits(tuteur, JOUR).natures == (NatureRole.TUTEUR,)


def test_deux_fiches_ne_se_reunissent_pas_par_les_ressources_humaines():
    ici = factories.organisme()
    rh = factories.avec_role(NatureRole.RH, ici)
    une, autre = (factories.avec_role(NatureRole.CANDIDAT, ici) for _ in range(2))
    arguments = {"alias": autre.id, "gardee": une.id, "maintenant": MAINTENANT}
    assert code(services.fusionner, auteur=rh, **arguments) == "reunion_reservee"
    services.fusionner(auteur=factories.gestionnaire(ici), **arguments)
    assert Personne.objects.get(pk=autre.id).alias_de_id == une.id


def test_partir_ferme_les_roles_de_l_organisme_au_jour_dit_et_revenir_les_redonne():
    ici, ailleurs = factories.organisme(), factories.organisme()
    ada = factories.avec_role(NatureRole.TUTEUR, ici)
    services.donner_role(personne=ada.id, nature=NatureRole.MANAGER, organisme=ailleurs, **QUAND)
    gestionnaire = factories.gestionnaire(ici)
    le = JOUR + timedelta(days=10)
    depart = services.partir(personne=ada.id, organisme=ici, le=le, auteur=gestionnaire, maintenant=MAINTENANT)
    assert services.partir(personne=ada.id, organisme=ici, le=le, auteur=gestionnaire, maintenant=MAINTENANT) == depart
    veille, jour_dit = (selectors.droits(ada, le - timedelta(days=n)).portees for n in (1, 0))
    assert (len(veille), jour_dit) == (2, (Portee(NatureRole.MANAGER, ailleurs),))
    retour = MAINTENANT + timedelta(days=30)
    arguments = {"depart": depart.pk, "le": retour.date(), "auteur": gestionnaire, "maintenant": retour}
    assert [role.nature for role in services.revenir(**arguments, reprendre=True)] == ["tuteur"]
    assert services.revenir(**arguments, reprendre=True) == ()
    assert Role.objects.filter(personne_id=ada.id, nature="tuteur").count() == 2
    assert selectors.droits(ada, retour.date()).couvre(NatureRole.TUTEUR, ici) is True


def test_un_retour_ne_redonne_que_ce_que_le_depart_a_ferme_et_jusqu_a_la_fin_prevue():
    ici = factories.organisme()
    ada, gestionnaire = factories.avec_role(NatureRole.CANDIDAT, ici), factories.gestionnaire(ici)
    jours = [JOUR + timedelta(days=n) for n in range(60)]

    def donner(nature: NatureRole, au=None, du=None) -> Role:
        return services.donner_role(personne=ada.id, nature=nature, organisme=ici, du=du, au=au, **QUAND)

    donner(NatureRole.TUTEUR, au=jours[50])
    donner(NatureRole.MANAGER, au=jours[20])  # sera fini au retour
    donner(NatureRole.JURE, du=jours[45])  # n'a pas commencé
    retire_le_meme_jour = donner(NatureRole.EVALUATEUR_METIER)
    services.retirer_role(role=retire_le_meme_jour.pk, auteur=SYSTEME, maintenant=MAINTENANT)
    depart = services.partir(personne=ada.id, organisme=ici, le=JOUR, auteur=gestionnaire, maintenant=MAINTENANT)
    retour = MAINTENANT + timedelta(days=30)
    redonnes = services.revenir(
        depart=depart.pk, le=retour.date(), auteur=gestionnaire, maintenant=retour, reprendre=True
    )
    assert {(str(role.nature), role.du, role.au) for role in redonnes} == {
        ("candidat", jours[30], None),
        ("tuteur", jours[30], jours[50]),
        ("jure", jours[45], None),
    }


def test_un_role_retire_apres_l_annonce_d_un_depart_ne_revient_pas_avec_le_retour():
    ici = factories.organisme()
    ada, gestionnaire = factories.avec_role(NatureRole.TUTEUR, ici), factories.gestionnaire(ici)
    le = JOUR + timedelta(days=10)
    depart = services.partir(personne=ada.id, organisme=ici, le=le, auteur=gestionnaire, maintenant=MAINTENANT)
    tuteur, apres = Role.objects.get(personne_id=ada.id).pk, MAINTENANT + timedelta(days=3)
    services.retirer_role(role=tuteur, auteur=gestionnaire, maintenant=apres)
    retour = MAINTENANT + timedelta(days=30)
    arguments = {"depart": depart.pk, "le": retour.date(), "auteur": gestionnaire, "maintenant": retour}
    assert services.revenir(**arguments, reprendre=True) == []
    assert selectors.droits(ada, retour.date()).portees == ()


def test_un_depart_ne_se_note_ni_pour_le_passe_ni_deux_fois_ni_ailleurs():
    ici = factories.organisme()
    ada = factories.avec_role(NatureRole.TUTEUR, ici)
    arguments = {"personne": ada.id, "organisme": ici} | QUAND
    assert code(services.partir, le=JOUR - timedelta(days=1), **arguments) == "depart_passe"
    services.partir(le=JOUR, **arguments)
    assert code(services.partir, le=JOUR + timedelta(days=1), **arguments) == "depart_deja_note"
    with pytest.raises(RefusDroit):
        services.partir(**arguments | {"auteur": factories.gestionnaire(factories.organisme()), "le": JOUR})


# Deux fiches ---------------------------------------------------------------------------------------------------------


def paire(organisme, *, alias_compte: bool = False, gardee_compte: bool = False) -> tuple[Acteur, Acteur]:
    alias = factories.avec_role(NatureRole.TUTEUR, organisme, "Ada", "Élan")
    gardee = factories.avec_role(NatureRole.MANAGER, organisme, "Ada", "Elan-Roy")
    for acteur, voulu in ((alias, alias_compte), (gardee, gardee_compte)):
        if voulu:
            factories.compte(acteur)
    return alias, gardee


def reunir(alias: Acteur, gardee: Acteur, **changements):
    services.fusionner(**{"alias": alias.id, "gardee": gardee.id} | QUAND | changements)


def test_deux_fiches_reunies_n_en_font_plus_qu_une_partout_et_le_journal_garde_les_deux():
    organisme = factories.organisme()
    alias, gardee = paire(organisme)
    entrees = list(Entree.objects.order_by("pk").values_list("pk", "auteur_id", "donnees", "empreinte"))
    reunir(alias, gardee)
    reunir(alias, gardee)
    assert selectors.noms(SYSTEME, [alias.id, gardee.id]) == dict.fromkeys((alias.id, gardee.id), "Ada Elan-Roy")
    assert [p.pk for p in selectors.personnes(SYSTEME, JOUR, "elan")] == [gardee.id]
    assert selectors.droits(gardee, JOUR).natures == (NatureRole.TUTEUR, NatureRole.MANAGER)
    assert selectors.droits(alias, JOUR).portees == ()
    ensemble = frozenset({alias.id, gardee.id})
    seule = factories.personne()
    assert selectors.identites(SYSTEME, [alias.id, gardee.id, seule.id]) == {
        alias.id: ensemble,
        gardee.id: ensemble,
        seule.id: frozenset({seule.id}),
    }
    avant = Entree.objects.filter(pk__in=[pk for pk, *_ in entrees]).order_by("pk")
    assert list(avant.values_list("pk", "auteur_id", "donnees", "empreinte")) == entrees
    assert Entree.objects.filter(action="comptes.fiches_reunies").count() == 1


def test_trois_fiches_se_reunissent_l_une_apres_l_autre():
    organisme = factories.organisme()
    alias, gardee = paire(organisme)
    derniere = factories.avec_role(NatureRole.MANAGER, organisme, "Ada", "Troisième")
    reunir(alias, gardee)
    reunir(gardee, derniere)
    ensemble = frozenset({alias.id, gardee.id, derniere.id})
    assert set(selectors.identites(SYSTEME, ensemble).values()) == {ensemble}
    assert set(selectors.noms(SYSTEME, ensemble).values()) == {"Ada Troisième"}
    with pytest.raises(Introuvable):
        selectors.apercu_fusion(SYSTEME, alias.id, derniere.id, JOUR)


def test_deux_comptes_actifs_demandent_de_choisir_celui_qui_reste():
    alias, gardee = paire(factories.organisme(), alias_compte=True, gardee_compte=True)
    ouvert = client(alias)
    assert code(reunir, alias=alias, gardee=gardee) == "deux_comptes"
    assert ouvert.get("/", follow=False).status_code == 200
    reunir(alias, gardee, fermer_compte=True)
    assert ouvert.get("/", follow=False).status_code == 302  # sa session n'ouvre plus rien
    assert list(Compte.objects.filter(is_active=True).values_list("personne_id", flat=True)) == [gardee.id]


def test_on_garde_la_fiche_qui_se_connecte():
    alias, gardee = paire(factories.organisme(), alias_compte=True)
    assert code(reunir, alias=alias, gardee=gardee) == "fusion_impossible"
    reunir(gardee, alias)
    assert selectors.nom(SYSTEME, gardee.id) == "Ada Élan"


def test_on_ne_reunit_que_des_fiches_dont_on_pourrait_donner_chaque_role():
    ici = factories.organisme()
    alias, gardee = paire(ici)
    services.donner_role(personne=alias.id, nature=NatureRole.TUTEUR, organisme=factories.organisme(), **QUAND)
    with pytest.raises(RefusDroit):
        reunir(alias, gardee, auteur=factories.gestionnaire(ici))
    assert Personne.objects.exclude(alias_de=None).count() == 0


def roles_de(acteur: Acteur) -> list[tuple[date, date | None]]:
    return list(
        Role.objects.filter(personne_id=acteur.id, nature=NatureRole.TUTEUR).order_by("du").values_list("du", "au")
    )


@pytest.mark.parametrize(
    ("siens", "deja", "attendu"),
    [
        ((0, 60), (0, 30), [(0, 30), (30, 60)]),
        ((0, None), (0, 30), [(0, 30), (30, None)]),
        ((0, 30), (0, None), [(0, None)]),
        ((0, 30), (20, None), [(0, 20), (20, None)]),
        ((0, None), (20, 40), [(0, 20), (20, 40), (40, None)]),
        ((10, 50), (20, 40), [(10, 20), (20, 40), (40, 50)]),
        ((20, 40), (10, 20), [(10, 20), (20, 40)]),
    ],
)
def test_reunies_la_fiche_gardee_tient_le_role_tous_les_jours_ou_l_une_des_deux_le_tenait(siens, deja, attendu):
    organisme, (alias, gardee) = factories.organisme(), (factories.personne(), factories.personne())

    def jour(ecart: int | None) -> date | None:
        return None if ecart is None else JOUR + timedelta(days=ecart)

    for qui, (du, au) in ((alias, siens), (gardee, deja)):
        perimetre = {"personne": qui.id, "nature": NatureRole.TUTEUR, "organisme": organisme}
        services.donner_role(**perimetre, du=jour(du), au=jour(au), **QUAND)
    reunir(alias, gardee)
    assert roles_de(gardee) == [(jour(du), jour(au)) for du, au in attendu]
    assert [du == au for du, au in roles_de(alias)] == [True]


def test_un_role_a_venir_compte_pour_qui_veut_reunir():
    ici = factories.organisme()
    alias, gardee = paire(ici)
    demain = JOUR + timedelta(days=1)
    services.donner_role(personne=alias.id, nature=NatureRole.ADMINISTRATEUR, organisme=None, du=demain, **QUAND)
    with pytest.raises(RefusDroit):
        reunir(alias, gardee, auteur=factories.gestionnaire(ici))
    assert Personne.objects.exclude(alias_de=None).count() == 0


def test_la_page_montre_l_apercu_avant_de_reunir():
    ici = factories.organisme()
    alias, gardee = paire(ici, alias_compte=True, gardee_compte=True)
    ouvert = client(factories.gestionnaire(ici))
    adresse = f"/comptes/personnes/{gardee.id}/reunir/"
    page = texte(ouvert.post(adresse, {"autre": str(alias.id), "apercu": "1"}))
    assert "Rôle « Tuteur » : il passe à la fiche gardée." in page
    assert 'name="fermer_compte" value="on"' in page
    assert Personne.objects.exclude(alias_de=None).count() == 0
    reponse = ouvert.post(adresse, {"autre": str(alias.id), "confirmer": "1", "fermer_compte": "on"})
    assert reponse.headers["Location"] == f"/comptes/personnes/{gardee.id}/"
    assert ouvert.get(f"/comptes/personnes/{alias.id}/").status_code == 404
    assert ouvert.post(adresse, {"autre": str(gardee.id), "apercu": "1"}).status_code == 422
