"""La barrière d'indépendance : ce que les liens et les actes disent, et ce qu'ils empêchent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from moteur.regles.evaluateur_admissible import TABLE_PAR_DEFAUT, GenreLien, Obstacle
from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import EtatHabilitation, GenreDeLien, NatureRole, QualiteRegistre
from parchemin.comptes.models import Personne
from parchemin.comptes.selectors import noms
from parchemin.comptes.services import (
    annuler_lien,
    clore_lien,
    confirmer_import_liens,
    declarer_lien,
    donner_role,
    fusionner,
    lire_liens,
)
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import abonnements, sceaux, selectors, services
from parchemin.convocations.enums import GenreDeclare, Qualite
from parchemin.convocations.models import Affectation, AVerifier, Declaration, PassageRecusation, Recusation
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.parcours.services import nommer_tuteur_manager
from parchemin.referentiels.selectors import reglement_en_vigueur
from parchemin.referentiels.tests import factories as referentiels
from parchemin.registre.models import Entree
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.annonces import ecouler
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db

LE_JOUR = jour_civil(JOUR)


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


def lier(de: Acteur, vers: Acteur, genre: GenreDeLien = GenreDeLien.HIERARCHIQUE, **champs):
    valeurs = {"du": None, "au": None, "auteur": SYSTEME, "maintenant": PLANIFICATION} | champs
    return declarer_lien(de=de.id, vers=vers.id, genre=genre, **valeurs)


def affecter(salle: Salle, metier: Acteur, certificateur: Acteur) -> None:
    services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=1),
    )


def verifier(salle: Salle, evaluateur: Acteur, quand=JOUR) -> Qualite:
    return services.verifier_evaluateur(evaluateur, selectors.epreuve_par_id(SYSTEME, salle.epreuve), quand)


def codes(salle: Salle) -> dict[str, tuple[Obstacle, ...]]:
    """Ce qui écarte chacun, par nom, pour l'évaluation métier."""
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    examines = selectors.evaluateurs_examines(SYSTEME, vue, Qualite.METIER, jour_civil(PLANIFICATION))
    return {e.nom: e.avis.obstacles for e in examines}


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


# Ce qui n'écarte rien et se dit au jury --------------------------------------------------------------------------------


def au_jury(salle: Salle, quand=JOUR + timedelta(days=30)):
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    return [
        (dit.evaluateur, dit.nes_apres, dit.sus_apres)
        for dit in selectors.signalements(SYSTEME, vue.dossier, [vue], jour_civil(quand))
    ]


def test_un_lien_tardif_se_dit_au_jury_et_n_existe_pas_avant_de_naitre():
    salle = factories.salle()
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=2))
    assert au_jury(salle) == []  # rien n'a commencé
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    assert au_jury(salle, JOUR + timedelta(days=1)) == []
    assert au_jury(salle) == [(salle.metier.id, (GenreLien.HIERARCHIQUE,), ())]


def test_un_lien_su_apres_l_accord_se_dit_au_jury():
    salle = factories.salle()
    for vers in ("en_cours", "lectures_scellees", "accordee"):
        services.passer_epreuve(epreuve=salle.epreuve, vers=vers, auteur=salle.metier, maintenant=JOUR)
    assert au_jury(salle) == []
    lier(salle.monde.candidat, salle.certificateur, du=LE_JOUR - timedelta(days=2), maintenant=JOUR)
    assert au_jury(salle) == [(salle.certificateur.id, (), (Obstacle.HIERARCHIQUE,))]


def test_le_gestionnaire_lit_sur_le_dossier_ce_qui_se_dira_au_jury_et_lui_seul():
    salle = factories.salle()
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    lier(salle.monde.candidat, salle.metier, du=LE_JOUR + timedelta(days=2), maintenant=JOUR)
    with time_machine.travel(JOUR + timedelta(days=5), tick=False):
        pages = {
            qui: comptes.texte(comptes.client(acteur).get(f"/candidats/{salle.monde.dossier}/"))
            for qui, acteur in (("gere", salle.monde.gestionnaire), ("tuteur", salle.monde.tuteur))
        }
    nom = str(Personne.objects.get(pk=salle.metier.id))
    phrase = f"Bloc 3, {nom} : lien hiérarchique, depuis l'épreuve. L'évaluation reste valable ; le jury en est averti."
    assert {qui: phrase in page for qui, page in pages.items()} == {"gere": True, "tuteur": False}
    assert "Qui accompagne" in pages["tuteur"]


