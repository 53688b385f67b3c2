"""Nul n'est à deux endroits à la fois : ce que le service dit, ce que la base tient, et deux gestionnaires en même temps."""

from __future__ import annotations

import threading
from datetime import time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import GenreDeclare, Qualite
from parchemin.convocations.models import Epreuve, Occupation
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION
from parchemin.convocations.tests.gestes import refus
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.refus import Refus

UNE_HEURE = timedelta(hours=1)


def paire():
    return (
        comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Hugo"),
        comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, prenom="Salomé"),
    )


def affecter(epreuve, deux, auteur=SYSTEME, **champs):
    services.affecter_evaluateurs(
        epreuve=epreuve,
        metier=deux[0].id,
        certificateur=deux[1].id,
        auteur=auteur,
        **{"maintenant": PLANIFICATION} | champs,
    )


def tenus(epreuve) -> set:
    lignes = Occupation.objects.filter(epreuve=epreuve)
    return {(o.personne_id or o.salle_id, o.debut, o.fin) for o in lignes}


def pourquoi(appel) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(Refus) as erreur:
        appel()
    return erreur.value.code, erreur.value.details


@pytest.mark.django_db
def test_une_epreuve_en_salle_occupe_la_salle_et_ses_gens_le_temps_de_ses_phases():
    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme))
    epreuve, deux = factories.en_salle(monde, "B3", salle), paire()
    plage = (JOUR, JOUR + timedelta(minutes=20 + 15 + 10))
    assert tenus(epreuve) == {(salle, *plage), (monde.candidat.id, *plage)}
    vue = selectors.epreuve_par_id(SYSTEME, epreuve)
    assert (vue.duree, vue.fin, vue.salle, vue.lieu) == (45, plage[1], salle, "Salle 1, Site de Lille")
    affecter(epreuve, deux)
    gens = {(qui.id, *plage) for qui in (monde.candidat, *deux)}
    assert tenus(epreuve) == {(salle, *plage), *gens}
    services.annuler_epreuve(epreuve=epreuve, motif="Grève", auteur=monde.gestionnaire, maintenant=PLANIFICATION)
    assert tenus(epreuve) == set()


@pytest.mark.django_db
def test_une_salle_prise_une_personne_prise_se_refusent_en_disant_par_quoi():
    monde, deux = carnet.complet(("B3", "B4")), paire()
    lille = factories.site(monde.organisme)
    une, autre = factories.piece(lille), factories.piece(lille, "Salle 2")
    tenue = factories.en_salle(monde, "B3", une)
    affecter(tenue, deux)
    candidat = selectors.epreuve_par_id(SYSTEME, tenue).dossier.candidat_nom
    par = f"par le bloc 3 de {candidat}, de 10\xa0h\xa000 à 10\xa0h\xa045"
    assert pourquoi(lambda: factories.en_salle(monde, "B4", une)) == (
        "conflit",
        (f"Salle 1 (Site de Lille) est déjà prise {par}.", f"{candidat} est déjà pris {par}."),
    )
    second = carnet.complet(("B3",))
    voisine = services.planifier_epreuve(
        dossier=second.dossier, bloc="B3", prevue_le=JOUR, salle=autre, auteur=SYSTEME, maintenant=PLANIFICATION
    )
    code, details = pourquoi(lambda: affecter(voisine, deux))
    assert (code, len(details)) == ("conflit", 2)
    assert details[0].endswith(f"est déjà pris {par}.")
    apres = factories.en_salle(monde, "B4", une, JOUR + timedelta(minutes=45))
    assert Epreuve.objects.get(pk=apres).etat == "a_planifier"


@pytest.mark.django_db
def test_ce_qui_tient_une_salle_partagee_ne_se_nomme_pas_a_un_autre_organisme():
    monde, autre = carnet.complet(("B3",)), carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme, partage=True))
    factories.en_salle(monde, "B3", salle)
    assert pourquoi(lambda: factories.en_salle(autre, "B3", salle)) == (
        "conflit",
        ("Salle 1 (Site de Lille) est déjà prise à cette heure.",),
    )


