"""Les pages d'un plan d'épreuves : le demander, le lire semaine par semaine, y déplacer une épreuve, l'adopter."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from parchemin.carnet.tests import factories as carnet
from parchemin.comptes.enums import NatureRole
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.enums import EtatDePlan
from parchemin.convocations.models import Epreuve, Plan
from parchemin.convocations.planificateur.fichier import instant
from parchemin.convocations.selectors.instances import cle
from parchemin.convocations.tests import factories
from parchemin.convocations.tests.test_plans import LUNDI, VENDREDI, adopter, demander, deplacer, lire, monde, propose
from parchemin.convocations.tests.test_views import connecte, texte
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.horloge import PARIS

pytestmark = pytest.mark.django_db
__all__ = ["monde"]

PLANS = "/epreuves/plans/"


@pytest.fixture(autouse=True)
def _le_jour_de_planifier():
    with time_machine.travel(factories.PLANIFICATION, tick=False):
        yield


def page(plan) -> str:
    return reverse("convocations:plan", args=[plan])


def epreuve(monde, plan, bloc: str) -> str:
    return reverse("convocations:plan_epreuve", args=[plan, monde.dossier, bloc])


def test_demander_un_plan_mene_a_sa_page_et_ce_qui_cloche_se_dit(monde):
    client = connecte(monde.gestionnaire)
    lue = texte(client.get(PLANS))
    assert (lue.count("En préparation"), "Un nouveau plan" in lue) == (0, True)
    envoi = {
        "organisme": monde.organisme,
        "candidats": [monde.dossier],
        "du": VENDREDI.isoformat(),
        "au": LUNDI.isoformat(),
    }
    refusee = client.post(PLANS, envoi)
    assert (refusee.status_code, Plan.objects.count()) == (422, 0)
    assert "La période finit avant de commencer" in texte(refusee)
    assert f'value="{VENDREDI.isoformat()}"' in refusee.content.decode()
    envoi |= {"du": LUNDI.isoformat(), "au": VENDREDI.isoformat()}
    reponse = client.post(PLANS, envoi)
    (plan,) = Plan.objects.all()
    assert (reponse.status_code, reponse.url) == (302, page(plan.pk))
    assert "Le premier plan se prépare" in texte(client.get(page(plan.pk)))
    autre = client.post(PLANS, envoi | {"organisme": comptes.organisme()})
    assert (autre.status_code, Plan.objects.count()) == (422, 1)


def test_les_candidats_prets_sont_tous_coches_et_l_on_en_ote(monde):
    autre = carnet.complet(("B1",), organisme=monde.organisme, nom="Noor")
    client = connecte(monde.gestionnaire)
    lue = client.get(PLANS)
    assert lue.content.decode().count("checked") == 2
    assert "blocs 1 et 3, en parcours depuis le" in texte(lue)
    envoi = {"organisme": monde.organisme, "du": LUNDI.isoformat(), "au": VENDREDI.isoformat()}
    vide = client.post(PLANS, envoi)
    assert (vide.status_code, "Choisissez au moins un candidat" in texte(vide)) == (422, True)
    client.post(PLANS, envoi | {"candidats": [autre.dossier]})
    assert Plan.objects.get().choix["dossiers"] == [str(autre.dossier)]


def test_une_periode_trop_proche_dit_la_premiere_date_ou_convoquer(monde):
    client, jour = connecte(monde.gestionnaire), LUNDI - timedelta(days=45)
    assert (
        "sans déroger pour une épreuve du 23 octobre 2026 ou d’après ; en donnant un motif, dès le 17 octobre 2026"
        in (texte(client.get(PLANS)))
    )
    envoi = {"organisme": monde.organisme, "candidats": [monde.dossier], "au": VENDREDI.isoformat()}
    refusee = client.post(PLANS, envoi | {"du": (jour + timedelta(days=14)).isoformat()})
    assert (refusee.status_code, "commencez le 17 octobre 2026 au plus tôt" in texte(refusee)) == (422, True)
    tardive = client.post(PLANS, envoi | {"du": (jour + timedelta(days=15)).isoformat()}, follow=True)
    assert "en donnant un motif, dès le 17 octobre 2026" in texte(tardive)
    a_temps = client.post(PLANS, envoi | {"du": (jour + timedelta(days=21)).isoformat()}, follow=True)
    assert "en donnant un motif" not in texte(a_temps)


def test_qui_gere_plusieurs_organismes_choisit_d_abord_lequel(monde):
    carnet.complet(("B1",))
    client = connecte(comptes.gestionnaire())
    lue = texte(client.get(PLANS))
    assert ("Voir ses candidats prêts" in lue, "Préparer le plan" in lue) == (True, False)
    choisi = client.get(PLANS, {"organisme": monde.organisme})
    assert choisi.content.decode().count("checked") == 1
    vide = texte(client.get(PLANS, {"organisme": comptes.organisme()}))
    assert ("Aucun candidat n’est prêt" in vide, "Préparer le plan" in vide) == (True, False)


def test_une_semaine_montre_ses_vacations_et_les_salles_libres(monde):
    plan = propose(monde)
    lue = texte(connecte(monde.gestionnaire).get(page(plan)))
    assert "2 épreuves placées." in lue
    assert "Lundi 16 novembre 2026" in lue
    assert (lue.count("Bloc 1"), lue.count("Bloc 3"), lue.count(", libre")) == (1 + 1, 1 + 1, 4)
    assert "Le solveur n’est pas installé ici" in lue


def test_deplacer_par_le_simple_formulaire_dit_aussitot_ce_qui_s_oppose(monde):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    vue = lire(monde, plan)
    premier, second = (vue.placements[cle(monde.dossier, bloc)] for bloc in ("B1", "B3"))
    debut = instant(premier.debut).astimezone(PARIS)
    envoi = {
        "jour": LUNDI.isoformat(),
        "heure": f"{debut:%H:%M}",
        "salle": second.salle,
        "metier": second.metier,
        "certificateur": second.certificateur,
        "version": 0,
    }
    reponse = client.post(epreuve(monde, plan, "B3"), envoi, follow=True)
    lue = texte(reponse)
    assert "Déplacé, mais cette place ne tient pas" in lue
    assert "2 épreuves ne tiennent pas à leur place" in lue
    perimee = client.post(epreuve(monde, plan, "B3"), envoi)
    assert perimee.status_code == 422
    assert "Quelqu’un a retouché ce plan entre-temps" in texte(perimee)
    assert f'value="{debut:%H:%M}"' in perimee.content.decode()
    sans_heure = client.post(epreuve(monde, plan, "B3"), envoi | {"heure": "", "version": 1}, follow=True)
    assert "rien ne s’y oppose" in texte(sans_heure)
    assert lire(monde, plan).placements[cle(monde.dossier, "B3")] == second


@pytest.mark.parametrize("geste", ["plus_tard", "lendemain", "oter"])
def test_un_pas_se_fait_d_un_bouton(monde, geste):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    reponse = client.post(epreuve(monde, plan, "B3"), {"geste": geste, "version": 0}, follow=True)
    assert (reponse.status_code, lire(monde, plan).version) == (200, 1)


@pytest.mark.parametrize("envoi", [{"geste": "voler", "version": 0}, {"geste": "veille", "version": "x"}])
def test_un_geste_faux_ne_change_rien(monde, envoi):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    client.post(epreuve(monde, plan, "B3"), envoi, follow=True)
    assert lire(monde, plan).version == 0


def test_l_epreuve_d_un_autre_plan_ou_deja_inscrite_est_introuvable(monde):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    assert client.get(epreuve(monde, plan, "B2")).status_code == 404
    assert client.get(page(uuid4())).status_code == 404
    adopter(monde, plan)
    assert client.get(epreuve(monde, plan, "B1")).status_code == 404
    lue = texte(client.get(page(plan)))
    assert ("Plan adopté" in lue, lue.count("inscrite</span>")) == (True, 2)


def test_sa_propre_epreuve_ne_s_ouvre_pas_dans_le_plan(monde):
    plan = propose(monde)
    comptes.services.donner_role(
        personne=monde.candidat.id,
        nature=NatureRole.GESTIONNAIRE,
        organisme=monde.organisme,
        auteur=SYSTEME,
        maintenant=comptes.JADIS,
    )
    client = connecte(monde.candidat)
    assert client.get(epreuve(monde, plan, "B1")).status_code == 403
    lue = client.get(page(plan))
    assert (epreuve(monde, plan, "B1") in lue.content.decode(), "Bloc 1" in texte(lue)) == (False, True)


def test_une_epreuve_sans_place_dit_pourquoi_et_se_place(monde):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    deplacer(monde, plan, "B3", None)
    lue = texte(client.get(page(plan)))
    assert ("Sans place" in lue, "1 épreuve placée, 1 laissée sans place." in lue) == (True, True)
    seule = client.get(epreuve(monde, plan, "B3"))
    assert "Une place est libre : lundi 16 novembre 2026" in texte(seule)
    client.post(epreuve(monde, plan, "B3"), dict(seule.context["issue"].champs))
    vue = lire(monde, plan)
    assert (len(vue.plan), vue.defauts, vue.laissees) == (2, {}, ())


def test_adopter_se_demande_puis_se_fait_dans_la_file(monde):
    plan, client = propose(monde), connecte(monde.gestionnaire)
    adresse = reverse("convocations:adopter", args=[plan])
    assert "2 épreuves s’inscriront" in texte(client.get(adresse))
    assert client.post(adresse, {"version": 7}).status_code == 422
    reponse = client.post(adresse, {"version": 0}, follow=True)
    assert "Les épreuves s’inscrivent" in texte(reponse)
    assert (Plan.objects.get(pk=plan).etat, Epreuve.objects.count()) == (EtatDePlan.ADOPTION, 0)


def test_une_preparation_interrompue_le_dit(monde):
    plan = demander(monde)
    with time_machine.travel(factories.PLANIFICATION + timedelta(minutes=4), tick=False):
        lue = texte(connecte(monde.gestionnaire).get(page(plan)))
    assert ("La préparation s’est interrompue" in lue, "Arrêter là" in lue) == (True, False)


def test_arreter_la_recherche(monde):
    plan, client = demander(monde), connecte(monde.gestionnaire)
    assert client.get(reverse("convocations:arreter", args=[plan])).status_code == 405
    client.post(reverse("convocations:arreter", args=[plan]))
    assert Plan.objects.get(pk=plan).arret


def test_un_plan_se_lit_en_autant_de_requetes_pour_un_candidat_que_pour_trois(monde, django_assert_num_queries):
    def compte() -> int:
        plan = propose(monde)
        with django_assert_num_queries(REQUETES):
            vue = lire(monde, plan)
        return len(vue.dossiers)

    un = compte()
    for _ in range(2):
        carnet.complet(("B1", "B3"), organisme=monde.organisme)
    assert (un, compte()) == (1, 3)


REQUETES = 14
"""Ses droits et les dossiers qu'ils ouvrent compris : le plan n'en montre pas d'autres."""
