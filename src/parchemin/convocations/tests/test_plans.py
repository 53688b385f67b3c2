"""Préparer un plan d'épreuves : le demander, le calculer, le retoucher, l'adopter ; à deux, tué au milieu, périmé."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.selectors import droits
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import presenters, selectors, services
from parchemin.convocations.enums import EtatDePlan
from parchemin.convocations.models import Epreuve, Plan
from parchemin.convocations.planificateur import memoire, retouche, solveur
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.planificateur.retouche import Sens
from parchemin.convocations.planificateur.semaine import Heures
from parchemin.convocations.planificateur.verificateur import Regle
from parchemin.convocations.selectors.instances import cle
from parchemin.convocations.selectors.plans import SILENCE
from parchemin.convocations.services.plans import calcul
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.factories import PLANIFICATION
from parchemin.convocations.tests.gestes import refus
from parchemin.parcours.models import Dossier
from parchemin.parcours.tests.factories import Monde
from parchemin.registre.verification import examiner
from parchemin.socle.acteur import SYSTEME, Acteur
from parchemin.socle.horloge import PARIS, jour_civil
from parchemin.socle.refus import Introuvable, RefusDroit
from tests.scenes import scene

pytestmark = pytest.mark.django_db

LUNDI, VENDREDI = date(2026, 11, 16), date(2026, 11, 20)
LE = jour_civil(PLANIFICATION)


DISPONIBLE = solveur.disponible


@scene
def candidat_pret() -> Monde:
    """Un candidat prêt pour deux blocs, un site d'une salle, une paire d'évaluateurs."""
    pret = carnet.complet(("B1", "B3"))
    factories.piece(factories.site(pret.organisme))
    for nature in (NatureRole.EVALUATEUR_METIER, NatureRole.EVALUATEUR_CERTIFICATEUR):
        comptes.avec_role(nature)
    return pret


@pytest.fixture
def monde():
    """Le candidat prêt, et le glouton seul (le solveur a ses tests) : il n'est écarté qu'une fois la scène posée, qu'il ne change pas."""
    pret = candidat_pret()
    with patch.object(solveur, "disponible", lambda: False):
        yield pret


def demander(monde, **champs) -> UUID:
    valeurs = {"organisme": monde.organisme, "du": LUNDI, "au": VENDREDI, "auteur": monde.gestionnaire}
    return services.demander_plan(**valeurs | champs, maintenant=PLANIFICATION)


def propose(monde) -> UUID:
    plan = demander(monde)
    services.calculer_plan(plan=plan, maintenant=PLANIFICATION, fils=1)
    return plan


def lire(monde, plan: UUID):
    return selectors.plan(monde.gestionnaire, plan, LE)


def deplacer(monde, plan: UUID, bloc: str, voulue, **champs) -> None:
    valeurs = {"version": Plan.objects.get(pk=plan).version, "auteur": monde.gestionnaire} | champs
    services.deplacer_dans_le_plan(
        plan=plan, epreuve=cle(monde.dossier, bloc), voulue=voulue, **valeurs, maintenant=PLANIFICATION
    )


def adopter(monde, plan: UUID, maintenant: datetime = PLANIFICATION, *, malgre: bool = False) -> None:
    services.demander_adoption(
        plan=plan,
        version=Plan.objects.get(pk=plan).version,
        malgre=malgre,
        auteur=monde.gestionnaire,
        maintenant=maintenant,
    )
    services.adopter_plan(plan=plan, auteur=monde.gestionnaire, malgre=malgre, maintenant=maintenant)