# La vérification qui se rouvre ---------------------------------------------------------------------------------------


def test_un_manager_change_tard_rouvre_la_verification_et_le_gestionnaire_le_voit():
    salle = factories.salle()
    ecouler()
    nommer_tuteur_manager(
        dossier=salle.monde.dossier,
        tuteur=salle.monde.tuteur.id,
        manager=salle.metier.id,
        auteur=salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=2),
    )
    ecouler()
    (signale,) = selectors.a_verifier(SYSTEME, [salle.epreuve])[salle.epreuve]
    assert (signale.evaluateur, signale.obstacles) == (salle.metier.id, (Obstacle.MANAGER,))
    remplacant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    affecter(salle, remplacant, salle.certificateur)
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    assert AVerifier.objects.count() == 1


def test_un_lien_importe_ferme_la_barriere_et_tout_le_fichier_ne_se_revoit_qu_une_fois(monkeypatch):
    """Le candidat sous Maud, Maud sous son évaluateur : deux lignes d'un fichier, une seule revérification."""
    salle = factories.salle()
    maud = comptes.avec_role(NatureRole.TUTEUR, salle.monde.organisme)
    ecouler()
    dits = noms(SYSTEME, [salle.monde.candidat.id, maud.id, salle.metier.id])
    candidat, milieu, haut = (dits[qui.id] for qui in (salle.monde.candidat, maud, salle.metier))
    fichier = (
        f"Personne;Genre du lien;Liée à\n{candidat};Lien hiérarchique;{milieu}\n{milieu};Lien hiérarchique;{haut}\n"
    )
    qui = {"auteur": salle.monde.gestionnaire, "maintenant": PLANIFICATION}
    en_attente = lire_liens(nom_fichier="liens.csv", octets=fichier.encode(), **qui)
    confirmer_import_liens(identifiant=en_attente.pk, **qui)
    appels = []
    vraie = abonnements.epreuves_a_revoir
    monkeypatch.setattr(abonnements, "epreuves_a_revoir", lambda *a, **k: appels.append(k) or vraie(*a, **k))
    ecouler()
    assert [set(appel["personnes"]) for appel in appels] == [{salle.monde.candidat.id, maud.id, salle.metier.id}]
    (signale,) = selectors.a_verifier(SYSTEME, [salle.epreuve])[salle.epreuve]
    assert (signale.evaluateur, signale.obstacles) == (salle.metier.id, (Obstacle.HIERARCHIQUE,))
    with time_machine.travel(PLANIFICATION, tick=False):
        averti = comptes.texte(comptes.client(salle.monde.gestionnaire).get("/"))
    assert f"{haut} ne peut plus évaluer" in averti
    with pytest.raises(RefusDroit) as erreur:
        verifier(salle, salle.metier)
    assert erreur.value.code == "evaluateur_lien_hierarchique"


