"""La barrière d'indépendance : ce que les liens et les actes disent, et ce qu'ils empêchent."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from moteur.regles.evaluateur_admissible import TABLE_PAR_DEFAUT, GenreLien, Obstacle
from parchemin.comptes.enums import GenreDeLien, NatureRole, QualiteRegistre
from parchemin.comptes.models import Personne
from parchemin.comptes.services import (
    annuler_lien,
    clore_lien,
    fusionner,
)
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import GenreDeclare, Qualite
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.convocations.tests.gestes import LE_JOUR, affecter, codes, inscrire, lier, verifier
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.referentiels.selectors import reglement_en_vigueur
from parchemin.referentiels.tests import factories as referentiels
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, RefusDroit

pytestmark = pytest.mark.django_db


def test_la_table_du_fichier_livre_est_celle_que_le_moteur_tient_par_defaut():
    version = referentiels.publier()
    assert selectors.table_du_reglement(reglement_en_vigueur(SYSTEME, version, LE_JOUR)) == TABLE_PAR_DEFAUT


# Ce qui écarte -------------------------------------------------------------------------------------------------------


def test_le_n_plus_deux_est_ecarte_et_le_refus_nomme_des_remplacants():
    salle = factories.salle()
    directrice = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Odile", nom="Sommet")
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Léo", nom="Libre")
    lier(salle.monde.candidat, salle.monde.manager)
    lier(salle.monde.manager, directrice)
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, directrice, salle.certificateur)
    assert erreur.value.code == "evaluateur_lien_hierarchique"
    assert erreur.value.message == (
        "Odile Sommet ne peut pas évaluer cette épreuve : lien hiérarchique avec le candidat."
    )
    metier = next(e.nom for e in selectors.epreuve_par_id(SYSTEME, salle.epreuve).evaluateurs if e.qualite == "metier")
    assert erreur.value.details == (f"Peuvent la remplacer : Léo Libre, {metier}.",)
    affecter(salle, libre, salle.certificateur)


def test_les_liens_et_les_actes_se_lisent_ensemble():
    salle = factories.salle()
    gens = {
        nom: comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom=nom, nom="Essai")
        for nom in ("Haut", "Bas", "Formateur", "Forme", "Pro", "Perso", "Delib", "Ailleurs")
    }
    candidat = salle.monde.candidat
    lier(candidat, gens["Haut"])
    lier(gens["Bas"], candidat)
    lier(candidat, gens["Formateur"], GenreDeLien.FORMATION)
    lier(gens["Forme"], candidat, GenreDeLien.FORMATION)  # le candidat l'a formé : rien n'est dit là-dessus
    lier(candidat, gens["Pro"], GenreDeLien.PROFESSIONNEL)
    lier(candidat, gens["Perso"], GenreDeLien.PERSONNEL)
    lier(candidat, gens["Delib"], GenreDeLien.DELIBERATION_ANNULEE, dossier=salle.monde.dossier)
    lier(candidat, gens["Ailleurs"], GenreDeLien.DELIBERATION_ANNULEE, dossier=uuid4())
    lus = codes(salle)
    assert {nom.split()[0]: obstacles for nom, obstacles in lus.items() if nom.endswith("Essai")} == {
        "Haut": (Obstacle.HIERARCHIQUE,),
        "Bas": (Obstacle.HIERARCHIQUE,),
        "Formateur": (Obstacle.FORMATEUR,),
        "Forme": (),
        "Pro": (),
        "Perso": (),
        "Delib": (Obstacle.DELIBERATION_ANNULEE,),
        "Ailleurs": (),
    }


def test_le_tuteur_remplace_reste_ecarte():
    salle = factories.salle()
    ancien = salle.monde.tuteur
    comptes.services.donner_role(
        personne=ancien.id,
        nature=NatureRole.EVALUATEUR_METIER,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    nommer_tuteur_manager(
        dossier=salle.monde.dossier,
        tuteur=comptes.personne().id,
        manager=salle.monde.manager.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, ancien, salle.certificateur)
    assert erreur.value.code == "evaluateur_est_tuteur"


def test_les_admissibles_viennent_d_abord_les_moins_charges_en_tete():
    charge = factories.salle("B3", ("B3", "B4"))
    libre = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Zoé", nom="Zut")
    ecarte = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Aba", nom="Aba")
    lier(charge.monde.candidat, ecarte)
    vue = selectors.epreuve_par_id(SYSTEME, factories.planifier(charge.monde, "B4"))
    examines = selectors.evaluateurs_examines(SYSTEME, vue, Qualite.METIER, jour_civil(PLANIFICATION))
    assert [(e.personne, e.charge, e.avis.admissible) for e in examines] == [
        (libre.id, 0, True),
        (charge.metier.id, 1, True),
        (ecarte.id, 0, False),
    ]


@pytest.mark.parametrize("nombre", [1, 30])
def test_la_barriere_coute_autant_de_requetes_pour_une_personne_que_pour_trente(nombre, django_assert_num_queries):
    salle = factories.salle()
    for rang in range(nombre):
        evaluateur = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
        if rang % 2:
            lier(salle.monde.candidat, evaluateur)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    with django_assert_num_queries(10):
        examines = selectors.evaluateurs_examines(SYSTEME, vue, Qualite.METIER, jour_civil(PLANIFICATION))
    assert len(examines) == nombre + 1


def test_l_organisme_d_un_delegue_est_habilite_pour_le_bloc_ce_jour_la():
    salle = factories.salle("B3")
    organisme = comptes.organisme()
    delegue = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, organisme)
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, salle.metier, delegue)
    assert erreur.value.code == "evaluateur_non_habilite"
    comptes.habilitation(organisme, blocs={"B1"})
    with pytest.raises(RefusDroit):
        affecter(salle, salle.metier, delegue)
    comptes.habilitation(organisme, blocs={"B3"}, dernier_jour=LE_JOUR)
    affecter(salle, salle.metier, delegue)
    services.declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=delegue, maintenant=JOUR)
    assert verifier(salle, delegue) == Qualite.CERTIFICATEUR
    with pytest.raises(RefusDroit) as erreur:  # le lendemain, la convention est échue
        verifier(salle, delegue, JOUR + timedelta(days=1))
    assert erreur.value.code == "evaluateur_non_habilite"
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=delegue, maintenant=JOUR)
    assert verifier(salle, delegue, JOUR + timedelta(days=1)) == Qualite.CERTIFICATEUR  # l'épreuve, elle, avait eu lieu


def test_deux_fiches_reunies_sont_une_seule_personne_pour_la_barriere():
    salle = factories.salle()
    ancienne, chef = comptes.personne("Odile"), comptes.personne("Maud")
    odile = comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom="Odile")
    fiche_du_chef = comptes.personne("Maud")
    lier(salle.monde.candidat, chef)
    lier(fiche_du_chef, ancienne)
    nom_d_odile = str(Personne.objects.get(pk=odile.id))
    assert codes(salle)[nom_d_odile] == ()
    for alias, gardee in ((ancienne, odile), (fiche_du_chef, chef)):
        fusionner(alias=alias.id, gardee=gardee.id, auteur=SYSTEME, maintenant=PLANIFICATION)
    assert codes(salle)[nom_d_odile] == (Obstacle.HIERARCHIQUE,)
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, odile, salle.certificateur)
    assert erreur.value.code == "evaluateur_lien_hierarchique"


def test_deux_fiches_reunies_ne_tiennent_pas_les_deux_qualites():
    salle = factories.salle()
    ancienne = comptes.personne("Odile")
    fusionner(alias=ancienne.id, gardee=salle.metier.id, auteur=SYSTEME, maintenant=PLANIFICATION)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    cadre = selectors.barriere(SYSTEME, vue.dossier, LE_JOUR)
    avis = {
        autre.prenom if autre else None: selectors.avis_sur(
            SYSTEME, cadre, vue, salle.metier.id, Qualite.METIER, autre.pk if autre else None, ouvre=False
        ).obstacles
        for autre in (None, *Personne.objects.filter(pk__in=[ancienne.id, salle.certificateur.id]))
    }
    assert avis == {None: (), "Salomé": (), "Odile": (Obstacle.DEUX_QUALITES,)}


# À la date de chaque acte --------------------------------------------------------------------------------------------


def test_un_lien_declare_apres_l_affectation_ferme_la_grille():
    salle = factories.salle()
    assert verifier(salle, salle.metier) == Qualite.METIER
    lien = lier(salle.monde.candidat, salle.metier, du=LE_JOUR)
    with pytest.raises(RefusDroit) as erreur:
        verifier(salle, salle.metier)
    assert erreur.value.code == "evaluateur_lien_hierarchique"
    clore_lien(lien=lien.pk, au=LE_JOUR + timedelta(days=1), auteur=SYSTEME, maintenant=JOUR)
    with pytest.raises(RefusDroit):  # il valait le jour de l'épreuve
        verifier(salle, salle.metier, JOUR + timedelta(days=3))


def test_un_lien_ne_apres_l_epreuve_n_ecarte_pas_et_se_dit_au_jury():
    salle = factories.salle()
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=2), maintenant=JOUR)
    tard = JOUR + timedelta(days=5)
    assert verifier(salle, salle.metier, tard) == Qualite.METIER
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    cadre = selectors.barriere(SYSTEME, vue.dossier, jour_civil(tard))
    avis = selectors.avis_sur(SYSTEME, cadre, vue, salle.metier.id, Qualite.METIER, None, ouvre=True)
    assert avis.signalements == (GenreLien.HIERARCHIQUE,)


def test_une_epreuve_ouverte_un_autre_jour_que_prevu_se_juge_aux_deux_jours():
    salle = factories.salle()
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=1))
    assert verifier(salle, salle.metier) == Qualite.METIER
    with pytest.raises(RefusDroit):
        verifier(salle, salle.metier, JOUR + timedelta(days=1))


def dossier_de(salle: Salle):
    return selectors.epreuve_par_id(SYSTEME, salle.epreuve).dossier


def obstacles_du_jure(salle: Salle, personne: Acteur) -> tuple[Obstacle, ...]:
    return selectors.avis_sur_jure(SYSTEME, dossier_de(salle), personne.id, LE_JOUR).obstacles


def test_un_jure_se_juge_comme_un_evaluateur():
    salle = factories.salle()
    jure, autre = comptes.avec_role(NatureRole.JURE), comptes.personne()
    assert obstacles_du_jure(salle, jure) == ()
    lier(salle.monde.candidat, jure, GenreDeLien.FORMATION)
    assert obstacles_du_jure(salle, jure) == (Obstacle.FORMATEUR,)
    assert obstacles_du_jure(salle, autre) == (Obstacle.SANS_ROLE,)
    assert obstacles_du_jure(salle, salle.monde.tuteur) == (Obstacle.TUTEUR, Obstacle.SANS_ROLE)


def test_un_jure_se_verifie_propose_puis_quand_il_ouvre_et_signe():
    salle = factories.salle()
    jure = comptes.avec_role(NatureRole.JURE, prenom="Odile", nom="Jury")
    presidente = comptes.avec_role(NatureRole.PRESIDENT_JURY, prenom="Paule", nom="Preside")
    services.verifier_jure(salle.monde.gestionnaire, dossier_de(salle), jure.id, PLANIFICATION)
    services.verifier_jure_present(jure, dossier_de(salle), JOUR)
    lien = lier(salle.monde.candidat, jure, du=LE_JOUR + timedelta(days=9))
    services.verifier_jure_present(jure, dossier_de(salle), JOUR + timedelta(days=8))
    with pytest.raises(RefusDroit) as erreur:  # il juge ce jour-là : le lien compte, même né après l'épreuve
        services.verifier_jure_present(jure, dossier_de(salle), JOUR + timedelta(days=9))
    assert (erreur.value.code, erreur.value.details) == ("evaluateur_lien_hierarchique", ())
    with pytest.raises(RefusDroit) as erreur:
        services.verifier_jure(salle.monde.gestionnaire, dossier_de(salle), jure.id, JOUR + timedelta(days=9))
    assert erreur.value.message == "Odile Jury ne peut pas juger ce dossier : lien hiérarchique avec le candidat."
    assert erreur.value.details == ("Peuvent la remplacer : Paule Preside.",)
    annuler_lien(lien=lien.pk, motif="Erreur", auteur=SYSTEME, maintenant=JOUR)
    services.verifier_jure(salle.monde.gestionnaire, dossier_de(salle), jure.id, JOUR + timedelta(days=9))
    with pytest.raises(RefusDroit) as erreur:
        services.verifier_jure_present(Acteur(jure.id, par_delegation_de=presidente.id), dossier_de(salle), JOUR)
    assert erreur.value.code == "intuitu_personae"
    with pytest.raises(Introuvable):
        services.verifier_jure(salle.monde.gestionnaire, dossier_de(salle), uuid4(), JOUR)


def test_le_membre_d_une_deliberation_annulee_ne_rejuge_pas_ce_dossier_et_juge_les_autres():
    salle = factories.salle()
    ailleurs = factories.salle(paire=(salle.metier, salle.certificateur))
    jure = comptes.avec_role(NatureRole.JURE)
    lier(salle.monde.candidat, jure, GenreDeLien.DELIBERATION_ANNULEE, dossier=salle.monde.dossier)
    assert obstacles_du_jure(salle, jure) == (Obstacle.DELIBERATION_ANNULEE,)
    assert obstacles_du_jure(ailleurs, jure) == ()


def test_l_habilitation_du_jure_vaut_en_l_une_ou_l_autre_qualite():
    salle = factories.salle()
    jure = comptes.avec_role(NatureRole.JURE)
    comptes.services.donner_role(
        personne=jure.id,
        nature=NatureRole.PRESIDENT_JURY,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    inscrire(jure, LE_JOUR, qualite=QualiteRegistre.JURE)
    assert obstacles_du_jure(salle, jure) == (Obstacle.HABILITATION_PERSONNELLE,)
    inscrire(jure, qualite=QualiteRegistre.PRESIDENT_JURY)
    assert obstacles_du_jure(salle, jure) == ()


@pytest.mark.parametrize("nombre", [1, 3])
def test_examiner_les_jures_coute_autant_pour_un_que_pour_trois(nombre, django_assert_num_queries):
    salle = factories.salle()
    jures = [comptes.avec_role(NatureRole.JURE) for _ in range(nombre)]
    lier(salle.monde.candidat, jures[0])
    dossier = dossier_de(salle)
    with django_assert_num_queries(16):
        examines = selectors.jures_examines(SYSTEME, dossier, LE_JOUR)
    assert [e.avis.admissible for e in examines] == [True] * (nombre - 1) + [False]