def test_un_plan_propose_les_blocs_prets_a_la_suite_et_rien_n_est_inscrit(monde, tmp_path):
    vue = lire(monde, propose(monde))
    assert (vue.etat, vue.defauts, vue.laissees, vue.change) == (EtatDePlan.PROPOSE, {}, (), False)
    assert [p.epreuve for p in vue.plan] == [cle(monde.dossier, "B1"), cle(monde.dossier, "B3")]
    debuts = [instant(p.debut).astimezone(PARIS) for p in vue.plan]
    assert (debuts[0].date(), debuts[0].time()) == (LUNDI, time(8))
    assert debuts[1] == debuts[0] + timedelta(minutes=vue.instance.epreuve[vue.plan[0].epreuve].duree)
    assert Epreuve.objects.count() == 0
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_avec_le_solveur_le_plan_dit_sa_borne(monde):
    with patch.object(solveur, "disponible", DISPONIBLE):
        vue = lire(monde, propose(monde))
    assert vue.borne is not None
    assert vue.borne <= vue.points <= vue.points_du_premier
    assert vue.defauts == {}


def test_un_bloc_qui_a_son_epreuve_ou_un_carnet_incomplet_n_est_pas_du_plan(monde):
    factories.planifier(monde, "B1")
    assert [e.bloc for e in lire(monde, propose(monde)).instance.epreuves] == ["B3"]
    attend = demander(monde)
    factories.planifier(monde, "B3")
    with refus("aucun_candidat"):
        demander(monde)
    services.calculer_plan(plan=attend, maintenant=PLANIFICATION, fils=1)  # demandé juste avant
    assert lire(monde, attend).etat == EtatDePlan.VIDE


def test_les_plus_anciens_qui_attendent_ne_cachent_pas_ceux_qui_sont_prets(monde):
    """Plus de dossiers, plus anciens, sans carnet rempli : le plan va à qui est prêt."""
    from parchemin.parcours.tests import factories as parcours

    anciens = [parcours.monde(("B1",), organisme=monde.organisme) for _ in range(2)]
    Dossier.objects.filter(pk__in=[un.dossier for un in anciens]).update(entree_le=LE - timedelta(days=2000))
    with patch.object(calcul, "CANDIDATS_AU_PLUS", 1):
        plan = demander(monde)
    assert Plan.objects.get(pk=plan).choix["dossiers"] == [str(monde.dossier)]


def test_le_plan_garde_les_candidats_choisis(monde):
    autre = carnet.complet(("B1",), organisme=monde.organisme)
    assert set(Plan.objects.get(pk=demander(monde)).choix["dossiers"]) == {str(monde.dossier), str(autre.dossier)}
    plan = demander(monde, candidats=[autre.dossier])
    services.calculer_plan(plan=plan, maintenant=PLANIFICATION, fils=1)
    assert [e.cle for e in lire(monde, plan).instance.epreuves] == [cle(autre.dossier, "B1")]


def test_un_choix_perime_vide_ou_trop_grand_se_dit(monde):
    autre = carnet.complet(("B1",), organisme=monde.organisme)
    ailleurs = carnet.complet(("B1",))
    for choix, code in (
        ([], "candidats_changes"),
        ([monde.dossier, ailleurs.dossier], "candidats_changes"),
        ([monde.dossier, autre.dossier], "trop_de_candidats"),
    ):
        with patch.object(calcul, "CANDIDATS_AU_PLUS", 1), refus(code):
            demander(monde, candidats=choix)
    assert not Plan.objects.exists()


