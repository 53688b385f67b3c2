"""Les liens datés : déclarer, clore, corriger, annuler ; l'histoire reste ; la hiérarchie se lit de proche en proche."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from moteur.lignee import Periode, Rattachement, lignee
from parchemin.comptes import selectors, services
from parchemin.comptes.enums import GenreDeLien, NatureRole
from parchemin.comptes.models import Delegation, Lien, Role
from parchemin.comptes.tests import factories
from parchemin.comptes.tests.factories import JADIS
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

DU, AU = date(2026, 1, 1), date(2026, 6, 1)


def declarer(
    de: Acteur,
    vers: Acteur,
    genre: GenreDeLien = GenreDeLien.HIERARCHIQUE,
    du: date | None = None,
    au: date | None = None,
    *,
    auteur: Acteur = SYSTEME,
    maintenant: datetime = JADIS,
    **autres: object,
) -> Lien:
    return services.declarer_lien(
        de=de.id, vers=vers.id, genre=genre, du=du, au=au, auteur=auteur, maintenant=maintenant, **autres
    )


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


def test_un_lien_se_lit_des_deux_cotes_et_a_sa_date():
    camille, maud = factories.personne("Camille"), factories.personne("Maud")
    lien = declarer(camille, maud, du=DU, au=AU)
    for qui, autre in ((camille, maud), (maud, camille)):
        (vue,) = selectors.liens_de(SYSTEME, qui.id)
        assert (vue.id, vue.genre, vue.periode, vue.autre(qui.id)) == (
            lien.pk,
            GenreDeLien.HIERARCHIQUE,
            Periode(DU, AU),
            autre.id,
        )
    lus = [len(selectors.liens_a_la_date(SYSTEME, camille.id, jour)) for jour in (DU - timedelta(days=1), DU, AU)]
    assert lus == [0, 1, 0]


def test_redire_ne_change_rien_et_un_autre_genre_est_un_autre_lien():
    camille, maud = factories.personne(), factories.personne()
    premier = declarer(camille, maud, du=DU)
    assert declarer(camille, maud, du=DU).pk == premier.pk
    declarer(camille, maud, GenreDeLien.PERSONNEL)
    assert Lien.objects.count() == 2


def test_clore_et_corriger_ecrivent_une_ligne_de_plus_et_l_histoire_reste():
    camille, maud = factories.personne(), factories.personne()
    premier = declarer(camille, maud, du=DU)
    clos = services.clore_lien(lien=premier.pk, au=AU, auteur=SYSTEME, maintenant=JADIS)
    with refus("lien_deja_remplace"):
        services.clore_lien(lien=premier.pk, au=AU, auteur=SYSTEME, maintenant=JADIS)
    corrige = services.corriger_lien(
        lien=clos.pk, du=DU, au=AU + timedelta(days=1), motif="Un jour plus tard", auteur=SYSTEME, maintenant=JADIS
    )
    redit = services.corriger_lien(
        lien=corrige.pk, du=DU, au=AU + timedelta(days=1), motif="", auteur=SYSTEME, maintenant=JADIS
    )
    assert redit.pk == corrige.pk
    assert [vue.id for vue in selectors.liens_de(SYSTEME, camille.id)] == [corrige.pk]
    assert [vue.id for vue in selectors.histoire_du_lien(SYSTEME, corrige.pk)] == [corrige.pk, clos.pk, premier.pk]
    with refus("motif_manquant"):
        services.annuler_lien(lien=corrige.pk, motif=" ", auteur=SYSTEME, maintenant=JADIS)
    services.annuler_lien(lien=corrige.pk, motif="Mauvaise personne", auteur=SYSTEME, maintenant=JADIS)
    assert selectors.liens_de(SYSTEME, camille.id) == ()
    assert Lien.objects.count() == 4


@pytest.mark.parametrize("ecriture", ["UPDATE {} SET au = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_un_lien_ecrit_ne_bouge_plus(ecriture):
    declarer(factories.personne(), factories.personne())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute(ecriture.format(Lien._meta.db_table))
    assert Lien.objects.count() == 1


def test_ce_qu_un_lien_refuse():
    camille, maud = factories.personne(), factories.personne()
    with refus("lien_avec_soi"):
        declarer(camille, camille)
    with refus("dates_en_desordre"):
        declarer(camille, maud, du=AU, au=AU)
    with refus("dossier_manquant"):
        declarer(camille, maud, GenreDeLien.DELIBERATION_ANNULEE)
    with pytest.raises(Introuvable):
        declarer(camille, Acteur(uuid4()))
    with pytest.raises(Introuvable):
        services.clore_lien(lien=uuid4(), au=AU, auteur=SYSTEME, maintenant=JADIS)
    assert Lien.objects.count() == 0


def test_un_lien_entre_deux_fiches_reunies_depuis_se_corrige_encore():
    """Les deux bouts ont été réunis à d'autres fiches : qui gère la personne gardée tient toujours ce lien."""
    ici = factories.organisme()
    camille, maud = factories.personne("Camille"), factories.personne("Maud")
    lien = declarer(camille, maud, du=DU)
    for alias in (camille, maud):
        gardee = factories.avec_role(NatureRole.TUTEUR, ici)
        services.fusionner(alias=alias.id, gardee=gardee.id, auteur=SYSTEME, maintenant=JADIS)
    for auteur, attendu in (
        (factories.gestionnaire(factories.organisme()), RefusDroit),
        (factories.gestionnaire(ici), None),
    ):
        acte = {"lien": lien.pk, "au": AU, "auteur": auteur, "maintenant": JADIS}
        if attendu is not None:
            with pytest.raises(attendu):
                services.clore_lien(**acte)
        else:
            assert services.clore_lien(**acte).au == AU


