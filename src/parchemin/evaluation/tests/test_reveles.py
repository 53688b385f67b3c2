"""Vérifier une lecture sans nous : le fichier seul, une fois les deux révélées ; rien à personne avant."""

from __future__ import annotations

import hashlib
import json
import re
from io import BytesIO

import pytest
import time_machine
from pypdf import PdfReader

from parchemin.comptes.tests import factories as comptes
from parchemin.convocations.tests import factories as convocations
from parchemin.evaluation import services
from parchemin.evaluation.models import Lecture
from parchemin.evaluation.tests import factories
from parchemin.evaluation.tests.factories import CLOTURE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _apres_l_epreuve():
    with time_machine.travel(CLOTURE, tick=False):
        yield


def adresse(salle, qualite: str) -> str:
    return f"/epreuves/{salle.epreuve}/lectures/{qualite}.json"


def lecteurs(salle) -> dict[str, object]:
    monde = salle.monde
    return {
        "metier": salle.metier,
        "certificateur": salle.certificateur,
        "gestionnaire": monde.gestionnaire,
        "partout": comptes.gestionnaire(),
        "candidat": monde.candidat,
        "tuteur": monde.tuteur,
        "manager": monde.manager,
        "ailleurs": comptes.gestionnaire(comptes.organisme()),
    }


def reponses(salle, qui) -> list[int]:
    client = comptes.client(qui)
    return [client.get(adresse(salle, qualite)).status_code for qualite in ("metier", "certificateur", "autre")]


@pytest.mark.parametrize("lecteur", ["metier", "certificateur"])
def test_le_fichier_seul_refait_l_empreinte_qu_imprime_le_releve(lecteur):
    salle = convocations.salle("B3", ("B3",))
    factories.evalue(salle=salle, non_valides={"K3.2.1"})
    page = comptes.texte(comptes.client(getattr(salle, lecteur)).get(f"/epreuves/{salle.epreuve}/"))
    sels, releve = set(), comptes.client(salle.monde.candidat).get(f"/candidats/{salle.monde.dossier}/releve.pdf")
    imprime = re.sub(r"\s", "", "".join(une.extract_text() for une in PdfReader(BytesIO(releve.content)).pages))
    for qualite in ("metier", "certificateur"):
        reponse = comptes.client(getattr(salle, lecteur)).get(adresse(salle, qualite))
        assert (reponse.status_code, reponse["Content-Type"]) == (200, "application/json")
        assert reponse["Content-Disposition"] == f'attachment; filename="lecture-{qualite}.json"'
        assert "no-store" in reponse["Cache-Control"]
        fichier = json.loads(reponse.content)
        assert fichier["algorithme"] == "SHA-256"
        assert hashlib.sha256(fichier["forme_canonique"].encode()).hexdigest() == fichier["empreinte"]
        assert fichier["empreinte"] in imprime
        scelle = json.loads(fichier["forme_canonique"])
        assert (scelle["sel"], len(bytes.fromhex(scelle["sel"]))) == (fichier["sel"], 16)
        assert (scelle["qualite"], scelle["criteres"]["K3.2.1"]) == (qualite, "non_valide")
        sels.add(fichier["sel"])
    assert len(sels) == 2
    assert adresse(salle, "metier") in comptes.client(salle.metier).get(f"/epreuves/{salle.epreuve}/").content.decode()
    assert "De quoi vérifier son empreinte" in page


def test_avant_le_second_sceau_le_fichier_n_existe_pour_personne():
    """Ni celui de l'autre, ni le sien : le sel ne sort qu'au dévoilement."""
    salle = convocations.salle()
    for preparer in (
        lambda: None,
        lambda: factories.remplir(salle, salle.metier),
        lambda: factories.clore(salle, salle.metier),
        lambda: factories.remplir(salle, salle.certificateur),
    ):
        preparer()
        assert {nom: reponses(salle, qui) for nom, qui in lecteurs(salle).items()} == {
            key: [404, 404, 404] for key in lecteurs(salle)
        }
        page = comptes.client(salle.metier).get(f"/epreuves/{salle.epreuve}/").content.decode()
        assert "lectures/metier.json" not in page
    assert Lecture.objects.count() == 1


def test_une_lecture_commune_ne_se_devoile_qu_une_fois_contresignee():
    """L'autre évaluateur la lit pour la contresigner ; son sel, lui, attend."""
    salle = convocations.salle()
    factories.regler(salle, "lecture", "lecture_commune")
    factories.remplir(salle, salle.metier)
    factories.clore(salle, salle.metier)
    assert reponses(salle, salle.certificateur) == reponses(salle, salle.metier) == [404, 404, 404]
    services.contresigner(epreuve=salle.epreuve, auteur=salle.certificateur, maintenant=CLOTURE)
    assert reponses(salle, salle.certificateur) == reponses(salle, salle.metier) == [200, 200, 404]


def test_revele_il_ne_sort_que_des_mains_des_deux_evaluateurs():
    """La forme scellée porte leurs remarques, que nul autre ne lit."""
    salle = factories.deux_lectures(convocations.salle(), {"K3.1.1"})
    ouverts = {nom: reponses(salle, qui) == [200, 200, 404] for nom, qui in lecteurs(salle).items()}
    assert {nom for nom, ouvert in ouverts.items() if ouvert} == {"metier", "certificateur"}
    fermes = [qui for nom, qui in lecteurs(salle).items() if not ouverts[nom]]
    assert [reponses(salle, qui) for qui in fermes] == [[404, 404, 404]] * len(fermes)
    page = comptes.client(salle.monde.gestionnaire).get(f"/epreuves/{salle.epreuve}/").content.decode()
    assert "lectures/metier.json" not in page
