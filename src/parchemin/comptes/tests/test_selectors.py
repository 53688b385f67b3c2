"""Les lectures : ordre français, recherche sans accents, périmètres, droits du jour."""

from __future__ import annotations

from datetime import date

import pytest

from parchemin.comptes import selectors, services
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.models import Organisme
from parchemin.comptes.selectors import AUCUN_DROIT, Droits, Portee
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Introuvable

pytestmark = pytest.mark.django_db

JOUR = date(2026, 11, 24)
DANS_LE_DESORDRE = ("Zoé", "Nguyễn", "Élan", "d'Arc", "Œuvrard", "Abel")
EN_ORDRE = ["Abel", "d'Arc", "Élan", "Nguyễn", "Œuvrard", "Zoé"]


def noms(lignes) -> list[str]:
    return [ligne.nom for ligne in lignes]


# L'ordre et la recherche, par de vraies requêtes ---------------------------------------------------------------------


def test_les_noms_se_rangent_a_la_francaise():
    for nom in DANS_LE_DESORDRE:
        factories.personne("Ada", nom)
    assert noms(selectors.personnes(SYSTEME, JOUR)) == EN_ORDRE


def test_a_nom_egal_le_prenom_departage_et_un_nom_court_passe_avant_son_prolongement():
    for prenom, nom in (("Zoé", "Durand"), ("Élan", "Durand"), ("Abel", "Durande"), ("Abel", "Durand")):
        factories.personne(prenom, nom)
    rangees = [str(ligne) for ligne in selectors.personnes(SYSTEME, JOUR)]
    assert rangees == ["Abel Durand", "Élan Durand", "Zoé Durand", "Abel Durande"]


def test_les_organismes_se_rangent_a_la_francaise():
    for nom in DANS_LE_DESORDRE:
        factories.organisme(nom)
    assert noms(selectors.organismes(SYSTEME, JOUR)) == EN_ORDRE


@pytest.mark.parametrize(
    ("cherche", "trouve"),
    [
        ("elan", ["Élan"]),
        ("ÉLAN", ["Élan"]),
        ("oeuvrard", ["Œuvrard"]),
        ("œuvr", ["Œuvrard"]),
        ("nguyen", ["Nguyễn"]),
        ("d'arc", ["d'Arc"]),
        ("arc", ["d'Arc"]),
        ("darc", ["d'Arc"]),
        ("zoe ada", ["Zoé"]),
        ("ada zoe", ["Zoé"]),
        ("zoe abel", []),
        ("  ", EN_ORDRE),
        ("%", EN_ORDRE),
        ("_", EN_ORDRE),
    ],
)
def test_la_recherche_ignore_accents_casse_et_ordre_des_mots(cherche, trouve):
    for nom in DANS_LE_DESORDRE:
        factories.personne("Ada", nom)
    assert noms(selectors.personnes(SYSTEME, JOUR, recherche=cherche)) == trouve


# Les droits du jour --------------------------------------------------------------------------------------------------


def test_sans_acteur_ou_sans_role_on_n_a_aucun_droit():
    assert selectors.droits(None, JOUR) == AUCUN_DROIT
    acteur = factories.personne()
    assert selectors.droits(acteur, JOUR) == Droits(acteur)


def test_le_systeme_administre_et_gere_partout_mais_n_atteste_ni_ne_juge():
    assert selectors.droits(SYSTEME, JOUR).natures == (NatureRole.ADMINISTRATEUR, NatureRole.GESTIONNAIRE)


def test_un_role_vaut_du_premier_jour_a_la_veille_du_dernier():
    organisme = factories.organisme()
    acteur = factories.avec_role(NatureRole.TUTEUR, organisme, du=date(2026, 3, 1))
    assert selectors.droits(acteur, date(2026, 2, 28)).natures == ()
    portee = Portee(NatureRole.TUTEUR, organisme)
    assert selectors.droits(acteur, date(2026, 3, 1)).portees == (portee,)
    (role,) = selectors.personne(SYSTEME, acteur.id, JOUR).roles
    services.retirer_role(role=role.id, auteur=SYSTEME, maintenant=JADIS.replace(year=2026, month=11, day=10))
    assert selectors.droits(acteur, date(2026, 11, 9)).portees == (portee,)
    assert selectors.droits(acteur, date(2026, 11, 10)).portees == ()


