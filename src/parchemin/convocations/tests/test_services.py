"""Planifier, affecter, annuler : ce qui passe, ce qui est refusé et sous quel code, ce qui reste écrit."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role, retirer_role
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import selectors, services
from parchemin.convocations.enums import Qualite
from parchemin.convocations.models import Affectation, Epreuve, PassageEpreuve
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import JOUR, PLANIFICATION, Salle
from parchemin.parcours import services as parcours
from parchemin.parcours.enums import GenreEtape, Voie
from parchemin.parcours.selectors import dossiers_par_ids
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import jour_civil
from parchemin.socle.refus import Introuvable, Refus, RefusDroit

pytestmark = pytest.mark.django_db


def affecter(salle: Salle, metier: Acteur, certificateur: Acteur, auteur: Acteur | None = None) -> None:
    services.affecter_evaluateurs(
        epreuve=salle.epreuve,
        metier=metier.id,
        certificateur=certificateur.id,
        auteur=auteur or salle.monde.gestionnaire,
        maintenant=PLANIFICATION + timedelta(hours=1),
    )


def refus(code: str):
    return pytest.raises(Refus, check=lambda erreur: erreur.code == code)


# Planifier -----------------------------------------------------------------------------------------------------------


def test_la_premiere_epreuve_fait_passer_le_dossier_en_evaluation(tmp_path):
    monde = carnet.complet(("B3", "B4"))
    epreuve = factories.planifier(monde, "B3")
    assert dossiers_par_ids(SYSTEME, [monde.dossier])[monde.dossier].etat == "en_evaluation"
    vue = selectors.epreuve_par_id(SYSTEME, epreuve)
    assert (vue.bloc, vue.etat, vue.prevue_le, vue.lieu) == ("B3", "a_planifier", JOUR, "Plateau 2")
    assert vue.norme == vue.dossier.norme_empreinte
    factories.planifier(monde, "B4")
    assert set(selectors.epreuves_du_dossier(SYSTEME, monde.dossier)) == {"B3", "B4"}
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_on_ne_planifie_ni_deux_fois_ni_un_bloc_non_demande_ni_nulle_part():
    monde = carnet.complet(("B3", "B4"))
    factories.planifier(monde, "B3")
    with refus("epreuve_deja_planifiee"):
        factories.planifier(monde, "B3")
    with refus("bloc_non_demande"):
        factories.planifier(monde, "B1")
    with refus("lieu_manquant"):
        services.planifier_epreuve(
            dossier=monde.dossier, bloc="B4", prevue_le=JOUR, lieu="  ", auteur=monde.gestionnaire, maintenant=JOUR
        )
    with pytest.raises(Introuvable):
        services.planifier_epreuve(
            dossier=uuid4(), bloc="B3", prevue_le=JOUR, lieu="Ici", auteur=monde.gestionnaire, maintenant=JOUR
        )
    assert Epreuve.objects.count() == 1


def test_sans_carnet_complet_on_ne_convoque_pas():
    monde = carnet.avec_carnet(("B3",))
    with refus("carnet_incomplet"):
        factories.planifier(monde, "B3")


def test_une_vae_attend_son_dossier_de_validation_et_rien_d_autre():
    monde = carnet.avec_carnet(("B3",), voie=Voie.VAE)
    with refus("validation_attendue"):
        factories.planifier(monde, "B3")
    parcours.inscrire_etape(
        dossier=monde.dossier, genre=GenreEtape.VALIDATION, le=date(2026, 3, 2), auteur=monde.gestionnaire,
        maintenant=PLANIFICATION,
    )  # fmt: skip
    assert selectors.epreuve_par_id(SYSTEME, factories.planifier(monde, "B3")).bloc == "B3"


@pytest.mark.parametrize("qui", ["candidat", "tuteur", "manager", "autre"])
def test_planifier_revient_au_gestionnaire_de_l_organisme(qui):
    monde = carnet.complet(("B3",))
    auteur = comptes.gestionnaire(comptes.organisme()) if qui == "autre" else getattr(monde, qui)
    with pytest.raises(RefusDroit) as erreur:
        services.planifier_epreuve(
            dossier=monde.dossier, bloc="B3", prevue_le=JOUR, lieu="Ici", auteur=auteur, maintenant=PLANIFICATION
        )
    assert erreur.value.code == "planification_reservee"


# Affecter ------------------------------------------------------------------------------------------------------------


def test_deux_personnes_une_par_qualite():
    salle = factories.salle()
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert vue.qualite_de(salle.metier.id) == Qualite.METIER
    assert vue.qualite_de(salle.certificateur.id) == Qualite.CERTIFICATEUR
    assert vue.qualite_de(salle.monde.candidat.id) is None
    assert vue.etat == "affectee"


@pytest.mark.parametrize("qualite", list(Qualite))
@pytest.mark.parametrize(
    ("lien", "code"),
    [
        ("candidat", "evaluateur_est_candidat"),
        ("tuteur", "evaluateur_est_tuteur"),
        ("manager", "evaluateur_est_manager"),
        ("autre", "evaluateur_deux_qualites"),
        ("inconnu", "evaluateur_sans_role"),
    ],
)
def test_un_lien_avec_le_candidat_ecarte_et_le_refus_dit_lequel(lien, code, qualite):
    salle = factories.salle()
    choisis = {Qualite.METIER: salle.metier, Qualite.CERTIFICATEUR: salle.certificateur}
    autre = choisis[next(q for q in Qualite if q != qualite)]
    ecarte = {"autre": autre, "inconnu": comptes.personne()}.get(lien) or getattr(salle.monde, lien)
    if lien != "inconnu":
        for nature in (NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR):
            donner_role(personne=ecarte.id, nature=nature, organisme=None, auteur=SYSTEME, maintenant=comptes.JADIS)
    choisis[qualite] = ecarte
    with pytest.raises(RefusDroit) as erreur:
        affecter(salle, choisis[Qualite.METIER], choisis[Qualite.CERTIFICATEUR])
    assert erreur.value.code == code
    assert dict(Affectation.objects.values_list("qualite", "evaluateur_id")) == {
        "metier": salle.metier.id,
        "certificateur": salle.certificateur.id,
    }


def test_qui_est_remplace_reste_dans_l_histoire():
    salle = factories.salle()
    suivant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    affecter(salle, suivant, salle.certificateur)
    affecter(salle, suivant, salle.certificateur)  # redire ne change rien
    lignes = Affectation.objects.filter(qualite="metier").order_by("du")
    assert [(ligne.evaluateur_id, ligne.au is None) for ligne in lignes] == [
        (salle.metier.id, False),
        (suivant.id, True),
    ]
    assert list(selectors.epreuves_de_l_evaluateur(salle.metier, jour_civil(factories.JOUR))) == []
    assert [e.pk for e in selectors.epreuves_de_l_evaluateur(suivant, jour_civil(factories.JOUR))] == [salle.epreuve]


def test_une_epreuve_commencee_garde_ses_evaluateurs():
    salle = factories.salle()
    services.passer_epreuve(epreuve=salle.epreuve, vers="en_cours", auteur=salle.metier, maintenant=JOUR)
    with refus("epreuve_commencee"):
        affecter(salle, comptes.avec_role(NatureRole.EVALUATEUR_METIER), salle.certificateur)


def test_l_independance_se_reverifie_a_l_ouverture():
    salle = factories.salle()
    vue = selectors.epreuve_par_id(SYSTEME, salle.epreuve)
    assert services.verifier_evaluateur(salle.metier, vue, JOUR) == Qualite.METIER
    with pytest.raises(Introuvable):
        services.verifier_evaluateur(salle.monde.gestionnaire, vue, JOUR)
    from parchemin.comptes.models import Role

    role = Role.objects.get(personne_id=salle.metier.id)
    retirer_role(role=role.pk, auteur=SYSTEME, maintenant=JOUR - timedelta(days=1))
    with pytest.raises(RefusDroit) as erreur:
        services.verifier_evaluateur(salle.metier, vue, JOUR)
    assert erreur.value.code == "evaluateur_sans_role"


# Annuler, passer -----------------------------------------------------------------------------------------------------


def test_annuler_est_motive_se_redit_et_ne_touche_pas_un_resultat():
    salle = factories.salle()
    annuler = {"epreuve": salle.epreuve, "auteur": salle.monde.gestionnaire, "maintenant": JOUR}
    with refus("motif_manquant"):
        services.annuler_epreuve(motif=" ", **annuler)
    services.annuler_epreuve(motif="Malade", **annuler)
    services.annuler_epreuve(motif="Encore", **annuler)
    passages = PassageEpreuve.objects.filter(epreuve_id=salle.epreuve).order_by("rang")
    assert list(passages.values_list("etat", "motif")) == [("a_planifier", ""), ("affectee", ""), ("annulee", "Malade")]
    autre = factories.salle()
    for etat in ("en_cours", "lectures_scellees"):
        services.passer_epreuve(epreuve=autre.epreuve, vers=etat, auteur=autre.metier, maintenant=JOUR)
    with refus("passage_interdit"):
        services.annuler_epreuve(
            epreuve=autre.epreuve, motif="Trop tard", auteur=autre.monde.gestionnaire, maintenant=JOUR
        )


@pytest.mark.parametrize("ecriture", ["UPDATE {} SET etat = 'accordee'", "DELETE FROM {}", "TRUNCATE {}"])
def test_un_passage_ecrit_ne_bouge_plus(ecriture):
    factories.salle()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
        curseur.execute(ecriture.format(PassageEpreuve._meta.db_table))
    assert PassageEpreuve.objects.count() == 2


# À deux en même temps ------------------------------------------------------------------------------------------------


def _ensemble(*gestes):
    """Joue ces gestes au même instant, chacun dans son fil et sa connexion ; rend ce que chacun a rendu ou levé."""
    depart = threading.Barrier(len(gestes))
    issues: list[object] = [None] * len(gestes)

    def jouer(rang, geste):
        try:
            depart.wait(timeout=10)
            issues[rang] = geste()
        except Refus as erreur:
            issues[rang] = erreur.code
        finally:
            connection.close()

    fils = [threading.Thread(target=jouer, args=(rang, geste)) for rang, geste in enumerate(gestes)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=20)
    assert not any(fil.is_alive() for fil in fils)
    return issues


@pytest.mark.django_db(transaction=True)
def test_deux_planifications_du_meme_bloc_n_en_font_qu_une(tmp_path):
    monde = carnet.complet(("B3",))
    issues = _ensemble(*[lambda: factories.planifier(monde, "B3")] * 2)
    assert Epreuve.objects.count() == 1
    assert set(issues) == {Epreuve.objects.get().pk, "epreuve_deja_planifiee"}
    assert examiner(tmp_path, (), ()).anomalies == ()


@pytest.mark.django_db(transaction=True)
def test_deux_affectations_contraires_laissent_deux_evaluateurs_et_non_quatre(tmp_path):
    salle = factories.salle()
    suivant = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    dernier = comptes.avec_role(NatureRole.EVALUATEUR_METIER)
    issues = _ensemble(
        lambda: affecter(salle, suivant, salle.certificateur), lambda: affecter(salle, dernier, salle.certificateur)
    )
    assert issues == [None, None]
    en_place = Affectation.objects.filter(au=None).order_by("qualite").values_list("qualite", flat=True)
    assert list(en_place) == ["certificateur", "metier"]
    assert Affectation.objects.count() == 6
    assert examiner(tmp_path, (), ()).anomalies == ()