def test_qui_la_barriere_ecarte_n_est_propose_pour_aucune_epreuve(monde):
    """Le tuteur du candidat tient aussi le rôle d'évaluateur métier : il n'est admis à aucune de ses épreuves."""
    from parchemin.comptes import services as comptes_services

    comptes_services.donner_role(
        personne=monde.tuteur.id,
        nature=NatureRole.EVALUATEUR_METIER,
        organisme=None,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    vue = lire(monde, propose(monde))
    admis = {qui for e in vue.instance.epreuves for qui in e.metiers}
    assert (str(monde.tuteur.id) in admis, len(admis)) == (False, 1)


@pytest.mark.parametrize(
    ("champs", "code"),
    [
        ({"du": VENDREDI, "au": LUNDI}, "periode_a_l_envers"),
        ({"du": LE}, "periode_passee"),
        ({"du": LE + timedelta(days=14), "au": LE + timedelta(days=30)}, "periode_trop_proche"),
        ({"au": LUNDI + timedelta(days=57)}, "periode_longue"),
    ],
)
def test_une_periode_se_verifie(monde, champs, code):
    with refus(code):
        demander(monde, **champs)
    assert not Plan.objects.exists()


def test_des_que_l_on_peut_convoquer_en_donnant_un_motif_la_periode_commence(monde):
    dates = selectors.premieres_dates(SYSTEME, [Dossier.objects.get(pk=monde.dossier).norme_empreinte], LE)
    assert dates is not None
    assert (dates.avec_motif, dates.a_temps) == (LE + timedelta(days=15), LE + timedelta(days=21))
    assert demander(monde, du=dates.avec_motif, au=dates.a_temps)


def test_sans_salle_ou_sans_dossier_rien_ne_se_demande():
    pret = carnet.complet(("B1",))
    with refus("aucune_salle"):
        demander(pret)
    vide = comptes.organisme()
    with refus("aucun_candidat"):
        demander(pret, organisme=vide, auteur=comptes.gestionnaire(vide))


def test_un_plan_ne_se_tient_que_par_le_gestionnaire_de_l_organisme(monde):
    plan = propose(monde)
    for qui in (
        comptes.gestionnaire(comptes.organisme()),
        comptes.avec_role(NatureRole.RH, monde.organisme),
        monde.candidat,
    ):
        with pytest.raises(Introuvable):
            selectors.plan(qui, plan, LE)
        for geste in (
            lambda qui=qui: demander(monde, auteur=qui),
            lambda qui=qui: deplacer(monde, plan, "B1", None, auteur=qui),
            lambda qui=qui: services.arreter_la_recherche(plan=plan, auteur=qui, maintenant=PLANIFICATION),
            lambda qui=qui: services.demander_adoption(
                plan=plan, version=0, malgre=False, auteur=qui, maintenant=PLANIFICATION
            ),
        ):
            with pytest.raises(RefusDroit) as erreur:
                geste()
            assert erreur.value.code == "planification_reservee"
    with pytest.raises(Introuvable):
        services.arreter_la_recherche(plan=uuid4(), auteur=monde.gestionnaire, maintenant=PLANIFICATION)


def test_un_plan_neuf_remplace_le_precedent(monde):
    premier = propose(monde)
    second = demander(monde)
    assert [p.pk for p in Plan.objects.all()] == [second]
    services.calculer_plan(plan=premier, maintenant=PLANIFICATION)
    with pytest.raises(Introuvable):
        lire(monde, premier)


def test_le_calcul_repris_deux_fois_ne_propose_qu_une_fois(monde):
    plan = propose(monde)
    deplacer(monde, plan, "B3", Sens.LENDEMAIN)
    garde = Plan.objects.get(pk=plan).contenu
    services.calculer_plan(plan=plan, maintenant=PLANIFICATION)
    assert Plan.objects.get(pk=plan).contenu == garde


def test_l_arret_demande_arrete_et_deux_fois_ne_change_rien(monde):
    plan = demander(monde)
    for _ in range(2):
        services.arreter_la_recherche(plan=plan, auteur=monde.gestionnaire, maintenant=PLANIFICATION)
    assert Plan.objects.get(pk=plan).arret


# Retoucher -----------------------------------------------------------------------------------------------------------


def test_une_epreuve_se_decale_d_un_pas_et_ce_qui_s_oppose_se_dit(monde):
    plan = propose(monde)
    avant = lire(monde, plan).placements[cle(monde.dossier, "B3")]
    deplacer(monde, plan, "B3", Sens.LENDEMAIN)
    vue = lire(monde, plan)
    apres = vue.placements[cle(monde.dossier, "B3")]
    assert instant(apres.debut).astimezone(PARIS).date() == LUNDI + timedelta(days=1)
    assert (apres.salle, apres.metier, vue.defauts, vue.version) == (avant.salle, avant.metier, {}, 1)
    deplacer(monde, plan, "B3", Sens.VEILLE)
    deplacer(monde, plan, "B3", Sens.PLUS_TOT)
    vue = lire(monde, plan)
    trouves = {(d.regle, d.epreuve) for siens in vue.defauts.values() for d in siens}
    regles = {Regle.SALLE_PRISE, Regle.CANDIDAT_PRIS, Regle.EVALUATEUR_PRIS}
    assert trouves == {(regle, cle(monde.dossier, bloc)) for regle in regles for bloc in ("B1", "B3")}
    with refus("pas_plus_loin"):
        deplacer(monde, plan, "B1", Sens.VEILLE)


def test_sans_heure_une_epreuve_prend_le_premier_moment_libre_du_jour(monde):
    plan = propose(monde)
    place = lire(monde, plan).placements[cle(monde.dossier, "B3")]
    voulue = services.Voulue(
        UUID(place.salle), VENDREDI.toordinal(), None, UUID(place.metier), UUID(place.certificateur)
    )
    deplacer(monde, plan, "B3", voulue)
    apres = lire(monde, plan).placements[cle(monde.dossier, "B3")]
    local = instant(apres.debut).astimezone(PARIS)
    assert (local.date(), local.time()) == (VENDREDI, time(8))
    samedi = services.Voulue(voulue.salle, VENDREDI.toordinal() + 1, None, voulue.metier, voulue.certificateur)
    with refus("salle_fermee"):
        deplacer(monde, plan, "B3", samedi)
    ailleurs = services.Voulue(uuid4(), voulue.jour, None, voulue.metier, voulue.certificateur)
    with pytest.raises(Introuvable):
        deplacer(monde, plan, "B3", ailleurs)


def test_une_epreuve_otee_dit_qu_elle_a_sa_place_et_y_revient(monde):
    plan = propose(monde)
    place = lire(monde, plan).placements[cle(monde.dossier, "B3")]
    deplacer(monde, plan, "B3", None)
    vue = lire(monde, plan)
    assert [(une.epreuve, une.relacher, une.libre) for une in vue.laissees] == [(cle(monde.dossier, "B3"), (), True)]
    voulue = services.Voulue(UUID(place.salle), 0, instant(place.debut), UUID(place.metier), UUID(place.certificateur))
    deplacer(monde, plan, "B3", voulue)
    vue = lire(monde, plan)
    assert (vue.laissees, vue.placements[cle(monde.dossier, "B3")], vue.version) == ((), place, 2)
    deplacer(monde, plan, "B3", voulue)
    assert lire(monde, plan).version == 2


def test_deux_gestionnaires_ne_retouchent_pas_le_meme_plan_sans_se_lire(monde):
    plan, autre = propose(monde), comptes.gestionnaire(monde.organisme)
    deplacer(monde, plan, "B1", Sens.PLUS_TARD, auteur=autre)
    with refus("plan_change"):
        deplacer(monde, plan, "B3", Sens.LENDEMAIN, version=0)
    with refus("plan_change"):
        services.demander_adoption(
            plan=plan, version=0, malgre=False, auteur=monde.gestionnaire, maintenant=PLANIFICATION
        )


def test_un_plan_qui_se_prepare_ne_se_retouche_ni_ne_s_adopte(monde):
    plan = demander(monde)
    with refus("plan_en_route"):
        deplacer(monde, plan, "B1", Sens.LENDEMAIN)
    with refus("plan_en_route"):
        services.demander_adoption(
            plan=plan, version=0, malgre=False, auteur=monde.gestionnaire, maintenant=PLANIFICATION
        )


def test_ce_qui_change_depuis_se_voit(monde):
    """L'évaluateur se dit pris le lundi : le plan est périmé, et ses deux épreuves disent pourquoi."""
    plan = propose(monde)
    metier = UUID(lire(monde, plan).plan[0].metier)
    services.revoir_agenda(
        personne=metier,
        fuseau="Europe/Paris",
        site=None,
        maximum=None,
        heures=[Heures(5, time(8), time(18))],
        auteur=Acteur(metier),
        maintenant=PLANIFICATION,
    )
    vue = lire(monde, plan)
    assert vue.change
    assert {d.regle for siens in vue.defauts.values() for d in siens} == {Regle.EVALUATEUR_INDISPONIBLE}
    phrases = [presenters.phrase(vue, d) for d in vue.defauts[cle(monde.dossier, "B1")]]
    assert phrases == [f"{vue.nom(str(metier))} n'est pas disponible à cette heure."]


def test_une_epreuve_planifiee_ailleurs_depuis_n_est_plus_a_adopter(monde):
    plan = propose(monde)
    factories.planifier(monde, "B1")
    vue = lire(monde, plan)
    assert (vue.change, vue.ailleurs) == (True, frozenset({cle(monde.dossier, "B1")}))
    assert [p.epreuve for p in vue.reste] == [cle(monde.dossier, "B3")]


# Qui tient quoi -------------------------------------------------------------------------------------------------------


def test_un_gestionnaire_candidat_ne_retouche_pas_sa_propre_epreuve(monde):
    """Sa collègue a demandé le plan : il le lit, sans choisir l'heure ni les évaluateurs de sa propre épreuve."""
    plan = propose(monde)
    comptes.services.donner_role(
        personne=monde.candidat.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=monde.organisme,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    with pytest.raises(RefusDroit) as erreur:
        deplacer(monde, plan, "B1", Sens.LENDEMAIN, auteur=monde.candidat)
    assert erreur.value.code == "cause_propre"
    vue = selectors.plan(monde.candidat, plan, LE)
    page = presenters.page_de_plan(vue, None, PLANIFICATION, droits(monde.candidat, LE), solveur=False)
    (vacation,) = page.jours[0].vacations
    assert [ligne.url for ligne in vacation.lignes] == ["", ""]


def test_un_role_borne_ne_lit_ni_ne_touche_les_dossiers_d_une_autre_certification(monde):
    plan = propose(monde)
    borne = comptes.personne("Bruno")
    comptes.services.donner_role(
        personne=borne.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=monde.organisme,
        certification="autre",
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    vue = selectors.plan(borne, plan, LE)
    assert (vue.dossiers, vue.montres, vue.reste, len(vue.plan)) == ({}, (), (), 2)
    page = presenters.page_de_plan(vue, None, PLANIFICATION, droits(borne, LE), solveur=False)
    dit = page.resume.replace("\xa0", " ")
    assert dit == "0 épreuve placée. Celles d'une certification que vous ne gérez pas n'y sont pas."
    assert ([jour.vacations for jour in page.jours], page.adoptable) == ([()] * len(page.jours), False)
    assert not page.jours[0].libres  # la salle n'est pas libre pour autant
    with pytest.raises(RefusDroit) as erreur:
        deplacer(monde, plan, "B1", Sens.LENDEMAIN, auteur=borne)
    assert erreur.value.code == "planification_reservee"
    services.demander_adoption(plan=plan, version=0, malgre=False, auteur=borne, maintenant=PLANIFICATION)
    services.adopter_plan(plan=plan, auteur=borne, malgre=False, maintenant=PLANIFICATION)
    apres = lire(monde, plan)
    assert (apres.etat, apres.refuses, Epreuve.objects.count()) == (EtatDePlan.PROPOSE, {}, 0)


# Adopter --------------------------------------------------------------------------------------------------------------


def test_adopter_inscrit_chaque_epreuve_et_ses_evaluateurs(monde, tmp_path):
    plan = propose(monde)
    voulus = {p.epreuve: p for p in lire(monde, plan).plan}
    adopter(monde, plan)
    vue = lire(monde, plan)
    assert (vue.etat, vue.refuses, vue.reste) == (EtatDePlan.ADOPTE, {}, ())
    for nee in selectors.epreuves_du_dossier(monde.gestionnaire, monde.dossier).values():
        place = voulus[cle(monde.dossier, nee.bloc)]
        assert (nee.prevue_le, str(nee.salle), nee.etat) == (instant(place.debut), place.salle, "affectee")
        assert {str(e.personne) for e in nee.evaluateurs} == {place.metier, place.certificateur}
    with refus("plan_en_route"):
        adopter(monde, plan)
    assert Epreuve.objects.count() == 2
    assert examiner(tmp_path, (), ()).anomalies == ()


def test_adopter_annonce_ce_que_planifier_et_affecter_annoncent_et_ne_convoque_personne(monde):
    """Chaque épreuve se dit planifiée, puis pourvue ; les convocations restent un geste du gestionnaire."""
    plan = propose(monde)
    dites: list[object] = []
    with patch.object(services.epreuves, "annoncer", dites.append):
        adopter(monde, plan)
    nees = selectors.epreuves_du_dossier(monde.gestionnaire, monde.dossier).values()
    assert sorted((type(une).__name__, une.epreuve) for une in dites) == sorted(
        (nom, nee.id) for nee in nees for nom in ("EpreuvePlanifiee", "EvaluateursAffectes")
    )
    assert selectors.convocations(monde.gestionnaire, [nee.id for nee in nees]) == {}


def test_ce_qui_est_refuse_se_dit_et_n_arrete_pas_les_autres(monde):
    """Le bloc 3 est mis à la même heure que le bloc 1 : le premier s'inscrit, le second dit pourquoi il ne l'est pas."""
    plan = propose(monde)
    deplacer(monde, plan, "B3", Sens.PLUS_TOT)
    adopter(monde, plan, malgre=True)
    vue = lire(monde, plan)
    assert (vue.etat, set(vue.faits), set(vue.refuses)) == (
        EtatDePlan.PROPOSE,
        {cle(monde.dossier, "B1")},
        {cle(monde.dossier, "B3")},
    )
    assert vue.refuses[cle(monde.dossier, "B3")].startswith("Cette place n'est pas libre.")
    with refus("deja_inscrite"):
        deplacer(monde, plan, "B1", Sens.LENDEMAIN)
    deplacer(monde, plan, "B3", Sens.LENDEMAIN)
    assert lire(monde, plan).refuses == {}
    adopter(monde, plan)
    assert (lire(monde, plan).etat, Epreuve.objects.count()) == (EtatDePlan.ADOPTE, 2)


def test_une_adoption_tuee_au_milieu_se_reprend_sans_rien_inscrire_deux_fois(monde):
    plan = propose(monde)
    vrai, appels = services.plans.adoption.affecter_evaluateurs, []

    def tue(**champs):
        appels.append(champs)
        if len(appels) == 2:
            raise SystemExit
        return vrai(**champs)

    with patch.object(services.plans.adoption, "affecter_evaluateurs", tue), pytest.raises(SystemExit):
        adopter(monde, plan)
    assert (Epreuve.objects.count(), lire(monde, plan).etat) == (1, EtatDePlan.ADOPTION)
    with refus("plan_en_route"):
        adopter(monde, plan)
    with refus("adoption_en_cours"):
        demander(monde)
    adopter(monde, plan, PLANIFICATION + SILENCE)
    assert (Epreuve.objects.count(), lire(monde, plan).etat) == (2, EtatDePlan.ADOPTE)


# Les formes ----------------------------------------------------------------------------------------------------------


def test_une_instance_gardee_se_relit_la_meme():
    from mesures.instances import GENRES, instance
    from parchemin.convocations.planificateur.glouton import planifier

    for genre in GENRES:
        donnee = instance(genre)
        assert memoire.relire(memoire.garder(donnee)) == donnee
    plan = planifier(donnee)
    assert memoire.relire_plan(memoire.garder_plan(plan)) == plan
    une = plan[0]
    assert retouche.decalee(donnee, plan, une.epreuve, Sens.PLUS_TARD).debut == une.debut + retouche.PAS
    assert retouche.decalee(donnee, (), une.epreuve, Sens.PLUS_TARD) is None