def test_un_lien_loin_dans_la_chaine_rouvre_la_verification_et_son_annulation_la_clot():
    salle = factories.salle()
    maud = comptes.personne()
    lier(salle.monde.candidat, maud)
    ecouler()
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    lien = lier(maud, salle.metier)
    ecouler()
    assert list(selectors.a_verifier(SYSTEME, [salle.epreuve])) == [salle.epreuve]
    annuler_lien(lien=lien.pk, motif="Mauvaise personne", auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert selectors.a_verifier(SYSTEME, [salle.epreuve]) == {}
    assert services.revoir(epreuves=[salle.epreuve], maintenant=JOUR) == 0  # redire ne change rien


def inscrire(evaluateur: Acteur, jusqu_au=LE_JOUR + timedelta(days=400), **champs):
    valeurs = {
        "qualite": QualiteRegistre.EVALUATEUR_METIER,
        "metier": "Attestation d'emploi",
        "formation": "Deux jours",
        "formee_le": jour_civil(comptes.JADIS),
        "habilitee_le": jour_civil(comptes.JADIS),
        "renouveler_le": jusqu_au,
        "auteur": SYSTEME,
        "maintenant": PLANIFICATION,
    } | champs
    return comptes.services.inscrire_au_registre(personne=evaluateur.id, **valeurs)


def test_une_habilitation_personnelle_echue_le_jour_de_l_epreuve_ecarte():
    salle = factories.salle()
    a_jour, echue, a_venir = (comptes.avec_role(NatureRole.EVALUATEUR_METIER, prenom=p, nom="Essai") for p in "AEV")
    inscrire(a_jour)
    inscrire(echue, LE_JOUR)  # « à renouveler le » : ce jour-là n'y est plus
    inscrire(a_venir, habilitee_le=LE_JOUR + timedelta(days=1))
    lus = codes(salle)
    hors = (Obstacle.HABILITATION_PERSONNELLE,)
    assert {nom: lus[nom] for nom in ("A Essai", "E Essai", "V Essai")} == {
        "A Essai": (),
        "E Essai": hors,
        "V Essai": hors,
    }
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, echue, salle.certificateur)
    assert (erreur.value.code, erreur.value.message) == (
        "evaluateur_habilitation_personnelle",
        "E Essai ne peut pas évaluer cette épreuve : son habilitation personnelle, au registre, ne vaut pas à cette date.",
    )
    affecter(salle, a_jour, salle.certificateur)


def test_radie_avant_l_epreuve_la_grille_se_ferme_et_la_verification_se_rouvre():
    salle = factories.salle()
    ligne = inscrire(salle.metier)
    ecouler()
    assert verifier(salle, salle.metier) == Qualite.METIER
    comptes.services.radier_du_registre(ligne=ligne.pk, motif="Mobilité", auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.HABILITATION_PERSONNELLE,)}
    with pytest.raises(RefusDroit):
        verifier(salle, salle.metier)
    inscrire(salle.metier, habilitee_le=LE_JOUR, maintenant=PLANIFICATION + timedelta(hours=1))
    ecouler()
    assert signales(salle) == {}
    assert verifier(salle, salle.metier) == Qualite.METIER


def signales(salle: Salle) -> dict:
    return {v.evaluateur: v.obstacles for v in selectors.a_verifier(SYSTEME, [salle.epreuve]).get(salle.epreuve, ())}


def test_un_role_retire_rouvre_la_verification():
    salle = factories.salle()
    (role,) = comptes.services.roles.Role.objects.filter(personne_id=salle.metier.id)
    comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.SANS_ROLE,)}


def test_deux_fiches_reunies_rouvrent_la_verification():
    salle = factories.salle()
    autre_fiche = comptes.personne("Hugo")
    lier(salle.monde.candidat, autre_fiche)
    ecouler()
    assert signales(salle) == {}
    fusionner(alias=autre_fiche.id, gardee=salle.metier.id, auteur=SYSTEME, maintenant=PLANIFICATION)
    ecouler()
    assert signales(salle) == {salle.metier.id: (Obstacle.HIERARCHIQUE,)}


def test_un_organisme_qui_perd_son_habilitation_rouvre_la_verification():
    referentiels.publier()
    organisme = comptes.organisme()
    habilitation = comptes.habilitation(organisme)
    delegue = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, organisme)
    salle = factories.salle(paire=(comptes.avec_role(NatureRole.EVALUATEUR_METIER), delegue))
    ecouler()
    assert signales(salle) == {}
    for vers, attendu in (("suspendue", {delegue.id: (Obstacle.NON_HABILITE,)}), ("en_vigueur", {})):
        comptes.services.changer_etat(
            habilitation=habilitation,
            vers=EtatHabilitation(vers),
            effet=jour_civil(PLANIFICATION),
            motif="Contrôle",
            auteur=SYSTEME,
            maintenant=PLANIFICATION,
        )
        ecouler()
        assert signales(salle) == attendu