def test_couvre_distingue_partout_un_organisme_et_un_autre():
    ici, ailleurs = factories.organisme(), factories.organisme()
    local = selectors.droits(factories.gestionnaire(ici), JOUR)
    partout = selectors.droits(factories.gestionnaire(), JOUR)
    cas = (ici, ailleurs, None)
    assert [local.couvre(NatureRole.GESTIONNAIRE, organisme) for organisme in cas] == [True, False, False]
    assert [partout.couvre(NatureRole.GESTIONNAIRE, organisme) for organisme in cas] == [True, True, True]
    assert local.organismes(NatureRole.GESTIONNAIRE) == {ici}
    assert partout.organismes(NatureRole.GESTIONNAIRE) == frozenset()


def test_les_roles_ouverts_d_une_personne_se_lisent_par_nature():
    ici = factories.organisme()
    double = factories.avec_role(NatureRole.TUTEUR, ici)
    services.donner_role(
        personne=double.id, nature=NatureRole.MANAGER, organisme=None, auteur=SYSTEME, maintenant=JADIS
    )
    assert selectors.roles_ouverts(SYSTEME, double.id, NatureRole.TUTEUR, JOUR) == (Portee(NatureRole.TUTEUR, ici),)
    assert selectors.roles_ouverts(SYSTEME, double.id, NatureRole.EVALUATEUR_METIER, JOUR) == ()


# Les périmètres ------------------------------------------------------------------------------------------------------


def test_un_gestionnaire_ne_voit_que_les_personnes_et_les_organismes_qu_il_gere():
    ici, ailleurs = factories.organisme("Ici"), factories.organisme("Ailleurs")
    gestionnaire = factories.gestionnaire(ici)
    factories.avec_role(NatureRole.TUTEUR, ici, nom="Dedans")
    factories.avec_role(NatureRole.TUTEUR, ailleurs, nom="Dehors")
    factories.personne("Ada", "Sans rôle")
    vus = [ligne.nom for ligne in selectors.personnes(gestionnaire, JOUR, recherche="ada")]
    assert vus == ["Dedans"]
    assert noms(selectors.organismes(gestionnaire, JOUR)) == ["Ici"]


def test_qui_n_est_ni_gestionnaire_ni_administrateur_ne_voit_personne():
    tuteur = factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    assert list(selectors.personnes(tuteur, JOUR)) == []
    assert list(selectors.organismes(tuteur, JOUR)) == []


def test_un_role_tenu_dans_un_autre_organisme_ne_se_montre_pas():
    ici, ailleurs = factories.organisme("Ici"), factories.organisme("Ailleurs")
    double = factories.avec_role(NatureRole.TUTEUR, ici)
    services.donner_role(
        personne=double.id, nature=NatureRole.MANAGER, organisme=ailleurs, auteur=SYSTEME, maintenant=JADIS
    )
    vue = selectors.personne(factories.gestionnaire(ici), double.id, JOUR)
    assert [(role.nature, role.organisme) for role in vue.roles] == [(NatureRole.TUTEUR, ici)]
    tout = selectors.personne(SYSTEME, double.id, JOUR)
    assert [(role.nature, role.organisme) for role in tout.roles] == [
        (NatureRole.MANAGER, ailleurs),
        (NatureRole.TUTEUR, ici),
    ]


def test_une_personne_hors_perimetre_est_introuvable():
    dehors = factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    with pytest.raises(Introuvable):
        selectors.personne(factories.gestionnaire(factories.organisme()), dehors.id, JOUR)


def test_on_filtre_par_role_et_par_organisme():
    ici, ailleurs = factories.organisme(), factories.organisme()
    factories.avec_role(NatureRole.TUTEUR, ici, nom="Tuteur ici")
    factories.avec_role(NatureRole.MANAGER, ici, nom="Manager ici")
    factories.avec_role(NatureRole.TUTEUR, ailleurs, nom="Tuteur ailleurs")
    tuteurs = [NatureRole.TUTEUR]
    assert noms(selectors.personnes(SYSTEME, JOUR, natures=tuteurs)) == ["Tuteur ailleurs", "Tuteur ici"]
    assert noms(selectors.personnes(SYSTEME, JOUR, natures=tuteurs, organisme=ici)) == ["Tuteur ici"]
    assert noms(selectors.personnes(SYSTEME, JOUR, organisme=ici)) == ["Manager ici", "Tuteur ici"]