def test_d_un_lien_personnel_rien_d_autre_n_est_garde():
    lien = declarer(
        factories.personne(),
        factories.personne(),
        GenreDeLien.PERSONNEL,
        session="mariage",
        blocs=["B1"],
        dossier=uuid4(),
    )
    assert (lien.session, lien.blocs, lien.dossier) == ("", [], None)


def test_le_journal_ne_porte_pas_en_clair_le_genre_d_un_lien():
    """Qu'un lien soit personnel s'efface avec les valeurs personnelles ; la chaîne, elle, ne s'efface pas."""
    lien = declarer(factories.personne(), factories.personne(), GenreDeLien.PERSONNEL)
    services.annuler_lien(lien=lien.pk, motif="Saisi à tort", auteur=SYSTEME, maintenant=JADIS)
    entrees = list(Entree.objects.filter(objet_type="lien").order_by("rang"))
    assert [sorted(e.donnees) for e in entrees] == [["annule", "au", "du", "liee_a", "personne", "remplace"]] * 2
    valeurs = [sorted(e.valeurs.values_list("nom", "valeur")) for e in entrees]
    assert valeurs == [[("genre", "personnel")], [("genre", "personnel"), ("motif", "Saisi à tort")]]


def test_une_formation_garde_sa_session_et_ses_blocs():
    lien = declarer(
        factories.personne(),
        factories.personne(),
        GenreDeLien.FORMATION,
        session=" Printemps  2026 ",
        blocs=["B3", "B1"],
    )
    assert (lien.session, lien.blocs) == ("Printemps 2026", ["B1", "B3"])


def test_le_gestionnaire_lie_les_siens_et_eux_seuls():
    organisme, autre = factories.organisme(), factories.organisme()
    gestionnaire = factories.gestionnaire(organisme)
    sien = factories.avec_role(NatureRole.CANDIDAT, organisme)
    ailleurs = factories.avec_role(NatureRole.CANDIDAT, autre)
    evaluateur = factories.avec_role(NatureRole.EVALUATEUR_METIER, autre)
    maintenant = JADIS + timedelta(days=1)
    lien = declarer(sien, evaluateur, auteur=gestionnaire, maintenant=maintenant)
    with pytest.raises(RefusDroit) as erreur:
        declarer(ailleurs, evaluateur, auteur=gestionnaire, maintenant=maintenant)
    assert erreur.value.code == "lien_hors_perimetre"
    with pytest.raises(RefusDroit) as erreur:
        declarer(sien, ailleurs, auteur=sien, maintenant=maintenant)
    assert erreur.value.code == "comptes_reserves"
    etranger = factories.gestionnaire(factories.organisme())
    with pytest.raises(RefusDroit):
        services.clore_lien(lien=lien.pk, au=AU, auteur=etranger, maintenant=maintenant)
    assert Lien.objects.count() == 1


def test_on_declare_un_lien_qui_nous_touche_et_on_ne_l_efface_pas():
    organisme, maintenant = factories.organisme(), JADIS + timedelta(days=1)
    gestionnaire, collegue = factories.gestionnaire(organisme), factories.gestionnaire(organisme)
    camille = factories.avec_role(NatureRole.CANDIDAT, organisme)
    ancienne = factories.avec_role(NatureRole.TUTEUR, organisme)
    services.fusionner(alias=ancienne.id, gardee=gestionnaire.id, auteur=SYSTEME, maintenant=JADIS)
    absent = Acteur(collegue.id, par_delegation_de=gestionnaire.id)
    siens = [
        declarer(camille, gestionnaire, auteur=gestionnaire, maintenant=maintenant),
        declarer(gestionnaire, camille),
        declarer(camille, ancienne, GenreDeLien.FORMATION),
    ]
    quand = {"maintenant": maintenant}
    for lien in siens:
        for geste in (
            lambda qui, lien=lien: services.annuler_lien(lien=lien.pk, motif="À tort", auteur=qui, **quand),
            lambda qui, lien=lien: services.clore_lien(lien=lien.pk, au=AU, auteur=qui, **quand),
            lambda qui, lien=lien: services.corriger_lien(lien=lien.pk, du=DU, au=AU, motif="", auteur=qui, **quand),
        ):
            with refus("cause_propre"):
                geste(gestionnaire)
    assert Lien.objects.count() == 3
    role = Role.objects.get(personne_id=gestionnaire.id, nature=NatureRole.GESTIONNAIRE)
    Delegation.objects.create(
        delegue_id=collegue.id, role=role, du=JADIS.date(), au=JADIS.date() + timedelta(days=9), donnee_le=JADIS
    )
    with refus("cause_propre"):
        services.annuler_lien(lien=siens[0].pk, motif="À tort", auteur=absent, **quand)
    services.annuler_lien(lien=siens[0].pk, motif="À tort", auteur=collegue, **quand)
    assert Lien.objects.filter(annule=True).count() == 1