# La déclaration ------------------------------------------------------------------------------------------------------


def test_sans_declaration_la_grille_ne_s_ouvre_pas():
    salle = factories.salle(declarees=False)
    with refus("declaration_manquante"):
        verifier(salle, salle.metier)
    signer = {"epreuve": salle.epreuve, "genre": GenreDeclare.AUCUN, "auteur": salle.metier, "maintenant": JOUR}
    assert services.declarer(**signer) is True
    assert services.declarer(**signer) is True  # redire ne change rien
    assert Declaration.objects.count() == 1
    assert verifier(salle, salle.metier) == Qualite.METIER
    with refus("declaration_manquante"):
        verifier(salle, salle.certificateur)


def test_declarer_un_lien_retire_l_evaluateur_pour_tout_le_dossier():
    salle = factories.salle("B3", ("B3", "B4"))
    assert (
        services.declarer(
            epreuve=salle.epreuve, genre=GenreDeclare.PERSONNEL, auteur=salle.metier, maintenant=PLANIFICATION
        )
        is False
    )
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, [e.personne for e in vue.evaluateurs]) == ("a_planifier", [salle.certificateur.id])
    with pytest.raises(Introuvable):
        verifier(salle, salle.metier)
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, salle.metier, salle.certificateur)
    assert erreur.value.code == "evaluateur_lien_declare"
    autre = selectors.epreuve_par_id(SYSTEME, factories.planifier(salle.monde, "B4"))
    examines = selectors.evaluateurs_examines(SYSTEME, autre, Qualite.METIER, LE_JOUR)
    assert [(e.personne, e.avis.obstacles) for e in examines] == [(salle.metier.id, (Obstacle.DECLARE,))]
    remplacant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    affecter(salle, remplacant, salle.certificateur)
    assert selectors.epreuve_par_id(SYSTEME, salle.epreuve).etat == "affectee"


def test_seul_un_evaluateur_affecte_declare():
    salle = factories.salle()
    for qui in (salle.monde.candidat, salle.monde.gestionnaire, comptes.personne()):
        with pytest.raises(Introuvable):
            services.declarer(epreuve=salle.epreuve, genre=GenreDeclare.AUCUN, auteur=qui, maintenant=JOUR)


def test_une_declaration_reecrite_se_voit_au_journal():
    salle = factories.salle()
    scelles = {str(d.pk): sceaux.sceau_declaration(d).empreinte for d in Declaration.objects.all()}
    assert len(scelles) == 2
    inscrits = {
        s["cle"]: s["empreinte"]
        for entree in Entree.objects.exclude(scelles=[])
        for s in entree.scelles
        if s["table"] == sceaux.DECLARATION
    }
    assert inscrits == scelles
    une = Declaration.objects.get(evaluateur_id=salle.metier.id)
    une.genre = GenreDeclare.PERSONNEL
    assert sceaux.sceau_declaration(une).empreinte != scelles[str(une.pk)]


@pytest.mark.parametrize("ecriture", ["UPDATE {} SET genre = 'aucun'", "DELETE FROM {}", "TRUNCATE {}"])
def test_une_declaration_signee_ne_bouge_plus(ecriture):
    factories.salle()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute(ecriture.format(Declaration._meta.db_table))
    assert Declaration.objects.count() == 2


# La récusation -------------------------------------------------------------------------------------------------------


def recuser(
    salle: Salle, motif: str = "Il m'a reproché un dossier.", auteur: Acteur | None = None, quand=PLANIFICATION
):
    return services.recuser(
        epreuve=salle.epreuve,
        evaluateur=salle.metier.id,
        motif=motif,
        auteur=auteur or salle.monde.candidat,
        maintenant=quand,
    )


def trancher(salle: Salle, recusation, vers: str, motif: str = "Vu.", auteur: Acteur | None = None) -> None:
    services.trancher(
        recusation=recusation,
        vers=vers,
        motif=motif,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=PLANIFICATION,
    )