@pytest.mark.django_db
def test_un_avertissement_se_lit_puis_se_passe_et_le_journal_le_garde():
    from parchemin.registre.models import Entree

    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme))
    dimanche = JOUR + timedelta(days=2)
    assert pourquoi(lambda: factories.en_salle(monde, "B3", salle, dimanche)) == (
        "avertissements",
        ("Salle 1 (Site de Lille) n'est pas ouverte de 10\xa0h\xa000 à 10\xa0h\xa045.",),
    )
    factories.en_salle(monde, "B3", salle, dimanche, malgre=True)
    entree = Entree.objects.get(action="convocations.epreuve_planifiee")
    assert entree.donnees["malgre"] == ["salle_fermee"]


@pytest.mark.django_db
def test_deplacer_libere_l_ancienne_place_et_prend_la_neuve():
    monde, deux = carnet.complet(("B3", "B4")), paire()
    salle = factories.piece(factories.site(monde.organisme))
    epreuve = factories.en_salle(monde, "B3", salle)
    affecter(epreuve, deux)
    suivante = factories.en_salle(monde, "B4", salle, JOUR + UNE_HEURE)
    deplacer = {"epreuve": epreuve, "salle": salle, "auteur": monde.gestionnaire, "maintenant": PLANIFICATION}
    assert pourquoi(lambda: services.deplacer_epreuve(**deplacer, prevue_le=JOUR + UNE_HEURE))[0] == "conflit"
    assert {debut for _, debut, _ in tenus(epreuve)} == {JOUR}
    services.deplacer_epreuve(**deplacer, prevue_le=JOUR + 2 * UNE_HEURE)
    assert {debut for _, debut, _ in tenus(epreuve)} == {JOUR + 2 * UNE_HEURE}
    services.deplacer_epreuve(
        epreuve=suivante, prevue_le=JOUR, salle=salle, auteur=monde.gestionnaire, maintenant=PLANIFICATION
    )
    a_distance = {"epreuve": epreuve, "lieu": "À distance", "auteur": monde.gestionnaire, "maintenant": PLANIFICATION}
    assert pourquoi(lambda: services.deplacer_epreuve(**a_distance, prevue_le=JOUR))[0] == "conflit"
    services.deplacer_epreuve(**a_distance, prevue_le=JOUR + 2 * UNE_HEURE)
    plage = (JOUR + 2 * UNE_HEURE, JOUR + 2 * UNE_HEURE + timedelta(minutes=45))
    assert tenus(epreuve) == {(qui.id, *plage) for qui in (monde.candidat, *deux)}


@pytest.mark.django_db
def test_nul_n_est_pris_deux_fois_par_un_lieu_sans_salle():
    monde, second, deux = carnet.complet(("B3", "B4")), carnet.complet(("B3",)), paire()
    tenue = factories.en_salle(monde, "B3", factories.piece(factories.site(monde.organisme)))
    affecter(tenue, deux)
    candidat = selectors.epreuve_par_id(SYSTEME, tenue).dossier.candidat_nom
    par = f"est déjà pris par le bloc 3 de {candidat}, de 10\xa0h\xa000 à 10\xa0h\xa045."
    assert pourquoi(lambda: factories.planifier(monde, "B4", JOUR)) == ("conflit", (f"{candidat} {par}",))
    libre = factories.planifier(second, "B3", JOUR)
    assert tenus(libre) == {(second.candidat.id, JOUR, JOUR + timedelta(minutes=45))}
    code, details = pourquoi(lambda: affecter(libre, deux))
    assert (code, len(details), all(dit.endswith(par) for dit in details)) == ("conflit", 2, True)
    affecter(libre, paire())
    assert pourquoi(lambda: affecter(tenue, (deux[0], _certificateur(libre))))[0] == "conflit"


def _certificateur(epreuve):
    return Acteur(selectors.epreuve_par_id(SYSTEME, epreuve).evaluateur(Qualite.CERTIFICATEUR).personne)


