"""Le journal, lu par qui évalue : rien de ses épreuves avant les deux sceaux, et rien qui disparaisse sans le dire."""

from __future__ import annotations

import csv
import io
import json
from uuid import UUID

import pytest
import time_machine

from parchemin.comptes.enums import NatureRole
from parchemin.comptes.services import donner_role
from parchemin.comptes.tests import factories as comptes
from parchemin.comptes.tests.factories import texte
from parchemin.convocations.enums import GenreIncident
from parchemin.convocations.selectors import epreuve_par_id
from parchemin.convocations.services import annuler_epreuve, signaler_incident
from parchemin.convocations.tests import factories as convocations
from parchemin.convocations.tests.factories import Salle
from parchemin.evaluation.evenements import PapierVerse
from parchemin.evaluation.tests import factories as evaluation
from parchemin.portail.abonnements.lectures import dire_le_papier
from parchemin.portail.tests.test_journal import LISTE
from parchemin.registre.enums import Action
from parchemin.registre.models import Entree
from parchemin.registre.verification.exports import examiner_export
from parchemin.socle.acteur import SYSTEME
from parchemin.socle.typographie import INSECABLE

pytestmark = pytest.mark.django_db
INSTANT = evaluation.CLOTURE
AVIS = "Le journal vous tait 1 épreuve"


@pytest.fixture(autouse=True)
def _heure():
    with time_machine.travel(INSTANT, tick=False):
        yield


def salle_notee(nature: NatureRole = NatureRole.AUDITEUR) -> Salle:
    """Le métier a tout noté, l'autre évaluateur, rien : il tient aussi ce rôle, qui lit le journal."""
    salle = convocations.salle()
    donner_role(
        personne=salle.certificateur.id, nature=nature, organisme=None, auteur=SYSTEME, maintenant=comptes.JADIS
    )
    evaluation.remplir(salle, salle.metier)
    return salle


def metier(salle: Salle) -> str:
    return next(e.nom for e in epreuve_par_id(SYSTEME, salle.epreuve).evaluateurs if e.personne == salle.metier.id)


def phrases(reponse) -> list[str]:
    return [ligne.phrase for jour in reponse.context["page"].jours for ligne in jour.lignes]


def entrees(epreuve: UUID):
    return Entree.objects.filter(objet_id=str(epreuve))


@pytest.mark.parametrize("nature", [NatureRole.AUDITEUR, NatureRole.DPO])
def test_qui_evalue_ne_lit_au_journal_ni_combien_l_autre_note_ni_quand(nature):
    salle = salle_notee(nature)
    client = comptes.client(salle.certificateur)
    for recherche in (
        {"personne": salle.metier.id},
        {"personne": salle.monde.candidat.id},
        {"personne": salle.metier.id, "objet": salle.epreuve},
        {"personne": salle.metier.id, "acte": "evaluation.faits_recus"},
    ):
        page = client.get("/journal/", recherche)
        assert [lue for lue in phrases(page) if "l’épreuve du bloc" in lue] == []
        assert AVIS in texte(page)


def test_un_autre_auditeur_lit_tout_et_elle_aussi_une_fois_les_deux_lectures_scellees():
    salle = salle_notee()
    elle, autre = comptes.client(salle.certificateur), comptes.client(comptes.avec_role(NatureRole.AUDITEUR))
    adresse = f"/journal/?objet={salle.epreuve}"
    assert (phrases(elle.get(adresse)), AVIS in texte(elle.get(adresse))) == ([], True)
    assert len(phrases(autre.get(adresse))) == entrees(salle.epreuve).count()
    assert AVIS not in texte(autre.get(adresse))
    evaluation.clore(salle, salle.metier)
    assert phrases(elle.get(adresse)) == []
    evaluation.remplir(salle, salle.certificateur)
    evaluation.clore(salle, salle.certificateur)
    assert len(phrases(elle.get(adresse))) == entrees(salle.epreuve).count()
    assert AVIS not in texte(elle.get(adresse))