def test_une_recusation_ferme_l_epreuve_jusqu_a_sa_reponse():
    salle = factories.salle()
    recusation = recuser(salle)
    assert recuser(salle, "Autre motif") == recusation  # redire ne change rien
    for evaluateur in (salle.metier, salle.certificateur):
        with refus("recusation_en_attente"):
            verifier(salle, evaluateur)
    trancher(salle, recusation, "ecartee")
    trancher(salle, recusation, "ecartee")
    assert verifier(salle, salle.metier) == Qualite.METIER
    with refus("passage_interdit"):
        trancher(salle, recusation, "accueillie")
    assert list(PassageRecusation.objects.order_by("rang").values_list("etat", "motif")) == [
        ("deposee", "Il m'a reproché un dossier."),
        ("ecartee", "Vu."),
    ]


def gerer(monde, qui: Acteur) -> None:
    donner_role(
        personne=qui.id, nature=NatureRole.GESTIONNAIRE, organisme=monde.organisme, auteur=SYSTEME,
        maintenant=PLANIFICATION,
    )  # fmt: skip


def test_ni_l_evaluateur_recuse_ni_le_candidat_ne_tranchent_la_recusation():
    salle = factories.salle()
    recusation = recuser(salle)
    autre = comptes.gestionnaire(salle.monde.organisme)
    for qui in (salle.metier, salle.certificateur, salle.monde.candidat):
        gerer(salle.monde, qui)
    adresse = f"/epreuves/{salle.epreuve}/recusation/{recusation}/"
    with time_machine.travel(PLANIFICATION):
        for qui in (salle.metier, salle.monde.candidat):
            for vers in ("accueillie", "ecartee"):
                with refus("cause_propre"):
                    trancher(salle, recusation, vers, auteur=qui)
        ouvertes = {}
        for nom, qui in {"récusé": salle.metier, "l'autre évaluateur": salle.certificateur, "tiers": autre}.items():
            navigateur = comptes.client(qui)
            pages = [navigateur.get(page).content.decode() for page in ("/", f"/epreuves/{salle.epreuve}/")]
            ouvertes[nom] = (navigateur.get(adresse).status_code, [adresse in page for page in pages])
    assert ouvertes == {
        "récusé": (403, [False, False]),
        "l'autre évaluateur": (200, [True, True]),
        "tiers": (200, [True, True]),
    }
    assert Recusation.objects.get().etat == "deposee"
    trancher(salle, recusation, "ecartee", auteur=autre)
    assert Recusation.objects.get().etat == "ecartee"


def test_le_candidat_qui_gere_ne_planifie_pas_son_epreuve_et_n_affecte_pas_ses_evaluateurs():
    monde = carnet.complet(("B3", "B4"))
    gerer(monde, monde.candidat)
    sien = replace(monde, gestionnaire=monde.candidat)
    with refus("cause_propre"):
        factories.planifier(sien, "B3")
    salle = factories.salle(monde=monde)
    with refus("cause_propre"):
        affecter(replace(salle, monde=sien), salle.metier, salle.certificateur)
    with refus("cause_propre"):
        services.annuler_epreuve(epreuve=salle.epreuve, motif="Pas prêt", auteur=sien.gestionnaire, maintenant=JOUR)
    with time_machine.travel(PLANIFICATION):
        page = comptes.client(monde.candidat).get(f"/candidats/{monde.dossier}/").content.decode()
        chez_un_autre = comptes.client(monde.gestionnaire).get(f"/candidats/{monde.dossier}/").content.decode()
    planifier = f"/epreuves/planifier/{monde.dossier}/B4/"
    assert [planifier in une for une in (page, chez_un_autre)] == [False, True]


def test_accueillie_elle_retire_l_evaluateur_pour_tout_le_dossier():
    salle = factories.salle()
    trancher(salle, recuser(salle), "accueillie")
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert (vue.etat, [e.personne for e in vue.evaluateurs]) == ("a_planifier", [salle.certificateur.id])
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, salle.metier, salle.certificateur)
    assert erreur.value.code == "evaluateur_recuse"