@pytest.mark.django_db
def test_qui_se_retire_d_une_epreuve_croisee_d_avant_se_libere_quand_meme():
    """Deux épreuves qui se croisent depuis toujours : se déclarer lié à un candidat ne demande pas que l'autre ait bougé."""
    une = factories.salle("B3", ("B3", "B4"))
    croisee = factories.salle("B4", monde=une.monde, declarees=False)
    Epreuve.objects.filter(pk=croisee.epreuve).update(prevue_le=JOUR)
    services.declarer(
        epreuve=croisee.epreuve, genre=GenreDeclare.PERSONNEL, auteur=croisee.metier, maintenant=PLANIFICATION
    )
    assert {qui for qui, _, _ in tenus(croisee.epreuve)} == {une.monde.candidat.id, croisee.certificateur.id}


@pytest.mark.django_db
def test_sans_salle_le_reste_avertit_et_se_passe():
    monde, (hugo, salome) = carnet.complet(("B3",)), paire()
    services.revoir_agenda(
        personne=hugo.id,
        fuseau="Europe/Paris",
        site=None,
        maximum=None,
        heures=[Heures(1, time(9), time(12))],
        auteur=hugo,
        maintenant=PLANIFICATION,
    )
    libre = factories.planifier(monde, "B3")
    assert pourquoi(lambda: affecter(libre, (hugo, salome)))[0] == "avertissements"
    affecter(libre, (hugo, salome), malgre=True)
    assert len(tenus(libre)) == 3


@pytest.mark.django_db
def test_les_epreuves_d_avant_tiennent_aussi_leurs_gens():
    """La migration 0011, d'une base où deux épreuves sans salle se croisent déjà."""
    une, deux = factories.salle("B3", ("B3", "B4")), paire()
    croisee = services.planifier_epreuve(
        dossier=une.monde.dossier,
        bloc="B4",
        prevue_le=JOUR + 2 * UNE_HEURE,
        lieu="Plateau 3",
        auteur=SYSTEME,
        maintenant=PLANIFICATION + UNE_HEURE,
    )
    affecter(croisee, deux, maintenant=PLANIFICATION + UNE_HEURE)
    annulee = factories.salle()
    services.annuler_epreuve(
        epreuve=annulee.epreuve, motif="Grève", auteur=annulee.monde.gestionnaire, maintenant=PLANIFICATION
    )
    Epreuve.objects.filter(pk=croisee).update(prevue_le=JOUR)
    attendus = tenus(une.epreuve)
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([("convocations", "0010_un_autre_jour")])
    assert Occupation.objects.count() == 0
    MigrationExecutor(connection).migrate([("convocations", "0011_ses_gens_ou_qu_elle_soit")])
    assert (len(attendus), tenus(une.epreuve), tenus(annulee.epreuve)) == (3, attendus, set())
    assert {qui for qui, _, _ in tenus(croisee)} == {qui.id for qui in deux}


@pytest.mark.django_db
@pytest.mark.parametrize("champ", ["personne_id", "salle_id"])
def test_la_base_refuse_elle_meme_deux_fois_la_meme_personne_ou_la_meme_salle(champ):
    monde = carnet.complet(("B3", "B4"))
    lille = factories.site(monde.organisme)
    premiere = factories.en_salle(monde, "B3", factories.piece(lille))
    seconde = factories.en_salle(monde, "B4", factories.piece(lille, "Salle 2"), JOUR + 3 * UNE_HEURE)
    qui = getattr(Occupation.objects.get(epreuve=premiere, **{f"{champ}__isnull": False}), champ)

    def occuper(debut, fin):
        with transaction.atomic():
            Occupation.objects.create(epreuve_id=seconde, **{champ: qui}, debut=debut, fin=fin).delete()

    occuper(JOUR + timedelta(minutes=45), JOUR + UNE_HEURE)
    occuper(JOUR - UNE_HEURE, JOUR)
    with pytest.raises(IntegrityError, match="occupation_une_"):
        occuper(JOUR + timedelta(minutes=44), JOUR + UNE_HEURE)