def test_la_liste_dit_qui_a_un_compte_actif():
    avec, sans, ferme = (factories.avec_role(NatureRole.TUTEUR, None, nom=nom) for nom in ("Avec", "Sans", "Fermé"))
    factories.compte(avec)
    factories.compte(ferme)
    services.desactiver_compte(personne=ferme.id, auteur=SYSTEME, maintenant=JADIS)
    vues = [selectors.vue_personne(ligne) for ligne in selectors.personnes(SYSTEME, JOUR)]
    assert [(vue.nom, vue.a_un_compte) for vue in vues] == [
        ("Ada Avec", True),
        ("Ada Fermé", False),
        ("Ada Sans", False),
    ]
    assert selectors.courriel_de_connexion(SYSTEME, ferme.id) == ""
    assert sans.id in {vue.id for vue in vues}


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_des_personnes_coute_deux_requetes(nombre, django_assert_num_queries):
    for _ in range(nombre):
        factories.avec_role(NatureRole.TUTEUR, factories.organisme())
    with django_assert_num_queries(2):  # les personnes, leurs rôles (le système n'a pas de droits à lire)
        assert len([selectors.vue_personne(ligne) for ligne in selectors.personnes(SYSTEME, JOUR)]) == nombre


# Les noms ------------------------------------------------------------------------------------------------------------


def test_les_noms_d_inconnus_manquent_sans_erreur_sauf_quand_on_en_demande_un():
    connu, inconnu = factories.personne("Zoé", "Œuvrard"), factories.organisme()
    assert selectors.noms(connu, [connu.id, inconnu]) == {connu.id: "Zoé Œuvrard"}
    assert selectors.nom(connu, connu.id) == "Zoé Œuvrard"
    with pytest.raises(Introuvable):
        selectors.nom(connu, inconnu)


def test_les_tenants_d_un_role_se_lisent_au_dela_du_perimetre_et_par_leur_seul_nom():
    lointain = factories.avec_role(NatureRole.EVALUATEUR_METIER, factories.organisme(), "Zoé", "Élan")
    factories.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, None, "Ada", "Abel")
    proche = factories.avec_role(NatureRole.EVALUATEUR_METIER, None, "Ada", "d'Arc")
    gestionnaire = factories.gestionnaire(factories.organisme())
    assert list(selectors.tenants_du_role(gestionnaire, NatureRole.EVALUATEUR_METIER, JOUR).items()) == [
        (proche.id, "Ada d'Arc"),
        (lointain.id, "Zoé Élan"),
    ]


def test_l_administrateur_existe_des_qu_un_role_est_ouvert():
    assert selectors.administrateur_existe(SYSTEME, JOUR) is False
    factories.avec_role(NatureRole.ADMINISTRATEUR)
    assert selectors.administrateur_existe(SYSTEME, JOUR) is True


def test_l_invitation_ouverte_montre_de_quoi_accueillir_et_rien_une_fois_close():
    personne = factories.personne("Zoé", "Élan")
    emise = services.inviter(personne=personne.id, courriel="Zoe@Caisse.example", auteur=SYSTEME, maintenant=JADIS)
    ouverte = selectors.invitation_ouverte(emise.jeton, JADIS)
    assert ouverte is not None
    assert (ouverte.prenom, ouverte.nom, ouverte.courriel) == ("Zoé", "Élan", "zoe@caisse.example")
    assert selectors.invitation_ouverte(emise.jeton, emise.expire) is None
    assert selectors.invitation_ouverte(f"{emise.jeton}x", JADIS) is None


def test_hors_ligne_est_permis_sauf_si_l_organisme_dit_non():
    permis, refuse = factories.organisme(), factories.organisme()
    Organisme.objects.filter(pk=refuse).update(hors_ligne=False)
    vus = [selectors.hors_ligne_permis(SYSTEME, cle) for cle in (permis, refuse, SYSTEME.id)]
    assert vus == [True, False, False]