def test_remplacer_l_evaluateur_rend_la_recusation_sans_objet():
    salle = factories.salle()
    recuser(salle)
    affecter(salle, comptes.avec_role(NatureRole.EVALUATEUR_METIER), salle.certificateur)
    assert Recusation.objects.get().etat == "sans_objet"


def test_qui_recuse_qui_tranche_et_quand():
    salle = factories.salle()
    for qui in (salle.monde.gestionnaire, salle.monde.tuteur, salle.certificateur):
        with pytest.raises(RefusDroit) as erreur:
            recuser(salle, auteur=qui)
        assert erreur.value.code == "recusation_reservee"
    with refus("motif_manquant"):
        recuser(salle, " ")
    recusation = recuser(salle)
    for qui in (salle.monde.candidat, salle.metier, comptes.gestionnaire(comptes.organisme())):
        with pytest.raises(RefusDroit) as erreur:
            trancher(salle, recusation, "ecartee", auteur=qui)
        assert erreur.value.code == "planification_reservee"
    with refus("motif_manquant"):
        trancher(salle, recusation, "ecartee", " ")
    with refus("reponse_inconnue"):
        trancher(salle, recusation, "sans_objet")
    with pytest.raises(Introuvable):
        trancher(salle, uuid4(), "ecartee")
    commencee = factories.salle()
    services.passer_epreuve(epreuve=commencee.epreuve, vers="en_cours", auteur=commencee.metier, maintenant=JOUR)
    with refus("epreuve_commencee"):
        recuser(commencee, quand=JOUR)
    assert Affectation.objects.filter(epreuve_id=salle.epreuve, au=None).count() == 2


def test_une_epreuve_sans_lien_ne_dit_rien():
    monde = carnet.complet(("B3",))
    epreuve = factories.planifier(monde, "B3")
    assert selectors.a_verifier(SYSTEME, [epreuve]) == {}
    assert selectors.recusations(SYSTEME, [epreuve]) == ()


def test_un_role_fini_ou_a_venir_le_jour_de_l_epreuve_se_dit_avec_sa_date():
    salle = factories.salle()
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    metier = NatureRole.EVALUATEUR_METIER
    fini = comptes.avec_role(metier, nom="Fini")
    comptes.avec_role(metier, nom="Futur", du=LE_JOUR + timedelta(days=9))
    revenu = comptes.avec_role(metier, nom="Revenu")
    for qui in (fini, revenu):
        (role,) = Personne.objects.get(pk=qui.id).roles.all()
        comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    comptes.services.donner_role(
        personne=revenu.id, nature=metier, organisme=None, auteur=SYSTEME, maintenant=PLANIFICATION + timedelta(days=1)
    )
    ailleurs = comptes.avec_role(NatureRole.EVALUATEUR_CERTIFICATEUR, nom="Ailleurs")
    (role,) = Personne.objects.get(pk=ailleurs.id).roles.all()
    comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    dits = selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.METIER)
    assert [(dit.nom, dit.fini_le, dit.commence_le, dit.avis.obstacles) for dit in dits] == [
        ("Ada Fini", jour_civil(PLANIFICATION), None, (Obstacle.SANS_ROLE,)),
        ("Ada Futur", None, LE_JOUR + timedelta(days=9), (Obstacle.SANS_ROLE,)),
    ]
    assert [dit.nom for dit in selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.CERTIFICATEUR)] == ["Ada Ailleurs"]
    assert "Ada Revenu" in codes(salle)


@pytest.mark.parametrize("nombre", [1, 3])
def test_dire_qui_n_a_plus_le_role_coute_une_requete(nombre, django_assert_num_queries):
    salle = factories.salle()
    for _ in range(nombre):
        (role,) = Personne.objects.get(pk=comptes.avec_role(NatureRole.EVALUATEUR_METIER).id).roles.all()
        comptes.services.retirer_role(role=role.pk, auteur=SYSTEME, maintenant=PLANIFICATION)
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    with django_assert_num_queries(1):
        assert len(selectors.evaluateurs_hors_role(SYSTEME, vue, Qualite.METIER)) == nombre