def test_une_entree_retenue_se_dit_a_sa_place_dans_la_chaine_sans_rien_de_ce_qu_elle_porte():
    salle = salle_notee()
    signaler_incident(
        epreuve=salle.epreuve,
        genre=GenreIncident.PANNE,
        motif="Plateau inondé.",
        auteur=salle.metier,
        maintenant=INSTANT,
    )
    client = comptes.client(salle.certificateur)
    for une in entrees(salle.epreuve):
        reponse = client.get(f"/journal/{une.chaine_id}/{une.rang}/")
        page = reponse.context["page"]
        assert dict(page.preuve)["Empreinte"] == une.empreinte
        assert "Instant" not in dict(page.preuve)
        assert page.statut.libelle == "l’empreinte se refait, la suite tient"
        lu = texte(reponse)
        assert "Elle touche une épreuve que vous évaluez" in lu
        dit = (metier(salle), "Plateau inondé", str(salle.epreuve), une.instant.isoformat()[:16], "evaluation.fait")
        assert [mot for mot in dit if mot in lu] == []
    autre = entrees(salle.monde.dossier).first()
    assert "La forme exacte qui fut hachée" in texte(client.get(f"/journal/{autre.chaine_id}/{autre.rang}/"))


def test_le_courriel_qui_parle_de_cette_epreuve_est_retenu_aussi():
    salle = salle_notee()
    comptes.compte(salle.metier)
    dire_le_papier(PapierVerse(salle.epreuve, salle.metier.id, INSTANT))
    une = Entree.objects.get(action="courriels.depose", donnees__genre="portail.papier")
    elle, autre = comptes.client(salle.certificateur), comptes.client(comptes.avec_role(NatureRole.AUDITEUR))
    recherche = {"acte": "courriels.depose"}
    assert [len(phrases(client.get("/journal/", recherche))) for client in (elle, autre)] == [0, 1]
    assert "Cette entrée ne se lit pas encore" in texte(elle.get(f"/journal/{une.chaine_id}/{une.rang}/"))


def test_l_export_ne_l_emporte_pas_et_le_dit():
    salle = salle_notee()
    client = comptes.client(salle.certificateur)

    def exporter(forme: str) -> str:
        reponse = client.post("/journal/exporter/", {"forme": forme})
        return b"".join(reponse.streaming_content).decode()

    lignes = exporter("jsonl").splitlines()
    assert list(examiner_export(lignes)) == []
    retenues = set(map(str, entrees(salle.epreuve).values_list("empreinte", flat=True)))
    assert retenues.isdisjoint(json.loads(ligne)["empreinte"] for ligne in lignes)
    assert str(salle.epreuve) not in "".join(lignes)
    tableau = exporter("csv")
    assert str(salle.epreuve) not in tableau
    *_, derniere = csv.reader(io.StringIO(tableau.lstrip("\N{BYTE ORDER MARK}")), delimiter=";")
    assert derniere[4].replace(INSECABLE, " ").startswith(AVIS)
    inscrit = Entree.objects.filter(action=Action.JOURNAL_EXPORTE).order_by("pk").first()
    assert inscrit.donnees == {"forme": "jsonl", "filtre": {"epreuves_tues": "1"}, "entrees": len(lignes)}


def test_une_epreuve_qui_n_attend_plus_rien_se_lit():
    salle = salle_notee()
    annuler_epreuve(epreuve=salle.epreuve, motif="Grève.", auteur=salle.monde.gestionnaire, maintenant=INSTANT)
    client = comptes.client(salle.certificateur)
    assert len(phrases(client.get(f"/journal/?objet={salle.epreuve}"))) == entrees(salle.epreuve).count()


@pytest.mark.parametrize("nombre", [1, 3])
def test_ce_qui_se_tait_coute_autant_d_une_epreuve_que_de_trois(nombre, django_assert_num_queries):
    salle = salle_notee()
    for _ in range(nombre - 1):
        convocations.salle(paire=(salle.metier, salle.certificateur))
    client = comptes.client(salle.certificateur)
    client.get("/journal/")
    with django_assert_num_queries(LISTE):
        client.get("/journal/", {"acte": "parcours.dossier_inscrit"})