def test_on_trouve_a_lier_les_siens_et_qui_peut_juger():
    organisme = factories.organisme()
    gestionnaire = factories.gestionnaire(organisme)
    sien = factories.avec_role(NatureRole.CANDIDAT, organisme, "Alba", "Zeste")
    juge = factories.avec_role(NatureRole.JURE, factories.organisme(), "Alba", "Zénith")
    factories.avec_role(NatureRole.CANDIDAT, factories.organisme(), "Alba", "Zinc")
    jour = date(2026, 1, 5)
    assert selectors.personnes_a_lier(gestionnaire, jour, "alba z") == (
        (juge.id, "Alba Zénith"),
        (sien.id, "Alba Zeste"),
    )
    assert selectors.personnes_a_lier(gestionnaire, jour, "  ") == ()


# La hiérarchie -------------------------------------------------------------------------------------------------------


def test_la_requete_ramene_de_quoi_suivre_toute_la_chaine_et_une_boucle_s_arrete(django_assert_num_queries):
    a, b, c, d, e, hors = (factories.personne() for _ in range(6))
    declarer(a, b, du=DU)
    declarer(b, c)
    declarer(c, a)  # une boucle, saisie par erreur
    declarer(d, a)
    declarer(e, d)
    declarer(hors, b)  # un collègue : il a le même responsable, rien de plus
    with django_assert_num_queries(1):
        maillons = selectors.rattachements(SYSTEME, [a.id])
    places = {(rang.personne, rang.degre) for rang in lignee(maillons, str(a.id))}
    dessus = {(str(b.id), 1), (str(c.id), 2)}
    dessous = {(str(c.id), -1), (str(d.id), -1), (str(b.id), -2), (str(e.id), -2), (str(hors.id), -3)}
    assert places == dessus | dessous  # la boucle met aussi b, donc le collègue, sous a


@pytest.mark.parametrize("graine", range(12))
def test_la_requete_suffit_a_la_lignee_quel_que_soit_le_graphe(graine):
    """L'oracle : la lignée lue sur tous les rattachements de la base, chaque fiche réunie remplacée par celle qui la garde."""
    hasard = Random(graine)
    gens = [factories.personne() for _ in range(8)]
    tetes = {un.id: un.id for un in gens}
    bornes = [None, DU, date(2026, 3, 1), AU]
    tous = []
    for _ in range(12):
        if hasard.random() < 0.25:
            alias, gardee = hasard.sample(sorted(set(tetes.values())), 2)
            services.fusionner(alias=alias, gardee=gardee, auteur=SYSTEME, maintenant=JADIS)
            tetes = {fiche: gardee if tete == alias else tete for fiche, tete in tetes.items()}
        de, vers = hasard.sample(gens, 2)
        du, au = hasard.choice(bornes), hasard.choice(bornes)
        if du and au and du >= au:
            continue
        if tetes[de.id] == tetes[vers.id]:
            with refus("lien_avec_soi"):
                declarer(de, vers, du=du, au=au)
            continue
        lien = declarer(de, vers, du=du, au=au)
        if hasard.random() < 0.2:
            services.annuler_lien(lien=lien.pk, motif="Essai", auteur=SYSTEME, maintenant=JADIS)
        tous.append((lien.pk, de.id, vers.id, Periode(du, au)))
    annules = set(Lien.objects.filter(annule=True).values_list("remplace_id", flat=True))
    valant = {
        Rattachement(str(tetes[de]), str(tetes[vers]), periode) for pk, de, vers, periode in tous if pk not in annules
    }
    for fiche, tete in tetes.items():
        lus = {_place(r) for r in lignee(selectors.rattachements(SYSTEME, [fiche]), str(tete))}
        assert lus == {_place(r) for r in lignee(sorted(valant, key=str), str(tete))}


def _place(rang) -> tuple[UUID, bool, Periode]:
    return UUID(rang.personne), rang.degre > 0, rang.periode