@pytest.mark.django_db(transaction=True)
def test_deux_gestionnaires_veulent_la_meme_salle_a_la_meme_heure_un_seul_l_a():
    monde = carnet.complet(("B3",))
    second = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme, partage=True))
    depart, codes = threading.Barrier(2), []

    def planifier(sien):
        try:
            depart.wait()
            factories.en_salle(sien, "B3", salle)
            codes.append("planifiee")
        except Refus as erreur:
            codes.append(erreur.code)
        finally:
            connection.close()

    fils = [threading.Thread(target=planifier, args=(m,)) for m in (monde, second)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)
    assert sorted(codes) == ["conflit", "planifiee"]
    assert Epreuve.objects.count() == 1
    assert Occupation.objects.filter(salle=salle).count() == 1


@pytest.mark.django_db(transaction=True)
def test_deux_gestionnaires_prennent_les_memes_evaluateurs_en_croix_un_seul_les_a():
    mondes, (hugo, salome) = [carnet.complet(("B3",)) for _ in range(2)], paire()
    comptes.services.donner_role(
        personne=hugo.id,
        nature=NatureRole.EVALUATEUR_CERTIFICATEUR,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    comptes.services.donner_role(
        personne=salome.id,
        nature=NatureRole.EVALUATEUR_METIER,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    epreuves = [factories.en_salle(m, "B3", factories.piece(factories.site(m.organisme))) for m in mondes]
    depart, codes = threading.Barrier(2), []

    def prendre(epreuve, deux):
        try:
            depart.wait()
            affecter(epreuve, deux)
            codes.append("affectee")
        except Refus as erreur:
            codes.append(erreur.code)
        finally:
            connection.close()

    fils = [
        threading.Thread(target=prendre, args=(epreuves[0], (hugo, salome))),
        threading.Thread(target=prendre, args=(epreuves[1], (salome, hugo))),
    ]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(20)
    assert sorted(codes) == ["affectee", "conflit"]
    assert Occupation.objects.filter(personne_id__in=(hugo.id, salome.id)).count() == 2


@pytest.mark.django_db
def test_un_conflit_refuse_meme_malgre():
    monde = carnet.complet(("B3", "B4"))
    salle = factories.piece(factories.site(monde.organisme))
    factories.en_salle(monde, "B3", salle)
    with refus("conflit"):
        factories.en_salle(monde, "B4", salle, malgre=True)


@pytest.mark.django_db
def test_une_duree_accordee_apres_coup_se_signale_et_deplacer_sur_place_l_ajuste():
    from parchemin.convocations.presenters import conflits_presents
    from parchemin.parcours.services import amenager
    from parchemin.socle.horloge import jour_civil

    monde = carnet.complet(("B3",))
    salle = factories.piece(factories.site(monde.organisme))
    epreuve = factories.en_salle(monde, "B3", salle)
    le = jour_civil(PLANIFICATION)
    amenager(
        dossier=monde.dossier,
        durees={("B3", "questions"): 30},
        accorde_le=le,
        auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    vue = selectors.epreuve_par_id(monde.gestionnaire, epreuve)
    (phrase,) = conflits_presents(monde.gestionnaire, vue, le)
    assert phrase.replace("\xa0", " ").startswith(
        "Les durées ont changé : cette épreuve prend 60 minutes, sa place en compte 45."
    )
    services.deplacer_epreuve(
        epreuve=epreuve, prevue_le=JOUR, salle=salle, auteur=monde.gestionnaire, maintenant=PLANIFICATION
    )
    assert {fin for _, _, fin in tenus(epreuve)} == {JOUR + UNE_HEURE}


@pytest.mark.django_db
def test_reunir_deux_fiches_suit_l_occupation_et_refuse_deux_endroits_a_la_fois():
    un, deux = carnet.complet(("B3",)), carnet.complet(("B3",))
    for monde in (un, deux):
        factories.en_salle(monde, "B3", factories.piece(factories.site(monde.organisme)))
    dit = "Les deux fiches ont chacune une épreuve au même instant : déplacez l'une d'abord."
    assert dit in list(selectors.obstacles_a_la_fusion(un.candidat.id, deux.candidat.id))
    gardee = comptes.personne("Camille")
    services.suivre_la_fusion(un.candidat.id, gardee.id)
    assert Occupation.objects.filter(personne=gardee.id).count() == 1
