"""Un incident et la grille : suspendue, elle reçoit encore ; close, rien n'est perdu et rien n'est « non acquis »."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from moteur.decision import decider
from parchemin.comptes.tests import factories as comptes
from parchemin.convocations import services as convocations
from parchemin.convocations.enums import GenreIncident, SuiteIncident
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.tests import factories as salles
from parchemin.convocations.tests.factories import JOUR, Salle
from parchemin.evaluation import selectors, services
from parchemin.evaluation.enums import EtatReponse
from parchemin.evaluation.models import Fait, GesteMisAPart, Lecture
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import fait
from parchemin.referentiels.selectors import norme
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.refus import Refus

pytestmark = pytest.mark.django_db
APRES = JOUR + timedelta(hours=2)


def signaler(salle: Salle, genre: GenreIncident = GenreIncident.INTERROMPU) -> None:
    convocations.signaler_incident(
        epreuve=salle.epreuve, genre=genre, motif="Alarme incendie.", auteur=salle.metier, maintenant=JOUR
    )


def trancher(salle: Salle, suite: SuiteIncident, **autres):
    return convocations.trancher_incident(
        epreuve=salle.epreuve,
        suite=suite,
        motif="Décidé.",
        auteur=salle.monde.gestionnaire,
        maintenant=APRES,
        **autres,
    )


def envoyer(salle: Salle, rang: int, auteur=None, valeur: str = "valide", cible: str = "critere:K3.1.1"):
    (reponse,) = services.recevoir_faits(
        epreuve=salle.epreuve, lot=[fait(salle, rang, cible, valeur)], auteur=auteur or salle.metier, maintenant=APRES
    )
    return reponse.etat


def test_suspendue_la_grille_recoit_encore_mais_ne_se_scelle_pas():
    salle = salles.salle("B3")
    factories.remplir(salle, salle.metier)
    signaler(salle)
    assert envoyer(salle, 1, valeur="non_valide") == EtatReponse.ACCEPTEE
    with pytest.raises(Refus, check=lambda e: e.code == "epreuve_suspendue"):
        factories.clore(salle, salle.metier)
    assert Lecture.objects.count() == 0


def test_une_reprise_continue_la_meme_grille():
    salle = salles.salle("B3")
    assert envoyer(salle, 1) == EtatReponse.ACCEPTEE
    signaler(salle)
    avant = selectors.grille(salle.metier, salle.epreuve)
    trancher(salle, SuiteIncident.REPRENDRE)
    assert epreuve_par_id(SYSTEME, salle.epreuve).etat == "en_cours"
    assert selectors.grille(salle.metier, salle.epreuve) == avant
    factories.remplir(salle, salle.certificateur)
    assert factories.clore(salle, salle.certificateur)


def test_absent_ne_se_dit_plus_quand_un_geste_est_recu():
    salle = salles.salle("B3")
    envoyer(salle, 1)
    with pytest.raises(Refus, check=lambda e: e.code == "incident_hors_de_propos"):
        signaler(salle, GenreIncident.ABSENT)


@pytest.mark.parametrize("suite", [SuiteIncident.CLORE, SuiteIncident.REPLANIFIER])
def test_close_rien_n_est_perdu_ni_juge(suite):
    """Tous les critères y étaient « non validés » : le bloc n'en est pas moins non évalué."""
    salle = salles.salle("B3")
    criteres = [c.code for c in selectors.bloc_de(SYSTEME, epreuve_par_id(SYSTEME, salle.epreuve)).criteres()]
    factories.remplir(salle, salle.metier, criteres)
    factories.remplir(salle, salle.certificateur, criteres)
    factories.clore(salle, salle.metier)
    gestes = set(Fait.objects.filter(epreuve_id=salle.epreuve).values_list("pk", flat=True))
    signaler(salle)
    trancher(salle, suite, prevue_le=APRES + timedelta(days=3))
    assert set(Fait.objects.filter(epreuve_id=salle.epreuve).values_list("pk", flat=True)) == gestes
    assert Lecture.objects.filter(epreuve_id=salle.epreuve).count() == 1
    dossier = factories.dossier(salle)
    resultats = selectors.resultats_du_dossier(SYSTEME, dossier.id)
    decision, _ = selectors.verdict_du_dossier(SYSTEME, dossier, resultats)
    assert (resultats, decision.blocs[0].acquis, dossier.etat) == ({}, None, "en_evaluation")
    assert decider(norme(SYSTEME, dossier.norme_empreinte), {}, blocs=("B3",)).blocs[0].acquis is None


def test_ce_qui_arrive_d_une_epreuve_close_est_mis_a_part():
    salle = salles.salle("B3")
    signaler(salle)
    trancher(salle, SuiteIncident.CLORE)
    assert envoyer(salle, 1) == EtatReponse.MISE_A_PART
    assert envoyer(salle, 2, auteur=salle.certificateur) == EtatReponse.MISE_A_PART
    assert sorted(GesteMisAPart.objects.values_list("motif", flat=True)) == ["epreuve_close", "epreuve_close"]
    page = comptes.texte(comptes.client(salle.monde.gestionnaire).get(reverse("evaluation:voir", args=[salle.epreuve])))
    assert "L'épreuve était déjà close sans évaluation quand ils sont arrivés." in page
    assert "Reprendre dans la lecture" not in page


def test_la_grille_d_une_epreuve_close_se_relit_sans_se_changer():
    salle = salles.salle("B3")
    envoyer(salle, 1)
    signaler(salle)
    client = comptes.client(salle.metier)
    adresse = reverse("evaluation:grille", args=[salle.epreuve])
    assert "L'épreuve est suspendue par un incident" in comptes.texte(client.get(adresse))
    trancher(salle, SuiteIncident.CLORE)
    page = comptes.texte(client.get(adresse))
    assert "Cette épreuve est close, non évaluée" in page
    assert "grille.js" not in page


def test_l_autre_ne_lit_pas_ce_qui_fut_note_avant_la_cloture():
    """Une épreuve close n'a jamais deux lectures scellées : elles restent aveugles l'une à l'autre."""
    salle = salles.salle("B3")
    commentaire = f"secret {uuid4()}"
    services.recevoir_faits(
        epreuve=salle.epreuve,
        lot=[fait(salle, 1, "commentaire:K3.1.1", commentaire)],
        auteur=salle.metier,
        maintenant=JOUR,
    )
    signaler(salle)
    trancher(salle, SuiteIncident.CLORE)
    for qui in (salle.certificateur, salle.monde.gestionnaire, salle.monde.candidat):
        client = comptes.client(qui)
        for page in ("evaluation:voir",):
            assert commentaire not in client.get(reverse(page, args=[salle.epreuve])).content.decode()
    relue = comptes.client(salle.metier).get(reverse("evaluation:grille", args=[salle.epreuve])).content.decode()
    assert commentaire in relue
